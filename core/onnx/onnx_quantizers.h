// SPDX-License-Identifier: GPL-3.0-or-later
// Quantizers as pairs of QuantizeLinear and DequantizeLinear (QDQ). Private to core/onnx.
#pragma once

#include "core/onnx/onnx_graph.h"
#include "core/quantization/plan_export.h"

#include <span>
#include <string>

namespace quantoscope {

/// Why no such pair says what the calibrated tap does: empty where one does. 8 bit types hold the codes of less bits.
[[nodiscard]] std::string whyNoPair(const PlannedTap &tap);

/// Where a value's channels are, for the scales of a tap that has several.
struct ChannelAxis {
    int64_t axis = 0;
    int64_t rank = 1; ///< of the value
};

/// Rounds `value` to the tap's grid and back; returns the name of the result. Where the grid has less codes than the type,
/// or `alwaysClip`, the value is clipped to it before.
std::string addPair(OnnxGraph &graph, const PlannedTap &tap, const std::string &value, ChannelAxis axis, bool alwaysClip);

/// A tensor of the checkpoint as codes of the tap's grid with the DequantizeLinear behind it. `values`: row-major of `shape`;
/// `axis` and `run` say where the channels are in the file, and how many consecutive values of `values` share a scale
/// (scaleRun). `transpose`: the file has [in,out] of values that are [out,in].
std::string addCodes(OnnxGraph &graph, const PlannedTap &tap, std::span<const float> values, const OnnxGraph::Shape &shape,
                     int64_t axis, int64_t run, bool transpose);

/// [out,in] as [in,out].
template <typename Value>
[[nodiscard]] std::vector<Value> transposed(std::span<const Value> values, int64_t rows, int64_t columns)
{
    std::vector<Value> result(values.size());
    for (int64_t r = 0; r < rows; ++r)
        for (int64_t c = 0; c < columns; ++c)
            result[static_cast<size_t>(c * rows + r)] = values[static_cast<size_t>(r * columns + c)];
    return result;
}

} // namespace quantoscope
