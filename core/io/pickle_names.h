// SPDX-License-Identifier: GPL-3.0-or-later
// Which classes and functions a pickle may mention. Private to core/io.
#pragma once

#include "core/base/result.h"

#include <optional>
#include <string_view>

namespace quantoscope {

struct PickleName {
    std::string_view name; ///< "torch.FloatStorage"; static
    bool inert = false;    ///< stands for no part of a tensor, e.g. "argparse.Namespace"
};

/// Nothing for every name that is not on the list.
[[nodiscard]] std::optional<PickleName> allowedPickleName(std::string_view name);

/// The error that names a name outside the list, and what to do.
[[nodiscard]] Error refusedPickleName(std::string_view name);

} // namespace quantoscope
