// SPDX-License-Identifier: GPL-3.0-or-later
// The tensors of a checkpoint, read in place. Every container (safetensors, .pth, .npz, ...) yields this.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace quantoscope {

enum class TensorType { F32, F16, BF16, F64, I64, I32, I16, I8, U8, Bool };

/// A tensor where it lies: nothing is copied or re-ordered until somebody asks for floats.
struct TensorEntry {
    TensorType type = TensorType::F32;
    std::vector<int64_t> shape;
    std::span<const std::byte> bytes; ///< little-endian, from the first element on; owned by the store (a memory map)
    std::vector<int64_t> strides = {};   ///< in elements, none negative, all inside `bytes`; empty: row-major without gaps
    std::vector<TensorEntry> parts = {}; ///< if any: this tensor is they, one after the other along axis 0; no `bytes`
    bool mapped = false; ///< `bytes` lie in a mapped file, so that their pages may be dropped and read again

    /// Whether `bytes` are the floats in row-major order, so that they may be used without a copy.
    [[nodiscard]] bool isPlainFloat() const
    {
        return type == TensorType::F32 && strides.empty() && parts.empty()
            && reinterpret_cast<uintptr_t>(bytes.data()) % alignof(float) == 0;
    }
    [[nodiscard]] int64_t elements() const
    {
        int64_t n = 1;
        for (const int64_t extent : shape)
            n *= extent;
        return n;
    }
};

[[nodiscard]] const char *name(TensorType type);  ///< "F32", ...
[[nodiscard]] size_t byteSize(TensorType type);
[[nodiscard]] bool isFloating(TensorType type);
[[nodiscard]] std::string shapeText(const std::vector<int64_t> &shape); ///< "[3, 64]"

/// Immutable after construction; reading from several threads is safe.
class TensorStore {
public:
    using Tensors = std::map<std::string, TensorEntry>;
    /// `keepAlive` owns the memory behind the entries.
    TensorStore(Tensors tensors, std::shared_ptr<const void> keepAlive, std::string container,
                std::vector<std::string> notes = {}, std::string config = {})
        : m_tensors(std::move(tensors)), m_keepAlive(std::move(keepAlive)), m_container(std::move(container)),
          m_notes(std::move(notes)), m_config(std::move(config))
    {
    }
    [[nodiscard]] const Tensors &tensors() const { return m_tensors; }
    [[nodiscard]] const TensorEntry *find(const std::string &tensor) const
    {
        const auto found = m_tensors.find(tensor);
        return found == m_tensors.end() ? nullptr : &found->second;
    }
    [[nodiscard]] const std::string &container() const { return m_container; } ///< "safetensors"
    /// What the reader chose, as sentences for the user ("weights taken from 'state_dict_ema'").
    [[nodiscard]] const std::vector<std::string> &notes() const { return m_notes; }
    /// Text of the config.json that lies with the weights (HuggingFace); empty without one.
    [[nodiscard]] const std::string &config() const { return m_config; }
    [[nodiscard]] const std::shared_ptr<const void> &memory() const { return m_keepAlive; }

private:
    Tensors m_tensors;
    std::shared_ptr<const void> m_keepAlive;
    std::string m_container;
    std::vector<std::string> m_notes;
    std::string m_config;
};

using TensorStorePtr = std::shared_ptr<const TensorStore>;

/// Opens a checkpoint by its content (not its name): safetensors, PyTorch (zip and legacy; the pickle inside is read as
/// data and never executed), NumPy .npz, or a folder as HuggingFace writes it. `key` names the entry of a training
/// checkpoint that holds the weights; empty chooses. A prefix that all names share because of how the model was wrapped
/// ("module.") is taken off.
/// Errors: NotFound (file, key), Io, CorruptFile (with the defect), Unsupported.
/// Tensors stay where they are in the mapped file; only compressed and big-endian ones take memory, once.
[[nodiscard]] Result<TensorStorePtr> openTensorStore(const std::string &path, const std::string &key = {});

/// The files that openTensorStore reads tensors from: `path` itself, or of a folder those that hold the weights, in the
/// order of their names. Errors as there.
[[nodiscard]] Result<std::vector<std::string>> weightFiles(const std::string &path);

/// Converts a floating tensor (F32, F16, BF16, F64; strided or in parts) to row-major float32. `out` must hold
/// entry.elements() values.
void convertToFloat(const TensorEntry &entry, float *out);

/// Gives the pages of a mapped tensor back to the system; whoever reads it later gets them from the file again. For
/// callers that have made a copy, so that the process does not hold both.
void releasePages(const TensorEntry &entry);

} // namespace quantoscope
