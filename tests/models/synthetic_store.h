// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints that are names and shapes only, so that graphs of the largest models are built without their data.
#pragma once

#include "core/models/model_family.h"

#include <QtGlobal>

namespace quantoscope::testing {

inline const ModelFamily &familyOf(const ModelEntry &entry)
{
    for (const ModelFamily *family : modelFamilies())
        if (family->name() == entry.family)
            return *family;
    return vitFamily();
}

/// Sizes of the published model: the entry's, with 1000 classes and the usual MLP widths.
inline Architecture publishedSizes(const ModelEntry &entry)
{
    Architecture sizes = entry.architecture;
    const int64_t width = sizes.value("width");
    sizes.set("classes", 1000);
    if (entry.family == "swin") {
        Architecture::Numbers windows;
        Architecture::Numbers hidden;
        for (size_t stage = 0; stage < sizes.list("depths").size(); ++stage) {
            windows.push_back(sizes.value("window"));
            hidden.push_back(4 * width << stage);
        }
        sizes.set("windows", windows);
        sizes.set("hidden", hidden);
    } else if (entry.family == "itpn") {
        sizes.set("hidden", Architecture::Numbers{3 * width / 4, 3 * width / 2, 4 * width});
    } else {
        sizes.set("hidden", 4 * width);
    }
    return sizes;
}

/// Entries of the given shapes without memory behind them.
inline TensorStore::Tensors tensorsOf(const std::vector<ExpectedTensor> &expected)
{
    TensorStore::Tensors tensors;
    for (const auto &[name, shape] : expected)
        tensors[name].shape = shape;
    return tensors;
}

inline TensorStorePtr storeOf(TensorStore::Tensors tensors, const std::string &config = {})
{
    return std::make_shared<const TensorStore>(std::move(tensors), nullptr, "test", std::vector<std::string>(), config);
}

/// Tensors of a published model under canonical names.
inline TensorStore::Tensors publishedTensors(const ModelEntry &entry)
{
    GraphBuilder builder(1e-6);
    static_cast<void>(familyOf(entry).build(builder, publishedSizes(entry)));
    return tensorsOf(builder.expected());
}

inline const ModelEntry &entryOf(const std::string &name)
{
    for (const ModelEntry &entry : knownModels())
        if (entry.name == name)
            return entry;
    qFatal("no model %s", name.c_str());
}

} // namespace quantoscope::testing
