// SPDX-License-Identifier: GPL-3.0-or-later
// Recipes (what a published method does where) and precision plans (the user's changes on top), both as ordered
// JSON rules over taps, and their resolution into one setting per tap.
#pragma once

#include "core/base/result.h"
#include "core/data/graph.h"
#include "core/data/preprocessing.h"
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
    std::vector<Operator> feeds;     ///< JSON "feeds": some reader of the value, directly or re-arranged, is one of these

    [[nodiscard]] bool matches(const Graph &graph, const Tap &tap) const;
};

/// What a rule changes of a setting; an absent field stays as it was. JSON fields in brackets.
struct SettingChange {
    std::optional<QuantizerKind> quantizer;  ///< [quantizer]
    std::optional<ObserverKind> observer;    ///< [observer]
    std::optional<Granularity> granularity;  ///< [granularity]
    std::optional<int> groups;               ///< [groups]
    std::optional<bool> symmetric;           ///< [symmetric]
    std::optional<bool> narrowRange;         ///< [narrow_range]
    std::optional<bool> includeZero;         ///< [include_zero]
    std::optional<Arithmetic> arithmetic;    ///< [arithmetic]
    std::optional<TwinForm> twin;            ///< [twin]
    std::optional<double> fixedScale;        ///< [scale]
    std::optional<double> fixedZeroPoint;    ///< [zero_point]
    std::optional<bool> integerLayerNorm;    ///< [integer_layer_norm]

    void applyTo(TapSetting &setting) const;
    bool operator==(const SettingChange &) const = default;
};

/// Bits of a recipe rule: a number, or one of the three widths that the user chooses.
enum class BitSource { Fixed, Weights, Activations, Attention };

struct RecipeRule {
    TapSelector where;
    SettingChange change;
    std::optional<BitSource> bitSource;
    int fixedBits = 8;
};

/// resources/recipes/README.md describes the file.
struct Recipe {
    std::string name;        ///< "minmax"
    std::string title;       ///< one line
    std::string source;      ///< paper or program
    std::string staysFloat;  ///< one line: what this recipe leaves in float
    BitWidths bits;          ///< where the user gives none
    bool imageFollowsModel = false; ///< the image is quantized only where ModelInfo::inputQuantized says so (FQ-ViT)
    std::optional<ResizeMode> resizeMode;  ///< the method's own preprocessing
    std::optional<IntervalSearch> search;  ///< the intervals are searched after calibration
    std::vector<RecipeRule> rules;
    std::vector<RecipeRule> ptfRules; ///< added when PTF is switched on; empty: the recipe has no such form
    std::vector<RecipeRule> lisRules; ///< added when LIS is switched on; empty: the recipe has no such form
    std::string json;        ///< the text it was read from

    /// The model's own preprocessing with the method's on top: a squashed picture has the size of the crop.
    [[nodiscard]] Preprocessing preprocessingFor(const Preprocessing &own) const;
};

struct PlanRule {
    static constexpr int kFloat = 0;
    static constexpr int kSameBits = -1;
    TapSelector where;
    int bits = kFloat; ///< 2..8, kFloat, or kSameBits
    SettingChange change = {};
};

struct PrecisionPlan {
    std::string name;
    std::vector<PlanRule> rules; ///< later rules win
};

/// The recipes shipped in resources/recipes, in display order.
[[nodiscard]] const std::vector<Recipe> &builtinRecipes();

/// Recipes that can be named: the shipped ones, then those in userRecipeFolder() by name.
struct RecipeList {
    std::vector<Recipe> recipes;
    std::vector<Error> broken; ///< files of the user's that cannot be used, and why
};
[[nodiscard]] RecipeList namedRecipes();
/// $XDG_CONFIG_HOME/quantoscope/recipes, or the same in ~/.config.
[[nodiscard]] std::string userRecipeFolder();

/// The search that a request asks for: the recipe's own with the fields of `request.searchJson` changed; none where the
/// recipe has no search or the request switches it off. Errors: CorruptFile (the JSON, naming the field), Usage (fields of a
/// search that does not take place).
[[nodiscard]] Result<std::optional<IntervalSearch>> resolveSearch(const Recipe &recipe,
                                                                  const QuantizationRequest &request);
/// A request's `searchJson` that asks for a sequential search, or not, and for everything else as before. Recipes search in
/// parallel by themselves, so that "not" leaves the field away.
[[nodiscard]] std::string withSequentialSearch(const std::string &searchJson, bool sequential);

/// By name, or from a file when `wanted` has a slash or ends in ".json". Errors: NotFound listing the known names; those
/// of reading and parsing the file.
[[nodiscard]] Result<Recipe> findRecipe(const std::string &wanted);
/// Errors: CorruptFile naming rule and field.
[[nodiscard]] Result<Recipe> parseRecipe(const std::string &json, const std::string &origin);

/// Largest file that is read as a plan, in bytes.
inline constexpr size_t kLargestPlan = size_t{16} << 20;
/// An empty text is the empty plan. Errors: CorruptFile naming rule and field.
[[nodiscard]] Result<PrecisionPlan> parsePlan(const std::string &json, const std::string &origin);
[[nodiscard]] std::string planToJson(const PrecisionPlan &plan);
/// "blocks.3.mlp.fc2: float; role residual: 6 bit, observer mse"; empty text for the empty plan.
[[nodiscard]] std::string planText(const PrecisionPlan &plan);

/// One setting per Graph::taps entry: recipe rules in order, then PTF and LIS rules, then the plan; each passed
/// validateSetting() and fits its neighbours. `inputQuantized`: FQ-ViT leaves the image of ViT (not DeiT) in float.
/// Errors: of findRecipe, resolveSearch and parsePlan; Usage (PTF or LIS with a recipe that has no such form); BadInput (a
/// plan rule that matches no tap, bits outside 2..8, a setting that makes no sense).
[[nodiscard]] Result<std::vector<TapSetting>> resolveSettings(const Graph &graph, const QuantizationRequest &request,
                                                              bool inputQuantized);
/// Whether a plan may change this tap: values of its own, and the operands q, k and v. Other views of another tap's values
/// stay what those are.
[[nodiscard]] bool isSwitchable(const Graph &graph, const Tap &tap);

} // namespace quantoscope
