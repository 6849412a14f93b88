// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/plot_factory.h"

#include "core/analysis/box_statistics.h"
#include "core/analysis/tap_groups.h"
#include "core/quantization/range_history.h"
#include "views/plots/attention_plot.h"
#include "views/plots/calibration_plot.h"
#include "views/plots/channel_map_plot.h"
#include "views/plots/channel_ranges_plot.h"
#include "views/plots/confusion_plot.h"
#include "views/plots/error_plot.h"
#include "views/plots/levels_plot.h"
#include "views/plots/pareto_plot.h"
#include "views/plots/range_shapes_plot.h"
#include "views/plots/ranges_overview_plot.h"
#include "views/plots/runs_plot.h"
#include "views/plots/sensitivity_plot.h"
#include "views/plots/softmax_plot.h"
#include "views/plots/spread_plot.h"
#include "views/plots/stability_plot.h"
#include "views/plots/tap_error_plot.h"

namespace quantoscope {

namespace {

template <typename View>
std::unique_ptr<PlotView> make()
{
    return std::make_unique<View>();
}

struct Entry {
    const char *name;
    std::unique_ptr<PlotView> (*make)();
};

constexpr Entry kPlots[] = {
    {"ranges", make<RangesOverviewPlot>}, {"map", make<ChannelMapPlot>},      {"error", make<ErrorPlot>},
    {"softmax", make<SoftmaxPlot>},       {"channels", make<ChannelRangesPlot>}, {"shapes", make<RangeShapesPlot>},
    {"levels", make<LevelsPlot>},         {"tap-error", make<TapErrorPlot>},  {"sensitivity", make<SensitivityPlot>},
    {"attention", make<AttentionPlot>},   {"calibration", make<CalibrationPlot>}, {"stability", make<StabilityPlot>},
    {"confusion", make<ConfusionPlot>},
};

} // namespace

QStringList plotNames()
{
    QStringList names;
    for (const Entry &entry : kPlots)
        names << QLatin1String(entry.name);
    return names;
}

QString searchPlotName()
{
    return QStringLiteral("pareto");
}

QString runsPlotName()
{
    return QStringLiteral("runs-pareto");
}

QString spreadPlotName()
{
    return QStringLiteral("spread");
}

std::unique_ptr<PlotView> makePlot(const QString &name)
{
    for (const Entry &entry : kPlots)
        if (name == QLatin1String(entry.name))
            return entry.make();
    if (name == runsPlotName())
        return std::make_unique<RunsPlot>();
    if (name == spreadPlotName())
        return std::make_unique<SpreadPlot>();
    return name == searchPlotName() ? std::make_unique<ParetoPlot>() : nullptr;
}

Result<void> showRuns(PlotView &view, const std::vector<RunRecordPtr> &runs)
{
    if (auto *confusion = qobject_cast<ConfusionPlot *>(&view); confusion && (runs.size() == 1 || runs.size() == 2)) {
        const bool two = runs.size() == 2;
        const auto changes = findChanges({runs.front(), two ? RunSide::Own : RunSide::Float, runs.back(),
                                          two ? RunSide::Own : RunSide::Quantized});
        if (!changes)
            return fail(changes.error());
        confusion->setChanges(*changes);
        return {};
    }
    if (auto *all = qobject_cast<RunsPlot *>(&view); all && !runs.empty()) {
        all->setRuns(runs);
        return {};
    }
    if (auto *spread = qobject_cast<SpreadPlot *>(&view); spread && !runs.empty()) {
        spread->setSpread(spreadOf(runs, *runs.front()));
        return {};
    }
    if (runs.size() != 1)
        return fail(ErrorCode::Usage, "the view " + view.viewName().toStdString() + " does not show "
                                          + std::to_string(runs.size()) + " runs");
    view.setRun(runs.front());
    view.setSelectedTap(defaultTap(*runs.front(), view.viewName()));
    return {};
}

int defaultTap(const RunRecord &run, const QString &name)
{
    const int telling = name == QLatin1String("calibration") ? networkConvergence(run).slowest
                      : name == QLatin1String("stability")   ? mostUnstableTap(run)
                                                             : -1;
    if (telling >= 0)
        return telling;
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
    if ((name == QLatin1String("levels") || name == QLatin1String("softmax")) && !softmax.empty())
        return softmax[softmax.size() / 2];
    if (name != QLatin1String("shapes") && name != QLatin1String("tap-error"))
        return widest;
    int lossiest = -1; // the quantized linear operator that loses most
    for (size_t i = 0; i < run.taps.size(); ++i) {
        const TapError &error = run.taps[i].error;
        const bool candidate = error.measured && error.quantized && run.taps[i].tap.block >= 0
                            && run.taps[i].tap.kind != TapKind::Weight && operatorPartner(run, static_cast<int>(i)) >= 0;
        if (candidate
            && (lossiest < 0 || error.isolated.sqnrDb < run.taps[static_cast<size_t>(lossiest)].error.isolated.sqnrDb))
            lossiest = static_cast<int>(i);
    }
    return lossiest >= 0 ? lossiest : widest;
}

} // namespace quantoscope
