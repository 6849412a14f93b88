// SPDX-License-Identifier: GPL-3.0-or-later
// What the window opens and writes: models, runs, reports, plots; recent files, drag and drop.
#include "views/widgets/main_window_private.h"

#include "views/plots/plot_view.h"
#include "views/widgets/get_model_dialog.h"
#include "views/widgets/large_data_guard.h"
#include "views/widgets/plots_panel.h"
#include "views/widgets/project_controller.h"
#include "views/widgets/report_export.h"
#include "views/widgets/settings_dialog.h"

#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMimeData>
#include <QSettings>
#include <QStatusBar>

namespace quantoscope {

namespace {

constexpr int kMostRecentFiles = 10;
const QSize kExportSize(960, 600);

/// By its ending, for drag and drop; what a file really is, its content tells when it is opened.
bool isCheckpointName(const QString &path)
{
    static const QStringList endings = {QStringLiteral("safetensors"), QStringLiteral("pth"), QStringLiteral("pt"),
                                        QStringLiteral("bin"),         QStringLiteral("npz"), QStringLiteral("json")};
    return endings.contains(QFileInfo(path).suffix(), Qt::CaseInsensitive);
}

bool isRunFile(const QString &path)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    return suffix == QLatin1String("h5") || suffix == QLatin1String("hdf5");
}

QStringList localPaths(const QMimeData *data)
{
    QStringList paths;
    for (const QUrl &url : data->urls())
        if (url.isLocalFile())
            paths << url.toLocalFile();
    return paths;
}

} // namespace

/// Training programs give their checkpoints the name x.pth.tar.
bool isImageSource(const QString &path)
{
    const QFileInfo file(path);
    return file.isDir()
        || (file.isFile() && file.suffix().toLower() == QLatin1String("tar")
            && !path.endsWith(QLatin1String(".pth.tar"), Qt::CaseInsensitive));
}

void MainWindow::askBeforeLargeData()
{
    m_large->setAsking(true);
}

void MainWindow::openFile(const QString &path)
{
    if (ProjectController::isProjectFile(path))
        m_project->openFile(path);
    else if (isRunFile(path))
        openRunFile(path);
    else
        openModelFile(path);
}

void MainWindow::openModelFile(const QString &path)
{
    ModelRequest request;
    // A JSON file stands for the folder that it describes: config.json, or the index of a sharded checkpoint.
    const bool describes = path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive);
    request.weights = (describes ? QFileInfo(path).path() : path).toStdString();
    openModel(std::move(request));
}

void MainWindow::openModel(ModelRequest request)
{
    const UserSettings settings = UserSettings::load();
    request.device = settings.device.toStdString();
    request.threads = settings.threads;
    request.activationMemory = settings.activationMemory;
    const QString path = QString::fromStdString(request.weights);
    const auto open = [this, request = std::move(request)] {
        m_opening = request;
        m_workbench.openModel(request);
    };
    m_large->open(OpenKind::Model, path, open, [this] { finishProject(); }); // without its model, the rest is there all the same
}

void MainWindow::openRunFile(const QString &path)
{
    m_large->open(OpenKind::Run, path, [this, path] {
        if (QFileInfo::exists(path))
            rememberFile(path);
        m_workbench.openRun(path);
    });
}

Result<QStringList> MainWindow::exportAllPlots(const QString &folder)
{
    QStringList written;
    for (const char *suffix : {"png", "svg"}) {
        Result<QStringList> paths = m_plots->exportAll(folder, QLatin1String(suffix), kExportSize);
        if (!paths)
            return fail(paths.error());
        written += *paths;
    }
    return written;
}

void MainWindow::exportAllPlotsInteractively()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Export all plots as PNG and SVG into"));
    if (folder.isEmpty())
        return;
    if (const Result<QStringList> done = exportAllPlots(folder); done)
        statusBar()->showMessage(
            tr("Wrote %1 files to %2").arg(done->size()).arg(QDir::toNativeSeparators(folder)), 8000);
    else
        showError(done.error());
}

void MainWindow::chooseModel()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open model"), QString(),
                                                      tr("Checkpoints (*.safetensors *.pth *.pt *.bin *.npz *.json);;All files (*)"));
    if (!path.isEmpty())
        openModelFile(path);
}

void MainWindow::getModel()
{
    auto *dialog = findChild<GetModelDialog *>();
    if (!dialog) {
        Result<std::vector<ModelOffer>> offers = modelOffers();
        if (!offers) {
            showError(offers.error());
            return;
        }
        dialog = new GetModelDialog(std::move(*offers), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &GetModelDialog::openRequested, this, [this](const QString &path, const QString &name) {
            ModelRequest request;
            request.weights = path.toStdString();
            request.model = name.toStdString(); // a file's name need not tell
            openModel(std::move(request));
        });
    }
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

void MainWindow::chooseRun()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open run"), QString(),
                                                      tr("Run files (*.h5 *.hdf5);;All files (*)"));
    if (!path.isEmpty())
        openRunFile(path);
}

void MainWindow::exportReport()
{
    if (!m_run)
        return;
    const QString path = QFileDialog::getSaveFileName(this, tr("Export report"),
                                                      QString::fromStdString(m_run->id) + QStringLiteral(".h5"),
                                                      tr("Run files (*.h5);;Web page with plots (*.html);;PDF (*.pdf);;"
                                                         "Table of taps (*.csv)"));
    if (!path.isEmpty())
        exportReportTo(path);
}

void MainWindow::exportReportTo(const QString &path)
{
    if (!isDocument(path)) {
        m_workbench.exportRun(m_run, path);
        return;
    }
    const Result<bool> written = writeReportWithProgress(this, m_run, path);
    if (!written)
        showError(written.error());
    else if (*written)
        statusBar()->showMessage(tr("Wrote %1").arg(QDir::toNativeSeparators(path)), 8000);
}

void MainWindow::saveJob()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save as batch job"), QStringLiteral("job.json"),
                                                      tr("Batch jobs (*.json)"));
    if (!path.isEmpty())
        m_workbench.exportJob(runRequest(), path);
}

void MainWindow::rememberFile(const QString &path)
{
    QSettings settings;
    QStringList files = settings.value(QStringLiteral("recentFiles")).toStringList();
    const QString absolute = QFileInfo(path).absoluteFilePath();
    files.removeAll(absolute);
    files.prepend(absolute);
    settings.setValue(QStringLiteral("recentFiles"), files.mid(0, kMostRecentFiles));
    updateRecentFiles();
}

void MainWindow::updateRecentFiles()
{
    QMenu *menu = m_actions->recent;
    menu->clear();
    const QStringList files = QSettings().value(QStringLiteral("recentFiles")).toStringList();
    for (const QString &path : files) {
        QAction *action = menu->addAction(QDir::toNativeSeparators(path));
        connect(action, &QAction::triggered, this, [this, path] { openFile(path); });
    }
    menu->setEnabled(!files.isEmpty());
    menu->menuAction()->setToolTip(files.isEmpty() ? tr("No file was opened yet.") : QString());
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    const QStringList paths = localPaths(event->mimeData());
    const bool usable = std::any_of(paths.begin(), paths.end(), [](const QString &path) {
        return isImageSource(path) || isRunFile(path) || isCheckpointName(path);
    });
    if (usable)
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    for (const QString &path : localPaths(event->mimeData())) {
        if (QFileInfo(path).isDir() && QFileInfo::exists(path + QLatin1String("/config.json")))
            openModelFile(path);
        else if (isImageSource(path))
            setDataFolder(path);
        else
            openFile(path);
    }
    event->acceptProposedAction();
}

} // namespace quantoscope
