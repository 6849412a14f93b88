// SPDX-License-Identifier: GPL-3.0-or-later
// Opening a checkpoint: recognise the family, check every tensor, build the graph.
#pragma once

#include "core/base/result.h"
#include "core/data/graph.h"
#include "core/data/model_info.h"
#include "core/data/model_request.h"
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

/// Where a published checkpoint comes from.
struct ModelSource {
    std::string url;     ///< empty: no public address
    std::string file;    ///< name to save it under
    std::string sha256;  ///< lower-case hex; the whole digest, or the published beginning of it; empty: none published
    std::string licence; ///< SPDX identifier, or the licence's name
};

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
    ModelSource source = {};
};

/// Every model known by name, in display order.
[[nodiscard]] const std::vector<ModelEntry> &knownModels();

/// Reads tensor names and shapes of `store` and builds the model as `request` says (name, heads, image size). Strict: a
/// missing, additional or mis-shaped tensor is an error that names it. `request.weights` is used in messages and kept in
/// the info.
[[nodiscard]] Result<ModelPtr> buildModel(TensorStorePtr store, const ModelRequest &request);

/// openTensorStore and buildModel in one. Errors of both; also CorruptFile for NaN or infinite weights.
[[nodiscard]] Result<ModelPtr> openModel(const ModelRequest &request);

} // namespace quantoscope
