// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"

#include "app/cli/console.h"
#include "core/analysis/result_table_text.h"
#include "core/io/result_table_file.h"
#include "core/pipeline/result_queue.h"
#include "core/pipeline/suite.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <unistd.h>

namespace quantoscope::cli {

namespace {

constexpr int kMostParts = 10000;
constexpr double kGiga = 1e9;

/// "2/8".
Result<std::pair<int, int>> parsePart(const std::string &text)
{
    int part = 0;
    int parts = 0;
    char rest = 0;
    if (std::sscanf(text.c_str(), "%d/%d%c", &part, &parts, &rest) != 2 || part < 1 || part > parts || parts > kMostParts)
        return fail(ErrorCode::Usage, "'" + text + "' is no part of a whole", "--part", "for example 2/8");
    return std::pair(part, parts);
}

Result<void> checkOut(const std::string &out)
{
    if (!out.ends_with(".md") && !out.ends_with(".csv") && !out.ends_with(".h5"))
        return fail(ErrorCode::Usage, "'" + out + "' ends in none of .md, .csv and .h5", "--out");
    const std::string folder = std::filesystem::path(out).parent_path().string();
    if (access(folder.empty() ? "." : folder.c_str(), W_OK) != 0)
        return fail(ErrorCode::Io, "its folder cannot be written", out, "choose another one with --out");
    return {};
}

std::string duration(double seconds)
{
    constexpr double kMinute = 60;
    constexpr double kHour = 3600;
    return seconds < 2 * kMinute ? fmt::format("{:.0f} s", seconds)
           : seconds < 2 * kHour ? fmt::format("{:.0f} min", seconds / kMinute)
                                 : fmt::format("{:.1f} h", seconds / kHour);
}

std::string cellTitle(const ResultTable &table, const ResultCell &cell)
{
    return fmt::format("{}, {}, {}", table.suiteOf(cell).name, table.modelOf(cell).name, table.methodOf(cell).title());
}

void showQueue(const ResultTable &results, const QueueProgress &progress)
{
    const ResultCell &cell = results.cells[progress.cell];
    const std::string left = progress.secondsLeft >= 0 ? ", " + duration(progress.secondsLeft) + " left" : std::string();
    const std::string head = fmt::format("[{}/{}] {}", progress.number, progress.count, cellTitle(results, cell));
    if (progress.finished) {
        const std::string outcome = cell.state == CellState::Done ? resultText(cell) : "failed: " + cell.reason;
        finishProgress();
        std::fprintf(stderr, "%s: %s%s\n", head.c_str(), outcome.c_str(), left.c_str());
        return;
    }
    showProgressLine(head + progress.phase.phase, false,
                     fmt::format("{}: {} {}/{}; queue {:.0f} %{}", head, progress.phase.phase, progress.phase.done,
                                 progress.phase.total, 100 * progress.share, left));
}

void printPlan(const ResultQueue &queue)
{
    const ResultTable &results = queue.table();
    std::vector<std::vector<std::string>> rows = {{"cell", "GMAC", "time", "state"}};
    double work = 0;
    size_t pending = 0;
    for (size_t i = 0; i < results.cells.size(); ++i) {
        const ResultCell &cell = results.cells[i];
        if (cell.state == CellState::NoWeights) { // the same for all methods
            if (cell.method == 0)
                rows.push_back({fmt::format("{}, {}, {} methods", results.suiteOf(cell).name, results.modelOf(cell).name,
                                            results.suiteOf(cell).methods.size()),
                                "-", "-", cell.reason});
            continue;
        }
        std::string state = name(cell.state);
        if (!cell.reason.empty())
            state += ": " + cell.reason;
        std::string cost = "-";
        std::string time = "-";
        if (queue.isPending(i)) {
            cost = fmt::format("{:.0f}", queue.cost(i) / kGiga);
            time = duration(queue.secondsFor(queue.cost(i)));
            work += queue.cost(i);
            ++pending;
        } else if (cell.state == CellState::Missing || cell.state == CellState::Stale) {
            state += " (another part)";
        }
        rows.push_back({cellTitle(results, cell), cost, time, state});
    }
    std::fputs(cli::table(rows).c_str(), stdout);
    std::fputs(fmt::format("\n{} of {} cells to run, about {:.0f} GMAC, {} {}\n", pending, results.cells.size(),
                           work / kGiga, duration(queue.secondsFor(work)),
                           queue.rateIsMeasured() ? "at the rate of the finished cells"
                                                  : "at a usual rate; finished cells make this better")
                   .c_str(),
               stdout);
}

Result<void> writeTable(const ResultTable &results, const std::string &out)
{
    if (out.ends_with(".h5"))
        return writeResultTableFile(results, out);
    return writeTextFile(out.ends_with(".csv") ? resultTableToCsv(results) : resultTableToMarkdown(results), out);
}

/// Exit code by what the cells of this part have come to.
int outcome(const ResultQueue &queue)
{
    const ResultTable &results = queue.table();
    size_t failed = 0;
    size_t noWeights = 0;
    size_t others = 0;
    for (size_t i = 0; i < results.cells.size(); ++i) {
        const CellState state = results.cells[i].state;
        failed += state == CellState::Failed || queue.isPending(i);
        noWeights += state == CellState::NoWeights;
        others += !queue.isPending(i) && (state == CellState::Missing || state == CellState::Stale);
    }
    if (others > 0)
        warn(fmt::format("{} cells belong to other parts and are not there yet; the same call without --part merges all", others));
    if (failed > 0)
        warn(fmt::format("{} cells have no result; the same call tries them again", failed));
    if (noWeights > 0)
        warn(fmt::format("{} cells lack their weights; the table names the files", noWeights));
    return failed > 0 ? kFailed : noWeights > 0 ? kOnlyWeightsMissing : kSuccess;
}

} // namespace

void addTableOptions(CLI::App &command, TableArguments &arguments)
{
    std::string known = "all";
    for (const Suite &suite : builtinSuites())
        known += ", " + suite.name;
    RunRequest &run = arguments.run;
    command.add_option("--suite", arguments.suite, "Suites, several with commas: " + known + "; or FILE.json")->required();
    command.add_option("--weights-dir", arguments.weightsFolder, "Folder of the checkpoints, under their published names or <model>.*")
        ->required();
    command.add_option("--out", arguments.out, "Table to write: .md, .csv or .h5")->required();
    command.add_option("--cells", arguments.cells, "Folder of the finished cells, shared by all parts; <out without ending>.cells when left away");
    command.add_option("--part", arguments.part, "This machine's share of the queue, e.g. 2/8")->capture_default_str();
    command.add_flag("--plan,--list-cells", arguments.planOnly, "Print the cells, their state and about how long they take; run nothing");
    command.add_flag("--keep-logits", arguments.keepLogits, "Keep all logits in the cells' run files");
    command.add_option("--data", run.data.folder, "Folder or tar archive of images")->required();
    command.add_option("--split", run.data.split, "Split to evaluate")->capture_default_str();
    command.add_option("--classes", run.data.classes, "Class names in class order: one a line, or JSON");
    command.add_option("--list", run.data.list, "List of images, 'path' or 'path label' a line, relative to --data");
    command.add_option("--limit", run.data.limit, "Evaluate the first N images only")->check(positiveNumber());
    CLI::Option *list = command.add_option("--calibration-list", run.calibration.list, "List of calibration images");
    command.add_option("--calibration-count", arguments.calibrationCount, "Random images of the train split; the suite's number when left away")
        ->check(positiveNumber())
        ->excludes(list);
    command.add_option("--calibration-batch", arguments.calibrationBatch, "Images per calibration batch; the suite's when left away")
        ->check(CLI::Range(1, 1024));
    command.add_option("--calibration-data", run.calibration.folder, "Folder or tar archive of the calibration images; --data when left away");
    command.add_option("--seed", run.calibration.seed, "Seed of the choice of calibration images")->capture_default_str();
    command.add_option("--batch", run.batch, "Images per forward pass")->check(CLI::Range(1, 1024))->capture_default_str();
    command.add_option("--device", run.model.device, "cpu or cuda")->capture_default_str();
    command.add_option("--threads", run.model.threads, "Threads; all cores when left away")->check(positiveNumber());
    command.add_flag("--reference-arithmetic", run.model.referenceArithmetic,
                     "AVX2 kernels and summation order of the published programs, slower");
    command.add_flag("--allow-tf32", run.model.allowTf32, "Lets a GPU round the factors of products to ten bits (TF32)");
}

int table(const TableArguments &arguments)
{
    TableRequest request;
    auto suites = findSuites(arguments.suite);
    if (!suites)
        return report(suites.error());
    request.suites = std::move(*suites);
    request.suiteNames = arguments.suite;
    const auto part = parsePart(arguments.part);
    if (!part)
        return report(part.error());
    std::tie(request.part, request.parts) = *part;
    if (const auto writable = checkOut(arguments.out); !writable)
        return report(writable.error());
    std::error_code none;
    if (!std::filesystem::is_directory(arguments.weightsFolder, none))
        return report({ErrorCode::NotFound, "is no folder", arguments.weightsFolder, "give the folder of the checkpoints"});
    request.weightsFolder = arguments.weightsFolder;
    request.cellFolder = arguments.cells.empty() ? std::filesystem::path(arguments.out).replace_extension(".cells").string()
                                                 : arguments.cells;
    request.model = arguments.run.model;
    request.data = arguments.run.data;
    request.calibration = arguments.run.calibration;
    if (arguments.calibrationCount > 0)
        request.calibrationCount = arguments.calibrationCount;
    if (arguments.calibrationBatch > 0)
        request.calibrationBatch = arguments.calibrationBatch;
    request.batch = arguments.run.batch;
    request.keepLogits = arguments.keepLogits;

    const RunControl control = consoleControl();
    const auto queue = ResultQueue::plan(std::move(request), control);
    if (!queue)
        return report(queue.error());
    finishProgress();
    for (const std::string &note : (*queue)->notes())
        warn(note);
    const ResultTable &results = (*queue)->table();
    if (arguments.planOnly) {
        printPlan(**queue);
        return kSuccess;
    }
    for (size_t i = 0; i < results.cells.size(); ++i)
        if (const ResultCell &cell = results.cells[i]; cell.state == CellState::Stale)
            warn(fmt::format("{}: the result that is there is not used, {}{}", cellTitle(results, cell), cell.reason,
                             (*queue)->isPending(i) ? "; it is computed again" : ""));
    const auto done = (*queue)->run(control, [&](const QueueProgress &progress) { showQueue(results, progress); });
    finishProgress();
    if (!done && done.error().code != ErrorCode::Cancelled)
        return report(done.error());
    if (const auto written = writeTable(results, arguments.out); !written)
        return report(written.error());
    std::fprintf(stderr, "wrote %s\n", arguments.out.c_str());
    if (!done)
        return report({ErrorCode::Cancelled, "stopped on request; the same call goes on with the cells that are left", {}, {}});
    return outcome(**queue);
}

} // namespace quantoscope::cli
