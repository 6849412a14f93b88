// SPDX-License-Identifier: GPL-3.0-or-later
// What an unfinished search for intervals has found, as text in its run's record.
#pragma once

#include "core/data/quantization.h"

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace quantoscope {

/// Entry of RunRecord::environment of an unfinished run.
inline constexpr char kIntervalProgress[] = "unfinished_interval_search";

/// How a search goes on after an earlier attempt, and how it leaves one.
struct IntervalContinuation {
    std::string begun = {}; ///< IntervalProgress::text() of the same search; what does not fit is searched again
    std::function<void(const std::string &)> snapshot = {}; ///< sees the text now and then, and when the search is stopped
    std::function<void(size_t)> resumed = {};               ///< told how many products of `begun` are used, before any is searched
};

/// Intervals of both operands of products, by path of the node. A value.
class IntervalProgress {
public:
    /// Nothing where the text is no progress.
    [[nodiscard]] static IntervalProgress parse(const std::string &text);
    [[nodiscard]] std::string text() const;

    void add(const std::string &product, const QuantizerParameters &left, const QuantizerParameters &right);
    /// Puts what was found for the product in the place of both operands' first intervals. False, with both unchanged: nothing
    /// was, or it is of other quantizers.
    [[nodiscard]] bool take(const std::string &product, QuantizerParameters &left, QuantizerParameters &right) const;
    [[nodiscard]] size_t products() const { return m_found.size(); }

private:
    /// The fields that a search changes.
    struct Operand {
        std::vector<float> scale;
        float lowScale = 0;
        float split = 0;
        [[nodiscard]] static Operand of(const QuantizerParameters &parameters);
        [[nodiscard]] bool fits(const QuantizerParameters &start) const;
        void putInto(QuantizerParameters &parameters) const;
    };
    std::map<std::string, std::pair<Operand, Operand>> m_found;
};

} // namespace quantoscope
