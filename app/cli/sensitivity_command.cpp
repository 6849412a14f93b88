// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"

#include "app/cli/console.h"
#include "core/analysis/sensitivity_text.h"
#include "core/pipeline/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace quantoscope::cli {

namespace {

/// "8/8,4/4,float/8" -> options.
Result<std::vector<PrecisionOption>> parseOptions(const std::string &text)
{
    std::vector<PrecisionOption> options;
    const auto side = [](const std::string &one) {
        return one == "float" ? 0 : one.size() == 1 && one[0] >= '2' && one[0] <= '8' ? one[0] - '0' : -1;
    };
    for (size_t begin = 0; begin <= text.size();) {
        const size_t end = std::min(text.find(',', begin), text.size());
        const std::string one = text.substr(begin, end - begin);
        const size_t slash = one.find('/');
        const PrecisionOption option{side(one.substr(0, slash)),
                                     side(slash == std::string::npos ? one : one.substr(slash + 1))};
        if (option.weightBits < 0 || option.activationBits < 0)
            return fail(ErrorCode::Usage, "'" + one + "' is no W/A precision", "--options", "for example 8/8,4/4,float/8");
        options.push_back(option);
        begin = end + 1;
    }
    return options;
}

Result<void> writeText(const std::string &text, const std::string &path)
{
    std::ofstream out(path, std::ios::trunc);
    if (!(out << text) || !out.flush())
        return fail(ErrorCode::Io, "cannot be written", path, "choose another file with --out");
    return {};
}

} // namespace

int sensitivity(const SensitivityArguments &arguments)
{
    auto request = arguments.run.resolve();
    if (!request)
        return report(request.error());
    if (!request->quantize)
        return report({ErrorCode::Usage, "this command needs a recipe", "--recipe", "for example --recipe minmax"});
    SensitivityOptions options;
    options.level = arguments.level;
    options.kinds = arguments.kinds;
    options.parts = arguments.parts;
    const auto precisions = parseOptions(arguments.options);
    if (!precisions)
        return report(precisions.error());
    options.options = *precisions;
    auto session = Session::open(request->model);
    if (!session)
        return report(session.error());
    for (const std::string &sentence : (*session)->warnings())
        warn(sentence);
    arguments.run.overridePreprocessing((*session)->model().info.preprocessing, *request);
    const auto announce = [](size_t measurements, double passes) {
        std::fprintf(stderr, "%zu measurements, as much work as %.1f passes over the images\n", measurements, passes);
        return true;
    };
    auto table = (*session)->sensitivity(*request, options, consoleControl(), announce);
    finishProgress();
    if (!table)
        return report(table.error());
    const std::string &out = arguments.run.out;
    if (!out.empty()) {
        const bool csv = out.size() > 4 && out.ends_with(".csv");
        if (const auto written = writeText(csv ? sensitivityToCsv(*table) : sensitivityToJson(*table), out); !written)
            return report(written.error());
        std::fprintf(stderr, "wrote %s\n", out.c_str());
    }
    if (arguments.run.json) {
        std::fputs(sensitivityToJson(*table).c_str(), stdout);
        return kSuccess;
    }
    std::stable_sort(table->rows.begin(), table->rows.end(),
                     [](const SensitivityRow &a, const SensitivityRow &b) { return a.kl > b.kl; });
    std::vector<std::vector<std::string>> rows = {
        {"what", "kind", "part", "W/A", "KL (nats)", "+-", "agreement %", "top-1 %"}};
    for (const SensitivityRow &row : table->rows)
        rows.push_back({row.operatorPath, name(row.kind), name(row.part), row.option.text(), fmt::format("{:.3g}", row.kl),
                        fmt::format("{:.2g}", row.klStandardError), fmt::format("{:.2f}", row.agreement),
                        fmt::format("{:.2f}", row.top1)});
    std::fputs(fmt::format("float top-1 {:.2f} % on {} images; simulated quantization\n\n{}", table->floatTop1,
                           table->rows.empty() ? 0 : table->rows.front().images, cli::table(rows))
                   .c_str(),
               stdout);
    return kSuccess;
}

} // namespace quantoscope::cli
