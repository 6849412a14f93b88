// SPDX-License-Identifier: GPL-3.0-or-later
// The run file: one HDF5 file per run (layout documented in README.md, section "Run file").
#pragma once

#include "core/base/result.h"
#include "core/data/run_record.h"

#include <string>

namespace quantoscope {

/// Writes `run` to `path` atomically: beside it first, synced, then renamed over it, so that a crash or a full disk
/// leaves either the old file or the complete new one. Errors: Io with the reason ("No space left on device").
[[nodiscard]] Result<void> writeRunFile(const RunRecord &run, const std::string &path);

/// Reads a run file written by this or an earlier version. Errors: NotFound, CorruptFile, Unsupported (newer format).
[[nodiscard]] Result<RunRecord> readRunFile(const std::string &path);

} // namespace quantoscope
