// SPDX-License-Identifier: GPL-3.0-or-later
// Which tensors of a checkpoint are the weights, and under which names; the same for every container. Private to core/io.
#pragma once

#include "core/io/tensor_store.h"

#include <string>
#include <vector>

namespace quantoscope {

/// Named tensors at one place of a checkpoint.
struct WeightSet {
    std::string key; ///< "state_dict"; empty: the checkpoint itself is the set
};

struct ChosenSet {
    size_t index = 0;
    std::vector<std::string> notes; ///< what was chosen, and what else is there
};

/// `key` names the set; empty takes averaged weights before the last ones (as timm evaluates), and before both nothing but
/// an entry of a usual name. Errors: NotFound (no such entry; those that exist are listed), CorruptFile (no tensors at
/// all), Unsupported (several sets, none of a usual name).
[[nodiscard]] Result<ChosenSet> chooseWeights(const std::vector<WeightSet> &sets, const std::string &key);

/// Takes prefixes off that all names share because of how the model was wrapped ("module.", "model.", "_orig_mod.",
/// "opt/target/"); returns a note about each.
[[nodiscard]] std::vector<std::string> stripWrapperPrefixes(TensorStore::Tensors &tensors);

} // namespace quantoscope
