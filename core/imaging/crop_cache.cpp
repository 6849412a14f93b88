// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/crop_cache.h"

#include <utility>

namespace quantoscope {

std::optional<CropKey> CropKey::of(const std::string &path, const Preprocessing &preprocessing)
{
    const std::optional<ImageStamp> stamp = imageStamp(path);
    if (!stamp)
        return std::nullopt;
    CropKey key;
    key.stamp = *stamp;
    key.path = path;
    key.resize = preprocessing.resize;
    key.crop = preprocessing.crop;
    key.interpolation = preprocessing.interpolation;
    key.mode = preprocessing.mode;
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
