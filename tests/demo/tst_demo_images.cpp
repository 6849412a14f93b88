// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/demo/demo_images.h"
#include "core/io/tensor_store.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QtTest>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <set>

using namespace quantoscope;

namespace {

const QString demoFolder = QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/demo");

QStringList classNames()
{
    QStringList names;
    for (int demoClass = 0; demoClass < demoClassCount; ++demoClass)
        names << QString::fromLatin1(name(static_cast<DemoClass>(demoClass)));
    return names;
}

/// FNV-1a, 64 bits.
uint64_t hashOf(const std::vector<uint8_t> &bytes)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (const uint8_t byte : bytes)
        hash = (hash ^ byte) * 0x100000001b3U;
    return hash;
}

/// R, G, B bytes of a picture file; empty when it cannot be decoded.
std::vector<uint8_t> decoded(const QString &path)
{
    const cv::Mat bgr = cv::imread(path.toStdString(), cv::IMREAD_COLOR);
    if (bgr.empty())
        return {};
    cv::Mat rgb;
    cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
    return {rgb.datastart, rgb.dataend};
}

} // namespace

class TestDemoImages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void picturesAreTheSameOnEveryPlatform_data()
    {
        QTest::addColumn<int>("demoClass");
        QTest::addColumn<quint64>("seed");
        QTest::addColumn<quint64>("hash");
        // Equal with GCC and Clang, with and without optimisation and AVX2.
        QTest::newRow("disk") << 0 << quint64(0x200000000U) << quint64(0xe5fbe0a5ae3c8abU);
        QTest::newRow("square") << 1 << quint64(0x200000001U) << quint64(0x51c5ebe84aa5045U);
        QTest::newRow("triangle") << 2 << quint64(0x200000002U) << quint64(0x9f5b06aa0117aae0U);
        QTest::newRow("star") << 3 << quint64(0xffffffffffffffffU) << quint64(0x47b5155f8140feefU);
        QTest::newRow("cross") << 4 << quint64(0x200000004U) << quint64(0x593eccea9a1d3ecU);
        QTest::newRow("crescent") << 5 << quint64(0x200000005U) << quint64(0xd7a0f06deb8751f6U);
        QTest::newRow("stripes") << 6 << quint64(0x200000006U) << quint64(0x75204d08722ba98fU);
        QTest::newRow("waves") << 7 << quint64(0x0U) << quint64(0x964b2ce67166af42U);
        QTest::newRow("checkerboard") << 8 << quint64(0x200000008U) << quint64(0x49dd32031cbf9979U);
        QTest::newRow("dots") << 9 << quint64(0x200000009U) << quint64(0xcb84c3f65d8b211U);
        QTest::newRow("rings") << 10 << quint64(0x20000000aU) << quint64(0x9a4009c2acbbd9eeU);
        QTest::newRow("pinwheel") << 11 << quint64(0x20000000bU) << quint64(0xefe9b73987028123U);
    }
    void picturesAreTheSameOnEveryPlatform()
    {
        QFETCH(int, demoClass);
        QFETCH(quint64, seed);
        QFETCH(quint64, hash);
        const std::vector<uint8_t> picture = drawDemoImage(static_cast<DemoClass>(demoClass), seed);
        QCOMPARE(picture.size(), size_t(demoImageSize) * demoImageSize * 3);
        QCOMPARE(quint64(hashOf(picture)), hash);
    }

    void seedsOfDifferentSetsNeverMeet()
    {
        QCOMPARE_LT(demoSeed(DemoSet::Training, UINT32_MAX), demoSeed(DemoSet::Calibration, 0));
        QCOMPARE_LT(demoSeed(DemoSet::Calibration, UINT32_MAX), demoSeed(DemoSet::Validation, 0));
    }

    void everyClassAndSeedGivesAnotherPicture()
    {
        std::set<uint64_t> hashes;
        for (int demoClass = 0; demoClass < demoClassCount; ++demoClass)
            for (uint32_t index = 0; index < 20; ++index)
                hashes.insert(hashOf(drawDemoImage(static_cast<DemoClass>(demoClass),
                                                   demoSeed(DemoSet::Validation, index))));
        QCOMPARE(hashes.size(), size_t(demoClassCount) * 20);
    }

    void classListIsInClassOrderAndMatchesTheFolders()
    {
        QFile file(demoFolder + "/images/classes.txt");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QStringList listed = QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts);
        QCOMPARE(listed, classNames());
        QStringList sorted = listed;
        sorted.sort();
        for (const char *split : {"train", "val"})
            QCOMPARE(QDir(demoFolder + "/images/" + split).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name),
                     sorted);
    }

    void storedPicturesEqualTheGeneratorsOutput_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<int>("set");
        QTest::addColumn<int>("perClass");
        QTest::newRow("calibration") << "/images/train/" << int(DemoSet::Calibration) << 5;
        QTest::newRow("validation") << "/images/val/" << int(DemoSet::Validation) << 25;
    }
    void storedPicturesEqualTheGeneratorsOutput()
    {
        QFETCH(QString, folder);
        QFETCH(int, set);
        QFETCH(int, perClass);
        for (int demoClass = 0; demoClass < demoClassCount; ++demoClass) {
            const QDir pictures(demoFolder + folder + name(static_cast<DemoClass>(demoClass)));
            const QStringList files = pictures.entryList(QDir::Files, QDir::Name);
            QCOMPARE(files.size(), perClass);
            for (int index = 0; index < perClass; ++index) {
                QCOMPARE(files[index], QStringLiteral("%1.png").arg(index, 3, 10, QLatin1Char('0')));
                const std::vector<uint8_t> expected =
                    drawDemoImage(static_cast<DemoClass>(demoClass),
                                  demoSeed(static_cast<DemoSet>(set), static_cast<uint32_t>(index)));
                QVERIFY2(decoded(pictures.filePath(files[index])) == expected,
                         qPrintable(pictures.filePath(files[index])));
            }
        }
    }

    void weightsAreHalfPrecisionWithTimmNames()
    {
        const auto store = openTensorStore((demoFolder + "/demo_vit.safetensors").toStdString());
        QVERIFY2(store, store ? "" : store.error().message().c_str());
        for (const auto &[tensorName, entry] : (*store)->tensors())
            QVERIFY2(entry.type == TensorType::F16, tensorName.c_str());
        const auto shapeOf = [&](const char *tensorName) {
            const TensorEntry *entry = (*store)->find(tensorName);
            return entry ? shapeText(entry->shape) : std::string("absent");
        };
        QCOMPARE(shapeOf("patch_embed.proj.weight"), std::string("[128, 3, 8, 8]"));
        QCOMPARE(shapeOf("pos_embed"), std::string("[1, 65, 128]"));
        QCOMPARE(shapeOf("blocks.3.mlp.fc2.weight"), std::string("[128, 512]"));
        QCOMPARE(shapeOf("head.weight"), shapeText({demoClassCount, 128}));
        QCOMPARE((*store)->tensors().size(), size_t(4 + 4 * 12 + 4));
    }

    void demoStaysBelowFiveMegabytes()
    {
        qint64 bytes = 0;
        for (QDirIterator files(demoFolder, QDir::Files, QDirIterator::Subdirectories); files.hasNext();) {
            files.next();
            bytes += files.fileInfo().size();
        }
        QCOMPARE_GT(bytes, qint64(1'000'000));
        QCOMPARE_LT(bytes, qint64(5'000'000));
    }
};

QTEST_APPLESS_MAIN(TestDemoImages)
#include "tst_demo_images.moc"
