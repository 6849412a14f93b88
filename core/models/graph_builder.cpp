// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/graph_builder.h"

#include "core/data/token_order.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace quantoscope {

namespace {

/// Rows that a linear map or a convolution produces for one image.
int64_t rows(const Node &node)
{
    int64_t count = node.windows;
    for (size_t axis = 0; axis + 1 < node.shape.size(); ++axis)
        count *= node.shape[axis];
    return count;
}

} // namespace

StoredConstant relativePositionIndex(const std::string &tensor, int64_t window)
{
    const int64_t tokens = window * window;
    return {tensor, {tokens, tokens}, [window] {
                const std::vector<int64_t> order
                    = rowOrder({.op = Operator::RelativePositionBias, .window = static_cast<int>(window)});
                return std::vector<float>(order.begin(), order.end());
            }};
}

void GraphBuilder::enter(std::string prefix, int block)
{
    m_prefix = std::move(prefix);
    m_block = block;
}

int GraphBuilder::add(Node node)
{
    node.block = m_block;
    node.path.insert(0, m_prefix);
    m_graph.nodes.push_back(std::move(node));
    return static_cast<int>(m_graph.nodes.size()) - 1;
}

Node GraphBuilder::like(int input, const std::string &path, Operator op, Role role) const
{
    return {.path = path, .op = op, .inputs = {input}, .role = role, .shape = node(input).shape,
            .windows = node(input).windows};
}

std::string GraphBuilder::expect(const std::string &tensor, std::vector<int64_t> shape)
{
    const std::string name = m_prefix + tensor;
    const bool known = std::any_of(m_expected.begin(), m_expected.end(),
                                   [&](const ExpectedTensor &other) { return other.name == name; });
    if (!known) // two nodes may share a tensor
        m_expected.push_back({name, std::move(shape)});
    return name;
}

int GraphBuilder::image(int64_t side)
{
    return add({.path = "input", .op = Operator::Input, .role = Role::Image, .shape = {3, side, side}});
}

int GraphBuilder::patchConvolution(const std::string &path, int image, int64_t patch, int64_t width)
{
    const int64_t side = node(image).shape.back() / patch;
    Node convolution{.path = path, .op = Operator::PatchConvolution, .inputs = {image}, .role = Role::Embedding,
                     .shape = {side * side, width}, .macs = side * side * width * 3 * patch * patch};
    convolution.parameters = {expect(path + ".weight", {width, 3, patch, patch}), expect(path + ".bias", {width})};
    return add(std::move(convolution));
}

int GraphBuilder::prependTokens(const std::string &path, int input, const std::vector<std::string> &tokens)
{
    Node joined = like(input, path, Operator::PrependTokens, Role::Embedding);
    for (const std::string &token : tokens)
        joined.parameters.push_back(expect(token, {1, 1, joined.shape.back()}));
    joined.shape.front() += static_cast<int64_t>(tokens.size());
    return add(std::move(joined));
}

int GraphBuilder::parameter(const std::string &path, std::vector<int64_t> shape, std::vector<int64_t> stored, Role role)
{
    return add({.path = path, .op = Operator::Parameter, .parameters = {expect(path, std::move(stored))}, .role = role,
                .shape = std::move(shape)});
}

int GraphBuilder::linear(const std::string &path, int input, int64_t out, Role role, bool bias)
{
    Node map = like(input, path, Operator::Linear, role);
    const int64_t in = map.shape.back();
    map.shape.back() = out;
    map.parameters = {expect(path + ".weight", {out, in})};
    if (bias)
        map.parameters.push_back(expect(path + ".bias", {out}));
    map.macs = in * out * rows(map);
    return add(std::move(map));
}

int GraphBuilder::layerNorm(const std::string &path, int input, Role role, const std::string &tensor)
{
    Node norm = like(input, path, Operator::LayerNorm, role);
    const std::string &name = tensor.empty() ? path : tensor;
    norm.parameters = {expect(name + ".weight", {norm.shape.back()}), expect(name + ".bias", {norm.shape.back()})};
    norm.epsilon = m_epsilon;
    return add(std::move(norm));
}

int GraphBuilder::sum(const std::string &path, int a, int b, Role role)
{
    Node added = like(a, path, Operator::Add, role);
    added.inputs.push_back(b);
    return add(std::move(added));
}

int GraphBuilder::takeToken(const std::string &path, int input, int index)
{
    return add({.path = path, .op = Operator::TakeToken, .inputs = {input}, .role = Role::ClassToken,
                .shape = {node(input).shape.back()}, .index = index});
}

int GraphBuilder::meanTokens(const std::string &path, int input)
{
    return add({.path = path, .op = Operator::MeanTokens, .inputs = {input}, .role = Role::Pooled,
                .shape = {node(input).shape.back()}});
}

int GraphBuilder::windowPartition(const std::string &path, int input, int64_t window, int64_t shift)
{
    Node windows = like(input, path, Operator::WindowPartition, node(input).role);
    windows.windows = windows.shape.front() / (window * window);
    windows.shape.front() = window * window;
    windows.window = static_cast<int>(window);
    windows.shift = static_cast<int>(shift);
    return add(std::move(windows));
}

int GraphBuilder::windowReverse(const std::string &path, int input, int64_t window, int64_t shift)
{
    Node image = like(input, path, Operator::WindowReverse, node(input).role);
    image.shape.front() *= image.windows;
    image.windows = 1;
    image.window = static_cast<int>(window);
    image.shift = static_cast<int>(shift);
    return add(std::move(image));
}

int GraphBuilder::patchMerging(int input, int64_t out)
{
    Node gather = like(input, "gather", Operator::PatchMerge, node(input).role);
    gather.shape = {gather.shape.front() / 4, gather.shape.back() * 4};
    const int norm = layerNorm("norm", add(std::move(gather)));
    return linear("reduction", norm, out, Role::Residual, false);
}

int GraphBuilder::biasedScores(int scores, int64_t window)
{
    const int64_t tokens = window * window;
    const int64_t distances = (2 * window - 1) * (2 * window - 1);
    const int64_t heads = node(scores).shape.front();
    const int table = parameter("attn.relative_position_bias_table", {distances, heads}, {distances, heads},
                                Role::PositionBias);
    const int bias = add({.path = "attn.relative_position_bias", .op = Operator::RelativePositionBias, .inputs = {table},
                          .role = Role::PositionBias, .shape = {heads, tokens, tokens},
                          .window = static_cast<int>(window)});
    return sum("attn.biased_scores", scores, bias, Role::Scores);
}

int GraphBuilder::attend(int input, const Attention &attention)
{
    const int64_t tokens = node(input).shape.front();
    const int64_t width = node(input).shape.back();
    const int64_t windows = node(input).windows;
    const int64_t heads = attention.heads;
    const int64_t headWidth = width / heads;
    const int qkv = linear("attn.qkv", input, 3 * width, Role::Qkv);
    std::array<int, 3> operands{};
    for (int i = 0; i < 3; ++i)
        operands[static_cast<size_t>(i)]
            = add({.path = std::array{"attn.q", "attn.k", "attn.v"}[static_cast<size_t>(i)], .op = Operator::SplitHeads,
                   .inputs = {qkv}, .role = Role::AttentionOperand, .shape = {heads, tokens, headWidth},
                   .windows = windows, .heads = static_cast<int>(heads), .index = i});
    const int64_t macs = windows * heads * tokens * tokens * headWidth;
    int scores = add({.path = "attn.scores", .op = Operator::MatmulTransposed, .inputs = {operands[0], operands[1]},
                      .role = Role::Scores, .shape = {heads, tokens, tokens}, .windows = windows,
                      .factor = 1.0 / std::sqrt(static_cast<double>(headWidth)), .scaleFirst = attention.scaleFirst,
                      .macs = macs});
    if (attention.biasWindow > 0)
        scores = biasedScores(scores, attention.biasWindow);
    Node softmax = like(scores, "attn.softmax", Operator::Softmax, Role::AttentionWeights);
    softmax.window = static_cast<int>(attention.window);
    softmax.shift = static_cast<int>(attention.shift);
    const int weights = add(std::move(softmax));
    const int context = add({.path = "attn.context", .op = Operator::MatmulMergeHeads, .inputs = {weights, operands[2]},
                             .role = Role::Context, .shape = {tokens, width}, .windows = windows,
                             .heads = static_cast<int>(heads), .macs = macs});
    return linear("attn.proj", context, width, Role::Projection);
}

int GraphBuilder::transformerBlock(int stream, const Attention &attention, int64_t hidden)
{
    const int norm = layerNorm("norm1", stream);
    int branch = norm;
    if (attention.window > 0)
        branch = windowPartition("attn.windows", branch, attention.window, attention.shift);
    branch = attend(branch, attention);
    if (attention.window > 0)
        branch = windowReverse("attn.image", branch, attention.window, attention.shift);
    return mlpBlock(sum("residual1", stream, branch, Role::Residual), hidden);
}

int GraphBuilder::mlpBlock(int stream, int64_t hidden)
{
    const int64_t width = node(stream).shape.back();
    const int norm = layerNorm("norm2", stream);
    const int fc1 = linear("mlp.fc1", norm, hidden, Role::Hidden);
    const int gelu = add(like(fc1, "mlp.gelu", Operator::Gelu, Role::Activation));
    const int fc2 = linear("mlp.fc2", gelu, width, Role::Projection);
    return sum("residual2", stream, fc2, Role::Residual);
}

Graph GraphBuilder::finish(int output)
{
    m_graph.output = output;
    m_graph.deriveTaps([this](const std::string &tensor) {
        const auto found = std::find_if(m_expected.begin(), m_expected.end(),
                                        [&](const ExpectedTensor &other) { return other.name == tensor; });
        int64_t elements = 1;
        for (const int64_t extent : found->shape)
            elements *= extent;
        return elements;
    });
    return std::move(m_graph);
}

} // namespace quantoscope
