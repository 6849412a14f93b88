// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/result_table.h"

namespace quantoscope {

const char *name(CellState state)
{
    switch (state) {
    case CellState::Missing: return "not run";
    case CellState::Stale: return "stale";
    case CellState::Done: return "done";
    case CellState::NoWeights: return "no weights";
    case CellState::Failed: return "failed";
    }
    return "?";
}

namespace {

using T = ResultTable;
using C = ResultCell;
using V = ResultField::Value;

/// Of a measured cell, else NaN.
V measured(const C &cell, double value)
{
    return cell.state == CellState::Done ? value : std::numeric_limits<double>::quiet_NaN();
}

V paired(const C &cell, double value)
{
    return cell.paired ? value : std::numeric_limits<double>::quiet_NaN();
}

V flag(bool value)
{
    return static_cast<int64_t>(value);
}

} // namespace

const std::vector<ResultField> &resultFields()
{
    static const std::vector<ResultField> fields = {
        {"suite", "", "suite", [](const T &t, const C &c) -> V { return t.suiteOf(c).name; }},
        {"model", "", "model as the suite calls it", [](const T &t, const C &c) -> V { return t.modelOf(c).name; }},
        {"known_model", "", "name in the list of known models; empty: recognised from the tensors",
         [](const T &t, const C &c) -> V { return t.modelOf(c).model; }},
        {"method", "", "method as the suite calls it", [](const T &t, const C &c) -> V { return t.methodOf(c).name; }},
        {"bits", "", "W/A/Attn bits; empty: float", [](const T &t, const C &c) -> V { return t.methodOf(c).bits; }},
        {"recipe", "", "recipe; empty: float", [](const T &t, const C &c) -> V { return t.methodOf(c).recipe; }},
        {"ptf", "1", "power-of-two-factor LayerNorm", [](const T &t, const C &c) -> V { return flag(t.methodOf(c).ptf); }},
        {"lis", "1", "log-int-softmax", [](const T &t, const C &c) -> V { return flag(t.methodOf(c).lis); }},
        {"search_changes", "", "changed fields of the recipe's search (JSON)",
         [](const T &t, const C &c) -> V { return t.methodOf(c).search ? t.methodOf(c).searchJson : "off"; }},
        {"plan", "", "precision plan on top (JSON)", [](const T &t, const C &c) -> V { return t.methodOf(c).planJson; }},
        {"intervals", "", "how intervals were searched", [](const T &, const C &c) -> V { return c.intervals; }},
        {"state", "", "done, not run, stale, no weights, failed",
         [](const T &, const C &c) -> V { return std::string(name(c.state)); }},
        {"reason", "", "why there is no result", [](const T &, const C &c) -> V { return c.reason; }},
        {"published_top1", "percent", "published top-1", [](const T &, const C &c) -> V { return c.published; }},
        {"published_in", "", "source of the published value",
         [](const T &t, const C &c) -> V {
             const std::string &own = t.methodOf(c).source;
             return c.published >= 0 ? (own.empty() ? t.suiteOf(c).source : own) : std::string();
         }},
        {"top1", "percent", "measured top-1", [](const T &, const C &c) { return measured(c, c.top1); }},
        {"top1_low", "percent", "Wilson 95 %", [](const T &, const C &c) { return measured(c, c.top1Interval.low); }},
        {"top1_high", "percent", "Wilson 95 %", [](const T &, const C &c) { return measured(c, c.top1Interval.high); }},
        {"top5", "percent", "measured top-5", [](const T &, const C &c) { return measured(c, c.top5); }},
        {"top5_low", "percent", "Wilson 95 %", [](const T &, const C &c) { return measured(c, c.top5Interval.low); }},
        {"top5_high", "percent", "Wilson 95 %", [](const T &, const C &c) { return measured(c, c.top5Interval.high); }},
        {"images", "1", "evaluated images", [](const T &, const C &c) -> V { return c.images; }},
        {"images_left_out", "1", "images that could not be decoded", [](const T &, const C &c) -> V { return c.leftOut; }},
        {"top1_correct", "1", "images", [](const T &, const C &c) -> V { return c.top1Correct; }},
        {"top5_correct", "1", "images", [](const T &, const C &c) -> V { return c.top5Correct; }},
        {"difference", "points", "top-1 minus the float model's on the same images",
         [](const T &, const C &c) { return paired(c, c.difference); }},
        {"difference_low", "points", "95 % of paired data (Newcombe)",
         [](const T &, const C &c) { return paired(c, c.differenceInterval.low); }},
        {"difference_high", "points", "95 % of paired data (Newcombe)",
         [](const T &, const C &c) { return paired(c, c.differenceInterval.high); }},
        {"lost", "1", "images that only the float model has right", [](const T &, const C &c) -> V { return c.lost; }},
        {"gained", "1", "images that only this method has right", [](const T &, const C &c) -> V { return c.gained; }},
        {"mcnemar_p", "1", "exact McNemar p against the float model", [](const T &, const C &c) { return paired(c, c.mcnemarP); }},
        {"agreement", "percent", "images with the float model's prediction",
         [](const T &, const C &c) { return paired(c, c.agreement); }},
        {"seconds", "s", "calibration, search and evaluation", [](const T &, const C &c) { return measured(c, c.seconds); }},
        {"preprocessing", "", "of the images", [](const T &, const C &c) -> V { return c.preprocessing; }},
        {"calibration_images", "1", "images", [](const T &, const C &c) -> V { return c.calibrationImages; }},
        {"calibration_batch", "1", "images", [](const T &, const C &c) -> V { return static_cast<int64_t>(c.calibrationBatch); }},
        {"weights_sha256", "", "of the checkpoint", [](const T &, const C &c) -> V { return c.modelSha256; }},
        {"images_sha256", "", "of the list of evaluated images", [](const T &, const C &c) -> V { return c.imagesSha256; }},
        {"calibration_sha256", "", "of the list of calibration images",
         [](const T &, const C &c) -> V { return c.calibrationSha256; }},
        {"created", "", "ISO 8601 UTC", [](const T &, const C &c) -> V { return c.created; }},
        {"version", "", "of the program", [](const T &, const C &c) -> V { return c.version; }},
        {"device", "", "that it ran on", [](const T &, const C &c) -> V { return c.device; }},
        {"file", "", "run file of the result", [](const T &, const C &c) -> V { return c.file; }},
    };
    return fields;
}

} // namespace quantoscope
