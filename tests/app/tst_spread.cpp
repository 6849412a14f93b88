// SPDX-License-Identifier: GPL-3.0-or-later
// quantoscope-cli spread on the embedded demo: figures, files, what is refused, what an interruption leaves.
#include "app/demo/demo_assets.h"
#include "tests/support/program.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <csignal>

using nlohmann::json;
using quantoscope::testing::Outcome;

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatience = 240000; // ms

} // namespace

class TestSpread : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        const auto assets = quantoscope::unpackDemo();
        QVERIFY(assets.has_value());
        m_weights = QString::fromStdString(assets->weights);
        m_data = QString::fromStdString(assets->data);
    }

    void everyDrawIsARunAndTheSizesAreSummedUp()
    {
        const Outcome whole = run({u"--calibration-sizes"_s, u"2,12"_s, u"--calibration-seeds"_s, u"0-2"_s, u"--json"_s,
                                   u"--out"_s, file("draws"), u"--csv"_s, file("draws.csv")});
        VERIFY_CODE(whole, 0);
        const json result = whole.parsed();
        QVERIFY(result["complete"] == json(true));
        QCOMPARE(result["draws"].size(), size_t{6});
        QCOMPARE(result["series"].size(), size_t{1});
        const json levels = result["series"][0]["levels"];
        QCOMPARE(levels.size(), size_t{2});
        for (const json &level : levels) { // the summary follows from the draws
            std::vector<double> values;
            for (const json &draw : result["draws"])
                if (draw["calibration_images"] == level["calibration_images"])
                    values.push_back(draw["top1"]);
            QCOMPARE(values.size(), size_t{3});
            const double mean = (values[0] + values[1] + values[2]) / 3;
            QVERIFY(std::fabs(level["top1"]["mean"].get<double>() - mean) < 1e-9);
            double squares = 0;
            for (const double value : values)
                squares += (value - mean) * (value - mean);
            QVERIFY(std::fabs(level["top1"]["deviation"].get<double>() - std::sqrt(squares / 2)) < 1e-9);
            QVERIFY(level["kl"]["mean"].get<double>() > 0);
        }
        QCOMPARE(whole.err.count(u"float  "_s), 1); // the float model was evaluated once

        // A draw is what evaluate says with the same seed and count.
        const Outcome one = start(u"evaluate"_s, {u"--calibration-count"_s, u"12"_s, u"--seed"_s, u"2"_s, u"--json"_s});
        VERIFY_CODE(one, 0);
        for (const json &draw : result["draws"])
            if (draw["calibration_images"] == 12 && draw["seed"] == 2)
                QVERIFY(std::fabs(draw["top1"].get<double>() - one.parsed()["top1"].get<double>()) < 1e-3);

        QCOMPARE(QDir(file("draws")).entryList({u"*.h5"_s}).size(), 6);
        QFile csv(file("draws.csv"));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QCOMPARE(csv.readAll().count('\n'), 7);

        // The files are taken up again, and become a picture.
        const Outcome again = run({u"--calibration-sizes"_s, u"2,12"_s, u"--calibration-seeds"_s, u"0-2"_s, u"--json"_s, u"--out"_s,
                                   file("draws")});
        VERIFY_CODE(again, 0);
        QVERIFY(again.parsed()["draws"] == result["draws"]);
        QVERIFY2(!again.err.contains(u"calibrate "_s), again.text().constData());
        QStringList plot{u"plot"_s};
        for (const QString &name : QDir(file("draws")).entryList({u"*.h5"_s}))
            plot << QDir(file("draws")).filePath(name);
        QProcess process;
        process.start(QStringLiteral(QUANTOSCOPE_CLI), plot + QStringList{u"--view"_s, u"spread"_s, u"--out"_s, file("spread.csv")});
        VERIFY_CODE(quantoscope::testing::ended(process, kPatience), 0);
        QFile drawn(file("spread.csv"));
        QVERIFY(drawn.open(QIODevice::ReadOnly));
        QCOMPARE(drawn.readAll().count('\n'), 7);
    }

    void theTableSaysWhatItIsOf()
    {
        const Outcome outcome = run({u"--calibration-count"_s, u"4"_s, u"--calibration-seeds"_s, u"3,5"_s,
                                     u"--calibration-batches"_s, u"2,4"_s});
        VERIFY_CODE(outcome, 0);
        for (const QString &words : {u"4 of 4 random calibration sets"_s, u"same 40 images"_s, u"batches of 2: "_s, u"deviation"_s})
            QVERIFY2(outcome.out.contains(words), outcome.text().constData());
        QVERIFY(!outcome.out.contains(u"PARTIAL"_s));
    }

    void whatCannotDifferIsRefused()
    {
        QFile list(file("list.txt"));
        QVERIFY(list.open(QIODevice::WriteOnly));
        list.close();
        const Outcome listed = run({u"--calibration-list"_s, file("list.txt")});
        VERIFY_CODE(listed, 2);
        QVERIFY2(listed.err.contains(u"all draws would be equal"_s), listed.text().constData());
        const Outcome single = run({u"--calibration-seeds"_s, u"4"_s});
        VERIFY_CODE(single, 2);
        VERIFY_CODE(run({u"--calibration-seeds"_s, u"4-1"_s}), 2);
        VERIFY_CODE(run({u"--calibration-sizes"_s, u"0,8"_s}), 2);
        VERIFY_CODE(run({u"--calibration-sizes"_s, u"8,99999999999"_s}), 2);
        VERIFY_CODE(run({u"--until-decided"_s}), 2);
        const Outcome many = run({u"--calibration-sizes"_s, u"8,61"_s});
        VERIFY_CODE(many, 1);
        QVERIFY2(many.err.contains(u"ask for 1 to 60"_s) && !many.err.contains(u"[1/"_s), many.text().constData());
    }

    void anInterruptionKeepsWhatIsDone()
    {
        QProcess process;
        process.start(QStringLiteral(QUANTOSCOPE_CLI), common(u"spread"_s)
                          + QStringList{u"--calibration-seeds"_s, u"0-999"_s, u"--calibration-count"_s, u"2"_s, u"--json"_s, u"--out"_s,
                                        file("stopped")});
        process.setReadChannel(QProcess::StandardError);
        QString err;
        while (!err.contains(u"[2/1000] top-1"_s) && process.waitForReadyRead(kPatience))
            err += QString::fromUtf8(process.readAllStandardError());
        QVERIFY(err.contains(u"[2/1000] top-1"_s));
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        const Outcome outcome = quantoscope::testing::ended(process, kPatience);
        VERIFY_CODE(outcome, 1);
        QVERIFY2(outcome.err.contains(u"the figures above are partial"_s), outcome.text().constData());
        const json result = outcome.parsed();
        QVERIFY(result["complete"] == json(false));
        QVERIFY(result["planned"] == json(1000));
        QVERIFY(result["draws"].size() >= 2);
        QVERIFY(QDir(file("stopped")).entryList({u"*.h5"_s}).size() >= 2);
    }

private:
    [[nodiscard]] QString file(const char *name) const { return m_folder.filePath(QLatin1String(name)); }
    [[nodiscard]] QStringList common(const QString &command) const
    {
        return {command, u"--weights"_s, m_weights, u"--data"_s, m_data, u"--recipe"_s, u"minmax"_s, u"--bits"_s, u"6/6/6"_s,
                u"--limit"_s, u"40"_s};
    }
    [[nodiscard]] Outcome start(const QString &command, const QStringList &options) const
    {
        return quantoscope::testing::runProgram(QStringLiteral(QUANTOSCOPE_CLI), common(command) + options, kPatience);
    }
    [[nodiscard]] Outcome run(const QStringList &options) const { return start(u"spread"_s, options); }

    QTemporaryDir m_folder;
    QString m_weights;
    QString m_data;
};

QTEST_GUILESS_MAIN(TestSpread)
#include "tst_spread.moc"
