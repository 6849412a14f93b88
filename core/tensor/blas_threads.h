// SPDX-License-Identifier: GPL-3.0-or-later
// Threads inside a matrix product of OpenBLAS, whose pool is its own. Other libraries follow OpenMP. Private to core/tensor.
#pragma once

extern "C" {
void openblas_set_num_threads(int threads) __attribute__((weak));
int openblas_get_num_threads() __attribute__((weak));
}

namespace quantoscope {

/// While it lives, products of any thread use that thread alone. One at a time in a process.
class OneBlasThread {
public:
    OneBlasThread()
    {
        if (openblas_set_num_threads && openblas_get_num_threads) {
            m_before = openblas_get_num_threads();
            openblas_set_num_threads(1);
        }
    }
    ~OneBlasThread()
    {
        if (m_before > 0)
            openblas_set_num_threads(m_before);
    }
    OneBlasThread(const OneBlasThread &) = delete;
    OneBlasThread &operator=(const OneBlasThread &) = delete;

private:
    int m_before = 0;
};

} // namespace quantoscope
