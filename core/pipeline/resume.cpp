// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/resume.h"

#include <algorithm>

namespace quantoscope {

namespace {

bool sameImages(const ImageListRecord &a, const ImageListRecord &b)
{
    return a.root == b.root
        && std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
                      [](const ImageItem &x, const ImageItem &y) { return x.path == y.path && x.label == y.label; });
}

} // namespace

std::string resumeDefect(const RunRecord &partial, const RunRecord &wanted)
{
    if (partial.model.sha256 != wanted.model.sha256)
        return "the weights are others: SHA-256 " + wanted.model.sha256.substr(0, 12) + " instead of "
            + partial.model.sha256.substr(0, 12);
    if (!sameImages(partial.images, wanted.images))
        return "the images are others than those of the first part";
    if (partial.model.preprocessing != wanted.model.preprocessing)
        return "the preprocessing is another one";
    if (partial.quantized != wanted.quantized || (wanted.quantized && partial.request != wanted.request))
        return "recipe or plan are others";
    const auto arithmetic = [](const RunRecord &run) {
        const auto found = run.environment.find("reference_arithmetic");
        return found == run.environment.end() ? std::string() : found->second;
    };
    if (arithmetic(partial) != arithmetic(wanted))
        return "the arithmetic is another one";
    return {};
}

const EvaluationResult *resumable(const std::optional<EvaluationResult> &result, size_t images)
{
    if (!result || result->images.size() + result->failures.size() > images)
        return nullptr;
    const auto done = static_cast<int>(result->images.size() + result->failures.size());
    std::vector<char> seen(static_cast<size_t>(done), 0);
    const auto mark = [&](int image) {
        const bool fits = image >= 0 && image < done && !seen[static_cast<size_t>(image)];
        if (fits)
            seen[static_cast<size_t>(image)] = 1;
        return fits;
    };
    const bool whole
        = std::all_of(result->images.begin(), result->images.end(), [&](const ImageOutcome &one) { return mark(one.image); })
        && std::all_of(result->failures.begin(), result->failures.end(), [&](const ImageFailure &one) { return mark(one.image); })
        && result->logits.size() == result->images.size() * static_cast<size_t>(result->classes);
    return whole ? &*result : nullptr;
}

bool hasCalibration(const RunRecord &partial, const CalibrationRecord &wanted, const std::vector<TapSetting> &settings,
                    bool searched)
{
    if (!partial.calibration.complete || partial.taps.size() != settings.size()
        || partial.calibration.batch != wanted.batch || !sameImages(partial.calibration.images, wanted.images)
        || (searched && !partial.timings.contains("search")))
        return false;
    for (size_t t = 0; t < settings.size(); ++t)
        if (partial.taps[t].setting != settings[t]
            || (settings[t].isQuantized() && partial.taps[t].parameters.kind == QuantizerKind::None))
            return false;
    return true;
}

} // namespace quantoscope
