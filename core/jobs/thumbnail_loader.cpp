// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/thumbnail_loader.h"

#include "core/imaging/picture.h"
#include "core/imaging/resample.h"

#include <QHash>

#include <algorithm>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

namespace quantoscope {

ThumbnailPtr loadThumbnail(const std::string &path, int side)
{
    auto thumbnail = std::make_shared<Thumbnail>();
    const Result<Picture> picture = loadPicture(path);
    if (!picture) {
        thumbnail->problem = picture.error().message();
        return thumbnail;
    }
    const int longest = std::max(picture->width, picture->height);
    const auto scaled = [&](int length) { // at least a pixel of a thin picture
        return static_cast<int>(std::max<int64_t>(1, (int64_t{length} * side + longest / 2) / longest));
    };
    const bool shrinks = longest > side;
    thumbnail->width = shrinks ? scaled(picture->width) : picture->width;
    thumbnail->height = shrinks ? scaled(picture->height) : picture->height;
    const ScaledSize size{thumbnail->width, thumbnail->height};
    const auto stride = static_cast<size_t>(thumbnail->width) * 3;
    thumbnail->rgb.resize(stride * static_cast<size_t>(thumbnail->height));
    resample(*picture, size, {0, 0, thumbnail->width, thumbnail->height}, Interpolation::Bilinear, thumbnail->rgb.data(),
             stride);
    return thumbnail;
}

class ThumbnailLoader::Private {
public:
    struct Kept {
        ThumbnailPtr thumbnail;
        std::list<QString>::iterator use;
    };

    Load load;
    int capacity = 1;
    int loaded = 0;
    QHash<QString, Kept> kept;
    std::list<QString> uses; ///< the latest first

    std::mutex mutex;
    std::condition_variable wake;
    QStringList wanted; ///< guarded by mutex, as the two below
    QString current;    ///< being decoded
    bool stopping = false;
    std::thread worker;

    void work(ThumbnailLoader &owner)
    {
        std::unique_lock lock(mutex);
        for (;;) {
            current.clear();
            wake.wait(lock, [this] { return stopping || !wanted.isEmpty(); });
            if (stopping)
                return;
            current = wanted.takeFirst();
            const QString path = current;
            lock.unlock();
            ThumbnailPtr thumbnail = load(path.toStdString());
            QMetaObject::invokeMethod(
                &owner, [this, &owner, path, thumbnail] { keep(owner, path, thumbnail); }, Qt::QueuedConnection);
            lock.lock();
        }
    }

    void keep(ThumbnailLoader &owner, const QString &path, const ThumbnailPtr &thumbnail)
    {
        ++loaded;
        if (const auto known = kept.find(path); known != kept.end())
            uses.erase(known->use);
        uses.push_front(path);
        kept[path] = {thumbnail, uses.begin()};
        while (kept.size() > capacity) {
            kept.remove(uses.back());
            uses.pop_back();
        }
        Q_EMIT owner.ready(path);
    }
};

ThumbnailLoader::ThumbnailLoader(int side, int capacity, QObject *parent)
    : ThumbnailLoader([side](const std::string &path) { return loadThumbnail(path, side); }, capacity, parent)
{
}

ThumbnailLoader::ThumbnailLoader(Load load, int capacity, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->load = std::move(load);
    d->capacity = std::max(1, capacity);
    d->worker = std::thread([this] { d->work(*this); });
}

ThumbnailLoader::~ThumbnailLoader()
{
    {
        const std::lock_guard lock(d->mutex);
        d->stopping = true;
    }
    d->wake.notify_all();
    d->worker.join();
}

void ThumbnailLoader::want(const QStringList &paths)
{
    QStringList missing;
    for (const QString &path : paths)
        if (!find(path) && !missing.contains(path))
            missing << path;
    {
        const std::lock_guard lock(d->mutex);
        missing.removeAll(d->current);
        d->wanted = std::move(missing);
    }
    d->wake.notify_all();
}

ThumbnailPtr ThumbnailLoader::find(const QString &path)
{
    const auto known = d->kept.find(path);
    if (known == d->kept.end())
        return nullptr;
    d->uses.splice(d->uses.begin(), d->uses, known->use);
    return known->thumbnail;
}

int ThumbnailLoader::kept() const
{
    return static_cast<int>(d->kept.size());
}

int ThumbnailLoader::loaded() const
{
    return d->loaded;
}

} // namespace quantoscope
