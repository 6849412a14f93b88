// SPDX-License-Identifier: GPL-3.0-or-later
// Names with wildcards; private to core/quantization.
#pragma once

namespace quantoscope {

/// * matches any characters, ? one.
[[nodiscard]] inline bool matchesWildcard(const char *pattern, const char *text)
{
    const char *star = nullptr;
    const char *resume = nullptr;
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            resume = text;
        } else if (*pattern == '?' || *pattern == *text) {
            ++pattern;
            ++text;
        } else if (star) {
            pattern = star + 1;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        ++pattern;
    return *pattern == 0;
}

} // namespace quantoscope
