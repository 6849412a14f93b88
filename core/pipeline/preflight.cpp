// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/preflight.h"

#include "core/pipeline/preflight_checks.h"

#include <fmt/format.h>

#include <algorithm>

namespace quantoscope {

namespace preflight {

namespace {

constexpr size_t kListedNames = 4;
constexpr int64_t kFewImages = 20; ///< labelled ones; the interval of fewer spans most of the scale
constexpr double kFarBelow = 5; ///< points of top-1; no choice of images explains more

/// Mean of the largest softmax probability, percent.
double meanConfidence(const EvaluationResult &result, double expectedHits)
{
    return result.images.empty() ? 0 : 100 * expectedHits / static_cast<double>(result.images.size());
}

void checkImages(const PreflightInput &input, const EvaluationResult &result, PreflightReport &report)
{
    if (result.failures.empty())
        return;
    const ImageFailure &first = result.failures.front();
    add(report, Severity::Warning, "images.unreadable",
        {FindingValue::ofCount("count", static_cast<int64_t>(result.failures.size())),
         FindingValue::ofText("first", input.images.items[static_cast<size_t>(first.image)].path),
         FindingValue::ofText("reason", first.reason)});
}

void checkAccuracy(const EvaluationResult &result, bool explained, PreflightReport &report)
{
    if (result.count == 0) {
        add(report, Severity::Warning, "accuracy.unlabelled",
            {FindingValue::ofDecimal("confidence", report.meanConfidence, 1)});
        return;
    }
    const Interval interval = result.top1Interval();
    std::vector<FindingValue> values
        = {FindingValue::ofDecimal("top1", result.top1(), 2), FindingValue::ofDecimal("low", interval.low, 2),
           FindingValue::ofDecimal("high", interval.high, 2), FindingValue::ofCount("images", result.count),
           FindingValue::ofCount("chosen", report.chosenImages),
           FindingValue::ofDecimal("confidence", report.meanConfidence, 1)};
    if (result.count < kFewImages) {
        add(report, Severity::Note, "accuracy.few_images", std::move(values));
        return;
    }
    const double chance = 100.0 / std::max(result.classes, 1);
    if (interval.low <= chance && chance <= interval.high && result.classes > 1) {
        values.push_back(FindingValue::ofDecimal("chance", chance, 2));
        add(report, Severity::Problem, explained ? "accuracy.chance" : "accuracy.chance_unexplained", std::move(values));
        return;
    }
    const double published = report.publishedTop1;
    if (published <= 0) {
        add(report, Severity::Ok, "accuracy.unpublished", std::move(values));
        return;
    }
    values.push_back(FindingValue::ofDecimal("published", published, 2));
    values.push_back(FindingValue::ofText("source", report.publishedIn));
    if (interval.high < published) {
        const Severity severity = published - result.top1() > kFarBelow ? Severity::Problem : Severity::Warning;
        add(report, severity, explained ? "accuracy.below" : "accuracy.below_unexplained", std::move(values));
    } else if (interval.low > published) {
        add(report, Severity::Note, "accuracy.above", std::move(values));
    } else {
        add(report, Severity::Ok, "accuracy.fits", std::move(values));
    }
}

/// By severity; causes and then the accuracy before the rest, which stays in the order of the checks.
void order(PreflightReport &report)
{
    const auto rank = [](const Finding &finding) {
        const int subject = finding.id.starts_with("cause") ? 0 : finding.id.starts_with("accuracy") ? 1 : 2;
        return std::pair(-static_cast<int>(finding.severity), subject);
    };
    std::stable_sort(report.findings.begin(), report.findings.end(),
                     [&](const Finding &a, const Finding &b) { return rank(a) < rank(b); });
}

} // namespace

void add(PreflightReport &report, Severity severity, std::string id, std::vector<FindingValue> values)
{
    report.findings.push_back({severity, std::move(id), std::move(values)});
}

FindingValue listValue(std::string name, const std::vector<std::string> &names)
{
    std::string text;
    for (size_t i = 0; i < std::min(names.size(), kListedNames); ++i)
        text += (i > 0 ? ", " : "") + names[i];
    if (names.size() > kListedNames)
        text += fmt::format(" (+{})", names.size() - kListedNames);
    return FindingValue::ofText(std::move(name), std::move(text));
}

const ModelEntry *publishedEntry(const ModelInfo &info)
{
    for (const ModelEntry &entry : knownModels())
        if (entry.name == info.name)
            return &entry;
    return nullptr;
}

std::vector<size_t> spreadRows(size_t rows, size_t count)
{
    const size_t taken = std::min(rows, count);
    std::vector<size_t> spread(taken);
    for (size_t i = 0; i < taken; ++i)
        spread[i] = i * rows / taken;
    return spread;
}

} // namespace preflight

Result<PreflightReport> runPreflight(const PreflightInput &input, const RunControl &control)
{
    using namespace preflight;
    PreflightReport report;
    report.model = input.model.info.name;
    report.chosenImages = static_cast<int64_t>(input.chosen.items.size());
    if (const ModelEntry *entry = publishedEntry(input.model.info)) {
        report.publishedTop1 = entry->publishedTop1;
        report.publishedIn = entry->publishedIn;
    }
    auto result = input.evaluateFloat(control);
    if (!result)
        return fail(result.error());
    const auto stopped = [] { return fail(ErrorCode::Cancelled, "stopped on request"); };
    if (control.isCancelled() || !result->complete)
        return stopped();

    PhaseReporter reporter(control, "check", probeCost(input) + kActivationImages);
    const LabelVerdict labels = checkLabels(input, *result, report);
    report.meanConfidence = meanConfidence(*result, labels.expectedHits);
    comparePublishedPreprocessing(input, report);
    const auto named = probePreprocessing(input, *result, labels, control, reporter, report);
    if (!named)
        return fail(named.error());
    checkAccuracy(*result, *named || labels.explained, report);
    checkImages(input, *result, report);
    checkWeights(input, report);
    if (const auto checked = checkActivations(input, control, reporter, report); !checked)
        return fail(checked.error());
    checkPlan(input, report);
    checkCalibration(input, control, report);
    if (control.isCancelled())
        return stopped();
    order(report);
    report.floatResult = std::move(*result);
    report.floatResult.logits.clear();
    report.seconds = report.floatResult.seconds + reporter.seconds();
    return report;
}

} // namespace quantoscope
