// SPDX-License-Identifier: GPL-3.0-or-later
// Appends nodes to a graph and notes which tensors, of which shapes, they read: the graph is the one place that says what a
// checkpoint must hold. The blocks that vision transformers share are here, once.
#pragma once

#include "core/data/graph.h"

#include <functional>
#include <string>
#include <vector>

namespace quantoscope {

/// A tensor that the graph reads.
struct ExpectedTensor {
    std::string name;
    std::vector<int64_t> shape;
};

/// A constant that some programs store beside the weights. It may be there, and must then hold these values.
struct StoredConstant {
    std::string name;
    std::vector<int64_t> shape;
    std::function<std::vector<float>()> values;
};

/// The index of RelativePositionBias as timm and its relatives store it, [w*w, w*w].
[[nodiscard]] StoredConstant relativePositionIndex(const std::string &tensor, int64_t window);

/// One attention layer.
struct Attention {
    int64_t heads = 1;
    bool scaleFirst = false; ///< q is scaled before the product with k (Swin), not the product (ViT)
    int64_t biasWindow = 0;  ///< a relative position bias over this many tokens squared; 0: none
    int64_t window = 0;      ///< tokens attend to those of their window of this side; 0: to all
    int64_t shift = 0;       ///< of the windows
};

class GraphBuilder {
public:
    explicit GraphBuilder(double layerNormEpsilon) : m_epsilon(layerNormEpsilon) {}

    /// Until leave(), paths of nodes and tensors begin with `prefix` ("blocks.3.") and nodes belong to `block`.
    void enter(std::string prefix, int block);
    void leave() { enter({}, -1); }

    // Each returns the new node's index. A node of path p reads the tensors p.weight and p.bias unless said otherwise.

    int add(Node node); ///< prefix and block are put in
    int image(int64_t side);
    /// Kernel and stride `patch`, any grid that `image` yields.
    int patchConvolution(const std::string &path, int image, int64_t patch, int64_t width);
    int prependTokens(const std::string &path, int input, const std::vector<std::string> &tokens);
    /// A tensor of the same name as a value; `stored` may have a leading 1 that `shape` lacks.
    int parameter(const std::string &path, std::vector<int64_t> shape, std::vector<int64_t> stored, Role role);
    int linear(const std::string &path, int input, int64_t out, Role role, bool bias = true);
    /// `tensor`: name before .weight and .bias; empty: the path.
    int layerNorm(const std::string &path, int input, Role role = Role::Normalized, const std::string &tensor = {});
    int sum(const std::string &path, int a, int b, Role role);
    int takeToken(const std::string &path, int input, int index);
    int meanTokens(const std::string &path, int input);
    int windowPartition(const std::string &path, int input, int64_t window, int64_t shift);
    int windowReverse(const std::string &path, int input, int64_t window, int64_t shift);
    /// Patch merging: gather 2 x 2 tokens, normalise, project to `out` without bias. Paths gather, norm, reduction.
    int patchMerging(int input, int64_t out);

    /// x + attention(norm1(x)), then mlpBlock: a pre-norm transformer block.
    int transformerBlock(int stream, const Attention &attention, int64_t hidden);
    /// x + mlp(norm2(x)).
    int mlpBlock(int stream, int64_t hidden);

    [[nodiscard]] const Node &node(int index) const { return m_graph.nodes[static_cast<size_t>(index)]; }
    [[nodiscard]] const std::vector<ExpectedTensor> &expected() const { return m_expected; }
    [[nodiscard]] const std::vector<StoredConstant> &constants() const { return m_constants; }
    void mayHold(StoredConstant constant) { m_constants.push_back(std::move(constant)); }
    /// The finished graph with its taps; the builder is empty afterwards.
    [[nodiscard]] Graph finish(int output);

private:
    /// A node that reads `input` and has its shape.
    [[nodiscard]] Node like(int input, const std::string &path, Operator op, Role role) const;
    std::string expect(const std::string &tensor, std::vector<int64_t> shape);
    int attend(int input, const Attention &attention);
    int biasedScores(int scores, int64_t window);

    double m_epsilon;
    Graph m_graph;
    std::vector<ExpectedTensor> m_expected;
    std::vector<StoredConstant> m_constants;
    std::string m_prefix;
    int m_block = -1;
};

} // namespace quantoscope
