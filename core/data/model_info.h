// SPDX-License-Identifier: GPL-3.0-or-later
// What is known about an opened model, apart from its graph and weights.
#pragma once

#include "core/data/preprocessing.h"

#include <cstdint>
#include <string>
#include <vector>

namespace quantoscope {

struct ModelInfo {
    std::string name;   ///< registry name, e.g. "deit_tiny_patch16_224", or the family with its sizes when unknown
    std::string title;  ///< for people, e.g. "DeiT-T/16 224"
    std::string family; ///< "vit"
    std::string file;   ///< path it was opened from
    std::string sha256; ///< of that file (of a folder: of its weight files, joined in the order of their names), lower-case hex
    int imageSize = 0;
    int patch = 0;
    int64_t width = 0;  ///< embedding dimension
    int depth = 0;
    int heads = 0;
    int classes = 0;
    bool distilled = false;
    int64_t parameters = 0; ///< count of scalars
    Preprocessing preprocessing;
    bool inputQuantized = true;         ///< FQ-ViT quantizes the image of DeiT, not of ViT (specification 2.2)
    std::vector<std::string> assumptions; ///< what was not in the file and had to be assumed, as sentences
};

} // namespace quantoscope
