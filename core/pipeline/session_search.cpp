// SPDX-License-Identifier: GPL-3.0-or-later
// Session::searchPlans: mixed precision by budget, with a record from which a stopped search goes on.
#include "core/pipeline/resume.h"
#include "core/pipeline/session_private.h"

#include <fmt/format.h>

#include <algorithm>

namespace quantoscope {

/// A search while it runs. Its record always holds all that an attempt after this one could start from.
class Session::Private::Search {
public:
    Search(Private &session, const PlanSearchRequest &wanted, const RunControl &by, const SearchContinuation &before)
        : d(session), graph(session.model->graph), request(wanted), run(wanted.run), control(by), continuation(before)
    {
        run.quantization.planJson.clear();
    }

    Result<PrecisionSearchResult> all(const AnnouncePlanSearch &announce, const UpdatePlanSearch &update)
    {
        auto resolved = d.resolveQuantized(run, request.evaluatePoints > 0);
        if (!resolved)
            return fail(resolved.error());
        what = std::move(*resolved);
        auto images = resolveCalibration(run);
        if (!images)
            return fail(images.error());
        calibrationImages = std::move(*images);
        const ImageSet some = limit(calibrationImages, request.images);
        auto cost = checkPlanSearch(*d.model, request, what.settings, static_cast<int64_t>(what.data.set.items.size()),
                                    what.search.has_value());
        if (!cost)
            return fail(cost.error());
        cost->images = static_cast<int64_t>(some.items.size());
        if (announce && !announce(*cost))
            return fail(ErrorCode::Cancelled, "stopped on request");
        if (continuation.partial || continuation.snapshot)
            describe();
        if (continuation.partial)
            takeOver(*continuation.partial, some.items.size());

        const PassOptions pass{what.data.preprocessing, run.batch, d.cache, d.request.activationBytes()};
        CalibrationSteps steps;
        steps.begun = record.calibration.state;
        if (continuation.snapshot)
            steps.snapshot = [this](std::shared_ptr<const CalibrationState> state) {
                record.calibration.state = std::move(state);
                handOver();
            };
        steps.resumed = [this](bool used) {
            note.decide(calibrationPart(*record.calibration.state), observersDefect(used));
            tellResumed();
        };
        auto derived = d.deriver(run, what, calibrationImages, control, steps);
        if (!derived)
            return fail(derived.error());
        derive = std::move(*derived);
        PlanSearchContinuation goingOn;
        if (!record.sensitivity.empty())
            goingOn.sensitivity.done = record.sensitivity.front();
        goingOn.sensitivity.snapshot = [&](const SensitivityTable &table) {
            record.sensitivity = {table};
            handOver();
        };
        goingOn.points = record.measuredPlans;
        const auto evaluate = [&](const std::optional<std::string> &planJson) {
            return planJson ? evaluatePlan(*planJson, pass) : evaluateFloat(pass);
        };
        return quantoscope::searchPlans({*d.executor, *d.model, request, what.settings, some, pass, derive, evaluate},
                                        control, [&](const PrecisionSearchResult &soFar) {
                                            keep(soFar);
                                            if (update)
                                                update(soFar);
                                        }, goingOn);
    }

private:
    void describe()
    {
        record.model = d.model->info;
        record.model.preprocessing = what.data.preprocessing;
        record.request = run.quantization;
        record.quantized = true;
        record.complete = false;
        record.recipeJson = what.recipe.json;
        record.images = {what.data.set.root, what.data.set.items, {}};
        record.calibration.images = {calibrationImages.root, calibrationImages.items, {}};
        record.calibration.batch = run.calibration.batch;
        record.calibration.seed = run.calibration.seed;
        record.calibration.explicitList = !run.calibration.list.empty();
        record.calibration.complete = false;
        record.environment["reference_arithmetic"] = d.request.referenceArithmetic ? "yes" : "no";
        record.environment["allow_tf32"] = d.request.allowTf32 ? "yes" : "no";
        storeListHashes(record, what.data.set, calibrationImages);
        for (size_t t = 0; t < graph.taps.size(); ++t) // the sensitivity refers to them
            record.taps.push_back({graph.taps[t], name(graph.nodes[static_cast<size_t>(graph.taps[t].node)].op),
                                   what.settings[t], {}, {}, {}});
    }

    /// Takes into the record what fits of an earlier one.
    void takeOver(const RunRecord &partial, size_t sensitivityImages)
    {
        RunRecord wanted = record;
        wanted.request.planJson = partial.request.planJson; // that of the plan that was being evaluated
        const auto first = [](const std::string &a, const std::string &b) { return a.empty() ? b : a; };
        const std::string ofModel = modelDefect(partial, wanted);
        const std::string ofQuantizers = first(recipeDefect(partial, wanted), calibrationDefect(partial, wanted));
        const std::string ofImages = imagesDefect(partial, wanted);
        if (!ofModel.empty()) {
            note.refuse("everything", ofModel);
        } else {
            if (!partial.sensitivity.empty()) {
                const SensitivityTable &table = partial.sensitivity.front();
                const std::string defect
                    = first(ofQuantizers, sensitivityDefect(table, *d.model, what.settings, request, sensitivityImages));
                if (note.decide(fmt::format("the sensitivity on {} images",
                                            table.complete ? table.quantized.images : table.imagesDone),
                                defect))
                    record.sensitivity = {table};
            }
            const auto takeEvaluation = [&](std::optional<EvaluationResult> RunRecord::*field, const std::string &defect,
                                            const char *how) {
                if (!(partial.*field))
                    return false;
                const EvaluationResult *part = resumable(partial.*field, what.data.set.items.size());
                const size_t images = (partial.*field)->images.size() + (partial.*field)->failures.size();
                const bool taken = note.decide(fmt::format("{} images {}", images, how),
                                               part ? defect : "they are not the first of the list");
                if (taken)
                    record.*field = *part;
                return taken;
            };
            takeEvaluation(&RunRecord::floatResult, ofImages, "in float");
            if (partial.calibration.state) { // its use is noted when it comes to that
                const std::string defect = calibrationDefect(partial, wanted);
                if (defect.empty())
                    record.calibration.state = partial.calibration.state;
                else
                    note.refuse(calibrationPart(*partial.calibration.state), defect);
            }
            const std::string ofPlans = first(ofQuantizers, ofImages);
            if (!partial.measuredPlans.empty()
                && note.decide(fmt::format("{} plans run on images", partial.measuredPlans.size()), ofPlans))
                record.measuredPlans = partial.measuredPlans;
            if (takeEvaluation(&RunRecord::result, ofPlans, "of a further plan"))
                record.request.planJson = partial.request.planJson;
        }
        tellResumed();
    }
    void tellResumed() const
    {
        if (continuation.resumed)
            continuation.resumed(note.text());
    }

    void handOver() const
    {
        if (continuation.snapshot)
            continuation.snapshot(record);
    }
    void keep(const PrecisionSearchResult &soFar)
    {
        record.sensitivity = {soFar.table};
        record.measuredPlans.clear();
        for (const auto *points : {&soFar.front, &soFar.uniform})
            for (const PrecisionPoint &point : *points)
                if (point.measured)
                    record.measuredPlans.push_back({point.planJson, *point.measured});
        handOver();
    }

    Result<EvaluationResult> evaluateFloat(const PassOptions &pass)
    {
        const std::optional<EvaluationResult> before = record.floatResult;
        auto result = d.evaluateFloat(what.data, pass, control, before ? &*before : nullptr, growing(&RunRecord::floatResult));
        if (result && !result->images.empty()) {
            record.floatResult = *result;
            handOver();
        }
        return result;
    }
    Result<EvaluationResult> evaluatePlan(const std::string &planJson, const PassOptions &pass)
    {
        QuantizationRequest planned = run.quantization;
        planned.planJson = planJson;
        const auto own = resolveSettings(graph, planned, d.model->info.inputQuantized);
        if (!own)
            return fail(own.error());
        auto parameters = derive(*own);
        if (!parameters)
            return fail(parameters.error());
        ExecutionMode mode = ExecutionMode::quantizedMode(graph, *own);
        mode.parameters = std::move(*parameters);
        std::optional<EvaluationResult> before;
        if (record.request.planJson == planJson)
            before = record.result;
        record.request.planJson = planJson;
        auto result = evaluatePass(*d.executor, *d.model, what.data.set, mode, pass, control, "evaluate", nullptr,
                                   before ? &*before : nullptr, growing(&RunRecord::result));
        if (result && !result->complete && !result->images.empty()) {
            record.result = *result;
            handOver();
        } else { // the search keeps the figures of a complete one
            record.result.reset();
            record.request.planJson.clear();
        }
        return result;
    }
    PassSnapshot growing(std::optional<EvaluationResult> RunRecord::*field)
    {
        if (!continuation.snapshot)
            return {};
        return [this, field](const EvaluationResult &part) {
            record.*field = part;
            handOver();
        };
    }

    Private &d;
    const Graph &graph;
    const PlanSearchRequest &request;
    RunRequest run; ///< of the request, without a plan
    const RunControl &control;
    const SearchContinuation &continuation;
    Quantized what;
    ImageSet calibrationImages;
    DeriveParameters derive;
    RunRecord record;
    ResumeNote note;
};

Result<PrecisionSearchResult> Session::searchPlans(const PlanSearchRequest &request, const RunControl &control,
                                                   const AnnouncePlanSearch &announce, const UpdatePlanSearch &update,
                                                   const SearchContinuation &continuation)
{
    return Private::Search(*d, request, control, continuation).all(announce, update);
}

} // namespace quantoscope
