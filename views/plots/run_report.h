// SPDX-License-Identifier: GPL-3.0-or-later
// A run as one document for people: an HTML file that holds its plots, a PDF, or the table of taps as CSV.
#pragma once

#include "core/base/result.h"
#include "core/jobs/workbench.h"

#include <QByteArray>
#include <QCoreApplication>
#include <QSize>
#include <QString>
#include <QStringList>

#include <vector>

namespace quantoscope {

/// GUI thread. Plots are drawn one at a time, so that a window can answer in between:
/// `while (report.drawNext()) ...; report.write(path);`
class RunReport {
    Q_DECLARE_TR_FUNCTIONS(quantoscope::RunReport)
public:
    explicit RunReport(RunRecordPtr run);

    /// Draws the next plot that has something to show; false when none is left. Not needed for CSV.
    bool drawNext();
    [[nodiscard]] int drawn() const { return m_next; }
    [[nodiscard]] static int plotCount();

    /// The suffix decides: html, pdf or csv. Numbers in the user's locale, in CSV in the C locale. The HTML file needs no
    /// other file, no network and no script. Errors: Usage (suffix), Io.
    [[nodiscard]] Result<void> write(const QString &path) const;

    [[nodiscard]] QString html() const;
    /// One line per tap: path, what it is, setting, scale, extremes, errors; units in the header, empty where not measured.
    [[nodiscard]] QString tapsAsCsv() const;

private:
    struct Picture {
        QString title;
        QString view;
        QByteArray svg;
    };
    enum class Target { Html, Pdf };
    [[nodiscard]] QString document(Target target) const;
    [[nodiscard]] QString accuracy() const;
    [[nodiscard]] QString flips() const;
    [[nodiscard]] QString worstTaps() const;
    [[nodiscard]] QString conditions() const;
    [[nodiscard]] QByteArray pdf() const;

    RunRecordPtr m_run;
    int m_next = 0;
    std::vector<Picture> m_pictures;
};

} // namespace quantoscope
