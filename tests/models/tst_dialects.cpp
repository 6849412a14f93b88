// SPDX-License-Identifier: GPL-3.0-or-later
// Names and layouts of HuggingFace, Flax and newer timm, image sizes, heads: what is mapped, assumed and refused.
#include "core/models/position_embedding.h"
#include "tests/models/synthetic_store.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace quantoscope;

using namespace Qt::StringLiterals;

namespace {

constexpr int64_t kWidth = 8;
constexpr int64_t kHeads = 2;
constexpr int64_t kHidden = 16;
constexpr int64_t kClasses = 3;
constexpr int64_t kPatch = 4;
constexpr int64_t kGrid = 2;

/// Values 0, 1, 2, ... behind every tensor of a tiny model, so that a permutation shows.
class Numbered {
public:
    TensorStore::Tensors tensors;

    void add(const std::string &name, std::vector<int64_t> shape)
    {
        TensorEntry entry;
        entry.shape = std::move(shape);
        auto &values = *m_memory.emplace_back(std::make_shared<std::vector<float>>(static_cast<size_t>(entry.elements())));
        std::iota(values.begin(), values.end(), m_next);
        m_next += 1000;
        entry.bytes = std::as_bytes(std::span(values));
        tensors[name] = entry;
    }
    TensorStorePtr store(const std::string &config = {}) const
    {
        return std::make_shared<const TensorStore>(tensors, std::make_shared<const Memory>(m_memory), "test",
                                                   std::vector<std::string>(), config);
    }

private:
    using Memory = std::vector<std::shared_ptr<std::vector<float>>>;
    Memory m_memory;
    float m_next = 0;
};

std::vector<float> valuesOf(const TensorEntry &entry)
{
    std::vector<float> values(static_cast<size_t>(entry.elements()));
    convertToFloat(entry, values.data());
    return values;
}

std::vector<float> valuesOf(const TensorStore &store, const std::string &tensor)
{
    return valuesOf(*store.find(tensor));
}

/// A one-block ViT as transformers stores it.
Numbered huggingFace(const std::string &prefix = "vit.", bool distilled = false)
{
    Numbered file;
    file.add(prefix + "embeddings.cls_token", {1, 1, kWidth});
    if (distilled)
        file.add(prefix + "embeddings.distillation_token", {1, 1, kWidth});
    file.add(prefix + "embeddings.position_embeddings", {1, kGrid * kGrid + (distilled ? 2 : 1), kWidth});
    const auto layer = [&](const std::string &name, std::vector<int64_t> shape) {
        file.add(name + ".weight", shape);
        file.add(name + ".bias", {shape[0]});
    };
    layer(prefix + "embeddings.patch_embeddings.projection", {kWidth, 3, kPatch, kPatch});
    const std::string block = prefix + "encoder.layer.0.";
    for (const char *operand : {"query", "key", "value"})
        layer(block + "attention.attention." + operand, {kWidth, kWidth});
    layer(block + "attention.output.dense", {kWidth, kWidth});
    layer(block + "intermediate.dense", {kHidden, kWidth});
    layer(block + "output.dense", {kWidth, kHidden});
    for (const std::string norm : {"layernorm_before", "layernorm_after"})
        layer(block + norm, {kWidth});
    layer(prefix + "layernorm", {kWidth});
    if (distilled) {
        layer("cls_classifier", {kClasses, kWidth});
        layer("distillation_classifier", {kClasses, kWidth});
    } else {
        layer("classifier", {kClasses, kWidth});
    }
    return file;
}

/// The same as Flax stores it.
Numbered flax(const std::string &prefix = {})
{
    Numbered file;
    const auto layer = [&](const std::string &name, std::vector<int64_t> kernel, std::vector<int64_t> bias) {
        file.add(prefix + name + "/kernel", std::move(kernel));
        file.add(prefix + name + "/bias", std::move(bias));
    };
    const auto norm = [&](const std::string &name) {
        file.add(prefix + name + "/scale", {kWidth});
        file.add(prefix + name + "/bias", {kWidth});
    };
    constexpr int64_t kHeadWidth = kWidth / kHeads;
    file.add(prefix + "cls", {1, 1, kWidth});
    file.add(prefix + "Transformer/posembed_input/pos_embedding", {1, kGrid * kGrid + 1, kWidth});
    layer("embedding", {kPatch, kPatch, 3, kWidth}, {kWidth});
    const std::string block = "Transformer/encoderblock_0/";
    norm(block + "LayerNorm_0");
    norm(block + "LayerNorm_2");
    const std::string attention = block + "MultiHeadDotProductAttention_1/";
    for (const char *operand : {"query", "key", "value"})
        layer(attention + operand, {kWidth, kHeads, kHeadWidth}, {kHeads, kHeadWidth});
    layer(attention + "out", {kHeads, kHeadWidth, kWidth}, {kWidth});
    layer(block + "MlpBlock_3/Dense_0", {kWidth, kHidden}, {kHidden});
    layer(block + "MlpBlock_3/Dense_1", {kHidden, kWidth}, {kWidth});
    norm("Transformer/encoder_norm");
    layer("head", {kWidth, kClasses}, {kClasses});
    return file;
}

QString messageOf(const Result<ModelPtr> &model)
{
    return model ? u"(no error)"_s : QString::fromStdString(model.error().message());
}

double epsilonOf(const Model &model)
{
    return model.graph.nodes[static_cast<size_t>(model.graph.findNode("norm"))].epsilon;
}

} // namespace

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
        const ModelEntry &entry = testing::entryOf("swin_tiny_patch4_window7_224");
        TensorStore::Tensors renamed;
        for (const auto &[name, tensor] : testing::publishedTensors(entry)) {
            std::string other = name;
            if (name.starts_with("head."))
                other.insert(5, "fc.");
            else if (name.find(".downsample.") != std::string::npos)
                other[7] = static_cast<char>(other[7] + 1); // layers.N.downsample
            renamed[other] = tensor;
        }
        QVERIFY(renamed.count("layers.3.downsample.norm.weight") && renamed.count("head.fc.bias"));
        const auto model = buildModel(testing::storeOf(renamed), {.weights = "w", .model = entry.name});
        QVERIFY2(model.has_value(), qPrintable(messageOf(model)));
        renamed.erase("layers.3.downsample.norm.weight");
        const auto broken = buildModel(testing::storeOf(renamed), {.weights = "w"});
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
            const auto model = buildModel(testing::storeOf(tensors), {.weights = path});
            QVERIFY(!model.has_value());
            QVERIFY2(messageOf(model).contains(QString::fromStdString(name)), qPrintable(messageOf(model)));
        }
    }

    void headsAreReadWhereTensorsTellThem()
    {
        const ModelEntry &entry = testing::entryOf("swin_tiny_patch4_window7_224");
        const auto model = buildModel(testing::storeOf(testing::publishedTensors(entry)), {.weights = "w", .heads = 4});
        QCOMPARE(model.error().code, ErrorCode::BadInput);
        QVERIFY2(messageOf(model).contains(u"3/6/12/24"_s), qPrintable(messageOf(model)));
    }

    void otherImageSizesInterpolateOnRequestOnly()
    {
        const Numbered file = huggingFace();
        const auto larger = buildModel(file.store(), {.weights = "w", .heads = kHeads, .imageSize = 16});
        QVERIFY2(larger.has_value(), qPrintable(messageOf(larger)));
        QCOMPARE((*larger)->info.imageSize, 16);
        const TensorEntry &position = *(*larger)->tensors->find("pos_embed");
        QCOMPARE(position.shape, (std::vector<int64_t>{1, 17, kWidth}));
        const auto stored = valuesOf(file.tensors.at("vit.embeddings.position_embeddings"));
        const auto values = valuesOf(position);
        QVERIFY(std::equal(stored.begin(), stored.begin() + kWidth, values.begin())); // class token
        QVERIFY(values == resampledPositions(stored, 1, 2, 4, kWidth));
        QCOMPARE((*larger)->graph.nodes[0].shape, (std::vector<int64_t>{3, 16, 16}));

        const auto odd = buildModel(file.store(), {.weights = "w", .heads = kHeads, .imageSize = 18});
        QVERIFY2(messageOf(odd).contains(u"18 x 18"_s), qPrintable(messageOf(odd)));
        const auto huge = buildModel(file.store(), {.weights = "w", .heads = kHeads, .imageSize = 1 << 20});
        QVERIFY2(messageOf(huge).contains(u"--image-size"_s), qPrintable(messageOf(huge)));
    }

    void aModelOfAnotherSizeAsksForTheImageSize()
    {
        const auto store = testing::storeOf(testing::publishedTensors(testing::entryOf("deit_base_patch16_224")));
        const auto model = buildModel(store, {.weights = "w", .model = "deit_base_patch16_384"});
        QCOMPARE(model.error().code, ErrorCode::BadInput);
        QVERIFY2(messageOf(model).contains(u"--image-size 384"_s), qPrintable(messageOf(model)));
        const auto other = buildModel(store, {.weights = "w", .model = "deit_tiny_patch16_224", .imageSize = 224});
        QVERIFY2(messageOf(other).contains(u"width 768"_s), qPrintable(messageOf(other)));
    }

    void swinTakesImagesThatItsWindowsFit()
    {
        const ModelEntry &entry = testing::entryOf("swin_tiny_patch4_window7_224");
        const auto store = testing::storeOf(testing::publishedTensors(entry));
        const auto larger = buildModel(store, {.weights = "w", .model = entry.name, .imageSize = 448});
        QVERIFY2(larger.has_value(), qPrintable(messageOf(larger)));
        QCOMPARE((*larger)->info.preprocessing.crop, 448);
        QCOMPARE((*larger)->info.preprocessing.resize, 496);
        QCOMPARE((*larger)->info.assumptions.size(), size_t{1});
        const Graph &graph = (*larger)->graph; // two windows a side in the last stage: its odd block shifts now
        QCOMPARE(graph.nodes[static_cast<size_t>(graph.findNode("layers.3.blocks.1.attn.softmax"))].shift, 3);
        QCOMPARE(graph.nodes[static_cast<size_t>(graph.findNode("layers.3.blocks.0.attn.softmax"))].shift, 0);
        const auto odd = buildModel(store, {.weights = "w", .model = entry.name, .imageSize = 256});
        QVERIFY2(messageOf(odd).contains(u"7 x 7"_s) && messageOf(odd).contains(u"multiple of 224"_s), qPrintable(messageOf(odd)));
        const auto itpn = testing::storeOf(testing::publishedTensors(testing::entryOf("itpn_base_pixel_patch16_224")));
        const auto refused = buildModel(itpn, {.weights = "w", .imageSize = 448});
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
    }

    void fileNamesAndLayoutsChooseAmongEqualSizes_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("certain");
        QTest::newRow("name") << u"/x/vit_base_patch16_224.safetensors"_s << u"vit_base_patch16_224"_s << true;
        QTest::newRow("published file")
            << u"/x/B_16-i21k-300ep-lr_0.001-aug_medium1-wd_0.1-do_0.0-sd_0.0--imagenet2012-steps_20k-lr_0.01-res_224.npz"_s
            << u"vit_base_patch16_224"_s << true;
        QTest::newRow("published hash") << u"/x/deit_base_patch16_224-b5f2ef4d.pth"_s << u"deit_base_patch16_224"_s << true;
        QTest::newRow("longer name") << u"/x/google_vit_base_patch16_224.safetensors"_s
                                     << u"google_vit_base_patch16_224"_s << true;
        QTest::newRow("array file") << u"/x/weights.npz"_s << u"vit_base_patch16_224"_s << false;
        QTest::newRow("nothing known") << u"/x/weights.bin"_s << u"deit_base_patch16_224"_s << false;
    }
    void fileNamesAndLayoutsChooseAmongEqualSizes()
    {
        QFETCH(const QString, path);
        QFETCH(const QString, name);
        QFETCH(const bool, certain);
        const auto store = testing::storeOf(testing::publishedTensors(testing::entryOf("deit_base_patch16_224")));
        const auto model = buildModel(store, {.weights = path.toStdString()});
        QVERIFY2(model.has_value(), qPrintable(messageOf(model)));
        QCOMPARE(QString::fromStdString((*model)->info.name), name);
        QCOMPARE((*model)->info.assumptions.empty(), certain);
    }

    void repositoriesOfHuggingFaceAreRecognisedByTheirFolder()
    {
        const ModelEntry &entry = testing::entryOf("google_vit_base_patch16_224");
        const auto store = testing::storeOf(testing::publishedTensors(entry), R"({"layer_norm_eps": 1e-12})");
        const auto google = buildModel(store, {.weights = "/x/vit-base-patch16-224"});
        QVERIFY2(google.has_value(), qPrintable(messageOf(google)));
        QCOMPARE((*google)->info.name, entry.name);
        // Facebook's DeiT states the same epsilon, but its name speaks for itself.
        const auto deit = buildModel(store, {.weights = "/x/deit-base-patch16-224/model.safetensors"});
        QCOMPARE((*deit)->info.name, std::string("deit_base_patch16_224"));
        QCOMPARE(epsilonOf(**deit), 1e-12);
    }

    void positionsAreResampledByCubicConvolution()
    {
        constexpr int64_t kFrom = 3;
        constexpr int64_t kTo = 5;
        std::vector<float> grid(kFrom * kFrom);
        std::iota(grid.begin(), grid.end(), 0.0F);
        const std::vector<float> result = resampledPositions(grid, 0, kFrom, kTo, 1);
        QCOMPARE(result.size(), size_t{25});
        // Slow reference: Keys' kernel with a = -0.75 over the repeated border, the distance measured for every cell.
        const auto kernel = [](double x) {
            x = std::abs(x);
            return x < 1 ? 1.25 * x * x * x - 2.25 * x * x + 1 : x < 2 ? -0.75 * (x * x * x - 5 * x * x + 8 * x - 4) : 0.0;
        };
        for (int64_t y = 0; y < kTo; ++y)
            for (int64_t x = 0; x < kTo; ++x) {
                const double fromY = (static_cast<double>(y) + 0.5) * kFrom / kTo - 0.5;
                const double fromX = (static_cast<double>(x) + 0.5) * kFrom / kTo - 0.5;
                double expected = 0;
                for (int64_t i = -3; i < 6; ++i)
                    for (int64_t j = -3; j < 6; ++j)
                        expected += kernel(fromY - static_cast<double>(i)) * kernel(fromX - static_cast<double>(j))
                                  * static_cast<double>(grid[static_cast<size_t>(
                                      std::clamp<int64_t>(i, 0, 2) * kFrom + std::clamp<int64_t>(j, 0, 2))]);
                QVERIFY(std::abs(static_cast<double>(result[static_cast<size_t>(y * kTo + x)]) - expected) < 1e-5);
            }
        // The middle of the grid stays, opposite cells add up to twice the mean.
        QVERIFY(std::abs(result[12] - 4.0F) < 1e-6F);
        QVERIFY(std::abs(result[0] + result[24] - 8.0F) < 1e-5F);
    }
};

QTEST_APPLESS_MAIN(TestDialects)
#include "tst_dialects.moc"
