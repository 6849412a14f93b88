// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/checkpoint_reader.h"

#include <QString>

#include <algorithm>

namespace quantoscope {

std::span<std::byte> TensorMemory::allocate(size_t bytes)
{
    return {owned.emplace_back(std::make_unique_for_overwrite<std::byte[]>(bytes)).get(), bytes};
}

std::string displayName(std::string_view name)
{
    constexpr size_t longest = 120;
    // A byte that is no UTF-8, also of a character cut in two, becomes a replacement character.
    std::string text = QString::fromUtf8(name.data(), static_cast<qsizetype>(std::min(name.size(), longest))).toStdString();
    std::replace_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
    text.insert(0, 1, '"');
    return text.append(name.size() > longest ? "...\"" : "\"");
}

tl::unexpected<Error> tensorDefect(std::string_view tensor, const std::string &what, ErrorCode code)
{
    return fail(code, "tensor " + displayName(tensor) + ": " + what);
}

std::optional<int64_t> elementCount(std::span<const int64_t> shape)
{
    int64_t count = 1;
    for (const int64_t extent : shape)
        if (extent < 0 || __builtin_mul_overflow(count, extent, &count))
            return std::nullopt;
    return count;
}

Result<TensorEntry> viewOf(std::span<const std::byte> storage, TensorType type, int64_t offset,
                           std::vector<int64_t> shape, std::vector<int64_t> strides, const std::string &tensor)
{
    if (shape.size() != strides.size() || shape.size() > largestRank)
        return tensorDefect(tensor, std::to_string(shape.size()) + " extents and " + std::to_string(strides.size()) +
                                        " strides (at most " + std::to_string(largestRank) + " of each)");
    const auto count = elementCount(shape);
    if (!count)
        return tensorDefect(tensor, "its shape " + shapeText(shape) + " is negative or asks for more than 64 bits can count");
    if (offset < 0)
        return tensorDefect(tensor, "its storage offset " + std::to_string(offset) + " is negative");
    if (std::any_of(strides.begin(), strides.end(), [](int64_t stride) { return stride < 0; }))
        return tensorDefect(tensor, "its stride " + shapeText(strides) + " is negative");
    if (*count == 0)
        return TensorEntry{type, std::move(shape), {}};
    const size_t width = byteSize(type);
    const auto available = static_cast<int64_t>(storage.size() / width);
    int64_t last = offset; // position of the element that lies farthest
    int64_t rowMajorStride = 1;
    bool rowMajor = true;
    for (size_t axis = shape.size(); axis-- > 0;) {
        int64_t reach = 0;
        if (__builtin_mul_overflow(shape[axis] - 1, strides[axis], &reach) || __builtin_add_overflow(last, reach, &last))
            last = INT64_MAX;
        rowMajor = rowMajor && (shape[axis] == 1 || strides[axis] == rowMajorStride);
        rowMajorStride *= shape[axis];
    }
    if (last >= available)
        return tensorDefect(tensor, "its view (offset " + std::to_string(offset) + ", shape " + shapeText(shape) +
                                        ", stride " + shapeText(strides) + ") reaches beyond its storage of " +
                                        std::to_string(available) + " values");
    if (*count > available)
        return tensorDefect(tensor, "its view repeats the " + std::to_string(available) + " values of its storage to shape " +
                                        shapeText(shape), ErrorCode::Unsupported);
    TensorEntry entry{type, std::move(shape),
                      storage.subspan(static_cast<size_t>(offset) * width, static_cast<size_t>(last - offset + 1) * width)};
    if (!rowMajor)
        entry.strides = std::move(strides);
    return entry;
}

} // namespace quantoscope
