// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line measures: calibration, errors, sensitivity, attention, searches.
#include "tests/app/cli_fixture.h"

#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>

using nlohmann::json;
using namespace quantoscope::testing;
using namespace Qt::StringLiterals;

class TestCliMeasures : public CliTest {
    Q_OBJECT

private Q_SLOTS:
    void calibrateWritesARunFileThatH5dumpReads()
    {
        if (m_deit.isEmpty() || m_images.isEmpty())
            QSKIP("needs DeiT-T and ImageNet images (set QUANTOSCOPE_DATA)");
        const QString file = m_folder.filePath(u"run.h5"_s);
        const QString plan = m_folder.filePath(u"plan.json"_s);
        QVERIFY(writeFile(
            plan,
            R"({"rules": [{"tap": "blocks.3.attn.scores", "bits": 6}, {"role": "logits", "bits": "float"}]})"));
        QStringList arguments = quantized(
            {u"--plan"_s, plan, u"--ptf"_s, u"--lis"_s, u"--limit"_s, u"2"_s, u"--out"_s, file, u"--json"_s});
        arguments[0] = u"calibrate"_s;
        const Outcome outcome = run(arguments);
        VERIFY_CODE(outcome, kSuccess);
        QVERIFY(QFile::exists(file));
        const json result = outcome.parsed();
        QCOMPARE(result["bits"].get<std::string>(), std::string("8/8/4")); // --lis: 4-bit attention
        QVERIFY(!result.contains("top1"));                                 // no evaluation
        bool scores = false;
        bool logits = false;
        for (const json &tap : result["taps"]) {
            if (tap["tap"] == "blocks.3.attn.scores")
                scores = tap["bits"] == 6;
            if (tap["tap"] == "head")
                logits = tap["quantizer"] == "none";
        }
        QVERIFY2(scores && logits, "the plan was not applied");

        const QString h5dump = QStandardPaths::findExecutable(u"h5dump"_s);
        if (h5dump.isEmpty())
            QSKIP("h5dump is not installed");
        QProcess dump;
        dump.start(h5dump, {u"-n"_s, file});
        QVERIFY(dump.waitForFinished(kPatience));
        QCOMPARE(dump.exitCode(), 0);
        const QString contents = QString::fromUtf8(dump.readAllStandardOutput());
        QVERIFY2(contents.contains(u"blocks.3.attn.scores"_s), qPrintable(contents.left(2000)));
    }

    void aCalibrationSaysWhenItConvergedAndHowStableItIs()
    {
        const QString file = m_folder.filePath(u"stability.h5"_s);
        QStringList arguments = demoArguments() + QStringList{u"--recipe"_s, u"minmax"_s};
        arguments[0] = u"calibrate"_s;
        const Outcome text = run(arguments + QStringList{u"--bootstrap"_s, u"30"_s, u"--out"_s, file});
        VERIFY_CODE(text, kSuccess);
        QVERIFY2(text.out.contains(u"Stability: over 30 calibrations"_s) && text.out.contains(u"Ranges: "_s),
                 text.text().constData());
        const Outcome outcome = run(arguments + QStringList{u"--bootstrap"_s, u"0"_s, u"--json"_s});
        VERIFY_CODE(outcome, kSuccess);
        const json without = outcome.parsed();
        QVERIFY(!without["calibration"].contains("resampled"));
        QVERIFY(without["calibration"]["observed_taps"].get<int>() > 20);
        const json whole = run(arguments + QStringList{u"--bootstrap"_s, u"30"_s, u"--json"_s}).parsed();
        QCOMPARE(whole["calibration"]["resampled"]["samples"].get<int>(), 30);
        int bands = 0;
        for (const json &tap : whole["taps"])
            if (tap.contains("resampled")) {
                QVERIFY(tap["resampled"]["low"][0] <= tap["resampled"]["low"][1]);
                QVERIFY(tap["resampled"]["relative_width"].get<double>() >= 0);
                ++bands;
            }
        QVERIFY(bands > 20);
        const auto plotted = [&](const QStringList &view) {
            const QString csv = m_folder.filePath(u"view.csv"_s);
            const Outcome drawn = run(QStringList{u"plot"_s, file, u"--out"_s, csv, u"--view"_s} + view);
            QFile written(csv);
            return drawn.code == kSuccess && written.open(QIODevice::ReadOnly) ? written.readAll() : drawn.text();
        };
        QVERIFY(plotted({u"calibration"_s}).startsWith("tap,images,batch_minimum"));
        QVERIFY(plotted({u"stability"_s}).contains("band_percent"));
        const QByteArray tokens = plotted({u"channels"_s, u"--along"_s, u"tokens"_s, u"--tap"_s, u"blocks.0.norm1"_s});
        QVERIFY2(tokens.contains("class token"), tokens.constData());
        VERIFY_CODE(run({u"plot"_s, file, u"--view"_s, u"error"_s, u"--along"_s, u"heads"_s, u"--out"_s, u"x.csv"_s}), kBadUsage);
    }

    void analyzePrintsTheErrorOfEachTap()
    {
        if (m_deit.isEmpty() || m_images.isEmpty())
            QSKIP("needs DeiT-T and ImageNet images (set QUANTOSCOPE_DATA)");
        QStringList arguments = quantized({u"--limit"_s, u"4"_s, u"--analysis-images"_s, u"4"_s, u"--json"_s});
        arguments[0] = u"analyze"_s;
        const Outcome outcome = run(arguments);
        VERIFY_CODE(outcome, kSuccess);
        const json result = outcome.parsed();
        int measured = 0;
        for (const json &tap : result["taps"]) {
            if (tap.contains("isolated"))
                ++measured;
            if (tap["tap"] == "blocks.0.attn.proj") {
                QVERIFY(tap["isolated"]["sqnr_db"].get<double>() > 10);
                QVERIFY(tap["cumulative"]["cosine"].get<double>() > 0.9);
            }
        }
        QVERIFY(measured > 100);
    }

    void analyzeNamesTheImagesAndChannelsBehindAnError()
    {
        QStringList arguments = demoArguments()
            + QStringList{u"--recipe"_s, u"minmax"_s, u"--analysis-images"_s, u"8"_s, u"--json"_s};
        arguments[0] = u"analyze"_s;
        const json result = run(arguments).parsed();
        int named = 0;
        for (const json &tap : result["taps"]) {
            if (!tap.contains("worst_images"))
                continue;
            ++named;
            QCOMPARE(tap["worst_images"].size(), size_t{5});
            double share = 1;
            for (const json &image : tap["worst_images"]) {
                QVERIFY(image["image"].get<std::string>().find(".png") != std::string::npos);
                QVERIFY(image["share_of_error"].get<double>() <= share && image["share_of_error"].get<double>() > 0);
                share = image["share_of_error"].get<double>();
            }
            QVERIFY(tap["worst_channels"][0]["sqnr_db"].is_number());
        }
        QVERIFY(named > 20);
    }

    void sensitivityIsStoredPrintedAndExported()
    {
        QStringList arguments = demoArguments() + QStringList{u"--recipe"_s, u"minmax"_s, u"--bits"_s, u"4/4/4"_s,
                                                              u"--sensitivity-images"_s, u"12"_s};
        arguments[0] = u"sensitivity"_s;
        const QString file = m_folder.filePath(u"sensitivity.h5"_s);
        const Outcome outcome = run(arguments + QStringList{u"--level"_s, u"block"_s, u"--kind"_s,
                                                            u"only-this,all-but-this"_s, u"--out"_s, file});
        VERIFY_CODE(outcome, kSuccess);
        QVERIFY(outcome.out.contains(u"block 3"_s) && outcome.out.contains(u"everything"_s));
        // The cost stands before the work, and progress counts passes, not images.
        QVERIFY2(outcome.err.contains(u"measurements on 12 images"_s)
                     && outcome.err.indexOf(u"passes over them"_s) < outcome.err.indexOf(u"calibrate"_s),
                 outcome.text().constData());
        QVERIFY2(QRegularExpression(u"sensitivity +\\d+ / \\d+ passes"_s).match(outcome.err).hasMatch(),
                 outcome.text().constData());
        const QString picture = m_folder.filePath(u"sensitivity.svg"_s);
        VERIFY_CODE(run({u"plot"_s, file, u"--view"_s, u"sensitivity"_s, u"--out"_s, picture}), kSuccess);
        QVERIFY(QFileInfo(picture).size() > 5000);
        const QString csv = m_folder.filePath(u"sensitivity.csv"_s);
        VERIFY_CODE(run(arguments + QStringList{u"--level"_s, u"type"_s, u"--options"_s, u"own,8/8"_s, u"--out"_s, csv}),
                    kSuccess);
        QFile table(csv);
        QVERIFY(table.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = table.readAll().trimmed().split('\n');
        QVERIFY(lines.front().startsWith("operator,kind,part,weight_bits,activation_bits,kl,"));
        QCOMPARE(lines.size() % 2, 1); // each type at two precisions
        VERIFY_CODE(run(arguments + QStringList{u"--options"_s, u"9/9"_s}), kBadUsage);
    }

    void analyzeMeasuresSensitivityAndAttentionToo()
    {
        QStringList arguments = demoArguments() + QStringList{u"--recipe"_s, u"minmax"_s, u"--analysis-images"_s, u"4"_s,
                                                              u"--sensitivity"_s, u"block"_s, u"--sensitivity-images"_s,
                                                              u"8"_s, u"--attention"_s, demoImage(), u"--json"_s};
        arguments[0] = u"analyze"_s;
        const QString file = m_folder.filePath(u"analysis.h5"_s);
        const Outcome outcome = run(arguments + QStringList{u"--out"_s, file});
        VERIFY_CODE(outcome, kSuccess);
        QVERIFY(outcome.parsed()["sensitivity"]["rows"].size() >= 4);
        for (const char *view : {"sensitivity", "attention"}) {
            const QString picture = m_folder.filePath(QLatin1String(view) + u".png"_s);
            VERIFY_CODE(run({u"plot"_s, file, u"--view"_s, QLatin1String(view), u"--out"_s, picture}), kSuccess);
        }
    }

    void attentionDrawsAMapAndSaysWhatItIs()
    {
        QStringList arguments = demoArguments() + QStringList{u"--recipe"_s, u"minmax"_s, u"--lis"_s, u"--image"_s, demoImage()};
        arguments[0] = u"attention"_s;
        const QString picture = m_folder.filePath(u"map.png"_s);
        const Outcome outcome = run(arguments + QStringList{u"--block"_s, u"2"_s, u"--head"_s, u"1"_s, u"--out"_s, picture});
        VERIFY_CODE(outcome, kSuccess);
        QVERIFY2(outcome.out.contains(u"blocks.2.attn.softmax"_s) && outcome.out.contains(u"class token"_s),
                 outcome.text().constData());
        QVERIFY(QFileInfo(picture).size() > 5000);
        VERIFY_CODE(run(arguments + QStringList{u"--block"_s, u"99"_s}), kFailed);
        VERIFY_CODE(run(arguments + QStringList{u"--head"_s, u"99"_s}), kFailed);
        QStringList missing = arguments;
        missing.last() = u"/nowhere/x.png"_s;
        const Outcome failed = run(missing);
        VERIFY_CODE(failed, kFailed);
        QVERIFY(failed.err.contains(u"/nowhere/x.png"_s));
    }

    void tinynnReportsStandInTheirOwnForm()
    {
        QStringList arguments = demoArguments() + QStringList{u"--recipe"_s, u"tinynn-int8"_s, u"--analysis-images"_s,
                                                              u"4"_s, u"--tinynn"_s};
        arguments[0] = u"analyze"_s;
        const Outcome layer = run(arguments + QStringList{u"layer"_s, u"--metric"_s, u"sqnr"_s, u"--worst"_s, u"3"_s});
        VERIFY_CODE(layer, kSuccess);
        QVERIFY2(layer.out.contains(u"Quantization error report:"_s) && layer.out.contains(u"Weights (sqnr sorted 3):"_s)
                     && layer.out.count(u" sqnr: "_s) == 6,
                 layer.text().constData());
        const Outcome graph = run(arguments + QStringList{u"graph"_s});
        VERIFY_CODE(graph, kSuccess);
        QVERIFY2(!graph.out.contains(u"Weights ("_s) && graph.out.contains(u"Activations (cosine, in network order):"_s),
                 graph.text().constData());
    }

    void checkSaysWhatIsWrongAndFailsWhenItIsAProblem()
    {
        const QString demo = QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/demo/");
        const QStringList healthy
            = {u"check"_s, u"--weights"_s, demo + u"demo_vit.safetensors"_s, u"--data"_s, demo + u"images"_s};
        const Outcome good = run(healthy + QStringList{u"--recipe"_s, u"minmax"_s, u"--calibration-count"_s, u"60"_s});
        VERIFY_CODE(good, kSuccess);
        QVERIFY2(good.out.contains(u"ok       Preprocessing is as published"_s), good.text().constData());
        QVERIFY2(good.err.contains(u"check "_s), good.text().constData()); // progress
        const Outcome bad = run(healthy + QStringList{u"--json"_s, u"--mean"_s, u"0"_s, u"0"_s, u"0"_s, u"--std"_s,
                                                      u"1"_s, u"1"_s, u"1"_s});
        VERIFY_CODE(bad, kFailed);
        const json report = bad.parsed();
        QVERIFY2(report.is_object(), bad.text().constData());
        QCOMPARE(report.value("severity", ""), std::string("problem"));
        const json first = report["findings"][0];
        QCOMPARE(first.value("id", ""), std::string("cause.normalization"));
        QCOMPARE(first["values"].value("mean", ""), std::string("0.5 0.5 0.5"));
        QVERIFY(first["values"].value("p", 1.0) < 0.01);
        for (const char *field : {"title", "detail", "advice", "severity"})
            QVERIFY2(!first.value(field, "").empty(), field);
        QVERIFY(report.value("top1_low", 0.0) < report.value("top1", 0.0));
        VERIFY_CODE(run(healthy + QStringList{u"--out"_s, u"x.h5"_s}), kBadUsage);
    }

    void aSearchWritesPlansThatEvaluateTakes()
    {
        const QString folder = m_folder.filePath(u"plans"_s);
        QStringList arguments = demoArguments();
        arguments[0] = u"search"_s;
        arguments.removeAt(1); // the weights may stand by themselves
        arguments += {u"--recipe"_s, u"least-error"_s, u"--images"_s, u"6"_s};
        const Outcome outcome = run(arguments + QStringList{u"--budget"_s, u"5bits"_s, u"--evaluate"_s, u"1"_s,
                                                            u"--limit"_s, u"30"_s, u"--out"_s, folder});
        VERIFY_CODE(outcome, kSuccess);
        QVERIFY2(outcome.err.contains(u"measurements on 6 images"_s), outcome.text().constData()); // before it starts
        for (const char *shown : {"bits *", "uniform 4", "conversions", "predicted KL", "GBOPs", "weights MB", "95 %"})
            QVERIFY2(outcome.out.contains(QLatin1String(shown)), outcome.text().constData());
        const QStringList files = QDir(folder).entryList(QDir::Files);
        for (const QString &file : {u"search.json"_s, u"points.csv"_s, u"front.csv"_s, u"uniform-8.json"_s})
            QVERIFY2(files.contains(file), qPrintable(files.join(u' ')));
        const QStringList plans = QDir(folder).entryList({u"*-bits.json"_s}, QDir::Files);
        QCOMPARE(plans.size(), 1);

        QFile file(QDir(folder).filePath(u"search.json"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const json result = json::parse(file.readAll().toStdString());
        const json &chosen = result["front"][result["chosen"].get<size_t>()];
        QVERIFY(chosen["average_bits"].get<double>() <= 5);
        QStringList evaluate = demoArguments();
        evaluate += {u"--recipe"_s, u"least-error"_s, u"--limit"_s, u"30"_s, u"--json"_s, u"--plan"_s,
                     QDir(folder).filePath(plans.front())};
        const Outcome evaluated = run(evaluate);
        VERIFY_CODE(evaluated, kSuccess);
        QCOMPARE(evaluated.parsed()["top1"].get<double>(), chosen["measured"]["top1"].get<double>());

        // The measurements serve another budget, and the result can be drawn.
        const QString searched = QDir(folder).filePath(u"search.json"_s);
        const Outcome again = run(arguments + QStringList{u"--budget"_s, u"400kB"_s, u"--from"_s, searched, u"--json"_s});
        VERIFY_CODE(again, kSuccess);
        QVERIFY2(again.err.contains(u"0 measurements"_s), again.text().constData());
        QCOMPARE(again.parsed()["budget"]["resource"].get<std::string>(), std::string("weight-bytes"));
        const int free = chosen["conversions"].get<int>();
        const QStringList few = arguments + QStringList{u"--budget"_s, u"5bits"_s, u"--from"_s, searched, u"--conversions"_s};
        const Outcome limited = run(few + QStringList{QString::number(free - 1), u"--json"_s});
        VERIFY_CODE(limited, kSuccess);
        const json within = limited.parsed();
        QCOMPARE(within["budget"]["conversions"].get<int>(), free - 1);
        QVERIFY(within["front"][within["chosen"].get<size_t>()]["conversions"].get<int>() < free);
        const Outcome told = run(few + QStringList{QString::number(free - 1)});
        QVERIFY2(told.out.contains(u"within budget and %1 conversions"_s.arg(free - 1)), told.text().constData());
        const Outcome none = run(few + QStringList{u"0"_s});
        VERIFY_CODE(none, kBadUsage);
        QVERIFY2(none.err.contains(u"at most 0 conversions are too few"_s) && none.err.contains(u"allow "_s), none.text().constData());
        const QString picture = m_folder.filePath(u"pareto.svg"_s);
        VERIFY_CODE(run({u"plot"_s, searched, u"--view"_s, u"pareto"_s, u"--out"_s, picture}), kSuccess);
        QVERIFY(QFileInfo(picture).size() > 1000);
        const Outcome other = run(arguments + QStringList{u"--bits"_s, u"6/6/6"_s, u"--budget"_s, u"5bits"_s, u"--from"_s, searched});
        VERIFY_CODE(other, kFailed);
        QVERIFY2(other.err.contains(u"least-error 8/8/8"_s), other.text().constData());
    }
};

QTEST_GUILESS_MAIN(TestCliMeasures)
#include "tst_cli_measures.moc"
