// SPDX-License-Identifier: GPL-3.0-or-later
// Mixed precision by budget on the tiny ViT: budgets, constraints, plans, measured points, the file.
#include "core/analysis/conversion_edges.h"
#include "core/analysis/run_comparison.h"
#include "core/pipeline/search_file.h"
#include "core/pipeline/search_front.h"
#include "core/pipeline/session.h"
#include "core/quantization/recipe.h"
#include "tests/pipeline/tiny_model.h"
#include "tests/support/test_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace quantoscope;

using namespace Qt::StringLiterals;

class TestPlanSearch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        std::string weights;
        QUANTOSCOPE_NEED_TINY_MODEL(weights, m_folder);
        m_request = testing::tinySearch(weights, m_folder.path(), "least-error", 4.5);
        m_session = Session::open(m_request.run.model).value();
        const auto found = search(m_request);
        QVERIFY2(found.has_value(), found ? "" : found.error().message().c_str());
        m_result = *found;
    }

    void theChosenPlanKeepsTheBudget_data()
    {
        QTest::addColumn<int>("resource");
        QTest::addColumn<double>("amount");
        QTest::addColumn<QString>("recipe");
        QTest::newRow("bits") << static_cast<int>(Resource::AverageBits) << 4.5 << u"least-error"_s;
        QTest::newRow("bytes") << static_cast<int>(Resource::WeightBytes) << 50e3 << u"least-error"_s;
        QTest::newRow("activations") << static_cast<int>(Resource::ActivationBytes) << 16e3 << u"least-error"_s;
        QTest::newRow("bit operations") << static_cast<int>(Resource::BitOperations) << 40e6 << u"least-error"_s;
        // Here q, k and v are parts of one value.
        QTest::newRow("bit operations of fused operands")
            << static_cast<int>(Resource::BitOperations) << 60e6 << u"minmax"_s;
    }

    void theChosenPlanKeepsTheBudget()
    {
        QFETCH(const int, resource);
        QFETCH(const double, amount);
        QFETCH(const QString, recipe);
        PlanSearchRequest request = m_request;
        request.budget = {static_cast<Resource>(resource), amount};
        request.run.quantization.recipe = recipe.toStdString();
        if (recipe == u"least-error"_s)
            request.known = m_result.table.rows;
        const auto found = search(request);
        QVERIFY2(found.has_value(), found ? "" : found.error().message().c_str());
        const PrecisionPoint &chosen = found->front[static_cast<size_t>(found->chosen)];
        const double taken = chosen.costs.of(request.budget.resource);
        QVERIFY(taken <= amount && taken > 0.9 * amount);
        for (const PrecisionPoint &other : found->front)
            if (other.costs.of(request.budget.resource) <= amount)
                QVERIFY(other.loss >= chosen.loss);
        for (size_t p = 1; p < found->front.size(); ++p) {
            QVERIFY(found->front[p].costs.of(request.budget.resource) > found->front[p - 1].costs.of(request.budget.resource));
            QVERIFY(found->front[p].loss < found->front[p - 1].loss);
        }
        QVERIFY(found->front.size() <= kMostShownPoints && found->wholeFront.size() >= found->front.size());
        // What the plan says is what its settings cost.
        const Model &model = m_session->model();
        QuantizationRequest quantization = request.run.quantization;
        const auto bare = resolveSettings(model.graph, quantization, model.info.inputQuantized);
        quantization.planJson = chosen.planJson;
        const auto planned = resolveSettings(model.graph, quantization, model.info.inputQuantized);
        QVERIFY2(planned.has_value(), planned ? "" : planned.error().message().c_str());
        const PrecisionCosts costs = precisionCosts(model.graph, *bare, *planned);
        QCOMPARE(costs.averageBits, chosen.costs.averageBits);
        QCOMPARE(costs.weightBytes, chosen.costs.weightBytes);
        QCOMPARE(costs.bitOperations, chosen.costs.bitOperations);
        QCOMPARE(costs.conversions, chosen.costs.conversions);
        QCOMPARE(costs.conversions, boundaryConversions(model.graph, *planned));
        if (request.budget.resource == Resource::AverageBits)
            QVERIFY(costs.conversions > found->uniform.front().costs.conversions);
    }

    void constraintsHold()
    {
        for (const bool alike : {false, true})
            for (const bool outermost : {false, true}) {
                PlanSearchRequest request = m_request;
                request.operandsAlike = alike;
                request.outermostAtLeast8 = outermost;
                request.known = m_result.table.rows;
                request.budget.amount = 3.9;
                const auto found = search(request);
                QVERIFY2(found.has_value(), found ? "" : found.error().message().c_str());
                bool anyLow = false;
                bool anyMixed = false;
                for (const PrecisionPoint &point : found->front)
                    for (size_t o = 0; o < point.options.size(); ++o) {
                        const PrecisionOption option = point.options[o];
                        anyMixed |= option.weightBits != option.activationBits;
                        const auto low = [](int bits) { return bits > 0 && bits < 8; };
                        if (found->operators[o].outermost)
                            anyLow |= low(option.weightBits) || low(option.activationBits);
                    }
                QCOMPARE(anyMixed, !alike);
                QCOMPARE(anyLow, !outermost);
                // Uniform points are there for comparison, whatever the constraints say.
                QCOMPARE(found->uniform.size(), size_t{4});
                for (const PrecisionPoint &point : found->uniform)
                    QCOMPARE(point.costs.averageBits, static_cast<double>(point.options.front().weightBits));
            }
    }

    void whatCannotBeSearchedIsRefusedBeforeAnythingRuns_data()
    {
        QTest::addColumn<double>("bits");
        QTest::addColumn<QList<int>>("levels");
        QTest::addColumn<QString>("what");
        QTest::newRow("too little") << 2.5 << QList<int>{0, 8, 6, 4, 3} << u"the least that the levels"_s;
        QTest::newRow("no levels") << 4.0 << QList<int>{} << u"no precision"_s;
        QTest::newRow("width") << 4.0 << QList<int>{8, 9} << u"9 bits"_s;
        QTest::newRow("one bit") << 4.0 << QList<int>{8, 1} << u"1 bits"_s;
        QTest::newRow("twice") << 4.0 << QList<int>{8, 4, 8} << u"twice"_s;
        QTest::newRow("float alone") << 4.0 << QList<int>{0} << u"float alone"_s;
        QTest::newRow("nothing for the first layer") << 4.0 << QList<int>{4, 3} << u"8 bits or float"_s;
    }

    void whatCannotBeSearchedIsRefusedBeforeAnythingRuns()
    {
        QFETCH(const double, bits);
        QFETCH(const QList<int>, levels);
        QFETCH(const QString, what);
        PlanSearchRequest request = m_request;
        request.budget.amount = bits;
        request.levels = {levels.begin(), levels.end()};
        RunControl control;
        int phases = 0;
        control.sink = [&](const Progress &) { ++phases; };
        const auto refused = m_session->searchPlans(request, control, {}, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Usage);
        QVERIFY2(QString::fromStdString(refused.error().what).contains(what), refused.error().message().c_str());
        QVERIFY(!refused.error().where.empty());
        QCOMPARE(phases, 0);
    }

    void whatWasMeasuredIsNotMeasuredAgain()
    {
        PlanSearchRequest request = m_request;
        request.known = m_result.table.rows;
        PlanSearchCost cost;
        cost.measurements = 99;
        const auto found = m_session->searchPlans(request, {},
                                                  [&](const PlanSearchCost &told) {
                                                      cost = told;
                                                      return true;
                                                  },
                                                  {});
        QVERIFY(found.has_value());
        QCOMPARE(cost.measurements, size_t{0});
        QCOMPARE(cost.imageRuns(), 0.0);
        QCOMPARE(searchToJson(*found), searchToJson(m_result));
        // A further level costs its own measurements only: weights and activations of every operator that has them.
        request.levels.push_back(5);
        static_cast<void>(m_session->searchPlans(request, {},
                                                 [&](const PlanSearchCost &told) {
                                                     cost = told;
                                                     return false;
                                                 },
                                                 {}));
        size_t parts = 0;
        for (const PrecisionOperator &op : m_result.operators)
            parts += static_cast<size_t>(!op.weightTaps.empty()) + static_cast<size_t>(!op.activationTaps.empty());
        QCOMPARE(cost.measurements, parts);
        QCOMPARE(m_result.table.rows.size(), 4 * parts);
    }

    void measuredPointsAreWhatARunOfTheirPlanShows()
    {
        PlanSearchRequest request = m_request;
        request.known = m_result.table.rows;
        request.evaluatePoints = 2;
        std::vector<int> measuredAt; // after each update
        PlanSearchCost cost;
        const auto found = m_session->searchPlans(
            request, {},
            [&](const PlanSearchCost &told) {
                cost = told;
                return true;
            },
            [&](const PrecisionSearchResult &soFar) { measuredAt.push_back(countMeasured(soFar)); });
        QVERIFY2(found.has_value(), found ? "" : found.error().message().c_str());
        QCOMPARE(measuredAt, (std::vector<int>{0, 1, 2, 3, 4, 5, 6}));
        QCOMPARE(cost.evaluations, 7); // float, two of the front, four widths
        QCOMPARE(cost.evaluationImages, testing::kTinyEvaluation);
        const PrecisionPoint &chosen = found->front[static_cast<size_t>(found->chosen)];
        QVERIFY(chosen.measured && found->uniform[0].measured);
        RunRequest run = request.run;
        run.quantization.planJson = chosen.planJson;
        run.analyze = false;
        const auto record = m_session->run(run, {}, {});
        QVERIFY(record.has_value());
        const auto comparison = compareRuns(*record, RunSide::Float, *record, RunSide::Quantized);
        QVERIFY(comparison.has_value());
        QCOMPARE(chosen.measured->kl, comparison->divergence->mean);
        QCOMPARE(chosen.measured->top1, record->result->top1());
        QCOMPARE(chosen.measured->images, comparison->paired.common);
        QCOMPARE(found->evaluatedFloatTop1, record->floatResult->top1());
        // More bits everywhere lose less, and the order is 8, 6, 4, 3.
        for (size_t u = 1; u < found->uniform.size(); ++u)
            QVERIFY(found->uniform[u].measured->kl > found->uniform[u - 1].measured->kl);
    }

    void aStoppedSearchSaysSoAndKeepsWhatIsThere()
    {
        RunControl control;
        control.sink = [&](const Progress &progress) {
            if (progress.phase == "sensitivity")
                control.cancel.cancel();
        };
        const auto stopped = m_session->searchPlans(m_request, control, {}, {});
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);

        PlanSearchRequest request = m_request;
        request.known = m_result.table.rows;
        request.evaluatePoints = 1;
        RunControl later;
        const auto kept = m_session->searchPlans(request, later, {}, [&](const PrecisionSearchResult &soFar) {
            if (countMeasured(soFar) == 2)
                later.cancel.cancel();
        });
        QVERIFY2(kept.has_value(), kept ? "" : kept.error().message().c_str());
        QCOMPARE(countMeasured(*kept), 2);
        QCOMPARE(kept->front.size(), m_result.front.size());
    }

    void aWrittenSearchIsReadAgain()
    {
        PrecisionSearchResult result = m_result;
        result.front[3].measured = PointMeasurement{23, 0.25, 0.0625, 87.5, 20, 55, {33, 75}};
        result.uniform[2].loss = std::numeric_limits<double>::infinity(); // collapsed: JSON has no number for it
        const std::string path = m_folder.filePath(u"search.json"_s).toStdString();
        QVERIFY(writeSearchFile(result, path).has_value());
        const auto read = readSearchFile(path);
        QVERIFY2(read.has_value(), read ? "" : read.error().message().c_str());
        QCOMPARE(searchToJson(*read), searchToJson(result));
        QCOMPARE(read->wholeFront.size(), result.wholeFront.size());
        for (size_t p = 0; p < result.front.size(); ++p)
            QCOMPARE(read->front[p].planJson, result.front[p].planJson);
        QCOMPARE(read->front[3].measured->top1Interval.high, 75.0);
        QCOMPARE(read->uniform[1].origin, PrecisionPoint::Origin::Uniform);
        QCOMPARE(read->uniform[2].loss, result.uniform[2].loss);
        const QStringList lines = QString::fromStdString(searchToCsv(*read)).split(u'\n');
        QCOMPARE(static_cast<size_t>(lines.size()), result.front.size() + result.uniform.size() + 2);
        for (const QString &line : lines.mid(0, lines.size() - 1))
            QCOMPARE(line.count(u','), 16);
    }

    void damagedSearchesAreRefused()
    {
        const QByteArray whole = QByteArray::fromStdString(searchToJson(m_result));
        const auto refused = [](const QByteArray &text) {
            const auto read = parseSearch(text.toStdString(), "damaged.json");
            return !read && read.error().code == ErrorCode::CorruptFile && read.error().where == "damaged.json";
        };
        for (qsizetype cut = 0; cut < whole.size() - 2; cut += whole.size() / 40)
            QVERIFY2(refused(whole.left(cut)), qPrintable(QString::number(cut)));
        const auto damaged = [&](const QByteArray &before, const QByteArray &after) {
            QByteArray text = whole;
            const qsizetype at = text.indexOf(before);
            return at < 0 ? QByteArray() : text.replace(at, before.size(), after);
        };
        for (const auto &[before, after] : std::initializer_list<std::pair<QByteArray, QByteArray>>{
                 {"quantoscope-search", "something-else"},
                 {"\"version\": 1", "\"version\": 2"},
                 {"average-bits", "joules"},
                 {"\"chosen\": ", "\"chosen\": 99999"},
                 {"\"options\": \"", "\"options\": \"4/4 "},
                 {"\"options\": \"", "\"options\": \"9/9 "},
                 {"\"weight_taps\": [", "\"weight_taps\": [100000, "},
                 {"\"recipe_bits\": [", "\"recipe_bits\": [8, "},
                 {"\"outermost\": true", "\"outermost\": 1"},
                 {"\"front\": [", "\"frnot\": ["},
                 {"\"part\": \"weights\"", "\"part\": \"some\""}})
            QVERIFY2(refused(damaged(before, after)), before.constData());
        QCOMPARE(readSearchFile("nowhere.json").error().code, ErrorCode::NotFound);
    }

private:
    Result<PrecisionSearchResult> search(const PlanSearchRequest &request)
    {
        return m_session->searchPlans(request, {}, {}, {});
    }

    static int countMeasured(const PrecisionSearchResult &result)
    {
        int count = 0;
        for (const auto *points : {&result.front, &result.uniform})
            for (const PrecisionPoint &point : *points)
                count += point.measured.has_value();
        return count;
    }

    QTemporaryDir m_folder;
    PlanSearchRequest m_request;
    std::unique_ptr<Session> m_session;
    PrecisionSearchResult m_result;
};

QTEST_GUILESS_MAIN(TestPlanSearch)
#include "tst_plan_search.moc"
