// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/attention.h"

namespace quantoscope {

const char *name(AttentionKind kind)
{
    return kind == AttentionKind::ClassToken ? "class-token" : "received";
}

std::vector<float> AttentionLayer::map(const std::vector<float> &maps, int heads, int head)
{
    const size_t plane = heads > 0 ? maps.size() / static_cast<size_t>(heads) : 0;
    if (head >= 0 && head < heads) {
        const auto begin = maps.begin() + static_cast<std::ptrdiff_t>(plane) * head;
        return {begin, begin + static_cast<std::ptrdiff_t>(plane)};
    }
    std::vector<float> mean(plane);
    for (size_t i = 0; i < plane; ++i) {
        double sum = 0;
        for (size_t h = 0; h < static_cast<size_t>(heads); ++h)
            sum += static_cast<double>(maps[h * plane + i]);
        mean[i] = static_cast<float>(sum / heads);
    }
    return mean;
}

} // namespace quantoscope
