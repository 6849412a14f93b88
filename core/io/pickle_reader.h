// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a Python pickle as data. Nothing is imported, called or constructed: what the stream wants to call is kept as
// a description of the call, and only for the few names that checkpoints need; any other name is refused.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quantoscope {

enum class PickleKind : uint8_t {
    None,
    Bool,     ///< `integer`
    Int,      ///< `integer`
    LargeInt, ///< `text`: little-endian two's complement, more than 8 bytes
    Float,    ///< `real`
    Text,     ///< `text`
    Bytes,    ///< `text`
    Tuple,    ///< `items`
    List,     ///< `items`
    Dict,     ///< `items`: key, value, key, value, ...; also OrderedDict
    Name,     ///< `text`: an allowed global, e.g. "torch.FloatStorage"
    Call,     ///< `items`: Name, arguments (a Tuple); not executed
    Persistent ///< `items`: the identifier (PyTorch: a storage)
};

/// One value. Values refer to each other by index, so what the stream shares stays shared.
struct PickleValue {
    PickleKind kind = PickleKind::None;
    int64_t integer = 0;
    double real = 0;
    std::string_view text = {}; ///< into the stream, or static
    std::vector<uint32_t> items = {};
};

struct Pickle {
    std::vector<PickleValue> values;
    uint32_t root = 0;
    size_t size = 0;                     ///< bytes of the stream up to and with STOP
    std::set<std::string_view> inertNames; ///< allowed names that stand for no tensor, e.g. "argparse.Namespace"

    [[nodiscard]] const PickleValue &operator[](uint32_t index) const { return values[index]; }
};

/// Reads one pickle (protocols 2 to 5) at the beginning of `stream`, which must outlive the result. Time and memory are
/// linear in the bytes read, whatever is nested or shared.
/// Errors: CorruptFile (the defect with its position), Unsupported (a name outside the list; it is named).
[[nodiscard]] Result<Pickle> readPickle(std::span<const std::byte> stream);

} // namespace quantoscope
