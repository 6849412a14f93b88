// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/project_controller.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QMainWindow>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QStatusBar>

namespace quantoscope {

namespace {

const QString kSessionProject = QStringLiteral("session/project");
const QString kSuffix = QStringLiteral(".quantoscope");

} // namespace

ProjectController::ProjectController(ProjectStore *store, Window window)
    : QObject(window.window), m_store(store), m_window(std::move(window))
{
    m_autosave.setSingleShot(true);
    m_autosave.setInterval(0);
    connect(&m_autosave, &QTimer::timeout, this, [this] { m_store->autosave(m_window.collect()); });
    if (!m_store)
        return;
    connect(m_store, &ProjectStore::opened, this,
            [this](const std::shared_ptr<const ProjectState> &state, const QString &path, const QStringList &refused) {
                m_applying = true;
                m_window.apply(*state);
                m_applying = false;
                const bool named = !path.isEmpty() && path != m_sessionFile;
                if (named)
                    m_window.rememberFile(path);
                setState(named ? path : QString(), path.isEmpty());
                m_autosave.start();
                showRefused(refused);
            });
    connect(m_store, &ProjectStore::failed, this, &ProjectController::failed);
    connect(m_store, &ProjectStore::saved, this, [this](const QString &path) {
        if (path == m_sessionFile)
            return;
        m_window.rememberFile(path);
        m_window.window->statusBar()->showMessage(tr("Saved %1").arg(QDir::toNativeSeparators(path)), 8000);
    });
}

bool ProjectController::isProjectFile(const QString &path)
{
    return path.endsWith(kSuffix, Qt::CaseInsensitive);
}

void ProjectController::fillMenu(QMenu &menu)
{
    const auto add = [&](const QString &text, const QKeySequence &shortcut, const char *name, const QString &tip, auto slot) {
        QAction *action = menu.addAction(text);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(shortcut);
        action->setEnabled(m_store != nullptr);
        action->setToolTip(m_store ? tip : tr("This window keeps no projects."));
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    add(tr("&New project"), QKeySequence::New, "newProject", tr("Plans, runs and jobs of the present session go"),
        [this] { newProject(); });
    add(tr("Open pro&ject…"), {}, "openProject", tr("Plans, runs, jobs and window of a saved session"),
        [this] { openInteractively(); });
    m_save = add(tr("&Save project"), QKeySequence::Save, "saveProject", tr("Plans, runs, jobs and window in one file"),
                 [this] { save(); });
    add(tr("Save project &as…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S), "saveProjectAs",
        tr("The same in another file"), [this] { saveAs(); });
    menu.addSeparator();
}

void ProjectController::noteChange()
{
    if (!m_store || m_applying)
        return;
    m_autosave.start();
    setState(m_path, true);
}

void ProjectController::setState(const QString &path, bool modified)
{
    if (path == m_path && modified == m_modified)
        return;
    m_path = path;
    m_modified = modified;
    Q_EMIT stateChanged();
}

void ProjectController::newProject()
{
    if (!mayClose())
        return;
    m_applying = true;
    m_window.apply({});
    m_applying = false;
    setState(QString(), false);
    m_autosave.start();
}

void ProjectController::openFile(const QString &path)
{
    if (m_store)
        m_window.whenAgreed(path, [this, path] {
            if (mayClose())
                m_store->open(path);
        });
}

void ProjectController::openInteractively()
{
    const QString path = QFileDialog::getOpenFileName(m_window.window, tr("Open project"), QString(),
                                                      tr("Projects (*.quantoscope);;All files (*)"));
    if (!path.isEmpty())
        openFile(path);
}

bool ProjectController::save()
{
    if (m_path.isEmpty())
        return saveAs();
    saveTo(m_path);
    return true;
}

bool ProjectController::saveAs()
{
    QString path = QFileDialog::getSaveFileName(m_window.window, tr("Save project"),
                                                m_path.isEmpty() ? QStringLiteral("project") + kSuffix : m_path,
                                                tr("Projects (*.quantoscope)"));
    if (path.isEmpty())
        return false;
    if (QFileInfo(path).suffix().isEmpty())
        path += kSuffix;
    saveTo(path);
    return true;
}

void ProjectController::saveTo(const QString &path)
{
    m_store->save(m_window.collect(), path);
    setState(path, false);
}

bool ProjectController::mayClose()
{
    if (!m_store || m_path.isEmpty() || !m_modified)
        return true;
    QMessageBox box(QMessageBox::Question, tr("Quantoscope"),
                    tr("Save the changes of %1?").arg(QFileInfo(m_path).fileName()),
                    QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, m_window.window);
    box.setObjectName(QStringLiteral("saveBox"));
    const int answer = box.exec();
    return answer == QMessageBox::Discard || (answer == QMessageBox::Save && save());
}

void ProjectController::keepSession()
{
    if (!m_store || m_sessionFile.isEmpty())
        return;
    QSettings().setValue(kSessionProject, m_path);
    const ProjectState state = m_window.collect();
    const Project &project = state.project;
    if (!m_path.isEmpty() || (project.weights.empty() && project.runs.empty() && project.plans.empty())) {
        QFile::remove(m_sessionFile);
        return;
    }
    QDir().mkpath(QFileInfo(m_sessionFile).path());
    m_store->save(state, m_sessionFile);
}

bool ProjectController::restoreSession()
{
    if (!m_store)
        return false;
    const QString project = QSettings().value(kSessionProject).toString();
    const QString path = !project.isEmpty() && QFileInfo::exists(project) ? project : m_sessionFile;
    if (path.isEmpty() || !QFileInfo::exists(path))
        return false;
    m_store->open(path);
    return true;
}

void ProjectController::offerRecovery()
{
    if (!m_store)
        return;
    const QList<RecoveryOffer> offers = m_store->leftovers();
    if (offers.isEmpty())
        return;
    const RecoveryOffer offer = offers.front();
    auto *box = new QMessageBox(QMessageBox::Question, tr("Quantoscope"),
                                tr("A session did not end properly. Its last change was saved %1.")
                                    .arg(QLocale().toString(offer.changed, QLocale::ShortFormat)),
                                QMessageBox::NoButton, m_window.window);
    box->setObjectName(QStringLiteral("recoveryBox"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("Plans, runs and waiting jobs can be recovered. Jobs that were running go on after the "
                               "last finished batch where that is possible."));
    QPushButton *recover = box->addButton(tr("&Recover"), QMessageBox::AcceptRole);
    QPushButton *discard = box->addButton(tr("&Discard"), QMessageBox::DestructiveRole);
    QPushButton *later = box->addButton(tr("&Later"), QMessageBox::RejectRole);
    recover->setObjectName(QStringLiteral("recover"));
    discard->setObjectName(QStringLiteral("discardRecovery"));
    later->setToolTip(tr("Asks again at the next start"));
    box->setDefaultButton(recover);
    box->setEscapeButton(later);
    connect(recover, &QPushButton::clicked, this, [this, offer] { m_store->recover(offer.folder); });
    connect(discard, &QPushButton::clicked, this, [this, offer] { m_store->discard(offer.folder); });
    box->open();
}

void ProjectController::showRefused(const QStringList &parts)
{
    if (parts.isEmpty())
        return;
    auto *box = new QMessageBox(QMessageBox::Warning, tr("Quantoscope"),
                                tr("Parts of the session do not fit what is there now and were left out:"),
                                QMessageBox::Close, m_window.window);
    box->setObjectName(QStringLiteral("refusedBox"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(QStringLiteral("• ") + parts.join(QStringLiteral("\n• ")));
    box->open();
}

} // namespace quantoscope
