// SPDX-License-Identifier: GPL-3.0-or-later
// What an answer of a web server means for a download.
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QNetworkReply>

#include <string>

namespace quantoscope {

inline constexpr qint64 kPretenderLook = 64; ///< first bytes that tell a web page from a file

/// HTTP status; 0 before there is one.
[[nodiscard]] int httpStatus(const QNetworkReply &reply);

/// What the answer holds instead of a file ("a web page") when something on the way went wrong; else empty. `beginning`:
/// its first kPretenderLook bytes.
[[nodiscard]] std::string pretender(const QNetworkReply &reply, const QByteArray &beginning);

/// Why a reply is no complete file; `received` of `total` bytes came (-1 unknown).
[[nodiscard]] Error whyReplyFailed(const QNetworkReply &reply, const std::string &address, qint64 received,
                                   qint64 total);

/// Whether the same request may succeed a moment later.
[[nodiscard]] bool mayRetry(const QNetworkReply &reply);

} // namespace quantoscope
