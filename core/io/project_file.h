// SPDX-License-Identifier: GPL-3.0-or-later
// The project file: one HDF5 file per session (layout documented in README.md, section "Project file").
#pragma once

#include "core/base/result.h"
#include "core/data/project.h"

#include <string>

namespace quantoscope {

/// Writes `project` with its runs to `path` atomically, as writeRunFile does. Errors: Io, Internal.
[[nodiscard]] Result<void> writeProjectFile(const Project &project, const std::string &path);

/// Reads a project file; trusts nothing in it. Errors: NotFound, CorruptFile, Unsupported (newer format).
[[nodiscard]] Result<Project> readProjectFile(const std::string &path);

} // namespace quantoscope
