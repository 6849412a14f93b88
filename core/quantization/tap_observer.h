// SPDX-License-Identifier: GPL-3.0-or-later
// Streaming statistics of one tap over calibration batches, from which every observer's parameters follow.
#pragma once

#include "core/data/calibration_state.h"
#include "core/data/statistics.h"
#include "core/data/tensor_view.h"
#include "core/data/token_axis.h"
#include "core/quantization/batch_observation.h"
#include "core/quantization/torch_histogram.h"
#include "core/quantization/value_range.h"

#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace quantoscope {

/// What one batch contributed to the running ranges.
struct BatchRange {
    ValueRange extremes;
    ValueRange tails; ///< quantiles 1e-5 and 1 - 1e-5; NaN when they were not asked for
};

/// Sees every value once and keeps none of them. All observers are served by the same pass:
/// MinMax (running extremes), EMA (m += 0.01 (batch extreme - m), float32), Percentile (quantiles 1e-5 and 1 - 1e-5 of
/// each batch with the same running average, specification 3.2, 3.3), extremes per channel (PTF), histogram (Entropy,
/// Mse). Only the torch histograms cost a second pass and are collected on request.
/// A plain value: copying it keeps the state, e.g. the one before the last batch.
class TapObserver {
public:
    /// `channels`: extent of the channel axis; `channelFirst`: that axis is the second of four (heads, colours),
    /// otherwise the last. With `rows`, which says how an image's rows lie, extremes per token, per image and per batch are
    /// kept too.
    TapObserver(int64_t channels, bool channelFirst, std::optional<TokenRows> rows = {});

    /// Also keeps a torch histogram (TorchHistogram or TorchHistogram113) of the batches from now on; see there for `unit`.
    void collectTorchHistogram(ObserverKind form, float unit);

    /// Adds one batch, images first. `withTails` computes the percentile tails (needed by that observer only).
    void update(const TensorView &batch, bool withTails);

    /// The same in two steps, for a batch whose parts are scanned apart: each part is observed with the scope of the whole
    /// batch (any thread), then their joined observation is added. `values` are the parts, needed if needsValues().
    [[nodiscard]] ObservationScope scope(int64_t batchElements, bool withTails) const;
    [[nodiscard]] BatchObservation observe(const TensorView &part, ObservationScope wanted) const;
    void add(const BatchObservation &batch, std::span<const TensorView> values);
    [[nodiscard]] bool needsValues() const { return !m_torchHistograms.empty(); }

    [[nodiscard]] const TapStatistics &statistics() const { return m_statistics; }
    [[nodiscard]] ValueRange minMax() const { return {m_statistics.minimum, m_statistics.maximum}; }
    [[nodiscard]] ValueRange movingAverage() const { return m_movingAverage; }
    [[nodiscard]] ValueRange percentile() const { return m_percentile; }
    /// Null when that histogram is not collected.
    [[nodiscard]] const TorchHistogram *torchHistogram(ObserverKind form) const;
    [[nodiscard]] int batches() const { return m_batches; }
    [[nodiscard]] const std::vector<BatchRange> &history() const { return m_history; } ///< empty without rows
    /// Extremes of each image so far; empty without rows, and beyond 4096 images.
    [[nodiscard]] const std::vector<ValueRange> &images() const { return m_images; }
    [[nodiscard]] int64_t channels() const { return m_channels; }

    /// All that was seen so far, for a later program.
    [[nodiscard]] ObserverState state() const;
    /// Goes on from `state`, as if this observer had seen those batches. False: it belongs to an observer of another
    /// shape, or lacks a histogram that this one collects; this one is of no use then.
    [[nodiscard]] bool restore(const ObserverState &state);

private:
    void addRows(const std::vector<float> &low, const std::vector<float> &high);
    void addToTorchHistograms(std::span<const TensorView> values, ValueRange extremes);

    int64_t m_channels;
    bool m_channelFirst;
    std::optional<TokenRows> m_rows;
    bool m_keepsImages = true;
    std::vector<BatchRange> m_history;
    std::vector<ValueRange> m_images;
    int m_batches = 0;
    TapStatistics m_statistics;
    ValueRange m_movingAverage;
    ValueRange m_percentile;
    bool m_hasPercentile = false;
    std::vector<std::pair<ObserverKind, TorchHistogram>> m_torchHistograms;
};

/// Extremes per channel and in all, and the histogram, of one tensor (weights in the run file and plots).
[[nodiscard]] TapStatistics tensorStatistics(const TensorView &tensor, bool channelFirst);

/// torch.quantile(values, q) with linear interpolation and its float32 rank for up to 2^24 values, numpy.percentile in
/// float64 beyond (specification 3.3), at q = 1e-5 and 1 - 1e-5. `low` and `high` are the sorted smallest (ascending)
/// and largest (descending) values, at least tailLength(n) of them.
[[nodiscard]] ValueRange percentileRange(int64_t n, const std::vector<float> &low, const std::vector<float> &high);
[[nodiscard]] int64_t tailLength(int64_t n);

} // namespace quantoscope
