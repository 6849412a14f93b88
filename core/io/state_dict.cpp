// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/state_dict.h"

#include "core/io/checkpoint_reader.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace quantoscope {

namespace {

/// Entries that training programs keep weights in, the preferred first: averaged weights are the ones that were evaluated
/// and published.
constexpr std::array<std::string_view, 7> usualKeys{"state_dict_ema", "model_ema", "state_dict", "model",
                                                    "module",         "teacher",   "student"};

constexpr std::array<std::string_view, 4> wrapperPrefixes{"module.", "model.", "_orig_mod.", "opt/target/"};

std::string list(const std::vector<WeightSet> &sets, const WeightSet *without = nullptr)
{
    constexpr size_t longest = 300;
    std::string text;
    for (const WeightSet &set : sets)
        if (text.size() < longest && &set != without && !set.key.empty())
            text += (text.empty() ? "" : ", ") + displayName(set.key);
    return text;
}

std::vector<WeightSet>::const_iterator find(const std::vector<WeightSet> &sets, std::string_view key)
{
    return std::find_if(sets.begin(), sets.end(), [&](const WeightSet &set) { return set.key == key; });
}

ChosenSet chosen(const std::vector<WeightSet> &sets, std::vector<WeightSet>::const_iterator set)
{
    ChosenSet result{static_cast<size_t>(set - sets.begin()), {}};
    const std::string others = list(sets, &*set);
    if (!set->key.empty())
        result.notes.push_back("The weights are those of the entry " + displayName(set->key) +
                               (others.empty() ? "" : "; the file also holds tensors in " + others + " (--key chooses)"));
    return result;
}

} // namespace

Result<ChosenSet> chooseWeights(const std::vector<WeightSet> &sets, const std::string &key)
{
    if (sets.empty())
        return fail(ErrorCode::CorruptFile, "it holds no named tensors", {},
                    "a checkpoint is a dictionary from names to tensors, or has one in an entry like 'state_dict'");
    std::set<std::string_view> keys;
    for (const WeightSet &set : sets)
        if (!keys.insert(set.key).second)
            return fail(ErrorCode::CorruptFile, "the entry " + displayName(set.key) + " occurs twice");
    if (!key.empty()) {
        const auto found = find(sets, key);
        if (found != sets.end())
            return chosen(sets, found);
        const std::string present = list(sets);
        return fail(ErrorCode::NotFound, "no entry " + displayName(key) + " with tensors in this file", {},
                    present.empty() ? "it holds one set of weights: leave --key away" : "it has " + present);
    }
    for (const std::string_view usual : usualKeys)
        if (const auto found = find(sets, usual); found != sets.end())
            return chosen(sets, found);
    if (const auto plain = find(sets, ""); plain != sets.end())
        return chosen(sets, plain);
    if (sets.size() == 1)
        return chosen(sets, sets.begin());
    return fail(ErrorCode::Unsupported, "several entries hold tensors: " + list(sets), {}, "choose one with --key");
}

std::vector<std::string> stripWrapperPrefixes(TensorStore::Tensors &tensors)
{
    std::vector<std::string> notes;
    const auto shared = [&](std::string_view prefix) {
        return !tensors.empty() && std::all_of(tensors.begin(), tensors.end(), [&](const auto &tensor) {
            return tensor.first.size() > prefix.size() && tensor.first.starts_with(prefix);
        });
    };
    for (;;) {
        const auto prefix = std::find_if(wrapperPrefixes.begin(), wrapperPrefixes.end(), shared);
        if (prefix == wrapperPrefixes.end())
            return notes;
        TensorStore::Tensors renamed;
        for (auto &[name, entry] : tensors) // the order stays
            renamed.emplace_hint(renamed.end(), name.substr(prefix->size()), std::move(entry));
        tensors = std::move(renamed);
        notes.push_back("The prefix " + displayName(*prefix) + " of all tensor names was taken off");
    }
}

} // namespace quantoscope
