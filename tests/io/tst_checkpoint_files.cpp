// SPDX-License-Identifier: GPL-3.0-or-later
// The same weights from every container: what is opened equals the safetensors file, value by value.
#include "core/io/file_hash.h"
#include "core/io/safetensors_writer.h"
#include "core/io/tensor_checks.h"
#include "core/io/tensor_store.h"
#include "tests/support/test_data.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace quantoscope;

namespace {

std::vector<float> values(const TensorEntry &entry)
{
    std::vector<float> result(static_cast<size_t>(entry.elements()));
    convertToFloat(entry, result.data());
    return result;
}

QByteArray messageOf(const Result<TensorStorePtr> &store)
{
    return store ? QByteArray() : QByteArray::fromStdString(store.error().message());
}

bool anyContains(const std::vector<std::string> &notes, const char *text)
{
    return std::any_of(notes.begin(), notes.end(), [&](const auto &note) { return note.find(text) != std::string::npos; });
}

/// The first tensor that differs by more than rounding to `mantissaBits` explains (0: not at all), or nothing.
QByteArray difference(const TensorStore &a, const TensorStore &b, int mantissaBits = 0)
{
    if (a.tensors().size() != b.tensors().size())
        return QByteArray::number(a.tensors().size()) + " tensors";
    for (const auto &[name, entry] : a.tensors()) {
        const TensorEntry *other = b.find(name);
        if (!other || other->shape != entry.shape)
            return QByteArray::fromStdString(name) + " is missing or has another shape";
        const auto x = values(entry);
        const auto y = values(*other);
        for (size_t i = 0; i < x.size(); ++i) {
            // Half a unit in the last place; below 2^-14 a half has fixed steps of 2^-24.
            const float tolerance =
                mantissaBits == 0 ? 0 : std::ldexp(std::max(std::fabs(y[i]), 0x1p-14F), -mantissaBits - 1);
            if (!(std::fabs(x[i] - y[i]) <= tolerance))
                return QByteArray::fromStdString(name) + " differs";
        }
    }
    return {};
}

void writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write test data");
}

QByteArray contents(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class CheckpointFilesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyContainerHoldsTheWeightsOfTheSafetensorsFile_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("reference");
        QTest::addColumn<int>("mantissaBits");
        QTest::addColumn<QString>("container");
        const auto row = [](const char *file, const char *reference, const char *container, int bits = 0) {
            QTest::newRow(file) << file << reference << bits << container;
        };
        row("vit/tiny_vit.zip.pth", "vit/tiny_vit.safetensors", "PyTorch zip");
        row("vit/tiny_vit.model.pth", "vit/tiny_vit.safetensors", "PyTorch zip");
        row("vit/tiny_vit.ema.pth", "vit/tiny_vit.safetensors", "PyTorch zip");
        row("vit/tiny_vit.module_prefix.pth", "vit/tiny_vit.safetensors", "PyTorch zip");
        row("vit/tiny_vit.shared_storage.pth", "vit/tiny_vit.safetensors", "PyTorch zip");
        row("vit/tiny_vit.legacy.pth", "vit/tiny_vit.safetensors", "PyTorch legacy");
        row("vit/tiny_vit.half.pth", "vit/tiny_vit_f16.safetensors", "PyTorch zip");
        row("vit/tiny_vit.opt_target.npz", "vit/tiny_vit.npz", "NumPy archive");
        row("vit/extra/micro_parameters.pth", "malformed/control_valid.safetensors", "PyTorch zip");
        row("vit/extra/micro_namespace_numpy.pth", "malformed/control_valid.safetensors", "PyTorch zip");
        row("vit/extra/micro_f64.pth", "malformed/control_valid.safetensors", "PyTorch zip");
        row("vit/extra/micro_bf16.pth", "malformed/control_valid.safetensors", "PyTorch zip", 7);
        row("vit/extra/micro_mixed_f16_f32.safetensors", "malformed/control_valid.safetensors", "safetensors", 10);
        row("vit/extra/micro_no_metadata_reordered.safetensors", "malformed/control_valid.safetensors", "safetensors");
        row("vit/extra/micro_model_prefix.safetensors", "malformed/control_valid.safetensors", "safetensors");
        row("vit/extra/micro_fortran_order.npz", "malformed/control_valid.npz", "NumPy archive");
        row("vit/extra/micro_big_endian.npz", "malformed/control_valid.npz", "NumPy archive");
        row("vit/extra/micro_f16.npz", "malformed/control_valid.npz", "NumPy archive", 10);
        row("malformed/control_valid.pth", "malformed/control_valid.safetensors", "PyTorch zip");
        row("malformed/control_valid_legacy.pth", "malformed/control_valid.safetensors", "PyTorch legacy");
    }
    void everyContainerHoldsTheWeightsOfTheSafetensorsFile()
    {
        QFETCH(QString, file);
        QFETCH(QString, reference);
        QFETCH(int, mantissaBits);
        QFETCH(QString, container);
        QUANTOSCOPE_NEED_DATA(folder, "fixtures");
        const auto opened = openTensorStore(folder + "/" + file.toStdString());
        QVERIFY2(opened, messageOf(opened));
        QCOMPARE((*opened)->container(), container.toStdString());
        const auto wanted = openTensorStore(folder + "/" + reference.toStdString());
        QVERIFY2(wanted, messageOf(wanted));
        QCOMPARE(difference(**opened, **wanted, mantissaBits), QByteArray());
        QVERIFY(!firstNonFinite(**opened));
    }

    /// Flax keeps kernels as [in, out] and [height, width, in, out].
    void theNumpyArchiveHoldsTheSameWeightsInFlaxLayout()
    {
        QUANTOSCOPE_NEED_DATA(folder, "fixtures/vit");
        const auto flax = openTensorStore(folder + "/tiny_vit.npz");
        const auto timm = openTensorStore(folder + "/tiny_vit.safetensors");
        QVERIFY2(flax && timm, messageOf(flax));
        const auto plain = [&](const char *a, const char *b) {
            return values(*(*flax)->find(a)) == values(*(*timm)->find(b));
        };
        QVERIFY(plain("cls", "cls_token"));
        QVERIFY(plain("Transformer/posembed_input/pos_embedding", "pos_embed"));
        QVERIFY(plain("Transformer/encoderblock_1/LayerNorm_0/scale", "blocks.1.norm1.weight"));
        const TensorEntry &kernel = *(*flax)->find("embedding/kernel");
        const TensorEntry &weight = *(*timm)->find("patch_embed.proj.weight");
        QCOMPARE(kernel.shape, (std::vector<int64_t>{8, 8, 3, 64}));
        QCOMPARE(weight.shape, (std::vector<int64_t>{64, 3, 8, 8}));
        const auto x = values(kernel);
        const auto y = values(weight);
        for (size_t o = 0; o < 64; ++o)
            for (size_t c = 0; c < 3; ++c)
                for (size_t at = 0; at < 64; ++at) // row and column together
                    QCOMPARE(x[(at * 3 + c) * 64 + o], y[(o * 3 + c) * 64 + at]);
    }

    void averagedWeightsAreTakenAndTheOthersNamed()
    {
        QUANTOSCOPE_NEED_DATA(path, "fixtures/vit/tiny_vit.ema.pth");
        const auto chosen = openTensorStore(path);
        QVERIFY2(chosen, messageOf(chosen));
        QVERIFY(anyContains((*chosen)->notes(), "\"state_dict_ema\"; the file also holds tensors in \"state_dict\""));
        const auto same = openTensorStore(path, "state_dict_ema");
        QVERIFY(same && difference(**same, **chosen).isEmpty());
        const auto other = openTensorStore(path, "state_dict");
        QVERIFY2(other, messageOf(other));
        QVERIFY((*other)->find("cls_token")->type == TensorType::F16);
        QVERIFY(!difference(**other, **chosen).isEmpty());
        const auto none = openTensorStore(path, "epoch");
        QVERIFY(!none && none.error().code == ErrorCode::NotFound);
        QVERIFY2(messageOf(none).contains("\"epoch\"") && messageOf(none).contains("\"state_dict\", \"state_dict_ema\""),
                 messageOf(none));
    }

    void aKeyForAContainerWithoutEntriesIsNotFound()
    {
        QUANTOSCOPE_NEED_DATA(folder, "fixtures/malformed");
        for (const char *file : {"/control_valid.safetensors", "/control_valid.npz", "/control_valid.pth"}) {
            const auto store = openTensorStore(folder + file, "model");
            QVERIFY2(!store && store.error().code == ErrorCode::NotFound, file);
            QVERIFY2(messageOf(store).contains("leave --key away"), messageOf(store));
        }
    }

    void whatTheReaderDidIsNoted()
    {
        QUANTOSCOPE_NEED_DATA(folder, "fixtures/vit");
        const auto notes = [&](const char *file) { return openTensorStore(folder + file).value()->notes(); };
        QVERIFY(anyContains(notes("/tiny_vit.module_prefix.pth"), "\"module.\""));
        QVERIFY(anyContains(notes("/extra/micro_model_prefix.safetensors"), "\"model.\""));
        QVERIFY(anyContains(notes("/tiny_vit.opt_target.npz"), "\"opt/target/\""));
        QVERIFY(anyContains(notes("/extra/micro_namespace_numpy.pth"), "argparse.Namespace"));
        QVERIFY(anyContains(notes("/tiny_vit.model.pth"), "\"model\""));
        QVERIFY(notes("/tiny_vit.zip.pth").empty());
        QVERIFY(notes("/tiny_vit.safetensors").empty());
    }

    void storedTensorsStayInTheFile()
    {
        QUANTOSCOPE_NEED_DATA(folder, "fixtures/vit");
        const auto zip = openTensorStore(folder + "/tiny_vit.zip.pth");
        QVERIFY2(zip, messageOf(zip));
        for (const auto &[name, entry] : (*zip)->tensors())
            QVERIFY2(entry.mapped && entry.isPlainFloat(), name.c_str());
        const auto shared = openTensorStore(folder + "/tiny_vit.shared_storage.pth");
        QVERIFY2(shared, messageOf(shared));
        const TensorEntry &transposed = *(*shared)->find("blocks.0.mlp.fc1.weight");
        QCOMPARE(transposed.strides, (std::vector<int64_t>{1, 256}));
        const TensorEntry &weight = *(*shared)->find("blocks.0.norm1.weight");
        const TensorEntry &bias = *(*shared)->find("blocks.0.norm1.bias");
        QCOMPARE(std::abs(bias.bytes.data() - weight.bytes.data()), ptrdiff_t{64 * 4});
        const auto unpacked = openTensorStore(folder + "/tiny_vit.opt_target.npz");
        QVERIFY(unpacked && !(*unpacked)->find("cls")->mapped);
    }

    void releasedPagesAreReadAgainFromTheFile()
    {
        QUANTOSCOPE_NEED_DATA(path, "fixtures/vit/tiny_vit.legacy.pth");
        const auto store = openTensorStore(path);
        QVERIFY2(store, messageOf(store));
        for (const auto &[name, entry] : (*store)->tensors()) {
            const auto before = values(entry);
            releasePages(entry);
            QCOMPARE(values(entry), before);
        }
    }

    void theConfigurationBesideAFileIsFound()
    {
        QUANTOSCOPE_NEED_DATA(folder, "fixtures/vit");
        const auto store = openTensorStore(folder + "/tiny_vit_hf.safetensors");
        QVERIFY2(store, messageOf(store));
        QCOMPARE((*store)->config(), contents(folder + "/tiny_vit_hf.config.json").toStdString());
        QVERIFY(openTensorStore(folder + "/tiny_vit.safetensors").value()->config().empty());
    }

    void aHuggingFaceFolderIsOpened()
    {
        QUANTOSCOPE_NEED_DATA(folder, "fixtures/vit");
        QTemporaryDir temporary;
        const QString hub = temporary.path();
        const auto wanted = openTensorStore(folder + "/tiny_vit_hf.safetensors");
        QVERIFY2(wanted, messageOf(wanted));
        const auto empty = openTensorStore(hub.toStdString());
        QVERIFY(!empty && empty.error().code == ErrorCode::Unsupported);
        QVERIFY2(messageOf(empty).contains("folder without model.safetensors"), messageOf(empty));

        QVERIFY(QFile::copy(QString::fromStdString(folder + "/tiny_vit.zip.pth"), hub + "/pytorch_model.bin"));
        const auto bin = openTensorStore(hub.toStdString());
        QVERIFY2(bin, messageOf(bin));
        QCOMPARE((*bin)->container(), std::string("PyTorch zip"));
        QVERIFY((*bin)->config().empty());

        QVERIFY(QFile::copy(QString::fromStdString(folder + "/tiny_vit_hf.safetensors"), hub + "/model.safetensors"));
        QVERIFY(QFile::copy(QString::fromStdString(folder + "/tiny_vit_hf.config.json"), hub + "/config.json"));
        const auto store = openTensorStore(hub.toStdString() + "/");
        QVERIFY2(store, messageOf(store));
        QCOMPARE(difference(**store, **wanted), QByteArray());
        QCOMPARE((*store)->config(), (*wanted)->config());
        QCOMPARE(sha256OfFiles(weightFiles(hub.toStdString()).value()).value(),
                 sha256OfFile(folder + "/tiny_vit_hf.safetensors").value());
        const auto inside = openTensorStore(hub.toStdString() + "/model.safetensors");
        QVERIFY(inside && (*inside)->config() == (*wanted)->config());
    }

    void shardsAreJoinedAsTheirIndexSays()
    {
        QUANTOSCOPE_NEED_DATA(path, "fixtures/vit/tiny_vit.safetensors");
        const auto wanted = openTensorStore(path);
        QVERIFY2(wanted, messageOf(wanted));
        QTemporaryDir temporary;
        const std::string folder = temporary.path().toStdString();
        TensorStore::Tensors halves[2];
        QByteArray map;
        for (const auto &[name, entry] : (*wanted)->tensors()) {
            const int shard = halves[0].size() < 10 ? 0 : 1;
            halves[shard].emplace(name, entry);
            map += QByteArray(map.isEmpty() ? "" : ",") + "\"" + name.c_str() + "\":\"part-" + QByteArray::number(shard)
                + ".safetensors\"";
        }
        const std::string shards[2] = {folder + "/part-0.safetensors", folder + "/part-1.safetensors"};
        for (int i = 0; i < 2; ++i)
            QVERIFY(writeSafetensors(shards[i], halves[i]));
        const auto open = [&](const QByteArray &index) {
            writeFile(temporary.filePath("model.safetensors.index.json"), index);
            return openTensorStore(folder);
        };
        const QByteArray good = "{\"metadata\":{\"total_size\":1},\"weight_map\":{" + map + "}}";
        const auto store = open(good);
        QVERIFY2(store, messageOf(store));
        QCOMPARE(difference(**store, **wanted), QByteArray());
        writeFile(temporary.filePath("joined"), contents(shards[0]) + contents(shards[1]));
        QCOMPARE(sha256OfFiles(weightFiles(folder).value()).value(),
                 sha256OfFile(temporary.filePath("joined").toStdString()).value());

        const auto refused = [&](const QByteArray &index, const char *sentence) {
            const auto bad = open(index);
            return !bad && messageOf(bad).contains(sentence);
        };
        QVERIFY(refused("{}", "no 'weight_map'"));
        QVERIFY(refused("no json", "no 'weight_map'"));
        QVERIFY(refused("{\"weight_map\":{\"a\":1}}", "no 'weight_map'"));
        QVERIFY(refused("{\"weight_map\":{" + map + "," + map + "}}", "no 'weight_map'"));
        QVERIFY(refused("{\"weight_map\":{\"a\":\"../part-0.safetensors\"}}", "no file of the same folder"));
        QVERIFY(refused("{\"weight_map\":{\"a\":\"/etc/passwd\"}}", "no file of the same folder"));
        QVERIFY(refused("{\"weight_map\":{\"a\":\"part-9.safetensors\"}}", "no such file, but the index names it"));
        QVERIFY(refused("{\"weight_map\":{\"extra\":\"part-0.safetensors\"," + map + "}}", "lacks tensor \"extra\""));
        QVERIFY(refused("{\"weight_map\":{\"cls_token\":\"part-0.safetensors\"}}", "which the index places nowhere"));
        const auto [moved, entry] = *halves[1].begin();
        halves[0].emplace(moved, entry);
        QVERIFY(writeSafetensors(shards[0], halves[0]));
        QVERIFY(refused(good, "which the index places in"));
    }
};

QTEST_GUILESS_MAIN(CheckpointFilesTest)
#include "tst_checkpoint_files.moc"
