// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/graph.h"

#include <string>
#include <vector>

namespace quantoscope {

/// GFLOP/s of bare float matrix products in exactly the shapes that one forward pass of `images` images needs (every
/// linear layer, the patch convolution as a product, both attention products), each as often as it occurs, on the
/// threads that LibTorch uses now. The upper bound of what the model can reach on this machine. Best of `repeats`. `device`
/// here and below: as ExecutorOptions has it, of which an executor exists; a measurement ends when the device is done.
[[nodiscard]] double matrixRate(const Graph &graph, int images, int repeats, const std::string &device = "cpu");

/// Products of one shape in such a pass: `count` at once of [rows, inner] x [inner, columns], `occurrences` times.
struct ProductShape {
    int64_t count = 1;
    int64_t rows = 0;
    int64_t inner = 0;
    int64_t columns = 0;
    int occurrences = 0;

    [[nodiscard]] double operations() const
    {
        return 2.0 * static_cast<double>(count * rows * inner * columns);
    }
};
[[nodiscard]] std::vector<ProductShape> productShapes(const Graph &graph, int images);
/// Seconds of one such product, best of `repeats`.
[[nodiscard]] double productSeconds(const ProductShape &shape, int repeats, const std::string &device = "cpu");

/// Seconds of a = b + 3 c on arrays of `values` floats in the device's memory, best of `repeats`.
[[nodiscard]] double triadSeconds(int64_t values, int repeats, const std::string &device);

} // namespace quantoscope
