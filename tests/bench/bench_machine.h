// SPDX-License-Identifier: GPL-3.0-or-later
// What the machine can do at most: the two ceilings of a roofline.
#pragma once

#include <string>

namespace quantoscope::bench {

struct Ceilings {
    double gflops = 0;    ///< float product of 1024 x 1024 matrices
    double gigabytes = 0; ///< a second, STREAM triad a = b + s c on arrays far beyond the caches
};

/// On `threads` threads, best of `repeats`.
[[nodiscard]] Ceilings measureCeilings(int threads, int repeats);

[[nodiscard]] std::string processorName();

/// Megabytes from /proc/self/status, e.g. "VmHWM" or "RssAnon"; 0 where the line is missing.
[[nodiscard]] double statusMegabytes(const std::string &field);

} // namespace quantoscope::bench
