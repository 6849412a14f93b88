// SPDX-License-Identifier: GPL-3.0-or-later
// What PyTorch's pickles mean: which calls are tensors, and which memory they see. Private to core/io.
#pragma once

#include "core/io/checkpoint_reader.h"
#include "core/io/pickle_reader.h"

#include <map>
#include <string>
#include <vector>

namespace quantoscope {

/// A storage as a pickle mentions it: memory that is saved once, whoever sees it.
struct TorchStorage {
    std::string key;
    size_t width = 1;     ///< bytes of an element
    int64_t elements = 0; ///< of the whole storage
    int64_t begin = 0;    ///< legacy views: first element of ...
    int64_t count = 0;    ///< ... and how many of them are seen
    std::optional<TensorType> type = {}; ///< nothing when untyped: bytes

    [[nodiscard]] int64_t bytes() const; ///< of the whole storage
};

struct TorchTensor {
    std::string name;
    TorchStorage storage;
    TensorType type = TensorType::F32;
    int64_t offset = 0;
    std::vector<int64_t> shape;
    std::vector<int64_t> strides;
};

/// The weights that `key` names (see chooseWeights), not yet checked against their storages, with notes about them.
struct TorchWeights {
    std::vector<TorchTensor> tensors;
    std::vector<std::string> notes;
};
/// Errors: those of chooseWeights, CorruptFile, Unsupported.
[[nodiscard]] Result<TorchWeights> readTorchWeights(const Pickle &pickle, const std::string &key);

/// Every storage that the pickle mentions, by key. Errors: CorruptFile.
[[nodiscard]] Result<std::map<std::string, TorchStorage>> torchStorages(const Pickle &pickle);

/// The tensors in the memory of their storages, by key. A storage must have exactly the size its pickle asks for.
[[nodiscard]] Result<TensorStore::Tensors>
placeTensors(const std::vector<TorchTensor> &tensors,
             const std::map<std::string, std::span<const std::byte>, std::less<>> &storages);

} // namespace quantoscope
