// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/measure_arguments.h"

#include "app/cli/arguments.h"
#include "app/cli/console.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace quantoscope::cli {

namespace {

/// "8/8,4/4,float/8,own" -> options.
Result<std::vector<PrecisionOption>> parseOptions(const std::string &text)
{
    std::vector<PrecisionOption> options;
    const auto side = [](const std::string &one) {
        return one == "float" ? 0 : one.size() == 1 && one[0] >= '2' && one[0] <= '8' ? one[0] - '0' : -1;
    };
    for (size_t begin = 0; begin <= text.size();) {
        const size_t end = std::min(text.find(',', begin), text.size());
        const std::string one = text.substr(begin, end - begin);
        begin = end + 1;
        if (one == "own") {
            options.push_back(PrecisionOption::own());
            continue;
        }
        const size_t slash = one.find('/');
        const PrecisionOption option{side(one.substr(0, slash)),
                                     side(slash == std::string::npos ? one : one.substr(slash + 1))};
        if (option.weightBits < 0 || option.activationBits < 0)
            return fail(ErrorCode::Usage, "'" + one + "' is no W/A precision", "--options",
                        "for example own, or 8/8,4/4,float/8");
        options.push_back(option);
    }
    return options;
}

std::string durationText(double seconds)
{
    if (seconds < 90)
        return fmt::format("{:.0f} s", std::ceil(seconds));
    return seconds < 5400 ? fmt::format("{:.0f} min", seconds / 60) : fmt::format("{:.1f} h", seconds / 3600);
}

} // namespace

void MeasureArguments::addSensitivityTo(CLI::App &command, const std::string &levelOption)
{
    const std::map<std::string, SensitivityLevel> levels = {{"tap", SensitivityLevel::Tap},
                                                            {"operator", SensitivityLevel::Operator},
                                                            {"block", SensitivityLevel::Block},
                                                            {"type", SensitivityLevel::OperatorType}};
    const std::map<std::string, SensitivityKind> kinds = {{"only-this", SensitivityKind::OnlyThis},
                                                          {"all-but-this", SensitivityKind::AllButThis}};
    const std::map<std::string, SensitivityPart> parts = {{"both", SensitivityPart::Both},
                                                          {"weights", SensitivityPart::Weights},
                                                          {"activations", SensitivityPart::Activations}};
    command
        .add_option_function<SensitivityLevel>(
            levelOption, [this](const SensitivityLevel &level) { m_level = level; },
            "What quantizing each tap, operator, block or type of operator alone costs")
        ->transform(CLI::CheckedTransformer(levels));
    command.add_option("--kind", m_kinds, "only-this, all-but-this or both of them")
        ->delimiter(',')
        ->transform(CLI::CheckedTransformer(kinds));
    command.add_option("--part", m_parts, "both, weights, activations; several with commas")
        ->delimiter(',')
        ->transform(CLI::CheckedTransformer(parts));
    command
        .add_option("--options", m_options, "W/A precisions of only-this: own (as the recipe sets it), 8/8, 4/4, float/8 ...")
        ->capture_default_str();
    command
        .add_option("--sensitivity-images", m_images, "Images behind the sensitivity, a random choice; all when left away")
        ->check(positiveNumber());
}

void MeasureArguments::addReportsTo(CLI::App &command)
{
    command.add_option("--attention", m_attention, "Image file whose attention maps are recorded; may be given again");
    CLI::Option *tinynn
        = command.add_option("--tinynn", m_tinynn, "TinyNeuralNetwork's error report instead of the table: layer or graph")
              ->check(CLI::IsMember({"layer", "graph"}));
    const std::map<std::string, TinynnMetric> metrics = {{"cosine", TinynnMetric::Cosine}, {"sqnr", TinynnMetric::Sqnr}};
    command.add_option("--metric", m_metric, "Metric of --tinynn: cosine or sqnr")
        ->transform(CLI::CheckedTransformer(metrics))
        ->needs(tinynn);
    command.add_option("--worst", m_worst, "Lines of each kind that --tinynn layer prints")
        ->check(positiveNumber())
        ->capture_default_str()
        ->needs(tinynn);
}

Result<void> MeasureArguments::apply(RunRequest &request) const
{
    request.attention = m_attention;
    return m_level ? applySensitivity(request) : Result<void>();
}

Result<void> MeasureArguments::applySensitivity(RunRequest &request) const
{
    const auto options = parseOptions(m_options);
    if (!options)
        return fail(options.error());
    SensitivityRequest wanted;
    wanted.options.level = m_level.value_or(SensitivityLevel::Operator);
    wanted.options.kinds = m_kinds;
    wanted.options.parts = m_parts;
    wanted.options.options = *options;
    wanted.images = m_images;
    request.sensitivity = wanted;
    return {};
}

std::string MeasureArguments::tinynnText(const RunRecord &run) const
{
    if (m_tinynn.empty())
        return {};
    return (m_tinynn == "layer" ? tinynnLayerErrors(run, m_metric, m_worst) : tinynnGraphErrors(run, m_metric)).text(run);
}

Result<void> announceCost(Session &session, const RunRequest &request, const RunControl &control)
{
    if (!request.sensitivity)
        return {};
    const auto cost = session.sensitivityCost(request, control);
    if (!cost)
        return fail(cost.error());
    std::fprintf(stderr, "%s",
                 fmt::format("sensitivity: {} measurements on {} images, {:.1f} passes over them, about {}; Ctrl-C keeps "
                             "what is finished\n",
                             cost->measurements, cost->images, cost->passes, durationText(cost->seconds))
                     .c_str());
    return {};
}

std::string sensitivityTableText(const SensitivityTable &table)
{
    std::vector<SensitivityRow> sorted = table.rows;
    std::stable_sort(sorted.begin(), sorted.end(), [](const SensitivityRow &a, const SensitivityRow &b) {
        // All but the worst unit costs least, only the worst one most.
        return a.kind != b.kind ? a.kind < b.kind : a.kind == SensitivityKind::OnlyThis ? a.kl > b.kl : a.kl < b.kl;
    });
    std::vector<std::vector<std::string>> rows = {
        {"what", "kind", "part", "W/A", "KL (nats)", "+-", "agreement %", "top-1 %"}};
    const auto add = [&](const SensitivityRow &row, const std::string &what, const std::string &kind,
                         const std::string &precision) {
        rows.push_back({what, kind, name(row.part), precision, fmt::format("{:.3g}", row.kl),
                        fmt::format("{:.2g}", row.klStandardError), fmt::format("{:.2f}", row.agreement),
                        fmt::format("{:.2f}", row.top1)});
    };
    add(table.quantized, "everything", "quantized", "own");
    for (const SensitivityRow &row : sorted)
        add(row, row.operatorPath, name(row.kind),
            row.kind == SensitivityKind::OnlyThis ? row.option.text() : "float");
    return fmt::format("sensitivity by {}: float top-1 {:.2f} % on {} images{}; simulated quantization\n\n{}",
                       name(table.level), table.floatTop1, table.quantized.images,
                       table.complete ? "" : fmt::format(" of {}, PARTIAL", table.imagesWanted), cli::table(rows));
}

} // namespace quantoscope::cli
