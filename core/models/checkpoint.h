// SPDX-License-Identifier: GPL-3.0-or-later
// A checkpoint's tensors under the canonical (timm's) names. Renaming and re-ordering touch descriptions only, not data.
#pragma once

#include "core/base/result.h"
#include "core/io/tensor_store.h"

#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

/// How one tensor, or one of every block, is called and laid out in a dialect.
struct NameRule {
    std::string canonical;            ///< "{}" stands for the block's index
    std::vector<std::string> sources; ///< one name, or those of equal tensors to be put one after the other along axis 0
    std::vector<size_t> order = {};   ///< axes of the source in canonical order; empty: as they are
    std::vector<size_t> merged = {};  ///< how many of the ordered axes make one canonical axis each; empty: one each
    int shift = 0;                    ///< what the index in sources is higher by
};

/// One of the ways in which a family's checkpoints name and lay out their tensors. Tensors that no rule mentions keep
/// their names.
struct Dialect {
    std::string name; ///< "timm", "HuggingFace", "Flax"
    bool (*recognises)(const TensorStore &);
    std::vector<NameRule> rules = {};
    std::string prefix = {};                      ///< taken off every name that has it, before the rules
    std::vector<std::string> unused = {};         ///< tensors that a classifier does not read; left out if present
    std::optional<double> layerNormEpsilon = {};  ///< where it differs from the family's
    std::vector<std::pair<std::string, std::string>> refused = {}; ///< tensor, why it cannot be handled
};

class Checkpoint {
public:
    /// Errors: CorruptFile (tensors that cannot be put together), Unsupported (a refused tensor). `dialect` must outlive
    /// the result.
    [[nodiscard]] static Result<Checkpoint> translate(const TensorStore &store, const Dialect &dialect,
                                                      const std::string &file);

    [[nodiscard]] const TensorStore::Tensors &tensors() const { return m_tensors; }
    [[nodiscard]] const TensorEntry *find(const std::string &tensor) const
    {
        const auto found = m_tensors.find(tensor);
        return found == m_tensors.end() ? nullptr : &found->second;
    }
    /// A tensor that sizes are read from. Errors: CorruptFile when it is missing, has another number of axes or is empty.
    [[nodiscard]] Result<const TensorEntry *> require(const std::string &tensor, size_t axes) const;
    /// How many of pattern's tensors there are, counting "{}" from 0 without a gap.
    [[nodiscard]] int64_t count(const std::string &pattern) const;
    /// The canonical name, and what the tensor is called in the file where that differs, for messages.
    [[nodiscard]] std::string describe(const std::string &tensor) const;
    [[nodiscard]] const std::string &file() const { return m_file; }

    /// Puts values of our own in the place of a tensor.
    void replace(const std::string &tensor, std::vector<float> values, std::vector<int64_t> shape);
    void remove(const std::string &tensor) { m_tensors.erase(tensor); }
    /// The tensors as a store, with everything else as in `original`.
    [[nodiscard]] TensorStorePtr store(const TensorStore &original) &&;

private:
    using Memory = std::vector<std::shared_ptr<const void>>;
    [[nodiscard]] TensorEntry own(std::vector<float> values, std::vector<int64_t> shape);
    [[nodiscard]] TensorEntry laidOut(const TensorEntry &entry, const NameRule &rule);
    [[nodiscard]] Result<void> apply(const NameRule &rule, const std::string &index, const std::string &sourceIndex,
                                     TensorStore::Tensors &remaining);

    std::string m_file;
    const Dialect *m_dialect = nullptr;
    TensorStore::Tensors m_tensors;
    Memory m_memory; ///< behind the tensors, beside the file's own
};

} // namespace quantoscope
