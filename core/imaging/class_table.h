// SPDX-License-Identifier: GPL-3.0-or-later
// The classes of a data set in class order, and what class a folder's name or a label stands for.
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace quantoscope {

/// ImageNet-1k unless read from a file. Immutable. Any thread.
class ClassTable {
public:
    /// The 1000 classes of ImageNet; folders are named by wnid.
    ClassTable() = default;

    /// A text file with one class a line in class order, `name` or `wnid name`; or JSON: a list of names, an object
    /// {"0": "tench", ...}, that object under "id2label" (a config.json), or with values ["n01440764", "tench"].
    /// Errors: those of readText, BadInput with the line (JSON: line of the syntax error, or the entry).
    [[nodiscard]] static Result<ClassTable> read(const std::string &file);

    [[nodiscard]] bool isOwn() const { return !m_file.empty(); }
    [[nodiscard]] const std::string &file() const { return m_file; } ///< empty: ImageNet
    [[nodiscard]] const std::vector<std::string> &names() const;     ///< in class order
    [[nodiscard]] int count() const { return static_cast<int>(names().size()); }

    /// Class index of a wnid or name, -1 when it is none or stands for several classes. In a list without wnids an
    /// ImageNet wnid is looked up by its name there.
    [[nodiscard]] int find(std::string_view text) const;

private:
    struct Entry {
        std::string wnid;
        std::string name;
        std::string where; ///< for errors
    };
    static Result<std::vector<Entry>> parseLines(const std::string &file, std::string_view text);
    static Result<std::vector<Entry>> parseJson(const std::string &file, const std::string &text);
    Result<void> add(Entry entry);

    std::string m_file;
    std::vector<std::string> m_names;
    std::unordered_map<std::string, int> m_byWnid;
    std::unordered_map<std::string, int> m_byName; ///< -1: several classes
};

} // namespace quantoscope
