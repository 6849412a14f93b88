// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/session.h"

#include "core/pipeline/attention_maps.h"
#include "core/pipeline/error_analysis.h"
#include "core/pipeline/interval_calibration.h"
#include "core/pipeline/sequential_pass.h"
#include "core/pipeline/preflight.h"
#include "core/pipeline/request_json.h"
#include "core/pipeline/resume.h"
#include "core/pipeline/run_costs.h"
#include "core/quantization/recipe.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace quantoscope {

namespace {

constexpr double kSlowMatrixRate = 10.0; // GFLOP/s; reference BLAS gives about 2, an optimised one 20 a core and more
constexpr size_t kCropCacheBytes = size_t{1} << 30;
constexpr size_t kKeptFloatResults = 4;

std::string now()
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
}

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The random choice of `set` that a sensitivity request asks for.
Result<ImageSet> sensitivityImages(const RunRequest &request, const ImageSet &set)
{
    const int64_t wanted = request.sensitivity ? request.sensitivity->images : 0;
    if (wanted <= 0 || wanted >= static_cast<int64_t>(set.items.size()))
        return set;
    return randomSubset(set, wanted, request.calibration.seed);
}

std::string searchText(const IntervalSearch &search)
{
    return fmt::format("searched by {}{} in {} rounds of {} candidates from {} to {}", name(search.metric),
                       search.metric == SearchMetric::Hessian ? fmt::format(" ({} loss)", name(search.loss)) : "",
                       search.rounds, search.candidates, search.alpha, search.beta);
}

ImageListRecord listRecord(const ImageSet &set)
{
    return {set.root, set.items, {}};
}

} // namespace

class Session::Private {
public:
    ModelRequest request;
    ModelPtr model;
    std::unique_ptr<Executor> executor;
    std::shared_ptr<CropCache> cache = std::make_shared<CropCache>(kCropCacheBytes);
    double matrixRate = 0;
    std::vector<std::pair<std::string, EvaluationResult>> floatResults; ///< newest last
    std::string calibrationKey;
    std::optional<Calibration> calibration;

    Result<EvaluationResult> evaluateFloat(const ResolvedImages &data, const PassOptions &options, const RunControl &control,
                                           const EvaluationResult *done = nullptr, const PassSnapshot &snapshot = {});
    [[nodiscard]] const EvaluationResult *knownFloat(const ResolvedImages &data) const; ///< null: not evaluated yet
    Result<const Calibration *> calibrate(const ImageSet &set, const PassOptions &options, ObservationNeeds needs,
                                          const RunControl &control);
    /// Replaces min-max intervals by searched ones; those of the last search are kept.
    Result<void> search(const ImageSet &set, const PassOptions &options, const std::vector<TapSetting> &settings,
                        const IntervalSearch &wanted, std::vector<QuantizerParameters> &parameters,
                        const RunControl &control);
    void describe(RunRecord &record, const RunRequest &wanted, const ResolvedImages &data) const;

    /// What a quantized run is about, before anything was computed.
    struct Quantized {
        Recipe recipe;
        ResolvedImages data;
        std::vector<TapSetting> settings;
    };
    [[nodiscard]] Result<Quantized> resolveQuantized(const RunRequest &wanted) const;
    Result<SensitivityTable> measure(const RunRequest &wanted, const Quantized &what, const ImageSet &images,
                                     const SensitivityOptions &options, const ImageSet &calibrationImages,
                                     const RunControl &control);
    /// Attention maps and sensitivity, as far as they are wanted. `mode` is the calibrated one.
    Result<void> measureExtras(RunRecord &record, const RunRequest &wanted, const Quantized &what,
                               const ImageSet &calibrationImages, ExecutionMode &mode, const RunControl &control);

    struct Searched {
        std::string images; ///< fingerprint
        std::vector<TapSetting> settings;
        IntervalSearch search;
        std::vector<QuantizerParameters> parameters;
    };
    std::optional<Searched> searched;
    std::optional<EvaluationCache> evaluations;
};

Session::Session() : d(std::make_unique<Private>()) {}
Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::open(const ModelRequest &request)
{
    std::unique_ptr<Session> session(new Session);
    Result<ModelPtr> model = openModel(request);
    if (!model)
        return fail(model.error());
    auto executor = Executor::create(*model, {request.device, request.threads, !request.referenceArithmetic});
    if (!executor)
        return fail(executor.error());
    session->d->request = request;
    session->d->model = *model;
    session->d->executor = std::move(*executor);
    session->d->matrixRate = session->d->executor->measureMatrixRate();
    return session;
}

void Session::keepEvaluation(int64_t bytesLimit)
{
    d->evaluations.emplace(bytesLimit);
}

const Model &Session::model() const
{
    return *d->model;
}

const ModelRequest &Session::request() const
{
    return d->request;
}

std::vector<std::string> Session::warnings() const
{
    std::vector<std::string> sentences = d->model->info.assumptions;
    if (d->matrixRate < kSlowMatrixRate)
        sentences.push_back(fmt::format("matrix products run at {:.1f} GFLOP/s only: LibTorch found a reference BLAS; "
                                        "install libopenblas0-pthread",
                                        d->matrixRate));
    return sentences;
}

Result<EvaluationResult> Session::Private::evaluateFloat(const ResolvedImages &data, const PassOptions &options,
                                                         const RunControl &control, const EvaluationResult *done,
                                                         const PassSnapshot &snapshot)
{
    if (const EvaluationResult *known = knownFloat(data))
        return *known;
    ExecutionMode mode = ExecutionMode::floatMode(model->graph);
    auto result = evaluatePass(*executor, *model, data.set, mode, options, control, "float", nullptr, done, snapshot);
    if (result && result->complete) {
        if (floatResults.size() == kKeptFloatResults)
            floatResults.erase(floatResults.begin());
        floatResults.emplace_back(fingerprint(data.set, data.preprocessing, 0), *result);
    }
    return result;
}

const EvaluationResult *Session::Private::knownFloat(const ResolvedImages &data) const
{
    const std::string key = fingerprint(data.set, data.preprocessing, 0);
    const auto found = std::find_if(floatResults.begin(), floatResults.end(),
                                    [&](const auto &known) { return known.first == key; });
    return found == floatResults.end() ? nullptr : &found->second;
}

Result<const Calibration *> Session::Private::calibrate(const ImageSet &set, const PassOptions &options,
                                                        ObservationNeeds needs, const RunControl &control)
{
    const std::string key = fingerprint(set, options.preprocessing, options.batch);
    if (calibration && calibrationKey == key && calibration->complete()) {
        if (calibration->needs().covers(needs))
            return &*calibration;
        needs.merge(calibration->needs()); // so that switching back does not calibrate a third time
    }
    auto collected = Calibration::collect(*executor, *model, set, options, std::move(needs), control);
    if (!collected)
        return fail(collected.error());
    calibration.emplace(std::move(*collected));
    calibrationKey = key;
    return &*calibration;
}

Result<void> Session::Private::search(const ImageSet &set, const PassOptions &options,
                                      const std::vector<TapSetting> &settings, const IntervalSearch &wanted,
                                      std::vector<QuantizerParameters> &parameters, const RunControl &control)
{
    const std::string key = fingerprint(set, options.preprocessing, options.batch);
    if (searched && searched->images == key && searched->settings == settings && searched->search == wanted) {
        parameters = searched->parameters;
        return {};
    }
    ExecutionMode start = ExecutionMode::quantizedMode(model->graph, settings);
    start.parameters = parameters;
    const auto found
        = searchModelIntervals(*executor, *model, set, options, start, wanted, parameters, control);
    if (!found)
        return fail(found.error());
    searched = Searched{key, settings, wanted, parameters};
    return {};
}

void Session::Private::describe(RunRecord &record, const RunRequest &wanted, const ResolvedImages &data) const
{
    record.created = now();
    record.model = model->info;
    record.model.preprocessing = data.preprocessing;
    record.request = wanted.quantization;
    record.quantized = wanted.quantize;
    record.images = listRecord(data.set);
    record.split = wanted.data.list.empty() ? wanted.data.split : std::string();
    record.classNames = data.set.classNames;
    record.environment = {
        {"quantoscope", QUANTOSCOPE_VERSION},
        {"torch", Executor::libraryVersion()},
        {"device", executor->deviceText()},
        {"matrix_gflops", fmt::format("{:.1f}", matrixRate)},
        {"evaluation_batch", std::to_string(wanted.batch)},
        {"reference_arithmetic", request.referenceArithmetic ? "yes" : "no"},
        {"request", requestToJson(wanted, false)},
    };
}

namespace {

/// A comparison needs two sides and looks at accuracy.
Result<void> checkUntilDecided(const RunRequest &request)
{
    if (!request.untilDecided)
        return {};
    const UntilDecided &rule = *request.untilDecided;
    if (!(rule.alpha > 0 && rule.alpha < 1) || !(rule.margin > 0))
        return fail(ErrorCode::Usage, "the risk must lie between 0 and 1, and the margin above 0", "--until-decided");
    if (!request.quantize && rule.baseline.empty())
        return fail(ErrorCode::Usage, "there is nothing to compare the float model with", "--until-decided",
                    "add a recipe, or a run file with --baseline");
    if (request.quantize && !request.evaluate)
        return fail(ErrorCode::Usage, "only an evaluation can stop when it is decided", "--until-decided");
    if (request.quantize && request.evaluateFloat && !rule.baseline.empty())
        return fail(ErrorCode::Usage, "one reference is enough: the baseline, or the float model", "--until-decided",
                    "leave --with-float or --baseline away");
    return {};
}

} // namespace

Result<RunRecord> Session::run(const RunRequest &request, const RunControl &control, const Update &update,
                               const RunContinuation &continuation)
{
    const auto announce = [&](const RunRecord &record) {
        if (update)
            update(record);
    };
    if (const auto possible = checkUntilDecided(request); !possible)
        return fail(possible.error());
    if (!request.quantize && (request.sensitivity || !request.attention.empty()))
        return fail(ErrorCode::Usage, "sensitivity and attention maps compare with a quantized model", "--recipe",
                    "for example --recipe minmax");
    // Everything that can be refused is refused before the first image is decoded.
    std::optional<Recipe> recipe;
    if (request.quantize) {
        auto found = findRecipe(request.quantization.recipe);
        if (!found)
            return fail(found.error());
        recipe = std::move(*found);
    }
    DataRequest wantedData = request.data;
    if (recipe && !wantedData.preprocessing)
        wantedData.preprocessing = recipe->preprocessingFor(d->model->info.preprocessing);
    Result<ResolvedImages> data = resolveData(wantedData, d->model->info);
    if (!data)
        return fail(data.error());
    SequentialPlan plan;
    if (request.untilDecided) {
        auto planned = planSequentialPass(std::move(data->set), *request.untilDecided, d->model->info);
        if (!planned)
            return fail(planned.error());
        plan = std::move(*planned);
        data->set = plan.set;
    }
    const Graph &graph = d->model->graph;
    std::vector<TapSetting> settings(graph.taps.size());
    std::optional<ImageSet> calibrationImages;
    std::optional<IntervalSearch> search;
    if (request.quantize) {
        auto wanted = resolveSearch(*recipe, request.quantization);
        if (!wanted)
            return fail(wanted.error());
        search = std::move(*wanted);
        auto resolved = resolveSettings(graph, request.quantization, d->model->info.inputQuantized);
        if (!resolved)
            return fail(resolved.error());
        settings = std::move(*resolved);
        auto images = resolveCalibration(request);
        if (!images)
            return fail(images.error());
        calibrationImages = std::move(*images);
    }

    RunRecord record;
    d->describe(record, request, *data);
    addCosts(record, graph, d->model->info.inputQuantized, settings);
    PassOptions options{data->preprocessing, request.batch, d->cache};
    const RunRecord *partial = request.untilDecided ? nullptr : continuation.partial;
    std::string kept;
    if (partial) {
        if (const std::string defect = resumeDefect(*partial, record); !defect.empty()) {
            record.environment["resumed"] = "no: " + defect + "; everything was repeated";
            partial = nullptr;
        }
    }
    const auto takeOver = [&](const std::string &part) {
        kept += (kept.empty() ? "" : ", ") + part;
        record.environment["resumed"] = "yes: " + kept;
    };
    const auto firstPart = [&](std::optional<EvaluationResult> RunRecord::*result, const char *what) {
        const EvaluationResult *part = partial ? resumable(partial->*result, data->set.items.size()) : nullptr;
        if (part)
            takeOver(fmt::format("{} images {}", part->images.size() + part->failures.size(), what));
        return part;
    };
    const auto snapshotInto = [&](std::optional<EvaluationResult> RunRecord::*result) -> PassSnapshot {
        if (!continuation.snapshot)
            return {};
        return [&, result](const EvaluationResult &part) {
            RunRecord unfinished = record;
            unfinished.complete = false;
            unfinished.*result = part;
            continuation.snapshot(unfinished);
        };
    };
    const auto stopped = [&]() -> Result<RunRecord> {
        record.complete = false;
        if (!record.floatResult && record.taps.empty())
            return fail(ErrorCode::Cancelled, "stopped on request");
        return record;
    };

    const bool besideFloat = request.untilDecided && request.quantize;
    if (request.untilDecided && !request.quantize) {
        ExecutionMode mode = ExecutionMode::floatMode(graph);
        auto outcome = evaluateUntilDecided(*d->executor, d->model->info, plan, *request.untilDecided, mode, mode, options,
                                            control);
        if (!outcome)
            return fail(outcome.error());
        record.timings["float"] = outcome->own.seconds;
        record.sequential = outcome->record;
        if (!outcome->own.images.empty())
            record.floatResult = std::move(outcome->own);
        announce(record);
        if (control.isCancelled())
            return stopped();
    } else if (request.evaluateFloat && !besideFloat) {
        auto result = d->evaluateFloat(*data, options, control, firstPart(&RunRecord::floatResult, "in float"),
                                       snapshotInto(&RunRecord::floatResult));
        if (!result)
            return fail(result.error());
        record.timings["float"] = result->seconds;
        if (!result->images.empty())
            record.floatResult = std::move(*result);
        announce(record);
        if (control.isCancelled())
            return stopped();
    }
    if (!request.quantize)
        return record;

    record.recipeJson = recipe->json;
    if (recipe->search)
        record.environment["intervals"] = search ? searchText(*search) : "not searched";
    record.calibration.images = listRecord(*calibrationImages);
    record.calibration.batch = request.calibration.batch;
    record.calibration.seed = request.calibration.seed;
    record.calibration.explicitList = !request.calibration.list.empty();
    PassOptions calibrating = options;
    calibrating.batch = request.calibration.batch;
    CalibratedTaps taps;
    taps.parameters.resize(graph.taps.size());
    const bool calibrated = partial && hasCalibration(*partial, record.calibration, settings, search.has_value());
    if (calibrated) {
        takeOver("the calibration");
        record.calibration = partial->calibration;
        record.timings = partial->timings;
        for (size_t t = 0; t < graph.taps.size(); ++t) {
            taps.parameters[t] = partial->taps[t].parameters;
            taps.statistics.push_back(partial->taps[t].statistics);
        }
    } else {
        const auto calibration = d->calibrate(*calibrationImages, calibrating, observationNeeds(graph, settings), control);
        if (!calibration)
            return fail(calibration.error());
        record.calibration.seconds = (*calibration)->seconds();
        record.calibration.failures = (*calibration)->failures();
        record.calibration.complete = (*calibration)->complete();
        record.timings["calibrate"] = record.calibration.seconds;

        if (record.calibration.complete && !control.isCancelled()) {
            const auto start = std::chrono::steady_clock::now();
            auto derived = (*calibration)->derive(*d->executor, *d->model, settings, control.cancel);
            if (!derived && derived.error().code != ErrorCode::Cancelled)
                return fail(derived.error());
            if (derived)
                taps = std::move(*derived);
            record.timings["derive"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            if (derived && search) {
                const auto searching = std::chrono::steady_clock::now();
                const auto searched = d->search(*calibrationImages, calibrating, settings, *search, taps.parameters, control);
                if (!searched)
                    return searched.error().code == ErrorCode::Cancelled ? stopped() : Result<RunRecord>(fail(searched.error()));
                record.timings["search"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - searching).count();
            }
        }
        if (taps.statistics.empty())
            taps.statistics = (*calibration)->statistics();
    }
    for (size_t t = 0; t < graph.taps.size(); ++t)
        record.taps.push_back({graph.taps[t], name(graph.nodes[static_cast<size_t>(graph.taps[t].node)].op),
                               settings[t], taps.parameters[t], std::move(taps.statistics[t]), {}});
    announce(record);
    if (control.isCancelled())
        return stopped();

    ExecutionMode mode = ExecutionMode::quantizedMode(graph, settings);
    mode.parameters = std::move(taps.parameters);
    const bool analysed = calibrated && request.analyze && !partial->taps.empty()
        && partial->analysisImages
            == static_cast<int>(std::min<size_t>(data->set.items.size(), static_cast<size_t>(request.analysisImages)));
    if (analysed) {
        takeOver("the errors");
        for (size_t t = 0; t < record.taps.size(); ++t)
            record.taps[t].error = partial->taps[t].error;
        record.analysisImages = partial->analysisImages;
        record.analysed = partial->analysed;
        announce(record);
    } else if (request.analyze) {
        const auto start = std::chrono::steady_clock::now();
        const ImageSet some = limit(data->set, request.analysisImages);
        auto errors = analyzeErrors(*d->executor, *d->model, some, mode, options, control);
        if (!errors)
            return errors.error().code == ErrorCode::Cancelled ? stopped() : Result<RunRecord>(fail(errors.error()));
        for (size_t t = 0; t < errors->taps.size(); ++t)
            record.taps[t].error = std::move(errors->taps[t]);
        record.analysed = std::move(errors->images);
        record.analysisImages = static_cast<int>(some.items.size());
        record.timings["analyze"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        announce(record);
    }
    if (besideFloat) {
        ExecutionMode floating = ExecutionMode::floatMode(graph);
        auto outcome = evaluateUntilDecided(*d->executor, d->model->info, plan, *request.untilDecided, floating, mode,
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
        auto result = evaluatePass(*d->executor, *d->model, data->set, mode, options, control, "evaluate",
                                   d->evaluations ? &*d->evaluations : nullptr,
                                   calibrated ? firstPart(&RunRecord::result, "quantized") : nullptr,
                                   snapshotInto(&RunRecord::result));
        if (!result)
            return fail(result.error());
        record.timings["evaluate"] = result->seconds;
        record.complete = result->complete;
        if (d->evaluations && !d->evaluations->startedAt().empty())
            record.environment["evaluation_started_at"] = d->evaluations->startedAt(); // before it nothing had changed
        if (!result->images.empty())
            record.result = std::move(*result);
    }
    if (record.complete && (request.sensitivity || !request.attention.empty())) {
        if (request.evaluate)
            announce(record);
        const auto measured = d->measureExtras(record, request, {*recipe, *data, settings}, *calibrationImages, mode, control);
        if (!measured)
            return measured.error().code == ErrorCode::Cancelled ? stopped() : Result<RunRecord>(fail(measured.error()));
    }
    return record;
}

Result<PreflightReport> Session::preflight(const RunRequest &request, const RunControl &control)
{
    const Result<ResolvedImages> chosen = resolveData(request.data, d->model->info);
    if (!chosen)
        return fail(chosen.error());
    ResolvedImages looked = *chosen;
    if (static_cast<int64_t>(chosen->set.items.size()) > kMostPreflightImages && !d->knownFloat(*chosen)) {
        auto some = randomSubset(chosen->set, kMostPreflightImages, 0);
        if (!some)
            return fail(some.error());
        looked.set = std::move(*some);
    }
    const PassOptions options{looked.preprocessing, request.batch, d->cache};
    const auto evaluate = [&](const RunControl &by) { return d->evaluateFloat(looked, options, by); };
    return runPreflight({*d->executor, *d->model, request, chosen->set, looked.set, options, evaluate}, control);
}

Result<Session::Private::Quantized> Session::Private::resolveQuantized(const RunRequest &wanted) const
{
    if (!wanted.quantize)
        return fail(ErrorCode::Usage, "only a quantized model can be measured so", "--recipe",
                    "for example --recipe minmax");
    auto recipe = findRecipe(wanted.quantization.recipe);
    if (!recipe)
        return fail(recipe.error());
    DataRequest images = wanted.data;
    if (!images.preprocessing)
        images.preprocessing = recipe->preprocessingFor(model->info.preprocessing);
    auto data = resolveData(images, model->info);
    if (!data)
        return fail(data.error());
    auto settings = resolveSettings(model->graph, wanted.quantization, model->info.inputQuantized);
    if (!settings)
        return fail(settings.error());
    return Quantized{std::move(*recipe), std::move(*data), std::move(*settings)};
}

Result<SensitivityTable> Session::Private::measure(const RunRequest &wanted, const Quantized &what,
                                                   const ImageSet &images, const SensitivityOptions &options,
                                                   const ImageSet &calibrationImages, const RunControl &control)
{
    const PassOptions pass{what.data.preprocessing, wanted.batch, cache};
    PassOptions calibrating = pass;
    calibrating.batch = wanted.calibration.batch;
    const auto known = calibrate(calibrationImages, calibrating, observationNeeds(model->graph, what.settings), control);
    if (!known)
        return fail(known.error());
    if (control.isCancelled())
        return fail(ErrorCode::Cancelled, "stopped on request");
    const DeriveParameters derive = [&](const std::vector<TapSetting> &settings) -> Result<std::vector<QuantizerParameters>> {
        auto taps = (*known)->derive(*executor, *model, settings, control.cancel);
        if (!taps)
            return fail(taps.error());
        if (what.recipe.search && wanted.quantization.search)
            if (const auto found = search(calibrationImages, calibrating, settings, *what.recipe.search, taps->parameters,
                                          control);
                !found)
                return fail(found.error());
        return std::move(taps->parameters);
    };
    auto table = measureSensitivity(*executor, *model, images, what.settings, derive, options, pass, control);
    if (table)
        table->recipe = wanted.quantization.text();
    return table;
}

Result<PrecisionSearchResult> Session::searchPlans(const PlanSearchRequest &request, const RunControl &control,
                                                   const AnnouncePlanSearch &announce, const UpdatePlanSearch &update)
{
    QuantizationRequest quantization = request.run.quantization;
    quantization.planJson.clear();
    const auto recipe = findRecipe(quantization.recipe);
    if (!recipe)
        return fail(recipe.error());
    const Graph &graph = d->model->graph;
    const auto settings = resolveSettings(graph, quantization, d->model->info.inputQuantized);
    if (!settings)
        return fail(settings.error());
    ResolvedImages data;
    data.preprocessing = request.run.data.preprocessing.value_or(recipe->preprocessingFor(d->model->info.preprocessing));
    if (request.evaluatePoints > 0) {
        DataRequest wanted = request.run.data;
        wanted.preprocessing = data.preprocessing;
        auto resolved = resolveData(wanted, d->model->info);
        if (!resolved)
            return fail(resolved.error());
        data = std::move(*resolved);
    }
    const auto images = resolveCalibration(request.run);
    if (!images)
        return fail(images.error());
    const ImageSet some = limit(*images, request.images);
    const auto intervals = resolveSearch(*recipe, quantization);
    if (!intervals)
        return fail(intervals.error());
    const bool searches = intervals->has_value();
    auto cost = checkPlanSearch(*d->model, request, *settings, static_cast<int64_t>(data.set.items.size()), searches);
    if (!cost)
        return fail(cost.error());
    cost->images = static_cast<int64_t>(some.items.size());
    if (announce && !announce(*cost))
        return fail(ErrorCode::Cancelled, "stopped on request");

    const PassOptions pass{data.preprocessing, request.run.batch, d->cache};
    PassOptions calibrating = pass;
    calibrating.batch = request.run.calibration.batch;
    const auto calibration = d->calibrate(*images, calibrating, observationNeeds(graph, *settings), control);
    if (!calibration)
        return fail(calibration.error());
    if (control.isCancelled())
        return fail(ErrorCode::Cancelled, "stopped on request");
    const DeriveParameters derive = [&](const std::vector<TapSetting> &wanted) -> Result<std::vector<QuantizerParameters>> {
        auto taps = (*calibration)->derive(*d->executor, *d->model, wanted, control.cancel);
        if (!taps)
            return fail(taps.error());
        if (searches)
            if (const auto searched = d->search(*images, calibrating, wanted, **intervals, taps->parameters, control);
                !searched)
                return fail(searched.error());
        return std::move(taps->parameters);
    };
    const auto evaluate = [&](const std::optional<std::string> &planJson) -> Result<EvaluationResult> {
        if (!planJson)
            return d->evaluateFloat(data, pass, control);
        QuantizationRequest planned = quantization;
        planned.planJson = *planJson;
        const auto own = resolveSettings(graph, planned, d->model->info.inputQuantized);
        if (!own)
            return fail(own.error());
        auto parameters = derive(*own);
        if (!parameters)
            return fail(parameters.error());
        ExecutionMode mode = ExecutionMode::quantizedMode(graph, *own);
        mode.parameters = std::move(*parameters);
        return evaluatePass(*d->executor, *d->model, data.set, mode, pass, control, "evaluate");
    };
    return quantoscope::searchPlans({*d->executor, *d->model, request, *settings, some, pass, derive, evaluate}, control,
                                    update);
}

Result<void> Session::Private::measureExtras(RunRecord &record, const RunRequest &wanted, const Quantized &what,
                                             const ImageSet &calibrationImages, ExecutionMode &mode,
                                             const RunControl &control)
{
    if (!wanted.attention.empty()) {
        const auto start = std::chrono::steady_clock::now();
        for (const std::string &image : wanted.attention) {
            auto maps = attentionMaps(*executor, *model, image, mode, {what.data.preprocessing, 1, nullptr}, control);
            if (!maps)
                return fail(maps.error());
            record.attention.push_back(std::move(*maps));
        }
        record.timings["attention"] = secondsSince(start);
    }
    if (wanted.sensitivity) {
        const auto start = std::chrono::steady_clock::now();
        const auto images = sensitivityImages(wanted, what.data.set);
        if (!images)
            return fail(images.error());
        auto table = measure(wanted, what, *images, wanted.sensitivity->options, calibrationImages, control);
        if (!table)
            return fail(table.error());
        record.complete = record.complete && table->complete;
        record.sensitivity.push_back(std::move(*table));
        record.timings["sensitivity"] = secondsSince(start);
    }
    return {};
}

Result<SensitivityCost> Session::sensitivityCost(const RunRequest &request, const RunControl &control)
{
    const SensitivityRequest wanted = request.sensitivity.value_or(SensitivityRequest());
    const auto what = d->resolveQuantized(request);
    if (!what)
        return fail(what.error());
    const auto images = sensitivityImages(request, what->data.set);
    if (!images)
        return fail(images.error());
    const Graph &graph = d->model->graph;
    const auto plan = planSensitivity(graph, what->settings, wanted.options);
    const SensitivityPasses passes = sensitivityPasses(graph, plan);
    const auto &kinds = wanted.options.kinds;
    const bool allBut = std::find(kinds.begin(), kinds.end(), SensitivityKind::AllButThis) != kinds.end();
    const auto seconds = timePasses(*d->executor, *d->model, what->settings, allBut, control.cancel);
    if (!seconds)
        return fail(seconds.error());
    SensitivityCost cost;
    cost.measurements = plan.size();
    cost.images = static_cast<int64_t>(images->items.size());
    cost.passes = passes.all();
    cost.seconds = static_cast<double>(cost.images)
        * (passes.floating * seconds->floating + passes.quantized * seconds->quantized);
    return cost;
}

Result<SensitivityTable> Session::sensitivity(const RunRequest &request, const SensitivityOptions &options,
                                              const RunControl &control, const AnnounceCost &announce)
{
    const auto what = d->resolveQuantized(request);
    if (!what)
        return fail(what.error());
    const auto calibrationImages = resolveCalibration(request);
    if (!calibrationImages)
        return fail(calibrationImages.error());
    const Graph &graph = d->model->graph;
    const auto plan = planSensitivity(graph, what->settings, options);
    if (announce && !announce(plan.size(), quantoscope::sensitivityCost(graph, plan)))
        return fail(ErrorCode::Cancelled, "stopped on request");
    return d->measure(request, *what, what->data.set, options, *calibrationImages, control);
}

} // namespace quantoscope
