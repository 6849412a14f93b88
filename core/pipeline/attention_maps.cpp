// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/attention_maps.h"

#include "core/data/token_order.h"

#include <algorithm>
#include <cmath>

namespace quantoscope {

namespace {

int squareSide(int64_t tokens)
{
    const auto side = static_cast<int>(std::llround(std::sqrt(static_cast<double>(tokens))));
    return int64_t{side} * side == tokens ? side : 0;
}

/// Class and distillation tokens in front of the patches.
int64_t leadingTokens(const Graph &graph)
{
    for (const Node &node : graph.nodes)
        if (node.op == Operator::PrependTokens)
            return static_cast<int64_t>(node.parameters.size());
    return 0;
}

/// The node that cut the tokens of `softmax` into windows; null for attention over the whole image.
const Node *partitionOf(const Graph &graph, int softmax)
{
    if (graph.nodes[static_cast<size_t>(softmax)].windows == 1)
        return nullptr;
    for (int n = softmax; n >= 0; --n)
        if (graph.nodes[static_cast<size_t>(n)].op == Operator::WindowPartition)
            return &graph.nodes[static_cast<size_t>(n)];
    return nullptr;
}

/// Products of the attention matrices of all blocks, [n, n].
class Rollout {
public:
    /// `heads` matrices [n, n].
    void add(const float *matrices, int heads, int64_t n)
    {
        const auto size = static_cast<size_t>(n);
        std::vector<double> own(size * size);
        for (size_t i = 0; i < size; ++i) {
            double sum = 0;
            for (size_t j = 0; j < size; ++j) {
                double mean = 0;
                for (size_t h = 0; h < static_cast<size_t>(heads); ++h)
                    mean += static_cast<double>(matrices[(h * size + i) * size + j]);
                own[i * size + j] = 0.5 * mean / heads + (i == j ? 0.5 : 0);
                sum += own[i * size + j];
            }
            for (size_t j = 0; j < size; ++j)
                own[i * size + j] /= sum; // quantized rows need not add up to one
        }
        if (m_product.empty()) {
            m_product = std::move(own);
            return;
        }
        std::vector<double> product(size * size);
        for (size_t i = 0; i < size; ++i)
            for (size_t k = 0; k < size; ++k) {
                const double factor = own[i * size + k];
                for (size_t j = 0; j < size; ++j)
                    product[i * size + j] += factor * m_product[k * size + j];
            }
        m_product = std::move(product);
    }
    /// Of the class token, or the mean over all tokens, to the patches after `leading` tokens.
    [[nodiscard]] std::vector<float> map(AttentionKind kind, int64_t leading, int64_t n) const
    {
        const auto size = static_cast<size_t>(n);
        std::vector<float> values;
        for (size_t j = static_cast<size_t>(leading); j < size && !m_product.empty(); ++j) {
            double sum = 0;
            const size_t queries = kind == AttentionKind::ClassToken ? 1 : size;
            for (size_t i = 0; i < queries; ++i)
                sum += m_product[i * size + j];
            values.push_back(static_cast<float>(sum / static_cast<double>(queries)));
        }
        return values;
    }

private:
    std::vector<double> m_product;
};

/// Takes the maps out of the attention weights while the graph runs.
class AttentionReader final : public TapVisitor {
public:
    AttentionReader(const Graph &graph, AttentionRecord &record, bool quantized)
        : m_graph(graph), m_record(record), m_quantized(quantized), m_leading(leadingTokens(graph))
    {
    }
    bool wants(int tap) const override { return m_graph.taps[static_cast<size_t>(tap)].role == Role::AttentionWeights; }
    void visit(int, const TensorView &, ExecutionMode &) override {}
    bool wantsResult(int) const override { return true; }
    void visitResult(int tap, const TensorView &value) override
    {
        const int node = m_graph.taps[static_cast<size_t>(tap)].node;
        const auto layer = std::find_if(m_record.layers.begin(), m_record.layers.end(), [&](const AttentionLayer &one) {
            return one.path == m_graph.taps[static_cast<size_t>(tap)].path;
        });
        const int64_t n = value.shape.back();
        const auto heads = static_cast<int>(m_graph.nodes[static_cast<size_t>(node)].shape.front());
        const Node *partition = partitionOf(m_graph, node);
        std::vector<float> &maps = m_quantized ? layer->quantized : layer->floating;
        const size_t plane = static_cast<size_t>(layer->grid) * static_cast<size_t>(layer->grid);
        maps.assign(static_cast<size_t>(heads) * plane, 0);
        const std::vector<int64_t> order = partition ? rowOrder(*partition) : std::vector<int64_t>();
        const int64_t windows = partition ? partition->windows : 1;
        const int64_t queries = m_record.kind == AttentionKind::ClassToken ? 1 : n;
        for (int64_t w = 0; w < windows; ++w)
            for (int64_t h = 0; h < heads; ++h)
                for (int64_t j = m_leading; j < n; ++j) {
                    double sum = 0;
                    for (int64_t i = 0; i < queries; ++i)
                        sum += static_cast<double>(value.data[((w * heads + h) * n + i) * n + j]);
                    const int64_t place = partition ? order[static_cast<size_t>(w * n + j)] : j - m_leading;
                    maps[static_cast<size_t>(h) * plane + static_cast<size_t>(place)]
                        = static_cast<float>(sum / static_cast<double>(queries));
                }
        if (m_rollout)
            m_rollout->add(value.data, heads, n);
    }
    void setRollout(Rollout *rollout) { m_rollout = rollout; }

private:
    const Graph &m_graph;
    AttentionRecord &m_record;
    bool m_quantized;
    int64_t m_leading;
    Rollout *m_rollout = nullptr;
};

/// The layers, still without values. Error: Unsupported.
Result<void> describe(const Graph &graph, AttentionRecord &record)
{
    const int64_t leading = leadingTokens(graph);
    record.kind = leading > 0 ? AttentionKind::ClassToken : AttentionKind::Received;
    for (const Tap &tap : graph.taps) {
        if (tap.role != Role::AttentionWeights)
            continue;
        const Node &node = graph.nodes[static_cast<size_t>(tap.node)];
        const Node *partition = partitionOf(graph, tap.node);
        const int64_t patches = partition ? partition->windows * partition->shape.front() : node.shape.back() - leading;
        AttentionLayer layer;
        layer.path = tap.path;
        layer.block = tap.block;
        layer.heads = static_cast<int>(node.shape.front());
        layer.grid = squareSide(patches);
        layer.window = partition ? partition->window : 0;
        if (layer.grid == 0)
            return fail(ErrorCode::Unsupported, "its tokens are no square grid of patches", tap.path);
        record.layers.push_back(std::move(layer));
    }
    if (record.layers.empty())
        return fail(ErrorCode::Unsupported, "this model has no attention", "attention");
    return {};
}

std::vector<uint8_t> pictureOf(const std::vector<float> &pixels, const Preprocessing &preprocessing)
{
    const size_t plane = pixels.size() / 3;
    std::vector<uint8_t> picture(pixels.size());
    for (size_t c = 0; c < 3; ++c)
        for (size_t i = 0; i < plane; ++i) {
            const float value = (pixels[c * plane + i] * preprocessing.deviation[c] + preprocessing.mean[c]) * 255.0F;
            picture[3 * i + c] = static_cast<uint8_t>(std::clamp(std::lround(value), 0L, 255L));
        }
    return picture;
}

} // namespace

Result<AttentionRecord> attentionMaps(Executor &executor, const Model &model, const std::string &path,
                                      ExecutionMode &mode, const PassOptions &options, const RunControl &control)
{
    const Graph &graph = model.graph;
    AttentionRecord record;
    record.image = path;
    if (const auto described = describe(graph, record); !described)
        return fail(described.error());
    ImageSet set;
    set.items.push_back({path, -1});
    PhaseReporter reporter(control, "attention", 2, "passes");
    auto loader = startLoading(set, options, 1, control);
    if (!loader)
        return fail(loader.error());
    const auto batch = (*loader)->next();
    if (control.isCancelled())
        return fail(ErrorCode::Cancelled, "stopped on request");
    if (!batch || batch->indices.empty())
        return fail(ErrorCode::BadInput,
                    batch && !batch->failures.empty() ? batch->failures.front().reason : "it cannot be decoded", path,
                    "choose an image file");
    record.side = options.preprocessing.crop;
    record.picture = pictureOf(batch->pixels, options.preprocessing);
    const AttentionLayer &first = record.layers.front();
    const bool whole = std::all_of(record.layers.begin(), record.layers.end(), [&](const AttentionLayer &layer) {
        return layer.window == 0 && layer.grid == first.grid;
    });
    const int64_t leading = leadingTokens(graph);
    const int64_t tokens = int64_t{first.grid} * first.grid + leading;
    ExecutionMode floatMode = ExecutionMode::floatMode(graph);
    for (const bool quantized : {false, true}) {
        Rollout rollout;
        AttentionReader reader(graph, record, quantized);
        if (whole)
            reader.setRollout(&rollout);
        const auto run = executor.run(batch->pixels, 1, quantized ? mode : floatMode, &reader, control.cancel);
        if (!run)
            return fail(run.error());
        (quantized ? record.rolloutQuantized : record.rolloutFloating) = rollout.map(record.kind, leading, tokens);
        reporter.advance(1);
    }
    return record;
}

} // namespace quantoscope
