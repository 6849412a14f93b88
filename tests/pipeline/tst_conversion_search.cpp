// SPDX-License-Identifier: GPL-3.0-or-later
// Searches with a limit to conversions on the tiny ViT: plans, refusals, other limits later, files and jobs.
#include "core/analysis/conversion_edges.h"
#include "core/pipeline/job_request.h"
#include "core/pipeline/search_file.h"
#include "core/pipeline/search_front.h"
#include "core/pipeline/session.h"
#include "core/quantization/recipe.h"
#include "tests/pipeline/tiny_model.h"
#include "tests/support/test_data.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <random>

using namespace quantoscope;

using namespace Qt::StringLiterals;

namespace {

constexpr double kBudget = 5.5;

const PrecisionPoint &chosenOf(const PrecisionSearchResult &result)
{
    return result.front[static_cast<size_t>(result.chosen)];
}

/// The front's part of what a file says: what was measured where does not matter.
std::string frontText(const PrecisionSearchResult &result)
{
    const auto json = nlohmann::ordered_json::parse(searchToJson(result));
    return json["budget"].dump() + json["front"].dump() + json["chosen"].dump();
}

} // namespace

class TestConversionSearch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        std::string weights;
        QUANTOSCOPE_NEED_TINY_MODEL(weights, m_folder);
        m_request = testing::tinySearch(weights, m_folder.path(), "minmax", kBudget);
        m_session = Session::open(m_request.run.model).value();
        const auto found = search(m_request);
        QVERIFY2(found.has_value(), found ? "" : found.error().message().c_str());
        m_free = *found;
        m_request.known = m_free.table.rows;
    }

    void theEdgesCountWhatThePlansConvert_data()
    {
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<bool>("alike");
        for (const char *recipe : {"minmax", "least-error", "itpn", "tf-fqvit", "ptq4vit", "baseptq", "tensorrt", "tinynn-int8",
                                   "tinynn-mixed1"})
            for (const bool alike : {false, true})
                QTest::addRow("%s%s", recipe, alike ? ", alike" : "") << QString::fromLatin1(recipe) << alike;
    }

    void theEdgesCountWhatThePlansConvert()
    {
        QFETCH(const QString, recipe);
        QFETCH(const bool, alike);
        const Model &model = m_session->model();
        const auto settings = resolveSettings(model.graph, {.recipe = recipe.toStdString()}, model.info.inputQuantized);
        QVERIFY2(settings.has_value(), settings ? "" : settings.error().message().c_str());
        const auto operators = precisionOperators(model.graph, *settings, alike);
        const auto edges = conversionEdges(model.graph, *settings, operators);
        QVERIFY(!edges.empty());
        std::mt19937 random(1);
        for (int round = 0; round < 50; ++round) {
            auto planned = *settings;
            std::vector<PrecisionOption> options;
            const auto bits = [&] { return std::array{0, 8, 4}[random() % 3]; };
            for (const PrecisionOperator &op : operators) {
                options.push_back({bits(), bits()});
                for (const int tap : op.activationTaps) {
                    TapSetting &setting = planned[static_cast<size_t>(tap)];
                    setting.bits = options.back().activationBits;
                    if (setting.bits == 0)
                        setting.quantizer = QuantizerKind::None;
                }
            }
            QCOMPARE(conversionsOf(edges, options), boundaryConversions(model.graph, planned));
        }
    }

    void everyPointOfTheFrontKeepsTheLimit()
    {
        const int free = chosenOf(m_free).costs.conversions;
        const auto limits = {free / 2, 2 * free / 3, free - 1};
        for (const int limit : limits) {
            const auto found = limited(limit);
            QVERIFY2(found.has_value(), found ? "" : found.error().message().c_str());
            QCOMPARE(found->mostConversions, std::optional(limit));
            const PrecisionPoint &chosen = chosenOf(*found);
            QVERIFY(chosen.costs.averageBits <= kBudget);
            QVERIFY(chosen.loss >= chosenOf(m_free).loss);
            QVERIFY(chosen.loss - found->chosenBound <= chosen.loss && found->chosenBound >= 0);
            const Model &model = m_session->model();
            for (size_t p = 0; p < found->front.size(); ++p) {
                const PrecisionPoint &point = found->front[p];
                QVERIFY(point.costs.conversions <= limit);
                QuantizationRequest request = m_request.run.quantization;
                request.planJson = point.planJson;
                const auto planned = resolveSettings(model.graph, request, model.info.inputQuantized);
                QVERIFY(planned.has_value());
                QCOMPARE(boundaryConversions(model.graph, *planned), point.costs.conversions);
                if (p > 0) {
                    QVERIFY(point.costs.averageBits > found->front[p - 1].costs.averageBits);
                    QVERIFY(point.loss < found->front[p - 1].loss);
                }
            }
        }
    }

    void aLimitThatChangesNothingGivesTheVerySameSelection()
    {
        for (const int more : {0, 1, 1000}) {
            const auto found = limited(chosenOf(m_free).costs.conversions + more);
            QVERIFY(found.has_value());
            QVERIFY(chosenOf(*found).options == chosenOf(m_free).options);
            QCOMPARE(chosenOf(*found).planJson, chosenOf(m_free).planJson);
        }
    }

    void tooFewConversionsAreRefusedBeforeAnythingRuns()
    {
        PlanSearchRequest request = m_request;
        request.mostConversions = 0;
        int phases = 0;
        RunControl control;
        control.sink = [&](const Progress &) { ++phases; };
        const auto refused = m_session->searchPlans(request, control, {}, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Usage);
        QCOMPARE(refused.error().where, std::string("--conversions"));
        QCOMPARE(phases, 0);
        // What it says is possible is possible, and no fewer.
        const QString what = QString::fromStdString(refused.error().what);
        const int fewest = what.section(u' ', -1).toInt();
        QVERIFY2(fewest > 0, qPrintable(what));
        const auto possible = limited(fewest);
        QVERIFY(possible.has_value());
        QCOMPARE(chosenOf(*possible).costs.conversions, fewest);
        QVERIFY(!limited(fewest - 1));
        const QString hint = QString::fromStdString(refused.error().hint);
        QVERIFY2(hint.startsWith(u"allow %1 or give "_s.arg(fewest)), qPrintable(hint));
        request.budget.amount = hint.section(u' ', -2, -2).toDouble();
        QVERIFY2(request.budget.amount > kBudget, qPrintable(hint));
        QVERIFY(search(request).has_value());
        request.budget.amount -= 0.02;
        QVERIFY(!search(request));
    }

    void anotherLimitLaterNeedsNoMeasurement()
    {
        const Graph &graph = m_session->model().graph;
        const int limit = chosenOf(m_free).costs.conversions / 2;
        const auto later = searchWithin(m_free, graph, kBudget, limit);
        QVERIFY2(later.has_value(), later ? "" : later.error().message().c_str());
        QCOMPARE(frontText(*later), frontText(*limited(limit)));
        const auto back = searchWithin(*later, graph, kBudget, std::nullopt);
        QVERIFY(back.has_value());
        QCOMPARE(searchToJson(*back), searchToJson(m_free));
        const auto cheaper = searchWithin(m_free, graph, kBudget - 1, std::nullopt);
        QVERIFY(cheaper.has_value());
        QVERIFY(chosenOf(*cheaper).costs.averageBits <= kBudget - 1);
        PrecisionSearchResult old = m_free; // of a version that kept no edges
        old.edges.clear();
        QCOMPARE(frontText(*searchWithin(old, graph, kBudget, limit)), frontText(*later));
        const CancelToken cancel;
        cancel.cancel();
        QCOMPARE(searchWithin(m_free, graph, kBudget, limit, cancel).error().code, ErrorCode::Cancelled);
        QCOMPARE(searchWithin(m_free, graph, kBudget, 0).error().code, ErrorCode::Usage);
        QCOMPARE(searchWithin(m_free, graph, 2, std::nullopt).error().code, ErrorCode::Usage);
        QCOMPARE(searchWithin(m_free, Graph(), kBudget, limit).error().code, ErrorCode::BadInput);
    }

    void whatWasMeasuredStaysWithItsSelection()
    {
        const Graph &graph = m_session->model().graph;
        PrecisionSearchResult measured = m_free;
        measured.front[static_cast<size_t>(measured.chosen)].measured = PointMeasurement{23, 0.25, 0.0625, 87.5, 20, 55, {33, 75}};
        measured.front.back().measured = PointMeasurement{23, 0, 0, 100, 20, 60, {40, 80}}; // all float: no conversion
        measured.uniform.front().measured = PointMeasurement{23, 0.125, 0.0625, 90, 20, 57, {35, 77}};
        const int limit = chosenOf(m_free).costs.conversions / 2;
        const auto later = searchWithin(measured, graph, kBudget, limit);
        QVERIFY(later.has_value());
        QVERIFY(!chosenOf(*later).measured); // another selection
        QVERIFY(later->front.back().measured && later->front.back().measured->top1 == 60);
        QVERIFY(later->uniform.front().measured && later->uniform.front().measured->kl == 0.125);
        QCOMPARE(later->measuredElsewhere.size(), size_t{1});
        // Through a file and back it is there again.
        const auto read = parseSearch(searchToJson(*later), "later");
        QVERIFY2(read.has_value(), read ? "" : read.error().message().c_str());
        QCOMPARE(searchToJson(*read), searchToJson(*later));
        QCOMPARE(read->chosenBound, later->chosenBound);
        QCOMPARE(searchToJson(*searchWithin(*read, graph, kBudget, std::nullopt)), searchToJson(measured));
    }

    void filesOfEarlierVersionsAreReadAndDamagedOnesAreNot()
    {
        const auto found = limited(chosenOf(m_free).costs.conversions / 2);
        QVERIFY(found.has_value());
        auto old = nlohmann::ordered_json::parse(searchToJson(m_free));
        old.erase("conversion_edges");
        old.erase("measured_elsewhere");
        const auto read = parseSearch(old.dump(), "old.json");
        QVERIFY2(read.has_value(), read ? "" : read.error().message().c_str());
        QVERIFY(!read->mostConversions && read->edges.empty());
        QCOMPARE(read->wholeFront.size(), m_free.wholeFront.size());

        const auto whole = nlohmann::ordered_json::parse(searchToJson(*found));
        const auto refused = [&](auto damage) {
            auto json = whole;
            damage(json);
            const auto damaged = parseSearch(json.dump(), "damaged.json");
            return !damaged && damaged.error().code == ErrorCode::CorruptFile && damaged.error().where == "damaged.json";
        };
        QVERIFY(refused([](auto &json) { json.erase("conversion_edges"); }));
        QVERIFY(refused([](auto &json) { json["conversion_edges"] = 3; }));
        QVERIFY(refused([](auto &json) { json["conversion_edges"][0] = {1, 2}; }));
        QVERIFY(refused([](auto &json) { json["conversion_edges"][0] = {1, 100000, 1}; }));
        QVERIFY(refused([](auto &json) { json["conversion_edges"][0] = {2, 1, 1}; }));
        QVERIFY(refused([](auto &json) { json["conversion_edges"][0] = {-2, 1, 1}; }));
        QVERIFY(refused([](auto &json) { json["conversion_edges"][0] = {1, 2, 0}; }));
        QVERIFY(refused([](auto &json) { json["conversion_edges"][0] = {"a", 2, 1}; }));
        QVERIFY(refused([](auto &json) { json["budget"]["conversions"] = -1; }));
        QVERIFY(refused([](auto &json) { json["budget"]["conversions"] = 0; })); // no plan within the budget
        QVERIFY(refused([](auto &json) { json["measured_elsewhere"] = {{{"options", "4/4"}}}; }));
    }

    void aJobKeepsItsLimit()
    {
        JobRequest job;
        job.kind = JobRequest::Kind::Search;
        job.search = m_request;
        auto read = parseJob(jobToJson(job), "job");
        QVERIFY2(read.has_value(), read ? "" : read.error().message().c_str());
        QVERIFY(!read->search.mostConversions); // as in jobs of earlier versions
        job.search.mostConversions = 40;
        read = parseJob(jobToJson(job), "job");
        QVERIFY(read.has_value());
        QCOMPARE(read->search.mostConversions, std::optional(40));
        auto json = nlohmann::json::parse(jobToJson(job));
        json["search"]["conversions"] = -1;
        QCOMPARE(parseJob(json.dump(), "job").error().code, ErrorCode::CorruptFile);
    }

private:
    Result<PrecisionSearchResult> search(const PlanSearchRequest &request)
    {
        return m_session->searchPlans(request, {}, {}, {});
    }
    Result<PrecisionSearchResult> limited(int most)
    {
        PlanSearchRequest request = m_request;
        request.mostConversions = most;
        return search(request);
    }

    QTemporaryDir m_folder;
    PlanSearchRequest m_request;
    std::unique_ptr<Session> m_session;
    PrecisionSearchResult m_free;
};

QTEST_GUILESS_MAIN(TestConversionSearch)
#include "tst_conversion_search.moc"
