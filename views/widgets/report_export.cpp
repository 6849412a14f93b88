// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/report_export.h"

#include "views/plots/run_report.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProgressDialog>

namespace quantoscope {

bool isDocument(const QString &path)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    return QStringList{QStringLiteral("html"), QStringLiteral("htm"), QStringLiteral("pdf"), QStringLiteral("csv")}.contains(suffix);
}

Result<bool> writeReportWithProgress(QWidget *parent, RunRecordPtr run, const QString &path)
{
    RunReport report(std::move(run));
    if (!path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive)) {
        QProgressDialog progress(QCoreApplication::translate("quantoscope::RunReport", "Drawing the plots of the report…"),
                                 QCoreApplication::translate("quantoscope::RunReport", "Cancel"), 0, RunReport::plotCount(),
                                 parent);
        progress.setObjectName(QStringLiteral("reportProgress"));
        progress.setWindowModality(Qt::WindowModal);
        progress.setMinimumDuration(300);
        while (report.drawNext()) {
            progress.setValue(report.drawn()); // handles events
            if (progress.wasCanceled())
                return false;
        }
    }
    if (const auto written = report.write(path); !written)
        return fail(written.error());
    return true;
}

} // namespace quantoscope
