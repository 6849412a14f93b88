// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/executor.h"

#include "core/data/channel_axis.h"
#include "core/quantization/fake_quantize.h"
#include "core/quantization/integer_layer_norm.h"
#include "core/quantization/log_int_softmax.h"
#include "core/tensor/blas_threads.h"
#include "core/tensor/device_quantize.h"
#include "core/tensor/operators.h"
#include "core/tensor/torch_guard.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/version.h>

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

namespace quantoscope {

namespace {

/// `fresh`: nobody else reads the memory, so it may be overwritten. `run`: scaleRun() of the tap.
at::Tensor quantized(const at::Tensor &x, const QuantizerParameters &p, int64_t run, bool fresh)
{
    if (!x.is_cpu())
        return fakeQuantizeOnDevice(x, p, run);
    const at::Tensor in = x.contiguous();
    at::Tensor out = fresh || !in.is_same(x) ? in : at::empty_like(in);
    fakeQuantize(p, in.data_ptr<float>(), out.data_ptr<float>(), in.numel(), run);
    return out;
}

} // namespace

ExecutionMode ExecutionMode::floatMode(const Graph &graph)
{
    ExecutionMode mode;
    mode.quantize.assign(graph.taps.size(), 0);
    mode.kernels.assign(graph.nodes.size(), NodeKernel::Float);
    mode.parameters.resize(graph.taps.size());
    return mode;
}

ExecutionMode ExecutionMode::quantizedMode(const Graph &graph, const std::vector<TapSetting> &settings)
{
    ExecutionMode mode = floatMode(graph);
    for (size_t t = 0; t < settings.size(); ++t)
        mode.quantize[t] = settings[t].isQuantized();
    const auto uniformTap = [&](int tap) {
        return tap >= 0 && settings[static_cast<size_t>(tap)].quantizer == QuantizerKind::Uniform;
    };
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
        const Node &node = graph.nodes[n];
        const int own = graph.outputTap(static_cast<int>(n));
        if (node.op == Operator::Softmax
            && settings[static_cast<size_t>(own)].quantizer == QuantizerKind::LogIntSoftmax
            && uniformTap(graph.outputTap(node.inputs[0]))) {
            // The kernel's output already lies on the log2 grid. Without a scale of the scores a float softmax is
            // followed by the log2 quantizer instead.
            mode.kernels[n] = NodeKernel::LogIntSoftmax;
            mode.quantize[static_cast<size_t>(own)] = 0;
        } else if (node.op == Operator::LayerNorm && settings[static_cast<size_t>(own)].integerLayerNorm
                   && uniformTap(own) && uniformTap(graph.outputTap(graph.valueSource(node.inputs[0])))) {
            mode.kernels[n] = NodeKernel::IntegerLayerNorm;
        }
    }
    return mode;
}

/// Of the images that one thread works on.
struct ShardPrefix {
    std::map<int, at::Tensor> values; ///< by node
};

struct ExecutionPrefix::Private {
    int images = 0;
    std::vector<int> cuts; ///< nodes whose values are kept
    std::vector<ShardPrefix> shards;
};

ExecutionPrefix::ExecutionPrefix() : d(std::make_unique<Private>()) {}
ExecutionPrefix::~ExecutionPrefix() = default;
ExecutionPrefix::ExecutionPrefix(ExecutionPrefix &&) noexcept = default;
ExecutionPrefix &ExecutionPrefix::operator=(ExecutionPrefix &&) noexcept = default;

class Executor::Private {
public:
    ModelPtr model;
    int threads = 1;
    bool splitImages = true;
    at::Device device{at::kCPU};
    std::map<std::string, at::Tensor> stored;   ///< float32 on the CPU
    std::map<std::string, at::Tensor> onDevice; ///< the same on `device`
    struct PreparedWeight {
        QuantizerParameters parameters;
        at::Tensor tensor;
    };
    std::vector<PreparedWeight> prepared; ///< per tap
    std::vector<int> outputTap;           ///< per node
    std::vector<int> weightTap;           ///< per node
    std::vector<int> lastReader;          ///< per node: index of the last node that needs its value
    std::vector<int> cuts;                ///< nodes after which no other value is needed any more
    std::vector<NodeConstants> constants; ///< per node

    const Graph &graph() const { return model->graph; }

    void load()
    {
        for (const auto &[name, entry] : model->tensors->tensors()) {
            at::Tensor tensor;
            if (entry.isPlainFloat()) {
                // Read in place from the memory map, which the model keeps alive.
                tensor = at::from_blob(const_cast<std::byte *>(entry.bytes.data()), entry.shape, at::kFloat);
            } else {
                tensor = at::empty(entry.shape, at::kFloat);
                convertToFloat(entry, tensor.data_ptr<float>());
                releasePages(entry);
            }
            onDevice[name] = device.is_cpu() ? tensor : tensor.to(device);
            stored[name] = std::move(tensor);
        }
        prepared.resize(graph().taps.size());
        lastReader.assign(graph().nodes.size(), -1);
        for (size_t n = 0; n < graph().nodes.size(); ++n) {
            outputTap.push_back(graph().outputTap(static_cast<int>(n)));
            weightTap.push_back(graph().weightTap(static_cast<int>(n)));
            constants.push_back(constantsOf(graph().nodes[n], device));
            for (const int input : graph().nodes[n].inputs)
                lastReader[static_cast<size_t>(input)] = static_cast<int>(n);
        }
        lastReader[static_cast<size_t>(graph().output)] = static_cast<int>(graph().nodes.size());
        int alive = -1; // the last node that reads anything before n
        for (size_t n = 0; n < graph().nodes.size(); ++n) {
            if (alive <= static_cast<int>(n))
                cuts.push_back(static_cast<int>(n));
            alive = std::max(alive, lastReader[n]);
        }
    }

    /// Threads inside an operator, for the calling thread.
    static void useThreads(int count)
    {
        omp_set_num_threads(count);
        at::set_num_threads(count);
        if (openblas_set_num_threads)
            openblas_set_num_threads(count);
    }

    const at::Tensor &parameterOf(const Node &node, size_t index) const { return onDevice.at(node.parameters[index]); }

    /// Fake-quantizes the weights that the mode wants so; they are kept until other parameters are asked for.
    void prepareWeights(const ExecutionMode &mode)
    {
        for (size_t n = 0; n < graph().nodes.size(); ++n) {
            if (weightTap[n] < 0 || !mode.quantize[static_cast<size_t>(weightTap[n])])
                continue;
            const QuantizerParameters &p = mode.parameters[static_cast<size_t>(weightTap[n])];
            PreparedWeight &ready = prepared[static_cast<size_t>(weightTap[n])];
            if (ready.tensor.defined() && ready.parameters == p)
                continue;
            const at::Tensor &source = stored.at(graph().nodes[n].parameters[0]);
            at::Tensor out = at::empty_like(source);
            fakeQuantize(p, source.data_ptr<float>(), out.data_ptr<float>(), source.numel(),
                         scaleRun(graph(), graph().taps[static_cast<size_t>(weightTap[n])], p.scale.size()));
            ready = {p, device.is_cpu() ? out : out.to(device)};
        }
    }

    const at::Tensor &weight(size_t n, const ExecutionMode &mode) const
    {
        const auto tap = static_cast<size_t>(weightTap[n]);
        return mode.quantize[tap] ? prepared[tap].tensor : parameterOf(graph().nodes[n], 0);
    }

    at::Tensor integerNorm(size_t n, const at::Tensor &x, const ExecutionMode &mode) const
    {
        const Node &node = graph().nodes[n];
        const int source = outputTap[static_cast<size_t>(graph().valueSource(node.inputs[0]))];
        const at::Tensor in = x.to(at::kCPU).contiguous();
        at::Tensor out = at::empty_like(in);
        integerLayerNorm(in.data_ptr<float>(), out.data_ptr<float>(), in.numel() / in.size(-1), in.size(-1),
                         mode.parameters[static_cast<size_t>(source)].scale,
                         mode.parameters[static_cast<size_t>(outputTap[n])].scale[0],
                         stored.at(node.parameters[0]).data_ptr<float>(),
                         stored.at(node.parameters[1]).data_ptr<float>());
        return out.to(device);
    }

    /// `fresh`: nobody else reads `x`, so it may be overwritten.
    at::Tensor integerSoftmax(size_t n, const at::Tensor &x, bool fresh, const ExecutionMode &mode) const
    {
        const auto scores = static_cast<size_t>(outputTap[static_cast<size_t>(graph().nodes[n].inputs[0])]);
        const QuantizerParameters &own = mode.parameters[static_cast<size_t>(outputTap[n])];
        const bool masked = constants[n].mask.defined();
        const at::Tensor in = (masked ? maskedScores(x, constants[n].mask) : x).to(at::kCPU).contiguous();
        at::Tensor out = masked || (fresh && x.is_cpu()) ? in : at::empty_like(in);
        const int64_t length = in.size(-1);
        logIntSoftmax(in.data_ptr<float>(), out.data_ptr<float>(), in.numel() / length, length,
                      mode.parameters[scores].scale[0], own.bits, own.arithmetic);
        return out.to(device);
    }

    at::Tensor compute(size_t n, std::vector<at::Tensor> &values, const at::Tensor &image, const ExecutionMode &mode) const
    {
        const Node &node = graph().nodes[n];
        if (node.op == Operator::Input)
            return image;
        const auto input = [&](size_t i) -> at::Tensor & { return values[static_cast<size_t>(node.inputs[i])]; };
        if (mode.kernels[n] == NodeKernel::IntegerLayerNorm)
            return integerNorm(n, input(0), mode);
        if (mode.kernels[n] == NodeKernel::LogIntSoftmax)
            return integerSoftmax(n, input(0), lastReader[static_cast<size_t>(node.inputs[0])] == static_cast<int>(n), mode);
        std::vector<at::Tensor> inputs;
        for (size_t i = 0; i < node.inputs.size(); ++i)
            inputs.push_back(input(i));
        std::vector<at::Tensor> parameters;
        for (size_t i = 0; i < node.parameters.size(); ++i)
            parameters.push_back(i == 0 && weightTap[n] >= 0 ? weight(n, mode) : parameterOf(node, i));
        return applyOperator(node, inputs, parameters, constants[n]);
    }

    [[nodiscard]] int shardsFor(int images, bool split) const
    {
        return split && splitImages && device.is_cpu() ? std::min(threads, images) : 1;
    }

    /// Images at once on threads of their own, one thread inside each operator: no thread waits for another between
    /// operators. Like another batch size, the split moves the last bits, because BLAS sums the rows at the edge of a
    /// matrix in another order. `work(shard, first, count)` yields the logits of `count` images from `first` on.
    template <typename Work>
    static Result<std::vector<float>> inShards(int shards, int images, const Work &work)
    {
        if (shards == 1)
            return work(0, 0, images);
        std::vector<Result<std::vector<float>>> parts(static_cast<size_t>(shards));
        const auto part = [&](int shard) {
            const int first = images * shard / shards;
            const int count = images * (shard + 1) / shards - first;
            parts[static_cast<size_t>(shard)] = guardInference([&] {
                useThreads(1);
                return work(shard, first, count);
            });
        };
        std::vector<std::thread> others;
        for (int shard = 1; shard < shards; ++shard)
            others.emplace_back(part, shard);
        part(0);
        for (std::thread &other : others)
            other.join();
        std::vector<float> logits;
        for (Result<std::vector<float>> &one : parts) {
            if (!one)
                return one;
            logits.insert(logits.end(), one->begin(), one->end());
        }
        return logits;
    }

    [[nodiscard]] static std::span<const float> imagesOf(std::span<const float> pixels, int images, int first, int count)
    {
        const size_t perImage = pixels.size() / static_cast<size_t>(images);
        return pixels.subspan(static_cast<size_t>(first) * perImage, static_cast<size_t>(count) * perImage);
    }

    /// Of the cuts as many, evenly spread, as `bytesLimit` allows for `images` images.
    [[nodiscard]] std::vector<int> cutsWithin(int64_t bytesLimit, int images) const
    {
        int64_t bytes = 0;
        for (const int cut : cuts)
            bytes += graph().taps[static_cast<size_t>(outputTap[static_cast<size_t>(cut)])].elements * images
                * static_cast<int64_t>(sizeof(float));
        const int64_t step = std::max<int64_t>(1, (bytes + bytesLimit - 1) / std::max<int64_t>(1, bytesLimit));
        std::vector<int> kept; // none when the limit is below one of them
        for (auto i = static_cast<size_t>(step - 1); i < cuts.size(); i += static_cast<size_t>(step))
            kept.push_back(cuts[i]);
        return kept;
    }

    /// What to keep on the way, and where to start.
    struct Route {
        const std::vector<int> *keptCuts = nullptr;
        ShardPrefix *keep = nullptr;
        const ShardPrefix *from = nullptr;
        int firstChanged = 0; ///< with `from`: values of earlier nodes may be taken from there
    };

    /// One run over the shards of a prefix; `routeOf` says what each keeps and where it starts.
    template <typename RouteOf>
    Result<std::vector<float>> resume(int images, size_t shards, std::span<const float> pixels, ExecutionMode &mode,
                                      const CancelToken &cancel, RouteOf &&routeOf)
    {
        return guardInference([&] {
            useThreads(threads);
            prepareWeights(mode);
            return inShards(static_cast<int>(shards), images, [&](int shard, int first, int count) {
                return forward(imagesOf(pixels, images, first, count), count, mode, nullptr, cancel,
                               routeOf(static_cast<size_t>(shard)));
            });
        });
    }

    Result<std::vector<float>> forward(std::span<const float> pixels, int images, ExecutionMode &mode,
                                       TapVisitor *visitor, const CancelToken &cancel, const Route &route) const
    {
        const std::vector<Node> &nodes = graph().nodes;
        std::vector<int64_t> shape = {images};
        shape.insert(shape.end(), nodes[0].shape.begin(), nodes[0].shape.end());
        at::Tensor image = at::from_blob(const_cast<float *>(pixels.data()), shape, at::kFloat);
        if (!device.is_cpu())
            image = image.to(device);
        std::vector<at::Tensor> values(nodes.size());
        size_t start = 0;
        if (route.from) {
            auto later = route.from->values.lower_bound(route.firstChanged);
            if (later != route.from->values.begin()) {
                const auto &[node, value] = *--later;
                values[static_cast<size_t>(node)] = value;
                start = static_cast<size_t>(node) + 1;
            }
        }
        for (size_t n = start; n < nodes.size(); ++n) {
            if (cancel.isCancelled())
                return fail(ErrorCode::Cancelled, "stopped on request");
            const Node &node = nodes[n];
            const int tap = outputTap[n];
            at::Tensor value = compute(n, values, image, mode);
            const bool look = visitor && visitor->wants(tap);
            const bool round = mode.quantize[static_cast<size_t>(tap)] != 0;
            if (look || round) {
                if (look) {
                    value = value.contiguous();
                    visitor->visit(tap, viewOf(value.to(at::kCPU)), mode);
                }
                if (round) {
                    const QuantizerParameters &p = mode.parameters[static_cast<size_t>(tap)];
                    const bool fresh = node.op != Operator::Input && node.op != Operator::Parameter && !isView(node.op);
                    const int64_t run = scaleRun(graph(), graph().taps[static_cast<size_t>(tap)], p.scale.size());
                    value = quantized(value, p, run, fresh);
                }
                if (look)
                    visitor->visitResult(tap, viewOf(value.to(at::kCPU)));
            }
            values[n] = std::move(value);
            if (route.keep && std::binary_search(route.keptCuts->begin(), route.keptCuts->end(), static_cast<int>(n)))
                route.keep->values[static_cast<int>(n)] = values[n];
            for (const int input : node.inputs)
                if (lastReader[static_cast<size_t>(input)] == static_cast<int>(n))
                    values[static_cast<size_t>(input)].reset();
        }
        const at::Tensor logits = values[static_cast<size_t>(graph().output)].to(at::kCPU).contiguous();
        const float *data = logits.data_ptr<float>();
        return std::vector<float>(data, data + logits.numel());
    }
};

Executor::Executor() : d(std::make_unique<Private>()) {}
Executor::~Executor() = default;

Result<std::unique_ptr<Executor>> Executor::create(ModelPtr model, const ExecutorOptions &options)
{
    return guardInference([&]() -> Result<std::unique_ptr<Executor>> {
        std::unique_ptr<Executor> executor(new Executor);
        executor->d->model = std::move(model);
        executor->d->threads = options.threads > 0 ? options.threads
                                                   : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
        executor->d->splitImages = options.splitImages;
        if (options.device == "cuda") {
            if (!at::hasCUDA())
                return fail(ErrorCode::BadInput, "this LibTorch has no CUDA, or no GPU is there", "--device cuda",
                            "use --device cpu");
            executor->d->device = at::Device(at::kCUDA);
        } else if (options.device != "cpu") {
            return fail(ErrorCode::BadInput, fmt::format("no device is called '{}'", options.device), "--device",
                        "give cpu or cuda");
        }
        Private::useThreads(executor->d->threads);
        executor->d->load();
        return executor;
    });
}

Result<std::vector<float>> Executor::run(std::span<const float> pixels, int images, ExecutionMode &mode,
                                         TapVisitor *visitor, const CancelToken &cancel)
{
    return guardInference([&] {
        Private::useThreads(d->threads);
        d->prepareWeights(mode);
        return Private::inShards(d->shardsFor(images, visitor == nullptr), images, [&](int, int first, int count) {
            return d->forward(Private::imagesOf(pixels, images, first, count), count, mode, visitor, cancel, {});
        });
    });
}

Result<std::vector<float>> Executor::runKeeping(std::span<const float> pixels, int images, ExecutionMode &mode,
                                                int64_t bytesLimit, ExecutionPrefix &prefix, const CancelToken &cancel)
{
    return guardInference([&] {
        Private::useThreads(d->threads);
        d->prepareWeights(mode);
        prefix.d->images = images;
        prefix.d->cuts = d->cutsWithin(bytesLimit, images);
        prefix.d->shards.assign(static_cast<size_t>(d->shardsFor(images, true)), {});
        return Private::inShards(d->shardsFor(images, true), images, [&](int shard, int first, int count) {
            const Private::Route route{&prefix.d->cuts, &prefix.d->shards[static_cast<size_t>(shard)]};
            return d->forward(Private::imagesOf(pixels, images, first, count), count, mode, nullptr, cancel, route);
        });
    });
}

Result<std::vector<float>> Executor::runFrom(const ExecutionPrefix &prefix, int firstChanged,
                                             std::span<const float> pixels, ExecutionMode &mode,
                                             const CancelToken &cancel)
{
    return d->resume(prefix.d->images, prefix.d->shards.size(), pixels, mode, cancel, [&](size_t shard) {
        return Private::Route{nullptr, nullptr, &prefix.d->shards[shard], firstChanged};
    });
}

Result<std::vector<float>> Executor::continueFrom(ExecutionPrefix &prefix, int firstChanged, std::span<const float> pixels,
                                                  ExecutionMode &mode, const CancelToken &cancel)
{
    return d->resume(prefix.d->images, prefix.d->shards.size(), pixels, mode, cancel, [&](size_t shard) {
        return Private::Route{&prefix.d->cuts, &prefix.d->shards[shard], &prefix.d->shards[shard], firstChanged};
    });
}

int ExecutionPrefix::lastBefore(int firstChanged) const
{
    if (d->shards.empty())
        return -1;
    const auto &values = d->shards.front().values;
    auto later = values.lower_bound(firstChanged);
    return later == values.begin() ? -1 : (--later)->first;
}

TensorView Executor::parameter(const std::string &tensor) const
{
    return viewOf(d->stored.at(tensor));
}

double Executor::measureMatrixRate() const
{
    const Result<double> rate = guardInference([&]() -> Result<double> {
        Private::useThreads(d->threads);
        constexpr int64_t kSize = 768;
        const at::Tensor a = at::ones({kSize, kSize}, d->device);
        at::Tensor out = at::matmul(a, a);
        const auto start = std::chrono::steady_clock::now();
        out = at::matmul(a, a);
        const volatile float used = out[0][0].item<float>();
        static_cast<void>(used);
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return 2e-9 * static_cast<double>(kSize * kSize * kSize) / seconds;
    });
    return rate.value_or(0.0);
}

std::string Executor::deviceText() const
{
    return d->device.is_cpu() ? fmt::format("CPU, {} threads", d->threads) : d->device.str();
}

std::string Executor::libraryVersion()
{
    return fmt::format("LibTorch {}", TORCH_VERSION);
}

} // namespace quantoscope
