// SPDX-License-Identifier: GPL-3.0-or-later
// Labels: how many, which, in which order, and do the predictions speak for another order?
#include "core/pipeline/preflight_checks.h"

#include "core/analysis/label_agreement.h"
#include "core/analysis/prediction_scores.h"
#include "core/imaging/synsets.h"

#include <cmath>
#include <filesystem>
#include <set>
#include <unordered_map>

namespace quantoscope::preflight {

namespace {

constexpr int kImageNetClasses = 1000;
constexpr double kFewOfExpected = 0.5;   ///< fewer hits than this share of what the confidences promise are suspicious
constexpr int64_t kEnoughToJudge = 20;   ///< images

/// Another way to read the labels.
struct Reading {
    const char *id; ///< of the finding, should it explain the images
    std::vector<int> labels;
};

/// ImageNet's class of a name in a class list: a wnid or the readable name; -1 for neither. Two classes share a name
/// twice, so names are taken up in order.
class ImageNetNames {
public:
    ImageNetNames()
    {
        const std::vector<std::string> &names = imagenetClassNames();
        for (size_t c = 0; c < names.size(); ++c)
            m_classes[names[c]].push_back(static_cast<int>(c));
    }
    [[nodiscard]] int take(const std::string &name)
    {
        if (looksLikeWnid(name))
            return classOfWnid(name);
        const auto found = m_classes.find(name);
        if (found == m_classes.end() || found->second.empty())
            return -1;
        const int taken = found->second.front();
        found->second.erase(found->second.begin());
        return taken;
    }

private:
    std::unordered_map<std::string, std::vector<int>> m_classes;
};

/// For a class list that holds exactly ImageNet's classes in another order: ImageNet's class of each. Empty otherwise.
std::vector<int> imageNetOrder(const std::vector<std::string> &classNames)
{
    if (classNames.size() != static_cast<size_t>(kImageNetClasses))
        return {};
    ImageNetNames names;
    std::vector<int> order;
    std::set<int> seen;
    bool moved = false;
    for (size_t c = 0; c < classNames.size(); ++c) {
        const int known = names.take(classNames[c]);
        if (known < 0 || !seen.insert(known).second)
            return {};
        moved |= known != static_cast<int>(c);
        order.push_back(known);
    }
    return moved ? order : std::vector<int>();
}

/// Class of the wnid that the image's folder is called by; -1 without one.
int folderClass(const std::string &path)
{
    return classOfWnid(std::filesystem::path(path).parent_path().filename().string());
}

template <typename Map>
std::vector<int> mapped(const std::vector<int> &labels, int classes, Map map)
{
    std::vector<int> result(labels.size(), -1);
    for (size_t i = 0; i < labels.size(); ++i) {
        const int to = labels[i] < 0 ? -1 : map(labels[i]);
        result[i] = to < classes ? to : -1;
    }
    return result;
}

std::vector<Reading> readings(const PreflightInput &input, const EvaluationResult &result,
                              const std::vector<int> &given)
{
    const int classes = input.model.info.classes;
    std::vector<Reading> all;
    if (const std::vector<int> order = imageNetOrder(input.images.classNames); !order.empty())
        all.push_back({"cause.class_order",
                       mapped(given, classes, [&](int c) { return order[static_cast<size_t>(c)]; })});
    if (classes == kImageNetClasses) {
        std::vector<int> folders(given.size());
        for (size_t i = 0; i < given.size(); ++i)
            folders[i] = folderClass(input.images.items[static_cast<size_t>(result.images[i].image)].path);
        if (folders != given)
            all.push_back({"cause.label_folders", std::move(folders)});
    }
    all.push_back({"cause.labels_start_at_one", mapped(given, classes, [](int c) { return c - 1; })});
    all.push_back({"cause.background_class", mapped(given, classes, [](int c) { return c + 1; })});
    all.push_back({"cause.labels_reversed", mapped(given, classes, [&](int c) { return classes - 1 - c; })});
    const std::vector<int> asText = numbersSortedAsText(classes);
    all.push_back({"cause.labels_sorted_as_text",
                   mapped(given, classes, [&](int c) { return asText[static_cast<size_t>(c)]; })});
    // A list's labels may have slipped by a row against its paths; a folder's cannot.
    if (!input.request.data.list.empty() && input.chosen.items.size() == input.images.items.size()) {
        const auto slipped = [&](int by) {
            std::vector<int> labels(given.size(), -1);
            for (size_t i = 0; i < given.size(); ++i)
                if (const int row = result.images[i].image + by;
                    row >= 0 && row < static_cast<int>(input.images.items.size()))
                    labels[i] = input.images.items[static_cast<size_t>(row)].label;
            return labels;
        };
        all.push_back({"cause.label_rows", slipped(1)});
        all.push_back({"cause.label_rows", slipped(-1)});
    }
    return all;
}

void checkClassList(const PreflightInput &input, const std::vector<int> &given, PreflightReport &report)
{
    const int classes = input.model.info.classes;
    const auto listed = static_cast<int64_t>(input.images.classNames.size());
    std::set<int> present;
    int64_t missing = 0;
    for (const int label : given)
        label < 0 ? static_cast<void>(++missing) : static_cast<void>(present.insert(label));
    if (missing > 0)
        add(report, Severity::Warning, "labels.missing",
            {FindingValue::ofCount("count", missing), FindingValue::ofCount("images", static_cast<int64_t>(given.size()))});
    if (listed != classes && !present.empty())
        add(report, Severity::Warning, listed == classes + 1 ? "labels.one_class_more" : "labels.class_count",
            {FindingValue::ofCount("listed", listed), FindingValue::ofCount("classes", classes)});
    else if (!present.empty())
        add(report, Severity::Ok, "labels.range",
            {FindingValue::ofCount("classes", classes), FindingValue::ofCount("lowest", *present.begin()),
             FindingValue::ofCount("highest", *present.rbegin())});
    const auto empty = static_cast<int64_t>(classes) - static_cast<int64_t>(present.size());
    if (empty > 0 && !present.empty())
        add(report, Severity::Note, "labels.empty_classes",
            {FindingValue::ofCount("count", empty), FindingValue::ofCount("classes", classes)});
    if (!present.empty() && classes == kImageNetClasses && listed == classes) {
        if (imageNetOrder(input.images.classNames).empty())
            add(report, Severity::Ok, "labels.order", {FindingValue::ofCount("classes", classes)});
        else
            add(report, Severity::Problem, "labels.class_list_order", {FindingValue::ofCount("classes", classes)});
    }
}

std::vector<FindingValue> recoveryValues(int64_t images, int64_t before, int64_t after, double p)
{
    const auto percent = [images](int64_t hits) {
        return 100.0 * static_cast<double>(hits) / static_cast<double>(std::max<int64_t>(images, 1));
    };
    return {FindingValue::ofCount("images", images), FindingValue::ofDecimal("before", percent(before), 1),
            FindingValue::ofDecimal("after", percent(after), 1), FindingValue::ofPValue("p", p)};
}

} // namespace

LabelVerdict checkLabels(const PreflightInput &input, const EvaluationResult &result, PreflightReport &report)
{
    LabelVerdict verdict;
    std::vector<int> predicted;
    int64_t hits = 0;
    int64_t labelled = 0;
    double expectedOfLabelled = 0;
    for (size_t i = 0; i < result.images.size(); ++i) {
        const ImageOutcome &outcome = result.images[i];
        const ImageScore score
            = scoreImage(result.logits.data() + i * static_cast<size_t>(result.classes), result.classes, outcome.label);
        const double probability = score.usable ? std::exp(score.confidence) : 0;
        verdict.labels.push_back(outcome.label);
        predicted.push_back(outcome.top5[0]);
        verdict.expectedHits += probability;
        if (outcome.label < 0)
            continue;
        ++labelled;
        hits += outcome.top5[0] == outcome.label;
        expectedOfLabelled += probability;
    }
    checkClassList(input, verdict.labels, report);
    if (labelled == 0)
        return verdict;

    const std::vector<Reading> others = readings(input, result, verdict.labels);
    const double limit = kSignificance / static_cast<double>(others.size() + 1);
    const Reading *best = nullptr;
    LabelComparison bestComparison;
    for (const Reading &other : others) {
        const LabelComparison comparison = compareLabels(predicted, verdict.labels, other.labels);
        const bool plausible
            = static_cast<double>(comparison.hitsSecond) >= kFewOfExpected * expectedOfLabelled
            && comparison.secondIsBetter(limit);
        if (plausible && (!best || comparison.hitsSecond > bestComparison.hitsSecond)) {
            best = &other;
            bestComparison = comparison;
        }
    }
    if (best) {
        add(report, Severity::Problem, best->id,
            recoveryValues(bestComparison.images, bestComparison.hitsFirst, bestComparison.hitsSecond,
                           bestComparison.p));
        verdict.labels = best->labels;
        verdict.explained = true;
        return verdict;
    }
    const AssignmentRecovery recovery = assignmentRecovery(predicted, verdict.labels);
    const bool fewHits = static_cast<double>(hits) < kFewOfExpected * expectedOfLabelled;
    if (fewHits && recovery.images >= kEnoughToJudge && recovery.recovered > recovery.direct && recovery.p < limit
        && recovery.chanceP < limit) {
        add(report, Severity::Problem, "cause.class_permutation",
            recoveryValues(recovery.images, recovery.direct, recovery.recovered, recovery.p));
        verdict.explained = true;
        verdict.trusted = false;
    }
    return verdict;
}

} // namespace quantoscope::preflight
