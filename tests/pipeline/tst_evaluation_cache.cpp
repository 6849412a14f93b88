// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluations that start where a plan changed something, against whole ones.
#include "core/pipeline/session.h"
#include "tests/pipeline/tiny_model.h"
#include "tests/support/test_data.h"

#include <QTemporaryDir>
#include <QTest>

using namespace quantoscope;
using namespace Qt::StringLiterals;

class TestEvaluationCache : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QUANTOSCOPE_NEED_TINY_MODEL(m_weights, m_folder);
    }

    void everyChangeOfPlanGivesTheLogitsOfAWholeRun_data()
    {
        QTest::addColumn<qint64>("bytes");
        QTest::addColumn<bool>("lis");
        QTest::newRow("everything kept") << (qint64{1} << 30) << false;
        QTest::newRow("everything kept, PTF and LIS") << (qint64{1} << 30) << true;
        QTest::newRow("few cuts kept") << qint64{200'000} << true;
        QTest::newRow("nothing kept") << qint64{1} << false;
    }

    void everyChangeOfPlanGivesTheLogitsOfAWholeRun()
    {
        QFETCH(const qint64, bytes);
        QFETCH(const bool, lis);
        RunRequest request = testing::tinyRequest(m_weights, m_folder.path());
        request.evaluateFloat = false;
        request.quantization.ptf = request.quantization.lis = lis;
        const auto keeping = Session::open(request.model).value();
        keeping->keepEvaluation(bytes);
        const auto whole = Session::open(request.model).value();
        int started = 0;
        const char *plans[] = {
            "", R"({"tap": "blocks.1.mlp.fc2", "bits": "float"})", R"({"tap": "blocks.1.mlp.fc2.weight", "bits": 4})",
            R"({"tap": "blocks.1.attn.softmax", "bits": "float"})", R"({"tap": "blocks.1.norm1", "bits": "float"})",
            R"({"tap": "blocks.0.attn.qkv.weight", "bits": 4})", R"({"tap": "head.weight", "bits": 4})",
            R"({"tap": "input", "bits": "float"})", "", ""};
        for (const char *rule : plans) {
            request.quantization.planJson = *rule ? std::string(R"({"rules": [)") + rule + "]}" : std::string();
            const auto own = keeping->run(request, {}, {});
            const auto reference = whole->run(request, {}, {});
            QVERIFY2(own && reference, own ? "" : own.error().message().c_str());
            QVERIFY2(own->result->logits == reference->result->logits, rule);
            const bool reused = own->environment.count("evaluation_started_at") == 1;
            started += reused;
            QCOMPARE(own->result->imagesPerSecond == 0, reused); // no speed of a pass that was not whole
            QVERIFY(reference->environment.count("evaluation_started_at") == 0);
        }
        qInfo("%d of %zu evaluations reused layers", started, std::size(plans));
        QVERIFY(bytes == 1 ? started == 0 : started >= 4);
    }

    void otherImagesOrBatchesForgetEverything()
    {
        RunRequest request = testing::tinyRequest(m_weights, m_folder.path());
        request.evaluateFloat = false;
        const auto session = Session::open(request.model).value();
        session->keepEvaluation(qint64{1} << 30);
        QVERIFY(session->run(request, {}, {}));
        for (const int change : {0, 1, 2}) {
            if (change == 1)
                request.batch = 5;
            else if (change == 2)
                request.data.limit = 10;
            const auto run = session->run(request, {}, {});
            QVERIFY(run.has_value());
            QCOMPARE(run->environment.count("evaluation_started_at"), size_t(change == 0));
        }
    }

    void aCancelledEvaluationLeavesNothingWrongBehind()
    {
        RunRequest request = testing::tinyRequest(m_weights, m_folder.path());
        request.evaluateFloat = false;
        const auto session = Session::open(request.model).value();
        session->keepEvaluation(qint64{1} << 30);
        QVERIFY(session->run(request, {}, {}));
        request.quantization.planJson = R"({"rules": [{"tap": "blocks.0.mlp.gelu", "bits": "float"}]})";
        RunControl control;
        control.sink = [token = control.cancel](const Progress &progress) {
            if (progress.phase == "evaluate" && progress.done >= 8)
                token.cancel();
        };
        const auto stopped = session->run(request, control, {});
        QVERIFY(stopped.has_value() && !stopped->complete);
        for (const char *plan : {R"({"rules": [{"tap": "blocks.1.mlp.gelu", "bits": "float"}]})",
                                 R"({"rules": [{"tap": "blocks.0.mlp.gelu", "bits": "float"}]})"}) {
            request.quantization.planJson = plan;
            const auto own = session->run(request, {}, {});
            const auto whole = Session::open(request.model).value()->run(request, {}, {});
            QVERIFY(own && whole);
            QCOMPARE(own->result->logits, whole->result->logits);
        }
    }

private:
    std::string m_weights;
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestEvaluationCache)
#include "tst_evaluation_cache.moc"
