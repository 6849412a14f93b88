// SPDX-License-Identifier: GPL-3.0-or-later
// Findings of the check before a calibration in the user's language. The sentences are those of
// core/data/preflight_texts.h, translated before their values are put in. GUI thread.
#pragma once

#include "core/data/preflight.h"

#include <QCoreApplication>
#include <QString>

namespace quantoscope {

class FindingTexts {
    Q_DECLARE_TR_FUNCTIONS(quantoscope::FindingTexts)
public:
    [[nodiscard]] static QString title(const Finding &finding);
    [[nodiscard]] static QString detail(const Finding &finding);
    [[nodiscard]] static QString advice(const Finding &finding); ///< empty when there is nothing to do
    [[nodiscard]] static QString severity(Severity severity);    ///< "Problem"
    /// "Problems: 1, warnings: 2, notes: 0".
    [[nodiscard]] static QString summary(const PreflightReport &report);
    /// Everything as plain text, for the clipboard.
    [[nodiscard]] static QString plainText(const PreflightReport &report);
};

} // namespace quantoscope
