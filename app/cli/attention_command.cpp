// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"

#include "app/cli/console.h"
#include "core/io/run_file.h"
#include "core/pipeline/session.h"
#include "views/plots/attention_plot.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>

namespace quantoscope::cli {

namespace {

/// The attention of `block`, or of the last one. Null: there is none.
const AttentionLayer *layerOf(const AttentionRecord &record, int block)
{
    if (block < 0)
        return &record.layers.back();
    for (const AttentionLayer &layer : record.layers)
        if (layer.block == block)
            return &layer;
    return nullptr;
}

std::string summary(const AttentionRecord &record, const AttentionLayer &layer)
{
    std::vector<std::vector<std::string>> rows = {{"head", "mean |difference|", "largest", "cosine"}};
    for (int head = -1; head < layer.heads; ++head) {
        const std::vector<float> a = AttentionLayer::map(layer.floating, layer.heads, head);
        const std::vector<float> b = AttentionLayer::map(layer.quantized, layer.heads, head);
        double sum = 0;
        double largest = 0;
        double aa = 0;
        double bb = 0;
        double ab = 0;
        for (size_t i = 0; i < a.size(); ++i) {
            const double x = static_cast<double>(a[i]);
            const double y = static_cast<double>(b[i]);
            sum += std::abs(x - y);
            largest = std::max(largest, std::abs(x - y));
            aa += x * x;
            bb += y * y;
            ab += x * y;
        }
        rows.push_back({head < 0 ? "mean" : std::to_string(head),
                        fmt::format("{:.3g}", sum / static_cast<double>(a.size())), fmt::format("{:.3g}", largest),
                        aa > 0 && bb > 0 ? fmt::format("{:.5f}", ab / std::sqrt(aa * bb)) : "-"});
    }
    const std::string what = record.kind == AttentionKind::ClassToken
        ? "weight that the class token gives each patch"
        : layer.window > 0 ? fmt::format("weight that each patch receives in its window of {0} x {0}; a map over the whole "
                                         "image is not defined for windowed attention",
                                         layer.window)
                           : std::string("weight that each patch receives (the model has no class token)");
    return fmt::format("{}, {} x {} patches: {}\n\n{}", layer.path, layer.grid, layer.grid, what, table(rows));
}

} // namespace

int attention(const AttentionArguments &arguments)
{
    auto request = arguments.run.resolve();
    if (!request)
        return report(request.error());
    if (!request->quantize)
        return report({ErrorCode::Usage, "this command needs a recipe", "--recipe", "for example --recipe minmax"});
    int width = 0;
    int height = 0;
    if (!parseSize(arguments.size, width, height))
        return report({ErrorCode::Usage, "'" + arguments.size + "' is no size", "--size", "for example 1000x600"});
    const std::string &out = arguments.run.out;
    if (const auto writable = checkWritable(out); !writable)
        return report(writable.error());
    request->evaluate = false;
    request->evaluateFloat = false;
    request->analyze = false;
    request->attention = {arguments.image};
    auto session = Session::open(request->model);
    if (!session)
        return report(session.error());
    for (const std::string &sentence : (*session)->warnings())
        warn(sentence);
    arguments.run.overridePreprocessing((*session)->model().info.preprocessing, *request);
    auto run = (*session)->run(*request, consoleControl(), {});
    finishProgress();
    if (!run)
        return report(run.error());
    if (run->attention.empty())
        return report({ErrorCode::Cancelled, "stopped on request", {}, {}});
    const AttentionRecord &record = run->attention.front();
    const AttentionLayer *layer = layerOf(record, arguments.block);
    if (!layer)
        return report({ErrorCode::BadInput, fmt::format("block {} has no attention", arguments.block), "--block",
                       fmt::format("blocks with attention: {} to {}", record.layers.front().block,
                                   record.layers.back().block)});
    if (arguments.head >= layer->heads)
        return report({ErrorCode::BadInput, fmt::format("there is no head {}", arguments.head), "--head",
                       fmt::format("heads are 0 to {}", layer->heads - 1)});
    std::fputs(summary(record, *layer).c_str(), stdout);
    if (out.empty())
        return kSuccess;
    if (out.ends_with(".h5") || out.ends_with(".hdf5")) {
        if (const auto hashed = hashImages(*run, {}); !hashed)
            return report(hashed.error());
        if (const auto written = writeRunFile(*run, out); !written)
            return report(written.error());
    } else {
        int tap = -1;
        for (size_t t = 0; t < run->taps.size(); ++t)
            if (run->taps[t].tap.path == layer->path)
                tap = static_cast<int>(t);
        AttentionPlot plot;
        plot.setRun(std::make_shared<const RunRecord>(std::move(*run)));
        plot.setSelectedTap(tap);
        plot.setHead(arguments.rollout ? AttentionPlot::kRollout : arguments.head);
        if (const auto written = plot.exportTo(QString::fromStdString(out), QSize(width, height)); !written)
            return report(written.error());
    }
    std::fprintf(stderr, "wrote %s\n", out.c_str());
    return kSuccess;
}

} // namespace quantoscope::cli
