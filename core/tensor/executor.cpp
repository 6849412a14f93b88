// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/executor.h"

#include "core/tensor/blas_threads.h"
#include "core/tensor/device_traffic.h"
#include "core/tensor/device_wait.h"
#include "core/tensor/node_values.h"
#include "core/tensor/shard_meeting.h"
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
#include <optional>
#include <thread>

namespace quantoscope {

/// Of the images that one thread works on.
struct ShardPrefix {
    std::map<int, at::Tensor> values; ///< by node
};

struct ExecutionPrefix::Private {
    int images = 0;
    KeptNodes kept;
    std::vector<ShardPrefix> shards;
};

ExecutionPrefix::ExecutionPrefix() : d(std::make_unique<Private>()) {}
ExecutionPrefix::~ExecutionPrefix() = default;
ExecutionPrefix::ExecutionPrefix(ExecutionPrefix &&) noexcept = default;
ExecutionPrefix &ExecutionPrefix::operator=(ExecutionPrefix &&) noexcept = default;

class Executor::Private : public NodeValues {
public:
    int threads = 1;
    bool splitImages = true;

    class ShardMember;

    /// Threads inside an operator, for the calling thread.
    static void useThreads(int count)
    {
        omp_set_num_threads(count);
        at::set_num_threads(count);
        if (openblas_set_num_threads)
            openblas_set_num_threads(count);
    }

    [[nodiscard]] int shardsFor(int images, bool split) const
    {
        return split && splitImages && kernels ? std::min(threads, images) : 1;
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
        // A shard that was stopped because of another says so; the other knows the reason.
        for (Result<std::vector<float>> &one : parts)
            if (!one && one.error().code != ErrorCode::Cancelled)
                return one;
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

    /// What to keep on the way, and where to start.
    struct Route {
        const KeptNodes *kept = nullptr;
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
        const Result<at::Tensor> output = walk(uploadedImages(pixels, images), mode, visitor, cancel, route);
        if (!output)
            return fail(output.error());
        const at::Tensor logits = output->to(at::kCPU).contiguous();
        const float *data = logits.data_ptr<float>();
        return std::vector<float>(data, data + logits.numel());
    }

    /// The output node's value, on the device.
    Result<at::Tensor> walk(const at::Tensor &image, ExecutionMode &mode, TapVisitor *visitor,
                            const CancelToken &cancel, const Route &route) const
    {
        const std::vector<Node> &nodes = graph().nodes;
        std::vector<at::Tensor> values(nodes.size());
        std::vector<char> kept = route.keep ? route.kept->values : std::vector<char>(nodes.size());
        const int last = route.from ? route.kept->lastBefore(route.firstChanged) : -1;
        for (const int node : lives.aliveBehind(last))
            values[static_cast<size_t>(node)] = route.from->values.at(node);
        std::fill_n(kept.begin(), last + 1, 1);
        const OtherReaders others{visitor, &kept};
        const auto start = static_cast<size_t>(last + 1);
        for (size_t n = start; n < nodes.size(); ++n) {
            if (cancel.isCancelled())
                return fail(ErrorCode::Cancelled, "stopped on request");
            const Node &node = nodes[n];
            const int tap = outputTap[n];
            const std::optional<at::Tensor> fused = computeFused(n, values, image, mode, others);
            at::Tensor value = fused ? *fused : compute(n, values, image, mode);
            const bool look = others.look(tap);
            if (look) {
                value = value.contiguous();
                visitor->visit(tap, viewOf(value.to(at::kCPU)), mode);
            }
            if (!fused)
                value = quantized(n, value, mode);
            if (look && visitor->wantsResult(tap))
                visitor->visitResult(tap, viewOf(value.to(at::kCPU)));
            values[n] = std::move(value);
            if (visitor)
                visitor->passed(static_cast<int>(n));
            if (route.keep && route.kept->values[n] != 0)
                route.keep->values[static_cast<int>(n)] = values[n];
            for (const int input : node.inputs)
                if (lives.lastReader[static_cast<size_t>(input)] == static_cast<int>(n))
                    values[static_cast<size_t>(input)].reset();
        }
        return values[static_cast<size_t>(graph().output)];
    }
};

/// A shard's view of a ShardVisitor.
class Executor::Private::ShardMember final : public TapVisitor {
public:
    ShardMember(const Private &executor, ShardVisitor &visitor, ShardMeeting &meeting, int shard, int shardImages, int images)
        : m_executor(executor), m_visitor(visitor), m_meeting(meeting), m_shard(shard), m_shardImages(shardImages),
          m_images(images)
    {
    }
    bool wants(int tap) const override { return m_visitor.wants(tap); }
    void visit(int tap, const TensorView &value, ExecutionMode &mode) override
    {
        const bool byImage
            = m_executor.lives.byImage[static_cast<size_t>(m_executor.graph().taps[static_cast<size_t>(tap)].node)] != 0;
        const bool counts = byImage || m_shard == 0;
        if (counts)
            m_visitor.visit(m_shard, tap, value, byImage ? value.elements() / m_shardImages * m_images : value.elements());
        if (m_visitor.gathers(tap))
            m_meeting.arrive(m_shard, counts ? &value : nullptr, [&](std::span<const TensorView> parts) {
                const int before = omp_get_max_threads();
                omp_set_num_threads(m_executor.threads);
                m_visitor.gather(tap, parts, mode);
                omp_set_num_threads(before);
            });
    }

private:
    const Private &m_executor;
    ShardVisitor &m_visitor;
    ShardMeeting &m_meeting;
    int m_shard;
    int m_shardImages;
    int m_images;
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
            // TF32 keeps ten bits of a factor's mantissa, fewer than 8-bit codes times their scale need.
            at::globalContext().setAllowTF32CuBLAS(options.allowTf32);
            at::globalContext().setAllowTF32CuDNN(options.allowTf32);
        } else if (options.device != "cpu") {
            return fail(ErrorCode::BadInput, fmt::format("no device is called '{}'", options.device), "--device",
                        "give cpu or cuda");
        } else if (options.allowTf32) {
            return fail(ErrorCode::BadInput, "TF32 is a format of GPUs", "--allow-tf32",
                        "leave it away, or use --device cuda");
        }
        executor->d->kernels = executor->d->device.is_cpu() && !options.deviceOperators;
        executor->d->rowSums = options.splitImages ? SumOrder::Exact : SumOrder::Published;
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

Result<std::vector<float>> Executor::runShards(std::span<const float> pixels, int images, ExecutionMode &mode,
                                               ShardVisitor &visitor, const CancelToken &cancel)
{
    return guardInference([&] {
        Private::useThreads(d->threads);
        d->prepareWeights(mode);
        const int shardCount = shards(images);
        ShardMeeting meeting(shardCount);
        auto logits = Private::inShards(shardCount, images,
                                        [&](int shard, int first, int count) -> Result<std::vector<float>> {
            const ShardMeeting::Membership membership(meeting);
            Private::ShardMember member(*d, visitor, meeting, shard, count, images);
            try {
                return d->forward(Private::imagesOf(pixels, images, first, count), count, mode, &member, cancel, {});
            } catch (const MeetingEnded &) {
                return fail(ErrorCode::Cancelled, "another shard stopped");
            }
        });
        Private::useThreads(d->threads); // the caller has work left to do with what it saw
        return logits;
    });
}

int Executor::shards(int images) const
{
    return d->shardsFor(images, true);
}

Result<std::vector<float>> Executor::runKeeping(std::span<const float> pixels, int images, ExecutionMode &mode,
                                                int64_t bytesLimit, ExecutionPrefix &prefix, const CancelToken &cancel)
{
    return guardInference([&] {
        Private::useThreads(d->threads);
        d->prepareWeights(mode);
        prefix.d->images = images;
        prefix.d->kept = KeptNodes::within(bytesLimit, images, d->graph(), d->lives);
        prefix.d->shards.assign(static_cast<size_t>(d->shardsFor(images, true)), {});
        return Private::inShards(d->shardsFor(images, true), images, [&](int shard, int first, int count) {
            const Private::Route route{&prefix.d->kept, &prefix.d->shards[static_cast<size_t>(shard)]};
            return d->forward(Private::imagesOf(pixels, images, first, count), count, mode, nullptr, cancel, route);
        });
    });
}

Result<std::vector<float>> Executor::runFrom(const ExecutionPrefix &prefix, int firstChanged,
                                             std::span<const float> pixels, ExecutionMode &mode,
                                             const CancelToken &cancel)
{
    return d->resume(prefix.d->images, prefix.d->shards.size(), pixels, mode, cancel, [&](size_t shard) {
        return Private::Route{&prefix.d->kept, nullptr, &prefix.d->shards[shard], firstChanged};
    });
}

Result<std::vector<float>> Executor::continueFrom(ExecutionPrefix &prefix, int firstChanged, std::span<const float> pixels,
                                                  ExecutionMode &mode, const CancelToken &cancel)
{
    return d->resume(prefix.d->images, prefix.d->shards.size(), pixels, mode, cancel, [&](size_t shard) {
        return Private::Route{&prefix.d->kept, &prefix.d->shards[shard], &prefix.d->shards[shard], firstChanged};
    });
}

int ExecutionPrefix::lastBefore(int firstChanged) const
{
    return d->kept.lastBefore(firstChanged);
}

Result<DeviceTraffic> Executor::traffic(std::span<const float> pixels, int images, ExecutionMode &mode)
{
    return guardInference([&]() -> Result<DeviceTraffic> {
        Private dry;
        if (d->device.is_cpu()) {
            completeMetaDevice();
            dry.model = d->model;
            dry.stored = d->stored;
            dry.device = at::Device(at::kMeta);
            dry.kernels = false;
            dry.rowSums = d->rowSums;
            dry.load();
        }
        Private &counted = d->device.is_cpu() ? dry : *d;
        const auto batch = [&]() -> Result<DeviceTraffic> {
            const TrafficCounter counter(counted.device.type());
            counted.prepareWeights(mode);
            const auto output = counted.walk(counted.uploadedImages(pixels, images), mode, nullptr, {}, {});
            if (!output)
                return fail(output.error());
            if (!counted.device.is_meta())
                static_cast<void>(output->to(at::kCPU));
            DeviceTraffic traffic = counter.traffic();
            traffic.downloads += counted.device.is_meta(); // the logits, which have no values to copy
            return traffic;
        };
        const Result<DeviceTraffic> first = batch();
        Result<DeviceTraffic> second = first ? batch() : first;
        if (second)
            second->prepared = first->uploads - second->uploads;
        return second;
    });
}

void Executor::synchronise() const
{
    waitFor(d->device);
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
        synchronise();
        const auto start = std::chrono::steady_clock::now();
        out = at::matmul(a, a);
        synchronise();
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
