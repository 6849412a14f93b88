// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/torch_checkpoint.h"

#include "core/io/torch_tensors.h"
#include "core/io/zip_checkpoint.h"

#include <cstring>
#include <set>

namespace quantoscope {

namespace {

using Storages = std::map<std::string, std::span<const std::byte>, std::less<>>;

constexpr std::string_view pickleRecord = "/data.pkl";
constexpr std::string_view legacyMagic{"\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"}; // as a little-endian integer
constexpr int64_t legacyProtocol = 1001;
constexpr const char *bigEndian = "it was saved on a big-endian machine";
constexpr const char *saveAgain = "load and save it again with a current PyTorch on an ordinary machine";

/// The member `<root>/data.pkl`. TorchScript and nested archives have several.
Result<const ZipMember *> pickleMember(const ZipArchive &archive)
{
    const ZipMember *found = nullptr;
    for (const auto &[name, member] : archive.members()) {
        if (!name.ends_with(pickleRecord))
            continue;
        if (found)
            return fail(ErrorCode::CorruptFile, "the PyTorch archive holds data.pkl twice");
        found = &member;
    }
    return found;
}

std::string_view text(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

// ---- legacy ----

/// `little_endian` of the machine that wrote the file.
bool isBigEndian(const Pickle &system)
{
    const PickleValue &root = system[system.root];
    for (size_t i = 0; root.kind == PickleKind::Dict && i < root.items.size(); i += 2)
        if (system[root.items[i]].text == "little_endian")
            return system[root.items[i + 1]].kind != PickleKind::Bool || system[root.items[i + 1]].integer == 0;
    return false;
}

/// The raw storages in the order of `keys`, each behind its 8-byte element count.
Result<Storages> legacyStorages(const Pickle &keys, const std::map<std::string, TorchStorage> &known,
                                std::span<const std::byte> data)
{
    const PickleValue &list = keys[keys.root];
    if (list.kind != PickleKind::List && list.kind != PickleKind::Tuple)
        return fail(ErrorCode::CorruptFile, "its list of storages is no list");
    Storages storages;
    for (const uint32_t item : list.items) {
        const std::string key(keys[item].text);
        const auto storage = known.find(key);
        if (keys[item].kind != PickleKind::Text || storage == known.end())
            return fail(ErrorCode::CorruptFile, "its storage " + displayName(key) + " belongs to no tensor");
        int64_t count = 0;
        if (data.size() < sizeof count)
            return fail(ErrorCode::CorruptFile, "the file ends before its storage " + displayName(key));
        std::memcpy(&count, data.data(), sizeof count);
        data = data.subspan(sizeof count);
        if (count != storage->second.elements)
            return fail(ErrorCode::CorruptFile, "its storage " + displayName(key) + " has " + std::to_string(count) +
                                                    " elements, but must have " + std::to_string(storage->second.elements));
        const auto bytes = static_cast<uint64_t>(storage->second.bytes());
        if (bytes > data.size())
            return fail(ErrorCode::CorruptFile, "the file ends inside its storage " + displayName(key));
        if (!storages.emplace(key, data.first(bytes)).second)
            return fail(ErrorCode::CorruptFile, "its storage " + displayName(key) + " is listed twice");
        data = data.subspan(bytes);
    }
    if (!data.empty())
        return fail(ErrorCode::CorruptFile, std::to_string(data.size()) + " bytes after the last storage belong to no tensor");
    return storages;
}

} // namespace

Result<CheckpointContents> readTorchZip(const ZipArchive &archive, const std::shared_ptr<const MappedFile> &file,
                                        const std::string &key)
{
    const auto index = pickleMember(archive);
    if (!index)
        return fail(index.error());
    const std::string root = (*index)->name.substr(0, (*index)->name.size() - pickleRecord.size());
    auto memory = std::make_shared<TensorMemory>();
    memory->files.push_back(file);

    std::vector<const ZipMember *> members{*index};
    if (const ZipMember *order = archive.find(root + "/byteorder"))
        members.push_back(order);
    const auto described = readMembers(members, *memory);
    if (!described)
        return fail(described.error());
    if (described->size() > 1 && !text((*described)[1]).starts_with("little"))
        return fail(ErrorCode::Unsupported, bigEndian, {}, saveAgain);
    const auto pickle = readPickle((*described)[0]);
    if (!pickle)
        return fail(pickle.error());
    auto weights = readTorchWeights(*pickle, key);
    if (!weights)
        return fail(weights.error());

    std::set<std::string> keys;
    for (const TorchTensor &tensor : weights->tensors)
        keys.insert(tensor.storage.key);
    members.clear();
    std::vector<std::string> present;
    for (const std::string &storage : keys) // one that is missing is reported with its tensor
        if (const ZipMember *member = archive.find(root + "/data/" + storage)) {
            members.push_back(member);
            present.push_back(storage);
        }
    const auto records = readMembers(members, *memory);
    if (!records)
        return fail(records.error());
    Storages storages;
    for (size_t i = 0; i < present.size(); ++i)
        storages.emplace(present[i], (*records)[i]);
    auto tensors = placeTensors(weights->tensors, storages);
    if (!tensors)
        return fail(tensors.error());
    return CheckpointContents{std::move(*tensors), std::move(memory), "PyTorch zip", std::move(weights->notes)};
}

Result<CheckpointContents> readTorchLegacy(const std::shared_ptr<const MappedFile> &file, const std::string &key)
{
    auto rest = file->bytes();
    const auto next = [&rest] {
        auto pickle = readPickle(rest);
        if (pickle)
            rest = rest.subspan(pickle->size);
        return pickle;
    };
    const auto magic = next();
    if (!magic)
        return fail(magic.error());
    if ((*magic)[magic->root].text != legacyMagic)
        return fail(ErrorCode::Unsupported, "this is a Python pickle, but not one of PyTorch", {},
                    "save the weights with torch.save or as safetensors");
    const auto protocol = next();
    if (!protocol)
        return fail(protocol.error());
    if ((*protocol)[protocol->root].integer != legacyProtocol)
        return fail(ErrorCode::Unsupported, "its legacy PyTorch format has another version than 1001", {}, saveAgain);
    const auto system = next();
    if (!system)
        return fail(system.error());
    if (isBigEndian(*system))
        return fail(ErrorCode::Unsupported, bigEndian, {}, saveAgain);
    const auto object = next();
    if (!object)
        return fail(object.error());
    auto weights = readTorchWeights(*object, key);
    if (!weights)
        return fail(weights.error());
    const auto keys = next();
    if (!keys)
        return fail(keys.error());
    const auto known = torchStorages(*object);
    if (!known)
        return fail(known.error());
    const auto storages = legacyStorages(*keys, *known, rest);
    if (!storages)
        return fail(storages.error());
    auto tensors = placeTensors(weights->tensors, *storages);
    if (!tensors)
        return fail(tensors.error());
    auto memory = std::make_shared<TensorMemory>();
    memory->files.push_back(file);
    return CheckpointContents{std::move(*tensors), std::move(memory), "PyTorch legacy", std::move(weights->notes)};
}

} // namespace quantoscope
