// SPDX-License-Identifier: GPL-3.0-or-later
// meta.mat, written by matio and by hand, and damaged.
#include "core/imaging/meta_mat.h"

#include "devkit_files.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <random>

using namespace quantoscope;

namespace {

Result<std::unordered_map<int, std::string>> parse(const QByteArray &file)
{
    return readMetaMat(std::as_bytes(std::span(file.data(), static_cast<size_t>(file.size()))), "meta.mat");
}

QByteArray written(bool compressed)
{
    const QTemporaryDir folder;
    QFile file(folder.filePath("meta.mat"));
    if (!test::writeMetaMat(file.fileName(), compressed) || !file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll();
}

} // namespace

class TestMetaMat : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wnidsAreFoundById();
    void compactTypesAreRead();
    void everyTruncationIsRefused();
    void damagedFilesNeverCrash();
};

void TestMetaMat::wnidsAreFoundById()
{
    for (const bool compressed : {false, true}) {
        const auto wnids = parse(written(compressed));
        QVERIFY2(wnids, wnids ? "" : wnids.error().message().c_str());
        QCOMPARE(wnids->size(), size_t{1010});
        for (int id = 1; id <= 1000; ++id)
            QCOMPARE(wnids->at(id), imagenetWnids()[static_cast<size_t>(test::classOfId(id))]);
    }
}

void TestMetaMat::compactTypesAreRead()
{
    const auto wnids = parse(test::compactMetaMat(700, "n01440764"));
    QVERIFY2(wnids, wnids ? "" : wnids.error().message().c_str());
    QCOMPARE(wnids->size(), size_t{1});
    QCOMPARE(wnids->at(700), std::string("n01440764"));
    QCOMPARE(parse(test::compactMetaMat(0, "n01440764")).error().code, ErrorCode::CorruptFile);
    QCOMPARE(parse(test::compactMetaMat(1, "dog")).error().code, ErrorCode::CorruptFile);
}

void TestMetaMat::everyTruncationIsRefused()
{
    const QByteArray compact = test::compactMetaMat(700, "n01440764");
    for (qsizetype size = 0; size < compact.size() - 8; ++size)
        QVERIFY2(!parse(compact.first(size)), qPrintable(QString::number(size)));
    const QByteArray compressed = written(true);
    for (qsizetype size = 0; size < compressed.size(); size += 97)
        QVERIFY2(!parse(compressed.first(size)), qPrintable(QString::number(size)));
}

void TestMetaMat::damagedFilesNeverCrash()
{
    std::mt19937 random(7);
    for (const QByteArray &whole : {written(false), written(true), test::compactMetaMat(700, "n01440764")}) {
        for (int trial = 0; trial < 300; ++trial) {
            QByteArray damaged = whole;
            for (int flip = 0; flip <= trial % 4; ++flip) {
                const auto bound = std::min(static_cast<unsigned>(damaged.size()), 3000U);
                const auto place = static_cast<qsizetype>(random() % bound);
                damaged[place] = static_cast<char>(damaged[place] ^ (1 << random() % 8));
            }
            if (const auto wnids = parse(damaged); !wnids)
                QVERIFY(!wnids.error().what.empty());
        }
    }
}

QTEST_GUILESS_MAIN(TestMetaMat)
#include "tst_meta_mat.moc"
