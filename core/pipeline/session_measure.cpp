// SPDX-License-Identifier: GPL-3.0-or-later
// What a session measures about a quantized model: sensitivity, attention.
#include "core/pipeline/attention_maps.h"
#include "core/pipeline/session_private.h"

#include <algorithm>

namespace quantoscope {

Result<Session::Private::Quantized> Session::Private::resolveQuantized(const RunRequest &wanted, bool withImages) const
{
    if (!wanted.quantize)
        return fail(ErrorCode::Usage, "only a quantized model can be measured so", "--recipe",
                    "for example --recipe minmax");
    auto recipe = findRecipe(wanted.quantization.recipe);
    if (!recipe)
        return fail(recipe.error());
    DataRequest images = wanted.data;
    if (!images.preprocessing)
        images.preprocessing = recipe->preprocessingFor(model->info.preprocessing);
    ResolvedImages data{{}, *images.preprocessing};
    if (withImages) {
        auto resolved = resolveData(images, model->info);
        if (!resolved)
            return fail(resolved.error());
        data = std::move(*resolved);
    }
    auto search = resolveSearch(*recipe, wanted.quantization);
    if (!search)
        return fail(search.error());
    auto settings = resolveSettings(model->graph, wanted.quantization, model->info.inputQuantized);
    if (!settings)
        return fail(settings.error());
    return Quantized{std::move(*recipe), std::move(data), std::move(*settings), std::move(*search)};
}

Result<ImageSet> Session::Private::sensitivityImages(const RunRequest &wanted, const ImageSet &set)
{
    const int64_t count = wanted.sensitivity ? wanted.sensitivity->images : 0;
    if (count <= 0 || count >= static_cast<int64_t>(set.items.size()))
        return set;
    return randomSubset(set, count, wanted.calibration.seed);
}

Result<DeriveParameters> Session::Private::deriver(const RunRequest &wanted, const Quantized &what,
                                                   const ImageSet &calibrationImages, const RunControl &control,
                                                   const CalibrationSteps &steps)
{
    const PassOptions calibrating{what.data.preprocessing, wanted.calibration.batch, cache};
    const auto known = calibrate(calibrationImages, calibrating, observationNeeds(model->graph, what.settings), control, steps);
    if (!known)
        return fail(known.error());
    if (steps.snapshot)
        steps.snapshot((*known)->state());
    if (control.isCancelled())
        return fail(ErrorCode::Cancelled, "stopped on request");
    return DeriveParameters([this, known = *known, calibrating, &what, &calibrationImages, &control](
                                const std::vector<TapSetting> &settings) -> Result<std::vector<QuantizerParameters>> {
        auto taps = known->derive(*executor, *model, settings, control.cancel);
        if (!taps)
            return fail(taps.error());
        if (what.search)
            if (const auto found = search(calibrationImages, calibrating, settings, *what.search, taps->parameters, control);
                !found)
                return fail(found.error());
        return std::move(taps->parameters);
    });
}

Result<SensitivityTable> Session::Private::measure(const RunRequest &wanted, const Quantized &what, const ImageSet &images,
                                                   const SensitivityOptions &options, const ImageSet &calibrationImages,
                                                   const RunControl &control, SensitivityContinuation &continuation,
                                                   const CalibrationSteps &steps)
{
    const auto derive = deriver(wanted, what, calibrationImages, control, steps);
    if (!derive)
        return fail(derive.error());
    if (continuation.done
        && !continuesSensitivity(*continuation.done, planSensitivity(model->graph, what.settings, options),
                                 images.items.size()))
        continuation.done.reset();
    const PassOptions pass{what.data.preprocessing, wanted.batch, cache, request.activationBytes()};
    auto table = measureSensitivity(*executor, *model, images, what.settings, *derive, options, pass, control, continuation);
    if (table)
        table->recipe = wanted.quantization.text();
    return table;
}

Result<void> Session::Private::mapAttention(RunRecord &record, const RunRequest &wanted,
                                            const Preprocessing &preprocessing, ExecutionMode &mode,
                                            const RunControl &control)
{
    if (wanted.attention.empty())
        return {};
    const auto start = std::chrono::steady_clock::now();
    for (const std::string &image : wanted.attention) {
        auto maps = attentionMaps(*executor, *model, image, mode, {preprocessing, 1, nullptr}, control);
        if (!maps)
            return fail(maps.error());
        record.attention.push_back(std::move(*maps));
    }
    record.timings["attention"] = secondsSince(start);
    return {};
}

Result<SensitivityCost> Session::sensitivityCost(const RunRequest &request, const RunControl &control)
{
    const SensitivityRequest wanted = request.sensitivity.value_or(SensitivityRequest());
    const auto what = d->resolveQuantized(request);
    if (!what)
        return fail(what.error());
    const auto images = Private::sensitivityImages(request, what->data.set);
    if (!images)
        return fail(images.error());
    const Graph &graph = d->model->graph;
    const auto plan = planSensitivity(graph, what->settings, wanted.options);
    const SensitivityPasses passes = sensitivityPasses(graph, plan);
    const auto &kinds = wanted.options.kinds;
    const bool allBut = std::find(kinds.begin(), kinds.end(), SensitivityKind::AllButThis) != kinds.end();
    const auto seconds = timePasses(*d->executor, *d->model, what->settings, allBut, control.cancel);
    if (!seconds)
        return fail(seconds.error());
    SensitivityCost cost;
    cost.measurements = plan.size();
    cost.images = static_cast<int64_t>(images->items.size());
    cost.passes = passes.all();
    cost.seconds = static_cast<double>(cost.images)
        * (passes.floating * seconds->floating + passes.quantized * seconds->quantized);
    return cost;
}

Result<SensitivityTable> Session::sensitivity(const RunRequest &request, const SensitivityOptions &options,
                                              const RunControl &control, const AnnounceCost &announce)
{
    const auto what = d->resolveQuantized(request);
    if (!what)
        return fail(what.error());
    const auto calibrationImages = resolveCalibration(request);
    if (!calibrationImages)
        return fail(calibrationImages.error());
    const Graph &graph = d->model->graph;
    const auto plan = planSensitivity(graph, what->settings, options);
    if (announce && !announce(plan.size(), quantoscope::sensitivityCost(graph, plan)))
        return fail(ErrorCode::Cancelled, "stopped on request");
    SensitivityContinuation fromTheStart;
    return d->measure(request, *what, what->data.set, options, *calibrationImages, control, fromTheStart);
}

} // namespace quantoscope
