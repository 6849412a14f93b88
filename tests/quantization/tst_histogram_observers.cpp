// SPDX-License-Identifier: GPL-3.0-or-later
// Entropy and Mse against brute force on the values themselves; torch's HistogramObserver against a slow transcription of
// specification 6.5, step by step and with every intermediate array.
#include "core/quantization/derive_parameters.h"
#include "core/quantization/fake_quantize.h"
#include "core/quantization/histogram_ranges.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace quantoscope;

namespace {

enum class Shape { Normal, Cubed, Gelu, Softmax, Shifted };

std::vector<float> valuesOf(Shape shape, size_t n, unsigned seed, float scale = 1)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, 1.0F);
    std::vector<float> values(n);
    for (float &v : values) {
        v = normal(random);
        if (shape == Shape::Cubed)
            v = v * v * v;
        else if (shape == Shape::Gelu)
            v = 3 * v * 0.5F * (1 + std::erf(3 * v / std::sqrt(2.0F)));
        else if (shape == Shape::Softmax)
            v = std::exp(2 * v - 9);
        else if (shape == Shape::Shifted)
            v = v * 0.4F + 5;
        v *= scale;
    }
    return values;
}

TapObserver observed(const std::vector<std::vector<float>> &batches, std::optional<ObserverKind> form = {}, float unit = 1)
{
    TapObserver observer(1, false);
    if (form)
        observer.collectTorchHistogram(*form, unit);
    for (const std::vector<float> &batch : batches)
        observer.update({batch.data(), {1, static_cast<int64_t>(batch.size()), 1}}, false);
    return observer;
}

TapSetting settingOf(ObserverKind kind, int bits, bool symmetric)
{
    TapSetting s;
    s.quantizer = QuantizerKind::Uniform;
    s.observer = kind;
    s.bits = bits;
    s.symmetric = symmetric;
    return s;
}

double squaredError(const QuantizerParameters &p, const std::vector<float> &x)
{
    std::vector<float> y(x.size());
    fakeQuantize(p, x.data(), y.data(), static_cast<int64_t>(x.size()));
    double sum = 0;
    for (size_t i = 0; i < x.size(); ++i)
        sum += std::pow(static_cast<double>(x[i]) - static_cast<double>(y[i]), 2);
    return sum / static_cast<double>(x.size());
}

/// Migacz's procedure on the values' own histogram.
double slowEntropyThreshold(const std::vector<float> &values, int levels)
{
    constexpr int kBins = 2048;
    double largest = 0;
    for (const float v : values)
        largest = std::max(largest, static_cast<double>(std::abs(v)));
    std::vector<double> counts(kBins, 0.0);
    for (const float v : values)
        ++counts[static_cast<size_t>(
            std::min(kBins - 1.0, std::floor(std::abs(static_cast<double>(v)) / largest * kBins)))];
    counts[0] = counts[1]; // as NVIDIA's calibrator
    double least = INFINITY;
    int best = kBins;
    for (int i = levels; i <= kBins; ++i) {
        std::vector<double> p(counts.begin(), counts.begin() + i);
        for (int k = i; k < kBins; ++k)
            p[static_cast<size_t>(i) - 1] += counts[static_cast<size_t>(k)];
        std::vector<double> q(static_cast<size_t>(i), 0.0);
        for (int level = 0; level < levels; ++level) {
            const auto begin = static_cast<size_t>(level * i / levels);
            const auto end = static_cast<size_t>((level + 1) * i / levels);
            double sum = 0;
            int filled = 0;
            for (size_t k = begin; k < end; ++k) {
                sum += counts[k];
                filled += p[k] > 0;
            }
            for (size_t k = begin; k < end; ++k)
                q[k] = p[k] > 0 ? sum / filled : 0;
        }
        double totalP = 0;
        double totalQ = 0;
        for (size_t k = 0; k < p.size(); ++k) {
            totalP += p[k];
            totalQ += q[k];
        }
        double divergence = 0;
        for (size_t k = 0; k < p.size(); ++k)
            if (p[k] > 0)
                divergence += p[k] / totalP * std::log(p[k] / totalP / (q[k] / totalQ));
        if (divergence < least) {
            least = divergence;
            best = i;
        }
    }
    return (best + 0.5) * largest / kBins;
}

/// Specification 6.5, literally: arrays of all 2048 * 128 and more pieces, sums in order.
class SlowTorchHistogram {
public:
    explicit SlowTorchHistogram(bool cut) : m_cut(cut) {}

    void add(const std::vector<float> &x)
    {
        const auto [least, most] = std::minmax_element(x.begin(), x.end());
        if (m_histogram.empty() || m_min == m_max) {
            m_min = *least;
            m_max = *most;
            m_histogram = histc(x, m_min, m_max);
            return;
        }
        const float cmin = std::min(m_min, *least);
        float cmax = std::max(m_max, *most);
        const float h = (m_max - m_min) / (2048.0F * 128.0F);
        const auto D = static_cast<int64_t>(std::ceil((cmax - cmin) / (2048.0F * h)));
        cmax += static_cast<float>(D) * (2048.0F * h) - (cmax - cmin);
        const auto start = static_cast<int64_t>(std::nearbyint((m_min - cmin) / h));
        std::vector<float> fresh = histc(x, cmin, cmax);
        if (cmin == m_min && cmax == m_max) {
            for (size_t i = 0; i < 2048; ++i)
                fresh[i] += m_histogram[i];
        } else {
            std::vector<float> pieces(static_cast<size_t>(2048 * D), 0.0F);
            for (int64_t i = 0; i < 2048 * 128; ++i)
                if (i + start < 2048 * D)
                    pieces[static_cast<size_t>(i + start)] = m_histogram[static_cast<size_t>(i / 128)];
            std::vector<double> sums;
            double sum = 0;
            for (size_t i = 0; i < pieces.size(); ++i) {
                sum += static_cast<double>(pieces[i]);
                if (static_cast<int64_t>(i) % D == D - 1)
                    sums.push_back(sum);
            }
            for (size_t i = 0; i < 2048; ++i) {
                const float shifted = i > 0 ? static_cast<float>(sums[i - 1]) : 0.0F;
                fresh[i] += static_cast<float>((sums[i] - static_cast<double>(shifted)) / 128);
            }
        }
        m_histogram = fresh;
        m_min = cmin;
        m_max = cmax;
    }

    ValueRange range() const
    {
        float total = 0;
        std::vector<float> cs;
        double running = 0;
        for (const float count : m_histogram) {
            running += static_cast<double>(count);
            cs.push_back(static_cast<float>(running));
        }
        total = cs.back();
        double a = 0;
        double z = 1;
        int st = 0;
        int en = 2047;
        double best = INFINITY;
        while (a < z) {
            const double nextA = a + 1e-5;
            const double nextZ = z - 1e-5;
            int l = st;
            while (l < en && cs[static_cast<size_t>(l)] < static_cast<float>(nextA * static_cast<double>(total)))
                ++l;
            int r = en;
            while (r > st && cs[static_cast<size_t>(r)] > static_cast<float>(nextZ * static_cast<double>(total)))
                --r;
            int nextSt = st;
            int nextEn = en;
            if (l - st > en - r) {
                nextSt = l;
                a = nextA;
            } else {
                nextEn = r;
                z = nextZ;
            }
            if (nextSt == st && nextEn == en)
                continue;
            const double e = error(nextSt, nextEn);
            if (e > best)
                break;
            best = e;
            st = nextSt;
            en = nextEn;
        }
        const float w = (m_max - m_min) / 2048.0F;
        return {m_min + w * static_cast<float>(st), m_min + w * static_cast<float>(en + 1)};
    }

private:
    std::vector<float> histc(const std::vector<float> &x, float low, float high) const
    {
        if (m_cut) {
            low = std::trunc(low);
            high = std::trunc(high);
        }
        if (low == high) {
            low = *std::min_element(x.begin(), x.end());
            high = *std::max_element(x.begin(), x.end());
        }
        if (low == high) {
            low -= 1;
            high += 1;
        }
        std::vector<float> counts(2048, 0.0F);
        for (const float v : x)
            if (v >= low && v <= high)
                ++counts[std::min<size_t>(2047, static_cast<size_t>((v - low) * 2048.0F / (high - low)))];
        return counts;
    }
    double error(int ns, int ne) const
    {
        const double w = (static_cast<double>(m_max) - static_cast<double>(m_min)) / 2048;
        const double d = w * (ne - ns + 1) / 256;
        // Elementwise in float32, w and d being Python's numbers; whether a step is the last depends on the last bits.
        const auto F = [](float x) { return x * x * x; };
        const auto wf = static_cast<float>(w);
        const auto df = static_cast<float>(d);
        const auto half = static_cast<float>(d / 2);
        double sum = 0;
        for (int i = 0; i < 2048; ++i) {
            const float b = static_cast<float>(i - ns) * wf;
            const float f = b + wf;
            const auto code = [&](float v) {
                return std::clamp(static_cast<float>(std::floor(static_cast<double>(v) / static_cast<double>(df))), 0.0F,
                                  255.0F);
            };
            const float jb = code(b);
            const float jf = code(f);
            const float rho = m_histogram[static_cast<size_t>(i)] / wf;
            float e = rho * ((F(half) - F(b - (jb + 0.5F) * df)) / 3);
            e += (jf - jb - 1) * (rho * ((F(half) - F(-half)) / 3));
            e += rho * ((F(f - (jf * df + half)) - F(-half)) / 3);
            sum += static_cast<double>(e);
        }
        return static_cast<double>(static_cast<float>(sum));
    }

    bool m_cut;
    float m_min = 0;
    float m_max = 0;
    std::vector<float> m_histogram;
};

} // namespace

class TestHistogramObservers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void entropyFindsTheThresholdOfTheWholeProcedure_data()
    {
        QTest::addColumn<int>("shape");
        QTest::addColumn<int>("bits");
        for (const int bits : {8, 4})
            for (const Shape shape : {Shape::Normal, Shape::Cubed, Shape::Gelu, Shape::Shifted})
                QTest::addRow("shape %d, %d bits", static_cast<int>(shape), bits) << static_cast<int>(shape) << bits;
    }

    void entropyFindsTheThresholdOfTheWholeProcedure()
    {
        QFETCH(const int, shape);
        QFETCH(const int, bits);
        const std::vector<float> values = valuesOf(static_cast<Shape>(shape), 200000, 11);
        const TapObserver observer = observed({values});
        const ValueRange range = entropyRange(observer.statistics().histogram, bits);
        QCOMPARE(range.low, -range.high);
        const double slow = slowEntropyThreshold(values, 1 << (bits - 1));
        qInfo("threshold %.4f, from the values themselves %.4f", static_cast<double>(range.high), slow);
        // Divergence is flat around its minimum, where the noise of single counts decides.
        QVERIFY(std::abs(static_cast<double>(range.high) - slow) < 0.08 * slow);
    }

    /// Most softmax outputs are all but zero; the few that are not carry the values.
    void entropyIsNotMisledByZeros()
    {
        std::vector<float> values = valuesOf(Shape::Normal, 20000, 13);
        const double without = static_cast<double>(entropyRange(observed({values}).statistics().histogram, 8).high);
        values.resize(400000, 1e-6F);
        const double with = static_cast<double>(entropyRange(observed({values}).statistics().histogram, 8).high);
        QVERIFY2(std::abs(with - without) < 0.1 * without, qPrintable(QString::number(with)));
    }

    void entropyIsNotMisledByAnOutlier()
    {
        std::vector<float> values = valuesOf(Shape::Normal, 100000, 12);
        values[5] = 40;
        const TapObserver observer = observed({values});
        const auto p = deriveParameters(settingOf(ObserverKind::Entropy, 8, true), observer, {}, "t");
        QVERIFY(p.has_value());
        QVERIFY(p->scale[0] * 127.5F < 10);
        QVERIFY(deriveParameters(settingOf(ObserverKind::Entropy, 8, true), observed({std::vector<float>(50, 0.0F)}), {}, "t")
                    .has_value());
    }

    void mseComesCloseToTheBestRangeOfAll_data()
    {
        QTest::addColumn<int>("shape");
        QTest::addColumn<int>("bits");
        QTest::addColumn<bool>("symmetric");
        for (const bool symmetric : {false, true})
            for (const int bits : {3, 4, 6, 8})
                for (const Shape shape : {Shape::Normal, Shape::Cubed, Shape::Gelu, Shape::Softmax})
                    QTest::addRow("shape %d, %d bits, symmetric %d", static_cast<int>(shape), bits, symmetric)
                        << static_cast<int>(shape) << bits << symmetric;
    }

    void mseComesCloseToTheBestRangeOfAll()
    {
        QFETCH(const int, shape);
        QFETCH(const int, bits);
        QFETCH(const bool, symmetric);
        const std::vector<float> values = valuesOf(static_cast<Shape>(shape), 6000, 13);
        const TapObserver observer = observed({values});
        const TapSetting setting = settingOf(ObserverKind::Mse, bits, symmetric);
        const auto p = deriveParameters(setting, observer, {}, "t");
        QVERIFY(p.has_value());
        const double found = squaredError(*p, values);
        double best = squaredError(parametersForRange(observer.minMax(), setting), values);
        const ValueRange whole = observer.minMax();
        for (double high = 1; high > 0.002; high *= 0.85)
            for (double low = 1; low > 0.002; low *= symmetric ? 0 : 0.85) {
                const double lower = symmetric ? high : low;
                const ValueRange tried{whole.low < 0 ? static_cast<float>(static_cast<double>(whole.low) * lower) : whole.low,
                                       static_cast<float>(static_cast<double>(whole.high) * high)};
                best = std::min(best, squaredError(parametersForRange(tried, setting), values));
            }
        qInfo("error %.3e, best of a grid of ranges %.3e", found, best);
        QVERIFY(found < 1.05 * best);
    }

    void twinGridsFollowFromTheHistogram()
    {
        TapSetting setting = settingOf(ObserverKind::Mse, 8, false);
        setting.quantizer = QuantizerKind::TwinUniform;
        setting.twin = TwinForm::Softmax;
        const std::vector<float> attention = valuesOf(Shape::Softmax, 8000, 14);
        const auto p = deriveParameters(setting, observed({attention}), {}, "t");
        QVERIFY(p.has_value());
        double best = INFINITY;
        float bestSplit = 0;
        for (int i = 0; i < 20; ++i) {
            QuantizerParameters tried = *p;
            tried.split = std::ldexp(1.0F, -i);
            tried.lowScale = tried.split / 127;
            if (const double error = squaredError(tried, attention); error < best) {
                best = error;
                bestSplit = tried.split;
            }
        }
        QCOMPARE(p->split, bestSplit);
        QCOMPARE(p->lowScale, bestSplit / 127);
        setting.twin = TwinForm::Gelu;
        setting.observer = ObserverKind::MinMax;
        const std::vector<float> gelu = valuesOf(Shape::Gelu, 20000, 15);
        const auto g = deriveParameters(setting, observed({gelu}), {}, "t");
        QVERIFY(g.has_value());
        QCOMPARE(g->scale[0], *std::max_element(gelu.begin(), gelu.end()) / 127.5F);
        QCOMPARE(g->lowScale, static_cast<float>(0.16997124254703522 / 128));
    }

    void torchHistogramsEqualTheirSpecification_data()
    {
        QTest::addColumn<int>("shape");
        QTest::addColumn<int>("batches");
        QTest::addColumn<bool>("cut");
        for (const bool cut : {true, false})
            for (const int batches : {1, 2, 5})
                for (const Shape shape : {Shape::Normal, Shape::Cubed, Shape::Gelu, Shape::Softmax, Shape::Shifted})
                    QTest::addRow("shape %d, %d batches, %s", static_cast<int>(shape), batches, cut ? "1.13" : "exact")
                        << static_cast<int>(shape) << batches << cut;
    }

    void torchHistogramsEqualTheirSpecification()
    {
        QFETCH(const int, shape);
        QFETCH(const int, batches);
        QFETCH(const bool, cut);
        std::vector<std::vector<float>> values;
        SlowTorchHistogram slow(cut);
        for (int b = 0; b < batches; ++b) { // every batch is wider than the one before, but the last
            values.push_back(valuesOf(static_cast<Shape>(shape), 4001, static_cast<unsigned>(20 + b),
                                      b + 1 < batches ? 1 + 0.3F * static_cast<float>(b) : 0.5F));
            slow.add(values.back());
        }
        const ObserverKind form = cut ? ObserverKind::TorchHistogram113 : ObserverKind::TorchHistogram;
        const TapObserver observer = observed(values, form);
        const ValueRange range = observer.torchHistogram(form)->range(8);
        QCOMPARE(range.low, slow.range().low);
        QCOMPARE(range.high, slow.range().high);

        TapSetting setting = settingOf(form, 8, false);
        setting.includeZero = true;
        setting.arithmetic = Arithmetic::Torch;
        const auto p = deriveParameters(setting, observer, {}, "t");
        QVERIFY(p.has_value());
        const float low = std::min(range.low, 0.0F);
        QCOMPARE(p->scale[0], (std::max(range.high, 0.0F) - low) / 255);
        QCOMPARE(p->zeroPoint, std::clamp(-std::nearbyint(low / p->scale[0]), 0.0F, 255.0F));
    }

    void theCutBoundsOfTorch113LoseTheEndsOfAGelu()
    {
        // Negative GELU values lie in [-0.17, 0]: cut to 0, they are not counted at all, and the rest shifts down.
        const std::vector<float> gelu = valuesOf(Shape::Gelu, 20000, 30);
        const TapObserver cut = observed({gelu}, ObserverKind::TorchHistogram113);
        const TapObserver whole = observed({gelu}, ObserverKind::TorchHistogram);
        const float a = cut.torchHistogram(ObserverKind::TorchHistogram113)->range(8).high;
        const float b = whole.torchHistogram(ObserverKind::TorchHistogram)->range(8).high;
        QVERIFY(a != b);
    }

    void aProductIsObservedBeforeItsScaling()
    {
        const std::vector<float> scaled = valuesOf(Shape::Normal, 5000, 31, 0.5F);
        std::vector<float> raw = scaled;
        for (float &v : raw)
            v *= 8;
        const auto form = ObserverKind::TorchHistogram113;
        const ValueRange a = observed({scaled}, form, 8).torchHistogram(form)->range(8);
        const ValueRange b = observed({raw}, form).torchHistogram(form)->range(8);
        QCOMPARE(a.low, b.low / 8);
        QCOMPARE(a.high, b.high / 8);
        QVERIFY(a.high != observed({scaled}, form).torchHistogram(form)->range(8).high);
    }

    void constantAndWideningValuesHaveARange()
    {
        const auto form = ObserverKind::TorchHistogram113;
        for (const auto &batches : std::vector<std::vector<std::vector<float>>>{
                 {{2, 2, 2}}, {{0, 0}}, {{2, 2}, {1, 5}}, {{0, 1e-30F}, {-1e30F, 1e30F}}, {{1, 2}, {-3e38F, 3e38F}}}) {
            const ValueRange range = observed(batches, form).torchHistogram(form)->range(8);
            QVERIFY(std::isfinite(range.low) && std::isfinite(range.high) && range.low <= range.high);
        }
    }

    void whatWasNotCollectedIsRefused()
    {
        const TapObserver observer = observed({{1, 2, 3}}, ObserverKind::TorchHistogram);
        QVERIFY(deriveParameters(settingOf(ObserverKind::TorchHistogram, 8, false), observer, {}, "t"));
        const auto p = deriveParameters(settingOf(ObserverKind::TorchHistogram113, 8, false), observer, {}, "t");
        QVERIFY(!p && p.error().code == ErrorCode::BadInput);
    }
};

QTEST_APPLESS_MAIN(TestHistogramObservers)
#include "tst_histogram_observers.moc"
