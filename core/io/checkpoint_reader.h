// SPDX-License-Identifier: GPL-3.0-or-later
// What the reader of each checkpoint container hands to openTensorStore; private to core/io.
#pragma once

#include "core/io/posix_file.h"
#include "core/io/tensor_store.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quantoscope {

/// Memory behind tensors: mapped files, and what had to be unpacked or re-ordered. Entries point into it.
struct TensorMemory {
    std::vector<std::shared_ptr<const MappedFile>> files;
    std::vector<std::unique_ptr<std::byte[]>> owned;

    /// `bytes` that live as long as this; their pages exist only once they are written.
    [[nodiscard]] std::span<std::byte> allocate(size_t bytes);
};

struct CheckpointContents {
    TensorStore::Tensors tensors;
    std::shared_ptr<TensorMemory> memory;
    std::string container;          ///< TensorStore::container
    std::vector<std::string> notes; ///< TensorStore::notes
};

/// A reader of one container. `key` as in openTensorStore. Errors need no `where` and, when CorruptFile, no `hint`.
using CheckpointReader = Result<CheckpointContents> (*)(const std::shared_ptr<const MappedFile> &, const std::string &key);

inline constexpr std::array tensorTypes{TensorType::F32, TensorType::F16, TensorType::BF16, TensorType::F64,
                                        TensorType::I64, TensorType::I32, TensorType::I16,  TensorType::I8,
                                        TensorType::U8,  TensorType::Bool};
inline constexpr size_t largestRank = 64; ///< of tensors in PyTorch; NumPy allows half as many

/// A name of a file, fit for a message: no control characters, not too long, in quotes.
[[nodiscard]] std::string displayName(std::string_view name);

/// Element count; nothing when an extent is negative or the count exceeds 63 bits.
[[nodiscard]] std::optional<int64_t> elementCount(std::span<const int64_t> shape);

/// `storage` seen through a view, everything in elements. Views that reach outside the storage, run backwards or repeat
/// elements so that they are larger than it are refused. Errors: CorruptFile, Unsupported; `tensor` is named.
[[nodiscard]] Result<TensorEntry> viewOf(std::span<const std::byte> storage, TensorType type, int64_t offset,
                                         std::vector<int64_t> shape, std::vector<int64_t> strides,
                                         const std::string &tensor);

/// An error about one tensor.
[[nodiscard]] tl::unexpected<Error> tensorDefect(std::string_view tensor, const std::string &what,
                                                 ErrorCode code = ErrorCode::CorruptFile);

} // namespace quantoscope
