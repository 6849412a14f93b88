// SPDX-License-Identifier: GPL-3.0-or-later
// The command line where something is wrong: exit codes, and messages that say what to do.
#include "tests/app/cli_fixture.h"

#include <QProcess>

#include <csignal>

using nlohmann::json;
using namespace quantoscope::testing;
using namespace Qt::StringLiterals;

class TestCliFailures : public CliTest {
    Q_OBJECT

private Q_SLOTS:
    void badUsageExitsWithTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        const QString evaluate = u"evaluate"_s;
        const QStringList named = {evaluate, u"--weights"_s, u"w.safetensors"_s, u"--data"_s, u"images"_s};
        QTest::newRow("nothing") << QStringList();
        QTest::newRow("unknown command") << QStringList{u"quantise"_s};
        QTest::newRow("unknown option") << named + QStringList{u"--nonsense"_s};
        QTest::newRow("weights missing") << QStringList{evaluate};
        QTest::newRow("inspect without a file") << QStringList{u"inspect"_s};
        QTest::newRow("value missing") << named + QStringList{u"--limit"_s};
        QTest::newRow("limit is no number") << named + QStringList{u"--limit"_s, u"many"_s};
        QTest::newRow("negative limit") << named + QStringList{u"--limit"_s, u"-1"_s};
        QTest::newRow("negative memory") << named + QStringList{u"--activation-memory"_s, u"-1"_s};
        QTest::newRow("zero threads") << named + QStringList{u"--threads"_s, u"0"_s};
        for (const char *bits : {"8/8", "8/8/8/8", "9/8/8", "8/1/8", "8/8/8x"})
            QTest::newRow(qPrintable(u"bits %1"_s.arg(QLatin1String(bits))))
                << named + QStringList{u"--recipe"_s, u"minmax"_s, u"--bits"_s, QLatin1String(bits)};
        QTest::newRow("ptf without a recipe") << named + QStringList{u"--ptf"_s};
        QTest::newRow("bits without a recipe") << named + QStringList{u"--bits"_s, u"8/8/8"_s};
        QTest::newRow("plan without a recipe") << named + QStringList{u"--plan"_s, u"p.json"_s};
        QTest::newRow("list and count")
            << named
                   + QStringList{
                       u"--recipe"_s, u"minmax"_s, u"--calibration-list"_s, u"l.txt"_s, u"--calibration-count"_s,
                       u"5"_s};
        QTest::newRow("calibrate without a recipe")
            << QStringList{u"calibrate"_s, u"--weights"_s, u"w"_s, u"--data"_s, u"d"_s};
        QTest::newRow("plot without a view") << QStringList{u"plot"_s, u"run.h5"_s, u"--out"_s, u"x.svg"_s};
        QTest::newRow("plot of an unknown view")
            << QStringList{u"plot"_s, u"run.h5"_s, u"--view"_s, u"pie"_s, u"--out"_s, u"x.svg"_s};
        QTest::newRow("plot of no size") << QStringList{u"plot"_s,  u"run.h5"_s, u"--view"_s, u"ranges"_s,
                                                        u"--out"_s, u"x.svg"_s,  u"--size"_s, u"big"_s};
    }

    void badUsageExitsWithTwo()
    {
        QFETCH(const QStringList, arguments);
        const Outcome outcome = run(arguments);
        VERIFY_CODE(outcome, kBadUsage);
        QVERIFY2(outcome.out.isEmpty(), outcome.text().constData());
        QVERIFY(!outcome.err.isEmpty());
    }

    void aDataFolderMustBeNamed()
    {
        if (m_deit.isEmpty())
            QSKIP("needs models/deit_tiny_patch16_224.safetensors (set QUANTOSCOPE_DATA)");
        const Outcome outcome = run({u"evaluate"_s, u"--weights"_s, m_deit});
        VERIFY_CODE(outcome, kBadUsage);
        QVERIFY(outcome.err.contains(u"--data"_s));
    }

    void anInterruptedEvaluationWritesALabelledPartialRunFile()
    {
        if (m_deit.isEmpty())
            QSKIP("needs DeiT-T and images in QUANTOSCOPE_DATA");
        const QString file = m_folder.filePath(u"partial.h5"_s);
        QProcess program;
        program.start(QStringLiteral(QUANTOSCOPE_CLI),
                      {u"evaluate"_s, u"--weights"_s, m_deit, u"--data"_s, m_images, u"--recipe"_s, u"minmax"_s,
                       u"--calibration-count"_s, u"20"_s, u"--analysis-images"_s, u"4"_s, u"--batch"_s, u"1"_s,
                       u"--json"_s, u"--out"_s, file});
        QVERIFY(program.waitForStarted());
        program.setReadChannel(QProcess::StandardError);
        QByteArray progress;
        while (!progress.contains("analyze") && program.waitForReadyRead(60000))
            progress += program.readAllStandardError();
        QVERIFY2(progress.contains("analyze"), progress.constData());
        QTest::qWait(3000); // into the evaluation of 650 images, one at a time so that a busy machine has some
        ::kill(static_cast<pid_t>(program.processId()), SIGINT);
        QVERIFY(program.waitForFinished(60000));
        QCOMPARE(program.exitCode(), 1);
        const json result = json::parse(program.readAllStandardOutput().toStdString(), nullptr, false);
        QVERIFY(!result.is_discarded());
        QCOMPARE(result["complete"].get<bool>(), false);
        QVERIFY(result["count"].get<int>() < 650);
        QVERIFY(QFileInfo(file).size() > 0);
    }

    void failuresExitWithOneNamingThePath_data()
    {
        QTest::addColumn<QString>("which");
        for (const char *which :
             {"missing weights", "corrupt weights", "missing tensor", "no data folder", "empty folder",
              "unknown wnid", "missing list", "empty list", "list without the image", "missing plan",
              "broken plan", "plan that matches nothing", "unknown recipe", "unknown model", "missing run file",
              "broken run file", "missing calibration list", "calibration folder without a train split",
              "unknown device", "TF32 without a GPU"})
            QTest::newRow(which) << QString::fromLatin1(which);
    }

    void failuresExitWithOneNamingThePath()
    {
        QFETCH(const QString, which);
        if (m_deit.isEmpty() || m_images.isEmpty() || m_malformed.isEmpty())
            QSKIP("needs DeiT-T, images and fixtures (set QUANTOSCOPE_DATA)");
        const QString folder = m_folder.filePath(QString(which).replace(QLatin1Char(' '), QLatin1Char('-')));
        QVERIFY(QDir().mkpath(folder));
        const auto file = [&](const char *name, const QByteArray &content) {
            const QString path = folder + QLatin1Char('/') + QLatin1String(name);
            return writeFile(path, content) ? path : QString();
        };
        QStringList arguments = {u"evaluate"_s, u"--weights"_s, m_deit, u"--data"_s,
                                 m_images,      u"--limit"_s,   u"2"_s};
        QString named;
        const auto is = [&](const char *name) { return which == QLatin1String(name); };
        const auto recipe = [&] { arguments << u"--recipe"_s << u"minmax"_s; };
        if (is("missing weights")) {
            named = arguments[2] = folder + u"/none.safetensors"_s;
        } else if (is("corrupt weights")) {
            named = arguments[2] = m_malformed + u"/st_truncated_data.safetensors"_s;
        } else if (is("missing tensor")) {
            arguments = {u"inspect"_s, m_malformed + u"/missing_head_weight.safetensors"_s};
            named = u"head.weight"_s;
        } else if (is("no data folder")) {
            named = arguments[4] = folder + u"/none"_s;
        } else if (is("empty folder")) {
            named = arguments[4] = folder;
        } else if (is("unknown wnid")) {
            QVERIFY(!file("val/n99999999/a.JPEG", "x").isEmpty());
            arguments[4] = folder;
            named = u"n99999999"_s;
        } else if (is("missing list")) {
            named = folder + u"/none.txt"_s;
            arguments << u"--list"_s << named;
        } else if (is("empty list")) {
            named = file("list.txt", "# nothing\n");
            arguments << u"--list"_s << named;
        } else if (is("list without the image")) {
            named = u"val/none.JPEG"_s;
            arguments << u"--list"_s << file("list.txt", "val/none.JPEG 3\n");
        } else if (is("missing plan")) {
            recipe();
            named = folder + u"/none.json"_s;
            arguments << u"--plan"_s << named;
        } else if (is("broken plan")) {
            recipe();
            arguments << u"--plan"_s << file("plan.json", R"({"rules": [{"tap": "head", "bits": 9}]})");
            named = u"rule 1"_s;
        } else if (is("plan that matches nothing")) {
            recipe();
            arguments << u"--plan"_s << file("plan.json", R"({"rules": [{"tap": "blocks.99.*", "bits": 4}]})");
            named = u"blocks.99.*"_s;
        } else if (is("unknown recipe")) {
            arguments << u"--recipe"_s << u"kl"_s;
            named = u"kl"_s;
        } else if (is("unknown model")) {
            arguments << u"--model"_s << u"resnet50"_s;
            named = u"resnet50"_s;
        } else if (is("missing run file")) {
            named = folder + u"/none.h5"_s;
            arguments = {u"plot"_s, named, u"--view"_s, firstView(), u"--out"_s, folder + u"/x.svg"_s};
        } else if (is("broken run file")) {
            named = file("run.h5", "not HDF5");
            arguments = {u"plot"_s, named, u"--view"_s, firstView(), u"--out"_s, folder + u"/x.svg"_s};
        } else if (is("missing calibration list")) {
            recipe();
            named = folder + u"/none.txt"_s;
            arguments << u"--calibration-list"_s << named;
        } else if (is("calibration folder without a train split")) {
            recipe();
            named = folder;
            arguments << u"--calibration-data"_s << folder;
        } else if (is("TF32 without a GPU")) {
            arguments << u"--allow-tf32"_s;
            named = u"--allow-tf32"_s;
        } else {
            arguments << u"--device"_s << u"abacus"_s;
            named = u"abacus"_s;
        }
        const Outcome outcome = run(arguments);
        VERIFY_CODE(outcome, kFailed);
        QVERIFY2(outcome.out.isEmpty(), outcome.text().constData());
        QVERIFY2(outcome.err.contains(named), outcome.text().constData());
    }

    void undecodableImagesAreNamedAndLeftOut()
    {
        if (m_deit.isEmpty() || m_images.isEmpty() || m_list.isEmpty())
            QSKIP("needs DeiT-T and ImageNet images (set QUANTOSCOPE_DATA)");
        QDir val(m_images + u"/val"_s);
        const QString wnid = val.entryList(QDir::Dirs | QDir::NoDotAndDotDot).first();
        const QString good = QDir(val.filePath(wnid)).entryInfoList(QDir::Files).first().filePath();
        const QString folder = m_folder.filePath(u"damaged/val/"_s + wnid);
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(QFile::copy(good, folder + u"/a.JPEG"_s));
        QVERIFY(writeFile(folder + u"/b.JPEG"_s, "no picture"));
        const Outcome outcome = run(
            {u"evaluate"_s, u"--weights"_s, m_deit, u"--data"_s, m_folder.filePath(u"damaged"_s), u"--json"_s});
        VERIFY_CODE(outcome, kSuccess);
        const json result = outcome.parsed();
        QCOMPARE(result["count"].get<int>(), 1);
        QCOMPARE(result["failures"].size(), size_t{1});
        QVERIFY2(outcome.err.contains(u"b.JPEG"_s), outcome.text().constData());
    }

    void aBrokenListOfModelsIsNamed()
    {
        const QTemporaryDir config;
        QVERIFY(QDir(config.path()).mkpath(u"quantoscope"_s));
        QFile list(config.filePath(u"quantoscope/models.json"_s));
        QVERIFY(list.open(QIODevice::WriteOnly));
        list.write(R"({"format": "quantoscope-models", "version": 1, "models": [{"name": "mine", "title": "Mine", "famly": "vit"}]})");
        list.close();
        const QByteArray before = qgetenv("XDG_CONFIG_HOME");
        qputenv("XDG_CONFIG_HOME", config.path().toLocal8Bit());
        const Outcome outcome = run({u"models"_s});
        qputenv("XDG_CONFIG_HOME", before);
        VERIFY_CODE(outcome, kFailed);
        QVERIFY2(outcome.err.contains(u"models.json"_s) && outcome.err.contains(u"'mine'"_s), qPrintable(outcome.err));
    }

    void aSearchThatCannotBeMadeSaysWhatToDo()
    {
        QStringList arguments = demoArguments();
        arguments[0] = u"search"_s;
        const auto refused = [&](const QStringList &more, const QString &what) {
            const Outcome outcome = run(arguments + more);
            return outcome.code == kBadUsage && outcome.err.contains(what) ? QByteArray() : outcome.text();
        };
        const QStringList recipe = {u"--recipe"_s, u"least-error"_s};
        for (const auto &[more, what] : std::initializer_list<std::pair<QStringList, QString>>{
                 {recipe, u"--budget"_s},
                 {{u"--budget"_s, u"4bits"_s}, u"--recipe"_s},
                 {recipe + QStringList{u"--budget"_s, u"4 apples"_s}, u"GBOPs"_s},
                 {recipe + QStringList{u"--budget"_s, u"2bits"_s}, u"the least that the levels and constraints allow is 3."_s},
                 {recipe + QStringList{u"--budget"_s, u"4bits"_s, u"--conversions"_s, u"-3"_s}, u"--conversions"_s},
                 {recipe + QStringList{u"--budget"_s, u"4bits"_s, u"--levels"_s, u"4,3"_s}, u"--any-outermost"_s},
                 {recipe + QStringList{u"--budget"_s, u"4bits"_s, u"--levels"_s, u"four"_s}, u"'four'"_s},
                 {recipe + QStringList{u"--budget"_s, u"4bits"_s, u"--levels"_s, u"8,9"_s}, u"9 bits"_s}}) {
            const QByteArray wrong = refused(more, what);
            QVERIFY2(wrong.isEmpty(), wrong.constData());
        }
    }

private:
    /// Some view that `plot` knows, from its own message.
    static QString firstView()
    {
        const Outcome outcome = run({u"plot"_s, u"x.h5"_s, u"--view"_s, u"?"_s, u"--out"_s, u"x.svg"_s});
        const qsizetype known = outcome.err.indexOf(u"known are "_s) + 10;
        return outcome.err.mid(known, outcome.err.indexOf(QLatin1Char(','), known) - known);
    }
};

QTEST_GUILESS_MAIN(TestCliFailures)
#include "tst_cli_failures.moc"
