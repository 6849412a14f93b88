// SPDX-License-Identifier: GPL-3.0-or-later
// Ranges along channels, tokens and heads; where a token is; what is clipped.
#include "core/analysis/channel_map.h"
#include "core/analysis/range_axis.h"
#include "core/analysis/range_figures.h"
#include "core/data/token_axis.h"

#include <QTest>

#include <bit>
#include <cmath>
#include <map>

using namespace quantoscope;

namespace {

TapRecord tapOf(Role role, std::vector<float> low, std::vector<float> high)
{
    TapRecord record;
    record.tap.role = role;
    record.tap.block = 0;
    record.tap.channels = static_cast<int64_t>(low.size());
    record.statistics.observed = true;
    record.statistics.minimum = *std::min_element(low.begin(), low.end());
    record.statistics.maximum = *std::max_element(high.begin(), high.end());
    record.statistics.channelMinimum = std::move(low);
    record.statistics.channelMaximum = std::move(high);
    return record;
}

ValueHistogram histogramOf(const std::vector<float> &values)
{
    std::map<int, uint64_t> counts; // these values are positive: codes rise with them
    for (const float value : values)
        ++counts[static_cast<int>(std::bit_cast<uint32_t>(value) >> 16)];
    ValueHistogram histogram;
    for (const auto &[code, count] : counts) {
        histogram.codes.push_back(static_cast<uint16_t>(code));
        histogram.counts.push_back(count);
    }
    return histogram;
}

} // namespace

class TestRangeAxis : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void headsAreRunsOfChannels()
    {
        ModelInfo model;
        model.heads = 2;
        TapRecord qkv = tapOf(Role::Qkv, {-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12},
                              {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
        const AxisRanges heads = rangesAlong(model, qkv, RangeAxis::Heads);
        QCOMPARE(heads.minimum, (std::vector<float>{-2, -4, -6, -8, -10, -12}));
        QCOMPARE(heads.maximum, (std::vector<float>{2, 4, 6, 8, 10, 12}));
        QCOMPARE(channelBounds(model, qkv, RangeAxis::Heads), (std::vector<int>{0, 2, 4, 6, 8, 10, 12}));
        const AxisRanges context =
            rangesAlong(model, tapOf(Role::Context, {-1, -2, -3, 0}, {1, 2, 0, 7}), RangeAxis::Heads);
        QCOMPARE(context.maximum, (std::vector<float>{2, 7}));
        const AxisRanges softmax =
            rangesAlong(model, tapOf(Role::AttentionWeights, {0, 0.1F}, {0.5F, 1}), RangeAxis::Heads);
        QCOMPARE(softmax.maximum, (std::vector<float>{0.5F, 1}));
        QCOMPARE(rangesAlong(model, tapOf(Role::Hidden, {-1, 0}, {1, 2}), RangeAxis::Heads).size(), size_t{0});
        model.heads = 5; // does not divide the channels: better none than wrong ones
        QCOMPARE(rangesAlong(model, qkv, RangeAxis::Heads).size(), size_t{0});
    }

    void headsOfAStageAreThoseOfItsBlocks()
    {
        ModelInfo model;
        model.heads = 3;
        QCOMPARE(headsOf(model, 7), 3);
        QCOMPARE(headsOf(model, -1), 0);
        model.stages = {{2, 96, 3, 7}, {2, 192, 6, 7}, {1, 384, 0, 0}};
        QCOMPARE(headsOf(model, 1), 3);
        QCOMPARE(headsOf(model, 2), 6);
        QCOMPARE(headsOf(model, 4), 0);
    }

    void tokensKnowWhereTheyAre()
    {
        ModelInfo model;
        model.family = "vit";
        const auto place = [&](int64_t windows, size_t count, size_t index) {
            return tokenPlace(model, windows, count, index);
        };
        QVERIFY(place(1, 197, 0).kind == TokenPlace::Kind::Class);
        QVERIFY(place(1, 197, 1).kind == TokenPlace::Kind::Patch);
        QCOMPARE(place(1, 197, 196).row, 13);
        QCOMPARE(place(1, 197, 1 + 14 * 3 + 5).column, 5);
        QVERIFY(place(1, 196, 0).kind == TokenPlace::Kind::Patch); // before the class token is there
        QVERIFY(place(1, 198, 1).kind == TokenPlace::Kind::Index); // not this model's
        model.distilled = true;
        QVERIFY(place(1, 198, 0).kind == TokenPlace::Kind::Class);
        QVERIFY(place(1, 198, 1).kind == TokenPlace::Kind::Distillation);
        QVERIFY(place(1, 198, 2).kind == TokenPlace::Kind::Patch && place(1, 198, 2).row == 0);
        model.family = "swin";
        model.distilled = false;
        const TokenPlace window = place(64, 3136, 49 * 5 + 7 * 2 + 3);
        QCOMPARE(window.window, 5);
        QCOMPARE(window.row, 2);
        QCOMPARE(window.column, 3);
        QCOMPARE(place(1, 3136, 57).window, -1);
        QCOMPARE(place(1, 3136, 57).column, 1);
        QVERIFY(place(1, 197, 0).kind == TokenPlace::Kind::Index);
    }

    void placesShareTheScalesOfTheirChannels()
    {
        ModelInfo model;
        model.heads = 2;
        TapRecord context = tapOf(Role::Context, {-1, -1, -9, -1}, {1, 1, 1, 1});
        context.statistics.tokenMinimum = {-1, -9, -8};
        context.statistics.tokenMaximum = {1, 1, 1};
        context.parameters.kind = QuantizerKind::Uniform;
        context.parameters.bits = 4;
        context.parameters.isSigned = true;
        context.parameters.scale = {0.125F, 0.25F, 0.5F, 1};
        const auto heads = levelsAlong(model, context, RangeAxis::Heads);
        QCOMPARE(heads.size(), size_t{2});
        QCOMPARE(heads[0].low, -2.0); // of the second scale
        QCOMPARE(heads[1].high, 7.0);
        const auto tokens = levelsAlong(model, context, RangeAxis::Tokens);
        QCOMPARE(tokens.size(), size_t{3});
        QCOMPARE(tokens[2].low, -8.0);
        // -9 lies more than half of the largest step below -8.
        QCOMPARE(clippedPlaces(rangesAlong(model, context, RangeAxis::Tokens), tokens, context.parameters),
                 std::vector<int>{1});
        context.parameters.kind = QuantizerKind::None;
        QVERIFY(levelsAlong(model, context, RangeAxis::Tokens).empty());
    }

    void theMapHasAColumnForEachToken()
    {
        RunRecord run;
        run.taps = {tapOf(Role::Residual, {-1, -1}, {1, 1}), tapOf(Role::Residual, {-1, -1}, {1, 1})};
        run.taps[0].statistics.tokenMinimum = {-10, -1, -1};
        run.taps[0].statistics.tokenMaximum = {2, 1, 1};
        run.taps[1].statistics.tokenMinimum = {-1, -1, -2};
        run.taps[1].statistics.tokenMaximum = {3, 1, 1};
        const std::vector<int> taps{0, 1};
        const ChannelMap map = channelMap(run, taps, ChannelFigure::OverMedian, RangeAxis::Tokens);
        QCOMPARE(map.channels, size_t{3});
        QCOMPARE(map.at(0, 0), 10.0);
        QCOMPARE(map.at(1, 2), 1.0);
        QCOMPARE(largestOverMedian(run, taps, RangeAxis::Tokens), (std::vector<double>{10, 1, 1}));
        const auto outliers = outlierChannels(run, taps, 4, RangeAxis::Tokens);
        QCOMPARE(outliers.size(), size_t{1});
        QCOMPARE(outliers[0].channel, 0);
        QCOMPARE(channelMap(run, taps, ChannelFigure::Range).channels, size_t{2});
    }

    void clippedShareIsTheMeasuredOneElseThatOfTheHistogram()
    {
        std::vector<float> values;
        for (int i = 0; i < 1000; ++i)
            values.push_back(1.0F + static_cast<float>(i) / 1000); // 1 to 2
        TapRecord record = tapOf(Role::Residual, {values.front()}, {values.back()});
        record.statistics.histogram = histogramOf(values);
        QVERIFY(std::abs(shareOutside(record.statistics.histogram, 1, 1.75) - 0.25) < 0.01); // bins are 1/128 wide
        QCOMPARE(shareOutside({}, 0, 1), 0.0);
        record.parameters.kind = QuantizerKind::Uniform;
        record.parameters.bits = 4;
        record.parameters.scale = {0.1F}; // 0 to 1.5: all above 1.55 is clipped
        RangeFigures figures = rangeFigures(record);
        QVERIFY(!figures.clippingMeasured && std::abs(figures.clippedShare - 0.45) < 0.01);
        QVERIFY(std::abs(figures.observed - 0.999) < 1e-6 && std::abs(figures.representable - 1.5) < 1e-6);
        record.parameters.scale = {0.1333F}; // 0 to 2: nothing is, although the last bin reaches beyond
        QCOMPARE(rangeFigures(record).clippedShare, 0.0);
        record.parameters.scale = {0.1F, 0.2F};
        record.statistics.channelMinimum = {1, 1};
        record.statistics.channelMaximum = {2, 2};
        QVERIFY(std::isnan(rangeFigures(record).clippedShare));
        record.error.measured = record.error.quantized = true;
        record.error.clippedShare = 0.125;
        figures = rangeFigures(record);
        QVERIFY(figures.clippingMeasured);
        QCOMPARE(figures.clippedShare, 0.125);
        record.parameters.kind = QuantizerKind::Log2;
        QVERIFY(std::isnan(rangeFigures(record).representable));
    }
};

QTEST_APPLESS_MAIN(TestRangeAxis)
#include "tst_range_axis.moc"
