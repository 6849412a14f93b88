// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bench_session.h"

#include "tests/bench/bench_tools.h"

#include <fmt/format.h>

namespace quantoscope::bench {

namespace {

/// MinMax with everything FQ-ViT adds.
QuantizationRequest fullyQuantized()
{
    QuantizationRequest quantization;
    quantization.ptf = quantization.lis = true;
    quantization.bits = {8, 8, 4};
    return quantization;
}

} // namespace

Result<Json> measureSearch(RunRequest request, int images)
{
    auto session = Session::open(request.model);
    if (!session)
        return fail(session.error());
    request.quantization.recipe = "ptq4vit";
    request.quantization.bits = {6, 6, 6};
    request.calibration.list.clear(); // it names more
    request.calibration.count = request.calibration.batch = images;
    request.evaluate = request.evaluateFloat = false;
    const auto run = (*session)->run(request, {}, {});
    if (!run)
        return fail(run.error());
    const double seconds = run->timings.at("search");
    return Json{{"images", run->calibration.images.items.size()}, {"seconds", rounded(seconds)}, {"target_seconds", 60}, {"pass", seconds < 60}};
}

Result<Json> measureSensitivity(RunRequest request, int images, SensitivityLevel level)
{
    request.quantization = fullyQuantized();
    auto session = Session::open(request.model);
    if (!session)
        return fail(session.error());
    request.data.limit = images;
    request.evaluate = false;
    const auto calibrated = (*session)->run(request, {}, {}); // float pass with decoded crops, statistics
    if (!calibrated)
        return fail(calibrated.error());
    const double pass = calibrated->floatResult->seconds;
    size_t measurements = 0;
    double passes = 0;
    SensitivityOptions options;
    options.level = level;
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
    return Json{{"images", images},
                {"measurements", measurements},
                {"seconds", rounded(seconds)},
                {"float_pass_seconds", rounded(pass)},
                {"passes_per_measurement", rounded(seconds / pass / static_cast<double>(measurements))},
                {"target_passes_per_measurement", 0.6},
                {"pass", seconds / pass / static_cast<double>(measurements) < 0.6},
                {"expected_passes_per_measurement", rounded(passes / static_cast<double>(measurements))}};
}

Result<Json> measureSwitch(RunRequest request, int64_t images)
{
    request.quantization = fullyQuantized();
    auto session = Session::open(request.model);
    if (!session)
        return fail(session.error());
    (*session)->keepEvaluation(int64_t{1} << 30);
    request.evaluateFloat = false;
    request.data.limit = images;
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

} // namespace quantoscope::bench
