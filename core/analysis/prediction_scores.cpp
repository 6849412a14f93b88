// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/prediction_scores.h"

#include "core/data/significance.h"

#include <algorithm>
#include <cmath>

namespace quantoscope {

namespace {

constexpr double kHitsFall = 0.05;

} // namespace

ImageScore scoreImage(const float *logits, int classes, int label)
{
    const float *best = std::max_element(logits, logits + classes);
    const auto largest = static_cast<double>(*best);
    double sum = 0;
    double squares = 0;
    double exponentials = 0;
    for (int c = 0; c < classes; ++c) {
        const auto x = static_cast<double>(logits[c]);
        sum += x;
        squares += x * x;
        exponentials += std::exp(x - largest);
    }
    ImageScore score;
    score.usable = std::isfinite(squares);
    if (!score.usable)
        return score;
    score.confidence = -std::log(exponentials);
    if (label < 0 || label >= classes)
        return score;
    const double mean = sum / classes;
    const double deviation = std::sqrt(std::max(squares / classes - mean * mean, 0.0));
    const auto own = static_cast<double>(logits[label]);
    score.hit = best - logits == label;
    score.logLikelihood = own - largest + score.confidence;
    score.standing = deviation > 0 ? (own - mean) / deviation : 0;
    return score;
}

ScoreComparison compareScores(const std::vector<ImageScore> &first, const std::vector<ImageScore> &second)
{
    ScoreComparison c;
    int64_t risen = 0;
    int64_t fallen = 0;
    int64_t hitsGained = 0;
    int64_t hitsLost = 0;
    for (size_t i = 0; i < std::min(first.size(), second.size()); ++i) {
        const ImageScore &a = first[i];
        const ImageScore &b = second[i];
        if (!a.usable || !b.usable)
            continue;
        ++c.images;
        c.wins += b.logLikelihood > a.logLikelihood;
        c.losses += b.logLikelihood < a.logLikelihood;
        risen += b.standing > a.standing;
        fallen += b.standing < a.standing;
        c.moreConfident += b.confidence > a.confidence;
        c.lessConfident += b.confidence < a.confidence;
        c.hitsFirst += a.hit;
        c.hitsSecond += b.hit;
        hitsGained += b.hit && !a.hit;
        hitsLost += a.hit && !b.hit;
        c.gain += b.logLikelihood - a.logLikelihood;
    }
    c.gain /= static_cast<double>(std::max<int64_t>(c.images, 1));
    c.likelihoodP = exactSignTest(c.wins, c.losses);
    c.standingP = risen > fallen ? exactSignTest(risen, fallen) : 1;
    c.hitsP = exactSignTest(hitsGained, hitsLost);
    c.confidenceP = exactSignTest(c.moreConfident, c.lessConfident);
    return c;
}

bool ScoreComparison::secondIsBetter(double p) const
{
    const bool hitsFall = hitsSecond < hitsFirst && hitsP < kHitsFall;
    return wins > losses && gain > 0 && likelihoodP < p && standingP < p && !hitsFall;
}

bool ScoreComparison::secondIsMoreConfident(double p) const
{
    return moreConfident > lessConfident && confidenceP < p;
}

} // namespace quantoscope
