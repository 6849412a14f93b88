// SPDX-License-Identifier: GPL-3.0-or-later
// Rules over taps as JSON, read and written; private to core/quantization.
#pragma once

#include "core/base/json_object.h"
#include "core/quantization/recipe.h"

namespace quantoscope {

/// Reads the fields that only rules have.
class RuleReader : public JsonObject {
public:
    using JsonObject::JsonObject;

    template <typename Enum>
    void enumeration(const char *key, Enum last, std::optional<Enum> &out)
    {
        const Json *value = field(key);
        if (!value)
            return;
        out = value->is_string() ? byName(value->get<std::string>(), last) : std::nullopt;
        if (!out)
            complain(fmt::format("has {} = {}; known are {}", key, value->dump(), choices(last)));
    }
    template <typename Enum>
    void enumeration(const char *key, Enum last, Enum &out)
    {
        std::optional<Enum> value = out;
        enumeration(key, last, value);
        out = value.value_or(out);
    }
    template <typename Enum>
    void enumerations(const char *key, Enum last, std::vector<Enum> &out)
    {
        const Json *value = field(key);
        if (!value)
            return;
        const Json list = value->is_array() ? *value : Json::array({*value});
        for (const Json &item : list) {
            const auto parsed = item.is_string() ? byName(item.get<std::string>(), last) : std::nullopt;
            if (!parsed)
                return complain(fmt::format("has {} = {}; known are {}", key, item.dump(), choices(last)));
            out.push_back(*parsed);
        }
    }
    /// 2 to 8; nothing, with a complaint, when the value is no such number.
    [[nodiscard]] static std::optional<int> bits(const Json &value)
    {
        if (value.is_number_unsigned() && value.get<uint64_t>() >= kLeastBits && value.get<uint64_t>() <= kMostBits)
            return value.get<int>();
        return std::nullopt;
    }
    void selector(TapSelector &where);
    void change(SettingChange &change);

private:
    /// 3 or "4-7".
    void blocks(const char *key, int &first, int &last);
    void optionalNumber(const char *key, std::optional<double> &out);

    /// Values of an enumeration by their name(); the enumerators are 0..last.
    template <typename Enum>
    static std::optional<Enum> byName(const std::string &text, Enum last)
    {
        for (int i = 0; i <= static_cast<int>(last); ++i)
            if (text == name(static_cast<Enum>(i)))
                return static_cast<Enum>(i);
        return std::nullopt;
    }
    template <typename Enum>
    static std::string choices(Enum last)
    {
        std::string all;
        for (int i = 0; i <= static_cast<int>(last); ++i)
            all += std::string(i > 0 ? ", " : "") + name(static_cast<Enum>(i));
        return all;
    }
};

[[nodiscard]] Json selectorToJson(const TapSelector &where);
/// Only the fields that are there.
[[nodiscard]] Json changeToJson(const SettingChange &change);

} // namespace quantoscope
