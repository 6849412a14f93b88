// SPDX-License-Identifier: GPL-3.0-or-later
// Reader of the safetensors container; private to core/io (openTensorStore is the public door).
#pragma once

#include "core/io/checkpoint_reader.h"

namespace quantoscope {

/// Whether the beginning looks like safetensors: a 64-bit header length below 2^48 and the header's opening brace.
[[nodiscard]] bool looksLikeSafetensors(std::span<const std::byte> bytes);

/// Strict: the tensors cover the data without overlap, gap or rest; each range has the size that type and shape ask
/// for; no name or field occurs twice. Errors: CorruptFile, Unsupported (a tensor type of the format unknown here),
/// NotFound (`key`: there are no entries).
[[nodiscard]] Result<CheckpointContents> readSafetensors(const std::shared_ptr<const MappedFile> &file,
                                                         const std::string &key);

} // namespace quantoscope
