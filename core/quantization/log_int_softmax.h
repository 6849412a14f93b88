// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/quantization.h"
#include "core/data/run_record.h"
#include "core/kernels/integer_rows.h"

#include <cstdint>
#include <string>
#include <vector>

namespace quantoscope {

/// Products of query and key that are not scores yet: x' = fakeQuantize(x * factor), for quantizers that hasFewValues().
struct RawScores {
    float factor = 1;
    const QuantizerParameters &quantizer;
};

/// Integer softmax with log2 output, LIS (Lin et al. 2022, FQ-ViT, section 3.3; specification 4.3), over rows of
/// `length` scores. `scale` is the scores' quantizer scale; scores need not lie on its grid (they do not in the last
/// calibration batch). Output values are 0 or 2^-k with k < 2^bits; kUnlimitedBits leaves no limit but float32's (k < 127),
/// as in the TensorFlow port (4.6), whose constants Arithmetic::TensorFlow computes. With `raw`, `in` holds
/// products and becomes scores in the same scan. `in` and `out` may be equal. Threads: OpenMP.
void logIntSoftmax(const float *in, float *out, int64_t rows, int64_t length, float scale, int bits,
                   Arithmetic arithmetic = Arithmetic::FqViT, const RawScores *raw = nullptr);

/// The constants behind it: of the exponential, and how many codes `bits` leave (never the reciprocal of 0, whose exponent is
/// 128).
[[nodiscard]] kernels::IntegerExponential integerExponential(float scale, Arithmetic arithmetic);
[[nodiscard]] int32_t integerSoftmaxCodes(int bits);

/// Whether the integer exponential of a row's largest score is above zero at this scale. Scores of few bits have scales
/// (above some 1.67) at which every exponential is floor(2.79 / scale^2) = 0, and the kernel divides zero by zero as the
/// published program does: its rows are NaN.
[[nodiscard]] bool hasIntegerSoftmaxSteps(float scale, Arithmetic arithmetic);
/// Paths of the run's score taps at whose scales an integer softmax has no steps, in network order.
[[nodiscard]] std::vector<std::string> scoresWithoutSteps(const RunRecord &run);

} // namespace quantoscope
