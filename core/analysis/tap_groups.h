// SPDX-License-Identifier: GPL-3.0-or-later
// Taps that belong together because they do the same in every block. Pure functions; any thread.
#pragma once

#include "core/data/run_record.h"

#include <string>
#include <vector>

namespace quantoscope {

struct TapGroup {
    enum class Kind {
        LayerNormInputs, ///< what feeds a LayerNorm
        Name,            ///< the tap of this name in every block, e.g. "mlp.fc2" or "mlp.fc2.weight"
        Role,            ///< all taps of a role
    };
    Kind kind = Kind::LayerNormInputs;
    std::string name = {};   ///< Kind::Name
    Role role = Role::Image; ///< Kind::Role

    bool operator==(const TapGroup &) const = default;
};

/// Groups of the observed taps: the LayerNorm inputs, then the names in the order of the first block, weights last, then
/// the roles with more than one tap. Empty groups are left out.
[[nodiscard]] std::vector<TapGroup> tapGroups(const RunRecord &run);

/// Observed taps of the group that have channels, as indices into run.taps, in network order.
[[nodiscard]] std::vector<int> tapsOf(const RunRecord &run, const TapGroup &group);

/// The other side of a linear operator: the weight of an output, the output of a weight; -1 when there is none.
[[nodiscard]] int operatorPartner(const RunRecord &run, int tap);

} // namespace quantoscope
