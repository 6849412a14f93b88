// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/sensitivity_text.h"

#include "core/analysis/csv_cell.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace quantoscope {

namespace {

using Json = nlohmann::ordered_json;

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

} // namespace quantoscope
