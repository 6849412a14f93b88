// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/position_embedding.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace quantoscope {

namespace {

/// Four neighbours along one axis and their weights (cubic convolution, Keys 1981).
struct Neighbours {
    std::array<int64_t, 4> place;
    std::array<double, 4> weight;
};

Neighbours neighbours(int64_t target, int64_t from, int64_t to)
{
    constexpr double a = -0.75;
    const double place = (static_cast<double>(target) + 0.5) * static_cast<double>(from) / static_cast<double>(to) - 0.5;
    const double below = std::floor(place);
    Neighbours result{};
    for (size_t k = 0; k < 4; ++k) {
        const double x = std::fabs(place - below - (static_cast<double>(k) - 1));
        result.weight[k] = x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
        result.place[k]
            = std::clamp<int64_t>(static_cast<int64_t>(below) + static_cast<int64_t>(k) - 1, 0, from - 1);
    }
    return result;
}

} // namespace

std::vector<float> resampledPositions(const std::vector<float> &positions, int64_t tokens, int64_t from, int64_t to,
                                      int64_t width)
{
    std::vector<float> result(positions.begin(), positions.begin() + tokens * width);
    result.reserve(static_cast<size_t>((tokens + to * to) * width));
    const float *grid = positions.data() + tokens * width;
    for (int64_t y = 0; y < to; ++y) {
        const Neighbours rows = neighbours(y, from, to);
        for (int64_t x = 0; x < to; ++x) {
            const Neighbours columns = neighbours(x, from, to);
            for (int64_t c = 0; c < width; ++c) {
                double sum = 0;
                for (size_t i = 0; i < 4; ++i)
                    for (size_t j = 0; j < 4; ++j)
                        sum += rows.weight[i] * columns.weight[j]
                             * static_cast<double>(grid[(rows.place[i] * from + columns.place[j]) * width + c]);
                result.push_back(static_cast<float>(sum));
            }
        }
    }
    return result;
}

} // namespace quantoscope
