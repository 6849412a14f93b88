// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of a run file that runs of earlier versions do not have: errors per image, costs of the plan.
#pragma once

#include "core/data/run_record.h"
#include "core/io/hdf5_archive.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace quantoscope::hdf5 {

/// One row a tap of RunRecord::taps (which are there when this is read), one column an image of RunRecord::analysed.
template <typename Group>
void exchangeImageFigures(Group &group, Value<Group, RunRecord> &run, const std::string &name,
                          std::vector<double> TapError::*figures, const char *unit)
{
    const size_t images = run.analysed.size();
    std::vector<double> all;
    if constexpr (!Group::reading)
        for (const TapRecord &record : run.taps) {
            const std::vector<double> &own = record.error.*figures;
            for (size_t i = 0; i < images; ++i)
                all.push_back(i < own.size() ? own[i] : std::numeric_limits<double>::quiet_NaN());
        }
    group.matrix(name, all, images, {unit, "tap (row of table) x analysed image; NaN: not measured"});
    if constexpr (Group::reading) {
        group.require(all.size() == run.taps.size() * images, name + " must be taps x analysed images");
        for (size_t t = 0; group.status().ok() && t < run.taps.size(); ++t) {
            const auto begin = all.begin() + static_cast<ptrdiff_t>(t * images);
            const auto end = begin + static_cast<ptrdiff_t>(images);
            const bool measured = std::any_of(begin, end, [](double value) { return value == value; });
            run.taps[t].error.*figures = measured ? std::vector<double>(begin, end) : std::vector<double>();
        }
    }
}

/// In the group of the taps.
template <typename Group>
void exchangeImageErrors(Group &group, Value<Group, RunRecord> &run)
{
    bool known = !run.analysed.empty();
    if constexpr (Group::reading)
        known = group.has("analysed_image");
    if (!known)
        return;
    group.values("analysed_image", run.analysed, {"1", "analysed image: index into /images"});
    exchangeImageFigures(group, run, "image_signal", &TapError::imageSignal, "value^2: sum over the tap's values");
    exchangeImageFigures(group, run, "image_isolated_error", &TapError::imageIsolated, "value^2: sum of squared errors");
    exchangeImageFigures(group, run, "image_cumulative_error", &TapError::imageCumulative, "value^2: sum of squared errors");
}

template <typename Group>
void exchangeCosts(Group &root, const std::string &name, Value<Group, std::optional<PrecisionCosts>> &costs)
{
    if constexpr (Group::reading) {
        if (root.has(name))
            costs.emplace();
    }
    if (!costs)
        return;
    auto group = root.group(name);
    group.attribute("average_bits", costs->averageBits);
    group.attribute("weight_bits", costs->weightBits);
    group.attribute("activation_bits", costs->activationBits);
    group.attribute("weight_bytes", costs->weightBytes);
    group.attribute("bit_operations", costs->bitOperations);
    group.attribute("conversions", costs->conversions);
    std::vector<double> activationBytes{costs->activationBytes};
    if constexpr (Group::reading) {
        activationBytes = {std::numeric_limits<double>::quiet_NaN()};
        if (group.has("activation_bytes")) // files of earlier versions have none
            group.values("activation_bytes", activationBytes, {});
        group.require(activationBytes.size() == 1, "activation_bytes must be one number");
        costs->activationBytes = activationBytes.empty() ? 0 : activationBytes.front();
    } else {
        group.values("activation_bytes", activationBytes, {"bytes", "of all quantized activations of one image"});
    }
}

} // namespace quantoscope::hdf5
