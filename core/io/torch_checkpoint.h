// SPDX-License-Identifier: GPL-3.0-or-later
// PyTorch's format before 1.6: pickles one after the other, then the raw storages. Private to core/io.
#pragma once

#include "core/io/checkpoint_reader.h"

namespace quantoscope {

/// Tensors stay in the file. Errors: CorruptFile, Unsupported, NotFound (key).
[[nodiscard]] Result<CheckpointContents> readTorchLegacy(const std::shared_ptr<const MappedFile> &file,
                                                         const std::string &key);

} // namespace quantoscope
