// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bench_roofline.h"

#include "tests/bench/bench_machine.h"
#include "tests/bench/bench_tools.h"

#include <fmt/format.h>

#include <map>

namespace quantoscope::bench {

namespace {

/// Looks at nothing, so that operators are joined as in a plain run; notes when a node is done.
class Stopwatch final : public TapVisitor {
public:
    Stopwatch(const Executor &executor, size_t nodes) : seconds(nodes, 0), m_executor(executor) {}
    bool wants(int) const override { return false; }
    void visit(int, const TensorView &, ExecutionMode &) override {}
    void passed(int node) override
    {
        m_executor.synchronise();
        const auto now = std::chrono::steady_clock::now();
        seconds[static_cast<size_t>(node)] = std::chrono::duration<double>(now - m_last).count();
        m_last = now;
    }
    void start() { m_last = std::chrono::steady_clock::now(); }

    std::vector<double> seconds;

private:
    const Executor &m_executor;
    std::chrono::steady_clock::time_point m_last;
};

std::string className(const Node &node)
{
    switch (node.op) {
    case Operator::PatchConvolution: return "patch embedding";
    case Operator::Linear: return "linear layers";
    case Operator::MatmulTransposed: return "scores q k^T";
    case Operator::MatmulMergeHeads: return "context (weights times v)";
    case Operator::Softmax: return "softmax";
    case Operator::LayerNorm: return "LayerNorm";
    case Operator::Gelu: return "GELU";
    case Operator::Add: return "residual and position sums";
    case Operator::SplitHeads: return "heads put together";
    default: return "other (tokens, views)";
    }
}

int64_t valuesOf(const Node &node)
{
    int64_t values = node.windows;
    for (const int64_t extent : node.shape)
        values *= extent;
    return values;
}

struct Class {
    int nodes = 0;
    double seconds = 0;
    double operations = 0; ///< of matrix products
    double bytes = 0;      ///< inputs, weights and output once each
};

std::map<std::string, Class> classesOf(const Model &model, int images, const std::vector<double> &seconds)
{
    std::map<std::string, Class> classes;
    for (size_t n = 0; n < model.graph.nodes.size(); ++n) {
        const Node &node = model.graph.nodes[n];
        Class &one = classes[className(node)];
        ++one.nodes;
        one.seconds += seconds[n];
        one.operations += 2.0 * static_cast<double>(node.macs * images);
        if ((isView(node.op) && node.op != Operator::SplitHeads) || node.op == Operator::Input)
            continue; // nothing is moved
        double values = static_cast<double>(valuesOf(node) * images);
        for (const int input : node.inputs)
            values += static_cast<double>(
                images * valuesOf(node.op == Operator::SplitHeads ? node // a third of what it reads from
                                                                  : model.graph.nodes[static_cast<size_t>(input)]));
        for (const std::string &parameter : node.parameters)
            if (const TensorEntry *tensor = model.tensors->find(parameter))
                values += static_cast<double>(tensor->elements());
        one.bytes += values * static_cast<double>(sizeof(float));
    }
    return classes;
}

} // namespace

Result<std::string> rooflinePage(const ModelPtr &model, const ModelRequest &where, std::span<const float> pixels,
                                 int images, std::vector<std::pair<std::string, ExecutionMode>> modes, int repeats)
{
    const bool onCpu = where.device == "cpu";
    const auto executor = Executor::create(
        model, {.device = where.device, .threads = 1, .splitImages = !onCpu, .allowTf32 = where.allowTf32});
    if (!executor)
        return fail(executor.error());
    const Ceilings ceilings = measureCeilings(where.device, 1, repeats);
    std::string page = fmt::format("# Roofline\n\nWritten by `quantoscope-bench --roofline`; not edited by hand.\n\n"
                                   "{}, {}, {}, batch {}, {}. Ceilings of {}, measured in "
                                   "the same run: {:.0f} GFLOP/s ({} x {} float product), {:.1f} GB/s (STREAM triad).\n\n"
                                   "The bound of an operator class is the time that its matrix operations take at the first "
                                   "ceiling, or its bytes (inputs, weights and output once each) at the second, whichever is "
                                   "longer; the share is bound over measured time. Values that stay in the caches between "
                                   "operators can exceed 100 %: the triad's arrays do not fit there. Operators that are joined "
                                   "count where the scan is: the quantizer of hidden values under GELU, factor and quantizer of "
                                   "scores under softmax, and all other quantizers under the operator before them.\n",
                                   model->info.name, Executor::libraryVersion(),
                                   onCpu ? fmt::format("one core of the processor \"{}\"", processorName())
                                         : (*executor)->deviceText(),
                                   images, where.allowTf32 ? "float32, products in TF32" : "float32 throughout",
                                   onCpu ? "that core" : "that device", ceilings.gflops, ceilings.side, ceilings.side,
                                   ceilings.gigabytes);
    if (!onCpu)
        page += "\nThe host waits for the device after every node here, and the times include it; the other figures of the "
                "benchmark wait once a batch.\n";
    for (auto &[title, mode] : modes) {
        std::vector<std::vector<double>> runs(model->graph.nodes.size());
        for (int i = 0; i <= repeats; ++i) {
            Stopwatch watch(**executor, model->graph.nodes.size());
            watch.start();
            const auto logits = (*executor)->run(pixels, images, mode, &watch, {});
            if (!logits)
                return fail(logits.error());
            for (size_t n = 0; i > 0 && n < runs.size(); ++n) // the first run prepares weights and memory
                runs[n].push_back(watch.seconds[n]);
        }
        std::vector<double> seconds;
        for (const auto &run : runs)
            seconds.push_back(*std::min_element(run.begin(), run.end()));
        const auto classes = classesOf(*model, images, seconds);
        double total = 0;
        double allBound = 0;
        std::vector<std::pair<double, std::string>> rows;
        for (const auto &[name, one] : classes)
            total += one.seconds;
        for (const auto &[name, one] : classes) {
            const double bound
                = std::max(1e-9 * one.operations / ceilings.gflops, 1e-9 * one.bytes / ceilings.gigabytes);
            allBound += bound;
            rows.emplace_back(one.seconds,
                              fmt::format("| {} | {} | {:.2f} | {:.1f} % | {:.2f} | {:.1f} | {:.1f} | {:.1f} | {} | {:.0f} % |\n",
                                          name, one.nodes, 1e3 * one.seconds, 100 * one.seconds / total,
                                          1e-9 * one.operations, 1e-6 * one.bytes, 1e-9 * one.operations / one.seconds,
                                          1e-9 * one.bytes / one.seconds,
                                          1e-9 * one.operations / ceilings.gflops > 1e-9 * one.bytes / ceilings.gigabytes
                                              ? "compute"
                                              : "memory",
                                          100 * bound / one.seconds));
        }
        std::sort(rows.rbegin(), rows.rend());
        page += fmt::format("\n## {}\n\n{:.1f} ms a batch, {:.1f} images/s{}; bound of all classes together {:.1f} ms.\n\n"
                            "| operators | nodes | ms | share of time | GFLOP | MB | GFLOP/s | GB/s | bound | share of roofline |\n"
                            "|---|---|---|---|---|---|---|---|---|---|\n",
                            title, 1e3 * total, images / total, onCpu ? " on this core" : "", 1e3 * allBound);
        for (const auto &[time, row] : rows)
            page += row;
    }
    return page;
}

} // namespace quantoscope::bench
