// SPDX-License-Identifier: GPL-3.0-or-later
// What opening a file takes, and when that is much.
#include "core/jobs/open_cost.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace quantoscope;

class TestOpenCost : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aModelNeedsItsFileThreeTimesAndARunTwice()
    {
        const OpenCost model = openCost(OpenKind::Model, 1'270'000'000);
        QCOMPARE(model.memoryBytes, uint64_t{3'810'000'000}); // ViT-L calibrates in 3292 to 3836 MiB
        QVERIFY(model.seconds > 0.8 && model.seconds < 5);
        const OpenCost run = openCost(OpenKind::Run, 138'000'000);
        QCOMPARE(run.memoryBytes, uint64_t{276'000'000});
        QVERIFY(run.seconds > 0.3 && run.seconds < 1);
        QCOMPARE(openCost(OpenKind::Project, 0).memoryBytes, uint64_t{0});
        QCOMPARE(openCost(OpenKind::Model, UINT64_MAX / 2).memoryBytes, UINT64_MAX); // no wrap-around to a small number
    }

    void largeIsMoreThanHalfOfTheFreeMemoryOrFarMoreThanUsual()
    {
        constexpr uint64_t gigabyte = 1'000'000'000;
        const OpenCost tiny = openCost(OpenKind::Model, 22'885'008);
        QVERIFY(!isLarge(tiny, 24 * gigabyte));
        QVERIFY(!isLarge(tiny, 0)); // nobody knows how much is free
        QVERIFY(isLarge(tiny, tiny.memoryBytes * 2 - 2));
        QVERIFY(!isLarge(tiny, tiny.memoryBytes * 2));
        QVERIFY(!isLarge(openCost(OpenKind::Model, 3 * gigabyte), 100 * gigabyte));
        QVERIFY(isLarge(openCost(OpenKind::Model, 5 * gigabyte), 1000 * gigabyte));
        QVERIFY(!isLarge(openCost(OpenKind::Run, gigabyte), 100 * gigabyte));
        QVERIFY(isLarge(openCost(OpenKind::Run, gigabyte + 1), 100 * gigabyte));
        QVERIFY(isLarge(openCost(OpenKind::Project, 2 * gigabyte), 0));
    }

    void aFolderCountsItsWeightsAndNothingElse()
    {
        const QTemporaryDir folder;
        const auto write = [&](const char *name, qint64 bytes) {
            QFile file(folder.filePath(QLatin1String(name)));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(bytes)); // without taking room on the disk
        };
        QCOMPARE(bytesToOpen(folder.path()), uint64_t{0});
        write("pytorch_model.bin", 700);
        write("config.json", 50);
        QCOMPARE(bytesToOpen(folder.path()), uint64_t{700});
        write("model-00001-of-00002.safetensors", 5'000'000'000);
        write("model-00002-of-00002.safetensors", 11);
        QCOMPARE(bytesToOpen(folder.path()), uint64_t{5'000'000'011}); // these are preferred when it is opened, too
        QCOMPARE(bytesToOpen(folder.filePath(QStringLiteral("config.json"))), uint64_t{50});
        QCOMPARE(bytesToOpen(folder.filePath(QStringLiteral("missing.h5"))), uint64_t{0});
    }

    void theFreeMemoryIsReadFromWhatTheSystemSays()
    {
        QCOMPARE(parseAvailableMemory("MemTotal:       24683740 kB\nMemFree: 22825000 kB\nMemAvailable:   23880012 kB\n"),
                 uint64_t{23'880'012} * 1024);
        for (const char *text : {"", "MemTotal: 5 kB\n", "MemAvailable:", "MemAvailable:   x kB", "MemAvailable: -5 kB",
                                 "MemAvailable: 99999999999999999999999 kB", "MemAvailable: 18446744073709551615 kB"})
            QCOMPARE(parseAvailableMemory(text), uint64_t{0});
        QVERIFY(availableMemory() > 0);
    }
};

QTEST_GUILESS_MAIN(TestOpenCost)
#include "tst_open_cost.moc"
