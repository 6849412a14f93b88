// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/worst_parts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace quantoscope {

namespace {

/// `parts` with their squared errors as shares: of their sum, and the largest ones only.
std::vector<WorstPart> largest(std::vector<WorstPart> parts, int most)
{
    const double sum = std::accumulate(parts.begin(), parts.end(), 0.0,
                                       [](double total, const WorstPart &part) { return total + part.share; });
    if (!(sum > 0) || !std::isfinite(sum)) // nothing is lost, or no share can be told
        return {};
    const auto kept = std::min(parts.size(), static_cast<size_t>(std::max(0, most)));
    std::partial_sort(parts.begin(), parts.begin() + static_cast<ptrdiff_t>(kept), parts.end(),
                      [](const WorstPart &a, const WorstPart &b) {
                          return a.share != b.share ? a.share > b.share : a.index < b.index;
                      });
    parts.resize(kept);
    for (WorstPart &part : parts)
        part.share /= sum;
    return parts;
}

} // namespace

std::vector<WorstPart> worstImages(const RunRecord &run, const TapRecord &tap, ErrorScope scope, int most)
{
    const std::vector<double> &errors
        = scope == ErrorScope::Isolated ? tap.error.imageIsolated : tap.error.imageCumulative;
    const std::vector<double> &signal = tap.error.imageSignal;
    if (errors.size() != run.analysed.size() || signal.size() != errors.size())
        return {};
    std::vector<WorstPart> parts;
    for (size_t i = 0; i < errors.size(); ++i)
        parts.push_back({run.analysed[i], errors[i],
                         errors[i] > 0 ? 10 * std::log10(signal[i] / errors[i]) : std::numeric_limits<double>::infinity()});
    return largest(std::move(parts), most);
}

std::vector<WorstPart> worstChannels(const TapRecord &tap, ErrorScope scope, int most)
{
    const std::vector<ErrorMetrics> &channels
        = scope == ErrorScope::Isolated ? tap.error.channelIsolated : tap.error.channelCumulative;
    std::vector<WorstPart> parts;
    for (size_t c = 0; c < channels.size(); ++c)
        parts.push_back({static_cast<int>(c), channels[c].mse, channels[c].sqnrDb});
    return largest(std::move(parts), most);
}

} // namespace quantoscope
