// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bench_machine.h"

#include "core/base/parallel.h"
#include "core/tensor/matrix_rate.h"
#include "tests/bench/bench_tools.h"

#include <fstream>

namespace quantoscope::bench {

namespace {

/// The first `field: value` of a file of such lines.
std::string valueOf(const std::string &file, const std::string &field)
{
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
        if (line.compare(0, field.size(), field) != 0)
            continue;
        const size_t begin = line.find_first_not_of(": \t", field.size());
        return begin == std::string::npos ? std::string() : line.substr(begin);
    }
    return {};
}

} // namespace

Ceilings measureCeilings(const std::string &device, int threads, int repeats)
{
    omp_set_num_threads(threads);
    Ceilings ceilings;
    ceilings.side = device == "cpu" ? 1024 : 8192;
    const ProductShape square{1, ceilings.side, ceilings.side, ceilings.side, 2};
    ceilings.gflops = 1e-9 * square.operations() / productSeconds(square, 2 * repeats, device);
    constexpr size_t kValues = size_t{1} << 25; // 128 MiB an array
    const double bytes = 3 * sizeof(float) * static_cast<double>(kValues);
    if (device != "cpu") {
        ceilings.gigabytes = 1e-9 * bytes / triadSeconds(static_cast<int64_t>(kValues), repeats, device);
        return ceilings;
    }
    std::vector<float> a(kValues), b(kValues, 1.0F), c(kValues, 2.0F);
    const double seconds = leastSeconds(repeats, [&] {
        parallelRanges(static_cast<int64_t>(kValues), 4096, [&](int64_t begin, int64_t end, int) {
            for (int64_t i = begin; i < end; ++i)
                a[static_cast<size_t>(i)] = b[static_cast<size_t>(i)] + 3.0F * c[static_cast<size_t>(i)];
        });
    });
    ceilings.gigabytes = 1e-9 * bytes / seconds;
    return ceilings;
}

std::string processorName()
{
    return valueOf("/proc/cpuinfo", "model name");
}

double statusMegabytes(const std::string &field)
{
    const std::string value = valueOf("/proc/self/status", field);
    return value.empty() ? 0 : std::stod(value) / 1024;
}

} // namespace quantoscope::bench
