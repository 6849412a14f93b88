// SPDX-License-Identifier: GPL-3.0-or-later
// "Set bits" in context menus of tree and plots: of one layer, and of those that belong with it.
#pragma once

#include "core/jobs/workbench.h"

#include <QStringList>

#include <functional>

class QAction;
class QMenu;

namespace quantoscope {

/// Adds to `menu`, before `before` (null: at the end), a submenu of widths each for: the selected layers, the tap, its
/// namesakes in all blocks, its block, and its operator type. Without a model, or for a tap without bits of its own, the
/// entries are there, disabled, and say why. `apply` gets tap paths and 2..8, FloatBits or RecipeBits. GUI thread.
void addBitsMenus(QMenu &menu, QAction *before, const OpenedModelPtr &model, const QString &tapPath,
                  const QStringList &selectedPaths, const std::function<void(const QStringList &, int)> &apply);

} // namespace quantoscope
