// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/evaluation_pass.h"

#include "core/imaging/image_source.h"
#include "core/pipeline/snapshot_pacer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace quantoscope {

namespace {

std::array<int, 5> bestFive(const float *logits, int classes)
{
    std::array<int, 5> best = {-1, -1, -1, -1, -1};
    if (!std::all_of(logits, logits + classes, [](float value) { return std::isfinite(value); }))
        return best;
    std::vector<int> order(static_cast<size_t>(classes));
    std::iota(order.begin(), order.end(), 0);
    const int wanted = std::min(5, classes);
    std::partial_sort(order.begin(), order.begin() + wanted, order.end(), [&](int a, int b) {
        return logits[a] != logits[b] ? logits[a] > logits[b] : a < b;
    });
    std::copy_n(order.begin(), wanted, best.begin());
    return best;
}

void count(EvaluationResult &result, const ImageOutcome &outcome)
{
    if (outcome.label < 0)
        return;
    ++result.count;
    result.top1Correct += outcome.top5[0] == outcome.label;
    result.top5Correct += std::find(outcome.top5.begin(), outcome.top5.end(), outcome.label) != outcome.top5.end();
}

} // namespace

Result<std::unique_ptr<BatchLoader>> startLoading(const ImageSet &set, const PassOptions &options, int batch,
                                                  const RunControl &control)
{
    LoaderOptions loading;
    loading.batch = batch;
    loading.cache = options.cache;
    return BatchLoader::start(set, options.preprocessing, loading, control.cancel);
}

void addPredictions(EvaluationResult &result, const ImageSet &set, const ImageBatch &batch,
                    const std::vector<float> &logits)
{
    for (size_t i = 0; i < batch.indices.size(); ++i) {
        ImageOutcome outcome;
        outcome.image = batch.indices[i];
        outcome.label = set.items[static_cast<size_t>(outcome.image)].label;
        outcome.top5 = bestFive(logits.data() + i * static_cast<size_t>(result.classes), result.classes);
        count(result, outcome);
        result.images.push_back(outcome);
    }
    result.logits.insert(result.logits.end(), logits.begin(), logits.end());
}

Result<void> finishPass(EvaluationResult &result, const ImageSet &set, const PhaseReporter &reporter,
                        const RunControl &control)
{
    result.complete = !control.isCancelled();
    result.seconds = reporter.seconds();
    result.imagesPerSecond = result.seconds > 0 ? static_cast<double>(result.images.size()) / result.seconds : 0;
    if (result.complete && result.images.empty())
        return fail(ErrorCode::BadInput,
                    "none of the images could be decoded; the first: "
                        + (result.failures.empty() ? std::string("no images") : result.failures.front().reason),
                    set.root);
    return {};
}

std::string fingerprint(const ImageSet &set, const Preprocessing &preprocessing, int batch)
{
    std::string key = fmt::format("{}|{}|{}", set.root, preprocessing.text(), batch);
    for (const ImageItem &item : set.items) {
        const ImageStamp stamp = imageStamp(set.filePath(item)).value_or(ImageStamp());
        key += fmt::format("\n{} {} {} {}", item.path, item.label, stamp.size, stamp.changed);
    }
    return key;
}

Result<EvaluationResult> evaluatePass(Executor &executor, const Model &model, const ImageSet &set, ExecutionMode &mode,
                                      const PassOptions &options, const RunControl &control, const std::string &phase,
                                      EvaluationCache *reuse, const EvaluationResult *done,
                                      const PassSnapshot &snapshot)
{
    EvaluationResult result;
    if (done)
        result = *done;
    result.classes = model.info.classes;
    const auto first = static_cast<int>(result.images.size() + result.failures.size());
    const size_t before = result.images.size();
    ImageSet rest;
    if (first > 0) {
        rest = set;
        rest.items.erase(rest.items.begin(), rest.items.begin() + first);
    }
    if (reuse)
        reuse->begin(fingerprint(set, options.preprocessing, options.batch),
                     (set.items.size() + static_cast<size_t>(options.batch) - 1) / static_cast<size_t>(options.batch), mode);
    PhaseReporter reporter(control, phase, static_cast<int64_t>(set.items.size()));
    reporter.advance(first);
    if (static_cast<size_t>(first) == set.items.size()) {
        result.complete = true;
        return result;
    }
    SnapshotPacer pacer(reporter);
    auto loader = startLoading(first > 0 ? rest : set, options, options.batch, control);
    if (!loader)
        return fail(loader.error());
    while (auto batch = (*loader)->next()) {
        for (int &image : batch->indices)
            image += first;
        for (ImageFailure &failure : batch->failures)
            failure.image += first;
        result.failures.insert(result.failures.end(), batch->failures.begin(), batch->failures.end());
        const int images = static_cast<int>(batch->indices.size());
        if (images > 0) {
            const auto logits = reuse ? reuse->run(executor, model.graph, *batch, mode, control.cancel)
                                      : executor.run(batch->pixels, images, mode, nullptr, control.cancel);
            if (!logits && logits.error().code == ErrorCode::Cancelled)
                break;
            if (!logits)
                return fail(logits.error());
            addPredictions(result, set, *batch, *logits);
        }
        reporter.advance(images + static_cast<int64_t>(batch->failures.size()));
        if (snapshot)
            pacer.offer([&] {
                result.complete = false;
                snapshot(result);
            });
    }
    if (const auto finished = finishPass(result, set, reporter, control); !finished)
        return fail(finished.error());
    if (first > 0) {
        result.imagesPerSecond = static_cast<double>(result.images.size() - before) / std::max(result.seconds, 1e-9);
        result.seconds += done->seconds;
    }
    if (reuse && !reuse->startedAt().empty())
        result.imagesPerSecond = 0;
    return result;
}

} // namespace quantoscope
