// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/graph.h"
#include "core/data/model_info.h"
#include "core/data/preprocessing.h"
#include "core/data/quantization.h"
#include "core/data/run_record.h"
#include "core/data/precision_search.h"
#include "core/data/sensitivity.h"

#include <algorithm>
#include <cstdio>

namespace quantoscope {

std::string nameInBlock(const Tap &tap)
{
    if (tap.block < 0)
        return tap.path;
    // The innermost "blocks.N.": families with stages have it behind "layers.S.".
    static const std::string word = "blocks.";
    for (size_t at = tap.path.rfind(word); at != std::string::npos; at = at > 0 ? tap.path.rfind(word, at - 1) : std::string::npos) {
        const size_t digits = at + word.size();
        const size_t end = tap.path.find_first_not_of("0123456789", digits);
        const bool whole = at == 0 || tap.path[at - 1] == '.';
        if (whole && end != std::string::npos && end > digits && tap.path[end] == '.')
            return tap.path.substr(end + 1);
    }
    return tap.path;
}

const char *name(Operator op)
{
    switch (op) {
    case Operator::Input: return "input";
    case Operator::PatchConvolution: return "patch_convolution";
    case Operator::PrependTokens: return "prepend_tokens";
    case Operator::Parameter: return "parameter";
    case Operator::Add: return "add";
    case Operator::LayerNorm: return "layer_norm";
    case Operator::Linear: return "linear";
    case Operator::SplitHeads: return "split_heads";
    case Operator::MatmulTransposed: return "matmul_qk";
    case Operator::Softmax: return "softmax";
    case Operator::MatmulMergeHeads: return "matmul_av";
    case Operator::Gelu: return "gelu";
    case Operator::TakeToken: return "take_token";
    case Operator::MeanTokens: return "mean_tokens";
    case Operator::WindowPartition: return "window_partition";
    case Operator::WindowReverse: return "window_reverse";
    case Operator::PatchMerge: return "patch_merge";
    case Operator::RelativePositionBias: return "relative_position_bias";
    case Operator::Average: return "average";
    }
    return "?";
}

const char *name(Role role)
{
    switch (role) {
    case Role::Image: return "image";
    case Role::Embedding: return "embedding";
    case Role::PositionEmbedding: return "position_embedding";
    case Role::PositionBias: return "position_bias";
    case Role::Residual: return "residual";
    case Role::Normalized: return "normalized";
    case Role::Qkv: return "qkv";
    case Role::AttentionOperand: return "attention_operand";
    case Role::Scores: return "scores";
    case Role::AttentionWeights: return "attention_weights";
    case Role::Context: return "context";
    case Role::Projection: return "projection";
    case Role::Hidden: return "hidden";
    case Role::Activation: return "activation";
    case Role::ClassToken: return "class_token";
    case Role::Pooled: return "pooled";
    case Role::Logits: return "logits";
    case Role::Weight: return "weight";
    }
    return "?";
}

const char *name(TapKind kind)
{
    switch (kind) {
    case TapKind::Activation: return "activation";
    case TapKind::Parameter: return "parameter";
    case TapKind::Weight: return "weight";
    }
    return "?";
}

const char *name(QuantizerKind kind)
{
    switch (kind) {
    case QuantizerKind::None: return "none";
    case QuantizerKind::Uniform: return "uniform";
    case QuantizerKind::Log2: return "log2";
    case QuantizerKind::LogIntSoftmax: return "log-int-softmax";
    case QuantizerKind::TwinUniform: return "twin-uniform";
    }
    return "?";
}

const char *name(ObserverKind kind)
{
    switch (kind) {
    case ObserverKind::MinMax: return "minmax";
    case ObserverKind::Ema: return "ema";
    case ObserverKind::Percentile: return "percentile";
    case ObserverKind::Omse: return "omse";
    case ObserverKind::Ptf: return "ptf";
    case ObserverKind::Entropy: return "entropy";
    case ObserverKind::Mse: return "mse";
    case ObserverKind::TorchHistogram: return "torch-histogram";
    case ObserverKind::TorchHistogram113: return "torch-histogram-1.13";
    case ObserverKind::Fixed: return "fixed";
    }
    return "?";
}

const char *name(Granularity g)
{
    switch (g) {
    case Granularity::Tensor: return "tensor";
    case Granularity::Channel: return "channel";
    case Granularity::Head: return "head";
    case Granularity::Group: return "group";
    }
    return "?";
}

const char *name(Arithmetic arithmetic)
{
    switch (arithmetic) {
    case Arithmetic::FqViT: return "fq-vit";
    case Arithmetic::Torch: return "torch";
    case Arithmetic::TensorFlow: return "tensorflow";
    }
    return "?";
}

const char *name(TwinForm form)
{
    switch (form) {
    case TwinForm::None: return "none";
    case TwinForm::Gelu: return "gelu";
    case TwinForm::Softmax: return "softmax";
    case TwinForm::SoftmaxReleased: return "softmax-released";
    }
    return "?";
}

const char *name(SearchMetric metric)
{
    switch (metric) {
    case SearchMetric::Cosine: return "cosine";
    case SearchMetric::Pearson: return "pearson";
    case SearchMetric::L1: return "l1";
    case SearchMetric::L2: return "l2";
    case SearchMetric::LinearWeightedL2: return "linear-weighted-l2";
    case SearchMetric::SquareWeightedL2: return "square-weighted-l2";
    case SearchMetric::Hessian: return "hessian";
    }
    return "?";
}

const char *name(SearchLoss loss)
{
    switch (loss) {
    case SearchLoss::Fisher: return "fisher";
    case SearchLoss::Published: return "published";
    case SearchLoss::Noise: return "noise";
    }
    return "?";
}

const char *name(Interpolation interpolation)
{
    return interpolation == Interpolation::Bicubic ? "bicubic" : "bilinear";
}

namespace {
template <typename Number>
std::string perStage(const std::vector<StageInfo> &stages, int alone, Number number)
{
    std::string text;
    for (const StageInfo &stage : stages)
        if (const int value = number(stage); value > 0) {
            text += text.empty() ? "" : "/";
            text += std::to_string(value);
        }
    return text.empty() ? std::to_string(alone) : text;
}
} // namespace

std::string ModelInfo::depthText() const
{
    return perStage(stages, depth, [](const StageInfo &stage) { return stage.depth; });
}

std::string ModelInfo::headsText() const
{
    return perStage(stages, heads, [](const StageInfo &stage) { return stage.heads; });
}

const char *name(SensitivityLevel level)
{
    switch (level) {
    case SensitivityLevel::Tap: return "tap";
    case SensitivityLevel::Operator: return "operator";
    case SensitivityLevel::Block: return "block";
    case SensitivityLevel::OperatorType: return "type";
    }
    return "";
}

const SensitivityRow *SensitivityTable::find(const std::string &unit, SensitivityKind kind, SensitivityPart part,
                                             PrecisionOption option) const
{
    for (const SensitivityRow &row : rows)
        if (row.operatorPath == unit && row.kind == kind && row.part == part
            && (kind == SensitivityKind::AllButThis || row.option == option))
            return &row;
    return nullptr;
}

const char *name(SensitivityKind kind)
{
    return kind == SensitivityKind::OnlyThis ? "only-this" : "all-but-this";
}

const char *name(SensitivityPart part)
{
    switch (part) {
    case SensitivityPart::Both: return "both";
    case SensitivityPart::Weights: return "weights";
    case SensitivityPart::Activations: return "activations";
    }
    return "?";
}

const char *name(Resource resource)
{
    switch (resource) {
    case Resource::WeightBytes: return "weight-bytes";
    case Resource::AverageBits: return "average-bits";
    case Resource::BitOperations: return "bit-operations";
    case Resource::ActivationBytes: return "activation-bytes";
    }
    return "";
}

std::string PrecisionOption::text() const
{
    const auto side = [](int bits) { return bits == 0 ? std::string("float") : std::to_string(bits); };
    if (*this == own())
        return "own";
    return weightBits == 0 && activationBits == 0 ? "float" : side(weightBits) + "/" + side(activationBits);
}

std::string BitWidths::text() const
{
    return std::to_string(weights) + "/" + std::to_string(activations) + "/" + std::to_string(attention);
}

const char *name(ResizeMode mode)
{
    return mode == ResizeMode::ShorterSide ? "shorter-side" : "squash";
}

std::string Preprocessing::text() const
{
    char line[200];
    std::snprintf(line, sizeof line, "%s %d %s, centre %d, mean %.3f %.3f %.3f, std %.3f %.3f %.3f",
                  mode == ResizeMode::Squash ? "squashed to" : "shorter side", resize, name(interpolation), crop, static_cast<double>(mean[0]), static_cast<double>(mean[1]),
                  static_cast<double>(mean[2]), static_cast<double>(deviation[0]), static_cast<double>(deviation[1]),
                  static_cast<double>(deviation[2]));
    return line;
}

std::optional<BitWidths> BitWidths::parse(const std::string &text)
{
    BitWidths bits;
    char rest = 0;
    bool fits = std::sscanf(text.c_str(), "%d/%d/%d%c", &bits.weights, &bits.activations, &bits.attention, &rest) == 3;
    for (const int width : {bits.weights, bits.activations, bits.attention})
        fits = fits && width >= kLeastBits && width <= kMostBits;
    return fits ? std::optional(bits) : std::nullopt;
}

std::string QuantizationRequest::text() const
{
    const size_t slash = recipe.find_last_of('/');
    return (slash == std::string::npos ? recipe : recipe.substr(slash + 1)) + (ptf ? " + PTF" : "") + (lis ? " + LIS" : "") + " " + bits.text();
}

namespace {
template <typename Items>
int indexOfPath(const Items &items, const std::string &path)
{
    const auto found = std::find_if(items.begin(), items.end(), [&](const auto &item) { return item.path == path; });
    return found == items.end() ? -1 : static_cast<int>(found - items.begin());
}
} // namespace

int Graph::findTap(const std::string &path) const
{
    return indexOfPath(taps, path);
}

int Graph::findNode(const std::string &path) const
{
    return indexOfPath(nodes, path);
}

int Graph::outputTap(int node) const
{
    const auto found = std::find_if(taps.begin(), taps.end(),
                                    [&](const Tap &tap) { return tap.node == node && tap.kind != TapKind::Weight; });
    return found == taps.end() ? -1 : static_cast<int>(found - taps.begin());
}

int Graph::weightTap(int node) const
{
    const auto found = std::find_if(taps.begin(), taps.end(),
                                    [&](const Tap &tap) { return tap.node == node && tap.kind == TapKind::Weight; });
    return found == taps.end() ? -1 : static_cast<int>(found - taps.begin());
}

int Graph::valueSource(int node) const
{
    while (isView(nodes[static_cast<size_t>(node)].op))
        node = nodes[static_cast<size_t>(node)].inputs.front();
    return node;
}

std::vector<int> Graph::consumers(int node) const
{
    std::vector<int> readers;
    for (size_t i = 0; i < nodes.size(); ++i)
        if (std::find(nodes[i].inputs.begin(), nodes[i].inputs.end(), node) != nodes[i].inputs.end())
            readers.push_back(static_cast<int>(i));
    return readers;
}

} // namespace quantoscope
