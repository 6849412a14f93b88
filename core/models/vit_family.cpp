// SPDX-License-Identifier: GPL-3.0-or-later
// ViT and DeiT (Dosovitskiy et al. 2021; Touvron et al. 2021): pre-norm encoder, learned position embedding, class token
// first, exact GELU (specification 1.1), in the names of timm, HuggingFace (1.2) and Flax (1.3).
#include "core/models/model_family.h"
#include "core/models/position_embedding.h"

#include <fmt/format.h>

#include <cmath>

namespace quantoscope {

namespace {

/// Layers and their tensors as transformers calls them, below vit. or deit.
Dialect huggingFace(const char *prefix, bool (*recognises)(const TensorStore &))
{
    Dialect dialect{.name = "HuggingFace", .recognises = recognises, .prefix = prefix, .layerNormEpsilon = 1e-12};
    dialect.unused = {"pooler.dense.weight", "pooler.dense.bias"};
    dialect.rules = {
        {"cls_token", {"embeddings.cls_token"}},
        {"dist_token", {"embeddings.distillation_token"}},
        {"pos_embed", {"embeddings.position_embeddings"}},
    };
    const std::pair<const char *, const char *> layers[] = {
        {"patch_embed.proj", "embeddings.patch_embeddings.projection"},
        {"blocks.{}.norm1", "encoder.layer.{}.layernorm_before"},
        {"blocks.{}.norm2", "encoder.layer.{}.layernorm_after"},
        {"blocks.{}.attn.proj", "encoder.layer.{}.attention.output.dense"},
        {"blocks.{}.mlp.fc1", "encoder.layer.{}.intermediate.dense"},
        {"blocks.{}.mlp.fc2", "encoder.layer.{}.output.dense"},
        {"norm", "layernorm"},
        {"head", "classifier"},
        {"head", "cls_classifier"},
        {"head_dist", "distillation_classifier"},
    };
    for (const std::string kind : {".weight", ".bias"}) {
        for (const auto &[canonical, source] : layers)
            dialect.rules.push_back({canonical + kind, {source + kind}});
        const std::string attention = "encoder.layer.{}.attention.attention.";
        dialect.rules.push_back({"blocks.{}.attn.qkv" + kind,
                                 {attention + "query" + kind, attention + "key" + kind, attention + "value" + kind}});
    }
    return dialect;
}

/// Kernels as Flax stores them: input axes first, heads as an axis of their own.
Dialect flax(const char *prefix, bool (*recognises)(const TensorStore &))
{
    Dialect dialect{.name = "Flax", .recognises = recognises, .prefix = prefix};
    constexpr const char *kNoRepresentationLayer
        = "a representation layer of ImageNet-21k pre-training, which is not supported; use weights fine-tuned on "
          "ImageNet-1k";
    dialect.refused = {{"pre_logits/kernel", kNoRepresentationLayer}, {"pre_logits/bias", kNoRepresentationLayer}};
    const std::string block = "Transformer/encoderblock_{}/";
    const std::string attention = block + "MultiHeadDotProductAttention_1/";
    dialect.rules = {
        {"cls_token", {"cls"}},
        {"pos_embed", {"Transformer/posembed_input/pos_embedding"}},
        {"patch_embed.proj.weight", {"embedding/kernel"}, {3, 2, 0, 1}},
        {"patch_embed.proj.bias", {"embedding/bias"}},
        {"blocks.{}.attn.qkv.weight",
         {attention + "query/kernel", attention + "key/kernel", attention + "value/kernel"}, {1, 2, 0}, {2, 1}},
        {"blocks.{}.attn.qkv.bias", {attention + "query/bias", attention + "key/bias", attention + "value/bias"},
         {0, 1}, {2}},
        {"blocks.{}.attn.proj.weight", {attention + "out/kernel"}, {2, 0, 1}, {1, 2}},
        {"blocks.{}.attn.proj.bias", {attention + "out/bias"}},
        {"blocks.{}.mlp.fc1.weight", {block + "MlpBlock_3/Dense_0/kernel"}, {1, 0}},
        {"blocks.{}.mlp.fc1.bias", {block + "MlpBlock_3/Dense_0/bias"}},
        {"blocks.{}.mlp.fc2.weight", {block + "MlpBlock_3/Dense_1/kernel"}, {1, 0}},
        {"blocks.{}.mlp.fc2.bias", {block + "MlpBlock_3/Dense_1/bias"}},
        {"head.weight", {"head/kernel"}, {1, 0}},
        {"head.bias", {"head/bias"}},
    };
    const std::pair<const char *, std::string> norms[] = {{"blocks.{}.norm1", block + "LayerNorm_0"},
                                                          {"blocks.{}.norm2", block + "LayerNorm_2"},
                                                          {"norm", "Transformer/encoder_norm"}};
    for (const auto &[canonical, source] : norms) {
        dialect.rules.push_back({canonical + std::string(".weight"), {source + "/scale"}});
        dialect.rules.push_back({canonical + std::string(".bias"), {source + "/bias"}});
    }
    return dialect;
}

class VitFamily final : public ModelFamily {
public:
    std::string name() const override { return "vit"; }
    std::string title() const override { return "ViT or DeiT"; }
    double layerNormEpsilon() const override { return 1e-6; }

    const std::vector<ArchitectureField> &fields() const override
    {
        static const std::vector<ArchitectureField> all = {
            {"width"}, {"depth"}, {"heads"}, {"patch"}, {"image"}, {"distilled", ArchitectureField::Kind::Flag}};
        return all;
    }

    const std::vector<Dialect> &dialects() const override
    {
        static const std::vector<Dialect> all = {
            {.name = "timm",
             .recognises =
                 [](const TensorStore &store) {
                     return store.find("patch_embed.proj.weight") && (store.find("cls_token") || store.find("pos_embed"));
                 },
             .refused = {{"pre_logits.fc.weight",
                          "a representation layer of ImageNet-21k pre-training, which is not supported; use weights "
                          "fine-tuned on ImageNet-1k"}}},
            huggingFace("vit.", [](const TensorStore &s) { return s.find("vit.embeddings.cls_token") != nullptr; }),
            huggingFace("deit.", [](const TensorStore &s) { return s.find("deit.embeddings.cls_token") != nullptr; }),
            flax("", [](const TensorStore &s) { return s.find("embedding/kernel") != nullptr; }),
            flax("opt/target/", [](const TensorStore &s) { return s.find("opt/target/embedding/kernel") != nullptr; }),
        };
        return all;
    }

    Result<Reading> read(const Checkpoint &checkpoint) const override
    {
        const auto proj = checkpoint.require("patch_embed.proj.weight", 4);
        if (!proj)
            return fail(proj.error());
        const auto position = checkpoint.require("pos_embed", 3);
        if (!position)
            return fail(position.error());
        const auto head = checkpoint.require("head.weight", 2);
        if (!head)
            return fail(head.error());
        const int64_t depth = checkpoint.count("blocks.{}.norm1.weight");
        const auto fc1 = depth > 0 ? checkpoint.require("blocks.0.mlp.fc1.weight", 2)
                                   : checkpoint.require("blocks.0.norm1.weight", 1);
        if (!fc1)
            return fail(fc1.error());
        Reading reading;
        Architecture &sizes = reading.sizes;
        const bool distilled = checkpoint.find("dist_token") != nullptr;
        const int64_t tokens = (*position)->shape[1];
        const int64_t patches = tokens - (distilled ? 2 : 1);
        const auto side
            = static_cast<int64_t>(std::llround(std::sqrt(static_cast<double>(std::max<int64_t>(patches, 0)))));
        if (side < 1 || side * side != patches)
            return fail(ErrorCode::CorruptFile,
                        fmt::format("tensor {} has {} rows: {} patches are no square grid",
                                    checkpoint.describe("pos_embed"), tokens, patches),
                        checkpoint.file());
        sizes.set("width", (*proj)->shape[0]);
        sizes.set("depth", depth);
        sizes.set("patch", (*proj)->shape[3]);
        sizes.set("image", side * (*proj)->shape[3]);
        sizes.set("distilled", distilled ? 1 : 0);
        sizes.set("hidden", (*fc1)->shape[0]);
        sizes.set("classes", (*head)->shape[0]);
        return reading;
    }

    Result<void> check(const Architecture &sizes, const std::string &where) const override
    {
        if (sizes.value("width") % sizes.value("heads") != 0)
            return fail(ErrorCode::BadInput,
                        fmt::format("width {} cannot be split into {} heads", sizes.value("width"),
                                    sizes.value("heads")),
                        where, "give the right number with --heads");
        return {};
    }

    Result<void> resize(Checkpoint &checkpoint, Architecture &sizes, int64_t image) const override
    {
        const int64_t patch = sizes.value("patch");
        if (image % patch != 0)
            return fail(ErrorCode::BadInput,
                        fmt::format("an image of {0} x {0} is no whole number of {1} x {1} patches", image, patch),
                        "--image-size", "choose a multiple");
        const TensorEntry &position = *checkpoint.find("pos_embed");
        std::vector<float> values(static_cast<size_t>(position.elements()));
        convertToFloat(position, values.data());
        const int64_t extra = sizes.value("distilled") + 1;
        const int64_t from = sizes.value("image") / patch;
        const int64_t to = image / patch;
        const int64_t width = sizes.value("width");
        checkpoint.replace("pos_embed", resampledPositions(values, extra, from, to, width),
                           {1, extra + to * to, width});
        sizes.set("image", image);
        return {};
    }

    int build(GraphBuilder &graph, const Architecture &sizes) const override
    {
        const int64_t width = sizes.value("width");
        const int64_t classes = sizes.value("classes");
        const bool distilled = sizes.value("distilled") != 0;
        const int patches
            = graph.patchConvolution("patch_embed.proj", graph.image(sizes.value("image")), sizes.value("patch"), width);
        std::vector<std::string> extra = {"cls_token"};
        if (distilled)
            extra.push_back("dist_token");
        const int embedded = graph.prependTokens("embed", patches, extra);
        const int64_t tokens = graph.node(embedded).shape.front();
        const int position
            = graph.parameter("pos_embed", {tokens, width}, {1, tokens, width}, Role::PositionEmbedding);
        int stream = graph.sum("embed_sum", embedded, position, Role::Residual);
        for (int64_t i = 0; i < sizes.value("depth"); ++i) {
            graph.enter(fmt::format("blocks.{}.", i), static_cast<int>(i));
            stream = graph.transformerBlock(stream, {.heads = sizes.value("heads")}, sizes.value("hidden"));
        }
        graph.leave();
        // LayerNorm works token by token, so only the tokens that the heads read are normalised.
        const int norm = graph.layerNorm("norm", graph.takeToken("class_token", stream, 0));
        const int head = graph.linear("head", norm, classes, Role::Logits);
        if (!distilled)
            return head;
        const int second = graph.layerNorm("norm_dist", graph.takeToken("distillation_token", stream, 1),
                                           Role::Normalized, "norm");
        return graph.add({.path = "logits", .op = Operator::Average,
                          .inputs = {head, graph.linear("head_dist", second, classes, Role::Logits)},
                          .role = Role::Logits, .shape = {classes}});
    }

    std::vector<StageInfo> stages(const Architecture &sizes) const override
    {
        return {{static_cast<int>(sizes.value("depth")), sizes.value("width"), static_cast<int>(sizes.value("heads")), 0}};
    }
};

} // namespace

const ModelFamily &vitFamily()
{
    static const VitFamily family;
    return family;
}

} // namespace quantoscope
