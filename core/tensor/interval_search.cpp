// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/interval_search.h"

#include "core/base/parallel.h"
#include "core/quantization/fake_quantize.h"
#include "core/tensor/torch_guard.h"

#include <ATen/ATen.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace quantoscope {

namespace {

constexpr int kSplits = 20;          // 2^0 .. 2^-19
constexpr int64_t kScreenStride = 8; // every eighth row decides which candidates see all rows
constexpr int64_t kLeastScreenedRows = 64;
constexpr int kFinalists = 12;

/// Where the values of one score lie in a module's output: a sum over images of means over rows and features.
struct Layout {
    int64_t images, groups, rows, features;
    int64_t imageStride, groupStride, rowStride, featureStride;
};

/// Score of one row of features; `g` may be null unless the metric is Hessian.
template <SearchMetric metric>
QUANTOSCOPE_KERNEL double rowScore(const float *x, const float *y, const float *g, int64_t n, int64_t stride)
{
    double sum = 0;
    double xx = 0;
    double yy = 0;
    double meanX = 0;
    double meanY = 0;
    if constexpr (metric == SearchMetric::Pearson) {
#pragma omp simd reduction(+ : meanX, meanY)
        for (int64_t i = 0; i < n; ++i) {
            meanX += static_cast<double>(x[i * stride]);
            meanY += static_cast<double>(y[i * stride]);
        }
        meanX /= static_cast<double>(n);
        meanY /= static_cast<double>(n);
    }
#pragma omp simd reduction(+ : sum, xx, yy)
    for (int64_t i = 0; i < n; ++i) {
        const float a = x[i * stride];
        const float d = a - y[i * stride];
        if constexpr (metric == SearchMetric::Cosine || metric == SearchMetric::Pearson) {
            const double u = static_cast<double>(a) - meanX;
            const double v = static_cast<double>(y[i * stride]) - meanY;
            sum += u * v;
            xx += u * u;
            yy += v * v;
        } else if constexpr (metric == SearchMetric::L1) {
            sum -= static_cast<double>(std::fabs(d));
        } else if constexpr (metric == SearchMetric::L2) {
            sum -= static_cast<double>(d * d);
        } else if constexpr (metric == SearchMetric::LinearWeightedL2) {
            sum -= static_cast<double>(std::fabs(a) * d * d);
        } else if constexpr (metric == SearchMetric::SquareWeightedL2) {
            sum -= static_cast<double>(a * d * (a * d));
        } else {
            const float weighted = g[i * stride] * d;
            sum -= static_cast<double>(weighted * weighted);
        }
    }
    if constexpr (metric == SearchMetric::Cosine || metric == SearchMetric::Pearson)
        return sum / std::max(std::sqrt(xx) * std::sqrt(yy), 1e-8); // torch's floor of the norms
    return sum / static_cast<double>(n);
}

using RowScore = double (*)(const float *, const float *, const float *, int64_t, int64_t);

RowScore rowScoreOf(SearchMetric metric)
{
    switch (metric) {
    case SearchMetric::Cosine: return rowScore<SearchMetric::Cosine>;
    case SearchMetric::Pearson: return rowScore<SearchMetric::Pearson>;
    case SearchMetric::L1: return rowScore<SearchMetric::L1>;
    case SearchMetric::L2: return rowScore<SearchMetric::L2>;
    case SearchMetric::LinearWeightedL2: return rowScore<SearchMetric::LinearWeightedL2>;
    case SearchMetric::SquareWeightedL2: return rowScore<SearchMetric::SquareWeightedL2>;
    case SearchMetric::Hessian: break;
    }
    return rowScore<SearchMetric::Hessian>;
}

/// One score per group: sum over images of the mean over `totalRows` rows (rows that are left out count as zero).
std::vector<double> scoreGroups(SearchMetric metric, const Layout &l, int64_t totalRows, const float *x, const float *y,
                                const float *g)
{
    const RowScore score = rowScoreOf(metric);
    std::vector<double> perImage(static_cast<size_t>(l.images * l.groups));
    parallelRanges(l.images * l.groups, 1, [&](int64_t begin, int64_t end, int) {
        for (int64_t task = begin; task < end; ++task) {
            const int64_t base = task / l.groups * l.imageStride + task % l.groups * l.groupStride;
            double sum = 0;
            for (int64_t row = 0; row < l.rows; ++row) {
                const int64_t at = base + row * l.rowStride;
                sum += score(x + at, y + at, g ? g + at : nullptr, l.features, l.featureStride);
            }
            perImage[static_cast<size_t>(task)] = sum / static_cast<double>(totalRows);
        }
    });
    std::vector<double> groups(static_cast<size_t>(l.groups));
    for (size_t task = 0; task < perImage.size(); ++task)
        groups[task % groups.size()] += perImage[task];
    return groups;
}

bool isSoftmaxTwin(const QuantizerParameters &p)
{
    return p.kind == QuantizerKind::TwinUniform && p.twin != TwinForm::Gelu;
}

bool isSearched(const QuantizerParameters &p)
{
    return p.kind != QuantizerKind::None;
}

class Search {
public:
    Search(const SearchProblem &problem, const IntervalSearch &options, const CancelToken &cancel)
        : m_problem(problem), m_options(options), m_metric(options.metric), m_cancel(cancel), m_left(problem.leftStart),
          m_right(problem.rightStart), m_rightData(tensorOf(problem.right))
    {
        m_full.left = tensorOf(problem.left);
        m_full.totalRows = m_full.left.size(-2);
        if (problem.bias.data)
            m_bias = tensorOf(problem.bias);
        if (m_metric == SearchMetric::Hessian)
            m_full.gradient = tensorOf(problem.gradient);
    }

    Result<SearchedIntervals> run()
    {
        leaveOutRowsWithoutGradient();
        m_full.output = product(m_full.left, m_rightData);
        if (m_options.screening && m_full.left.size(-2) >= kLeastScreenedRows && !m_problem.byChannel)
            m_screen = everyNth(m_full);
        bool moved[2] = {true, true}; // whether an operand changed since the other one was searched
        for (int round = 0; round < m_options.rounds; ++round)
            // A weight comes before its input, the first attention operand before the second.
            for (const bool left : {m_problem.attention, !m_problem.attention}) {
                const QuantizerParameters before = left ? m_left : m_right;
                if (!isSearched(before))
                    continue;
                if (m_cancel.isCancelled())
                    return fail(ErrorCode::Cancelled, "stopped on request");
                if (moved[left ? 1 : 0] || m_searches.empty() || round == 0)
                    searchOperand(left, round);
                else
                    repeatLastSearch(left, round);
                moved[left ? 1 : 0] = false;
                const QuantizerParameters &after = left ? m_left : m_right;
                if (!(after == before))
                    moved[left ? 0 : 1] = true;
            }
        return SearchedIntervals{std::move(m_left), std::move(m_right), std::move(m_searches)};
    }

private:
    /// The rows that scores look at.
    struct Rows {
        at::Tensor left;
        at::Tensor output;
        at::Tensor gradient;
        int64_t totalRows = 0;
    };

    /// Rows (over all images and heads) whose gradient is zero everywhere cannot change a score.
    void leaveOutRowsWithoutGradient()
    {
        if (m_metric != SearchMetric::Hessian)
            return;
        at::Tensor used = m_full.gradient.ne(0).any(-1);
        while (used.dim() > 1)
            used = used.any(0);
        const at::Tensor rows = used.nonzero().flatten();
        if (rows.numel() == 0) {
            m_metric = SearchMetric::L2;
            m_full.gradient.reset();
        } else if (rows.numel() < m_full.totalRows) {
            m_full.left = m_full.left.index_select(-2, rows);
            m_full.gradient = m_full.gradient.index_select(-2, rows);
        }
    }

    static Rows everyNth(const Rows &all)
    {
        const auto slice = [](const at::Tensor &t) {
            return t.defined() ? t.slice(-2, kScreenStride / 2, t.size(-2), kScreenStride).contiguous() : t;
        };
        return {slice(all.left), slice(all.output), slice(all.gradient), all.totalRows};
    }

    at::Tensor product(const at::Tensor &left, const at::Tensor &right) const
    {
        if (!m_problem.attention)
            return at::linear(left, right, m_bias);
        return at::matmul(left, m_problem.rightTransposed ? right.transpose(-2, -1) : right);
    }

    static at::Tensor quantized(const QuantizerParameters &p, const at::Tensor &x, int64_t inner)
    {
        if (!isSearched(p))
            return x;
        at::Tensor out = at::empty_like(x);
        fakeQuantize(p, x.data_ptr<float>(), out.data_ptr<float>(), x.numel(), inner);
        return out;
    }
    at::Tensor quantizedLeft(const QuantizerParameters &p, const at::Tensor &left) const
    {
        return quantized(p, left, left.size(-2) * left.size(-1)); // a scale per head; one scale does not look at it
    }
    at::Tensor quantizedRight(const QuantizerParameters &p) const
    {
        const int64_t perGroup = m_problem.attention ? m_rightData.size(-2) * m_rightData.size(-1)
                                                     : m_rightData.numel() / static_cast<int64_t>(p.scale.size());
        return quantized(p, m_rightData, perGroup);
    }

    /// Groups that the operand's candidates are judged in, and where their values lie in an output like `output`.
    Layout layoutFor(bool left, const at::Tensor &output) const
    {
        const int64_t images = output.size(0);
        const int64_t rows = output.size(-2);
        const int64_t features = output.size(-1);
        if (m_problem.attention) {
            const int64_t heads = output.size(1);
            const size_t scales = left ? m_left.scale.size() : m_right.scale.size();
            if ((left && isSoftmaxTwin(m_left)) || scales == 1) // one for all heads
                return {images, 1, heads * rows, features, heads * rows * features, 0, features, 1};
            return {images, heads, rows, features, heads * rows * features, rows * features, features, 1};
        }
        if (!left && m_problem.byChannel) // the rows of a channel are what is compared
            return {images, features, 1, rows, rows * features, 1, 0, features};
        const int64_t groups = left ? 1 : static_cast<int64_t>(m_right.scale.size());
        return {images, groups, rows, features / groups, rows * features, features / groups, features, 1};
    }

    [[nodiscard]] int candidateCount(bool left) const
    {
        return left && isSoftmaxTwin(m_left) ? kSplits : m_options.candidates;
    }

    /// `start` with the candidate of each group in place of its interval.
    [[nodiscard]] QuantizerParameters candidate(bool left, const std::vector<int> &choice) const
    {
        QuantizerParameters p = left ? m_problem.leftStart : m_problem.rightStart;
        if (left && isSoftmaxTwin(p)) {
            p.split = std::ldexp(1.0F, -choice[0]);
            p.lowScale = p.split / (std::ldexp(1.0F, p.bits - 1) - 1);
            return p;
        }
        for (size_t g = 0; g < p.scale.size(); ++g) {
            const double step = (m_options.beta - m_options.alpha) / m_options.candidates;
            p.scale[g] *= static_cast<float>(m_options.alpha + choice[g] * step);
        }
        return p;
    }

    /// Scores of column `slot` of `candidates` for every slot: result[slot][group].
    std::vector<std::vector<double>> evaluate(bool left, const std::vector<std::vector<int>> &candidates, const Rows &rows)
    {
        const bool floatRight = left && isSoftmaxTwin(m_left); // the released program searches the split so
        const at::Tensor other = left ? (floatRight ? m_rightData : quantizedRight(m_right)) : quantizedLeft(m_left, rows.left);
        const Layout layout = layoutFor(left, rows.output);
        const int64_t totalRows = !left && m_problem.byChannel ? 1 : rows.totalRows * (layout.rows / rows.output.size(-2));
        std::vector<std::vector<double>> scores;
        for (const std::vector<int> &choice : candidates) {
            if (m_cancel.isCancelled())
                break;
            const QuantizerParameters p = candidate(left, choice);
            const at::Tensor out
                = left ? product(quantizedLeft(p, rows.left), other) : product(other, quantizedRight(p));
            scores.push_back(scoreGroups(m_metric, layout, totalRows, rows.output.data_ptr<float>(),
                                         out.contiguous().data_ptr<float>(),
                                         rows.gradient.defined() ? rows.gradient.data_ptr<float>() : nullptr));
        }
        scores.resize(candidates.size(), std::vector<double>(static_cast<size_t>(layout.groups)));
        return scores;
    }

    /// The same candidate in every group, for all candidates.
    static std::vector<std::vector<int>> allCandidates(int count, size_t groups)
    {
        std::vector<std::vector<int>> all;
        for (int i = 0; i < count; ++i)
            all.emplace_back(groups, i);
        return all;
    }

    /// Every group's best candidates, in order of index so that the first of equal scores stays the first.
    static std::vector<std::vector<int>> finalists(const std::vector<std::vector<double>> &scores)
    {
        const size_t groups = scores.front().size();
        std::vector<std::vector<int>> chosen(kFinalists, std::vector<int>(groups));
        std::vector<int> order(scores.size());
        for (size_t g = 0; g < groups; ++g) {
            for (size_t i = 0; i < order.size(); ++i)
                order[i] = static_cast<int>(i);
            std::partial_sort(order.begin(), order.begin() + kFinalists, order.end(), [&](int a, int b) {
                const double x = scores[static_cast<size_t>(a)][g];
                const double y = scores[static_cast<size_t>(b)][g];
                return x != y ? x > y : a < b;
            });
            std::sort(order.begin(), order.begin() + kFinalists);
            for (size_t slot = 0; slot < kFinalists; ++slot)
                chosen[slot][g] = order[slot];
        }
        return chosen;
    }

    void searchOperand(bool left, int round)
    {
        const int count = candidateCount(left);
        const auto groups = static_cast<size_t>(layoutFor(left, m_full.output).groups);
        std::vector<std::vector<int>> candidates = allCandidates(count, groups);
        if (m_screen && count > kFinalists)
            candidates = finalists(evaluate(left, candidates, *m_screen));
        const std::vector<std::vector<double>> scores = evaluate(left, candidates, m_full);

        OperandSearch search{left, round, std::vector<int>(groups, 0), {}};
        search.scores.assign(groups * static_cast<size_t>(count), std::numeric_limits<float>::quiet_NaN());
        for (size_t g = 0; g < groups; ++g) {
            size_t best = 0;
            for (size_t slot = 0; slot < candidates.size(); ++slot) {
                const auto index = static_cast<size_t>(candidates[slot][g]);
                search.scores[g * static_cast<size_t>(count) + index] = static_cast<float>(scores[slot][g]);
                if (scores[slot][g] > scores[best][g])
                    best = slot;
            }
            search.choice[g] = candidates[best][g];
        }
        (left ? m_left : m_right) = candidate(left, search.choice);
        m_searches.push_back(std::move(search));
    }

    /// Nothing that this operand's scores depend on has changed.
    void repeatLastSearch(bool left, int round)
    {
        const auto last = std::find_if(m_searches.rbegin(), m_searches.rend(),
                                       [left](const OperandSearch &s) { return s.left == left; });
        OperandSearch again = *last;
        again.round = round;
        m_searches.push_back(std::move(again));
    }

    const SearchProblem &m_problem;
    const IntervalSearch &m_options;
    SearchMetric m_metric;
    const CancelToken &m_cancel;
    QuantizerParameters m_left;
    QuantizerParameters m_right;
    at::Tensor m_rightData;
    at::Tensor m_bias;
    Rows m_full;
    std::optional<Rows> m_screen;
    std::vector<OperandSearch> m_searches;
};

} // namespace

Result<SearchedIntervals> searchIntervals(const SearchProblem &problem, const IntervalSearch &search,
                                          const CancelToken &cancel)
{
    if (search.metric == SearchMetric::Hessian && !problem.gradient.data)
        return fail(ErrorCode::BadInput, "the Hessian metric needs the loss' gradient", "interval search");
    return guardInference([&] { return Search(problem, search, cancel).run(); });
}

} // namespace quantoscope
