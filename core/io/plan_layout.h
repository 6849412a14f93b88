// SPDX-License-Identifier: GPL-3.0-or-later
// Where the plans that an unfinished precision search has run lie in the file, once for both directions as in
// run_layout.h. Private to core/io.
#pragma once

#include "core/io/layout_names.h"

namespace quantoscope::hdf5 {

struct MeasuredPlanInFile {
    const char *plan = nullptr;
    int64_t images = 0;
    double kl = 0;
    double klStandardError = 0;
    double agreement = 0;
    int64_t labelled = 0;
    double top1 = 0;
    double top1Low = 0;
    double top1High = 0;
};

/// Only the unfinished record of a search has any; files of earlier programs have none.
template <typename Group>
void exchangeMeasuredPlans(Group &root, Value<Group, std::vector<MeasuredPlan>> &plans)
{
    bool known = !plans.empty();
    if constexpr (Group::reading)
        known = root.has("measured_plans");
    if (!known)
        return;
    using Row = MeasuredPlanInFile;
    static const std::array columns{
        column("plan_json", &Row::plan),   column("images", &Row::images),
        column("kl", &Row::kl),            column("kl_standard_error", &Row::klStandardError),
        column("agreement", &Row::agreement), column("labelled", &Row::labelled),
        column("top1", &Row::top1),        column("top1_low", &Row::top1Low),
        column("top1_high", &Row::top1High)};
    std::vector<Row> rows;
    if constexpr (!Group::reading)
        for (const auto &[plan, figures] : plans)
            rows.push_back({plan.c_str(), figures.images, figures.kl, figures.klStandardError, figures.agreement,
                            figures.labelled, figures.top1, figures.top1Interval.low, figures.top1Interval.high});
    root.table("measured_plans", columns, rows,
               {"kl*: nats; agreement, top1*: percent", "precision plan that was run on the images of /images"});
    if constexpr (Group::reading) {
        plans.clear();
        for (const Row &row : rows)
            plans.push_back({row.plan, {row.images, row.kl, row.klStandardError, row.agreement, row.labelled, row.top1,
                                        {row.top1Low, row.top1High}}});
    }
}

} // namespace quantoscope::hdf5
