// SPDX-License-Identifier: GPL-3.0-or-later
// The tensors of a checkpoint file, read in place. Every container (safetensors today; .pth, .npz later) yields this.
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

struct TensorEntry {
    TensorType type = TensorType::F32;
    std::vector<int64_t> shape;
    std::span<const std::byte> bytes; ///< contiguous, row-major, little-endian; owned by the store (a memory map)

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
    TensorStore(Tensors tensors, std::shared_ptr<const void> keepAlive, std::string container)
        : m_tensors(std::move(tensors)), m_keepAlive(std::move(keepAlive)), m_container(std::move(container))
    {
    }
    [[nodiscard]] const Tensors &tensors() const { return m_tensors; }
    [[nodiscard]] const TensorEntry *find(const std::string &tensor) const
    {
        const auto found = m_tensors.find(tensor);
        return found == m_tensors.end() ? nullptr : &found->second;
    }
    [[nodiscard]] const std::string &container() const { return m_container; } ///< "safetensors"
    [[nodiscard]] const std::shared_ptr<const void> &memory() const { return m_keepAlive; }

private:
    Tensors m_tensors;
    std::shared_ptr<const void> m_keepAlive;
    std::string m_container;
};

using TensorStorePtr = std::shared_ptr<const TensorStore>;

/// Opens a checkpoint by its content (not its name). Today: safetensors; another container is refused by name.
/// Errors: NotFound, Io, CorruptFile (with the defect), Unsupported. Never allocates more than the file's size.
[[nodiscard]] Result<TensorStorePtr> openTensorStore(const std::string &path);

/// Converts a floating tensor (F32, F16, BF16, F64) to float32. `out` must hold entry.elements() values.
void convertToFloat(const TensorEntry &entry, float *out);

} // namespace quantoscope
