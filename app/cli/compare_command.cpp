// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/json_output.h"
#include "core/analysis/class_changes.h"
#include "core/analysis/run_comparison.h"
#include "core/io/run_file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>

namespace quantoscope::cli {

namespace {

using Json = nlohmann::ordered_json;

/// What a side is called: "float" or the recipe with its widths.
std::string resultText(const RunRecord &run, RunSide side)
{
    const bool quantized = side == RunSide::Own ? run.quantized : side == RunSide::Quantized;
    return quantized ? run.request.text() : "float";
}

std::string className(const RunRecord &run, int index)
{
    const auto known = static_cast<size_t>(index);
    return index >= 0 && known < run.classNames.size() ? fmt::format("{} {}", index, run.classNames[known])
                                                       : std::to_string(index);
}

std::string percent(double share)
{
    return std::isfinite(share) ? fmt::format("{:.1f} %", 100 * share) : "-";
}

std::string flipTable(const RunRecord &run, const std::vector<FlippedImage> &flips, size_t most)
{
    std::vector<std::vector<std::string>> rows = {{"image", "class", "first says", "sure", "second says", "sure"}};
    for (size_t i = 0; i < std::min(most, flips.size()); ++i) {
        const FlippedImage &flip = flips[i];
        rows.push_back({flip.path, className(run, flip.label), className(run, flip.classBefore),
                        percent(flip.confidenceBefore), className(run, flip.classAfter),
                        percent(flip.confidenceAfter)});
    }
    return table(rows);
}

std::string confusionTable(const RunRecord &first, const RunRecord &second, const std::vector<ClassChange> &changes,
                           size_t most)
{
    std::vector<std::vector<std::string>> rows = {{"first says", "second says", "images", "lost", "gained"}};
    for (size_t i = 0; i < std::min(most, changes.size()); ++i) {
        const ClassChange &change = changes[i];
        rows.push_back({className(first, change.from), className(second, change.to), std::to_string(change.count),
                        std::to_string(change.lost), std::to_string(change.gained)});
    }
    return table(rows);
}

void printComparison(const RunRecord &first, const RunRecord &second, const RunComparison &comparison,
                     const std::vector<ClassChange> &changes, const CompareArguments &arguments)
{
    const PairedComparison &p = comparison.paired;
    const auto describe = [](const char *which, const std::string &file, const RunRecord &run, RunSide side) {
        return fmt::format("{:<12} {}: {}, {}\n", which, file, run.model.name, resultText(run, side));
    };
    std::string text = describe("first", arguments.first, first, arguments.firstSide)
        + describe("second", arguments.second, second, arguments.secondSide);
    text += fmt::format("images       {} in both, matched by {}; {} only in the first, {} only in the second\n\n",
                        p.common, comparison.byHash ? "content" : "path", comparison.onlyFirst, comparison.onlySecond);
    if (p.labelled > 0) {
        const auto row = [](const char *what, double a, double b, const Interval &interval) {
            return std::vector<std::string>{what, fmt::format("{:.2f} %", a), fmt::format("{:.2f} %", b),
                                            fmt::format("{:+.2f}", b - a),
                                            fmt::format("[{:+.2f}, {:+.2f}]", interval.low, interval.high)};
        };
        text += table({{"", "first", "second", "points", "95 % (Newcombe, paired)"},
                       row("top-1", comparison.top1First(), comparison.top1Second(), comparison.top1Difference),
                       row("top-5", comparison.top5First(), comparison.top5Second(), comparison.top5Difference)});
        text += fmt::format("\nflips        {} images lost, {} gained; exact McNemar p = {:.3g} on {} images\n", p.lost,
                            p.gained, p.mcnemarP, p.labelled);
    }
    text += fmt::format("agreement    {:.2f} % ({} of {} have the same best class)\n",
                        100.0 * static_cast<double>(p.agree) / static_cast<double>(p.common), p.agree, p.common);
    if (comparison.divergence)
        text += fmt::format("KL           mean {:.3g}, median {:.3g}, largest {:.3g} nats (first || second)\n",
                            comparison.divergence->mean, comparison.divergence->median,
                            comparison.divergence->maximum);
    text += "verdict      " + comparison.verdict() + "\n";
    const auto most = static_cast<size_t>(arguments.flips);
    for (const auto &[title, flips] : {std::pair("lost", &comparison.lost), std::pair("gained", &comparison.gained)})
        if (!flips->empty() && most > 0)
            text += fmt::format("\n{} ({} of {})\n", title, std::min(most, flips->size()), flips->size())
                + flipTable(first, *flips, most);
    if (!changes.empty() && most > 0)
        text += fmt::format("\nconfusion of the classes that changed ({} of {} pairs)\n", std::min(most, changes.size()),
                            changes.size())
            + confusionTable(first, second, changes, most);
    std::fputs(text.c_str(), stdout);
}

Json flipsJson(const std::vector<FlippedImage> &flips, size_t most)
{
    const auto confidence = [](double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); };
    Json list = Json::array();
    for (size_t i = 0; i < std::min(most, flips.size()); ++i)
        list.push_back({{"image", flips[i].path},
                        {"label", flips[i].label},
                        {"first", flips[i].classBefore},
                        {"first_confidence", confidence(flips[i].confidenceBefore)},
                        {"second", flips[i].classAfter},
                        {"second_confidence", confidence(flips[i].confidenceAfter)}});
    return list;
}

Json confusionJson(const std::vector<ClassChange> &changes)
{
    Json list = Json::array();
    for (const ClassChange &change : changes)
        list.push_back({{"first", change.from},
                        {"second", change.to},
                        {"images", change.count},
                        {"lost", change.lost},
                        {"gained", change.gained}});
    return list;
}

Json comparisonJson(const RunRecord &first, const RunRecord &second, const RunComparison &comparison,
                    const std::vector<ClassChange> &changes, const CompareArguments &arguments)
{
    const PairedComparison &p = comparison.paired;
    const auto side = [](const std::string &file, const RunRecord &run, RunSide which) {
        return Json{{"file", file}, {"model", run.model.name}, {"result", resultText(run, which)}};
    };
    const auto accuracy = [&](double a, double b, const Interval &interval) {
        return p.labelled > 0 ? Json{{"first", a},
                                     {"second", b},
                                     {"difference", b - a},
                                     {"low", interval.low},
                                     {"high", interval.high}}
                              : Json(nullptr);
    };
    const auto most = static_cast<size_t>(arguments.flips);
    Json json = {{"first", side(arguments.first, first, arguments.firstSide)},
                 {"second", side(arguments.second, second, arguments.secondSide)},
                 {"matched_by", comparison.byHash ? "sha256" : "path"},
                 {"common", p.common},
                 {"only_first", comparison.onlyFirst},
                 {"only_second", comparison.onlySecond},
                 {"labelled", p.labelled},
                 {"agree", p.agree},
                 {"agreement", 100.0 * static_cast<double>(p.agree) / static_cast<double>(p.common)},
                 {"top1", accuracy(comparison.top1First(), comparison.top1Second(), comparison.top1Difference)},
                 {"top5", accuracy(comparison.top5First(), comparison.top5Second(), comparison.top5Difference)},
                 {"lost", p.lost},
                 {"gained", p.gained},
                 {"mcnemar_p", p.mcnemarP},
                 {"kl", nullptr},
                 {"verdict", comparison.verdict()},
                 {"flips",
                  {{"lost", flipsJson(comparison.lost, most)}, {"gained", flipsJson(comparison.gained, most)}}},
                 {"confusion", confusionJson(changes)},
                 {"warnings", comparison.warnings}};
    if (comparison.divergence)
        json["kl"] = {{"mean", comparison.divergence->mean},
                      {"median", comparison.divergence->median},
                      {"max", comparison.divergence->maximum},
                      {"images", comparison.divergenceImages}};
    return json;
}

} // namespace

int compare(const CompareArguments &arguments)
{
    const auto first = readRunFile(arguments.first);
    if (!first)
        return report(first.error());
    const auto second = readRunFile(arguments.second);
    if (!second)
        return report(second.error());
    const auto comparison = compareRuns(*first, arguments.firstSide, *second, arguments.secondSide);
    if (!comparison)
        return report(comparison.error());
    const auto flips = findFlips(*first, arguments.firstSide, *second, arguments.secondSide, FlipRank::Top1);
    if (!flips)
        return report(flips.error());
    const std::vector<ClassChange> changes = classChanges(*flips, ChangeRows::Before);
    for (const std::string &sentence : comparison->warnings)
        warn(sentence);
    if (arguments.json)
        printJson(comparisonJson(*first, *second, *comparison, changes, arguments));
    else
        printComparison(*first, *second, *comparison, changes, arguments);
    return kSuccess;
}

} // namespace quantoscope::cli
