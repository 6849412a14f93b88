// SPDX-License-Identifier: GPL-3.0-or-later
// The sentences of preflight findings, once for all: English templates by id in which {name} stands for a value. The
// command line fills them in as they are; the window has them translated first (the .ts files list them under
// kPreflightContext) and shows numbers in the user's locale.
#pragma once

#include "core/data/preflight.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace quantoscope {

inline constexpr const char *kPreflightContext = "quantoscope::Preflight";

struct FindingWords {
    const char *id;
    const char *title;  ///< what it is, a few words
    const char *detail; ///< what was found, with the figures
    const char *advice; ///< what to do; empty when there is nothing to do
};

/// Every finding there can be.
[[nodiscard]] const std::vector<FindingWords> &allFindingWords();
/// Words of a finding. Null for an unknown id.
[[nodiscard]] const FindingWords *findingWords(const std::string &id);

/// Puts `show` of a finding's values in the place of {name}; a name without value stays as it is.
[[nodiscard]] std::string fillIn(std::string_view words, const Finding &finding,
                                 const std::function<std::string(const FindingValue &)> &show);
/// fillIn in English: the command line's text.
[[nodiscard]] std::string fillInEnglish(std::string_view words, const Finding &finding);
[[nodiscard]] const char *name(Severity severity); ///< "ok", "note", "warning", "problem"

} // namespace quantoscope
