// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/console.h"

#include <CLI/CLI.hpp>

#include <QApplication>

#include <map>
#include <memory>

using namespace quantoscope;

namespace {

/// Plots are drawn by widgets; a file needs no screen.
std::unique_ptr<QApplication> offscreenApplication(int &argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    return std::make_unique<QApplication>(argc, argv);
}

} // namespace

int main(int argc, char **argv)
{
    CLI::App app("Quantoscope: post-training quantization of vision transformers (simulated: accuracy, not speed).",
                 "quantoscope-cli");
    app.set_version_flag("--version", "quantoscope-cli " QUANTOSCOPE_VERSION);
    app.require_subcommand(1);
    app.fallthrough(false);
    bool json = false;

    CLI::App *models = app.add_subcommand("models", "Models known by name");
    models->add_flag("--json", json, "Print one JSON array");
    CLI::App *recipes = app.add_subcommand("recipes", "Quantization recipes known by name");
    recipes->add_flag("--json", json, "Print one JSON array");

    cli::InspectArguments inspecting;
    CLI::App *inspect = app.add_subcommand("inspect", "Architecture, tensors, taps and preprocessing of a checkpoint");
    inspect->add_option("weights", inspecting.model.weights, "Checkpoint file or folder")->required();
    cli::addModelOptions(*inspect, inspecting.model);
    inspect->add_flag("--json", inspecting.json, "Print one JSON object");

    cli::RunArguments evaluating;
    cli::RunArguments calibrating;
    cli::RunArguments analyzing;
    CLI::App *evaluate = app.add_subcommand("evaluate", "Accuracy of the float or of a quantized model");
    evaluating.addTo(*evaluate);
    CLI::App *calibrate = app.add_subcommand("calibrate", "Ranges, scales and histograms, no evaluation");
    calibrating.addTo(*calibrate);
    CLI::App *analyze = app.add_subcommand("analyze", "Quantization error of every tap");
    analyzing.addTo(*analyze);
    cli::MeasureArguments measuring;
    measuring.addSensitivityTo(*analyze, "--sensitivity");
    measuring.addReportsTo(*analyze);

    cli::RepeatArguments repeating;
    CLI::App *repeat = app.add_subcommand("repeat", "The run of a run file once more, and whether the same comes out");
    repeat->add_option("run", repeating.file, "Run file (HDF5)")->required();
    repeat->add_option("--weights", repeating.weights, "Where the checkpoint is now; where it was when left away");
    repeat->add_option("--data", repeating.data, "Where the images are now; where they were when left away");
    repeat->add_option("--calibration-data", repeating.calibrationData,
                       "The same for calibration images that had a folder of their own");
    repeat->add_option("--out", repeating.out, "Writes the new run (HDF5)");
    repeat->add_flag("--json", repeating.json, "Print one JSON object");

    cli::BatchArguments working;
    CLI::App *batch = app.add_subcommand("batch", "What a project or a job file has left to do, then its report and plots, "
                                                  "without a screen");
    batch->add_option("file", working.file, "Project (.quantoscope), or a job or list of jobs (JSON)")->required();
    batch->add_option("--report", working.report,
                      "Writes the run that is shown at the end: a run file (.h5), .html, .pdf or .csv");
    batch->add_option("--plots", working.plots, "Folder for all plots, as the project's layout draws them (PNG and SVG)");
    batch->add_option("--save", working.save, "Project that is written after every run; batch goes on from it");

    cli::CompareArguments comparing;
    CLI::App *compare = app.add_subcommand("compare", "Two run files on the same images, image by image");
    compare->add_option("first", comparing.first, "Run file (HDF5)")->required();
    compare->add_option("second", comparing.second, "Run file (HDF5); may be the first one again")->required();
    const std::map<std::string, RunSide> sides = {{"float", RunSide::Float}, {"quantized", RunSide::Quantized}};
    compare->add_option("--first", comparing.firstSide, "Result of the first run: float or quantized")
        ->transform(CLI::CheckedTransformer(sides));
    compare->add_option("--second", comparing.secondSide, "Result of the second run: float or quantized")
        ->transform(CLI::CheckedTransformer(sides));
    CLI::Option *bothFloat = compare->add_flag_callback(
        "--float", [&] { comparing.firstSide = comparing.secondSide = RunSide::Float; }, "The float result of both");
    CLI::Option *bothQuantized = compare->add_flag_callback(
        "--quantized", [&] { comparing.firstSide = comparing.secondSide = RunSide::Quantized; },
        "The quantized result of both");
    bothFloat->excludes(bothQuantized, compare->get_option("--first"), compare->get_option("--second"));
    bothQuantized->excludes(compare->get_option("--first"), compare->get_option("--second"));
    compare->add_option("--flips", comparing.flips, "Images listed each way")
        ->check(CLI::Range(0, 1 << 30))
        ->capture_default_str();
    compare->add_flag("--json", comparing.json, "Print one JSON object");

    cli::RunArguments checking;
    CLI::App *check = app.add_subcommand("check", "Do model, images, labels and preprocessing belong together? Exit code 1 "
                                                  "when there is a problem");
    checking.addTo(*check);

    cli::SensitivityArguments sensing;
    CLI::App *sensitivity = app.add_subcommand("sensitivity", "What quantizing each part alone costs");
    sensing.run.addTo(*sensitivity);
    sensing.measure.addSensitivityTo(*sensitivity, "--level");

    cli::AttentionArguments attending;
    CLI::App *attention = app.add_subcommand("attention", "Where the model looks in an image, float against quantized");
    attending.run.addTo(*attention);
    attention->add_option("--image", attending.image, "Image file")->required();
    attention->add_option("--block", attending.block, "Block; the last one when left away")->check(CLI::Range(0, 1 << 20));
    CLI::Option *head
        = attention->add_option("--head", attending.head, "Head; their mean when left away")->check(CLI::Range(0, 1 << 20));
    attention->add_flag("--rollout", attending.rollout, "Draw the rollout over all blocks instead")->excludes(head);
    attention->add_option("--size", attending.size, "Width x height of the picture")->capture_default_str();

    cli::TableArguments tabulating;
    CLI::App *table = app.add_subcommand("table", "Models x methods of a paper, published values beside measured ones; "
                                                  "goes on where it was ended");
    cli::addTableOptions(*table, tabulating);

    cli::SpreadArguments spreading;
    CLI::App *spread = app.add_subcommand("spread", "How far accuracy moves with the choice of calibration images");
    cli::addSpreadOptions(*spread, spreading);

    cli::PlanSearchArguments searching;
    CLI::App *search = app.add_subcommand("search", "Mixed precision by budget: sensitivity, Pareto front, plans");
    searching.run.addTo(*search);
    search->add_option("--budget", searching.budget,
                       "Average bits of weights and activations (4.5bits), weight bytes (3MB), bit operations "
                       "(20GBOPs) or activation bytes of an image (6MBact)")
        ->required();
    search->add_option("--conversions", searching.conversions,
                       "At most N edges between operators of unlike precision, beside the budget")
        ->check(CLI::NonNegativeNumber);
    search->add_option("--levels", searching.levels, "Precisions on offer")->capture_default_str();
    search->add_flag("--operands-alike", searching.operandsAlike,
                     "Weight and activations of a product at one width, and both products of an attention");
    search->add_flag("--any-outermost", searching.anyOutermost,
                     "Let patch embedding and classifier have fewer than 8 bits too");
    search->add_option("--images", searching.images, "Calibration images behind the sensitivity")
        ->check(cli::positiveNumber())
        ->capture_default_str();
    search->add_option("--evaluate", searching.evaluatePoints,
                       "Run N points of the front on the images of --data, the chosen one first, and the uniform ones")
        ->check(CLI::Range(0, 1000));
    search->add_option("--from", searching.from, "Use the measurements of an earlier search.json or sensitivity table");

    cli::PlotArguments plotting;
    CLI::App *plot = app.add_subcommand("plot", "Draw a plot from a run file");
    plot->add_option("run", plotting.files,
                     "Run file (HDF5); for pareto the search.json of a search; for confusion one file (float against "
                     "quantized) or two (before and after); for runs-pareto and spread any number")
        ->required();
    plot->add_option("--view", plotting.view, cli::plotViewNames())->required();
    plot->add_option("--out", plotting.out, "Picture to write: .svg, .pdf, .png or .csv")->required();
    plot->add_option("--tap", plotting.tap, "Tap that the view shows");
    plot->add_option("--along", plotting.along, "What channels and map show: channels, tokens or heads")
        ->check(CLI::IsMember({"channels", "tokens", "heads"}))
        ->capture_default_str();
    plot->add_option("--size", plotting.size, "Width x height")->capture_default_str();
    plot->add_option("--cost", plotting.cost, "What runs-pareto draws accuracy against: " + cli::plotCostNames())
        ->capture_default_str();

    cli::PlanDifferenceArguments differing;
    CLI::App *plan = app.add_subcommand("plan", "Precision plans");
    plan->require_subcommand(1);
    CLI::App *planDiff = plan->add_subcommand("diff", "What two plans differ in, in plain text");
    planDiff->add_option("first", differing.first, "Plan (JSON), run file (.h5), or 'recipe' for no plan")->required();
    planDiff->add_option("second", differing.second, "Plan (JSON), run file (.h5), or 'recipe' for no plan")->required();
    planDiff->add_option("--weights", differing.model.weights,
                         "Checkpoint: says what the rules mean for its layers");
    cli::addModelOptions(*planDiff, differing.model);
    cli::addPlanBaseOptions(*planDiff, differing.base);
    cli::PlanExchangeArguments exporting;
    CLI::App *planExport = plan->add_subcommand("export", "A plan as AIMET, NNCF, ModelOpt or ONNX Runtime take it");
    cli::addPlanExportOptions(*planExport, exporting);
    cli::PlanExchangeArguments importing;
    CLI::App *planImport = plan->add_subcommand("import", "Widths and float layers of another program's file as a plan");
    cli::addPlanImportOptions(*planImport, importing);

    cli::ReportArguments reporting;
    CLI::App *report = app.add_subcommand("report", "One document of a run file: accuracy, worst taps, plots, conditions");
    report->add_option("run", reporting.runFile, "Run file (HDF5)")->required();
    report->add_option("--out", reporting.out, "Document to write: .html (one file with its plots), .pdf or .csv (taps)")
        ->required();

    cli::FetchArguments fetching;
    CLI::App *fetch = app.add_subcommand("fetch", "Download the published checkpoint of a known model");
    fetch->add_option("name", fetching.name, "Model; see the command models")->required();
    fetch->add_option("--to", fetching.folder, "Folder to save it in")
        ->default_str("$XDG_CACHE_HOME/quantoscope/models, else ~/.cache/quantoscope/models");
    fetch->add_option("--mirror", fetching.mirror, "http(s) address of a folder that holds the file under its name");
    fetch->add_flag("--json", fetching.json, "Print one JSON object");

    cli::DemoArguments showing;
    CLI::App *demo = app.add_subcommand("demo", "The whole main job on the embedded demo model and images");
    demo->add_option("--out", showing.out, "Report to write (HDF5)")->capture_default_str();
    demo->add_option("--plots", showing.plots, "Folder for the plots")->capture_default_str();
    demo->add_flag("--json", showing.json, "Print one JSON object");

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? cli::kSuccess : cli::kBadUsage;
    }
    if (*models)
        return cli::listModels(json);
    if (*recipes)
        return cli::listRecipes(json);
    if (*inspect)
        return cli::inspect(inspecting);
    if (*evaluate)
        return cli::run(cli::RunKind::Evaluate, evaluating);
    if (*calibrate)
        return cli::run(cli::RunKind::Calibrate, calibrating);
    if (*analyze)
        return cli::run(cli::RunKind::Analyze, analyzing, measuring);
    if (*sensitivity)
        return cli::sensitivity(sensing);
    if (*table)
        return cli::table(tabulating);
    if (*spread)
        return cli::spread(spreading);
    if (*search)
        return cli::search(searching);
    if (*compare)
        return cli::compare(comparing);
    if (*repeat)
        return cli::repeat(repeating);
    if (*check)
        return cli::check(checking);
    if (*planDiff)
        return cli::planDifference(differing);
    if (*planExport)
        return cli::exportPlanFile(exporting);
    if (*planImport)
        return cli::importPlanFile(importing);
    if (*fetch) {
        const QCoreApplication application(argc, argv);
        return cli::fetch(fetching);
    }
    const auto application = offscreenApplication(argc, argv);
    if (*report)
        return cli::writeReport(reporting);
    if (*attention)
        return cli::attention(attending);
    if (*batch)
        return cli::batch(working);
    return *plot ? cli::plot(plotting) : cli::demo(showing);
}
