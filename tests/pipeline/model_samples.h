// SPDX-License-Identifier: GPL-3.0-or-later
// Models of every family with normalised pictures for them, and their quantizers calibrated on these.
#pragma once

#include "app/demo/demo_assets.h"
#include "core/models/model.h"
#include "core/pipeline/calibration.h"
#include "core/pipeline/session.h"
#include "core/quantization/recipe.h"
#include "tests/pipeline/device_probe.h"
#include "tests/support/test_data.h"

#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace quantoscope::testing {

/// Of openSample, in the order of the work that they are.
inline constexpr const char *kSampleModels[] = {"tiny ViT", "tiny Swin", "tiny iTPN", "demo", "DeiT-T"};

struct ModelSample {
    ModelPtr model;
    std::vector<float> pixels;
    int images = 0;
};

/// Nothing where test data are missing. The demo is unpacked into the cache folder.
inline std::optional<ModelSample> openSample(const QString &name)
{
    ModelSample sample;
    if (name == QLatin1String("demo") || name == QLatin1String("DeiT-T")) {
        RunRequest request;
        if (name == QLatin1String("demo")) {
            request = demoRequest(unpackDemo().value());
        } else {
            request.model.weights = dataPath("models/deit_tiny_patch16_224.safetensors");
            request.data.folder = dataPath("imagenet");
            if (request.model.weights.empty() || request.data.folder.empty())
                return {};
        }
        sample.images = name == QLatin1String("demo") ? 24 : 3;
        request.data.limit = sample.images;
        sample.model = openModel(request.model).value();
        const auto data = resolveData(request.data, sample.model->info).value();
        sample.pixels = BatchLoader::start(data.set, data.preprocessing, {.batch = sample.images}).value()->next()->pixels;
        return sample;
    }
    const std::string family = name.section(u' ', 1).toLower().toStdString();
    const std::string file = family == "vit" ? "vit/tiny_vit" : family + "/" + family + "_tiny_random";
    const std::string path = dataPath("fixtures/" + file + ".safetensors");
    if (path.empty())
        return {};
    sample.model = openModel({.weights = path, .heads = family == "vit" ? 2 : 0}).value();
    sample.images = 3;
    const auto size = static_cast<size_t>(sample.model->info.imageSize);
    sample.pixels = normal(3 * 3 * size * size, 0.3F, 2, 1);
    return sample;
}

struct Calibrated {
    QuantizationRequest request;
    std::vector<TapSetting> settings;
    std::vector<QuantizerParameters> parameters;
    [[nodiscard]] ExecutionMode mode(const Graph &graph) const
    {
        ExecutionMode mode = ExecutionMode::quantizedMode(graph, settings);
        mode.parameters = parameters;
        return mode;
    }
};

/// `request` calibrated on one batch of the pictures, without a search for intervals.
inline Result<Calibrated> calibrated(const ModelPtr &model, QuantizationRequest request, const std::vector<float> &pixels,
                                     int images, Arrangement arrangement = Arrangement::Kernels)
{
    request.search = false;
    const auto settings = resolveSettings(model->graph, request, model->info.inputQuantized);
    if (!settings)
        return fail(settings.error());
    const auto executor = executorFor(model, arrangement);
    Calibration calibration(*executor, *model, observationNeeds(model->graph, *settings));
    ImageBatch batch;
    batch.pixels = pixels;
    for (int i = 0; i < images; ++i)
        batch.indices.push_back(i);
    if (const auto added = calibration.add(*executor, *model, std::move(batch), {}); !added)
        return fail(added.error());
    auto taps = calibration.derive(*executor, *model, *settings, {});
    if (!taps)
        return fail(taps.error());
    return Calibrated{std::move(request), *settings, std::move(taps->parameters)};
}

/// In the widths of the recipe; `full`: with PTF and LIS at 4 bits of attention.
inline QuantizationRequest recipeRequest(const std::string &recipe, bool full)
{
    QuantizationRequest request;
    request.recipe = recipe;
    request.bits = findRecipe(recipe).value().bits;
    request.ptf = request.lis = full;
    if (full)
        request.bits.attention = 4;
    return request;
}

} // namespace quantoscope::testing
