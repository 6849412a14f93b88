// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/sequential_pass.h"

#include "core/analysis/run_comparison.h"
#include "core/analysis/sequential_test.h"
#include "core/io/file_hash.h"
#include "core/io/run_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>
#include <unordered_map>

namespace quantoscope {

namespace {

/// Reduces `set` to the images that the run has a result for.
Result<Baseline> openBaseline(const std::string &file, const ModelInfo &model, ImageSet &set)
{
    const auto run = readRunFile(file);
    if (!run)
        return fail(run.error());
    const EvaluationResult *const result = resultOf(*run, RunSide::Own);
    if (!result)
        return fail(ErrorCode::BadInput, "this run was calibrated only and has no accuracy", file,
                    "choose a run of 'evaluate'");
    if (result->classes != model.classes)
        return fail(ErrorCode::BadInput,
                    fmt::format("this run has {} classes, the model {}", result->classes, model.classes), file,
                    "choose a run of the same data set");
    std::unordered_map<int, const ImageOutcome *> byImage;
    for (const ImageOutcome &outcome : result->images)
        byImage[outcome.image] = &outcome;
    Baseline baseline;
    baseline.file = file;
    std::vector<ImageItem> common;
    for (const auto &[own, other] : matchImages({set.root, set.items, {}}, run->images).pairs) {
        const auto found = byImage.find(other);
        if (found == byImage.end())
            continue;
        ImageItem item = set.items[static_cast<size_t>(own)];
        const ImageOutcome &outcome = *found->second;
        if (item.label >= 0 && outcome.label >= 0 && item.label != outcome.label)
            return fail(ErrorCode::BadInput,
                        fmt::format("the baseline gives this image class {}, the data class {}", outcome.label,
                                    item.label),
                        item.path, "evaluate both with the same list of labels");
        item.label = std::max(item.label, outcome.label);
        common.push_back(item);
        baseline.outcomes.push_back(outcome);
        const auto &hashes = run->images.sha256;
        baseline.sha256.push_back(hashes.empty() ? std::string() : hashes[static_cast<size_t>(other)]);
    }
    if (common.empty())
        return fail(ErrorCode::BadInput, "this run has no image in common with the data", file,
                    "paths below the folder of images must be the same");
    set.items = std::move(common);
    return baseline;
}

/// Errors when an image of the batch is not the one that the baseline saw. A file that cannot be hashed by its path
/// (inside an archive) is taken on trust.
Result<void> checkContents(const Baseline &baseline, const ImageSet &set, const ImageBatch &batch)
{
    for (const int image : batch.indices) {
        const std::string &expected = baseline.sha256[static_cast<size_t>(image)];
        const ImageItem &item = set.items[static_cast<size_t>(image)];
        if (expected.empty())
            continue;
        const auto hash = sha256OfFile(set.filePath(item));
        if (hash && *hash != expected)
            return fail(ErrorCode::BadInput, "this image is not the one that the baseline saw: the contents differ",
                        set.filePath(item), "use the baseline's images, or evaluate it again on these");
    }
    return {};
}

bool isRight(const ImageOutcome &outcome, int label)
{
    return outcome.top5[0] == label;
}

} // namespace

Result<void> checkUntilDecided(const RunRequest &request)
{
    if (!request.untilDecided)
        return {};
    const UntilDecided &rule = *request.untilDecided;
    if (!(rule.alpha > 0 && rule.alpha < 1) || !(rule.margin > 0))
        return fail(ErrorCode::Usage, "the risk must lie between 0 and 1, and the margin above 0", "--until-decided");
    if (!request.quantize && rule.baseline.empty())
        return fail(ErrorCode::Usage, "there is nothing to compare the float model with", "--until-decided",
                    "add a recipe, or a run file with --baseline");
    if (request.quantize && !request.evaluate)
        return fail(ErrorCode::Usage, "only an evaluation can stop when it is decided", "--until-decided");
    if (request.quantize && request.evaluateFloat && !rule.baseline.empty())
        return fail(ErrorCode::Usage, "one reference is enough: the baseline, or the float model", "--until-decided",
                    "leave --with-float or --baseline away");
    return {};
}

Result<SequentialPlan> planSequentialPass(ImageSet set, const UntilDecided &rule, const ModelInfo &model)
{
    SequentialPlan plan;
    if (!rule.baseline.empty()) {
        auto baseline = openBaseline(rule.baseline, model, set);
        if (!baseline)
            return fail(baseline.error());
        plan.baseline = std::move(*baseline);
    }
    if (std::none_of(set.items.begin(), set.items.end(), [](const ImageItem &item) { return item.label >= 0; }))
        return fail(ErrorCode::BadInput, "no image has a known class, so accuracy cannot be compared", set.root);
    // Positions are drawn instead of images, so that the baseline's rows can follow them.
    ImageSet positions;
    for (size_t i = 0; i < set.items.size(); ++i)
        positions.items.push_back({std::string(), static_cast<int>(i)});
    const auto order = randomSubset(positions, static_cast<int64_t>(set.items.size()), rule.seed);
    if (!order)
        return fail(order.error());
    const auto reordered = [&](const auto &values) {
        std::remove_cvref_t<decltype(values)> inOrder;
        for (const ImageItem &position : order->items)
            inOrder.push_back(values[static_cast<size_t>(position.label)]);
        return inOrder;
    };
    set.items = reordered(set.items);
    if (plan.baseline) {
        plan.baseline->outcomes = reordered(plan.baseline->outcomes);
        plan.baseline->sha256 = reordered(plan.baseline->sha256);
    }
    plan.set = std::move(set);
    return plan;
}

Result<SequentialOutcome> evaluateUntilDecided(Executor &executor, const ModelInfo &model, const SequentialPlan &plan,
                                               const UntilDecided &rule, ExecutionMode &reference, ExecutionMode &own,
                                               const PassOptions &options, const RunControl &control)
{
    SequentialOutcome outcome;
    outcome.own.classes = model.classes;
    if (!plan.baseline) {
        outcome.reference.emplace();
        outcome.reference->classes = model.classes;
    }
    SequentialTest test(rule.alpha, rule.margin);
    PhaseReporter reporter(control, "evaluate", static_cast<int64_t>(plan.set.items.size()));
    auto loader = startLoading(plan.set, options, options.batch, control);
    if (!loader)
        return fail(loader.error());
    Decision decision = Decision::None;
    while (decision == Decision::None) {
        const auto batch = (*loader)->next();
        if (!batch)
            break;
        for (EvaluationResult *result : {&outcome.own, outcome.reference ? &*outcome.reference : nullptr})
            if (result)
                result->failures.insert(result->failures.end(), batch->failures.begin(), batch->failures.end());
        const int images = static_cast<int>(batch->indices.size());
        if (images > 0) {
            if (plan.baseline)
                if (const auto same = checkContents(*plan.baseline, plan.set, *batch); !same)
                    return fail(same.error());
            // Both sides are known before either is added, so that a cancellation leaves pairs.
            Result<std::vector<float>> before = std::vector<float>();
            if (!plan.baseline)
                before = executor.run(batch->pixels, images, reference, nullptr, control.cancel);
            auto after = before ? executor.run(batch->pixels, images, own, nullptr, control.cancel) : before;
            if (!after && after.error().code == ErrorCode::Cancelled)
                break;
            if (!after)
                return fail(after.error());
            const size_t first = outcome.own.images.size();
            addPredictions(outcome.own, plan.set, *batch, *after);
            if (!plan.baseline)
                addPredictions(*outcome.reference, plan.set, *batch, *before);
            for (size_t i = first; i < outcome.own.images.size(); ++i) {
                const ImageOutcome &mine = outcome.own.images[i];
                const ImageOutcome &other = plan.baseline ? plan.baseline->outcomes[static_cast<size_t>(mine.image)]
                                                          : outcome.reference->images[i];
                if (mine.label >= 0)
                    test.add(isRight(other, mine.label), isRight(mine, mine.label));
            }
        }
        reporter.advance(images + static_cast<int64_t>(batch->failures.size()));
        decision = test.decision();
    }
    for (EvaluationResult *result : {&outcome.own, outcome.reference ? &*outcome.reference : nullptr})
        if (result)
            if (const auto finished = finishPass(*result, plan.set, reporter, control); !finished)
                return fail(finished.error());
    outcome.record.decision = decision == Decision::None ? Decision::Undecided : decision;
    outcome.record.against = plan.baseline ? plan.baseline->file : "float";
    outcome.record.alpha = rule.alpha;
    outcome.record.margin = rule.margin;
    outcome.record.seed = rule.seed;
    outcome.record.images = test.images();
    outcome.record.available = static_cast<int64_t>(plan.set.items.size());
    outcome.record.stoppedEarly = decision != Decision::None
        && outcome.own.images.size() + outcome.own.failures.size() < plan.set.items.size();
    outcome.record.gained = test.gained();
    outcome.record.lost = test.lost();
    outcome.record.logEvidence = test.logEvidence();
    outcome.record.difference = test.difference();
    return outcome;
}

} // namespace quantoscope
