// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/calibration_output.h"
#include "app/cli/commands.h"

#include "app/cli/console.h"
#include "app/cli/json_output.h"
#include "core/analysis/sensitivity_text.h"
#include "core/io/run_file.h"
#include "core/pipeline/session.h"
#include "core/quantization/log_int_softmax.h"
#include "core/quantization/recipe.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <unistd.h>

namespace quantoscope::cli {

namespace {

void printText(const std::string &text)
{
    std::fputs(text.c_str(), stdout);
}

std::string accuracyLine(const char *what, const EvaluationResult &result)
{
    const Interval interval = result.top1Interval();
    const int64_t broken = result.withoutPrediction();
    return fmt::format("{:<12} top-1 {:.2f} % [{:.2f}, {:.2f}]   top-5 {:.2f} %   {} images   {:.1f} images/s{}{}\n", what,
                       result.top1(), interval.low, interval.high, result.top5(), result.count, result.imagesPerSecond,
                       result.complete ? "" : "   PARTIAL",
                       broken > 0 ? fmt::format("   {} of them wrong because their logits are not finite", broken) : "");
}

std::string decisionText(const SequentialRecord &record)
{
    const std::string against = record.against == "float" ? "the float model" : record.against;
    std::string finding;
    switch (record.decision) {
    case Decision::None: return {};
    case Decision::Better:
    case Decision::Worse: finding = fmt::format("{} than {}", name(record.decision), against); break;
    case Decision::Equivalent:
        finding = fmt::format("within {:g} points of {}", record.margin, against);
        break;
    case Decision::Undecided: finding = fmt::format("no difference to {} shown, and none excluded", against); break;
    }
    return fmt::format("decision     {} (p = {:.2g}, difference {:+.2f} to {:+.2f} points; both hold at any stopping "
                       "time, alpha {:g})\n             {} after {} of {} images in random order (seed {}): {} lost, {} "
                       "gained\n",
                       finding, record.pValue(), record.difference.low, record.difference.high, record.alpha,
                       record.stoppedEarly ? "stopped early" : "ended", record.images,
                       record.available, record.seed, record.lost, record.gained);
}

void printEvaluation(const RunRecord &run)
{
    printText(fmt::format("model        {} ({})\n", run.model.name, run.model.title));
    printText(fmt::format("preprocess   {}\n", run.model.preprocessing.text()));
    if (run.quantized)
        printText(fmt::format("recipe       {} W/A/Attn (simulated: accuracy, not speed)\n", run.request.text()));
    if (const auto intervals = run.environment.find("intervals"); intervals != run.environment.end())
        printText(fmt::format("intervals    {}\n", intervals->second));
    if (run.floatResult)
        printText(accuracyLine("float", *run.floatResult));
    if (run.result)
        printText(accuracyLine("quantized", *run.result));
    if (const std::vector<std::string> scores = scoresWithoutSteps(run); !scores.empty())
        printText(fmt::format("             the integer softmax has no steps at the scale of {} score taps ({} first): give "
                              "the scores more bits, or the softmax another quantizer\n",
                              scores.size(), scores.front()));
    if (run.floatResult && run.result) {
        const PairedComparison paired = comparePaired(*run.floatResult, *run.result);
        const Interval interval
            = pairedDifferenceInterval(paired.bothRight, paired.lost, paired.gained, paired.labelled);
        // An evaluation that chose its own end has a p-value of its own kind, printed below.
        const std::string evidence = run.sequential.decision == Decision::None
            ? fmt::format(" [{:+.2f}, {:+.2f}]; {} images lost, {} gained, McNemar p = {:.3g}", interval.low,
                          interval.high, paired.lost, paired.gained, paired.mcnemarP)
            : fmt::format("; {} images lost, {} gained", paired.lost, paired.gained);
        printText(fmt::format("difference   {:+.2f} points{}; {} of {} predictions agree\n",
                              run.result->top1() - run.floatResult->top1(), evidence, paired.agree, paired.common));
    }
    if (run.sequential.decision != Decision::None)
        printText(decisionText(run.sequential));
}

std::string metric(double value)
{
    return std::isfinite(value) ? fmt::format("{:.2f}", value) : std::isnan(value) || value < 0 ? "broken" : "exact";
}

void printTaps(const RunRecord &run, bool errors)
{
    std::vector<std::vector<std::string>> rows = {{"tap", "bits", "observer", "minimum", "maximum", "scale", "band %"}};
    if (errors)
        rows[0].insert(rows[0].end(), {"SQNR dB", "network dB", "cumulative dB", "cosine", "clipped %", "of error %", "codes"});
    for (size_t t = 0; t < run.taps.size(); ++t) {
        const TapRecord &record = run.taps[t];
        if (!record.setting.isQuantized())
            continue;
        const auto &scale = record.parameters.scale;
        const auto range = std::minmax_element(scale.begin(), scale.end());
        std::vector<std::string> row
            = {record.tap.path, std::to_string(record.setting.bits),
               record.setting.quantizer == QuantizerKind::Uniform ? name(record.setting.observer)
                                                                  : name(record.setting.quantizer),
               fmt::format("{:.4g}", record.statistics.minimum), fmt::format("{:.4g}", record.statistics.maximum),
               scale.empty()       ? "-"
               : scale.size() == 1 ? fmt::format("{:.6g}", scale[0])
                                   : fmt::format("{:.4g}..{:.4g}", *range.first, *range.second),
               bandText(run, t)};
        if (errors) {
            const TapError &error = record.error;
            row.insert(row.end(), {error.quantized ? metric(error.isolated.sqnrDb) : "-",
                                   error.hasCumulative ? metric(error.network.sqnrDb) : "-",
                                   error.hasCumulative ? metric(error.cumulative.sqnrDb) : "-",
                                   error.hasCumulative ? fmt::format("{:.5f}", error.cumulative.cosine)
                                                       : fmt::format("{:.5f}", error.isolated.cosine),
                                   fmt::format("{:.3f}", 100 * error.clippedShare),
                                   fmt::format("{:.1f}", 100 * error.clippingErrorShare),
                                   std::to_string(error.codesUsed)});
        }
        rows.push_back(std::move(row));
    }
    printText(table(rows) + calibrationText(run));
}

void warnOfFailures(const char *what, const ImageListRecord &images, const std::vector<ImageFailure> &failures)
{
    for (const ImageFailure &failure : failures)
        warn(fmt::format("{} image left out: {}: {}", what, images.items[static_cast<size_t>(failure.image)].path,
                         failure.reason));
}

} // namespace

int listModels(bool json)
{
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    std::vector<std::vector<std::string>> rows = {{"name", "family", "sizes", "preprocessing", "published top-1"}};
    if (!modelRegistry())
        return report(modelRegistry().error());
    for (const ModelEntry &entry : *modelRegistry()) {
        nlohmann::ordered_json sizes;
        for (const auto &[size, numbers] : entry.architecture.sizes())
            sizes[size] = numbers.size() == 1 ? nlohmann::ordered_json(numbers.front()) : nlohmann::ordered_json(numbers);
        list.push_back({{"name", entry.name},
                        {"title", entry.title},
                        {"family", entry.family},
                        {"architecture", sizes},
                        {"preprocessing", entry.preprocessing.text()},
                        {"published_top1", entry.publishedTop1},
                        {"published_in", entry.publishedIn}});
        rows.push_back({entry.name, entry.family, entry.architecture.text(), entry.preprocessing.text(),
                        entry.publishedTop1 > 0 ? fmt::format("{:.2f} ({})", entry.publishedTop1, entry.publishedIn)
                                                : "-"});
    }
    json ? printJson(list) : printText(table(rows));
    return kSuccess;
}

int listRecipes(bool json)
{
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    const RecipeList known = namedRecipes();
    for (const Recipe &recipe : known.recipes) {
        const bool searched = recipe.search.has_value();
        list.push_back({{"name", recipe.name},
                        {"title", recipe.title},
                        {"source", recipe.source},
                        {"stays_float", recipe.staysFloat},
                        {"bits", recipe.bits.text()},
                        {"ptf", !recipe.ptfRules.empty()},
                        {"lis", !recipe.lisRules.empty()},
                        {"searched", searched}});
        if (json)
            continue;
        const std::string forms = std::string(recipe.ptfRules.empty() ? "" : ", --ptf") + (recipe.lisRules.empty() ? "" : ", --lis");
        printText(fmt::format("{:<14} {}\n               source: {}\n               float: {}\n"
                              "               bits: {} W/A/Attn{}; intervals {}\n",
                              recipe.name, recipe.title, recipe.source, recipe.staysFloat, recipe.bits.text(), forms,
                              searched ? "searched after calibration" : "from calibration"));
    }
    for (const Error &broken : known.broken)
        warn(broken.message());
    if (json)
        printJson(list);
    else
        printText(fmt::format("\n--ptf: power-of-two-factor integer LayerNorm; --lis: log-int-softmax. Recipes of your own: {}\n",
                              userRecipeFolder()));
    return kSuccess;
}

int inspect(const InspectArguments &arguments)
{
    const auto model = openModel(arguments.model);
    if (!model)
        return report(model.error());
    if (arguments.json) {
        printJson(modelJson(**model));
        return kSuccess;
    }
    const ModelInfo &info = (*model)->info;
    printText(fmt::format("model          {} ({})\nfile           {} ({})\nsha256         {}\nimage          {} x {}, patch "
                      "{}\nwidth          {}\nblocks         {}\nheads          {}\nclasses        {}\nparameters     "
                      "{}\npreprocessing  {}\n",
                      info.name, info.title, info.file, (*model)->tensors->container(), info.sha256, info.imageSize,
                      info.imageSize, info.patch, info.width, info.depthText(), info.headsText(), info.classes,
                      info.parameters, info.preprocessing.text()));
    for (size_t s = 0; s < info.stages.size(); ++s) {
        const StageInfo &stage = info.stages[s];
        printText(fmt::format("stage {}        {} blocks of width {}, {}\n", s, stage.depth, stage.width,
                              stage.heads == 0    ? "without attention"
                              : stage.window == 0 ? fmt::format("{} heads", stage.heads)
                                                  : fmt::format("{0} heads in windows of {1} x {1} tokens", stage.heads,
                                                                stage.window)));
    }
    for (const std::string &assumption : info.assumptions)
        printText("assumed        " + assumption + "\n");
    std::vector<std::vector<std::string>> tensors = {{"tensor", "type", "shape"}};
    for (const auto &[tensor, entry] : (*model)->tensors->tensors())
        tensors.push_back({tensor, name(entry.type), shapeText(entry.shape)});
    printText("\n" + table(tensors));
    std::vector<std::vector<std::string>> taps = {{"tap", "kind", "role", "channels"}};
    for (const Tap &tap : (*model)->graph.taps)
        taps.push_back({tap.path, name(tap.kind), name(tap.role), std::to_string(tap.channels)});
    printText("\n" + table(taps));
    return kSuccess;
}

Result<void> checkWritable(const std::string &path)
{
    if (path.empty())
        return {};
    const std::string folder = std::filesystem::path(path).parent_path().string();
    if (access(folder.empty() ? "." : folder.c_str(), W_OK) != 0)
        return fail(ErrorCode::Io, std::string("cannot be written: ") + std::strerror(errno), path,
                    "choose another folder with --out");
    return {};
}

int run(RunKind kind, const RunArguments &arguments, const MeasureArguments &measure)
{
    auto request = arguments.resolve();
    if (!request)
        return report(request.error());
    if (const auto writable = checkWritable(arguments.out); !writable)
        return report(writable.error());
    if (kind != RunKind::Evaluate && !request->quantize)
        return report({ErrorCode::Usage, "this command needs a recipe", "--recipe", "for example --recipe minmax"});
    if (const auto applied = measure.apply(*request); !applied)
        return report(applied.error());
    request->evaluate = kind == RunKind::Evaluate;
    request->analyze = kind == RunKind::Analyze || (kind == RunKind::Evaluate && !arguments.out.empty() && request->quantize);
    auto session = Session::open(request->model);
    if (!session)
        return report(session.error());
    for (const std::string &sentence : (*session)->warnings())
        warn(sentence);
    arguments.overridePreprocessing((*session)->model().info.preprocessing, *request);

    return runAndReport(**session, *request, {kind, arguments.out, arguments.json}, measure);
}

int runAndReport(Session &session, const RunRequest &request, const RunOutput &output, const MeasureArguments &measure,
                 std::optional<RunRecord> *record)
{
    const RunControl control = consoleControl();
    if (const auto announced = announceCost(session, request, control); !announced)
        return report(announced.error());
    auto run = session.run(request, control, {});
    if (!run)
        return report(run.error());
    finishProgress();
    warnOfFailures("calibration", run->calibration.images, run->calibration.failures);
    if (const auto &result = run->result ? run->result : run->floatResult)
        warnOfFailures("evaluation", run->images, result->failures);

    if (output.json) {
        nlohmann::ordered_json json = evaluationJson(*run);
        if (output.kind != RunKind::Evaluate) {
            json["calibration_seconds"] = run->calibration.seconds;
            json["calibration"] = calibrationJson(*run);
            json["taps"] = tapsJson(*run);
        }
        for (const SensitivityTable &table : run->sensitivity)
            json["sensitivity"] = nlohmann::ordered_json::parse(sensitivityToJson(table));
        printJson(json);
    } else {
        printEvaluation(*run);
        if (const std::string tinynn = measure.tinynnText(*run); !tinynn.empty())
            printText(tinynn);
        else if (output.kind != RunKind::Evaluate)
            printTaps(*run, output.kind == RunKind::Analyze);
        for (const SensitivityTable &table : run->sensitivity)
            printText("\n" + sensitivityTableText(table));
    }
    if (!output.out.empty()) {
        // A partial result is written too, so Ctrl-C must not stop the writing.
        const RunControl writing{CancelToken(), control.sink};
        if (const auto hashed = hashImages(*run, writing); !hashed)
            return report(hashed.error());
        if (const auto written = writeRunFile(*run, output.out); !written)
            return report(written.error());
        finishProgress();
        std::fprintf(stderr, "wrote %s\n", output.out.c_str());
    }
    const bool complete = run->complete;
    if (record)
        *record = std::move(*run);
    if (!complete)
        return report({ErrorCode::Cancelled, "stopped on request; the figures above are partial", {}, {}});
    return kSuccess;
}

} // namespace quantoscope::cli
