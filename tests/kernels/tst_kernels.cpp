// SPDX-License-Identifier: GPL-3.0-or-later
// Every kernel on every instruction set of this machine against a scalar reference, bit for bit.

#include "core/kernels/candidate_errors.h"
#include "core/kernels/extremes.h"
#include "core/kernels/integer_rows.h"
#include "core/kernels/quantize.h"
#include "tests/kernels/scalar_reference.h"

#include <QTest>

#include <hwy/targets.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

using namespace quantoscope;

namespace {

/// Equal bits; any NaN equals any other, for which bits it has depends on the order of an instruction's operands.
bool same(float a, float b)
{
    return std::bit_cast<uint32_t>(a) == std::bit_cast<uint32_t>(b) || (std::isnan(a) && std::isnan(b));
}

std::vector<float> awkward(float step)
{
    const float huge = std::numeric_limits<float>::max();
    const float tiny = std::numeric_limits<float>::denorm_min();
    std::vector<float> values = {0.0F,  -0.0F, NAN,     -NAN,    INFINITY, -INFINITY, huge,  -huge,
                                 tiny,  -tiny, 1e-39F,  -1e-39F, 1.0F,     -1.0F,     0.5F,  -0.5F,
                                 1e-7F, -1e-7F, 4194304, -4194304, 8388609, -8388609, 1e10F, -1e10F};
    for (int k = -300; k <= 300; ++k) // ties and their neighbours
        for (const float v : {(static_cast<float>(k) + 0.5F) * step, static_cast<float>(k) * step}) {
            values.push_back(v);
            values.push_back(std::nextafter(v, INFINITY));
            values.push_back(std::nextafter(v, -INFINITY));
        }
    return values;
}

std::vector<float> ordinary(size_t n, float deviation, unsigned seed)
{
    std::mt19937 engine(seed);
    std::normal_distribution<float> normal(0.1F * deviation, deviation);
    std::vector<float> values(n);
    for (float &v : values)
        v = normal(engine);
    return values;
}

const std::vector<int64_t> &lengths()
{
    static const std::vector<int64_t> all = {1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 197, 384, 1000};
    return all;
}

const kernels::UniformGrid kGrids[] = {{0.037F, 113, 0, 255},   {0.25F, 0, -128, 127},   {1.0F, 7, 0, 15},
                                       {1.7e-5F, 3, 0, 3},      {3.9F, 0, -2, 1},        {1.1920929e-07F, 128, 0, 255},
                                       {0.0123F, -5, -127, 127}};

} // namespace

class TestKernels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Every test runs once for each instruction set that was compiled and that this processor has.
    void cleanup() { hwy::GetChosenTarget().DeInit(); }

    void thereIsMoreThanOneInstructionSet() { QVERIFY(targets().size() > 1); }

    void uniformGridsEqualTheReference_data() { eachTarget(); }
    void uniformGridsEqualTheReference()
    {
        useTarget();
        for (const kernels::UniformGrid &grid : kGrids)
            for (const auto &values : {awkward(grid.scale), ordinary(4099, 40 * grid.scale, 1)}) {
                check(values, [&](const float *in, float *out, int64_t n) { kernels::uniform(in, out, n, grid); },
                      [&](size_t i) { return reference::uniform(values[i], grid); });
                check(values, [&](const float *in, float *out, int64_t n) { kernels::torchUniform(in, out, n, grid); },
                      [&](size_t i) { return reference::torchUniform(values[i], grid); });
            }
    }

    void sumsEqualTheReference_data() { eachTarget(); }
    void sumsEqualTheReference()
    {
        useTarget();
        for (const kernels::UniformGrid &grid : kGrids) {
            const std::vector<float> a = awkward(grid.scale);
            std::vector<float> b = ordinary(a.size(), grid.scale, 2);
            std::copy_n(a.rbegin(), 50, b.begin());
            check(a, [&](const float *in, float *out, int64_t n) { kernels::addUniform(in, b.data(), out, n, grid); },
                  [&](size_t i) { return reference::uniform(a[i] + b[i], grid); });
        }
    }

    void gridsOfChannelsEqualTheReference_data() { eachTarget(); }
    void gridsOfChannelsEqualTheReference()
    {
        useTarget();
        for (const int64_t channels : lengths()) {
            const auto width = static_cast<size_t>(channels);
            std::vector<float> scale(width);
            std::vector<float> zeroPoint(width);
            for (size_t c = 0; c < width; ++c) {
                scale[c] = std::ldexp(0.0371F, static_cast<int>(c % 4));
                zeroPoint[c] = static_cast<float>(100 + c % 31);
            }
            const int64_t rows = 5;
            std::vector<float> x = awkward(0.0371F);
            x.resize(width * 5, 0.3F);
            const std::vector<float> y = ordinary(x.size(), 3, 3);
            std::vector<float> out(x.size());
            std::vector<float> sums(x.size());
            const kernels::ChannelGrids grids{scale.data(), zeroPoint.data(), 0, 255};
            kernels::channelUniform(x.data(), out.data(), rows, channels, grids);
            kernels::addChannelUniform(x.data(), y.data(), sums.data(), rows, channels, grids);
            for (size_t i = 0; i < x.size(); ++i) {
                const kernels::UniformGrid grid{scale[i % width], zeroPoint[i % width], 0, 255};
                QVERIFY2(same(out[i], reference::uniform(x[i], grid)), qPrintable(where(x[i], channels)));
                QVERIFY2(same(sums[i], reference::uniform(x[i] + y[i], grid)), qPrintable(where(x[i], channels)));
            }
        }
    }

    void tablesEqualTheReference_data() { eachTarget(); }
    void tablesEqualTheReference()
    {
        useTarget();
        for (const kernels::UniformGrid &grid : kGrids) {
            std::vector<float> table;
            for (float code = grid.lowest; code <= grid.highest; ++code)
                table.push_back(std::sin(code));
            const std::vector<float> values = awkward(grid.scale);
            check(values,
                  [&](const float *in, float *out, int64_t n) { kernels::uniformTable(in, out, n, grid, table.data()); },
                  [&](size_t i) {
                      const float code = reference::code(values[i], grid);
                      return std::isnan(code) ? code : table[static_cast<size_t>(code - grid.lowest)];
                  });
        }
    }

    void twinsEqualTheReference_data() { eachTarget(); }
    void twinsEqualTheReference()
    {
        useTarget();
        for (const float codes : {2.0F, 8.0F, 32.0F, 128.0F}) {
            const float low = 0.17F / codes;
            for (const auto &values : {awkward(low), awkward(1 / (codes - 1)), ordinary(3001, 1, 4)}) {
                check(values,
                      [&](const float *in, float *out, int64_t n) { kernels::twinGelu(in, out, n, 0.031F, low, codes); },
                      [&](size_t i) { return reference::twinGelu(values[i], 0.031F, low, codes); });
                const float split = 0.125F;
                const float small = split / (codes - 1);
                check(values,
                      [&](const float *in, float *out, int64_t n) { kernels::twinSoftmax(in, out, n, small, split, codes); },
                      [&](size_t i) { return reference::twinSoftmax(values[i], small, split, codes); });
                check(values,
                      [&](const float *in, float *out, int64_t n) {
                          kernels::twinSoftmaxSum(in, out, n, small, split, codes);
                      },
                      [&](size_t i) { return reference::twinSoftmaxSum(values[i], small, split, codes); });
            }
        }
    }

    void rowSumsKeepTheirOrder_data() { eachTarget(); }
    void rowSumsKeepTheirOrder()
    {
        useTarget();
        std::vector<int64_t> all = lengths();
        all.insert(all.end(), {512, 513, 8191, 8192 + 5, 131072, 131072 * 2 + 77});
        for (const int64_t n : all) {
            std::vector<float> values = ordinary(static_cast<size_t>(n), 1e4F, static_cast<unsigned>(n));
            QVERIFY(same(kernels::rowSum(values.data(), n), reference::rowSum(values.data(), n)));
            std::vector<float> squares = values;
            for (float &v : squares)
                v *= v;
            QVERIFY(same(kernels::rowSumOfSquares(values.data(), n), reference::rowSum(squares.data(), n)));
            values[static_cast<size_t>(n) / 2] = NAN;
            QVERIFY(std::isnan(kernels::rowSum(values.data(), n)));
            values[static_cast<size_t>(n) / 2] = INFINITY;
            QVERIFY(same(kernels::rowSum(values.data(), n), INFINITY));
        }
    }

    void theIntegerLayerNormEqualsTheReference_data() { eachTarget(); }
    void theIntegerLayerNormEqualsTheReference()
    {
        useTarget();
        for (const int64_t channels : lengths()) {
            const auto width = static_cast<size_t>(channels);
            std::vector<float> x = awkward(0.021F);
            x.resize(std::max(width, x.size()), 0.7F);
            std::rotate(x.begin(), x.begin() + static_cast<ptrdiff_t>(width % 40), x.end());
            std::vector<float> scale(width);
            std::vector<float> multiplier(width);
            std::vector<float> gamma = ordinary(width, 2, 5);
            std::vector<float> beta = ordinary(width, 0.5F, 6);
            gamma[width / 2] = 0;
            gamma[width / 3] = 1e-30F;
            gamma[width - 1] = 1e8F;
            for (size_t c = 0; c < width; ++c) {
                multiplier[c] = static_cast<float>(1U << (c % 4));
                scale[c] = 0.021F * multiplier[c];
            }
            const kernels::NormChannels norm{scale.data(), multiplier.data(), gamma.data(), beta.data()};
            std::vector<float> codes(width);
            std::vector<float> out(width);
            kernels::toCommonGrid(x.data(), codes.data(), channels, norm);
            for (size_t c = 0; c < width; ++c)
                QVERIFY2(same(codes[c], reference::rounded(x[c] / scale[c]) * multiplier[c]), qPrintable(where(x[c], channels)));
            for (const auto &[deviation, mean] : {std::pair{0.0123F, 0.4F}, std::pair{1e-9F, 0.0F}, std::pair{INFINITY, 1.0F},
                                                 std::pair{NAN, NAN}, std::pair{1e-41F, 1e-41F}}) {
                kernels::integerAffine(codes.data(), out.data(), channels, deviation, mean, 0.03F, norm);
                for (size_t c = 0; c < width; ++c)
                    QVERIFY2(same(out[c], reference::integerAffine(codes[c], deviation, mean, 0.03F, gamma[c], beta[c])),
                             qPrintable(where(codes[c], channels)));
            }
        }
    }

    void theLogIntSoftmaxEqualsTheReference_data() { eachTarget(); }
    void theLogIntSoftmaxEqualsTheReference()
    {
        useTarget();
        for (const float scale : {0.0437F, 0.2F, 0.003F}) {
            const kernels::IntegerExponential exponential{scale, std::floor(-0.6931F / scale), std::floor(2.70732F / scale),
                                                          std::floor(2.792115F / (scale * scale))};
            const kernels::ScorePreparation preparation{0.125F, {scale, 131, 0, 255}};
            for (const int64_t n : lengths())
                for (const int32_t codes : {4, 16, 128})
                    for (const kernels::ScorePreparation *prepared : {static_cast<const kernels::ScorePreparation *>(nullptr),
                                                                      &preparation})
                        for (int kind = 0; kind < 5; ++kind) {
                            std::vector<float> row = ordinary(static_cast<size_t>(n), kind == 1 ? 20.0F : 1.0F, 7);
                            const auto middle = static_cast<size_t>(n) / 2;
                            if (kind == 2)
                                row[middle] = NAN;
                            else if (kind == 3)
                                row[middle] = -INFINITY;
                            else if (kind == 4)
                                std::fill(row.begin(), row.end(), 0.5F * scale);
                            std::vector<float> out(row.size());
                            std::vector<float> work(row.size());
                            kernels::logIntSoftmaxRows(row.data(), out.data(), 1, n, exponential, codes, prepared, work.data());
                            const auto expected = reference::logIntSoftmax(row, exponential, codes, prepared);
                            for (size_t i = 0; i < row.size(); ++i)
                                QVERIFY2(same(out[i], expected[i]), qPrintable(where(row[i], n)));
                        }
        }
    }

    void extremesEqualTheReference_data() { eachTarget(); }
    void extremesEqualTheReference()
    {
        useTarget();
        for (const int64_t columns : lengths())
            for (const int64_t rows : {1, 3, 4, 9}) {
                const auto width = static_cast<size_t>(columns);
                const auto height = static_cast<size_t>(rows);
                std::vector<float> x = ordinary(width * height, 3, 8);
                x[0] = NAN;
                x[x.size() / 2] = NAN;
                x[x.size() - 1] = INFINITY;
                x[x.size() / 3] = -1e-40F;
                std::vector<float> low(width, INFINITY), high(width, -INFINITY), rowLow(height), rowHigh(height);
                kernels::columnAndRowExtremes(x.data(), rows, columns, low.data(), high.data(), rowLow.data(), rowHigh.data());
                std::vector<float> onlyLow(height), onlyHigh(height);
                kernels::rowExtremes(x.data(), rows, columns, onlyLow.data(), onlyHigh.data());
                for (size_t c = 0; c < width; ++c) {
                    const auto [least, most] = extremesOf(x, c, width, height);
                    QVERIFY(low[c] == least && high[c] == most);
                }
                for (size_t r = 0; r < height; ++r) {
                    const auto [least, most] = extremesOf(x, r * width, 1, width);
                    QVERIFY(rowLow[r] == least && rowHigh[r] == most);
                    QVERIFY(onlyLow[r] == least && onlyHigh[r] == most);
                }
                std::vector<float> found(x.size() + kernels::kOutsidePadding);
                const int64_t count = kernels::valuesOutside(x.data(), static_cast<int64_t>(x.size()), -1.5F, 2.0F, found.data());
                std::vector<float> expected;
                std::copy_if(x.begin(), x.end(), std::back_inserter(expected), [](float v) { return v < -1.5F || v > 2.0F; });
                QCOMPARE(count, static_cast<int64_t>(expected.size()));
                QVERIFY(std::equal(expected.begin(), expected.end(), found.begin()));
            }
    }

    void errorsOfCandidatesEqualTheReference_data() { eachTarget(); }
    void errorsOfCandidatesEqualTheReference()
    {
        useTarget();
        for (const kernels::UniformGrid &grid : kGrids)
            for (const int64_t n : lengths()) {
                const std::vector<float> x = ordinary(static_cast<size_t>(n) * 3, 50 * grid.scale, 9);
                float lanes[16] = {};
                for (int64_t i = 0; i < n; ++i) {
                    const float v = x[static_cast<size_t>(i)];
                    const float error = v - reference::uniform(v, grid);
                    lanes[i < n / 16 * 16 ? i % 16 : 0] += error * error;
                }
                double sum = 0;
                for (const float lane : lanes)
                    sum += static_cast<double>(lane);
                QCOMPARE(std::bit_cast<uint64_t>(kernels::squaredError(x.data(), n, grid)), std::bit_cast<uint64_t>(sum));
                std::vector<double> errors(static_cast<size_t>(n), 0.5);
                std::vector<double> expected = errors;
                kernels::addChannelErrors(x.data(), 3, n, grid, errors.data());
                for (size_t i = 0; i < x.size(); ++i) {
                    const auto error = static_cast<double>(x[i] - reference::uniform(x[i], grid));
                    expected[i % static_cast<size_t>(n)] += error * error;
                }
                QVERIFY(errors == expected);
            }
    }

private:
    static std::vector<int64_t> targets()
    {
        return hwy::SupportedAndGeneratedTargets();
    }
    static void eachTarget()
    {
        QTest::addColumn<qint64>("target");
        for (const int64_t target : targets())
            QTest::newRow(hwy::TargetName(target)) << static_cast<qint64>(target);
    }
    static void useTarget()
    {
        QFETCH(const qint64, target);
        hwy::GetChosenTarget().Update(target);
    }
    static QString where(float x, int64_t length)
    {
        return QStringLiteral("at %1, length %2").arg(static_cast<double>(x), 0, 'g', 9).arg(length);
    }
    /// Of `count` values from `first` on with a stride; NaN left aside.
    static std::pair<float, float> extremesOf(const std::vector<float> &x, size_t first, size_t stride, size_t count)
    {
        float low = INFINITY;
        float high = -INFINITY;
        for (size_t i = 0; i < count; ++i) {
            low = std::fmin(low, x[first + i * stride]);
            high = std::fmax(high, x[first + i * stride]);
        }
        return {low, high};
    }
    /// The kernel at several lengths, out of place and in place.
    template <typename Kernel, typename Expected>
    static void check(const std::vector<float> &values, const Kernel &kernel, const Expected &expected)
    {
        std::vector<int64_t> all = lengths();
        all.push_back(static_cast<int64_t>(values.size()));
        for (const int64_t n : all) {
            if (n > static_cast<int64_t>(values.size()))
                continue;
            std::vector<float> out(values.size(), -77.0F);
            kernel(values.data(), out.data(), n);
            std::vector<float> inPlace = values;
            kernel(inPlace.data(), inPlace.data(), n);
            for (size_t i = 0; i < static_cast<size_t>(n); ++i) {
                QVERIFY2(same(out[i], expected(i)), qPrintable(where(values[i], n)));
                QVERIFY2(same(inPlace[i], out[i]), qPrintable(where(values[i], n)));
            }
            for (size_t i = static_cast<size_t>(n); i < out.size(); ++i)
                QCOMPARE(out[i], -77.0F); // nothing beyond the end is written
        }
    }
};

QTEST_APPLESS_MAIN(TestKernels)
#include "tst_kernels.moc"
