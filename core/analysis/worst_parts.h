// SPDX-License-Identifier: GPL-3.0-or-later
// What is behind the error of a tap: the images and the channels that most of it comes from.
#pragma once

#include "core/data/run_record.h"

#include <vector>

namespace quantoscope {

/// Which error of a tap is meant.
enum class ErrorScope {
    Isolated,  ///< this tap's own rounding and clipping
    Cumulative ///< the whole network up to here
};

struct WorstPart {
    int index = 0;      ///< of the image in RunRecord::images, or of the channel
    double share = 0;   ///< of the tap's squared error, 0..1
    double sqnrDb = 0;  ///< of this image or channel alone
};

/// The images with the largest squared error, worst first, `most` at most. Empty where nothing was measured per image
/// (weights, taps that stay float, runs of earlier versions).
[[nodiscard]] std::vector<WorstPart> worstImages(const RunRecord &run, const TapRecord &tap, ErrorScope scope, int most);
/// The same for channels, which all have the same number of values.
[[nodiscard]] std::vector<WorstPart> worstChannels(const TapRecord &tap, ErrorScope scope, int most);

} // namespace quantoscope
