// SPDX-License-Identifier: GPL-3.0-or-later
// Which checkpoint to open and how; the same for the window, the command line and the library.
#pragma once

#include <cstdint>
#include <string>

namespace quantoscope {

struct ModelRequest {
    std::string weights = {};   ///< checkpoint file, or folder with config.json and weights
    std::string model = {};     ///< registry name; empty: recognised from the tensors
    std::string key = {};       ///< entry of a training checkpoint that holds the weights, e.g. "state_dict"; empty: chosen
    int heads = 0;         ///< 0: in the tensors (Swin, iTPN), config.json, registry, else 64 dimensions per head
    int imageSize = 0;     ///< 0: as stored; else the position embedding is interpolated
    std::string device = "cpu"; ///< "cpu" or "cuda"
    int threads = 0;       ///< 0: all cores
    int activationMemory = 1024; ///< MiB of activations kept so that a change computes only what comes behind it
    /// Sum matrix products as the published programs do (see ExecutorOptions::splitImages); slower.
    bool referenceArithmetic = false;
    bool allowTf32 = false; ///< see ExecutorOptions::allowTf32; an error without a GPU
    [[nodiscard]] int64_t activationBytes() const { return int64_t{activationMemory} << 20; }
    bool operator==(const ModelRequest &) const = default;
};

} // namespace quantoscope
