// SPDX-License-Identifier: GPL-3.0-or-later
#define AT_PER_OPERATOR_HEADERS
#include "core/tensor/matrix_rate.h"

#include "core/tensor/device_wait.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/add.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/ones.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <map>

namespace quantoscope {

namespace {

/// Least time of `work` over `repeats` runs after one that does not count.
template <typename Work>
double leastSeconds(int repeats, const at::Device &device, const Work &work)
{
    work();
    waitFor(device);
    double best = std::numeric_limits<double>::infinity();
    for (int i = 0; i < repeats; ++i) {
        const auto start = std::chrono::steady_clock::now();
        work();
        waitFor(device);
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return best;
}

} // namespace

std::vector<ProductShape> productShapes(const Graph &graph, int images)
{
    std::map<std::array<int64_t, 4>, int> shapes; // {products at once, rows, inner, columns} -> occurrences
    for (const Node &node : graph.nodes) {
        if (node.macs == 0)
            continue;
        if (node.op == Operator::MatmulTransposed || node.op == Operator::MatmulMergeHeads) {
            // scores: [N,d] x [d,N]; context: [N,N] x [N,d]
            const Node &left = graph.nodes[static_cast<size_t>(node.inputs[0])];
            const int64_t heads = left.shape[0];
            const int64_t rows = left.shape[1];
            const int64_t inner = left.shape[2];
            ++shapes[{heads * images, rows, inner, node.macs / (heads * rows * inner)}];
        } else {
            const int64_t columns = node.shape.back();
            const int64_t rows = node.shape.size() == 2 ? node.shape.front() : 1;
            ++shapes[{1, rows * images, node.macs / (rows * columns), columns}];
        }
    }
    std::vector<ProductShape> products;
    for (const auto &[shape, occurrences] : shapes)
        products.push_back({shape[0], shape[1], shape[2], shape[3], occurrences});
    return products;
}

double productSeconds(const ProductShape &shape, int repeats, const std::string &device)
{
    const c10::InferenceMode inference;
    const at::Device place(device);
    const at::Tensor a = at::ones({shape.count, shape.rows, shape.inner}, place);
    const at::Tensor b
        = at::ones({shape.count, shape.columns, shape.inner}, place).transpose(1, 2); // weights are stored [out, in]
    at::Tensor out = at::bmm(a, b);
    return leastSeconds(repeats, place,
                        [&] {
                            for (int k = 0; k < shape.occurrences; ++k)
                                at::bmm_out(out, a, b);
                        })
        / shape.occurrences;
}

double triadSeconds(int64_t values, int repeats, const std::string &device)
{
    const c10::InferenceMode inference;
    const at::Device place(device);
    const at::Tensor b = at::ones({values}, place);
    const at::Tensor c = at::ones({values}, place);
    at::Tensor a = at::empty_like(b);
    return leastSeconds(repeats, place, [&] { at::add_out(a, b, c, 3); });
}

double matrixRate(const Graph &graph, int images, int repeats, const std::string &device)
{
    double seconds = 0;
    double operations = 0;
    for (const ProductShape &shape : productShapes(graph, images)) {
        seconds += productSeconds(shape, repeats, device) * shape.occurrences;
        operations += shape.operations() * shape.occurrences;
    }
    return 1e-9 * operations / seconds;
}

} // namespace quantoscope
