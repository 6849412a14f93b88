// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/views/sample_run.h"

#include "core/analysis/quantizer_levels.h"
#include "core/quantization/range_history.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace quantoscope::sample {

namespace {

constexpr int kWidth = 192;
constexpr int kTokens = 197;
constexpr int kHeads = 3;
constexpr int kDepth = 12;

int add(Graph &graph, std::string path, Operator op, std::vector<int> inputs, Role role, int block,
        std::vector<int64_t> shape)
{
    Node node;
    node.path = block >= 0 ? "blocks." + std::to_string(block) + "." + path : path;
    node.op = op;
    node.inputs = std::move(inputs);
    node.role = role;
    node.block = block;
    node.shape = std::move(shape);
    if (op == Operator::Linear || op == Operator::PatchConvolution)
        node.parameters = {node.path + ".weight", node.path + ".bias"};
    if (op == Operator::Parameter)
        node.parameters = {node.path};
    graph.nodes.push_back(std::move(node));
    return static_cast<int>(graph.nodes.size()) - 1;
}

std::vector<float> values(const Tap &tap, std::mt19937 &engine)
{
    std::normal_distribution<float> normal(0, 1);
    std::vector<float> out;
    if (tap.role == Role::AttentionWeights) {
        for (int row = 0; row < 300; ++row) {
            std::array<double, kTokens> weights{};
            double sum = 0;
            for (double &w : weights)
                sum += w = std::exp(2.2 * static_cast<double>(normal(engine)));
            for (const double w : weights)
                out.push_back(static_cast<float>(w / sum));
        }
        return out;
    }
    for (int i = 0; i < 20'000; ++i) {
        const float x = normal(engine) * (i % 50 == 0 ? 6.0F : 1.0F);
        out.push_back(tap.role == Role::Activation ? 0.5F * x * (1 + std::erf(x / std::sqrt(2.0F))) : x);
    }
    return out;
}

TapStatistics statistics(const Tap &tap, std::mt19937 &engine)
{
    TapStatistics s;
    s.observed = true;
    const bool softmax = tap.role == Role::AttentionWeights;
    std::lognormal_distribution<float> spread(tap.kind == TapKind::Weight ? -2.0F : 0.6F, 0.28F);
    std::uniform_real_distribution<float> uniform(0, 1);
    for (int64_t c = 0; c < tap.channels; ++c) {
        const bool outlier = tap.feedsLayerNorm && uniform(engine) < 0.03F;
        const float reach =
            spread(engine) * (outlier ? 3.0F + 1.5F * static_cast<float>(std::max(tap.block, 0)) : 1.0F);
        s.channelMinimum.push_back(softmax ? 0.0F : -reach * (0.8F + 0.4F * uniform(engine)));
        s.channelMaximum.push_back(softmax ? 0.9F + 0.1F * uniform(engine)
                                           : reach * (0.8F + 0.4F * uniform(engine)));
    }
    s.minimum = *std::min_element(s.channelMinimum.begin(), s.channelMinimum.end());
    s.maximum = *std::max_element(s.channelMaximum.begin(), s.channelMaximum.end());
    if (tap.kind != TapKind::Weight)
        s.histogram = histogramOf(values(tap, engine));
    s.count = s.histogram.total();
    return s;
}

/// Tokens reach between half and all of the tap's extremes; the class token reaches farthest.
void addTokens(TapStatistics &s, const Node &node)
{
    if (node.shape.size() < 2 || node.op == Operator::Input)
        return;
    const auto tokens = static_cast<size_t>(node.shape[node.shape.size() - 2]);
    for (size_t t = 0; t < tokens; ++t) {
        const float reach = t == 0 ? 1 : 0.5F + 0.3F * static_cast<float>(std::abs(std::sin(0.37 * static_cast<double>(t))));
        s.tokenMinimum.push_back(reach * s.minimum);
        s.tokenMaximum.push_back(reach * s.maximum);
    }
}

/// Ten batches of ten images, whose extremes lead to those of the statistics; late blocks settle late.
void addCalibration(RunRecord &record)
{
    constexpr size_t kBatches = 10;
    constexpr size_t kImages = 100;
    const float nothing = std::numeric_limits<float>::quiet_NaN();
    std::mt19937 engine(11);
    std::uniform_real_distribution<float> share(0.55F, 0.97F);
    CalibrationHistory &history = record.calibration.history;
    history.taps = record.taps.size();
    history.batchImages.assign(kBatches, 10);
    history.images = kImages;
    std::vector<TapSetting> settings;
    for (size_t i = 0; i < kImages; ++i)
        record.calibration.images.items.push_back({"train/n" + std::to_string(i) + ".JPEG", -1});
    for (const TapRecord &tap : record.taps) {
        settings.push_back(tap.setting);
        const bool seen = tap.tap.kind != TapKind::Weight && tap.tap.role != Role::AttentionOperand;
        const size_t last = std::min<size_t>(kImages - 1, static_cast<size_t>(5 + 8 * std::max(0, tap.tap.block)));
        for (size_t i = 0; i < kImages; ++i) {
            const float reach = i == last || tap.tap.kind == TapKind::Parameter ? 1 : share(engine);
            history.imageMinimum.push_back(seen ? reach * tap.statistics.minimum : nothing);
            history.imageMaximum.push_back(seen ? reach * tap.statistics.maximum : nothing);
        }
        for (size_t b = 0; b < kBatches; ++b) {
            const auto low = history.imageMinimum.end() - static_cast<ptrdiff_t>(kImages - 10 * b);
            const auto high = history.imageMaximum.end() - static_cast<ptrdiff_t>(kImages - 10 * b);
            history.minimum.push_back(seen ? *std::min_element(low, low + 10) : nothing);
            history.maximum.push_back(seen ? *std::max_element(high, high + 10) : nothing);
            const bool tails = b + 1 < kBatches; // no setting asks for those of the last batch
            history.tailLow.push_back(seen && tails ? 0.93F * history.minimum.back() : nothing);
            history.tailHigh.push_back(seen && tails ? 0.93F * history.maximum.back() : nothing);
        }
    }
    record.calibration.stability = resampledStability(history, settings, 100, 7);
}

/// Figures that differ from place to place; place 5 is the worst.
std::vector<ErrorMetrics> metricsAround(double sqnrDb, size_t count)
{
    std::vector<ErrorMetrics> metrics(count);
    for (size_t i = 0; i < count; ++i) {
        metrics[i].sqnrDb = sqnrDb + 2 * std::sin(static_cast<double>(i)) - (i == 5 ? 9 : 0);
        metrics[i].nmse = std::pow(10, -metrics[i].sqnrDb / 10);
        metrics[i].mse = 0.8 * metrics[i].nmse;
        metrics[i].cosine = 1 - metrics[i].nmse / 2;
    }
    return metrics;
}

} // namespace

ValueHistogram histogramOf(const std::vector<float> &values)
{
    std::vector<uint64_t> counts(1 << 16);
    for (const float value : values)
        ++counts[std::bit_cast<uint32_t>(value) >> 16];
    ValueHistogram histogram;
    const auto append = [&](size_t code) {
        if (counts[code] > 0) {
            histogram.codes.push_back(static_cast<uint16_t>(code));
            histogram.counts.push_back(counts[code]);
        }
    };
    for (size_t code = 0xFFFF; code >= 0x8000; --code) // negative floats fall as their bits grow
        append(code);
    for (size_t code = 0; code < 0x8000; ++code)
        append(code);
    return histogram;
}

OpenedModelPtr model()
{
    auto opened = std::make_shared<OpenedModel>();
    opened->info.name = "deit_tiny_patch16_224";
    opened->info.title = "DeiT-T/16 224";
    opened->info.family = "vit";
    opened->info.file = "deit_tiny.safetensors";
    opened->info.sha256 = std::string(64, 'a');
    opened->info.depth = kDepth;
    opened->info.heads = kHeads;
    opened->info.width = kWidth;
    opened->info.classes = 1000;
    Graph &g = opened->graph;
    const std::vector<int64_t> stream = {kTokens, kWidth};
    const std::vector<int64_t> attention = {kHeads, kTokens, kTokens};
    const int image = add(g, "input", Operator::Input, {}, Role::Image, -1, {3, 224, 224});
    const int patch =
        add(g, "patch_embed.proj", Operator::PatchConvolution, {image}, Role::Embedding, -1, {196, kWidth});
    const int embed = add(g, "embed", Operator::PrependTokens, {patch}, Role::Embedding, -1, stream);
    const int position = add(g, "pos_embed", Operator::Parameter, {}, Role::PositionEmbedding, -1, stream);
    int x = add(g, "embed_sum", Operator::Add, {embed, position}, Role::Residual, -1, stream);
    for (int b = 0; b < kDepth; ++b) {
        const int norm1 = add(g, "norm1", Operator::LayerNorm, {x}, Role::Normalized, b, stream);
        const int qkv = add(g, "attn.qkv", Operator::Linear, {norm1}, Role::Qkv, b, {kTokens, 3 * kWidth});
        std::array<int, 3> operand{};
        const std::array<const char *, 3> names = {"attn.q", "attn.k", "attn.v"};
        for (size_t i = 0; i < 3; ++i)
            operand[i] =
                add(g, names[i], Operator::SplitHeads, {qkv}, Role::AttentionOperand, b, {kHeads, kTokens, 64});
        const int scores = add(g, "attn.scores", Operator::MatmulTransposed, {operand[0], operand[1]},
                               Role::Scores, b, attention);
        const int softmax =
            add(g, "attn.softmax", Operator::Softmax, {scores}, Role::AttentionWeights, b, attention);
        const int context =
            add(g, "attn.context", Operator::MatmulMergeHeads, {softmax, operand[2]}, Role::Context, b, stream);
        const int proj = add(g, "attn.proj", Operator::Linear, {context}, Role::Projection, b, stream);
        const int middle = add(g, "residual1", Operator::Add, {x, proj}, Role::Residual, b, stream);
        const int norm2 = add(g, "norm2", Operator::LayerNorm, {middle}, Role::Normalized, b, stream);
        const int fc1 = add(g, "mlp.fc1", Operator::Linear, {norm2}, Role::Hidden, b, {kTokens, 4 * kWidth});
        const int gelu = add(g, "mlp.gelu", Operator::Gelu, {fc1}, Role::Activation, b, {kTokens, 4 * kWidth});
        const int fc2 = add(g, "mlp.fc2", Operator::Linear, {gelu}, Role::Projection, b, stream);
        x = add(g, "residual2", Operator::Add, {middle, fc2}, Role::Residual, b, stream);
    }
    const int token = add(g, "class_token", Operator::TakeToken, {x}, Role::ClassToken, -1, {kWidth});
    const int norm = add(g, "norm", Operator::LayerNorm, {token}, Role::Normalized, -1, {kWidth});
    g.output = add(g, "head", Operator::Linear, {norm}, Role::Logits, -1, {1000});
    g.deriveTaps([](const std::string &) { return int64_t{kWidth} * kWidth; });
    return opened;
}

EvaluationResult evaluation(int count, double top1, int seed)
{
    std::mt19937 engine(5); // the difficulty of an image is the same in every run
    std::mt19937 noise(static_cast<unsigned>(seed));
    std::uniform_real_distribution<double> uniform(0, 100);
    std::normal_distribution<double> jitter(0, 1.5);
    EvaluationResult result;
    result.classes = 1000;
    result.imagesPerSecond = 20.0 + seed;
    for (int i = 0; i < count; ++i) {
        ImageOutcome outcome;
        outcome.image = i;
        outcome.label = i % 1000;
        const bool right = uniform(engine) + jitter(noise) < top1;
        outcome.top5 = {right ? outcome.label : (outcome.label + 1) % 1000, (outcome.label + 2) % 1000,
                        (outcome.label + 3) % 1000, (outcome.label + 4) % 1000,
                        right || i % 4 ? (outcome.label + 5) % 1000 : outcome.label};
        ++result.count;
        result.top1Correct += right;
        result.top5Correct += std::count(outcome.top5.begin(), outcome.top5.end(), outcome.label);
        result.images.push_back(outcome);
    }
    return result;
}

namespace {

/// By tap with one precision and both directions; by block with two, weights and activations apart, and stopped early.
void addSensitivity(RunRecord &record)
{
    SensitivityTable taps;
    taps.recipe = record.request.text();
    taps.level = SensitivityLevel::Tap;
    taps.floatTop1 = 81.7;
    taps.quantized = {.operatorPath = {}, .option = PrecisionOption::own(), .kl = 0.2, .klStandardError = 0.01,
                      .agreement = 90, .top1 = 80, .images = 64};
    taps.imagesWanted = 64;
    taps.unitOfTap.assign(record.taps.size(), -1);
    SensitivityTable blocks = taps;
    blocks.level = SensitivityLevel::Block;
    blocks.complete = false;
    const auto add = [](SensitivityTable &table, const std::string &unit, SensitivityKind kind, SensitivityPart part,
                        PrecisionOption option, double kl) {
        table.rows.push_back({unit, kind, part, option, kl, kl / 10, 100 - 40 * kl, 81 - 10 * kl, 64});
    };
    for (size_t t = 0; t < record.taps.size(); ++t) {
        const TapRecord &tap = record.taps[t];
        if (tap.setting.isQuantized()) {
            const double kl = 0.1 * std::pow(10, -tap.error.isolated.sqnrDb / 20);
            taps.unitOfTap[t] = static_cast<int>(taps.units.size());
            taps.units.push_back(tap.tap.path);
            add(taps, tap.tap.path, SensitivityKind::OnlyThis, SensitivityPart::Both, PrecisionOption::own(), kl);
            add(taps, tap.tap.path, SensitivityKind::AllButThis, SensitivityPart::Both, {}, 0.2 - kl / 2);
        }
        if (tap.tap.block < 0)
            continue;
        const std::string block = "block " + std::to_string(tap.tap.block);
        if (blocks.units.empty() || blocks.units.back() != block) {
            blocks.units.push_back(block);
            for (const PrecisionOption option : {PrecisionOption{8, 8}, PrecisionOption{4, 4}})
                for (const SensitivityPart part :
                     {SensitivityPart::Both, SensitivityPart::Weights, SensitivityPart::Activations})
                    add(blocks, block, SensitivityKind::OnlyThis, part, option,
                        (option.weightBits == 4 ? 0.3 : 0.01) * (13 - tap.tap.block) / (2 + static_cast<int>(part)));
        }
        blocks.unitOfTap[t] = static_cast<int>(blocks.units.size()) - 1;
    }
    record.sensitivity = {std::move(taps), std::move(blocks)};
}

void addAttention(RunRecord &record)
{
    constexpr int kGrid = 14;
    AttentionRecord maps;
    maps.image = "/images/one.JPEG";
    maps.side = 28;
    for (int i = 0; i < 28 * 28 * 3; ++i)
        maps.picture.push_back(static_cast<uint8_t>(i * 7 % 256));
    for (const TapRecord &tap : record.taps) {
        if (tap.tap.role != Role::AttentionWeights)
            continue;
        AttentionLayer layer{tap.tap.path, tap.tap.block, 3, kGrid, 0, {}, {}};
        for (int i = 0; i < 3 * kGrid * kGrid; ++i) {
            layer.floating.push_back(0.001F * static_cast<float>(1 + i * (tap.tap.block + 3) % 11));
            layer.quantized.push_back(layer.floating.back() * (i % 3 == 0 ? 1.1F : 0.95F));
        }
        maps.layers.push_back(std::move(layer));
    }
    maps.rolloutFloating.assign(kGrid * kGrid, 0.005F);
    maps.rolloutQuantized.assign(kGrid * kGrid, 0.004F);
    record.attention.push_back(std::move(maps));
}

} // namespace

std::shared_ptr<RunRecord> run(const OpenedModelPtr &model, int seed)
{
    std::mt19937 engine(static_cast<unsigned>(seed));
    std::normal_distribution<double> normal(0, 1);
    auto record = std::make_shared<RunRecord>();
    record->id = "run-" + std::to_string(seed);
    record->created = "2024-05-01T12:00:00Z";
    record->model = model->info;
    record->request.recipe = seed % 2 ? "minmax" : "ema";
    record->request.ptf = seed > 1;
    record->request.lis = seed > 1;
    record->request.bits.attention = seed > 1 ? 4 : 8;
    record->quantized = true;
    for (int i = 0; i < 650; ++i)
        record->images.items.push_back({"val/n" + std::to_string(i) + ".JPEG", i % 1000});
    record->floatResult = evaluation(650, 81.7, 100);
    record->result = evaluation(650, seed > 1 ? 80.4 : 76.9, seed);
    record->analysisImages = 32;
    record->analysed.resize(32);
    std::iota(record->analysed.begin(), record->analysed.end(), 0);
    std::mt19937 noise(static_cast<unsigned>(seed)); // of its own: the other figures stay what they were
    int depth = 0;
    for (const Tap &tap : model->graph.taps) {
        const Node &node = model->graph.nodes[static_cast<size_t>(tap.node)];
        TapRecord t;
        t.tap = tap;
        t.operatorName = name(node.op);
        t.statistics = statistics(tap, engine);
        addTokens(t.statistics, node);
        const bool view = tap.role == Role::AttentionOperand || tap.role == Role::ClassToken;
        if (!view && tap.role != Role::Hidden) {
            t.setting.quantizer = QuantizerKind::Uniform;
            t.setting.symmetric = tap.kind == TapKind::Weight;
            t.parameters = uniformForRange(t.statistics.minimum, t.statistics.maximum, 8);
            if (tap.kind == TapKind::Weight) {
                t.setting.granularity = Granularity::Channel;
                t.parameters.isSigned = true;
                t.parameters.zeroPoint = 0;
                t.parameters.scale.clear();
                for (size_t c = 0; c < t.statistics.channelMaximum.size(); ++c)
                    t.parameters.scale.push_back(
                        std::max(-t.statistics.channelMinimum[c], t.statistics.channelMaximum[c]) / 127.5F);
            } else if (tap.role == Role::AttentionWeights && record->request.lis) {
                t.setting.quantizer = QuantizerKind::LogIntSoftmax;
                t.setting.bits = 4;
                t.parameters = log2Quantizer(4);
                t.parameters.kind = QuantizerKind::LogIntSoftmax;
            } else if (tap.feedsLayerNorm && record->request.ptf) {
                t.setting.observer = ObserverKind::Ptf;
                t.setting.granularity = Granularity::Channel;
                const float scale = t.parameters.scale.front();
                t.parameters.scale.clear();
                for (size_t c = 0; c < t.statistics.channelMaximum.size(); ++c) {
                    const float need =
                        std::max(-t.statistics.channelMinimum[c], t.statistics.channelMaximum[c]) / (100 * scale);
                    const int alpha =
                        std::clamp(static_cast<int>(std::ceil(std::log2(std::max(need, 1e-3F)))) + 3, 0, 3);
                    t.parameters.ptfFactor.push_back(alpha);
                    t.parameters.scale.push_back(scale / 8 * static_cast<float>(1 << alpha));
                }
            }
            const double own = tap.kind == TapKind::Weight
                                 ? 41 + normal(engine)
                                 : 34 - 0.4 * std::max(tap.block, 0) + 3 * normal(engine);
            t.error.quantized = true;
            t.error.isolated.sqnrDb = own;
            t.error.isolated.cosine = 1 - std::pow(10, -own / 10) / 2;
            t.error.isolated.mse = 0.8 * std::pow(10, -own / 10);
            t.error.isolated.nmse = std::pow(10, -own / 10);
            t.error.clippedShare = 1e-4;
            t.error.clippingErrorShare = 0.3;
            t.error.codesUsed = 201;
            t.error.codeEntropyBits = 5.5;
            t.error.channelIsolated = metricsAround(own, static_cast<size_t>(tap.channels));
            if (tap.kind == TapKind::Activation) {
                t.error.tokenIsolated = metricsAround(own, kTokens);
                std::normal_distribution<double> spread(0, 2);
                for (size_t i = 0; i < record->analysed.size(); ++i) {
                    t.error.imageSignal.push_back(1000 + 10.0 * static_cast<double>(i));
                    t.error.imageIsolated.push_back(t.error.imageSignal.back() * std::pow(10, -(own + spread(noise)) / 10));
                    t.error.imageCumulative.push_back(3 * t.error.imageIsolated.back());
                }
            }
            if (t.setting.quantizer == QuantizerKind::LogIntSoftmax) {
                t.error.rowSums.rows = 1000;
                t.error.rowSums.meanAbsoluteError = 0.1;
                t.error.rowSums.lowest = 0.71;
                t.error.rowSums.highest = 1.29;
                t.error.rowSums.counts.assign(RowSums::kBins, 0);
                for (size_t bin = 28; bin < 52; ++bin)
                    t.error.rowSums.counts[bin] = 10 + 5 * std::min(bin - 28, 52 - bin);
            }
        }
        t.error.measured = true;
        if (tap.kind == TapKind::Activation) {
            const double network = 31 - 0.09 * depth++ + normal(engine);
            t.error.hasCumulative = true;
            t.error.cumulative.sqnrDb = network;
            t.error.cumulative.cosine = 1 - std::pow(10, -network / 10) / 2;
            t.error.cumulative.mse = 0.8 * std::pow(10, -network / 10);
            t.error.cumulative.nmse = std::pow(10, -network / 10);
            t.error.network = t.error.cumulative;
            t.error.network.sqnrDb += 0.8;
            t.error.channelCumulative = metricsAround(network, static_cast<size_t>(tap.channels));
            t.error.tokenCumulative = metricsAround(network, kTokens);
        }
        record->taps.push_back(std::move(t));
    }
    addSensitivity(*record);
    addAttention(*record);
    addCalibration(*record);
    return record;
}

} // namespace quantoscope::sample
