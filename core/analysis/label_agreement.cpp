// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/label_agreement.h"

#include "core/data/significance.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>

namespace quantoscope {

LabelComparison compareLabels(const std::vector<int> &predicted, const std::vector<int> &first,
                              const std::vector<int> &second)
{
    LabelComparison c;
    int64_t gained = 0;
    int64_t lost = 0;
    for (size_t i = 0; i < predicted.size(); ++i) {
        if (first[i] < 0 || second[i] < 0)
            continue;
        const bool a = predicted[i] == first[i];
        const bool b = predicted[i] == second[i];
        ++c.images;
        c.hitsFirst += a;
        c.hitsSecond += b;
        gained += b && !a;
        lost += a && !b;
    }
    c.p = exactSignTest(gained, lost);
    return c;
}

AssignmentRecovery assignmentRecovery(const std::vector<int> &predicted, const std::vector<int> &labels)
{
    std::map<int, std::map<int, int64_t>> labelsOf; // predicted class -> label -> images
    std::map<int, int64_t> images;
    for (size_t i = 0; i < predicted.size(); ++i) {
        if (labels[i] < 0)
            continue;
        ++labelsOf[predicted[i]][labels[i]];
        ++images[labels[i]];
    }
    AssignmentRecovery recovery;
    recovery.labels.assign(predicted.size(), -1);
    int64_t gained = 0;
    int64_t lost = 0;
    for (size_t i = 0; i < predicted.size(); ++i) {
        if (labels[i] < 0)
            continue;
        int best = -1;
        int64_t most = 0;
        for (const auto &[label, count] : labelsOf[predicted[i]]) {
            const int64_t others = count - (label == labels[i]);
            if (others > most) {
                best = label;
                most = others;
            }
        }
        if (best < 0)
            continue;
        recovery.labels[i] = best;
        const bool assigned = best == labels[i];
        const bool direct = predicted[i] == labels[i];
        ++recovery.images;
        recovery.recovered += assigned;
        recovery.direct += direct;
        gained += assigned && !direct;
        lost += direct && !assigned;
    }
    int64_t commonest = 0;
    int64_t all = 0;
    for (const auto &[label, count] : images) {
        commonest = std::max(commonest, count);
        all += count;
    }
    recovery.p = exactSignTest(gained, lost);
    if (all > 0)
        recovery.chanceP = binomialUpperTail(recovery.recovered, recovery.images,
                                             static_cast<double>(commonest) / static_cast<double>(all));
    return recovery;
}

std::vector<int> numbersSortedAsText(int count)
{
    std::vector<int> numbers(static_cast<size_t>(count));
    std::iota(numbers.begin(), numbers.end(), 0);
    std::sort(numbers.begin(), numbers.end(), [](int a, int b) { return std::to_string(a) < std::to_string(b); });
    return numbers;
}

} // namespace quantoscope
