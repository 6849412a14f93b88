// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line shows while it works: results on stdout, everything else on stderr.
#pragma once

#include "core/base/result.h"
#include "core/base/run_control.h"

#include <string>
#include <vector>

namespace quantoscope::cli {

inline constexpr int kSuccess = 0;
inline constexpr int kFailed = 1;
inline constexpr int kBadUsage = 2;

/// Prints the error to stderr; exit code by its kind.
[[nodiscard]] int report(const Error &error);
void warn(const std::string &sentence);

/// Cancels on Ctrl-C (a second one kills) and draws progress on stderr: a line that renews itself on a terminal, a line
/// a phase otherwise.
[[nodiscard]] RunControl consoleControl();
/// Draws one state of a phase on stderr as consoleControl does; `ends`: the phase is over with it.
void showProgressLine(const std::string &phase, bool ends, const std::string &line);
/// Ends the line that renews itself.
void finishProgress();

/// Columns padded to their widest cell, two spaces apart; the first row is the header.
[[nodiscard]] std::string table(const std::vector<std::vector<std::string>> &rows);

} // namespace quantoscope::cli
