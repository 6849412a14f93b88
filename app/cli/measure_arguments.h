// SPDX-License-Identifier: GPL-3.0-or-later
// Options of what is measured beside accuracy: sensitivity, attention maps, TinyNeuralNetwork's reports.
#pragma once

#include "core/analysis/tinynn_report.h"
#include "core/base/result.h"
#include "core/pipeline/session.h"

#include <CLI/App.hpp>

#include <optional>
#include <string>
#include <vector>

namespace quantoscope::cli {

class MeasureArguments {
public:
    /// Options that say which parts are measured and how. This object must outlive the parsing.
    void addSensitivityTo(CLI::App &command, const std::string &levelOption);
    /// --attention, --tinynn and what belongs to them, of `analyze`.
    void addReportsTo(CLI::App &command);

    /// Adds what was asked for to the request. Errors: Usage.
    [[nodiscard]] Result<void> apply(RunRequest &request) const;
    /// As apply, with sensitivity measured whether or not its level was named.
    [[nodiscard]] Result<void> applySensitivity(RunRequest &request) const;

    /// The report that --tinynn asks for, as text; empty without it.
    [[nodiscard]] std::string tinynnText(const RunRecord &run) const;

private:
    std::optional<SensitivityLevel> m_level;
    std::vector<SensitivityKind> m_kinds = {SensitivityKind::OnlyThis};
    std::vector<SensitivityPart> m_parts = {SensitivityPart::Both};
    std::string m_options = "own";
    int64_t m_images = 0;
    std::vector<std::string> m_attention;
    std::string m_tinynn; ///< "layer", "graph" or empty
    TinynnMetric m_metric = TinynnMetric::Cosine;
    size_t m_worst = 20;
};

/// Prints to stderr what the request's sensitivity will cost, if there is one. Errors: of Session::sensitivityCost.
[[nodiscard]] Result<void> announceCost(Session &session, const RunRequest &request, const RunControl &control);

/// A table for people, most sensitive first, with a line on what is behind it.
[[nodiscard]] std::string sensitivityTableText(const SensitivityTable &table);

} // namespace quantoscope::cli
