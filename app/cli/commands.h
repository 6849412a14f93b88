// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of quantoscope-cli; each prints its result and returns the exit code.
#pragma once

#include "app/cli/arguments.h"
#include "app/cli/measure_arguments.h"
#include "app/cli/plan_sides.h"
#include "core/analysis/run_comparison.h"
#include "core/pipeline/session.h"

#include <optional>
#include <string>
#include <vector>

namespace quantoscope::cli {

int listModels(bool json);
int listRecipes(bool json);

struct InspectArguments {
    ModelRequest model;
    bool json = false;
};
int inspect(const InspectArguments &arguments);

/// evaluate, calibrate and analyze are one run with different parts switched on.
enum class RunKind { Evaluate, Calibrate, Analyze };
int run(RunKind kind, const RunArguments &arguments, const MeasureArguments &measure = {});
struct RunOutput {
    RunKind kind = RunKind::Evaluate;
    std::string out; ///< run file; empty: none
    bool json = false;
};
/// The run itself, printed, and written where that is wanted. `record`, if set, gets what came out, partial results too.
int runAndReport(Session &session, const RunRequest &request, const RunOutput &output, const MeasureArguments &measure = {},
                 std::optional<RunRecord> *record = nullptr);

struct RepeatArguments {
    std::string file;
    std::string weights; ///< where they are now; empty: where they were
    std::string data;    ///< the same for the images
    std::string calibrationData; ///< and for those of the calibration, where they had a folder of their own
    std::string out;
    bool json = false;
};
/// repeat_command.cpp: the run of a run file once more, and whether the same came out. Refuses other weights by hash.
int repeat(const RepeatArguments &arguments);
/// Noticed before hours of work, not after. Error: Io.
[[nodiscard]] Result<void> checkWritable(const std::string &path);

struct BatchArguments {
    std::string file;   ///< project, or one job or a list of jobs (JSON, job_request.h)
    std::string report; ///< document or run file of the run that is shown at the end; empty: none
    std::string plots;  ///< folder for all plots as the project's layout draws them; empty: none
    std::string save;   ///< project that is written after every run; empty: none
};
/// batch_command.cpp: what a project or a job file has left to do, and what the window would export. Needs a QApplication.
/// kFailed when a job failed or Ctrl-C stopped it.
int batch(const BatchArguments &arguments);

struct CompareArguments {
    std::string first;
    std::string second;
    RunSide firstSide = RunSide::Own;
    RunSide secondSide = RunSide::Own;
    int flips = 10; ///< images listed each way
    bool json = false;
};
/// compare_command.cpp: two run files, image by image.
int compare(const CompareArguments &arguments);

/// check_command.cpp: what is wrong before anything is calibrated. kFailed when a finding is a problem.
int check(const RunArguments &arguments);

struct SensitivityArguments {
    RunArguments run;
    MeasureArguments measure;
};
/// sensitivity_command.cpp: what quantizing each part alone costs, or leaving it out saves.
int sensitivity(const SensitivityArguments &arguments);

struct TableArguments {
    std::string suite;
    std::string weightsFolder;
    std::string out;
    std::string cells;        ///< folder of the cells; empty: beside `out`
    RunRequest run;           ///< device, threads, images; calibration: folder, list, seed
    int calibrationCount = 0; ///< 0: the suite's
    int calibrationBatch = 0;
    std::string part = "1/1";
    bool keepLogits = false;
    bool planOnly = false;
};
void addTableOptions(CLI::App &command, TableArguments &arguments);
/// table_command.cpp: models x methods as in a paper. kSuccess: every cell of this part has a result; kFailed: one failed or
/// the queue was stopped; kOnlyWeightsMissing: all others have one.
int table(const TableArguments &arguments);
inline constexpr int kOnlyWeightsMissing = 3;

struct SpreadArguments {
    RunArguments run;    ///< --out is a folder of run files
    std::string seeds;   ///< "0-4"; empty: five from --seed on
    std::string sizes;   ///< "8,16,32"; empty: --calibration-count
    std::string batches; ///< "5,10"; empty: --calibration-batch
    std::string csv;
};
void addSpreadOptions(CLI::App &command, SpreadArguments &arguments);
/// spread_command.cpp: how far accuracy moves with the choice of calibration images. kFailed when it was stopped; what was
/// finished is printed and kept all the same.
int spread(const SpreadArguments &arguments);

struct AttentionArguments {
    RunArguments run;
    std::string image;
    int block = -1; ///< -1: the last one with attention
    int head = -1;  ///< -1: mean over the heads
    bool rollout = false;
    std::string size = "1100x440";
};
/// attention_command.cpp: where the model looks, float against quantized. Needs a QApplication.
int attention(const AttentionArguments &arguments);

struct PlanSearchArguments {
    RunArguments run; ///< --out is the folder of the plans
    std::string budget;
    std::optional<int> conversions; ///< at most; unset: any number
    std::string levels = "float,8,6,4,3";
    bool operandsAlike = false;
    bool anyOutermost = false;
    int images = 32;
    int evaluatePoints = 0;
    std::string from; ///< result or sensitivity table (JSON) whose measurements are used
};
/// search_command.cpp: mixed precision by budget.
int search(const PlanSearchArguments &arguments);

struct PlotArguments {
    std::vector<std::string> files; ///< run files; of a search its JSON
    std::string view;
    std::string out;
    std::string tap;
    std::string along = "channels"; ///< or tokens, heads
    std::string size = "1000x600";
    std::string cost = "weight-bytes"; ///< of runs-pareto, plotCostNames()
};
/// plot_command.cpp. Needs a QApplication (offscreen will do).
int plot(const PlotArguments &arguments);
/// "1000x600". False: it is no size.
[[nodiscard]] bool parseSize(const std::string &text, int &width, int &height);
/// Names that `plot --view` takes, for help texts.
[[nodiscard]] std::string plotViewNames();
/// ... and what `plot --cost` takes.
[[nodiscard]] std::string plotCostNames();

struct PlanDifferenceArguments {
    std::string first;
    std::string second;
    ModelRequest model; ///< without weights only rules are compared, or what two runs used
    PlanBase base;
};
/// plan_command.cpp: what two plans (or a plan and its recipe) differ in, in plain text.
int planDifference(const PlanDifferenceArguments &arguments);

struct PlanExchangeArguments {
    std::string file;   ///< export: plan or run; import: the other program's file
    std::string format; ///< of planFormats()
    std::string out;
    std::string run;    ///< import: a run whose layers names are held against
    ModelRequest model;
    PlanBase base;
};
void addPlanExportOptions(CLI::App &command, PlanExchangeArguments &arguments);
void addPlanImportOptions(CLI::App &command, PlanExchangeArguments &arguments);
/// plan_exchange_command.cpp: a plan in another program's form, and back.
int exportPlanFile(const PlanExchangeArguments &arguments);
int importPlanFile(const PlanExchangeArguments &arguments);

struct ReportArguments {
    std::string runFile;
    std::string out;
};
/// report_command.cpp. Needs a QApplication (offscreen will do).
int writeReport(const ReportArguments &arguments);

struct FetchArguments {
    std::string name;
    std::string folder; ///< empty: the cache folder
    std::string mirror;
    bool json = false;
};
/// fetch_command.cpp. Needs a QCoreApplication.
int fetch(const FetchArguments &arguments);

struct DemoArguments {
    std::string out = "demo-report.h5";
    std::string plots = "demo-plots";
    bool json = false;
};
/// demo_command.cpp: the main job on the embedded model. Needs a QApplication.
int demo(const DemoArguments &arguments);

} // namespace quantoscope::cli
