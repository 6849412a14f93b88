// SPDX-License-Identifier: GPL-3.0-or-later
// Adds up the error between a tensor and its quantized self: in all, per channel and per token.
#pragma once

#include "core/data/statistics.h"
#include "core/data/tensor_view.h"

#include <vector>

namespace quantoscope {

/// How the values of one image lie: `tokens` rows of `width` values for each of `outer` leading entries, and that for each of
/// `windows`. Channels are the last axis (channelFirst false, outer 1) or the leading one (heads, colours: channelFirst
/// true).
struct ErrorAxes {
    int64_t outer = 1;
    int64_t tokens = 1;
    int64_t width = 1;
    bool channelFirst = false;
    int64_t windows = 1;

    /// Of an activation [images * windows, ...] with two to four axes; `channelFirst` for the four-dimensional ones, as
    /// observers see them. Weights [out, ...]: channels are the first axis and count as tokens of nothing.
    [[nodiscard]] static ErrorAxes ofActivation(const std::vector<int64_t> &shape, int64_t windows = 1);
    [[nodiscard]] static ErrorAxes ofWeight(const std::vector<int64_t> &shape);
    [[nodiscard]] int64_t channels() const { return channelFirst ? outer : width; }
    [[nodiscard]] int64_t perImage() const { return windows * outer * tokens * width; }
};

/// Not thread-safe; adds with all threads. Sums are double; the result does not depend on how images fall into batches
/// beyond their rounding.
class ErrorSums {
public:
    /// Compares `images` images of float values x with quantized values y.
    void add(const ErrorAxes &axes, const float *x, const float *y, int64_t images);

    /// Cosine: per image, averaged over images.
    [[nodiscard]] ErrorMetrics metrics() const;
    /// One per channel, and per token (window after window), over all images; the cosine is that of all values together.
    [[nodiscard]] std::vector<ErrorMetrics> perChannel() const;
    [[nodiscard]] std::vector<ErrorMetrics> perToken() const;
    /// Sums of (x-y)^2 and of x^2, one per image in the order of add().
    [[nodiscard]] const std::vector<double> &perImageError() const { return m_imageErrors; }
    [[nodiscard]] const std::vector<double> &perImageSignal() const { return m_imageSignals; }
    [[nodiscard]] int64_t values() const { return m_values; }

private:
    struct Sums {
        double xx = 0;
        double yy = 0;
        double xy = 0;
        double error = 0;
        Sums &operator+=(const Sums &other);
        [[nodiscard]] double cosine() const;
        [[nodiscard]] ErrorMetrics metrics(int64_t values, double cosine) const;
    };
    [[nodiscard]] std::vector<ErrorMetrics> metricsOf(const std::vector<Sums> &sums) const;

    Sums m_total;
    std::vector<Sums> m_channels;
    std::vector<Sums> m_tokens;
    std::vector<double> m_imageErrors;
    std::vector<double> m_imageSignals;
    double m_cosines = 0;
    int64_t m_values = 0;
    int64_t m_images = 0;
};

/// Adds the sums of `rows` rows of `width` quantized attention weights. Not thread-safe.
void addRowSums(RowSums &sums, const float *quantized, int64_t rows, int64_t width);

} // namespace quantoscope
