// SPDX-License-Identifier: GPL-3.0-or-later
// Command-line options of evaluate, calibrate and analyze -> RunRequest.
#pragma once

#include "core/base/result.h"
#include "core/pipeline/requests.h"
#include "core/quantization/recipe.h"

#include <CLI/App.hpp>

#include <memory>
#include <string>
#include <vector>

namespace quantoscope::cli {

/// What `--search-*` change of a recipe's interval search.
struct SearchArguments {
    std::string metric;
    std::string loss;
    bool sequential = false;
    int rounds = 0;
    int candidates = 0;
    std::vector<double> range; ///< alpha, beta
    /// The changed fields as QuantizationRequest::searchJson; empty when there are none.
    [[nodiscard]] std::string json() const;
};

/// Where the parser puts values; `resolve` turns them into a request after parsing.
class RunArguments {
public:
    /// Adds the options to a subcommand. This object must outlive the parsing.
    void addTo(CLI::App &command);
    /// Errors: Usage (contradicting or malformed options), those of reading the plan file.
    [[nodiscard]] Result<RunRequest> resolve() const;

    /// The model's own preprocessing, with the recipe's and the options' changes on top; known only after the model was
    /// opened.
    void overridePreprocessing(const Preprocessing &own, RunRequest &request) const;

    std::string out;      ///< --out
    bool json = false;    ///< --json

private:
    RunRequest m_request;
    std::string m_recipe;
    std::string m_bits;
    std::string m_planFile;
    SearchArguments m_search;
    bool m_withFloat = false;
    bool m_untilDecided = false;
    UntilDecided m_rule;
    int m_resize = 0;
    int m_crop = 0;
    std::string m_interpolation;
    std::vector<float> m_mean;
    std::vector<float> m_deviation;
};

/// Accepts whole numbers from 1 on.
[[nodiscard]] const CLI::Validator &positiveNumber();

/// Options that say how a checkpoint is opened (all but its path). `request` must outlive the parsing.
void addModelOptions(CLI::App &command, ModelRequest &request);

/// "8/8/4" -> widths. Error: Usage.
[[nodiscard]] Result<BitWidths> parseBits(const std::string &text);
/// Those of `bits` where it is not empty, else the recipe's, with 4 bits for attention under `lis`. Errors: of parseBits.
[[nodiscard]] Result<BitWidths> widthsFor(const Recipe &recipe, bool lis, const std::string &bits);

} // namespace quantoscope::cli
