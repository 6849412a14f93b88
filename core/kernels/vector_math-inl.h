// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernels share, compiled once for each instruction set (so the guard is Highway's, not #pragma once).
#if defined(QUANTOSCOPE_VECTOR_MATH_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef QUANTOSCOPE_VECTOR_MATH_INL_H
#undef QUANTOSCOPE_VECTOR_MATH_INL_H
#else
#define QUANTOSCOPE_VECTOR_MATH_INL_H
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace quantoscope::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using FloatTag = hn::ScalableTag<float>;
using FloatVector = hn::Vec<FloatTag>;

#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
#define QUANTOSCOPE_MIN_RETURNS_SECOND 1 // of two values where one is NaN: the instruction is defined so
#else
#define QUANTOSCOPE_MIN_RETURNS_SECOND 0
#endif

/// v < other ? v : other, so that a NaN in `v` yields `other` and one in `other` stays.
template <typename V>
HWY_INLINE V lesserOf(V v, V other)
{
#if QUANTOSCOPE_MIN_RETURNS_SECOND
    return hn::Min(v, other);
#else
    return hn::IfThenElse(hn::Lt(v, other), v, other);
#endif
}

/// v > other ? v : other.
template <typename V>
HWY_INLINE V greaterOf(V v, V other)
{
#if QUANTOSCOPE_MIN_RETURNS_SECOND
    return hn::Max(v, other);
#else
    return hn::IfThenElse(hn::Gt(v, other), v, other);
#endif
}

/// Whole number next to v after clamping to whole numbers [lowest, highest], half to even, which equals rounding first and
/// clamping then. Adding and taking away 1.5 * 2^23 rounds all |v| < 2^22. NaN stays; a zero is
/// positive.
template <typename V>
HWY_INLINE V roundWithin(V v, V lowest, V highest)
{
    const V magic = hn::Set(hn::DFromV<V>(), 12582912.0F);
    const V clamped = lesserOf(highest, greaterOf(lowest, v));
    return hn::Sub(hn::Add(clamped, magic), magic);
}

/// Half to even; a zero is positive, as roundWithin() has it, because instruction sets differ there.
template <typename V>
HWY_INLINE V rounded(V v)
{
    return hn::Add(hn::Round(v), hn::Zero(hn::DFromV<V>()));
}

/// out[i] = f(a[i], b[i], i) for i < n, a vector at a time; the rest passes through padded copies. `out` may be an input.
template <typename Function>
HWY_INLINE void forEachPair(const float *a, const float *b, float *out, int64_t n, const Function &f)
{
    const FloatTag d;
    const auto lanes = static_cast<int64_t>(hn::Lanes(d));
    int64_t i = 0;
    for (; i + lanes <= n; i += lanes)
        hn::StoreU(f(hn::LoadU(d, a + i), hn::LoadU(d, b + i), i), d, out + i);
    if (i == n)
        return;
    HWY_ALIGN float restA[hn::MaxLanes(d)] = {};
    HWY_ALIGN float restB[hn::MaxLanes(d)] = {};
    std::copy(a + i, a + n, restA);
    std::copy(b + i, b + n, restB);
    hn::Store(f(hn::Load(d, restA), hn::Load(d, restB), i), d, restA);
    std::copy(restA, restA + (n - i), out + i);
}

/// out[i] = f(in[i], i) in the same way.
template <typename Function>
HWY_INLINE void forEachValue(const float *in, float *out, int64_t n, const Function &f)
{
    forEachPair(in, in, out, n, [&](FloatVector v, FloatVector, int64_t i) HWY_ATTR { return f(v, i); });
}

#undef QUANTOSCOPE_MIN_RETURNS_SECOND

} // namespace quantoscope::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
