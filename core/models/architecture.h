// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace quantoscope {

/// Sizes of a model by name: width 96, depths 2/2/6/2. One form for what the tensors tell, for the registry's entries and
/// for the graph builders, so that comparing and showing them is written once.
class Architecture {
public:
    using Numbers = std::vector<int64_t>;

    /// In the order in which they were set.
    [[nodiscard]] const std::vector<std::pair<std::string, Numbers>> &sizes() const { return m_sizes; }
    [[nodiscard]] bool has(const std::string &size) const { return find(size) != m_sizes.end(); }
    /// The first number; 0 when absent.
    [[nodiscard]] int64_t value(const std::string &size) const
    {
        const Numbers &numbers = list(size);
        return numbers.empty() ? 0 : numbers.front();
    }
    /// Empty when absent.
    [[nodiscard]] const Numbers &list(const std::string &size) const
    {
        static const Numbers none;
        const auto found = find(size);
        return found == m_sizes.end() ? none : found->second;
    }
    void set(const std::string &size, Numbers numbers)
    {
        const auto known = find(size);
        if (known == m_sizes.end())
            m_sizes.emplace_back(size, std::move(numbers));
        else
            m_sizes[static_cast<size_t>(known - m_sizes.begin())].second = std::move(numbers);
    }
    void set(const std::string &size, int64_t number) { set(size, Numbers{number}); }
    /// Whether both have the same numbers for every size that both know.
    [[nodiscard]] bool agreesWith(const Architecture &other) const
    {
        return std::all_of(m_sizes.begin(), m_sizes.end(), [&](const auto &size) {
            return !other.has(size.first) || other.list(size.first) == size.second;
        });
    }
    /// "width 96, depths 2/2/6/2"; sizes of 0 are left out.
    [[nodiscard]] std::string text() const
    {
        std::string text;
        for (const auto &[size, numbers] : m_sizes) {
            if (numbers == Numbers{0})
                continue;
            text += text.empty() ? "" : ", ";
            text += size;
            for (size_t i = 0; i < numbers.size(); ++i) {
                text += i == 0 ? ' ' : '/';
                text += std::to_string(numbers[i]);
            }
        }
        return text;
    }

private:
    [[nodiscard]] std::vector<std::pair<std::string, Numbers>>::const_iterator find(const std::string &size) const
    {
        return std::find_if(m_sizes.begin(), m_sizes.end(), [&](const auto &known) { return known.first == size; });
    }

    std::vector<std::pair<std::string, Numbers>> m_sizes;
};

} // namespace quantoscope
