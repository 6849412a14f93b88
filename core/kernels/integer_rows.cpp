// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernels/integer_rows.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/integer_rows.cpp"
#include <hwy/foreach_target.h>

#include "core/kernels/vector_math-inl.h"

#include <limits>

HWY_BEFORE_NAMESPACE();
namespace quantoscope::kernels::HWY_NAMESPACE {
namespace {

HWY_INLINE FloatVector set(float value)
{
    return hn::Set(FloatTag(), value);
}

/// rowSum of f(x[i]).
template <typename Function>
HWY_INLINE float orderedSum(const float *x, int64_t n, const Function &f)
{
    constexpr int kLanes = 8; // of the kernel whose order this is; a register here holds all or a part of them
    constexpr int kAccumulators = 4;
    constexpr int kWidth = kLanes * kAccumulators;
    constexpr int kLevels = 4;
    constexpr int64_t kRoundsPerLevel = 16; // up to 2^19 rounds
    const hn::CappedTag<float, kLanes> d;
    using Vector = hn::Vec<decltype(d)>;
    constexpr int kStep = static_cast<int>(hn::MaxLanes(d));
    constexpr int kPerAccumulator = kLanes / kStep;
    constexpr int kVectors = kAccumulators * kPerAccumulator;

    const int64_t vectors = n / kLanes;
    const int64_t rounds = vectors / kAccumulators;
    Vector level[kLevels][kVectors];
    for (auto &accumulators : level)
        for (Vector &accumulator : accumulators)
            accumulator = hn::Zero(d);
    const auto addRound = [&](int64_t round) HWY_ATTR {
        for (int v = 0; v < kVectors; ++v)
            level[0][v] = hn::Add(level[0][v], f(hn::LoadU(d, x + round * kWidth + v * kStep)));
    };
    int64_t i = 0;
    while (i + kRoundsPerLevel <= rounds) {
        for (int64_t j = 0; j < kRoundsPerLevel; ++j, ++i)
            addRound(i);
        for (int l = 1; l < kLevels; ++l) {
            for (int v = 0; v < kVectors; ++v) {
                level[l][v] = hn::Add(level[l][v], level[l - 1][v]);
                level[l - 1][v] = hn::Zero(d);
            }
            if ((i & ((kRoundsPerLevel - 1) << (4 * l))) != 0)
                break;
        }
    }
    for (; i < rounds; ++i)
        addRound(i);
    for (int l = 1; l < kLevels; ++l)
        for (int v = 0; v < kVectors; ++v)
            level[0][v] = hn::Add(level[0][v], level[l][v]);
    for (int64_t v = rounds * kAccumulators; v < vectors; ++v)
        for (int k = 0; k < kPerAccumulator; ++k)
            level[0][k] = hn::Add(level[0][k], f(hn::LoadU(d, x + v * kLanes + k * kStep)));
    for (int a = 1; a < kAccumulators; ++a)
        for (int k = 0; k < kPerAccumulator; ++k)
            level[0][k] = hn::Add(level[0][k], level[0][a * kPerAccumulator + k]);
    const hn::CappedTag<float, 1> one;
    float sum = 0;
    for (int64_t r = vectors * kLanes; r < n; ++r)
        sum += hn::GetLane(f(hn::Set(one, x[r])));
    HWY_ALIGN float lanes[kLanes];
    for (int k = 0; k < kPerAccumulator; ++k)
        hn::Store(level[0][k], d, lanes + k * kStep);
    for (const float lane : lanes)
        sum += lane;
    return sum;
}

float rowSum(const float *x, int64_t n)
{
    return orderedSum(x, n, [](auto v) HWY_ATTR { return v; });
}

float rowSumOfSquares(const float *x, int64_t n)
{
    return orderedSum(x, n, [](auto v) HWY_ATTR { return hn::Mul(v, v); });
}

/// Up to a vector of values; the rest is `filler`.
HWY_INLINE FloatVector loadUpTo(const float *x, int64_t count, float filler)
{
    const FloatTag d;
    if (count >= static_cast<int64_t>(hn::Lanes(d)))
        return hn::LoadU(d, x);
    HWY_ALIGN float rest[hn::MaxLanes(d)];
    std::fill_n(rest, hn::MaxLanes(d), filler);
    std::copy_n(x, count, rest);
    return hn::Load(d, rest);
}

void toCommonGrid(const float *in, float *out, int64_t channels, const NormChannels &norm)
{
    forEachValue(in, out, channels, [&](FloatVector v, int64_t c) HWY_ATTR {
        const FloatVector scale = loadUpTo(norm.scale + c, channels - c, 1.0F);
        const FloatVector multiplier = loadUpTo(norm.multiplier + c, channels - c, 1.0F);
        return hn::Mul(rounded(hn::Div(v, scale)), multiplier);
    });
}

void integerAffine(const float *codes, float *out, int64_t channels, float scaleOverDeviation, float meanOverDeviation,
                   float outScale, const NormChannels &norm)
{
    const FloatTag d;
    const hn::RebindToSigned<FloatTag> di;
    const FloatVector scale = set(scaleOverDeviation);
    const FloatVector mean = set(meanOverDeviation);
    const FloatVector step = set(outScale);
    forEachValue(codes, out, channels, [&](FloatVector code, int64_t c) HWY_ATTR {
        const FloatVector gamma = loadUpTo(norm.gamma + c, channels - c, 0.0F);
        const FloatVector beta = loadUpTo(norm.beta + c, channels - c, 0.0F);
        const FloatVector a = hn::Div(hn::Mul(scale, gamma), step);
        const FloatVector magnitude = hn::Abs(a);
        // floor(log2 |A|) is the exponent; zero has the smallest exponent, so its shift saturates at 31.
        const auto log = hn::Sub(hn::ShiftRight<23>(hn::BitCast(di, magnitude)), hn::Set(di, 127));
        const auto shift
            = hn::Min(hn::Max(hn::Sub(hn::Set(di, 7), log), hn::Zero(di)), hn::Set(di, 31));
        const FloatVector power = hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(shift, hn::Set(di, 127))));
        const FloatVector mantissa = lesserOf(set(255.0F), hn::Floor(hn::Mul(magnitude, power)));
        const FloatVector sign = hn::IfThenElse(hn::Gt(a, hn::Zero(d)), set(1.0F),
                                                hn::IfThenElseZero(hn::Lt(a, hn::Zero(d)), set(-1.0F)));
        const FloatVector offset
            = rounded(hn::Mul(hn::Div(hn::Sub(beta, hn::Mul(mean, gamma)), step), power));
        const FloatVector sum = hn::Add(hn::Mul(hn::Mul(sign, mantissa), code), offset);
        return hn::Mul(rounded(hn::Div(sum, power)), step);
    });
}

/// Scores in steps; returns the largest, NaN left aside.
HWY_INLINE float toSteps(const float *in, float *out, int64_t n, float scale, const ScorePreparation *preparation)
{
    const FloatTag d;
    const FloatVector step = set(scale);
    FloatVector largest = set(-std::numeric_limits<float>::infinity());
    const auto seen = [&](FloatVector v, int64_t i) HWY_ATTR {
        // Lanes past the end of the row do not count.
        const auto left = static_cast<size_t>(n - i);
        const FloatVector counted = left >= hn::Lanes(d)
            ? v
            : hn::IfThenElse(hn::FirstN(d, left), v, set(-std::numeric_limits<float>::infinity()));
        largest = greaterOf(counted, largest);
        return v;
    };
    if (preparation) {
        const FloatVector factor = set(preparation->factor);
        const FloatVector gridScale = set(preparation->grid.scale);
        const FloatVector zeroPoint = set(preparation->grid.zeroPoint);
        const FloatVector lowest = set(preparation->grid.lowest);
        const FloatVector highest = set(preparation->grid.highest);
        forEachValue(in, out, n, [&](FloatVector v, int64_t i) HWY_ATTR {
            const FloatVector scaled = hn::Mul(v, factor);
            const FloatVector code = roundWithin(hn::Add(hn::Div(scaled, gridScale), zeroPoint), lowest, highest);
            return seen(hn::Div(hn::Mul(hn::Sub(code, zeroPoint), gridScale), step), i);
        });
    } else {
        forEachValue(in, out, n, [&](FloatVector v, int64_t i) HWY_ATTR { return seen(hn::Div(v, step), i); });
    }
    return hn::GetLane(hn::MaxOfLanes(d, largest));
}

HWY_INLINE void exponentials(float *x, int64_t n, float largest, const IntegerExponential &p)
{
    constexpr float kShifts = 30.0F;
    const FloatTag d;
    const hn::RebindToSigned<FloatTag> di;
    const FloatVector most = set(largest);
    const FloatVector lowest = set(kShifts * p.period);
    const FloatVector period = set(p.period);
    const FloatVector linear = set(p.linear);
    const FloatVector constant = set(p.constant);
    forEachValue(x, x, n, [&](FloatVector v, int64_t) HWY_ATTR {
        const FloatVector below = greaterOf(lowest, hn::Sub(v, most));
        const FloatVector shift = hn::Floor(hn::Div(below, period));
        const FloatVector r = hn::Sub(below, hn::Mul(period, shift));
        const auto exponent = hn::ConvertTo(di, hn::Sub(set(kShifts), shift));
        const FloatVector power = hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(exponent, hn::Set(di, 127))));
        const FloatVector polynomial = hn::Add(hn::Mul(r, hn::Add(r, linear)), constant);
        return greaterOf(hn::Zero(d), hn::Floor(hn::Mul(polynomial, power)));
    });
}

HWY_INLINE void logRound(const float *x, float *out, int64_t n, float sum, int32_t codes)
{
    const FloatTag d;
    const hn::RebindToSigned<FloatTag> di;
    const FloatVector total = set(sum);
    const auto last = hn::Set(di, codes - 1);
    forEachValue(x, out, n, [&](FloatVector exponential, int64_t) HWY_ATTR {
        const FloatVector reciprocal = hn::Round(hn::Div(total, exponential));
        // floor(log2 R), plus one from 1.5 * 2^floor on: add half of the mantissa's range, take the exponent.
        const auto log = hn::Sub(hn::ShiftRight<23>(hn::Add(hn::BitCast(di, reciprocal), hn::Set(di, 0x400000))),
                                 hn::Set(di, 127));
        const auto clamped = hn::Max(log, hn::Zero(di));
        const auto power = hn::ShiftLeft<23>(hn::Sub(hn::Set(di, 127), hn::Min(clamped, hn::Set(di, 126))));
        const auto value = hn::IfThenZeroElse(hn::Gt(clamped, last), power);
        return hn::IfThenElse(hn::Eq(reciprocal, reciprocal), hn::BitCast(d, value), reciprocal);
    });
}

void logIntSoftmaxRows(const float *in, float *out, int64_t rows, int64_t length, const IntegerExponential &exponential,
                       int32_t codes, const ScorePreparation *preparation, float *work)
{
    for (int64_t r = 0; r < rows; ++r, in += length, out += length) {
        const float largest = toSteps(in, work, length, exponential.scale, preparation);
        exponentials(work, length, largest, exponential);
        logRound(work, out, length, rowSum(work, length), codes);
    }
}

} // namespace
} // namespace quantoscope::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace quantoscope::kernels {

HWY_EXPORT(rowSum);
HWY_EXPORT(rowSumOfSquares);
HWY_EXPORT(toCommonGrid);
HWY_EXPORT(integerAffine);
HWY_EXPORT(logIntSoftmaxRows);

float rowSum(const float *x, int64_t n)
{
    return HWY_DYNAMIC_DISPATCH(rowSum)(x, n);
}

float rowSumOfSquares(const float *x, int64_t n)
{
    return HWY_DYNAMIC_DISPATCH(rowSumOfSquares)(x, n);
}

void toCommonGrid(const float *in, float *out, int64_t channels, const NormChannels &norm)
{
    HWY_DYNAMIC_DISPATCH(toCommonGrid)(in, out, channels, norm);
}

void integerAffine(const float *codes, float *out, int64_t channels, float scaleOverDeviation, float meanOverDeviation,
                   float outScale, const NormChannels &norm)
{
    HWY_DYNAMIC_DISPATCH(integerAffine)(codes, out, channels, scaleOverDeviation, meanOverDeviation, outScale, norm);
}

void logIntSoftmaxRows(const float *in, float *out, int64_t rows, int64_t length, const IntegerExponential &exponential,
                       int32_t codes, const ScorePreparation *preparation, float *work)
{
    HWY_DYNAMIC_DISPATCH(logIntSoftmaxRows)(in, out, rows, length, exponential, codes, preparation, work);
}

} // namespace quantoscope::kernels
#endif
