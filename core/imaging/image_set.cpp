// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/image_set.h"

#include "core/imaging/class_table.h"
#include "core/imaging/ground_truth.h"
#include "core/imaging/image_layout.h"
#include "core/imaging/image_source.h"
#include "core/imaging/synsets.h"
#include "core/imaging/text_lines.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <random>
#include <string_view>
#include <tuple>
#include <utility>

namespace quantoscope {

namespace fs = std::filesystem;

namespace {

constexpr const char *classListName = "classes.txt";

/// The class list that was asked for; else the one in the folder or archive, or beside the archive; else ImageNet's.
Result<ClassTable> classesFor(const std::string &root, const std::string &asked)
{
    if (!asked.empty())
        return ClassTable::read(asked);
    const fs::path place(root);
    std::error_code error;
    if (const std::string own = (place / classListName).string(); imageExists(own))
        return ClassTable::read(own);
    if (const std::string beside = (place.parent_path() / classListName).string();
        fs::is_regular_file(place, error) && imageExists(beside))
        return ClassTable::read(beside);
    return ClassTable();
}

/// Splits `path label`; a path may hold spaces, so the last word is a label only when it looks like one. After a tab,
/// a class name may hold spaces too.
std::pair<std::string, std::string> splitLine(const std::string &line, const ClassTable &classes)
{
    const auto isLabel = [&classes](const std::string &word) {
        return parseInteger(word) || looksLikeWnid(word) || classes.find(word) >= 0;
    };
    for (const char *separator : {"\t", " \t"}) {
        const size_t place = line.find_last_of(separator);
        if (place == std::string::npos)
            continue;
        const std::string word(trimmed(std::string_view(line).substr(place + 1)));
        if (isLabel(word))
            return {std::string(trimmed(std::string_view(line).substr(0, place))), word};
    }
    return {line, {}};
}

Result<ImageItem> parseItem(const std::string &line, const fs::path &root, const ClassTable &classes)
{
    auto [path, label] = splitLine(line, classes);
    if (!label.empty() && imageExists((root / line).string())) // the whole line is a file's name
        std::tie(path, label) = std::pair(line, std::string());
    if (!imageExists((root / path).string()))
        return fail(ErrorCode::NotFound, fmt::format("no such image: {}", (root / path).string()));
    std::string folder = fs::path(path).parent_path().filename().string();
    if (looksLikeTar(folder))
        folder = fs::path(folder).stem().string();
    ImageItem item{path, classes.find(folder)};
    if (label.empty())
        return item;
    const std::optional<int64_t> number = parseInteger(label);
    if (number && (*number < 0 || *number >= classes.count()))
        return fail(ErrorCode::BadInput, fmt::format("label {} is not in 0..{}", *number, classes.count() - 1));
    item.label = number ? static_cast<int>(*number) : classes.find(label);
    if (item.label < 0)
        return fail(ErrorCode::BadInput, fmt::format("unknown wnid {}", label));
    return item;
}

/// Below 2^64 modulo bound: these values would make small results likelier.
uint64_t drawBelow(std::mt19937_64 &generator, uint64_t bound)
{
    const uint64_t rejected = (0 - bound) % bound;
    uint64_t value = generator();
    while (value < rejected)
        value = generator();
    return value % bound;
}

void setClasses(ImageSet &set, const ClassTable &classes)
{
    set.classNames = classes.names();
    set.classFile = classes.file();
}

/// `path` as seen from the folder `root`.
std::string below(const std::string &root, const std::string &path)
{
    return fs::path(path).lexically_relative(root).generic_string();
}

Result<ImageSet> readFlat(ImageSet set, const ImageLayout &layout, const ImageRequest &request,
                          const ClassTable &classes)
{
    const std::string folder = below(set.root, layout.base);
    for (const std::string &name : layout.images)
        set.items.push_back({folder == "." ? name : folder + "/" + name, -1});
    const bool validation = layout.images.front().starts_with("ILSVRC2012_val_");
    if (request.split == "train" && validation)
        return fail(ErrorCode::NotFound, "these are validation images, asked is split train", layout.base,
                    "name the calibration images: --calibration-data, or a list with --calibration-list");
    if (!request.needLabels)
        return set;
    const auto truth = labelFlatImages(layout.images, layout.base, splitNames(request.split), classes);
    if (!truth)
        return fail(truth.error());
    for (size_t i = 0; i < set.items.size(); ++i)
        set.items[i].label = truth->labels[i];
    if (truth->classes)
        setClasses(set, *truth->classes);
    set.description += fmt::format(", labels of {}", truth->file);
    return set;
}

Result<ImageSet> readImages(const ImageRequest &request)
{
    // "x.tar/" is no path of a file
    fs::path path = fs::path(request.path).lexically_normal();
    if (!path.has_filename() && path != path.root_path())
        path = path.parent_path();
    const Result<ClassTable> classes = classesFor(path.string(), request.classes);
    if (!classes)
        return fail(classes.error());
    const auto layout = findLayout(path.string(), request.split, *classes, !request.needLabels);
    if (!layout)
        return fail(layout.error());
    std::error_code error;
    ImageSet set;
    set.root = fs::is_directory(path, error) ? path.string() : path.parent_path().string();
    if (set.root.empty())
        set.root.push_back('.');
    setClasses(set, *classes);
    if (layout->classFolders.empty()) {
        set.description = fmt::format("{} images of {}", layout->images.size(), layout->base);
        return readFlat(std::move(set), *layout, request, *classes);
    }
    const std::string base = below(set.root, layout->base);
    for (const auto &[name, label] : layout->classFolders) {
        const auto files = imagesBelow(layout->base + "/" + name);
        if (!files)
            return fail(files.error());
        const std::string folder = base == "." ? name : base + "/" + name;
        for (const std::string &file : *files)
            set.items.push_back({folder + "/" + file, label});
    }
    if (set.items.empty())
        return fail(ErrorCode::BadInput, "class folders hold no images", layout->base);
    set.description = fmt::format("{} images of {}", set.items.size(), layout->base);
    return set;
}

Result<ImageSet> readList(const std::string &listFile, const std::string &root, const std::string &classFile)
{
    const Result<ClassTable> classes = classesFor(root, classFile);
    if (!classes)
        return fail(classes.error());
    const auto lines = readLines(listFile);
    if (!lines)
        return fail(lines.error());
    ImageSet set;
    set.root = root;
    setClasses(set, *classes);
    for (size_t i = 0; i < lines->size(); ++i) {
        const std::string &line = (*lines)[i];
        if (line.empty() || line.starts_with('#'))
            continue;
        Result<ImageItem> item = parseItem(line, root, *classes);
        if (!item) {
            item.error().where = lineOf(listFile, i);
            return fail(item.error());
        }
        set.items.push_back(*std::move(item));
    }
    if (set.items.empty())
        return fail(ErrorCode::BadInput, "list names no images", listFile);
    set.description = fmt::format("{} images of list {}", set.items.size(), listFile);
    return set;
}

/// Runs a function that uses the file system; its exceptions (out of memory, odd names) become errors.
template <typename Function>
Result<ImageSet> guarded(const std::string &where, Function function)
{
    try {
        return function();
    } catch (const std::exception &exception) {
        return fail(ErrorCode::Io, exception.what(), where);
    }
}

} // namespace

std::string ImageSet::filePath(const ImageItem &item) const
{
    return (fs::path(root) / item.path).string();
}

Result<ImageSet> openImages(const ImageRequest &request)
{
    return guarded(request.path, [&] { return readImages(request); });
}

Result<ImageSet> openImageList(const std::string &listFile, const std::string &root, const std::string &classes)
{
    return guarded(listFile, [&] { return readList(listFile, root, classes); });
}

Result<ImageSet> randomSubset(const ImageSet &set, int64_t count, uint64_t seed)
{
    const auto size = static_cast<int64_t>(set.items.size());
    if (count <= 0 || count > size)
        return fail(ErrorCode::BadInput, fmt::format("{} random images asked of {}", count, set.description), {},
                    fmt::format("ask for 1 to {}", size));
    ImageSet subset = set;
    std::mt19937_64 generator(seed);
    for (int64_t i = 0; i < count; ++i) {
        const auto step = static_cast<int64_t>(drawBelow(generator, static_cast<uint64_t>(size - i)));
        std::swap(subset.items[static_cast<size_t>(i)], subset.items[static_cast<size_t>(i + step)]);
    }
    subset.items.resize(static_cast<size_t>(count));
    subset.description = fmt::format("{} random of {}, seed {}", count, set.description, seed);
    return subset;
}

ImageSet limit(ImageSet set, int64_t count)
{
    if (count > 0 && count < static_cast<int64_t>(set.items.size())) {
        set.items.resize(static_cast<size_t>(count));
        set.description = fmt::format("first {} of {}", count, set.description);
    }
    return set;
}

} // namespace quantoscope
