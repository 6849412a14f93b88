// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/onnx/onnx_quantizers.h"

#include "core/quantization/fake_quantize.h"
#include "core/quantization/plan_format.h"

#include <cmath>
#include <vector>

namespace quantoscope {

namespace {

constexpr int kTypeBits = 8;

struct Grid {
    std::vector<float> scales;
    std::vector<int> zeroPoints;
    [[nodiscard]] bool isOne() const { return scales.size() == 1; }
};

Grid gridOf(const PlannedTap &tap)
{
    Grid grid;
    for (size_t c = 0; c < scalesOf(tap); ++c) {
        grid.scales.push_back(scaleOf(tap, c));
        grid.zeroPoints.push_back(static_cast<int>(zeroPointOf(tap, c)));
    }
    return grid;
}

OnnxGraph::Shape listShape(const Grid &grid)
{
    return grid.isOne() ? OnnxGraph::Shape{} : OnnxGraph::Shape{static_cast<int64_t>(grid.scales.size())};
}

struct GridNames {
    std::string scale;
    std::string zeroPoint;
};

GridNames addGrid(OnnxGraph &graph, const PlannedTap &tap, const Grid &grid)
{
    return {graph.floats(tap.tap.path + "/scale", listShape(grid), grid.scales),
            graph.codes(tap.tap.path + "/zero_point", listShape(grid), grid.zeroPoints, tap.parameters.isSigned)};
}

/// Values of the outermost codes, shaped so that they meet the value's channels.
std::string addBound(OnnxGraph &graph, const PlannedTap &tap, const Grid &grid, float code, const char *name, ChannelAxis axis)
{
    std::vector<float> bounds;
    for (size_t c = 0; c < grid.scales.size(); ++c)
        bounds.push_back((code - static_cast<float>(grid.zeroPoints[c])) * grid.scales[c]);
    OnnxGraph::Shape shape = listShape(grid);
    if (!grid.isOne())
        shape.resize(static_cast<size_t>(axis.rank - axis.axis), 1);
    return graph.floats(tap.tap.path + name, shape, bounds);
}

std::vector<OnnxGraph::Attribute> axisOf(const Grid &grid, int64_t axis)
{
    return grid.isOne() ? std::vector<OnnxGraph::Attribute>{} : std::vector<OnnxGraph::Attribute>{{"axis", axis}};
}

} // namespace

std::string whyNoPair(const PlannedTap &tap)
{
    if (std::string reason = whyNotUniform(tap); !reason.empty())
        return reason;
    for (size_t c = 0; c < scalesOf(tap); ++c)
        if (const float z = zeroPointOf(tap, c); z < tap.parameters.lowestCode() || z > tap.parameters.highestCode())
            return "its zero point is none of its codes";
    return {};
}

std::string addPair(OnnxGraph &graph, const PlannedTap &tap, const std::string &value, ChannelAxis axis, bool alwaysClip)
{
    const Grid grid = gridOf(tap);
    const std::string &path = tap.tap.path;
    std::string clipped = value;
    if (tap.parameters.bits < kTypeBits || tap.parameters.narrowRange || alwaysClip) {
        const std::string low = addBound(graph, tap, grid, tap.parameters.lowestCode(), "/lowest", axis);
        const std::string high = addBound(graph, tap, grid, tap.parameters.highestCode(), "/highest", axis);
        if (!alwaysClip && grid.isOne())
            clipped = graph.add("Clip", {value, low, high}, path + "/clipped");
        else // Clip has one range for all channels, and one that takes nothing away is itself taken away
            clipped = graph.add("Min", {graph.add("Max", {value, low}, path + "/not_below"), high}, path + "/clipped");
    }
    const GridNames names = addGrid(graph, tap, grid);
    const auto attributes = axisOf(grid, axis.axis);
    const std::string codes
        = graph.add("QuantizeLinear", {clipped, names.scale, names.zeroPoint}, path + "/codes", attributes);
    return graph.add("DequantizeLinear", {codes, names.scale, names.zeroPoint}, path + "/quantized", attributes);
}

std::string addCodes(OnnxGraph &graph, const PlannedTap &tap, std::span<const float> values, const OnnxGraph::Shape &shape,
                     int64_t axis, int64_t run, bool transpose)
{
    const QuantizerParameters &parameters = tap.parameters;
    std::vector<float> rounded(values.size());
    fakeQuantize(parameters, values.data(), rounded.data(), static_cast<int64_t>(values.size()), run);
    std::vector<int> codes(values.size());
    for (size_t i = 0; i < codes.size(); ++i) {
        const size_t scale = i / static_cast<size_t>(run) % parameters.scale.size();
        codes[i] = static_cast<int>(std::nearbyint(rounded[i] / parameters.scale[scale]) + parameters.zeroPointOf(scale));
    }
    OnnxGraph::Shape stored = shape;
    if (transpose) {
        codes = transposed(std::span<const int>(codes), shape[0], shape[1]);
        std::swap(stored[0], stored[1]);
    }
    const Grid grid = gridOf(tap);
    const GridNames names = addGrid(graph, tap, grid);
    const std::string stored8 = graph.codes(tap.tap.path + "/codes", stored, codes, parameters.isSigned);
    return graph.add("DequantizeLinear", {stored8, names.scale, names.zeroPoint}, tap.tap.path + "/quantized",
                     axisOf(grid, axis));
}

} // namespace quantoscope
