// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/plot_factory.h"

#include "core/analysis/box_statistics.h"
#include "views/plots/channel_ranges_plot.h"
#include "views/plots/distribution_plot.h"
#include "views/plots/error_plot.h"
#include "views/plots/ranges_overview_plot.h"

namespace quantoscope {

QStringList plotNames()
{
    return {QStringLiteral("ranges"), QStringLiteral("channels"), QStringLiteral("distribution"),
            QStringLiteral("error")};
}

std::unique_ptr<PlotView> makePlot(const QString &name)
{
    switch (plotNames().indexOf(name)) {
    case 0: return std::make_unique<RangesOverviewPlot>();
    case 1: return std::make_unique<ChannelRangesPlot>();
    case 2: return std::make_unique<DistributionPlot>();
    case 3: return std::make_unique<ErrorPlot>();
    default: return nullptr;
    }
}

int defaultTap(const RunRecord &run, const QString &name)
{
    std::vector<int> softmax;
    int widest = -1;
    double worst = -1;
    for (size_t i = 0; i < run.taps.size(); ++i) {
        const TapRecord &record = run.taps[i];
        if (!record.statistics.observed)
            continue;
        if (record.tap.role == Role::AttentionWeights)
            softmax.push_back(static_cast<int>(i));
        if (!record.tap.feedsLayerNorm)
            continue;
        const double ratio = boxStatistics(channelRanges(record.statistics)).largestOverMedian();
        if (ratio > worst) {
            worst = ratio;
            widest = static_cast<int>(i);
        }
    }
    return name == QLatin1String("distribution") && !softmax.empty() ? softmax[softmax.size() / 2] : widest;
}

} // namespace quantoscope
