// SPDX-License-Identifier: GPL-3.0-or-later
// Every model of resources/models.json: its graph from names and shapes, its size, its quantizers; and the lists themselves.
#include "core/models/model_list.h"
#include "core/quantization/recipe.h"
#include "tests/models/synthetic_store.h"
#include "tests/support/test_data.h"

#include <nlohmann/json.hpp>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace quantoscope;

using namespace Qt::StringLiterals;

namespace {

/// Quantizers of activations as FQ-ViT's program counts its QAct modules; the softmax has a class of its own there.
std::vector<const Tap *> activationQuantizers(const Model &model, const QuantizationRequest &request,
                                              std::vector<TapSetting> &settings)
{
    settings = resolveSettings(model.graph, request, true).value();
    std::vector<const Tap *> taps;
    for (size_t t = 0; t < settings.size(); ++t) {
        const Tap &tap = model.graph.taps[t];
        if (settings[t].isQuantized() && tap.kind != TapKind::Weight && tap.role != Role::AttentionWeights)
            taps.push_back(&tap);
    }
    return taps;
}

/// An entry for `family` as text, to be changed by tests.
nlohmann::ordered_json entryJson()
{
    return nlohmann::ordered_json::parse(R"({"name": "mine", "title": "Mine", "family": "vit",
        "architecture": {"width": 192, "depth": 12, "heads": 3, "patch": 16, "image": 224},
        "preprocessing": {"resize": 256, "crop": 224, "interpolation": "bicubic", "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
        "source": {"file": "mine.safetensors"}})");
}

std::string listOf(const nlohmann::ordered_json &entry)
{
    return nlohmann::ordered_json{{"format", "quantoscope-models"}, {"version", 1}, {"models", {entry}}}.dump();
}

} // namespace

class TestPublishedModels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyModelBuildsWithItsPublishedSize_data()
    {
        QTest::addColumn<QString>("name");
        for (const ModelEntry &entry : knownModels())
            QTest::newRow(entry.name.c_str()) << QString::fromStdString(entry.name);
    }
    void everyModelBuildsWithItsPublishedSize()
    {
        QFETCH(const QString, name);
        // Parameters as timm counts them; iTPN's from the papers' tables, in millions.
        static const std::map<std::string, int64_t> published = {
            {"deit_tiny_patch16_224", 5717416},
            {"deit_small_patch16_224", 22050664},
            {"deit_base_patch16_224", 86567656},
            {"deit_base_patch16_384", 86859496},
            {"deit_tiny_distilled_patch16_224", 5910800},
            {"deit_small_distilled_patch16_224", 22436432},
            {"deit_base_distilled_patch16_224", 87338192},
            {"deit_base_distilled_patch16_384", 87630032},
            {"vit_tiny_patch16_224", 5717416},
            {"vit_small_patch16_224", 22050664},
            {"vit_small_patch32_224", 22878952},
            {"vit_base_patch16_224", 86567656},
            {"vit_base_patch16_384", 86859496},
            {"vit_large_patch16_224", 304326632},
            {"google_vit_base_patch16_224", 86567656},
            {"swin_tiny_patch4_window7_224", 28288354},
            {"swin_small_patch4_window7_224", 49606258},
            {"swin_base_patch4_window7_224", 87768224},
            {"swin_base_patch4_window7_224_22kto1k", 87768224},
            {"swin_base_patch4_window12_384", 87903584},
            {"swin_base_patch4_window12_384_22kto1k", 87903584},
            {"itpn_base_pixel_patch16_224", 79'000'000},
            {"itpn_large_pixel_patch16_224", 288'000'000},
        };
        const ModelEntry &entry = testing::entryOf(name.toStdString());
        if (!entry.architecture.has("depth") && !entry.architecture.has("depths"))
            return; // the demo may have any depth
        const auto store = testing::storeOf(testing::publishedTensors(entry));
        const auto model = buildModel(store, {.weights = "/data/" + entry.name + ".safetensors"});
        QVERIFY2(model.has_value(), model ? "" : model.error().message().c_str());
        const ModelInfo &info = (*model)->info;
        QCOMPARE(info.name, entry.name); // recognised, no name given
        QCOMPARE(info.preprocessing, entry.preprocessing);
        QCOMPARE(info.imageSize, entry.preprocessing.crop);
        QCOMPARE(info.inputQuantized, entry.inputQuantized);
        const int64_t expected = published.at(entry.name);
        if (info.family == "itpn")
            QVERIFY2(std::abs(info.parameters - expected) < expected / 100, qPrintable(QString::number(info.parameters)));
        else
            QCOMPARE(info.parameters, expected);
        const Graph &graph = (*model)->graph;
        QCOMPARE(graph.nodes[static_cast<size_t>(graph.output)].shape, std::vector<int64_t>{1000});

        const auto named = buildModel(store, {.weights = "/data/weights", .model = entry.name});
        QVERIFY2(named.has_value(), named ? "" : named.error().message().c_str());
        QVERIFY((*named)->info.assumptions.empty());
    }

    void quantizersAreAsManyAsInFqVit()
    {
        std::vector<TapSetting> settings;
        QuantizationRequest request;
        request.ptf = true;
        const auto count = [&](const std::string &name) {
            const auto model = buildModel(testing::storeOf(testing::publishedTensors(testing::entryOf(name))),
                                          {.weights = "w", .model = name});
            return activationQuantizers(**model, request, settings).size();
        };
        QCOMPARE(count("deit_tiny_patch16_224"), size_t{127});
        QCOMPARE(count("swin_tiny_patch4_window7_224"), size_t{156});
    }

    void swinsPowerOfTwoFactorsAreThoseOfFqVit()
    {
        const std::string name = "swin_tiny_patch4_window7_224";
        const auto model = *buildModel(testing::storeOf(testing::publishedTensors(testing::entryOf(name))),
                                       {.weights = "w", .model = name});
        QuantizationRequest request;
        request.ptf = request.lis = true;
        request.bits.attention = 4;
        std::vector<TapSetting> settings;
        static_cast<void>(activationQuantizers(*model, request, settings));
        // P quantizers: both sums of every block and the output of every merging; nothing of the embedding.
        std::set<std::string> expected;
        const Architecture &sizes = testing::entryOf(name).architecture;
        for (size_t stage = 0; stage < 4; ++stage) {
            const std::string layer = "layers." + std::to_string(stage) + ".";
            for (int64_t block = 0; block < sizes.list("depths")[stage]; ++block)
                for (const char *sum : {".residual1", ".residual2"})
                    expected.insert(layer + "blocks." + std::to_string(block) + sum);
            if (stage < 3)
                expected.insert(layer + "downsample.reduction");
        }
        std::set<std::string> found;
        int norms = 0;
        for (size_t t = 0; t < settings.size(); ++t) {
            if (settings[t].observer == ObserverKind::Ptf)
                found.insert(model->graph.taps[t].path);
            norms += settings[t].integerLayerNorm;
        }
        QVERIFY(found == expected);
        QCOMPARE(norms, 1 + 24 + 3 + 1);
        // The first LayerNorms read values with one scale; a merging's reads four times the channels of the sum before.
        const Graph &graph = model->graph;
        const auto sourceOf = [&](const char *norm) {
            const Node &node = graph.nodes[static_cast<size_t>(graph.findNode(norm))];
            return graph.nodes[static_cast<size_t>(graph.valueSource(node.inputs[0]))].path;
        };
        QCOMPARE(sourceOf("patch_embed.norm"), std::string("patch_embed.proj"));
        QCOMPARE(sourceOf("layers.0.blocks.0.norm1"), std::string("patch_embed.norm"));
        QCOMPARE(sourceOf("layers.0.downsample.norm"), std::string("layers.0.blocks.1.residual2"));
        QCOMPARE(sourceOf("layers.1.blocks.0.norm1"), std::string("layers.0.downsample.reduction"));
        QCOMPARE(sourceOf("layers.0.blocks.1.attn.softmax"), std::string("layers.0.blocks.1.attn.biased_scores"));
    }

    void windowsCountInSizesAndMultiplications()
    {
        const std::string name = "swin_tiny_patch4_window7_224";
        const auto model = *buildModel(testing::storeOf(testing::publishedTensors(testing::entryOf(name))),
                                       {.weights = "w", .model = name});
        const Graph &graph = model->graph;
        const Tap &scores = graph.taps[static_cast<size_t>(graph.findTap("layers.0.blocks.0.attn.scores"))];
        QCOMPARE(scores.channels, int64_t{3});
        QCOMPARE(scores.elements, int64_t{64 * 3 * 49 * 49});
        const Tap &table = graph.taps[static_cast<size_t>(graph.findTap("layers.0.blocks.0.attn.relative_position_bias_table"))];
        QCOMPARE(table.kind, TapKind::Parameter);
        QCOMPARE(table.channels, int64_t{3});
        QCOMPARE(table.elements, int64_t{169 * 3});
        int64_t macs = 0;
        for (const Node &node : graph.nodes)
            macs += node.macs;
        QVERIFY2(macs > 4'300'000'000 && macs < 4'600'000'000, qPrintable(QString::number(macs))); // 4.5 G in the paper
        QCOMPARE(model->info.stages.size(), size_t{4});
        QCOMPARE(model->info.stages[2], (StageInfo{6, 384, 12, 7}));
        QCOMPARE(model->info.depthText(), std::string("2/2/6/2"));
        QCOMPARE(model->info.headsText(), std::string("3/6/12/24"));
    }

    void itpnIsMlpBlocksMergingsAndATransformer()
    {
        const std::string name = "itpn_base_pixel_patch16_224";
        const auto model = *buildModel(testing::storeOf(testing::publishedTensors(testing::entryOf(name))),
                                       {.weights = "w", .model = name});
        const Graph &graph = model->graph;
        QVERIFY(graph.findNode("blocks.3.reduction") >= 0 && graph.findNode("blocks.7.reduction") >= 0);
        QVERIFY(graph.findNode("blocks.7.attn.qkv") < 0 && graph.findNode("blocks.8.attn.qkv") >= 0);
        QVERIFY(graph.findNode("blocks.31.attn.qkv") >= 0 && graph.findNode("blocks.32.norm1") < 0);
        const Node &units = graph.nodes[static_cast<size_t>(graph.findNode("patch_embed.units"))];
        QCOMPARE(units.windows, int64_t{196});
        QCOMPARE(units.shape, (std::vector<int64_t>{16, 128}));
        QCOMPARE(model->info.depth, 3 + 3 + 24);
        QCOMPARE(model->info.heads, 8);
    }

    void theUsersListReplacesAndAdds()
    {
        const QTemporaryDir folder;
        const std::string path = folder.filePath(u"models.json"_s).toStdString();
        const auto without = readModelLists(path);
        QVERIFY(without.has_value());
        QVERIFY(without->size() >= 20);
        auto own = entryJson();
        own["name"] = "deit_tiny_patch16_224";
        own["published_top1"] = 99.5;
        auto other = entryJson();
        other["layer_norm_epsilon"] = 1e-12;
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(
            nlohmann::ordered_json{{"format", "quantoscope-models"}, {"version", 1}, {"models", {own, other}}}.dump()));
        file.close();
        const auto with = readModelLists(path);
        QVERIFY2(with.has_value(), with ? "" : with.error().message().c_str());
        QCOMPARE(with->size(), without->size() + 1);
        QCOMPARE(with->front().name, std::string("deit_tiny_patch16_224"));
        QCOMPARE(with->front().title, std::string("Mine"));
        QCOMPARE(with->front().publishedTop1, 99.5);
        QCOMPARE(with->back().name, std::string("mine"));
        QCOMPARE(*with->back().layerNormEpsilon, 1e-12);
        QCOMPARE(with->back().architecture.value("distilled"), int64_t{0});
        QCOMPARE(with->back().publishedTop1, 0.0);
    }

    void brokenListsNameEntryAndField_data()
    {
        using Json = nlohmann::ordered_json;
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("named");
        const auto change = [](const char *row, const char *pointer, const Json &value, const QStringList &named) {
            auto entry = entryJson();
            entry[Json::json_pointer(pointer)] = value;
            QTest::newRow(row) << QString::fromStdString(listOf(entry)) << named;
        };
        change("unknown field", "/top1", 3, {"'mine'", "top1"});
        change("unknown size", "/architecture/widht", 3, {"'mine'", "architecture", "widht"});
        change("size of another family", "/architecture/window", 7, {"'mine'", "architecture", "window"});
        change("size not a number", "/architecture/width", "wide", {"'mine'", "width", "wide"});
        change("negative size", "/architecture/depth", -1, {"'mine'", "depth", "-1"});
        change("flag not true or false", "/architecture/distilled", 1, {"'mine'", "distilled"});
        change("crop", "/preprocessing/crop", 256, {"'mine'", "256", "224"});
        change("mean", "/preprocessing/mean", {0.5, 0.5}, {"'mine'", "preprocessing", "mean"});
        change("deviation of 0", "/preprocessing/std", {0.5, 0, 0.5}, {"'mine'", "preprocessing", "std"});
        change("interpolation", "/preprocessing/interpolation", "lanczos", {"'mine'", "lanczos", "bilinear"});
        change("accuracy", "/published_top1", 181, {"'mine'", "published_top1"});
        change("epsilon", "/layer_norm_epsilon", 0, {"'mine'", "layer_norm_epsilon"});
        change("family", "/family", "resnet", {"'mine'", "resnet", "swin"});
        change("hash", "/source/sha256", "XYZ", {"'mine'", "source", "sha256"});
        change("path as a name", "/source/file", "../x.pth", {"'mine'", "source", "file"});
        change("no name", "/name", "", {"name"});
        auto entry = entryJson();
        entry.erase("preprocessing");
        QTest::newRow("no preprocessing") << QString::fromStdString(listOf(entry)) << QStringList{"'mine'", "preprocessing"};
        entry = entryJson();
        QTest::newRow("twice") << QString::fromStdString(
            Json{{"format", "quantoscope-models"}, {"version", 1}, {"models", {entry, entry}}}.dump())
                               << QStringList{"'mine'", "twice"};
        QTest::newRow("not JSON") << u"{\"models\": ["_s << QStringList{"JSON"};
        QTest::newRow("another format") << u"{\"format\": \"x\", \"version\": 1, \"models\": []}"_s
                                        << QStringList{"quantoscope-models"};
        QTest::newRow("later version")
            << u"{\"format\": \"quantoscope-models\", \"version\": 2, \"models\": []}"_s << QStringList{"version 1"};
        QTest::newRow("no models") << u"{\"format\": \"quantoscope-models\", \"version\": 1}"_s << QStringList{"models"};
    }
    void brokenListsNameEntryAndField()
    {
        QFETCH(const QString, text);
        QFETCH(const QStringList, named);
        const auto list = parseModelList(text.toStdString(), "/home/me/models.json");
        QVERIFY(!list.has_value());
        QCOMPARE(list.error().code, ErrorCode::CorruptFile);
        const QString message = QString::fromStdString(list.error().message());
        QVERIFY2(message.contains(u"/home/me/models.json"_s), qPrintable(message));
        for (const QString &word : named)
            QVERIFY2(message.contains(word), qPrintable(message));
    }
};

QTEST_APPLESS_MAIN(TestPublishedModels)
#include "tst_published_models.moc"
