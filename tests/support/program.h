// SPDX-License-Identifier: GPL-3.0-or-later
// A program that a test starts, and what came of it.
#pragma once

#include <nlohmann/json.hpp>

#include <QProcess>
#include <QString>
#include <QStringList>

namespace quantoscope::testing {

struct Outcome {
    int code = -1; ///< -1: it was killed, or crashed
    QString out;
    QString err;
    [[nodiscard]] nlohmann::json parsed() const { return nlohmann::json::parse(out.toStdString(), nullptr, false); }
    /// Both streams, for messages of failed checks.
    [[nodiscard]] QByteArray text() const
    {
        return QStringLiteral("exit %1\n--- stdout\n%2\n--- stderr\n%3").arg(code).arg(out.left(3000), err.left(3000)).toUtf8();
    }
};

/// Waits for the end, at most `patience` milliseconds; then the program is killed.
inline Outcome ended(QProcess &process, int patience)
{
    Outcome outcome;
    if (!process.waitForFinished(patience)) {
        process.kill();
        process.waitForFinished();
    } else if (process.exitStatus() == QProcess::NormalExit) {
        outcome.code = process.exitCode();
    }
    outcome.out = QString::fromUtf8(process.readAllStandardOutput());
    outcome.err = QString::fromUtf8(process.readAllStandardError());
    return outcome;
}

inline Outcome runProgram(const QString &program, const QStringList &arguments, int patience)
{
    QProcess process;
    process.start(program, arguments);
    return ended(process, patience);
}

} // namespace quantoscope::testing

#define VERIFY_CODE(outcome, expected) QVERIFY2((outcome).code == (expected), (outcome).text().constData())
