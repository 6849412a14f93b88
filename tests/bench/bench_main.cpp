// SPDX-License-Identifier: GPL-3.0-or-later
// How fast the main job is on this machine, as JSON on stdout. README.md beside this file explains the fields.
#include "core/pipeline/calibration.h"
#include "core/pipeline/session.h"
#include "core/quantization/recipe.h"
#include "core/tensor/matrix_rate.h"
#include "tests/bench/bench_session.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <thread>

using namespace quantoscope;
using Json = nlohmann::ordered_json;

namespace {

constexpr int kSkipped = 77;
constexpr int kCalibrationBatch = 10;

struct Options {
    std::string weights;
    std::string data;
    std::string list;
    int threads = 0;
    int images = 100;
    int calibration = 100;
    double seconds = 3; ///< least time behind each rate
    bool quick = false;
};

[[noreturn]] void stop(const Error &error)
{
    std::fprintf(stderr, "quantoscope-bench: %s\n", error.message().c_str());
    std::exit(1);
}

template <typename T>
T valueOrStop(Result<T> result)
{
    if (!result)
        stop(result.error());
    return std::move(*result);
}

void need(const std::string &path)
{
    if (std::filesystem::exists(path))
        return;
    std::fprintf(stderr,
                 "quantoscope-bench: skipped: %s is not there (set QUANTOSCOPE_DATA, or --weights and --data)\n",
                 path.c_str());
    std::exit(kSkipped);
}

double secondsOf(const std::function<void()> &work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double peakMegabytes()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0; // Linux counts in KiB
}

Json rounded(double value)
{
    return std::round(value * 100) / 100;
}

QuantizationRequest request(const std::string &recipe, bool full)
{
    QuantizationRequest quantization;
    quantization.recipe = recipe;
    quantization.ptf = quantization.lis = full;
    quantization.bits.attention = full ? 4 : 8;
    return quantization;
}

/// Images per second of forward passes alone, on pixels that lie in memory.
double forwardRate(Executor &executor, const std::vector<float> &pixels, size_t perImage, int batch,
                   ExecutionMode &mode, double least)
{
    const std::span<const float> input(pixels.data(), perImage * static_cast<size_t>(batch));
    const auto once = [&] { static_cast<void>(valueOrStop(executor.run(input, batch, mode, nullptr, {}))); };
    once(); // prepares weights and memory
    int64_t images = 0;
    double seconds = 0;
    do {
        seconds += secondsOf(once);
        images += batch;
    } while (seconds < least);
    return static_cast<double>(images) / seconds;
}

Options parse(int argc, char **argv)
{
    const char *configured = std::getenv("QUANTOSCOPE_DATA");
    const std::string folder = configured && *configured ? configured : QUANTOSCOPE_SOURCE_DIR "/../shared";
    Options options;
    CLI::App app("Speed and memory of Quantoscope's main job, as JSON.", "quantoscope-bench");
    app.add_option("--weights", options.weights, "Checkpoint; DeiT-T of the test data when left away");
    app.add_option("--data", options.data, "ImageNet folder with val and train");
    app.add_option("--calibration-list", options.list, "Calibration images; random ones of train when left away");
    app.add_option("--threads", options.threads, "All cores when left away")->check(CLI::Range(1, 4096));
    app.add_flag("--quick", options.quick, "Few images and short times: only to see that it runs");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        std::exit(app.exit(error) == 0 ? 0 : 2);
    }
    if (options.list.empty() && options.data.empty() && options.weights.empty())
        options.list = folder + "/golden/calibration-100.txt";
    if (options.weights.empty())
        options.weights = folder + "/models/deit_tiny_patch16_224.safetensors";
    if (options.data.empty())
        options.data = folder + "/imagenet";
    if (!std::filesystem::exists(options.list))
        options.list.clear();
    if (options.quick) {
        options.images = 25;
        options.calibration = 2 * kCalibrationBatch;
        options.seconds = 0;
    }
    need(options.weights);
    need(options.data);
    return options;
}

} // namespace

int main(int argc, char **argv)
{
    const Options options = parse(argc, argv);
    const ModelPtr model = valueOrStop(openModel({.weights = options.weights}));
    const auto executor = valueOrStop(Executor::create(model, {"cpu", options.threads}));
    const Graph &graph = model->graph;
    int64_t macs = 0;
    for (const Node &node : graph.nodes)
        macs += node.macs;
    const double gflop = 2e-9 * static_cast<double>(macs); // of one image

    Json json;
    json["model"] = model->info.name;
    json["device"] = executor->deviceText();
    json["cores"] = std::thread::hardware_concurrency();
    json["torch"] = Executor::libraryVersion();
    json["quick"] = options.quick;
    json["gflop_per_image"] = rounded(gflop);
    json["sgemm_768_gflops"] = rounded(executor->measureMatrixRate());
    json["memory_mb"]["model_open"] = rounded(peakMegabytes());

    // Decoding and preprocessing alone, which also brings the pixels of the forward passes.
    RunRequest wanted;
    wanted.data.folder = options.data;
    wanted.data.limit = options.images;
    const ResolvedImages data = valueOrStop(resolveData(wanted.data, model->info));
    const size_t perImage =
        3 * static_cast<size_t>(model->info.imageSize) * static_cast<size_t>(model->info.imageSize);
    std::vector<float> pixels;
    const double decoding = secondsOf([&] {
        auto loader = valueOrStop(BatchLoader::start(data.set, data.preprocessing, {}));
        while (const auto batch = loader->next())
            pixels.insert(pixels.end(), batch->pixels.begin(), batch->pixels.end());
    });
    const size_t decoded = pixels.size() / perImage;
    if (decoded < 25)
        stop({ErrorCode::BadInput, "fewer than 25 images could be decoded", options.data, {}});
    json["decode_preprocess"] = {{"images", decoded},
                                 {"images_per_second", rounded(static_cast<double>(decoded) / decoding)}};

    // Calibration as the window does it: one pass for all observers, then parameters per setting.
    wanted.calibration.list = options.list;
    wanted.calibration.count = options.calibration;
    const ImageSet calibrationSet = limit(valueOrStop(resolveCalibration(wanted)), options.calibration);
    const PassOptions calibrating{data.preprocessing, kCalibrationBatch, nullptr};
    std::optional<Calibration> calibration;
    const double collecting = secondsOf([&] {
        calibration.emplace(valueOrStop(Calibration::collect(*executor, *model, calibrationSet, calibrating, {}, {})));
    });
    json["calibration"]["images"] = calibrationSet.items.size();
    json["calibration"]["batch"] = kCalibrationBatch;
    json["calibration"]["collect_seconds"] = rounded(collecting);
    std::vector<std::pair<const char *, ExecutionMode>> modes;
    modes.emplace_back("float", ExecutionMode::floatMode(graph));
    for (const Recipe &recipe : builtinRecipes()) {
        // Only recipes with both forms, of which this calibration observed everything.
        if ((options.quick && recipe.name != "minmax") || recipe.ptfRules.empty())
            continue;
        for (const bool full : {false, true}) {
            const auto settings =
                valueOrStop(resolveSettings(graph, request(recipe.name, full), model->info.inputQuantized));
            CalibratedTaps taps;
            const double seconds =
                secondsOf([&] { taps = valueOrStop(calibration->derive(*executor, *model, settings, {})); });
            const std::string title = recipe.name + (full ? "+ptf+lis" : "");
            json["calibration"]["derive_seconds"][title] = rounded(seconds);
            json["calibration"]["total_seconds"][title] = rounded(collecting + seconds);
            if (recipe.name == "minmax") {
                modes.emplace_back(full ? "minmax+ptf+lis" : "minmax",
                                   ExecutionMode::quantizedMode(graph, settings));
                modes.back().second.parameters = taps.parameters;
            }
        }
    }
    json["memory_mb"]["after_calibration"] = rounded(peakMegabytes());

    for (const int batch : {1, 25}) {
        Json &at = json["batch_" + std::to_string(batch)];
        const double limitRate = matrixRate(graph, batch, options.quick ? 1 : 5);
        at["sgemm_gflops"] = rounded(limitRate); // in the model's own shapes
        for (auto &[title, mode] : modes) {
            const double rate = forwardRate(*executor, pixels, perImage, batch, mode, options.seconds);
            at[title]["images_per_second"] = rounded(rate);
            at[title]["share_of_sgemm"] = rounded(rate * gflop / limitRate);
        }
    }

    // Whole evaluations from files: decoding runs beside the model.
    for (auto &[title, mode] : modes) {
        const PassOptions evaluating{data.preprocessing, 25, nullptr};
        const auto result =
            valueOrStop(evaluatePass(*executor, *model, data.set, mode, evaluating, {}, "evaluate"));
        json["evaluate_from_files"][title]["images_per_second"] = rounded(result.imagesPerSecond);
        json["evaluate_from_files"][title]["top1"] = rounded(result.top1());
    }
    bench::SessionSizes sizes;
    if (options.quick)
        sizes = {0, 5, SensitivityLevel::Block, 25};
    wanted.model = {.weights = options.weights, .threads = options.threads};
    wanted.data.limit = 0;
    json["session"] = valueOrStop(bench::measureSession(wanted, sizes));
    json["memory_mb"]["peak"] = rounded(peakMegabytes());
    std::printf("%s\n", json.dump(2).c_str());
    return 0;
}
