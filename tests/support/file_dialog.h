// SPDX-License-Identifier: GPL-3.0-or-later
// The hands of a user in a file dialog that a test opens.
#pragma once

#include <QApplication>
#include <QFileDialog>
#include <QLineEdit>
#include <QTest>
#include <QTimer>

namespace quantoscope::testing {

/// Answers the next file dialog, as soon as it is there, with `path`; `filter`, if any, is a part of the name filter that is
/// chosen before. Stands while the dialog is open.
class FileDialogAnswer {
public:
    explicit FileDialogAnswer(const QString &path, const QString &filter = {})
    {
        QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
        m_typing.setInterval(50);
        QObject::connect(&m_typing, &QTimer::timeout, &m_typing, [this, path, filter] {
            auto *dialog = qobject_cast<QFileDialog *>(QApplication::activeModalWidget());
            if (!dialog || !dialog->isVisible())
                return;
            m_typing.stop();
            if (!filter.isEmpty())
                dialog->selectNameFilter(dialog->nameFilters().filter(filter).value(0));
            auto *name = dialog->findChild<QLineEdit *>(QStringLiteral("fileNameEdit"));
            name->clear();
            QTest::keyClicks(name, path);
            QTest::keyClick(name, Qt::Key_Return);
        });
        m_typing.start();
    }

private:
    QTimer m_typing;
};

} // namespace quantoscope::testing
