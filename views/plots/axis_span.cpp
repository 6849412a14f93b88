// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/axis_span.h"

#include <algorithm>
#include <cmath>

namespace quantoscope {

namespace {

constexpr double kHalfBar = 0.45;   ///< a group of several taps covers so much on both sides of its position
constexpr double kMargin = 0.6;     ///< around a single group
constexpr double kNarrow = 2 * kMargin;

/// Along the straight lines through `anchors`, from the first member of the pairs to the second, or back.
template <typename From, typename To>
double along(const std::vector<std::pair<double, double>> &anchors, double value, From from, To to)
{
    if (anchors.empty())
        return value;
    const auto next = std::find_if(anchors.begin(), anchors.end(), [&](const auto &one) { return value < from(one); });
    if (next == anchors.begin())
        return to(*next) + value - from(*next);
    const auto &before = *std::prev(next);
    if (next == anchors.end())
        return to(before) + value - from(before);
    return to(before) + (value - from(before)) / (from(*next) - from(before)) * (to(*next) - to(before));
}

double first(const std::pair<double, double> &pair)
{
    return pair.first;
}

double second(const std::pair<double, double> &pair)
{
    return pair.second;
}

} // namespace

AxisScale AxisScale::numbers(AxisSubject subject, Range whole)
{
    AxisScale scale;
    scale.m_subject = std::move(subject);
    scale.m_whole = whole;
    return scale;
}

AxisScale AxisScale::groups(AxisSubject subject, const std::vector<int> &firsts, const std::vector<int> &lasts, size_t count,
                            Range whole)
{
    AxisScale scale = numbers(std::move(subject), whole);
    const auto add = [&](double position, double number) {
        // Groups may be interleaved: what is out of order is left out, so that the way back is unique.
        if (scale.m_anchors.empty() || (scale.m_anchors.back().first < position && scale.m_anchors.back().second < number))
            scale.m_anchors.emplace_back(position, number);
    };
    add(whole.first, -1);
    for (size_t i = 0; i < firsts.size(); ++i) {
        const auto position = static_cast<double>(i);
        if (lasts[i] > firsts[i]) {
            add(position - kHalfBar, firsts[i]);
            add(position + kHalfBar, lasts[i]);
        } else {
            add(position, firsts[i]);
        }
    }
    add(whole.second, static_cast<double>(count));
    return scale;
}

AxisSpan AxisScale::spanOf(Range shown) const
{
    return {m_subject, along(m_anchors, shown.first, first, second), along(m_anchors, shown.second, first, second)};
}

std::optional<AxisScale::Range> AxisScale::rangeOf(const AxisSpan &span) const
{
    if (span.subject != m_subject)
        return std::nullopt;
    Range range{along(m_anchors, span.low, second, first), along(m_anchors, span.high, second, first)};
    if (range.second <= m_whole.first || range.first >= m_whole.second)
        return std::nullopt;
    if (!m_anchors.empty() && range.second - range.first < kNarrow) {
        const double inner = std::ceil(range.first); // the groups inside, or else those on both sides
        const double outer = std::floor(range.second);
        range = {std::min(range.first, std::min(inner, outer) - kMargin),
                 std::max(range.second, std::max(inner, outer) + kMargin)};
    }
    return range;
}

QString placeName(RangeAxis axis)
{
    switch (axis) {
    case RangeAxis::Channels: return QStringLiteral("channel");
    case RangeAxis::Tokens: return QStringLiteral("token");
    case RangeAxis::Heads: return QStringLiteral("head");
    }
    return {};
}

} // namespace quantoscope
