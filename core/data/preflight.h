// SPDX-License-Identifier: GPL-3.0-or-later
// What the check before a calibration found. Findings are ids with values; their sentences are in preflight_texts.h.
#pragma once

#include "core/data/evaluation.h"
#include "core/data/preprocessing.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace quantoscope {

enum class Severity {
    Ok,      ///< looked at and in order
    Note,    ///< worth knowing, nothing to repair
    Warning, ///< may spoil results
    Problem, ///< results would be wrong
};

/// A figure or name that the sentences of a finding mention as {name}.
struct FindingValue {
    enum class Kind { Text, Preprocessing, Count, Decimal, PValue };
    std::string name;
    Kind kind = Kind::Text;
    std::string text = {};            ///< Text: a path, tap, operator or figure, never a sentence to be translated
    double number = 0;                ///< Count, Decimal, PValue
    int decimals = 0;                 ///< of Decimal
    Preprocessing preprocessing = {}; ///< Preprocessing

    [[nodiscard]] static FindingValue ofText(std::string name, std::string text)
    {
        return {std::move(name), Kind::Text, std::move(text)};
    }
    [[nodiscard]] static FindingValue ofCount(std::string name, int64_t count)
    {
        return {std::move(name), Kind::Count, {}, static_cast<double>(count)};
    }
    [[nodiscard]] static FindingValue ofDecimal(std::string name, double value, int decimals)
    {
        return {std::move(name), Kind::Decimal, {}, value, decimals};
    }
    [[nodiscard]] static FindingValue ofPValue(std::string name, double p)
    {
        return {std::move(name), Kind::PValue, {}, p};
    }
    [[nodiscard]] static FindingValue ofPreprocessing(std::string name, const Preprocessing &preprocessing)
    {
        return {std::move(name), Kind::Preprocessing, {}, 0, 0, preprocessing};
    }
};

struct Finding {
    Severity severity = Severity::Ok;
    std::string id; ///< stable, "subject.what"; likely causes begin with "cause."
    std::vector<FindingValue> values = {};

    /// Null when there is none of that name.
    [[nodiscard]] const FindingValue *value(const std::string &wanted) const
    {
        const auto found
            = std::find_if(values.begin(), values.end(), [&](const FindingValue &v) { return v.name == wanted; });
        return found == values.end() ? nullptr : &*found;
    }
};

/// Nodes of one operator and how many of them compute with float operands under the chosen recipe.
struct OperatorPrecision {
    std::string operatorName; ///< "linear"
    int nodes = 0;
    int floatNodes = 0;       ///< of these: at least one operand, or the arithmetic itself, stays float
    int64_t macs = 0;         ///< multiply-accumulates per image of all nodes
    int64_t floatMacs = 0;    ///< of the float ones
};

struct PreflightReport {
    std::string model;        ///< registry name or family with sizes
    std::vector<Finding> findings; ///< in the order of the checks
    int64_t chosenImages = 0; ///< that the request names
    EvaluationResult floatResult; ///< of the images that were used, without logits
    double meanConfidence = 0;    ///< mean of the largest softmax probability, percent
    double publishedTop1 = 0;     ///< percent; 0: none known
    std::string publishedIn;
    std::vector<OperatorPrecision> operators; ///< empty without a recipe
    double seconds = 0;

    [[nodiscard]] Severity worst() const
    {
        Severity worst = Severity::Ok;
        for (const Finding &finding : findings)
            worst = std::max(worst, finding.severity);
        return worst;
    }
    [[nodiscard]] const Finding *find(const std::string &id) const
    {
        const auto found
            = std::find_if(findings.begin(), findings.end(), [&](const Finding &f) { return f.id == id; });
        return found == findings.end() ? nullptr : &*found;
    }
    [[nodiscard]] int64_t count(Severity severity) const
    {
        return std::count_if(findings.begin(), findings.end(),
                             [&](const Finding &finding) { return finding.severity == severity; });
    }
};

} // namespace quantoscope
