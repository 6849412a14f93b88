// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace quantoscope::cli {

namespace {

CancelToken &interruption()
{
    static CancelToken token;
    return token;
}

void onInterrupt(int)
{
    interruption().cancel();
    std::signal(SIGINT, SIG_DFL);
}

bool &lineIsOpen()
{
    static bool open = false;
    return open;
}

void show(const Progress &progress)
{
    const bool ends = progress.done >= progress.total;
    const double left = progress.secondsLeft();
    showProgressLine(progress.phase, ends,
                     fmt::format("{:<9} {:>6} / {} {}{}", progress.phase, progress.done, progress.total, progress.unit,
                                 ends        ? fmt::format("  in {:.1f} s", progress.elapsed)
                                 : left >= 0 ? fmt::format("  {:.0f} s left", left)
                                             : ""));
}

} // namespace

int report(const Error &error)
{
    finishProgress();
    std::fprintf(stderr, "quantoscope-cli: %s\n", error.message().c_str());
    return error.code == ErrorCode::Usage ? kBadUsage : kFailed;
}

void warn(const std::string &sentence)
{
    finishProgress();
    std::fprintf(stderr, "note: %s\n", sentence.c_str());
}

RunControl consoleControl()
{
    std::signal(SIGINT, onInterrupt);
    return {interruption(), show};
}

void showProgressLine(const std::string &phase, bool ends, const std::string &line)
{
    static const bool terminal = isatty(STDERR_FILENO) != 0;
    static std::string lastPhase;
    static auto lastTime = std::chrono::steady_clock::time_point();
    const bool begins = phase != lastPhase;
    const auto now = std::chrono::steady_clock::now();
    if (!begins && !ends && (!terminal || now - lastTime < std::chrono::milliseconds(100)))
        return;
    lastPhase = ends ? std::string() : phase;
    lastTime = now;
    if (terminal)
        std::fprintf(stderr, "\r%-70s%s", line.c_str(), ends ? "\n" : "");
    else if (ends)
        std::fprintf(stderr, "%s\n", line.c_str());
    lineIsOpen() = terminal && !ends;
    std::fflush(stderr);
}

void finishProgress()
{
    if (lineIsOpen())
        std::fputc('\n', stderr);
    lineIsOpen() = false;
}

std::string table(const std::vector<std::vector<std::string>> &rows)
{
    std::vector<size_t> widths;
    for (const auto &row : rows)
        for (size_t c = 0; c < row.size(); ++c) {
            widths.resize(std::max(widths.size(), c + 1));
            widths[c] = std::max(widths[c], row[c].size());
        }
    std::string text;
    for (const auto &row : rows) {
        std::string line;
        for (size_t c = 0; c < row.size(); ++c)
            line += fmt::format("{:<{}}", row[c], c + 1 < row.size() ? widths[c] + 2 : 0);
        text += line + "\n";
    }
    return text;
}

} // namespace quantoscope::cli
