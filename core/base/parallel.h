// SPDX-License-Identifier: GPL-3.0-or-later
// Splits index ranges over OpenMP's threads, the pool that LibTorch uses too, so that both never compete.
#pragma once

#include <algorithm>
#include <cstdint>

#include <omp.h>

/// Kernels are compiled for AVX2 and for the baseline; the loader picks one. No FMA: contraction would change results.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define QUANTOSCOPE_KERNEL __attribute__((target_clones("avx2", "default")))
#else
#define QUANTOSCOPE_KERNEL
#endif

namespace quantoscope {

/// Threads a parallel region would use now.
[[nodiscard]] inline int parallelThreads()
{
    return omp_in_parallel() ? 1 : omp_get_max_threads();
}

/// Calls body(begin, end, part) on disjoint ranges that cover [0, n); `part` counts from 0 and is below
/// parallelThreads(). Ranges begin at multiples of `grain`.
template <typename Body>
void parallelRanges(int64_t n, int64_t grain, Body &&body)
{
    const int64_t pieces = (n + grain - 1) / grain;
    const int threads = static_cast<int>(std::min<int64_t>(parallelThreads(), pieces));
    if (threads <= 1) {
        if (n > 0)
            body(int64_t{0}, n, 0);
        return;
    }
    const int64_t step = (pieces + threads - 1) / threads * grain;
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (int part = 0; part < threads; ++part) {
        const int64_t begin = part * step;
        if (begin < n)
            body(begin, std::min(n, begin + step), part);
    }
}

} // namespace quantoscope
