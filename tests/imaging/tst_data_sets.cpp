// SPDX-License-Identifier: GPL-3.0-or-later
// ImageNet in every form it is distributed in: the same images, labels and batches.
#include "core/imaging/batch_loader.h"
#include "core/imaging/image_set.h"
#include "core/imaging/image_source.h"
#include "core/imaging/synsets.h"

#include "devkit_files.h"
#include "tar_writer.h"
#include "test_files.h"
#include "tests/support/test_data.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <set>

using namespace quantoscope;

namespace {

struct Sample {
    QByteArray wnid;
    int label = -1;
    QByteArray content;
};

QByteArray content(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Images of different classes, ordered by class: real ones where the data is there, else drawn.
QList<Sample> makeSamples()
{
    QList<Sample> samples;
    const QDir val(QString::fromStdString(testing::dataPath("imagenet/val")));
    if (val.exists() && !val.path().isEmpty() && val.path() != ".") {
        const QStringList wnids = val.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
        for (qsizetype i = 3; i < wnids.size() && samples.size() < 8; i += 50) {
            const QFileInfoList files = QDir(val.filePath(wnids[i])).entryInfoList(QDir::Files, QDir::Name);
            samples.append(
                {wnids[i].toUtf8(), classOfWnid(wnids[i].toStdString()), content(files.first().filePath())});
        }
    }
    for (int i = static_cast<int>(samples.size()); i < 8; ++i)
        samples.append({QByteArray::fromStdString(imagenetWnids()[static_cast<size_t>(100 * i + 7)]), 100 * i + 7,
                        test::bmp(60 + i, 50, i)});
    return samples;
}

QString flatName(qsizetype index)
{
    return QStringLiteral("ILSVRC2012_val_%1.JPEG").arg(index + 1, 8, 10, QLatin1Char('0'));
}

std::vector<float> pixels(const ImageSet &set)
{
    std::vector<float> all;
    const auto loader = BatchLoader::start(set, {}, {.batch = 3, .threads = 2});
    while (auto batch = (*loader)->next())
        all.insert(all.end(), batch->pixels.begin(), batch->pixels.end());
    return all;
}

bool mentions(const Error &error, const QByteArray &text)
{
    return error.message().find(text.toStdString()) != std::string::npos;
}

} // namespace

class TestDataSets : public QObject {
    Q_OBJECT

public:
    using Builder = void (TestDataSets::*)();

private:
    QList<Sample> m_samples;
    std::vector<float> m_pixels; ///< of all samples, from plain files
    std::unique_ptr<QTemporaryDir> m_folder;

    [[nodiscard]] QString path(const QString &name) const { return m_folder->filePath(name); }
    void write(const QString &name, const QByteArray &bytes) const { QVERIFY(test::writeFile(path(name), bytes)); }
    void pack(const QString &archive, const QString &folder, const QStringList &what = {"."}) const
    {
        QDir().mkpath(QFileInfo(path(archive)).path());
        QCOMPARE(QProcess::execute("tar", QStringList{"-C", path(folder), "-caf", path(archive)} + what), 0);
    }

    void writeTree(const QString &folder) const
    {
        for (const Sample &sample : m_samples)
            write(folder + '/' + sample.wnid + "/image.JPEG", sample.content);
    }
    void writeFlat(const QString &folder) const
    {
        for (qsizetype i = 0; i < m_samples.size(); ++i)
            write(folder + '/' + flatName(i), m_samples[i].content);
    }
    /// A tar of one tar per class.
    void writeTrainTar(const QString &archive) const
    {
        QByteArray bytes;
        for (const Sample &sample : m_samples)
            bytes += test::tarMember(sample.wnid + ".tar",
                                     test::tarMember(sample.wnid + "_18.JPEG", sample.content) + test::tarEnd());
        write(archive, bytes + test::tarEnd());
    }
    [[nodiscard]] QList<int> labels() const
    {
        QList<int> result;
        for (const Sample &sample : m_samples)
            result << sample.label;
        return result;
    }
    [[nodiscard]] QByteArray labelLines(bool asWnid = false) const
    {
        QByteArray lines;
        for (qsizetype i = m_samples.size() - 1; i >= 0; --i)
            lines += flatName(i).toUtf8() + ' '
                   + (asWnid ? m_samples[i].wnid : QByteArray::number(m_samples[i].label)) + '\n';
        return lines;
    }
    void writeDevkit(const QString &data) const
    {
        write(data + "/ILSVRC2012_validation_ground_truth.txt", test::groundTruth(labels()));
        QVERIFY(test::writeMetaMat(path(data + "/meta.mat")));
    }
    [[nodiscard]] QByteArray kaggleLines() const
    {
        QByteArray lines = "ImageId,PredictionString\r\n";
        for (qsizetype i = 0; i < m_samples.size(); ++i)
            lines += QFileInfo(flatName(i)).baseName().toUtf8() + ',' + m_samples[i].wnid + " 85 1 499 272 "
                   + m_samples[i].wnid + " 1 2 3 4 \r\n";
        return lines;
    }

    // Layouts; each is opened at m_folder/<second column below>.
    void splitFolders() { writeTree("val"), writeTree("train"); }
    void validationFolder() { writeTree("validation"); }
    void testFolder() { writeTree("test"); }
    void classFolders() { writeTree("here"); }
    void flatWithListBeside() { writeFlat("val"), write("val.txt", labelLines()); }
    void flatWithListInside() { writeFlat("here"), write("here/val.txt", "# wnids\n\n" + labelLines(true)); }
    void flatWithDevkit() { writeFlat("here"), writeDevkit("ILSVRC2012_devkit_t12/data"); }
    void flatWithPackedDevkit()
    {
        writeFlat("val");
        writeDevkit("kit/ILSVRC2012_devkit_t12/data");
        pack("ILSVRC2012_devkit_t12.tar.gz", "kit", {"ILSVRC2012_devkit_t12"});
    }
    void flatWithClassMap()
    {
        writeFlat("here");
        write("here/ILSVRC2012_validation_ground_truth.txt", test::groundTruth(labels()));
        write("here/map_clsloc.txt", test::classMap());
    }
    void kaggle()
    {
        writeFlat("ILSVRC/Data/CLS-LOC/val");
        write("LOC_val_solution.csv", kaggleLines());
        QByteArray mapping;
        for (size_t i = 0; i < 1000; ++i)
            mapping +=
                QByteArray::fromStdString(imagenetWnids()[i] + " " + imagenetClassNames()[i] + ", a synonym\n");
        write("LOC_synset_mapping.txt", mapping);
    }
    void tarOfSplits() { writeTree("in/val"), writeTree("in/train"), pack("a.tar", "in"); }
    void tarOfClassFolders() { writeTree("in"), pack("val.tar", "in"); }
    void tarOfAWrappedFolder() { writeTree("in/imagenet/val"), pack("imagenet.tar", "in", {"imagenet"}); }
    void flatTarWithList()
    {
        writeFlat("in"), pack("ILSVRC2012_img_val.tar", "in"), write("val.txt", labelLines());
    }
    void flatTarWithPackedDevkit()
    {
        flatWithPackedDevkit();
        pack("ILSVRC2012_img_val.tar", "val");
        QVERIFY(QDir(path("val")).removeRecursively() && QDir(path("kit")).removeRecursively());
    }
    void tarOfTars() { writeTrainTar("ILSVRC2012_img_train.tar"); }
    void splitTars() { writeTrainTar("ILSVRC2012_img_train.tar"), flatTarWithPackedDevkit(); }
    void foldersOfClassTars()
    {
        for (const Sample &sample : m_samples)
            write("train/" + sample.wnid + ".tar", test::tarMember("a.JPEG", sample.content) + test::tarEnd());
    }
    void tarWithItsClassList()
    {
        QByteArray names;
        for (const Sample &sample : m_samples) {
            write("in/val/class " + sample.wnid + "/image.JPEG", sample.content);
            names += "class " + sample.wnid + '\n';
        }
        write("in/classes.txt", names);
        pack("own.tar", "in");
    }

private Q_SLOTS:
    void initTestCase();
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void everyLayoutGivesTheSameImages_data();
    void everyLayoutGivesTheSameImages();
    void imagesOfArchivesHavePathsThroughThem();
    void theTrainingArchiveBesideTheValidationArchiveIsFound();
    void anArchiveOfAnotherSplitIsRefused();
    void calibrationNeedsNoLabels();
    void imagesWithoutLabelsSayWhatWasLookedFor();
    void badLabelsAreNamed_data();
    void badLabelsAreNamed();
    void groundTruthNeedsMetaMat();
    void listsReachIntoArchives();
};

void TestDataSets::initTestCase()
{
    m_samples = makeSamples();
    m_folder = std::make_unique<QTemporaryDir>();
    writeTree("val");
    const auto set = openImages({m_folder->path().toStdString()});
    QVERIFY2(set, set ? "" : set.error().message().c_str());
    m_pixels = pixels(*set);
    QCOMPARE(m_pixels.size(), m_samples.size() * size_t{3 * 224 * 224});
}

void TestDataSets::everyLayoutGivesTheSameImages_data()
{
    QTest::addColumn<std::function<void()>>("build");
    QTest::addColumn<QString>("opened");
    QTest::addColumn<QString>("split");
    const auto row = [this](const char *name, Builder builder, const char *opened, const char *split = "val") {
        QTest::newRow(name) << std::function<void()>([this, builder] { (this->*builder)(); }) << QString(opened)
                            << QString(split);
    };
    row("split folders", &TestDataSets::splitFolders, "");
    row("split folders, train", &TestDataSets::splitFolders, "", "train");
    row("split folder validation", &TestDataSets::validationFolder, "", "valid");
    row("split folder test", &TestDataSets::testFolder, "", "test");
    row("class folders", &TestDataSets::classFolders, "here");
    row("class folders, trailing slash", &TestDataSets::classFolders, "here/");
    row("flat, val.txt beside", &TestDataSets::flatWithListBeside, "");
    row("flat, val.txt beside, named itself", &TestDataSets::flatWithListBeside, "val");
    row("flat, val.txt with wnids inside", &TestDataSets::flatWithListInside, "here");
    row("flat, devkit beside", &TestDataSets::flatWithDevkit, "here");
    row("flat, packed devkit beside", &TestDataSets::flatWithPackedDevkit, "");
    row("flat, ground truth and map_clsloc.txt inside", &TestDataSets::flatWithClassMap, "here");
    row("Kaggle", &TestDataSets::kaggle, "");
    row("Kaggle, images named", &TestDataSets::kaggle, "ILSVRC/Data/CLS-LOC/val");
    row("Kaggle, data folder named", &TestDataSets::kaggle, "ILSVRC/Data/CLS-LOC");
    row("tar of splits", &TestDataSets::tarOfSplits, "a.tar", "train");
    row("tar of class folders", &TestDataSets::tarOfClassFolders, "val.tar");
    row("tar of class folders, folder named", &TestDataSets::tarOfClassFolders, "", "validation");
    row("tar of a folder of splits", &TestDataSets::tarOfAWrappedFolder, "imagenet.tar");
    row("flat tar, val.txt beside", &TestDataSets::flatTarWithList, "ILSVRC2012_img_val.tar");
    row("flat tar, packed devkit beside", &TestDataSets::flatTarWithPackedDevkit, "ILSVRC2012_img_val.tar");
    row("tar of tars", &TestDataSets::tarOfTars, "ILSVRC2012_img_train.tar", "train");
    row("folder of the official tars, val", &TestDataSets::splitTars, "");
    row("folder of the official tars, train", &TestDataSets::splitTars, "", "train");
    row("a tar for each class", &TestDataSets::foldersOfClassTars, "", "train");
    row("tar with its class list", &TestDataSets::tarWithItsClassList, "own.tar");
}

void TestDataSets::everyLayoutGivesTheSameImages()
{
    QFETCH(std::function<void()>, build);
    QFETCH(QString, opened);
    QFETCH(QString, split);
    build();
    if (QTest::currentTestFailed())
        return;
    const ImageRequest request{path(opened).toStdString(), split.toStdString()};
    const auto set = openImages(request);
    QVERIFY2(set, set ? "" : set.error().message().c_str());
    QCOMPARE(set->items.size(), static_cast<size_t>(m_samples.size()));
    std::set<std::string> names;
    for (size_t i = 0; i < set->items.size(); ++i) {
        const Sample &sample = m_samples[static_cast<qsizetype>(i)];
        const ImageItem &item = set->items[i];
        QCOMPARE(item.label, set->classFile.ends_with("/classes.txt") ? static_cast<int>(i) : sample.label);
        QVERIFY(names.insert(item.path).second);
        const auto bytes = readImage(set->filePath(item));
        QVERIFY2(bytes, bytes ? "" : bytes.error().message().c_str());
        QVERIFY(QByteArrayView(bytes->data(), static_cast<qsizetype>(bytes->size())) == sample.content);
    }
    QVERIFY(pixels(*set) == m_pixels);
    QVERIFY(set->description.find(std::to_string(m_samples.size()) + " images of ") == 0);

    // Stable: the same paths and labels when opened again.
    const auto again = openImages(request);
    QVERIFY(again && again->root == set->root);
    QVERIFY(
        std::equal(set->items.begin(), set->items.end(), again->items.begin(), again->items.end(),
                   [](const ImageItem &a, const ImageItem &b) { return a.path == b.path && a.label == b.label; }));
}

void TestDataSets::imagesOfArchivesHavePathsThroughThem()
{
    splitTars();
    const auto train = openImages({m_folder->path().toStdString(), "train"});
    QVERIFY(train);
    QCOMPARE(train->root, m_folder->path().toStdString());
    const QByteArray wnid = m_samples.first().wnid;
    QCOMPARE(QByteArray::fromStdString(train->items.front().path),
             "ILSVRC2012_img_train.tar/" + wnid + ".tar/" + wnid + "_18.JPEG");
    const auto val = openImages({path("ILSVRC2012_img_val.tar").toStdString()});
    QVERIFY(val);
    QCOMPARE(val->root, m_folder->path().toStdString());
    QCOMPARE(val->items.front().path, std::string("ILSVRC2012_img_val.tar/ILSVRC2012_val_00000001.JPEG"));
    QVERIFY(val->description.find("ILSVRC2012_validation_ground_truth.txt") != std::string::npos);
}

void TestDataSets::theTrainingArchiveBesideTheValidationArchiveIsFound()
{
    splitTars();
    const auto set = openImages({path("ILSVRC2012_img_val.tar").toStdString(), "train"});
    QVERIFY2(set, set ? "" : set.error().message().c_str());
    QVERIFY(set->items.front().path.starts_with("ILSVRC2012_img_train.tar/"));
}

void TestDataSets::anArchiveOfAnotherSplitIsRefused()
{
    flatTarWithList();
    Error error = openImages({path("ILSVRC2012_img_val.tar").toStdString(), "train"}).error();
    QCOMPARE(error.code, ErrorCode::NotFound);
    QVERIFY2(mentions(error, "--calibration-data"), error.message().c_str());
    tarOfTars();
    QVERIFY(QFile::rename(path("ILSVRC2012_img_train.tar"), path("x_train.tar")));
    error = openImages({path("x_train.tar").toStdString(), "val"}).error();
    QVERIFY2(mentions(error, "--split train"), error.message().c_str());
    QVERIFY(QFile::copy(path("x_train.tar"), path("y_train.tar")));
    error = openImages({m_folder->path().toStdString(), "train"}).error();
    QVERIFY2(mentions(error, "both x_train.tar and y_train.tar"), error.message().c_str());
    // Validation images are no training images, wherever they lie.
    writeFlat("flat");
    error = openImages({path("flat").toStdString(), "train", {}, false}).error();
    QVERIFY2(mentions(error, "these are validation images"), error.message().c_str());
}

void TestDataSets::calibrationNeedsNoLabels()
{
    write("train/some dog/a.JPEG", m_samples.first().content);
    write("flat/a.JPEG", m_samples.first().content);
    QVERIFY(!openImages({m_folder->path().toStdString(), "train"}));
    for (const char *folder : {"", "flat"}) {
        const auto set = openImages({path(folder).toStdString(), "train", {}, false});
        QVERIFY2(set, set ? "" : set.error().message().c_str());
        QCOMPARE(set->items.size(), size_t{1});
        QCOMPARE(set->items.front().label, -1);
    }
}

void TestDataSets::imagesWithoutLabelsSayWhatWasLookedFor()
{
    writeFlat("val");
    const Error error = openImages({m_folder->path().toStdString()}).error();
    QCOMPARE(error.code, ErrorCode::NotFound);
    for (const char *file : {"val.txt", "ILSVRC2012_devkit_t12.tar.gz", "ILSVRC2012_validation_ground_truth.txt",
                             "meta.mat", "map_clsloc.txt", "LOC_val_solution.csv", "--list"})
        QVERIFY2(mentions(error, file), file);
    QVERIFY(mentions(error, m_folder->path().toUtf8()));
}

void TestDataSets::badLabelsAreNamed_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("mention");
    const char *truth = "ILSVRC2012_validation_ground_truth.txt";
    const auto row = [](const char *name, const char *file, const QByteArray &text, const char *mention) {
        QTest::newRow(name) << QString(file) << text << QByteArray(mention);
    };
    row("label too large", "val.txt", "a.JPEG 3\nb.JPEG 1000\n", "val.txt, line 2: label 1000 is not in 0..999");
    row("negative label", "val.txt", "\nb.JPEG -1\n", "val.txt, line 2: label -1");
    row("unknown class", "val.txt", "a.JPEG n99999999\n", "line 1: unknown class \"n99999999\"");
    row("no label", "val.txt", "a.JPEG\n", "line 1: expected a line `name label`");
    row("two labels", "val.txt", "a.JPEG 3\nx/a.JPEG 4\n", "line 2: image x/a.JPEG has another label");
    row("an image is missing", "val.txt", "a.JPEG 3\n", "ILSVRC2012_val_00000001.JPEG is not listed");
    row("no text", "val.txt", "a.JPEG 3\n\xFF\xFE\n", "line 2: this is not text");
    row("ID of 0", truth, "490\n0\n", "line 2: \"0\" is no ILSVRC2012_ID");
    row("ID above 1000", truth, "1001\n", "line 1: \"1001\"");
    row("no number", truth, "490\n\n1", "line 2");
    row("too few lines", truth, "490\n361\n", "ILSVRC2012_val_00000003.JPEG is not among its 2 lines");
    row("Kaggle, no comma", "LOC_val_solution.csv", "ImageId,PredictionString\nx\n",
        "LOC_val_solution.csv, line 2");
    row("Kaggle, unknown wnid", "LOC_val_solution.csv", "x,n99999999 1 2 3 4\n",
        "line 1: unknown class \"n99999999\"");
}

void TestDataSets::badLabelsAreNamed()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, mention);
    writeFlat("val");
    write("map_clsloc.txt", test::classMap());
    write(file, text);
    const auto set = openImages({m_folder->path().toStdString()});
    QVERIFY(!set);
    QCOMPARE(set.error().code, ErrorCode::BadInput);
    QVERIFY2(mentions(set.error(), mention), set.error().message().c_str());
}

void TestDataSets::groundTruthNeedsMetaMat()
{
    writeFlat("val");
    write("ILSVRC2012_validation_ground_truth.txt", test::groundTruth(labels()));
    const std::string root = m_folder->path().toStdString();
    Error error = openImages({root}).error();
    QCOMPARE(error.code, ErrorCode::NotFound); // never taken for class indices
    QVERIFY2(mentions(error, "meta.mat"), error.message().c_str());

    for (const bool compressed : {false, true}) {
        QVERIFY(test::writeMetaMat(path("meta.mat"), compressed));
        const auto set = openImages({root});
        QVERIFY2(set, set ? "" : set.error().message().c_str());
        for (size_t i = 0; i < set->items.size(); ++i)
            QCOMPARE(set->items[i].label, m_samples[static_cast<qsizetype>(i)].label);
    }
    QVERIFY(test::writeMetaMat(path("meta.mat"), true, true));
    error = openImages({root}).error();
    QVERIFY2(mentions(error, "ILSVRC2012_ID 1 occurs twice"), error.message().c_str());
    for (const QByteArray &bytes : {QByteArray(), QByteArray("MATLAB 5.0 MAT-file"), QByteArray(4000, 'x')}) {
        write("meta.mat", bytes);
        error = openImages({root}).error();
        QCOMPARE(error.code, ErrorCode::CorruptFile);
        QVERIFY(error.where.ends_with("meta.mat"));
    }
}

void TestDataSets::listsReachIntoArchives()
{
    tarOfTars();
    flatTarWithList();
    const QByteArray wnid = m_samples.first().wnid;
    write("list.txt", "ILSVRC2012_img_train.tar/" + wnid + ".tar/" + wnid + "_18.JPEG\nILSVRC2012_img_val.tar/"
                          + flatName(1).toUtf8() + " 5\n");
    const auto set = openImageList(path("list.txt").toStdString(), m_folder->path().toStdString());
    QVERIFY2(set, set ? "" : set.error().message().c_str());
    QCOMPARE(set->items[0].label, m_samples.first().label); // from the inner archive's name
    QCOMPARE(set->items[1].label, 5);
    QVERIFY(readImage(set->filePath(set->items[1])));

    write("inside.txt", flatName(0).toUtf8() + "\n");
    const auto inside =
        openImageList(path("inside.txt").toStdString(), path("ILSVRC2012_img_val.tar").toStdString());
    QVERIFY2(inside, inside ? "" : inside.error().message().c_str());
    QVERIFY(readImage(inside->filePath(inside->items[0])));
    write("inside.txt", "nothing.JPEG\n");
    QCOMPARE(
        openImageList(path("inside.txt").toStdString(), path("ILSVRC2012_img_val.tar").toStdString()).error().code,
        ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(TestDataSets)
#include "tst_data_sets.moc"
