// SPDX-License-Identifier: GPL-3.0-or-later
// How well a model's logits fit the label of an image, and whether one set-up fits better than another on the same images.
#pragma once

#include <cstdint>
#include <vector>

namespace quantoscope {

struct ImageScore {
    bool usable = false;
    bool hit = false;         ///< the label is the first class of the largest logit
    double logLikelihood = 0; ///< log softmax of the label
    double standing = 0;      ///< (label's logit - mean) / standard deviation of the logits: blind to over-confidence
    double confidence = 0;    ///< log of the largest softmax probability
};

/// `label` -1: only the confidence is meaningful. Logits that are not finite yield an unusable score.
[[nodiscard]] ImageScore scoreImage(const float *logits, int classes, int label);

/// Images on which the second set-up is better or worse; both vectors follow the same images.
struct ScoreComparison {
    int64_t images = 0;
    int64_t wins = 0;          ///< the label is more likely in the second
    int64_t losses = 0;
    double likelihoodP = 1;    ///< sign test on the log-likelihood
    double standingP = 1;      ///< sign test on the standing; 1 when it points the other way
    double confidenceP = 1;    ///< sign test on the confidence
    int64_t moreConfident = 0;
    int64_t lessConfident = 0;
    int64_t hitsFirst = 0;
    int64_t hitsSecond = 0;
    double hitsP = 1;          ///< exact McNemar test of the hits
    double gain = 0;           ///< mean rise of the log-likelihood, nats

    /// The labels are more likely in the second set-up, at `p`, and the hits do not fall (at 0.05). Both sign tests must
    /// say so: under wrong labels a merely less confident set-up raises the likelihood, but not the standing.
    [[nodiscard]] bool secondIsBetter(double p) const;
    /// For images without labels.
    [[nodiscard]] bool secondIsMoreConfident(double p) const;
};
[[nodiscard]] ScoreComparison compareScores(const std::vector<ImageScore> &first, const std::vector<ImageScore> &second);

} // namespace quantoscope
