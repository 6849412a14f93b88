// SPDX-License-Identifier: GPL-3.0-or-later
// Rules that hold for every menu, action and control of the window, in each of its languages.
#include "tests/views/sample_run.h"
#include "views/widgets/main_window.h"

#include <QAction>
#include <QMenu>
#include <QMenuBar>
#include <QRegularExpression>
#include <QSettings>
#include <QTemporaryDir>
#include <QTranslator>
#include <QtTest>

using namespace quantoscope;

class TestWindowRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("quantoscope-tests"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_window_rules"));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        m_model = sample::model();
    }

    void cleanup()
    {
        m_window.reset();
        m_bench.reset();
        QCoreApplication::removeTranslator(&m_translator);
        QSettings().clear();
    }

    void noTwoEntriesOfAMenuShareAMnemonic_data() { addLanguages(); }
    void noTwoEntriesOfAMenuShareAMnemonic()
    {
        openWindow();
        QStringList clashes;
        const auto check = [&](const QString &where, const QList<QAction *> &actions) {
            QHash<QChar, QString> taken;
            for (const QAction *action : actions) {
                const QChar key = mnemonicOf(action->text());
                if (key.isNull())
                    continue;
                if (taken.contains(key))
                    clashes << QStringLiteral("%1: \"%2\" and \"%3\"").arg(where, taken[key], action->text());
                taken.insert(key, action->text());
            }
        };
        check(QStringLiteral("menu bar"), m_window->menuBar()->actions());
        for (const QMenu *menu : m_window->findChildren<QMenu *>())
            check(menu->title().isEmpty() ? menu->objectName() : menu->title(), menu->actions());
        QVERIFY2(clashes.isEmpty(), qPrintable(clashes.join(QLatin1Char('\n'))));
    }

private:
    static void addLanguages()
    {
        QTest::addColumn<QString>("language");
        for (const char *language : {"en", "de", "zh_CN"})
            QTest::newRow(language) << QString::fromLatin1(language);
    }

    void openWindow()
    {
        QFETCH(QString, language);
        if (language != QLatin1String("en")) {
            QVERIFY(m_translator.load(QLocale(language), QStringLiteral("quantoscope"), QStringLiteral("_"),
                                      QStringLiteral(":/i18n")));
            QCoreApplication::installTranslator(&m_translator);
        }
        m_bench = std::make_unique<Workbench>();
        m_window = std::make_unique<MainWindow>(*m_bench);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }

    static QChar mnemonicOf(const QString &text)
    {
        static const QRegularExpression mnemonic(QStringLiteral("&([^&\\s])"));
        const auto match = mnemonic.match(text);
        return match.hasMatch() ? match.captured(1).at(0).toUpper() : QChar();
    }

    QTemporaryDir m_folder;
    QTranslator m_translator;
    OpenedModelPtr m_model;
    std::unique_ptr<Workbench> m_bench;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestWindowRules)
#include "tst_window_rules.moc"
