// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace quantoscope {

/// A contiguous, row-major float32 tensor somebody else owns; the first axis counts images (times
/// Node::windows) for activations.
struct TensorView {
    const float *data = nullptr;
    std::vector<int64_t> shape;

    [[nodiscard]] int64_t elements() const
    {
        int64_t n = 1;
        for (const int64_t extent : shape)
            n *= extent;
        return n;
    }
};

} // namespace quantoscope
