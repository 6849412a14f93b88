// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/rule_reader.h"

#include <charconv>

namespace quantoscope {

namespace {

constexpr int kMostGroups = 4096;

} // namespace

void RuleReader::blocks(const char *key, int &first, int &last)
{
    const Json *value = field(key);
    if (!value)
        return;
    const std::string range = value->is_string() ? value->get<std::string>() : value->dump();
    const size_t dash = range.find('-');
    const char *end = range.data() + range.size();
    const char *middle = dash == std::string::npos ? end : range.data() + dash;
    const auto a = std::from_chars(range.data(), middle, first);
    last = first;
    const auto b = dash == std::string::npos ? a : std::from_chars(middle + 1, end, last);
    if (a.ec != std::errc() || a.ptr != middle || b.ec != std::errc() || b.ptr != end || first > last)
        complain(fmt::format("has {} = {}; give a number or a range like \"4-7\"", key, value->dump()));
}

void RuleReader::optionalNumber(const char *key, std::optional<double> &out)
{
    double value = 0;
    const Json *there = field(key);
    number(key, value);
    if (there && !error())
        out = value;
}

void RuleReader::selector(TapSelector &where)
{
    text("tap", where.tap);
    enumerations("kind", TapKind::Weight, where.kinds);
    enumerations("role", Role::Weight, where.roles);
    std::optional<Operator> op;
    enumeration("operator", Operator::Average, op);
    if (op)
        where.operatorName = name(*op);
    blocks("block", where.firstBlock, where.lastBlock);
    boolean("feeds_layer_norm", where.feedsLayerNorm);
    enumerations("feeds", Operator::Average, where.feeds);
}

void RuleReader::change(SettingChange &change)
{
    enumeration("quantizer", QuantizerKind::TwinUniform, change.quantizer);
    enumeration("observer", ObserverKind::Fixed, change.observer);
    enumeration("granularity", Granularity::Group, change.granularity);
    if (field("groups"))
        integer("groups", change.groups.emplace(), 2, kMostGroups);
    boolean("symmetric", change.symmetric);
    boolean("narrow_range", change.narrowRange);
    boolean("include_zero", change.includeZero);
    enumeration("arithmetic", Arithmetic::TensorFlow, change.arithmetic);
    enumeration("twin", TwinForm::SoftmaxReleased, change.twin);
    optionalNumber("scale", change.fixedScale);
    optionalNumber("zero_point", change.fixedZeroPoint);
    boolean("integer_layer_norm", change.integerLayerNorm);
}

Json selectorToJson(const TapSelector &where)
{
    Json json = Json::object();
    if (!where.tap.empty())
        json["tap"] = where.tap;
    const auto put = [&json](const char *key, const auto &values) {
        if (values.size() == 1)
            json[key] = name(values.front());
        for (size_t i = 0; values.size() > 1 && i < values.size(); ++i)
            json[key].push_back(name(values[i]));
    };
    put("kind", where.kinds);
    put("role", where.roles);
    if (!where.operatorName.empty())
        json["operator"] = where.operatorName;
    if (where.firstBlock >= 0 && where.firstBlock == where.lastBlock)
        json["block"] = where.firstBlock;
    else if (where.firstBlock >= 0)
        json["block"] = fmt::format("{}-{}", where.firstBlock, where.lastBlock);
    if (where.feedsLayerNorm)
        json["feeds_layer_norm"] = *where.feedsLayerNorm;
    put("feeds", where.feeds);
    return json;
}

Json changeToJson(const SettingChange &change)
{
    Json json = Json::object();
    const auto putName = [&json](const char *key, const auto &value) {
        if (value)
            json[key] = name(*value);
    };
    const auto put = [&json](const char *key, const auto &value) {
        if (value)
            json[key] = *value;
    };
    putName("quantizer", change.quantizer);
    putName("observer", change.observer);
    putName("granularity", change.granularity);
    put("groups", change.groups);
    put("symmetric", change.symmetric);
    put("narrow_range", change.narrowRange);
    put("include_zero", change.includeZero);
    putName("arithmetic", change.arithmetic);
    putName("twin", change.twin);
    put("scale", change.fixedScale);
    put("zero_point", change.fixedZeroPoint);
    put("integer_layer_norm", change.integerLayerNorm);
    return json;
}

} // namespace quantoscope
