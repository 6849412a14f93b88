// SPDX-License-Identifier: GPL-3.0-or-later
// A calibrated model as an ONNX file with QuantizeLinear and DequantizeLinear (QDQ), which ONNX Runtime, TensorRT and others
// run with integer kernels where they have them. Any thread.
#pragma once

#include "core/base/result.h"
#include "core/base/run_control.h"
#include "core/data/run_record.h"
#include "core/models/model.h"
#include "core/quantization/plan_export.h"

#include <cstdint>
#include <string>
#include <vector>

namespace quantoscope {

/// Name of the form beside those of planFormats().
inline constexpr char kOnnxFormat[] = "onnx";

struct OnnxExport {
    int64_t bytes = 0;     ///< of the file
    int quantized = 0;     ///< taps with a pair
    std::vector<NotExpressed> notExpressed; ///< taps of the plan that stay float in the file, or lose a detail
    [[nodiscard]] size_t tapsNotExpressed() const;
};

/// Writes `model` with the quantizers of `subject`, whose taps are the model's own, to `path`, which is replaced at once or
/// not at all. Input "image": float32 [batch, 3, size, size], preprocessed as the file's metadata say; output "logits":
/// float32 [batch, classes]. Opset 17.
///
/// Uniform quantizers become pairs with the run's scales and zero points, weights codes of 8 bit integers. QuantizeLinear
/// rounds x/s and then adds the zero point; FQ-ViT's arithmetic rounds x/s + z, so that values at the middle of two codes may
/// differ by one: Arithmetic::Torch simulates what the file does. Log2, log-int-softmax and twin-uniform quantizers are no such pairs: those values stay float, and
/// integer LayerNorm becomes float LayerNorm with the same result grid. `notExpressed` and the file's metadata list them.
///
/// Errors: BadInput (taps of another model; a quantized tap without scale: take a calibrated run), Unsupported (larger than
/// the 2 GB that one ONNX file may have), Internal (ONNX' own checker refuses it), Io, Cancelled.
[[nodiscard]] Result<OnnxExport> exportOnnx(const Model &model, const PlanSubject &subject, const std::string &path,
                                            const CancelToken &cancel = {});

/// What a run's model is: float runs become float models. Also BadInput: `model` is not that of the run.
[[nodiscard]] Result<OnnxExport> exportOnnx(const Model &model, const RunRecord &run, const std::string &path,
                                            const CancelToken &cancel = {});

} // namespace quantoscope
