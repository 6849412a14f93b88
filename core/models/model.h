// SPDX-License-Identifier: GPL-3.0-or-later
// Opening a checkpoint: recognise the family, check every tensor, build the graph.
#pragma once

#include "core/base/result.h"
#include "core/data/graph.h"
#include "core/data/model_info.h"
#include "core/data/model_request.h"
#include "core/io/tensor_store.h"
#include "core/models/architecture.h"

#include <memory>
#include <optional>
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
    Architecture architecture;  ///< sizes by the names that the family's fields() list
    bool inputQuantized = true; ///< specification 2.2: the image is quantized for DeiT, not for ViT
    std::optional<double> layerNormEpsilon = {}; ///< empty: the family's usual one
    Preprocessing preprocessing;
    double publishedTop1 = 0;   ///< percent on the 50,000 validation images; 0 when unknown
    std::string publishedIn;
    ModelSource source = {};
    std::string note = {};      ///< what else must be known to get the file
};

/// Every model known by name, in display order: those of resources/models.json and the user's. Without the user's when
/// that file is broken (see modelRegistry).
[[nodiscard]] const std::vector<ModelEntry> &knownModels();
/// The same, read once. Error: CorruptFile, the user's file is broken (file, entry and field are named).
[[nodiscard]] const Result<std::vector<ModelEntry>> &modelRegistry();
/// Where the user's own entries are looked for: $XDG_CONFIG_HOME/quantoscope/models.json, else under ~/.config.
[[nodiscard]] std::string userModelFile();

/// Reads tensor names and shapes of `store` and builds the model as `request` says (name, heads, image size). Strict: a
/// missing, additional, mis-shaped or integer tensor is an error that names it. `request.weights` is used in messages and
/// kept in the info. Another image size than the stored one is taken only when the request asks for it.
[[nodiscard]] Result<ModelPtr> buildModel(TensorStorePtr store, const ModelRequest &request);

/// openTensorStore and buildModel in one. Errors of both; also CorruptFile for NaN or infinite weights.
[[nodiscard]] Result<ModelPtr> openModel(const ModelRequest &request);

} // namespace quantoscope
