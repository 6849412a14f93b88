// SPDX-License-Identifier: GPL-3.0-or-later
// Decoding, resampling and normalisation, against values recorded from Pillow 9.4 and torchvision 0.14. Equality is
// exact: libjpeg-turbo, as Debian packages it and as Pillow bundles it, decodes to the same bytes in every version. A
// libjpeg of another make would differ by one level here and there.
#include "core/imaging/crop_cache.h"
#include "core/imaging/picture.h"
#include "core/imaging/preprocess.h"

#include "test_files.h"
#include "tests/support/test_data.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstring>
#include <random>

using namespace quantoscope;

namespace {

QString imageFolder()
{
    return QString::fromStdString(testing::dataFolder()) + "/fixtures/images/";
}

QString sha256(const std::vector<uint8_t> &bytes)
{
    const QByteArrayView view(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size()));
    return QString::fromLatin1(QCryptographicHash::hash(view, QCryptographicHash::Sha256).toHex());
}

Result<Picture> decode(const QByteArray &bytes)
{
    return decodePicture(std::as_bytes(std::span(bytes.data(), static_cast<size_t>(bytes.size()))), "test");
}

QByteArray content(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// 2 x 1 RGB pixels; `compression` is only what the tag says.
QByteArray tinyTiff(char compression)
{
    QByteArray file = QByteArray::fromHex(
        "49492a000800000009000001030001000000020000000101030001000000010000000201030003000000"
        "7a00000003010300010000000100000006010300010000000200000011010400010000008000000015010300"
        "010000000300000016010300010000000100000017010300010000000600000000000000080008000800010203fa8007");
    file[54] = compression;
    return file;
}

Picture patterned(int width, int height)
{
    Picture picture{width, height, {}};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < 3; ++c)
                picture.rgb.push_back(test::bmpValue(1, x, y, c));
    return picture;
}

} // namespace

class TestImaging : public QObject {
    Q_OBJECT

private:
    QJsonObject m_expected;

private Q_SLOTS:
    void initTestCase();
    void everyFixtureIsExpected();
    void everyFixtureDecodesToThePixelsOfPillow_data();
    void everyFixtureDecodesToThePixelsOfPillow();
    void everyFixtureIsCroppedAsTorchvisionDoes_data() { everyFixtureDecodesToThePixelsOfPillow_data(); }
    void everyFixtureIsCroppedAsTorchvisionDoes();
    void everyFixtureThatPillowRefusesIsRefused_data();
    void everyFixtureThatPillowRefusesIsRefused();
    void bmpIsReadTopDownInRgbOrder();
    void rareVariantsDecodeToThePixelsOfPillow_data();
    void rareVariantsDecodeToThePixelsOfPillow();
    void hugeHeadersAreRefusedBeforeAllocation_data();
    void hugeHeadersAreRefusedBeforeAllocation();
    void missingFilesFoldersAndForeignContentAreErrors();
    void damagedFilesNeverCrash();
    void pictureOfTheRightSizeIsOnlyCropped();
    void aSquashedPictureLosesItsAspectRatioAndNothingElse();
    void centreOffsetsRoundHalvesToEven();
    void smallPicturesAreSurroundedByBlack();
    void flatPicturesStayFlat();
    void normalisationIsExactInFloat32();
    void unusablePreprocessingIsNamed();
};

void TestImaging::initTestCase()
{
    const QByteArray json = content(imageFolder() + "expected_pil.json");
    m_expected = QJsonDocument::fromJson(json).object();
}

void TestImaging::everyFixtureIsExpected()
{
    QUANTOSCOPE_NEED_DATA(expectedFile, "fixtures/images/expected_pil.json");
    QStringList files = QDir(imageFolder()).entryList(QDir::Files, QDir::Name);
    files.removeAll("expected_pil.json");
    QStringList expected = m_expected["images"].toObject().keys();
    expected.sort();
    QVERIFY(!files.isEmpty());
    QCOMPARE(expected, files);
}

void TestImaging::everyFixtureDecodesToThePixelsOfPillow_data()
{
    QTest::addColumn<QJsonObject>("expected");
    QUANTOSCOPE_NEED_DATA(expectedFile, "fixtures/images/expected_pil.json");
    const QJsonObject images = m_expected["images"].toObject();
    for (auto image = images.begin(); image != images.end(); ++image)
        if (image.value().toObject()["loadable"].toBool())
            QTest::newRow(qPrintable(image.key())) << image.value().toObject();
}

void TestImaging::everyFixtureDecodesToThePixelsOfPillow()
{
    QFETCH(QJsonObject, expected);
    const auto picture = loadPicture((imageFolder() + QTest::currentDataTag()).toStdString());
    QVERIFY2(picture, picture ? "" : picture.error().message().c_str());
    QCOMPARE(picture->width, expected["size_wh"][0].toInt());
    QCOMPARE(picture->height, expected["size_wh"][1].toInt());
    QCOMPARE(sha256(picture->rgb), expected["sha256_rgb"].toString());
}

void TestImaging::everyFixtureIsCroppedAsTorchvisionDoes()
{
    QFETCH(QJsonObject, expected);
    const auto picture = loadPicture((imageFolder() + QTest::currentDataTag()).toStdString());
    QVERIFY(picture);
    const Preprocessing preprocessing; // shorter side 256 bicubic, centre 224
    const std::vector<uint8_t> crop = cropPicture(*picture, preprocessing);
    const QJsonArray places = m_expected["sample_coordinates_yx"].toArray();
    const QJsonArray samples = expected["crop_samples"].toArray();
    QCOMPARE(samples.size(), places.size());
    for (qsizetype i = 0; i < places.size(); ++i) {
        const size_t pixel = static_cast<size_t>(places[i][0].toInt() * preprocessing.crop + places[i][1].toInt());
        for (int c = 0; c < 3; ++c)
            QCOMPARE(int{crop[pixel * 3 + static_cast<size_t>(c)]}, samples[i][c].toInt());
    }
    QCOMPARE(sha256(crop), expected["sha256_crop"].toString());
}

void TestImaging::everyFixtureThatPillowRefusesIsRefused_data()
{
    QTest::addColumn<QString>("exception");
    QUANTOSCOPE_NEED_DATA(expectedFile, "fixtures/images/expected_pil.json");
    const QJsonObject images = m_expected["images"].toObject();
    for (auto image = images.begin(); image != images.end(); ++image)
        if (!image.value().toObject()["loadable"].toBool())
            QTest::newRow(qPrintable(image.key())) << image.value().toObject()["exception"].toString();
}

void TestImaging::everyFixtureThatPillowRefusesIsRefused()
{
    QFETCH(QString, exception);
    const std::string path = (imageFolder() + QTest::currentDataTag()).toStdString();
    const auto picture = loadPicture(path);
    QVERIFY(!picture);
    QCOMPARE(picture.error().where, path);
    QCOMPARE(picture.error().code,
             exception == "DecompressionBombError" ? ErrorCode::Unsupported : ErrorCode::CorruptFile);
    if (exception == "OSError")
        QVERIFY2(picture.error().what.find("truncated") != std::string::npos, picture.error().what.c_str());
}

void TestImaging::bmpIsReadTopDownInRgbOrder()
{
    const auto picture = decode(test::bmp(5, 4, 1));
    QVERIFY(picture);
    QCOMPARE(picture->width, 5);
    QCOMPARE(picture->height, 4);
    QVERIFY(picture->rgb == patterned(5, 4).rgb);
}

void TestImaging::rareVariantsDecodeToThePixelsOfPillow_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("rgb");
    QTest::newRow("PNG, palette indices 2 and 15 beyond a palette of 2")
        << QByteArray::fromHex("89504e470d0a1a0a0000000d49484452000000040000000104030000000b1212fe"
                               "00000006504c544501020328323cf20fa94a0000000b49444154789c6360d4070000340031766fa2d1"
                               "0000000049454e44ae426082")
        << QByteArray::fromHex("010203 28323c 020202 0f0f0f");
    QTest::newRow("WebP, lossless")
        << QByteArray::fromHex("524946463c000000574542505650384c2f0000002f014000001f402660716f84d3bf8c1a0adab661fa"
                               "c79fd0b00909c890aa33ff719053bd7d403640992acc22fa1f1f00")
        << QByteArray::fromHex("0a141e c86432 00ff00 070809");
    QTest::newRow("TIFF") << tinyTiff(1) << QByteArray::fromHex("010203 fa8007");
}

void TestImaging::rareVariantsDecodeToThePixelsOfPillow()
{
    QFETCH(QByteArray, file);
    QFETCH(QByteArray, rgb);
    const auto picture = decode(file);
    QVERIFY2(picture, picture ? "" : picture.error().message().c_str());
    const char *pixels = reinterpret_cast<const char *>(picture->rgb.data());
    QCOMPARE(QByteArray(pixels, static_cast<qsizetype>(picture->rgb.size())), rgb);
}

void TestImaging::hugeHeadersAreRefusedBeforeAllocation_data()
{
    QTest::addColumn<QByteArray>("file");
    QByteArray bmp = test::bmp(2, 2, 0);
    qToLittleEndian<qint32>(60000, bmp.data() + 18);
    qToLittleEndian<qint32>(-60000, bmp.data() + 22);
    QTest::newRow("BMP") << bmp;
    QTest::newRow("WebP, extended") << QByteArray::fromHex(
                                           "52494646ffff00005745425056503858 0a00000000000000 ff3f00ff3f00")
            + QByteArray(64, '\0');
    QTest::newRow("WebP, lossless") << QByteArray::fromHex("52494646ffff0000574542505650384c 0a0000002fffffff0f")
            + QByteArray(64, '\0');
    QTest::newRow("TIFF") << QByteArray::fromHex("49492a0008000000 0200"
                                                 "000104000100000060ea0000"
                                                 "010104000100000060ea0000"
                                                 "00000000");
    QTest::newRow("JPEG") << QByteArray::fromHex("ffd8ffc0001108ea60ea6003012200021101031101"
                                                 "ffda000c03010002110311003f00");
}

void TestImaging::hugeHeadersAreRefusedBeforeAllocation()
{
    QFETCH(QByteArray, file);
    const auto picture = decode(file);
    QVERIFY(!picture);
    QVERIFY2(picture.error().what.find("above the limit") != std::string::npos, picture.error().what.c_str());
}

void TestImaging::missingFilesFoldersAndForeignContentAreErrors()
{
    QTemporaryDir folder;
    QCOMPARE(loadPicture(folder.filePath("none.jpg").toStdString()).error().code, ErrorCode::NotFound);
    QCOMPARE(loadPicture(folder.path().toStdString()).error().code, ErrorCode::BadInput);
    QCOMPARE(decode({}).error().code, ErrorCode::CorruptFile);
    QCOMPARE(decode("GIF89a").error().code, ErrorCode::CorruptFile);
    QCOMPARE(decode("RIFFxxxxWEBP").error().code, ErrorCode::CorruptFile);
    QCOMPARE(decode(QByteArray("MM\0*", 4)).error().code, ErrorCode::CorruptFile);
    QByteArray highColor = test::bmp(2, 2, 0);
    highColor[28] = 16;
    QCOMPARE(decode(highColor).error().code, ErrorCode::Unsupported);
    const int lzw = 5; // OpenCV would hand over damaged pixels
    QCOMPARE(decode(tinyTiff(lzw)).error().code, ErrorCode::Unsupported);
}

void TestImaging::damagedFilesNeverCrash()
{
    QList<QByteArray> files = {test::bmp(9, 7, 3)};
    for (const QFileInfo &file : QDir(imageFolder()).entryInfoList({"*.JPEG", "*.png"}, QDir::Files))
        files.append(content(file.filePath()));
    std::mt19937 random(20240607);
    const auto below = [&random](qsizetype bound) { return static_cast<qsizetype>(random()) % bound; };
    for (const QByteArray &file : files) {
        for (int trial = 0; trial < 24 && !file.isEmpty(); ++trial) {
            QByteArray damaged = trial % 3 == 0 ? file.first(below(file.size())) : file;
            for (int flip = 0; flip < trial % 3 && !damaged.isEmpty(); ++flip) {
                // Half of the flips hit the headers.
                const qsizetype place
                    = below(flip % 2 ? damaged.size() : std::min<qsizetype>(damaged.size(), 700));
                damaged[place] = static_cast<char>(damaged[place] ^ (1 << below(8)));
            }
            const auto picture = decode(damaged);
            if (picture)
                QCOMPARE(picture->rgb.size(),
                         static_cast<size_t>(picture->width) * static_cast<size_t>(picture->height) * 3);
            else
                QVERIFY(!picture.error().what.empty());
        }
    }
}

void TestImaging::pictureOfTheRightSizeIsOnlyCropped()
{
    const Picture picture = patterned(40, 30);
    Preprocessing preprocessing;
    preprocessing.resize = 30;
    preprocessing.crop = 10;
    const std::vector<uint8_t> crop = cropPicture(picture, preprocessing);
    for (int y = 0; y < 10; ++y)
        QVERIFY(std::memcmp(&crop[static_cast<size_t>(y) * 30],
                            &picture.rgb[static_cast<size_t>((y + 10) * 40 + 15) * 3], 30)
                == 0);
}

void TestImaging::aSquashedPictureLosesItsAspectRatioAndNothingElse()
{
    // Stripes that do not depend on y: squashing 60 x 30 to 30 x 30 halves the width as scaling 60 x 60 does.
    const auto stripes = [](int height) {
        Picture picture = patterned(60, height);
        for (int y = 1; y < height; ++y)
            std::copy_n(picture.rgb.begin(), 180, picture.rgb.begin() + y * 180);
        return picture;
    };
    Preprocessing preprocessing;
    preprocessing.resize = preprocessing.crop = 30;
    const std::vector<uint8_t> scaled = cropPicture(stripes(60), preprocessing);
    preprocessing.mode = ResizeMode::Squash;
    QCOMPARE(cropPicture(stripes(30), preprocessing), scaled);
    QVERIFY(preprocessing.text().find("squashed to 30") != std::string::npos);
    QVERIFY(CropKey::of(QUANTOSCOPE_SOURCE_DIR "/README.md", preprocessing)
            != CropKey::of(QUANTOSCOPE_SOURCE_DIR "/README.md", Preprocessing{30, 30}));
}

void TestImaging::centreOffsetsRoundHalvesToEven()
{
    // An excess of 5 starts at round(2.5) = 2, one of 3 at round(1.5) = 2.
    Preprocessing preprocessing;
    preprocessing.resize = 11;
    preprocessing.crop = 8;
    const Picture picture = patterned(13, 11);
    const std::vector<uint8_t> crop = cropPicture(picture, preprocessing);
    QCOMPARE(crop[0], test::bmpValue(1, 2, 2, 0));
}

void TestImaging::smallPicturesAreSurroundedByBlack()
{
    Preprocessing preprocessing;
    preprocessing.resize = 4;
    preprocessing.crop = 7;
    const Picture white{4, 4, std::vector<uint8_t>(48, 255)};
    const std::vector<uint8_t> crop = cropPicture(white, preprocessing);
    for (int y = 0; y < 7; ++y)
        for (int x = 0; x < 7; ++x) // the odd black row and column are at the end
            QCOMPARE(int{crop[static_cast<size_t>(y * 7 + x) * 3]}, x >= 1 && x < 5 && y >= 1 && y < 5 ? 255 : 0);
}

void TestImaging::flatPicturesStayFlat()
{
    for (const Interpolation interpolation : {Interpolation::Bicubic, Interpolation::Bilinear}) {
        for (const int side : {1, 17, 333, 901}) {
            Preprocessing preprocessing;
            preprocessing.interpolation = interpolation;
            const Picture flat{side, 2 * side, std::vector<uint8_t>(static_cast<size_t>(6 * side * side), 200)};
            const std::vector<uint8_t> crop = cropPicture(flat, preprocessing);
            QCOMPARE(std::count(crop.begin(), crop.end(), 200), static_cast<ptrdiff_t>(crop.size()));
        }
    }
}

void TestImaging::normalisationIsExactInFloat32()
{
    Preprocessing preprocessing;
    preprocessing.crop = 16;
    std::vector<uint8_t> crop(16 * 16 * 3);
    for (size_t i = 0; i < crop.size(); ++i)
        crop[i] = static_cast<uint8_t>(i / 3 + i % 3);
    std::vector<float> planes(inputSize(preprocessing));
    normalizeCrop(crop, preprocessing, planes);
    for (size_t c = 0; c < 3; ++c) {
        for (size_t i = 0; i < 256; ++i) {
            volatile float value = static_cast<float>(static_cast<uint8_t>(i + c)); // rounds after every step
            value = value / 255.0F;
            value = value - preprocessing.mean[c];
            value = value / preprocessing.deviation[c];
            QVERIFY(planes[c * 256 + i] == value);
        }
    }
}

void TestImaging::unusablePreprocessingIsNamed()
{
    QVERIFY(checkPreprocessing({}));
    Preprocessing zeroCrop;
    zeroCrop.crop = 0;
    QCOMPARE(checkPreprocessing(zeroCrop).error().code, ErrorCode::Usage);
    Preprocessing flat;
    flat.deviation[1] = 0;
    QCOMPARE(checkPreprocessing(flat).error().code, ErrorCode::Usage);
}

QTEST_GUILESS_MAIN(TestImaging)
#include "tst_imaging.moc"
