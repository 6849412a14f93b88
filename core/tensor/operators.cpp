// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/operators.h"

#include "core/data/token_order.h"

#include <ATen/ATen.h>

namespace quantoscope {

namespace {

/// Shape of the node's value: `leading` images or images times windows.
std::vector<int64_t> shaped(int64_t leading, const Node &node)
{
    std::vector<int64_t> shape = {leading};
    shape.insert(shape.end(), node.shape.begin(), node.shape.end());
    return shape;
}

at::Tensor patchConvolution(const at::Tensor &image, const at::Tensor &weight, const at::Tensor &bias)
{
    return at::conv2d(image, weight, bias, {weight.size(2), weight.size(3)}).flatten(2).transpose(1, 2).contiguous();
}

at::Tensor prependTokens(const at::Tensor &tokens, const std::vector<at::Tensor> &extra)
{
    std::vector<at::Tensor> parts;
    for (const at::Tensor &token : extra)
        parts.push_back(token.expand({tokens.size(0), -1, -1}));
    parts.push_back(tokens);
    return at::cat(parts, 1);
}

at::Tensor splitHeads(const at::Tensor &qkv, int64_t heads, int64_t index)
{
    // Put together here, once, rather than by each product that reads it.
    return qkv.view({qkv.size(0), qkv.size(1), 3, heads, -1}).select(2, index).transpose(1, 2).contiguous();
}

/// Between images [B,G*G,D] and windows [B*windows,w*w,D] both the order of the tokens and the shape change.
at::Tensor partition(const at::Tensor &image, const Node &node, const at::Tensor &rows)
{
    return image.index_select(1, rows).view(shaped(image.size(0) * node.windows, node));
}

at::Tensor reverse(const at::Tensor &windows, const Node &node, const at::Tensor &rows)
{
    const int64_t images = windows.numel() / (node.shape[0] * node.shape[1]);
    return windows.reshape(shaped(images, node)).index_select(1, rows);
}

at::Tensor positionBias(const at::Tensor &table, const Node &node, const at::Tensor &rows)
{
    const int64_t tokens = node.shape.back();
    return table.index_select(1, rows).view({1, tokens, tokens, node.shape.front()}).permute({0, 3, 1, 2}).contiguous();
}

} // namespace

NodeConstants constantsOf(const Node &node, const at::Device &device)
{
    NodeConstants constants;
    if (const std::vector<int64_t> rows = rowOrder(node); !rows.empty())
        constants.rows = at::tensor(rows, at::kLong).to(device);
    if (node.op == Operator::Softmax)
        if (const std::vector<float> mask = shiftMask(node); !mask.empty())
            constants.mask = at::tensor(mask, at::kFloat).view({node.windows, 1, node.shape[1], node.shape[2]}).to(device);
    return constants;
}

at::Tensor unscaledScores(const Node &node, const at::Tensor &query, const at::Tensor &key)
{
    return at::matmul(node.scaleFirst ? query.mul(node.factor) : query, key.transpose(-2, -1));
}

at::Tensor maskedScores(const at::Tensor &scores, const at::Tensor &mask)
{
    const int64_t windows = mask.size(0);
    const at::Tensor byImage
        = scores.reshape({scores.size(0) / windows, windows, scores.size(1), scores.size(2), scores.size(3)});
    return at::add(byImage, mask).view(scores.sizes());
}

at::Tensor applyOperator(const Node &node, const std::vector<at::Tensor> &inputs,
                         const std::vector<at::Tensor> &parameters, const NodeConstants &constants)
{
    switch (node.op) {
    case Operator::Input: break; // has no inputs; the executor holds the image
    case Operator::PatchConvolution: return patchConvolution(inputs[0], parameters[0], parameters[1]);
    case Operator::PrependTokens: return prependTokens(inputs[0], parameters);
    case Operator::Parameter: return parameters[0].view(shaped(1, node));
    case Operator::Add: return at::add(inputs[0], inputs[1]);
    case Operator::LayerNorm:
        return at::layer_norm(inputs[0], {inputs[0].size(-1)}, parameters[0], parameters[1], node.epsilon);
    case Operator::Linear:
        return at::linear(inputs[0], parameters[0], parameters.size() > 1 ? parameters[1] : at::Tensor());
    case Operator::SplitHeads: return splitHeads(inputs[0], node.heads, node.index);
    case Operator::MatmulTransposed: { // rounded in the order of the published programs: ViT scales the product, Swin the query
        at::Tensor scores = unscaledScores(node, inputs[0], inputs[1]);
        return node.scaleFirst ? scores : scores.mul_(node.factor);
    }
    case Operator::Softmax:
        return at::softmax(constants.mask.defined() ? maskedScores(inputs[0], constants.mask) : inputs[0], -1);
    case Operator::MatmulMergeHeads: return at::matmul(inputs[0], inputs[1]).transpose(1, 2).flatten(2);
    case Operator::Gelu: return at::gelu(inputs[0]);
    case Operator::TakeToken: return inputs[0].select(1, node.index);
    case Operator::MeanTokens: return inputs[0].mean(1);
    case Operator::WindowPartition: return partition(inputs[0], node, constants.rows);
    case Operator::WindowReverse: return reverse(inputs[0], node, constants.rows);
    case Operator::PatchMerge:
        return inputs[0].index_select(1, constants.rows).view(shaped(inputs[0].size(0), node));
    case Operator::RelativePositionBias: return positionBias(inputs[0], node, constants.rows);
    case Operator::Average: return at::add(inputs[0], inputs[1]).mul_(0.5);
    }
    TORCH_CHECK(false, "the operator '", name(node.op), "' has no float form");
}

} // namespace quantoscope
