// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/model_family.h"

#include "core/io/file_hash.h"
#include "core/io/tensor_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <optional>

namespace quantoscope {

const std::vector<const ModelFamily *> &modelFamilies()
{
    static const std::vector<const ModelFamily *> families = {&vitFamily()};
    return families;
}

const std::vector<ModelEntry> &knownModels()
{
    static const std::vector<ModelEntry> all = [] {
        std::vector<ModelEntry> entries;
        for (const ModelFamily *family : modelFamilies())
            entries.insert(entries.end(), family->entries().begin(), family->entries().end());
        return entries;
    }();
    return all;
}

Result<ModelPtr> buildModel(TensorStorePtr store, const ModelRequest &request)
{
    const std::string &file = request.weights;
    const std::string &requested = request.model;
    const ModelEntry *entry = nullptr;
    if (!requested.empty()) {
        const auto &known = knownModels();
        const auto found = std::find_if(known.begin(), known.end(),
                                        [&](const ModelEntry &candidate) { return candidate.name == requested; });
        if (found == known.end())
            return fail(ErrorCode::NotFound, fmt::format("no model is called '{}'", requested), "--model",
                        "see 'quantoscope-cli models'");
        entry = &*found;
    }
    for (const ModelFamily *family : modelFamilies()) {
        if (entry ? family->name() != entry->family : !family->recognises(*store))
            continue;
        Result<Model> model = family->build(std::move(store), file, entry, request.heads);
        if (!model)
            return fail(model.error());
        model->info.file = file;
        for (const auto &[tensor, data] : model->tensors->tensors())
            model->info.parameters += data.elements();
        return std::make_shared<const Model>(std::move(*model));
    }
    return fail(ErrorCode::Unsupported,
                fmt::format("its {} tensors (first: {}) belong to no known model family", store->tensors().size(),
                            store->tensors().begin()->first),
                file, "known are ViT and DeiT under timm's tensor names");
}

Result<ModelPtr> openModel(const ModelRequest &request)
{
    const std::string &path = request.weights;
    Result<TensorStorePtr> store = openTensorStore(path, request.key);
    if (!store)
        return fail(store.error());
    Result<ModelPtr> model = buildModel(*store, request);
    if (!model)
        return model;
    const Result<std::vector<std::string>> files = weightFiles(path);
    if (!files)
        return fail(files.error());
    // Half a second each for a gigabyte, so both at once.
    std::future<Result<std::string>> hashing = std::async(std::launch::async, [&] { return sha256OfFiles(*files); });
    const std::optional<std::string> bad = firstNonFinite(**store);
    const Result<std::string> hash = hashing.get();
    if (bad)
        return fail(ErrorCode::CorruptFile, fmt::format("a weight is no usable number: {}", *bad), path,
                    "the training or the conversion that wrote this file failed");
    if (!hash)
        return fail(hash.error());
    auto complete = std::make_shared<Model>(**model);
    complete->info.sha256 = *hash;
    return ModelPtr(std::move(complete));
}

} // namespace quantoscope
