// SPDX-License-Identifier: GPL-3.0-or-later
// Which files a checkpoint is made of: one file, or a folder as HuggingFace's save_pretrained writes it.
#pragma once

#include "core/base/result.h"
#include "core/io/tensor_store.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

class WeightsFiles {
public:
    /// Of a folder, the first of model.safetensors, model.safetensors.index.json, pytorch_model.bin and
    /// pytorch_model.bin.index.json. An index names its shards, which lie in the same folder.
    /// Errors: Unsupported (a folder without any of them), CorruptFile (index), NotFound (shard), Io.
    [[nodiscard]] static Result<WeightsFiles> find(const std::string &path);

    /// In the order of their names.
    [[nodiscard]] const std::vector<std::string> &files() const { return m_files; }

    /// Whether the tensors of `file` are those that the index puts there. Errors: CorruptFile.
    [[nodiscard]] Result<void> checkShard(const std::string &file, const TensorStore::Tensors &tensors) const;

    /// Text of the config.json of the folder, or of `<stem>.config.json` or config.json beside a file; empty without one.
    /// One that cannot be read is skipped with a note.
    [[nodiscard]] std::string readConfig(std::vector<std::string> &notes) const;

private:
    std::vector<std::string> m_files;
    std::vector<std::string> m_configs;                          ///< where a config may lie, the preferred first
    std::optional<std::map<std::string, std::string>> m_weightMap; ///< of an index: tensor to path
};

} // namespace quantoscope
