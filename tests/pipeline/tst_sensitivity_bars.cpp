// SPDX-License-Identifier: GPL-3.0-or-later
// Is a sensitivity table worth its price? DeiT-T on real images: few images rank taps as many do, and leaving the most
// sensitive taps in float, one after the other, brings accuracy back.
#include "core/analysis/divergence.h"
#include "core/data/evaluation.h"
#include "core/data/significance.h"
#include "core/pipeline/calibration.h"
#include "core/pipeline/sensitivity.h"
#include "core/pipeline/session.h"
#include "core/quantization/recipe.h"
#include "tests/support/test_data.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace quantoscope;

using namespace Qt::StringLiterals;

namespace {

constexpr int kFew = 64;
constexpr int kMany = 256;
constexpr double kLeastSpearman = 0.9;
constexpr int kSteps[] = {0, 4, 12, 32, 96};
constexpr size_t kImages = 512; ///< those after kMany test the ranking

/// Ranks from 1, ties share their mean.
std::vector<double> ranksOf(const std::vector<double> &values)
{
    std::vector<size_t> order(values.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });
    std::vector<double> ranks(values.size());
    for (size_t i = 0; i < order.size();) {
        size_t end = i;
        while (end < order.size() && values[order[end]] == values[order[i]])
            ++end;
        for (size_t k = i; k < end; ++k)
            ranks[order[k]] = static_cast<double>(i + end + 1) / 2;
        i = end;
    }
    return ranks;
}

double spearman(const std::vector<double> &a, const std::vector<double> &b)
{
    const std::vector<double> x = ranksOf(a);
    const std::vector<double> y = ranksOf(b);
    const double mean = (static_cast<double>(x.size()) + 1) / 2;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - mean) * (x[i] - mean);
        yy += (y[i] - mean) * (y[i] - mean);
        xy += (x[i] - mean) * (y[i] - mean);
    }
    return xy / std::sqrt(xx * yy);
}

ImageSet part(const ImageSet &set, size_t first, size_t count)
{
    ImageSet some = set;
    some.items.assign(set.items.begin() + static_cast<std::ptrdiff_t>(first),
                      set.items.begin() + static_cast<std::ptrdiff_t>(first + count));
    return some;
}

} // namespace

class TestSensitivityBars : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QUANTOSCOPE_NEED_DATA(weights, "models/deit_tiny_patch16_224.safetensors");
        QUANTOSCOPE_NEED_DATA(images, "imagenet");
        QUANTOSCOPE_NEED_DATA(list, "golden/calibration-100.txt");
        m_model = openModel({.weights = weights}).value();
        m_executor = Executor::create(m_model, {}).value();
        m_pass = {m_model->info.preprocessing, 25, nullptr};
        // The operands of matrix products at six bits, one scale per tensor, ranges from the calibration: coarse enough
        // that much accuracy is lost, and can be won back. Fully quantized recipes have more taps and would take longer.
        QuantizationRequest request;
        request.recipe = "baseptq";
        request.search = false;
        request.bits = {6, 6, 6};
        m_settings = resolveSettings(m_model->graph, request, m_model->info.inputQuantized).value();
        const ImageSet calibrationImages = openImageList(list, images).value();
        const Calibration calibration
            = Calibration::collect(*m_executor, *m_model, part(calibrationImages, 0, 50), {m_model->info.preprocessing, 10, nullptr},
                                   observationNeeds(m_model->graph, m_settings), {})
                  .value();
        m_parameters = calibration.derive(*m_executor, *m_model, m_settings, {}).value().parameters;
        const ImageSet all = openImages({images, "val"}).value();
        m_images = randomSubset(all, static_cast<int64_t>(std::min(all.items.size(), kImages)), 1).value();
    }

    void fewImagesRankTheTapsAsManyDo()
    {
        if (!m_model)
            QSKIP("needs DeiT-T and ImageNet images (set QUANTOSCOPE_DATA)");
        QElapsedTimer timer;
        timer.start();
        SensitivityOptions options;
        options.level = SensitivityLevel::Tap;
        options.options = {PrecisionOption::own()};
        const DeriveParameters derive = [this](const std::vector<TapSetting> &) { return m_parameters; };
        const auto measure = [&](size_t first, size_t count) {
            return measureSensitivity(*m_executor, *m_model, part(m_images, first, count), m_settings, derive, options,
                                      m_pass, {})
                .value();
        };
        const SensitivityTable few = measure(0, kFew);
        const SensitivityTable rest = measure(kFew, kMany - kFew);
        std::vector<double> fromFew;
        std::vector<double> fromMany;
        for (size_t r = 0; r < few.rows.size(); ++r) {
            QCOMPARE(few.rows[r].operatorPath, rest.rows[r].operatorPath);
            fromFew.push_back(few.rows[r].kl);
            fromMany.push_back((few.rows[r].kl * kFew + rest.rows[r].kl * (kMany - kFew)) / kMany);
            m_ranking.emplace_back(fromMany.back(), m_model->graph.findTap(few.rows[r].operatorPath));
        }
        std::sort(m_ranking.rbegin(), m_ranking.rend());
        const double agreement = spearman(fromFew, fromMany);
        std::vector<double> fromRest;
        for (const SensitivityRow &row : rest.rows)
            fromRest.push_back(row.kl);
        qInfo("%zu taps in %.0f s: Spearman %d against %d images %.4f, against %d other images %.4f", few.rows.size(),
              static_cast<double>(timer.elapsed()) / 1000, kFew, kMany, agreement, kMany - kFew, spearman(fromFew, fromRest));
        QVERIFY(few.rows.size() > 100);
        QVERIFY(agreement > kLeastSpearman);
    }

    void theMostSensitiveTapsInFloatBringAccuracyBack()
    {
        if (m_ranking.empty())
            QSKIP("needs the ranking");
        // Images that the ranking has not seen. Noise: the 95 % interval for paired data of the difference between two
        // steps (Newcombe 1998, method 10) must not lie below zero, and the KL may not grow by more than its standard
        // error of the paired differences, times 1.96.
        const ImageSet unseen = part(m_images, kMany, m_images.items.size() - kMany);
        ExecutionMode floatMode = ExecutionMode::floatMode(m_model->graph);
        const EvaluationResult reference
            = evaluatePass(*m_executor, *m_model, unseen, floatMode, m_pass, {}, "float").value();
        EvaluationResult last;
        std::vector<double> lastKl;
        double firstTop1 = 0;
        for (const int step : kSteps) {
            std::vector<TapSetting> settings = m_settings;
            for (size_t i = 0; i < std::min(static_cast<size_t>(step), m_ranking.size()); ++i)
                settings[static_cast<size_t>(m_ranking[i].second)].quantizer = QuantizerKind::None;
            ExecutionMode mode = ExecutionMode::quantizedMode(m_model->graph, settings);
            mode.parameters = m_parameters;
            const EvaluationResult result
                = evaluatePass(*m_executor, *m_model, unseen, mode, m_pass, {}, "evaluate").value();
            const auto classes = static_cast<size_t>(result.classes);
            std::vector<double> kl;
            for (size_t i = 0; i < result.images.size(); ++i)
                kl.push_back(klOfLogits({reference.logits.data() + i * classes, classes},
                                        {result.logits.data() + i * classes, classes}));
            const double meanKl = summarize(kl).mean;
            if (lastKl.empty()) {
                firstTop1 = result.top1();
                qInfo("float %.2f %%; none of %zu taps in float: top-1 %.2f %%, KL %.4f", reference.top1(), m_ranking.size(),
                      result.top1(), meanKl);
            } else {
                const PairedComparison paired = comparePaired(last, result);
                const Interval gain = pairedDifferenceInterval(paired.bothRight, paired.lost, paired.gained, paired.labelled);
                std::vector<double> growth;
                for (size_t i = 0; i < kl.size(); ++i)
                    growth.push_back(kl[i] - lastKl[i]);
                const Summary change = summarize(growth);
                qInfo("%d in float: top-1 %.2f %%, change %+.2f [%+.2f, %+.2f]; KL %.4f, change %+.4f +- %.4f", step,
                      result.top1(), result.top1() - last.top1(), gain.low, gain.high, meanKl, change.mean,
                      1.96 * change.standardError);
                QVERIFY(gain.high >= 0);
                QVERIFY(change.mean <= 1.96 * change.standardError);
            }
            last = result;
            lastKl = kl;
        }
        QVERIFY2(last.top1() > firstTop1 + 2, "enough was lost that it can be seen to come back");
    }

private:
    ModelPtr m_model;
    std::unique_ptr<Executor> m_executor;
    PassOptions m_pass;
    std::vector<TapSetting> m_settings;
    std::vector<QuantizerParameters> m_parameters;
    ImageSet m_images;
    std::vector<std::pair<double, int>> m_ranking; ///< KL and tap, most sensitive first
};

QTEST_GUILESS_MAIN(TestSensitivityBars)
#include "tst_sensitivity_bars.moc"
