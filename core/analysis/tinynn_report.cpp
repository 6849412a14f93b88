// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/tinynn_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace quantoscope {

namespace {

double figure(const ErrorMetrics &error, TinynnMetric metric)
{
    return metric == TinynnMetric::Cosine ? error.cosine : error.sqnrDb; // 10 log10 of powers is 20 log10 of norms
}

double weightFigure(const TapError &error, TinynnMetric metric)
{
    if (metric == TinynnMetric::Sqnr || error.channelIsolated.empty())
        return figure(error.isolated, metric);
    double sum = 0;
    for (const ErrorMetrics &row : error.channelIsolated)
        sum += row.cosine;
    return sum / static_cast<double>(error.channelIsolated.size());
}

void keepWorst(std::vector<TinynnError> &errors, size_t count)
{
    std::stable_sort(errors.begin(), errors.end(), [](const TinynnError &a, const TinynnError &b) {
        return std::isnan(b.value) ? !std::isnan(a.value) : a.value < b.value;
    });
    errors.resize(std::min(errors.size(), count));
}

std::string range(const std::vector<float> &values, float otherwise, int decimals)
{
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    if (values.empty() || *least == *most)
        return fmt::format("{:.{}f}", values.empty() ? otherwise : *least, decimals);
    return fmt::format("{:.{}f}..{:.{}f}", *least, decimals, *most, decimals);
}

std::string line(const RunRecord &run, const TinynnError &error, TinynnMetric metric, bool weight)
{
    const TapRecord &record = run.taps[static_cast<size_t>(error.tap)];
    const QuantizerParameters &parameters = record.parameters;
    std::string path = record.tap.path;
    if (weight && path.ends_with(".weight"))
        path.resize(path.size() - std::string_view(".weight").size());
    return fmt::format("{:{}} {}: {:.4f}, scale: {}, zero_point: {}\n", path, weight ? 40 : 50, name(metric), error.value,
                       range(parameters.scale, 1, 4), range(parameters.zeroPoints, parameters.zeroPoint, 0));
}

} // namespace

const char *name(TinynnMetric metric)
{
    return metric == TinynnMetric::Cosine ? "cosine" : "sqnr";
}

std::string TinynnReport::text(const RunRecord &run) const
{
    std::string text = "Quantization error report:\n\n";
    const std::string order = sorted > 0 ? fmt::format("{} sorted {}", name(metric), sorted)
                                         : fmt::format("{}, in network order", name(metric));
    if (!weights.empty()) {
        text += fmt::format("Weights ({}):\n", order);
        for (const TinynnError &error : weights)
            text += line(run, error, metric, true);
    }
    if (!activations.empty()) {
        text += fmt::format("{}Activations ({}):\n", weights.empty() ? "" : "\n", order);
        for (const TinynnError &error : activations)
            text += line(run, error, metric, false);
    }
    if (weights.empty() && activations.empty())
        text += "All good!\n";
    return text;
}

TinynnReport tinynnLayerErrors(const RunRecord &run, TinynnMetric metric, size_t worst)
{
    TinynnReport report{metric, worst, {}, {}};
    for (size_t t = 0; t < run.taps.size(); ++t) {
        const TapError &error = run.taps[t].error;
        if (!error.measured || !error.quantized)
            continue;
        if (run.taps[t].tap.kind == TapKind::Weight)
            report.weights.push_back({static_cast<int>(t), weightFigure(error, metric)});
        else
            report.activations.push_back({static_cast<int>(t), figure(error.isolated, metric)});
    }
    keepWorst(report.weights, worst);
    keepWorst(report.activations, worst);
    return report;
}

TinynnReport tinynnGraphErrors(const RunRecord &run, TinynnMetric metric)
{
    TinynnReport report{metric, 0, {}, {}};
    for (size_t t = 0; t < run.taps.size(); ++t) {
        const TapError &error = run.taps[t].error;
        if (error.measured && error.quantized && error.hasCumulative)
            report.activations.push_back({static_cast<int>(t), figure(error.network, metric)});
    }
    return report;
}

} // namespace quantoscope
