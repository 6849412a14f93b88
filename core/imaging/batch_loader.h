// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes ahead of the model on its own threads and hands over batches in list order.
#pragma once

#include "core/base/result.h"
#include "core/base/run_control.h"
#include "core/data/evaluation.h"
#include "core/data/preprocessing.h"
#include "core/imaging/crop_cache.h"
#include "core/imaging/image_set.h"

#include <memory>
#include <optional>
#include <vector>

namespace quantoscope {

/// `batch` consecutive items of the list (the last batch may be shorter) less those that could not be decoded. A
/// failure never moves an image into another batch.
struct ImageBatch {
    std::vector<int> indices;           ///< into ImageSet::items, ascending; empty when all failed
    std::vector<float> pixels;          ///< indices.size() x 3 x crop x crop, normalised
    std::vector<ImageFailure> failures; ///< items of this batch that were left out, ascending
};

struct LoaderOptions {
    int batch = 25;
    int threads = 0;                            ///< 0: as many as the machine has
    int batchesInFlight = 3;                    ///< bounds memory: batches being filled or waiting for next()
    std::shared_ptr<CropCache> cache = nullptr; ///< may be null
};

/// One pass over a set. Create, call next() until it has no value, destroy; all on one thread.
class BatchLoader {
public:
    /// Starts the threads. Usage error when preprocessing or options are out of range.
    [[nodiscard]] static Result<std::unique_ptr<BatchLoader>> start(ImageSet set,
                                                                    const Preprocessing &preprocessing,
                                                                    const LoaderOptions &options,
                                                                    const CancelToken &cancel = {});
    /// Drops what is not fetched; waits for images that are being decoded, for no more.
    ~BatchLoader();
    BatchLoader(const BatchLoader &) = delete;
    BatchLoader &operator=(const BatchLoader &) = delete;

    /// The next batch in list order; waits for it. No value after the last one, and soon after a cancellation.
    [[nodiscard]] std::optional<ImageBatch> next();

private:
    class Private;
    explicit BatchLoader(std::unique_ptr<Private> priv);
    std::unique_ptr<Private> d;
};

} // namespace quantoscope
