// SPDX-License-Identifier: GPL-3.0-or-later
// Writing a run as a document while the window stays alive. GUI thread.
#pragma once

#include "core/base/result.h"
#include "core/jobs/workbench.h"

#include <QString>

class QWidget;

namespace quantoscope {

/// Whether the suffix asks for a document (html, htm, pdf, csv) and not for a run file.
[[nodiscard]] bool isDocument(const QString &path);

/// Shows progress and Cancel over `parent` while the plots are drawn one by one; false when cancelled, and then nothing is
/// written. Errors: those of RunReport::write.
[[nodiscard]] Result<bool> writeReportWithProgress(QWidget *parent, RunRecordPtr run, const QString &path);

} // namespace quantoscope
