// SPDX-License-Identifier: GPL-3.0-or-later
// Searches the intervals of the two operands of one matrix product so that its output stays closest to the float one.
#pragma once

#include "core/base/result.h"
#include "core/base/run_control.h"
#include "core/data/quantization.h"
#include "core/data/tensor_view.h"

#include <vector>

namespace quantoscope {

/// output = left right^T + bias (a linear or, on unfolded patches, convolution node), or per head left right^T or
/// left right (the two attention products, without the scale that follows the first).
struct SearchProblem {
    TensorView left;              ///< [images, rows, inner]; attention: [images, heads, rows, inner]
    TensorView right;             ///< weight [out, inner]; attention: [images, heads, columns, inner], see rightTransposed
    bool attention = false;
    bool rightTransposed = true;  ///< attention: false when right is [images, heads, inner, columns]
    TensorView bias = {};         ///< [out], or no data
    TensorView gradient = {};     ///< of the loss, in the output's shape; needed by the Hessian metric
    /// An interval per output channel judged by that channel's values at all rows (PTQ4ViT's convolution); otherwise
    /// features of a row are compared.
    bool byChannel = false;
    QuantizerParameters leftStart;  ///< first intervals: kind None (stays float), Uniform, TwinUniform
    QuantizerParameters rightStart;
};

/// One search of one operand.
struct OperandSearch {
    bool left = false;          ///< input, or the first operand of an attention product; else weight, or the second
    int round = 0;
    std::vector<int> choice;    ///< candidate index per group (row groups of a weight, heads)
    std::vector<float> scores;  ///< [groups, candidates]; NaN where screening left a candidate out
};

struct SearchedIntervals {
    QuantizerParameters left;
    QuantizerParameters right;
    std::vector<OperandSearch> searches; ///< in order of execution
};

/// Alternates between the operands for `search.rounds` rounds: a weight before its input, the first attention operand
/// before the second (specification 5.4, 5.7). A uniform or GELU interval is its start times a factor; the split of a
/// softmax twin is one of 2^0 .. 2^-19, tried against the float second operand. The first of equal scores wins. Rows
/// whose gradient is zero are left out; where all are, L2 takes the place of Hessian. Uses all threads of the caller's
/// setting; results do not depend on their number beyond the rounding of the matrix product.
/// Errors: BadInput (no gradient for Hessian), Cancelled, Internal (LibTorch).
[[nodiscard]] Result<SearchedIntervals> searchIntervals(const SearchProblem &problem, const IntervalSearch &search,
                                                        const CancelToken &cancel);

} // namespace quantoscope
