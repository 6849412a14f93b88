// SPDX-License-Identifier: GPL-3.0-or-later
// Which parts of an unfinished run or search a later one may take over. Nothing is taken on trust: what does not fit is
// refused. `wanted` is always the record that Session describes before any work: model, preprocessing, request, recipe,
// lists of images and their hashes.
#pragma once

#include "core/data/run_record.h"
#include "core/imaging/image_set.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace quantoscope {

/// Puts the hashes of the evaluated and of the calibration images (imageListHash) into the record's environment.
void storeListHashes(RunRecord &record, const ImageSet &images, const ImageSet &calibration);

// Each tells, with both hashes, what is another one in `partial`; empty: nothing.

/// Weights, preprocessing, arithmetic: of all that the model computes, in float, too.
[[nodiscard]] std::string modelDefect(const RunRecord &partial, const RunRecord &wanted);
/// Evaluated images and their labels.
[[nodiscard]] std::string imagesDefect(const RunRecord &partial, const RunRecord &wanted);
/// Request with its plan, and the rules of the recipe.
[[nodiscard]] std::string recipeDefect(const RunRecord &partial, const RunRecord &wanted);
/// Calibration images and batch.
[[nodiscard]] std::string calibrationDefect(const RunRecord &partial, const RunRecord &wanted);

/// Why nothing of `partial` can serve a run: the first of modelDefect, imagesDefect and recipeDefect.
[[nodiscard]] std::string resumeDefect(const RunRecord &partial, const RunRecord &wanted);

/// The result when its images are the first ones of the list without a gap, as a stopped pass leaves them; else null.
[[nodiscard]] const EvaluationResult *resumable(const std::optional<EvaluationResult> &result, size_t images);

/// Whether `partial` has quantizers: its calibration was complete and every quantized tap has its parameters; with
/// `searched`, after the search for intervals.
[[nodiscard]] bool hasCalibration(const RunRecord &partial, bool searched);
/// Whether its taps have these settings.
[[nodiscard]] bool fitSettings(const RunRecord &partial, const std::vector<TapSetting> &settings);

/// Of a state that was tried; empty: it was used.
[[nodiscard]] const char *observersDefect(bool used);
/// "the calibration on 40 images", for a note.
[[nodiscard]] std::string calibrationPart(const CalibrationState &state);

/// What was taken over and what was refused, in words.
class ResumeNote {
public:
    void keep(const std::string &part);
    void refuse(const std::string &part, const std::string &why);
    /// keep() without a defect, else refuse(). Whether it is kept.
    bool decide(const std::string &part, const std::string &defect);
    /// "yes: the calibration, 20 images in float; but <why>; repeated: <part>, <part>", or "no: <why>; repeated: <part>";
    /// empty when there was nothing to decide about.
    [[nodiscard]] std::string text() const;

private:
    std::string m_kept;
    std::vector<std::pair<std::string, std::string>> m_refused; ///< why, parts
};

} // namespace quantoscope
