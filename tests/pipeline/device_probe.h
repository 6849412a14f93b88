// SPDX-License-Identifier: GPL-3.0-or-later
// Single operators and quantizers as graphs of two nodes, and what a run of any graph computed at its taps.
#pragma once

#include "core/tensor/executor.h"

#include <algorithm>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace quantoscope::testing {

inline std::vector<float> normal(size_t n, float mean, float deviation, unsigned seed)
{
    std::mt19937 engine(seed);
    std::normal_distribution<float> distribution(mean, deviation);
    std::vector<float> values(n);
    for (float &v : values)
        v = distribution(engine);
    return values;
}

/// The values of all taps before and after their quantizers.
class TapValues final : public TapVisitor {
public:
    explicit TapValues(const Graph &graph) : before(graph.taps.size()), after(graph.taps.size()) {}
    bool wants(int) const override { return true; }
    bool wantsResult(int) const override { return true; }
    void visit(int tap, const TensorView &value, ExecutionMode &) override { keep(before[static_cast<size_t>(tap)], value); }
    void visitResult(int tap, const TensorView &value) override { keep(after[static_cast<size_t>(tap)], value); }

    std::vector<std::vector<float>> before; ///< by tap; empty for weights
    std::vector<std::vector<float>> after;

private:
    static void keep(std::vector<float> &values, const TensorView &value)
    {
        values.assign(value.data, value.data + value.elements());
    }
};

/// Values that are not the same number; NaN equals NaN, and zeros of either sign are equal.
inline std::vector<size_t> differences(const std::vector<float> &a, const std::vector<float> &b)
{
    std::vector<size_t> places;
    for (size_t i = 0; i < std::max(a.size(), b.size()); ++i)
        if (i >= a.size() || i >= b.size() || (a[i] != b[i] && (a[i] == a[i] || b[i] == b[i])))
            places.push_back(i);
    return places;
}

/// Input -> one operator with `shape`, whose LayerNorm reads `gamma` and `beta`.
inline ModelPtr operatorModel(Operator op, const std::vector<int64_t> &shape, std::vector<float> gamma = {},
                              std::vector<float> beta = {})
{
    auto model = std::make_shared<Model>();
    model->graph.nodes = {{.path = "input", .op = Operator::Input, .shape = shape},
                          {.path = "operator", .op = op, .inputs = {0}, .shape = shape}};
    const auto memory = std::make_shared<std::pair<std::vector<float>, std::vector<float>>>(std::move(gamma), std::move(beta));
    TensorStore::Tensors tensors;
    const auto add = [&](const char *name, const std::vector<float> &values) {
        TensorEntry entry;
        entry.shape = {static_cast<int64_t>(values.size())};
        entry.bytes = std::as_bytes(std::span(values));
        tensors[name] = entry;
        model->graph.nodes[1].parameters.emplace_back(name);
    };
    if (op == Operator::LayerNorm) {
        add("gamma", memory->first);
        add("beta", memory->second);
    }
    model->tensors = std::make_shared<const TensorStore>(std::move(tensors), memory, "memory");
    model->graph.output = 1;
    model->graph.deriveTaps([](const std::string &) { return 0; });
    return model;
}

enum class Arrangement {
    Kernels,         ///< the CPU's own
    DevicePublished, ///< a device's operators, row sums in the published order
    DeviceExact,     ///< a device's operators as they are by default
};

inline std::unique_ptr<Executor> executorFor(const ModelPtr &model, Arrangement arrangement)
{
    return Executor::create(model, {.threads = 2,
                                    .splitImages = arrangement == Arrangement::DeviceExact,
                                    .deviceOperators = arrangement != Arrangement::Kernels})
        .value();
}

inline std::vector<float> logitsOf(const ModelPtr &model, ExecutionMode &mode, const std::vector<float> &values,
                                   Arrangement arrangement, int images = 1)
{
    return executorFor(model, arrangement)->run(values, images, mode, nullptr, {}).value();
}

/// One tap's value after its quantizer.
inline std::vector<float> resultsOf(const ModelPtr &model, ExecutionMode &mode, const std::vector<float> &values,
                                    Arrangement arrangement, size_t tap = 0)
{
    TapValues seen(model->graph);
    const auto ran = executorFor(model, arrangement)->run(values, 1, mode, &seen, {});
    return ran ? seen.after[tap] : std::vector<float>();
}

} // namespace quantoscope::testing
