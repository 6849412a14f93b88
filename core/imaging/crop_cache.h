// SPDX-License-Identifier: GPL-3.0-or-later
// Decoded crops kept in memory, because the same images are evaluated with one quantizer after another.
#pragma once

#include "core/data/preprocessing.h"
#include "core/imaging/image_source.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace quantoscope {

/// What a crop depends on. A changed file (size or time of last change) is another key.
struct CropKey {
    std::string path;
    ImageStamp stamp;
    int resize = 0;
    int crop = 0;
    Interpolation interpolation = Interpolation::Bicubic;
    ResizeMode mode = ResizeMode::ShorterSide;

    bool operator==(const CropKey &) const = default;

    /// Nothing when the file cannot be looked at.
    [[nodiscard]] static std::optional<CropKey> of(const std::string &path, const Preprocessing &preprocessing);
};

/// Bounded by bytes; the first crops stay and none is replaced, because for passes in list order that keeps more
/// hits than dropping the oldest. Share it by std::shared_ptr between loaders. Any thread.
class CropCache {
public:
    using Crop = std::shared_ptr<const std::vector<uint8_t>>;

    explicit CropCache(size_t capacityBytes) : m_capacity(capacityBytes) {}

    /// Null when unknown.
    [[nodiscard]] Crop find(const CropKey &key) const;
    /// Ignored when the crop would not fit any more.
    void insert(const CropKey &key, Crop crop);
    [[nodiscard]] size_t bytes() const;

private:
    struct Hash {
        size_t operator()(const CropKey &key) const { return std::hash<std::string>()(key.path); }
    };

    const size_t m_capacity;
    mutable std::mutex m_mutex;
    size_t m_bytes = 0;
    std::unordered_map<CropKey, Crop, Hash> m_crops;
};

} // namespace quantoscope
