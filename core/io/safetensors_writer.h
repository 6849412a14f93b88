// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/io/tensor_store.h"

#include <map>
#include <string>

namespace quantoscope {

/// Writes `tensors` as safetensors, atomically, every tensor aligned to its element size. The same input gives the same
/// bytes. `metadata` is free text for people. Names and metadata are UTF-8.
/// Errors: Usage (bytes that do not fit type and shape, no tensors, a reserved or non-UTF-8 name), Io with the reason.
[[nodiscard]] Result<void> writeSafetensors(const std::string &path, const TensorStore::Tensors &tensors,
                                            const std::map<std::string, std::string> &metadata = {});

} // namespace quantoscope
