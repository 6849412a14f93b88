// SPDX-License-Identifier: GPL-3.0-or-later
// iTPN, pixel variant (Tian et al. 2023): MLP blocks on the 4 x 4 inner grid of each 16-pixel unit, two patch mergings, then
// a transformer with absolute and relative positions over the units (specification 1.5).
#include "core/models/model_family.h"

#include <fmt/format.h>

#include <cmath>

namespace quantoscope {

namespace {

constexpr int64_t kInner = 4; ///< inner grid of a unit before merging
constexpr int64_t kMergings = 2;

class ItpnFamily final : public ModelFamily {
public:
    std::string name() const override { return "itpn"; }
    std::string title() const override { return "iTPN"; }
    double layerNormEpsilon() const override { return 1e-6; }

    const std::vector<ArchitectureField> &fields() const override
    {
        static const std::vector<ArchitectureField> all
            = {{"width"}, {"depth"}, {"mlp_depth"}, {"heads"}, {"patch"}, {"image"}};
        return all;
    }

    const std::vector<Dialect> &dialects() const override
    {
        static const std::vector<Dialect> all = {
            {.name = "iTPN", .recognises = [](const TensorStore &store) {
                 return store.find("absolute_pos_embed") && store.find("patch_embed.proj.weight")
                     && store.find("blocks.0.mlp.fc1.weight") && !store.find("blocks.0.attn.qkv.weight");
             }}};
        return all;
    }

    Result<Reading> read(const Checkpoint &checkpoint) const override
    {
        const auto proj = checkpoint.require("patch_embed.proj.weight", 4);
        if (!proj)
            return fail(proj.error());
        const auto position = checkpoint.require("absolute_pos_embed", 3);
        if (!position)
            return fail(position.error());
        const auto head = checkpoint.require("head.weight", 2);
        if (!head)
            return fail(head.error());
        int64_t mlpDepth = 0;
        while (checkpoint.find(fmt::format("blocks.{}.mlp.fc1.weight", mlpDepth))
               && !checkpoint.find(fmt::format("blocks.{}.attn.qkv.weight", mlpDepth)))
            ++mlpDepth;
        Reading reading;
        Architecture &sizes = reading.sizes;
        sizes.set("mlp_depth", mlpDepth);
        const int64_t first = firstAttention(sizes);
        int64_t depth = 0;
        while (checkpoint.find(fmt::format("blocks.{}.norm1.weight", first + depth)))
            ++depth;
        std::vector<int64_t> hidden; // of the two bridges and of the blocks with attention
        for (const int64_t block : {int64_t{0}, mlpDepth + 1, first}) {
            const auto fc1 = checkpoint.require(fmt::format("blocks.{}.mlp.fc1.weight", block), 2);
            if (!fc1)
                return fail(fc1.error());
            hidden.push_back((*fc1)->shape[0]);
        }
        const auto table = checkpoint.require(fmt::format("blocks.{}.attn.relative_position_bias_table", first), 2);
        if (!table)
            return fail(table.error());
        const int64_t units = (*position)->shape[1];
        const auto side = static_cast<int64_t>(std::llround(std::sqrt(static_cast<double>(units))));
        if (side * side != units)
            return fail(ErrorCode::CorruptFile,
                        fmt::format("tensor 'absolute_pos_embed' has {} rows, which are no square grid", units),
                        checkpoint.file());
        sizes.set("width", (*proj)->shape[0] << kMergings);
        sizes.set("depth", depth);
        sizes.set("heads", (*table)->shape[1]);
        sizes.set("patch", (*proj)->shape[3] * kInner);
        sizes.set("image", side * sizes.value("patch"));
        sizes.set("hidden", std::move(hidden));
        sizes.set("classes", (*head)->shape[0]);
        return reading;
    }

    Result<void> check(const Architecture &sizes, const std::string &where) const override
    {
        if (sizes.value("width") % sizes.value("heads") != 0)
            return fail(ErrorCode::BadInput,
                        fmt::format("width {} cannot be split into {} heads", sizes.value("width"), sizes.value("heads")),
                        where);
        return {};
    }

    Result<void> resize(Checkpoint &, Architecture &sizes, int64_t) const override
    {
        return fail(ErrorCode::Unsupported,
                    fmt::format("an iTPN keeps its image size {}: its relative positions belong to that grid",
                                sizes.value("image")),
                    "--image-size", "leave it away");
    }

    int build(GraphBuilder &graph, const Architecture &sizes) const override
    {
        const std::vector<int64_t> &hidden = sizes.list("hidden");
        const int64_t mlpDepth = sizes.value("mlp_depth");
        const int64_t side = sizes.value("image") / sizes.value("patch");
        int64_t width = sizes.value("width") >> kMergings;
        int stream = graph.patchConvolution("patch_embed.proj", graph.image(sizes.value("image")),
                                            sizes.value("patch") / kInner, width);
        stream = graph.windowPartition("patch_embed.units", stream, kInner, 0);
        stream = graph.layerNorm("patch_embed.norm", stream, Role::Embedding);
        int block = 0;
        const auto enter = [&] {
            graph.enter(fmt::format("blocks.{}.", block), block);
            ++block;
        };
        for (size_t bridge = 0; bridge < kMergings; ++bridge) {
            for (int64_t i = 0; i < mlpDepth; ++i) {
                enter();
                stream = graph.mlpBlock(stream, hidden[bridge]);
            }
            width *= 2;
            enter();
            stream = graph.patchMerging(stream, width);
        }
        graph.leave();
        stream = graph.windowReverse("units", stream, 1, 0); // one token is left of each unit
        const int position = graph.parameter("absolute_pos_embed", {side * side, width}, {1, side * side, width},
                                             Role::PositionEmbedding);
        stream = graph.sum("embed_sum", stream, position, Role::Residual);
        for (int64_t i = 0; i < sizes.value("depth"); ++i) {
            enter();
            stream = graph.transformerBlock(stream, {.heads = sizes.value("heads"), .biasWindow = side}, hidden.back());
        }
        graph.leave();
        graph.mayHold(relativePositionIndex("relative_position_index", side));
        const int pooled = graph.layerNorm("fc_norm", graph.meanTokens("pooled", stream));
        return graph.linear("head", pooled, sizes.value("classes"), Role::Logits);
    }

    std::vector<StageInfo> stages(const Architecture &sizes) const override
    {
        const auto mlpDepth = static_cast<int>(sizes.value("mlp_depth"));
        const int64_t width = sizes.value("width");
        return {{mlpDepth, width / 4, 0, 0},
                {mlpDepth, width / 2, 0, 0},
                {static_cast<int>(sizes.value("depth")), width, static_cast<int>(sizes.value("heads")), 0}};
    }

private:
    /// Bridges of MLP blocks, each followed by a merging, come before.
    static int64_t firstAttention(const Architecture &sizes) { return kMergings * (sizes.value("mlp_depth") + 1); }
};

} // namespace

const ModelFamily &itpnFamily()
{
    static const ItpnFamily family;
    return family;
}

} // namespace quantoscope
