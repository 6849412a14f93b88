// SPDX-License-Identifier: GPL-3.0-or-later
// A paired comparison that may be looked at after every image and stopped at any moment, without raising its risk.
#pragma once

#include "core/data/evaluation.h"

#include <cstdint>

namespace quantoscope {

/// Compares the number of images that two models have right, image pair by image pair.
///
/// Better or worse: among the images that exactly one model has right, "no difference" means a fair coin. The e-value is
/// the likelihood ratio of a coin of unknown bias (uniform prior) against the fair one, a martingale that starts at 1;
/// by Ville's inequality (J. Ville 1939) the chance that it ever reaches 1/alpha under a fair coin is at most alpha, and
/// so is the chance of naming the wrong side under any other coin. (H. Robbins, Annals of Mathematical Statistics 41
/// (1970) 1397-1409; A. Ramdas, P. Gruenwald, V. Vovk, G. Shafer, Statistical Science 38 (2023) 576-601.)
///
/// Equivalent: a confidence sequence of the difference of accuracies, valid at all times at once, lies within the margin.
/// Its bounds are the means that a mixture of bets with fixed stakes against them has not refuted (capital below
/// 2/alpha on either side; I. Waudby-Smith and A. Ramdas, Journal of the Royal Statistical Society B 86 (2024) 1-27).
///
/// Both depend on counts alone. They speak about the population that the images were drawn from, so images must come in
/// random order: a folder sorted by class would show one class after another.
class SequentialTest {
public:
    /// `alpha` in (0, 1); `margin` in points of accuracy, above 0.
    SequentialTest(double alpha, double margin) : m_alpha(alpha), m_margin(margin) {}

    /// One more image that both models were asked about.
    void add(bool referenceRight, bool ownRight);

    /// None while neither rule is met. "Better" and "worse" go before "equivalent".
    [[nodiscard]] Decision decision() const;
    [[nodiscard]] int64_t images() const { return m_gained + m_lost + m_ties; }
    [[nodiscard]] int64_t gained() const { return m_gained; } ///< images that only the own model has right
    [[nodiscard]] int64_t lost() const { return m_lost; }
    /// Natural logarithm of the e-value against "no difference".
    [[nodiscard]] double logEvidence() const;
    /// Own accuracy minus the reference's in points, at level 1 - alpha at every time.
    [[nodiscard]] Interval difference() const;

private:
    double m_alpha;
    double m_margin;
    int64_t m_gained = 0;
    int64_t m_lost = 0;
    int64_t m_ties = 0;
};

} // namespace quantoscope
