// SPDX-License-Identifier: GPL-3.0-or-later
// What the forms of a plan have in common, for those who write them: core/quantization, and core/onnx.
#pragma once

#include "core/base/json_object.h"
#include "core/quantization/plan_export.h"

#include <optional>
#include <set>

namespace quantoscope {

/// The part of a file that says what the form cannot.
struct PlanNotes {
    std::string use;                ///< how the program takes the file
    std::vector<std::string> lines; ///< what holds for the whole file
    std::vector<NotExpressed> taps;

    void add(const PlannedTap &tap, const std::string &reason, const std::string &instead);
};

/// One program.
struct PlanWriter {
    PlanFormat format;
    Json (*write)(const PlanSubject &subject, PlanNotes &notes);
    /// Null: only written. `model` is null when it is not known.
    Result<PrecisionPlan> (*read)(const Json &document, const std::string &origin, const PlanSubject *model);
};

[[nodiscard]] PlanWriter aimetPlans();    ///< plan_aimet.cpp
[[nodiscard]] PlanWriter nncfPlans();     ///< plan_nncf.cpp
[[nodiscard]] PlanWriter modelOptPlans(); ///< plan_modelopt.cpp
[[nodiscard]] PlanWriter ortPlans();      ///< plan_ort.cpp

[[nodiscard]] QuantizerKind kindOf(
    const PlannedTap &tap); ///< in use; calibration may have chosen another than was asked for
[[nodiscard]] int bitsOf(const PlannedTap &tap);
[[nodiscard]] bool isFloat(const PlannedTap &tap);
[[nodiscard]] bool isCalibrated(const PlannedTap &tap);
/// Signed codes around 0.
[[nodiscard]] bool isSymmetric(const PlannedTap &tap);
[[nodiscard]] bool isNarrow(const PlannedTap &tap);
/// Whether values share one scale.
[[nodiscard]] bool hasOneScale(const PlannedTap &tap);
/// Entries that scales have in a file: 1, or one per output channel (those of a group or head share a value).
[[nodiscard]] size_t scalesOf(const PlannedTap &tap);
/// Scale and zero point of such an entry; only of a calibrated tap with a grid (whyNoGrid).
[[nodiscard]] float scaleOf(const PlannedTap &tap, size_t channel);
[[nodiscard]] float zeroPointOf(const PlannedTap &tap, size_t channel);
/// Why integer grids, one or one a channel, do not say what the tap does (log2, twin uniform, ...); empty: they do.
[[nodiscard]] std::string whyNotUniform(const PlannedTap &tap);
/// Why no integer grid says what the tap does (log2, twin uniform, power-of-two factors, ...); empty: one does.
[[nodiscard]] std::string whyNoGrid(const PlannedTap &tap);
/// The entry "quantoscope" of a file: what it is of, how to use it, and what it does not express.
[[nodiscard]] Json planHeader(const PlanSubject &subject, const std::string &format, const PlanNotes &notes);
/// Notes what an integer grid leaves out although it says the rest: integer LayerNorm, narrow range. `instead`
/// is what the file has.
void noteDetails(const PlannedTap &tap, bool canBeNarrow, const std::string &instead, PlanNotes &notes);

/// "blocks.3.mlp.fc1" of its weight's tap.
[[nodiscard]] std::string moduleOf(const PlannedTap &weight);
/// Indices of the weights whose layers read the tap.
[[nodiscard]] std::vector<int> readersOf(const PlanSubject &subject, int tap);
/// The weights of layers that a program which leaves out whole layers leaves in float: those with the weight in
/// float. Notes every value whose precision does not follow from that.
[[nodiscard]] std::set<int> floatLayers(const PlanSubject &subject, const std::string &program, PlanNotes &notes);

/// A rule about one tap. `bits`: 2..8 or PlanRule::kFloat.
[[nodiscard]] PlanRule ruleFor(const std::string &tap, int bits);
[[nodiscard]] const PlannedTap *findTap(const PlanSubject &subject, const std::string &path);
/// The text of a field; empty where it is absent or no text.
[[nodiscard]] std::string textOf(const Json &object, const char *field);
/// Bits of a plan, or the error that names what is outside of them.
[[nodiscard]] Result<int> readBits(const Json &value, const std::string &what, const std::string &origin);

} // namespace quantoscope
