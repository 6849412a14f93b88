// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/io/run_file.h"
#include "core/pipeline/request_json.h"

#include <fmt/format.h>

#include <cstdio>

namespace quantoscope::cli {

namespace {

/// What the two evaluations have in common; empty when there is nothing to compare.
std::string agreementText(const RunRecord &before, const RunRecord &now)
{
    const auto &first = before.quantized ? before.result : before.floatResult;
    const auto &second = now.quantized ? now.result : now.floatResult;
    if (!first || !second)
        return {};
    if (!first->logits.empty() && first->logits == second->logits)
        return fmt::format("repeated     every logit of {} images is equal, bit for bit\n", second->images.size());
    const PairedComparison paired = comparePaired(*first, *second);
    return fmt::format("repeated     {} of {} predictions agree; top-1 {:.2f} % before, {:.2f} % now\n", paired.agree,
                       paired.common, first->top1(), second->top1());
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
    if (!arguments.data.empty()) {
        request.data.folder = arguments.data;
        request.calibration.folder.clear();
    }
    auto session = Session::open(request.model);
    if (!session)
        return report(session.error());
    const std::string &now = (*session)->model().info.sha256;
    if (now != before->model.sha256)
        return report({ErrorCode::BadInput,
                       fmt::format("the weights are not those of the run: SHA-256 {} instead of {}", now.substr(0, 12),
                                   before->model.sha256.substr(0, 12)),
                       request.model.weights, "name the file that the run was made with: --weights"});
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
