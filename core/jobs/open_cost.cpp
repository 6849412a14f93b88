// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/open_cost.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <charconv>

namespace quantoscope {

namespace {

constexpr uint64_t kUsualModel = 4'000'000'000;
constexpr uint64_t kUsualRecord = 1'000'000'000; ///< of runs and projects: logits of more than 100,000 images
// ViT-L, 1.27 GB, is opened in 0.8 s from the page cache and calibrated in 3.8 GB (tests/bench/README.md); a disk is slower.
constexpr double kModelRate = 500e6;
constexpr uint64_t kModelMemory = 3;
// A run with the logits of 20,000 images, 138 MB, is read in 0.34 s and 0.17 GB; the window copies parts of it.
constexpr double kRecordRate = 250e6;
constexpr uint64_t kRecordMemory = 2;

} // namespace

OpenCost openCost(OpenKind kind, uint64_t bytes)
{
    const bool model = kind == OpenKind::Model;
    const uint64_t factor = model ? kModelMemory : kRecordMemory;
    return {kind, bytes, bytes > UINT64_MAX / factor ? UINT64_MAX : bytes * factor,
            static_cast<double>(bytes) / (model ? kModelRate : kRecordRate)};
}

bool isLarge(const OpenCost &cost, uint64_t availableMemory)
{
    return (availableMemory > 0 && cost.memoryBytes > availableMemory / 2)
        || cost.bytes > (cost.kind == OpenKind::Model ? kUsualModel : kUsualRecord);
}

uint64_t bytesToOpen(const QString &path)
{
    const QFileInfo file(path);
    if (!file.isDir())
        return file.exists() ? static_cast<uint64_t>(file.size()) : 0;
    for (const char *pattern : {"*.safetensors", "*.bin"}) {
        uint64_t bytes = 0;
        for (const QFileInfo &one : QDir(path).entryInfoList({QLatin1String(pattern)}, QDir::Files))
            bytes += static_cast<uint64_t>(one.size());
        if (bytes > 0)
            return bytes;
    }
    return 0;
}

uint64_t availableMemory()
{
    QFile file(QStringLiteral("/proc/meminfo"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = file.readAll();
    return parseAvailableMemory({text.data(), static_cast<size_t>(text.size())});
}

uint64_t parseAvailableMemory(std::string_view text)
{
    constexpr std::string_view key = "MemAvailable:";
    const size_t place = text.find(key);
    if (place == std::string_view::npos)
        return 0;
    std::string_view rest = text.substr(place + key.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    uint64_t kibibytes = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), kibibytes);
    return error == std::errc() && kibibytes < UINT64_MAX / 1024 ? kibibytes * 1024 : 0;
}

} // namespace quantoscope
