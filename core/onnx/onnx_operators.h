// SPDX-License-Identifier: GPL-3.0-or-later
// What each operator of a model is in ONNX, opset 17. Private to core/onnx.
#pragma once

#include "core/data/graph.h"
#include "core/onnx/onnx_graph.h"

#include <string>
#include <vector>

namespace quantoscope {

/// A tensor of the checkpoint as a value of the graph.
struct OnnxParameter {
    std::string name;
    std::vector<int64_t> shape; ///< as stored in the checkpoint
};

/// Adds what `node` computes and returns its value's name, `node.path`. `inputs` and `parameters` are in the order that
/// Operator documents; the value of a Linear node's weight is transposed, [in,out]. Values lead with images, or images
/// times windows, as in Node::shape. Input and Parameter nodes are not computed and have no place here.
std::string addOperator(OnnxGraph &graph, const Node &node, const std::vector<std::string> &inputs,
                        const std::vector<OnnxParameter> &parameters);

} // namespace quantoscope
