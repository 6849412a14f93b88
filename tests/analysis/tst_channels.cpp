// SPDX-License-Identifier: GPL-3.0-or-later
// The analyses that compare channels, layers and errors.
#include "core/analysis/box_statistics.h"
#include "core/analysis/channel_map.h"
#include "core/analysis/channel_order.h"
#include "core/analysis/density.h"
#include "core/analysis/divergence.h"
#include "core/analysis/error_figure.h"
#include "core/analysis/tap_groups.h"
#include "core/analysis/worst_parts.h"

#include <QtTest>

#include <cmath>
#include <random>

using namespace quantoscope;

namespace {

TapRecord recordOf(const std::string &path, int block, std::vector<float> low, std::vector<float> high)
{
    TapRecord record;
    record.tap.path = path;
    record.tap.block = block;
    record.tap.node = static_cast<int>(path.size());
    record.statistics.observed = true;
    record.statistics.channelMinimum = std::move(low);
    record.statistics.channelMaximum = std::move(high);
    return record;
}

} // namespace

class TestChannels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void outlierChannelsAreRankedByTheLayersThatTheyStandOutIn()
    {
        RunRecord run;
        run.taps.push_back(recordOf("blocks.0.residual1", 0, {-1, -1, -1, -1}, {1, 9, 1, 1}));
        run.taps.push_back(recordOf("blocks.1.residual1", 1, {-1, -7, -1, -30}, {1, 2, 1, 1}));
        run.taps.push_back(recordOf("blocks.1.mlp.fc1", 1, {0, 0}, {5, 5}));
        const std::vector<int> taps = tapsOf(run, {TapGroup::Kind::Name, "residual1"});
        QCOMPARE(taps, (std::vector<int>{0, 1}));
        QCOMPARE(outlierChannels(run, taps, 8).size(), size_t{1}); // the median of {1, 7, 1, 30} is 4
        QCOMPARE(outlierChannels(run, taps, 1.5).size(), size_t{2});
        QCOMPARE(outlierChannels(run, taps, 1.5).front().channel, 1);
        QCOMPARE(outlierChannels(run, taps, 1.5).front().layers, 2);
        QCOMPARE(outlierChannels(run, taps, 1.5).front().worstTap, 0);
        QCOMPARE(outlierChannels(run, taps, 1.5).front().overMedian, 9.0);

        const ChannelMap map = channelMap(run, taps, ChannelFigure::Magnitude);
        QCOMPARE(map.channels, size_t{4});
        QCOMPARE(map.at(1, 3), 30.0);
        QCOMPARE(map.smallest, 1.0);
        QCOMPARE(map.largest, 30.0);
        QCOMPARE(map.pooled(0, 0, 4), 9.0);
        QVERIFY(std::isnan(map.pooled(0, 2, 2)));
        QCOMPARE(largestOverMedian(run, taps), (std::vector<double>{1, 9, 1, 7.5}));
        QCOMPARE(channelMap(run, std::vector<int>{0, 2}, ChannelFigure::Range).channels, size_t{4});
        QVERIFY(std::isnan(channelMap(run, std::vector<int>{0, 2}, ChannelFigure::Range).at(1, 3)));
    }

    void groupsFollowNamesRolesAndLayerNorms()
    {
        RunRecord run;
        run.taps.push_back(recordOf("embed", -1, {0}, {1}));
        run.taps.push_back(recordOf("blocks.0.mlp.fc2.weight", 0, {0}, {1}));
        run.taps.back().tap.kind = TapKind::Weight;
        run.taps.back().tap.role = Role::Weight;
        run.taps.back().tap.node = 7;
        run.taps.push_back(recordOf("blocks.0.mlp.fc2", 0, {0}, {1}));
        run.taps.back().tap.node = 7;
        run.taps.back().tap.role = Role::Projection;
        run.taps.push_back(recordOf("blocks.0.residual2", 0, {0}, {1}));
        run.taps.back().tap.feedsLayerNorm = true;
        run.taps.back().tap.role = Role::Residual;
        run.taps.push_back(recordOf("blocks.1.residual2", 1, {0}, {1}));
        run.taps.back().tap.role = Role::Residual;
        run.taps.back().tap.node = 99;
        run.taps.push_back(recordOf("blocks.1.mlp.fc2", 1, {0}, {1}));
        run.taps.back().statistics.observed = false;
        const std::vector<TapGroup> groups = tapGroups(run);
        QCOMPARE(groups.size(), size_t{5});
        QCOMPARE(groups[0].kind, TapGroup::Kind::LayerNormInputs);
        QCOMPARE(groups[1].name, std::string("mlp.fc2"));
        QCOMPARE(groups[2].name, std::string("residual2"));
        QCOMPARE(groups[3].name, std::string("mlp.fc2.weight"));
        QCOMPARE(groups[4].role, Role::Residual);
        QCOMPARE(tapsOf(run, groups[1]), std::vector<int>{2});
        QCOMPARE(tapsOf(run, groups[4]), (std::vector<int>{3, 4}));
        QCOMPARE(operatorPartner(run, 1), 2);
        QCOMPARE(operatorPartner(run, 2), 1);
        QCOMPARE(operatorPartner(run, 4), -1);
    }

    void namesInsideABlockDropStagesAndBlocks()
    {
        Tap tap;
        tap.block = 3;
        for (const auto &[path, name] : {std::pair("blocks.3.mlp.fc2", "mlp.fc2"),
                                         std::pair("layers.2.blocks.1.attn.softmax", "attn.softmax"),
                                         std::pair("myblocks.1.x", "myblocks.1.x"), std::pair("blocks.x.y", "blocks.x.y")}) {
            tap.path = path;
            QCOMPARE(nameInBlock(tap), std::string(name));
        }
        tap.block = -1;
        tap.path = "blocks.3.outside";
        QCOMPARE(nameInBlock(tap), tap.path);
    }

    void channelsAreOrderedWorstFirstAndTiesByIndex()
    {
        TapRecord record = recordOf("x", 0, {0, -3, 0, 0}, {2, 0, 5, 2});
        record.error.channelIsolated.resize(3);
        record.error.channelIsolated[0].sqnrDb = 30;
        record.error.channelIsolated[1].sqnrDb = 10;
        record.error.channelIsolated[2].sqnrDb = 20;
        QCOMPARE(orderedChannels(record, ChannelOrder::Index), (std::vector<int>{0, 1, 2, 3}));
        QCOMPARE(orderedChannels(record, ChannelOrder::Range), (std::vector<int>{2, 1, 0, 3}));
        QCOMPARE(orderedChannels(record, ChannelOrder::Error), (std::vector<int>{1, 2, 0, 3}));
        QCOMPARE(clippedRangeShare(-1, 3, -1, 1), 0.5);
        QCOMPARE(clippedRangeShare(-1, 1, -2, 2), 0.0);
        QCOMPARE(clippedRangeShare(5, 6, 0, 1), 1.0);
        QCOMPARE(clippedRangeShare(1, 1, 0, 0), 0.0);
    }

    void densitiesPeakWhereValuesCrowd()
    {
        std::vector<double> values;
        std::mt19937 engine(6);
        std::normal_distribution<double> exponent(0, 0.1);
        for (int i = 0; i < 400; ++i)
            values.push_back(std::pow(10.0, exponent(engine)));
        values.push_back(50);
        values.push_back(-1);
        values.push_back(std::nan(""));
        const std::vector<DensityPoint> outline = logDensity(values, 101);
        QCOMPARE(outline.size(), size_t{101});
        const auto peak = std::max_element(outline.begin(), outline.end(),
                                           [](const auto &a, const auto &b) { return a.density < b.density; });
        QVERIFY(std::abs(std::log10(peak->value)) < 0.08);
        QCOMPARE(peak->density, 1.0);
        QVERIFY(std::abs(outline.back().value - 50) < 1e-9);
        QVERIFY(outline.back().density < 0.02);
        // Against the sum over all values of the definition.
        std::vector<double> logs;
        for (const double value : values)
            if (std::isfinite(value) && value > 0)
                logs.push_back(std::log10(value));
        std::sort(logs.begin(), logs.end());
        const Summary all = summarize(logs);
        const double deviation = std::min(all.standardError * std::sqrt(static_cast<double>(logs.size())),
                                          (quantile(logs, 0.75) - quantile(logs, 0.25)) / 1.34);
        const double width = 0.9 * deviation * std::pow(static_cast<double>(logs.size()), -0.2);
        std::vector<double> sums;
        for (const DensityPoint &point : outline) {
            double sum = 0;
            for (const double x : logs)
                sum += std::exp(-0.5 * std::pow((std::log10(point.value) - x) / width, 2));
            sums.push_back(sum);
        }
        const double largest = *std::max_element(sums.begin(), sums.end());
        for (size_t i = 0; i < sums.size(); ++i)
            QVERIFY(std::abs(outline[i].density - sums[i] / largest) < 1e-6);
        QVERIFY(logDensity(std::vector<double>{1, 1, 1, 1}).empty());
        QVERIFY(logDensity(std::vector<double>{1, 2}).empty());
    }

    void worstTapsComeFirstWhateverTheMetricsDirection()
    {
        RunRecord run;
        for (const double sqnr : {30.0, 10.0, std::numeric_limits<double>::infinity(), 20.0}) {
            TapRecord record;
            record.error.measured = true;
            record.error.quantized = true;
            record.error.isolated.sqnrDb = sqnr;
            record.error.isolated.mse = std::pow(10, -sqnr / 10);
            run.taps.push_back(record);
        }
        run.taps[0].error.quantized = false;
        const std::vector<int> all{0, 1, 2, 3};
        QCOMPARE(worstTaps(run, all, ErrorKind::Isolated, ErrorFigure::SqnrDb, 5), (std::vector<int>{1, 3}));
        QCOMPARE(worstTaps(run, all, ErrorKind::Isolated, ErrorFigure::Mse, 1), std::vector<int>{1});
        QVERIFY(worstTaps(run, all, ErrorKind::Network, ErrorFigure::Mse, 3).empty());
    }

    void imagesAndChannelsBehindAnErrorAddUpToIt()
    {
        RunRecord run;
        run.images.items.resize(10);
        run.analysed = {7, 2, 5, 9};
        TapRecord tap;
        tap.error.imageSignal = {100, 10, 40, 1};
        tap.error.imageIsolated = {1, 3, 0, 4};
        tap.error.channelCumulative = {{0.5, 0, 3, 1}, {0, 0, 90, 1}, {1.5, 0, 2, 1}};
        const auto images = worstImages(run, tap, ErrorScope::Isolated, 3);
        QCOMPARE(images.size(), size_t{3});
        QCOMPARE(images[0].index, 9);
        QCOMPARE(images[0].share, 0.5);
        QVERIFY(std::abs(images[0].sqnrDb - 10 * std::log10(0.25)) < 1e-12);
        QCOMPARE(images[1].index, 2);
        QCOMPARE(images[1].share, 0.375);
        QCOMPARE(images[2].index, 7);
        QVERIFY(std::isinf(worstImages(run, tap, ErrorScope::Isolated, 9).back().sqnrDb)); // image 5 lost nothing
        QVERIFY(worstImages(run, tap, ErrorScope::Cumulative, 3).empty());
        const auto channels = worstChannels(tap, ErrorScope::Cumulative, 2);
        QCOMPARE(channels.size(), size_t{2});
        QCOMPARE(channels[0].index, 2);
        QCOMPARE(channels[0].share, 0.75);
        QCOMPARE(channels[0].sqnrDb, 2.0);
        QVERIFY(worstChannels(tap, ErrorScope::Isolated, 2).empty());
        tap.error.imageIsolated = {0, 0, 0, 0};
        QVERIFY(worstImages(run, tap, ErrorScope::Isolated, 3).empty());
    }
};

QTEST_APPLESS_MAIN(TestChannels)
#include "tst_channels.moc"
