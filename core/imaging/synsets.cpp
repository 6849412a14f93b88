// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/synsets.h"

#include <algorithm>
#include <unordered_map>

namespace quantoscope {

namespace {

struct Synsets {
    std::vector<std::string> wnids;
    std::vector<std::string> names;
    std::unordered_map<std::string_view, int> classes;

    Synsets()
    {
        std::string_view rest = synsetLines;
        while (!rest.empty()) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
            const size_t space = line.find(' ');
            if (space == std::string_view::npos)
                continue;
            classes.emplace(line.substr(0, space), static_cast<int>(wnids.size()));
            wnids.emplace_back(line.substr(0, space));
            names.emplace_back(line.substr(space + 1));
        }
    }
};

const Synsets &synsets()
{
    static const Synsets table;
    return table;
}

} // namespace

const std::vector<std::string> &imagenetClassNames()
{
    return synsets().names;
}

const std::vector<std::string> &imagenetWnids()
{
    return synsets().wnids;
}

int classOfWnid(std::string_view wnid)
{
    const auto found = synsets().classes.find(wnid);
    return found == synsets().classes.end() ? -1 : found->second;
}

bool looksLikeWnid(std::string_view text)
{
    return text.size() == 9 && text.front() == 'n'
        && std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace quantoscope
