// SPDX-License-Identifier: GPL-3.0-or-later
// What can be told of a picture of a window without looking at it.
#pragma once

#include <QImage>
#include <QStringList>

class QWidget;

namespace quantoscope::testing {

/// One line per visible label, button, box, tab or group title whose text is wider or higher than its place. Texts that
/// are elided on purpose (the horizontal size policy ignores them) do not count.
[[nodiscard]] QStringList clippedTexts(const QWidget &root);
/// Whether the picture shows anything besides a background.
[[nodiscard]] bool showsSomething(const QImage &image);

} // namespace quantoscope::testing
