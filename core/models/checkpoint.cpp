// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace quantoscope {

namespace {

constexpr const char *kIndex = "{}";

std::string withIndex(const std::string &pattern, const std::string &index)
{
    const size_t place = pattern.find(kIndex);
    return place == std::string::npos ? pattern : pattern.substr(0, place) + index + pattern.substr(place + 2);
}

/// The index in `name` if it fits `pattern`; for a pattern without one an empty text.
std::optional<std::string> indexIn(const std::string &name, const std::string &pattern)
{
    const size_t place = pattern.find(kIndex);
    if (place == std::string::npos)
        return name == pattern ? std::optional<std::string>("") : std::nullopt;
    const std::string tail = pattern.substr(place + 2);
    if (name.size() <= pattern.size() - 2 || name.compare(0, place, pattern, 0, place) != 0 || !name.ends_with(tail))
        return std::nullopt;
    const std::string index = name.substr(place, name.size() - place - tail.size());
    const bool digits = std::all_of(index.begin(), index.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits && index.size() < 6 ? std::optional<std::string>(index) : std::nullopt;
}

std::string shifted(const std::string &index, int by)
{
    return index.empty() ? index : std::to_string(std::stoi(index) + by);
}

std::vector<int64_t> rowMajor(const std::vector<int64_t> &shape)
{
    std::vector<int64_t> strides(shape.size(), 1);
    for (size_t axis = shape.size(); axis-- > 1;)
        strides[axis - 1] = strides[axis] * shape[axis];
    return strides;
}

} // namespace

Result<Checkpoint> Checkpoint::translate(const TensorStore &store, const Dialect &dialect, const std::string &file)
{
    Checkpoint checkpoint;
    checkpoint.m_file = file;
    checkpoint.m_dialect = &dialect;
    TensorStore::Tensors remaining;
    for (const auto &[name, entry] : store.tensors()) {
        const bool prefixed = !dialect.prefix.empty() && name.starts_with(dialect.prefix);
        remaining.emplace(prefixed ? name.substr(dialect.prefix.size()) : name, entry);
    }
    for (const auto &[tensor, reason] : dialect.refused)
        if (remaining.count(tensor))
            return fail(ErrorCode::Unsupported, fmt::format("it has a tensor '{}': {}", tensor, reason), file);
    for (const std::string &tensor : dialect.unused)
        remaining.erase(tensor);
    for (const NameRule &rule : dialect.rules) {
        std::vector<std::string> indices;
        for (const auto &[name, entry] : remaining)
            if (const auto index = indexIn(name, rule.sources.front()))
                indices.push_back(*index);
        for (const std::string &index : indices)
            if (index.empty() || std::stoi(index) >= rule.shift)
                if (const auto done = checkpoint.apply(rule, shifted(index, -rule.shift), index, remaining); !done)
                    return fail(done.error());
    }
    checkpoint.m_tensors.merge(remaining);
    if (!remaining.empty())
        return fail(ErrorCode::CorruptFile,
                    fmt::format("tensor '{}' is there twice, under the names of two programs", remaining.begin()->first),
                    file);
    return checkpoint;
}

Result<void> Checkpoint::apply(const NameRule &rule, const std::string &index, const std::string &sourceIndex,
                               TensorStore::Tensors &remaining)
{
    std::vector<TensorEntry> parts;
    std::string shapes;
    for (const std::string &source : rule.sources) {
        const auto found = remaining.find(withIndex(source, sourceIndex));
        if (found == remaining.end())
            return {}; // the missing canonical tensor is reported later, under both names
        parts.push_back(laidOut(found->second, rule));
        shapes += (shapes.empty() ? "" : ", ") + shapeText(found->second.shape);
    }
    TensorEntry whole = parts.front();
    if (parts.size() > 1) {
        const auto like = [&](const TensorEntry &part) { return part.shape == whole.shape && part.type == whole.type; };
        if (whole.shape.empty() || !std::all_of(parts.begin(), parts.end(), like))
            return fail(ErrorCode::CorruptFile,
                        fmt::format("'{}' and the {} tensors beside it differ in shape or type ({}), so they are not one "
                                    "'{}'",
                                    withIndex(rule.sources.front(), sourceIndex), parts.size() - 1, shapes,
                                    withIndex(rule.canonical, index)),
                        m_file);
        whole.shape.front() *= static_cast<int64_t>(parts.size());
        whole.bytes = {};
        whole.strides.clear();
        whole.parts = std::move(parts);
    }
    for (const std::string &source : rule.sources)
        remaining.erase(withIndex(source, sourceIndex));
    m_tensors.emplace(withIndex(rule.canonical, index), std::move(whole));
    return {};
}

TensorEntry Checkpoint::laidOut(const TensorEntry &entry, const NameRule &rule)
{
    // Another number of axes than the rule's: left alone, so that the check of shapes reports it.
    if (entry.shape.size() != rule.order.size() || rule.order.empty() || !entry.parts.empty())
        return entry;
    const std::vector<int64_t> strides = entry.strides.empty() ? rowMajor(entry.shape) : entry.strides;
    TensorEntry ordered = entry;
    ordered.strides.resize(strides.size());
    for (size_t axis = 0; axis < rule.order.size(); ++axis) {
        ordered.shape[axis] = entry.shape[rule.order[axis]];
        ordered.strides[axis] = strides[rule.order[axis]];
    }
    TensorEntry merged = ordered;
    if (!rule.merged.empty()) {
        merged.shape.clear();
        merged.strides.clear();
        bool regular = true; // consecutive values of a merged axis keep one distance
        size_t axis = 0;
        for (const size_t count : rule.merged) {
            int64_t extent = 1;
            for (const size_t end = axis + count; axis < end; ++axis) {
                regular = regular && (axis + 1 == end || ordered.shape[axis] == 1
                                      || ordered.strides[axis] == ordered.strides[axis + 1] * ordered.shape[axis + 1]);
                extent *= ordered.shape[axis];
            }
            merged.shape.push_back(extent);
            merged.strides.push_back(ordered.strides[axis - 1]);
        }
        if (!regular && isFloating(entry.type)) {
            // Only arrays that were not written row by row: their values are copied into the right order.
            std::vector<float> values(static_cast<size_t>(ordered.elements()));
            convertToFloat(ordered, values.data());
            return own(std::move(values), merged.shape);
        }
        if (!regular)
            return entry;
    }
    if (merged.strides == rowMajor(merged.shape))
        merged.strides.clear();
    return merged;
}

TensorEntry Checkpoint::own(std::vector<float> values, std::vector<int64_t> shape)
{
    const auto kept = std::make_shared<const std::vector<float>>(std::move(values));
    m_memory.push_back(kept);
    TensorEntry entry;
    entry.shape = std::move(shape);
    entry.bytes = std::as_bytes(std::span(*kept));
    return entry;
}

void Checkpoint::replace(const std::string &tensor, std::vector<float> values, std::vector<int64_t> shape)
{
    m_tensors[tensor] = own(std::move(values), std::move(shape));
}

TensorStorePtr Checkpoint::store(const TensorStore &original) &&
{
    m_memory.push_back(original.memory());
    return std::make_shared<const TensorStore>(std::move(m_tensors), std::make_shared<const Memory>(std::move(m_memory)),
                                               original.container(), original.notes(), original.config());
}

Result<const TensorEntry *> Checkpoint::require(const std::string &tensor, size_t axes) const
{
    const TensorEntry *entry = find(tensor);
    if (!entry)
        return fail(ErrorCode::CorruptFile, fmt::format("tensor {} is missing", describe(tensor)), m_file);
    if (entry->shape.size() != axes)
        return fail(ErrorCode::CorruptFile,
                    fmt::format("tensor {} has shape {} instead of {} dimensions", describe(tensor),
                                shapeText(entry->shape), axes),
                    m_file);
    if (entry->elements() < 1)
        return fail(ErrorCode::CorruptFile,
                    fmt::format("tensor {} is empty: shape {}", describe(tensor), shapeText(entry->shape)), m_file);
    return entry;
}

int64_t Checkpoint::count(const std::string &pattern) const
{
    int64_t found = 0;
    while (find(withIndex(pattern, std::to_string(found))))
        ++found;
    return found;
}

std::string Checkpoint::describe(const std::string &tensor) const
{
    for (const NameRule &rule : m_dialect->rules)
        if (const auto index = indexIn(tensor, rule.canonical)) {
            std::string sources;
            for (const std::string &source : rule.sources)
                sources += (sources.empty() ? "" : ", ") + m_dialect->prefix + withIndex(source, shifted(*index, rule.shift));
            return fmt::format("'{}' (here {})", tensor, sources);
        }
    return fmt::format("'{}'", tensor);
}

} // namespace quantoscope
