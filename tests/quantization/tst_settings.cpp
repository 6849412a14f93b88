// SPDX-License-Identifier: GPL-3.0-or-later
// Every combination of quantizer, observer, granularity and form at every kind of tap: it can be calibrated, or it is
// refused in a sentence.
#include "core/quantization/derive_parameters.h"
#include "core/quantization/fake_quantize.h"
#include "core/quantization/observation_needs.h"
#include "core/quantization/validate_setting.h"

#include <QTest>

#include <cmath>
#include <random>
#include <set>

using namespace quantoscope;

namespace {

struct Place {
    const char *name;
    TapTraits traits;
    std::vector<int64_t> shape; ///< of the values, images first; of a weight as stored
};

const std::vector<Place> &places()
{
    static const std::vector<Place> all = {
        {"image", {TapKind::Activation, Role::Image, 3, false}, {2, 3, 6, 6}},
        {"residual", {TapKind::Activation, Role::Residual, 8, false}, {2, 5, 8}},
        {"q", {TapKind::Activation, Role::AttentionOperand, 2, true}, {2, 2, 5, 4}},
        {"scores", {TapKind::Activation, Role::Scores, 2, true}, {2, 2, 5, 5}},
        {"softmax", {TapKind::Activation, Role::AttentionWeights, 2, true}, {2, 2, 5, 5}},
        {"gelu", {TapKind::Activation, Role::Activation, 8, false}, {2, 5, 8}},
        {"logits", {TapKind::Activation, Role::Logits, 8, false}, {2, 8}},
        {"position", {TapKind::Parameter, Role::PositionEmbedding, 8, false}, {1, 5, 8}},
        {"weight", {TapKind::Weight, Role::Weight, 12, false}, {12, 7}},
    };
    return all;
}

std::vector<float> valuesFor(const Place &place)
{
    size_t n = 1;
    for (const int64_t extent : place.shape)
        n *= static_cast<size_t>(extent);
    std::mt19937 random(static_cast<unsigned>(n));
    std::normal_distribution<float> normal(0.0F, 1.0F);
    std::vector<float> values(n);
    for (float &v : values) {
        v = normal(random);
        if (place.traits.role == Role::AttentionWeights)
            v = std::exp(v - 4);
        else if (place.traits.role == Role::Activation)
            v = v * 0.5F * (1 + std::erf(v / std::sqrt(2.0F)));
    }
    return values;
}

Result<QuantizerParameters> calibrated(const TapSetting &setting, const Place &place, const std::vector<float> &values)
{
    const TensorView view{values.data(), place.shape};
    if (place.traits.kind == TapKind::Weight)
        return deriveWeightParameters(setting, view, tensorStatistics(view, true), place.name);
    TapObserver observer(place.traits.channels, place.shape.size() == 4);
    observer.collectTorchHistogram(ObserverKind::TorchHistogram, 1);
    observer.collectTorchHistogram(ObserverKind::TorchHistogram113, 1);
    observer.update(view, true);
    return deriveParameters(setting, observer, view, place.name);
}

/// Whether these parameters quantize these values without surprise.
QByteArray defect(const QuantizerParameters &p, const TapSetting &setting, const Place &place,
                  const std::vector<float> &values)
{
    const bool logarithmic = p.kind == QuantizerKind::Log2 || p.kind == QuantizerKind::LogIntSoftmax;
    const auto channels = static_cast<size_t>(place.traits.channels);
    const size_t expected = logarithmic                                        ? 0
                          : setting.granularity == Granularity::Tensor         ? 1
                          : setting.granularity == Granularity::Group ? static_cast<size_t>(setting.groups)
                                                                               : channels;
    if (p.scale.size() != expected)
        return "number of scales " + QByteArray::number(static_cast<int>(p.scale.size()));
    if (!p.zeroPoints.empty() && p.zeroPoints.size() != p.scale.size())
        return "number of zero points";
    for (size_t s = 0; s < p.scale.size(); ++s) {
        if (!(p.scale[s] > 0) || !std::isfinite(p.scale[s]))
            return "scale";
        if (p.kind == QuantizerKind::Uniform && !(p.zeroPointOf(s) >= p.lowestCode() && p.zeroPointOf(s) <= p.highestCode()))
            return "zero point";
    }
    const bool first = place.traits.kind == TapKind::Weight || place.shape.size() == 4;
    const auto perImage = static_cast<int64_t>(values.size()) / (place.traits.kind == TapKind::Weight ? 1 : place.shape[0]);
    const int64_t run = first ? perImage / static_cast<int64_t>(std::max<size_t>(1, p.scale.size())) : 1;
    std::vector<float> out(values.size());
    fakeQuantize(p, values.data(), out.data(), static_cast<int64_t>(values.size()), run);
    std::set<float> levels;
    for (const float v : out) {
        if (!std::isfinite(v))
            return "not finite";
        levels.insert(v);
    }
    const bool twin = p.kind == QuantizerKind::TwinUniform;
    if (p.scale.size() == 1 && setting.bits < 8 && levels.size() > (twin ? 2U : 1U) << setting.bits)
        return "too many levels";
    return {};
}

} // namespace

class TestSettings : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyCombinationIsCalibratedOrRefusedWithASentence()
    {
        int accepted = 0;
        int refused = 0;
        std::set<std::string> reasons;
        std::set<std::string> served;
        for (const Place &place : places()) {
            const std::vector<float> values = valuesFor(place);
            TapSetting s;
            const auto tryOne = [&] {
                const auto sensible = validateSetting(s, place.traits, place.name);
                if (!sensible) {
                    ++refused;
                    const Error &error = sensible.error();
                    QCOMPARE(error.code, ErrorCode::BadInput);
                    QCOMPARE(error.where, std::string(place.name));
                    QVERIFY(error.what.size() > 20 && !error.hint.empty());
                    reasons.insert(error.what.substr(0, error.what.find(" (")));
                    return;
                }
                ++accepted;
                served.insert(std::string(name(s.quantizer)) + " " + name(s.observer) + " " + name(s.granularity));
                const auto p = calibrated(s, place, values);
                const QString what = QStringLiteral("%1: %2 %3 %4 symmetric %5, %6 bit, %7, narrow %8, twin %9")
                                         .arg(QLatin1String(place.name), QLatin1String(name(s.quantizer)),
                                              QLatin1String(name(s.observer)), QLatin1String(name(s.granularity)))
                                         .arg(s.symmetric)
                                         .arg(s.bits)
                                         .arg(QLatin1String(name(s.arithmetic)))
                                         .arg(s.narrowRange)
                                         .arg(QLatin1String(name(s.twin)));
                QVERIFY2(p.has_value(), qPrintable(what + QString::fromStdString(p ? "" : p.error().message())));
                const QByteArray wrong = defect(*p, s, place, values);
                QVERIFY2(wrong.isEmpty(), qPrintable(what + QLatin1String(": ") + QString::fromUtf8(wrong)));
            };
            for (int quantizer = 1; quantizer <= static_cast<int>(QuantizerKind::TwinUniform); ++quantizer)
                for (int observer = 0; observer <= static_cast<int>(ObserverKind::Fixed); ++observer)
                    for (int granularity = 0; granularity <= static_cast<int>(Granularity::Group); ++granularity)
                        for (int arithmetic = 0; arithmetic <= static_cast<int>(Arithmetic::TensorFlow); ++arithmetic)
                            for (int twin = 0; twin <= static_cast<int>(TwinForm::SoftmaxReleased); ++twin)
                                for (const bool symmetric : {false, true})
                                    for (const int bits : {2, 5, 8, 32})
                                        for (const int form : {0, 1, 2}) {
                                            s = {};
                                            s.quantizer = static_cast<QuantizerKind>(quantizer);
                                            s.observer = static_cast<ObserverKind>(observer);
                                            s.granularity = static_cast<Granularity>(granularity);
                                            s.arithmetic = static_cast<Arithmetic>(arithmetic);
                                            s.twin = static_cast<TwinForm>(twin);
                                            s.symmetric = symmetric;
                                            s.bits = bits;
                                            s.groups = 3;
                                            s.narrowRange = form == 1;
                                            s.includeZero = form == 2;
                                            s.fixedScale = 0.03F;
                                            tryOne();
                                            if (QTest::currentTestFailed())
                                                return;
                                        }
        }
        qInfo("%d combinations calibrated, %d refused for %zu reasons; %zu kinds of quantizer served", accepted, refused,
              reasons.size(), served.size());
        QVERIFY(reasons.size() >= 24);
        for (const char *kind :
             {"uniform minmax head", "uniform minmax group", "uniform mse channel", "uniform entropy tensor",
              "uniform torch-histogram-1.13 tensor", "uniform ptf channel", "uniform fixed tensor",
              "twin-uniform mse tensor", "log2 minmax tensor", "log-int-softmax minmax tensor"})
            QVERIFY2(served.count(kind) == 1, kind);
    }

    void refusalsNameTheReason_data()
    {
        QTest::addColumn<int>("place");
        QTest::addColumn<QString>("named");
        QTest::addColumn<int>("change");
        int change = 0;
        const auto row = [&](const char *title, int place, const char *named) {
            QTest::newRow(title) << place << QString::fromLatin1(named) << change++;
        };
        row("head without heads", 1, "no heads");
        row("channel of heads", 3, "attention heads");
        row("groups of activations", 1, "output channels of weights");
        row("five groups of twelve", 8, "divide");
        row("entropy without symmetry", 1, "magnitudes");
        row("ema per channel", 1, "one range");
        row("log2 of a residual", 1, "0 to 1");
        row("twin without form", 5, "which two grids");
        row("negative scale", 1, "positive scale");
        row("fractional zero point", 1, "none of its codes");
        row("nine bits", 1, "2 to 8");
    }

    void refusalsNameTheReason()
    {
        QFETCH(const int, place);
        QFETCH(const QString, named);
        QFETCH(const int, change);
        TapSetting s;
        s.quantizer = QuantizerKind::Uniform;
        switch (change) {
        case 0: s.granularity = Granularity::Head; break;
        case 1: s.granularity = Granularity::Channel; break;
        case 2: s.granularity = Granularity::Group; s.groups = 3; break;
        case 3: s.granularity = Granularity::Group; s.groups = 5; break;
        case 4: s.observer = ObserverKind::Entropy; break;
        case 5: s.observer = ObserverKind::Ema; s.granularity = Granularity::Channel; break;
        case 6: s.quantizer = QuantizerKind::Log2; break;
        case 7: s.quantizer = QuantizerKind::TwinUniform; break;
        case 8: s.observer = ObserverKind::Fixed; s.fixedScale = -1; break;
        case 9: s.observer = ObserverKind::Fixed; s.fixedZeroPoint = 0.5F; break;
        default: s.bits = 9;
        }
        const auto sensible = validateSetting(s, places()[static_cast<size_t>(place)].traits, "tap");
        QVERIFY(!sensible.has_value());
        QVERIFY2(QString::fromStdString(sensible.error().message()).contains(named),
                 sensible.error().message().c_str());
        s.quantizer = QuantizerKind::None; // float has no conditions
        QVERIFY(validateSetting(s, places()[static_cast<size_t>(place)].traits, "tap").has_value());
    }

    void asymmetricScalesPerChannelHaveZeroPointsOfTheirOwn()
    {
        const std::vector<float> values = {-1, 2, 5, 6, 0, 3, 4, 8};
        TapObserver observer(2, false);
        observer.update({values.data(), {1, 4, 2}}, false);
        TapSetting s;
        s.quantizer = QuantizerKind::Uniform;
        s.granularity = Granularity::Channel;
        const auto p = deriveParameters(s, observer, {}, "t");
        QVERIFY(p.has_value());
        QCOMPARE(p->scale, (std::vector<float>{6.0F / 255, 6.0F / 255}));
        QCOMPARE(p->zeroPoints, (std::vector<float>{std::nearbyint(1 / (6.0F / 255)), 0.0F}));
    }

    void groupsOfAWeightAreItsRowsInEqualParts()
    {
        const std::vector<float> weight = {1, -2, 3, 4, -5, 6, 7, 8, 9, -10, 11, 12}; // 6 rows of 2
        const TensorView view{weight.data(), {6, 2}};
        TapSetting s;
        s.quantizer = QuantizerKind::Uniform;
        s.symmetric = true;
        s.granularity = Granularity::Group;
        s.groups = 3;
        for (const ObserverKind observer : {ObserverKind::MinMax, ObserverKind::Percentile}) {
            s.observer = observer;
            const auto p = deriveWeightParameters(s, view, tensorStatistics(view, true), "w");
            QVERIFY(p.has_value());
            QCOMPARE(p->scale.size(), size_t{3});
            if (observer == ObserverKind::MinMax)
                QCOMPARE(p->scale, (std::vector<float>{4 / 127.5F, 8 / 127.5F, 12 / 127.5F}));
        }
    }

    void needsCoverWhatTheyContain()
    {
        ObservationNeeds none;
        ObservationNeeds operands;
        operands.taps = {{}, {true, false, false}};
        ObservationNeeds histograms;
        histograms.taps = {{}, {}, {false, true, false}};
        QVERIFY(none.covers(none) && operands.covers(none) && !none.covers(operands));
        QVERIFY(!operands.covers(histograms));
        ObservationNeeds both = operands;
        both.merge(histograms);
        QVERIFY(both.covers(operands) && both.covers(histograms) && !histograms.covers(both));
    }
};

QTEST_APPLESS_MAIN(TestSettings)
#include "tst_settings.moc"
