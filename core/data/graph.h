// SPDX-License-Identifier: GPL-3.0-or-later
// A model as data: named nodes in topological order, and the taps where a value may be quantized.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace quantoscope {

/// What a node computes. Shapes are given without the leading dimension, which counts images, or images times windows
/// between WindowPartition and WindowReverse.
enum class Operator {
    Input,            ///< normalised image [3,H,W]
    PatchConvolution, ///< image -> tokens [N,D]; kernel = stride = patch size; parameters weight, bias
    PrependTokens,    ///< parameters (class token, distillation token) put before the input tokens
    Parameter,        ///< a parameter as a value of its own (position embedding, bias table), no inputs
    Add,              ///< elementwise sum of two inputs (the second may lack the image dimension)
    LayerNorm,        ///< parameters weight (gamma), bias (beta); attribute epsilon
    Linear,           ///< parameters weight [out,in] and, if there is one, bias [out]
    SplitHeads,       ///< fused qkv [N,3D] -> [heads,N,headDim]; attribute index 0 q, 1 k, 2 v
    MatmulTransposed, ///< a [h,N,d], b [h,N,d] -> a b^T * factor, [h,N,N]; attribute scaleFirst: (a * factor) b^T
    Softmax,          ///< over the last axis; attributes window, shift: tokens from unlike sides of the image are masked
    MatmulMergeHeads, ///< a [h,N,N], b [h,N,d] -> [N, h*d]
    Gelu,             ///< exact (erf) form
    TakeToken,        ///< [N,D] -> [D]; attribute index
    MeanTokens,       ///< [N,D] -> [D], mean over the tokens
    WindowPartition,  ///< grid of tokens [G*G,D] rolled by -shift -> windows [w*w,D]; attributes window, shift
    WindowReverse,    ///< the way back: windows [w*w,D] -> [G*G,D]
    PatchMerge,       ///< [G*G,D] -> [G*G/4,4D]: tokens of 2 x 2 cells side by side: upper left, lower left, upper right, lower right
    RelativePositionBias, ///< table [(2w-1)^2,heads] -> [heads,w*w,w*w], entry by distance; attribute window
    Average,          ///< elementwise mean of its inputs (two heads of a distilled DeiT)
};

/// What part a value plays in the network; rules of recipes and plans select by it.
enum class Role {
    Image,
    Embedding,         ///< patch convolution output, and tokens after the class token was prepended
    PositionEmbedding,
    PositionBias,      ///< table of relative position biases
    Residual,          ///< the residual stream where it is written: sums (also with the position embedding), patch merging
    Normalized,        ///< LayerNorm output
    Qkv,               ///< output of the fused query/key/value projection
    AttentionOperand,  ///< q, k or v per head
    Scores,            ///< scaled q k^T, and its sum with the position bias, before softmax
    AttentionWeights,  ///< softmax output
    Context,           ///< attention weights times v, heads merged
    Projection,        ///< output of a projection that writes the residual branch
    Hidden,            ///< fc1 output, before GELU
    Activation,        ///< GELU output
    ClassToken,        ///< the token that enters the classifier
    Pooled,            ///< the mean of the tokens, where that enters the classifier
    Logits,
    Weight,
};

enum class TapKind {
    Activation, ///< a node's output, different for every image
    Parameter,  ///< a parameter quantized like an activation (position embedding, bias table)
    Weight,     ///< the weight of a linear or convolution node
};

struct Node {
    std::string path = {};               ///< unique, e.g. "blocks.3.attn.softmax"
    Operator op = Operator::Input;
    std::vector<int> inputs = {};        ///< indices of earlier nodes
    std::vector<std::string> parameters = {}; ///< canonical tensor names, in the order the operator documents
    Role role = Role::Image;
    int block = -1;                      ///< running index of the block over all stages, -1 outside
    std::vector<int64_t> shape = {};     ///< output shape without the leading dimension
    int64_t windows = 1;                 ///< per image: the leading dimension is images * windows
    int heads = 0;                       ///< SplitHeads, MatmulMergeHeads
    int index = 0;                       ///< SplitHeads (0,1,2), TakeToken
    int window = 0;                      ///< side of a window in tokens: WindowPartition, WindowReverse, RelativePositionBias, Softmax
    int shift = 0;                       ///< WindowPartition, WindowReverse, Softmax
    double epsilon = 0;                  ///< LayerNorm
    double factor = 1;                   ///< MatmulTransposed
    bool scaleFirst = false;             ///< MatmulTransposed
    int64_t macs = 0;                    ///< multiply-accumulates per image
};

struct Tap {
    std::string path;      ///< the node's path, or "<node>.weight"; unique
    TapKind kind = TapKind::Activation;
    Role role = Role::Image;
    int node = -1;
    std::string parameter; ///< tensor name for Weight and Parameter taps
    int block = -1;
    int64_t channels = 1;  ///< last axis of activations (heads for scores and attention weights); output channels of weights
    int64_t elements = 0;  ///< values per image (all windows), or of the weight
    bool feedsLayerNorm = false;
};

struct Graph {
    std::vector<Node> nodes; ///< topological: inputs precede
    std::vector<Tap> taps;   ///< in order of execution; a weight's tap precedes its node's output
    int output = -1;         ///< node that yields the logits

    [[nodiscard]] int findTap(const std::string &path) const;       ///< index or -1
    [[nodiscard]] int findNode(const std::string &path) const;      ///< index or -1
    [[nodiscard]] int outputTap(int node) const;                    ///< tap of a node's output
    [[nodiscard]] int weightTap(int node) const;                    ///< tap of a node's weight or -1
    [[nodiscard]] std::vector<int> consumers(int node) const;       ///< nodes that read it
    /// The node whose output `node` merely selects from or re-arranges (a token, heads, windows); `node` itself otherwise.
    [[nodiscard]] int valueSource(int node) const;
    /// Derives `taps` from `nodes`: one per output and per weight. `weightElements` gives a tensor's element count.
    template <typename ElementCount>
    void deriveTaps(ElementCount weightElements);
};

/// Path without "blocks.N.": what distinguishes a tap inside its block. The whole path outside of blocks.
[[nodiscard]] std::string nameInBlock(const Tap &tap);

/// Operators that select or re-arrange values of their input without arithmetic; they have no quantizer of their own.
[[nodiscard]] constexpr bool isView(Operator op)
{
    switch (op) {
    case Operator::SplitHeads:
    case Operator::TakeToken:
    case Operator::WindowPartition:
    case Operator::WindowReverse:
    case Operator::PatchMerge:
    case Operator::RelativePositionBias: return true;
    default: return false;
    }
}

/// Four-dimensional activations are observed as NCHW by the published observers: heads, or colours, are the channels.
[[nodiscard]] inline bool hasChannelsFirst(const Node &node)
{
    return node.shape.size() == 3;
}

[[nodiscard]] const char *name(Operator op);  ///< stable English identifier, e.g. "layer_norm"
[[nodiscard]] const char *name(Role role);    ///< e.g. "attention_weights"
[[nodiscard]] const char *name(TapKind kind); ///< "activation", "parameter", "weight"

template <typename ElementCount>
void Graph::deriveTaps(ElementCount weightElements)
{
    taps.clear();
    std::vector<char> normed(nodes.size(), 0);
    for (const Node &node : nodes)
        if (node.op == Operator::LayerNorm)
            normed[static_cast<size_t>(valueSource(node.inputs.front()))] = 1;
    for (size_t i = 0; i < nodes.size(); ++i) {
        const Node &node = nodes[i];
        if (node.op == Operator::Linear || node.op == Operator::PatchConvolution) {
            Tap weight;
            weight.path = node.path + ".weight";
            weight.kind = TapKind::Weight;
            weight.role = Role::Weight;
            weight.node = static_cast<int>(i);
            weight.parameter = node.parameters.front();
            weight.block = node.block;
            weight.channels = node.shape.back();
            weight.elements = weightElements(weight.parameter);
            taps.push_back(weight);
        }
        Tap tap;
        tap.path = node.path;
        tap.kind = node.op == Operator::Parameter ? TapKind::Parameter : TapKind::Activation;
        tap.role = node.role;
        tap.node = static_cast<int>(i);
        tap.parameter = node.op == Operator::Parameter ? node.parameters.front() : std::string();
        tap.block = node.block;
        tap.channels = hasChannelsFirst(node) ? node.shape.front() : node.shape.back();
        tap.elements = node.windows;
        for (const int64_t extent : node.shape)
            tap.elements *= extent;
        tap.feedsLayerNorm = normed[i] != 0;
        taps.push_back(tap);
    }
}

} // namespace quantoscope
