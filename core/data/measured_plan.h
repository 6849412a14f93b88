// SPDX-License-Identifier: GPL-3.0-or-later
// A precision plan that was run on images.
#pragma once

#include "core/data/evaluation.h"

#include <cstdint>
#include <string>

namespace quantoscope {

/// What running a plan showed.
struct PointMeasurement {
    int64_t images = 0;
    double kl = 0;              ///< mean KL(float || quantized) of softmax(logits), nats
    double klStandardError = 0;
    double agreement = 0;       ///< percent of images with the float model's top-1 class
    int64_t labelled = 0;
    double top1 = 0;            ///< percent of the labelled images; meaningless without any
    Interval top1Interval;      ///< Wilson 95 %, percent
};

struct MeasuredPlan {
    std::string planJson;
    PointMeasurement figures;
};

} // namespace quantoscope
