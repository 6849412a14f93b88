// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/torch_tensors.h"

#include "core/io/state_dict.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace quantoscope {

namespace {

struct NamedType {
    std::string_view name;
    TensorType type;
};
constexpr std::array<NamedType, 10> storageTypes{{{"FloatStorage", TensorType::F32},
                                                  {"HalfStorage", TensorType::F16},
                                                  {"BFloat16Storage", TensorType::BF16},
                                                  {"DoubleStorage", TensorType::F64},
                                                  {"LongStorage", TensorType::I64},
                                                  {"IntStorage", TensorType::I32},
                                                  {"ShortStorage", TensorType::I16},
                                                  {"CharStorage", TensorType::I8},
                                                  {"ByteStorage", TensorType::U8},
                                                  {"BoolStorage", TensorType::Bool}}};
constexpr std::array<NamedType, 16> elementTypes{
    {{"float32", TensorType::F32}, {"float", TensorType::F32},     {"float16", TensorType::F16}, {"half", TensorType::F16},
     {"bfloat16", TensorType::BF16}, {"float64", TensorType::F64}, {"double", TensorType::F64}, {"int64", TensorType::I64},
     {"long", TensorType::I64},    {"int32", TensorType::I32},     {"int", TensorType::I32},     {"int16", TensorType::I16},
     {"short", TensorType::I16},   {"int8", TensorType::I8},       {"uint8", TensorType::U8},    {"bool", TensorType::Bool}}};

template <size_t N>
std::optional<TensorType> typeNamed(const std::array<NamedType, N> &table, std::string_view name)
{
    const std::string_view last = name.substr(name.rfind('.') + 1);
    const auto found = std::find_if(table.begin(), table.end(), [&](const NamedType &type) { return type.name == last; });
    return found == table.end() ? std::nullopt : std::optional(found->type);
}

constexpr std::string_view rebuildPrefix = "torch._utils._rebuild_";
constexpr std::string_view rebuildParameter = "torch._utils._rebuild_parameter";
constexpr std::string_view rebuildWithType = "torch._utils._rebuild_tensor_v3";
constexpr size_t typeArgument = 6; // of _rebuild_tensor_v3, behind storage, offset, shape, stride, two of autograd

bool isTensor(const Pickle &pickle, const PickleValue &value)
{
    return value.kind == PickleKind::Call && pickle[value.items[0]].text.starts_with(rebuildPrefix);
}

/// Arguments of the call that builds the tensor, an nn.Parameter being a tensor with a wrapper; null when it is not one.
const PickleValue *tensorCall(const Pickle &pickle, const PickleValue &value)
{
    const PickleValue *call = &value;
    if (isTensor(pickle, *call) && pickle[call->items[0]].text == rebuildParameter) {
        const auto &arguments = pickle[call->items[1]].items;
        if (arguments.empty())
            return nullptr;
        call = &pickle[arguments[0]];
    }
    return isTensor(pickle, *call) && pickle[call->items[0]].text != rebuildParameter ? call : nullptr;
}

bool isDictWithTensors(const Pickle &pickle, const PickleValue &value)
{
    if (value.kind != PickleKind::Dict)
        return false;
    for (size_t i = 0; i < value.items.size(); i += 2)
        if (pickle[value.items[i]].kind == PickleKind::Text && isTensor(pickle, pickle[value.items[i + 1]]))
            return true;
    return false;
}

std::optional<std::vector<int64_t>> integers(const Pickle &pickle, const PickleValue &value)
{
    const PickleValue *list = &value;
    if (value.kind == PickleKind::Call && pickle[value.items[0]].text == "torch.Size"
        && pickle[value.items[1]].items.size() == 1)
        list = &pickle[pickle[value.items[1]].items[0]];
    if ((list->kind != PickleKind::Tuple && list->kind != PickleKind::List) || list->items.size() > largestRank)
        return std::nullopt;
    std::vector<int64_t> result;
    for (const uint32_t item : list->items) {
        if (pickle[item].kind != PickleKind::Int)
            return std::nullopt;
        result.push_back(pickle[item].integer);
    }
    return result;
}

tl::unexpected<Error> badStorage(const std::string &what)
{
    return fail(ErrorCode::CorruptFile, "its pickle mentions a storage " + what);
}

/// ('storage', type, key, device, elements[, view]); legacy files alone have the view: None or (key, offset, elements).
Result<TorchStorage> readStorage(const Pickle &pickle, const PickleValue &persistent)
{
    const PickleValue &id = pickle[persistent.items[0]];
    if (id.kind != PickleKind::Tuple || id.items.size() < 5 || id.items.size() > 6)
        return badStorage("in a form that is not known");
    const auto field = [&](size_t i) -> const PickleValue & { return pickle[id.items[i]]; };
    if (field(0).kind != PickleKind::Text || field(0).text != "storage" || field(1).kind != PickleKind::Name ||
        field(2).kind != PickleKind::Text || field(4).kind != PickleKind::Int)
        return badStorage("in a form that is not known");
    TorchStorage storage;
    storage.key = field(2).text;
    storage.elements = storage.count = field(4).integer;
    if (!field(1).text.ends_with("UntypedStorage")) {
        storage.type = typeNamed(storageTypes, field(1).text);
        if (!storage.type)
            return badStorage("of the type " + displayName(field(1).text) + ", which is none");
        storage.width = byteSize(*storage.type);
    }
    int64_t bytes = 0;
    if (storage.elements < 0 || __builtin_mul_overflow(storage.elements, storage.width, &bytes))
        return badStorage("of " + std::to_string(storage.elements) + " elements");
    if (id.items.size() == 6 && field(5).kind != PickleKind::None) {
        const PickleValue &view = field(5);
        const bool known = view.kind == PickleKind::Tuple && view.items.size() == 3 &&
                           pickle[view.items[1]].kind == PickleKind::Int && pickle[view.items[2]].kind == PickleKind::Int;
        if (!known)
            return badStorage("through a view in a form that is not known");
        storage.begin = pickle[view.items[1]].integer;
        storage.count = pickle[view.items[2]].integer;
        int64_t end = 0;
        if (storage.begin < 0 || storage.count < 0 || __builtin_add_overflow(storage.begin, storage.count, &end) ||
            end > storage.elements)
            return badStorage("through a view (offset " + std::to_string(storage.begin) + ", " +
                              std::to_string(storage.count) + " elements) that reaches beyond its " +
                              std::to_string(storage.elements));
    }
    return storage;
}

Result<TorchTensor> readTensor(const Pickle &pickle, const std::string &name, const PickleValue &value)
{
    const PickleValue *call = tensorCall(pickle, value);
    if (!call)
        return tensorDefect(name, "its pickle builds a parameter from something that is no tensor");
    const std::vector<uint32_t> &arguments = pickle[call->items[1]].items;
    const bool typed = pickle[call->items[0]].text == rebuildWithType;
    if (arguments.size() < (typed ? typeArgument + 1 : 4) || pickle[arguments[0]].kind != PickleKind::Persistent ||
        pickle[arguments[1]].kind != PickleKind::Int)
        return tensorDefect(name, "its pickle describes it in a form that is not known");
    auto storage = readStorage(pickle, pickle[arguments[0]]);
    if (!storage)
        return fail(storage.error());
    auto shape = integers(pickle, pickle[arguments[2]]);
    auto strides = integers(pickle, pickle[arguments[3]]);
    if (!shape || !strides)
        return tensorDefect(name, "its shape or stride is no list of up to " + std::to_string(largestRank) + " integers");
    const auto type = typed ? typeNamed(elementTypes, pickle[arguments[typeArgument]].text) : storage->type;
    if (!type)
        return tensorDefect(name, "its element type is not known");
    return TorchTensor{name, std::move(*storage), *type, pickle[arguments[1]].integer, std::move(*shape), std::move(*strides)};
}

std::string inertNote(const Pickle &pickle)
{
    std::string names;
    for (const std::string_view name : pickle.inertNames)
        names += (names.empty() ? "" : ", ") + std::string(name);
    return "Objects beside the weights (" + names + ") were left unread";
}

} // namespace

int64_t TorchStorage::bytes() const
{
    return elements * static_cast<int64_t>(width);
}

Result<TorchWeights> readTorchWeights(const Pickle &pickle, const std::string &key)
{
    const PickleValue &root = pickle[pickle.root];
    std::vector<WeightSet> sets;
    std::vector<uint32_t> dicts;
    std::unordered_map<uint32_t, bool> holdsTensors; // one dictionary may stand under a million names
    const auto offer = [&](std::string_view name, uint32_t dict) {
        const auto [known, added] = holdsTensors.emplace(dict, false);
        if (added)
            known->second = isDictWithTensors(pickle, pickle[dict]);
        if (known->second) {
            sets.push_back({std::string(name)});
            dicts.push_back(dict);
        }
    };
    offer("", pickle.root);
    for (size_t i = 0; root.kind == PickleKind::Dict && i < root.items.size(); i += 2)
        if (pickle[root.items[i]].kind == PickleKind::Text)
            offer(pickle[root.items[i]].text, root.items[i + 1]);
    auto choice = chooseWeights(sets, key);
    if (!choice)
        return fail(choice.error());

    TorchWeights weights{{}, std::move(choice->notes)};
    const std::vector<uint32_t> &items = pickle[dicts[choice->index]].items;
    for (size_t i = 0; i < items.size(); i += 2) {
        const PickleValue &name = pickle[items[i]];
        if (name.kind != PickleKind::Text || !isTensor(pickle, pickle[items[i + 1]]))
            continue; // training state beside the weights
        auto tensor = readTensor(pickle, std::string(name.text), pickle[items[i + 1]]);
        if (!tensor)
            return fail(tensor.error());
        weights.tensors.push_back(std::move(*tensor));
    }
    if (!pickle.inertNames.empty())
        weights.notes.push_back(inertNote(pickle));
    return weights;
}

Result<std::map<std::string, TorchStorage>> torchStorages(const Pickle &pickle)
{
    std::map<std::string, TorchStorage> storages;
    for (const PickleValue &value : pickle.values) {
        if (value.kind != PickleKind::Persistent)
            continue;
        auto storage = readStorage(pickle, value);
        if (!storage)
            return fail(storage.error());
        const auto [known, added] = storages.emplace(storage->key, *storage);
        if (!added && known->second.bytes() != storage->bytes())
            return badStorage(displayName(storage->key) + " with two different sizes");
    }
    return storages;
}

Result<TensorStore::Tensors>
placeTensors(const std::vector<TorchTensor> &tensors,
             const std::map<std::string, std::span<const std::byte>, std::less<>> &storages)
{
    TensorStore::Tensors placed;
    for (const TorchTensor &tensor : tensors) {
        const TorchStorage &storage = tensor.storage;
        const auto found = storages.find(storage.key);
        if (found == storages.end())
            return tensorDefect(tensor.name, "its storage " + displayName(storage.key) + " is missing in the file");
        if (found->second.size() != static_cast<size_t>(storage.bytes()))
            return tensorDefect(tensor.name, "its storage " + displayName(storage.key) + " has " +
                                                 std::to_string(found->second.size()) + " bytes, but must have " +
                                                 std::to_string(storage.bytes()));
        const auto seen = found->second.subspan(static_cast<size_t>(storage.begin) * storage.width,
                                                static_cast<size_t>(storage.count) * storage.width);
        auto entry = viewOf(seen, tensor.type, tensor.offset, tensor.shape, tensor.strides, tensor.name);
        if (!entry)
            return fail(entry.error());
        if (!placed.emplace(tensor.name, std::move(*entry)).second)
            return tensorDefect(tensor.name, "it occurs twice");
    }
    return placed;
}

} // namespace quantoscope
