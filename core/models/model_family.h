// SPDX-License-Identifier: GPL-3.0-or-later
// What a model family provides. Adding a family: one file that implements this, one line in model_registry.cpp.
#pragma once

#include "core/models/model.h"

namespace quantoscope {

class ModelFamily {
public:
    virtual ~ModelFamily() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    /// Whether the tensor names are this family's (cheap; exactness is build's business).
    [[nodiscard]] virtual bool recognises(const TensorStore &store) const = 0;
    /// Published models of this family.
    [[nodiscard]] virtual const std::vector<ModelEntry> &entries() const = 0;
    /// Checks every tensor and builds info and graph. `entry` is the requested registry entry or null.
    [[nodiscard]] virtual Result<Model> build(TensorStorePtr store, const std::string &file, const ModelEntry *entry,
                                              int heads) const = 0;
};

/// All families, in the order in which they are asked to recognise a checkpoint.
[[nodiscard]] const std::vector<const ModelFamily *> &modelFamilies();

[[nodiscard]] const ModelFamily &vitFamily(); ///< vit_family.cpp

} // namespace quantoscope
