// SPDX-License-Identifier: GPL-3.0-or-later
// Where a model looks in one image, in float and quantized.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace quantoscope {

/// What a map's values are.
enum class AttentionKind {
    ClassToken, ///< weight that the class token gives each patch
    /// Weight that a patch receives, averaged over all tokens that may look at it: for models without a class token, and
    /// inside each window for models with windowed attention (Swin), whose windows are laid side by side
    Received,
};

[[nodiscard]] const char *name(AttentionKind kind); ///< "class-token", "received"

/// Maps of one attention, [heads, grid, grid] row by row from the upper left.
struct AttentionLayer {
    std::string path;      ///< of the softmax's tap
    int block = -1;
    int heads = 0;
    int grid = 0;          ///< patches along a side of the image
    int window = 0;        ///< side of a window in patches; 0: attention sees the whole image
    std::vector<float> floating;
    std::vector<float> quantized; ///< of the fully quantized network, as the product with v reads it

    /// Mean over the heads, or one head's map; [grid, grid]. `head` -1: the mean.
    [[nodiscard]] static std::vector<float> map(const std::vector<float> &maps, int heads, int head);
};

/// All attentions of one image.
struct AttentionRecord {
    std::string image;            ///< path of the file
    AttentionKind kind = AttentionKind::ClassToken;
    int side = 0;                 ///< of the picture in pixels
    std::vector<uint8_t> picture; ///< what the model saw, [side, side, 3] RGB
    std::vector<AttentionLayer> layers; ///< in order of execution
    /// Attention rollout (Abnar and Zuidema 2020) over all blocks: mean over heads, half identity for the residual
    /// branch, rows normalised, multiplied up. [grid, grid] of the layers; empty for windowed attention, where tokens
    /// change between windows and stages and the product is not defined.
    std::vector<float> rolloutFloating;
    std::vector<float> rolloutQuantized;
};

} // namespace quantoscope
