// SPDX-License-Identifier: GPL-3.0-or-later
// The border of LibTorch: nothing it throws leaves this room. Private to core/tensor.
#pragma once

#include "core/base/result.h"
#include "core/data/tensor_view.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include <exception>
#include <new>

namespace quantoscope {

/// Runs `body`; whatever the library throws becomes an error.
template <typename Body>
auto guardTorch(Body &&body) -> decltype(body())
{
    try {
        return body();
    } catch (const c10::Error &error) {
        return fail(ErrorCode::Internal, error.what_without_backtrace(), "LibTorch");
    } catch (const std::bad_alloc &) {
        return fail(ErrorCode::Internal, "out of memory", "LibTorch", "use a smaller batch");
    } catch (const std::exception &error) {
        return fail(ErrorCode::Internal, error.what(), "LibTorch");
    }
}

/// The same without gradients, which is faster.
template <typename Body>
auto guardInference(Body &&body) -> decltype(body())
{
    return guardTorch([&] {
        c10::InferenceMode inference;
        return body();
    });
}

/// A contiguous float tensor seen from outside; it must outlive the view.
[[nodiscard]] inline TensorView viewOf(const at::Tensor &tensor)
{
    return {tensor.data_ptr<float>(), tensor.sizes().vec()};
}

/// A view as a tensor over the same memory.
[[nodiscard]] inline at::Tensor tensorOf(const TensorView &view)
{
    return at::from_blob(const_cast<float *>(view.data), view.shape, at::kFloat);
}

} // namespace quantoscope
