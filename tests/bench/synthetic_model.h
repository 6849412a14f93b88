// SPDX-License-Identifier: GPL-3.0-or-later
// Vision transformers of any size with random weights.
#pragma once

#include "core/data/tensor_view.h"
#include "core/models/model.h"

#include <cstdint>
#include <memory>
#include <random>

namespace quantoscope::bench {

struct SyntheticSizes {
    int64_t width = 192;
    int64_t depth = 12;
    int64_t heads = 3;
    int64_t image = 224;
    int64_t patch = 16;
    int64_t classes = 1000;
};

/// Tensors under timm's names, all in one block of memory that `memory` keeps.
inline TensorStore::Tensors syntheticTensors(const SyntheticSizes &sizes, std::shared_ptr<std::vector<float>> &memory)
{
    const int64_t d = sizes.width;
    const int64_t hidden = 4 * d;
    const int64_t grid = sizes.image / sizes.patch;
    std::vector<std::pair<std::string, std::vector<int64_t>>> shapes = {
        {"cls_token", {1, 1, d}},
        {"pos_embed", {1, grid * grid + 1, d}},
        {"patch_embed.proj.weight", {d, 3, sizes.patch, sizes.patch}},
        {"patch_embed.proj.bias", {d}},
        {"norm.weight", {d}},
        {"norm.bias", {d}},
        {"head.weight", {sizes.classes, d}},
        {"head.bias", {sizes.classes}}};
    for (int64_t b = 0; b < sizes.depth; ++b) {
        const std::string block = "blocks." + std::to_string(b) + ".";
        for (const char *norm : {"norm1", "norm2"}) {
            shapes.push_back({block + norm + ".weight", {d}});
            shapes.push_back({block + norm + ".bias", {d}});
        }
        const std::pair<const char *, std::pair<int64_t, int64_t>> layers[]
            = {{"attn.qkv", {3 * d, d}}, {"attn.proj", {d, d}}, {"mlp.fc1", {hidden, d}}, {"mlp.fc2", {d, hidden}}};
        for (const auto &[layer, extent] : layers) {
            shapes.push_back({block + layer + ".weight", {extent.first, extent.second}});
            shapes.push_back({block + layer + ".bias", {extent.first}});
        }
    }
    size_t values = 0;
    for (const auto &[name, shape] : shapes)
        values += static_cast<size_t>(TensorView{nullptr, shape}.elements());
    memory = std::make_shared<std::vector<float>>(values);
    std::minstd_rand engine(1); // a few nanoseconds a value: there may be hundreds of millions
    TensorStore::Tensors tensors;
    size_t at = 0;
    for (const auto &[name, shape] : shapes) {
        const auto count = static_cast<size_t>(TensorView{nullptr, shape}.elements());
        const bool scale = name.find("norm") != std::string::npos && name.ends_with(".weight");
        for (size_t i = 0; i < count; ++i)
            (*memory)[at + i] = scale ? 1.0F : 0.1F * (static_cast<float>(engine()) / 2147483648.0F - 0.5F);
        TensorEntry entry;
        entry.type = TensorType::F32;
        entry.shape = shape;
        entry.bytes = std::as_bytes(std::span(memory->data() + at, count));
        tensors[name] = entry;
        at += count;
    }
    return tensors;
}

} // namespace quantoscope::bench
