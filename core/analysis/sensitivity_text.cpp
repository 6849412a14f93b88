// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/sensitivity_text.h"

#include "core/analysis/csv_cell.h"
#include "core/base/json_object.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

namespace quantoscope {

namespace {

Json number(double value)
{
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

} // namespace

std::string sensitivityToJson(const SensitivityTable &table)
{
    Json rows = Json::array();
    for (const SensitivityRow &row : table.rows)
        rows.push_back({{"operator", row.operatorPath},
                        {"kind", name(row.kind)},
                        {"part", name(row.part)},
                        {"weight_bits", row.option.weightBits},
                        {"activation_bits", row.option.activationBits},
                        {"kl", number(row.kl)},
                        {"kl_standard_error", number(row.klStandardError)},
                        {"agreement", number(row.agreement)},
                        {"top1", number(row.top1)},
                        {"images", row.images}});
    const Json json = {{"model", table.model},
                       {"sha256", table.modelSha256},
                       {"recipe", table.recipe},
                       {"float_top1", number(table.floatTop1)},
                       {"rows", std::move(rows)}};
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string sensitivityToCsv(const SensitivityTable &table)
{
    std::string text = "operator,kind,part,weight_bits,activation_bits,kl,kl_standard_error,agreement,top1,images\n";
    for (const SensitivityRow &row : table.rows)
        text += fmt::format("{},{},{},{},{},{},{},{},{},{}\n", csvCell(row.operatorPath), name(row.kind), name(row.part),
                            row.option.weightBits, row.option.activationBits, csvCell(row.kl), csvCell(row.klStandardError),
                            csvCell(row.agreement), csvCell(row.top1), row.images);
    return text;
}

namespace {

/// null, or absent: not measured.
void figure(JsonObject &reader, const char *key, double &out)
{
    out = std::numeric_limits<double>::quiet_NaN();
    if (const Json *value = reader.field(key); value && !value->is_null())
        reader.number(key, out);
}

template <typename E, size_t n>
void enumeration(JsonObject &reader, const char *key, const E (&known)[n], E &out)
{
    std::string text = name(out);
    reader.text(key, text);
    const auto found = std::find_if(std::begin(known), std::end(known), [&](E one) { return text == name(one); });
    if (found == std::end(known))
        return reader.complain(fmt::format("has the unknown {} '{}'", key, text));
    out = *found;
}

SensitivityRow readRow(JsonObject &reader)
{
    SensitivityRow row;
    reader.text("operator", row.operatorPath);
    if (row.operatorPath.empty())
        reader.complain("has no operator");
    enumeration(reader, "kind", {SensitivityKind::OnlyThis, SensitivityKind::AllButThis}, row.kind);
    enumeration(reader, "part", {SensitivityPart::Both, SensitivityPart::Weights, SensitivityPart::Activations}, row.part);
    reader.integer("weight_bits", row.option.weightBits, -1, 8);
    reader.integer("activation_bits", row.option.activationBits, -1, 8);
    figure(reader, "kl", row.kl);
    figure(reader, "kl_standard_error", row.klStandardError);
    figure(reader, "agreement", row.agreement);
    figure(reader, "top1", row.top1);
    reader.integer("images", row.images, 0, int64_t{1} << 40);
    return row;
}

} // namespace

Result<SensitivityTable> parseSensitivity(const std::string &text, const std::string &origin)
{
    const Result<Json> document = parseJsonObject(text, origin);
    if (!document)
        return fail(document.error());
    SensitivityTable table;
    JsonObject head(*document, origin, "table");
    head.text("model", table.model);
    head.text("sha256", table.modelSha256);
    head.text("recipe", table.recipe);
    figure(head, "float_top1", table.floatTop1);
    const Json *rows = head.field("rows");
    if (!rows || !rows->is_array())
        head.complain("has no list 'rows'");
    if (head.error())
        return fail(*head.error());
    for (size_t r = 0; r < rows->size(); ++r) {
        JsonObject reader((*rows)[r], origin, fmt::format("row {}", r + 1));
        table.rows.push_back(readRow(reader));
        if (reader.error())
            return fail(*reader.error());
    }
    return table;
}

} // namespace quantoscope
