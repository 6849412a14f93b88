// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/tap_filter.h"

#include "core/quantization/recipe.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>
#include <utility>

namespace quantoscope {

namespace {

constexpr const char *kHint = "for example 'fc2 of blocks 4-7', 'linear weights' or 'softmax block 3'";

/// Lower-case words; a comma ends a word.
std::vector<std::string> split(const std::string &text)
{
    std::vector<std::string> words(1);
    for (const char c : text) {
        if (c == ' ' || c == '\t' || c == ',' || c == '\n') {
            if (!words.back().empty())
                words.emplace_back();
        } else {
            words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
    }
    if (words.back().empty())
        words.pop_back();
    return words;
}

/// "4" or "4-7".
bool readRange(const std::string &word, std::pair<int, int> &range)
{
    const char *end = word.data() + word.size();
    auto [rest, error] = std::from_chars(word.data(), end, range.first);
    range.second = range.first;
    if (error == std::errc() && rest != end && *rest == '-') {
        const auto second = std::from_chars(rest + 1, end, range.second);
        rest = second.ptr;
        error = second.ec;
    }
    return error == std::errc() && rest == end && range.first >= 0 && range.first <= range.second;
}

/// Operator of a tap that has one of its own to be named by; a weight's is that of its node.
std::string operatorOf(const Graph &graph, const Tap &tap)
{
    return name(graph.nodes[static_cast<size_t>(tap.node)].op);
}

/// Taps whose path has the word between dots; failing that, anywhere.
std::vector<char> namedBy(const Graph &graph, const std::string &word)
{
    std::vector<char> found(graph.taps.size(), 0);
    const auto mark = [&](const std::string &pattern) {
        TapSelector where;
        where.tap = pattern;
        bool any = false;
        for (size_t t = 0; t < graph.taps.size(); ++t)
            if (where.matches(graph, graph.taps[t])) {
                found[t] = 1;
                any = true;
            }
        return any;
    };
    bool any = false;
    for (const std::string &pattern : {word, word + ".*", "*." + word, "*." + word + ".*"})
        any = mark(pattern) || any;
    if (!any && !mark("*" + word + "*"))
        found.clear();
    return found;
}

} // namespace

Result<std::vector<int>> findTaps(const Graph &graph, const std::string &text)
{
    static const std::set<std::string> silent = {"all", "every", "the", "of", "in", "and"};
    const std::vector<std::string> words = split(text);
    if (words.empty())
        return fail(ErrorCode::Usage, "no layers named", "filter", kHint);
    const size_t count = graph.taps.size();
    int lastBlock = -1;
    for (const Tap &tap : graph.taps)
        lastBlock = std::max(lastBlock, tap.block);
    std::vector<std::pair<int, int>> blocks;
    std::set<TapKind> kinds;
    std::vector<char> byName;     // empty: any
    std::vector<char> byOperator; // operators and roles; empty: any
    const auto unite = [count](std::vector<char> &all, const auto &holds) {
        all.resize(count, 0);
        for (size_t t = 0; t < count; ++t)
            all[t] = all[t] || holds(t);
    };
    for (size_t w = 0; w < words.size(); ++w) {
        const std::string &word = words[w];
        if (silent.contains(word))
            continue;
        if (word == "block" || word == "blocks") {
            std::pair<int, int> range;
            const size_t before = blocks.size();
            for (; w + 1 < words.size() && (words[w + 1] == "and" || readRange(words[w + 1], range)); ++w)
                if (words[w + 1] != "and")
                    blocks.push_back(range);
            if (blocks.size() == before)
                return fail(ErrorCode::Usage, "'" + word + "' needs a number or a range behind it", "filter", kHint);
            for (size_t b = before; b < blocks.size(); ++b)
                if (blocks[b].second > lastBlock)
                    return fail(ErrorCode::Usage, "there is no block " + std::to_string(blocks[b].second), "filter",
                                lastBlock < 0 ? "this model has no blocks"
                                              : "blocks are numbered 0 to " + std::to_string(lastBlock));
            continue;
        }
        if (word == "weights" || word == "weight") {
            kinds.insert(TapKind::Weight);
            continue;
        }
        if (word == "activations") {
            kinds.insert({TapKind::Activation, TapKind::Parameter});
            continue;
        }
        std::vector<char> named = namedBy(graph, word);
        std::vector<char> typed(count, 0);
        for (size_t t = 0; t < count; ++t)
            typed[t] = operatorOf(graph, graph.taps[t]) == word || name(graph.taps[t].role) == word;
        if (std::find(typed.begin(), typed.end(), 1) != typed.end())
            unite(byOperator, [&](size_t t) { return typed[t]; });
        else if (!named.empty())
            unite(byName, [&](size_t t) { return named[t]; });
        else
            return fail(ErrorCode::Usage, "no layer, operator or role of this model is called '" + word + "'", "filter",
                        kHint);
    }
    std::vector<int> found;
    for (size_t t = 0; t < count; ++t) {
        const Tap &tap = graph.taps[t];
        const bool inBlock = blocks.empty() || std::any_of(blocks.begin(), blocks.end(), [&](const auto &range) {
            return tap.block >= range.first && tap.block <= range.second;
        });
        if (inBlock && (kinds.empty() || kinds.contains(tap.kind)) && (byName.empty() || byName[t])
            && (byOperator.empty() || byOperator[t]) && isSwitchable(graph, tap))
            found.push_back(static_cast<int>(t));
    }
    return found;
}

std::vector<std::string> tapFilterWords(const Graph &graph)
{
    std::set<std::string> words = {"weights", "activations"};
    for (const Tap &tap : graph.taps)
        if (isSwitchable(graph, tap)) {
            words.insert(operatorOf(graph, tap));
            words.insert(name(tap.role));
            if (tap.block >= 0)
                words.insert(nameInBlock(tap));
        }
    return {words.begin(), words.end()};
}

} // namespace quantoscope
