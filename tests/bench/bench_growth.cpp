// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bench_growth.h"

#include "core/tensor/executor.h"
#include "tests/bench/bench_tools.h"
#include "tests/bench/synthetic_model.h"

namespace quantoscope::bench {

namespace {

struct Point {
    double size = 0;
    double seconds = 0;
    double macs = 0;
};

/// Least-squares slope of log y over log x.
template <typename Value>
double exponentOf(const std::vector<Point> &points, Value value)
{
    double meanX = 0;
    double meanY = 0;
    for (const Point &point : points) {
        meanX += std::log(point.size) / static_cast<double>(points.size());
        meanY += std::log(value(point)) / static_cast<double>(points.size());
    }
    double covariance = 0;
    double variance = 0;
    for (const Point &point : points) {
        covariance += (std::log(point.size) - meanX) * (std::log(value(point)) - meanY);
        variance += (std::log(point.size) - meanX) * (std::log(point.size) - meanX);
    }
    return covariance / variance;
}

Result<Point> measure(double size, const SyntheticSizes &sizes, int images, const ModelRequest &where,
                      int repeats)
{
    std::shared_ptr<std::vector<float>> memory;
    auto tensors = syntheticTensors(sizes, memory);
    const auto store = std::make_shared<const TensorStore>(std::move(tensors), memory, "random", std::vector<std::string>());
    const auto model = buildModel(store, {.weights = "random", .heads = static_cast<int>(sizes.heads)});
    if (!model)
        return fail(model.error());
    const auto executor = Executor::create(*model, {.device = where.device, .threads = where.threads, .allowTf32 = where.allowTf32});
    if (!executor)
        return fail(executor.error());
    const std::vector<float> pixels(static_cast<size_t>(images * 3 * sizes.image * sizes.image), 0.5F);
    ExecutionMode mode = ExecutionMode::floatMode((*model)->graph);
    Result<std::vector<float>> logits = std::vector<float>();
    Point point{size, 0, 0};
    point.seconds = leastSeconds(repeats, [&] { logits = (*executor)->run(pixels, images, mode, nullptr, {}); });
    if (!logits)
        return fail(logits.error());
    for (const Node &node : (*model)->graph.nodes)
        point.macs += static_cast<double>(node.macs) * images;
    return point;
}

} // namespace

Result<nlohmann::ordered_json> measureGrowth(const ModelRequest &where, bool quick)
{
    struct Sweep {
        const char *name;
        std::vector<int64_t> values;
        void (*apply)(SyntheticSizes &sizes, int &images, int64_t value);
        double (*size)(const SyntheticSizes &sizes, int images);
    };
    const std::vector<Sweep> sweeps = {
        {"images", {4, 8, 16, 32, 64}, [](SyntheticSizes &, int &images, int64_t v) { images = static_cast<int>(v); },
         [](const SyntheticSizes &, int images) { return static_cast<double>(images); }},
        {"depth", {3, 6, 12, 24}, [](SyntheticSizes &sizes, int &, int64_t v) { sizes.depth = v; },
         [](const SyntheticSizes &sizes, int) { return static_cast<double>(sizes.depth); }},
        {"width", {192, 384, 768},
         [](SyntheticSizes &sizes, int &, int64_t v) {
             sizes.width = v;
             sizes.heads = v / 64;
         },
         [](const SyntheticSizes &sizes, int) { return static_cast<double>(sizes.width); }},
        {"tokens", {224, 256, 320, 384}, [](SyntheticSizes &sizes, int &, int64_t v) { sizes.image = v; },
         [](const SyntheticSizes &sizes, int) {
             const auto grid = static_cast<double>(sizes.image / sizes.patch);
             return grid * grid + 1;
         }},
    };
    Json json;
    for (const Sweep &sweep : sweeps) {
        std::vector<Point> points;
        for (const int64_t value : sweep.values) {
            SyntheticSizes sizes;
            int images = 8;
            if (quick)
                sizes.depth = 1;
            sweep.apply(sizes, images, value);
            const auto point = measure(sweep.size(sizes, images), sizes, images, where, quick ? 1 : 4);
            if (!point)
                return fail(point.error());
            points.push_back(*point);
        }
        Json &one = json[sweep.name];
        for (const Point &point : points)
            one["points"].push_back({{"size", point.size},
                                     {"seconds", rounded(point.seconds, 1e5)},
                                     {"gigamacs", rounded(1e-9 * point.macs)}});
        one["exponent_of_time"] = rounded(exponentOf(points, [](const Point &point) { return point.seconds; }), 100);
        one["exponent_of_multiply_accumulates"]
            = rounded(exponentOf(points, [](const Point &point) { return point.macs; }), 100);
    }
    return json;
}

} // namespace quantoscope::bench
