// SPDX-License-Identifier: GPL-3.0-or-later
// The command `table` as processes: killed at any moment, continued, shared out in parts, and its three formats.
#include "tests/pipeline/tiny_model.h"
#include "tests/support/program.h"
#include "tests/support/test_data.h"

#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <hdf5.h>

using quantoscope::testing::Outcome;

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatience = 300000; // ms
constexpr int kModels = 2;
constexpr int kMethods = 4;
constexpr int kCells = kModels * kMethods;
constexpr int kOnlyWeightsMissing = 3;

bool writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Rows of a CSV file (RFC 4180) as maps from the header's names.
QList<QMap<QString, QString>> parseCsv(const QString &text)
{
    QList<QStringList> rows(1);
    rows.back() << QString();
    bool quoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (quoted && c == u'"' && i + 1 < text.size() && text[i + 1] == u'"')
            rows.back().back() += text[++i];
        else if (c == u'"')
            quoted = !quoted;
        else if (!quoted && c == u',')
            rows.back() << QString();
        else if (!quoted && c == u'\n')
            rows << QStringList(QString());
        else if (quoted || c != u'\r')
            rows.back().back() += c;
    }
    rows.removeLast(); // behind the last line's end
    QList<QMap<QString, QString>> maps;
    const QStringList header = rows.takeFirst();
    for (const QStringList &row : rows) {
        QMap<QString, QString> map;
        for (qsizetype c = 0; c < header.size(); ++c)
            map[header[c]] = row.value(c);
        maps << map;
    }
    return maps;
}

/// What must not depend on when, where and how often the program ran.
QList<QMap<QString, QString>> withoutTime(QList<QMap<QString, QString>> rows)
{
    for (auto &row : rows)
        for (const QString &field : {u"seconds"_s, u"created"_s, u"file"_s})
            row.remove(field);
    return rows;
}

} // namespace

class TestTable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const QString models = QString::fromStdString(quantoscope::testing::dataPath("fixtures/vit"));
        if (models.isEmpty())
            QSKIP("needs fixtures/vit (set QUANTOSCOPE_DATA)");
        QVERIFY(QDir().mkpath(path(u"images"_s)) && quantoscope::testing::writeTinyImages(path(u"images"_s)));
        // More images, so that a cell takes long enough to be killed.
        for (int c = 0; c < quantoscope::testing::kTinyClasses; ++c) {
            const QDir folder(path(u"images/val/class%1"_s.arg(c)));
            for (const QString &name : folder.entryList(QDir::Files))
                for (int copy = 0; copy < 15; ++copy)
                    QVERIFY(QFile::copy(folder.filePath(name), folder.filePath(u"%1-%2"_s.arg(copy).arg(name))));
        }
        QVERIFY(QDir().mkpath(path(u"weights"_s)));
        QVERIFY(QFile::copy(models + u"/tiny_vit.safetensors"_s, path(u"weights/a.safetensors"_s)));
        QVERIFY(QFile::copy(models + u"/tiny_vit_distilled.safetensors"_s, path(u"weights/b.safetensors"_s)));
        m_other = models + u"/tiny_vit_f16.safetensors"_s;
        QVERIFY(writeSuite());
    }

    void oneRunMakesAllCells()
    {
        const Outcome outcome = table(u"whole.csv"_s);
        VERIFY_CODE(outcome, 0);
        QVERIFY(outcome.out.isEmpty());
        QVERIFY(outcome.err.contains(u"[%1/%1]"_s.arg(kCells)));
        QVERIFY(outcome.err.contains(u" left"_s));
        QCOMPARE(cells(u"whole"_s).size(), kCells);
        m_whole = csv(u"whole.csv"_s);
        QCOMPARE(m_whole.size(), kCells);
        QSet<QString> calibrations;
        for (const auto &row : m_whole) {
            QCOMPARE(row[u"state"_s], u"done"_s);
            QCOMPARE(row[u"images"_s], QString::number(16 * quantoscope::testing::kTinyEvaluation));
            QVERIFY(row[u"top1_low"_s].toDouble() <= row[u"top1"_s].toDouble());
            QCOMPARE(row[u"images_sha256"_s], m_whole.front()[u"images_sha256"_s]);
            const bool floating = row[u"recipe"_s].isEmpty();
            QCOMPARE(row[u"calibration_sha256"_s].size(), floating ? 0 : 64);
            QCOMPARE(row[u"difference"_s].isEmpty(), floating);
            if (!floating)
                calibrations << row[u"calibration_sha256"_s];
        }
        QCOMPARE(calibrations.size(), 1);
        QCOMPARE(m_whole[1][u"published_top1"_s], u"12.5"_s);
        QVERIFY(m_whole[2][u"published_top1"_s].isEmpty()); // unknown stays empty
        QVERIFY(m_whole[3][u"intervals"_s].startsWith(u"searched by l2 in 1 rounds of 10 candidates"_s));
    }

    void aSecondRunHasNothingToDo()
    {
        const auto before = contents(u"whole"_s);
        const Outcome outcome = table(u"whole.csv"_s);
        VERIFY_CODE(outcome, 0);
        QVERIFY(!outcome.err.contains(u"[1/"_s));
        QVERIFY(contents(u"whole"_s) == before);
        QCOMPARE(csv(u"whole.csv"_s), m_whole);
    }

    void aCellIsARunFile()
    {
        QStringList files = cells(u"whole"_s);
        const Outcome compared = run({u"compare"_s, path(u"whole.cells/"_s + files[0]), path(u"whole.cells/"_s + files[1])});
        VERIFY_CODE(compared, 0);
        QVERIFY2(compared.out.contains(u"McNemar"_s), compared.text().constData());
    }

    void killedAtAnyMomentItGoesOn()
    {
        int kills = 0;
        int inTheMiddle = 0;
        for (int attempt = 0; attempt < 60; ++attempt) {
            const auto before = contents(u"killed"_s);
            QProcess process;
            process.start(QStringLiteral(QUANTOSCOPE_CLI), arguments(u"killed.csv"_s));
            QVERIFY(process.waitForStarted());
            // At first as soon as there is one more cell, later at other moments.
            QElapsedTimer clock;
            clock.start();
            while (process.state() == QProcess::Running && cells(u"killed"_s).size() == before.size()
                   && clock.elapsed() < kPatience)
                process.waitForFinished(1);
            QThread::msleep(static_cast<unsigned long>(kills % 4) * 7);
            if (process.state() == QProcess::Running) { // of a process that is over the id is 0, which means this group
                process.kill();                         // SIGKILL
                QVERIFY(process.waitForFinished(kPatience));
            }
            const auto after = contents(u"killed"_s);
            for (auto cell = before.cbegin(); cell != before.cend(); ++cell)
                QVERIFY2(after.value(cell.key()) == cell.value(), qPrintable(cell.key())); // untouched
            if (process.exitStatus() == QProcess::NormalExit)
                break;
            ++kills;
            inTheMiddle += !after.isEmpty() && after.size() < kCells;
        }
        QVERIFY2(kills >= 3 && inTheMiddle >= 2, QByteArray::number(inTheMiddle).constData());
        const Outcome outcome = table(u"killed.csv"_s);
        VERIFY_CODE(outcome, 0);
        QCOMPARE(withoutTime(csv(u"killed.csv"_s)), withoutTime(m_whole));
        const QStringList left = QDir(path(u"killed.cells"_s)).entryList(QDir::Files);
        QCOMPARE(left.size(), kCells); // nothing half-written stays
    }

    void partsTogetherAreTheWhole()
    {
        for (const QString &part : {u"2/3"_s, u"3/3"_s, u"1/3"_s}) {
            const auto before = cells(u"parts"_s).size();
            const Outcome outcome = table(u"part-%1.md"_s.arg(part.left(1)), {u"--part"_s, part, u"--cells"_s, path(u"parts.cells"_s)});
            VERIFY_CODE(outcome, 0);
            const auto made = cells(u"parts"_s).size() - before;
            QVERIFY2(made >= 1 && made <= kCells - 2, outcome.text().constData());
            QCOMPARE(outcome.err.contains(u"belong to other parts"_s), part != u"1/3"_s);
        }
        const Outcome merged = table(u"merged.csv"_s, {u"--cells"_s, path(u"parts.cells"_s)});
        VERIFY_CODE(merged, 0);
        QVERIFY(!merged.err.contains(u"[1/"_s)); // only merged
        QCOMPARE(withoutTime(csv(u"merged.csv"_s)), withoutTime(m_whole));
        QCOMPARE(run({u"table"_s, u"--suite"_s, u"itpn"_s, u"--weights-dir"_s, u"."_s, u"--data"_s, u"."_s, u"--out"_s, u"x.md"_s,
                      u"--part"_s, u"4/3"_s})
                     .code,
                 2);
    }

    void aPlanRunsNothing()
    {
        const Outcome before = table(u"planned.md"_s, {u"--plan"_s});
        VERIFY_CODE(before, 0);
        QVERIFY(!QFileInfo::exists(path(u"planned.md"_s)) && !QFileInfo::exists(path(u"planned.cells"_s)));
        QVERIFY2(before.out.contains(u"8 of 8 cells to run"_s) && before.out.contains(u"usual rate"_s), before.text().constData());
        const Outcome after = table(u"whole.md"_s, {u"--plan"_s});
        QVERIFY2(after.out.contains(u"0 of 8 cells to run"_s), after.text().constData());
    }

    void staleCellsAreComputedAgainAndSaidWhy()
    {
        QVERIFY(QDir().mkpath(path(u"stale.cells"_s)));
        for (const QString &cell : cells(u"whole"_s))
            QVERIFY(QFile::copy(path(u"whole.cells/"_s + cell), path(u"stale.cells/"_s + cell)));
        // Other weights: the cells of that model.
        QVERIFY(QFile::rename(path(u"weights/a.safetensors"_s), path(u"kept"_s)) && QFile::copy(m_other, path(u"weights/a.safetensors"_s)));
        Outcome outcome = table(u"stale.csv"_s);
        VERIFY_CODE(outcome, 0);
        QCOMPARE(outcome.err.count(u"changed: weights; it is computed again"_s), kMethods);
        QVERIFY(outcome.err.contains(u"[%1/%1]"_s.arg(kMethods)));
        QVERIFY(csv(u"stale.csv"_s)[0][u"weights_sha256"_s] != m_whole[0][u"weights_sha256"_s]);
        QVERIFY(QFile::remove(path(u"weights/a.safetensors"_s)) && QFile::rename(path(u"kept"_s), path(u"weights/a.safetensors"_s)));
        // Another plan: that method alone, of both models (and the weights are the old ones again).
        QVERIFY(writeSuite(R"([{"role": "scores", "bits": 4}])"));
        outcome = table(u"stale.csv"_s, {u"--plan"_s});
        QCOMPARE(outcome.out.count(u"changed: weights\n"_s), kMethods - 1);
        QCOMPARE(outcome.out.count(u"changed: weights, plan\n"_s), 1);
        QCOMPARE(outcome.out.count(u"changed: plan\n"_s), 1);
        QVERIFY(writeSuite());
        // Other images: all of them; a damaged file: that one.
        outcome = table(u"whole.csv"_s, {u"--plan"_s, u"--limit"_s, u"5"_s});
        QCOMPARE(outcome.out.count(u"changed: images\n"_s), kCells);
        outcome = table(u"whole.csv"_s, {u"--plan"_s, u"--calibration-count"_s, u"3"_s});
        QCOMPARE(outcome.out.count(u"changed: calibration images\n"_s), kCells - kModels);
        const QString damaged = path(u"stale.cells/"_s + cells(u"stale"_s).back());
        QVERIFY(writeFile(damaged, readFile(damaged).left(1000)));
        outcome = table(u"stale.csv"_s);
        VERIFY_CODE(outcome, 0);
        QCOMPARE(outcome.err.count(u"it cannot be read"_s), 1);
        QCOMPARE(withoutTime(csv(u"stale.csv"_s)), withoutTime(m_whole));
    }

    void missingAndBrokenWeightsLeaveTheRest()
    {
        QVERIFY(QFile::rename(path(u"weights/a.safetensors"_s), path(u"kept"_s)));
        Outcome outcome = table(u"missing.csv"_s);
        VERIFY_CODE(outcome, kOnlyWeightsMissing);
        QList<QMap<QString, QString>> rows = csv(u"missing.csv"_s);
        for (int i = 0; i < kCells; ++i)
            QCOMPARE(rows[i][u"state"_s], i < kMethods ? u"no weights"_s : u"done"_s);
        QCOMPARE(rows[0][u"reason"_s], u"weights not found (a.safetensors)"_s);
        QCOMPARE(rows[1][u"published_top1"_s], u"12.5"_s); // is known all the same
        VERIFY_CODE(table(u"missing.md"_s), kOnlyWeightsMissing);
        const QString markdown = QString::fromUtf8(readFile(path(u"missing.md"_s)));
        QVERIFY2(markdown.contains(u"| weights not found (12.50) |"_s) && markdown.contains(u"A: weights not found (a.safetensors)"_s),
                 qPrintable(markdown));

        QVERIFY(writeFile(path(u"weights/a.safetensors"_s), "no checkpoint"));
        outcome = table(u"missing.csv"_s);
        VERIFY_CODE(outcome, 1);
        rows = csv(u"missing.csv"_s);
        for (int i = 0; i < kCells; ++i)
            QCOMPARE(rows[i][u"state"_s], i < kMethods ? u"failed"_s : u"done"_s);
        QVERIFY(rows[0][u"reason"_s].contains(u"a.safetensors"_s));
        QVERIFY(QFile::remove(path(u"weights/a.safetensors"_s)) && QFile::rename(path(u"kept"_s), path(u"weights/a.safetensors"_s)));
    }

    void markdownHasThePapersLayout()
    {
        VERIFY_CODE(table(u"whole.md"_s), 0);
        const QStringList lines = QString::fromUtf8(readFile(path(u"whole.md"_s))).split(u'\n');
        const auto header = lines.indexOf(u"| method | A | B |"_s);
        QVERIFY2(header > 0, qPrintable(lines.join(u'\n')));
        const auto own = [&](int cell) {
            const auto &row = m_whole[cell];
            return u"%1 [%2, %3]"_s.arg(row[u"top1"_s].toDouble(), 0, 'f', 2)
                .arg(row[u"top1_low"_s].toDouble(), 0, 'f', 2)
                .arg(row[u"top1_high"_s].toDouble(), 0, 'f', 2);
        };
        QCOMPARE(lines[header + 2], u"| FP32 | %1 | %2 |"_s.arg(own(0), own(kMethods)));
        QCOMPARE(lines[header + 3], u"| MinMax 8/8/4 | %1 (12.50) | %2 |"_s.arg(own(1), own(kMethods + 1)));
        const auto second = lines.indexOf(u"| method | A | B |"_s, header + 1); // differences to the float model
        QVERIFY(second > header);
        QVERIFY(lines[second + 2].startsWith(u"| MinMax 8/8/4 | %1%2 ["_s
                                                 .arg(m_whole[1][u"difference"_s].toDouble() < 0 ? u"-"_s : u"+"_s)
                                                 .arg(std::abs(m_whole[1][u"difference"_s].toDouble()), 0, 'f', 2)));
        QVERIFY(writeSuite({}, "models"));
        VERIFY_CODE(table(u"whole.md"_s), 0);
        QVERIFY(QString::fromUtf8(readFile(path(u"whole.md"_s))).contains(u"| model | FP32 | MinMax 8/8/4 |"_s));
        QVERIFY(writeSuite());
    }

    void hdf5HasTheSameValuesWithUnits()
    {
        VERIFY_CODE(table(u"whole.h5"_s), 0);
        const hid_t file = H5Fopen(path(u"whole.h5"_s).toUtf8().constData(), H5F_ACC_RDONLY, H5P_DEFAULT);
        QVERIFY(file >= 0);
        const auto attribute = [&](const char *item, const char *name) {
            const hid_t one = H5Aopen_by_name(file, item, name, H5P_DEFAULT, H5P_DEFAULT);
            const hid_t type = H5Aget_type(one);
            QByteArray text(static_cast<qsizetype>(H5Tget_size(type)), 0);
            H5Aread(one, type, text.data());
            H5Tclose(type);
            H5Aclose(one);
            return QString::fromUtf8(text.constData());
        };
        QCOMPARE(attribute("/", "format"), u"quantoscope-table"_s);
        QCOMPARE(attribute("/cells/top1", "units"), u"percent"_s);
        QCOMPARE(attribute("/cells/difference_low", "units"), u"points"_s);
        QCOMPARE(attribute("/cells/seconds", "units"), u"s"_s);
        QVERIFY(attribute("/cells/lost", "axes").startsWith(u"cell: "_s));
        const auto numbers = [&](const char *item) {
            QList<double> values(kCells);
            const hid_t set = H5Dopen2(file, item, H5P_DEFAULT);
            const hid_t space = H5Dget_space(set);
            if (H5Sget_simple_extent_npoints(space) != kCells
                || H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
                values.clear();
            H5Sclose(space);
            H5Dclose(set);
            return values;
        };
        for (const char *field : {"top1", "top5_high", "difference", "mcnemar_p", "images", "top1_correct", "published_top1"}) {
            const QList<double> values = numbers((std::string("/cells/") + field).c_str());
            QCOMPARE(values.size(), kCells);
            for (int i = 0; i < kCells; ++i) {
                const QString text = m_whole[i][QLatin1String(field)];
                QVERIFY2(text.isEmpty() ? std::isnan(values[i]) : std::abs(values[i] - text.toDouble()) < 1e-9, field);
            }
        }
        H5Fclose(file);
        const Outcome outcome = table(u"whole.txt"_s);
        VERIFY_CODE(outcome, 2);
    }

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }

    bool writeSuite(const QByteArray &plan = {}, const QByteArray &rows = "methods")
    {
        const QByteArray with = plan.isEmpty() ? QByteArray() : R"(, "plan": )" + plan;
        return writeFile(path(u"suite.json"_s), R"({"format": "quantoscope-suite", "version": 1, "name": "two",
            "title": "Two small models", "source": "nowhere", "rows": ")" + rows + R"(",
            "calibration_count": 20, "calibration_batch": 10,
            "models": [{"name": "A", "weights": "a.safetensors", "heads": 2},
                       {"name": "B", "weights": "b.safetensors", "heads": 2}],
            "methods": [{"name": "FP32"},
                        {"name": "MinMax", "bits": "8/8/4", "recipe": "minmax", "ptf": true, "lis": true,
                         "published": {"A": 12.5}},
                        {"name": "TinyNN", "recipe": "tinynn-mixed1")" + with + R"(},
                        {"name": "searched", "bits": "4/4/4", "recipe": "ptq4vit",
                         "search": {"metric": "l2", "rounds": 1, "candidates": 10}}]})");
    }

    QStringList arguments(const QString &out, const QStringList &more = {}) const
    {
        return QStringList{u"table"_s, u"--suite"_s, path(u"suite.json"_s), u"--weights-dir"_s, path(u"weights"_s), u"--data"_s,
                           path(u"images"_s), u"--out"_s, path(out)}
             + more;
    }

    Outcome table(const QString &out, const QStringList &more = {}) const { return run(arguments(out, more)); }

    static Outcome run(const QStringList &arguments)
    {
        return quantoscope::testing::runProgram(QStringLiteral(QUANTOSCOPE_CLI), arguments, kPatience);
    }

    /// Names of the finished cells of the table `stem`.
    QStringList cells(const QString &stem) const
    {
        return QDir(path(stem + u".cells"_s)).entryList({u"*.h5"_s}, QDir::Files, QDir::Name);
    }

    QMap<QString, QByteArray> contents(const QString &stem) const
    {
        QMap<QString, QByteArray> all;
        for (const QString &cell : cells(stem))
            all[cell] = readFile(path(stem + u".cells/"_s + cell));
        return all;
    }

    QList<QMap<QString, QString>> csv(const QString &name) const { return parseCsv(QString::fromUtf8(readFile(path(name)))); }

    QTemporaryDir m_folder;
    QString m_other; ///< a checkpoint of the same architecture with other weights
    QList<QMap<QString, QString>> m_whole; ///< the table of one undisturbed run
};

QTEST_GUILESS_MAIN(TestTable)
#include "tst_table.moc"
