// SPDX-License-Identifier: GPL-3.0-or-later
// A one-block ViT whose values are 0, 1, 2, ..., as transformers and as Flax store it.
#pragma once

#include "core/models/model.h"

#include <QString>

#include <numeric>

namespace quantoscope::testing {

inline constexpr int64_t kWidth = 8;
inline constexpr int64_t kHeads = 2;
inline constexpr int64_t kHidden = 16;
inline constexpr int64_t kClasses = 3;
inline constexpr int64_t kPatch = 4;
inline constexpr int64_t kGrid = 2;

/// Values 0, 1, 2, ... behind every tensor of a tiny model, so that a permutation shows.
class Numbered {
public:
    TensorStore::Tensors tensors;

    void add(const std::string &name, std::vector<int64_t> shape)
    {
        TensorEntry entry;
        entry.shape = std::move(shape);
        auto &values = *m_memory.emplace_back(std::make_shared<std::vector<float>>(static_cast<size_t>(entry.elements())));
        std::iota(values.begin(), values.end(), m_next);
        m_next += 1000;
        entry.bytes = std::as_bytes(std::span(values));
        tensors[name] = entry;
    }
    TensorStorePtr store(const std::string &config = {}) const
    {
        return std::make_shared<const TensorStore>(tensors, std::make_shared<const Memory>(m_memory), "test",
                                                   std::vector<std::string>(), config);
    }

private:
    using Memory = std::vector<std::shared_ptr<std::vector<float>>>;
    Memory m_memory;
    float m_next = 0;
};

inline std::vector<float> valuesOf(const TensorEntry &entry)
{
    std::vector<float> values(static_cast<size_t>(entry.elements()));
    convertToFloat(entry, values.data());
    return values;
}

inline std::vector<float> valuesOf(const TensorStore &store, const std::string &tensor)
{
    return valuesOf(*store.find(tensor));
}

/// A one-block ViT as transformers stores it.
inline Numbered huggingFace(const std::string &prefix = "vit.", bool distilled = false)
{
    Numbered file;
    file.add(prefix + "embeddings.cls_token", {1, 1, kWidth});
    if (distilled)
        file.add(prefix + "embeddings.distillation_token", {1, 1, kWidth});
    file.add(prefix + "embeddings.position_embeddings", {1, kGrid * kGrid + (distilled ? 2 : 1), kWidth});
    const auto layer = [&](const std::string &name, std::vector<int64_t> shape) {
        file.add(name + ".weight", shape);
        file.add(name + ".bias", {shape[0]});
    };
    layer(prefix + "embeddings.patch_embeddings.projection", {kWidth, 3, kPatch, kPatch});
    const std::string block = prefix + "encoder.layer.0.";
    for (const char *operand : {"query", "key", "value"})
        layer(block + "attention.attention." + operand, {kWidth, kWidth});
    layer(block + "attention.output.dense", {kWidth, kWidth});
    layer(block + "intermediate.dense", {kHidden, kWidth});
    layer(block + "output.dense", {kWidth, kHidden});
    for (const std::string norm : {"layernorm_before", "layernorm_after"})
        layer(block + norm, {kWidth});
    layer(prefix + "layernorm", {kWidth});
    if (distilled) {
        layer("cls_classifier", {kClasses, kWidth});
        layer("distillation_classifier", {kClasses, kWidth});
    } else {
        layer("classifier", {kClasses, kWidth});
    }
    return file;
}

/// The same as Flax stores it.
inline Numbered flax(const std::string &prefix = {})
{
    Numbered file;
    const auto layer = [&](const std::string &name, std::vector<int64_t> kernel, std::vector<int64_t> bias) {
        file.add(prefix + name + "/kernel", std::move(kernel));
        file.add(prefix + name + "/bias", std::move(bias));
    };
    const auto norm = [&](const std::string &name) {
        file.add(prefix + name + "/scale", {kWidth});
        file.add(prefix + name + "/bias", {kWidth});
    };
    constexpr int64_t kHeadWidth = kWidth / kHeads;
    file.add(prefix + "cls", {1, 1, kWidth});
    file.add(prefix + "Transformer/posembed_input/pos_embedding", {1, kGrid * kGrid + 1, kWidth});
    layer("embedding", {kPatch, kPatch, 3, kWidth}, {kWidth});
    const std::string block = "Transformer/encoderblock_0/";
    norm(block + "LayerNorm_0");
    norm(block + "LayerNorm_2");
    const std::string attention = block + "MultiHeadDotProductAttention_1/";
    for (const char *operand : {"query", "key", "value"})
        layer(attention + operand, {kWidth, kHeads, kHeadWidth}, {kHeads, kHeadWidth});
    layer(attention + "out", {kHeads, kHeadWidth, kWidth}, {kWidth});
    layer(block + "MlpBlock_3/Dense_0", {kWidth, kHidden}, {kHidden});
    layer(block + "MlpBlock_3/Dense_1", {kHidden, kWidth}, {kWidth});
    norm("Transformer/encoder_norm");
    layer("head", {kWidth, kClasses}, {kClasses});
    return file;
}

inline QString messageOf(const Result<ModelPtr> &model)
{
    return model ? QStringLiteral("(no error)") : QString::fromStdString(model.error().message());
}

inline double epsilonOf(const Model &model)
{
    return model.graph.nodes[static_cast<size_t>(model.graph.findNode("norm"))].epsilon;
}

} // namespace quantoscope::testing
