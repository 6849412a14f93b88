// SPDX-License-Identifier: GPL-3.0-or-later
// An ONNX graph while it is built: nodes, constants, and the names between them. Private to core/onnx.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace quantoscope {

/// A value of the graph is known by its name; every function that makes one returns it.
class OnnxGraph {
public:
    using Attribute = std::pair<const char *, std::variant<int64_t, float, std::vector<int64_t>>>;
    using Shape = std::vector<int64_t>;

    /// Borrows `graph`.
    explicit OnnxGraph(onnx::GraphProto &graph) : m_graph(graph) {}

    /// A node with one output, which gets the node's name.
    std::string add(const char *op, const std::vector<std::string> &inputs, const std::string &name,
                    const std::vector<Attribute> &attributes = {});
    /// Tensors of the file; a name that is there already stands for the same values and is not added again.
    std::string floats(const std::string &name, const Shape &shape, std::span<const float> values);
    /// `isSigned`: int8, else uint8; every code must lie in that type.
    std::string codes(const std::string &name, const Shape &shape, std::span<const int> values, bool isSigned);
    /// Shapes and indices, named after their values where they are few.
    std::string integers(const std::string &name, std::span<const int64_t> values);
    /// A single index, which takes its axis away where it is gathered.
    std::string index(int64_t value);
    /// `shape` as Reshape reads it: 0 as it was, -1 what is left.
    std::string reshape(const std::string &value, const Shape &shape, const std::string &name);

    [[nodiscard]] bool has(const std::string &constant) const { return m_constants.contains(constant); }

private:
    onnx::TensorProto *constant(const std::string &name, int type, const Shape &shape);

    onnx::GraphProto &m_graph;
    std::set<std::string> m_constants; ///< names
};

} // namespace quantoscope
