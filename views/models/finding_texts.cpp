// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/finding_texts.h"

#include "core/data/preflight_texts.h"
#include "views/models/texts.h"

#include <QLocale>
#include <QStringList>

namespace quantoscope {

namespace {

QString shown(const FindingValue &value)
{
    switch (value.kind) {
    case FindingValue::Kind::Text: return QString::fromStdString(value.text);
    case FindingValue::Kind::Preprocessing: return Texts::preprocessing(value.preprocessing);
    case FindingValue::Kind::Count: return QLocale().toString(static_cast<qlonglong>(value.number));
    case FindingValue::Kind::Decimal: return QLocale().toString(value.number, 'f', value.decimals);
    case FindingValue::Kind::PValue: break;
    }
    return QLocale().toString(value.number, 'e', 1);
}

QString sentence(const Finding &finding, const char *FindingWords::*part)
{
    const FindingWords *words = findingWords(finding.id);
    if (!words || !*(words->*part)) // an empty source would be translated to the .qm file's header
        return {};
    const QByteArray translated = QCoreApplication::translate(kPreflightContext, words->*part).toUtf8();
    return QString::fromStdString(
        fillIn(translated.toStdString(), finding, [](const FindingValue &value) { return shown(value).toStdString(); }));
}

} // namespace

QString FindingTexts::title(const Finding &finding)
{
    return sentence(finding, &FindingWords::title);
}

QString FindingTexts::detail(const Finding &finding)
{
    return sentence(finding, &FindingWords::detail);
}

QString FindingTexts::advice(const Finding &finding)
{
    return sentence(finding, &FindingWords::advice);
}

QString FindingTexts::severity(Severity severity)
{
    switch (severity) {
    case Severity::Ok: return tr("In order");
    case Severity::Note: return tr("Note");
    case Severity::Warning: return tr("Warning");
    case Severity::Problem: break;
    }
    return tr("Problem");
}

QString FindingTexts::summary(const PreflightReport &report)
{
    const QLocale locale;
    const auto count = [&](Severity severity) { return locale.toString(static_cast<qlonglong>(report.count(severity))); };
    return tr("Problems: %1, warnings: %2, notes: %3")
        .arg(count(Severity::Problem), count(Severity::Warning), count(Severity::Note));
}

QString FindingTexts::plainText(const PreflightReport &report)
{
    QStringList lines{QString::fromStdString(report.model), summary(report)};
    for (const Finding &finding : report.findings) {
        lines << QString() << severity(finding.severity) + QStringLiteral(": ") + title(finding) << detail(finding);
        if (const QString todo = advice(finding); !todo.isEmpty())
            lines << QStringLiteral("→ ") + todo;
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace quantoscope
