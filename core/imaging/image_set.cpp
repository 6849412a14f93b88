// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/image_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace quantoscope {

namespace fs = std::filesystem;

namespace {

constexpr const char *classFile = "classes.txt";

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view space = " \t\r\n\v\f";
    const size_t first = text.find_first_not_of(space);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// Lines of a text file, trimmed, without a byte order mark; blank ones are kept, so that indices count lines.
Result<std::vector<std::string>> readLines(const fs::path &path)
{
    std::error_code error;
    if (!fs::is_regular_file(path, error))
        return fail(ErrorCode::NotFound, "no such file", path.string());
    std::ifstream file(path, std::ios::binary);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        std::string_view text = line;
        if (lines.empty() && text.starts_with("\xEF\xBB\xBF"))
            text.remove_prefix(3);
        lines.emplace_back(trimmed(text));
    }
    if (file.bad() || (lines.empty() && !file.eof()))
        return fail(ErrorCode::Io, "file cannot be read", path.string());
    return lines;
}

/// What class a folder's name stands for.
class ClassTable {
public:
    static Result<ClassTable> load(const fs::path &root)
    {
        ClassTable table;
        std::error_code error;
        const fs::path file = root / classFile;
        if (!fs::exists(file, error))
            return table;
        const auto lines = readLines(file);
        if (!lines)
            return fail(lines.error());
        for (const std::string &line : *lines) {
            if (line.empty())
                continue;
            if (!table.m_own.emplace(line, static_cast<int>(table.m_ownNames.size())).second)
                return fail(ErrorCode::BadInput, fmt::format("class \"{}\" is listed twice", line), file.string());
            table.m_ownNames.push_back(line);
        }
        if (table.m_ownNames.empty())
            return fail(ErrorCode::BadInput, "file lists no class", file.string());
        return table;
    }

    [[nodiscard]] bool hasOwn() const { return !m_ownNames.empty(); }
    [[nodiscard]] const std::vector<std::string> &names() const
    {
        return hasOwn() ? m_ownNames : imagenetClassNames();
    }
    [[nodiscard]] int find(const std::string &folder) const
    {
        if (!hasOwn())
            return classOfWnid(folder);
        const auto found = m_own.find(folder);
        return found == m_own.end() ? -1 : found->second;
    }

private:
    std::vector<std::string> m_ownNames;
    std::unordered_map<std::string, int> m_own;
};

bool hasImageExtension(const fs::path &path)
{
    // torchvision's list; formats that cannot be decoded here shall be reported, not passed over.
    constexpr std::array extensions = {".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"};
    std::string extension = path.extension().string();
    for (char &c : extension)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

Result<std::vector<std::string>> classFolders(const fs::path &base)
{
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(base, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        const std::string name = entry->path().filename().string();
        if (!name.starts_with('.') && entry->is_directory(ignored))
            names.push_back(name);
    }
    if (error)
        return fail(ErrorCode::Io, "folder cannot be read: " + error.message(), base.string());
    std::sort(names.begin(), names.end());
    return names;
}

/// Image files below a class folder, ordered by (folder, name), relative to `root`.
Result<std::vector<std::string>> imagesBelow(const fs::path &folder, const fs::path &root)
{
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored;
        if (hasImageExtension(entry->path()) && !entry->is_directory(ignored))
            files.push_back(entry->path());
    }
    if (error)
        return fail(ErrorCode::Io, "folder cannot be read: " + error.message(), folder.string());
    std::sort(files.begin(), files.end(), [](const fs::path &a, const fs::path &b) {
        return std::pair(a.parent_path().string(), a.filename().string())
            < std::pair(b.parent_path().string(), b.filename().string());
    });
    std::vector<std::string> paths;
    paths.reserve(files.size());
    for (const fs::path &file : files)
        paths.push_back(file.lexically_relative(root).generic_string());
    return paths;
}

std::vector<std::string> splitNames(const std::string &split)
{
    const std::vector<std::string> validation = {"val", "validation", "valid"};
    std::vector<std::string> names = {split};
    if (std::find(validation.begin(), validation.end(), split) != validation.end())
        names.insert(names.end(), validation.begin(), validation.end());
    return names;
}

/// The folder that holds the class folders of a split.
Result<fs::path> splitFolder(const fs::path &root, const std::string &split, const ClassTable &classes)
{
    std::error_code error;
    if (!fs::is_directory(root, error))
        return fail(ErrorCode::NotFound, "no such folder", root.string());
    if (!split.empty()) {
        for (const std::string &name : splitNames(split))
            if (fs::is_directory(root / name, error))
                return root / name;
    }
    const auto folders = classFolders(root);
    if (!folders)
        return fail(folders.error());
    const bool holdsClasses = std::any_of(folders->begin(), folders->end(),
                                          [&](const std::string &name) { return classes.find(name) >= 0; });
    if (holdsClasses)
        return root;
    return fail(ErrorCode::NotFound, fmt::format("no split folder \"{}\" and no class folders", split),
                root.string(), "expected <folder>/<split>/<class>/<image>; for a flat folder give a list file");
}

tl::unexpected<Error> unknownClass(const fs::path &folder, const ClassTable &classes)
{
    const std::string name = folder.filename().string();
    if (classes.hasOwn())
        return fail(ErrorCode::BadInput, fmt::format("folder name \"{}\" is not in {}", name, classFile),
                    folder.string(), "add the class or remove the folder");
    if (looksLikeWnid(name))
        return fail(ErrorCode::BadInput,
                    fmt::format("unknown wnid {}: not one of the 1000 ImageNet classes", name), folder.string(),
                    "remove the folder, or list all classes in classes.txt beside the split folders");
    return fail(ErrorCode::BadInput, fmt::format("folder name \"{}\" is not an ImageNet wnid", name),
                folder.string(),
                "list the class names in class order, one a line, in classes.txt beside the split folders");
}

std::optional<int64_t> parseInteger(std::string_view text)
{
    int64_t value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || status != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// Splits `path label`; a path may hold spaces, so the last word is a label only when it looks like one.
std::pair<std::string, std::string> splitLine(const std::string &line)
{
    const size_t space = line.find_last_of(" \t");
    if (space == std::string::npos)
        return {line, {}};
    const std::string word = line.substr(space + 1);
    if (!parseInteger(word) && !looksLikeWnid(word))
        return {line, {}};
    return {std::string(trimmed(std::string_view(line).substr(0, space))), word};
}

Result<ImageItem> parseItem(const std::string &line, const fs::path &root, const ClassTable &classes)
{
    std::error_code error;
    auto [path, label] = splitLine(line);
    if (!label.empty() && fs::is_regular_file(root / line, error)) // the whole line is a file's name
        std::tie(path, label) = std::pair(line, std::string());
    if (!fs::is_regular_file(root / path, error))
        return fail(ErrorCode::NotFound, fmt::format("no such image: {}", (root / path).string()));
    ImageItem item{path, classes.find(fs::path(path).parent_path().filename().string())};
    if (label.empty())
        return item;
    const std::optional<int64_t> number = parseInteger(label);
    const int64_t count = static_cast<int64_t>(classes.names().size());
    if (number && (*number < 0 || *number >= count))
        return fail(ErrorCode::BadInput, fmt::format("label {} is not in 0..{}", *number, count - 1));
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

Result<ImageSet> readFolder(const fs::path &root, const std::string &split)
{
    const Result<ClassTable> classes = ClassTable::load(root);
    if (!classes)
        return fail(classes.error());
    const Result<fs::path> base = splitFolder(root, split, *classes);
    if (!base)
        return fail(base.error());
    const auto folders = classFolders(*base);
    if (!folders)
        return fail(folders.error());

    ImageSet set;
    set.root = root.string();
    set.classNames = classes->names();
    for (const std::string &folder : *folders) {
        const int label = classes->find(folder);
        if (label < 0)
            return unknownClass(*base / folder, *classes);
        const auto paths = imagesBelow(*base / folder, root);
        if (!paths)
            return fail(paths.error());
        for (const std::string &path : *paths)
            set.items.push_back({path, label});
    }
    if (set.items.empty())
        return fail(ErrorCode::BadInput,
                    folders->empty() ? "folder holds no class folders" : "class folders hold no images",
                    base->string(),
                    "expected <folder>/<split>/<class>/<image>; for a flat folder give a list file");
    set.description = fmt::format("{} images of {}", set.items.size(), base->string());
    return set;
}

Result<ImageSet> readList(const std::string &listFile, const std::string &root)
{
    const Result<ClassTable> classes = ClassTable::load(root);
    if (!classes)
        return fail(classes.error());
    const auto lines = readLines(listFile);
    if (!lines)
        return fail(lines.error());
    ImageSet set;
    set.root = root;
    set.classNames = classes->names();
    for (size_t i = 0; i < lines->size(); ++i) {
        const std::string &line = (*lines)[i];
        if (line.empty() || line.starts_with('#'))
            continue;
        Result<ImageItem> item = parseItem(line, root, *classes);
        if (!item) {
            item.error().where = fmt::format("{}, line {}", listFile, i + 1);
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

Result<ImageSet> openImageFolder(const std::string &root, const std::string &split)
{
    return guarded(root, [&] { return readFolder(root, split); });
}

Result<ImageSet> openImageList(const std::string &listFile, const std::string &root)
{
    return guarded(listFile, [&] { return readList(listFile, root); });
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
