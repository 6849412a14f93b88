// SPDX-License-Identifier: GPL-3.0-or-later
// Made-up evaluations for tests of comparisons.
#pragma once

#include "core/data/run_record.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace quantoscope {

inline constexpr int kRandomClasses = 7;

/// A quantized run on `count` images 0.png, 1.png, ...; the best classes follow from random logits.
inline RunRecord someRun(int count, unsigned seed)
{
    RunRecord run;
    run.quantized = true;
    run.model.sha256.push_back('m');
    run.result.emplace();
    run.result->classes = kRandomClasses;
    std::mt19937 random(seed);
    std::normal_distribution<float> logit(0, 2);
    for (int i = 0; i < count; ++i) {
        run.images.items.push_back({std::to_string(i), i % kRandomClasses});
        run.images.items.back().path.append(".png");
        ImageOutcome outcome;
        outcome.image = i;
        outcome.label = i % kRandomClasses;
        std::vector<std::pair<float, int>> ranked;
        for (int c = 0; c < kRandomClasses; ++c) {
            const float value = logit(random) + (c == outcome.label ? 2.0F : 0.0F);
            run.result->logits.push_back(value);
            ranked.emplace_back(-value, c);
        }
        std::sort(ranked.begin(), ranked.end());
        for (size_t k = 0; k < 5; ++k)
            outcome.top5[k] = ranked[k].second;
        run.result->images.push_back(outcome);
    }
    return run;
}

} // namespace quantoscope
