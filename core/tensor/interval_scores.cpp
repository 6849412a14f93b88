// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/interval_scores.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>

namespace quantoscope {

namespace {

constexpr int64_t kBlock = 64; // so many terms are summed in float32, the blocks in double

/// Sum of term(i) over [0, n).
template <typename Term>
[[gnu::always_inline]] inline double blockSum(int64_t n, Term term)
{
    double sum = 0;
    for (int64_t begin = 0; begin < n; begin += kBlock) {
        const int64_t end = std::min(n, begin + kBlock);
        float part = 0;
#pragma omp simd reduction(+ : part)
        for (int64_t i = begin; i < end; ++i)
            part += term(i);
        sum += static_cast<double>(part);
    }
    return sum;
}

/// Cosine of the angle between x and y after taking `meanX` and `meanY` off.
QUANTOSCOPE_KERNEL double cosine(const float *x, const float *y, int64_t n, int64_t stride, double meanX, double meanY)
{
    double xy = 0;
    double xx = 0;
    double yy = 0;
#pragma omp simd reduction(+ : xy, xx, yy)
    for (int64_t i = 0; i < n; ++i) {
        const double u = static_cast<double>(x[i * stride]) - meanX;
        const double v = static_cast<double>(y[i * stride]) - meanY;
        xy += u * v;
        xx += u * u;
        yy += v * v;
    }
    return xy / std::max(std::sqrt(xx) * std::sqrt(yy), 1e-8); // torch's floor of the norms
}

QUANTOSCOPE_KERNEL double pearson(const float *x, const float *y, int64_t n, int64_t stride)
{
    const double meanX = blockSum(n, [=](int64_t i) { return x[i * stride]; }) / static_cast<double>(n);
    const double meanY = blockSum(n, [=](int64_t i) { return y[i * stride]; }) / static_cast<double>(n);
    return cosine(x, y, n, stride, meanX, meanY);
}

QUANTOSCOPE_KERNEL double absolute(const float *x, const float *y, int64_t n, int64_t stride)
{
    return blockSum(n, [=](int64_t i) { return std::fabs(x[i * stride] - y[i * stride]); });
}

QUANTOSCOPE_KERNEL double squared(const float *x, const float *y, int64_t n, int64_t stride)
{
    return blockSum(n, [=](int64_t i) {
        const float d = x[i * stride] - y[i * stride];
        return d * d;
    });
}

QUANTOSCOPE_KERNEL double linearWeighted(const float *x, const float *y, int64_t n, int64_t stride)
{
    return blockSum(n, [=](int64_t i) {
        const float d = x[i * stride] - y[i * stride];
        return std::fabs(x[i * stride]) * d * d;
    });
}

/// The weight is x itself, or a gradient.
QUANTOSCOPE_KERNEL double squareWeighted(const float *x, const float *y, const float *weight, int64_t n, int64_t stride)
{
    return blockSum(n, [=](int64_t i) {
        const float weighted = weight[i * stride] * (x[i * stride] - y[i * stride]);
        return weighted * weighted;
    });
}

double rowScore(SearchMetric metric, const float *x, const float *y, const float *g, int64_t n, int64_t stride)
{
    const auto count = static_cast<double>(n);
    switch (metric) {
    case SearchMetric::Cosine: return cosine(x, y, n, stride, 0, 0);
    case SearchMetric::Pearson: return pearson(x, y, n, stride);
    case SearchMetric::L1: return -absolute(x, y, n, stride) / count;
    case SearchMetric::L2: return -squared(x, y, n, stride) / count;
    case SearchMetric::LinearWeightedL2: return -linearWeighted(x, y, n, stride) / count;
    case SearchMetric::SquareWeightedL2: return -squareWeighted(x, y, x, n, stride) / count;
    case SearchMetric::Hessian: break;
    }
    return -squareWeighted(x, y, g, n, stride) / count;
}

} // namespace

void scoreImages(SearchMetric metric, const ScoreLayout &l, const float *x, const float *y, const float *g, double *scores)
{
    for (int64_t image = 0; image < l.images; ++image) {
        for (int64_t group = 0; group < l.groups; ++group) {
            const int64_t base = image * l.imageStride + group * l.groupStride;
            double sum = 0;
            for (int64_t row = 0; row < l.rows; ++row) {
                const int64_t at = base + row * l.rowStride;
                sum += rowScore(metric, x + at, y + at, g ? g + at : nullptr, l.features, l.featureStride);
            }
            scores[image * l.groups + group] = sum;
        }
    }
}

} // namespace quantoscope
