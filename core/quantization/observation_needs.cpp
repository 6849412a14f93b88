// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/observation_needs.h"

#include "core/data/channel_axis.h"

namespace quantoscope {

namespace {

TapNeeds needsAt(const ObservationNeeds &needs, size_t tap)
{
    return tap < needs.taps.size() ? needs.taps[tap] : TapNeeds();
}

TapNeeds joined(TapNeeds a, TapNeeds b)
{
    return {a.operand || b.operand, a.torchHistogram || b.torchHistogram, a.torchHistogram113 || b.torchHistogram113};
}

} // namespace

bool ObservationNeeds::covers(const ObservationNeeds &others) const
{
    for (size_t t = 0; t < others.taps.size(); ++t)
        if (joined(needsAt(*this, t), others.taps[t]) != needsAt(*this, t))
            return false;
    return true;
}

void ObservationNeeds::merge(const ObservationNeeds &others)
{
    taps.resize(std::max(taps.size(), others.taps.size()));
    for (size_t t = 0; t < taps.size(); ++t)
        taps[t] = joined(taps[t], needsAt(others, t));
}

ObservationNeeds observationNeeds(const Graph &graph, const std::vector<TapSetting> &settings)
{
    ObservationNeeds needs;
    needs.taps.resize(graph.taps.size());
    for (size_t t = 0; t < settings.size(); ++t) {
        const Tap &tap = graph.taps[t];
        if (tap.kind == TapKind::Weight || !settings[t].isQuantized())
            continue;
        needs.taps[t].operand = isView(graph.nodes[static_cast<size_t>(tap.node)].op);
        needs.taps[t].torchHistogram = settings[t].observer == ObserverKind::TorchHistogram;
        needs.taps[t].torchHistogram113 = settings[t].observer == ObserverKind::TorchHistogram113;
    }
    return needs;
}

std::vector<std::optional<TapObserver>> observersFor(const Graph &graph, const ObservationNeeds &needs)
{
    std::vector<std::optional<TapObserver>> observers(graph.taps.size());
    for (size_t t = 0; t < graph.taps.size(); ++t) {
        const Tap &tap = graph.taps[t];
        const Node &node = graph.nodes[static_cast<size_t>(tap.node)];
        const TapNeeds wanted = needsAt(needs, t);
        if (tap.kind == TapKind::Weight || (isView(node.op) && !wanted.operand))
            continue;
        TapObserver &observer = observers[t].emplace(tap.channels, channelsComeFirst(graph, tap), tokenRows(graph, tap));
        const float unit = node.op == Operator::MatmulTransposed ? static_cast<float>(1.0 / node.factor) : 1.0F;
        if (wanted.torchHistogram)
            observer.collectTorchHistogram(ObserverKind::TorchHistogram, unit);
        if (wanted.torchHistogram113)
            observer.collectTorchHistogram(ObserverKind::TorchHistogram113, unit);
    }
    return observers;
}

} // namespace quantoscope
