// SPDX-License-Identifier: GPL-3.0-or-later
// Zip archives and the NumPy arrays in them.
#include "core/io/tensor_store.h"
#include "tests/io/checkpoint_builder.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace quantoscope;
using namespace quantoscope::testing;

namespace {

std::vector<float> values(const TensorEntry &entry)
{
    std::vector<float> result(static_cast<size_t>(entry.elements()));
    convertToFloat(entry, result.data());
    return result;
}

QByteArray messageOf(const Result<TensorStorePtr> &store)
{
    return store ? QByteArray("it was opened") : QByteArray::fromStdString(store.error().message());
}

QByteArray npy(const QByteArray &header, const QByteArray &data, int version = 1)
{
    const QByteArray length = version == 1 ? littleEndian(static_cast<uint16_t>(header.size()))
                                           : littleEndian(static_cast<uint32_t>(header.size()));
    return "\x93NUMPY" + QByteArray(1, static_cast<char>(version)) + QByteArray(1, '\0') + length + header + data;
}

QByteArray describe(const QByteArray &type, const QByteArray &shape, const char *fortran = "False")
{
    return "{'descr': '" + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }     \n";
}

template <typename T>
QByteArray numbers(std::initializer_list<T> list, bool bigEndian = false)
{
    QByteArray bytes;
    for (const T number : list) {
        QByteArray one = littleEndian(number);
        if (bigEndian)
            std::reverse(one.begin(), one.end());
        bytes += one;
    }
    return bytes;
}

} // namespace

class ZipCheckpointTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void arraysOfEveryFormAreRead_data()
    {
        QTest::addColumn<QByteArray>("array");
        QTest::addColumn<QVector<float>>("expected");
        QTest::addColumn<QVector<qint64>>("shape");
        const auto row = [](const char *name, const QByteArray &array, const QVector<float> &expected,
                            const QVector<qint64> &shape) { QTest::newRow(name) << array << expected << shape; };
        const QByteArray six = numbers<float>({0, 1, 2, 3, 4, 5});
        row("C order", npy(describe("<f4", "(2, 3)"), six), {0, 1, 2, 3, 4, 5}, {2, 3});
        row("Fortran order", npy(describe("<f4", "(2, 3)", "True"), six), {0, 2, 4, 1, 3, 5}, {2, 3});
        row("Fortran order, one axis", npy(describe("<f4", "(6,)", "True"), six), {0, 1, 2, 3, 4, 5}, {6});
        row("version 2", npy(describe("<f4", "(6,)"), six, 2), {0, 1, 2, 3, 4, 5}, {6});
        row("version 3", npy(describe("<f4", "(3, 2, 1)"), six, 3), {0, 1, 2, 3, 4, 5}, {3, 2, 1});
        row("Python 2", npy(describe("<f4", "(2L, 3L)"), six), {0, 1, 2, 3, 4, 5}, {2, 3});
        row("other order of entries", npy("{\"shape\":(6,),\"descr\":\"<f4\",\"fortran_order\":False}", six),
            {0, 1, 2, 3, 4, 5}, {6});
        row("scalar", npy(describe("<f4", "()"), numbers<float>({7})), {7}, {});
        row("empty", npy(describe("<f4", "(0, 3)"), ""), {}, {0, 3});
        row("double", npy(describe("<f8", "(2,)"), numbers<double>({0.5, -2})), {0.5F, -2}, {2});
        row("half", npy(describe("<f2", "(2,)"), numbers<uint16_t>({0x3C00, 0xC000})), {1, -2}, {2});
        row("big-endian half", npy(describe(">f2", "(2,)"), numbers<uint16_t>({0x3C00, 0xC000}, true)), {1, -2}, {2});
        row("big-endian double", npy(describe(">f8", "(2, 1)", "True"), numbers<double>({0.5, -2}, true)), {0.5F, -2}, {2, 1});
    }
    void arraysOfEveryFormAreRead()
    {
        QFETCH(QByteArray, array);
        QFETCH(QVector<float>, expected);
        QFETCH(QVector<qint64>, shape);
        for (const bool deflate : {false, true}) {
            const auto store = open(zipArchive({{"a/b.npy", array, deflate}}));
            QVERIFY2(store, messageOf(store));
            const TensorEntry *entry = (*store)->find("a/b");
            QVERIFY(entry);
            QCOMPARE(entry->shape, std::vector<int64_t>(shape.begin(), shape.end()));
            QCOMPARE(values(*entry), std::vector<float>(expected.begin(), expected.end()));
        }
    }

    void integersKeepTheirType()
    {
        const auto store = open(zipArchive({{"a.npy", npy(describe("<i8", "(1,)"), numbers<int64_t>({5}))},
                                            {"b.npy", npy(describe("|b1", "(2,)"), numbers<uint8_t>({0, 1}))},
                                            {"c.npy", npy(describe(">i2", "(1,)"), numbers<int16_t>({258}, true))}}));
        QVERIFY2(store, messageOf(store));
        QVERIFY((*store)->find("a")->type == TensorType::I64);
        QVERIFY((*store)->find("b")->type == TensorType::Bool);
        const TensorEntry &swapped = *(*store)->find("c");
        QVERIFY(swapped.type == TensorType::I16 && swapped.bytes[0] == std::byte{2} && swapped.bytes[1] == std::byte{1});
    }

    void arraysThatBreakTheFormatAreRefused_data()
    {
        QTest::addColumn<QByteArray>("array");
        QTest::addColumn<QByteArray>("sentence");
        const auto row = [](const char *name, const QByteArray &array, const char *sentence) {
            QTest::newRow(name) << array << QByteArray(sentence);
        };
        const QByteArray four = numbers<float>({7});
        row("objects", npy(describe("|O", "(1,)"), "pickle"), "Python objects");
        row("records", npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", four), "an array of records");
        row("complex", npy(describe("<c8", "(1,)"), four + four), "\"<c8\" is not supported");
        row("text", npy(describe("<U1", "(1,)"), four), "\"<U1\" is not supported");
        row("no magic", "PNG" + four, "no NumPy array");
        row("version", npy(describe("<f4", "(1,)"), four, 4), "version 4");
        row("magic alone", "\x93NUMPY", "inside the array's header");
        row("header cut", npy(describe("<f4", "(1,)"), "").left(30), "inside the array's header");
        row("too short", npy(describe("<f4", "(2,)"), four), "needs 8 bytes, but the array has 4");
        row("too long", npy(describe("<f4", "(1,)"), four + "x"), "needs 4 bytes, but the array has 5");
        row("negative", npy(describe("<f4", "(-1,)"), four), "is negative");
        row("overflow", npy(describe("<f4", "(4611686018427387904, 4)"), four), "more than 64 bits");
        row("overflow behind zero", npy(describe("<f4", "(0, 4611686018427387904, 4)", "True"), four), "the array has 4");
        row("number beyond", npy(describe("<f4", "(99999999999999999999,)"), four), "not the one of a NumPy array");
        row("code", npy("{'descr': '<f4', 'fortran_order': exit(), 'shape': (1,), }", four), "not the one of");
        row("entry twice", npy("{'descr':'<f4','descr':'<f4','fortran_order':False,'shape':(1,)}", four), "not the one of");
        row("entry missing", npy("{'descr':'<f4','shape':(1,)}", four), "not the one of");
        row("unknown entry", npy("{'descr':'<f4','fortran_order':False,'shape':(1,),'x':1}", four), "not the one of");
        row("rest", npy("{'descr':'<f4','fortran_order':False,'shape':(1,)} x", four), "not the one of");
        row("rank", npy(describe("<f4", "(" + QByteArray("1,").repeated(65) + ")"), four), "not the one of");
    }
    void arraysThatBreakTheFormatAreRefused()
    {
        QFETCH(QByteArray, array);
        QFETCH(QByteArray, sentence);
        const auto store = open(zipArchive({{"head/bias.npy", array}}));
        QVERIFY2(!store && messageOf(store).contains(sentence), messageOf(store));
        QVERIFY2(messageOf(store).contains("\"head/bias\""), messageOf(store));
    }

    void archivesThatBreakTheFormatAreRefused_data()
    {
        QTest::addColumn<QByteArray>("archive");
        QTest::addColumn<QByteArray>("sentence");
        const auto row = [](const char *name, const QByteArray &archive, const char *sentence) {
            QTest::newRow(name) << archive << QByteArray(sentence);
        };
        const QByteArray array = npy(describe("<f4", "(1,)"), numbers<float>({7}));
        const ZipEntry good{"a.npy", array};
        row("empty", zipArchive({}), "the zip archive is empty");
        row("cut", zipArchive({good}).chopped(30), "no directory at its end");
        row("twice", zipArchive({good, good}), "\"a.npy\" of the zip archive occurs twice");
        row("encrypted", zipArchive({{"a.npy", array, false, {}, 1}}), "is encrypted");
        row("other method", zipArchive({{"a.npy", array, false, {}, 0, 14}}), "compressed by method 14");
        row("stored size", zipArchive({{"a.npy", array, false, 5000}}), "claims 5000 bytes");
        row("bomb", zipArchive({{"a.npy", array, true, 4'000'000'000U}}), "claims 4000000000 bytes");
        row("longer than claimed", zipArchive({{"a.npy", array + QByteArray(99, ' '), true, 100}}), "cannot be unpacked");
        row("shorter than claimed", zipArchive({{"a.npy", array, true, 200}}), "cannot be unpacked");
        row("no array", zipArchive({good, {"readme.txt", "hello"}}), "\"readme.txt\" of the NumPy archive is no array");
        row("other archive", zipArchive({{"word/document.xml", "<xml/>"}}), "neither of PyTorch nor of NumPy");
        row("two pickles", zipArchive({{"a/data.pkl", "N."}, {"b/data.pkl", "N."}}), "holds data.pkl twice");
        row("big-endian", zipArchive({{"a/data.pkl", pickleStream("}")}, {"a/byteorder", "big"}}), "big-endian");
        QByteArray flipped = zipArchive({good});
        flipped[flipped.indexOf("\x93NUMPY") + 20] ^= 1;
        row("checksum", flipped, "its CRC-32 checksum is wrong");
        QByteArray renamed = zipArchive({good, {"b.npy", array}});
        // The second entry of the directory points to the first member: both claim the same bytes.
        const qsizetype second = renamed.lastIndexOf("PK\x01\x02");
        renamed.replace(second + 42, 4, QByteArray(4, '\0'));
        row("overlap", renamed, "overlaps another member");
    }
    void archivesThatBreakTheFormatAreRefused()
    {
        QFETCH(QByteArray, archive);
        QFETCH(QByteArray, sentence);
        const auto store = open(archive);
        QVERIFY2(!store && messageOf(store).contains(sentence), messageOf(store));
    }

    void deflatedRecordsOfPyTorchAreUnpacked()
    {
        const QByteArray tensor = pickleTensor(pickleStorage("0", 4), 0, {4}, {1});
        const auto store = open(zipArchive({{"m/data.pkl", pickleStream(pickleDict({{"w", tensor}})), true},
                                            {"m/data/0", numbers<float>({1, 2, 3, 4}), true}}));
        QVERIFY2(store, messageOf(store));
        QCOMPARE(values(*(*store)->find("w")), (std::vector<float>{1, 2, 3, 4}));
        QVERIFY((*store)->find("w")->isPlainFloat() && !(*store)->find("w")->mapped);
    }

private:
    Result<TensorStorePtr> open(const QByteArray &bytes)
    {
        QFile file(m_folder.filePath("checkpoint"));
        file.remove(); // a file that is overwritten is flushed to the disk when it is closed
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write test data");
        file.close();
        return openTensorStore(file.fileName().toStdString());
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(ZipCheckpointTest)
#include "tst_zip_checkpoint.moc"
