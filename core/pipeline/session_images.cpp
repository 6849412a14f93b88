// SPDX-License-Identifier: GPL-3.0-or-later
// Which images a request means.
#include "core/pipeline/session.h"

#include "core/imaging/class_table.h"
#include "core/imaging/image_source.h"
#include "core/io/file_hash.h"

#include <fmt/format.h>

namespace quantoscope {

namespace {

Result<void> checkClassCount(size_t count, const std::string &file, const ModelInfo &model)
{
    if (count == static_cast<size_t>(model.classes))
        return {};
    return fail(ErrorCode::BadInput,
                fmt::format("the list has {} classes, the model has {}", count, model.classes), file,
                "give the class list of this model, with one class a line in the order of the model's outputs");
}

} // namespace

Result<ImageSet> openDataImages(const DataRequest &request)
{
    if (request.folder.empty() && request.list.empty())
        return fail(ErrorCode::Usage, "no images named", "--data", "give the ImageNet folder, or a list with --list");
    return request.list.empty() ? openImages({request.folder, request.split, request.classes})
                                : openImageList(request.list, request.folder, request.classes);
}

Result<ResolvedImages> resolveData(const DataRequest &request, const ModelInfo &model)
{
    if (!request.classes.empty()) { // before its names are missed among the folders
        const auto classes = ClassTable::read(request.classes);
        if (!classes)
            return fail(classes.error());
        if (const auto fits = checkClassCount(classes->names().size(), request.classes, model); !fits)
            return fail(fits.error());
    }
    Result<ImageSet> set = openDataImages(request);
    if (!set)
        return fail(set.error());
    if (!set->classFile.empty())
        if (const auto fits = checkClassCount(set->classNames.size(), set->classFile, model); !fits)
            return fail(fits.error());
    for (const ImageItem &item : set->items)
        if (item.label >= model.classes)
            return fail(ErrorCode::BadInput,
                        fmt::format("label {} of {} is beyond the model's {} classes", item.label, item.path,
                                    model.classes),
                        request.list.empty() ? request.folder : request.list,
                        "these images and this model do not belong together");
    ResolvedImages resolved;
    resolved.set = limit(std::move(*set), request.limit);
    resolved.preprocessing = request.preprocessing.value_or(model.preprocessing);
    if (resolved.preprocessing.crop != model.imageSize)
        return fail(ErrorCode::BadInput,
                    fmt::format("the crop of {} does not fit the model's {} x {} input", resolved.preprocessing.crop,
                                model.imageSize, model.imageSize),
                    "preprocessing");
    return resolved;
}

Result<ImageSet> calibrationPool(const RunRequest &request)
{
    const std::string &folder = request.calibration.folder.empty() ? request.data.folder : request.calibration.folder;
    return openImages({folder, "train", request.data.classes, false});
}

Result<ImageSet> resolveCalibration(const RunRequest &request)
{
    const CalibrationRequest &wanted = request.calibration;
    if (!wanted.list.empty())
        return openImageList(wanted.list, wanted.folder.empty() ? request.data.folder : wanted.folder, request.data.classes);
    Result<ImageSet> set = calibrationPool(request);
    if (!set)
        return fail(set.error());
    return randomSubset(*set, wanted.count, wanted.seed);
}

Result<void> hashImages(RunRecord &record, const RunControl &control)
{
    ImageListRecord *const lists[] = {&record.images, &record.calibration.images};
    int64_t missing = 0;
    for (const ImageListRecord *list : lists)
        missing += list->sha256.size() == list->items.size() ? 0 : static_cast<int64_t>(list->items.size());
    if (missing == 0)
        return {};
    PhaseReporter reporter(control, "hash", missing);
    for (ImageListRecord *list : lists) {
        if (list->sha256.size() == list->items.size())
            continue;
        std::vector<std::string> hashes;
        ImageSet set;
        set.root = list->root;
        for (const ImageItem &item : list->items) {
            if (control.isCancelled())
                return fail(ErrorCode::Cancelled, "stopped on request");
            const auto bytes = readImage(set.filePath(item));
            hashes.push_back(bytes ? sha256OfBytes(*bytes) : std::string());
            reporter.advance(1);
        }
        list->sha256 = std::move(hashes);
    }
    return {};
}

} // namespace quantoscope
