// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/calibration_spread.h"

#include "core/analysis/csv_cell.h"
#include "core/analysis/divergence.h"
#include "core/data/significance.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <tuple>

namespace quantoscope {

namespace {

constexpr double kConfidence = 0.95;
constexpr double kPercent = 100;

bool sameItems(const ImageListRecord &a, const ImageListRecord &b)
{
    return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
                      [](const ImageItem &x, const ImageItem &y) { return x.path == y.path && x.label == y.label; });
}

bool isRandom(const RunRecord &run)
{
    return run.quantized && !run.calibration.explicitList && !run.calibration.images.items.empty()
        && run.sequential.decision == Decision::None;
}

double meanDivergence(const EvaluationResult &floating, const EvaluationResult &quantized)
{
    if (floating.logits.empty() || quantized.logits.empty() || floating.classes != quantized.classes)
        return std::numeric_limits<double>::quiet_NaN();
    const auto classes = static_cast<size_t>(floating.classes);
    std::vector<double> values;
    size_t f = 0;
    for (size_t q = 0; q < quantized.images.size(); ++q) { // both in the order of one image list
        while (f < floating.images.size() && floating.images[f].image < quantized.images[q].image)
            ++f;
        if (f == floating.images.size() || floating.images[f].image != quantized.images[q].image)
            continue;
        const double kl = klOfLogits(std::span(floating.logits).subspan(f * classes, classes),
                                     std::span(quantized.logits).subspan(q * classes, classes));
        if (std::isfinite(kl))
            values.push_back(kl);
    }
    return values.empty() ? std::numeric_limits<double>::quiet_NaN() : summarize(std::move(values)).mean;
}

DrawStatistics statisticsOf(const std::vector<CalibrationDraw> &draws, const std::vector<size_t> &chosen, DrawFigure which)
{
    std::vector<double> values;
    values.reserve(chosen.size());
    for (const size_t draw : chosen)
        values.push_back(valueOf(draws[draw].figures, which));
    return drawStatistics(values, 0, which == DrawFigure::Kl ? std::numeric_limits<double>::infinity() : kPercent);
}

} // namespace

double valueOf(const DrawFigures &figures, DrawFigure which)
{
    switch (which) {
    case DrawFigure::Top1: return figures.top1;
    case DrawFigure::Agreement: return figures.agreement;
    case DrawFigure::Kl: break;
    }
    return figures.kl;
}

const DrawStatistics &SpreadLevel::of(DrawFigure which) const
{
    switch (which) {
    case DrawFigure::Top1: return top1;
    case DrawFigure::Agreement: return agreement;
    case DrawFigure::Kl: break;
    }
    return kl;
}

std::optional<int> SpreadSeries::convergedAt(DrawFigure which) const
{
    const DrawStatistics &last = levels.back().of(which);
    if (last.draws < 2)
        return std::nullopt;
    std::optional<int> found;
    for (size_t i = levels.size() - 1; i-- > 0;) {
        const double mean = levels[i].of(which).mean;
        if (!(mean >= last.least && mean <= last.largest))
            break;
        found = levels[i].images;
    }
    return found;
}

DrawFigure CalibrationSpread::mainFigure() const
{
    return std::any_of(draws.begin(), draws.end(), [](const CalibrationDraw &draw) { return !std::isnan(draw.figures.top1); })
        ? DrawFigure::Top1
        : DrawFigure::Agreement;
}

DrawFigures drawFigures(const RunRecord &run)
{
    DrawFigures figures;
    if (!run.result)
        return figures;
    const auto &images = run.result->images;
    if (std::any_of(images.begin(), images.end(), [](const ImageOutcome &one) { return one.label >= 0; }))
        figures.top1 = run.result->top1();
    if (!run.floatResult)
        return figures;
    const PairedComparison paired = comparePaired(*run.floatResult, *run.result);
    if (paired.common > 0)
        figures.agreement = kPercent * static_cast<double>(paired.agree) / static_cast<double>(paired.common);
    figures.kl = meanDivergence(*run.floatResult, *run.result);
    return figures;
}

DrawStatistics drawStatistics(const std::vector<double> &values, double lowest, double highest)
{
    DrawStatistics all;
    double sum = 0;
    for (const double value : values) {
        if (std::isnan(value))
            continue;
        ++all.draws;
        sum += value;
        all.least = all.draws == 1 ? value : std::min(all.least, value);
        all.largest = all.draws == 1 ? value : std::max(all.largest, value);
    }
    if (all.draws == 0)
        return all;
    all.mean = sum / all.draws;
    if (all.draws < 2)
        return all;
    double squares = 0;
    for (const double value : values)
        if (!std::isnan(value))
            squares += (value - all.mean) * (value - all.mean);
    all.deviation = std::sqrt(squares / (all.draws - 1));
    const double half = studentQuantile(all.draws - 1, kConfidence) * all.deviation / std::sqrt(all.draws);
    all.interval = {std::max(lowest, all.mean - half), std::min(highest, all.mean + half)};
    return all;
}

bool isAnotherDraw(const RunRecord &run, const RunRecord &like)
{
    return isRandom(run) && isRandom(like) && run.model.sha256 == like.model.sha256
        && run.model.preprocessing == like.model.preprocessing && run.request == like.request
        && run.calibration.images.root == like.calibration.images.root && sameItems(run.images, like.images);
}

CalibrationSpread calibrationSpread(const std::vector<const RunRecord *> &runs, const RunRecord &like,
                                    const FiguresOf &figuresOf)
{
    CalibrationSpread spread;
    const auto place = [](const RunRecord &run) {
        const CalibrationRecord &calibration = run.calibration;
        return std::tuple(calibration.batch, static_cast<int>(calibration.images.items.size()), calibration.seed);
    };
    std::multimap<std::tuple<int, int, uint64_t>, size_t> found;
    for (size_t i = 0; i < runs.size(); ++i) {
        const RunRecord &run = *runs[i];
        if (!isAnotherDraw(run, like))
            continue;
        if (!run.complete || !run.result || !run.result->complete) {
            ++spread.partial;
            continue;
        }
        const auto [first, last] = found.equal_range(place(run));
        const auto same = std::find_if(first, last, [&](const auto &known) {
            return sameItems(runs[known.second]->calibration.images, run.calibration.images);
        });
        if (same != last)
            same->second = i;
        else
            found.emplace(place(run), i);
        spread.evaluated = run.result->count;
    }
    for (const auto &[where, run] : found) {
        const auto &[batch, images, seed] = where;
        if (spread.series.empty() || spread.series.back().batch != batch)
            spread.series.push_back({batch, {}});
        std::vector<SpreadLevel> &levels = spread.series.back().levels;
        if (levels.empty() || levels.back().images != images)
            levels.push_back({images, batch, {}, {}, {}, {}});
        levels.back().draws.push_back(spread.draws.size());
        spread.draws.push_back({run, images, batch, seed, figuresOf(*runs[run])});
        if (runs[run]->floatResult && !std::isnan(spread.draws.back().figures.top1))
            spread.floatTop1 = runs[run]->floatResult->top1();
    }
    for (SpreadSeries &series : spread.series) {
        for (SpreadLevel &level : series.levels) {
            level.top1 = statisticsOf(spread.draws, level.draws, DrawFigure::Top1);
            level.agreement = statisticsOf(spread.draws, level.draws, DrawFigure::Agreement);
            level.kl = statisticsOf(spread.draws, level.draws, DrawFigure::Kl);
        }
    }
    return spread;
}

std::vector<std::vector<std::string>> spreadRows(const CalibrationSpread &spread)
{
    std::vector<std::vector<std::string>> rows = {{"calibration_images", "calibration_batch", "seed", "top1_percent",
                                                   "agreement_percent", "kl_nats", "draws"}};
    for (const char *figure : {"top1", "agreement", "kl"})
        for (const char *part : {"mean", "least", "largest", "deviation", "mean_low", "mean_high"})
            rows[0].push_back(fmt::format("{}_{}", figure, part));
    for (const SpreadSeries &series : spread.series)
        for (const SpreadLevel &level : series.levels)
            for (const size_t index : level.draws) {
                const CalibrationDraw &draw = spread.draws[index];
                std::vector<std::string> row = {std::to_string(draw.images), std::to_string(draw.batch),
                                                std::to_string(draw.seed), csvCell(draw.figures.top1),
                                                csvCell(draw.figures.agreement), csvCell(draw.figures.kl),
                                                std::to_string(level.draws.size())};
                for (const DrawStatistics *all : {&level.top1, &level.agreement, &level.kl})
                    for (const double value : {all->mean, all->least, all->largest, all->deviation, all->interval.low,
                                               all->interval.high})
                        row.push_back(csvCell(value));
                rows.push_back(std::move(row));
            }
    return rows;
}

std::string spreadToCsv(const CalibrationSpread &spread)
{
    std::string text;
    for (const std::vector<std::string> &row : spreadRows(spread))
        text += fmt::format("{}\n", fmt::join(row, ","));
    return text;
}

} // namespace quantoscope
