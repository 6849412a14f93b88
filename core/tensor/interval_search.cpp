// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/interval_search.h"

#include "core/base/parallel.h"
#include "core/quantization/fake_quantize.h"
#include "core/tensor/blas_threads.h"
#include "core/tensor/interval_scores.h"
#include "core/tensor/torch_guard.h"

#include <ATen/ATen.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace quantoscope {

namespace {

constexpr int kSplits = 20; // 2^0 .. 2^-19

/// One of `stride` rows decides which `kept` candidates go on.
struct Screen {
    int64_t stride;
    int kept;
};
constexpr Screen kScreens[] = {{32, 20}, {8, 5}};
constexpr int kMoreByChannel = 3; // times as many where channels, whose gradients differ, share the rows
constexpr int64_t kLeastScreenRows = 192; // of all images; fewer say too little
constexpr int64_t kPieceRows = 192;       // rows that are quantized, multiplied and scored while they lie in the cache

bool isSoftmaxTwin(const QuantizerParameters &p)
{
    return p.kind == QuantizerKind::TwinUniform && p.twin != TwinForm::Gelu;
}

/// Calls task(i) for i in [0, n) on all threads, each with a matrix product that uses no further ones.
template <typename Task>
void inParallel(int64_t n, Task &&task)
{
    const OneBlasThread serial;
    std::exception_ptr failure;
#pragma omp parallel for schedule(dynamic, 1)
    for (int64_t i = 0; i < n; ++i) {
        try {
            c10::InferenceMode inference; // of this thread
            task(i);
        } catch (...) {
#pragma omp critical(intervalSearchFailure)
            failure = std::current_exception();
        }
    }
    if (failure)
        std::rethrow_exception(failure);
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
        for (const Screen &screen : kScreens)
            if (m_options.screening && m_full.left.size(0) * (m_full.left.size(-2) / screen.stride) >= kLeastScreenRows)
                m_screens.emplace_back(sample(m_full, screen.stride),
                                       m_problem.byChannel ? screen.kept * kMoreByChannel : screen.kept);
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

    /// One of `stride` rows of each image: those where the gradient is largest, which carry most of the score, or else
    /// evenly spread ones.
    static Rows sample(const Rows &all, int64_t stride)
    {
        const int64_t rows = all.left.size(-2);
        const int64_t kept = rows / stride;
        at::Tensor index = at::arange(stride / 2, stride / 2 + kept * stride, stride, at::kLong)
                               .clamp_max(rows - 1)
                               .expand({all.left.size(0), kept});
        if (all.gradient.defined()) {
            at::Tensor energy = all.gradient.square().sum(-1); // [images, rows] or [images, heads, rows]
            if (energy.dim() == 3)
                energy = energy.sum(1);
            index = std::get<0>(std::get<1>(energy.topk(kept)).sort(-1));
        }
        const auto take = [&](const at::Tensor &t) {
            if (!t.defined())
                return t;
            const at::Tensor at = t.dim() == 4 ? index.unsqueeze(1).expand({-1, t.size(1), -1}) : index;
            std::vector<int64_t> shape = at.sizes().vec();
            shape.push_back(t.size(-1));
            return t.gather(-2, at.unsqueeze(-1).expand(shape));
        };
        return {take(all.left), take(all.output), take(all.gradient), all.totalRows};
    }

    at::Tensor product(const at::Tensor &left, const at::Tensor &right) const
    {
        if (!m_problem.attention)
            return at::linear(left, right, m_bias);
        return at::matmul(left, m_problem.rightTransposed ? right.transpose(-2, -1) : right);
    }

    /// The same into `out`, whose memory is used again where it fits.
    void multiply(const at::Tensor &left, const at::Tensor &right, at::Tensor &out) const
    {
        const auto prepare = [&](at::IntArrayRef shape) {
            if (!out.defined() || out.sizes() != shape)
                out = at::empty(shape, left.options());
        };
        if (m_problem.attention) {
            const at::Tensor a = left.flatten(0, 1);
            const at::Tensor b = (m_problem.rightTransposed ? right.transpose(-2, -1) : right).flatten(0, 1);
            prepare({a.size(0), a.size(1), b.size(2)});
            at::bmm_out(out, a, b);
            return;
        }
        const at::Tensor a = left.flatten(0, -2);
        prepare({a.size(0), right.size(0)});
        if (m_bias.defined())
            at::addmm_out(out, m_bias, a, right.t());
        else
            at::mm_out(out, a, right.t());
    }

    /// `x`, or its quantized self in `memory`.
    static const at::Tensor &quantized(const QuantizerParameters &p, const at::Tensor &x, int64_t run, at::Tensor &memory)
    {
        if (!isSearched(p))
            return x;
        if (!memory.defined() || memory.sizes() != x.sizes())
            memory = at::empty(x.sizes(), x.options());
        fakeQuantize(p, x.data_ptr<float>(), memory.data_ptr<float>(), x.numel(), run);
        return memory;
    }
    static const at::Tensor &quantizedLeft(const QuantizerParameters &p, const at::Tensor &left, at::Tensor &memory)
    {
        return quantized(p, left, left.size(-2) * left.size(-1), memory); // a scale per head; one scale does not look at it
    }
    const at::Tensor &quantizedRight(const QuantizerParameters &p, const at::Tensor &right, at::Tensor &memory) const
    {
        const int64_t run = m_problem.attention ? right.size(-2) * right.size(-1)
                                                : right.numel() / std::max<int64_t>(1, static_cast<int64_t>(p.scale.size()));
        return quantized(p, right, run, memory);
    }

    /// Groups that the operand's candidates are judged in, and where their values lie in an output like `output`.
    ScoreLayout layoutFor(bool left, const at::Tensor &output) const
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

    /// What candidates of one operand are tried against.
    struct Trial {
        bool left = false;
        const Rows *rows = nullptr;
        at::Tensor other; ///< the other operand, quantized as it stands
        int64_t groups = 0;
    };

    /// Scores of images [begin, end) for one candidate into scores[image * groups + group], piece by piece so that what
    /// is computed stays in the cache.
    void tryCandidate(const Trial &trial, const QuantizerParameters &p, int64_t begin, int64_t end, double *scores) const
    {
        const Rows &rows = *trial.rows;
        at::Tensor weight;
        at::Tensor operand;
        at::Tensor out;
        if (!trial.left && !m_problem.attention)
            quantizedRight(p, m_rightData, weight);
        const int64_t step = std::max<int64_t>(1, kPieceRows / rows.left.size(-2));
        for (int64_t image = begin; image < end && !m_cancel.isCancelled(); image += step) {
            const int64_t count = std::min(step, end - image);
            const auto part = [&](const at::Tensor &t) { return t.narrow(0, image, count); };
            if (trial.left)
                multiply(quantizedLeft(p, part(rows.left), operand), m_problem.attention ? part(trial.other) : trial.other, out);
            else if (m_problem.attention)
                multiply(part(trial.other), quantizedRight(p, part(m_rightData), operand), out);
            else
                multiply(part(trial.other), weight, out);
            const at::Tensor reference = part(rows.output);
            const at::Tensor gradient = rows.gradient.defined() ? part(rows.gradient) : at::Tensor();
            scoreImages(m_metric, layoutFor(trial.left, reference), reference.data_ptr<float>(), out.data_ptr<float>(),
                        gradient.defined() ? gradient.data_ptr<float>() : nullptr, scores + image * trial.groups);
        }
    }

    /// Scores of column `slot` of `candidates` for every slot: result[slot][group].
    std::vector<std::vector<double>> evaluate(bool left, const std::vector<std::vector<int>> &candidates, const Rows &rows)
    {
        const bool floatRight = left && isSoftmaxTwin(m_left); // the released program searches the split so
        at::Tensor memory;
        Trial trial{left, &rows, {}, 0};
        trial.other = !left ? quantizedLeft(m_left, rows.left, memory)
                    : floatRight ? m_rightData
                                 : quantizedRight(m_right, m_rightData, memory);
        const ScoreLayout layout = layoutFor(left, rows.output);
        trial.groups = layout.groups;

        // One thread a candidate, or a part of its images when candidates are few; each calls the library's
        // single-threaded product.
        const auto count = static_cast<int64_t>(candidates.size());
        const int64_t parts = count >= 4 * parallelThreads() ? 1 : std::min<int64_t>(parallelThreads(), layout.images);
        const int64_t imagesPerPart = (layout.images + parts - 1) / parts;
        std::vector<double> perImage(static_cast<size_t>(count * layout.images * layout.groups));
        inParallel(count * parts, [&](int64_t task) {
            const int64_t slot = task / parts;
            const int64_t begin = task % parts * imagesPerPart;
            tryCandidate(trial, candidate(left, candidates[static_cast<size_t>(slot)]), begin,
                         std::min(layout.images, begin + imagesPerPart),
                         perImage.data() + slot * layout.images * layout.groups);
        });

        const int64_t totalRows = !left && m_problem.byChannel ? 1 : rows.totalRows * (layout.rows / rows.output.size(-2));
        std::vector<std::vector<double>> scores(candidates.size(), std::vector<double>(static_cast<size_t>(layout.groups)));
        for (size_t i = 0; i < perImage.size(); ++i) {
            const size_t slot = i / static_cast<size_t>(layout.images * layout.groups);
            scores[slot][i % static_cast<size_t>(layout.groups)] += perImage[i] / static_cast<double>(totalRows);
        }
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

    /// Every group's best of the candidates tried, in order of index so that the first of equal scores stays the first.
    static std::vector<std::vector<int>> best(const std::vector<std::vector<int>> &candidates,
                                              const std::vector<std::vector<double>> &scores, int kept)
    {
        const size_t groups = scores.front().size();
        std::vector<std::vector<int>> chosen(static_cast<size_t>(kept), std::vector<int>(groups));
        std::vector<size_t> order(scores.size());
        for (size_t g = 0; g < groups; ++g) {
            std::iota(order.begin(), order.end(), size_t{0});
            std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return scores[a][g] > scores[b][g]; });
            std::sort(order.begin(), order.begin() + kept);
            for (size_t slot = 0; slot < chosen.size(); ++slot)
                chosen[slot][g] = candidates[order[slot]][g];
        }
        return chosen;
    }

    void searchOperand(bool left, int round)
    {
        const int count = candidateCount(left);
        const auto groups = static_cast<size_t>(layoutFor(left, m_full.output).groups);
        std::vector<std::vector<int>> candidates = allCandidates(count, groups);
        for (const auto &[rows, kept] : m_screens)
            if (candidates.size() > static_cast<size_t>(kept))
                candidates = best(candidates, evaluate(left, candidates, rows), kept);
        const std::vector<std::vector<double>> scores = evaluate(left, candidates, m_full);

        OperandSearch search{left, round, std::vector<int>(groups, 0), {}};
        search.scores.assign(groups * static_cast<size_t>(count), std::numeric_limits<float>::quiet_NaN());
        for (size_t slot = 0; slot < candidates.size(); ++slot)
            for (size_t g = 0; g < groups; ++g)
                search.scores[g * static_cast<size_t>(count) + static_cast<size_t>(candidates[slot][g])]
                    = static_cast<float>(scores[slot][g]);
        search.choice = best(candidates, scores, 1).front();
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
    std::vector<std::pair<Rows, int>> m_screens; ///< with the number of candidates that each lets pass
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
