// SPDX-License-Identifier: GPL-3.0-or-later
// Small pictures of images, decoded beside the window.
#pragma once

#include "core/base/result.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace quantoscope {

/// Fits a square of the loader's size; proportions are kept.
struct Thumbnail {
    int width = 0;  ///< 0: there is none
    int height = 0;
    std::vector<uint8_t> rgb; ///< height x width x 3, rows from top to bottom
    std::string problem;      ///< why there is none: one sentence
};
using ThumbnailPtr = std::shared_ptr<const Thumbnail>;

/// Decodes, antialiased, into a square of `side` pixels: a file or a member of an archive. Any thread.
[[nodiscard]] ThumbnailPtr loadThumbnail(const std::string &path, int side);

/// One thread of its own that decodes what is wanted now. GUI thread, unless said otherwise. Destroying it waits for the
/// picture that is being decoded.
class ThumbnailLoader : public QObject {
    Q_OBJECT
public:
    /// Makes the picture of a path; called on the loader's thread.
    using Load = std::function<ThumbnailPtr(const std::string &path)>;

    /// `capacity`: pictures kept; of more the ones that were asked for longest ago are dropped.
    ThumbnailLoader(int side, int capacity, QObject *parent = nullptr);
    ThumbnailLoader(Load load, int capacity, QObject *parent = nullptr);
    ~ThumbnailLoader() override;

    /// These, most urgent first, and no others: what was wanted before and has not begun is not decoded any more.
    void want(const QStringList &paths);
    /// Null while it is not there.
    [[nodiscard]] ThumbnailPtr find(const QString &path);
    [[nodiscard]] int kept() const;   ///< pictures in the cache
    [[nodiscard]] int loaded() const; ///< pictures decoded so far

Q_SIGNALS:
    void ready(const QString &path);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace quantoscope
