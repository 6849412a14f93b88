// SPDX-License-Identifier: GPL-3.0-or-later
// The course of real calibrations on a tiny ViT, and the bands of resampled ones against calibrations that were really made
// on the resampled images.
#include "core/io/run_file.h"
#include "core/jobs/workbench.h"
#include "core/pipeline/session.h"
#include "core/quantization/range_history.h"
#include "tests/pipeline/tiny_model.h"
#include "tests/support/test_data.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <fstream>

using namespace quantoscope;

using namespace Qt::StringLiterals;

namespace {

/// An image's values depend in their last bits on its place in the batch: the same as the README allows for scales.
constexpr double kTolerance = 1e-5;

float nearestRank(std::vector<float> sorted, double quantile)
{
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<size_t>(std::lround(quantile * static_cast<double>(sorted.size() - 1)))];
}

} // namespace

class TestCalibrationHistory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QUANTOSCOPE_NEED_TINY_MODEL(m_weights, m_folder);
        auto session = Session::open(request("minmax").model);
        QVERIFY(session.has_value());
        m_session = std::move(*session);
    }

    void theHistoryEndsInTheRangesOfTheRun()
    {
        const RunRecord run = calibrate(request("minmax"));
        const CalibrationHistory &history = run.calibration.history;
        QCOMPARE(history.batchImages, (std::vector<int>{7, 7, 6}));
        QCOMPARE(history.images, size_t{testing::kTinyCalibration});
        QCOMPARE(history.taps, run.taps.size());
        int observed = 0;
        for (size_t t = 0; t < run.taps.size(); ++t) {
            const TapStatistics &statistics = run.taps[t].statistics;
            if (run.taps[t].tap.kind == TapKind::Weight || !statistics.observed) {
                QVERIFY(std::isnan(history.minimum[t * 3])
                        && std::isnan(history.imageMinimum[t * history.images]));
                continue;
            }
            ++observed;
            const ValueRange range = runningRanges(history, t, ObserverKind::MinMax).back();
            QCOMPARE(range.low, statistics.minimum);
            QCOMPARE(range.high, statistics.maximum);
            const auto image = history.imageMaximum.begin() + static_cast<ptrdiff_t>(t * history.images);
            QCOMPARE(*std::max_element(image, image + testing::kTinyCalibration), statistics.maximum);
            if (!statistics.tokenMinimum.empty()) {
                QCOMPARE(*std::min_element(statistics.tokenMinimum.begin(), statistics.tokenMinimum.end()),
                         statistics.minimum);
                QCOMPARE(*std::max_element(statistics.tokenMaximum.begin(), statistics.tokenMaximum.end()),
                         statistics.maximum);
            }
        }
        QVERIFY(observed > 20);
        QCOMPARE(run.calibration.stability.samples, 200);
        QCOMPARE(run.calibration.stability.taps.size(), run.taps.size());
    }

    void tokensAreThoseOfTheModel()
    {
        const RunRecord run = calibrate(request("minmax"));
        const auto tokensOf = [&](const std::string &path) {
            for (const TapRecord &record : run.taps)
                if (record.tap.path == path)
                    return record.statistics.tokenMinimum.size();
            return size_t{999};
        };
        const size_t tokens = tokensOf("blocks.0.norm1");
        QVERIFY(tokens > 2 && tokens < 999);
        for (const char *path : {"blocks.0.attn.qkv", "blocks.1.attn.scores", "blocks.1.mlp.fc2"})
            QCOMPARE(tokensOf(path), tokens); // of scores the queries
        QCOMPARE(tokensOf("head"), size_t{0});
        QCOMPARE(tokensOf("input"), size_t{0});
        QCOMPARE(tokensOf("blocks.0.attn.qkv.weight"), size_t{0});
    }

    void percentileAndEmaEndInTheScalesOfTheRun()
    {
        for (const char *recipe : {"ema", "percentile"}) {
            const RunRecord run = calibrate(request(recipe));
            int compared = 0;
            for (size_t t = 0; t < run.taps.size(); ++t) {
                const TapRecord &record = run.taps[t];
                const bool own = record.setting.observer == ObserverKind::Ema
                              || record.setting.observer == ObserverKind::Percentile;
                if (record.tap.kind == TapKind::Weight || !own || record.parameters.scale.size() != 1
                    || record.parameters.kind != QuantizerKind::Uniform)
                    continue;
                QCOMPARE(run.calibration.stability.taps[t].scale, record.parameters.scale.front());
                ++compared;
            }
            QVERIFY2(compared > 10, recipe);
        }
    }

    void aStoppedCalibrationKeepsTheBatchesThatWereDone()
    {
        RunRequest wanted = request("minmax");
        wanted.evaluateFloat = true;
        wanted.calibration.batch = 2;
        RunControl control;
        control.sink = [token = control.cancel](const Progress &progress) {
            if (progress.phase == "calibrate" && progress.done >= 8)
                token.cancel();
        };
        auto fresh = Session::open(wanted.model);
        QVERIFY(fresh.has_value());
        const auto run = (*fresh)->run(wanted, control, {});
        QVERIFY2(run.has_value(), run ? "" : run.error().message().c_str());
        QVERIFY(!run->complete && !run->calibration.complete);
        const CalibrationHistory &history = run->calibration.history;
        QVERIFY(history.batches() >= 3 && history.batches() < 10);
        QCOMPARE(history.images, 2 * history.batches());
        const std::string path = m_folder.filePath(u"stopped.h5"_s).toStdString();
        QVERIFY(writeRunFile(*run, path));
        const auto read = readRunFile(path);
        QVERIFY2(read.has_value(), read ? "" : read.error().message().c_str());
        QCOMPARE(read->calibration.history.batchImages, history.batchImages);
    }

    void watchersSeeTheRangesGrowWhileImagesAreCalibratedOn()
    {
        Workbench bench;
        QSignalSpy live(&bench, &Workbench::calibrationUpdated);
        QSignalSpy finished(&bench, &Workbench::runFinished);
        RunRequest wanted = request("minmax");
        wanted.calibration.batch = 1;
        bench.start(wanted);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60000);
        QVERIFY(!live.isEmpty());
        size_t batches = 0;
        const auto last = finished[0][0].value<RunRecordPtr>();
        for (const auto &arguments : live) {
            const auto run = arguments[0].value<RunRecordPtr>();
            QVERIFY(!run->complete && !run->calibration.complete && !run->result);
            QVERIFY(run->calibration.history.batches() > batches);
            batches = run->calibration.history.batches();
            QCOMPARE(run->taps.size(), last->taps.size());
            QCOMPARE(run->calibration.images.items.size(), size_t{testing::kTinyCalibration});
            for (size_t t = 0; t < run->taps.size(); ++t) {
                QCOMPARE(run->taps[t].tap.path, last->taps[t].tap.path);
                const auto soFar = runningRanges(run->calibration.history, t, ObserverKind::MinMax).back();
                const auto whole = runningRanges(last->calibration.history, t, ObserverKind::MinMax)[batches - 1];
                QVERIFY((std::isnan(soFar.low) && std::isnan(whole.low))
                        || (soFar.low == whole.low && soFar.high == whole.high));
            }
        }
        // A second run on the same images has the statistics already and calibrates on nothing.
        const qsizetype before = live.size();
        wanted.quantization.bits.weights = 4;
        bench.start(wanted);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 2, 60000);
        QCOMPARE(live.size(), before);
        QVERIFY(finished[1][0].value<RunRecordPtr>()->calibration.history.batchImages
                == last->calibration.history.batchImages);
    }

    void bandsEqualThoseOfCalibrationsOnTheResampledImages_data()
    {
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<bool>("byBatch");
        QTest::newRow("MinMax: images are drawn") << u"minmax"_s << false;
        QTest::newRow("EMA: batches are drawn") << u"ema"_s << true;
        QTest::newRow("Percentile: batches are drawn") << u"percentile"_s << true;
    }
    void bandsEqualThoseOfCalibrationsOnTheResampledImages()
    {
        QFETCH(const QString, recipe);
        QFETCH(const bool, byBatch);
        constexpr int kSamples = 12;
        constexpr int kBatch = 5;
        RunRequest wanted = request(recipe.toStdString());
        wanted.calibration.batch = kBatch;
        wanted.calibration.resamples = kSamples;
        wanted.calibration.seed = 42;
        const RunRecord run = calibrate(wanted);
        const std::vector<ImageItem> &items = run.calibration.images.items;

        std::vector<RunRecord> slow;
        std::mt19937_64 engine(42);
        for (int s = 0; s < kSamples; ++s) {
            const std::vector<size_t> images = drawResample(engine, items.size());
            const std::vector<size_t> batches = drawResample(engine, items.size() / kBatch);
            std::ofstream list(m_folder.filePath(u"resample.txt"_s).toStdString());
            if (byBatch) {
                for (const size_t b : batches)
                    for (size_t i = 0; i < kBatch; ++i)
                        list << items[b * kBatch + i].path << '\n';
            } else {
                for (const size_t i : images)
                    list << items[i].path << '\n';
            }
            list.close();
            RunRequest again = wanted;
            again.calibration.list = m_folder.filePath(u"resample.txt"_s).toStdString();
            again.calibration.folder = run.calibration.images.root;
            slow.push_back(calibrate(again));
            QCOMPARE(slow.back().calibration.images.items.size(), items.size());
        }
        int compared = 0;
        int moving = 0;
        double worst = 0;
        for (size_t t = 0; t < run.taps.size(); ++t) {
            const TapRecord &record = run.taps[t];
            if (record.tap.kind != TapKind::Activation || record.parameters.kind != QuantizerKind::Uniform
                || record.parameters.scale.size() != 1)
                continue;
            std::vector<float> scales;
            for (const RunRecord &one : slow)
                scales.push_back(one.taps[t].parameters.scale.front());
            const RangeBand &band = run.calibration.stability.taps[t];
            for (const auto &[fast, reference] : {std::pair(band.scaleFrom, nearestRank(scales, 0.05)),
                                                  std::pair(band.scaleTo, nearestRank(scales, 0.95))}) {
                const double off = std::abs(static_cast<double>(fast) / static_cast<double>(reference) - 1);
                worst = std::max(worst, off);
                QVERIFY2(off <= kTolerance,
                         qPrintable(u"%1: %2 instead of %3"_s.arg(QString::fromStdString(record.tap.path))
                                        .arg(double(fast))
                                        .arg(double(reference))));
            }
            ++compared;
            moving += band.relativeWidth() > 0.001;
        }
        QVERIFY(compared > 10);
        QVERIFY(moving > compared / 2); // bands that are no points
        qInfo("%d taps, largest difference %.2g of the scale, allowed %.2g", compared, worst, kTolerance);
    }

private:
    RunRequest request(const std::string &recipe) const
    {
        RunRequest wanted = testing::tinyRequest(m_weights, m_folder.path());
        wanted.quantization.recipe = recipe;
        wanted.evaluateFloat = false;
        wanted.evaluate = false;
        return wanted;
    }
    RunRecord calibrate(const RunRequest &wanted)
    {
        auto run = m_session->run(wanted, {}, {});
        if (!run)
            qFatal("%s", run.error().message().c_str());
        return std::move(*run);
    }

    std::string m_weights;
    QTemporaryDir m_folder;
    std::unique_ptr<Session> m_session;
};

QTEST_GUILESS_MAIN(TestCalibrationHistory)
#include "tst_calibration_history.moc"
