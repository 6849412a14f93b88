// SPDX-License-Identifier: GPL-3.0-or-later
// ViT and DeiT (Dosovitskiy et al. 2021; Touvron et al. 2021) under timm's tensor names: pre-norm encoder, learned
// position embedding, class token first, exact GELU, LayerNorm epsilon 1e-6 (specification 1.1).
#include "core/models/model_family.h"

#include <fmt/format.h>

#include <cmath>

namespace quantoscope {

namespace {

constexpr double kLayerNormEpsilon = 1e-6;
constexpr int kUsualHeadWidth = 64;
constexpr std::array<float, 3> kHalf = {0.5F, 0.5F, 0.5F};

Preprocessing imageNet(int resize, int crop)
{
    Preprocessing preprocessing;
    preprocessing.resize = resize;
    preprocessing.crop = crop;
    return preprocessing;
}

Preprocessing halfRange(int resize, int crop)
{
    Preprocessing preprocessing = imageNet(resize, crop);
    preprocessing.mean = kHalf;
    preprocessing.deviation = kHalf;
    return preprocessing;
}

/// Sizes read from the tensors.
struct Sizes {
    int64_t width = 0;
    int64_t hidden = 0;
    int64_t classes = 0;
    int64_t tokens = 0;
    int depth = 0;
    int patch = 0;
    int imageSize = 0;
    int heads = 0;
    bool distilled = false;
};

/// Expected shape of every tensor, in the order in which a reader would look for them.
std::vector<std::pair<std::string, std::vector<int64_t>>> expectedTensors(const Sizes &s)
{
    const int64_t d = s.width;
    std::vector<std::pair<std::string, std::vector<int64_t>>> expected = {
        {"cls_token", {1, 1, d}},
        {"pos_embed", {1, s.tokens, d}},
        {"patch_embed.proj.weight", {d, 3, s.patch, s.patch}},
        {"patch_embed.proj.bias", {d}},
        {"norm.weight", {d}},
        {"norm.bias", {d}},
        {"head.weight", {s.classes, d}},
        {"head.bias", {s.classes}},
    };
    if (s.distilled) {
        expected.push_back({"dist_token", {1, 1, d}});
        expected.push_back({"head_dist.weight", {s.classes, d}});
        expected.push_back({"head_dist.bias", {s.classes}});
    }
    for (int i = 0; i < s.depth; ++i) {
        const std::string b = fmt::format("blocks.{}.", i);
        for (const char *norm : {"norm1", "norm2"}) {
            expected.push_back({b + norm + ".weight", {d}});
            expected.push_back({b + norm + ".bias", {d}});
        }
        expected.push_back({b + "attn.qkv.weight", {3 * d, d}});
        expected.push_back({b + "attn.qkv.bias", {3 * d}});
        expected.push_back({b + "attn.proj.weight", {d, d}});
        expected.push_back({b + "attn.proj.bias", {d}});
        expected.push_back({b + "mlp.fc1.weight", {s.hidden, d}});
        expected.push_back({b + "mlp.fc1.bias", {s.hidden}});
        expected.push_back({b + "mlp.fc2.weight", {d, s.hidden}});
        expected.push_back({b + "mlp.fc2.bias", {d}});
    }
    return expected;
}

/// A tensor that sizes are read from, with the rank it must have.
Result<const TensorEntry *> sizeTensor(const TensorStore &store, const std::string &file, const char *tensor,
                                       size_t rank)
{
    const TensorEntry *entry = store.find(tensor);
    if (!entry)
        return fail(ErrorCode::CorruptFile, fmt::format("tensor '{}' is missing", tensor), file,
                    "a ViT checkpoint under timm's names has it");
    if (entry->shape.size() != rank)
        return fail(ErrorCode::CorruptFile,
                    fmt::format("tensor '{}' has shape {} instead of {} dimensions", tensor, shapeText(entry->shape),
                                rank),
                    file);
    return entry;
}

Result<Sizes> readSizes(const TensorStore &store, const std::string &file)
{
    const auto proj = sizeTensor(store, file, "patch_embed.proj.weight", 4);
    if (!proj)
        return fail(proj.error());
    const auto position = sizeTensor(store, file, "pos_embed", 3);
    if (!position)
        return fail(position.error());
    const auto head = sizeTensor(store, file, "head.weight", 2);
    if (!head)
        return fail(head.error());
    Sizes s;
    s.width = (*proj)->shape[0];
    s.patch = static_cast<int>((*proj)->shape[3]);
    s.classes = (*head)->shape[0];
    s.tokens = (*position)->shape[1];
    s.distilled = store.find("dist_token") != nullptr;
    if (s.width < 1 || s.patch < 1 || s.classes < 1)
        return fail(ErrorCode::CorruptFile, "patch_embed.proj.weight or head.weight has an extent of 0", file);
    while (store.find(fmt::format("blocks.{}.norm1.weight", s.depth)))
        ++s.depth;
    if (s.depth == 0)
        return fail(ErrorCode::CorruptFile, "tensor 'blocks.0.norm1.weight' is missing", file);
    const TensorEntry *fc1 = store.find("blocks.0.mlp.fc1.weight");
    s.hidden = fc1 && fc1->shape.size() == 2 ? fc1->shape[0] : 4 * s.width;
    const int64_t patches = s.tokens - (s.distilled ? 2 : 1);
    const auto side = static_cast<int64_t>(std::llround(std::sqrt(static_cast<double>(std::max<int64_t>(patches, 0)))));
    if (side < 1 || side * side != patches)
        return fail(ErrorCode::CorruptFile,
                    fmt::format("tensor 'pos_embed' has {} rows: {} patches are no square grid", s.tokens, patches), file);
    s.imageSize = static_cast<int>(side) * s.patch;
    return s;
}

Result<void> checkTensors(const TensorStore &store, const std::string &file, const Sizes &sizes)
{
    const auto expected = expectedTensors(sizes);
    size_t known = 0;
    for (const auto &[tensor, shape] : expected) {
        const TensorEntry *entry = store.find(tensor);
        if (!entry)
            return fail(ErrorCode::CorruptFile, fmt::format("tensor '{}' is missing", tensor), file);
        if (entry->shape != shape)
            return fail(ErrorCode::CorruptFile,
                        fmt::format("tensor '{}' has shape {}, expected {}", tensor, shapeText(entry->shape),
                                    shapeText(shape)),
                        file);
        if (!isFloating(entry->type))
            return fail(ErrorCode::CorruptFile,
                        fmt::format("tensor '{}' holds {} values, not floating-point ones", tensor, name(entry->type)),
                        file, "export the model in float");
        ++known;
    }
    if (known == store.tensors().size())
        return {};
    for (const auto &[tensor, entry] : store.tensors()) {
        const bool wanted = std::any_of(expected.begin(), expected.end(),
                                        [&tensor = tensor](const auto &e) { return e.first == tensor; });
        if (!wanted)
            return fail(ErrorCode::CorruptFile,
                        fmt::format("additional tensor '{}' {} has no place in a {}-block ViT", tensor,
                                    shapeText(entry.shape), sizes.depth),
                        file, "the file may be of another model or be incomplete");
    }
    return {};
}

/// Appends nodes and knows the running index.
class GraphBuilder {
public:
    explicit GraphBuilder(const Sizes &sizes) : m_sizes(sizes) {}

    int add(Node node)
    {
        node.block = m_block;
        if (m_block >= 0)
            node.path = fmt::format("blocks.{}.{}", m_block, node.path);
        m_graph.nodes.push_back(std::move(node));
        return static_cast<int>(m_graph.nodes.size()) - 1;
    }
    int linear(const char *path, int input, int64_t out, Role role)
    {
        Node node{.path = path, .op = Operator::Linear, .inputs = {input}, .role = role};
        const std::string tensor = m_block >= 0 ? fmt::format("blocks.{}.{}", m_block, path) : path;
        node.parameters = {tensor + ".weight", tensor + ".bias"};
        node.shape = m_graph.nodes[static_cast<size_t>(input)].shape;
        const int64_t in = node.shape.back();
        node.shape.back() = out;
        node.macs = in * out * (node.shape.size() == 2 ? node.shape.front() : 1);
        return add(std::move(node));
    }
    int layerNorm(const char *path, int input)
    {
        Node node{.path = path, .op = Operator::LayerNorm, .inputs = {input}, .role = Role::Normalized};
        const std::string tensor = m_block >= 0 ? fmt::format("blocks.{}.{}", m_block, path) : path;
        node.parameters = {tensor + ".weight", tensor + ".bias"};
        node.shape = m_graph.nodes[static_cast<size_t>(input)].shape;
        node.epsilon = kLayerNormEpsilon;
        return add(std::move(node));
    }
    int residual(const char *path, int a, int b)
    {
        return add({.path = path, .op = Operator::Add, .inputs = {a, b}, .role = Role::Residual,
                    .shape = {m_sizes.tokens, m_sizes.width}});
    }
    /// Fused qkv to merged context: the part that every attention block shares.
    int attention(int qkv)
    {
        const int64_t n = m_sizes.tokens;
        const int64_t h = m_sizes.heads;
        const int64_t d = m_sizes.width / h;
        int operand[3];
        const char *names[3] = {"attn.q", "attn.k", "attn.v"};
        for (int i = 0; i < 3; ++i)
            operand[i] = add({.path = names[i], .op = Operator::SplitHeads, .inputs = {qkv},
                              .role = Role::AttentionOperand, .shape = {h, n, d}, .heads = m_sizes.heads, .index = i});
        const int scores = add({.path = "attn.scores", .op = Operator::MatmulTransposed,
                                .inputs = {operand[0], operand[1]}, .role = Role::Scores, .shape = {h, n, n},
                                .factor = 1.0 / std::sqrt(static_cast<double>(d)), .macs = h * n * n * d});
        const int softmax = add({.path = "attn.softmax", .op = Operator::Softmax, .inputs = {scores},
                                 .role = Role::AttentionWeights, .shape = {h, n, n}});
        return add({.path = "attn.context", .op = Operator::MatmulMergeHeads, .inputs = {softmax, operand[2]},
                    .role = Role::Context, .shape = {n, m_sizes.width}, .heads = m_sizes.heads,
                    .macs = h * n * n * d});
    }
    int block(int index, int stream)
    {
        m_block = index;
        const int norm1 = layerNorm("norm1", stream);
        const int context = attention(linear("attn.qkv", norm1, 3 * m_sizes.width, Role::Qkv));
        const int projection = linear("attn.proj", context, m_sizes.width, Role::Projection);
        const int middle = residual("residual1", stream, projection);
        const int norm2 = layerNorm("norm2", middle);
        const int hidden = linear("mlp.fc1", norm2, m_sizes.hidden, Role::Hidden);
        const int gelu = add({.path = "mlp.gelu", .op = Operator::Gelu, .inputs = {hidden}, .role = Role::Activation,
                              .shape = {m_sizes.tokens, m_sizes.hidden}});
        const int fc2 = linear("mlp.fc2", gelu, m_sizes.width, Role::Projection);
        const int out = residual("residual2", middle, fc2);
        m_block = -1;
        return out;
    }
    int takeToken(const char *path, int input, int index)
    {
        return add({.path = path, .op = Operator::TakeToken, .inputs = {input}, .role = Role::ClassToken,
                    .shape = {m_sizes.width}, .index = index});
    }
    Graph build()
    {
        const Sizes &s = m_sizes;
        const int image = add({.path = "input", .op = Operator::Input, .role = Role::Image,
                               .shape = {3, s.imageSize, s.imageSize}});
        const int64_t patches = s.tokens - (s.distilled ? 2 : 1);
        const int patch = add({.path = "patch_embed.proj", .op = Operator::PatchConvolution, .inputs = {image},
                               .parameters = {"patch_embed.proj.weight", "patch_embed.proj.bias"},
                               .role = Role::Embedding, .shape = {patches, s.width},
                               .macs = patches * s.width * 3 * s.patch * s.patch});
        std::vector<std::string> tokens = {"cls_token"};
        if (s.distilled)
            tokens.push_back("dist_token");
        const int embed = add({.path = "embed", .op = Operator::PrependTokens, .inputs = {patch}, .parameters = tokens,
                               .role = Role::Embedding, .shape = {s.tokens, s.width}});
        const int position = add({.path = "pos_embed", .op = Operator::Parameter, .parameters = {"pos_embed"},
                                  .role = Role::PositionEmbedding, .shape = {s.tokens, s.width}});
        int stream = residual("embed_sum", embed, position);
        for (int i = 0; i < s.depth; ++i)
            stream = block(i, stream);
        // LayerNorm works token by token, so only the tokens that the heads read are normalised.
        m_graph.output = linear("head", layerNorm("norm", takeToken("class_token", stream, 0)), s.classes, Role::Logits);
        if (s.distilled) {
            const int first = m_graph.output;
            Node norm{.path = "norm_dist", .op = Operator::LayerNorm,
                      .inputs = {takeToken("distillation_token", stream, 1)},
                      .parameters = {"norm.weight", "norm.bias"}, .role = Role::Normalized, .shape = {s.width},
                      .epsilon = kLayerNormEpsilon};
            const int second = linear("head_dist", add(std::move(norm)), s.classes, Role::Logits);
            m_graph.output = add({.path = "logits", .op = Operator::Average, .inputs = {first, second},
                                  .role = Role::Logits, .shape = {s.classes}});
        }
        return std::move(m_graph);
    }

private:
    const Sizes &m_sizes;
    Graph m_graph;
    int m_block = -1;
};

class VitFamily final : public ModelFamily {
public:
    std::string name() const override { return "vit"; }

    bool recognises(const TensorStore &store) const override
    {
        return store.find("patch_embed.proj.weight") && (store.find("cls_token") || store.find("pos_embed"));
    }

    const std::vector<ModelEntry> &entries() const override
    {
        const auto deit = [](const char *id, const char *title, int width, int heads, double top1) {
            return ModelEntry{id, title, "vit", width, 12, heads, 16, 224, false, true, imageNet(256, 224), top1,
                              "FQ-ViT README"};
        };
        const auto vit = [](const char *id, const char *title, int width, int depth, int patch, double top1,
                            const char *where) {
            return ModelEntry{id,    title, "vit", width,  depth, width / kUsualHeadWidth, patch, 224,
                              false, false, halfRange(248, 224), top1, where};
        };
        static const std::vector<ModelEntry> known = {
            deit("deit_tiny_patch16_224", "DeiT-T/16 224", 192, 3, 72.21),
            deit("deit_small_patch16_224", "DeiT-S/16 224", 384, 6, 79.85),
            deit("deit_base_patch16_224", "DeiT-B/16 224", 768, 12, 81.85),
            {"deit_base_patch16_384", "DeiT-B/16 384", "vit", 768, 12, 12, 16, 384, false, true, imageNet(384, 384),
             83.11, "PTQ4ViT README"},
            {"deit_tiny_distilled_patch16_224", "DeiT-T/16 224 distilled", "vit", 192, 12, 3, 16, 224, true, true,
             imageNet(256, 224), 74.5, "DeiT README"},
            {"deit_small_distilled_patch16_224", "DeiT-S/16 224 distilled", "vit", 384, 12, 6, 16, 224, true, true,
             imageNet(256, 224), 81.2, "DeiT README"},
            {"deit_base_distilled_patch16_224", "DeiT-B/16 224 distilled", "vit", 768, 12, 12, 16, 224, true, true,
             imageNet(256, 224), 83.4, "DeiT README"},
            vit("vit_tiny_patch16_224", "ViT-T/16 224", 192, 12, 16, 75.47, "PTQ literature"),
            vit("vit_small_patch16_224", "ViT-S/16 224", 384, 12, 16, 81.39, "PTQ4ViT README"),
            vit("vit_small_patch32_224", "ViT-S/32 224", 384, 12, 32, 75.99, "PTQ4ViT README"),
            vit("vit_base_patch16_224", "ViT-B/16 224", 768, 12, 16, 84.53, "FQ-ViT README"),
            {"vit_base_patch16_384", "ViT-B/16 384", "vit", 768, 12, 12, 16, 384, false, false, halfRange(384, 384),
             86.00, "PTQ4ViT README"},
            vit("vit_large_patch16_224", "ViT-L/16 224", 1024, 24, 16, 85.81, "FQ-ViT README"),
            {"quantoscope_demo_vit", "Demo ViT/8 64", "vit", 128, 0, 2, 8, 64, false, true, halfRange(64, 64), 0, ""},
        };
        return known;
    }

    Result<Model> build(TensorStorePtr store, const std::string &file, const ModelEntry *entry, int heads) const override
    {
        Result<Sizes> sizes = readSizes(*store, file);
        if (!sizes)
            return fail(sizes.error());
        if (const auto checked = checkTensors(*store, file, *sizes); !checked)
            return fail(checked.error());
        Model model;
        ModelInfo &info = model.info;
        if (entry && !fits(*entry, *sizes))
            return fail(ErrorCode::BadInput,
                        fmt::format("its tensors (width {}, {} blocks, patch {}, image {}) are not those of {}",
                                    sizes->width, sizes->depth, sizes->patch, sizes->imageSize, entry->name),
                        file, "leave --model away to recognise it");
        if (!entry)
            entry = recogniseEntry(*sizes, file, info);
        sizes->heads = heads > 0 ? heads : entry ? entry->heads : 0;
        if (sizes->heads == 0) {
            sizes->heads = static_cast<int>(std::max<int64_t>(1, sizes->width / kUsualHeadWidth));
            info.assumptions.push_back(fmt::format(
                "{} attention heads assumed (64 dimensions per head; the weights do not tell; --heads changes it)",
                sizes->heads));
        }
        if (sizes->width % sizes->heads != 0)
            return fail(ErrorCode::BadInput,
                        fmt::format("width {} cannot be split into {} heads", sizes->width, sizes->heads), file,
                        "give the right number with --heads");
        info.family = name();
        info.name = entry ? entry->name
                          : fmt::format("vit_w{}_d{}_patch{}_{}", sizes->width, sizes->depth, sizes->patch,
                                        sizes->imageSize);
        info.title = entry ? entry->title : info.name;
        info.imageSize = sizes->imageSize;
        info.patch = sizes->patch;
        info.width = sizes->width;
        info.depth = sizes->depth;
        info.heads = sizes->heads;
        info.classes = static_cast<int>(sizes->classes);
        info.distilled = sizes->distilled;
        if (entry) {
            info.preprocessing = entry->preprocessing;
            info.inputQuantized = entry->inputQuantized;
        } else {
            info.preprocessing = imageNet(sizes->imageSize * 256 / 224, sizes->imageSize);
            info.assumptions.push_back("preprocessing assumed as for DeiT (the sizes match no published model)");
        }
        const TensorStore &tensors = *store;
        model.graph = GraphBuilder(*sizes).build();
        model.graph.deriveTaps([&tensors](const std::string &tensor) { return tensors.find(tensor)->elements(); });
        model.tensors = std::move(store);
        return model;
    }

private:
    static bool fits(const ModelEntry &entry, const Sizes &sizes)
    {
        return entry.width == sizes.width && (entry.depth == 0 || entry.depth == sizes.depth)
            && entry.patch == sizes.patch && entry.imageSize == sizes.imageSize && entry.distilled == sizes.distilled;
    }

    /// Of the entries with these sizes the one whose name is in the file name, else the first.
    const ModelEntry *recogniseEntry(const Sizes &sizes, const std::string &file, ModelInfo &info) const
    {
        const ModelEntry *chosen = nullptr;
        std::string others;
        const std::string fileName = file.substr(file.find_last_of('/') + 1);
        for (const ModelEntry &entry : entries()) {
            if (!fits(entry, sizes))
                continue;
            if (fileName.find(entry.name) != std::string::npos)
                return &entry;
            if (!chosen)
                chosen = &entry;
            else
                others += (others.empty() ? "" : ", ") + entry.name;
        }
        if (chosen && !others.empty())
            info.assumptions.push_back(fmt::format(
                "taken for {}: {} has the same tensors but other preprocessing (--model chooses)", chosen->name, others));
        return chosen;
    }
};

} // namespace

const ModelFamily &vitFamily()
{
    static const VitFamily family;
    return family;
}

} // namespace quantoscope
