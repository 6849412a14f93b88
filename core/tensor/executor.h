// SPDX-License-Identifier: GPL-3.0-or-later
// Walks a model's graph. Float, calibrating, quantized and analysing runs differ in the ExecutionMode and the visitor.
#pragma once

#include "core/base/result.h"
#include "core/base/run_control.h"
#include "core/data/quantization.h"
#include "core/data/tensor_view.h"
#include "core/models/model.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace quantoscope {

/// Arithmetic that replaces a node's float operator.
enum class NodeKernel {
    Float,
    LogIntSoftmax,    ///< Softmax nodes; needs parameters of the scores' tap
    IntegerLayerNorm, ///< LayerNorm nodes; needs parameters of the taps before and after
};

/// What happens where. Vectors run parallel to Graph::taps and Graph::nodes.
struct ExecutionMode {
    std::vector<char> quantize;                  ///< per tap: fake-quantize with `parameters`
    std::vector<NodeKernel> kernels;             ///< per node
    std::vector<QuantizerParameters> parameters; ///< per tap; a visitor may fill them in while the graph runs

    [[nodiscard]] static ExecutionMode floatMode(const Graph &graph);
    /// Everything that `settings` quantize, with integer kernels where both neighbours allow it. `parameters` are
    /// still empty.
    [[nodiscard]] static ExecutionMode quantizedMode(const Graph &graph, const std::vector<TapSetting> &settings);
};

/// Looks at values while the graph runs; called in execution order on the calling thread.
class TapVisitor {
public:
    virtual ~TapVisitor() = default;
    /// Whether visit is wanted for this activation or parameter tap; asked for views of other taps' values too.
    [[nodiscard]] virtual bool wants(int tap) const = 0;
    /// The value before quantization, images first. `mode` is the running one; parameters set here are used at once.
    virtual void visit(int tap, const TensorView &value, ExecutionMode &mode) = 0;
    /// Whether visitResult is wanted, too. Off the CPU every value that is looked at is copied to the host.
    [[nodiscard]] virtual bool wantsResult(int /*tap*/) const { return false; }
    /// The value as consumers read it; only called when `wants` and `wantsResult`.
    virtual void visitResult(int /*tap*/, const TensorView & /*value*/) {}
    /// The node is done, wanted or not.
    virtual void passed(int /*node*/) {}
};

/// Looks at the values of a run whose threads work on images of their own: its shards, of which there is one where images
/// are not split.
class ShardVisitor {
public:
    virtual ~ShardVisitor() = default;
    [[nodiscard]] virtual bool wants(int tap) const = 0;
    /// A shard's value before quantization, on that shard's thread while others run. `batchElements`: of all shards
    /// together. A value that does not depend on images is seen by shard 0 alone.
    virtual void visit(int shard, int tap, const TensorView &value, int64_t batchElements) = 0;
    /// Whether gather is wanted for this tap, too.
    [[nodiscard]] virtual bool gathers(int tap) const = 0;
    /// Called once when all shards have visited the tap: on one thread, with OpenMP's threads at its disposal, while the
    /// shards wait. `parts`: their values, images in order. Parameters set here are used at once.
    virtual void gather(int tap, std::span<const TensorView> parts, ExecutionMode &mode) = 0;
};

/// Values that a run kept so that others may start behind some of its nodes: the graph's cuts, after which a single value
/// (the residual stream) carries on, and products between them.
class ExecutionPrefix {
public:
    ExecutionPrefix();
    ~ExecutionPrefix();
    ExecutionPrefix(ExecutionPrefix &&) noexcept;
    ExecutionPrefix &operator=(ExecutionPrefix &&) noexcept;

    /// Last node before `firstChanged` behind which a run may start; -1 when there is none.
    [[nodiscard]] int lastBefore(int firstChanged) const;

private:
    friend class Executor;
    struct Private;
    std::unique_ptr<Private> d;
};

struct ExecutorOptions {
    std::string device = "cpu"; ///< "cpu" or "cuda"
    int threads = 0;            ///< 0: all cores
    /// Runs without a visitor give each thread images of its own; otherwise all threads work inside each operator, as in
    /// the published programs. The two round differently in the last bits. On a device there are no such threads: there
    /// `false` asks for the published order of the integer operators' row sums, at the price of more launches.
    bool splitImages = true;
    /// Lets a GPU round the factors of float products to TF32, ten bits of mantissa. Devices without it refuse.
    bool allowTf32 = false;
    /// On the CPU, too, quantizers and integer operators are those of a device: for comparison with the kernels, slower.
    bool deviceOperators = false;
};

/// What one batch asks of a device beside the arithmetic.
struct DeviceTraffic {
    int launches = 0;  ///< operators that compute or move values there; views and allocations are none
    int uploads = 0;   ///< copies from the host
    int downloads = 0; ///< copies to the host and other values that it waits for
    int prepared = 0;  ///< uploads that only the first batch needs: constants of quantizers, quantized weights
};

/// One model on one device. Not thread-safe: one run at a time.
class Executor {
public:
    /// Errors: BadInput (unknown or absent device, TF32 without a GPU), Internal.
    [[nodiscard]] static Result<std::unique_ptr<Executor>> create(ModelPtr model, const ExecutorOptions &options);
    ~Executor();

    /// Logits [images, classes] of `images` normalised pictures [images, 3, size, size]. Quantized weights are prepared
    /// once and kept until their parameters change. `visitor` may be null.
    /// Errors: Cancelled, Internal (with the library's message; out of memory says so).
    [[nodiscard]] Result<std::vector<float>> run(std::span<const float> pixels, int images, ExecutionMode &mode,
                                                 TapVisitor *visitor, const CancelToken &cancel);

    /// As run without a visitor, with `visitor` looking. An error of one shard stops all.
    [[nodiscard]] Result<std::vector<float>> runShards(std::span<const float> pixels, int images, ExecutionMode &mode,
                                                       ShardVisitor &visitor, const CancelToken &cancel);
    /// Into how many shards runShards() splits that many images.
    [[nodiscard]] int shards(int images) const;

    /// As run without a visitor, and fills `prefix` with the values at the cuts, or at every k-th of them so that they
    /// take no more than `bytesLimit`. Where there is room for more, with what is alive behind products, too: first behind
    /// those that save most for their memory.
    [[nodiscard]] Result<std::vector<float>> runKeeping(std::span<const float> pixels, int images, ExecutionMode &mode,
                                                        int64_t bytesLimit, ExecutionPrefix &prefix,
                                                        const CancelToken &cancel);
    /// Logits of the prefix's images (`pixels` are the same again), starting from the last kept value before node
    /// `firstChanged`. Equal to a whole run, bit for bit, when `mode` equals the prefix's for all earlier nodes.
    [[nodiscard]] Result<std::vector<float>> runFrom(const ExecutionPrefix &prefix, int firstChanged,
                                                     std::span<const float> pixels, ExecutionMode &mode,
                                                     const CancelToken &cancel);

    /// As runFrom; afterwards `prefix` holds the values of `mode`. After an error its values are a mixture.
    [[nodiscard]] Result<std::vector<float>> continueFrom(ExecutionPrefix &prefix, int firstChanged,
                                                          std::span<const float> pixels, ExecutionMode &mode,
                                                          const CancelToken &cancel);

    /// Counts over a batch without a visitor that follows another one. On the CPU, which has no border to cross, the batch is
    /// one of LibTorch's meta device, where tensors have shapes and no values: the counts of any device, and an error if an
    /// operator needs a value on the host. Errors: of run.
    [[nodiscard]] Result<DeviceTraffic> traffic(std::span<const float> pixels, int images, ExecutionMode &mode);
    /// Waits until the device has done everything that it was asked for; nothing to wait for on the CPU.
    void synchronise() const;

    /// A parameter in float32 on the CPU, as stored in the checkpoint.
    [[nodiscard]] TensorView parameter(const std::string &tensor) const;

    /// Rate of a 768 x 768 x 768 float matrix product in GFLOP/s: reference BLAS reaches about 2, an optimised one 100.
    [[nodiscard]] double measureMatrixRate() const;
    [[nodiscard]] std::string deviceText() const; ///< "CPU, 2 threads" or the GPU's name
    [[nodiscard]] static std::string libraryVersion(); ///< "LibTorch 1.13.1"

private:
    Executor();
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace quantoscope
