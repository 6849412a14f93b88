// SPDX-License-Identifier: GPL-3.0-or-later
// Regenerates resources/demo: trains the demo's vision transformer on freshly drawn pictures, writes weights,
// pictures and class list, then reads all of it back from disk and measures the accuracy of what it wrote.
#include "core/demo/demo_images.h"
#include "core/io/safetensors_writer.h"
#include "core/io/tensor_store.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

// Last: torch defines macros with common names.
#include <torch/torch.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

using namespace quantoscope;
namespace fs = std::filesystem;
using torch::Tensor;
using torch::indexing::Slice;

namespace {

constexpr int64_t patch = 8;
constexpr int64_t width = 128;
constexpr int64_t heads = 2;
constexpr int64_t depth = 4;
constexpr int64_t hidden = 4 * width;
constexpr int64_t tokens = 1 + (demoImageSize / patch) * (demoImageSize / patch);
constexpr double epsilon = 1e-6;
constexpr uint64_t torchSeed = 20240607;
constexpr int64_t strongChannels = 6;

constexpr int calibrationPerClass = 5;
constexpr int validationPerClass = 25;

/// Parameters by timm name.
using Weights = std::map<std::string, Tensor>;

struct Options {
    std::string folder;
    int64_t steps = 3600;
    int64_t batch = 32;
    double rate = 2e-3;
    int threads = 2;
};

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// ---------------------------------------------------------------------------------------------------------- data

/// Mean 0.5, standard deviation 0.5: 0..255 becomes -1..1. `bytes` is [B, 64, 64, 3].
Tensor normalised(const Tensor &bytes)
{
    return (bytes.permute({0, 3, 1, 2}).to(torch::kFloat32).div(255).sub(0.5).div(0.5)).contiguous();
}

struct Batch {
    Tensor images; ///< normalised
    Tensor labels;
};

Batch drawTrainingBatch(int64_t step, int64_t count)
{
    Tensor bytes = torch::empty({count, demoImageSize, demoImageSize, 3}, torch::kUInt8);
    Tensor labels = torch::empty({count}, torch::kInt64);
    uint8_t *const pixels = bytes.data_ptr<uint8_t>();
    int64_t *const label = labels.data_ptr<int64_t>();
    at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            const int64_t index = step * count + i;
            label[i] = index % demoClassCount;
            const uint64_t seed = demoSeed(DemoSet::Training, static_cast<uint32_t>(index));
            const std::vector<uint8_t> picture = drawDemoImage(static_cast<DemoClass>(label[i]), seed);
            std::copy(picture.begin(), picture.end(), pixels + i * static_cast<int64_t>(picture.size()));
        }
    });
    return {normalised(bytes), labels};
}

fs::path pictureFolder(const fs::path &folder, DemoSet set, int demoClass)
{
    const char *const split = set == DemoSet::Calibration ? "train" : "val";
    return folder / "images" / split / name(static_cast<DemoClass>(demoClass));
}

/// Writes `perClass` pictures of every class; returns their size in bytes.
uintmax_t writePictures(const fs::path &folder, DemoSet set, int perClass)
{
    uintmax_t bytes = 0;
    for (int demoClass = 0; demoClass < demoClassCount; ++demoClass) {
        const fs::path target = pictureFolder(folder, set, demoClass);
        fs::create_directories(target);
        for (int i = 0; i < perClass; ++i) {
            std::vector<uint8_t> pixels = drawDemoImage(static_cast<DemoClass>(demoClass),
                                                        demoSeed(set, static_cast<uint32_t>(i)));
            const cv::Mat rgb(demoImageSize, demoImageSize, CV_8UC3, pixels.data());
            cv::Mat bgr;
            cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
            const fs::path file = target / fmt::format("{:03}.png", i);
            if (!cv::imwrite(file.string(), bgr, {cv::IMWRITE_PNG_COMPRESSION, 9}))
                throw std::runtime_error("cannot write " + file.string());
            bytes += fs::file_size(file);
        }
    }
    return bytes;
}

/// Reads a set back from its files, class by class.
Batch readPictures(const fs::path &folder, DemoSet set, int perClass)
{
    std::vector<Tensor> images;
    std::vector<int64_t> labels;
    for (int demoClass = 0; demoClass < demoClassCount; ++demoClass) {
        for (int i = 0; i < perClass; ++i) {
            const fs::path file = pictureFolder(folder, set, demoClass) / fmt::format("{:03}.png", i);
            const cv::Mat bgr = cv::imread(file.string(), cv::IMREAD_COLOR);
            if (bgr.rows != demoImageSize || bgr.cols != demoImageSize)
                throw std::runtime_error("cannot read " + file.string());
            cv::Mat rgb;
            cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
            images.push_back(torch::from_blob(rgb.data, {demoImageSize, demoImageSize, 3}, torch::kUInt8).clone());
            labels.push_back(demoClass);
        }
    }
    return {normalised(torch::stack(images)), torch::tensor(labels)};
}

// --------------------------------------------------------------------------------------------------------- model

/// One fixed factor per channel of the residual stream: 2^u, u in [-1.5, 1.5], and u in [2.2, 3.2] for a few
/// channels. Large trained transformers grow such strong channels by themselves; one this small and shortly
/// trained does not, and would not show what per-tensor quantization of LayerNorm inputs costs.
Tensor channelFactors()
{
    Tensor u = torch::rand({width}) * 3 - 1.5;
    const Tensor strong = torch::randperm(width).index({Slice(0, strongChannels)});
    u.index_put_({strong}, torch::rand({strongChannels}) + 2.2);
    return torch::exp2(u);
}

std::string blockName(int64_t block)
{
    return fmt::format("blocks.{}.", block);
}

/// Whether the output channels of this parameter are channels of the residual stream, which carry the factors.
bool writesResidual(const std::string &name)
{
    return name == "cls_token" || name == "pos_embed" || name.rfind("patch_embed.proj", 0) == 0
           || name.find("attn.proj") != std::string::npos || name.find("mlp.fc2") != std::string::npos;
}

/// Patch filters that make their outputs uncorrelated and of equal variance (the leading principal components of
/// drawn patches, scaled), and the bias that centres them. Raw pixels are mostly brightness: learning starts slowly.
void whitenPatches(Tensor &filters, Tensor &bias)
{
    const Tensor images = drawTrainingBatch(0, 600).images;
    const Tensor patches = images.unfold(2, patch, patch).unfold(3, patch, patch) // [B, 3, 8, 8, patch, patch]
                               .permute({0, 2, 3, 1, 4, 5}).reshape({-1, 3 * patch * patch});
    const Tensor mean = patches.mean(0);
    const Tensor centred = patches - mean;
    const auto [variances, directions] = torch::linalg_eigh(centred.t().matmul(centred) / patches.size(0));
    const Tensor leading = directions.index({Slice(), Slice(-width)}); // eigenvalues ascend
    // The floor keeps directions that hold nothing but grain small.
    const Tensor scale = torch::rsqrt(variances.index({Slice(-width)}) + 2e-3);
    const Tensor whitening = (leading * scale).t();
    filters = whitening.reshape({width, 3, patch, patch}).clone();
    bias = -whitening.matmul(mean);
}

/// Initial weights before the channel factors are folded in.
Weights initialWeights(const Tensor &factors)
{
    Weights weights;
    const auto linear = [&weights](const std::string &name, std::vector<int64_t> shape, double gain = 1) {
        int64_t fanIn = 1;
        for (size_t axis = 1; axis < shape.size(); ++axis)
            fanIn *= shape[axis];
        weights[name + ".weight"] = torch::randn(shape) * (gain / std::sqrt(static_cast<double>(fanIn)));
        weights[name + ".bias"] = torch::zeros({shape[0]});
    };
    // LayerNorm sees the factors; its gamma starts by undoing them.
    const Tensor gamma = torch::sqrt(torch::mean(factors * factors)) / factors;
    const auto layerNorm = [&](const std::string &name) {
        weights[name + ".weight"] = gamma.clone();
        weights[name + ".bias"] = torch::zeros({width});
    };
    const double branchGain = 1 / std::sqrt(2.0 * depth);
    weights["cls_token"] = torch::randn({1, 1, width}) * 0.1;
    weights["pos_embed"] = torch::randn({1, tokens, width}) * 0.2;
    whitenPatches(weights["patch_embed.proj.weight"], weights["patch_embed.proj.bias"]);
    for (int64_t block = 0; block < depth; ++block) {
        const std::string prefix = blockName(block);
        layerNorm(prefix + "norm1");
        linear(prefix + "attn.qkv", {3 * width, width});
        linear(prefix + "attn.proj", {width, width}, branchGain);
        layerNorm(prefix + "norm2");
        linear(prefix + "mlp.fc1", {hidden, width});
        linear(prefix + "mlp.fc2", {width, hidden}, branchGain);
    }
    layerNorm("norm");
    linear("head", {demoClassCount, width}, 0.1);
    return weights;
}

/// The same function with the factors multiplied into the weights: what is exported and needs no factors.
Weights foldFactors(const Weights &weights, const Tensor &factors)
{
    Weights folded;
    for (const auto &[name, weight] : weights) {
        Tensor value = weight.detach();
        if (writesResidual(name)) {
            // Tokens and position embedding have their channels last, weights and biases first.
            std::vector<int64_t> shape(static_cast<size_t>(value.dim()), 1);
            (name == "cls_token" || name == "pos_embed" ? shape.back() : shape.front()) = width;
            value = value * factors.view(shape);
        }
        folded[name] = value.contiguous();
    }
    return folded;
}

/// Logits [B, classes] of normalised images [B, 3, 64, 64]. `ranges`, when given, receives the channels' range
/// (max - min over images and tokens) at every LayerNorm input.
Tensor forward(const Weights &weights, const Tensor &factors, const Tensor &images,
               std::vector<Tensor> *ranges = nullptr)
{
    const auto linear = [&weights](const std::string &name, const Tensor &x) {
        return torch::linear(x, weights.at(name + ".weight"), weights.at(name + ".bias"));
    };
    const auto layerNorm = [&](const std::string &name, const Tensor &x) {
        if (ranges)
            ranges->push_back(x.flatten(0, 1).amax(0) - x.flatten(0, 1).amin(0));
        return torch::layer_norm(x, {width}, weights.at(name + ".weight"), weights.at(name + ".bias"), epsilon);
    };
    const int64_t count = images.size(0);
    const Tensor embedded = torch::conv2d(images, weights.at("patch_embed.proj.weight"),
                                          weights.at("patch_embed.proj.bias"), patch).flatten(2).transpose(1, 2);
    Tensor x = torch::cat({weights.at("cls_token").expand({count, 1, width}), embedded}, 1);
    x = (x + weights.at("pos_embed")) * factors;
    for (int64_t block = 0; block < depth; ++block) {
        const std::string prefix = blockName(block);
        // Behind the last attention only the class token matters; the others are computed for their ranges only.
        const int64_t rows = block + 1 == depth && !ranges ? 1 : tokens;
        const Tensor qkv = linear(prefix + "attn.qkv", layerNorm(prefix + "norm1", x))
                               .view({count, tokens, 3, heads, width / heads}).permute({2, 0, 3, 1, 4});
        const Tensor scores = torch::matmul(qkv[0].narrow(2, 0, rows), qkv[1].transpose(-2, -1))
                              / std::sqrt(static_cast<double>(width) / heads);
        const Tensor context = torch::matmul(torch::softmax(scores, -1), qkv[2]).transpose(1, 2)
                                   .reshape({count, rows, width});
        x = x.narrow(1, 0, rows) + linear(prefix + "attn.proj", context) * factors;
        const Tensor activation = torch::gelu(linear(prefix + "mlp.fc1", layerNorm(prefix + "norm2", x)));
        x = x + linear(prefix + "mlp.fc2", activation) * factors;
    }
    return linear("head", layerNorm("norm", x).select(1, 0));
}

// ------------------------------------------------------------------------------------------------------ training

/// Linear warm-up over a tenth of the steps, then a cosine to zero.
double learningRate(const Options &options, int64_t step)
{
    const double warmup = std::max<double>(1, 0.1 * static_cast<double>(options.steps));
    const double at = static_cast<double>(step);
    if (at < warmup)
        return options.rate * (at + 1) / warmup;
    const double progress = (at - warmup) / std::max(1.0, static_cast<double>(options.steps) - warmup);
    return options.rate * 0.5 * (1 + std::cos(std::numbers::pi * progress));
}

Weights train(const Options &options, const Tensor &factors)
{
    Weights weights = initialWeights(factors);
    std::vector<Tensor> decayed;
    std::vector<Tensor> free;
    for (auto &[name, weight] : weights) {
        weight.set_requires_grad(true);
        (weight.dim() == 2 || weight.dim() == 4 ? decayed : free).push_back(weight);
    }
    using torch::optim::AdamWOptions;
    const auto group = [&](std::vector<Tensor> parameters, double decay) {
        auto settings = std::make_unique<AdamWOptions>(options.rate);
        settings->weight_decay(decay);
        return torch::optim::OptimizerParamGroup(std::move(parameters), std::move(settings));
    };
    torch::optim::AdamW optimizer({group(decayed, 0.05), group(free, 0)}, AdamWOptions(options.rate));
    decayed.insert(decayed.end(), free.begin(), free.end());

    const auto start = std::chrono::steady_clock::now();
    double loss = 0;
    double correct = 0;
    constexpr int64_t every = 50;
    for (int64_t step = 0; step < options.steps; ++step) {
        for (auto &parameters : optimizer.param_groups())
            static_cast<AdamWOptions &>(parameters.options()).lr(learningRate(options, step));
        const Batch batch = drawTrainingBatch(step, options.batch);
        const Tensor logits = forward(weights, factors, batch.images);
        const Tensor value = torch::cross_entropy_loss(logits, batch.labels);
        optimizer.zero_grad();
        value.backward();
        torch::nn::utils::clip_grad_norm_(decayed, 1.0);
        optimizer.step();
        loss += value.item<double>();
        correct += logits.argmax(1).eq(batch.labels).sum().item<double>();
        if ((step + 1) % every == 0) {
            fmt::print(stderr, "step {:5} loss {:.4f} top-1 {:6.2f} % {:.0f} s\n", step + 1, loss / every,
                       100 * correct / static_cast<double>(every * options.batch), secondsSince(start));
            loss = correct = 0;
        }
    }
    fmt::print("trained on {} pictures in {:.0f} s with {} threads\n", options.steps * options.batch,
               secondsSince(start), options.threads);
    return weights;
}

// ------------------------------------------------------------------------------------------------------- outputs

template <typename T>
T valueOrThrow(Result<T> result)
{
    if (!result)
        throw std::runtime_error(result.error().message());
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

void writeWeights(const Weights &weights, const Options &options, const std::string &classes, const fs::path &file)
{
    Weights halves; // owns what the entries point to
    TensorStore::Tensors tensors;
    for (const auto &[name, weight] : weights) {
        const Tensor &half = halves[name] = weight.to(torch::kFloat16).contiguous();
        tensors[name] = {TensorType::F16, half.sizes().vec(),
                         {static_cast<const std::byte *>(half.data_ptr()), half.nbytes()}};
    }
    const std::map<std::string, std::string> metadata = {
        {"format", "pt"},
        {"model", "quantoscope_demo_vit"},
        {"description",
         "Vision transformer of Quantoscope's demo, trained by quantoscope-train-demo on drawn pictures"},
        {"architecture",
         fmt::format("patch {}, image {}, width {}, depth {}, heads {}, MLP ratio 4, LayerNorm eps 1e-6, exact GELU",
                     patch, demoImageSize, width, depth, heads)},
        {"training", fmt::format("{} steps of {} pictures, AdamW, peak rate {}, seed {}", options.steps,
                                 options.batch, options.rate, torchSeed)},
        {"channel_factors",
         fmt::format("Fixed per-channel factors 2^u on everything that writes the residual stream, u in [-1.5, 1.5], "
                     "u in [2.2, 3.2] for {} channels; set before training, folded into the weights afterwards",
                     strongChannels)},
        {"heads", std::to_string(heads)},
        {"resize", "64"},
        {"crop", "64"},
        {"interpolation", "bicubic"},
        {"mean", "0.5,0.5,0.5"},
        {"std", "0.5,0.5,0.5"},
        {"classes", classes},
        {"license", "GPL-3.0-or-later"},
    };
    valueOrThrow(writeSafetensors(file.string(), tensors, metadata));
}

Weights readWeights(const fs::path &file)
{
    const TensorStorePtr store = valueOrThrow(openTensorStore(file.string()));
    Weights weights;
    for (const auto &[name, entry] : store->tensors()) {
        Tensor weight = torch::empty(entry.shape, torch::kFloat32);
        convertToFloat(entry, weight.data_ptr<float>());
        weights[name] = weight;
    }
    return weights;
}

void reportAccuracy(const fs::path &folder, const fs::path &weightFile)
{
    const Weights weights = readWeights(weightFile);
    const Batch batch = readPictures(folder, DemoSet::Validation, validationPerClass);
    std::vector<Tensor> ranges;
    const Tensor logits = forward(weights, torch::ones({width}), batch.images, &ranges);
    const Tensor best = std::get<1>(logits.topk(5, 1));
    const Tensor hits = best.eq(batch.labels.unsqueeze(1));
    const int64_t count = batch.labels.size(0);
    const int64_t top1 = hits.select(1, 0).sum().item<int64_t>();
    const int64_t top5 = hits.sum().item<int64_t>();
    fmt::print("reloaded from disk: {} images, top-1 {:.2f} % ({}), top-5 {:.2f} % ({})\n", count,
               100.0 * static_cast<double>(top1) / static_cast<double>(count), top1,
               100.0 * static_cast<double>(top5) / static_cast<double>(count), top5);
    for (int64_t i = 0; i < count; ++i) {
        const int64_t label = batch.labels[i].item<int64_t>();
        const int64_t guess = best[i][0].item<int64_t>();
        if (label != guess)
            fmt::print("  {}/{:03}.png taken for {}\n", name(static_cast<DemoClass>(label)), i % validationPerClass,
                       name(static_cast<DemoClass>(guess)));
    }
    fmt::print("channel ranges at LayerNorm inputs, largest over median:");
    for (const Tensor &range : ranges)
        fmt::print(" {:.1f}", (range.max() / range.median()).item<double>());
    fmt::print("\n");
}

std::string writeClassList(const fs::path &folder)
{
    std::string joined;
    std::ofstream list(folder / "images" / "classes.txt");
    for (int demoClass = 0; demoClass < demoClassCount; ++demoClass) {
        const std::string className = name(static_cast<DemoClass>(demoClass));
        list << className << '\n';
        joined += (demoClass ? "," : "") + className;
    }
    if (!list.flush())
        throw std::runtime_error("cannot write " + (folder / "images" / "classes.txt").string());
    return joined;
}

void regenerate(const Options &options)
{
    // LibTorch may start with one thread; the count is part of what makes a training run repeatable.
    at::set_num_threads(options.threads);
    torch::manual_seed(torchSeed);
    const fs::path folder = options.folder;
    const fs::path weightFile = folder / "demo_vit.safetensors";
    fs::create_directories(folder / "images");
    const std::string classes = writeClassList(folder);
    const uintmax_t pictureBytes = writePictures(folder, DemoSet::Calibration, calibrationPerClass)
                                   + writePictures(folder, DemoSet::Validation, validationPerClass);

    const Tensor factors = channelFactors();
    const Weights trained = train(options, factors);
    torch::NoGradGuard noGradients;
    writeWeights(foldFactors(trained, factors), options, classes, weightFile);
    fmt::print("{}: {} bytes of weights, {} bytes of pictures\n", folder.string(), fs::file_size(weightFile),
               pictureBytes);
    reportAccuracy(folder, weightFile);
}

} // namespace

int main(int argc, char **argv)
{
    Options options;
    CLI::App app("Trains the demo's vision transformer and writes its weights, pictures and class list");
    app.add_option("folder", options.folder, "Where to write, in the source tree: resources/demo")->required();
    app.add_option("--steps", options.steps, "Training steps")->check(CLI::Range(1, 100000))->capture_default_str();
    app.add_option("--batch", options.batch, "Pictures per step")->check(CLI::Range(1, 4096))->capture_default_str();
    app.add_option("--rate", options.rate, "Peak learning rate")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--threads", options.threads, "Threads")->check(CLI::PositiveNumber)->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        regenerate(options);
    } catch (const std::exception &error) {
        fmt::print(stderr, "quantoscope-train-demo: {}\n", error.what());
        return 1;
    }
    return 0;
}
