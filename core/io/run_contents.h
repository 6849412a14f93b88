// SPDX-License-Identifier: GPL-3.0-or-later
// A run as a group of an HDF5 file: the root of a run file, or a part of a project. Private to core/io.
#pragma once

#include "core/data/run_record.h"
#include "core/io/hdf5_archive.h"

#include <string>

namespace quantoscope::hdf5 {

/// Format version of new runs; a group that is no run's own has all of its fields.
inline constexpr int latestVersion = 3;

/// Format marks and everything of the run. A record that contradicts itself goes to Status as Internal.
void writeRun(WriteGroup &group, const RunRecord &run);

/// Reads what writeRun wrote, after looking at the format marks; sets the format version of Status. `file` is named in
/// errors. Errors: CorruptFile, Unsupported (a newer format).
[[nodiscard]] Result<RunRecord> readRun(ReadGroup &group, const std::string &file);

/// An HDF5 file that was opened and checked for reading; `read` gets its root. Errors: NotFound, Unsupported, CorruptFile,
/// Internal (memory), those that Status holds afterwards and those of `read`.
[[nodiscard]] Result<void> readFile(const std::string &path, const char *what,
                                    const std::function<Result<void>(ReadGroup &)> &read);

/// The file that `write` fills, put in place atomically. Errors: Io, and those that Status holds afterwards.
[[nodiscard]] Result<void> replaceFile(const std::string &path, const std::function<void(WriteGroup &)> &write);

} // namespace quantoscope::hdf5
