// SPDX-License-Identifier: GPL-3.0-or-later
// What an evaluation leaves for the next one on the same images: where a plan changes late layers only, the layers before
// need not be computed again.
#pragma once

#include "core/imaging/batch_loader.h"
#include "core/tensor/executor.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace quantoscope {

/// First node whose value can differ between two modes of one graph: its kernel, its output's quantizer or a parameter's
/// is another. The number of nodes when there is none.
[[nodiscard]] int firstDifference(const Graph &graph, const ExecutionMode &a, const ExecutionMode &b);

/// Holds the residual stream at some cuts for every image of the last evaluation. Not thread-safe.
class EvaluationCache {
public:
    /// `bytesLimit` bounds what is kept, over all batches.
    explicit EvaluationCache(int64_t bytesLimit);
    ~EvaluationCache();

    /// Starts an evaluation of `batches` batches. `key` stands for images, their order, preprocessing and batch size;
    /// another key than the last one's forgets everything.
    void begin(const std::string &key, size_t batches, const ExecutionMode &mode);
    /// Logits of a batch (its image indices name it), equal to Executor::run's bit for bit. After an error the batch is
    /// forgotten.
    [[nodiscard]] Result<std::vector<float>> run(Executor &executor, const Graph &graph, const ImageBatch &batch,
                                                 ExecutionMode &mode, const CancelToken &cancel);
    /// Path of the node where the evaluation's batches started; empty when one of them was computed as a whole.
    [[nodiscard]] const std::string &startedAt() const { return m_startedAt; }

private:
    struct Kept;
    int64_t m_bytesLimit;
    std::string m_key;
    size_t m_batches = 1;
    std::shared_ptr<const ExecutionMode> m_mode; ///< of the running evaluation
    std::map<std::vector<int>, Kept> m_kept;
    std::string m_startedAt;
    bool m_whole = false;
};

} // namespace quantoscope
