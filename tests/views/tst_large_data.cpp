// SPDX-License-Identifier: GPL-3.0-or-later
// The question before something very large is opened: every way to open asks, once, and only when somebody is there.
#include "views/widgets/large_data_guard.h"
#include "views/widgets/main_window.h"
#include "views/widgets/project_controller.h"
#include "views/widgets/settings_dialog.h"
#include "views/widgets/user_settings.h"

#include <QAction>
#include <QCheckBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace quantoscope;

class TestLargeData : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("quantoscope-tests"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_large_data"));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    }

    void init()
    {
        QSettings().clear();
        m_bench = std::make_unique<Workbench>();
        m_store = std::make_unique<ProjectStore>(m_folder.filePath(QStringLiteral("recovery")));
        m_window = std::make_unique<MainWindow>(*m_bench, m_store.get());
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_window->findChild<LargeDataGuard *>()->setAvailableMemory(16'000'000'000);
        m_failed = std::make_unique<QSignalSpy>(m_bench.get(), &Workbench::failed);
    }

    void cleanup()
    {
        m_failed.reset();
        m_window.reset();
        m_store.reset();
        m_bench.reset();
    }

    void aWindowWithNobodyBeforeItOpensWithoutAQuestion()
    {
        m_window->openFile(file("huge.safetensors", kHuge));
        QVERIFY(!box());
        QTRY_COMPARE(m_failed->count(), 1); // nothing but zeros, which is found out when it is opened
    }

    void aSmallFileIsOpenedWithoutAQuestion()
    {
        m_window->askBeforeLargeData();
        m_window->openFile(file("small.safetensors", 100));
        QVERIFY(!box());
        QTRY_COMPARE(m_failed->count(), 1);
    }

    void theQuestionTellsSizeTimeAndMemoryAndCancelOpensNothing()
    {
        m_window->askBeforeLargeData();
        m_window->openFile(file("huge.safetensors", kHuge));
        QVERIFY(box());
        QCOMPARE(box()->text(), QStringLiteral("The model huge.safetensors is large: 6.0 GB. Open it?"));
        QCOMPARE(box()->informativeText(),
                 QStringLiteral("Opening it takes about 12 s, working with it about 18.0 GB of memory. 16.0 GB are free now. "
                                "That is not enough: the computer may become very slow, or end the program."));
        QVERIFY(box()->defaultButton() == box()->button(QMessageBox::Cancel));
        shot("large-model");
        QTest::mouseClick(box()->button(QMessageBox::Cancel), Qt::LeftButton);
        QTRY_VERIFY(!box());
        QTest::qWait(30);
        QCOMPARE(m_failed->count(), 0);
        QVERIFY(m_bench->jobs().isEmpty());
        QVERIFY(UserSettings::load().asksBeforeLarge);
        m_window->openFile(file("huge.safetensors", kHuge));
        QVERIFY2(box(), "a refusal is asked about again");
        QTest::keyClick(box(), Qt::Key_Escape);
        QTRY_VERIFY(!box());
        QVERIFY(m_bench->jobs().isEmpty());
    }

    void aFileIsAskedAboutOnceInASession()
    {
        m_window->askBeforeLargeData();
        const QString path = file("large.h5", 2'000'000'000);
        m_window->openFile(path);
        QVERIFY(box());
        QCOMPARE(box()->text(), QStringLiteral("The run file large.h5 is large: 2.0 GB. Open it?"));
        QCOMPARE(box()->informativeText(), QStringLiteral("Opening it takes about 8 s and 4.0 GB of memory. 16.0 GB are free now."));
        QCOMPARE(box()->defaultButton(), open());
        QTest::mouseClick(open(), Qt::LeftButton);
        QTRY_COMPARE(m_failed->count(), 1);
        m_window->openFile(path);
        QVERIFY(!box());
        QTRY_COMPARE(m_failed->count(), 2);
        m_window->openFile(file("other.h5", 2'000'000'000));
        QVERIFY2(box(), "another file is another question");
    }

    void onceNeverIsChosenNothingAsksUntilTheSettingsSaySo()
    {
        m_window->askBeforeLargeData();
        m_window->openFile(file("large.h5", 2'000'000'000));
        QVERIFY(box());
        QTest::mouseClick(box()->findChild<QCheckBox *>(QStringLiteral("neverAskLarge")), Qt::LeftButton, {}, QPoint(8, 8));
        QVERIFY(box()->checkBox()->isChecked());
        QTest::mouseClick(open(), Qt::LeftButton);
        QTRY_COMPARE(m_failed->count(), 1);
        QVERIFY(!UserSettings::load().asksBeforeLarge);
        m_window->openFile(file("other.h5", 2'000'000'000));
        QVERIFY(!box());
        QTRY_COMPARE(m_failed->count(), 2);

        m_window->findChild<QAction *>(QStringLiteral("settings"))->trigger();
        auto *settings = m_window->findChild<SettingsDialog *>();
        auto *asks = settings->findChild<QCheckBox *>(QStringLiteral("askBeforeLarge"));
        QVERIFY(!asks->isChecked());
        QVERIFY(settings->grab().save(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots/large-settings.png")));
        asks->click();
        settings->accept();
        QVERIFY(UserSettings::load().asksBeforeLarge);
        m_window->openFile(file("third.h5", 2'000'000'000));
        QVERIFY(box());
    }

    void everyWayToOpenAsks()
    {
        m_window->askBeforeLargeData();
        const QString run = file("large.h5", 2'000'000'000);
        QSettings().setValue(QStringLiteral("recentFiles"), QStringList{run});
        const auto refuse = [this](const char *way) {
            QVERIFY2(box(), way);
            QTest::mouseClick(box()->button(QMessageBox::Cancel), Qt::LeftButton);
            QTRY_VERIFY2(!box(), way);
        };
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(run)});
        QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &enter);
        QDropEvent drop(QPointF(100, 100), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &drop);
        refuse("drop");

        MainWindow another(*m_bench, m_store.get()); // finds the recent file
        another.askBeforeLargeData();
        another.findChild<LargeDataGuard *>()->setAvailableMemory(16'000'000'000);
        another.findChild<QMenu *>(QStringLiteral("recentFiles"))->actions().front()->trigger();
        auto *asked = another.findChild<QMessageBox *>(QStringLiteral("largeDataBox"));
        QVERIFY(asked);
        asked->reject();

        m_window->openModelFile(file("huge.safetensors", kHuge));
        refuse("model");
        QDir().mkpath(m_folder.filePath(QStringLiteral("sharded")));
        QVERIFY(!file("sharded/model.safetensors", kHuge).isEmpty());
        m_window->openFile(file("sharded/config.json", 10)); // stands for its folder
        QVERIFY(box() && box()->text().contains(QStringLiteral("sharded")));
        refuse("folder");

        QSignalSpy failed(m_store.get(), &ProjectStore::failed);
        const QString project = file("large.quantoscope", 2'000'000'000);
        m_window->openFile(project);
        QVERIFY(box() && box()->text().startsWith(QStringLiteral("The project large.quantoscope")));
        refuse("project");
        m_store->waitUntilIdle();
        QCOMPARE(failed.count(), 0);
        m_window->openFile(project);
        QTest::mouseClick(open(), Qt::LeftButton);
        QTRY_COMPARE(failed.count(), 1);
    }

    void aProjectWhoseModelIsRefusedComesWithoutIt()
    {
        ProjectState state;
        state.request.model.weights = file("huge.safetensors", kHuge).toStdString();
        state.project.weights = state.request.model.weights;
        KeptPlan kept;
        kept.name = "kept";
        state.project.plans.push_back(kept);
        const QString path = m_folder.filePath(QStringLiteral("with-model.quantoscope"));
        QSignalSpy saved(m_store.get(), &ProjectStore::saved);
        m_store->save(state, path);
        QTRY_COMPARE(saved.count(), 1);
        m_window->askBeforeLargeData();
        m_window->openFile(path);
        QTRY_VERIFY(box());
        QCOMPARE(m_window->projectState().project.plans.size(), size_t{1}); // not forgotten while the question stands
        QTest::mouseClick(box()->button(QMessageBox::Cancel), Qt::LeftButton);
        QTRY_VERIFY(!box());
        QCOMPARE(m_window->projectState().project.plans.size(), size_t{1});
        QCOMPARE(m_window->projectState().project.plans.front().name, std::string("kept"));
        QVERIFY(m_bench->jobs().isEmpty());
    }

private:
    static constexpr qint64 kHuge = 6'000'000'000;

    /// A file of zeros that takes no room on the disk.
    [[nodiscard]] QString file(const char *name, qint64 bytes) const
    {
        QFile file(m_folder.filePath(QLatin1String(name)));
        if (!file.open(QIODevice::WriteOnly) || !file.resize(bytes))
            return {};
        return file.fileName();
    }

    [[nodiscard]] QMessageBox *box() const
    {
        return m_window->findChild<QMessageBox *>(QStringLiteral("largeDataBox"));
    }

    [[nodiscard]] QPushButton *open() const
    {
        return box() ? box()->findChild<QPushButton *>(QStringLiteral("openLarge")) : nullptr;
    }

    void shot(const char *name)
    {
        QTest::qWait(20);
        QDir().mkpath(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots"));
        QVERIFY(box()->grab().save(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots/%1.png").arg(QLatin1String(name))));
    }

    QTemporaryDir m_folder;
    std::unique_ptr<Workbench> m_bench;
    std::unique_ptr<ProjectStore> m_store;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<QSignalSpy> m_failed;
};

QTEST_MAIN(TestLargeData)
#include "tst_large_data.moc"
