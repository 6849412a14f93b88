// SPDX-License-Identifier: GPL-3.0-or-later
// What settings need to have observed beyond what every calibration collects.
#pragma once

#include "core/data/graph.h"
#include "core/data/quantization.h"
#include "core/quantization/tap_observer.h"

#include <optional>
#include <vector>

namespace quantoscope {

/// One tap's needs.
struct TapNeeds {
    bool operand = false; ///< an operand that merely re-arranges another tap's values (q, k, v)
    bool torchHistogram = false;
    bool torchHistogram113 = false;
    bool operator==(const TapNeeds &) const = default;
};

/// Vectors run parallel to Graph::taps; an empty one needs nothing.
struct ObservationNeeds {
    std::vector<TapNeeds> taps;

    /// Whether a calibration that met these needs serves `others` too.
    [[nodiscard]] bool covers(const ObservationNeeds &others) const;
    /// Adds the needs of `others`.
    void merge(const ObservationNeeds &others);
};

[[nodiscard]] ObservationNeeds observationNeeds(const Graph &graph, const std::vector<TapSetting> &settings);

/// A fresh observer per tap that is observed: every value with a quantizer of its own, and what `needs` asks for. A torch
/// histogram of attention scores counts the products before their scaling, as the traced programs do.
[[nodiscard]] std::vector<std::optional<TapObserver>> observersFor(const Graph &graph, const ObservationNeeds &needs);

} // namespace quantoscope
