// SPDX-License-Identifier: GPL-3.0-or-later
// What the precision search is for: DeiT-T at four bits on average for weights and activations, on real images.
#include "core/analysis/run_comparison.h"
#include "core/pipeline/precision_plan.h"
#include "core/pipeline/session.h"
#include "core/quantization/recipe.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace quantoscope;

namespace {

constexpr double kBits = 4;
constexpr double kSurely = 0.01; ///< McNemar

PlanSearchRequest budgetRequest(const std::string &weights, const std::string &images)
{
    PlanSearchRequest request;
    request.run.model.weights = weights;
    request.run.data.folder = images;
    request.run.quantization.recipe = "least-error";
    request.run.analyze = false;
    request.run.calibration.count = 64;
    request.budget = {Resource::AverageBits, kBits};
    request.images = 16;
    return request;
}

/// A plan with random precisions under the same constraints that takes the same number of bits, within a thousandth.
std::string randomPlan(const Model &model, const std::vector<TapSetting> &recipe, const PrecisionSearchResult &search,
                       double bits, unsigned seed)
{
    std::mt19937 random(seed);
    const auto draw = [&](const PrecisionOperator &op) {
        std::vector<int> levels;
        for (const int level : search.levels)
            if (level > 0 && (level >= 8 || !op.outermost)) // float would cost so much that all others had three bits
                levels.push_back(level);
        const auto one = [&] { return levels[random() % levels.size()]; };
        return PrecisionOption{one(), one()};
    };
    const auto amount = [&](const std::vector<PrecisionOption> &options) {
        int64_t sum = 0;
        for (size_t o = 0; o < options.size(); ++o)
            sum += precisionCost(Resource::AverageBits, search.operators[o], options[o]);
        return costAmount(Resource::AverageBits, sum, search.operators);
    };
    std::vector<PrecisionOption> options;
    for (const PrecisionOperator &op : search.operators)
        options.push_back(draw(op));
    while (std::abs(amount(options) - bits) > 0.001 * bits) {
        std::vector<PrecisionOption> changed = options;
        const size_t o = random() % changed.size();
        changed[o] = draw(search.operators[o]);
        const bool stray = random() % 64 == 0; // else a corner could hold the walk for ever
        if (stray || std::abs(amount(changed) - bits) < std::abs(amount(options) - bits))
            options = changed;
    }
    return planToJson(precisionPlan("random", search.operators, options, PlannedTaps::of(model.graph, recipe)));
}

} // namespace

class TestPrecisionBudget : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFoundPlanBeatsOneWidthAndARandomPlan()
    {
        QUANTOSCOPE_NEED_DATA(weights, "models/deit_tiny_patch16_224.safetensors");
        QUANTOSCOPE_NEED_DATA(images, "imagenet");
        const PlanSearchRequest request = budgetRequest(weights, images);
        auto session = Session::open(request.run.model);
        QVERIFY2(session.has_value(), session ? "" : session.error().message().c_str());
        const auto found = (*session)->searchPlans(request, {}, {}, {});
        QVERIFY2(found.has_value(), found ? "" : found.error().message().c_str());
        const PrecisionPoint &chosen = found->front[static_cast<size_t>(found->chosen)];
        QVERIFY(chosen.costs.averageBits <= kBits && chosen.costs.averageBits > kBits - 0.01);
        const auto uniform = std::find_if(found->uniform.begin(), found->uniform.end(),
                                          [](const PrecisionPoint &point) { return point.costs.averageBits == kBits; });
        QVERIFY(uniform != found->uniform.end());

        const Model &model = (*session)->model();
        const auto recipe = resolveSettings(model.graph, request.run.quantization, model.info.inputQuantized);
        const auto run = [&](const std::string &plan) {
            RunRequest asked = request.run;
            asked.quantization.planJson = plan;
            return (*session)->run(asked, {}, {}).value();
        };
        const RunRecord own = run(chosen.planJson);
        const double ownKl = compareRuns(own, RunSide::Float, own, RunSide::Quantized)->divergence->mean;
        qInfo("found: %.3f bits (W %.2f, A %.2f), %d conversions, predicted KL %.3f, KL %.3f, top-1 %.2f %% of %.2f %%",
              chosen.costs.averageBits, chosen.costs.weightBits, chosen.costs.activationBits, chosen.costs.conversions,
              chosen.loss, ownKl, own.result->top1(), own.floatResult->top1());
        QCOMPARE(own.result->count, int64_t{650});
        const std::pair<const char *, std::string> others[]
            = {{"uniform", uniform->planJson}, {"random", randomPlan(model, *recipe, *found, kBits, 1)}};
        for (const auto &[name, plan] : others) {
            const RunRecord other = run(plan);
            const double kl = compareRuns(other, RunSide::Float, other, RunSide::Quantized)->divergence->mean;
            const RunComparison comparison = compareRuns(other, RunSide::Quantized, own, RunSide::Quantized).value();
            qInfo("%s: KL %.3f, top-1 %.2f %%; the found plan has %lld more images right and %lld fewer, p = %.2g", name, kl,
                  other.result->top1(), static_cast<long long>(comparison.paired.gained),
                  static_cast<long long>(comparison.paired.lost), comparison.paired.mcnemarP);
            QVERIFY(ownKl < kl);
            QVERIFY(comparison.paired.gained > comparison.paired.lost);
            QVERIFY(comparison.paired.mcnemarP < kSurely);
        }
    }
};

QTEST_GUILESS_MAIN(TestPrecisionBudget)
#include "tst_precision_budget.moc"
