// SPDX-License-Identifier: GPL-3.0-or-later
// Plans in the forms of other programs.
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/io/result_table_file.h"
#include "core/io/run_file.h"
#include "core/models/model.h"
#include "core/onnx/onnx_export.h"
#include "core/pipeline/request_json.h"
#include "core/quantization/plan_export.h"

#include <fmt/format.h>

#include <cstdio>

namespace quantoscope::cli {

namespace {

std::string formatNames(bool readableOnly)
{
    std::string names;
    for (const PlanFormat &format : planFormats())
        if (format.readable || !readableOnly)
            names += (names.empty() ? "" : ", ") + std::string(format.name);
    return names;
}

Result<PlanSubject> subjectOf(const ModelRequest &model, const QuantizationRequest &request)
{
    const auto opened = openModel(model);
    if (!opened)
        return fail(opened.error());
    const auto settings = resolveSettings((*opened)->graph, request, (*opened)->info.inputQuantized);
    if (!settings)
        return fail(settings.error());
    return planSubject((*opened)->graph, (*opened)->info, request, *settings);
}

Result<PlanSubject> exportedSubject(const PlanExchangeArguments &arguments)
{
    const auto base = requestOf(arguments.base);
    if (!base)
        return fail(base.error());
    const auto side = readPlanSide(arguments.file, *base);
    if (!side)
        return fail(side.error());
    if (side->run && !side->run->quantized)
        return fail(ErrorCode::BadInput, "is a run of the float model, which has no plan", arguments.file,
                    "take a run with a recipe");
    if (side->run)
        return planSubject(*side->run);
    if (arguments.model.weights.empty())
        return fail(ErrorCode::Usage, "what a plan means for layers only the model tells", "--weights",
                    "give the checkpoint, or a run file in place of the plan");
    return subjectOf(arguments.model, side->request);
}

/// The layers that an imported file's names are held against; none where neither run nor checkpoint is given.
Result<std::optional<PlanSubject>> knownModel(const PlanExchangeArguments &arguments)
{
    if (!arguments.run.empty()) {
        const auto run = readRunFile(arguments.run);
        if (!run)
            return fail(run.error());
        if (run->taps.empty())
            return fail(ErrorCode::BadInput, "is a run of the float model and names no layers", arguments.run,
                        "take a run with a recipe, or --weights");
        return planSubject(*run);
    }
    if (arguments.model.weights.empty())
        return std::optional<PlanSubject>();
    auto subject = subjectOf(arguments.model, {});
    if (!subject)
        return fail(subject.error());
    return std::optional<PlanSubject>(std::move(*subject));
}

void warnOf(const std::vector<NotExpressed> &notExpressed, size_t taps, size_t of, const char *where)
{
    if (!notExpressed.empty())
        warn(fmt::format("{} of {} taps are not expressed in full; {}, e.g. {}: {}", taps, of, where, notExpressed.front().tap,
                         notExpressed.front().reason));
}

int exportOnnxFile(const PlanExchangeArguments &arguments)
{
    const auto run = readRunFile(arguments.file);
    if (!run) {
        Error error = run.error();
        error.hint = "a model needs the scales of a run: give a run file (.h5)";
        return report(error);
    }
    const auto model = openModel(arguments.model.weights.empty() ? requestOf(*run).request.model : arguments.model);
    if (!model)
        return report(model.error());
    const auto written = exportOnnx(**model, *run, arguments.out);
    if (!written)
        return report(written.error());
    const size_t taps = (*model)->graph.taps.size();
    std::printf("%s written: %.1f MB, %d of %zu taps quantized\n", arguments.out.c_str(),
                static_cast<double>(written->bytes) / 1e6, written->quantized, taps);
    warnOf(written->notExpressed, written->tapsNotExpressed(), taps, "the file's metadata list them");
    return kSuccess;
}

} // namespace

void addPlanExportOptions(CLI::App &command, PlanExchangeArguments &arguments)
{
    command.add_option("plan", arguments.file, "Run file (.h5), plan (JSON), or 'recipe' for no plan")->required();
    command.add_option("--format", arguments.format, "Form to write: " + formatNames(false) + ", " + kOnnxFormat
                                                              + " (the model itself, from a run file)")->required();
    command.add_option("--out", arguments.out, "File to write (JSON; .onnx)")->required();
    command.add_option("--weights", arguments.model.weights, "Checkpoint that a plan is for, or that a run was made with");
    addModelOptions(command, arguments.model);
    addPlanBaseOptions(command, arguments.base);
}

void addPlanImportOptions(CLI::App &command, PlanExchangeArguments &arguments)
{
    command.add_option("file", arguments.file, "File of the other program (JSON)")->required();
    command.add_option("--format", arguments.format, "Its form: " + formatNames(true))->required();
    command.add_option("--out", arguments.out, "Plan to write (JSON)")->required();
    CLI::Option *run =
        command.add_option("--run", arguments.run, "Run file whose layers the names are held against");
    command.add_option("--weights", arguments.model.weights, "Checkpoint whose layers the names are held against")
        ->excludes(run);
    addModelOptions(command, arguments.model);
}

int exportPlanFile(const PlanExchangeArguments &arguments)
{
    if (arguments.format == kOnnxFormat)
        return exportOnnxFile(arguments);
    const auto subject = exportedSubject(arguments);
    if (!subject)
        return report(subject.error());
    const auto plan = exportPlan(*subject, arguments.format);
    if (!plan)
        return report(plan.error());
    if (const auto written = writeTextFile(plan->text, arguments.out); !written)
        return report(written.error());
    std::printf("%s written\n", arguments.out.c_str());
    if (!subject->calibrated)
        warn("not calibrated: the file has widths, no scales");
    warnOf(plan->notExpressed, plan->tapsNotExpressed(), subject->taps.size(), "the file lists them under not_expressed");
    return kSuccess;
}

int importPlanFile(const PlanExchangeArguments &arguments)
{
    const auto model = knownModel(arguments);
    if (!model)
        return report(model.error());
    const auto text = readPlanText(arguments.file, "give a JSON file of the other program");
    if (!text)
        return report(text.error());
    const auto plan = importPlan(*text, arguments.file, arguments.format, *model ? &**model : nullptr);
    if (!plan)
        return report(plan.error());
    if (const auto written = writeTextFile(planToJson(*plan) + "\n", arguments.out); !written)
        return report(written.error());
    std::printf("%s written: %zu rules\n", arguments.out.c_str(), plan->rules.size());
    return kSuccess;
}

} // namespace quantoscope::cli
