// SPDX-License-Identifier: GPL-3.0-or-later
// One precision plan for other programs, and their plans read back. A program is one file here (plan_aimet.cpp,
// ...) and one line in planFormats(). Pure functions; any thread.
#pragma once

#include "core/base/result.h"
#include "core/quantization/recipe.h"

#include <string>
#include <vector>

namespace quantoscope {

/// What is to be done with one tap.
struct PlannedTap {
    Tap tap;
    TapSetting setting;
    QuantizerParameters parameters; ///< kind None: not calibrated, or float
    int input = -1;            ///< of weights: index of the tap whose values their layer reads; -1: none has them
    bool carriesValues = true; ///< false: only re-arranges what another tap quantizes
};

/// A plan with all that it means for one model.
struct PlanSubject {
    std::string model;       ///< name, for people
    std::string request;     ///< recipe and widths, for people
    std::string plan;        ///< planText() of the rules
    bool calibrated = false; ///< whether quantized taps have parameters
    std::vector<PlannedTap> taps;
};

/// Without parameters: the widths alone.
[[nodiscard]] PlanSubject planSubject(const Graph &graph, const ModelInfo &model,
                                      const QuantizationRequest &request, const std::vector<TapSetting> &settings);
/// A run file has no graph: a layer reads what was computed right before its weight was needed, which is so in
/// every family.
[[nodiscard]] PlanSubject planSubject(const RunRecord &run);

/// Everything in float.
[[nodiscard]] PlanSubject floatSubject(const Graph &graph, const ModelInfo &model);

struct PlanFormat {
    const char *name;  ///< "aimet", for the command line
    const char *title; ///< name of the program and of its form
    bool readable;     ///< importPlan() knows it
};

/// In display order.
[[nodiscard]] std::vector<PlanFormat> planFormats();

/// Something of a tap that a form cannot say.
struct NotExpressed {
    std::string tap;
    std::string plan; ///< what the plan has: "4 bit log2, asymmetric, per tensor"
    std::string reason;
    std::string instead; ///< what the file says of the tap
};

struct ExportedPlan {
    std::string text;                       ///< the file
    std::vector<NotExpressed> notExpressed; ///< a tap may occur more than once
    [[nodiscard]] size_t tapsNotExpressed() const;
};

/// The plan as JSON text in the program's form. Beside that, its entry "quantoscope" holds what the file is of,
/// how to use it, and everything that is not expressed. Errors: Usage (no such format), BadInput (no taps).
[[nodiscard]] Result<ExportedPlan> exportPlan(const PlanSubject &subject, const std::string &format);

/// Widths and float layers of a file in a program's form, as rules on top of a recipe. `model`: the taps that
/// names are held against, null: not known; ModelOpt and NNCF need them, because they name layers and not
/// values. `origin` is the file, for messages. Errors: Usage (no such format, a format that is only written, a
/// missing model), CorruptFile (not the form), Unsupported (something that no plan says, naming it), NotFound
/// (a name that the model does not have).
[[nodiscard]] Result<PrecisionPlan> importPlan(const std::string &text, const std::string &origin,
                                               const std::string &format, const PlanSubject *model);

} // namespace quantoscope
