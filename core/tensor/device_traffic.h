// SPDX-License-Identifier: GPL-3.0-or-later
// Counts what a run asks of its device. Private to core/tensor.
#pragma once

#include "core/tensor/executor.h"

#include <ATen/record_function.h>
#include <c10/core/DeviceType.h>

namespace quantoscope {

/// While it lives, counts the operators that LibTorch runs for the calling thread on devices of `type`: the innermost ones,
/// since outer ones are made of them, without views and allocations. One at a time on a thread.
class TrafficCounter {
public:
    explicit TrafficCounter(c10::DeviceType type);
    ~TrafficCounter();
    TrafficCounter(const TrafficCounter &) = delete;
    TrafficCounter &operator=(const TrafficCounter &) = delete;

    [[nodiscard]] const DeviceTraffic &traffic() const { return m_traffic; }

private:
    DeviceTraffic m_traffic;
    at::CallbackHandle m_callback;
};

/// Gives LibTorch's meta device (shapes without values) the operators of our graphs that it lacks in this version.
void completeMetaDevice();

} // namespace quantoscope
