// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/table_inputs.h"

#include "core/imaging/image_source.h"
#include "core/io/file_hash.h"
#include "core/io/weights_files.h"
#include "core/models/model.h"
#include "core/pipeline/session.h"
#include "core/quantization/recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace quantoscope {

namespace {

namespace fs = std::filesystem;

constexpr double kUsualPass = 1.7e10; // ViT-B
constexpr double kUsualDepth = 12;
// Forward passes of the float model that these are about as much work as, per image:
constexpr double kQuantizedPass = 1.2;
constexpr double kCalibrationPass = 3;
constexpr double kCandidatePass = 0.05; ///< one candidate interval of one operand of every product, mostly screened
constexpr double kGradientPass = 5;     ///< forward and back, for one product of a sequential search
constexpr double kBlockProducts = 6;    ///< qkv, scores, context, projection and two of the MLP

struct ModelCost {
    double pass = kUsualPass;   ///< multiply-accumulates of a forward pass
    double depth = kUsualDepth; ///< blocks
};

/// From the sizes that the list of known models has: it must not depend on the files that are here, so that every machine
/// cuts the queue into the same parts.
ModelCost modelCost(const SuiteModel &model)
{
    constexpr double kBlockWeights = 12; // per width squared: qkv 3, projection 1, two times 4 in the MLP
    constexpr double kTokenSide = 16;    // pixels; a Swin has as many where most of its weights are
    for (const ModelEntry &entry : knownModels()) {
        if (entry.name != model.model)
            continue;
        const auto number = [&](const char *size) { return static_cast<double>(entry.architecture.value(size)); };
        const double side = number("image") / (entry.family == "vit" ? number("patch") : kTokenSide);
        if (entry.family == "swin") {
            double weights = 0;
            double blocks = 0;
            double width = number("width");
            for (const int64_t depth : entry.architecture.list("depths")) {
                weights += kBlockWeights * width * width * static_cast<double>(depth);
                blocks += static_cast<double>(depth);
                width *= 2;
            }
            return {weights * side * side, blocks};
        }
        return {kBlockWeights * number("width") * number("width") * number("depth") * side * side, number("depth")};
    }
    return {};
}

} // namespace

WeightsFile findWeights(const std::string &folder, const SuiteModel &model)
{
    WeightsFile found;
    std::vector<std::string> names;
    if (!model.weights.empty())
        names = {model.weights};
    for (const ModelEntry &entry : knownModels())
        if (names.empty() && entry.name == model.model && !entry.source.file.empty())
            names.push_back(entry.source.file);
    if (model.weights.empty())
        for (const char *ending : {".safetensors", ".pth", ".bin", ".npz", ""})
            names.push_back(model.model + ending);
    std::error_code none;
    const auto there = std::find_if(names.begin(), names.end(), [&](const std::string &one) {
        return fs::exists(fs::path(folder) / one, none);
    });
    if (there != names.end())
        found.path = (fs::path(folder) / *there).string();
    found.expected = names.front();
    if (model.weights.empty())
        found.expected = fmt::format("{}{}.safetensors, .pth, .bin or .npz, or a folder {}",
                                     names.front().starts_with(model.model + ".") ? "" : names.front() + ", ", model.model,
                                     model.model);
    return found;
}

double CellCost::shareOf(const Progress &phase) const
{
    const double part = phase.total > 0 ? static_cast<double>(phase.done) / static_cast<double>(phase.total) : 0;
    const double done = phase.phase == "calibrate" ? part * calibrate
                        : phase.phase == "search"  ? calibrate + part * search
                        : phase.phase == "evaluate" || phase.phase == "float" ? calibrate + search + part * evaluate
                                                                              : 0;
    return total() > 0 ? done / total() : 0;
}

CellCost cellCost(const SuiteModel &model, const SuiteMethod &method, int64_t images, int64_t calibrationImages,
                  bool calibrates)
{
    const auto [pass, depth] = modelCost(model);
    CellCost cost;
    cost.evaluate = pass * static_cast<double>(images);
    if (method.isFloat())
        return cost;
    cost.evaluate *= kQuantizedPass;
    const double calibration = pass * static_cast<double>(calibrationImages);
    constexpr double kLastBatch = 0.1; // is looked at again for every method
    cost.calibrate = calibration * kCalibrationPass * (calibrates ? 1 : kLastBatch);
    const Result<Recipe> recipe = findRecipe(method.recipe);
    QuantizationRequest request;
    request.search = method.search;
    request.searchJson = method.searchJson;
    const auto search = recipe ? resolveSearch(*recipe, request) : Result<std::optional<IntervalSearch>>();
    if (search && *search)
        cost.search = calibration
            * (2 * (*search)->rounds * (*search)->candidates * kCandidatePass
               + ((*search)->sequential ? kBlockProducts * depth * kGradientPass : 0));
    return cost;
}

Result<HashedImages> FileHasher::images(const ImageSet &set)
{
    PhaseReporter reporter(m_control, "hash", static_cast<int64_t>(set.items.size()));
    HashedImages hashed;
    std::string list;
    for (const ImageItem &item : set.items) {
        if (m_control.isCancelled())
            return fail(ErrorCode::Cancelled, "stopped on request");
        const std::string path = set.filePath(item);
        const auto [known, isNew] = m_files.try_emplace(path);
        if (isNew)
            if (const auto bytes = readImage(path))
                known->second = sha256OfBytes(*bytes);
        // Of a file that cannot be read, its name stands for its content.
        list += fmt::format("{} {}\n", known->second.empty() ? item.path : known->second, item.label);
        hashed.sha256.push_back(known->second);
        reporter.advance(1);
    }
    hashed.list = sha256OfBytes(std::as_bytes(std::span(list.data(), list.size())));
    return hashed;
}

Result<std::string> FileHasher::weights(const std::string &path)
{
    if (const auto known = m_weights.find(path); known != m_weights.end())
        return known->second;
    if (m_control.isCancelled())
        return fail(ErrorCode::Cancelled, "stopped on request");
    const auto files = WeightsFiles::find(path);
    Result<std::string> hash = files ? sha256OfFiles(files->files()) : Result<std::string>(fail(files.error()));
    return m_weights.emplace(path, std::move(hash)).first->second;
}

Result<SuiteImages> suiteImages(const TableRequest &request, const Suite &suite, FileHasher &hasher,
                                std::vector<std::string> &notes)
{
    SuiteImages chosen;
    RunRequest run;
    run.data = request.data;
    run.calibration = request.calibration;
    run.calibration.count = request.calibrationCount.value_or(suite.calibrationCount);
    run.calibration.batch = request.calibrationBatch.value_or(suite.calibrationBatch);
    if (!request.calibrationCount && run.calibration.list.empty()) {
        const std::string &folder = run.calibration.folder.empty() ? run.data.folder : run.calibration.folder;
        const auto all = openImages({folder, "train", run.data.classes, false});
        if (!all)
            return fail(all.error());
        const auto there = static_cast<int>(all->items.size());
        if (there < run.calibration.count) {
            notes.push_back(fmt::format("suite {} calibrates on {} images; there are {}, and all of them are used",
                                        suite.name, run.calibration.count, there));
            run.calibration.count = there;
        }
    }
    auto set = resolveCalibration(run);
    if (!set)
        return fail(set.error());
    auto hashes = hasher.images(*set);
    if (!hashes)
        return fail(hashes.error());
    chosen.request = run.calibration;
    chosen.set = std::move(*set);
    chosen.hashes = std::move(*hashes);
    chosen.batch = run.calibration.batch;
    return chosen;
}

} // namespace quantoscope
