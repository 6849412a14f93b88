// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/run_record.h"

#include <algorithm>

namespace quantoscope {

bool sameQuantizedModel(const RunRecord &a, const RunRecord &b)
{
    const auto sameItem = [](const ImageItem &x, const ImageItem &y) { return x.path == y.path; };
    const ImageListRecord &first = a.calibration.images;
    const ImageListRecord &second = b.calibration.images;
    return a.quantized && b.quantized && a.taps.size() == b.taps.size() && a.model.sha256 == b.model.sha256
        && a.model.preprocessing.text() == b.model.preprocessing.text() && a.request == b.request
        && first.root == second.root && a.calibration.batch == b.calibration.batch
        && std::equal(first.items.begin(), first.items.end(), second.items.begin(), second.items.end(), sameItem);
}

void takeMeasures(RunRecord &run, const RunRecord &measured)
{
    for (const SensitivityTable &table : measured.sensitivity) {
        std::erase_if(run.sensitivity, [&](const SensitivityTable &old) { return old.level == table.level; });
        run.sensitivity.push_back(table);
    }
    for (const AttentionRecord &record : measured.attention) {
        std::erase_if(run.attention, [&](const AttentionRecord &old) { return old.image == record.image; });
        run.attention.push_back(record);
    }
    for (const char *phase : {"sensitivity", "attention"})
        if (const auto seconds = measured.timings.find(phase); seconds != measured.timings.end())
            run.timings[phase] = seconds->second;
}

} // namespace quantoscope
