// SPDX-License-Identifier: GPL-3.0-or-later
// PTQ4ViT's search with candidates screened on a part of the rows, against the search that tries all on all.
#include "core/imaging/batch_loader.h"
#include "core/imaging/image_set.h"
#include "core/pipeline/calibration.h"
#include "core/pipeline/interval_calibration.h"
#include "core/quantization/recipe.h"
#include "tests/support/test_data.h"

#include <QElapsedTimer>
#include <QTest>

#include <cmath>

using namespace quantoscope;

namespace {

constexpr int kImages = 8;
constexpr double kTolerance = 1e-3; // of the plain search's best score

/// Products whose shapes cover all the others': the convolution, one block, the head.
bool isCompared(const std::string &path)
{
    return path.starts_with("blocks.5.") || path.starts_with("patch_embed") || path == "head";
}

} // namespace

class TestIntervalScreening : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void screeningFindsScoresAsGoodAsTryingEverything_data()
    {
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<int>("bits");
        QTest::newRow("PTQ4ViT 6 bit") << "ptq4vit" << 6;
        QTest::newRow("BasePTQ 8 bit") << "baseptq" << 8;
    }

    void screeningFindsScoresAsGoodAsTryingEverything()
    {
        QUANTOSCOPE_NEED_DATA(weights, "models/deit_tiny_patch16_224.safetensors");
        QUANTOSCOPE_NEED_DATA(folder, "imagenet");
        QFETCH(const QString, recipe);
        QFETCH(const int, bits);
        const auto model = openModel({.weights = weights}).value();
        const auto executor = Executor::create(model, {}).value();
        QuantizationRequest request;
        request.recipe = recipe.toStdString();
        request.bits = {bits, bits, bits};
        const std::vector<TapSetting> settings = resolveSettings(model->graph, request, true).value();
        const auto images = randomSubset(openImages({.path = folder}).value(), kImages, 1);
        QVERIFY(images.has_value());
        LoaderOptions loading;
        loading.batch = kImages;
        const auto loader = BatchLoader::start(*images, model->info.preprocessing, loading).value();
        const auto batch = loader->next();
        QVERIFY(batch.has_value());
        Calibration calibration(*executor, *model, observationNeeds(model->graph, settings));
        QVERIFY(calibration.add(*executor, *model, *batch, {}));
        ExecutionMode mode = ExecutionMode::quantizedMode(model->graph, settings);
        mode.parameters = calibration.derive(*executor, *model, settings, {}).value().parameters;

        IntervalSearch plain = *findRecipe(request.recipe)->search;
        plain.screening = false;
        plain.rounds = 2;
        IntervalSearch screened = plain;
        screened.screening = true;
        CaptureOptions capture;
        capture.gradients = plain.metric == SearchMetric::Hessian;
        int searches = 0;
        int equal = 0;
        double worst = 0;
        qint64 plainTime = 0;
        qint64 screenedTime = 0;
        const auto done = captureProducts(
            *executor, *model, batch->pixels, kImages, capture, int64_t{1} << 30,
            [&](const CapturedProduct &product) -> Result<void> {
                if (!isCompared(model->graph.nodes[static_cast<size_t>(product.node)].path))
                    return {};
                QElapsedTimer timer;
                timer.start();
                auto ofPlain = mode.parameters;
                const auto all = searchProduct(*executor, *model, product, mode, plain, ofPlain, {});
                plainTime += timer.restart();
                auto ofScreened = mode.parameters;
                const auto some = searchProduct(*executor, *model, product, mode, screened, ofScreened, {});
                screenedTime += timer.elapsed();
                if (!all || !some)
                    return fail(all ? some.error() : all.error());
                for (size_t i = 0; i < all->searches.size(); ++i) {
                    const OperandSearch &a = all->searches[i];
                    const OperandSearch &b = some->searches[i];
                    const size_t candidates = a.scores.size() / a.choice.size();
                    for (size_t g = 0; g < a.choice.size(); ++g, ++searches) {
                        equal += a.choice[g] == b.choice[g];
                        const auto best = static_cast<double>(a.scores[g * candidates + static_cast<size_t>(a.choice[g])]);
                        const auto found = static_cast<double>(b.scores[g * candidates + static_cast<size_t>(b.choice[g])]);
                        const double lost = (best - found) / std::abs(best);
                        worst = std::max(worst, lost);
                        if (lost > kTolerance)
                            qInfo("%s %s round %d group %zu: %d instead of %d, %.3g of the score lost",
                                  all->node.c_str(), a.left ? "left" : "right", a.round, g, b.choice[g], a.choice[g], lost);
                    }
                }
                return {};
            },
            {});
        QVERIFY2(done.has_value(), done ? "" : done.error().message().c_str());
        qInfo("%d of %d choices equal, at worst %.3g of the best score lost; %lld ms instead of %lld ms", equal, searches,
              std::max(0.0, worst), screenedTime, plainTime);
        QVERIFY(searches > 20);
        QVERIFY(worst <= kTolerance);
    }
};

QTEST_GUILESS_MAIN(TestIntervalScreening)
#include "tst_interval_screening.moc"
