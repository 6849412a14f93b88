// SPDX-License-Identifier: GPL-3.0-or-later
// Do labels and predictions disagree because the labels count the classes in another order?
#pragma once

#include <cstdint>
#include <vector>

namespace quantoscope {

/// Two ways to label the same images against one prediction per image; labels of -1 do not count.
struct LabelComparison {
    int64_t images = 0;
    int64_t hitsFirst = 0;
    int64_t hitsSecond = 0;
    double p = 1; ///< exact McNemar test
    [[nodiscard]] bool secondIsBetter(double limit) const { return hitsSecond > hitsFirst && p < limit; }
};
[[nodiscard]] LabelComparison compareLabels(const std::vector<int> &predicted, const std::vector<int> &first,
                                            const std::vector<int> &second);

/// What an assignment predicted class -> label explains that is learned from the other images: each image is given the
/// commonest label of the other images with the same prediction (the smallest label of equally common ones). Images that
/// share their prediction with no other one cannot speak.
struct AssignmentRecovery {
    std::vector<int> labels;  ///< per image the label so predicted, -1 when it cannot speak
    int64_t images = 0;       ///< that can speak
    int64_t recovered = 0;    ///< of these: the assignment gives the image's label
    int64_t direct = 0;       ///< of these: the prediction itself is the label
    double chanceP = 1;       ///< P(as many by always naming the commonest label)
    double p = 1;             ///< exact McNemar test of recovered against direct
};
[[nodiscard]] AssignmentRecovery assignmentRecovery(const std::vector<int> &predicted, const std::vector<int> &labels);

/// The numbers 0..count-1 sorted as text (0, 1, 10, 100, 2, ...): what numbered class folders become for a program that
/// sorts their names; item i is the class that such a program calls i.
[[nodiscard]] std::vector<int> numbersSortedAsText(int count);

} // namespace quantoscope
