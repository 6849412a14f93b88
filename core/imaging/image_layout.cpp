// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/image_layout.h"

#include "core/imaging/image_source.h"
#include "core/imaging/synsets.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace quantoscope {

namespace fs = std::filesystem;

namespace {

constexpr const char *kaggleFolder = "ILSVRC/Data/CLS-LOC";
constexpr const char *layoutHint =
    "expected <folder>/<split>/<class>/<image>, or images in one folder with a file of labels beside it";
constexpr int deepestWrapper = 3;

bool contains(const std::vector<std::string> &names, const std::string &name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string withoutTar(const std::string &name)
{
    return looksLikeTar(name) ? name.substr(0, name.size() - 4) : name;
}

/// True for "val" and "ILSVRC2012_img_val" with the split val.
bool namesSplit(const std::string &stem, const std::string &split)
{
    if (!stem.ends_with(split))
        return false;
    return stem.size() == split.size() || stem[stem.size() - split.size() - 1] == '_'
        || stem[stem.size() - split.size() - 1] == '-';
}

/// The archive of a split among `archives`; empty when there is none.
Result<std::string> splitArchive(const std::string &folder, const std::vector<std::string> &archives,
                                 const std::vector<std::string> &splits)
{
    for (const std::string &split : splits) {
        std::vector<std::string> fitting;
        for (const std::string &archive : archives) {
            if (withoutTar(archive) == split || withoutTar(archive) == "ILSVRC2012_img_" + split)
                return archive;
            if (namesSplit(withoutTar(archive), split))
                fitting.push_back(archive);
        }
        if (fitting.size() > 1)
            return fail(ErrorCode::BadInput,
                        fmt::format("both {} and {} look like the split {}", fitting[0], fitting[1], split),
                        folder, "name the archive itself");
        if (!fitting.empty())
            return fitting.front();
    }
    return std::string();
}

/// Folders, and archives that are named like a class.
std::vector<std::string> classFolderNames(const FolderListing &listing, const ClassTable &classes)
{
    std::vector<std::string> names = listing.folders;
    for (const std::string &archive : listing.archives)
        if (const std::string stem = withoutTar(archive); looksLikeWnid(stem) || classes.find(stem) >= 0)
            names.push_back(archive);
    std::sort(names.begin(), names.end());
    return names;
}

bool holdsKnownClass(const std::vector<std::string> &names, const ClassTable &classes)
{
    return std::any_of(names.begin(), names.end(),
                       [&classes](const std::string &name) { return classes.find(withoutTar(name)) >= 0; });
}

tl::unexpected<Error> unknownClass(const std::string &folder, const ClassTable &classes)
{
    const std::string name = withoutTar(fs::path(folder).filename().string());
    if (classes.isOwn())
        return fail(ErrorCode::BadInput, fmt::format("folder name \"{}\" is not in {}", name, classes.file()),
                    folder, "add the class or remove the folder");
    if (looksLikeWnid(name))
        return fail(ErrorCode::BadInput,
                    fmt::format("unknown wnid {}: not one of the 1000 ImageNet classes", name), folder,
                    "remove the folder, or list all classes in classes.txt beside the split folders");
    return fail(ErrorCode::BadInput, fmt::format("folder name \"{}\" is not an ImageNet wnid", name), folder,
                "list the class names in class order, one a line, in classes.txt beside the split folders");
}

/// An archive that is named for another split than the asked one: the archive beside it, or an error.
Result<std::string> archiveOfSplit(const std::string &path, const std::vector<std::string> &splits)
{
    const fs::path file(path);
    const std::string stem = withoutTar(file.filename().string());
    const auto isNamed = [&stem](const std::vector<std::string> &names) {
        return std::any_of(names.begin(), names.end(),
                           [&](const std::string &name) { return namesSplit(stem, name); });
    };
    if (splits.front().empty() || isNamed(splits))
        return path;
    for (const char *other : {"val", "train", "test"}) {
        if (!isNamed(splitNames(other)))
            continue;
        // Whoever names the validation archive alone has the training archive beside it.
        if (splits.front() == "train") {
            const auto around = listFolder(fs::absolute(file).parent_path().string());
            if (!around)
                return fail(around.error());
            const auto beside = splitArchive(path, around->archives, splits);
            if (!beside || !beside->empty())
                return beside ? Result<std::string>((file.parent_path() / *beside).string()) : beside;
        }
        return fail(ErrorCode::NotFound,
                    fmt::format("this is the archive of split {}, asked is {}", other, splits.front()), path,
                    splits.front() == "train"
                        ? "name the calibration images: --calibration-data, or a list with --calibration-list"
                        : fmt::format("choose the split: --split {}", other));
    }
    return path;
}

/// The place that holds the images of a split.
Result<std::string> findBase(const std::string &path, const std::vector<std::string> &splits,
                             const ClassTable &classes)
{
    std::error_code error;
    if (!fs::exists(path, error))
        return fail(ErrorCode::NotFound, "no such folder or archive", path);
    const bool isArchive = !fs::is_directory(path, error);
    std::string root = path;
    if (isArchive) {
        auto chosen = archiveOfSplit(path, splits);
        if (!chosen)
            return chosen;
        root = *std::move(chosen);
    }
    for (int depth = 0;; ++depth) {
        const auto listing = listFolder(root);
        if (!listing)
            return fail(listing.error());
        if (!splits.front().empty()) {
            for (const std::string &name : splits)
                if (contains(listing->folders, name))
                    return root + "/" + name;
            const auto archive = splitArchive(root, listing->archives, splits);
            if (!archive)
                return archive;
            if (!archive->empty())
                return root + "/" + *archive;
            if (const std::string kaggle = root + "/" + kaggleFolder; depth == 0 && folderExists(kaggle))
                for (const std::string &name : splits)
                    if (folderExists(kaggle + "/" + name))
                        return kaggle + "/" + name;
        }
        if (holdsKnownClass(classFolderNames(*listing, classes), classes) || !listing->images.empty())
            return root;
        const bool wrapped = listing->folders.size() == 1 && listing->archives.empty();
        if (!isArchive || !wrapped || depth == deepestWrapper)
            return fail(ErrorCode::NotFound,
                        fmt::format("no split folder \"{}\" and no class folders", splits.front()), path,
                        layoutHint);
        root += "/" + listing->folders.front(); // tar packs a folder with its own name
    }
}

} // namespace

std::vector<std::string> splitNames(const std::string &split)
{
    const std::vector<std::string> validation = {"val", "validation", "valid"};
    std::vector<std::string> names = {split};
    if (contains(validation, split))
        names.insert(names.end(), validation.begin(), validation.end());
    return names;
}

Result<ImageLayout> findLayout(const std::string &path, const std::string &split, const ClassTable &classes,
                               bool acceptUnknown)
{
    auto base = findBase(path, splitNames(split), classes);
    if (!base)
        return fail(base.error());
    auto listing = listFolder(*base);
    if (!listing)
        return fail(listing.error());
    ImageLayout layout;
    layout.base = *std::move(base);
    for (const std::string &name : classFolderNames(*listing, classes)) {
        const int label = classes.find(withoutTar(name));
        if (label < 0 && !acceptUnknown)
            return unknownClass(layout.base + "/" + name, classes);
        layout.classFolders.push_back({name, label});
    }
    if (layout.classFolders.empty())
        layout.images = std::move(listing->images);
    if (layout.classFolders.empty() && layout.images.empty())
        return fail(ErrorCode::BadInput, "holds neither class folders nor images", layout.base, layoutHint);
    return layout;
}

} // namespace quantoscope
