// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"

#include "app/cli/console.h"
#include "core/analysis/sensitivity_text.h"
#include "core/io/result_table_file.h"
#include "core/io/run_file.h"
#include "core/pipeline/session.h"

#include <cstdio>

namespace quantoscope::cli {

namespace {

/// As the suffix says: .csv and .json the table alone, else a run file.
Result<void> write(RunRecord &run, const std::string &path)
{
    const SensitivityTable &table = run.sensitivity.front();
    if (path.ends_with(".csv"))
        return writeTextFile(sensitivityToCsv(table), path);
    if (path.ends_with(".json"))
        return writeTextFile(sensitivityToJson(table), path);
    if (const auto hashed = hashImages(run, {}); !hashed)
        return hashed;
    return writeRunFile(run, path);
}

} // namespace

int sensitivity(const SensitivityArguments &arguments)
{
    auto request = arguments.run.resolve();
    if (!request)
        return report(request.error());
    if (!request->quantize)
        return report({ErrorCode::Usage, "this command needs a recipe", "--recipe", "for example --recipe minmax"});
    if (const auto applied = arguments.measure.applySensitivity(*request); !applied)
        return report(applied.error());
    const std::string &out = arguments.run.out;
    if (const auto writable = checkWritable(out); !writable)
        return report(writable.error());
    request->evaluate = false;
    request->evaluateFloat = false;
    request->analyze = false;
    auto session = Session::open(request->model);
    if (!session)
        return report(session.error());
    for (const std::string &sentence : (*session)->warnings())
        warn(sentence);
    arguments.run.overridePreprocessing((*session)->model().info.preprocessing, *request);
    const RunControl control = consoleControl();
    if (const auto announced = announceCost(**session, *request, control); !announced)
        return report(announced.error());
    auto run = (*session)->run(*request, control, {});
    finishProgress();
    if (!run)
        return report(run.error());
    if (run->sensitivity.empty())
        return report({ErrorCode::Cancelled, "stopped on request before anything was measured", {}, {}});
    const SensitivityTable &table = run->sensitivity.front();
    std::fputs((arguments.run.json ? sensitivityToJson(table) : sensitivityTableText(table)).c_str(), stdout);
    if (!out.empty()) {
        if (const auto written = write(*run, out); !written)
            return report(written.error());
        std::fprintf(stderr, "wrote %s\n", out.c_str());
    }
    if (!run->complete)
        return report({ErrorCode::Cancelled, "stopped on request; the figures above are partial", {}, {}});
    return kSuccess;
}

} // namespace quantoscope::cli
