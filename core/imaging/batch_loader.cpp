// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/batch_loader.h"

#include "core/imaging/picture.h"
#include "core/imaging/preprocess.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <utility>

namespace quantoscope {

using namespace std::chrono_literals;

namespace {

// A cancel token cannot wake a sleeper, so next() looks at it this often.
constexpr auto cancelPoll = 20ms;

Result<CropCache::Crop> loadCrop(const std::string &path, const Preprocessing &preprocessing, CropCache *cache)
{
    // The key is taken before the file is read: a file changed in between is stored under its old key.
    const std::optional<CropKey> key = cache ? CropKey::of(path, preprocessing) : std::nullopt;
    if (key)
        if (CropCache::Crop crop = cache->find(*key))
            return crop;
    const Result<Picture> picture = loadPicture(path);
    if (!picture)
        return fail(picture.error());
    auto crop = std::make_shared<const std::vector<uint8_t>>(cropPicture(*picture, preprocessing));
    if (key)
        cache->insert(*key, crop);
    return crop;
}

} // namespace

class BatchLoader::Private {
public:
    Private(ImageSet set, const Preprocessing &preprocessing, const LoaderOptions &options,
            const CancelToken &cancel)
        : m_set(std::move(set)), m_preprocessing(preprocessing), m_options(options), m_cancel(cancel),
          m_imageSize(inputSize(preprocessing))
    {
    }

    ~Private()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_stopped = true;
        }
        m_roomLeft.notify_all();
        for (std::thread &thread : m_threads)
            thread.join();
    }

    void start()
    {
        const int count = m_options.threads > 0
            ? m_options.threads
            : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
        m_threads.reserve(static_cast<size_t>(count));
        for (int i = 0; i < count; ++i)
            m_threads.emplace_back([this] { work(); });
    }

    std::optional<ImageBatch> next()
    {
        std::unique_ptr<Slot> slot;
        {
            std::unique_lock lock(m_mutex);
            if (m_nextBatch * batchSize() >= m_set.items.size())
                return std::nullopt;
            while (!m_cancel.isCancelled() && (m_slots.empty() || m_slots.front()->pending > 0))
                m_batchDone.wait_for(lock, cancelPoll);
            if (m_cancel.isCancelled())
                return std::nullopt;
            slot = std::move(m_slots.front());
            m_slots.pop_front();
            ++m_nextBatch;
        }
        m_roomLeft.notify_all();
        return compacted(*slot);
    }

private:
    /// A batch being filled: one place per item, in order.
    struct Slot {
        size_t first = 0; ///< index of the first item
        size_t pending = 0;
        std::vector<float> pixels;
        std::vector<std::string> reasons; ///< why an item failed; empty when it did not
    };

    [[nodiscard]] size_t batchSize() const { return static_cast<size_t>(m_options.batch); }

    void work()
    {
        std::unique_lock lock(m_mutex);
        while (true) {
            const size_t bound = static_cast<size_t>(m_options.batchesInFlight);
            m_roomLeft.wait(lock, [&] {
                return m_stopped || m_nextItem >= m_set.items.size()
                    || m_nextItem / batchSize() < m_nextBatch + bound;
            });
            if (m_stopped || m_cancel.isCancelled() || m_nextItem >= m_set.items.size())
                return;
            const size_t index = m_nextItem++;
            if (index % batchSize() == 0)
                m_slots.push_back(newSlot(index));
            Slot &slot = *m_slots.back();
            lock.unlock();
            // Other items of the batch are written by other threads at the same time, to other places.
            std::string reason = slot.pixels.empty() ? "not enough memory for the batch" : decode(index, slot);
            lock.lock();
            slot.reasons[index - slot.first] = std::move(reason);
            if (--slot.pending == 0)
                m_batchDone.notify_one();
        }
    }

    [[nodiscard]] std::unique_ptr<Slot> newSlot(size_t first) const
    {
        auto slot = std::make_unique<Slot>();
        slot->first = first;
        slot->pending = std::min(batchSize(), m_set.items.size() - first);
        slot->reasons.resize(slot->pending);
        try {
            slot->pixels.resize(slot->pending * m_imageSize);
        } catch (const std::exception &) {
            slot->pixels.clear(); // its images fail with that reason
        }
        return slot;
    }

    /// Fills an item's place in its batch. Empty on success, else the reason.
    [[nodiscard]] std::string decode(size_t index, Slot &slot) const
    {
        const std::span target(slot.pixels.data() + (index - slot.first) * m_imageSize, m_imageSize);
        try {
            const auto crop = loadCrop(m_set.filePath(m_set.items[index]), m_preprocessing, m_options.cache.get());
            if (!crop)
                return crop.error().message();
            normalizeCrop(**crop, m_preprocessing, target);
            return {};
        } catch (const std::exception &exception) {
            return fmt::format("{}: {}", m_set.items[index].path, exception.what());
        }
    }

    [[nodiscard]] ImageBatch compacted(Slot &slot) const
    {
        ImageBatch batch;
        batch.pixels = std::move(slot.pixels);
        for (size_t i = 0; i < slot.reasons.size(); ++i) {
            const int image = static_cast<int>(slot.first + i);
            if (!slot.reasons[i].empty()) {
                batch.failures.push_back({image, std::move(slot.reasons[i])});
                continue;
            }
            const size_t place = batch.indices.size();
            if (place != i)
                std::copy_n(batch.pixels.begin() + static_cast<ptrdiff_t>(i * m_imageSize), m_imageSize,
                            batch.pixels.begin() + static_cast<ptrdiff_t>(place * m_imageSize));
            batch.indices.push_back(image);
        }
        batch.pixels.resize(batch.indices.size() * m_imageSize);
        return batch;
    }

    const ImageSet m_set;
    const Preprocessing m_preprocessing;
    const LoaderOptions m_options;
    const CancelToken m_cancel;
    const size_t m_imageSize;
    std::vector<std::thread> m_threads;

    std::mutex m_mutex; // guards what follows
    std::condition_variable m_roomLeft;
    std::condition_variable m_batchDone;
    std::deque<std::unique_ptr<Slot>> m_slots; // batches m_nextBatch, m_nextBatch + 1, ...
    size_t m_nextItem = 0;                     // to be decoded
    size_t m_nextBatch = 0;                    // to be handed out
    bool m_stopped = false;
};

Result<std::unique_ptr<BatchLoader>> BatchLoader::start(ImageSet set, const Preprocessing &preprocessing,
                                                        const LoaderOptions &options, const CancelToken &cancel)
{
    if (const auto checked = checkPreprocessing(preprocessing); !checked)
        return fail(checked.error());
    if (options.batch < 1 || options.batchesInFlight < 1 || options.threads < 0)
        return fail(ErrorCode::Usage,
                    fmt::format("batch {} and batches in flight {} must be positive, threads {} not negative",
                                options.batch, options.batchesInFlight, options.threads),
                    "image loader");
    try {
        auto priv = std::make_unique<Private>(std::move(set), preprocessing, options, cancel);
        priv->start();
        return std::unique_ptr<BatchLoader>(new BatchLoader(std::move(priv)));
    } catch (const std::exception &exception) {
        return fail(ErrorCode::Internal, fmt::format("decoding threads cannot be started: {}", exception.what()));
    }
}

BatchLoader::BatchLoader(std::unique_ptr<Private> priv) : d(std::move(priv)) {}

BatchLoader::~BatchLoader() = default;

std::optional<ImageBatch> BatchLoader::next()
{
    return d->next();
}

} // namespace quantoscope
