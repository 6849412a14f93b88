// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/recognition.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <compare>

namespace quantoscope {

namespace {

std::string simplified(std::string text)
{
    for (char &c : text)
        c = c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// What speaks for a published model when several have the same sizes, most telling first.
struct Evidence {
    size_t names = 0;     ///< length of the longest of its names in the names of file and folder
    bool epsilon = false; ///< the file states a LayerNorm epsilon, and it is the entry's
    bool ownName = false; ///< the name found is the registry's, not that of a repository
    bool suffix = false;  ///< published in this kind of file
    auto operator<=>(const Evidence &) const = default;
};

Evidence evidenceFor(const ModelEntry &entry, const std::string &path, std::optional<double> epsilon)
{
    const std::string simple = simplified(path);
    const size_t slash = simple.find_last_of('/');
    const size_t folder = slash == std::string::npos || slash == 0 ? 0 : simple.find_last_of('/', slash - 1) + 1;
    const std::string ending = simple.substr(folder); // folder/file
    const auto within = [&](const std::string &name) {
        return !name.empty() && ending.find(simplified(name)) != std::string::npos ? name.size() : 0;
    };
    const auto suffix = [](const std::string &name) { return name.substr(std::min(name.find_last_of('.'), name.size())); };
    Evidence evidence;
    evidence.names = std::max(within(entry.name), within(entry.source.file));
    evidence.ownName = evidence.names > 0;
    // A repository's name, as in https://huggingface.co/google/vit-base-patch16-224/resolve/...
    const std::string &url = entry.source.url;
    for (size_t begin = 0; begin < url.size();) {
        const size_t end = std::min(url.find('/', begin), url.size());
        const std::string part = url.substr(begin, end - begin);
        if (part.find('.') == std::string::npos && within(part) > evidence.names) {
            evidence.names = part.size();
            evidence.ownName = false;
        }
        begin = end + 1;
    }
    evidence.epsilon = epsilon && entry.layerNormEpsilon == epsilon;
    evidence.suffix = suffix(entry.source.file) == suffix(path);
    return evidence;
}

} // namespace

const ModelEntry *recognise(const std::string &family, const Architecture &sizes, const std::string &file,
                            std::optional<double> epsilon, const std::vector<ModelEntry> &models,
                            std::vector<std::string> &assumptions)
{
    std::vector<std::pair<const ModelEntry *, Evidence>> fitting;
    for (const ModelEntry &entry : models)
        if (entry.family == family && entry.architecture.agreesWith(sizes))
            fitting.emplace_back(&entry, evidenceFor(entry, file, epsilon));
    if (fitting.empty())
        return nullptr;
    const auto best = std::max_element(fitting.begin(), fitting.end(),
                                       [](const auto &a, const auto &b) { return a.second < b.second; });
    std::string others; // that only the kind of file, or nothing, rules out
    for (const auto &[entry, evidence] : fitting) {
        const bool asGood = evidence.names == best->second.names && evidence.epsilon == best->second.epsilon
                         && evidence.ownName == best->second.ownName;
        if (entry != best->first && asGood)
            others += (others.empty() ? "" : ", ") + entry->name;
    }
    if (!others.empty())
        assumptions.push_back(fmt::format("taken for {}; {} has tensors of the same sizes, but maybe other "
                                               "preprocessing (--model chooses)",
                                               best->first->name, others));
    return best->first;
}

} // namespace quantoscope
