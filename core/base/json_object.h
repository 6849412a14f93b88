// SPDX-License-Identifier: GPL-3.0-or-later
// Strict reading of JSON that people write by hand: wrong types and misspelt fields are errors that name the place.
#pragma once

#include "core/base/result.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

using Json = nlohmann::ordered_json;

/// Reads fields of one object and remembers the first complaint, so that reading stays linear: read everything, call
/// refuseOthers(), then look at error(). An absent field leaves the output as it is.
class JsonObject {
public:
    /// `origin` is the file, `label` the object's place in it ("rule 3"); `object` must outlive the reader.
    JsonObject(const Json &object, std::string origin, std::string label)
        : m_object(object), m_origin(std::move(origin)), m_label(std::move(label))
    {
        if (!object.is_object())
            complain("is not an object");
    }

    void complain(const std::string &what)
    {
        if (!m_error)
            m_error = Error{ErrorCode::CorruptFile, fmt::format("{} {}", m_label, what), m_origin, {}};
    }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    [[nodiscard]] const std::string &label() const { return m_label; }
    [[nodiscard]] const std::string &origin() const { return m_origin; }

    /// The field's value, or null when it is absent or something was wrong before.
    const Json *field(const char *key)
    {
        m_seen.push_back(key);
        if (m_error || !m_object.contains(key))
            return nullptr;
        return &m_object[key];
    }
    void boolean(const char *key, bool &out)
    {
        const Json *value = field(key);
        if (!value)
            return;
        if (!value->is_boolean())
            return complain(fmt::format("has {} = {} instead of true or false", key, value->dump()));
        out = value->get<bool>();
    }
    void boolean(const char *key, std::optional<bool> &out)
    {
        bool value = false;
        boolean(key, value);
        if (!m_error && m_object.contains(key))
            out = value;
    }
    void text(const char *key, std::string &out)
    {
        const Json *value = field(key);
        if (!value)
            return;
        if (!value->is_string())
            return complain(fmt::format("has {} = {} instead of a text", key, value->dump()));
        out = value->get<std::string>();
    }
    /// A whole number within the limits, for example a size in pixels.
    template <typename Integer>
    void integer(const char *key, Integer &out, int64_t lowest, int64_t highest)
    {
        if (const Json *value = field(key))
            out = static_cast<Integer>(wholeNumber(key, *value, lowest, highest));
    }
    /// One whole number, or a list of at least one.
    void integers(const char *key, std::vector<int64_t> &out, int64_t lowest, int64_t highest)
    {
        const Json *value = field(key);
        if (!value)
            return;
        out.clear();
        const Json list = value->is_array() ? *value : Json::array({*value});
        if (list.empty())
            complain(fmt::format("has an empty list in {}", key));
        for (const Json &item : list)
            out.push_back(wholeNumber(key, item, lowest, highest));
    }
    void number(const char *key, double &out)
    {
        const Json *value = field(key);
        if (!value)
            return;
        if (!value->is_number())
            return complain(fmt::format("has {} = {} instead of a number", key, value->dump()));
        out = value->get<double>();
    }
    /// A misspelt field would silently do nothing, so it is an error.
    void refuseOthers()
    {
        if (!m_object.is_object())
            return;
        for (const auto &[key, value] : m_object.items())
            if (std::find(m_seen.begin(), m_seen.end(), key) == m_seen.end())
                complain(fmt::format("has the unknown field '{}'", key));
    }

private:
    int64_t wholeNumber(const char *key, const Json &value, int64_t lowest, int64_t highest)
    {
        const bool fits = value.is_number_integer()
                       && (!value.is_number_unsigned() || value.get<uint64_t>() <= static_cast<uint64_t>(highest))
                       && value.get<int64_t>() >= lowest && value.get<int64_t>() <= highest;
        if (!fits)
            complain(fmt::format("has {} = {} instead of a whole number from {} to {}", key, value.dump(), lowest,
                                 highest));
        return fits ? value.get<int64_t>() : lowest;
    }

    const Json &m_object;
    std::string m_origin;
    std::string m_label;
    std::vector<std::string> m_seen;
    std::optional<Error> m_error;
};

/// Errors: CorruptFile.
[[nodiscard]] inline Result<Json> parseJsonObject(const std::string &text, const std::string &origin)
{
    Json document = Json::parse(text, nullptr, false);
    if (document.is_discarded() || !document.is_object())
        return fail(ErrorCode::CorruptFile, "is not a JSON object", origin);
    return document;
}

} // namespace quantoscope
