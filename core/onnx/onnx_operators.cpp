// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/onnx/onnx_operators.h"

#include "core/data/token_order.h"

#include <numbers>

namespace quantoscope {

namespace {

using Ints = std::vector<int64_t>;

std::string scalar(OnnxGraph &graph, float value, const std::string &name)
{
    return graph.floats(name, {}, {&value, 1});
}

/// [B,k,D] of the parameters, the same for every image, before the tokens [B,N,D].
std::string prependTokens(OnnxGraph &graph, const Node &node, const std::string &tokens,
                          const std::vector<OnnxParameter> &parameters)
{
    const std::string images = graph.add("Shape", {tokens}, node.path + "/images", {{"start", int64_t{0}}, {"end", int64_t{1}}});
    const Ints rest = {1, node.shape.back()};
    const std::string shape = graph.add("Concat", {images, graph.integers(node.path + "/token_shape", rest)},
                                        node.path + "/expanded_shape", {{"axis", int64_t{0}}});
    std::vector<std::string> parts;
    for (const OnnxParameter &parameter : parameters)
        parts.push_back(graph.add("Expand", {parameter.name, shape}, node.path + "/" + parameter.name));
    parts.push_back(tokens);
    return graph.add("Concat", parts, node.path, {{"axis", int64_t{1}}});
}

std::string patchConvolution(OnnxGraph &graph, const Node &node, const std::string &image,
                             const std::vector<OnnxParameter> &parameters)
{
    const Ints patch(parameters[0].shape.end() - 2, parameters[0].shape.end());
    const std::string grid = graph.add("Conv", {image, parameters[0].name, parameters[1].name}, node.path + "/grid",
                                       {{"kernel_shape", patch}, {"strides", patch}});
    const std::string channels = graph.reshape(grid, {0, node.shape.back(), -1}, node.path + "/channels");
    return graph.add("Transpose", {channels}, node.path, {{"perm", Ints{0, 2, 1}}});
}

std::string linear(OnnxGraph &graph, const Node &node, const std::string &input, const std::vector<OnnxParameter> &parameters)
{
    if (parameters.size() < 2)
        return graph.add("MatMul", {input, parameters[0].name}, node.path);
    const std::string product = graph.add("MatMul", {input, parameters[0].name}, node.path + "/product");
    return graph.add("Add", {product, parameters[1].name}, node.path);
}

std::string splitHeads(OnnxGraph &graph, const Node &node, const std::string &fused)
{
    const std::string parts = graph.reshape(fused, {0, 0, 3, node.heads, -1}, node.path + "/parts");
    const std::string part = graph.add("Gather", {parts, graph.index(node.index)}, node.path + "/part", {{"axis", int64_t{2}}});
    return graph.add("Transpose", {part}, node.path, {{"perm", Ints{0, 2, 1, 3}}});
}

/// a b^T times the factor; which of them is multiplied decides the rounding.
std::string matmulTransposed(OnnxGraph &graph, const Node &node, const std::string &a, const std::string &b)
{
    const std::string factor = scalar(graph, static_cast<float>(node.factor), node.path + "/factor");
    const std::string transposed = graph.add("Transpose", {b}, node.path + "/transposed", {{"perm", Ints{0, 1, 3, 2}}});
    if (node.scaleFirst)
        return graph.add("MatMul", {graph.add("Mul", {a, factor}, node.path + "/scaled"), transposed}, node.path);
    return graph.add("Mul", {graph.add("MatMul", {a, transposed}, node.path + "/product"), factor}, node.path);
}

std::string softmax(OnnxGraph &graph, const Node &node, std::string scores)
{
    if (const std::vector<float> mask = shiftMask(node); !mask.empty()) {
        const int64_t tokens = node.shape.back();
        const std::string values = graph.floats(node.path + "/mask", {node.windows, 1, tokens, tokens}, mask);
        scores = graph.reshape(scores, {-1, node.windows, node.shape[0], tokens, tokens}, node.path + "/by_image");
        scores = graph.add("Add", {scores, values}, node.path + "/masked");
        scores = graph.reshape(scores, {-1, node.shape[0], tokens, tokens}, node.path + "/by_window");
    }
    return graph.add("Softmax", {scores}, node.path, {{"axis", int64_t{-1}}});
}

std::string matmulMergeHeads(OnnxGraph &graph, const Node &node, const std::string &a, const std::string &b)
{
    const std::string heads = graph.add("MatMul", {a, b}, node.path + "/heads");
    const std::string tokens = graph.add("Transpose", {heads}, node.path + "/tokens", {{"perm", Ints{0, 2, 1, 3}}});
    return graph.reshape(tokens, {0, 0, node.shape.back()}, node.path);
}

/// x 0.5 (1 + erf(x / sqrt 2)), in the order that programs look for when they join it.
std::string gelu(OnnxGraph &graph, const Node &node, const std::string &x)
{
    const std::string root = scalar(graph, std::numbers::sqrt2_v<float>, "constant/sqrt2");
    const std::string one = scalar(graph, 1, "constant/one");
    const std::string half = scalar(graph, 0.5F, "constant/half");
    const std::string scaled = graph.add("Div", {x, root}, node.path + "/scaled");
    const std::string erf = graph.add("Erf", {scaled}, node.path + "/erf");
    const std::string sum = graph.add("Add", {erf, one}, node.path + "/sum");
    return graph.add("Mul", {graph.add("Mul", {x, sum}, node.path + "/product"), half}, node.path);
}

/// Rows of axis 1 in the node's order.
std::string gathered(OnnxGraph &graph, const Node &node, const std::string &input, const std::string &name)
{
    return graph.add("Gather", {input, graph.integers(node.path + "/rows", rowOrder(node))}, name, {{"axis", int64_t{1}}});
}

/// Shape of one image's, or window's, value behind what is left.
std::string shaped(OnnxGraph &graph, const Node &node, const std::string &input, const std::string &name)
{
    Ints shape = {-1};
    shape.insert(shape.end(), node.shape.begin(), node.shape.end());
    return graph.reshape(input, shape, name);
}

std::string positionBias(OnnxGraph &graph, const Node &node, const std::string &table)
{
    const int64_t tokens = node.shape.back();
    const std::string rows = gathered(graph, node, table, node.path + "/gathered");
    const std::string pairs = graph.reshape(rows, {1, tokens, tokens, node.shape.front()}, node.path + "/pairs");
    return graph.add("Transpose", {pairs}, node.path, {{"perm", Ints{0, 3, 1, 2}}});
}

} // namespace

std::string addOperator(OnnxGraph &graph, const Node &node, const std::vector<std::string> &inputs,
                        const std::vector<OnnxParameter> &parameters)
{
    switch (node.op) {
    case Operator::Input:
    case Operator::Parameter: break;
    case Operator::PatchConvolution: return patchConvolution(graph, node, inputs[0], parameters);
    case Operator::PrependTokens: return prependTokens(graph, node, inputs[0], parameters);
    case Operator::Add: return graph.add("Add", {inputs[0], inputs[1]}, node.path);
    case Operator::LayerNorm:
        return graph.add("LayerNormalization", {inputs[0], parameters[0].name, parameters[1].name}, node.path,
                         {{"axis", int64_t{-1}}, {"epsilon", static_cast<float>(node.epsilon)}});
    case Operator::Linear: return linear(graph, node, inputs[0], parameters);
    case Operator::SplitHeads: return splitHeads(graph, node, inputs[0]);
    case Operator::MatmulTransposed: return matmulTransposed(graph, node, inputs[0], inputs[1]);
    case Operator::Softmax: return softmax(graph, node, inputs[0]);
    case Operator::MatmulMergeHeads: return matmulMergeHeads(graph, node, inputs[0], inputs[1]);
    case Operator::Gelu: return gelu(graph, node, inputs[0]);
    case Operator::TakeToken:
        return graph.add("Gather", {inputs[0], graph.index(node.index)}, node.path, {{"axis", int64_t{1}}});
    case Operator::MeanTokens:
        return graph.add("ReduceMean", {inputs[0]}, node.path, {{"axes", Ints{1}}, {"keepdims", int64_t{0}}});
    case Operator::WindowPartition:
    case Operator::PatchMerge:
        return shaped(graph, node, gathered(graph, node, inputs[0], node.path + "/gathered"), node.path);
    case Operator::WindowReverse:
        return gathered(graph, node, shaped(graph, node, inputs[0], node.path + "/image"), node.path);
    case Operator::RelativePositionBias: return positionBias(graph, node, inputs[0]);
    case Operator::Average:
        return graph.add("Mul", {graph.add("Add", {inputs[0], inputs[1]}, node.path + "/sum"), scalar(graph, 0.5F, "constant/half")},
                         node.path);
    }
    return {};
}

} // namespace quantoscope
