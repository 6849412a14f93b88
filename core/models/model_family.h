// SPDX-License-Identifier: GPL-3.0-or-later
// What a model family provides. Adding one: README.md in this folder.
#pragma once

#include "core/models/checkpoint.h"
#include "core/models/graph_builder.h"
#include "core/models/model.h"

namespace quantoscope {

/// A field of "architecture" in models.json.
struct ArchitectureField {
    enum class Kind { Number, PerStage, Flag };
    const char *name;
    Kind kind = Kind::Number;
};

/// What the tensors tell about a model.
struct Reading {
    Architecture sizes;
    /// Sentences about sizes that had to be guessed; of interest only when no published model settles them.
    std::vector<std::string> assumptions = {};
};

/// Stateless. The order of calls: recognise and rename by dialects(), read(), check(), build(); resize() in between when
/// the user wants another image size. Sizes that every family sets in read(): "image", "patch", "width", "classes".
class ModelFamily {
public:
    virtual ~ModelFamily() = default;
    [[nodiscard]] virtual std::string name() const = 0;  ///< "vit"
    [[nodiscard]] virtual std::string title() const = 0; ///< for messages: "ViT or DeiT"
    [[nodiscard]] virtual double layerNormEpsilon() const = 0;
    /// Sizes that a registry entry must give; flags may be left out.
    [[nodiscard]] virtual const std::vector<ArchitectureField> &fields() const = 0;
    /// Its checkpoints' ways of naming tensors; the first that recognises a file is taken.
    [[nodiscard]] virtual const std::vector<Dialect> &dialects() const = 0;

    /// Sizes from the tensors; "heads" only if they tell them. Errors: CorruptFile (a tensor that is needed for it).
    [[nodiscard]] virtual Result<Reading> read(const Checkpoint &checkpoint) const = 0;
    /// Whether the sizes, now with "heads", fit each other. Error: BadInput; `where` is the file.
    [[nodiscard]] virtual Result<void> check(const Architecture &sizes, const std::string &where) const = 0;
    /// Changes sizes and tensors to another image size (check() comes afterwards). Error: Unsupported or BadInput with the
    /// reason.
    [[nodiscard]] virtual Result<void> resize(Checkpoint &checkpoint, Architecture &sizes, int64_t image) const = 0;
    /// Adds the nodes from the image to the logits; returns the last. Only of checked sizes.
    [[nodiscard]] virtual int build(GraphBuilder &graph, const Architecture &sizes) const = 0;
    /// Blocks by width; one element when there are no stages.
    [[nodiscard]] virtual std::vector<StageInfo> stages(const Architecture &sizes) const = 0;
};

/// All families, in the order in which they are asked to recognise a checkpoint.
[[nodiscard]] const std::vector<const ModelFamily *> &modelFamilies();

[[nodiscard]] const ModelFamily &vitFamily();  ///< vit_family.cpp
[[nodiscard]] const ModelFamily &swinFamily(); ///< swin_family.cpp
[[nodiscard]] const ModelFamily &itpnFamily(); ///< itpn_family.cpp

} // namespace quantoscope
