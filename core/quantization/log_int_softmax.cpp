// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/log_int_softmax.h"

#include "core/base/parallel.h"
#include "core/quantization/fake_quantize.h"

#include <cmath>
#include <optional>
#include <vector>

namespace quantoscope {

namespace {

// i-exp (Kim et al. 2021, I-BERT): exp(p) ~ a (p + b)^2 + c as a (p^2 + (b/a') p + c/a'), with the program's constants.
constexpr double kA = 0.35815147;
constexpr double kB = 0.96963238;
constexpr double kC = 1.0;
constexpr float kLn2 = 0.6931F;

} // namespace

kernels::IntegerExponential integerExponential(float scale, Arithmetic arithmetic)
{
    // torch's scalar / tensor multiplies by the reciprocal, TensorFlow's divides; that moves some of these floors.
    const auto quotient = [&](float a, float b) {
        return arithmetic == Arithmetic::TensorFlow ? a / b : (1.0F / b) * a;
    };
    return {scale, std::floor(quotient(-kLn2, scale)), std::floor(quotient(static_cast<float>(kB / kA), scale)),
            std::floor(quotient(static_cast<float>(kC / kA), scale * scale))};
}

int32_t integerSoftmaxCodes(int bits)
{
    constexpr int32_t kInfinite = 128;
    return bits > 7 ? kInfinite : 1 << bits;
}

void logIntSoftmax(const float *in, float *out, int64_t rows, int64_t length, float scale, int bits, Arithmetic arithmetic,
                   const RawScores *raw)
{
    const kernels::IntegerExponential exponential = integerExponential(scale, arithmetic);
    const int32_t codes = integerSoftmaxCodes(bits);
    std::optional<kernels::ScorePreparation> preparation;
    if (raw)
        preparation = {raw->factor, uniformGrid(raw->quantizer)};
    parallelRanges(rows, 16, [&](int64_t begin, int64_t end, int) {
        std::vector<float> work(static_cast<size_t>(length));
        kernels::logIntSoftmaxRows(in + begin * length, out + begin * length, end - begin, length, exponential, codes,
                                   preparation ? &*preparation : nullptr, work.data());
    });
}

bool hasIntegerSoftmaxSteps(float scale, Arithmetic arithmetic)
{
    return integerExponential(scale, arithmetic).constant >= 1;
}

std::vector<std::string> scoresWithoutSteps(const RunRecord &run)
{
    std::vector<std::string> paths;
    const TapRecord *scores = nullptr; // those of the same block, with the position bias where there is one
    for (const TapRecord &tap : run.taps) {
        if (tap.tap.role == Role::Scores)
            scores = &tap;
        if (tap.parameters.kind == QuantizerKind::LogIntSoftmax && scores && !scores->parameters.scale.empty()
            && !hasIntegerSoftmaxSteps(scores->parameters.scale[0], tap.parameters.arithmetic))
            paths.push_back(scores->tap.path);
    }
    return paths;
}

} // namespace quantoscope
