// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/file_hash.h"
#include "core/io/safetensors_writer.h"
#include "core/io/tensor_checks.h"
#include "core/io/tensor_store.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include <sys/stat.h>

using namespace quantoscope;

namespace {

QString dataFolder()
{
    return qEnvironmentVariable("QUANTOSCOPE_DATA", QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/../shared"));
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::vector<float> values(const TensorEntry &entry)
{
    std::vector<float> result(static_cast<size_t>(entry.elements()));
    convertToFloat(entry, result.data());
    return result;
}

/// The definition of a small IEEE format, digit by digit.
float referenceValue(unsigned bits, int exponentBits, int mantissaBits)
{
    const unsigned mantissa = bits & ((1U << mantissaBits) - 1);
    const int exponent = static_cast<int>((bits >> mantissaBits) & ((1U << exponentBits) - 1));
    const int bias = (1 << (exponentBits - 1)) - 1;
    const double sign = (bits >> (exponentBits + mantissaBits)) != 0 ? -1 : 1;
    if (exponent == (1 << exponentBits) - 1)
        return mantissa ? std::numeric_limits<float>::quiet_NaN()
                        : static_cast<float>(sign * std::numeric_limits<double>::infinity());
    const double fraction = std::ldexp(mantissa, -mantissaBits);
    return static_cast<float>(sign * (exponent == 0 ? std::ldexp(fraction, 1 - bias) : std::ldexp(1 + fraction, exponent - bias)));
}

bool sameValue(float a, float b)
{
    return std::isnan(b) ? std::isnan(a) : std::bit_cast<uint32_t>(a) == std::bit_cast<uint32_t>(b);
}

template <typename T>
TensorEntry entryOf(TensorType type, const std::vector<T> &stored, std::vector<int64_t> shape)
{
    return {type, std::move(shape), std::as_bytes(std::span(stored))};
}

} // namespace

class TensorStoreTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void halfAndBfloatEqualTheirDefinitionForEveryBitPattern()
    {
        std::vector<uint16_t> all(65536);
        for (size_t i = 0; i < all.size(); ++i)
            all[i] = static_cast<uint16_t>(i);
        const auto halves = values(entryOf(TensorType::F16, all, {65536}));
        const auto bfloats = values(entryOf(TensorType::BF16, all, {256, 256}));
        for (unsigned i = 0; i < all.size(); ++i) {
            QVERIFY2(sameValue(halves[i], referenceValue(i, 5, 10)), qPrintable(QString::number(i, 16)));
            QVERIFY2(sameValue(bfloats[i], referenceValue(i, 8, 7)), qPrintable(QString::number(i, 16)));
        }
    }

    void singlesAreCopiedAndDoublesRoundedToTheNearestSingle()
    {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        const std::vector<double> doubles{0.1, -0.0, 1e300, -infinity, 1e-42, 1.0 + std::ldexp(1, -24)};
        const auto rounded = values(entryOf(TensorType::F64, doubles, {6}));
        const std::vector<float> expected{0.1F, -0.0F, HUGE_VALF, -HUGE_VALF, 1e-42F, 1.0F};
        for (size_t i = 0; i < expected.size(); ++i)
            QVERIFY(sameValue(rounded[i], expected[i]));
        const std::vector<float> singles{1e-45F, -3.5F, std::numeric_limits<float>::max()};
        QCOMPARE(values(entryOf(TensorType::F32, singles, {3})), singles);
    }

    void unalignedTensorsAreConvertedToo()
    {
        const std::vector<uint16_t> halves{0x3C00, 0xC000};
        std::vector<std::byte> shifted(5);
        std::memcpy(shifted.data() + 1, halves.data(), 4);
        const auto result = values({TensorType::F16, {2}, std::span(shifted).subspan(1)});
        QCOMPARE(result, (std::vector<float>{1, -2}));
    }

    void tinyVitHasTheSameWeightsInThreeTypes()
    {
        const QString vit = dataFolder() + "/fixtures/vit/";
        if (!QFile::exists(vit))
            QSKIP("no test data: set QUANTOSCOPE_DATA");
        const auto full = openTensorStore((vit + "tiny_vit.safetensors").toStdString());
        QVERIFY2(full, full ? "" : full.error().message().c_str());
        QCOMPARE((*full)->container(), std::string("safetensors"));
        QCOMPARE((*full)->find("cls_token")->shape, (std::vector<int64_t>{1, 1, 64}));
        QVERIFY(!(*full)->find("no_such_tensor"));
        QVERIFY(!firstNonFinite(**full));
        const struct {
            const char *file;
            TensorType type;
            int mantissaBits;
        } rounded[] = {{"tiny_vit_f16.safetensors", TensorType::F16, 10}, {"tiny_vit_bf16.safetensors", TensorType::BF16, 7}};
        for (const auto &[file, type, mantissaBits] : rounded) {
            const auto store = openTensorStore((vit + file).toStdString());
            QVERIFY2(store, store ? "" : store.error().message().c_str());
            QCOMPARE((*store)->tensors().size(), (*full)->tensors().size());
            for (const auto &[name, entry] : (*store)->tensors()) {
                const TensorEntry *original = (*full)->find(name);
                QVERIFY(original);
                QVERIFY(entry.type == type);
                QCOMPARE(entry.shape, original->shape);
                const auto got = values(entry);
                const auto wanted = values(*original);
                for (size_t i = 0; i < got.size(); ++i) {
                    // Half a unit in the last place; below 2^-14 a half has fixed steps of 2^-24.
                    const float magnitude = std::max(std::fabs(wanted[i]), type == TensorType::F16 ? 0x1p-14F : 0.0F);
                    QVERIFY(std::fabs(got[i] - wanted[i]) <= std::ldexp(magnitude, -mantissaBits - 1));
                }
            }
        }
    }

    void realDeitTinyOpensWithAllItsParameters()
    {
        const QString path = dataFolder() + "/models/deit_tiny_patch16_224.safetensors";
        if (!QFile::exists(path))
            QSKIP("no test data: set QUANTOSCOPE_DATA");
        const auto store = openTensorStore(path.toStdString());
        QVERIFY2(store, store ? "" : store.error().message().c_str());
        QCOMPARE((*store)->tensors().size(), size_t{152});
        int64_t parameters = 0;
        for (const auto &[name, entry] : (*store)->tensors())
            parameters += entry.elements();
        QCOMPARE(parameters, int64_t{5717416});
        QVERIFY(!firstNonFinite(**store));
    }

    void aNanWeightIsFoundWithItsPosition()
    {
        const QString path = dataFolder() + "/fixtures/malformed/nan_weight.safetensors";
        if (!QFile::exists(path))
            QSKIP("no test data: set QUANTOSCOPE_DATA");
        const auto store = openTensorStore(path.toStdString());
        QVERIFY(store);
        const auto found = firstNonFinite(**store);
        QVERIFY(found);
        QVERIFY2(found->starts_with("blocks.0.mlp.fc1.weight[") && found->ends_with("] is NaN"), found->c_str());
    }

    void nonFiniteValuesAreFoundInEveryFloatingType()
    {
        std::vector<float> singles(20000, 1.0F);
        singles[3 * 5000 + 17] = -std::numeric_limits<float>::infinity();
        const std::vector<uint16_t> halves{0x7BFF, 0x7C01};
        const std::vector<uint16_t> bfloats{0x7F7F, 0xFF80};
        const std::vector<double> doubles{std::numeric_limits<double>::quiet_NaN()};
        const std::vector<int16_t> integers{0x7C00, -1};
        const auto found = [](TensorEntry entry) {
            TensorStore::Tensors tensors;
            tensors.emplace("t", std::move(entry));
            return firstNonFinite(TensorStore(std::move(tensors), nullptr, "")).value_or("");
        };
        QCOMPARE(found(entryOf(TensorType::F32, singles, {4, 5000})), std::string("t[3, 17] is infinite"));
        QCOMPARE(found(entryOf(TensorType::F16, halves, {2})), std::string("t[1] is NaN"));
        QCOMPARE(found(entryOf(TensorType::BF16, bfloats, {1, 2})), std::string("t[0, 1] is infinite"));
        QCOMPARE(found(entryOf(TensorType::F64, doubles, {})), std::string("t is NaN"));
        QCOMPARE(found(entryOf(TensorType::I16, integers, {2})), std::string());
        const std::vector<double> wide{1e38, -3.5e38};
        QCOMPARE(found(entryOf(TensorType::F64, wide, {2})), std::string("t[1] exceeds float32"));
    }

    void viewsAndPartsAreCheckedAsTheyAreSeen()
    {
        constexpr float nan = std::numeric_limits<float>::quiet_NaN();
        const std::vector<float> storage{0, nan, 2, 3, nan, 5};
        TensorEntry view = entryOf(TensorType::F32, storage, {2});
        view.strides = {3};
        const auto found = [](TensorEntry entry) {
            TensorStore::Tensors tensors;
            tensors.emplace("t", std::move(entry));
            return firstNonFinite(TensorStore(std::move(tensors), nullptr, "")).value_or("");
        };
        QCOMPARE(found(view), std::string()); // the NaN lies between its values
        TensorEntry transposed = entryOf(TensorType::F32, storage, {3, 2});
        transposed.strides = {1, 3};
        QCOMPARE(found(transposed), std::string("t[1, 0] is NaN"));
        TensorEntry joined{TensorType::F32, {8}, {}};
        joined.parts = {view, entryOf(TensorType::F32, storage, {6})};
        QCOMPARE(found(joined), std::string("t[3] is NaN"));
    }

    void headersThatBreakTheFormatAreRefused_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("dataBytes");
        QTest::addColumn<QString>("sentence"); // empty: must open
        const auto row = [](const char *name, const char *header, int bytes, const char *sentence) {
            QTest::newRow(name) << QByteArray(header) << bytes << QString(sentence);
        };
        row("good", R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", 2, "");
        row("scalar", R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", 4, "");
        row("empty tensor", R"({"a":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]}})", 0, "");
        row("padding", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}   ", 1, "");
        row("tensor twice", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", 2, "tensor \"a\" occurs twice");
        row("field twice", R"({"a":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}})", 1, "has dtype twice");
        row("unknown field", R"({"a":{"dtype":"U8","stride":[1],"shape":[1],"data_offsets":[0,1]}})", 1, "unknown field \"stride\"");
        row("metadata twice", R"({"__metadata__":{},"__metadata__":{},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1, "__metadata__ occurs twice");
        row("metadata number", R"({"__metadata__":{"n":1},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1, "holds a number");
        row("overlap", R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})", 3, "tensor \"b\" overlaps another");
        row("same range", R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", 2, "overlaps another");
        row("hole", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})", 3, "1 bytes before tensor \"b\" belong to no tensor");
        row("three offsets", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}})", 1, "must be two numbers");
        row("nested shape", R"({"a":{"dtype":"U8","shape":[[1]],"data_offsets":[0,1]}})", 1, "holds a list");
        row("fraction", R"({"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}})", 1, "not a 64-bit integer");
        row("float8", R"({"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}})", 1, "F8_E4M3 is not supported");
        row("number for a tensor", R"({"a":7})", 0, "holds a number");
        row("second document", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}{})", 1, "not valid JSON");
        row("comment", R"({/**/"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1, "not valid JSON");
        row("huge shape, no data", R"({"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}})", 0, "more than 64 bits");
        row("shape beyond int64", R"({"a":{"dtype":"U8","shape":[18446744073709551615,0],"data_offsets":[0,0]}})", 0, "more than 64 bits");
    }
    void headersThatBreakTheFormatAreRefused()
    {
        QFETCH(QByteArray, header);
        QFETCH(int, dataBytes);
        QFETCH(QString, sentence);
        const auto store = openTensorStore(writeRaw(header, QByteArray(dataBytes, 'x')));
        if (sentence.isEmpty()) {
            QVERIFY2(store, store ? "" : store.error().message().c_str());
            return;
        }
        QVERIFY(!store);
        QVERIFY2(QString::fromStdString(store.error().what).contains(sentence), store.error().what.c_str());
    }

    void millionsOfNestedListsEndAtTheFirst()
    {
        QElapsedTimer timer;
        timer.start();
        const auto outer = openTensorStore(writeRaw("{\"a\":" + QByteArray(5'000'000, '['), ""));
        const auto inner = openTensorStore(
            writeRaw("{\"a\":{\"dtype\":\"U8\",\"shape\":" + QByteArray(5'000'000, '[') + "}}", ""));
        QVERIFY(!outer && !inner);
        QVERIFY(timer.elapsed() < 3000);
    }

    void everyTruncationAndManyFlippedBytesEndInAnAnswer()
    {
        const QByteArray whole = contents(dataFolder() + "/fixtures/malformed/control_valid.safetensors");
        if (whole.isEmpty())
            QSKIP("no test data: set QUANTOSCOPE_DATA");
        for (qsizetype size = 0; size < whole.size(); size += size < 2000 ? 7 : 501)
            QVERIFY2(!openTensorStore(write(whole.left(size))), qPrintable(QString::number(size)));
        for (qsizetype at = 0; at < 1600; at += 3) {
            QByteArray damaged = whole;
            damaged[at] = static_cast<char>(damaged[at] ^ 0x15);
            (void)openTensorStore(write(damaged)); // a changed name may still be a valid file
        }
    }

    void whatCannotBeReadIsNamed()
    {
        const auto missing = openTensorStore(m_folder.filePath("none.safetensors").toStdString());
        QVERIFY(!missing && missing.error().code == ErrorCode::NotFound);
        const std::string pipe = m_folder.filePath("pipe").toStdString();
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        const auto piped = openTensorStore(pipe);
        QVERIFY(!piped && piped.error().code == ErrorCode::Unsupported);
        const auto device = openTensorStore("/dev/zero");
        QVERIFY(!device && device.error().code == ErrorCode::Unsupported);
        const auto hdf5 = openTensorStore(write("\x89HDF\r\n\x1a\n" + QByteArray(100, '\0')));
        QVERIFY(!hdf5 && hdf5.error().what == "this is an HDF5 file");
        const auto noise = openTensorStore(write(QByteArray(100, '\x01')));
        QVERIFY(!noise && noise.error().code == ErrorCode::CorruptFile);
    }

    void aHeaderLengthThatLooksLikeAnotherFormatIsStillRead()
    {
        // 640 is 0x280: the file begins like a pickle of protocol 2.
        QByteArray header = R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})";
        header.resize(640, ' ');
        QVERIFY(openTensorStore(writeRaw(header, "x")));
    }

    void writtenTensorsAreReadBackAlignedAndUnchanged()
    {
        const std::vector<float> singles{1.5F, -2, std::numeric_limits<float>::quiet_NaN(), 0, 5, 6};
        const std::vector<uint8_t> bytes{1, 2, 3};
        const std::vector<double> doubles{0.1};
        const std::vector<uint16_t> halves{0x3C00};
        TensorStore::Tensors tensors;
        tensors["z.double"] = entryOf(TensorType::F64, doubles, {});
        tensors["a.bytes"] = entryOf(TensorType::U8, bytes, {3});
        tensors["gewicht.\xC3\xA4 \"1\""] = entryOf(TensorType::F32, singles, {2, 3});
        tensors["half"] = entryOf(TensorType::F16, halves, {1, 1});
        tensors["nothing"] = {TensorType::F32, {0, 4}, {}};
        const std::string path = m_folder.filePath("geschrieben \u00e4.safetensors").toStdString();
        const auto written = writeSafetensors(path, tensors, {{"seed", "7"}, {"made by", "a test"}});
        QVERIFY2(written, written ? "" : written.error().message().c_str());
        const auto store = openTensorStore(path);
        QVERIFY2(store, store ? "" : store.error().message().c_str());
        QCOMPARE((*store)->tensors().size(), tensors.size());
        for (const auto &[name, entry] : tensors) {
            const TensorEntry *read = (*store)->find(name);
            QVERIFY(read);
            QVERIFY(read->type == entry.type);
            QCOMPARE(read->shape, entry.shape);
            QVERIFY(std::equal(read->bytes.begin(), read->bytes.end(), entry.bytes.begin(), entry.bytes.end()));
            QCOMPARE(reinterpret_cast<uintptr_t>(read->bytes.data()) % byteSize(entry.type), uintptr_t{0});
        }
        const QByteArray first = contents(QString::fromStdString(path));
        QVERIFY(writeSafetensors(path, tensors, {{"seed", "7"}, {"made by", "a test"}}));
        QCOMPARE(contents(QString::fromStdString(path)), first);
    }

    void tensorsThatContradictThemselvesAreNotWritten()
    {
        const std::vector<float> singles(4);
        const std::string path = m_folder.filePath("refused.safetensors").toStdString();
        const auto code = [&](const TensorStore::Tensors &tensors) {
            const auto written = writeSafetensors(path, tensors);
            return written ? ErrorCode::Internal : written.error().code;
        };
        QVERIFY(code({}) == ErrorCode::Usage);
        QVERIFY(code({{"a", entryOf(TensorType::F32, singles, {5})}}) == ErrorCode::Usage);
        QVERIFY(code({{"a", entryOf(TensorType::F32, singles, {-4})}}) == ErrorCode::Usage);
        QVERIFY(code({{"__metadata__", entryOf(TensorType::F32, singles, {4})}}) == ErrorCode::Usage);
        QVERIFY(code({{"\xFF", entryOf(TensorType::F32, singles, {4})}}) == ErrorCode::Usage);
        QVERIFY(!QFile::exists(QString::fromStdString(path)));
        const auto nowhere = writeSafetensors(m_folder.filePath("no/such/folder.safetensors").toStdString(),
                                              {{"a", entryOf(TensorType::F32, singles, {4})}});
        QVERIFY(!nowhere && nowhere.error().code == ErrorCode::Io);
    }

    void hashesAreThoseOfTheStandard()
    {
        const auto hash = sha256OfFile(write("abc")); // FIPS 180-2, appendix B.1
        QVERIFY(hash);
        QCOMPARE(*hash, std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QByteArray large(3'000'001, 'q');
        QCOMPARE(sha256OfFile(write(large)).value(),
                 QCryptographicHash::hash(large, QCryptographicHash::Sha256).toHex().toStdString());
        QVERIFY(sha256OfFile(m_folder.filePath("none").toStdString()).error().code == ErrorCode::NotFound);
        QVERIFY(sha256OfFile(m_folder.path().toStdString()).error().code == ErrorCode::Unsupported);
    }

    void namesOfTypesAndShapes()
    {
        QCOMPARE(name(TensorType::BF16), "BF16");
        QCOMPARE(name(TensorType::Bool), "BOOL");
        QCOMPARE(byteSize(TensorType::I64), size_t{8});
        QVERIFY(isFloating(TensorType::F16) && !isFloating(TensorType::I8));
        QCOMPARE(shapeText({}), std::string("[]"));
        QCOMPARE(shapeText({3, 64}), std::string("[3, 64]"));
    }

private:
    std::string write(const QByteArray &bytes)
    {
        QFile file(m_folder.filePath(QString("file-%1").arg(m_files++)));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write test data");
        return file.fileName().toStdString();
    }
    std::string writeRaw(const QByteArray &header, const QByteArray &data)
    {
        const auto length = static_cast<quint64>(header.size());
        return write(QByteArray(reinterpret_cast<const char *>(&length), sizeof length) + header + data);
    }

    QTemporaryDir m_folder;
    int m_files = 0;
};

QTEST_GUILESS_MAIN(TensorStoreTest)
#include "tst_tensor_store.moc"
