// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"

#include "app/cli/console.h"
#include "app/cli/json_output.h"
#include "core/analysis/calibration_spread.h"
#include "core/base/number_list.h"
#include "core/io/result_table_file.h"
#include "core/io/run_file.h"
#include "core/pipeline/calibration_draws.h"
#include "core/pipeline/session.h"
#include "core/pipeline/suite.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <numeric>

namespace quantoscope::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kUsualDraws = 5;
constexpr int kLargestBatch = 1024; // as --calibration-batch

Result<CalibrationDraws> parseDraws(const SpreadArguments &arguments, const RunRequest &request)
{
    CalibrationDraws draws;
    if (arguments.seeds.empty()) {
        draws.seeds.resize(kUsualDraws);
        std::iota(draws.seeds.begin(), draws.seeds.end(), request.calibration.seed);
    } else {
        auto seeds = parseNumberList(arguments.seeds, 0, std::numeric_limits<uint64_t>::max(), kMostDraws,
                                     "--calibration-seeds");
        if (!seeds)
            return fail(seeds.error());
        draws.seeds = std::move(*seeds);
    }
    for (const auto &[text, most, option, list] :
         {std::tuple(&arguments.sizes, std::numeric_limits<int>::max(), "--calibration-sizes", &draws.sizes),
          std::tuple(&arguments.batches, kLargestBatch, "--calibration-batches", &draws.batches)}) {
        if (text->empty())
            continue;
        const auto counts = parseNumberList(*text, 1, static_cast<uint64_t>(most), kMostDraws, option);
        if (!counts)
            return fail(counts.error());
        list->assign(counts->begin(), counts->end());
    }
    return draws;
}

/// What one draw is called: in messages, and as a file.
std::string drawText(const CalibrationRequest &draw)
{
    return fmt::format("{} images in batches of {}, seed {}", draw.count, draw.batch, draw.seed);
}

std::filesystem::path drawFile(const std::string &folder, const CalibrationRequest &draw)
{
    return std::filesystem::path(folder) / fmt::format("images-{}-batch-{}-seed-{}.h5", draw.count, draw.batch, draw.seed);
}

/// Runs the draws one by one. Of each only what the summary needs stays in memory.
class Draws {
public:
    Draws(Session &session, std::string folder) : m_session(session), m_folder(std::move(folder)) {}

    /// A draw that fails after another one succeeded (few images can break the arithmetic down) does not stop the others.
    /// Errors: of the first run, Io, Cancelled. What was finished before stays.
    Result<void> run(const std::vector<RunRequest> &requests, const RunControl &control);
    [[nodiscard]] size_t failed() const { return m_failed; }
    [[nodiscard]] const RunRecord *first() const { return m_runs.empty() ? nullptr : &m_runs.front(); }
    [[nodiscard]] CalibrationSpread spread() const;

private:
    Result<RunRecord> runOne(const RunRequest &request, const RunControl &control);
    Result<void> write(RunRecord &run, const CalibrationRequest &draw, const RunControl &control);

    Session &m_session;
    std::string m_folder; ///< empty: nothing is written
    std::vector<RunRecord> m_runs; ///< complete ones, without taps and logits
    std::vector<DrawFigures> m_figures;
    size_t m_failed = 0;
    std::vector<std::string> m_hashes; ///< of the evaluated images, which all draws share
};

Result<RunRecord> Draws::runOne(const RunRequest &request, const RunControl &control)
{
    std::optional<RunRecord> before;
    if (const auto file = drawFile(m_folder, request.calibration); !m_folder.empty() && std::filesystem::exists(file)) {
        auto read = readRunFile(file.string());
        if (read)
            before = std::move(*read);
        else
            warn(read.error().message() + "; the draw is made again");
    }
    RunContinuation continuation;
    continuation.partial = before ? &*before : nullptr;
    return m_session.run(request, control, {}, continuation);
}

Result<void> Draws::write(RunRecord &run, const CalibrationRequest &draw, const RunControl &control)
{
    const RunControl writing{CancelToken(), control.sink}; // what is done is kept, so Ctrl-C must not stop the writing
    run.images.sha256 = m_hashes;
    if (const auto hashed = hashImages(run, writing); !hashed)
        return hashed;
    m_hashes = run.images.sha256;
    return writeRunFile(run, drawFile(m_folder, draw).string());
}

Result<void> Draws::run(const std::vector<RunRequest> &requests, const RunControl &control)
{
    const auto start = std::chrono::steady_clock::now();
    for (const RunRequest &request : requests) {
        const size_t number = m_runs.size() + m_failed + 1;
        finishProgress();
        std::fprintf(stderr, "[%zu/%zu] %s\n", number, requests.size(), drawText(request.calibration).c_str());
        auto run = runOne(request, control);
        if (!run && (m_runs.empty() || run.error().code == ErrorCode::Cancelled))
            return fail(run.error());
        if (!run) {
            warn(drawText(request.calibration) + ": " + run.error().message());
            ++m_failed;
            continue;
        }
        if (!m_folder.empty())
            if (const auto written = write(*run, request.calibration, control); !written)
                return written;
        if (!run->complete)
            return fail(ErrorCode::Cancelled, "stopped on request");
        m_figures.push_back(drawFigures(*run));
        run->taps.clear();
        for (auto *result : {&run->floatResult, &run->result})
            if (*result)
                (*result)->logits = {};
        m_runs.push_back(std::move(*run));
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        const double left = seconds / static_cast<double>(number) * static_cast<double>(requests.size() - number);
        finishProgress();
        std::fprintf(stderr, "[%zu/%zu] top-1 %.2f %%, about %.0f s left\n", number, requests.size(), m_figures.back().top1,
                     left);
    }
    return {};
}

CalibrationSpread Draws::spread() const
{
    std::vector<const RunRecord *> runs;
    for (const RunRecord &run : m_runs)
        runs.push_back(&run);
    return calibrationSpread(runs, m_runs.front(),
                             [this](const RunRecord &run) { return m_figures[static_cast<size_t>(&run - m_runs.data())]; });
}

std::string text(double value, const char *format)
{
    return std::isfinite(value) ? fmt::format(fmt::runtime(format), value) : "-";
}

std::string convergenceText(const SpreadSeries &series, DrawFigure figure)
{
    if (const auto converged = series.convergedAt(figure))
        return fmt::format("converged at {} images: from there on the mean stays within the draws of {} images",
                           *converged, series.levels.back().images);
    return series.levels.size() < 2
        ? "converged    not told by one size: give several with --calibration-sizes"
        : fmt::format("not converged below {} images", series.levels.back().images);
}

void print(const RunRecord &run, const CalibrationSpread &spread, size_t planned)
{
    std::string out = fmt::format("model        {} ({})\npreprocess   {}\nrecipe       {} W/A/Attn (simulated: accuracy, not "
                                  "speed)\n",
                                  run.model.name, run.model.title, run.model.preprocessing.text(), run.request.text());
    out += fmt::format("draws        {} of {} random calibration sets{}, each on the same {} images\n", spread.draws.size(),
                       planned, spread.draws.size() < planned ? " (PARTIAL)" : "", spread.evaluated);
    if (std::isfinite(spread.floatTop1))
        out += fmt::format("float        top-1 {:.2f} %\n", spread.floatTop1);
    for (const PublishedResult &published : publishedResults(run.model.name, run.request))
        out += fmt::format("published    top-1 {:.2f} % on all of ImageNet ({})\n", published.top1, published.source);
    std::vector<std::vector<std::string>> rows = {{"images", "batch", "draws", "top-1 %", "least", "largest", "deviation",
                                                   "95 % of the mean", "agreement %", "deviation", "KL (nats)", "deviation"}};
    for (const SpreadSeries &series : spread.series)
        for (const SpreadLevel &level : series.levels) {
            const Interval &interval = level.top1.interval;
            rows.push_back({std::to_string(level.images), std::to_string(level.batch), std::to_string(level.draws.size()),
                            text(level.top1.mean, "{:.2f}"), text(level.top1.least, "{:.2f}"),
                            text(level.top1.largest, "{:.2f}"), text(level.top1.deviation, "{:.2f}"),
                            std::isfinite(interval.low) ? fmt::format("{:.2f}..{:.2f}", interval.low, interval.high) : "-",
                            text(level.agreement.mean, "{:.2f}"), text(level.agreement.deviation, "{:.2f}"),
                            text(level.kl.mean, "{:.3g}"), text(level.kl.deviation, "{:.2g}")});
        }
    out += "\n" + table(rows) + "\n";
    for (const SpreadSeries &series : spread.series)
        out += (spread.series.size() > 1 ? fmt::format("batches of {}: ", series.batch) : std::string())
            + convergenceText(series, spread.mainFigure()) + "\n";
    out += "Student's interval is about the choice of calibration images; these evaluated images are given.\n";
    std::fputs(out.c_str(), stdout);
}

Json number(double value)
{
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json statisticsJson(const DrawStatistics &all)
{
    if (all.draws == 0)
        return nullptr;
    return {{"draws", all.draws},
            {"mean", all.mean},
            {"least", all.least},
            {"largest", all.largest},
            {"deviation", number(all.deviation)},
            {"mean_low", number(all.interval.low)},
            {"mean_high", number(all.interval.high)}};
}

Json spreadJson(const RunRecord &run, const CalibrationSpread &spread, size_t planned)
{
    Json json = {{"model", run.model.name},
                 {"recipe", run.request.recipe},
                 {"ptf", run.request.ptf},
                 {"lis", run.request.lis},
                 {"bits", run.request.bits.text()},
                 {"count", spread.evaluated},
                 {"float_top1", number(spread.floatTop1)},
                 {"planned", planned},
                 {"complete", spread.draws.size() == planned},
                 {"published", Json::array()},
                 {"draws", Json::array()},
                 {"series", Json::array()}};
    for (const PublishedResult &published : publishedResults(run.model.name, run.request))
        json["published"].push_back({{"top1", published.top1}, {"source", published.source}});
    for (const CalibrationDraw &draw : spread.draws)
        json["draws"].push_back({{"calibration_images", draw.images},
                                 {"calibration_batch", draw.batch},
                                 {"seed", draw.seed},
                                 {"top1", number(draw.figures.top1)},
                                 {"agreement", number(draw.figures.agreement)},
                                 {"kl", number(draw.figures.kl)}});
    for (const SpreadSeries &series : spread.series) {
        const auto converged = series.convergedAt(spread.mainFigure());
        Json levels = Json::array();
        for (const SpreadLevel &level : series.levels)
            levels.push_back({{"calibration_images", level.images},
                              {"top1", statisticsJson(level.top1)},
                              {"agreement", statisticsJson(level.agreement)},
                              {"kl", statisticsJson(level.kl)}});
        json["series"].push_back({{"calibration_batch", series.batch},
                                  {"converged_at", converged ? Json(*converged) : Json(nullptr)},
                                  {"levels", levels}});
    }
    return json;
}

Result<void> prepareFolder(const std::string &folder)
{
    if (folder.empty())
        return {};
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure)
        return fail(ErrorCode::Io, "cannot be made: " + failure.message(), folder, "choose another folder with --out");
    return checkWritable((std::filesystem::path(folder) / "draw.h5").string());
}

} // namespace

void addSpreadOptions(CLI::App &command, SpreadArguments &arguments)
{
    arguments.run.addTo(command);
    command.get_option("--out")->description("Folder for a run file of each draw; those that are there are not made again");
    command.add_option("--calibration-seeds", arguments.seeds,
                       "Seeds of the draws, for example 0-4 or 1,5,9; five from --seed on when left away");
    CLI::Option *sizes = command.add_option("--calibration-sizes", arguments.sizes,
                                            "Calibration images of the draws, for example 8,16,32");
    sizes->excludes(command.get_option("--calibration-count"));
    CLI::Option *batches = command.add_option("--calibration-batches", arguments.batches,
                                              "Images per calibration batch, for example 5,10");
    batches->excludes(command.get_option("--calibration-batch"));
    command.add_option("--csv", arguments.csv, "File to write: a line a draw");
}

int spread(const SpreadArguments &arguments)
{
    auto request = arguments.run.resolve();
    if (!request)
        return report(request.error());
    const auto draws = parseDraws(arguments, *request);
    if (!draws)
        return report(draws.error());
    const auto cost = drawsCost(*request, *draws, nullptr);
    if (!cost)
        return report(cost.error());
    const std::string &folder = arguments.run.out;
    if (const auto ready = prepareFolder(folder); !ready)
        return report(ready.error());
    if (const auto writable = checkWritable(arguments.csv); !writable)
        return report(writable.error());
    auto session = Session::open(request->model);
    if (!session)
        return report(session.error());
    for (const std::string &sentence : (*session)->warnings())
        warn(sentence);
    arguments.run.overridePreprocessing((*session)->model().info.preprocessing, *request);
    const auto requests = drawRequests(*request, *draws);
    if (!requests)
        return report(requests.error());
    std::fprintf(stderr, "%zu runs on %lld images each, calibrated on %lld images in all, drawn from %lld\n", cost->runs,
                 static_cast<long long>(cost->evaluationImages), static_cast<long long>(cost->calibrationImages),
                 static_cast<long long>(cost->available));
    if (cost->drawsAll)
        warn("the largest size is all images that there are: its draws differ in their order only");
    Draws all(**session, folder);
    const auto done = all.run(*requests, consoleControl());
    finishProgress();
    if (!all.first())
        return report(done.error());
    const CalibrationSpread summary = all.spread();
    if (arguments.run.json)
        printJson(spreadJson(*all.first(), summary, requests->size()));
    else
        print(*all.first(), summary, requests->size());
    if (!arguments.csv.empty()) {
        if (const auto written = writeTextFile(spreadToCsv(summary), arguments.csv); !written)
            return report(written.error());
        std::fprintf(stderr, "wrote %s\n", arguments.csv.c_str());
    }
    if (done && all.failed() == 0)
        return kSuccess;
    Error error = done ? Error{ErrorCode::BadInput, fmt::format("{} draws failed", all.failed()), {}, {}} : done.error();
    error.what += fmt::format("; the figures above are partial: {} of {} draws", summary.draws.size(), requests->size());
    return report(error);
}

} // namespace quantoscope::cli
