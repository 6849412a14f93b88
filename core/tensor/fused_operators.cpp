// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/fused_operators.h"

#include "core/quantization/fake_quantize.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace quantoscope {

void geluBetween(at::Tensor &x, const QuantizerParameters &before, const QuantizerParameters *after)
{
    std::vector<float> table = valuesOf(before);
    const at::Tensor argument = at::from_blob(table.data(), {static_cast<int64_t>(table.size())}, at::kFloat);
    const at::Tensor result = at::gelu(argument);
    std::copy_n(result.data_ptr<float>(), table.size(), table.data());
    if (after)
        fakeQuantizeRow(*after, table.data(), table.data(), static_cast<int64_t>(table.size()));
    fakeQuantizeThrough(before, table, x.data_ptr<float>(), x.data_ptr<float>(), x.numel());
}

bool canQuantizeSum(const at::Tensor &a, const at::Tensor &b, const QuantizerParameters &parameters, int64_t run)
{
    return a.is_cpu() && b.is_cpu() && a.sizes() == b.sizes() && a.is_contiguous() && b.is_contiguous()
        && canFakeQuantizeSums(parameters, run);
}

at::Tensor quantizedSum(const at::Tensor &a, const at::Tensor &b, const QuantizerParameters &parameters)
{
    at::Tensor out = at::empty_like(a);
    fakeQuantizeSums(parameters, a.data_ptr<float>(), b.data_ptr<float>(), out.data_ptr<float>(), a.numel());
    return out;
}

} // namespace quantoscope
