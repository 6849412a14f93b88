// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/json_output.h"
#include "core/data/preflight_texts.h"
#include "core/pipeline/session.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace quantoscope::cli {

namespace {

constexpr size_t kLineWidth = 108;
constexpr const char *kIndent = "         ";

/// `text` in lines of at most kLineWidth characters behind the indent.
std::string wrapped(const std::string &text)
{
    std::string lines;
    std::string line;
    size_t begin = 0;
    while (begin < text.size()) {
        const size_t end = std::min(text.find(' ', begin), text.size());
        const std::string word = text.substr(begin, end - begin);
        if (!line.empty() && line.size() + 1 + word.size() > kLineWidth) {
            lines += kIndent + line + "\n";
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
        begin = end + 1;
    }
    return line.empty() ? lines : lines + kIndent + line + "\n";
}

std::string findingText(const Finding &finding)
{
    const FindingWords &words = *findingWords(finding.id);
    std::string text = fmt::format("{:<8} {}\n", name(finding.severity), fillInEnglish(words.title, finding));
    text += wrapped(fillInEnglish(words.detail, finding));
    if (*words.advice)
        text += wrapped("-> " + fillInEnglish(words.advice, finding));
    return text;
}

} // namespace

int check(const RunArguments &arguments)
{
    auto request = arguments.resolve();
    if (!request)
        return report(request.error());
    if (!arguments.out.empty())
        return report({ErrorCode::Usage, "a check writes no run file", "--out", "leave it away"});
    auto session = Session::open(request->model);
    if (!session)
        return report(session.error());
    for (const std::string &sentence : (*session)->warnings())
        warn(sentence);
    arguments.overridePreprocessing((*session)->model().info.preprocessing, *request);
    const auto checked = (*session)->preflight(*request, consoleControl());
    finishProgress();
    if (!checked)
        return report(checked.error());
    std::string text;
    if (arguments.json) {
        text = preflightJson(*checked).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    } else {
        for (const Finding &finding : checked->findings)
            text += findingText(finding);
        text += fmt::format("\n{}: problems {}, warnings {}, notes {}, in order {}\n", checked->model,
                            checked->count(Severity::Problem), checked->count(Severity::Warning),
                            checked->count(Severity::Note), checked->count(Severity::Ok));
    }
    std::fputs(text.c_str(), stdout);
    return checked->worst() == Severity::Problem ? kFailed : kSuccess;
}

} // namespace quantoscope::cli
