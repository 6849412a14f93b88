// SPDX-License-Identifier: GPL-3.0-or-later
// The 1000 classes of ImageNet-1k (ILSVRC 2012) in class order, compiled in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quantoscope {

/// Lines "wnid name" in class order; generated at configure time, parsed by the functions below.
extern const char *const synsetLines;

/// Human-readable names in class order. Two names occur twice (crane, maillot). Any thread.
[[nodiscard]] const std::vector<std::string> &imagenetClassNames();

/// Wnids ("n01440764") in class order. Any thread.
[[nodiscard]] const std::vector<std::string> &imagenetWnids();

/// Class index of a wnid, -1 when it is not one of the 1000. Any thread.
[[nodiscard]] int classOfWnid(std::string_view wnid);

/// True for text of the form of a wnid: 'n' and eight digits; it need not be one of the 1000.
[[nodiscard]] bool looksLikeWnid(std::string_view text);

} // namespace quantoscope
