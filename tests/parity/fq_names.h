// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/graph.h"

#include <string>

namespace quantoscope::testing {

/// Tap of a quantizer named as in FQ-ViT's program ("blocks.3.attn.qact2"); empty when there is none.
[[nodiscard]] std::string tapOfFqModule(const std::string &module, int depth);

} // namespace quantoscope::testing
