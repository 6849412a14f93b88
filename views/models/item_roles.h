// SPDX-License-Identifier: GPL-3.0-or-later
// Item roles and special values that the models, proxies and delegates share.
#pragma once

#include <qnamespace.h>

namespace quantoscope {

enum ItemRole {
    SortRole = Qt::UserRole + 1, ///< a number or text that orders the column; invalid sorts first
    FilterRole,                  ///< all words that a filter may look for in this row, in one text
    TapRole,                     ///< int: index into Graph::taps, -1 for a group
    SwitchableTapsRole,          ///< QStringList: paths of the taps that a change of bits on this row means
    ReasonRole,                  ///< QString: why the bits of this row cannot be switched; empty when they can
};

/// Value of the Bits column's EditRole beside 2..8.
enum BitsChoice {
    FloatBits = 0,
    RecipeBits = -1, ///< forget the change: what the recipe says
};

} // namespace quantoscope
