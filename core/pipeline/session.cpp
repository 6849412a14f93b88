// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/session.h"

#include "core/pipeline/interval_calibration.h"
#include "core/pipeline/preflight.h"
#include "core/pipeline/session_private.h"

#include <fmt/format.h>

#include <algorithm>

namespace quantoscope {

namespace {

constexpr double kSlowMatrixRate = 10.0; // GFLOP/s; reference BLAS gives about 2, an optimised one 20 a core and more
constexpr size_t kKeptFloatResults = 4;

} // namespace

Session::Session() : d(std::make_unique<Private>()) {}
Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::open(const ModelRequest &request)
{
    std::unique_ptr<Session> session(new Session);
    Result<ModelPtr> model = openModel(request);
    if (!model)
        return fail(model.error());
    auto executor = Executor::create(
        *model, {request.device, request.threads, !request.referenceArithmetic, request.allowTf32});
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
                                                        ObservationNeeds needs, const RunControl &control,
                                                        const CalibrationSteps &steps)
{
    const std::string key = fingerprint(set, options.preprocessing, options.batch);
    if (calibration && calibrationKey == key && calibration->complete()) {
        if (calibration->needs().covers(needs))
            return &*calibration;
        needs.merge(calibration->needs()); // so that switching back does not calibrate a third time
    }
    std::optional<Calibration> begun; // stopped on the way; goes on behind its last batch
    if (calibration && calibrationKey == key && !calibration->complete() && calibration->needs().covers(needs))
        begun = std::move(calibration);
    calibration.reset();
    if (!begun && steps.begun) {
        if (steps.begun->seen <= static_cast<int64_t>(set.items.size()))
            begun = Calibration::restored(*executor, *model, needs, *steps.begun);
        if (steps.resumed)
            steps.resumed(begun.has_value());
    }
    auto collected = Calibration::collect(*executor, *model, set, options, std::move(needs), control, steps.watcher,
                                          std::move(begun), steps.snapshot);
    if (!collected)
        return fail(collected.error());
    calibration.emplace(std::move(*collected));
    calibrationKey = key;
    return &*calibration;
}

Result<void> Session::Private::search(const ImageSet &set, const PassOptions &options,
                                      const std::vector<TapSetting> &settings, const IntervalSearch &wanted,
                                      std::vector<QuantizerParameters> &parameters, const RunControl &control,
                                      const IntervalContinuation &continuation)
{
    const std::string key = fingerprint(set, options.preprocessing, options.batch);
    if (searched && searched->images == key && searched->settings == settings && searched->search == wanted) {
        parameters = searched->parameters;
        return {};
    }
    ExecutionMode start = ExecutionMode::quantizedMode(model->graph, settings);
    start.parameters = parameters;
    const auto found
        = searchModelIntervals(*executor, *model, set, options, start, wanted, parameters, control, continuation);
    if (!found)
        return fail(found.error());
    searched = Searched{key, settings, wanted, parameters};
    return {};
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

} // namespace quantoscope
