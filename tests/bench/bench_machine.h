// SPDX-License-Identifier: GPL-3.0-or-later
// What the machine can do at most: the two ceilings of a roofline.
#pragma once

#include <string>

namespace quantoscope::bench {

struct Ceilings {
    int side = 1024;      ///< of the product's matrices; 8192 on a GPU, which smaller ones do not fill
    double gflops = 0;    ///< float product of side x side matrices
    double gigabytes = 0; ///< a second, STREAM triad a = b + s c on arrays far beyond the caches
};

/// Of `device`; on the CPU of `threads` threads. Best of `repeats`.
[[nodiscard]] Ceilings measureCeilings(const std::string &device, int threads, int repeats);

[[nodiscard]] std::string processorName();

/// Megabytes from /proc/self/status, e.g. "VmHWM" or "RssAnon"; 0 where the line is missing.
[[nodiscard]] double statusMegabytes(const std::string &field);

} // namespace quantoscope::bench
