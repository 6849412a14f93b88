// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/session.h"

#include "core/imaging/class_table.h"
#include "core/imaging/image_source.h"
#include "core/io/file_hash.h"
#include "core/pipeline/error_analysis.h"
#include "core/pipeline/interval_calibration.h"
#include "core/pipeline/sequential_pass.h"
#include "core/pipeline/preflight.h"
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

Result<void> checkClassCount(size_t count, const std::string &file, const ModelInfo &model)
{
    if (count == static_cast<size_t>(model.classes))
        return {};
    return fail(ErrorCode::BadInput,
                fmt::format("the list has {} classes, the model has {}", count, model.classes), file,
                "give the class list of this model, with one class a line in the order of the model's outputs");
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

    Result<EvaluationResult> evaluateFloat(const ResolvedImages &data, const PassOptions &options,
                                           const RunControl &control);
    [[nodiscard]] const EvaluationResult *knownFloat(const ResolvedImages &data) const; ///< null: not evaluated yet
    Result<const Calibration *> calibrate(const ImageSet &set, const PassOptions &options, ObservationNeeds needs,
                                          const RunControl &control);
    /// Replaces min-max intervals by searched ones; those of the last search are kept.
    Result<void> search(const ImageSet &set, const PassOptions &options, const std::vector<TapSetting> &settings,
                        const IntervalSearch &wanted, std::vector<QuantizerParameters> &parameters,
                        const RunControl &control);
    void describe(RunRecord &record, const RunRequest &wanted, const ResolvedImages &data) const;

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

Result<ImageSet> openDataImages(const DataRequest &request)
{
    if (request.folder.empty() && request.list.empty())
        return fail(ErrorCode::Usage, "no images named", "--data", "give the ImageNet folder, or a list with --list");
    return request.list.empty() ? openImages({request.folder, request.split, request.classes})
                                : openImageList(request.list, request.folder, request.classes);
}

Result<ResolvedImages> resolveData(const DataRequest &request, const ModelInfo &model)
{
    if (!request.classes.empty()) { // before its names are missed among the folders
        const auto classes = ClassTable::read(request.classes);
        if (!classes)
            return fail(classes.error());
        if (const auto fits = checkClassCount(classes->names().size(), request.classes, model); !fits)
            return fail(fits.error());
    }
    Result<ImageSet> set = openDataImages(request);
    if (!set)
        return fail(set.error());
    if (!set->classFile.empty())
        if (const auto fits = checkClassCount(set->classNames.size(), set->classFile, model); !fits)
            return fail(fits.error());
    for (const ImageItem &item : set->items)
        if (item.label >= model.classes)
            return fail(ErrorCode::BadInput,
                        fmt::format("label {} of {} is beyond the model's {} classes", item.label, item.path,
                                    model.classes),
                        request.list.empty() ? request.folder : request.list,
                        "these images and this model do not belong together");
    ResolvedImages resolved;
    resolved.set = limit(std::move(*set), request.limit);
    resolved.preprocessing = request.preprocessing.value_or(model.preprocessing);
    if (resolved.preprocessing.crop != model.imageSize)
        return fail(ErrorCode::BadInput,
                    fmt::format("the crop of {} does not fit the model's {} x {} input", resolved.preprocessing.crop,
                                model.imageSize, model.imageSize),
                    "preprocessing");
    return resolved;
}

Result<ImageSet> resolveCalibration(const RunRequest &request)
{
    const CalibrationRequest &wanted = request.calibration;
    const std::string &folder = wanted.folder.empty() ? request.data.folder : wanted.folder;
    if (!wanted.list.empty())
        return openImageList(wanted.list, folder, request.data.classes);
    Result<ImageSet> set = openImages({folder, "train", request.data.classes, false});
    if (!set)
        return fail(set.error());
    return randomSubset(*set, wanted.count, wanted.seed);
}

Result<EvaluationResult> Session::Private::evaluateFloat(const ResolvedImages &data, const PassOptions &options,
                                                         const RunControl &control)
{
    if (const EvaluationResult *known = knownFloat(data))
        return *known;
    ExecutionMode mode = ExecutionMode::floatMode(model->graph);
    auto result = evaluatePass(*executor, *model, data.set, mode, options, control, "float");
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

Result<RunRecord> Session::run(const RunRequest &request, const RunControl &control, const Update &update)
{
    const auto announce = [&](const RunRecord &record) {
        if (update)
            update(record);
    };
    if (const auto possible = checkUntilDecided(request); !possible)
        return fail(possible.error());
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
    PassOptions options{data->preprocessing, request.batch, d->cache};
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
        auto result = d->evaluateFloat(*data, options, control);
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
    const auto calibration = d->calibrate(*calibrationImages, calibrating, observationNeeds(graph, settings), control);
    if (!calibration)
        return fail(calibration.error());
    record.calibration.seconds = (*calibration)->seconds();
    record.calibration.failures = (*calibration)->failures();
    record.calibration.complete = (*calibration)->complete();
    record.timings["calibrate"] = record.calibration.seconds;

    CalibratedTaps taps;
    taps.parameters.resize(graph.taps.size());
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
    for (size_t t = 0; t < graph.taps.size(); ++t)
        record.taps.push_back({graph.taps[t], name(graph.nodes[static_cast<size_t>(graph.taps[t].node)].op),
                               settings[t], taps.parameters[t], std::move(taps.statistics[t]), {}});
    announce(record);
    if (control.isCancelled())
        return stopped();

    ExecutionMode mode = ExecutionMode::quantizedMode(graph, settings);
    mode.parameters = std::move(taps.parameters);
    if (request.analyze) {
        const auto start = std::chrono::steady_clock::now();
        const ImageSet some = limit(data->set, request.analysisImages);
        auto errors = analyzeErrors(*d->executor, *d->model, some, mode, options, control);
        if (!errors)
            return errors.error().code == ErrorCode::Cancelled ? stopped() : Result<RunRecord>(fail(errors.error()));
        for (size_t t = 0; t < errors->size(); ++t)
            record.taps[t].error = (*errors)[t];
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
                                   d->evaluations ? &*d->evaluations : nullptr);
        if (!result)
            return fail(result.error());
        record.timings["evaluate"] = result->seconds;
        record.complete = result->complete;
        if (d->evaluations && !d->evaluations->startedAt().empty())
            record.environment["evaluation_started_at"] = d->evaluations->startedAt(); // before it nothing had changed
        if (!result->images.empty())
            record.result = std::move(*result);
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

Result<SensitivityTable> Session::sensitivity(const RunRequest &request, const SensitivityOptions &options,
                                              const RunControl &control, const AnnounceCost &announce)
{
    const auto data = resolveData(request.data, d->model->info);
    if (!data)
        return fail(data.error());
    const Graph &graph = d->model->graph;
    const auto settings = resolveSettings(graph, request.quantization, d->model->info.inputQuantized);
    if (!settings)
        return fail(settings.error());
    const auto images = resolveCalibration(request);
    if (!images)
        return fail(images.error());
    const std::vector<SensitivityMeasurement> plan = planSensitivity(graph, *settings, options);
    if (announce && !announce(plan.size(), sensitivityCost(graph, plan)))
        return fail(ErrorCode::Cancelled, "stopped on request");
    PassOptions pass{data->preprocessing, request.batch, d->cache};
    PassOptions calibrating = pass;
    calibrating.batch = request.calibration.batch;
    const auto calibration = d->calibrate(*images, calibrating, observationNeeds(graph, *settings), control);
    if (!calibration)
        return fail(calibration.error());
    if (control.isCancelled())
        return fail(ErrorCode::Cancelled, "stopped on request");
    const DeriveParameters derive = [&](const std::vector<TapSetting> &wanted) -> Result<std::vector<QuantizerParameters>> {
        auto taps = (*calibration)->derive(*d->executor, *d->model, wanted, control.cancel);
        if (!taps)
            return fail(taps.error());
        return std::move(taps->parameters);
    };
    auto table = measureSensitivity(*d->executor, *d->model, data->set, *settings, derive, options, pass, control);
    if (table)
        table->recipe = request.quantization.text();
    return table;
}

Result<void> hashImages(RunRecord &record, const RunControl &control)
{
    ImageListRecord *const lists[] = {&record.images, &record.calibration.images};
    int64_t missing = 0;
    for (const ImageListRecord *list : lists)
        missing += list->sha256.size() == list->items.size() ? 0 : static_cast<int64_t>(list->items.size());
    if (missing == 0)
        return {};
    PhaseReporter reporter(control, "hash", missing);
    for (ImageListRecord *list : lists) {
        if (list->sha256.size() == list->items.size())
            continue;
        std::vector<std::string> hashes;
        ImageSet set;
        set.root = list->root;
        for (const ImageItem &item : list->items) {
            if (control.isCancelled())
                return fail(ErrorCode::Cancelled, "stopped on request");
            const auto bytes = readImage(set.filePath(item));
            hashes.push_back(bytes ? sha256OfBytes(*bytes) : std::string());
            reporter.advance(1);
        }
        list->sha256 = std::move(hashes);
    }
    return {};
}

} // namespace quantoscope
