// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bench_model.h"

#include "core/quantization/recipe.h"
#include "core/tensor/matrix_rate.h"
#include "tests/bench/bench_tools.h"

#include <map>

namespace quantoscope::bench {

namespace {

constexpr int kCalibrationBatch = 10;
constexpr double kCalibrationTarget = 1.5; // float passes
constexpr int kTargetBatch = 25;            // of the two targets below
constexpr double kFloatTarget = 0.6;       // of the matrix rate
constexpr double kQuantizedTarget = 0.85;  // of the float rate

QuantizationRequest request(const std::string &recipe, bool full)
{
    QuantizationRequest quantization;
    quantization.recipe = recipe;
    quantization.ptf = quantization.lis = full;
    quantization.bits.attention = full ? 4 : 8;
    return quantization;
}

} // namespace

Result<ModelBench> ModelBench::open(RunRequest request, const ModelSizes &sizes)
{
    ModelBench bench;
    bench.m_sizes = sizes;
    auto model = openModel(request.model);
    if (!model)
        return fail(model.error());
    bench.m_model = *model;
    auto executor = Executor::create(
        bench.m_model, {.device = request.model.device, .threads = request.model.threads, .allowTf32 = request.model.allowTf32});
    if (!executor)
        return fail(executor.error());
    bench.m_executor = std::move(*executor);
    request.data.limit = sizes.images;
    auto data = resolveData(request.data, bench.m_model->info);
    if (!data)
        return fail(data.error());
    bench.m_data = std::move(*data);
    bench.m_perImage = 3 * static_cast<size_t>(bench.m_model->info.imageSize) * static_cast<size_t>(bench.m_model->info.imageSize);
    Result<void> loaded;
    bench.m_decodingSeconds = secondsOf([&] {
        auto loader = BatchLoader::start(bench.m_data.set, bench.m_data.preprocessing, {});
        if (!loader) {
            loaded = fail(loader.error());
            return;
        }
        while (const auto batch = (*loader)->next())
            bench.m_pixels.insert(bench.m_pixels.end(), batch->pixels.begin(), batch->pixels.end());
    });
    if (!loaded)
        return fail(loaded.error());
    if (bench.m_pixels.size() / bench.m_perImage < 25)
        return fail(ErrorCode::BadInput, "fewer than 25 images could be decoded", request.data.folder);
    bench.m_request = std::move(request);
    bench.m_modes.emplace_back("float", ExecutionMode::floatMode(bench.m_model->graph));
    return bench;
}

double ModelBench::gflop() const
{
    int64_t macs = 0;
    for (const Node &node : m_model->graph.nodes)
        macs += node.macs;
    return 2e-9 * static_cast<double>(macs);
}

std::span<const float> ModelBench::pixels(int images) const
{
    return std::span(m_pixels).first(m_perImage * static_cast<size_t>(images));
}

Json ModelBench::decoding() const
{
    const size_t images = m_pixels.size() / m_perImage;
    return {{"images", images}, {"images_per_second", rounded(static_cast<double>(images) / m_decodingSeconds, 10)}};
}

Result<Json> ModelBench::calibration()
{
    RunRequest wanted = m_request;
    wanted.calibration.count = m_sizes.calibration;
    auto images = resolveCalibration(wanted);
    if (!images)
        return fail(images.error());
    const ImageSet set = limit(std::move(*images), m_sizes.calibration);
    const PassOptions options{m_data.preprocessing, kCalibrationBatch, nullptr};
    const Graph &graph = m_model->graph;

    // Taken in turns, so that what slows the machine slows both.
    double floatPass = 0;
    double collecting = 0;
    std::optional<Calibration> calibration;
    std::map<std::string, double> deriving;
    for (int repeat = 0; repeat < m_sizes.repeats; ++repeat) {
        const auto keepLeast = [&](double &least, double now) { least = repeat == 0 ? now : std::min(least, now); };
        Result<EvaluationResult> passed = EvaluationResult();
        ExecutionMode mode = ExecutionMode::floatMode(graph);
        keepLeast(floatPass, secondsOf([&] {
                      passed = evaluatePass(*m_executor, *m_model, set, mode, options, {}, "float");
                  }));
        if (!passed)
            return fail(passed.error());
        Result<Calibration> collected = fail(ErrorCode::Internal, "not run");
        keepLeast(collecting, secondsOf([&] {
                      collected = Calibration::collect(*m_executor, *m_model, set, options, {}, {});
                  }));
        if (!collected)
            return fail(collected.error());
        calibration.emplace(std::move(*collected));
        for (const Recipe &recipe : builtinRecipes()) {
            // Only recipes with both forms, of which this calibration observed everything.
            if ((m_sizes.oneRecipe && recipe.name != "minmax") || recipe.ptfRules.empty())
                continue;
            for (const bool full : {false, true}) {
                const std::string title = recipe.name + (full ? "+ptf+lis" : "");
                const auto settings
                    = resolveSettings(graph, request(recipe.name, full), m_model->info.inputQuantized);
                if (!settings)
                    return fail(settings.error());
                Result<CalibratedTaps> taps = fail(ErrorCode::Internal, "not run");
                keepLeast(deriving[title],
                          secondsOf([&] { taps = calibration->derive(*m_executor, *m_model, *settings, {}); }));
                if (!taps)
                    return fail(taps.error());
                if (repeat == 0 && recipe.name == "minmax") {
                    m_modes.emplace_back(title, ExecutionMode::quantizedMode(graph, *settings));
                    m_modes.back().second.parameters = taps->parameters;
                }
            }
        }
    }
    Json json{{"images", set.items.size()},
              {"batch", kCalibrationBatch},
              {"float_pass_seconds", rounded(floatPass)},
              {"collect_seconds", rounded(collecting)}};
    for (const auto &[title, seconds] : deriving) {
        const double passes = (collecting + seconds) / floatPass;
        json["recipes"][title] = {{"derive_seconds", rounded(seconds)},
                                  {"total_seconds", rounded(collecting + seconds)},
                                  {"float_passes", rounded(passes, 100)},
                                  {"pass", passes <= kCalibrationTarget}};
    }
    json["target_float_passes"] = kCalibrationTarget;
    return json;
}

Result<Json> ModelBench::forward(int batch)
{
    Json json;
    const double limitRate = matrixRate(m_model->graph, batch, m_sizes.seconds > 0 ? 5 : 1, m_request.model.device);
    json["sgemm_gflops"] = rounded(limitRate, 10); // in the model's own shapes
    // In short slices by turns, so that what slows the machine slows all modes.
    std::vector<double> seconds(m_modes.size(), 0);
    std::vector<std::vector<double>> slices(m_modes.size());
    do {
        for (size_t m = 0; m < m_modes.size(); ++m) {
            Result<std::vector<float>> logits = std::vector<float>();
            const auto once = [&] { logits = m_executor->run(pixels(batch), batch, m_modes[m].second, nullptr, {}); };
            once(); // prepares weights and memory
            slices[m].push_back(secondsOf(once));
            if (!logits)
                return fail(logits.error());
            seconds[m] += slices[m].back();
        }
    } while (*std::min_element(seconds.begin(), seconds.end()) < m_sizes.seconds);
    const double floatRate = batch / median(slices[0]);
    for (size_t m = 0; m < m_modes.size(); ++m) {
        const double rate = batch / median(slices[m]);
        Json &one = json[m_modes[m].first];
        one["images_per_second"] = rounded(rate, 10);
        one["share_of_sgemm"] = rounded(rate * gflop() / limitRate, 100);
        if (m > 0)
            one["share_of_float"] = rounded(rate / floatRate, 100);
        if (batch == kTargetBatch)
            one["pass"] = m == 0 ? rate * gflop() / limitRate >= kFloatTarget : rate / floatRate >= kQuantizedTarget;
    }
    if (batch == kTargetBatch) {
        json["target_share_of_sgemm"] = kFloatTarget;
        json["target_share_of_float"] = kQuantizedTarget;
    }
    return json;
}

Result<Json> ModelBench::traffic(int batch)
{
    Json json;
    for (auto &[title, mode] : m_modes) {
        const auto traffic = m_executor->traffic(pixels(batch), batch, mode);
        if (!traffic)
            return fail(traffic.error());
        json[title] = {{"operators_launched_per_batch", traffic->launches},
                       {"host_crossings_per_batch", traffic->uploads + traffic->downloads},
                       {"uploads_before_first_batch", traffic->prepared}};
    }
    return json;
}

Result<Json> ModelBench::evaluation()
{
    Json json;
    for (auto &[title, mode] : m_modes) {
        const PassOptions options{m_data.preprocessing, 25, nullptr};
        const auto result = evaluatePass(*m_executor, *m_model, m_data.set, mode, options, {}, "evaluate");
        if (!result)
            return fail(result.error());
        json[title] = {{"images_per_second", rounded(result->imagesPerSecond, 10)}, {"top1", rounded(result->top1(), 100)}};
    }
    return json;
}

} // namespace quantoscope::bench
