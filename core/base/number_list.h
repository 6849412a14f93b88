// SPDX-License-Identifier: GPL-3.0-or-later
// Lists of whole numbers as users write them.
#pragma once

#include "core/base/result.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

namespace detail {

/// Spaces around it do not matter.
[[nodiscard]] inline std::optional<uint64_t> wholeNumber(const std::string &text)
{
    const size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
    const size_t end = text.find_last_not_of(" \t") + 1; // 0 without any other character
    uint64_t value = 0;
    const auto [stop, failure] = std::from_chars(text.data() + begin, text.data() + std::max(begin, end), value);
    return failure == std::errc() && stop == text.data() + end ? std::optional(value) : std::nullopt;
}

} // namespace detail

/// "0-4,7" -> 0 1 2 3 4 7; "8, 16, 32" -> 8 16 32. Each once, in the order given. Error: Usage at `where` (no whole numbers
/// of `least` to `most`, a range that runs backwards, more than `room` numbers).
[[nodiscard]] inline Result<std::vector<uint64_t>> parseNumberList(const std::string &text, uint64_t least, uint64_t most,
                                                                   size_t room, const std::string &where)
{
    std::vector<uint64_t> numbers;
    for (size_t begin = 0; begin <= text.size();) {
        const size_t comma = std::min(text.find(',', begin), text.size());
        const std::string part = text.substr(begin, comma - begin);
        begin = comma + 1;
        const size_t dash = part.find('-');
        const auto first = detail::wholeNumber(part.substr(0, dash));
        const auto last = dash == std::string::npos ? first : detail::wholeNumber(part.substr(dash + 1));
        if (!first || !last || *first < least || *last > most || *last < *first)
            return fail(ErrorCode::Usage,
                        "'" + part + "' is no whole number from " + std::to_string(least) + " to " + std::to_string(most),
                        where, "for example 8,16,32 or 0-4");
        if (*last - *first >= room - numbers.size())
            return fail(ErrorCode::Usage, "'" + text + "' has more than " + std::to_string(room) + " numbers", where);
        for (uint64_t step = 0; step <= *last - *first; ++step)
            if (std::find(numbers.begin(), numbers.end(), *first + step) == numbers.end())
                numbers.push_back(*first + step);
    }
    return numbers;
}

} // namespace quantoscope
