// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/tensor_checks.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace quantoscope {

namespace {

constexpr size_t blockBytes = size_t{1} << 20;

/// A piece of a tensor's memory. The memory of a view may hold values that are not the view's.
struct Block {
    size_t tensor = 0;
    TensorType type = TensorType::F32;
    std::span<const std::byte> bytes;
};

/// Whether a value has an exponent of at least `smallest` (as it stands in the bits under `mask`). One test per piece
/// keeps the inner loop free of exits, so it vectorises.
template <typename Bits>
bool anyExponentFrom(std::span<const std::byte> bytes, Bits mask, Bits smallest)
{
    const size_t count = bytes.size() / sizeof(Bits);
    constexpr size_t piece = 4096;
    for (size_t begin = 0; begin < count; begin += piece) {
        const size_t end = std::min(begin + piece, count);
        unsigned found = 0;
        for (size_t i = begin; i < end; ++i) {
            Bits bits;
            std::memcpy(&bits, bytes.data() + i * sizeof bits, sizeof bits);
            found |= static_cast<unsigned>((bits & mask) >= smallest);
        }
        if (found)
            return true;
    }
    return false;
}

/// Whether there may be a value that is not finite as float32; false is certain.
bool suspicious(const Block &block)
{
    switch (block.type) {
    case TensorType::F32: return anyExponentFrom<uint32_t>(block.bytes, 0x7F800000U, 0x7F800000U);
    case TensorType::F16: return anyExponentFrom<uint16_t>(block.bytes, 0x7C00U, 0x7C00U);
    case TensorType::BF16: return anyExponentFrom<uint16_t>(block.bytes, 0x7F80U, 0x7F80U);
    case TensorType::F64: // from 2^127 on float32 may overflow
        return anyExponentFrom<uint64_t>(block.bytes, 0x7FF0000000000000U, 0x47E0000000000000U);
    default: return false;
    }
}

void addBlocks(size_t tensor, const TensorEntry &entry, std::vector<Block> &blocks)
{
    for (const TensorEntry &part : entry.parts)
        addBlocks(tensor, part, blocks);
    for (size_t at = 0; at < entry.bytes.size(); at += blockBytes)
        blocks.push_back({tensor, entry.type, entry.bytes.subspan(at, std::min(blockBytes, entry.bytes.size() - at))});
}

/// "[3, 5]" for a row-major position; nothing for a scalar.
std::string indexText(size_t position, const std::vector<int64_t> &shape)
{
    std::vector<int64_t> index(shape.size());
    for (size_t axis = shape.size(); axis-- > 0;) {
        index[axis] = static_cast<int64_t>(position % static_cast<size_t>(shape[axis]));
        position /= static_cast<size_t>(shape[axis]);
    }
    return shape.empty() ? std::string() : shapeText(index);
}

/// The exact answer for one tensor, through its view.
std::optional<std::string> firstNonFinite(const std::string &tensor, const TensorEntry &entry)
{
    std::vector<float> values(static_cast<size_t>(entry.elements()));
    convertToFloat(entry, values.data());
    const auto found = std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
    if (found == values.end())
        return std::nullopt;
    return tensor + indexText(static_cast<size_t>(found - values.begin()), entry.shape) +
           (std::isnan(*found) ? " is NaN" : entry.type == TensorType::F64 ? " exceeds float32" : " is infinite");
}

} // namespace

std::optional<std::string> firstNonFinite(const TensorStore &store)
{
    std::vector<Block> blocks;
    size_t tensors = 0;
    for (const auto &[tensor, entry] : store.tensors())
        addBlocks(tensors++, entry, blocks);
    std::vector<char> found(blocks.size(), 0);
    parallelRanges(static_cast<int64_t>(blocks.size()), 1, [&](int64_t begin, int64_t end, int) {
        for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i)
            found[i] = suspicious(blocks[i]) ? 1 : 0;
    });
    std::vector<char> suspects(tensors, 0);
    for (size_t i = 0; i < blocks.size(); ++i)
        if (found[i])
            suspects[blocks[i].tensor] = 1;
    size_t index = 0;
    for (const auto &[tensor, entry] : store.tensors())
        if (suspects[index++])
            if (const auto bad = firstNonFinite(tensor, entry))
                return bad;
    return std::nullopt;
}

} // namespace quantoscope
