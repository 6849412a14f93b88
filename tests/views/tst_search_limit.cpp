// SPDX-License-Identifier: GPL-3.0-or-later
// The limit to conversions beside the plot of a search: keys change it, the answer comes without blocking the window.
#include "core/analysis/precision_operators.h"
#include "core/jobs/search_limiter.h"
#include "tests/views/sample_run.h"
#include "views/plots/pareto_plot.h"
#include "views/widgets/plots_panel.h"
#include "views/widgets/search_limit_box.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QSignalSpy>
#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace quantoscope;

namespace {

constexpr int kPatience = 30'000;

/// A search on the sample model whose losses are made up; its front is found by a SearchLimiter.
PrecisionSearchPtr unsolved(const OpenedModelPtr &model)
{
    auto result = std::make_shared<PrecisionSearchResult>();
    const Graph &graph = model->graph;
    std::vector<TapSetting> settings(graph.taps.size());
    for (size_t t = 0; t < settings.size(); ++t)
        if (!isView(graph.nodes[static_cast<size_t>(graph.taps[t].node)].op)) {
            settings[t].quantizer = QuantizerKind::Uniform;
            settings[t].bits = 8;
        }
    result->model = model->info.name;
    result->modelSha256 = model->info.sha256;
    result->request.recipe = "minmax";
    result->budget = {Resource::AverageBits, 5};
    result->levels = {0, 8, 6, 4, 3};
    result->operators = precisionOperators(graph, settings, false);
    for (size_t t = 0; t < settings.size(); ++t) {
        result->tapPaths.push_back(graph.taps[t].path);
        result->recipeBits.push_back(settings[t].isQuantized() ? 8 : 0);
    }
    double scale = 1;
    for (const PrecisionOperator &op : result->operators)
        for (const auto &[part, taps] : {std::pair(SensitivityPart::Weights, &op.weightTaps),
                                         std::pair(SensitivityPart::Activations, &op.activationTaps)}) {
            scale = scale > 50 ? 0.1 : 1.7 * scale;
            for (const int bits : {8, 6, 4, 3})
                if (!taps->empty())
                    result->table.rows.push_back({.operatorPath = op.name, .part = part, .option = {bits, bits},
                                                  .kl = scale * std::pow(4.0, -bits)});
        }
    return result;
}

} // namespace

class TestSearchLimit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_model = sample::model();
        SearchLimiter limiter;
        QSignalSpy solved(&limiter, &SearchLimiter::solved);
        QSignalSpy refused(&limiter, &SearchLimiter::refused);
        limiter.solve(unsolved(m_model), m_model, 5, std::nullopt);
        QTRY_VERIFY_WITH_TIMEOUT(!solved.empty() || !refused.empty(), kPatience);
        QVERIFY2(refused.empty(), refused.empty() ? "" : refused[0][0].value<Error>().message().c_str());
        auto result = std::make_shared<PrecisionSearchResult>(*solved[0][0].value<PrecisionSearchPtr>());
        const auto chosen = static_cast<size_t>(result->chosen);
        m_free = result->front[chosen].costs.conversions;
        QVERIFY(m_free > 20);
        result->front[chosen].measured = PointMeasurement{650, 0.5, 0.1, 80, 650, 70, {66, 74}};
        result->front.back().measured = PointMeasurement{650, 0, 0, 100, 650, 72, {68, 76}};
        m_search = result;
    }

    void theBoxSaysWhyItCannotBeAsked()
    {
        PlotsPanel panel;
        auto *box = panel.findChild<SearchLimitBox *>();
        QVERIFY(box && !box->isEnabled() && box->toolTip().contains(QStringLiteral("Search")));
        panel.setSearch(m_search);
        QVERIFY(!box->isEnabled() && box->toolTip().contains(QStringLiteral("checkpoint")));
        auto other = std::make_shared<OpenedModel>(*m_model);
        other->info.sha256 = std::string(64, 'b');
        panel.setSearchModel(other);
        QVERIFY(!box->isEnabled());
        panel.setSearchModel(m_model);
        QVERIFY(box->isEnabled());
        QCOMPARE(box->value(), kNoLimit);
        QVERIFY(!box->accessibleName().isEmpty() && box->text().contains(QStringLiteral("conversions")));
        auto limited = std::make_shared<PrecisionSearchResult>(*m_search);
        limited->mostConversions = 33;
        panel.setSearch(limited);
        QCOMPARE(box->value(), 33);
    }

    void stepsSolveTheSearchAgainWithoutBlockingTheWindow()
    {
        PlotsPanel panel;
        panel.resize(1100, 700);
        panel.setSearchModel(m_model);
        panel.setSearch(m_search);
        panel.bringToFront(QStringLiteral("pareto"));
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        auto *box = panel.findChild<SearchLimitBox *>();
        QSignalSpy limited(&panel, &PlotsPanel::searchLimited);
        const auto step = [&](Qt::Key key) {
            QElapsedTimer timer;
            timer.start();
            QTest::keyClick(box, key);
            return timer.elapsed();
        };
        box->setFocus();
        QVERIFY(step(Qt::Key_Down) < 16 * 4); // 16 ms on a machine by itself
        QCOMPARE(box->value(), m_free - 1);   // from no limit to one less than there are
        QTRY_VERIFY_WITH_TIMEOUT(limited.count() == 1, kPatience);
        const PrecisionSearchPtr &shown = panel.searchPlot()->result();
        QCOMPARE(shown->mostConversions, std::optional(m_free - 1));
        QCOMPARE(panel.searchPlot()->markedPoint(), shown->chosen);
        for (const PrecisionPoint &point : shown->front)
            QVERIFY(point.costs.conversions < m_free);
        // Measured is what was measured: the selection of float is the same, the chosen one is another.
        QVERIFY(!shown->front[static_cast<size_t>(shown->chosen)].measured);
        QVERIFY(shown->front.back().measured);
        // Ten quick steps are one question more, or two.
        for (int i = 0; i < 10; ++i)
            QVERIFY(step(Qt::Key_Down) < 16 * 4);
        QTRY_VERIFY_WITH_TIMEOUT(panel.searchPlot()->result()->mostConversions == std::optional(m_free - 11), kPatience);
        QVERIFY(limited.count() <= 4);
        // Back to any number: what was measured is there again.
        box->setValue(kNoLimit);
        QTRY_VERIFY_WITH_TIMEOUT(!panel.searchPlot()->result()->mostConversions, kPatience);
        const PrecisionSearchPtr back = panel.searchPlot()->result();
        QVERIFY(back->front[static_cast<size_t>(back->chosen)].measured);
        QCOMPARE(back->front.size(), m_search->front.size());
    }

    void anImpossibleLimitIsRefusedAndTheOldOneStays()
    {
        PlotsPanel panel;
        panel.setSearchModel(m_model);
        panel.setSearch(m_search);
        auto *box = panel.findChild<SearchLimitBox *>();
        QSignalSpy refused(&panel, &PlotsPanel::searchRefused);
        box->setValue(0);
        QTRY_COMPARE_WITH_TIMEOUT(refused.count(), 1, kPatience);
        const Error error = refused[0][0].value<Error>();
        QVERIFY2(error.what.find("too few") != std::string::npos && !error.hint.empty(), error.message().c_str());
        QCOMPARE(box->value(), kNoLimit);
        QCOMPARE(panel.searchPlot()->result(), m_search);
    }

    void enterMakesTheMarkedPointThePlanOnceItIsThere()
    {
        PlotsPanel panel;
        panel.setSearchModel(m_model);
        panel.setSearch(m_search);
        panel.bringToFront(QStringLiteral("pareto"));
        panel.show();
        auto *box = panel.findChild<SearchLimitBox *>();
        QSignalSpy opened(&panel, &PlotsPanel::searchPointOpened);
        box->setFocus();
        box->selectAll();
        QTest::keyClicks(box, QString::number(m_free / 2));
        QCOMPARE(panel.searchPlot()->result(), m_search); // not before the number is complete
        QTest::keyClick(box, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, kPatience);
        const PrecisionSearchPtr &shown = panel.searchPlot()->result();
        QCOMPARE(shown->mostConversions, std::optional(m_free / 2));
        QCOMPARE(opened[0][0].toInt(), shown->chosen);
        QTest::keyClick(box, Qt::Key_Return); // nothing is awaited: at once
        QCOMPARE(opened.count(), 2);
    }

    void theDraggedBudgetHoldsForTheNewLimit()
    {
        ParetoPlot plot;
        plot.setResult(m_search);
        QCOMPARE(plot.wantedAmount(), 5.0);
        auto bytes = std::make_shared<PrecisionSearchResult>(*m_search);
        bytes->budget = {Resource::WeightBytes, 3e6};
        plot.setResult(bytes);
        QCOMPARE(plot.wantedAmount(), 3e6);
        plot.setResult(nullptr);
        QCOMPARE(plot.wantedAmount(), 0.0);
    }

    void onlyTheLastQuestionIsAnswered()
    {
        SearchLimiter limiter;
        QSignalSpy solved(&limiter, &SearchLimiter::solved);
        QSignalSpy refused(&limiter, &SearchLimiter::refused);
        for (int limit = m_free - 8; limit < m_free; ++limit)
            limiter.solve(m_search, m_model, 5, limit);
        QTRY_VERIFY_WITH_TIMEOUT(limiter.isIdle(), kPatience);
        QCOMPARE(solved.count(), 1);
        QCOMPARE(refused.count(), 0);
        QCOMPARE(solved[0][0].value<PrecisionSearchPtr>()->mostConversions, std::optional(m_free - 1));
        limiter.solve(m_search, m_model, 5, m_free - 2);
        limiter.forget();
        QTRY_VERIFY_WITH_TIMEOUT(limiter.isIdle(), kPatience);
        QCOMPARE(solved.count() + refused.count(), 1);
        QElapsedTimer timer;
        timer.start();
        { // destroyed in the middle of its work
            SearchLimiter soon;
            soon.solve(m_search, m_model, 5, m_free / 2);
        }
        QVERIFY(timer.elapsed() < 3000);
    }

private:
    OpenedModelPtr m_model;
    PrecisionSearchPtr m_search;
    int m_free = 0; ///< conversions of the chosen point without a limit
};

QTEST_MAIN(TestSearchLimit)
#include "tst_search_limit.moc"
