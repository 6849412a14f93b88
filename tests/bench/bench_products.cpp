// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bench_products.h"

#include "core/tensor/matrix_rate.h"
#include "tests/bench/bench_tools.h"

#include <fmt/format.h>
#include <omp.h>

#ifdef QUANTOSCOPE_HAS_ONEDNN
#include <oneapi/dnnl/dnnl.hpp>
#endif

namespace quantoscope::bench {

namespace {

/// Largest inner extent up to which sums of 8-bit codes times 8-bit weights surely fit float32's 24 bits.
constexpr int64_t kExactInner = (int64_t{1} << 24) / (255 * 127);

#ifdef QUANTOSCOPE_HAS_ONEDNN
/// u8 [rows, inner] x s8 [inner, columns] -> float with one scale, weights packed beforehand as they would be.
double int8Seconds(const ProductShape &shape, int repeats)
{
    using namespace dnnl;
    const engine processor(engine::kind::cpu, 0);
    stream queue(processor);
    const memory::desc source({shape.rows, shape.inner}, memory::data_type::u8, memory::format_tag::ab);
    const memory::desc weight({shape.inner, shape.columns}, memory::data_type::s8, memory::format_tag::any);
    const memory::desc result({shape.rows, shape.columns}, memory::data_type::f32, memory::format_tag::ab);
    primitive_attr attributes;
    attributes.set_output_scales(0, {0.01F});
    const matmul::primitive_desc description(matmul::desc(source, weight, result), attributes, processor);
    memory left(source, processor);
    memory right(description.weights_desc(), processor);
    memory out(result, processor);
    std::fill_n(static_cast<uint8_t *>(left.get_data_handle()), source.get_size(), uint8_t{3});
    std::fill_n(static_cast<int8_t *>(right.get_data_handle()), description.weights_desc().get_size(), int8_t{2});
    const matmul product(description);
    return leastSeconds(repeats,
                        [&] {
                            for (int i = 0; i < shape.occurrences; ++i)
                                product.execute(queue, {{DNNL_ARG_SRC, left}, {DNNL_ARG_WEIGHTS, right}, {DNNL_ARG_DST, out}});
                            queue.wait();
                        })
        / shape.occurrences;
}
#endif

} // namespace

nlohmann::ordered_json measureProducts(const Graph &graph, int images, const ModelRequest &where, int repeats)
{
    omp_set_num_threads(where.threads);
    Json json;
    double floatTotal = 0;
    double int8Total = 0;
    for (const ProductShape &shape : productShapes(graph, images)) {
        if (shape.count > 1)
            continue; // attention: neither operand is a weight
        const double floating = productSeconds(shape, repeats, where.device);
        floatTotal += floating * shape.occurrences;
        Json one{{"shape", fmt::format("{} x {} x {}", shape.rows, shape.inner, shape.columns)},
                 {"occurrences", shape.occurrences},
                 {"float_gflops", rounded(1e-9 * shape.operations() / floating, 10)},
                 {"float_sums_exact", shape.inner <= kExactInner}};
#ifdef QUANTOSCOPE_HAS_ONEDNN
        if (where.device == "cpu") {
            const double integer = int8Seconds(shape, repeats);
            int8Total += integer * shape.occurrences;
            one["int8_gops"] = rounded(1e-9 * shape.operations() / integer, 10);
        }
#endif
        json["shapes"].push_back(one);
    }
    json["float_milliseconds"] = rounded(1e3 * floatTotal, 100);
    if (int8Total > 0) {
        json["int8_milliseconds"] = rounded(1e3 * int8Total, 100);
        json["int8_speedup"] = rounded(floatTotal / int8Total, 100);
    }
    return json;
}

} // namespace quantoscope::bench
