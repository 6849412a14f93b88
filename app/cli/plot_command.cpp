// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/io/run_file.h"
#include "core/pipeline/search_file.h"
#include "views/plots/channel_map_plot.h"
#include "views/plots/channel_ranges_plot.h"
#include "views/plots/pareto_plot.h"
#include "views/plots/plot_factory.h"

#include <cstdio>

namespace quantoscope::cli {

namespace {

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
    return (plotNames() << searchPlotName()).join(QStringLiteral(", ")).toStdString();
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
        auto result = readSearchFile(arguments.runFile);
        if (!result)
            return report(result.error());
        pareto->setResult(std::make_shared<const PrecisionSearchResult>(std::move(*result)));
        return write(*view, arguments.out, QSize(width, height));
    }
    auto run = readRunFile(arguments.runFile);
    if (!run)
        return report(run.error());
    int tap = -1;
    for (size_t t = 0; t < run->taps.size(); ++t)
        if (run->taps[t].tap.path == arguments.tap)
            tap = static_cast<int>(t);
    if (!arguments.tap.empty() && tap < 0)
        return report({ErrorCode::BadInput, "the run has no tap '" + arguments.tap + "'", arguments.runFile,
                       "'quantoscope-cli inspect' lists the taps"});
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
    const auto shared = std::make_shared<const RunRecord>(std::move(*run));
    view->setRun(shared);
    view->setSelectedTap(tap >= 0 ? tap : defaultTap(*shared, view->viewName()));
    return write(*view, arguments.out, QSize(width, height));
}

} // namespace quantoscope::cli
