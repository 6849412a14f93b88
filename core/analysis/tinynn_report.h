// SPDX-License-Identifier: GPL-3.0-or-later
// The two error reports of TinyNeuralNetwork, with its definitions and in its form.
#pragma once

#include "core/data/run_record.h"

#include <string>
#include <vector>

namespace quantoscope {

enum class TinynnMetric {
    Cosine, ///< of each image's flattened values (of each row of a weight), averaged
    Sqnr,   ///< 20 log10(|x| / |x - y|) over everything; infinite when equal
};

/// What stands in one line of a report.
struct TinynnError {
    int tap = -1; ///< index into RunRecord::taps
    double value = 0;
};

struct TinynnReport {
    TinynnMetric metric = TinynnMetric::Cosine;
    size_t sorted = 0; ///< lines at most of each kind, worst first; 0: all, in network order
    std::vector<TinynnError> weights;
    std::vector<TinynnError> activations;

    /// The report as TinyNeuralNetwork prints it. Where a quantizer has several scales, the least and the largest.
    [[nodiscard]] std::string text(const RunRecord &run) const;
};

[[nodiscard]] const char *name(TinynnMetric metric); ///< "cosine", "sqnr"

/// layer_error_analysis: every quantizer alone on the float model's values, Q(x) against x; the `worst` least values of
/// weights and of activations. The figures are those of the run's analysis, that is of all its images, not of one batch.
[[nodiscard]] TinynnReport tinynnLayerErrors(const RunRecord &run, TinynnMetric metric, size_t worst = 20);

/// graph_error_analysis: what enters every activation quantizer in the quantized network against the same value in the
/// float one, before the quantizer rounds it itself; in network order. The last quantizer's own error is not in it.
[[nodiscard]] TinynnReport tinynnGraphErrors(const RunRecord &run, TinynnMetric metric);

} // namespace quantoscope
