// SPDX-License-Identifier: GPL-3.0-or-later
// What is known about an opened model, apart from its graph and weights.
#pragma once

#include "core/data/preprocessing.h"

#include <cstdint>
#include <string>
#include <vector>

namespace quantoscope {

/// Blocks of one width in a hierarchical model.
struct StageInfo {
    int depth = 0;
    int64_t width = 0;
    int heads = 0;  ///< 0: blocks without attention
    int window = 0; ///< side of an attention window in tokens; 0: every token sees every other
    bool operator==(const StageInfo &) const = default;
};

struct ModelInfo {
    std::string name;   ///< registry name, e.g. "deit_tiny_patch16_224", or the family with its sizes when unknown
    std::string title;  ///< for people, e.g. "DeiT-T/16 224"
    std::string family; ///< "vit", "swin", "itpn"
    std::string file;   ///< path it was opened from
    std::string sha256; ///< of that file, lower-case hex
    int imageSize = 0;
    int patch = 0;
    int64_t width = 0;  ///< embedding dimension (of the first stage for Swin, of the last for iTPN)
    int depth = 0;      ///< blocks, in all stages
    int heads = 0;      ///< of the first blocks with attention
    int classes = 0;
    bool distilled = false;
    int64_t parameters = 0; ///< count of scalars
    Preprocessing preprocessing;
    bool inputQuantized = true;         ///< FQ-ViT quantizes the image of DeiT, not of ViT (specification 2.2)
    std::vector<std::string> assumptions; ///< what was not in the file and had to be assumed, as sentences
    std::vector<StageInfo> stages = {};   ///< of hierarchical models, in order; else empty

    [[nodiscard]] std::string depthText() const; ///< "12", or per stage "2/2/6/2"
    [[nodiscard]] std::string headsText() const; ///< "3", or per stage with attention "3/6/12/24"
};

} // namespace quantoscope
