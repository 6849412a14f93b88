// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/ground_truth.h"

#include "core/imaging/devkit.h"
#include "core/imaging/image_source.h"
#include "core/imaging/text_lines.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <unordered_map>

namespace quantoscope {

namespace fs = std::filesystem;

namespace {

constexpr const char *kaggleName = "LOC_val_solution.csv";
constexpr const char *kaggleClasses = "LOC_synset_mapping.txt";
constexpr size_t nearFolders = 3;   // the images' folder and two around it
constexpr size_t kaggleFolders = 5; // Kaggle's images lie four folders below the file: ILSVRC/Data/CLS-LOC/val

/// Lists name images with folder, extension or neither.
std::string stemOf(std::string_view name)
{
    name.remove_prefix(name.find_last_of('/') + 1);
    return std::string(looksLikeImage(name) ? name.substr(0, name.find_last_of('.')) : name);
}

std::vector<fs::path> foldersAround(const std::string &folder, size_t count)
{
    std::vector<fs::path> folders;
    for (fs::path place = fs::absolute(folder).lexically_normal(); folders.size() < count;
         place = place.parent_path()) {
        folders.push_back(place);
        if (place == place.root_path())
            break;
    }
    return folders;
}

/// Labels by image, from a file with a line for each.
class LabelFile {
public:
    LabelFile(std::string file, const ClassTable &classes) : m_file(std::move(file)), m_classes(classes) {}

    Result<void> add(const std::string &image, std::string_view label, size_t line)
    {
        const std::optional<int64_t> number = parseInteger(label);
        const int count = m_classes.count();
        if (number && (*number < 0 || *number >= count))
            return fail(ErrorCode::BadInput, fmt::format("label {} is not in 0..{}", *number, count - 1),
                        lineOf(m_file, line), "labels count classes from 0, in the order of wnids");
        const int index = number ? static_cast<int>(*number) : m_classes.find(label);
        if (index < 0)
            return fail(ErrorCode::BadInput, fmt::format("unknown class \"{}\"", label), lineOf(m_file, line));
        const auto [place, added] = m_labels.emplace(stemOf(image), index);
        if (!added && place->second != index)
            return fail(ErrorCode::BadInput, fmt::format("image {} has another label above", image),
                        lineOf(m_file, line));
        return {};
    }

    [[nodiscard]] Result<FlatLabels> labels(std::span<const std::string> names) const
    {
        FlatLabels result{{}, m_file, {}};
        for (const std::string &name : names) {
            const auto found = m_labels.find(stemOf(name));
            if (found == m_labels.end())
                return fail(ErrorCode::BadInput, fmt::format("image {} is not listed", name), m_file);
            result.labels.push_back(found->second);
        }
        return result;
    }

private:
    std::string m_file;
    const ClassTable &m_classes;
    std::unordered_map<std::string, int> m_labels;
};

Result<FlatLabels> fromList(const std::string &file, std::span<const std::string> names, const ClassTable &classes)
{
    const auto lines = readLines(file);
    if (!lines)
        return fail(lines.error());
    LabelFile labels(file, classes);
    for (size_t i = 0; i < lines->size(); ++i) {
        const std::string_view line = (*lines)[i];
        if (line.empty() || line.starts_with('#'))
            continue;
        const size_t space = line.find_last_of(" \t");
        if (space == std::string_view::npos)
            return fail(ErrorCode::BadInput, "expected a line `name label`", lineOf(file, i));
        const std::string name(trimmed(line.substr(0, space)));
        if (const auto added = labels.add(name, line.substr(space + 1), i); !added)
            return fail(added.error());
    }
    return labels.labels(names);
}

Result<FlatLabels> fromKaggle(const std::string &file, std::span<const std::string> names,
                              const ClassTable &classes)
{
    const std::string mapping = (fs::path(file).parent_path() / kaggleClasses).string();
    if (!classes.isOwn() && imageExists(mapping)) {
        const auto own = ClassTable::read(mapping);
        if (!own)
            return fail(own.error());
        auto result = fromKaggle(file, names, *own);
        if (result)
            result->classes = *own;
        return result;
    }
    const auto lines = readLines(file);
    if (!lines)
        return fail(lines.error());
    LabelFile labels(file, classes);
    for (size_t i = 0; i < lines->size(); ++i) {
        const std::string_view line = (*lines)[i];
        if (line.empty() || (i == 0 && line.starts_with("ImageId")))
            continue;
        const size_t comma = line.find(',');
        if (comma == std::string_view::npos)
            return fail(ErrorCode::BadInput, "expected a line `ImageId,wnid ...`", lineOf(file, i));
        const std::string_view boxes = trimmed(line.substr(comma + 1)); // "wnid x y x y wnid x y x y ..."
        const auto added = labels.add(std::string(line.substr(0, comma)), boxes.substr(0, boxes.find(' ')), i);
        if (!added)
            return fail(added.error());
    }
    return labels.labels(names);
}

Result<FlatLabels> fromDevkit(const Devkit &kit, std::span<const std::string> names, const ClassTable &classes)
{
    FlatLabels result{{}, kit.file, {}};
    for (const std::string &name : names) {
        const std::string stem = stemOf(name);
        const size_t digits = stem.find_last_not_of("0123456789") + 1;
        const auto number = parseInteger(std::string_view(stem).substr(digits));
        if (!number)
            return fail(ErrorCode::BadInput, fmt::format("image {} has no number", name), kit.file,
                        "the ground truth labels images by number: ILSVRC2012_val_00000001.JPEG and so on");
        if (*number < 1 || *number > static_cast<int64_t>(kit.ids.size()))
            return fail(ErrorCode::BadInput,
                        fmt::format("image {} is not among its {} lines", name, kit.ids.size()), kit.file);
        const int id = kit.ids[static_cast<size_t>(*number - 1)];
        const auto wnid = kit.wnids.find(id);
        if (wnid == kit.wnids.end())
            return fail(ErrorCode::BadInput, fmt::format("no class has the ILSVRC2012_ID {}", id), kit.file);
        const int label = classes.find(wnid->second);
        if (label < 0)
            return fail(ErrorCode::BadInput,
                        fmt::format("wnid {} of image {} is not in the class list", wnid->second, name),
                        classes.isOwn() ? classes.file() : kit.file);
        result.labels.push_back(label);
    }
    return result;
}

} // namespace

Result<FlatLabels> labelFlatImages(std::span<const std::string> names, const std::string &folder,
                                   std::span<const std::string> splits, const ClassTable &classes)
{
    const bool validation = std::find(splits.begin(), splits.end(), "val") != splits.end();
    const std::vector<fs::path> near = foldersAround(folder, nearFolders);
    std::vector<std::string> lists;
    for (const std::string &split : splits)
        if (std::find(lists.begin(), lists.end(), split + ".txt") == lists.end())
            lists.push_back(split + ".txt");
    for (const fs::path &place : near)
        for (const std::string &list : lists)
            if (const std::string file = (place / list).string(); imageExists(file))
                return fromList(file, names, classes);
    std::string wanted = fmt::format("{} with lines `name label`", fmt::join(lists, ", "));
    if (validation) {
        for (const fs::path &place : near) {
            const auto kit = findDevkit(place.string());
            if (!kit)
                return fail(kit.error());
            if (*kit)
                return fromDevkit(**kit, names, classes);
        }
        for (const fs::path &place : foldersAround(folder, kaggleFolders))
            if (const std::string file = (place / kaggleName).string(); imageExists(file))
                return fromKaggle(file, names, classes);
        wanted +=
            fmt::format("; ILSVRC2012_devkit_t12.tar.gz or its folder with "
                        "data/ILSVRC2012_validation_ground_truth.txt and data/meta.mat (or map_clsloc.txt); {}",
                        kaggleName);
    }
    std::string places;
    for (const fs::path &place : near)
        places += (places.empty() ? "" : ", ") + place.string();
    return fail(
        ErrorCode::NotFound, fmt::format("{} images in one folder, and no file that labels them", names.size()),
        folder,
        fmt::format("looked in {} for: {}. Or sort the images into class folders, or give a list with --list",
                    places, wanted));
}

} // namespace quantoscope
