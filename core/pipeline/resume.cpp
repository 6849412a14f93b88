// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/resume.h"

#include "core/io/file_hash.h"
#include "core/pipeline/image_list_hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace quantoscope {

namespace {

constexpr const char *kImagesHash = "image_list_sha256";
constexpr const char *kCalibrationHash = "calibration_list_sha256";

std::string valueOf(const RunRecord &run, const char *key)
{
    const auto found = run.environment.find(key);
    return found == run.environment.end() ? std::string() : found->second;
}

std::string insteadOf(const std::string &now, const std::string &before)
{
    constexpr size_t kDigits = 12;
    return fmt::format("{} instead of {}", now.substr(0, kDigits), before.substr(0, kDigits));
}

/// Lists are compared one by one, too: records of earlier versions have no hash, and roots are not part of it.
std::string listDefect(const ImageListRecord &before, const ImageListRecord &now, const RunRecord &partial,
                       const RunRecord &wanted, const char *key)
{
    const bool same = before.root == now.root
        && std::equal(before.items.begin(), before.items.end(), now.items.begin(), now.items.end(),
                      [](const ImageItem &x, const ImageItem &y) { return x.path == y.path && x.label == y.label; });
    const std::string hashBefore = valueOf(partial, key);
    const std::string hashNow = valueOf(wanted, key);
    if (!hashBefore.empty() && !hashNow.empty() && hashBefore != hashNow)
        return "list of files, labels, sizes and samples of their content " + insteadOf(hashNow, hashBefore);
    return same ? std::string() : before.root == now.root ? "another list" : now.root + " instead of " + before.root;
}

} // namespace

void storeListHashes(RunRecord &record, const ImageSet &images, const ImageSet &calibration)
{
    for (const auto &[key, set] : {std::pair{kImagesHash, &images}, std::pair{kCalibrationHash, &calibration}})
        if (!set->items.empty())
            record.environment[key] = imageListHash(*set);
}

std::string modelDefect(const RunRecord &partial, const RunRecord &wanted)
{
    if (partial.model.sha256 != wanted.model.sha256)
        return "the weights are others: SHA-256 " + insteadOf(wanted.model.sha256, partial.model.sha256);
    if (partial.model.preprocessing != wanted.model.preprocessing)
        return fmt::format("the preprocessing is another one: {} instead of {}", wanted.model.preprocessing.text(),
                           partial.model.preprocessing.text());
    const auto differs = [&](const char *key) { // runs of earlier versions lack what could not be chosen then
        return (valueOf(partial, key) == "yes") != (valueOf(wanted, key) == "yes");
    };
    return differs("reference_arithmetic") || differs("allow_tf32") ? "the arithmetic is another one" : "";
}

std::string imagesDefect(const RunRecord &partial, const RunRecord &wanted)
{
    const std::string defect = listDefect(partial.images, wanted.images, partial, wanted, kImagesHash);
    return defect.empty() ? defect : "the images are others: " + defect;
}

std::string recipeDefect(const RunRecord &partial, const RunRecord &wanted)
{
    if (partial.quantized != wanted.quantized || (wanted.quantized && partial.request != wanted.request))
        return "recipe or plan are others";
    if (partial.recipeJson.empty() || partial.recipeJson == wanted.recipeJson)
        return {};
    const auto hash = [](const std::string &text) { return sha256OfBytes(std::as_bytes(std::span(text))); };
    return "the recipe's rules are others: SHA-256 " + insteadOf(hash(wanted.recipeJson), hash(partial.recipeJson));
}

std::string calibrationDefect(const RunRecord &partial, const RunRecord &wanted)
{
    const CalibrationRecord &before = partial.calibration;
    const CalibrationRecord &now = wanted.calibration;
    const std::string defect = listDefect(before.images, now.images, partial, wanted, kCalibrationHash);
    if (!defect.empty())
        return "the calibration images are others: " + defect;
    return before.batch == now.batch ? ""
                                     : fmt::format("the calibration batch is another one: {} instead of {}", now.batch,
                                                   before.batch);
}

std::string resumeDefect(const RunRecord &partial, const RunRecord &wanted)
{
    for (const auto &defectOf : {modelDefect, imagesDefect, recipeDefect})
        if (std::string defect = defectOf(partial, wanted); !defect.empty())
            return defect;
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

bool hasCalibration(const RunRecord &partial, bool searched)
{
    return partial.calibration.complete && !partial.taps.empty() && (!searched || partial.timings.contains("search"))
        && std::all_of(partial.taps.begin(), partial.taps.end(), [](const TapRecord &tap) {
               return !tap.setting.isQuantized() || tap.parameters.kind != QuantizerKind::None;
           });
}

bool fitSettings(const RunRecord &partial, const std::vector<TapSetting> &settings)
{
    return std::equal(partial.taps.begin(), partial.taps.end(), settings.begin(), settings.end(),
                      [](const TapRecord &tap, const TapSetting &setting) { return tap.setting == setting; });
}

const char *observersDefect(bool used)
{
    return used ? "" : "the observers are others";
}

std::string calibrationPart(const CalibrationState &state)
{
    return fmt::format("the calibration on {} images", state.seen);
}

void ResumeNote::keep(const std::string &part)
{
    m_kept += (m_kept.empty() ? "" : ", ") + part;
}

void ResumeNote::refuse(const std::string &part, const std::string &why)
{
    const auto same = std::find_if(m_refused.begin(), m_refused.end(), [&](const auto &one) { return one.first == why; });
    if (same == m_refused.end())
        m_refused.emplace_back(why, part);
    else
        same->second += ", " + part;
}

bool ResumeNote::decide(const std::string &part, const std::string &defect)
{
    defect.empty() ? keep(part) : refuse(part, defect);
    return defect.empty();
}

std::string ResumeNote::text() const
{
    std::string text = m_kept.empty() ? std::string() : "yes: " + m_kept;
    for (const auto &[why, parts] : m_refused)
        text += fmt::format("{}{}; repeated: {}", text.empty() ? "no: " : &why == &m_refused.front().first ? "; but " : "; ", why,
                            parts);
    return text;
}

} // namespace quantoscope
