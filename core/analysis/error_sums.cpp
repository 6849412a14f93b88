// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/error_sums.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantoscope {

ErrorAxes ErrorAxes::ofActivation(const std::vector<int64_t> &shape, int64_t windows)
{
    ErrorAxes axes;
    if (shape.size() == 4) {
        axes = {shape[1], shape[2], shape[3], true};
    } else {
        axes.width = shape.back();
        for (size_t i = 1; i + 1 < shape.size(); ++i)
            axes.tokens *= shape[i];
    }
    axes.windows = windows;
    return axes;
}

ErrorAxes ErrorAxes::ofWeight(const std::vector<int64_t> &shape)
{
    ErrorAxes axes;
    axes.channelFirst = true;
    axes.outer = shape.front();
    for (size_t i = 1; i < shape.size(); ++i)
        axes.width *= shape[i];
    return axes;
}

ErrorSums::Sums &ErrorSums::Sums::operator+=(const Sums &other)
{
    xx += other.xx;
    yy += other.yy;
    xy += other.xy;
    error += other.error;
    return *this;
}

double ErrorSums::Sums::cosine() const
{
    const double norm = std::sqrt(xx * yy);
    return norm > 0 ? xy / norm : (xx == yy ? 1.0 : 0.0);
}

ErrorMetrics ErrorSums::Sums::metrics(int64_t values, double cosine) const
{
    ErrorMetrics m;
    m.mse = values > 0 ? error / static_cast<double>(values) : 0;
    m.nmse = error == 0 ? 0 : error / xx;
    m.sqnrDb = error == 0 ? std::numeric_limits<double>::infinity() : 10 * std::log10(xx / error);
    m.cosine = cosine;
    return m;
}

void ErrorSums::add(const ErrorAxes &axes, const float *x, const float *y, int64_t images)
{
    m_channels.resize(static_cast<size_t>(axes.channels()));
    m_tokens.resize(static_cast<size_t>(axes.windows * axes.tokens));
    const auto parts = static_cast<size_t>(parallelThreads());
    const int64_t rows = axes.windows * axes.outer * axes.tokens;
    for (int64_t image = 0; image < images; ++image, x += axes.perImage(), y += axes.perImage()) {
        std::vector<std::vector<Sums>> channels(parts);
        std::vector<std::vector<Sums>> tokens(parts);
        parallelRanges(rows, 8, [&](int64_t begin, int64_t end, int part) {
            std::vector<Sums> &ofChannel = channels[static_cast<size_t>(part)];
            std::vector<Sums> &ofToken = tokens[static_cast<size_t>(part)];
            ofChannel.resize(m_channels.size());
            ofToken.resize(m_tokens.size());
            for (int64_t row = begin; row < end; ++row) {
                Sums ofRow;
                for (int64_t i = 0; i < axes.width; ++i) {
                    const auto a = static_cast<double>(x[row * axes.width + i]);
                    const auto b = static_cast<double>(y[row * axes.width + i]);
                    const Sums one{a * a, b * b, a * b, (a - b) * (a - b)};
                    ofRow += one;
                    if (!axes.channelFirst)
                        ofChannel[static_cast<size_t>(i)] += one;
                }
                const int64_t window = row / (axes.outer * axes.tokens);
                ofToken[static_cast<size_t>(window * axes.tokens + row % axes.tokens)] += ofRow;
                if (axes.channelFirst)
                    ofChannel[static_cast<size_t>(row / axes.tokens % axes.outer)] += ofRow;
            }
        });
        Sums ofImage;
        for (const std::vector<Sums> &part : tokens)
            for (size_t t = 0; t < part.size(); ++t) {
                m_tokens[t] += part[t];
                ofImage += part[t];
            }
        for (const std::vector<Sums> &part : channels)
            for (size_t c = 0; c < part.size(); ++c)
                m_channels[c] += part[c];
        m_total += ofImage;
        m_cosines += ofImage.cosine();
        m_imageErrors.push_back(ofImage.error);
        m_imageSignals.push_back(ofImage.xx);
        ++m_images;
        m_values += axes.perImage();
    }
}

ErrorMetrics ErrorSums::metrics() const
{
    return m_total.metrics(m_values, m_images > 0 ? m_cosines / static_cast<double>(m_images) : 1);
}

std::vector<ErrorMetrics> ErrorSums::metricsOf(const std::vector<Sums> &sums) const
{
    std::vector<ErrorMetrics> metrics;
    for (const Sums &one : sums)
        metrics.push_back(one.metrics(m_values / static_cast<int64_t>(sums.size()), one.cosine()));
    return metrics;
}

std::vector<ErrorMetrics> ErrorSums::perChannel() const
{
    return metricsOf(m_channels);
}

std::vector<ErrorMetrics> ErrorSums::perToken() const
{
    return metricsOf(m_tokens);
}

void addRowSums(RowSums &sums, const float *quantized, int64_t rows, int64_t width)
{
    sums.counts.resize(RowSums::kBins);
    double errors = sums.meanAbsoluteError * static_cast<double>(sums.rows);
    for (int64_t row = 0; row < rows; ++row) {
        double sum = 0;
        for (int64_t i = 0; i < width; ++i)
            sum += static_cast<double>(quantized[row * width + i]);
        sums.lowest = sums.rows + row == 0 ? sum : std::min(sums.lowest, sum);
        sums.highest = sums.rows + row == 0 ? sum : std::max(sums.highest, sum);
        errors += std::fabs(sum - 1);
        const double bin = sum / RowSums::kHighest * RowSums::kBins;
        ++sums.counts[static_cast<size_t>(std::clamp(bin, 0.0, RowSums::kBins - 1.0))];
    }
    sums.rows += rows;
    sums.meanAbsoluteError = sums.rows > 0 ? errors / static_cast<double>(sums.rows) : 0;
}

} // namespace quantoscope
