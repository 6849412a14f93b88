// SPDX-License-Identifier: GPL-3.0-or-later
// Rules that hold for every menu, action and control of the window, in each of its languages.
#include "tests/views/sample_run.h"
#include "views/widgets/main_window.h"

#include <QAccessible>
#include <QAbstractButton>
#include <QAction>
#include <QDialog>
#include <QDockWidget>
#include <QHeaderView>
#include <QMenu>
#include <QMenuBar>
#include <QRegularExpression>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QTabBar>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTranslator>
#include <QTreeView>
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

    void everyDisabledActionSaysWhy_data() { addStates(); }
    void everyDisabledActionSaysWhy()
    {
        openInState();
        QStringList silent;
        for (const QAction *action : m_window->findChildren<QAction *>()) {
            if (action->isEnabled() || action->isSeparator() || action->text().isEmpty() || !action->isVisible()
                || action->associatedObjects().isEmpty()) // offered nowhere
                continue;
            // Qt's default tool tip is the text itself, which is no reason.
            const QString tip = action->toolTip();
            if (tip.size() < 10 || tip == bare(action->text()))
                silent << QStringLiteral("%1 \"%2\"").arg(action->objectName(), action->text());
        }
        for (const auto *button : m_window->findChildren<QAbstractButton *>())
            if (!button->isEnabled() && button->isVisible() && !button->text().isEmpty()
                && !button->objectName().startsWith(QLatin1String("qt_")) && button->toolTip().size() < 10
                && button->parentWidget()->isEnabled())
                silent << QStringLiteral("button %1 \"%2\"").arg(button->objectName(), button->text());
        QVERIFY2(silent.isEmpty(), qPrintable(silent.join(QLatin1Char('\n'))));
    }

    void everyMenuThatHasReasonsShowsThem()
    {
        open();
        for (const QAction *entry : m_window->menuBar()->actions())
            QVERIFY2(entry->menu()->toolTipsVisible(), qPrintable(entry->text()));
    }

    void everythingThatTakesTheFocusHasAName_data() { addStates(); }
    void everythingThatTakesTheFocusHasAName()
    {
        openInState();
        for (QDockWidget *dock : m_window->findChildren<QDockWidget *>())
            dock->show();
        QStringList nameless;
        collectNameless(*m_window, nameless);
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QLatin1Char('\n'))));
    }

    void dialogsNameWhatTakesTheFocus()
    {
        open();
        showRun();
        QStringList nameless;
        for (const char *name : {"settings", "shortcuts", "bitsByFilter", "getModel", "keepPlan"}) {
            auto *action = m_window->findChild<QAction *>(QLatin1String(name));
            QVERIFY2(action && action->isEnabled(), name);
            action->trigger();
            QTRY_VERIFY2(visibleDialog(), name);
            QStringList found;
            collectNameless(*visibleDialog(), found);
            for (const QString &one : found)
                nameless << QString::fromLatin1(name) + QStringLiteral(": ") + one;
            visibleDialog()->reject();
            QTRY_VERIFY(!visibleDialog());
        }
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QLatin1Char('\n'))));
    }

    void tabReachesEveryPanelAndF6Too()
    {
        open();
        showRun();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QSet<QString> fronts;
        for (const QDockWidget *dock : m_window->findChildren<QDockWidget *>())
            if (dock->isVisible() && !dock->visibleRegion().isEmpty() && dock->widget())
                fronts << dock->objectName();
        QVERIFY(fronts.size() >= 5);
        const auto reached = [&](const std::function<void()> &step, int steps) {
            QSet<QString> met;
            for (int i = 0; i < steps; ++i) {
                step();
                for (const QWidget *up = QApplication::focusWidget(); up; up = up->parentWidget())
                    if (qobject_cast<const QDockWidget *>(up))
                        met << up->objectName();
            }
            return met;
        };
        const auto tab = [] { QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab); };
        m_window->findChild<QTreeView *>(QStringLiteral("modelTree"))->setFocus();
        QVERIFY2((fronts - reached(tab, 150)).isEmpty(), qPrintable(QStringList((fronts - reached(tab, 150)).values()).join(u' ')));
        for (const Qt::KeyboardModifiers modifier : {Qt::NoModifier, Qt::ShiftModifier}) {
            const auto panel = [&] { QTest::keyClick(QApplication::focusWidget(), Qt::Key_F6, modifier); };
            QCOMPARE(reached(panel, static_cast<int>(fronts.size())), fronts);
        }
    }

    void altLeftAndRightWalkOverTheSelectedLayers()
    {
        open();
        showRun();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        const QStringList way{QStringLiteral("blocks.1.norm1"), QStringLiteral("blocks.2.attn.softmax"), QStringLiteral("blocks.3.mlp.fc2")};
        for (const QString &path : way)
            m_window->selectTap(path);
        const auto selected = [&] { return QString::fromStdString(m_window->projectState().project.selectedTap); };
        auto *tree = m_window->findChild<QTreeView *>(QStringLiteral("modelTree"));
        tree->setFocus();
        QTest::keyClick(tree, Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(selected(), way[1]);
        QTest::keyClick(tree, Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(selected(), way[0]);
        QTest::keyClick(tree, Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(selected(), way[1]);
        m_window->selectTap(QStringLiteral("blocks.5.norm2")); // a new way from here
        QVERIFY(!m_window->findChild<QAction *>(QStringLiteral("selectionForward"))->isEnabled());
        QTest::keyClick(tree, Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(selected(), way[1]);
    }

    void theListOfShortcutsNamesEachOne()
    {
        open();
        m_window->findChild<QAction *>(QStringLiteral("shortcuts"))->trigger();
        QTRY_VERIFY(visibleDialog());
        auto *table = visibleDialog()->findChild<QTableWidget *>();
        QStringList listed;
        for (int row = 0; row < table->rowCount(); ++row)
            listed << table->item(row, 0)->text();
        for (const QAction *action : m_window->findChildren<QAction *>())
            for (const QKeySequence &keys : action->shortcuts())
                QVERIFY2(listed.contains(keys.toString(QKeySequence::NativeText)), qPrintable(action->text()));
        QStringList unique = listed;
        unique.removeDuplicates();
        QCOMPARE(unique, listed); // no two actions share keys
        visibleDialog()->reject();
    }

private:
    static void addStates()
    {
        QTest::addColumn<bool>("withRun");
        QTest::newRow("nothing open") << false;
        QTest::newRow("a run") << true;
    }

    void openInState()
    {
        QFETCH(bool, withRun);
        open();
        if (withRun)
            showRun();
    }

    void showRun()
    {
        Q_EMIT m_bench->modelOpened(m_model);
        Q_EMIT m_bench->runFinished(sample::run(m_model, 1));
        QTest::qWait(50);
    }

    static QDialog *visibleDialog()
    {
        for (QWidget *widget : QApplication::topLevelWidgets())
            if (auto *dialog = qobject_cast<QDialog *>(widget); dialog && dialog->isVisible())
                return dialog;
        return nullptr;
    }

    static QString bare(QString text)
    {
        static const QRegularExpression decoration(QStringLiteral("&|…"));
        return text.remove(decoration);
    }

    /// Widgets that the keyboard reaches and for which a screen reader has no name.
    static void collectNameless(const QWidget &root, QStringList &found)
    {
        for (QWidget *widget : root.findChildren<QWidget *>()) {
            // Parts of controls, which bear the name themselves.
            const bool inner = widget->objectName().startsWith(QLatin1String("qt_")) || widget->focusProxy()
                            || qobject_cast<QScrollBar *>(widget) || qobject_cast<QMenu *>(widget)
                            || qobject_cast<QMenuBar *>(widget) || qobject_cast<QScrollArea *>(widget)
                            || qobject_cast<QHeaderView *>(widget) || widget->inherits("QComboBoxListView");
            if (inner || !(widget->focusPolicy() & Qt::TabFocus))
                continue;
            if (const auto *tabs = qobject_cast<QTabBar *>(widget); tabs && tabs->count() == 0)
                continue; // kept by QMainWindow for later
            const QAccessibleInterface *reader = QAccessible::queryAccessibleInterface(widget);
            if (!reader || reader->text(QAccessible::Name).trimmed().isEmpty())
                found << QStringLiteral("%1 %2 in %3").arg(QLatin1String(widget->metaObject()->className()), widget->objectName(),
                                                           widget->parentWidget() ? widget->parentWidget()->objectName() : QString());
        }
    }

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
        open();
    }

    void open()
    {
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
