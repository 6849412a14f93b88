// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/calibration_draws.h"

#include "core/imaging/image_set.h"
#include "core/pipeline/session.h"

#include <fmt/format.h>

#include <algorithm>

namespace quantoscope {

namespace {

/// Seconds per image of a phase of `run` over `images`; 0 when it was not measured.
double rate(const RunRecord &run, const char *phase, int64_t images)
{
    const auto found = run.timings.find(phase);
    return found == run.timings.end() || images <= 0 ? 0 : found->second / static_cast<double>(images);
}

} // namespace

Result<std::vector<RunRequest>> drawRequests(const RunRequest &request, const CalibrationDraws &draws)
{
    if (!request.quantize)
        return fail(ErrorCode::Usage, "a float model has no calibration images that could be others", "--recipe",
                    "for example --recipe minmax");
    if (!request.calibration.list.empty())
        return fail(ErrorCode::Usage, "a list names the calibration images, so all draws would be equal",
                    request.calibration.list, "leave the list away: draws are random images of the calibration folder");
    if (request.untilDecided)
        return fail(ErrorCode::Usage, "draws are compared on the same images", "--until-decided", "leave it away");
    const auto orOwn = [](const auto &list, auto own) { return list.empty() ? std::vector{own} : list; };
    const std::vector<uint64_t> seeds = orOwn(draws.seeds, request.calibration.seed);
    const std::vector<int> sizes = orOwn(draws.sizes, request.calibration.count);
    const std::vector<int> batches = orOwn(draws.batches, request.calibration.batch);
    if (seeds.size() > kMostDraws / sizes.size() / batches.size())
        return fail(ErrorCode::Usage, fmt::format("these are more than {} runs", kMostDraws), "seeds");
    if (seeds.size() * sizes.size() * batches.size() < 2)
        return fail(ErrorCode::Usage, "one run has nothing to differ from", "seeds", "give at least two seeds or sizes");
    RunRequest one = request;
    one.evaluateFloat = true;
    one.evaluate = true;
    one.analyze = false;
    one.sensitivity.reset();
    one.attention.clear();
    std::vector<RunRequest> runs;
    for (const uint64_t seed : seeds)
        for (const int batch : batches)
            for (const int size : sizes) {
                one.calibration.seed = seed;
                one.calibration.batch = batch;
                one.calibration.count = size;
                runs.push_back(one);
            }
    return runs;
}

Result<DrawsCost> drawsCost(const RunRequest &request, const CalibrationDraws &draws, const RunRecord *measured)
{
    const auto runs = drawRequests(request, draws);
    if (!runs)
        return fail(runs.error());
    DrawsCost cost;
    cost.runs = runs->size();
    int largest = 0;
    for (const RunRequest &run : *runs) {
        cost.calibrationImages += run.calibration.count;
        largest = std::max(largest, run.calibration.count);
    }
    const auto pool = calibrationPool(request);
    if (!pool)
        return fail(pool.error());
    cost.available = static_cast<int64_t>(pool->items.size());
    if (largest > cost.available)
        return fail(ErrorCode::BadInput, fmt::format("{} random images asked of {}", largest, pool->description), pool->root,
                    fmt::format("ask for 1 to {}", cost.available));
    cost.drawsAll = largest == cost.available;
    const auto images = openDataImages(request.data);
    if (!images)
        return fail(images.error());
    cost.evaluationImages = static_cast<int64_t>(images->items.size());
    if (request.data.limit > 0)
        cost.evaluationImages = std::min(cost.evaluationImages, request.data.limit);
    if (!measured || !measured->result || !(measured->result->imagesPerSecond > 0))
        return cost;
    const auto calibrated = static_cast<int64_t>(measured->calibration.images.items.size());
    double perImage = 0;
    for (const char *phase : {"calibrate", "search"})
        perImage += rate(*measured, phase, calibrated);
    cost.seconds = perImage * static_cast<double>(cost.calibrationImages)
        + static_cast<double>(cost.runs) * static_cast<double>(cost.evaluationImages) / measured->result->imagesPerSecond;
    return cost;
}

} // namespace quantoscope
