// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/interval_calibration.h"

#include "core/pipeline/snapshot_pacer.h"

#include <algorithm>
#include <utility>

namespace quantoscope {

namespace {

constexpr int64_t kCaptureBytes = int64_t{1} << 30; // more passes rather than more memory

/// Tap whose quantizer shapes the value that `input` (a node index) hands to a product: its own if it has one in use,
/// otherwise the one of the value that it re-arranges.
int operandTap(const Graph &graph, int input, const ExecutionMode &mode)
{
    const int own = graph.outputTap(input);
    if (own >= 0 && mode.quantize[static_cast<size_t>(own)])
        return own;
    return graph.outputTap(graph.valueSource(input));
}

/// Taps of both operands of a product, which has them always.
std::pair<int, int> operandTaps(const Graph &graph, int product, const ExecutionMode &mode)
{
    const Node &node = graph.nodes[static_cast<size_t>(product)];
    return {operandTap(graph, node.inputs[0], mode),
            node.inputs.size() == 2 ? operandTap(graph, node.inputs[1], mode) : graph.weightTap(product)};
}

/// Parameters of an operand before the search; of none when it stays float.
QuantizerParameters startOf(int tap, const ExecutionMode &mode, const std::vector<QuantizerParameters> &parameters)
{
    const auto t = static_cast<size_t>(tap);
    return tap >= 0 && mode.quantize[t] ? parameters[t] : QuantizerParameters{};
}

std::vector<int64_t> outputShape(const SearchProblem &problem)
{
    std::vector<int64_t> shape = problem.left.shape;
    const std::vector<int64_t> &right = problem.right.shape;
    shape.back() = problem.attention && !problem.rightTransposed ? right.back() : right[right.size() - 2];
    return shape;
}

} // namespace

Result<ProductSearch> searchProduct(const Executor &executor, const Model &model, const CapturedProduct &captured,
                                    const ExecutionMode &mode, const IntervalSearch &search,
                                    std::vector<QuantizerParameters> &parameters, const CancelToken &cancel)
{
    const Graph &graph = model.graph;
    const Node &node = graph.nodes[static_cast<size_t>(captured.node)];
    const bool attention = node.inputs.size() == 2;
    const auto [leftTap, rightTap] = operandTaps(graph, captured.node, mode);
    SearchProblem problem;
    problem.left = {captured.left.data(), captured.leftShape};
    problem.attention = attention;
    problem.rightTransposed = node.op != Operator::MatmulMergeHeads;
    problem.leftStart = startOf(leftTap, mode, parameters);
    problem.rightStart = startOf(rightTap, mode, parameters);
    if (attention) {
        problem.right = {captured.right.data(), captured.rightShape};
    } else {
        problem.right = executor.parameter(node.parameters[0]);
        const int64_t out = problem.right.shape[0];
        problem.right.shape = {out, problem.right.elements() / out}; // an unfolded convolution
        if (node.parameters.size() > 1)
            problem.bias = executor.parameter(node.parameters[1]);
        problem.byChannel = node.op == Operator::PatchConvolution && problem.rightStart.scale.size() > 1;
    }
    problem.gradient = {captured.gradient.empty() ? nullptr : captured.gradient.data(), outputShape(problem)};
    auto found = searchIntervals(problem, search, cancel);
    if (!found)
        return fail(found.error());
    if (problem.leftStart.kind != QuantizerKind::None)
        parameters[static_cast<size_t>(leftTap)] = std::move(found->left);
    if (problem.rightStart.kind != QuantizerKind::None)
        parameters[static_cast<size_t>(rightTap)] = std::move(found->right);
    return ProductSearch{node.path, std::move(found->searches)};
}

Result<std::vector<ProductSearch>> searchModelIntervals(Executor &executor, const Model &model,
                                                        std::span<const float> pixels, int images,
                                                        const ExecutionMode &start, const IntervalSearch &search,
                                                        std::vector<QuantizerParameters> &parameters,
                                                        const RunControl &control, const IntervalContinuation &continuation)
{
    const Graph &graph = model.graph;
    const auto products = std::count_if(graph.nodes.begin(), graph.nodes.end(),
                                        [](const Node &node) { return isProduct(node.op); });
    PhaseReporter reporter(control, "search", products, "operators");
    CaptureOptions capture;
    capture.gradients = search.metric == SearchMetric::Hessian;
    capture.loss = search.loss;
    capture.seed = search.seed;
    capture.quantized = &start;
    SnapshotPacer pacer(reporter);
    const IntervalProgress begun = IntervalProgress::parse(continuation.begun);
    IntervalProgress progress;
    const auto parametersOf = [&](int tap) -> QuantizerParameters & { return parameters[static_cast<size_t>(tap)]; };
    capture.leftOut.resize(graph.nodes.size());
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
        if (!isProduct(graph.nodes[n].op))
            continue;
        const auto [left, right] = operandTaps(graph, static_cast<int>(n), start);
        capture.leftOut[n] = begun.take(graph.nodes[n].path, parametersOf(left), parametersOf(right));
        if (capture.leftOut[n])
            progress.add(graph.nodes[n].path, parametersOf(left), parametersOf(right));
    }
    if (progress.products() > 0 && continuation.resumed)
        continuation.resumed(progress.products());
    reporter.advance(static_cast<int64_t>(progress.products()));

    std::vector<ProductSearch> searches;
    const auto searchOne = [&](const CapturedProduct &product) -> Result<void> {
        auto one = searchProduct(executor, model, product, start, search, parameters, control.cancel);
        if (!one)
            return fail(one.error());
        const auto [left, right] = operandTaps(graph, product.node, start);
        progress.add(one->node, parametersOf(left), parametersOf(right));
        searches.push_back(std::move(*one));
        reporter.advance(1);
        if (continuation.snapshot)
            pacer.offer([&] { continuation.snapshot(progress.text()); });
        return {};
    };
    const auto stopped = [&](const Error &error) {
        if (continuation.snapshot && error.code == ErrorCode::Cancelled)
            continuation.snapshot(progress.text());
        return fail(error);
    };
    if (!search.sequential) {
        const auto searched
            = captureProducts(executor, model, pixels, images, capture, kCaptureBytes, searchOne, control.cancel);
        return searched ? Result<std::vector<ProductSearch>>(std::move(searches)) : stopped(searched.error());
    }
    ExecutionMode soFar = ExecutionMode::floatMode(graph);
    capture.soFar = &soFar;
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
        if (!isProduct(graph.nodes[n].op))
            continue;
        const auto node = static_cast<int>(n);
        if (!capture.leftOut[n]) {
            const auto product = captureProduct(executor, model, pixels, images, node, capture, control.cancel);
            if (!product)
                return stopped(product.error());
            if (const auto searched = searchOne(*product); !searched)
                return stopped(searched.error());
        }
        const auto [left, right] = operandTaps(graph, node, start);
        for (const int tap : {left, right})
            if (start.quantize[static_cast<size_t>(tap)]) {
                soFar.quantize[static_cast<size_t>(tap)] = 1;
                soFar.parameters[static_cast<size_t>(tap)] = parametersOf(tap);
            }
    }
    return searches;
}

Result<std::vector<ProductSearch>> searchModelIntervals(Executor &executor, const Model &model, const ImageSet &set,
                                                        const PassOptions &options, const ExecutionMode &start,
                                                        const IntervalSearch &search,
                                                        std::vector<QuantizerParameters> &parameters,
                                                        const RunControl &control, const IntervalContinuation &continuation)
{
    auto loader = startLoading(set, options, options.batch, control);
    if (!loader)
        return fail(loader.error());
    std::vector<float> pixels;
    size_t images = 0;
    while (const auto batch = (*loader)->next()) {
        pixels.insert(pixels.end(), batch->pixels.begin(), batch->pixels.end());
        images += batch->indices.size();
    }
    if (control.isCancelled())
        return fail(ErrorCode::Cancelled, "stopped on request");
    if (images == 0)
        return fail(ErrorCode::BadInput, "no calibration image could be decoded", set.root);
    return searchModelIntervals(executor, model, pixels, static_cast<int>(images), start, search, parameters, control,
                                continuation);
}

} // namespace quantoscope
