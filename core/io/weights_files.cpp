// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/weights_files.h"

#include "core/io/checkpoint_reader.h"

#include <nlohmann/json.hpp>

#include <array>
#include <filesystem>
#include <set>

namespace quantoscope {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr uint64_t largestIndex = 100'000'000; // as the header of safetensors
constexpr uint64_t largestConfig = 10'000'000;
constexpr std::array wholeOrIndex{std::pair{"model.safetensors", false}, std::pair{"model.safetensors.index.json", true},
                                  std::pair{"pytorch_model.bin", false}, std::pair{"pytorch_model.bin.index.json", true}};

Result<std::string> readText(const std::string &path, uint64_t largest)
{
    const auto file = MappedFile::open(path);
    if (!file)
        return fail(file.error());
    const auto bytes = (*file)->bytes();
    if (bytes.size() > largest)
        return fail(ErrorCode::CorruptFile, "the file has " + std::to_string(bytes.size()) + " bytes, which is too many", path);
    return std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size());
}

/// "weight_map" of an index: tensor to file name. Nothing when a name occurs twice or the text is something else.
std::optional<std::map<std::string, std::string>> weightMap(const std::string &text)
{
    constexpr int entryDepth = 2;
    std::set<std::string> names;
    std::string section;
    bool twice = false;
    const auto watch = [&](int depth, Json::parse_event_t event, Json &parsed) {
        if (event == Json::parse_event_t::key && depth < entryDepth)
            section = parsed.get<std::string>();
        else if (event == Json::parse_event_t::key && depth == entryDepth && section == "weight_map")
            twice = !names.insert(parsed.get<std::string>()).second || twice;
        return true;
    };
    const Json index = Json::parse(text, watch, false);
    const auto found = index.is_object() ? index.find("weight_map") : index.end();
    if (twice || found == index.end() || !found->is_object() || found->empty())
        return std::nullopt;
    std::map<std::string, std::string> map;
    for (const auto &[tensor, file] : found->items()) {
        if (!file.is_string())
            return std::nullopt;
        map[tensor] = file.get<std::string>();
    }
    return map;
}

bool isPlainName(const std::string &file)
{
    return !file.empty() && file != "." && file.find('/') == std::string::npos && file.find("..") == std::string::npos &&
           file.find('\0') == std::string::npos;
}

} // namespace

Result<WeightsFiles> WeightsFiles::find(const std::string &path)
{
    WeightsFiles result;
    std::error_code ignored;
    const fs::path given(path);
    if (!fs::is_directory(given, ignored)) {
        result.m_files = {path};
        result.m_configs = {(given.parent_path() / (given.stem().string() + ".config.json")).string(),
                            (given.parent_path() / "config.json").string()};
        return result;
    }
    result.m_configs = {(given / "config.json").string()};
    for (const auto &[name, isIndex] : wholeOrIndex) {
        const std::string file = (given / name).string();
        if (!fs::exists(file, ignored))
            continue;
        if (!isIndex) {
            result.m_files = {file};
            return result;
        }
        const auto text = readText(file, largestIndex);
        if (!text)
            return fail(text.error());
        auto map = weightMap(*text);
        if (!map)
            return fail(ErrorCode::CorruptFile, "this index has no 'weight_map' from each tensor to one file", file,
                        "download it again");
        std::set<std::string> shards;
        for (auto &[tensor, shard] : *map) {
            if (!isPlainName(shard))
                return fail(ErrorCode::CorruptFile,
                            "it places tensor " + displayName(tensor) + " in " + displayName(shard) +
                                ", which is no file of the same folder", file);
            shard = (given / shard).string();
            shards.insert(shard);
        }
        for (const std::string &shard : shards)
            if (!fs::exists(shard, ignored))
                return fail(ErrorCode::NotFound, "no such file, but the index names it", shard, "download it too");
        result.m_weightMap = std::move(map);
        result.m_files.assign(shards.begin(), shards.end());
        return result;
    }
    return fail(ErrorCode::Unsupported,
                "this is a folder without model.safetensors, pytorch_model.bin or the index of their parts", path,
                "choose a folder as HuggingFace writes it, or a checkpoint file");
}

Result<void> WeightsFiles::checkShard(const std::string &file, const TensorStore::Tensors &tensors) const
{
    if (!m_weightMap)
        return {};
    for (const auto &[tensor, entry] : tensors) {
        const auto place = m_weightMap->find(tensor);
        if (place == m_weightMap->end() || place->second != file)
            return fail(ErrorCode::CorruptFile, "it holds tensor " + displayName(tensor) + ", which the index places " +
                                                    (place == m_weightMap->end() ? "nowhere" : "in " + place->second), file);
    }
    for (const auto &[tensor, place] : *m_weightMap)
        if (place == file && !tensors.contains(tensor))
            return fail(ErrorCode::CorruptFile, "it lacks tensor " + displayName(tensor) + ", which the index places there",
                        file, "download it again");
    return {};
}

std::string WeightsFiles::readConfig(std::vector<std::string> &notes) const
{
    for (const std::string &path : m_configs) {
        auto text = readText(path, largestConfig);
        if (text)
            return std::move(*text);
        if (text.error().code != ErrorCode::NotFound)
            notes.push_back("Not used: " + text.error().message());
    }
    return {};
}

} // namespace quantoscope
