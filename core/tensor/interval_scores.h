// SPDX-License-Identifier: GPL-3.0-or-later
// How near a product's quantized output comes to the float one (PTQ4ViT, specification 5.4). Private to core/tensor.
#pragma once

#include "core/data/quantization.h"

#include <cstdint>

namespace quantoscope {

/// Where the values of one score lie in a module's output: a sum over images of means over rows and features.
struct ScoreLayout {
    int64_t images, groups, rows, features;
    int64_t imageStride, groupStride, rowStride, featureStride;
};

/// scores[image * groups + group] = sum over rows of the row's score, for all images of the layout. `x` is the float
/// output, `y` the quantized one, `g` the loss' gradient (Hessian only, else null). Larger is nearer. Any thread.
void scoreImages(SearchMetric metric, const ScoreLayout &layout, const float *x, const float *y, const float *g,
                 double *scores);

} // namespace quantoscope
