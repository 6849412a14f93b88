// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/tensor_checks.h"

#include <algorithm>
#include <cstring>

namespace quantoscope {

namespace {

struct NonFinite {
    size_t index = 0;
    bool nan = false;
};

/// `exponent` is the mask that all non-finite values of the type have fully set; no mantissa bit lies above it.
template <typename Bits>
std::optional<NonFinite> firstNonFinite(std::span<const std::byte> bytes, Bits exponent)
{
    const auto at = [&](size_t i) {
        Bits bits;
        std::memcpy(&bits, bytes.data() + i * sizeof bits, sizeof bits);
        return bits;
    };
    const size_t count = bytes.size() / sizeof(Bits);
    constexpr size_t block = 4096; // one test per block keeps the inner loop free of exits, so it vectorises
    for (size_t begin = 0; begin < count; begin += block) {
        const size_t end = std::min(begin + block, count);
        Bits found = 0;
        for (size_t i = begin; i < end; ++i)
            found = static_cast<Bits>(found | static_cast<Bits>((at(i) & exponent) == exponent));
        for (size_t i = begin; found && i < end; ++i)
            if ((at(i) & exponent) == exponent)
                return NonFinite{i, (at(i) & (exponent ^ (static_cast<Bits>(~Bits{0}) >> 1))) != 0};
    }
    return std::nullopt;
}

std::optional<NonFinite> firstNonFinite(const TensorEntry &entry)
{
    switch (entry.type) {
    case TensorType::F32: return firstNonFinite<uint32_t>(entry.bytes, 0x7F800000U);
    case TensorType::F16: return firstNonFinite<uint16_t>(entry.bytes, 0x7C00U);
    case TensorType::BF16: return firstNonFinite<uint16_t>(entry.bytes, 0x7F80U);
    case TensorType::F64: return firstNonFinite<uint64_t>(entry.bytes, 0x7FF0000000000000U);
    default: return std::nullopt;
    }
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

} // namespace

std::optional<std::string> firstNonFinite(const TensorStore &store)
{
    for (const auto &[tensor, entry] : store.tensors())
        if (const auto found = firstNonFinite(entry))
            return tensor + indexText(found->index, entry.shape) + (found->nan ? " is NaN" : " is infinite");
    return std::nullopt;
}

} // namespace quantoscope
