// SPDX-License-Identifier: GPL-3.0-or-later
// Where sensitivity and attention maps lie in the file, once for both directions as in run_layout.h. Private to core/io.
// Both are there only when they were measured; files of earlier programs have none.
#pragma once

#include "core/io/layout_names.h"

namespace quantoscope::hdf5 {

struct SensitivityRowInFile {
    const char *unit = nullptr;
    const char *kind = nullptr;
    const char *part = nullptr;
    int weightBits = 0;
    int activationBits = 0;
    double kl = 0;
    double klStandardError = 0;
    double agreement = 0;
    double top1 = 0;
    int64_t images = 0;
};

template <typename Group>
void exchangeSensitivityTable(Group group, Value<Group, SensitivityTable> &table)
{
    group.attribute("model", table.model);
    group.attribute("model_sha256", table.modelSha256);
    group.attribute("recipe", table.recipe);
    group.attribute("float_top1", table.floatTop1);
    group.attribute("quantized_kl", table.quantized.kl);
    group.attribute("quantized_kl_standard_error", table.quantized.klStandardError);
    group.attribute("quantized_agreement", table.quantized.agreement);
    group.attribute("quantized_top1", table.quantized.top1);
    group.attribute("images", table.quantized.images);
    group.attribute("images_wanted", table.imagesWanted);
    group.attribute("seconds", table.seconds);
    group.attribute("complete", table.complete);
    if constexpr (!Group::reading)
        group.attribute("units", std::string("*_kl*: nats; *_agreement, *_top1: percent; seconds: s"));
    group.values("unit", table.units, {"", "unit: name of what is switched together, in order of execution"});
    group.values("unit_of_tap", table.unitOfTap, {"1", "tap: index into unit, -1 stays float"});
    bool unfinished = table.imagesDone > 0;
    if constexpr (Group::reading)
        unfinished = group.has("unfinished"); // files of earlier programs have none
    if (unfinished) {
        Group part = group.group("unfinished");
        part.attribute("images_done", table.imagesDone);
        part.attribute("labelled_done", table.labelledDone);
    }
    static const std::array columns{column("unit", &SensitivityRowInFile::unit),
                                    column("kind", &SensitivityRowInFile::kind),
                                    column("part", &SensitivityRowInFile::part),
                                    column("weight_bits", &SensitivityRowInFile::weightBits),
                                    column("activation_bits", &SensitivityRowInFile::activationBits),
                                    column("kl", &SensitivityRowInFile::kl),
                                    column("kl_standard_error", &SensitivityRowInFile::klStandardError),
                                    column("agreement", &SensitivityRowInFile::agreement),
                                    column("top1", &SensitivityRowInFile::top1),
                                    column("images", &SensitivityRowInFile::images)};
    std::vector<SensitivityRowInFile> rows;
    for (const SensitivityRow &row : table.rows)
        rows.push_back({row.operatorPath.c_str(), name(row.kind), name(row.part), row.option.weightBits,
                        row.option.activationBits, row.kl, row.klStandardError, row.agreement, row.top1, row.images});
    group.table("table", columns, rows,
                {"kl*: nats; agreement, top1: percent",
                 "measurement; kind only-this, all-but-this; part both, weights, activations; bits: 0 float, -1 each tap's "
                 "own; NaN: no labels"});
    if constexpr (Group::reading) {
        table.quantized.images = std::max<int64_t>(0, table.quantized.images);
        table.rows.clear();
        for (const SensitivityRowInFile &row : rows) {
            SensitivityRow read{row.unit, {}, {}, {row.weightBits, row.activationBits}, row.kl, row.klStandardError,
                                row.agreement, row.top1, row.images};
            parseName(group.status(), "/sensitivity", row.kind, read.kind);
            parseName(group.status(), "/sensitivity", row.part, read.part);
            table.rows.push_back(std::move(read));
        }
    }
}

template <typename Group>
void exchangeSensitivity(Group group, Value<Group, std::vector<SensitivityTable>> &tables)
{
    if constexpr (Group::reading) {
        tables.clear();
        for (const SensitivityLevel level : {SensitivityLevel::Tap, SensitivityLevel::Operator, SensitivityLevel::Block,
                                             SensitivityLevel::OperatorType})
            if (group.has(name(level))) {
                tables.emplace_back().level = level;
                exchangeSensitivityTable(group.group(name(level)), tables.back());
            }
    } else {
        for (const SensitivityTable &table : tables)
            exchangeSensitivityTable(group.group(name(table.level)), table);
    }
}

template <typename Group>
void exchangeAttentionLayer(Group group, Value<Group, AttentionLayer> &layer)
{
    group.attribute("tap", layer.path);
    group.attribute("block", layer.block);
    group.attribute("heads", layer.heads);
    group.attribute("grid", layer.grid);
    group.attribute("window", layer.window);
    const auto patches = static_cast<size_t>(std::clamp(layer.grid, 0, 1 << 15));
    const char *axes = "head x patch, row by row: attention weight";
    group.matrix("float", layer.floating, patches * patches, {"1", axes});
    group.matrix("quantized", layer.quantized, patches * patches, {"1", axes});
}

template <typename Group>
void exchangeAttentionRecord(Group group, Value<Group, AttentionRecord> &record)
{
    group.attribute("image", record.image);
    std::string kind = name(record.kind);
    group.attribute("kind", kind);
    if constexpr (Group::reading)
        parseName(group.status(), "/attention@kind", kind, record.kind);
    group.attribute("side", record.side);
    group.matrix("picture", record.picture, 3 * static_cast<size_t>(std::clamp(record.side, 0, 1 << 15)),
                 {"0..255", "row x (column, R G B): what the model saw"});
    group.values("rollout_float", record.rolloutFloating, {"1", "patch, row by row: attention rollout; or empty"});
    group.values("rollout_quantized", record.rolloutQuantized, {"1", "patch, row by row: attention rollout; or empty"});
    if constexpr (Group::reading) {
        record.layers.clear();
        for (size_t i = 0; group.status().ok() && group.has(std::to_string(i)); ++i)
            exchangeAttentionLayer(group.group(std::to_string(i)), record.layers.emplace_back());
    } else {
        for (size_t i = 0; i < record.layers.size(); ++i)
            exchangeAttentionLayer(group.group(std::to_string(i)), record.layers[i]);
    }
}

template <typename Group>
void exchangeAttention(Group group, Value<Group, std::vector<AttentionRecord>> &records)
{
    if constexpr (Group::reading) {
        records.clear();
        for (size_t i = 0; group.status().ok() && group.has(std::to_string(i)); ++i)
            exchangeAttentionRecord(group.group(std::to_string(i)), records.emplace_back());
    } else {
        for (size_t i = 0; i < records.size(); ++i)
            exchangeAttentionRecord(group.group(std::to_string(i)), records[i]);
    }
}

} // namespace quantoscope::hdf5
