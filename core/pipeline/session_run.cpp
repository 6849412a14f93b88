// SPDX-License-Identifier: GPL-3.0-or-later
// Session::run: one step a phase, each of which fills in its part of the record.
#include "core/pipeline/error_analysis.h"
#include "core/pipeline/interval_calibration.h"
#include "core/pipeline/request_json.h"
#include "core/pipeline/resume.h"
#include "core/pipeline/run_costs.h"
#include "core/pipeline/sequential_pass.h"
#include "core/pipeline/session_private.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace quantoscope {

namespace {

std::string now()
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
}

std::string searchText(const IntervalSearch &search)
{
    return fmt::format("searched by {}{} in {} rounds of {} candidates from {} to {}{}", name(search.metric),
                       search.metric == SearchMetric::Hessian ? fmt::format(" ({} loss)", name(search.loss)) : "",
                       search.rounds, search.candidates, search.alpha, search.beta,
                       search.sequential ? ", sequentially" : "");
}

ImageListRecord listRecord(const ImageSet &set)
{
    return {set.root, set.items, {}};
}

} // namespace

/// A run while it runs. Steps tell whether the next one is to follow; false: stopped on request.
class Session::Private::Run {
public:
    Run(Private &session, const RunRequest &wanted, const RunControl &by, const Update &watch,
        const RunContinuation &before)
        : d(session), graph(session.model->graph), request(wanted), control(by), update(watch), continuation(before)
    {
    }

    Result<RunRecord> all()
    {
        if (const auto possible = resolve(); !possible)
            return fail(possible.error());
        describe();
        using Step = Result<bool> (Run::*)();
        static constexpr Step kSteps[] = {&Run::evaluateFloat, &Run::calibrate, &Run::analyze, &Run::evaluate, &Run::measure};
        for (const Step step : kSteps) {
            if (!request.quantize && step != kSteps[0])
                break;
            const auto goesOn = (this->*step)();
            if (!goesOn && goesOn.error().code != ErrorCode::Cancelled)
                return fail(goesOn.error());
            if (!goesOn || !*goesOn) {
                record.complete = false;
                break;
            }
        }
        if (record.complete)
            record.calibration.state.reset();
        if (!record.complete && !record.floatResult && record.taps.empty())
            return fail(ErrorCode::Cancelled, "stopped on request");
        return std::move(record);
    }

private:
    /// Everything that can be refused is refused before the first image is decoded.
    Result<void> resolve();
    void describe();
    Result<bool> evaluateFloat();
    Result<bool> calibrate();
    Result<void> collect();
    Result<bool> analyze();
    Result<bool> evaluate();
    Result<bool> measure();

    void announce() const
    {
        if (update)
            update(record);
    }
    void takeOver(const std::string &part)
    {
        note.keep(part);
        record.environment["resumed"] = note.text();
    }
    void refuse(const std::string &part, const std::string &why)
    {
        note.refuse(part, why);
        record.environment["resumed"] = note.text();
    }
    /// Of the calibration of the earlier attempt; empty: it can be used.
    [[nodiscard]] std::string defectOfCalibration() const
    {
        const std::string defect = calibrationDefect(*partial, record);
        return !defect.empty() || fitSettings(*partial, settings) ? defect : "the settings of the taps are others";
    }
    const EvaluationResult *firstPart(std::optional<EvaluationResult> RunRecord::*result, const char *what)
    {
        const EvaluationResult *part = partial ? resumable(partial->*result, data.set.items.size()) : nullptr;
        if (part)
            takeOver(fmt::format("{} images {}", part->images.size() + part->failures.size(), what));
        return part;
    }
    /// Hands over the record with a part of `field` in it, while that grows.
    template <typename Part>
    std::function<void(const Part &)> snapshotInto(void (*put)(RunRecord &, const Part &)) const
    {
        if (!continuation.snapshot)
            return {};
        return [this, put](const Part &part) {
            RunRecord unfinished = record;
            put(unfinished, part);
            handOver(std::move(unfinished));
        };
    }
    void handOver(RunRecord unfinished) const
    {
        unfinished.complete = false;
        continuation.snapshot(unfinished);
    }
    /// Hands the history of the calibration on inside a light record; nothing when nobody looks.
    [[nodiscard]] CalibrationWatcher watchCalibration() const;
    /// For calibrations of this run: they go on from record.calibration.state and keep theirs there.
    [[nodiscard]] CalibrationSteps calibrationSteps();
    /// For the search for intervals of this run, which keeps what it has found in record.environment.
    [[nodiscard]] IntervalContinuation intervalContinuation();
    /// Until it is decided, the quantized model runs image by image beside the float one.
    [[nodiscard]] bool besideFloat() const { return request.untilDecided && request.quantize; }

    Private &d;
    const Graph &graph;
    const RunRequest &request;
    const RunControl &control;
    const Update &update;
    const RunContinuation &continuation;

    std::optional<Recipe> recipe;
    ResolvedImages data;
    SequentialPlan plan;
    std::vector<TapSetting> settings;
    ImageSet calibrationImages;
    std::optional<IntervalSearch> search;
    PassOptions options;
    PassOptions calibrating;
    const RunRecord *partial = nullptr; ///< of an earlier attempt, if it fits
    ResumeNote note;
    bool calibrated = false;            ///< by the earlier attempt
    CalibratedTaps taps;
    ExecutionMode mode;
    RunRecord record;
};

Result<void> Session::Private::Run::resolve()
{
    if (const auto possible = checkUntilDecided(request); !possible)
        return fail(possible.error());
    if (!request.quantize && (request.sensitivity || !request.attention.empty()))
        return fail(ErrorCode::Usage, "sensitivity and attention maps compare with a quantized model", "--recipe",
                    "for example --recipe minmax");
    if (request.quantize) {
        auto quantized = d.resolveQuantized(request);
        if (!quantized)
            return fail(quantized.error());
        recipe = std::move(quantized->recipe);
        data = std::move(quantized->data);
        settings = std::move(quantized->settings);
        search = std::move(quantized->search);
        auto images = resolveCalibration(request);
        if (!images)
            return fail(images.error());
        calibrationImages = std::move(*images);
    } else {
        auto resolved = resolveData(request.data, d.model->info);
        if (!resolved)
            return fail(resolved.error());
        data = std::move(*resolved);
        settings.resize(graph.taps.size());
    }
    if (request.untilDecided) {
        auto planned = planSequentialPass(std::move(data.set), *request.untilDecided, d.model->info);
        if (!planned)
            return fail(planned.error());
        plan = std::move(*planned);
        data.set = plan.set;
    }
    options = {data.preprocessing, request.batch, d.cache};
    calibrating = {data.preprocessing, request.calibration.batch, d.cache};
    return {};
}

void Session::Private::Run::describe()
{
    record.created = now();
    record.model = d.model->info;
    record.model.preprocessing = data.preprocessing;
    record.request = request.quantization;
    record.quantized = request.quantize;
    record.images = listRecord(data.set);
    record.split = request.data.list.empty() ? request.data.split : std::string();
    record.classNames = data.set.classNames;
    record.environment = {
        {"quantoscope", QUANTOSCOPE_VERSION},
        {"torch", Executor::libraryVersion()},
        {"device", d.executor->deviceText()},
        {"matrix_gflops", fmt::format("{:.1f}", d.matrixRate)},
        {"evaluation_batch", std::to_string(request.batch)},
        {"reference_arithmetic", d.request.referenceArithmetic ? "yes" : "no"},
        {"allow_tf32", d.request.allowTf32 ? "yes" : "no"},
        {"request", requestToJson(request, false)},
    };
    addCosts(record, graph, d.model->info.inputQuantized, settings);
    if (recipe)
        record.recipeJson = recipe->json;
    if (request.untilDecided)
        return;
    if (continuation.partial || continuation.snapshot)
        storeListHashes(record, data.set, calibrationImages);
    if (!continuation.partial)
        return;
    if (const std::string defect = resumeDefect(*continuation.partial, record); defect.empty())
        partial = continuation.partial;
    else
        refuse("everything", defect);
}

Result<bool> Session::Private::Run::evaluateFloat()
{
    if (besideFloat())
        return true;
    if (request.untilDecided) {
        ExecutionMode floating = ExecutionMode::floatMode(graph);
        auto outcome = evaluateUntilDecided(*d.executor, d.model->info, plan, *request.untilDecided, floating, floating,
                                            options, control);
        if (!outcome)
            return fail(outcome.error());
        record.timings["float"] = outcome->own.seconds;
        record.sequential = outcome->record;
        if (!outcome->own.images.empty())
            record.floatResult = std::move(outcome->own);
    } else if (request.evaluateFloat) {
        auto result = d.evaluateFloat(data, options, control, firstPart(&RunRecord::floatResult, "in float"),
                                      snapshotInto<EvaluationResult>([](RunRecord &run, const EvaluationResult &part) {
                                          run.floatResult = part;
                                      }));
        if (!result)
            return fail(result.error());
        record.timings["float"] = result->seconds;
        if (!result->images.empty())
            record.floatResult = std::move(*result);
    } else {
        return true;
    }
    announce();
    return !control.isCancelled();
}

CalibrationWatcher Session::Private::Run::watchCalibration() const
{
    if (!continuation.calibrating)
        return {};
    auto live = std::make_shared<RunRecord>();
    live->created = record.created;
    live->model = record.model;
    live->request = record.request;
    live->quantized = true;
    live->complete = false;
    live->calibration = record.calibration;
    live->calibration.complete = false;
    for (size_t t = 0; t < graph.taps.size(); ++t)
        live->taps.push_back({graph.taps[t], name(graph.nodes[static_cast<size_t>(graph.taps[t].node)].op), settings[t], {}, {}, {}});
    return [this, live](const CalibrationHistory &history) {
        live->calibration.history = history;
        continuation.calibrating(*live);
    };
}

CalibrationSteps Session::Private::Run::calibrationSteps()
{
    CalibrationSteps steps;
    steps.begun = record.calibration.state;
    if (continuation.snapshot)
        steps.snapshot = [this](std::shared_ptr<const CalibrationState> state) {
            record.calibration.state = std::move(state);
            handOver(record);
        };
    return steps;
}

IntervalContinuation Session::Private::Run::intervalContinuation()
{
    IntervalContinuation steps;
    if (partial && partial->environment.contains(kIntervalProgress) && calibrationDefect(*partial, record).empty()) {
        steps.begun = partial->environment.at(kIntervalProgress);
        steps.resumed = [this](size_t products) { takeOver(fmt::format("the intervals of {} matrix products", products)); };
    }
    steps.snapshot = [this](const std::string &progress) {
        record.environment[kIntervalProgress] = progress;
        if (continuation.snapshot)
            handOver(record);
    };
    return steps;
}

Result<void> Session::Private::Run::collect()
{
    if (partial && partial->calibration.state) {
        const std::string defect = calibrationDefect(*partial, record);
        if (defect.empty())
            record.calibration.state = partial->calibration.state;
        else if (!hasCalibration(*partial, search.has_value())) // else it was refused as a whole
            refuse(calibrationPart(*partial->calibration.state), defect);
    }
    CalibrationSteps steps = calibrationSteps();
    steps.watcher = watchCalibration();
    steps.resumed = [&, part = steps.begun ? calibrationPart(*steps.begun) : std::string()](bool used) {
        used ? takeOver(part) : refuse(part, observersDefect(used));
    };
    record.calibration.complete = false;
    const auto calibration = d.calibrate(calibrationImages, calibrating, observationNeeds(graph, settings), control, steps);
    if (!calibration)
        return fail(calibration.error());
    // What comes behind the calibration and may be stopped needs it again.
    record.calibration.state = (*calibration)->complete() && !request.sensitivity && !search ? nullptr : (*calibration)->state();
    record.calibration.seconds = (*calibration)->seconds();
    record.calibration.failures = (*calibration)->failures();
    record.calibration.complete = (*calibration)->complete();
    record.timings["calibrate"] = record.calibration.seconds;
    if (record.calibration.complete && !control.isCancelled()) {
        const auto deriving = std::chrono::steady_clock::now();
        auto derived = (*calibration)->derive(*d.executor, *d.model, settings, control.cancel);
        if (!derived && derived.error().code != ErrorCode::Cancelled)
            return fail(derived.error());
        if (derived)
            taps = std::move(*derived);
        record.timings["derive"] = secondsSince(deriving);
        if (derived && search) {
            const auto searching = std::chrono::steady_clock::now();
            const auto searched = d.search(calibrationImages, calibrating, settings, *search, taps.parameters, control,
                                           intervalContinuation());
            if (!searched && searched.error().code != ErrorCode::Cancelled)
                return fail(searched.error());
            if (searched) {
                record.environment.erase(kIntervalProgress);
                record.timings["search"] = secondsSince(searching);
                if (!request.sensitivity)
                    record.calibration.state.reset();
            } else {
                taps.parameters.assign(graph.taps.size(), {}); // they are in the record's environment
            }
        }
    }
    if (taps.statistics.empty()) {
        taps.statistics = (*calibration)->statistics();
        taps.history = (*calibration)->history();
    }
    record.calibration.history = std::move(taps.history);
    record.calibration.stability = resampledStability(record.calibration.history, settings, request.calibration.resamples,
                                                      request.calibration.seed);
    return {};
}

Result<bool> Session::Private::Run::calibrate()
{
    if (recipe->search)
        record.environment["intervals"] = search ? searchText(*search) : "not searched";
    record.calibration.images = listRecord(calibrationImages);
    record.calibration.batch = request.calibration.batch;
    record.calibration.seed = request.calibration.seed;
    record.calibration.explicitList = !request.calibration.list.empty();
    taps.parameters.resize(graph.taps.size());
    if (partial && hasCalibration(*partial, search.has_value())) {
        const std::string defect = defectOfCalibration();
        calibrated = defect.empty();
        if (!calibrated)
            refuse("the calibration and what follows from it", defect);
    }
    if (calibrated) {
        takeOver("the calibration");
        record.calibration = partial->calibration;
        record.timings = partial->timings;
        for (size_t t = 0; t < graph.taps.size(); ++t) {
            taps.parameters[t] = partial->taps[t].parameters;
            taps.statistics.push_back(partial->taps[t].statistics);
        }
    } else if (const auto collected = collect(); !collected) {
        return fail(collected.error());
    }
    for (size_t t = 0; t < graph.taps.size(); ++t)
        record.taps.push_back({graph.taps[t], name(graph.nodes[static_cast<size_t>(graph.taps[t].node)].op),
                               settings[t], taps.parameters[t], std::move(taps.statistics[t]), {}});
    announce();
    mode = ExecutionMode::quantizedMode(graph, settings);
    mode.parameters = std::move(taps.parameters);
    return !control.isCancelled();
}

Result<bool> Session::Private::Run::analyze()
{
    if (!request.analyze)
        return true;
    const ImageSet some = limit(data.set, request.analysisImages);
    if (calibrated && partial->analysisImages == static_cast<int>(some.items.size())) {
        takeOver("the errors");
        for (size_t t = 0; t < record.taps.size(); ++t)
            record.taps[t].error = partial->taps[t].error;
        record.analysed = partial->analysed;
    } else {
        const auto start = std::chrono::steady_clock::now();
        auto errors = analyzeErrors(*d.executor, *d.model, some, mode, options, control);
        if (!errors)
            return fail(errors.error());
        for (size_t t = 0; t < errors->taps.size(); ++t)
            record.taps[t].error = std::move(errors->taps[t]);
        record.analysed = std::move(errors->images);
        record.timings["analyze"] = secondsSince(start);
    }
    record.analysisImages = static_cast<int>(some.items.size());
    announce();
    return true;
}

Result<bool> Session::Private::Run::evaluate()
{
    if (besideFloat()) {
        ExecutionMode floating = ExecutionMode::floatMode(graph);
        auto outcome = evaluateUntilDecided(*d.executor, d.model->info, plan, *request.untilDecided, floating, mode,
                                            options, control);
        if (!outcome)
            return fail(outcome.error());
        record.timings["evaluate"] = outcome->own.seconds;
        record.complete = outcome->own.complete;
        record.sequential = outcome->record;
        if (!outcome->own.images.empty()) {
            record.result = std::move(outcome->own);
            record.floatResult = std::move(outcome->reference);
        }
    } else if (request.evaluate) {
        auto result = evaluatePass(*d.executor, *d.model, data.set, mode, options, control, "evaluate",
                                   d.evaluations ? &*d.evaluations : nullptr,
                                   calibrated ? firstPart(&RunRecord::result, "quantized") : nullptr,
                                   snapshotInto<EvaluationResult>([](RunRecord &run, const EvaluationResult &part) {
                                       run.result = part;
                                   }));
        if (!result)
            return fail(result.error());
        record.timings["evaluate"] = result->seconds;
        record.complete = result->complete;
        if (d.evaluations && !d.evaluations->startedAt().empty())
            record.environment["evaluation_started_at"] = d.evaluations->startedAt(); // before it nothing had changed
        if (!result->images.empty())
            record.result = std::move(*result);
    }
    return record.complete;
}

Result<bool> Session::Private::Run::measure()
{
    if (!request.sensitivity && request.attention.empty())
        return true;
    if (request.evaluate)
        announce();
    if (calibrated && !partial->attention.empty()
        && std::equal(partial->attention.begin(), partial->attention.end(), request.attention.begin(),
                      request.attention.end(),
                      [](const AttentionRecord &map, const std::string &image) { return map.image == image; })) {
        takeOver("the attention maps");
        record.attention = partial->attention;
    } else if (const auto maps = d.mapAttention(record, request, data.preprocessing, mode, control); !maps) {
        return fail(maps.error());
    }
    if (!request.sensitivity)
        return true;
    const auto start = std::chrono::steady_clock::now();
    const auto images = d.sensitivityImages(request, data.set);
    if (!images)
        return fail(images.error());
    SensitivityContinuation before;
    before.snapshot = snapshotInto<SensitivityTable>(
        [](RunRecord &run, const SensitivityTable &part) { run.sensitivity = {part}; });
    for (const SensitivityTable &table : calibrated ? partial->sensitivity : std::vector<SensitivityTable>())
        if (table.level == request.sensitivity->options.level && table.imagesDone > 0)
            before.done = table;
    const bool begun = before.done.has_value();
    if (begun && images->items.size() < data.set.items.size() && partial->calibration.seed != record.calibration.seed)
        before.done.reset(); // another random choice of the images
    const Quantized what{*recipe, data, settings, search};
    auto table = d.measure(request, what, *images, request.sensitivity->options,
                           calibrationImages, control, before, calibrationSteps());
    if (!table)
        return fail(table.error());
    if (before.done)
        takeOver(fmt::format("the sensitivity on {} images", before.done->imagesDone));
    else if (begun)
        refuse("the sensitivity", "the measurements or their images are others");
    record.complete = table->complete;
    record.sensitivity.push_back(std::move(*table));
    record.timings["sensitivity"] = secondsSince(start);
    return record.complete;
}

Result<RunRecord> Session::run(const RunRequest &request, const RunControl &control, const Update &update,
                               const RunContinuation &continuation)
{
    return Private::Run(*d, request, control, update, continuation).all();
}

} // namespace quantoscope
