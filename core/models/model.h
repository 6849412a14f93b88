// SPDX-License-Identifier: GPL-3.0-or-later
// Opening a checkpoint: recognise the family, check every tensor, build the graph.
#pragma once

#include "core/base/result.h"
#include "core/data/graph.h"
#include "core/data/model_info.h"
#include "core/io/tensor_store.h"

#include <memory>
#include <string>
#include <vector>

namespace quantoscope {

struct Model {
    ModelInfo info;
    Graph graph;
    TensorStorePtr tensors; ///< under the names that the graph's nodes use
};
using ModelPtr = std::shared_ptr<const Model>;

/// A published model: sizes that its tensors must have and what the tensors cannot tell.
struct ModelEntry {
    std::string name;
    std::string title;
    std::string family;
    int64_t width = 0;
    int depth = 0;
    int heads = 0;
    int patch = 0;
    int imageSize = 0;
    bool distilled = false;
    bool inputQuantized = true; ///< specification 2.2: the image is quantized for DeiT, not for ViT
    Preprocessing preprocessing;
    double publishedTop1 = 0;   ///< percent on the 50,000 validation images; 0 when unknown
    std::string publishedIn;
};

/// Every model known by name, in display order.
[[nodiscard]] const std::vector<ModelEntry> &knownModels();

/// Reads tensor names and shapes of `store` and builds the model. `requested` names a registry entry, or is empty to
/// recognise one; `heads` overrides the number of heads when positive. Strict: a missing, additional or mis-shaped
/// tensor is an error that names it. `file` is used in messages and kept in the info.
[[nodiscard]] Result<ModelPtr> buildModel(TensorStorePtr store, const std::string &file, const std::string &requested,
                                          int heads);

/// openTensorStore, SHA-256 and buildModel in one. Errors of all three; also CorruptFile for NaN or infinite weights.
[[nodiscard]] Result<ModelPtr> openModel(const std::string &path, const std::string &requested, int heads);

} // namespace quantoscope
