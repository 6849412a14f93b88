// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bench_session.h"

#include "tests/bench/bench_tools.h"

#include <fmt/format.h>

namespace quantoscope::bench {

namespace {

/// PTQ4ViT 6/6 as its paper's table has it: 32 calibration images, search over all layers.
Result<Json> search(RunRequest request, int images)
{
    auto session = Session::open(request.model);
    if (!session)
        return fail(session.error());
    request.quantization.recipe = "ptq4vit";
    request.quantization.bits = {6, 6, 6};
    request.calibration.count = request.calibration.batch = images;
    request.evaluate = request.evaluateFloat = false;
    const auto run = (*session)->run(request, {}, {});
    if (!run)
        return fail(run.error());
    const double seconds = run->timings.at("search");
    return Json{{"images", images}, {"seconds", rounded(seconds)}, {"target_seconds", 60}, {"pass", seconds < 60}};
}

/// Every tap quantized alone, against as many float passes over the same images.
Result<Json> sensitivity(RunRequest request, const SessionSizes &sizes)
{
    auto session = Session::open(request.model);
    if (!session)
        return fail(session.error());
    request.data.limit = sizes.sensitivityImages;
    request.evaluate = false;
    const auto calibrated = (*session)->run(request, {}, {}); // float pass with decoded crops, statistics
    if (!calibrated)
        return fail(calibrated.error());
    const double pass = calibrated->floatResult->seconds;
    size_t measurements = 0;
    double passes = 0;
    SensitivityOptions options;
    options.level = sizes.level;
    Result<SensitivityTable> table = fail(ErrorCode::Internal, "not measured");
    const double seconds = secondsOf([&] {
        table = (*session)->sensitivity(request, options, {}, [&](size_t count, double cost) {
            measurements = count;
            passes = cost;
            return true;
        });
    });
    if (!table)
        return fail(table.error());
    return Json{{"images", sizes.sensitivityImages},
                {"measurements", measurements},
                {"seconds", rounded(seconds)},
                {"float_pass_seconds", rounded(pass)},
                {"passes_per_measurement", rounded(seconds / pass / static_cast<double>(measurements))},
                {"target_passes_per_measurement", 0.6},
                {"pass", seconds / pass / static_cast<double>(measurements) < 0.6},
                {"expected_passes_per_measurement", rounded(passes / static_cast<double>(measurements))}};
}

/// A layer is switched to float and the images are evaluated again.
Result<Json> switches(RunRequest request, int64_t evaluated)
{
    auto session = Session::open(request.model);
    if (!session)
        return fail(session.error());
    (*session)->keepEvaluation(int64_t{1} << 30);
    request.evaluateFloat = false;
    request.data.limit = evaluated;
    const auto first = (*session)->run(request, {}, {});
    if (!first)
        return fail(first.error());
    const auto again = (*session)->run(request, {}, {});
    if (!again)
        return fail(again.error());
    Json json{{"images", first->result->images.size()}, {"whole_seconds", rounded(first->timings.at("evaluate"))}};
    const int blocks = (*session)->model().info.depth;
    for (const int block : {blocks - 1, blocks / 2, 0}) {
        request.quantization.planJson = fmt::format(R"({{"rules": [{{"tap": "blocks.{}.mlp.fc2", "bits": "float"}}]}})", block);
        Result<RunRecord> run = fail(ErrorCode::Internal, "not run");
        const double seconds = secondsOf([&] { run = (*session)->run(request, {}, {}); });
        if (!run)
            return fail(run.error());
        json[fmt::format("block_{}_seconds", block)] = rounded(run->timings.at("evaluate"));
        json[fmt::format("block_{}_with_calibration_seconds", block)] = rounded(seconds);
        request.quantization.planJson.clear();
        if (const auto back = (*session)->run(request, {}, {}); !back)
            return fail(back.error());
    }
    return json;
}

} // namespace

Result<Json> measureSession(RunRequest request, const SessionSizes &sizes)
{
    Json json;
    if (sizes.searchImages > 0) {
        const auto searched = search(request, sizes.searchImages);
        if (!searched)
            return fail(searched.error());
        json["ptq4vit_search"] = *searched;
    }
    request.quantization.ptf = request.quantization.lis = true;
    request.quantization.bits = {8, 8, 4};
    const auto sensed = sensitivity(request, sizes);
    if (!sensed)
        return fail(sensed.error());
    json["sensitivity"] = *sensed;
    const auto switched = switches(request, sizes.evaluated);
    if (!switched)
        return fail(switched.error());
    json["switched_layer"] = *switched;
    return json;
}

} // namespace quantoscope::bench
