// SPDX-License-Identifier: GPL-3.0-or-later
// PyTorch files made byte by byte: what pickles may say, what they may not, and what a hostile one can cost.
#include "core/io/tensor_store.h"
#include "tests/io/checkpoint_builder.h"

#include <QElapsedTimer>
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

QByteArray floats(std::initializer_list<float> numbers)
{
    return QByteArray(reinterpret_cast<const char *>(numbers.begin()), static_cast<qsizetype>(numbers.size() * 4));
}

const QByteArray fourFloats = floats({1, 2, 3, 4});
const QByteArray fourTensor = pickleTensor(pickleStorage("0", 4), 0, {4}, {1});

QByteArray repeated(const QByteArray &bytes, qsizetype times)
{
    return bytes.repeated(times);
}

QByteArray legacyFile(const QByteArray &object, const QByteArray &keys, const QByteArray &storages,
                      const QByteArray &littleEndianFlag = "\x88")
{
    const QByteArray magic = pickleStream(QByteArray("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 12));
    return magic + pickleStream(pickleInt(1001)) + pickleStream(pickleDict({{"little_endian", littleEndianFlag}}))
        + pickleStream(object) + pickleStream("](" + keys + "e") + storages;
}

} // namespace

class TorchCheckpointTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void viewsOfStoragesAreSeenAsPyTorchSeesThem()
    {
        const QByteArray storage = floats({0, 1, 2, 3, 4, 5});
        const auto tensor = [](int64_t offset, const std::vector<int64_t> &shape, const std::vector<int64_t> &strides) {
            return pickleTensor(pickleStorage("0", 6), offset, shape, strides);
        };
        const auto store = open(torchZip(pickleDict({{"plain", tensor(0, {2, 3}, {3, 1})},
                                                     {"transposed", tensor(0, {3, 2}, {1, 3})},
                                                     {"tail", tensor(4, {2}, {1})},
                                                     {"every second", tensor(1, {3}, {2})},
                                                     {"repeated", tensor(5, {1, 4}, {7, 0})},
                                                     {"scalar", tensor(3, {}, {})},
                                                     {"ones", tensor(2, {1, 2, 1}, {9, 1, 5})},
                                                     {"nothing", tensor(0, {0, 7}, {7, 1})}}),
                                         {{"0", storage}}));
        QVERIFY2(store, messageOf(store));
        const auto at = [&](const char *name) { return values(*(*store)->find(name)); };
        using Floats = std::vector<float>;
        QCOMPARE(at("plain"), (Floats{0, 1, 2, 3, 4, 5}));
        QCOMPARE(at("transposed"), (Floats{0, 3, 1, 4, 2, 5}));
        QCOMPARE(at("tail"), (Floats{4, 5}));
        QCOMPARE(at("every second"), (Floats{1, 3, 5}));
        QCOMPARE(at("repeated"), (Floats{5, 5, 5, 5}));
        QCOMPARE(at("scalar"), (Floats{3}));
        QCOMPARE(at("ones"), (Floats{2, 3}));
        QCOMPARE(at("nothing"), (Floats{}));
        QVERIFY((*store)->find("ones")->strides.empty() && (*store)->find("tail")->strides.empty());
    }

    void whatPythonTwoAndNewerPyTorchWriteIsRead()
    {
        // OrderedDict from a list of pairs, a text of Python 2, a storage of CUDA.
        const QByteArray cuda = pickleTuple({pickleText("storage"), pickleName("torch.cuda", "FloatStorage"), pickleText("0"),
                                             pickleText("cuda:0"), pickleInt(4)})
            + "Q";
        const QByteArray pairs = "](](U\x01w" + pickleTensor(cuda, 0, {2, 2}, {2, 1}) + "ee";
        const auto old = open(torchZip(pickleName("collections", "OrderedDict") + pickleTuple({pairs}) + "R",
                                       {{"0", fourFloats}}));
        QVERIFY2(old, messageOf(old));
        QCOMPARE(values(*(*old)->find("w")), (std::vector<float>{1, 2, 3, 4}));

        // Protocol 4: frame, short texts, names from the stack, implicit memo; an untyped storage with a type beside it.
        const auto shortText = [](const QByteArray &text) {
            return "\x8c" + littleEndian(static_cast<uint8_t>(text.size())) + text;
        };
        const auto stackName = [&](const char *module, const char *name) {
            return shortText(module) + "\x94" + shortText(name) + "\x94\x93";
        };
        const QByteArray untyped = "(" + shortText("storage") + stackName("torch.storage", "UntypedStorage")
            + shortText("0") + shortText("cpu") + "K\x10tQ";
        const QByteArray tensor = stackName("torch._utils", "_rebuild_tensor_v3") + "(" + untyped
            + QByteArray("K\x00", 2) + "K\x08\x85" + "K\x01\x85\x89" + stackName("collections", "OrderedDict") + ")R"
            + stackName("torch", "bfloat16") + "tR";
        const QByteArray body = "}(" + shortText("w") + tensor + "u.";
        const QByteArray stream = "\x80\x04\x95" + littleEndian(static_cast<uint64_t>(body.size())) + body;
        const QByteArray ones = QByteArray("\x80\x3f", 2).repeated(8);
        const auto fresh = open(zipArchive({{"m/data.pkl", stream}, {"m/byteorder", "little"}, {"m/data/0", ones}}));
        QVERIFY2(fresh, messageOf(fresh));
        QVERIFY((*fresh)->find("w")->type == TensorType::BF16);
        QCOMPARE(values(*(*fresh)->find("w")), std::vector<float>(8, 1.0F));
    }

    void legacyViewsOfStoragesAreSeen()
    {
        const QByteArray view = pickleTuple({pickleText("7"), pickleInt(1), pickleInt(2)});
        const QByteArray object = pickleDict({{"whole", pickleTensor(pickleStorage("0", 4, "FloatStorage", "N"), 0, {4}, {1})},
                                              {"part", pickleTensor(pickleStorage("0", 4, "FloatStorage", view), 0, {2}, {1})}});
        const QByteArray storage = littleEndian<int64_t>(4) + fourFloats;
        const auto store = open(legacyFile(object, pickleText("0"), storage));
        QVERIFY2(store, messageOf(store));
        QCOMPARE(values(*(*store)->find("part")), (std::vector<float>{2, 3}));
        QCOMPARE(values(*(*store)->find("whole")), (std::vector<float>{1, 2, 3, 4}));

        const auto refused = [&](const QByteArray &file, const char *sentence) {
            const auto bad = open(file);
            if (!bad && messageOf(bad).contains(sentence))
                return true;
            qWarning() << messageOf(bad);
            return false;
        };
        QVERIFY(refused(legacyFile(object, pickleText("0"), storage + "x"), "1 bytes after the last storage"));
        QVERIFY(refused(legacyFile(object, pickleText("0"), storage.chopped(1)), "ends inside its storage \"0\""));
        QVERIFY(refused(legacyFile(object, pickleText("0"), "abc"), "ends before its storage"));
        QVERIFY(refused(legacyFile(object, pickleText("0"), littleEndian<int64_t>(5) + fourFloats), "has 5 elements"));
        QVERIFY(refused(legacyFile(object, pickleText("1"), storage), "belongs to no tensor"));
        QVERIFY(refused(legacyFile(object, "", ""), "its storage \"0\" is missing"));
        QVERIFY(refused(legacyFile(object, pickleText("0") + pickleText("0"), storage + storage), "listed twice"));
        QVERIFY(refused(legacyFile(object, pickleText("0"), storage, "\x89"), "big-endian"));
        QVERIFY(refused(pickleStream(object), "not one of PyTorch"));
        const QByteArray outside = pickleTuple({pickleText("7"), pickleInt(3), pickleInt(2)});
        QVERIFY(refused(legacyFile(pickleDict({{"p", pickleTensor(pickleStorage("0", 4, "FloatStorage", outside), 0, {2}, {1})}}),
                                   pickleText("0"), storage),
                        "reaches beyond its 4"));
    }

    void weightsAreFoundWhereverTrainingProgramsKeepThem()
    {
        const auto keyOf = [&](const std::vector<std::pair<QByteArray, QByteArray>> &root) {
            const auto store = open(torchZip(pickleDict(root), {{"0", fourFloats}}));
            return store ? QByteArray::fromStdString((*store)->tensors().begin()->first) : messageOf(store);
        };
        const auto dict = [](const QByteArray &name) { return pickleDict({{name, fourTensor}}); };
        QCOMPARE(keyOf({{"w", fourTensor}}), "w");
        QCOMPARE(keyOf({{"epoch", pickleInt(3)}, {"model", dict("a")}}), "a");
        QCOMPARE(keyOf({{"model", dict("a")}, {"model_ema", dict("b")}}), "b");
        QCOMPARE(keyOf({{"student", dict("a")}, {"teacher", dict("b")}}), "b");
        QCOMPARE(keyOf({{"step", fourTensor}, {"state_dict", dict("a")}}), "a");
        QCOMPARE(keyOf({{"net", dict("a")}, {"lr", pickleInt(1)}}), "a");
        QCOMPARE(keyOf({{"model", dict("module.model.a")}}), "a");
        QCOMPARE(keyOf({{"model", dict("_orig_mod.a")}}), "a");
        QCOMPARE(keyOf({{"model", dict("module.")}}), "module.");
        QVERIFY(keyOf({{"net", dict("a")}, {"head", dict("b")}}).contains("several entries hold tensors: \"net\", \"head\""));
        QVERIFY(keyOf({{"model", dict("a")}, {"model", dict("b")}}).contains("occurs twice"));
        QVERIFY(keyOf({{"model", pickleDict({{"a", fourTensor}, {"a", fourTensor}})}}).contains("it occurs twice"));
        QVERIFY(keyOf({{"model", dict("\xFF\xFE")}}).contains("not UTF-8"));
        QVERIFY(keyOf({{"epoch", pickleInt(1)}}).contains("holds no named tensors"));
    }

    void everyOtherGlobalIsRefusedByItsName_data()
    {
        QTest::addColumn<QByteArray>("pickle");
        QTest::addColumn<QByteArray>("sentence");
        const auto row = [](const char *name, const QByteArray &pickle, const char *sentence) {
            QTest::newRow(name) << pickle << QByteArray(sentence);
        };
        const auto call = [](const char *module, const char *name) {
            return pickleName(module, name) + pickleTuple({pickleText("touch PWNED")}) + "R";
        };
        row("system", call("os", "system"), "\"os.system\"");
        row("eval", call("__builtin__", "eval"), "\"builtins.eval\"");
        row("getattr", call("builtins", "getattr"), "\"builtins.getattr\"");
        row("only named", pickleName("subprocess", "Popen"), "\"subprocess.Popen\"");
        row("load", call("torch", "load"), "\"torch.load\"");
        row("from the stack", pickleText("os") + pickleText("system") + "\x93", "\"os.system\"");
        row("instance", "(ios\nsystem\n", "\"os.system\"");
        row("object", "(" + pickleName("os", "system") + "o", "\"os.system\"");
        row("hidden in a state", pickleDict({{"a", call("posix", "system")}}), "\"posix.system\"");
        row("whole model", pickleName("timm.models.vision_transformer", "VisionTransformer") + ")\x81",
            "an object of the class \"timm.models.vision_transformer.VisionTransformer\"");
        row("near miss", call("torch._utils", "_rebuild_tensor_v2 "), "\"torch._utils._rebuild_tensor_v2 \"");
        row("empty", pickleName("", ""), "\".\"");
        row("extension", QByteArray("\x82\x01", 2), "instruction 0x82");
        row("allowed, protocol 0 object", "(iargparse\nNamespace\n", "in a way of protocol 0");
    }
    void everyOtherGlobalIsRefusedByItsName()
    {
        QFETCH(QByteArray, pickle);
        QFETCH(QByteArray, sentence);
        const auto store = open(torchZip(pickle, {}));
        QVERIFY2(!store && messageOf(store).contains(sentence), messageOf(store));
    }

    void brokenPicklesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("root");
        QTest::addColumn<QByteArray>("sentence");
        const auto row = [](const char *name, const QByteArray &root, const char *sentence) {
            QTest::newRow(name) << root << QByteArray(sentence);
        };
        const auto tensor = [](int64_t offset, const std::vector<int64_t> &shape, const std::vector<int64_t> &strides,
                               int64_t elements = 4, const QByteArray &type = "FloatStorage") {
            return pickleDict({{"w", pickleTensor(pickleStorage("0", elements, type), offset, shape, strides)}});
        };
        constexpr int64_t huge = int64_t{1} << 62;
        row("nothing", "", "takes a value from an empty stack");
        row("mark", "t", "above a mark that was never set");
        row("below a mark", "N(\x85", "takes a value from an empty stack");
        row("memo", "h\x05", "memo slot 5");
        row("remembering nothing", "q\x01", "remembers a value of an empty stack");
        row("long text", "X\xff\xff\xff\x7f", "a text of 2147483647 bytes");
        row("huge text", QByteArray("\x8d\xff\xff\xff\xff\xff\xff\xff\xff", 9), "runs beyond its end");
        row("negative text", "T\xff\xff\xff\xff", "negative length");
        row("odd dictionary", "}(Nu", "a dictionary key without a value");
        row("no dictionary", "](NNu", "that is no dictionary");
        row("no list", "}Na", "that is no list");
        row("call of a number", "K\x01)R", "calls something that is no name");
        row("arguments", pickleName("torch", "Size") + "NR", "that is no tuple");
        row("state of a number", "K\x01}b", "sets attributes");
        row("unknown instruction", "\xff", "instruction 0xff");
        row("protocol", "\x80\x07", "is of protocol 7");
        row("frame", QByteArray("\x95\xff\xff\xff\xff\xff\xff\xff\xff", 9), "frame that runs beyond");
        row("name without end", "ccollections", "a name without an end");
        row("beyond", tensor(1, {4}, {1}), "reaches beyond its storage of 4 values");
        row("overflowing stride", tensor(0, {3, 3}, {huge, huge}), "reaches beyond");
        row("overflowing shape", tensor(0, {huge, huge}, {1, 1}), "more than 64 bits can count");
        row("negative shape", tensor(0, {-4}, {1}), "is negative");
        row("negative stride", tensor(0, {4}, {-1}), "is negative");
        row("negative offset", tensor(-1, {1}, {1}), "offset -1 is negative");
        row("strides missing", tensor(0, {4}, {}), "1 extents and 0 strides");
        row("repeated beyond measure", tensor(0, {huge}, {0}), "repeats the 4 values");
        row("storage size", tensor(0, {4}, {1}, 5), "has 16 bytes, but must have 20");
        row("negative storage", tensor(0, {0}, {1}, -4), "a storage of -4 elements");
        row("huge storage", tensor(0, {4}, {1}, huge), "a storage of");
        row("no storage type", tensor(0, {4}, {1}, 4, "Size"), "of the type \"torch.Size\"");
        row("rank", pickleDict({{"w", pickleTensor(pickleStorage("0", 4), 0, std::vector<int64_t>(65, 1),
                                                   std::vector<int64_t>(65, 1))}}),
            "no list of up to 64 integers");
        row("missing storage", pickleDict({{"w", pickleTensor(pickleStorage("1", 4), 0, {4}, {1})}}), "\"1\" is missing");
        row("tensor of a number", pickleDict({{"w", pickleTensor("K\x01", 0, {4}, {1})}}), "in a form that is not known");
        row("storage of a number", pickleDict({{"w", pickleTensor("K\x01Q", 0, {4}, {1})}}), "in a form that is not known");
        row("parameter of a number",
            pickleDict({{"w", pickleName("torch._utils", "_rebuild_parameter") + "K\x01\x85R"}}), "that is no tensor");
        row("parameter of nothing", pickleDict({{"w", pickleName("torch._utils", "_rebuild_parameter") + ")R"}}),
            "that is no tensor");
    }
    void brokenPicklesAreRefused()
    {
        QFETCH(QByteArray, root);
        QFETCH(QByteArray, sentence);
        const auto store = open(torchZip(root, {{"0", fourFloats}}));
        QVERIFY2(!store && messageOf(store).contains(sentence), messageOf(store));
    }

    /// Each would take hours or all memory if it were expanded.
    void hostilePicklesCostNoMoreThanTheirBytes_data()
    {
        QTest::addColumn<QByteArray>("root");
        constexpr qsizetype many = 1'000'000;
        const QByteArray pairs = "](" + repeated("(NNt", 1000) + "eq\x01"
            + repeated(pickleName("collections", "OrderedDict") + "h\x01\x85R", 20000);
        QTest::newRow("nested lists") << repeated("]", many) + repeated("a", many - 1);
        QTest::newRow("nested tuples") << ")" + repeated("\x85", many);
        QTest::newRow("doubled tuples") << "N" + repeated("2\x86", many);
        QTest::newRow("list that holds itself") << QByteArray("]q\x01h\x01" "a");
        QTest::newRow("dictionary that holds itself") << "}q\x01" + pickleText("model") + "h\x01s";
        QTest::newRow("marks") << repeated("(", 5 * many);
        QTest::newRow("memo") << "N" + repeated("\x94", 5 * many);
        QTest::newRow("values") << repeated(QByteArray("K\x00", 2), 5 * many);
        QTest::newRow("copied pairs") << pairs;
        QByteArray names = "}q\x01(" + pickleText("a") + "}q\x02(" + repeated("NN", 500'000) + "uu}(";
        for (int i = 0; i < 200'000; ++i)
            names += pickleText(QByteArray::number(i)) + "h\x02";
        QTest::newRow("one dictionary under many names") << names + "u";
    }
    void hostilePicklesCostNoMoreThanTheirBytes()
    {
        QFETCH(QByteArray, root);
        QElapsedTimer timer;
        timer.start();
        const auto store = open(torchZip(root, {}));
        QVERIFY(!store);
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
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

QTEST_GUILESS_MAIN(TorchCheckpointTest)
#include "tst_torch_checkpoint.moc"
