// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/crop_cache.h"

#include <filesystem>
#include <utility>

namespace quantoscope {

std::optional<CropKey> CropKey::of(const std::string &path, const Preprocessing &preprocessing)
{
    std::error_code error;
    CropKey key;
    key.fileSize = std::filesystem::file_size(path, error);
    if (error)
        return std::nullopt;
    key.changed = static_cast<int64_t>(std::filesystem::last_write_time(path, error).time_since_epoch().count());
    if (error)
        return std::nullopt;
    key.path = path;
    key.resize = preprocessing.resize;
    key.crop = preprocessing.crop;
    key.interpolation = preprocessing.interpolation;
    return key;
}

CropCache::Crop CropCache::find(const CropKey &key) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_crops.find(key);
    return found == m_crops.end() ? nullptr : found->second;
}

void CropCache::insert(const CropKey &key, Crop crop)
{
    const std::lock_guard lock(m_mutex);
    const size_t size = crop->size();
    if (size <= m_capacity - m_bytes && m_crops.emplace(key, std::move(crop)).second)
        m_bytes += size;
}

size_t CropCache::bytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_bytes;
}

} // namespace quantoscope
