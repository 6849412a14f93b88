// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QTableView;

namespace quantoscope {

/// The selected rows of a table with its header, as tab-separated text on the clipboard. GUI thread.
void copyRows(const QTableView &view);

} // namespace quantoscope
