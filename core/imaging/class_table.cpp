// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/class_table.h"

#include "core/imaging/synsets.h"
#include "core/imaging/text_lines.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace quantoscope {

namespace {

constexpr int severalClasses = -1;

/// The first of "tench, Tinca tinca" in lower case with spaces, which is how lists of ImageNet names differ.
std::string firstSynonym(std::string_view name)
{
    std::string result(trimmed(name.substr(0, name.find(','))));
    for (char &c : result) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
        else if (c == '_')
            c = ' ';
    }
    return result;
}

/// Two names of ImageNet stand for two classes each (crane, maillot); any other repeated name is a mistake.
bool mayRepeat(const std::string &name)
{
    const auto &all = imagenetClassNames();
    return std::count_if(
               all.begin(), all.end(),
               [own = firstSynonym(name)](const std::string &known) { return firstSynonym(known) == own; })
         > 1;
}

std::string shortened(const std::string &text)
{
    return text.size() > 60 ? text.substr(0, 60) + "..." : text;
}

} // namespace

Result<ClassTable> ClassTable::read(const std::string &file)
{
    const Result<std::string> text = readText(file);
    if (!text)
        return fail(text.error());
    const std::string_view start = trimmed(*text);
    const bool json = start.starts_with('{') || start.starts_with('[');
    auto entries = json ? parseJson(file, *text) : parseLines(file, *text);
    if (!entries)
        return fail(entries.error());
    if (entries->empty())
        return fail(ErrorCode::BadInput, "file lists no class", file,
                    "write one class name a line, in class order");
    ClassTable table;
    table.m_file = file;
    for (Entry &entry : *entries)
        if (const auto added = table.add(std::move(entry)); !added)
            return fail(added.error());
    return table;
}

Result<std::vector<ClassTable::Entry>> ClassTable::parseLines(const std::string &file, std::string_view text)
{
    const std::vector<std::string> lines = linesOf(text);
    std::vector<Entry> entries;
    for (size_t i = 0; i < lines.size(); ++i) {
        const std::string &line = lines[i];
        if (line.empty())
            continue;
        const size_t end = std::min(line.find_first_of(" \t,"), line.size());
        Entry entry{{}, line, lineOf(file, i)};
        if (looksLikeWnid(std::string_view(line).substr(0, end))) {
            entry.wnid = line.substr(0, end);
            const size_t name = line.find_first_not_of(" \t,", end);
            if (name != std::string::npos)
                entry.name = line.substr(name);
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

Result<std::vector<ClassTable::Entry>> ClassTable::parseJson(const std::string &file, const std::string &text)
{
    using nlohmann::json;
    json document;
    try {
        document = json::parse(text);
    } catch (const json::parse_error &error) {
        const auto offset = std::min<size_t>(error.byte, text.size());
        const auto line = std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(offset), '\n');
        return fail(ErrorCode::BadInput, "broken JSON", lineOf(file, static_cast<size_t>(line)),
                    "expected a list of class names, or an object with names by class index");
    }
    const json &names = document.is_object() && document.contains("id2label") ? document["id2label"] : document;
    if (!names.is_object() && !names.is_array())
        return fail(ErrorCode::BadInput, "id2label is no object", file);
    std::vector<Entry> entries;
    for (size_t i = 0; i < names.size(); ++i) {
        const std::string where = fmt::format("{}, entry {}", file, i);
        if (names.is_object() && !names.contains(std::to_string(i)))
            return fail(ErrorCode::BadInput,
                        fmt::format("there are {} classes, but no class \"{}\"", names.size(), i), file,
                        "class indices must run from 0 without gaps");
        const json &value = names.is_object() ? names[std::to_string(i)] : names[i];
        Entry entry{{}, {}, where};
        if (value.is_string()) {
            entry.name = trimmed(value.get_ref<const std::string &>());
        } else if (value.is_array() && value.size() == 2 && value[0].is_string() && value[1].is_string()) {
            entry.wnid = value[0].get<std::string>();
            entry.name = trimmed(value[1].get_ref<const std::string &>());
        }
        if (entry.name.empty() || entry.name.find('\0') != std::string::npos)
            return fail(ErrorCode::BadInput, "this is no class name", where);
        if (looksLikeWnid(entry.name))
            entry.wnid = entry.name;
        entries.push_back(std::move(entry));
    }
    return entries;
}

Result<void> ClassTable::add(Entry entry)
{
    const int index = static_cast<int>(m_names.size());
    const bool newWnid = entry.wnid.empty() || m_byWnid.emplace(entry.wnid, index).second;
    const auto [place, newName] = m_byName.emplace(entry.name, index);
    if (!newWnid || (!newName && entry.wnid.empty() && !mayRepeat(entry.name)))
        return fail(ErrorCode::BadInput,
                    fmt::format("class \"{}\" is listed twice", shortened(newWnid ? entry.name : entry.wnid)),
                    entry.where);
    if (!newName)
        place->second = severalClasses;
    m_names.push_back(std::move(entry.name));
    return {};
}

const std::vector<std::string> &ClassTable::names() const
{
    return isOwn() ? m_names : imagenetClassNames();
}

int ClassTable::find(std::string_view text) const
{
    const int imagenetClass = classOfWnid(text);
    if (!isOwn())
        return imagenetClass;
    const std::string key(text);
    if (const auto found = m_byWnid.find(key); found != m_byWnid.end())
        return found->second;
    if (const auto found = m_byName.find(key); found != m_byName.end())
        return found->second;
    if (imagenetClass < 0 || !m_byWnid.empty())
        return -1;
    // The same place first: it tells the two cranes apart.
    const auto place = static_cast<size_t>(imagenetClass);
    const std::string name = firstSynonym(imagenetClassNames()[place]);
    const auto fits = [&name](const std::string &own) { return firstSynonym(own) == name; };
    if (place < m_names.size() && fits(m_names[place]))
        return imagenetClass;
    const auto found = std::find_if(m_names.begin(), m_names.end(), fits);
    if (found == m_names.end() || std::find_if(found + 1, m_names.end(), fits) != m_names.end())
        return -1;
    return static_cast<int>(found - m_names.begin());
}

} // namespace quantoscope
