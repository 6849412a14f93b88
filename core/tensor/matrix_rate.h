// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/graph.h"

namespace quantoscope {

/// GFLOP/s of bare float matrix products in exactly the shapes that one forward pass of `images` images needs (every
/// linear layer, the patch convolution as a product, both attention products), each as often as it occurs, on the
/// threads that LibTorch uses now. The upper bound of what the model can reach on this machine. Best of `repeats`.
[[nodiscard]] double matrixRate(const Graph &graph, int images, int repeats);

} // namespace quantoscope
