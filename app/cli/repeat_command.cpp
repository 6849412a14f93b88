// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/io/run_file.h"
#include "core/pipeline/request_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdio>

namespace quantoscope::cli {

namespace {

/// What the two evaluations have in common, image by image as in `compare`; empty when nothing was evaluated.
std::string agreementText(const RunRecord &before, const RunRecord &now)
{
    const auto &first = before.quantized ? before.result : before.floatResult;
    const auto &second = now.quantized ? now.result : now.floatResult;
    if (!first || !second)
        return {};
    const auto comparison = compareRuns(before, RunSide::Own, now, RunSide::Own);
    if (!comparison)
        return fmt::format("repeated     not the same images: {}\n", comparison.error().message());
    for (const std::string &sentence : comparison->warnings)
        warn(sentence);
    const PairedComparison &paired = comparison->paired;
    const bool all = comparison->onlyFirst == 0 && comparison->onlySecond == 0;
    const auto sameBits = [](float a, float b) { return std::bit_cast<uint32_t>(a) == std::bit_cast<uint32_t>(b); };
    if (all && !first->logits.empty() && std::ranges::equal(first->logits, second->logits, sameBits)) // NaN, too
        return fmt::format("repeated     every logit of {} images is equal, bit for bit\n", paired.common);
    return fmt::format("repeated     {} of {} predictions agree; top-1 {:.2f} % before, {:.2f} % now; {} images only before, "
                       "{} only now\n",
                       paired.agree, paired.common, first->top1(), second->top1(), comparison->onlyFirst,
                       comparison->onlySecond);
}

} // namespace

int repeat(const RepeatArguments &arguments)
{
    const auto before = readRunFile(arguments.file);
    if (!before)
        return report(before.error());
    if (const auto writable = checkWritable(arguments.out); !writable)
        return report(writable.error());
    RepeatedRequest repeated = requestOf(*before);
    RunRequest &request = repeated.request;
    if (!arguments.weights.empty())
        request.model.weights = arguments.weights;
    if (!arguments.data.empty())
        request.data.folder = arguments.data;
    if (!arguments.calibrationData.empty())
        request.calibration.folder = arguments.calibrationData;
    auto session = Session::open(request.model);
    if (!session)
        return report(session.error());
    if (const auto same = checkSameWeights(before->model.sha256, (*session)->model().info.sha256, request.model.weights,
                                           "name the file that the run was made with: --weights");
        !same)
        return report(same.error());
    if (!repeated.exact)
        warn("the request was put together from what the file says of the run; random images may be others");
    const RunKind kind = request.evaluate     ? RunKind::Evaluate
                       : request.analyze      ? RunKind::Analyze
                                              : RunKind::Calibrate;
    std::optional<RunRecord> record;
    const int code = runAndReport(**session, request, {kind, arguments.out, arguments.json}, {}, &record);
    if (record)
        std::fputs(agreementText(*before, *record).c_str(), arguments.json ? stderr : stdout);
    return code;
}

} // namespace quantoscope::cli
