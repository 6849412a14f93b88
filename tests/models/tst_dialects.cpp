// SPDX-License-Identifier: GPL-3.0-or-later
// Names and layouts of HuggingFace, Flax and newer timm: what is mapped to what, and how defects are named.
#include "tests/models/numbered_store.h"
#include "tests/models/synthetic_store.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <algorithm>

using namespace quantoscope;
using namespace quantoscope::testing;

using namespace Qt::StringLiterals;

class TestDialects : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void huggingFaceNamesBecomeTimms()
    {
        const Numbered file = huggingFace();
        const auto model = buildModel(file.store(), {.weights = "w", .heads = kHeads});
        QVERIFY2(model.has_value(), qPrintable(messageOf(model)));
        const TensorStore &tensors = *(*model)->tensors;
        QCOMPARE(epsilonOf(**model), 1e-12);
        std::vector<float> qkv;
        for (const char *operand : {"query", "key", "value"}) {
            const auto part
                = valuesOf(file.tensors.at(std::string("vit.encoder.layer.0.attention.attention.") + operand + ".weight"));
            qkv.insert(qkv.end(), part.begin(), part.end());
        }
        QVERIFY(valuesOf(tensors, "blocks.0.attn.qkv.weight") == qkv);
        QCOMPARE(tensors.find("blocks.0.attn.qkv.weight")->shape, (std::vector<int64_t>{3 * kWidth, kWidth}));
        QVERIFY(valuesOf(tensors, "blocks.0.attn.proj.bias")
                == valuesOf(file.tensors.at("vit.encoder.layer.0.attention.output.dense.bias")));
        QVERIFY(valuesOf(tensors, "blocks.0.norm2.weight")
                == valuesOf(file.tensors.at("vit.encoder.layer.0.layernorm_after.weight")));
        QVERIFY(valuesOf(tensors, "head.weight") == valuesOf(file.tensors.at("classifier.weight")));
        int64_t values = 0;
        for (const auto &[name, entry] : file.tensors)
            values += entry.elements();
        QCOMPARE((*model)->info.parameters, values);
    }

    void configJsonSettlesHeadsAndEpsilon()
    {
        const Numbered file = huggingFace();
        const auto store = file.store(R"({"model_type": "vit", "num_attention_heads": 4, "layer_norm_eps": 1e-6,
                                          "image_size": 8, "hidden_act": "gelu", "id2label": {"0": "cat"}})");
        const auto model = buildModel(store, {.weights = "folder"});
        QVERIFY2(model.has_value(), qPrintable(messageOf(model)));
        QCOMPARE((*model)->info.heads, 4);
        QCOMPARE(epsilonOf(**model), 1e-6);
        for (const std::string &sentence : (*model)->info.assumptions)
            QVERIFY2(sentence.find("heads") == std::string::npos, sentence.c_str());
        const auto told = buildModel(store, {.weights = "folder", .heads = 2});
        QCOMPARE((*told)->info.heads, 2);

        const auto approximate = buildModel(file.store(R"({"hidden_act": "gelu_new"})"), {.weights = "folder", .heads = 2});
        QCOMPARE(approximate.error().code, ErrorCode::Unsupported);
        QVERIFY2(messageOf(approximate).contains(u"gelu_new"_s), qPrintable(messageOf(approximate)));
        const auto otherSize = buildModel(file.store(R"({"image_size": 16})"), {.weights = "folder", .heads = 2});
        QVERIFY2(messageOf(otherSize).contains(u"--image-size 16"_s), qPrintable(messageOf(otherSize)));
        const auto broken = buildModel(file.store("{"), {.weights = "folder", .heads = 2});
        QVERIFY2(messageOf(broken).contains(u"config.json"_s), qPrintable(messageOf(broken)));
        const auto wrong = buildModel(file.store(R"({"num_attention_heads": -2})"), {.weights = "folder"});
        QVERIFY2(messageOf(wrong).contains(u"num_attention_heads"_s), qPrintable(messageOf(wrong)));
    }

    void distilledHuggingFaceModelsHaveTwoHeads()
    {
        const auto model = buildModel(huggingFace("deit.", true).store(), {.weights = "w", .heads = kHeads});
        QVERIFY2(model.has_value(), qPrintable(messageOf(model)));
        QVERIFY((*model)->info.distilled);
        QVERIFY((*model)->graph.findNode("head_dist") >= 0);
    }

    void defectsAreNamedAsInTheFile()
    {
        Numbered missing = huggingFace();
        missing.tensors.erase("vit.encoder.layer.0.attention.attention.key.bias");
        const auto model = buildModel(missing.store(), {.weights = "w.safetensors", .heads = kHeads});
        QCOMPARE(model.error().code, ErrorCode::CorruptFile);
        QVERIFY2(messageOf(model).contains(u"blocks.0.attn.qkv.bias"_s)
                     && messageOf(model).contains(u"vit.encoder.layer.0.attention.attention.key.bias"_s)
                     && messageOf(model).contains(u"missing"_s),
                 qPrintable(messageOf(model)));

        Numbered unequal = huggingFace();
        unequal.add("vit.encoder.layer.0.attention.attention.key.weight", {kWidth - 1, kWidth});
        const auto parts = buildModel(unequal.store(), {.weights = "w", .heads = kHeads});
        QVERIFY2(messageOf(parts).contains(u"[7, 8]"_s), qPrintable(messageOf(parts)));

        Numbered additional = huggingFace();
        additional.add("vit.encoder.layer.0.extra", {kWidth});
        const auto extra = buildModel(additional.store(), {.weights = "w", .heads = kHeads});
        QVERIFY2(messageOf(extra).contains(u"encoder.layer.0.extra"_s), qPrintable(messageOf(extra)));

        Numbered both = huggingFace();
        both.add("norm.weight", {kWidth});
        const auto twice = buildModel(both.store(), {.weights = "w", .heads = kHeads});
        QVERIFY2(messageOf(twice).contains(u"norm.weight"_s), qPrintable(messageOf(twice)));

        Numbered gap = huggingFace();
        gap.add("vit.encoder.layer.2.layernorm_before.weight", {kWidth});
        const auto gapped = buildModel(gap.store(), {.weights = "w", .heads = kHeads});
        QVERIFY2(messageOf(gapped).contains(u"blocks.2.norm1.weight"_s), qPrintable(messageOf(gapped)));
    }

    void poolersOfHuggingFaceAreNotRead()
    {
        Numbered file = huggingFace();
        file.add("vit.pooler.dense.weight", {kWidth, kWidth});
        file.add("vit.pooler.dense.bias", {kWidth});
        QVERIFY(buildModel(file.store(), {.weights = "w", .heads = kHeads}).has_value());
    }

    void flaxKernelsAreTransposed_data()
    {
        QTest::addColumn<QString>("prefix");
        QTest::newRow("plain") << QString();
        QTest::newRow("opt/target/") << u"opt/target/"_s;
    }
    void flaxKernelsAreTransposed()
    {
        QFETCH(const QString, prefix);
        const Numbered file = flax(prefix.toStdString());
        const auto model = buildModel(file.store(), {.weights = "w.npz", .heads = kHeads});
        QVERIFY2(model.has_value(), qPrintable(messageOf(model)));
        const auto source = [&](const std::string &name) {
            return valuesOf(file.tensors.at(prefix.toStdString() + name));
        };
        const TensorStore &tensors = *(*model)->tensors;
        const std::string block = "Transformer/encoderblock_0/";
        const std::string attention = block + "MultiHeadDotProductAttention_1/";

        const auto qkv = valuesOf(tensors, "blocks.0.attn.qkv.weight"); // [3 D, D]
        const auto key = source(attention + "key/kernel");              // [D, heads * headWidth]
        for (size_t out = 0; out < kWidth; ++out)
            for (size_t in = 0; in < kWidth; ++in)
                QCOMPARE(qkv[(kWidth + out) * kWidth + in], key[in * kWidth + out]);
        const auto qkvBias = valuesOf(tensors, "blocks.0.attn.qkv.bias");
        const auto valueBias = source(attention + "value/bias");
        QVERIFY(std::equal(valueBias.begin(), valueBias.end(), qkvBias.begin() + 2 * kWidth));
        const auto proj = valuesOf(tensors, "blocks.0.attn.proj.weight"); // [D, heads * headWidth]
        const auto out = source(attention + "out/kernel");                // [heads * headWidth, D]
        for (size_t o = 0; o < kWidth; ++o)
            for (size_t i = 0; i < kWidth; ++i)
                QCOMPARE(proj[o * kWidth + i], out[i * kWidth + o]);
        const auto fc1 = valuesOf(tensors, "blocks.0.mlp.fc1.weight");
        const auto dense = source(block + "MlpBlock_3/Dense_0/kernel");
        for (size_t o = 0; o < kHidden; ++o)
            for (size_t i = 0; i < kWidth; ++i)
                QCOMPARE(fc1[o * kWidth + i], dense[i * kHidden + o]);
        const auto patch = valuesOf(tensors, "patch_embed.proj.weight"); // [D, 3, p, p]
        const auto kernel = source("embedding/kernel");                  // [p, p, 3, D]
        for (size_t d = 0; d < kWidth; ++d)
            for (size_t c = 0; c < 3; ++c)
                for (size_t y = 0; y < kPatch; ++y)
                    for (size_t x = 0; x < kPatch; ++x)
                        QCOMPARE(patch[((d * 3 + c) * kPatch + y) * kPatch + x],
                                 kernel[((y * kPatch + x) * 3 + c) * kWidth + d]);
        QVERIFY(valuesOf(tensors, "norm.weight") == source("Transformer/encoder_norm/scale"));
        QCOMPARE(epsilonOf(**model), 1e-6);
        // Nothing was copied: the entries lie in the file's memory.
        const auto *entry = tensors.find("blocks.0.mlp.fc1.weight");
        QVERIFY(entry->bytes.data() == file.tensors.at(prefix.toStdString() + block + "MlpBlock_3/Dense_0/kernel").bytes.data());
    }

    void arraysWrittenColumnByColumnAreReadToo()
    {
        const Numbered rows = flax();
        Numbered columns = flax();
        // Fortran order: the first axis is the fastest. The values are moved accordingly.
        std::vector<std::shared_ptr<std::vector<float>>> moved;
        for (auto &[name, entry] : columns.tensors) {
            const std::vector<float> values = valuesOf(rows.tensors.at(name));
            auto &other = *moved.emplace_back(std::make_shared<std::vector<float>>(values.size()));
            entry.strides.assign(entry.shape.size(), 1);
            for (size_t axis = 1; axis < entry.shape.size(); ++axis)
                entry.strides[axis] = entry.strides[axis - 1] * entry.shape[axis - 1];
            for (size_t i = 0; i < values.size(); ++i) {
                size_t rest = i;
                int64_t place = 0;
                for (size_t axis = entry.shape.size(); axis-- > 0;) {
                    const auto extent = static_cast<size_t>(entry.shape[axis]);
                    place += static_cast<int64_t>(rest % extent) * entry.strides[axis];
                    rest /= extent;
                }
                other[static_cast<size_t>(place)] = values[i];
            }
            entry.bytes = std::as_bytes(std::span(other));
        }
        const auto expected = buildModel(rows.store(), {.weights = "w", .heads = kHeads});
        const auto model = buildModel(columns.store(), {.weights = "w", .heads = kHeads});
        QVERIFY2(model.has_value(), qPrintable(messageOf(model)));
        for (const auto &[name, entry] : (*expected)->tensors->tensors())
            QVERIFY2(valuesOf(*(*model)->tensors, name) == valuesOf(entry), name.c_str());
    }

    void representationLayersAreRefused()
    {
        Numbered file = flax();
        file.add("pre_logits/kernel", {kWidth, kWidth});
        const auto model = buildModel(file.store(), {.weights = "w.npz", .heads = kHeads});
        QCOMPARE(model.error().code, ErrorCode::Unsupported);
        QVERIFY2(messageOf(model).contains(u"pre_logits"_s) && messageOf(model).contains(u"21k"_s),
                 qPrintable(messageOf(model)));
    }

    void swinsOfNewerTimmAreRenamed()
    {
        const ModelEntry &entry = entryOf("swin_tiny_patch4_window7_224");
        TensorStore::Tensors renamed;
        for (const auto &[name, tensor] : publishedTensors(entry)) {
            std::string other = name;
            if (name.starts_with("head."))
                other.insert(5, "fc.");
            else if (name.find(".downsample.") != std::string::npos)
                other[7] = static_cast<char>(other[7] + 1); // layers.N.downsample
            renamed[other] = tensor;
        }
        QVERIFY(renamed.count("layers.3.downsample.norm.weight") && renamed.count("head.fc.bias"));
        const auto model = buildModel(storeOf(renamed), {.weights = "w", .model = entry.name});
        QVERIFY2(model.has_value(), qPrintable(messageOf(model)));
        renamed.erase("layers.3.downsample.norm.weight");
        const auto broken = buildModel(storeOf(renamed), {.weights = "w"});
        QVERIFY2(messageOf(broken).contains(u"'layers.2.downsample.norm.weight' (here layers.3.downsample.norm.weight)"_s),
                 qPrintable(messageOf(broken)));
    }

    void storedConstantsMustBeTheArchitecturesOwn()
    {
        QUANTOSCOPE_NEED_DATA(path, "fixtures/swin/swin_tiny_random.safetensors");
        const auto store = openTensorStore(path).value();
        const std::string index = "layers.0.blocks.0.attn.relative_position_index";
        const std::string mask = "layers.0.blocks.1.attn_mask";
        const auto good = buildModel(store, {.weights = path});
        QVERIFY2(good.has_value(), qPrintable(messageOf(good)));
        QVERIFY(!(*good)->tensors->find(index) && !(*good)->tensors->find(mask)); // no parameters of the model
        QCOMPARE((*good)->info.imageSize, 112); // from the mask
        for (const std::string &name : {index, mask}) {
            const TensorEntry &entry = *store->find(name);
            std::vector<std::byte> bytes(entry.bytes.begin(), entry.bytes.end());
            bytes[bytes.size() - 8] ^= std::byte{1};
            TensorStore::Tensors tensors = store->tensors();
            tensors[name].bytes = bytes;
            const auto model = buildModel(storeOf(tensors), {.weights = path});
            QVERIFY(!model.has_value());
            QVERIFY2(messageOf(model).contains(QString::fromStdString(name)), qPrintable(messageOf(model)));
        }
    }
};

QTEST_APPLESS_MAIN(TestDialects)
#include "tst_dialects.moc"
