// SPDX-License-Identifier: GPL-3.0-or-later
// Private to core/tensor.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace quantoscope {

/// Waits until the device has done everything that the calling thread asked for. On the CPU that is already so.
inline void waitFor(const c10::Device &device)
{
    if (device.is_cpu())
        return;
    const c10::impl::VirtualGuardImpl guard(device.type());
    guard.getStream(device).synchronize();
}

} // namespace quantoscope
