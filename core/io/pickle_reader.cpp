// SPDX-License-Identifier: GPL-3.0-or-later
// The opcodes are those of Python's pickletools that protocols 2 to 5 write for data.
#include "core/io/pickle_reader.h"

#include "core/io/pickle_names.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <type_traits>
#include <unordered_map>

namespace quantoscope {

namespace {

constexpr size_t mostValues = 4'000'000; // a checkpoint of thousands of tensors needs a few hundred thousand
constexpr size_t longestName = 1024;

class Reader {
public:
    explicit Reader(std::span<const std::byte> stream) : m_stream(stream) {}

    Result<Pickle> read()
    {
        m_pickle.values.resize(4); // shared by all that are equal
        m_pickle.values[falseValue] = {.kind = PickleKind::Bool, .integer = 0};
        m_pickle.values[trueValue] = {.kind = PickleKind::Bool, .integer = 1};
        m_pickle.values[emptyTuple].kind = PickleKind::Tuple;
        for (;;) {
            m_opcodeAt = m_at;
            const auto code = take(1);
            if (!code)
                return defect("ends without its STOP mark");
            const auto opcode = static_cast<unsigned char>((*code)[0]);
            if (opcode == '.') {
                const auto root = pop();
                if (!root)
                    return m_error ? fail(*m_error) : defect("takes a value from an empty stack");
                m_pickle.root = *root;
                m_pickle.size = m_at;
                return std::move(m_pickle);
            }
            if (!execute(opcode))
                return m_error ? fail(*m_error) : defect("is damaged");
            if (m_pickle.values.size() > mostValues || m_stack.size() > mostValues || m_marks.size() > mostValues
                || m_memo.size() > mostValues)
                return fail(ErrorCode::Unsupported,
                            "its pickle builds more than " + std::to_string(mostValues) + " values: these are no weights");
        }
    }

private:
    using Index = uint32_t;
    static constexpr Index noneValue = 0, falseValue = 1, trueValue = 2, emptyTuple = 3;

    tl::unexpected<Error> defect(const std::string &what) const
    {
        return fail(ErrorCode::CorruptFile, "its pickle " + what + " (byte " + std::to_string(m_opcodeAt) + ")");
    }
    bool stop(const std::string &what)
    {
        if (!m_error)
            m_error = defect(what).value();
        return false;
    }

    // ---- the stream ----

    std::optional<std::string_view> take(uint64_t size)
    {
        if (size > m_stream.size() - m_at)
            return std::nullopt;
        const std::string_view bytes(reinterpret_cast<const char *>(m_stream.data()) + m_at, static_cast<size_t>(size));
        m_at += static_cast<size_t>(size);
        return bytes;
    }
    template <typename T>
    bool number(T &value)
    {
        const auto bytes = take(sizeof value);
        if (!bytes)
            return stop("ends inside a number");
        std::memcpy(&value, bytes->data(), sizeof value);
        return true;
    }
    /// A text or bytes with a length of type T before it.
    template <typename T>
    bool sized(std::string_view &text)
    {
        T size{};
        if (!number(size))
            return false;
        if constexpr (std::is_signed_v<T>)
            if (size < 0)
                return stop("has a text of negative length");
        const auto bytes = take(static_cast<uint64_t>(size));
        if (!bytes)
            return stop("has a text of " + std::to_string(size) + " bytes that runs beyond its end");
        text = *bytes;
        return true;
    }
    bool line(std::string_view &text)
    {
        const std::string_view rest(reinterpret_cast<const char *>(m_stream.data()) + m_at,
                                    std::min(m_stream.size() - m_at, longestName));
        const size_t end = rest.find('\n');
        if (end == std::string_view::npos)
            return stop("has a name without an end");
        text = rest.substr(0, end);
        m_at += end + 1;
        return true;
    }

    // ---- the stack ----

    bool push(Index index)
    {
        m_stack.push_back(index);
        return true;
    }
    bool add(PickleValue value)
    {
        m_pickle.values.push_back(std::move(value));
        return push(static_cast<Index>(m_pickle.values.size() - 1));
    }
    /// The topmost value, never one below a mark.
    std::optional<Index> pop()
    {
        if (m_stack.size() <= (m_marks.empty() ? 0 : m_marks.back())) {
            stop("takes a value from an empty stack");
            return std::nullopt;
        }
        const Index top = m_stack.back();
        m_stack.pop_back();
        return top;
    }
    PickleValue *top(PickleKind wanted, const char *what)
    {
        if (m_stack.size() <= (m_marks.empty() ? 0 : m_marks.back())) {
            stop("takes a value from an empty stack");
            return nullptr;
        }
        PickleValue &value = m_pickle.values[m_stack.back()];
        if (value.kind == wanted)
            return &value;
        stop(std::string("adds items to something that is no ") + what);
        return nullptr;
    }
    /// Everything above the last mark, which goes too.
    bool popMark(std::vector<Index> &items)
    {
        if (m_marks.empty())
            return stop("takes items above a mark that was never set");
        items.assign(m_stack.begin() + static_cast<ptrdiff_t>(m_marks.back()), m_stack.end());
        m_stack.resize(m_marks.back());
        m_marks.pop_back();
        return true;
    }
    bool tuple(size_t size)
    {
        PickleValue value{.kind = PickleKind::Tuple};
        value.items.resize(size);
        for (size_t i = size; i-- > 0;) {
            const auto item = pop();
            if (!item)
                return false;
            value.items[i] = *item;
        }
        return add(std::move(value));
    }
    bool append(PickleKind kind, std::vector<Index> items)
    {
        PickleValue *target = top(kind, kind == PickleKind::List ? "list" : "dictionary");
        if (!target)
            return false;
        if (kind == PickleKind::Dict && items.size() % 2 != 0)
            return stop("has a dictionary key without a value");
        target->items.insert(target->items.end(), items.begin(), items.end());
        return true;
    }
    bool appendPopped(PickleKind kind, size_t count)
    {
        std::vector<Index> items(count);
        for (size_t i = count; i-- > 0;) {
            const auto item = pop();
            if (!item)
                return false;
            items[i] = *item;
        }
        return append(kind, std::move(items));
    }
    bool appendMarked(PickleKind kind)
    {
        std::vector<Index> items;
        return popMark(items) && append(kind, std::move(items));
    }

    // ---- names and calls ----

    bool name(std::string_view module, std::string_view type)
    {
        std::string full(module == "__builtin__" ? "builtins" : module);
        full.append(".").append(type);
        const auto allowed = allowedPickleName(full);
        if (!allowed) {
            m_error = refusedPickleName(full);
            return false;
        }
        if (allowed->inert)
            m_pickle.inertNames.insert(allowed->name);
        return add({.kind = PickleKind::Name, .text = allowed->name});
    }
    bool call()
    {
        const auto arguments = pop();
        const auto callee = arguments ? pop() : std::nullopt;
        if (!callee)
            return false;
        const PickleValue &function = m_pickle.values[*callee];
        if (function.kind != PickleKind::Name)
            return stop("calls something that is no name");
        if (m_pickle.values[*arguments].kind != PickleKind::Tuple)
            return stop("calls " + std::string(function.text) + " with something that is no tuple");
        if (function.text != "collections.OrderedDict")
            return add({.kind = PickleKind::Call, .items = {*callee, *arguments}});
        return orderedDict(m_pickle.values[*arguments].items);
    }
    /// Python 3 fills it afterwards; Python 2 passes a list of pairs.
    bool orderedDict(const std::vector<Index> &arguments)
    {
        PickleValue dict{.kind = PickleKind::Dict};
        if (!arguments.empty()) {
            const PickleValue &pairs = m_pickle.values[arguments[0]];
            if (arguments.size() != 1 || pairs.kind != PickleKind::List)
                return stop("builds an OrderedDict from something that is no list of pairs");
            for (const Index pair : pairs.items) {
                const PickleValue &both = m_pickle.values[pair];
                if ((both.kind != PickleKind::List && both.kind != PickleKind::Tuple) || both.items.size() != 2)
                    return stop("builds an OrderedDict from something that is no list of pairs");
                dict.items.insert(dict.items.end(), both.items.begin(), both.items.end());
            }
            m_copied += dict.items.size(); // one list may be copied many times
            if (m_copied > mostValues)
                return stop("builds too large an OrderedDict");
        }
        return add(std::move(dict));
    }
    /// Attributes of an object: none of them belongs to weights (OrderedDict: `_metadata`).
    bool build()
    {
        const auto state = pop();
        const auto object = state ? pop() : std::nullopt;
        if (!object)
            return false;
        const PickleKind kind = m_pickle.values[*object].kind;
        if (kind != PickleKind::Dict && kind != PickleKind::Call)
            return stop("sets attributes of something that is no object");
        return push(*object);
    }
    bool stackName()
    {
        const auto type = pop();
        const auto module = type ? pop() : std::nullopt;
        if (!module)
            return false;
        const PickleValue &a = m_pickle.values[*module];
        const PickleValue &b = m_pickle.values[*type];
        if (a.kind != PickleKind::Text || b.kind != PickleKind::Text)
            return stop("names a global by something that is no text");
        return name(a.text, b.text);
    }
    bool lineName(bool instance)
    {
        std::string_view module;
        std::string_view type;
        if (!line(module) || !line(type) || !name(module, type))
            return false;
        return !instance || stop("builds an object of " + std::string(m_pickle.values.back().text) + " in a way of protocol 0");
    }

    // ---- memo ----

    bool memoize(uint32_t slot)
    {
        if (m_stack.empty())
            return stop("remembers a value of an empty stack");
        m_memo[slot] = m_stack.back();
        return true;
    }
    bool recall(uint32_t slot)
    {
        const auto found = m_memo.find(slot);
        return found == m_memo.end() ? stop("reads memo slot " + std::to_string(slot) + ", which was never written")
                                     : push(found->second);
    }
    template <typename Slot>
    bool memo(bool read)
    {
        Slot slot{};
        return number(slot) && (read ? recall(slot) : memoize(slot));
    }

    // ---- plain values ----

    template <typename T>
    bool integer()
    {
        T value{};
        return number(value) && add({.kind = PickleKind::Int, .integer = value});
    }
    template <typename Size>
    bool longInteger()
    {
        std::string_view digits;
        if (!sized<Size>(digits))
            return false;
        if (digits.size() > sizeof(int64_t))
            return add({.kind = PickleKind::LargeInt, .text = digits});
        // The sign is the highest bit that is there.
        int64_t value = !digits.empty() && (digits.back() & 0x80) ? -1 : 0;
        std::memcpy(&value, digits.data(), digits.size());
        return add({.kind = PickleKind::Int, .integer = value});
    }
    bool bigEndianDouble()
    {
        uint64_t bits = 0;
        return number(bits) && add({.kind = PickleKind::Float, .real = std::bit_cast<double>(__builtin_bswap64(bits))});
    }
    template <typename Size>
    bool text(PickleKind kind)
    {
        std::string_view value;
        return sized<Size>(value) && add({.kind = kind, .text = value});
    }
    bool protocol()
    {
        uint8_t version = 0;
        return number(version) && ((version >= 2 && version <= 5) || stop("is of protocol " + std::to_string(version)));
    }
    bool frame()
    {
        uint64_t size = 0;
        return number(size) && (size <= m_stream.size() - m_at || stop("has a frame that runs beyond its end"));
    }

    bool execute(unsigned char opcode)
    {
        std::vector<Index> items;
        switch (opcode) {
        case 0x80: return protocol();
        case 0x95: return frame();
        case 'N': return push(noneValue);
        case 0x88: return push(trueValue);
        case 0x89: return push(falseValue);
        case 'K': return integer<uint8_t>();
        case 'M': return integer<uint16_t>();
        case 'J': return integer<int32_t>();
        case 0x8a: return longInteger<uint8_t>();
        case 0x8b: return longInteger<int32_t>();
        case 'G': return bigEndianDouble();
        case 'X': return text<uint32_t>(PickleKind::Text);
        case 0x8c: return text<uint8_t>(PickleKind::Text);
        case 0x8d: return text<uint64_t>(PickleKind::Text);
        case 'U': return text<uint8_t>(PickleKind::Text); // a string of Python 2
        case 'T': return text<int32_t>(PickleKind::Text);
        case 'B': return text<uint32_t>(PickleKind::Bytes);
        case 'C': return text<uint8_t>(PickleKind::Bytes);
        case 0x8e:
        case 0x96: return text<uint64_t>(PickleKind::Bytes);
        case ')': return push(emptyTuple);
        case 0x85: return tuple(1);
        case 0x86: return tuple(2);
        case 0x87: return tuple(3);
        case 't': return popMark(items) && add({.kind = PickleKind::Tuple, .items = std::move(items)});
        case ']': return add({.kind = PickleKind::List});
        case 'l': return popMark(items) && add({.kind = PickleKind::List, .items = std::move(items)});
        case 'a': return appendPopped(PickleKind::List, 1);
        case 'e': return appendMarked(PickleKind::List);
        case '}': return add({.kind = PickleKind::Dict});
        case 's': return appendPopped(PickleKind::Dict, 2);
        case 'u': return appendMarked(PickleKind::Dict);
        case '(': m_marks.push_back(m_stack.size()); return true;
        case '0': return pop().has_value();
        case '1': return popMark(items);
        case '2': return m_stack.empty() ? stop("takes a value from an empty stack") : push(m_stack.back());
        case 'q': return memo<uint8_t>(false);
        case 'r': return memo<uint32_t>(false);
        case 0x94: return memoize(static_cast<uint32_t>(m_memo.size()));
        case 'h': return memo<uint8_t>(true);
        case 'j': return memo<uint32_t>(true);
        case 'c': return lineName(false);
        case 'i': return lineName(true);
        case 0x93: return stackName();
        case 'R':
        case 0x81: return call(); // REDUCE and NEWOBJ differ only when executed
        case 'b': return build();
        case 'Q': return persistent();
        default: break;
        }
        constexpr std::string_view digits = "0123456789abcdef";
        return stop(std::string("has an instruction 0x") + digits[opcode >> 4] + digits[opcode & 15] +
                    " that no checkpoint needs");
    }
    bool persistent()
    {
        const auto identifier = pop();
        return identifier && add({.kind = PickleKind::Persistent, .items = {*identifier}});
    }

    std::span<const std::byte> m_stream;
    size_t m_at = 0;
    size_t m_opcodeAt = 0;
    Pickle m_pickle;
    std::vector<Index> m_stack;
    std::vector<size_t> m_marks; ///< heights of the stack
    std::unordered_map<uint32_t, Index> m_memo;
    size_t m_copied = 0;
    std::optional<Error> m_error;
};

} // namespace

Result<Pickle> readPickle(std::span<const std::byte> stream)
{
    return Reader(stream).read();
}

} // namespace quantoscope
