// SPDX-License-Identifier: GPL-3.0-or-later
// What horizontal axes of different plots have in common: layers, channels or costs, whatever their own positions are.
#pragma once

#include "core/analysis/range_axis.h"

#include <QString>

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace quantoscope {

enum class AxisKind {
    Layers, ///< taps of a model
    Places, ///< channels, tokens or heads of a tap
    Costs,  ///< of plans
};

/// What an axis counts. Axes whose subjects are equal can show the same part.
struct AxisSubject {
    AxisKind kind = AxisKind::Layers;
    QString of; ///< which model, tap or cost

    bool operator==(const AxisSubject &) const = default;
};

/// Part of a subject: from one tap, place or cost to another. The ends lie between whole numbers where an axis was cut
/// between two of them.
struct AxisSpan {
    AxisSubject subject;
    double low = 0;
    double high = 0;

    bool operator==(const AxisSpan &) const = default;
};

/// How the positions on an axis and its subject translate into each other. A value.
class AxisScale {
public:
    using Range = std::pair<double, double>; ///< positions, low and high

    /// Positions are numbers of the subject. `whole`: the positions that show everything.
    [[nodiscard]] static AxisScale numbers(AxisSubject subject, Range whole);
    /// Positions 0, 1, 2... stand for the groups firsts[i]..lasts[i] of `count` taps, growing. Whatever taps two axes show:
    /// one that both show is in a span of both or of none, and a span of one's everything is the other's everything.
    [[nodiscard]] static AxisScale groups(AxisSubject subject, const std::vector<int> &firsts, const std::vector<int> &lasts,
                                          size_t count, Range whole);

    [[nodiscard]] const AxisSubject &subject() const { return m_subject; }
    [[nodiscard]] Range whole() const { return m_whole; }
    [[nodiscard]] AxisSpan spanOf(Range shown) const;
    /// Where the span is. When it holds no more than one of this axis' groups: its neighbours, too, so that something is
    /// there to see. None: another subject, or nothing of this axis lies in it.
    [[nodiscard]] std::optional<Range> rangeOf(const AxisSpan &span) const;

private:
    using Anchor = std::pair<double, double>; ///< position and number; straight lines between, slope 1 outside

    AxisSubject m_subject;
    Range m_whole;
    std::vector<Anchor> m_anchors; ///< none: positions are numbers
};

/// English name of one place along an axis of ranges, for tables: "channel", "token", "head".
[[nodiscard]] QString placeName(RangeAxis axis);

} // namespace quantoscope
