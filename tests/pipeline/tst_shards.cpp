// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that do more than one thing in a scan, and visitors of runs whose threads work on images of their own.
#include "core/pipeline/calibration.h"
#include "core/quantization/recipe.h"
#include "core/quantization/tap_observer.h"
#include "core/tensor/executor.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <cmath>
#include <mutex>
#include <random>
#include <stdexcept>

using namespace quantoscope;

namespace {

constexpr int kImages = 10;

/// Looks at everything, so that no operator may be joined with another.
class Watcher final : public TapVisitor {
public:
    bool wants(int) const override { return true; }
    void visit(int, const TensorView &, ExecutionMode &) override {}
};

/// Counts what it sees; may stop in the middle.
class Counter final : public ShardVisitor {
public:
    Counter(const Graph &graph, int gathered) : m_gathered(gathered), counts(graph.taps.size(), 0), totals(graph.taps.size(), 0)
    {
    }
    bool wants(int) const override { return true; }
    void visit(int shard, int tap, const TensorView &value, int64_t batchElements) override
    {
        const std::lock_guard lock(m_mutex);
        counts[static_cast<size_t>(tap)] += value.elements();
        totals[static_cast<size_t>(tap)] = batchElements;
        shards = std::max(shards, shard + 1);
        if (tap == failAt && shard == 0)
            throw std::runtime_error("not today");
    }
    bool gathers(int tap) const override { return tap == m_gathered; }
    void gather(int, std::span<const TensorView> parts, ExecutionMode &) override
    {
        ++gatherings;
        for (const TensorView &part : parts)
            values.insert(values.end(), part.data, part.data + part.elements());
    }

private:
    int m_gathered;
    std::mutex m_mutex;

public:
    int failAt = -1;
    int shards = 0;
    int gatherings = 0;
    std::vector<float> values;
    std::vector<int64_t> counts;
    std::vector<int64_t> totals;
};

std::vector<float> normal(size_t n, unsigned seed)
{
    std::mt19937 engine(seed);
    std::normal_distribution<float> distribution(0.3F, 2);
    std::vector<float> values(n);
    for (float &v : values)
        v = distribution(engine);
    return values;
}

} // namespace

class TestShards : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QUANTOSCOPE_NEED_DATA(weights, "fixtures/vit/tiny_vit.safetensors");
        const auto model = openModel({.weights = weights, .heads = 2});
        QVERIFY2(model.has_value(), model ? "" : model.error().message().c_str());
        m_model = *model;
        const auto size = static_cast<size_t>(m_model->info.imageSize);
        m_pixels = normal(kImages * 3 * size * size, 1);
    }

    void joinedOperatorsEqualOneAfterTheOther_data()
    {
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<bool>("full");
        QTest::newRow("minmax") << "minmax" << false;
        QTest::newRow("minmax, PTF and LIS") << "minmax" << true;
        QTest::newRow("percentile, PTF and LIS") << "percentile" << true;
        QTest::newRow("twins of PTQ4ViT") << "baseptq" << false;
        QTest::newRow("torch") << "tinynn-int8" << false;
        QTest::newRow("TensorFlow") << "tf-fqvit" << false;
    }
    void joinedOperatorsEqualOneAfterTheOther()
    {
        QFETCH(const QString, recipe);
        QFETCH(const bool, full);
        const auto executor = Executor::create(m_model, {.threads = 1}).value();
        QuantizationRequest request;
        request.recipe = recipe.toStdString();
        request.ptf = request.lis = full;
        request.bits.attention = full ? 4 : 8;
        const auto settings = resolveSettings(m_model->graph, request, m_model->info.inputQuantized);
        QVERIFY2(settings.has_value(), settings ? "" : settings.error().message().c_str());
        Calibration calibration(*executor, *m_model, observationNeeds(m_model->graph, *settings));
        QVERIFY(calibration.add(*executor, *m_model, batch(), {}).has_value());
        const auto taps = calibration.derive(*executor, *m_model, *settings, {});
        QVERIFY2(taps.has_value(), taps ? "" : taps.error().message().c_str());
        ExecutionMode mode = ExecutionMode::quantizedMode(m_model->graph, *settings);
        mode.parameters = taps->parameters;
        const auto joined = executor->run(m_pixels, kImages, mode, nullptr, {});
        Watcher watcher;
        const auto apart = executor->run(m_pixels, kImages, mode, &watcher, {});
        QVERIFY(joined.has_value() && apart.has_value());
        QCOMPARE(*joined, *apart);
    }

    void aVisitorOfShardsSeesEveryImageOnce()
    {
        const Graph &graph = m_model->graph;
        const int tap = graph.findTap("blocks.0.mlp.fc1");
        ExecutionMode mode = ExecutionMode::floatMode(graph);
        const auto single = Executor::create(m_model, {.threads = 1}).value();
        Counter whole(graph, tap);
        const auto expected = single->runShards(m_pixels, kImages, mode, whole, {});
        QVERIFY(expected.has_value());
        QCOMPARE(whole.shards, 1);
        for (const int threads : {2, 3, 16}) {
            const auto executor = Executor::create(m_model, {.threads = threads}).value();
            Counter parts(graph, tap);
            const auto logits = executor->runShards(m_pixels, kImages, mode, parts, {});
            QVERIFY(logits.has_value());
            QCOMPARE(parts.shards, std::min(threads, kImages));
            QCOMPARE(executor->shards(kImages), parts.shards);
            QCOMPARE(parts.counts, whole.counts); // parameters too, which no shard has of its own
            QCOMPARE(parts.totals, whole.counts);
            QCOMPARE(parts.gatherings, 1);
            QCOMPARE(parts.values.size(), whole.values.size());
            for (size_t i = 0; i < parts.values.size(); ++i) // images in order; products of other heights move last bits
                QVERIFY(std::abs(parts.values[i] - whole.values[i]) < 1e-4F);
        }
    }

    void anErrorInOneShardStopsTheOthers()
    {
        const Graph &graph = m_model->graph;
        ExecutionMode mode = ExecutionMode::floatMode(graph);
        const auto executor = Executor::create(m_model, {.threads = 4}).value();
        Counter failing(graph, graph.findTap("blocks.1.norm1"));
        failing.failAt = graph.findTap("blocks.0.mlp.fc1");
        const auto logits = executor->runShards(m_pixels, kImages, mode, failing, {});
        QVERIFY(!logits.has_value());
        QVERIFY(logits.error().message().find("not today") != std::string::npos);
        QCOMPARE(failing.gatherings, 0);
        const CancelToken cancelled;
        cancelled.cancel();
        Counter idle(graph, 0);
        QCOMPARE(executor->runShards(m_pixels, kImages, mode, idle, cancelled).error().code, ErrorCode::Cancelled);
    }

    void partsOfABatchJoinToTheSameObservation_data()
    {
        QTest::addColumn<bool>("channelFirst");
        QTest::addColumn<bool>("rows");
        for (const bool channelFirst : {false, true})
            for (const bool rows : {false, true})
                QTest::addRow("%s, %s", channelFirst ? "heads" : "features", rows ? "rows" : "no rows") << channelFirst << rows;
    }
    void partsOfABatchJoinToTheSameObservation()
    {
        QFETCH(const bool, channelFirst);
        QFETCH(const bool, rows);
        const std::vector<int64_t> shape
            = channelFirst ? std::vector<int64_t>{7, 3, 61, 67} : std::vector<int64_t>{7, 61, 201};
        std::vector<float> values = normal(static_cast<size_t>(TensorView{nullptr, shape}.elements()), 5);
        values[17] = NAN;
        values[4000] = -0.0F;
        const int64_t channels = channelFirst ? 3 : 201;
        const ObservationScope scope{40, rows};
        const BatchObservation whole = observeBatch({values.data(), shape}, channels, channelFirst, scope);
        std::vector<BatchObservation> parts;
        for (const auto &[first, count] : {std::pair{0, 1}, std::pair{1, 4}, std::pair{5, 2}}) {
            std::vector<int64_t> partShape = shape;
            partShape[0] = count;
            const size_t perImage = values.size() / 7;
            parts.push_back(observeBatch({values.data() + static_cast<size_t>(first) * perImage, partShape}, channels,
                                         channelFirst, scope));
        }
        const std::vector<const BatchObservation *> pointers = {&parts[0], &parts[1], &parts[2]};
        const BatchObservation joined = joinObservations(pointers, scope);
        QCOMPARE(joined.count, whole.count);
        QCOMPARE(joined.channels.low, whole.channels.low);
        QCOMPARE(joined.channels.high, whole.channels.high);
        QCOMPARE(joined.rows.low, whole.rows.low);
        QCOMPARE(joined.rows.high, whole.rows.high);
        QCOMPARE(joined.lowTail, whole.lowTail);
        QCOMPARE(joined.highTail, whole.highTail);
        QCOMPARE(joined.histogram.codes, whole.histogram.codes);
        QCOMPARE(joined.histogram.counts, whole.histogram.counts);

        std::vector<float> sorted = values;
        sorted.erase(std::remove_if(sorted.begin(), sorted.end(), [](float v) { return std::isnan(v); }), sorted.end());
        std::sort(sorted.begin(), sorted.end());
        QVERIFY(std::equal(whole.lowTail.begin(), whole.lowTail.end(), sorted.begin()));
        QVERIFY(std::equal(whole.highTail.begin(), whole.highTail.end(), sorted.rbegin()));
        QCOMPARE(whole.lowTail.size(), size_t{40});
        QCOMPARE(static_cast<int64_t>(whole.histogram.total()), whole.count);
        if (rows) {
            const auto width = static_cast<size_t>(shape.back());
            QCOMPARE(whole.rows.low.size(), values.size() / width);
            for (size_t row = 1; row < whole.rows.low.size(); ++row) { // the first one holds the NaN
                const auto begin = values.begin() + static_cast<ptrdiff_t>(row * width);
                QCOMPARE(whole.rows.low[row], *std::min_element(begin, begin + static_cast<ptrdiff_t>(width)));
                QCOMPARE(whole.rows.high[row], *std::max_element(begin, begin + static_cast<ptrdiff_t>(width)));
            }
        }
    }

private:
    [[nodiscard]] ImageBatch batch() const
    {
        ImageBatch all;
        all.pixels = m_pixels;
        for (int i = 0; i < kImages; ++i)
            all.indices.push_back(i);
        return all;
    }

    ModelPtr m_model;
    std::vector<float> m_pixels;
};

QTEST_GUILESS_MAIN(TestShards)
#include "tst_shards.moc"
