// SPDX-License-Identifier: GPL-3.0-or-later
// Where the channels of a tap's values lie in memory, and with them the scales of its quantizer.
#pragma once

#include "core/data/graph.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace quantoscope {

/// Whether the channel axis comes first, each channel being one run of values: output channels of weights, colours of the
/// image, heads. Otherwise it is the last axis.
[[nodiscard]] inline bool channelsComeFirst(const Graph &graph, const Tap &tap)
{
    return tap.kind == TapKind::Weight || hasChannelsFirst(graph.nodes[static_cast<size_t>(tap.node)]);
}

/// Whether the channels are attention heads.
[[nodiscard]] inline bool channelsAreHeads(const Graph &graph, const Tap &tap)
{
    return tap.kind == TapKind::Activation && tap.role != Role::Image && channelsComeFirst(graph, tap);
}

/// Consecutive values that share a scale when the tap has `scales` of them, a divisor of Tap::channels: value i of a
/// batch uses scale (i / run) % scales.
[[nodiscard]] inline int64_t scaleRun(const Graph &graph, const Tap &tap, size_t scales)
{
    if (!channelsComeFirst(graph, tap))
        return 1;
    int64_t values = tap.elements;
    if (tap.kind != TapKind::Weight) {
        values = 1;
        for (const int64_t extent : graph.nodes[static_cast<size_t>(tap.node)].shape)
            values *= extent;
    }
    return values / static_cast<int64_t>(std::max<size_t>(1, scales));
}

} // namespace quantoscope
