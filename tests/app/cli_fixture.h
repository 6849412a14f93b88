// SPDX-License-Identifier: GPL-3.0-or-later
// What tests of the command line share: the program, where the test data are, and runs of the demo.
#pragma once

#include "app/demo/demo_assets.h"
#include "tests/support/program.h"
#include "tests/support/test_data.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

namespace quantoscope::testing {

using namespace Qt::StringLiterals;

constexpr int kPatience = 120000; // ms
constexpr int kSuccess = 0;
constexpr int kFailed = 1;
constexpr int kBadUsage = 2;

inline Outcome run(const QStringList &arguments)
{
    return runProgram(QStringLiteral(QUANTOSCOPE_CLI), arguments, kPatience);
}

inline bool writeFile(const QString &path, const QByteArray &content)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

/// Base of their classes. Paths are empty where test data are missing.
class CliTest : public QObject {
protected:
    CliTest()
    {
        if (!m_folder.isValid())
            qFatal("no folder for temporary files");
    }
    /// evaluate with MinMax on DeiT-T, calibrated on few images.
    [[nodiscard]] QStringList quantized(const QStringList &more) const
    {
        return QStringList{u"evaluate"_s, u"--weights"_s,           m_deit,  u"--data"_s, m_images, u"--recipe"_s,
                           u"minmax"_s,   u"--calibration-count"_s, u"10"_s, u"--seed"_s, u"1"_s}
             + more;
    }
    /// evaluate on the embedded demo.
    QStringList demoArguments()
    {
        if (m_demo.weights.empty())
            m_demo = unpackDemo().value_or(DemoAssets{});
        return {u"evaluate"_s, u"--weights"_s, QString::fromStdString(m_demo.weights), u"--data"_s,
                QString::fromStdString(m_demo.data), u"--calibration-count"_s, u"30"_s};
    }
    QString demoImage()
    {
        static_cast<void>(demoArguments()); // unpacks it
        return QString::fromStdString(m_demo.data) + u"/val/star/000.png"_s;
    }
    /// Run file of an evaluation on the demo; empty when it failed.
    QString demoRun(const QString &name, const QStringList &more)
    {
        const QString file = m_folder.filePath(name);
        const Outcome outcome = run(demoArguments() + more + QStringList{u"--out"_s, file});
        return outcome.code == kSuccess ? file : QString();
    }

    QTemporaryDir m_folder;
    const QString m_deit = QString::fromStdString(dataPath("models/deit_tiny_patch16_224.safetensors"));
    const QString m_images = QString::fromStdString(dataPath("imagenet"));
    const QString m_list = QString::fromStdString(dataPath("golden/calibration-100.txt"));
    const QString m_malformed = QString::fromStdString(dataPath("fixtures/malformed"));

private:
    DemoAssets m_demo;
};

} // namespace quantoscope::testing
