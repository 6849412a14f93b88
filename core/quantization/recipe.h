// SPDX-License-Identifier: GPL-3.0-or-later
// Recipes (what a published method does where) and precision plans (the user's changes on top), both as ordered
// JSON rules over taps, and their resolution into one setting per tap.
#pragma once

#include "core/base/result.h"
#include "core/data/graph.h"
#include "core/data/quantization.h"
#include "core/data/run_record.h"

#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

/// Selects taps; every given field must match. Empty selects all.
struct TapSelector {
    std::string tap;                 ///< path with wildcards: * (any characters), ? (one); "" any
    std::vector<TapKind> kinds;      ///< JSON "kind": name or list of names: "activation", "parameter", "weight"
    std::vector<Role> roles;         ///< JSON "role": name or list of names
    std::string operatorName;        ///< JSON "operator": "linear", "layer_norm", ...
    int firstBlock = -1;             ///< JSON "block": 3 or "4-7"; -1 any
    int lastBlock = -1;
    std::optional<bool> feedsLayerNorm; ///< JSON "feeds_layer_norm"

    [[nodiscard]] bool matches(const Graph &graph, const Tap &tap) const;
};

/// Bits of a recipe rule: a number, or one of the three widths that the user chooses.
enum class BitSource { Fixed, Weights, Activations, Attention };

struct RecipeRule {
    TapSelector where;
    std::optional<QuantizerKind> quantizer;
    std::optional<ObserverKind> observer;
    std::optional<Granularity> granularity;
    std::optional<bool> symmetric;
    std::optional<bool> integerLayerNorm;
    std::optional<BitSource> bitSource;
    int fixedBits = 8;
};

struct Recipe {
    std::string name;        ///< "minmax"
    std::string title;       ///< one line
    std::string source;      ///< paper or program
    std::string staysFloat;  ///< one line: what this recipe leaves in float
    std::vector<RecipeRule> rules;
    std::vector<RecipeRule> ptfRules; ///< added when PTF is switched on
    std::vector<RecipeRule> lisRules; ///< added when LIS is switched on
    std::string json;        ///< the text it was read from
};

struct PlanRule {
    TapSelector where;
    int bits = 0; ///< 2..8, or 0 for float
};

struct PrecisionPlan {
    std::string name;
    std::vector<PlanRule> rules; ///< later rules win
};

/// The recipes shipped in resources/recipes, in display order.
[[nodiscard]] const std::vector<Recipe> &builtinRecipes();
/// By name. Error: NotFound listing the known names.
[[nodiscard]] Result<Recipe> findRecipe(const std::string &name);
/// Error: CorruptFile naming rule and field.
[[nodiscard]] Result<Recipe> parseRecipe(const std::string &json, const std::string &origin);

/// An empty text is the empty plan. Errors: CorruptFile naming rule and field.
[[nodiscard]] Result<PrecisionPlan> parsePlan(const std::string &json, const std::string &origin);
[[nodiscard]] std::string planToJson(const PrecisionPlan &plan);
/// "blocks.3.mlp.fc2: float; role residual: 6 bit"; empty text for the empty plan.
[[nodiscard]] std::string planText(const PrecisionPlan &plan);

/// One setting per Graph::taps entry: recipe rules in order, then PTF and LIS rules, then the plan.
/// `inputQuantized`: FQ-ViT leaves the image of ViT (not DeiT) in float.
/// Errors: NotFound (unknown recipe), CorruptFile (plan), BadInput (a plan rule that matches no tap, or bits outside 2..8).
[[nodiscard]] Result<std::vector<TapSetting>> resolveSettings(const Graph &graph, const QuantizationRequest &request,
                                                              bool inputQuantized);
/// Whether a plan may change this tap: some recipe line quantizes it (pure views of another tap stay what they are).
[[nodiscard]] bool isSwitchable(const Graph &graph, const Tap &tap);

} // namespace quantoscope
