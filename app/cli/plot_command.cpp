// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/io/run_file.h"
#include "core/pipeline/search_file.h"
#include "views/plots/channel_map_plot.h"
#include "views/plots/channel_ranges_plot.h"
#include "views/plots/pareto_plot.h"
#include "views/plots/plot_factory.h"
#include "views/plots/runs_plot.h"

#include <algorithm>
#include <cstdio>
#include <map>

namespace quantoscope::cli {

namespace {

const std::map<std::string, Resource> kCosts = {{name(Resource::WeightBytes), Resource::WeightBytes},
                                                {name(Resource::AverageBits), Resource::AverageBits},
                                                {name(Resource::BitOperations), Resource::BitOperations},
                                                {name(Resource::ActivationBytes), Resource::ActivationBytes}};

int write(PlotView &view, const std::string &out, QSize size)
{
    if (const auto written = view.exportTo(QString::fromStdString(out), size); !written)
        return report(written.error());
    std::fprintf(stderr, "wrote %s\n", out.c_str());
    return kSuccess;
}

} // namespace

std::string plotViewNames()
{
    return (plotNames() << searchPlotName() << runsPlotName() << spreadPlotName()).join(QStringLiteral(", ")).toStdString();
}

std::string plotCostNames()
{
    std::string names;
    for (const auto &[text, resource] : kCosts)
        names += (names.empty() ? "" : ", ") + text;
    return names;
}

bool parseSize(const std::string &text, int &width, int &height)
{
    char rest = 0;
    return std::sscanf(text.c_str(), "%dx%d%c", &width, &height, &rest) == 2;
}

int plot(const PlotArguments &arguments)
{
    int width = 0;
    int height = 0;
    if (!parseSize(arguments.size, width, height))
        return report({ErrorCode::Usage, "'" + arguments.size + "' is no size", "--size", "for example 1000x600"});
    const auto view = makePlot(QString::fromStdString(arguments.view));
    if (!view)
        return report({ErrorCode::Usage, "no view is called '" + arguments.view + "'", "--view",
                       "known are " + plotViewNames()});
    if (auto *pareto = qobject_cast<ParetoPlot *>(view.get())) {
        if (arguments.files.size() != 1)
            return report({ErrorCode::Usage, "a search is one file", "plot", {}});
        auto result = readSearchFile(arguments.files.front());
        if (!result)
            return report(result.error());
        pareto->setResult(std::make_shared<const PrecisionSearchResult>(std::move(*result)));
        return write(*view, arguments.out, QSize(width, height));
    }
    const RangeAxis axis = arguments.along == "tokens" ? RangeAxis::Tokens
                         : arguments.along == "heads"  ? RangeAxis::Heads
                                                       : RangeAxis::Channels;
    if (auto *ranges = qobject_cast<ChannelRangesPlot *>(view.get()))
        ranges->setAxis(axis);
    else if (auto *map = qobject_cast<ChannelMapPlot *>(view.get()))
        map->setAxis(axis);
    else if (axis != RangeAxis::Channels)
        return report({ErrorCode::Usage, "the view " + arguments.view + " has no tokens or heads", "--along",
                       "channels and map do"});
    if (auto *runsPlot = qobject_cast<RunsPlot *>(view.get())) {
        const auto found = kCosts.find(arguments.cost);
        if (found == kCosts.end())
            return report({ErrorCode::Usage, "'" + arguments.cost + "' is no cost", "--cost", "known are " + plotCostNames()});
        runsPlot->setResource(found->second);
    }
    std::vector<RunRecordPtr> runs;
    for (const std::string &file : arguments.files) {
        auto run = readRunFile(file);
        if (!run)
            return report(run.error());
        runs.push_back(std::make_shared<const RunRecord>(std::move(*run)));
    }
    if (const auto shown = showRuns(*view, runs); !shown)
        return report(shown.error());
    if (!arguments.tap.empty()) {
        const std::vector<TapRecord> &taps = runs.front()->taps;
        const auto found = std::find_if(taps.begin(), taps.end(),
                                        [&](const TapRecord &record) { return record.tap.path == arguments.tap; });
        if (found == taps.end())
            return report({ErrorCode::BadInput, "the run has no tap '" + arguments.tap + "'", arguments.files.front(),
                           "'quantoscope-cli inspect' lists the taps"});
        view->setSelectedTap(static_cast<int>(found - taps.begin()));
    }
    return write(*view, arguments.out, QSize(width, height));
}

} // namespace quantoscope::cli
