// SPDX-License-Identifier: GPL-3.0-or-later
// What tensors do not tell: heads, image sizes, which published model; what is taken, assumed and refused.
#include "core/models/position_embedding.h"
#include "tests/models/numbered_store.h"
#include "tests/models/synthetic_store.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace quantoscope;
using namespace quantoscope::testing;

using namespace Qt::StringLiterals;

class TestModelSettling : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void headsAreReadWhereTensorsTellThem()
    {
        const ModelEntry &entry = entryOf("swin_tiny_patch4_window7_224");
        const auto model = buildModel(storeOf(publishedTensors(entry)), {.weights = "w", .heads = 4});
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
        const auto store = storeOf(publishedTensors(entryOf("deit_base_patch16_224")));
        const auto model = buildModel(store, {.weights = "w", .model = "deit_base_patch16_384"});
        QCOMPARE(model.error().code, ErrorCode::BadInput);
        QVERIFY2(messageOf(model).contains(u"--image-size 384"_s), qPrintable(messageOf(model)));
        const auto other = buildModel(store, {.weights = "w", .model = "deit_tiny_patch16_224", .imageSize = 224});
        QVERIFY2(messageOf(other).contains(u"width 768"_s), qPrintable(messageOf(other)));
    }

    void swinTakesImagesThatItsWindowsFit()
    {
        const ModelEntry &entry = entryOf("swin_tiny_patch4_window7_224");
        const auto store = storeOf(publishedTensors(entry));
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
        const auto itpn = storeOf(publishedTensors(entryOf("itpn_base_pixel_patch16_224")));
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
        const auto store = storeOf(publishedTensors(entryOf("deit_base_patch16_224")));
        const auto model = buildModel(store, {.weights = path.toStdString()});
        QVERIFY2(model.has_value(), qPrintable(messageOf(model)));
        QCOMPARE(QString::fromStdString((*model)->info.name), name);
        QCOMPARE((*model)->info.assumptions.empty(), certain);
    }

    void repositoriesOfHuggingFaceAreRecognisedByTheirFolder()
    {
        const ModelEntry &entry = entryOf("google_vit_base_patch16_224");
        const auto store = storeOf(publishedTensors(entry), R"({"layer_norm_eps": 1e-12})");
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

QTEST_APPLESS_MAIN(TestModelSettling)
#include "tst_model_settling.moc"
