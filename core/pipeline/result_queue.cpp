// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/result_queue.h"

#include "core/io/run_file.h"
#include "core/models/model.h"
#include "core/pipeline/result_cell.h"
#include "core/pipeline/session.h"
#include "core/pipeline/table_inputs.h"
#include "core/quantization/recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <thread>

namespace quantoscope {

namespace {

namespace fs = std::filesystem;

constexpr double kUsualRate = 1.5e10; // multiply-accumulates a second and core, decoding and quantizers included

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Of a result, what is needed to compare it with another one.
EvaluationResult withoutLogits(EvaluationResult result)
{
    result.logits.clear();
    result.logits.shrink_to_fit();
    return result;
}

/// Left by a process that was ended while it wrote this cell.
void removePartialFiles(const fs::path &file)
{
    std::error_code none;
    std::vector<fs::path> partial;
    for (const auto &entry : fs::directory_iterator(file.parent_path(), none))
        if (entry.path().filename().string().starts_with(file.filename().string() + ".partial-"))
            partial.push_back(entry.path());
    for (const fs::path &path : partial)
        fs::remove(path, none);
}

} // namespace

class ResultQueue::Private {
public:
    struct Work {
        CellKey key;
        std::string weights;   ///< path; empty: not found
        CellCost cost;
        bool mine = false;     ///< belongs to this part
        std::optional<EvaluationResult> result; ///< without logits
    };

    TableRequest request;
    ResultTable table;
    std::vector<std::string> notes;
    std::vector<Work> work; ///< parallel to table.cells
    std::vector<SuiteImages> calibration; ///< per suite
    ImageSet images;
    HashedImages imageHashes;
    double knownCost = 0;    ///< of the cells that were there, and the seconds they took
    double knownSeconds = 0;
    std::unique_ptr<Session> session;

    void listCells();
    Result<void> findInputs(const RunControl &control);
    void shareOut();
    void look(size_t index);
    void keep(size_t index, const RunRecord &run);
    void pairAll();
    Result<RunRecord> runCell(size_t index, const RunControl &control);
    Result<RunRequest> requestFor(const ResultCell &cell, const std::string &weights);
};

ResultQueue::ResultQueue() : d(std::make_unique<Private>()) {}
ResultQueue::~ResultQueue() = default;

const ResultTable &ResultQueue::table() const
{
    return d->table;
}

const std::vector<std::string> &ResultQueue::notes() const
{
    return d->notes;
}

bool ResultQueue::isPending(size_t cell) const
{
    const CellState state = d->table.cells[cell].state;
    return d->work[cell].mine && (state == CellState::Missing || state == CellState::Stale);
}

double ResultQueue::cost(size_t cell) const
{
    return d->work[cell].cost.total();
}

bool ResultQueue::rateIsMeasured() const
{
    return d->knownSeconds > 0;
}

double ResultQueue::secondsFor(double cost) const
{
    const int cores = d->request.model.threads > 0 ? d->request.model.threads
                                                   : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    return rateIsMeasured() ? cost * d->knownSeconds / d->knownCost : cost / (kUsualRate * cores);
}

void ResultQueue::Private::listCells()
{
    for (size_t s = 0; s < table.suites.size(); ++s)
        for (size_t m = 0; m < table.suites[s].models.size(); ++m)
            for (size_t k = 0; k < table.suites[s].methods.size(); ++k) {
                ResultCell cell;
                cell.suite = s;
                cell.model = m;
                cell.method = k;
                const SuiteMethod &method = table.suites[s].methods[k];
                if (const auto published = method.published.find(table.suites[s].models[m].name);
                    published != method.published.end())
                    cell.published = published->second;
                table.cells.push_back(std::move(cell));
            }
    work.resize(table.cells.size());
}

Result<void> ResultQueue::Private::findInputs(const RunControl &control)
{
    FileHasher hasher(control);
    auto evaluated = openDataImages(request.data);
    if (!evaluated)
        return fail(evaluated.error());
    images = limit(std::move(*evaluated), request.data.limit);
    table.images = images.description;
    auto hashed = hasher.images(images);
    if (!hashed)
        return fail(hashed.error());
    imageHashes = std::move(*hashed);
    for (const Suite &suite : table.suites) {
        const bool calibrates = std::any_of(suite.methods.begin(), suite.methods.end(),
                                            [](const SuiteMethod &method) { return !method.isFloat(); });
        auto chosen = calibrates ? suiteImages(request, suite, hasher, notes) : Result<SuiteImages>(SuiteImages());
        if (!chosen)
            return fail(chosen.error());
        calibration.push_back(std::move(*chosen));
    }
    std::string previous; // the float model is free of calibration, and one calibration serves all methods of a suite
    for (size_t i = 0; i < work.size(); ++i) {
        ResultCell &cell = table.cells[i];
        const SuiteModel &model = table.modelOf(cell);
        const SuiteImages &chosen = calibration[cell.suite];
        const bool quantized = !table.methodOf(cell).isFloat();
        cell.calibrationImages = quantized ? static_cast<int64_t>(chosen.set.items.size()) : 0;
        const std::string calibrated = fmt::format("{}|{}", cell.suite, cell.model);
        work[i].cost = cellCost(model, table.methodOf(cell), static_cast<int64_t>(images.items.size()), cell.calibrationImages,
                                quantized && calibrated != previous);
        if (quantized)
            previous = calibrated;
        const WeightsFile weights = findWeights(request.weightsFolder, model);
        if (weights.path.empty()) {
            cell.state = CellState::NoWeights;
            cell.reason = "weights not found (" + weights.expected + ")";
            continue;
        }
        auto sha256 = hasher.weights(weights.path);
        if (!sha256) {
            if (sha256.error().code == ErrorCode::Cancelled)
                return fail(sha256.error());
            cell.state = CellState::Failed;
            cell.reason = sha256.error().message();
            continue;
        }
        cell.modelSha256 = std::move(*sha256);
        cell.imagesSha256 = imageHashes.list;
        cell.calibrationSha256 = quantized ? chosen.hashes.list : std::string();
        cell.calibrationBatch = quantized ? chosen.batch : 0;
        const CellInputs inputs{table.suiteOf(cell), model, table.methodOf(cell), cell.modelSha256, cell.imagesSha256,
                                cell.calibrationSha256, cell.calibrationBatch, request.model.referenceArithmetic,
                                request.model.allowTf32};
        auto key = cellKey(inputs);
        if (!key) {
            cell.state = CellState::Failed;
            cell.reason = key.error().message();
            continue;
        }
        work[i].key = std::move(*key);
        work[i].weights = weights.path;
        cell.file = (fs::path(request.cellFolder) / cellFileName(inputs)).string();
        look(i);
    }
    return {};
}

/// The cells in order are cut into stretches of about equal cost: neighbours share a model and its calibration.
void ResultQueue::Private::shareOut()
{
    double total = 0;
    for (const Work &one : work)
        total += one.cost.total();
    double before = 0;
    for (Work &one : work) {
        const double middle = before + one.cost.total() / 2;
        const int part = total > 0 ? static_cast<int>(middle / total * request.parts) : 0;
        one.mine = std::min(part, request.parts - 1) == request.part - 1;
        before += one.cost.total();
    }
}

/// Takes the result that is in the folder, if it is the wanted one.
void ResultQueue::Private::look(size_t index)
{
    ResultCell &cell = table.cells[index];
    const StoredCell stored = readCell(cell.file, work[index].key);
    if (stored.run) {
        keep(index, *stored.run);
        return;
    }
    cell.state = stored.stale.empty() ? CellState::Missing : CellState::Stale;
    cell.reason = stored.stale;
}

void ResultQueue::Private::keep(size_t index, const RunRecord &run)
{
    fillCell(run, table.cells[index]);
    work[index].result = withoutLogits(run.quantized ? *run.result : *run.floatResult);
}

void ResultQueue::Private::pairAll()
{
    std::map<std::pair<size_t, size_t>, size_t> floats; // suite, model -> cell
    for (size_t i = 0; i < work.size(); ++i)
        if (table.methodOf(table.cells[i]).isFloat() && work[i].result)
            floats[{table.cells[i].suite, table.cells[i].model}] = i;
    for (size_t i = 0; i < work.size(); ++i) {
        ResultCell &cell = table.cells[i];
        const auto floating = floats.find({cell.suite, cell.model});
        if (work[i].result && floating != floats.end() && !table.methodOf(cell).isFloat())
            pairCell(*work[floating->second].result, *work[i].result, cell);
    }
}

Result<RunRequest> ResultQueue::Private::requestFor(const ResultCell &cell, const std::string &weights)
{
    const SuiteModel &model = table.modelOf(cell);
    const SuiteMethod &method = table.methodOf(cell);
    RunRequest run;
    run.model = request.model;
    run.model.weights = weights;
    run.model.model = model.model;
    run.model.heads = model.heads;
    run.data = request.data;
    run.batch = request.batch;
    run.quantize = !method.isFloat();
    run.evaluateFloat = method.isFloat();
    if (!session || !(session->request() == run.model)) {
        session.reset(); // its memory before the next model's
        auto opened = Session::open(run.model);
        if (!opened)
            return fail(opened.error());
        session = std::move(*opened);
    }
    Preprocessing preprocessing = session->model().info.preprocessing;
    if (model.resize > 0)
        preprocessing.resize = model.resize;
    if (run.quantize) {
        const Result<Recipe> recipe = findRecipe(method.recipe);
        if (!recipe)
            return fail(recipe.error());
        preprocessing = recipe->preprocessingFor(preprocessing);
        run.calibration = calibration[cell.suite].request;
        run.quantization = {.recipe = method.recipe, .ptf = method.ptf, .lis = method.lis,
                            .bits = BitWidths::parse(method.bits).value_or(recipe->bits), .planJson = method.planJson,
                            .search = method.search, .searchJson = method.searchJson};
    }
    run.data.preprocessing = preprocessing;
    return run;
}

namespace {

/// The run of a cell that was stopped, in a file beside the cell's own. Images are known by the hashes of their content.
class UnfinishedCell {
public:
    UnfinishedCell(const std::string &cell, const std::vector<std::string> &images, const std::vector<std::string> &calibration)
        : m_file(cell + ".unfinished"), m_images(images), m_calibration(calibration)
    {
    }
    [[nodiscard]] std::optional<RunRecord> read() const
    {
        auto run = readRunFile(m_file);
        const bool fits = run && run->images.sha256 == m_images
            && (run->calibration.images.items.empty() || run->calibration.images.sha256 == m_calibration);
        return fits ? std::optional(std::move(*run)) : std::nullopt;
    }
    /// What cannot be written is computed again: no reason to stop.
    void keep(RunRecord run) const
    {
        run.images.sha256 = m_images;
        if (!run.calibration.images.items.empty())
            run.calibration.images.sha256 = m_calibration;
        static_cast<void>(writeRunFile(run, m_file));
    }
    void remove() const
    {
        std::error_code none;
        fs::remove(m_file, none);
    }

private:
    std::string m_file;
    const std::vector<std::string> &m_images;
    const std::vector<std::string> &m_calibration;
};

} // namespace

Result<RunRecord> ResultQueue::Private::runCell(size_t index, const RunControl &control)
{
    const ResultCell &cell = table.cells[index];
    const auto wanted = requestFor(cell, work[index].weights);
    if (!wanted)
        return fail(wanted.error());
    const SuiteImages &chosen = calibration[cell.suite];
    const UnfinishedCell unfinished(cell.file, imageHashes.sha256, chosen.hashes.sha256);
    const auto before = unfinished.read();
    auto run = session->run(*wanted, control, {},
                            {before ? &*before : nullptr, [&](const RunRecord &part) { unfinished.keep(part); }});
    if (!run)
        return fail(run.error());
    if (!run->complete || control.isCancelled()) {
        run->complete = false;
        unfinished.keep(std::move(*run));
        return fail(ErrorCode::Cancelled, "stopped on request");
    }
    const auto same = [](const ImageListRecord &used, const ImageSet &planned) {
        return std::equal(used.items.begin(), used.items.end(), planned.items.begin(), planned.items.end(),
                          [](const ImageItem &a, const ImageItem &b) { return a.path == b.path && a.label == b.label; });
    };
    if (run->model.sha256 != cell.modelSha256 || !same(run->images, images)
        || (run->quantized && !same(run->calibration.images, chosen.set)))
        return fail(ErrorCode::BadInput, "weights or images changed while the queue ran", {}, "start it again");
    run->images.sha256 = imageHashes.sha256;
    if (run->quantized)
        run->calibration.images.sha256 = chosen.hashes.sha256;
    run->id = fs::path(cell.file).stem().string();
    storeCellKey(work[index].key, *run);
    if (!request.keepLogits)
        for (auto *result : {&run->floatResult, &run->result})
            if (*result)
                *result = withoutLogits(std::move(**result));
    removePartialFiles(cell.file);
    if (const auto written = writeRunFile(*run, cell.file); !written)
        return fail(written.error());
    unfinished.remove();
    return run;
}

Result<std::unique_ptr<ResultQueue>> ResultQueue::plan(TableRequest request, const RunControl &control)
{
    std::unique_ptr<ResultQueue> queue(new ResultQueue);
    queue->d->table.suites = request.suites;
    queue->d->request = std::move(request);
    queue->d->listCells();
    if (const auto found = queue->d->findInputs(control); !found)
        return fail(found.error());
    queue->d->shareOut();
    for (size_t i = 0; i < queue->d->work.size(); ++i)
        if (const ResultCell &cell = queue->d->table.cells[i]; cell.state == CellState::Done && cell.seconds > 0) {
            queue->d->knownCost += queue->d->work[i].cost.total();
            queue->d->knownSeconds += cell.seconds;
        }
    queue->d->pairAll();
    return queue;
}

Result<void> ResultQueue::run(const RunControl &control, const Watch &watch)
{
    std::error_code failure;
    fs::create_directories(d->request.cellFolder, failure);
    if (failure)
        return fail(ErrorCode::Io, "cannot be made: " + failure.message(), d->request.cellFolder,
                    "choose another folder with --out");
    std::vector<size_t> pending;
    double left = 0;
    for (size_t i = 0; i < d->work.size(); ++i)
        if (isPending(i)) {
            pending.push_back(i);
            left += d->work[i].cost.total();
        }
    // A model at a time, so that it is opened and calibrated once.
    std::map<std::string, size_t> first;
    for (const size_t i : pending)
        first.emplace(d->work[i].weights, i);
    std::stable_sort(pending.begin(), pending.end(), [&](size_t a, size_t b) {
        return first.at(d->work[a].weights) < first.at(d->work[b].weights);
    });

    const double all = std::max(left, 1.0);
    double worked = 0;
    const auto start = Clock::now();
    std::map<std::string, Error> unopened; // a broken checkpoint is not opened for every method
    QueueProgress progress;
    progress.count = pending.size();
    for (const size_t i : pending) {
        ResultCell &cell = d->table.cells[i];
        const CellCost &cost = d->work[i].cost;
        progress.cell = i;
        ++progress.number;
        progress.finished = false;
        const auto tell = [&](double partOfCell) {
            const double now = worked + partOfCell * cost.total();
            progress.share = 1 - (left - partOfCell * cost.total()) / all;
            const double rest = left - partOfCell * cost.total();
            progress.secondsLeft = now > 0       ? secondsSince(start) * rest / now
                                   : rateIsMeasured() ? secondsFor(rest)
                                                      : -1;
            if (watch)
                watch(progress);
        };
        d->look(i); // another machine may have been here
        if (cell.state != CellState::Done) {
            RunControl inner = control;
            inner.sink = [&](const Progress &phase) {
                progress.phase = phase;
                tell(cost.shareOf(phase));
            };
            const auto known = unopened.find(d->work[i].weights);
            auto run = known != unopened.end() ? Result<RunRecord>(fail(known->second)) : d->runCell(i, inner);
            if (run) {
                d->keep(i, *run);
            } else if (run.error().code == ErrorCode::Cancelled) {
                d->session.reset();
                d->pairAll();
                return fail(run.error());
            } else {
                cell.state = CellState::Failed;
                cell.reason = run.error().message();
                if (!d->session)
                    unopened.emplace(d->work[i].weights, run.error());
            }
            worked += cost.total();
        }
        left -= cost.total();
        progress.finished = true;
        tell(0);
    }
    d->session.reset();
    for (size_t i = 0; i < d->work.size(); ++i)
        if (!d->work[i].mine && !d->work[i].weights.empty() && d->table.cells[i].state != CellState::Done)
            d->look(i); // what the other parts have finished meanwhile
    d->pairAll();
    return {};
}

} // namespace quantoscope
