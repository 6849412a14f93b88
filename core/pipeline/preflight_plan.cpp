// SPDX-License-Identifier: GPL-3.0-or-later
// What will stay float, and the calibration images.
#include "core/pipeline/preflight_checks.h"

#include "core/io/file_hash.h"
#include "core/pipeline/session.h"
#include "core/quantization/recipe.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <set>

namespace quantoscope::preflight {

namespace {

namespace fs = std::filesystem;

constexpr int64_t kFewCalibrationImages = 32; ///< the published programs take 100 to 1000

/// Whether the node computes on quantized operands in an arithmetic that has an integer form.
bool isQuantized(const Graph &graph, int n, const std::vector<TapSetting> &settings, const ExecutionMode &mode)
{
    const Node &node = graph.nodes[static_cast<size_t>(n)];
    const auto operandsAre = [&] {
        for (const int input : node.inputs) {
            const int tap = graph.outputTap(graph.valueSource(input));
            if (tap < 0 || !settings[static_cast<size_t>(tap)].isQuantized())
                return false;
        }
        const int weight = graph.weightTap(n);
        return weight < 0 || settings[static_cast<size_t>(weight)].isQuantized();
    };
    switch (node.op) {
    case Operator::Softmax: return mode.kernels[static_cast<size_t>(n)] == NodeKernel::LogIntSoftmax;
    case Operator::LayerNorm: return mode.kernels[static_cast<size_t>(n)] == NodeKernel::IntegerLayerNorm;
    case Operator::Gelu: return false; // no recipe has an integer form of it
    default: return operandsAre();
    }
}

bool computes(Operator op)
{
    return !isView(op) && op != Operator::Input && op != Operator::Parameter && op != Operator::PrependTokens;
}

/// The file that an item names; for comparisons between sets that may name it differently.
std::string identity(const ImageSet &set, const ImageItem &item)
{
    std::error_code error;
    const fs::path path = fs::weakly_canonical(set.filePath(item), error);
    return error ? set.filePath(item) : path.string();
}

/// Calibration images that are evaluation images too, by path or, where sizes are equal, by content.
std::vector<std::string> sharedImages(const ImageSet &calibration, const ImageSet &evaluation, const RunControl &control)
{
    std::set<std::string> paths;
    std::map<uintmax_t, std::vector<std::string>> bySize;
    std::error_code error;
    for (const ImageItem &item : evaluation.items) {
        const std::string file = identity(evaluation, item);
        paths.insert(file);
        if (const uintmax_t size = fs::file_size(file, error); !error)
            bySize[size].push_back(file);
    }
    std::map<std::string, std::string> hashes;
    const auto hashOf = [&hashes](const std::string &file) -> const std::string & {
        const auto [place, isNew] = hashes.try_emplace(file);
        if (isNew)
            place->second = sha256OfFile(file).value_or(file);
        return place->second;
    };
    std::vector<std::string> shared;
    for (const ImageItem &item : calibration.items) {
        if (control.isCancelled())
            return shared;
        const std::string file = identity(calibration, item);
        bool same = paths.contains(file);
        const uintmax_t size = same ? 0 : fs::file_size(file, error);
        if (!same && !error)
            for (const std::string &other : bySize[size])
                same = same || hashOf(file) == hashOf(other);
        if (same)
            shared.push_back(item.path);
    }
    return shared;
}

} // namespace

void checkPlan(const PreflightInput &input, PreflightReport &report)
{
    if (!input.request.quantize) {
        add(report, Severity::Note, "plan.none");
        return;
    }
    const Graph &graph = input.model.graph;
    const auto settings = resolveSettings(graph, input.request.quantization, input.model.info.inputQuantized);
    if (!settings) {
        add(report, Severity::Problem, "plan.refused", {FindingValue::ofText("reason", settings.error().message())});
        return;
    }
    const ExecutionMode mode = ExecutionMode::quantizedMode(graph, *settings);
    std::map<Operator, OperatorPrecision> operators;
    int64_t macs = 0;
    int64_t floatMacs = 0;
    int nodes = 0;
    int floatNodes = 0;
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
        const Node &node = graph.nodes[n];
        if (!computes(node.op))
            continue;
        const bool isFloat = !isQuantized(graph, static_cast<int>(n), *settings, mode);
        OperatorPrecision &entry = operators[node.op];
        entry.operatorName = name(node.op);
        ++entry.nodes;
        entry.floatNodes += isFloat;
        entry.macs += node.macs;
        entry.floatMacs += isFloat ? node.macs : 0;
        ++nodes;
        floatNodes += isFloat;
        macs += node.macs;
        floatMacs += isFloat ? node.macs : 0;
    }
    std::string list;
    for (const auto &[op, entry] : operators) {
        if (entry.floatNodes > 0)
            list += fmt::format("{}{} {} / {}", list.empty() ? "" : ", ", entry.operatorName, entry.floatNodes, entry.nodes);
        report.operators.push_back(entry);
    }
    if (floatNodes > 0)
        add(report, Severity::Note, "plan.float_operators",
            {FindingValue::ofCount("count", floatNodes), FindingValue::ofCount("nodes", nodes),
             FindingValue::ofText("list", list),
             FindingValue::ofText("recipe", input.request.quantization.text()),
             FindingValue::ofText("why", findRecipe(input.request.quantization.recipe)->staysFloat)});
    const double share = macs > 0 ? 100.0 * static_cast<double>(macs - floatMacs) / static_cast<double>(macs) : 0;
    add(report, floatMacs == 0 ? Severity::Ok : Severity::Note, floatMacs == 0 ? "plan.all_products" : "plan.products",
        {FindingValue::ofDecimal("share", share, 1), FindingValue::ofDecimal("total", static_cast<double>(macs) / 1e9, 2)});
}

void checkCalibration(const PreflightInput &input, const RunControl &control, PreflightReport &report)
{
    if (!input.request.quantize)
        return;
    const auto calibration = resolveCalibration(input.request);
    if (!calibration) {
        add(report, Severity::Problem, "calibration.refused",
            {FindingValue::ofText("reason", calibration.error().message())});
        return;
    }
    const auto count = static_cast<int64_t>(calibration->items.size());
    std::set<int> classes;
    for (const ImageItem &item : calibration->items)
        if (item.label >= 0)
            classes.insert(item.label);
    const std::vector<FindingValue> values
        = {FindingValue::ofCount("images", count), FindingValue::ofCount("covered", static_cast<int64_t>(classes.size())),
           FindingValue::ofCount("classes", input.model.info.classes),
           FindingValue::ofCount("batch", input.request.calibration.batch)};
    if (count < kFewCalibrationImages)
        add(report, Severity::Warning, "calibration.few", values);
    else
        add(report, Severity::Ok, "calibration.images", values);
    const std::vector<std::string> shared = sharedImages(*calibration, input.chosen, control);
    if (shared.empty())
        add(report, Severity::Ok, "calibration.disjoint", {FindingValue::ofCount("images", count)});
    else
        add(report, Severity::Warning, "calibration.overlap",
            {FindingValue::ofCount("count", static_cast<int64_t>(shared.size())), FindingValue::ofCount("images", count),
             listValue("where", shared)});
}

} // namespace quantoscope::preflight
