// SPDX-License-Identifier: GPL-3.0-or-later
// Checks on values, which a container's reader does not look at.
#pragma once

#include "core/io/tensor_store.h"

#include <optional>
#include <string>

namespace quantoscope {

/// The first NaN or infinity of the floating tensors, in order of names and then of elements, as
/// "blocks.0.mlp.fc1.weight[3, 5] is NaN"; nothing when all are finite as float32. Reads every floating value once, on all
/// threads.
[[nodiscard]] std::optional<std::string> firstNonFinite(const TensorStore &store);

} // namespace quantoscope
