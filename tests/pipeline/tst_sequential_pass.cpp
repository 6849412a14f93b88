// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that stop when they are decided, and plans from a precision search, on the embedded demo.
#include "app/demo/demo_assets.h"
#include "core/analysis/conversion_edges.h"
#include "core/analysis/run_comparison.h"
#include "core/io/run_file.h"
#include "core/pipeline/precision_plan.h"
#include "core/pipeline/session.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <set>

using namespace quantoscope;

using namespace Qt::StringLiterals;

namespace {

std::set<std::string> pathsOf(const RunRecord &run)
{
    std::set<std::string> paths;
    for (const ImageItem &item : run.images.items)
        paths.insert(item.path);
    return paths;
}

} // namespace

class TestSequentialPass : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        qputenv("XDG_CACHE_HOME", m_folder.filePath(u"cache"_s).toUtf8());
        const auto assets = unpackDemo();
        QVERIFY(assets.has_value());
        m_assets = *assets;
        auto session = Session::open(demoRequest(m_assets).model);
        QVERIFY2(session.has_value(), session ? "" : session.error().message().c_str());
        m_session = std::move(*session);
        const auto all = run(coarse());
        QVERIFY2(all.has_value(), all ? "" : all.error().message().c_str());
        m_all = *all;
        m_baseline = m_folder.filePath(u"baseline.h5"_s).toStdString();
        RunRecord hashed = m_all;
        QVERIFY(hashImages(hashed, {}).has_value());
        QVERIFY(writeRunFile(hashed, m_baseline).has_value());
    }

    void aClearDifferenceEndsTheEvaluation()
    {
        RunRequest request = coarse();
        request.untilDecided = UntilDecided{};
        request.untilDecided->seed = 5;
        const auto decided = run(request);
        QVERIFY2(decided.has_value(), decided ? "" : decided.error().message().c_str());
        const SequentialRecord &record = decided->sequential;
        QCOMPARE(record.decision, Decision::Worse);
        QCOMPARE(record.against, std::string("float"));
        QCOMPARE(record.available, static_cast<int64_t>(m_all.images.items.size()));
        QVERIFY2(record.images < record.available, qPrintable(QString::number(record.images)));
        QVERIFY(record.pValue() <= 0.05 && record.seed == 5 && record.stoppedEarly);
        QVERIFY(decided->complete && decided->result->complete);
        // Both results are of the same images, and every one of them equals that of the whole evaluation.
        QCOMPARE(decided->result->count, record.images);
        QCOMPARE(decided->floatResult->count, record.images);
        const PairedComparison paired = comparePaired(*decided->floatResult, *decided->result);
        QCOMPARE(paired.common, record.images);
        QCOMPARE(paired.lost, record.lost);
        QCOMPARE(paired.gained, record.gained);
        for (const RunSide side : {RunSide::Float, RunSide::Quantized}) {
            const auto same = compareRuns(*decided, side, m_all, side);
            QVERIFY(same.has_value());
            QCOMPARE(same->paired.common, record.images);
            QVERIFY(same->divergence->maximum < 1e-3);
        }
        // The record keeps the order: all images, not sorted, the results of its beginning.
        QCOMPARE(pathsOf(*decided), pathsOf(m_all));
        QVERIFY(!std::equal(decided->images.items.begin(), decided->images.items.end(), m_all.images.items.begin(),
                            [](const ImageItem &a, const ImageItem &b) { return a.path == b.path; }));
        for (size_t i = 0; i < decided->result->images.size(); ++i) {
            QCOMPARE(decided->result->images[i].image, static_cast<int>(i));
            QCOMPARE(decided->result->images[i].label, decided->images.items[i].label);
        }
        const auto again = run(request);
        QVERIFY(std::equal(decided->images.items.begin(), decided->images.items.end(), again->images.items.begin(),
                           [](const ImageItem &a, const ImageItem &b) { return a.path == b.path; }));
        request.untilDecided->seed = 6;
        const auto other = run(request);
        QVERIFY(decided->images.items[0].path != other->images.items[0].path
                || decided->images.items[1].path != other->images.items[1].path);
    }

    void whatCannotBeDecidedUsesAllImagesAndSaysSo()
    {
        RunRequest request = coarse();
        request.quantization.bits = {8, 8, 8};
        request.untilDecided = UntilDecided{};
        const auto undecided = run(request);
        QVERIFY(undecided.has_value());
        QCOMPARE(undecided->sequential.decision, Decision::Undecided);
        QCOMPARE(undecided->sequential.images, static_cast<int64_t>(m_all.images.items.size()));
        QVERIFY(undecided->sequential.pValue() > 0.05 && !undecided->sequential.stoppedEarly);
        // With a margin as wide as that, the same predictions are equivalent.
        request.untilDecided->margin = 50;
        const auto equivalent = run(request);
        QCOMPARE(equivalent->sequential.decision, Decision::Equivalent);
        QVERIFY(equivalent->sequential.images < undecided->sequential.images);
    }

    void aBaselineFileTakesTheFloatModelsPlace()
    {
        RunRequest request = coarse();
        request.evaluateFloat = false;
        request.quantization.bits = {8, 8, 8};
        request.untilDecided = UntilDecided{};
        request.untilDecided->baseline = m_baseline;
        const auto better = run(request);
        QVERIFY2(better.has_value(), better ? "" : better.error().message().c_str());
        QCOMPARE(better->sequential.decision, Decision::Better);
        QCOMPARE(better->sequential.against, m_baseline);
        QVERIFY(!better->floatResult && better->result->count == better->sequential.images);
        const auto compared = compareRuns(m_all, RunSide::Own, *better, RunSide::Own);
        QCOMPARE(compared->paired.gained, better->sequential.gained);
        QCOMPARE(compared->paired.lost, better->sequential.lost);
        // A float run can be compared with a file, too.
        request.quantize = false;
        request.evaluateFloat = true;
        const auto floating = run(request);
        QCOMPARE(floating->sequential.decision, Decision::Better);
        QVERIFY(floating->floatResult && !floating->result);
        // The file holds the decision.
        const std::string file = m_folder.filePath(u"decided.h5"_s).toStdString();
        QVERIFY(writeRunFile(*better, file).has_value());
        QCOMPARE(readRunFile(file)->sequential.decision, Decision::Better);
    }

    void onlyImagesThatTheBaselineKnowsAreVisited()
    {
        RunRecord few = m_all;
        few.result->images.resize(10);
        few.result->logits.resize(10 * static_cast<size_t>(few.result->classes));
        const std::string file = m_folder.filePath(u"few.h5"_s).toStdString();
        QVERIFY(writeRunFile(few, file).has_value());
        RunRequest request = coarse();
        request.evaluateFloat = false;
        request.untilDecided = UntilDecided{};
        request.untilDecided->baseline = file;
        const auto run = this->run(request);
        QVERIFY(run.has_value());
        QCOMPARE(run->sequential.available, 10);
        QCOMPARE(run->images.items.size(), size_t{10});
        QCOMPARE(run->sequential.decision, Decision::Undecided); // the same predictions, but ten
        QCOMPARE(run->sequential.gained + run->sequential.lost, 0);
    }

    void anotherImageUnderTheSameNameIsRefused()
    {
        const QString copy = m_folder.filePath(u"changed"_s);
        std::filesystem::copy(m_assets.data, copy.toStdString(), std::filesystem::copy_options::recursive);
        const std::string &first = m_all.images.items[0].path;
        const QString changed = copy + u'/' + QString::fromStdString(first);
        QVERIFY(QFile::remove(changed));
        QVERIFY(QFile::copy(QString::fromStdString(m_assets.data + "/" + m_all.images.items[1].path), changed));
        RunRequest request = coarse();
        request.evaluateFloat = false;
        request.data.folder = copy.toStdString();
        request.data.limit = 20;
        request.untilDecided = UntilDecided{};
        request.untilDecided->baseline = m_baseline;
        const auto refused = run(request);
        QVERIFY(!refused);
        QVERIFY2(refused.error().where.find(first) != std::string::npos, refused.error().message().c_str());
    }

    void contradictingRequestsAreRefused()
    {
        const auto codeOf = [&](auto &&change) {
            RunRequest request = coarse();
            request.untilDecided = UntilDecided{};
            change(request);
            const auto refused = run(request);
            return refused ? -1 : static_cast<int>(refused.error().code);
        };
        constexpr auto usage = static_cast<int>(ErrorCode::Usage);
        QCOMPARE(codeOf([](RunRequest &r) { r.quantize = false; }), usage);
        QCOMPARE(codeOf([](RunRequest &r) { r.evaluate = false; }), usage);
        QCOMPARE(codeOf([](RunRequest &r) { r.untilDecided->alpha = 0; }), usage);
        QCOMPARE(codeOf([](RunRequest &r) { r.untilDecided->margin = 0; }), usage);
        QCOMPARE(codeOf([&](RunRequest &r) { r.untilDecided->baseline = m_baseline; }), usage); // and float, too
        QCOMPARE(codeOf([](RunRequest &r) {
                     r.evaluateFloat = false;
                     r.untilDecided->baseline = "/none.h5";
                 }),
                 static_cast<int>(ErrorCode::NotFound));
    }

    void aCancelledRunIsUndecidedAndHoldsPairs()
    {
        RunRequest request = coarse();
        request.quantization.bits = {8, 8, 8};
        request.batch = 5;
        request.untilDecided = UntilDecided{};
        RunControl control;
        control.sink = [token = control.cancel](const Progress &progress) {
            if (progress.phase == "evaluate" && progress.done >= 10)
                token.cancel();
        };
        const auto partial = m_session->run(request, control, {});
        QVERIFY(partial.has_value());
        QVERIFY(!partial->complete && !partial->result->complete);
        QCOMPARE(partial->sequential.decision, Decision::Undecided);
        QCOMPARE(partial->result->count, partial->floatResult->count);
        QCOMPARE(partial->result->count, partial->sequential.images);
        QVERIFY(partial->result->count < partial->sequential.available);
    }

    void aSelectionOfTheSearchBecomesAPlan()
    {
        const Graph &graph = m_session->model().graph;
        QuantizationRequest quantization;
        const auto settings = resolveSettings(graph, quantization, m_session->model().info.inputQuantized);
        const auto operators = precisionOperators(graph, *settings, true);
        // Per block: qkv, both products, proj, fc1, fc2; patch embedding and head; each a group.
        int matrix = 0;
        for (const PrecisionOperator &op : operators)
            matrix += op.weightMacs + op.activationMacs > 0;
        QCOMPARE(matrix, 5 * m_session->model().info.depth + 2);
        std::vector<PrecisionOption> options;
        for (size_t o = 0; o < operators.size(); ++o)
            options.push_back(o % 3 == 0   ? PrecisionOption{4, 6}
                              : o % 3 == 1 ? PrecisionOption{8, 8}
                                           : PrecisionOption{0, 0});
        const PrecisionPlan plan = precisionPlan("found", operators, options, PlannedTaps::of(graph, *settings));
        const auto read = parsePlan(planToJson(plan), "test");
        QVERIFY2(read.has_value(), read ? "" : read.error().message().c_str());
        quantization.planJson = planToJson(plan);
        const auto planned = resolveSettings(graph, quantization, m_session->model().info.inputQuantized);
        QVERIFY2(planned.has_value(), planned ? "" : planned.error().message().c_str());
        for (size_t o = 0; o < operators.size(); ++o) {
            const auto holds = [&](const std::vector<int> &taps, int bits) {
                return std::all_of(taps.begin(), taps.end(), [&](int tap) {
                    const TapSetting &setting = (*planned)[static_cast<size_t>(tap)];
                    return bits == 0 ? !setting.isQuantized() : setting.isQuantized() && setting.bits == bits;
                });
            };
            QVERIFY2(holds(operators[o].weightTaps, options[o].weightBits), operators[o].name.c_str());
            QVERIFY2(holds(operators[o].activationTaps, options[o].activationBits), operators[o].name.c_str());
        }
        QVERIFY(boundaryConversions(graph, *planned) > boundaryConversions(graph, *settings));
        // The recipe's own widths need no rule.
        options.assign(operators.size(), {8, 8});
        QVERIFY(precisionPlan("same", operators, options, PlannedTaps::of(graph, *settings)).rules.empty());
    }

private:
    /// Low bits, far from float.
    RunRequest coarse() const
    {
        RunRequest request = demoRequest(m_assets);
        request.analyze = false;
        request.quantization.ptf = false;
        request.quantization.lis = false;
        request.quantization.bits = {3, 3, 3};
        request.batch = 10;
        return request;
    }
    Result<RunRecord> run(const RunRequest &request) { return m_session->run(request, {}, {}); }

    QTemporaryDir m_folder;
    DemoAssets m_assets;
    std::unique_ptr<Session> m_session;
    RunRecord m_all; ///< the coarse run on all images
    std::string m_baseline;
};

QTEST_GUILESS_MAIN(TestSequentialPass)
#include "tst_sequential_pass.moc"
