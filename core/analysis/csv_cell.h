// SPDX-License-Identifier: GPL-3.0-or-later
// One cell of a CSV file; private to core/analysis.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>

namespace quantoscope {

/// Quoted only where a comma, a quote or a line break asks for it (RFC 4180).
inline std::string csvCell(const std::string &text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

/// Empty unless finite.
inline std::string csvCell(double value)
{
    return std::isfinite(value) ? fmt::format("{}", value) : std::string();
}

} // namespace quantoscope
