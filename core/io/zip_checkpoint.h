// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints that are zip archives: PyTorch's (since 1.6) and NumPy's. Private to core/io.
#pragma once

#include "core/io/checkpoint_reader.h"
#include "core/io/zip_archive.h"

namespace quantoscope {

/// Tells the two apart by their members. Errors: CorruptFile, Unsupported (another archive), NotFound (key).
[[nodiscard]] Result<CheckpointContents> readZipCheckpoint(const std::shared_ptr<const MappedFile> &file,
                                                           const std::string &key);

/// `<root>/data.pkl` describes tensors over the records `<root>/data/<key>`. Stored records are used in place.
[[nodiscard]] Result<CheckpointContents> readTorchZip(const ZipArchive &archive, const std::shared_ptr<const MappedFile> &file,
                                                      const std::string &key);

/// Every member is an array, `<tensor>.npy`.
[[nodiscard]] Result<CheckpointContents> readNumpyArchive(const ZipArchive &archive,
                                                          const std::shared_ptr<const MappedFile> &file);

} // namespace quantoscope
