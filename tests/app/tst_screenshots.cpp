// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of every view, to be looked at: <build>/screenshots/<variant>/. ctest starts the program once per variant
// (QUANTOSCOPE_VARIANT: light, dark, de, zh_CN, 1.5x, 2x), because a scale and a language belong to a process. What can be told
// without looking fails here: clipped texts, empty pictures, views that a variant lacks.
#include "app/demo/demo_assets.h"
#include "core/jobs/project_store.h"
#include "core/jobs/workbench.h"
#include "tests/support/picture_checks.h"
#include "tests/support/test_data.h"
#include "views/plots/plot_view.h"
#include "views/widgets/large_data_guard.h"
#include "views/widgets/main_window.h"
#include "views/widgets/measure_actions.h"
#include "views/widgets/user_settings.h"

#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QDirIterator>
#include <QDockWidget>
#include <QLibraryInfo>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QTranslator>

using namespace quantoscope;
using quantoscope::testing::clippedTexts;
using quantoscope::testing::showsSomething;

namespace {

constexpr int kRunTimeout = 300'000;
const QStringList kVariants{QStringLiteral("light"), QStringLiteral("dark"), QStringLiteral("de"),
                            QStringLiteral("zh_CN"), QStringLiteral("1.5x"), QStringLiteral("2x")};

QString variant()
{
    return qEnvironmentVariable("QUANTOSCOPE_VARIANT", QStringLiteral("light"));
}

QDir pictures()
{
    return QDir(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots"));
}

QString storedPath(const QString &name)
{
    return pictures().filePath(QStringLiteral("runs/") + name);
}

} // namespace

class TestScreenshots : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void runsForThePicturesAreStored_data() { addSubjects(); }
    void runsForThePicturesAreStored();
    void everyViewHasAPicture_data() { addSubjects(); }
    void everyViewHasAPicture();
    void everyDialogHasAPicture();
    void everyVariantHasTheSamePictures();

private:
    static void addSubjects()
    {
        QTest::addColumn<QString>("subject");
        QTest::newRow("demo") << QStringLiteral("demo");
        QTest::newRow("deit") << QStringLiteral("deit");
    }

    void openStored(const QString &subject);
    void shoot(QWidget &view, const QString &name, bool filled = true);
    void shootDialog(const QString &name, const std::function<void()> &opened);
    [[nodiscard]] RunRequest requestOf(const QString &subject) const;
    template <typename T = QAction>
    T *find(const char *name) const
    {
        return m_window->findChild<T *>(QLatin1String(name));
    }

    QTemporaryDir m_settings;
    QStringList m_clipped;
    std::unique_ptr<Workbench> m_workbench;
    std::unique_ptr<ProjectStore> m_store;
    std::unique_ptr<MainWindow> m_window;
};

void TestScreenshots::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QVERIFY(pictures().mkpath(QStringLiteral("runs")));
    if (kVariants.contains(variant()))
        QVERIFY(pictures().mkpath(variant()));
}

void TestScreenshots::init()
{
    QSettings().setValue(QStringLiteral("getModel/folder"), QStringLiteral("/home/user/.cache/quantoscope/models"));
    m_workbench = std::make_unique<Workbench>();
    m_store = std::make_unique<ProjectStore>(m_settings.filePath(QStringLiteral("recovery")));
    m_window = std::make_unique<MainWindow>(*m_workbench, m_store.get());
    m_window->resize(1280, 800);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    m_clipped.clear();
}

void TestScreenshots::cleanup()
{
    m_window.reset();
    m_store.reset();
    m_workbench.reset();
}

RunRequest TestScreenshots::requestOf(const QString &subject) const
{
    if (subject == QLatin1String("demo")) {
        const auto assets = unpackDemo();
        return assets ? demoRequest(*assets) : RunRequest();
    }
    RunRequest request;
    request.model.weights = quantoscope::testing::dataPath("models/deit_tiny_patch16_224.safetensors");
    request.data.folder = quantoscope::testing::dataPath("imagenet");
    request.data.limit = 48;
    request.calibration.count = 24;
    request.quantization.bits = {8, 8, 4};
    request.analyze = true;
    request.analysisImages = 16;
    return request;
}

/// One run, with sensitivity, attention and a search, for all variants.
void TestScreenshots::runsForThePicturesAreStored()
{
    QFETCH(QString, subject);
    const RunRequest request = requestOf(subject);
    if (request.model.weights.empty() || request.data.folder.empty())
        QSKIP("needs DeiT-T and images (set QUANTOSCOPE_DATA)");
    QSignalSpy finished(m_workbench.get(), &Workbench::runFinished);
    m_workbench->start(request);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
    RunRequest measured = request;
    measured.sensitivity = SensitivityRequest();
    measured.sensitivity->options.level = SensitivityLevel::Block;
    measured.sensitivity->options.kinds = {SensitivityKind::OnlyThis, SensitivityKind::AllButThis};
    measured.sensitivity->options.parts = {SensitivityPart::Both, SensitivityPart::Weights, SensitivityPart::Activations};
    measured.sensitivity->images = 2;
    const auto run = finished.takeFirst().at(0).value<RunRecordPtr>();
    measured.attention = {run->images.items.front().path};
    if (!QFileInfo(QString::fromStdString(measured.attention.front())).isAbsolute())
        measured.attention.front() = request.data.folder + "/" + measured.attention.front();
    m_workbench->measure(measured, run);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
    QSignalSpy exported(m_workbench.get(), &Workbench::runExported);
    m_workbench->exportRun(finished.takeFirst().at(0).value<RunRecordPtr>(), storedPath(subject + QStringLiteral(".h5")));
    QTRY_COMPARE_WITH_TIMEOUT(exported.count(), 1, kRunTimeout);
    RunRequest draw = request; // the spread over calibration images is of several runs
    draw.calibration.seed += 1;
    draw.analyze = false;
    m_workbench->start(draw);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
    m_workbench->exportRun(finished.takeFirst().at(0).value<RunRecordPtr>(), storedPath(subject + QStringLiteral("-seed-1.h5")));
    QTRY_COMPARE_WITH_TIMEOUT(exported.count(), 2, kRunTimeout);
    if (subject != QLatin1String("demo"))
        return;
    PlanSearchRequest search;
    search.run = request;
    search.run.quantization = {};
    search.images = 4;
    search.budget = {Resource::AverageBits, 5};
    search.evaluatePoints = 2;
    QSignalSpy found(m_workbench.get(), &Workbench::searchFinished);
    m_workbench->search(search);
    QTRY_COMPARE_WITH_TIMEOUT(found.count(), 1, kRunTimeout);
    QSignalSpy written(m_workbench.get(), &Workbench::fileWritten);
    m_workbench->exportSearch(found.takeFirst().at(0).value<PrecisionSearchPtr>(), storedPath(QStringLiteral("search.json")));
    QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, kRunTimeout);
}

void TestScreenshots::openStored(const QString &subject)
{
    RunRequest request = requestOf(subject);
    if (subject == QLatin1String("deit")) { // the picture says nothing of the machine that it was made on
        QDir::setCurrent(QFileInfo(QString::fromStdString(request.data.folder)).path());
        request.data.folder = "imagenet";
    }
    QSignalSpy opened(m_workbench.get(), &Workbench::modelOpened);
    m_window->openModelFile(QString::fromStdString(request.model.weights));
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, kRunTimeout);
    m_window->setRunRequest(request);
    QSignalSpy finished(m_workbench.get(), &Workbench::runFinished);
    m_window->openRunFile(storedPath(subject + QStringLiteral("-seed-1.h5")));
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
    m_window->openRunFile(storedPath(subject + QStringLiteral(".h5")));
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 2, kRunTimeout);
    QSignalSpy found(m_workbench.get(), &Workbench::searchFinished);
    m_workbench->openSearch(storedPath(QStringLiteral("search.json")));
    QTRY_COMPARE_WITH_TIMEOUT(found.count(), 1, kRunTimeout);
}

void TestScreenshots::everyViewHasAPicture()
{
    QFETCH(QString, subject);
    if (!kVariants.contains(variant()))
        QSKIP("no variant of the window");
    if (subject == QLatin1String("demo"))
        shoot(*m_window, QStringLiteral("empty"));
    if (!QFileInfo::exists(storedPath(subject + QStringLiteral(".h5"))))
        QSKIP("needs DeiT-T and images (set QUANTOSCOPE_DATA)");
    openStored(subject);
    m_window->selectTap(QStringLiteral("blocks.1.norm1"));
    for (QDockWidget *dock : m_window->findChildren<QDockWidget *>())
        dock->show();
    const auto docks = m_window->findChildren<QDockWidget *>();
    auto *guide = find<QDockWidget>("guideDock");
    guide->hide();
    for (const char *first : {"recipeDock", "runsDock", "dock-ranges", "dock-channels"})
        find<QDockWidget>(first)->raise();
    shoot(*m_window, subject + QStringLiteral("-window"));
    for (QDockWidget *dock : docks) {
        guide->setVisible(dock == guide);
        dock->raise();
        const auto *plot = dock->findChild<PlotView *>();
        const bool ofSoftmax = dock->objectName() == QLatin1String("dock-attention") || dock->objectName() == QLatin1String("dock-levels");
        m_window->selectTap(ofSoftmax ? QStringLiteral("blocks.1.attn.softmax") : QStringLiteral("blocks.1.norm1"));
        QTRY_VERIFY2(!plot || !plot->isEmpty(), qPrintable(dock->objectName())); // that of several runs comes later
        shoot(*m_window, subject + QLatin1Char('-') + dock->objectName());
    }
    for (const QString &text : std::as_const(m_clipped))
        qWarning("clipped: %s", qPrintable(text)); // one by one: a long message is cut
    QCOMPARE(m_clipped.size(), 0);
}

void TestScreenshots::everyDialogHasAPicture()
{
    if (!kVariants.contains(variant()))
        QSKIP("no variant of the window");
    openStored(QStringLiteral("demo"));
    for (QAction *entry : m_window->menuBar()->actions()) {
        QMenu *menu = entry->menu();
        menu->ensurePolished();
        menu->adjustSize();
        shoot(*menu, QStringLiteral("menu-%1").arg(m_window->menuBar()->actions().indexOf(entry)));
    }
    for (const char *action : {"settings", "shortcuts", "about", "measureSensitivity", "searchAction", "repeatDraws", "bitsByFilter",
                               "getModel", "keepPlan"})
        shootDialog(QStringLiteral("dialog-") + QLatin1String(action), [&] { find(action)->trigger(); });
    shootDialog(QStringLiteral("dialog-preprocessing"), [&] { find<QAbstractButton>("editPreprocessing")->click(); });

    // A recovery copy whose program is gone: a copy of one that is in use, without its lock.
    const QString left = m_settings.filePath(QStringLiteral("left"));
    m_store->autosave(m_window->projectState());
    m_store->waitUntilIdle();
    for (QDirIterator it(m_settings.filePath(QStringLiteral("recovery")), QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
        const QFileInfo file(it.next());
        const QString target = left + QStringLiteral("/old/");
        QDir().mkpath(target);
        if (file.fileName() != QLatin1String("lock"))
            QVERIFY(QFile::copy(file.filePath(), target + file.fileName()));
    }
    m_window.reset();
    m_store = std::make_unique<ProjectStore>(left);
    m_window = std::make_unique<MainWindow>(*m_workbench, m_store.get());
    m_window->show();
    shootDialog(QStringLiteral("dialog-recovery"), [&] { m_window->offerRecovery(); });
    QFile large(m_settings.filePath(QStringLiteral("vit_giant_patch14.safetensors"))); // takes no room on the disk
    QVERIFY(large.open(QIODevice::WriteOnly) && large.resize(6'000'000'000));
    auto *guard = m_window->findChild<LargeDataGuard *>();
    guard->setAvailableMemory(16'000'000'000);
    guard->setAsking(true);
    shootDialog(QStringLiteral("dialog-large"), [&] { m_window->openFile(large.fileName()); });
    guard->setAsking(false);
    shootDialog(QStringLiteral("dialog-error"), [&] {
        Q_EMIT m_workbench->failed({ErrorCode::BadInput, "tensor blocks.3.mlp.fc1.weight has shape 768x100 instead of 768x192",
                                    "model.safetensors", "choose the model with --model, or convert the checkpoint"});
    });
    for (const QString &text : std::as_const(m_clipped))
        qWarning("clipped: %s", qPrintable(text)); // one by one: a long message is cut
    QCOMPARE(m_clipped.size(), 0);
}

void TestScreenshots::everyVariantHasTheSamePictures()
{
    if (variant() != QLatin1String("all"))
        QSKIP("compares the variants after all of them");
    const QStringList wanted = QDir(pictures().filePath(kVariants.front())).entryList({QStringLiteral("*.png")});
    QVERIFY(wanted.size() > 30);
    for (const QString &name : kVariants)
        QCOMPARE(QDir(pictures().filePath(name)).entryList({QStringLiteral("*.png")}), wanted);
    const QString picture = QStringLiteral("demo-window.png");
    const QImage once(pictures().filePath(QStringLiteral("light/") + picture));
    const QImage twice(pictures().filePath(QStringLiteral("2x/") + picture));
    QCOMPARE(twice.size(), once.size() * 2);
    const QImage dark(pictures().filePath(QStringLiteral("dark/") + picture));
    QVERIFY(dark.pixelColor(2, dark.height() - 3).lightness() < 128);
}

void TestScreenshots::shoot(QWidget &view, const QString &name, bool filled)
{
    for (int turn = 0; turn < 4; ++turn)
        QCoreApplication::processEvents();
    QTest::qWait(40); // plots are drawn on the next turns, and replotted on those after
    for (const QString &text : clippedTexts(view))
        m_clipped << name + QStringLiteral(": ") + text;
    const QImage image = view.grab().toImage();
    QVERIFY2(!filled || showsSomething(image), qPrintable(name + QStringLiteral(" is empty")));
    QVERIFY(image.save(pictures().filePath(QStringLiteral("%1/%2.png").arg(variant(), name))));
}

/// Works for dialogs that return at once and for those that run a loop of their own.
void TestScreenshots::shootDialog(const QString &name, const std::function<void()> &opened)
{
    bool shot = false;
    const auto visibleDialog = [&]() -> QDialog * {
        for (QWidget *widget : QApplication::topLevelWidgets())
            if (auto *dialog = qobject_cast<QDialog *>(widget); dialog && dialog->isVisible())
                return dialog;
        return nullptr;
    };
    QTimer timer;
    timer.setInterval(400); // estimates of cost arrive meanwhile
    connect(&timer, &QTimer::timeout, this, [&] {
        QDialog *dialog = visibleDialog();
        if (!dialog)
            return;
        timer.stop();
        shoot(*dialog, name);
        dialog->reject();
        shot = true;
    });
    timer.start();
    opened();
    QTRY_VERIFY2_WITH_TIMEOUT(shot, qPrintable(name + QStringLiteral(" did not open")), 10'000);
    QTRY_VERIFY(!visibleDialog());
}

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("quantoscope-tests"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_screenshots"));
    const bool translated = variant() == QLatin1String("de") || variant() == QLatin1String("zh_CN");
    QLocale::setDefault(QLocale(translated ? variant() : QStringLiteral("en")));
    QTranslator own;
    QTranslator qt;
    if (translated) {
        if (!own.load(QLocale(), QStringLiteral("quantoscope"), QStringLiteral("_"), QStringLiteral(":/i18n")))
            qFatal("there is no translation for this variant");
        QCoreApplication::installTranslator(&own);
        if (qt.load(QLocale(), QStringLiteral("qtbase"), QStringLiteral("_"), QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
            QCoreApplication::installTranslator(&qt);
    }
    applyTheme(variant() == QLatin1String("dark") ? ThemeChoice::Dark : ThemeChoice::Light);
    TestScreenshots test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_screenshots.moc"
