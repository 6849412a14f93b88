// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/onnx/onnx_graph.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace quantoscope {

std::string OnnxGraph::add(const char *op, const std::vector<std::string> &inputs, const std::string &name,
                           const std::vector<Attribute> &attributes)
{
    onnx::NodeProto *node = m_graph.add_node();
    node->set_op_type(op);
    node->set_name(name);
    for (const std::string &input : inputs)
        node->add_input(input);
    node->add_output(name);
    for (const auto &[key, value] : attributes) {
        onnx::AttributeProto *attribute = node->add_attribute();
        attribute->set_name(key);
        if (const auto *number = std::get_if<int64_t>(&value)) {
            attribute->set_type(onnx::AttributeProto::INT);
            attribute->set_i(*number);
        } else if (const auto *real = std::get_if<float>(&value)) {
            attribute->set_type(onnx::AttributeProto::FLOAT);
            attribute->set_f(*real);
        } else {
            attribute->set_type(onnx::AttributeProto::INTS);
            for (const int64_t one : std::get<std::vector<int64_t>>(value))
                attribute->add_ints(one);
        }
    }
    return name;
}

onnx::TensorProto *OnnxGraph::constant(const std::string &name, int type, const Shape &shape)
{
    if (!m_constants.insert(name).second)
        return nullptr;
    onnx::TensorProto *tensor = m_graph.add_initializer();
    tensor->set_name(name);
    tensor->set_data_type(type);
    for (const int64_t extent : shape)
        tensor->add_dims(extent);
    return tensor;
}

std::string OnnxGraph::floats(const std::string &name, const Shape &shape, std::span<const float> values)
{
    if (onnx::TensorProto *tensor = constant(name, onnx::TensorProto::FLOAT, shape))
        tensor->set_raw_data(values.data(), values.size_bytes()); // little-endian, as ONNX wants it
    return name;
}

std::string OnnxGraph::codes(const std::string &name, const Shape &shape, std::span<const int> values, bool isSigned)
{
    if (onnx::TensorProto *tensor = constant(name, isSigned ? onnx::TensorProto::INT8 : onnx::TensorProto::UINT8, shape)) {
        std::string bytes(values.size(), '\0');
        std::transform(values.begin(), values.end(), bytes.begin(), [](int code) { return static_cast<char>(code); });
        tensor->set_raw_data(std::move(bytes));
    }
    return name;
}

std::string OnnxGraph::integers(const std::string &name, std::span<const int64_t> values)
{
    if (onnx::TensorProto *tensor
        = constant(name, onnx::TensorProto::INT64, {static_cast<int64_t>(values.size())}))
        tensor->set_raw_data(values.data(), values.size_bytes());
    return name;
}

std::string OnnxGraph::index(int64_t value)
{
    const std::string name = fmt::format("index/{}", value);
    if (onnx::TensorProto *tensor = constant(name, onnx::TensorProto::INT64, {}))
        tensor->set_raw_data(&value, sizeof value);
    return name;
}

std::string OnnxGraph::reshape(const std::string &value, const Shape &shape, const std::string &name)
{
    return add("Reshape", {value, integers(fmt::format("shape/{}", fmt::join(shape, "x")), shape)}, name);
}

} // namespace quantoscope
