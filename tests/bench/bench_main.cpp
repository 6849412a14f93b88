// SPDX-License-Identifier: GPL-3.0-or-later
// How fast the main job is on this machine, as JSON on stdout. README.md beside this file explains the fields.
#include "tests/bench/bench_growth.h"
#include "tests/bench/bench_large.h"
#include "tests/bench/bench_machine.h"
#include "tests/bench/bench_model.h"
#include "tests/bench/bench_products.h"
#include "tests/bench/bench_roofline.h"
#include "tests/bench/bench_session.h"
#include "tests/bench/bench_sharing.h"
#include "tests/bench/bench_tools.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

using namespace quantoscope;
using bench::Json;
using bench::rounded;

namespace {

constexpr int kSkipped = 77;
constexpr int kBatch = 25; // of forward passes, as in the published evaluations

struct Options {
    std::string weights;
    std::string data;
    std::string list;
    std::string roofline;
    std::string device = "cpu";
    bool allowTf32 = false;
    std::set<std::string> parts;
    int threads = 0;
    bool quick = false;

    [[nodiscard]] bool wants(const std::string &part) const { return parts.contains(part); }
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

Options parse(int argc, char **argv)
{
    const char *configured = std::getenv("QUANTOSCOPE_DATA");
    const std::string folder = configured && *configured ? configured : QUANTOSCOPE_SOURCE_DIR "/../shared";
    const std::vector<std::string> usual = {"calibration", "forward", "traffic", "evaluation", "products", "sharing", "growth", "search", "sensitivity", "switch"};
    std::vector<std::string> parts = usual;
    Options options;
    CLI::App app("Speed and memory of Quantoscope's main job, as JSON.", "quantoscope-bench");
    app.add_option("--weights", options.weights, "Checkpoint; DeiT-T of the test data when left away");
    app.add_option("--data", options.data, "ImageNet folder with val and train");
    app.add_option("--calibration-list", options.list, "Calibration images; random ones of train when left away");
    app.add_option("--threads", options.threads, "All cores when left away")->check(CLI::Range(1, 4096));
    std::vector<std::string> known = usual;
    known.emplace_back("large");
    app.add_option("--parts", parts, "What to measure; all but large (1.2 GB of temporary files) when left away")
        ->delimiter(',')
        ->check(CLI::IsMember(known));
    app.add_option("--roofline", options.roofline, "Also writes the table of operators as Markdown to this file");
    app.add_option("--device", options.device, "cpu or cuda")->check(CLI::IsMember({"cpu", "cuda"}))->capture_default_str();
    app.add_flag("--allow-tf32", options.allowTf32, "Lets a GPU round the factors of products to TF32");
    app.add_flag("--quick", options.quick, "Few images and short times: only to see that it runs");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        std::exit(app.exit(error) == 0 ? 0 : 2);
    }
    options.parts = {parts.begin(), parts.end()};
    if (options.list.empty() && options.data.empty() && options.weights.empty())
        options.list = folder + "/golden/calibration-100.txt";
    if (options.weights.empty())
        options.weights = folder + "/models/deit_tiny_patch16_224.safetensors";
    if (options.data.empty())
        options.data = folder + "/imagenet";
    if (!std::filesystem::exists(options.list))
        options.list.clear();
    if (options.threads == 0)
        options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    need(options.weights);
    need(options.data);
    return options;
}

void writeRoofline(bench::ModelBench &model, const ModelRequest &where, const Options &options)
{
    const std::string page = valueOrStop(bench::rooflinePage(model.model(), where, model.pixels(kBatch), kBatch,
                                                             model.modes(), options.quick ? 1 : 7));
    std::ofstream file(options.roofline);
    file << page;
    if (!file.flush())
        stop({ErrorCode::Io, "the page cannot be written", options.roofline, {}});
}

} // namespace

int main(int argc, char **argv)
{
    const Options options = parse(argc, argv);
    RunRequest wanted;
    wanted.model = {.weights = options.weights,
                    .device = options.device,
                    .threads = options.threads,
                    .allowTf32 = options.allowTf32};
    wanted.data.folder = options.data;
    wanted.calibration.list = options.list;
    Json json;
    if (options.wants("large")) // first: its peak of memory is the process'
        json["large"] = valueOrStop(bench::measureLarge(wanted, options.quick ? 10 : 30));
    bench::ModelSizes sizes;
    if (options.quick)
        sizes = {kBatch, 20, 0, 1, true};
    bench::ModelBench model = valueOrStop(bench::ModelBench::open(wanted, sizes));
    const bench::Ceilings ceilings = bench::measureCeilings(options.device, options.threads, options.quick ? 1 : 5);
    json["model"] = model.model()->info.name;
    json["device"] = model.executor().deviceText();
    json["processor"] = bench::processorName();
    json["cores"] = std::thread::hardware_concurrency();
    json["torch"] = Executor::libraryVersion();
    json["quick"] = options.quick;
    json["gflop_per_image"] = rounded(model.gflop());
    json["allow_tf32"] = options.allowTf32;
    json["ceilings"] = {{"sgemm_" + std::to_string(ceilings.side) + "_gflops", rounded(ceilings.gflops, 10)},
                        {"triad_gigabytes_per_second", rounded(ceilings.gigabytes, 10)}};
    json["decode_preprocess"] = model.decoding();
    if (options.wants("calibration") || options.wants("forward") || options.wants("traffic") || options.wants("evaluation") || !options.roofline.empty())
        json["calibration"] = valueOrStop(model.calibration()); // brings the quantized modes
    if (options.wants("forward"))
        for (const int batch : {1, kBatch})
            json["batch_" + std::to_string(batch)] = valueOrStop(model.forward(batch));
    if (options.wants("traffic"))
        json["device_traffic_batch_" + std::to_string(kBatch)] = valueOrStop(model.traffic(kBatch));
    if (options.wants("evaluation"))
        json["evaluate_from_files"] = valueOrStop(model.evaluation());
    if (options.wants("products"))
        json["products"] = bench::measureProducts(model.model()->graph, kBatch, wanted.model, options.quick ? 1 : 5);
    if (!options.roofline.empty())
        writeRoofline(model, wanted.model, options);
    if (options.wants("sharing") && options.device == "cpu") // of the cores
        json["sharing"] = bench::measureSharing(model.model(), model.pixels(kBatch), kBatch, options.threads, options.quick ? 1 : 7);
    if (options.wants("growth"))
        json["growth"] = valueOrStop(bench::measureGrowth(wanted.model, options.quick));
    if (options.wants("search") && !options.quick) // takes long with few images, too
        json["ptq4vit_search"] = valueOrStop(bench::measureSearch(wanted, 32));
    if (options.wants("sensitivity"))
        json["sensitivity"] = valueOrStop(options.quick ? bench::measureSensitivity(wanted, 5, SensitivityLevel::Block)
                                                        : bench::measureSensitivity(wanted, 64, SensitivityLevel::Tap));
    if (options.wants("switch"))
        json["switched_layer"] = valueOrStop(bench::measureSwitch(wanted, options.quick ? kBatch : 0));
    json["memory_mb"] = rounded(bench::peakMegabytes(), 1);
    std::printf("%s\n", json.dump(2).c_str());
    return 0;
}
