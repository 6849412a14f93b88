// SPDX-License-Identifier: GPL-3.0-or-later
// Swin Transformer (Liu et al. 2021): attention in windows that every second block shifts, relative position bias, patch
// merging between stages (specification 1.4), in timm's old and new names.
#include "core/data/token_order.h"
#include "core/models/model_family.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

namespace quantoscope {

namespace {

/// Side of the window that a relative position table of (2 w - 1)^2 rows belongs to; 0 when there is none.
int64_t windowOf(int64_t rows)
{
    const auto side = static_cast<int64_t>(std::llround(std::sqrt(static_cast<double>(rows))));
    return side * side == rows && side % 2 == 1 ? (side + 1) / 2 : 0;
}

/// Tokens along one side of a stage's grid; 0 when the image has no whole number of them.
int64_t gridOf(const Architecture &sizes, size_t stage)
{
    const int64_t unit = sizes.value("patch") << stage;
    return sizes.value("image") % unit == 0 ? sizes.value("image") / unit : 0;
}

class SwinFamily final : public ModelFamily {
public:
    std::string name() const override { return "swin"; }
    std::string title() const override { return "Swin"; }
    double layerNormEpsilon() const override { return 1e-5; }

    const std::vector<ArchitectureField> &fields() const override
    {
        using Kind = ArchitectureField::Kind;
        static const std::vector<ArchitectureField> all = {{"width"}, {"depths", Kind::PerStage},
                                                           {"heads", Kind::PerStage}, {"patch"}, {"window"}, {"image"}};
        return all;
    }

    const std::vector<Dialect> &dialects() const override
    {
        static const std::vector<NameRule> headRules = {{"head.weight", {"head.fc.weight"}},
                                                        {"head.bias", {"head.fc.bias"}}};
        static const std::vector<Dialect> all = {
            {.name = "timm 0.9",
             .recognises =
                 [](const TensorStore &store) {
                     return store.find("layers.0.blocks.0.attn.relative_position_bias_table")
                         && !store.find("layers.0.downsample.reduction.weight");
                 },
             // Merging stands at the beginning of the next stage.
             .rules = {headRules[0], headRules[1],
                       {"layers.{}.downsample.norm.weight", {"layers.{}.downsample.norm.weight"}, {}, {}, 1},
                       {"layers.{}.downsample.norm.bias", {"layers.{}.downsample.norm.bias"}, {}, {}, 1},
                       {"layers.{}.downsample.reduction.weight", {"layers.{}.downsample.reduction.weight"}, {}, {}, 1}}},
            {.name = "timm",
             .recognises =
                 [](const TensorStore &store) {
                     return store.find("layers.0.blocks.0.attn.relative_position_bias_table") != nullptr;
                 },
             .rules = headRules},
        };
        return all;
    }

    Result<Reading> read(const Checkpoint &checkpoint) const override
    {
        const auto proj = checkpoint.require("patch_embed.proj.weight", 4);
        if (!proj)
            return fail(proj.error());
        const auto head = checkpoint.require("head.weight", 2);
        if (!head)
            return fail(head.error());
        Reading reading;
        Architecture &sizes = reading.sizes;
        sizes.set("width", (*proj)->shape[0]);
        sizes.set("patch", (*proj)->shape[3]);
        sizes.set("classes", (*head)->shape[0]);
        std::vector<int64_t> depths;
        std::vector<int64_t> heads;
        std::vector<int64_t> windows;
        std::vector<int64_t> hidden;
        while (const int64_t depth = checkpoint.count(fmt::format("layers.{}.blocks.{{}}.norm1.weight", depths.size()))) {
            const std::string first = fmt::format("layers.{}.blocks.0.", depths.size());
            const std::string tableName = first + "attn.relative_position_bias_table";
            const auto table = checkpoint.require(tableName, 2);
            if (!table)
                return fail(table.error());
            const auto fc1 = checkpoint.require(first + "mlp.fc1.weight", 2);
            if (!fc1)
                return fail(fc1.error());
            windows.push_back(windowOf((*table)->shape[0]));
            if (windows.back() == 0)
                return fail(ErrorCode::CorruptFile,
                            fmt::format("tensor {} has {} rows, which fit no square window",
                                        checkpoint.describe(tableName), (*table)->shape[0]),
                            checkpoint.file());
            depths.push_back(depth);
            heads.push_back((*table)->shape[1]);
            hidden.push_back((*fc1)->shape[0]);
        }
        if (depths.empty() || depths.size() > 8)
            return fail(ErrorCode::CorruptFile, fmt::format("it has {} stages; a Swin has a few", depths.size()),
                        checkpoint.file());
        sizes.set("image", imageSize(checkpoint, sizes, windows, reading.assumptions));
        sizes.set("window", windows.front());
        sizes.set("depths", std::move(depths));
        sizes.set("heads", std::move(heads));
        sizes.set("windows", std::move(windows));
        sizes.set("hidden", std::move(hidden));
        return reading;
    }

    Result<void> check(const Architecture &sizes, const std::string &where) const override
    {
        const std::vector<int64_t> &windows = sizes.list("windows");
        const std::vector<int64_t> &heads = sizes.list("heads");
        for (size_t stage = 0; stage < windows.size(); ++stage) {
            const int64_t grid = gridOf(sizes, stage);
            if (grid == 0 || grid % windows[stage] != 0)
                return fail(ErrorCode::BadInput,
                            fmt::format("an image of {0} x {0} does not fit: stage {1} attends in windows of {2} x {2} tokens",
                                        sizes.value("image"), stage, windows[stage]),
                            where,
                            fmt::format("its position biases belong to these windows; the side must be a multiple of {}",
                                        multiple(sizes)));
            const int64_t width = sizes.value("width") << stage;
            if (heads[stage] < 1 || width % heads[stage] != 0)
                return fail(ErrorCode::BadInput,
                            fmt::format("width {} of stage {} cannot be split into {} heads", width, stage, heads[stage]),
                            where);
        }
        return {};
    }

    Result<void> resize(Checkpoint &, Architecture &sizes, int64_t image) const override
    {
        sizes.set("image", image);
        return {};
    }

    int build(GraphBuilder &graph, const Architecture &sizes) const override
    {
        int64_t width = sizes.value("width");
        const int patches
            = graph.patchConvolution("patch_embed.proj", graph.image(sizes.value("image")), sizes.value("patch"), width);
        int stream = graph.layerNorm("patch_embed.norm", patches, Role::Embedding);
        const std::vector<int64_t> &depths = sizes.list("depths");
        int block = 0;
        for (size_t stage = 0; stage < depths.size(); ++stage) {
            const int64_t window = sizes.list("windows")[stage];
            const int64_t grid = gridOf(sizes, stage);
            for (int64_t i = 0; i < depths[stage]; ++i) {
                Attention attention{.heads = sizes.list("heads")[stage], .scaleFirst = true, .biasWindow = window};
                if (grid > window) {
                    attention.window = window;
                    attention.shift = i % 2 == 1 ? window / 2 : 0;
                }
                graph.enter(fmt::format("layers.{}.blocks.{}.", stage, i), block++);
                stream = graph.transformerBlock(stream, attention, sizes.list("hidden")[stage]);
                mayHoldConstants(graph, stage, i, attention, grid);
            }
            if (stage + 1 < depths.size()) {
                graph.enter(fmt::format("layers.{}.downsample.", stage), -1);
                width *= 2;
                stream = graph.patchMerging(stream, width);
            }
        }
        graph.leave();
        return graph.linear("head", graph.meanTokens("pooled", graph.layerNorm("norm", stream)), sizes.value("classes"),
                            Role::Logits);
    }

    std::vector<StageInfo> stages(const Architecture &sizes) const override
    {
        std::vector<StageInfo> all;
        for (size_t s = 0; s < sizes.list("depths").size(); ++s)
            all.push_back({static_cast<int>(sizes.list("depths")[s]), sizes.value("width") << s,
                           static_cast<int>(sizes.list("heads")[s]), static_cast<int>(sizes.list("windows")[s])});
        return all;
    }

private:
    /// From the number of windows that a stored mask covers; without a mask the last stage is taken for a single window,
    /// as in every published Swin.
    static int64_t imageSize(const Checkpoint &checkpoint, const Architecture &sizes, const std::vector<int64_t> &windows,
                             std::vector<std::string> &assumptions)
    {
        for (size_t stage = 0; stage < windows.size(); ++stage) {
            const TensorEntry *mask = checkpoint.find(fmt::format("layers.{}.blocks.1.attn_mask", stage));
            if (!mask || mask->shape.size() != 3)
                continue;
            const auto side = static_cast<int64_t>(std::llround(std::sqrt(static_cast<double>(mask->shape[0]))));
            return side * windows[stage] * (sizes.value("patch") << stage);
        }
        const int64_t image = windows.back() * (sizes.value("patch") << (windows.size() - 1));
        assumptions.push_back(fmt::format(
            "image size {} assumed (one window in the last stage; the weights do not tell; --image-size changes it)", image));
        return image;
    }

    /// Least common multiple of what every stage needs.
    static int64_t multiple(const Architecture &sizes)
    {
        int64_t result = 1;
        for (size_t stage = 0; stage < sizes.list("windows").size(); ++stage)
            result = std::lcm(result, sizes.list("windows")[stage] * (sizes.value("patch") << stage));
        return result;
    }

    static void mayHoldConstants(GraphBuilder &graph, size_t stage, int64_t block, const Attention &attention, int64_t grid)
    {
        const std::string prefix = fmt::format("layers.{}.blocks.{}.", stage, block);
        graph.mayHold(relativePositionIndex(prefix + "attn.relative_position_index", attention.biasWindow));
        if (attention.shift == 0)
            return;
        const int64_t tokens = attention.window * attention.window;
        const int64_t windows = grid * grid / tokens;
        graph.mayHold({prefix + "attn_mask", {windows, tokens, tokens}, [attention, windows] {
                           return shiftMask({.windows = windows, .window = static_cast<int>(attention.window),
                                             .shift = static_cast<int>(attention.shift)});
                       }});
    }
};

} // namespace

const ModelFamily &swinFamily()
{
    static const SwinFamily family;
    return family;
}

} // namespace quantoscope
