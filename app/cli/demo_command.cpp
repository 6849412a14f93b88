// SPDX-License-Identifier: GPL-3.0-or-later
// The whole main job on the embedded model: float -> calibrate -> look -> switch layers -> compare -> export.
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/json_output.h"
#include "app/demo/demo_assets.h"
#include "core/io/run_file.h"
#include "core/pipeline/session.h"
#include "core/quantization/recipe.h"
#include "views/plots/plot_factory.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <filesystem>

namespace quantoscope::cli {

namespace {

constexpr QSize kPlotSize(1100, 640);
constexpr int kSensitivityImages = 40;
constexpr const char *kAttentionImage = "/val/star/000.png";

std::string row(const std::string &name, const EvaluationResult &result, const EvaluationResult &reference)
{
    const Interval interval = result.top1Interval();
    const PairedComparison paired = comparePaired(reference, result);
    return fmt::format("{:<34} {:>6.2f} %  [{:.2f}, {:.2f}]  {:>+6.2f}  {:>4} lost {:>3} gained  p = {:.2g}\n", name,
                       result.top1(), interval.low, interval.high, result.top1() - reference.top1(), paired.lost,
                       paired.gained, paired.mcnemarP);
}

/// The cheapest fix: what flows along the residual stream, and what is written to it, in 8 bits; all else stays low.
PrecisionPlan residualStreamIn8Bits()
{
    PrecisionPlan plan;
    plan.name = "residual stream in 8 bits";
    PlanRule rule;
    rule.where.roles = {Role::Embedding, Role::PositionEmbedding, Role::Residual, Role::Normalized, Role::Projection};
    rule.bits = 8;
    plan.rules.push_back(rule);
    return plan;
}

} // namespace

int demo(const DemoArguments &arguments)
{
    const auto assets = unpackDemo();
    if (!assets)
        return report(assets.error());
    const RunRequest asked = demoRequest(*assets);
    auto session = Session::open(asked.model);
    if (!session)
        return report(session.error());
    const RunControl control = consoleControl();
    const auto perform = [&](const QuantizationRequest &quantization, bool analyze, bool measure = false) {
        RunRequest request = asked;
        request.quantization = quantization;
        request.analyze = analyze;
        if (measure) {
            request.sensitivity.emplace();
            request.sensitivity->options.level = SensitivityLevel::Tap;
            request.sensitivity->options.kinds = {SensitivityKind::OnlyThis, SensitivityKind::AllButThis};
            request.sensitivity->options.options = {PrecisionOption::own()};
            request.sensitivity->images = kSensitivityImages;
            request.attention = {assets->data + kAttentionImage};
        }
        return (*session)->run(request, control, {});
    };

    const auto first = perform(asked.quantization, false);
    if (!first)
        return report(first.error());
    QuantizationRequest low = asked.quantization;
    low.bits = {5, 5, 4};
    auto lowRun = perform(low, true);
    if (!lowRun)
        return report(lowRun.error());
    QuantizationRequest fixedRequest = low;
    const PrecisionPlan plan = residualStreamIn8Bits();
    fixedRequest.planJson = planToJson(plan);
    auto fixedRun = perform(fixedRequest, true, true);
    if (!fixedRun)
        return report(fixedRun.error());
    finishProgress();
    if (!first->complete || !lowRun->complete || !fixedRun->complete)
        return report({ErrorCode::Cancelled, "stopped on request", {}, {}});

    if (const auto hashed = hashImages(*fixedRun, control); !hashed)
        return report(hashed.error());
    if (const auto written = writeRunFile(*fixedRun, arguments.out); !written)
        return report(written.error());
    std::error_code failed;
    std::filesystem::create_directories(arguments.plots, failed);
    if (failed)
        return report({ErrorCode::Io, failed.message(), arguments.plots, {}});
    const auto shared = std::make_shared<const RunRecord>(*fixedRun);
    for (const QString &name : plotNames()) {
        const auto view = makePlot(name);
        if (const auto shown = showRuns(*view, {shared}); !shown)
            return report(shown.error());
        for (const char *suffix : {"png", "svg"}) {
            const QString path = QStringLiteral("%1/%2.%3").arg(QString::fromStdString(arguments.plots), name,
                                                                QLatin1String(suffix));
            if (const auto written = view->exportTo(path, kPlotSize); !written)
                return report(written.error());
        }
    }

    if (arguments.json) {
        std::printf("%s\n", evaluationJson(*fixedRun).dump(2).c_str());
        return kSuccess;
    }
    const EvaluationResult &reference = *first->floatResult;
    std::string text = fmt::format("\nDemo: {} on {} held-out images (simulated quantization: accuracy, not speed)\n\n",
                                   first->model.title, reference.count);
    text += fmt::format("{:<34} {:>8}  {:<15} {:>6}  against float\n", "", "top-1", "95 % interval", "points");
    text += row("float", reference, reference);
    text += row(asked.quantization.text(), *first->result, reference);
    text += row(low.text(), *lowRun->result, reference);
    text += row("the same, residual stream 8 bit", *fixedRun->result, reference);
    text += "\nplan: " + planText(plan) + "\n";
    text += fmt::format("\nreport  {}\nplots   {}/\n", arguments.out, arguments.plots);
    std::fputs(text.c_str(), stdout);
    return kSuccess;
}

} // namespace quantoscope::cli
