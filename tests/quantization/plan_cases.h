// SPDX-License-Identifier: GPL-3.0-or-later
// Made-up runs of published models, for exports of plans.
#pragma once

#include "core/quantization/plan_export.h"
#include "tests/models/synthetic_store.h"

#include <nlohmann/json.hpp>

#include <random>
#include <set>

namespace quantoscope::testing {

struct Case {
    ModelPtr model;
    QuantizationRequest request;
    RunRecord run;
};

/// What calibration could have found for the setting.
inline QuantizerParameters made(const TapSetting &setting, const Tap &tap, std::mt19937 &random)
{
    QuantizerParameters p;
    p.kind = setting.quantizer;
    p.bits = setting.bits;
    p.isSigned = setting.symmetric;
    p.narrowRange = setting.narrowRange;
    p.twin = setting.twin;
    if (p.kind == QuantizerKind::None)
        return p;
    size_t scales = 1;
    if (setting.granularity == Granularity::Channel)
        scales = static_cast<size_t>(tap.channels);
    else if (setting.granularity == Granularity::Group)
        scales = static_cast<size_t>(setting.groups);
    else if (setting.granularity == Granularity::Head)
        scales = 3;
    std::uniform_real_distribution<float> scale(1e-4F, 0.3F);
    const int codes = 1 << std::min(setting.bits, 8);
    for (size_t s = 0; s < scales; ++s) {
        p.scale.push_back(scale(random));
        if (!setting.symmetric && scales > 1 && setting.observer != ObserverKind::Ptf)
            p.zeroPoints.push_back(static_cast<float>(random() % static_cast<unsigned>(codes)));
    }
    if (!setting.symmetric)
        p.zeroPoint = static_cast<float>(random() % static_cast<unsigned>(codes));
    if (setting.observer == ObserverKind::Ptf)
        p.ptfFactor.assign(scales, 1);
    return p;
}

inline Case caseOf(const ModelPtr &model, const QuantizationRequest &request)
{
    Case made_{model, request, {}};
    const auto settings = resolveSettings(model->graph, request, model->info.inputQuantized);
    if (!settings)
        qFatal("%s", settings.error().message().c_str());
    std::mt19937 random(3);
    made_.run.model = model->info;
    made_.run.request = request;
    made_.run.quantized = true;
    for (size_t t = 0; t < settings->size(); ++t) {
        TapRecord record;
        record.tap = model->graph.taps[t];
        record.operatorName = name(model->graph.nodes[static_cast<size_t>(record.tap.node)].op);
        record.setting = (*settings)[t];
        record.parameters = made(record.setting, record.tap, random);
        made_.run.taps.push_back(std::move(record));
    }
    return made_;
}

inline nlohmann::ordered_json written(const Case &made_, const char *format)
{
    const auto plan = exportPlan(planSubject(made_.run), format);
    if (!plan)
        qFatal("%s", plan.error().message().c_str());
    return nlohmann::ordered_json::parse(plan->text);
}

inline std::set<std::string> listed(const nlohmann::ordered_json &document)
{
    std::set<std::string> taps;
    for (const auto &one : document["quantoscope"]["not_expressed"])
        taps.insert(one["tap"].get<std::string>());
    return taps;
}

/// Names and shapes of a published model.
inline ModelPtr model(const std::string &wanted)
{
    for (const ModelEntry &entry : knownModels()) {
        if (entry.name != wanted)
            continue;
        ModelRequest request;
        request.weights = "test";
        request.model = wanted;
        auto built = buildModel(storeOf(publishedTensors(entry)), request);
        if (built)
            return *built;
        qWarning("%s", built.error().message().c_str());
    }
    return nullptr;
}

inline QuantizationRequest requestFor(const std::string &recipe)
{
    QuantizationRequest request;
    request.recipe = recipe;
    const auto found = findRecipe(recipe);
    if (found)
        request.bits = found->bits;
    return request;
}

} // namespace quantoscope::testing
