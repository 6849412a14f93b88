// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/evaluation_cache.h"

#include <algorithm>

namespace quantoscope {

struct EvaluationCache::Kept {
    ExecutionPrefix prefix;
    std::shared_ptr<const ExecutionMode> mode; ///< that the prefix was computed with
};

EvaluationCache::EvaluationCache(int64_t bytesLimit) : m_bytesLimit(bytesLimit)
{
}

EvaluationCache::~EvaluationCache() = default;

int firstDifference(const Graph &graph, const ExecutionMode &a, const ExecutionMode &b)
{
    const auto nodes = static_cast<int>(graph.nodes.size());
    int first = nodes;
    for (int n = 0; n < nodes; ++n)
        if (a.kernels[static_cast<size_t>(n)] != b.kernels[static_cast<size_t>(n)]) {
            first = n;
            break;
        }
    for (size_t t = 0; t < graph.taps.size(); ++t) {
        if (graph.taps[t].node >= first)
            continue;
        // Integer kernels read parameters of taps that are not fake-quantized, so these count too.
        if (a.quantize[t] != b.quantize[t] || !(a.parameters[t] == b.parameters[t]))
            first = graph.taps[t].node;
    }
    return first;
}

void EvaluationCache::begin(const std::string &key, size_t batches, const ExecutionMode &mode)
{
    if (key != m_key)
        m_kept.clear();
    m_key = key;
    m_batches = std::max<size_t>(1, batches);
    m_mode = std::make_shared<const ExecutionMode>(mode);
    m_startedAt.clear();
    m_whole = false;
}

Result<std::vector<float>> EvaluationCache::run(Executor &executor, const Graph &graph, const ImageBatch &batch,
                                                ExecutionMode &mode, const CancelToken &cancel)
{
    const auto images = static_cast<int>(batch.indices.size());
    const auto found = m_kept.find(batch.indices);
    const int first = found != m_kept.end() ? firstDifference(graph, *found->second.mode, mode) : 0;
    const int start = found != m_kept.end() ? found->second.prefix.lastBefore(first) : -1;
    Result<std::vector<float>> logits = fail(ErrorCode::Internal, "not run");
    if (start >= 0) {
        logits = executor.continueFrom(found->second.prefix, first, batch.pixels, mode, cancel);
        if (!m_whole)
            m_startedAt = graph.nodes[static_cast<size_t>(std::min<size_t>(static_cast<size_t>(start) + 1, graph.nodes.size() - 1))].path;
        if (logits)
            found->second.mode = m_mode;
    } else {
        Kept kept;
        logits = executor.runKeeping(batch.pixels, images, mode, m_bytesLimit / static_cast<int64_t>(m_batches), kept.prefix, cancel);
        m_whole = true;
        m_startedAt.clear();
        kept.mode = m_mode;
        if (logits)
            m_kept.insert_or_assign(batch.indices, std::move(kept));
    }
    if (!logits)
        m_kept.erase(batch.indices); // its values are those of two modes
    return logits;
}

} // namespace quantoscope
