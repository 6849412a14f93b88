// SPDX-License-Identifier: GPL-3.0-or-later
// What opening a file takes, so that somebody can be asked before it is done.
#pragma once

#include <QString>

#include <cstdint>
#include <string_view>

namespace quantoscope {

enum class OpenKind { Model, Run, Project };

/// Estimates from sizes alone, for a machine like that of tests/bench/README.md.
struct OpenCost {
    OpenKind kind = OpenKind::Model;
    uint64_t bytes = 0;       ///< of the file
    uint64_t memoryBytes = 0; ///< while it is worked with
    double seconds = 0;       ///< until it is open
};

/// A model: its file, the weights in float32 beside it, and room for a calibration, three times the file in all. Runs and
/// projects are uncompressed while they are read, twice the file.
[[nodiscard]] OpenCost openCost(OpenKind kind, uint64_t bytes);

/// Whether to ask before: more memory than half of what is available (0: unknown), or far larger than usual, which is 4 GB
/// for a model and 1 GB for a run or a project.
[[nodiscard]] bool isLarge(const OpenCost &cost, uint64_t availableMemory);

/// Bytes of a file; of a folder, those of the weights in it (safetensors, else bin). Looks at names and sizes only; 0 when
/// there is nothing.
[[nodiscard]] uint64_t bytesToOpen(const QString &path);

/// Bytes that programs can have without anything being swapped; 0: the system does not tell. Reads /proc/meminfo.
[[nodiscard]] uint64_t availableMemory();
/// Of the text of /proc/meminfo; 0 when it does not say.
[[nodiscard]] uint64_t parseAvailableMemory(std::string_view text);

} // namespace quantoscope
