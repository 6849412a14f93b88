// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/executor.h"

namespace quantoscope {

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

} // namespace quantoscope
