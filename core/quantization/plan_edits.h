// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of a precision plan, and what two plans differ in. Pure functions; any thread.
#pragma once

#include "core/base/result.h"
#include "core/quantization/recipe.h"

#include <string>
#include <vector>

namespace quantoscope {

/// Beside 2..8 and PlanRule::kFloat: forget what the plan says about the tap.
inline constexpr int kRecipeBits = -1;

/// Bits of a setting as a plan writes them: 2..8, or PlanRule::kFloat.
[[nodiscard]] int planBits(const TapSetting &setting);

/// The plan of `request` changed such that the named taps have `bits` (2..8, PlanRule::kFloat, kRecipeBits). What a rule
/// sets besides bits stays; rules that name one tap and became needless go; a width that recipe and other rules give
/// anyway gets no rule. Errors: NotFound (no such tap), BadInput (a tap without bits of its own; what resolveSettings
/// refuses of the outcome).
[[nodiscard]] Result<PrecisionPlan> withBits(const Graph &graph, const QuantizationRequest &request, bool inputQuantized,
                                             const std::vector<std::string> &taps, int bits);

/// One tap whose settings differ.
struct SettingDifference {
    int tap = -1; ///< index into the taps
    TapSetting before;
    TapSetting after;
};

/// Both parallel to the same taps.
[[nodiscard]] std::vector<SettingDifference> settingDifferences(const std::vector<TapSetting> &before,
                                                                const std::vector<TapSetting> &after);

/// What changes, e.g. "8 bit -> 4 bit", "float -> 8 bit, observer mse"; empty where nothing does.
[[nodiscard]] std::string changeText(const TapSetting &before, const TapSetting &after);

/// The difference in plain text, a line per kind of change with the taps it is for, in network order:
///     mlp.fc2, mlp.fc2.weight of blocks 4-7: 8 bit -> 4 bit
/// and a last line that counts taps and estimates the weights' size (elements x bits / 8, biases left out). Empty when
/// nothing differs.
[[nodiscard]] std::string settingDifferenceText(const std::vector<Tap> &taps, const std::vector<TapSetting> &before,
                                                const std::vector<TapSetting> &after);

/// The difference of the rules alone, where no model is at hand to say what they mean: lines in the order of the plans,
/// "- " only in the first, "+ " only in the second. Empty when the rules are the same.
[[nodiscard]] std::string ruleDifferenceText(const PrecisionPlan &before, const PrecisionPlan &after);

/// What two requests differ in apart from their plans: "recipe minmax -> omse", one a line.
[[nodiscard]] std::string requestDifferenceText(const QuantizationRequest &before, const QuantizationRequest &after);

} // namespace quantoscope
