// SPDX-License-Identifier: GPL-3.0-or-later
// Folders and lists of images, their labels, and what is said about bad ones.
#include "core/imaging/image_set.h"
#include "core/imaging/synsets.h"

#include "test_files.h"
#include "tests/support/test_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace quantoscope;

namespace {

std::vector<std::string> paths(const ImageSet &set)
{
    std::vector<std::string> result;
    for (const ImageItem &item : set.items)
        result.push_back(item.path);
    return result;
}

bool mentions(const Error &error, const char *text)
{
    return error.message().find(text) != std::string::npos;
}

ImageSet numbered(int count)
{
    ImageSet set;
    for (int i = 0; i < count; ++i)
        set.items.push_back({std::to_string(i), i});
    return set;
}

} // namespace

class TestImageSet : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    [[nodiscard]] std::string root() const { return m_folder->path().toStdString(); }
    void touch(const QString &path) const { QVERIFY(test::writeFile(m_folder->filePath(path), "x")); }
    [[nodiscard]] std::string list(const QByteArray &text) const
    {
        test::writeFile(m_folder->filePath("list.txt"), text);
        return m_folder->filePath("list.txt").toStdString();
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void synsetsAreThe1000ClassesInOrder();
    void folderOfWnidsKeepsTheLabelsOfAllClasses();
    void splitNamesOfValidationStandForEachOther();
    void rootMayHoldTheClassFoldersItself();
    void classFileNamesOtherClasses();
    void unknownFoldersAreErrorsThatNameThem();
    void emptyAndMissingFoldersAreErrors();
    void listKeepsItsOrderAndLabels();
    void badListLinesAreNamedByNumber_data();
    void badListLinesAreNamedByNumber();
    void randomSubsetsAreTheSameEverywhere();
    void limitTakesTheFirst();
    void realValidationFolderHasItsLabels();
    void realCalibrationListResolves();
};

void TestImageSet::synsetsAreThe1000ClassesInOrder()
{
    QCOMPARE(imagenetClassNames().size(), size_t{1000});
    QCOMPARE(imagenetWnids().size(), size_t{1000});
    QVERIFY(std::is_sorted(imagenetWnids().begin(), imagenetWnids().end()));
    QCOMPARE(imagenetClassNames().front(), std::string("tench"));
    QCOMPARE(imagenetClassNames()[2], std::string("great white shark"));
    for (size_t i = 0; i < 1000; ++i)
        QCOMPARE(classOfWnid(imagenetWnids()[i]), static_cast<int>(i));
    QCOMPARE(classOfWnid("n00000000"), -1);
    QVERIFY(looksLikeWnid("n00000000"));
    QVERIFY(!looksLikeWnid("n0000000x"));
}

void TestImageSet::folderOfWnidsKeepsTheLabelsOfAllClasses()
{
    for (const char *path :
         {"val/n01443537/b.JPEG", "val/n01443537/a.PNG", "val/n01443537/B.jpg", "val/n01440764/z.webp",
          "val/n01484850/c.jpeg", "val/n01484850/notes.txt", "val/n01484850/sub/a.jpeg", "val/README"})
        touch(path);
    const auto set = openImages({root(), "val"});
    QVERIFY2(set, set ? "" : set.error().message().c_str());
    const std::vector<std::string> expected
        = {"val/n01440764/z.webp", "val/n01443537/B.jpg",  "val/n01443537/a.PNG",
           "val/n01443537/b.JPEG", "val/n01484850/c.jpeg", "val/n01484850/sub/a.jpeg"};
    QVERIFY(paths(*set) == expected);
    QCOMPARE(set->items[0].label, 0);
    QCOMPARE(set->items[1].label, 1);
    QCOMPARE(set->items[4].label, 2);
    QCOMPARE(set->classNames.size(), size_t{1000});
    QCOMPARE(set->filePath(set->items[0]), root() + "/val/n01440764/z.webp");
}

void TestImageSet::splitNamesOfValidationStandForEachOther()
{
    touch("validation/n01443537/a.jpg");
    QVERIFY(openImages({root(), "val"}));
    QVERIFY(openImages({root(), "valid"}));
    QCOMPARE(openImages({root(), "train"}).error().code, ErrorCode::NotFound);
    touch("val/n01443537/b.jpg");
    QCOMPARE(openImages({root(), "val"})->items[0].path, std::string("val/n01443537/b.jpg"));
}

void TestImageSet::rootMayHoldTheClassFoldersItself()
{
    touch("n01443537/a.jpg");
    const auto set = openImages({root(), "val"});
    QVERIFY(set);
    QCOMPARE(set->items[0].path, std::string("n01443537/a.jpg"));
    QCOMPARE(set->items[0].label, 1);
}

void TestImageSet::classFileNamesOtherClasses()
{
    touch("val/big dog/a.jpg");
    touch("val/cat/a.jpg");
    QVERIFY(test::writeFile(m_folder->filePath("classes.txt"),
                            "\xEF\xBB\xBF"
                            "cat\r\nbig dog\r\nhorse\r\n"));
    const auto set = openImages({root(), "val"});
    QVERIFY2(set, set ? "" : set.error().message().c_str());
    QCOMPARE(set->items[0].label, 1);
    QCOMPARE(set->items[1].label, 0);
    QVERIFY((set->classNames == std::vector<std::string>{"cat", "big dog", "horse"}));
    touch("val/cow/a.jpg");
    QVERIFY(mentions(openImages({root(), "val"}).error(), "cow"));
    QVERIFY(test::writeFile(m_folder->filePath("classes.txt"), "cat\ncat\n"));
    QVERIFY(mentions(openImages({root(), "val"}).error(), "listed twice"));
}

void TestImageSet::unknownFoldersAreErrorsThatNameThem()
{
    touch("val/n01443537/a.jpg");
    touch("val/n99999999/a.jpg");
    Error error = openImages({root(), "val"}).error();
    QCOMPARE(error.code, ErrorCode::BadInput);
    QVERIFY(mentions(error, "unknown wnid n99999999"));
    QVERIFY(QDir(m_folder->filePath("val/n99999999")).removeRecursively());
    touch("val/dog/a.jpg");
    error = openImages({root(), "val"}).error();
    QCOMPARE(error.code, ErrorCode::BadInput);
    QVERIFY(mentions(error, "\"dog\""));
    QVERIFY(mentions(error, "classes.txt"));
}

void TestImageSet::emptyAndMissingFoldersAreErrors()
{
    QCOMPARE(openImages({root() + "/none", "val"}).error().code, ErrorCode::NotFound);
    QCOMPARE(openImages({root(), "val"}).error().code, ErrorCode::NotFound);
    QVERIFY(QDir(m_folder->path()).mkpath("val"));
    QCOMPARE(openImages({root(), "val"}).error().code, ErrorCode::BadInput);
    QVERIFY(QDir(m_folder->path()).mkpath("val/n01443537"));
    const Error error = openImages({root(), "val"}).error();
    QCOMPARE(error.code, ErrorCode::BadInput);
    QVERIFY(mentions(error, "no images"));
}

void TestImageSet::listKeepsItsOrderAndLabels()
{
    for (const char *path : {"n01443537/a.jpg", "other/my photo 3", "other/b.png", "other/c d.png"})
        touch(path);
    const std::string absolute = root() + "/other/b.png";
    const auto set
        = openImageList(list("# a comment\r\n\r\nother/b.png 7\nn01443537/a.jpg\nother/c d.png\tn01484850\n"
                             "n01443537/a.jpg 999\nother/my photo 3\nother/b.png\n"
                             + QByteArray::fromStdString(absolute) + "  12"),
                        root());
    QVERIFY2(set, set ? "" : set.error().message().c_str());
    const std::vector<std::string> expected
        = {"other/b.png",      "n01443537/a.jpg", "other/c d.png", "n01443537/a.jpg",
           "other/my photo 3", "other/b.png",     absolute};
    QVERIFY(paths(*set) == expected);
    const std::vector<int> labels = {7, 1, 2, 999, -1, -1, 12};
    for (size_t i = 0; i < labels.size(); ++i)
        QCOMPARE(set->items[i].label, labels[i]);
    QCOMPARE(set->filePath(set->items.back()), absolute);
}

void TestImageSet::badListLinesAreNamedByNumber_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QByteArray>("mention");
    QTest::newRow("missing image") << QByteArray("a.jpg\nb.jpg 3\n") << ErrorCode::NotFound << QByteArray("b.jpg");
    QTest::newRow("label too large") << QByteArray("a.jpg\na.jpg 1000") << ErrorCode::BadInput
                                     << QByteArray("1000");
    QTest::newRow("negative label") << QByteArray("a.jpg\na.jpg -1") << ErrorCode::BadInput << QByteArray("-1");
    QTest::newRow("unknown wnid") << QByteArray("#\na.jpg n99999999") << ErrorCode::BadInput
                                  << QByteArray("n99999999");
    QTest::newRow("word for a label") << QByteArray("\na.jpg dog") << ErrorCode::NotFound
                                      << QByteArray("a.jpg dog");
}

void TestImageSet::badListLinesAreNamedByNumber()
{
    QFETCH(QByteArray, text);
    QFETCH(ErrorCode, code);
    QFETCH(QByteArray, mention);
    touch("a.jpg");
    const auto set = openImageList(list(text), root());
    QVERIFY(!set);
    QCOMPARE(set.error().code, code);
    QVERIFY2(mentions(set.error(), "line 2"), set.error().message().c_str());
    QVERIFY2(mentions(set.error(), mention.constData()), set.error().message().c_str());
    QCOMPARE(openImageList(list("# nothing\n"), root()).error().code, ErrorCode::BadInput);
    QCOMPARE(openImageList(root() + "/none.txt", root()).error().code, ErrorCode::NotFound);
}

void TestImageSet::randomSubsetsAreTheSameEverywhere()
{
    // Expected values from a separately written MT19937-64 (whose 10,000th output is the standard's).
    const auto labels = [](const Result<ImageSet> &set) {
        std::vector<int> result;
        for (const ImageItem &item : set->items)
            result.push_back(item.label);
        return result;
    };
    QVERIFY((labels(randomSubset(numbered(10), 6, 0)) == std::vector{4, 6, 3, 9, 8, 0}));
    QVERIFY((labels(randomSubset(numbered(10), 6, 1)) == std::vector{8, 7, 4, 0, 2, 9}));
    QVERIFY(
        (labels(randomSubset(numbered(650), 5, 12345678901234567890U)) == std::vector{236, 574, 187, 363, 595}));
    std::vector<int> all = labels(randomSubset(numbered(50), 50, 3));
    std::sort(all.begin(), all.end());
    for (int i = 0; i < 50; ++i)
        QCOMPARE(all[static_cast<size_t>(i)], i);
    QCOMPARE(randomSubset(numbered(10), 11, 0).error().code, ErrorCode::BadInput);
    QCOMPARE(randomSubset(numbered(10), 0, 0).error().code, ErrorCode::BadInput);
}

void TestImageSet::limitTakesTheFirst()
{
    QCOMPARE(limit(numbered(10), 3).items.size(), size_t{3});
    QCOMPARE(limit(numbered(10), 3).items.back().label, 2);
    QCOMPARE(limit(numbered(10), 0).items.size(), size_t{10});
    QCOMPARE(limit(numbered(10), 99).items.size(), size_t{10});
}

void TestImageSet::realValidationFolderHasItsLabels()
{
    QUANTOSCOPE_NEED_DATA(folder, "imagenet");
    const auto set = openImages({folder, "val"});
    QVERIFY2(set, set ? "" : set.error().message().c_str());
    QCOMPARE(set->items.size(), size_t{650});
    QVERIFY(std::is_sorted(set->items.begin(), set->items.end(),
                           [](const ImageItem &a, const ImageItem &b) { return a.path < b.path; }));
    std::vector<int> classes;
    for (const ImageItem &item : set->items) {
        QCOMPARE(imagenetWnids().at(static_cast<size_t>(item.label)), item.path.substr(4, 9));
        classes.push_back(item.label);
    }
    classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
    QCOMPARE(classes.size(), size_t{456});
}

void TestImageSet::realCalibrationListResolves()
{
    QUANTOSCOPE_NEED_DATA(folder, "imagenet");
    QUANTOSCOPE_NEED_DATA(file, "golden/calibration-100.txt");
    const auto set = openImageList(file, folder);
    QVERIFY2(set, set ? "" : set.error().message().c_str());
    QCOMPARE(set->items.size(), size_t{100});
    QCOMPARE(set->items.front().path, std::string("train/n01440764/n01440764_tench.JPEG"));
    QVERIFY(
        std::all_of(set->items.begin(), set->items.end(), [](const ImageItem &item) { return item.label >= 0; }));
}

QTEST_GUILESS_MAIN(TestImageSet)
#include "tst_image_set.moc"
