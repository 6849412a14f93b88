// SPDX-License-Identifier: GPL-3.0-or-later
// File, New/Open/Save: the session as a project file, its recovery copy, and what to say when parts do not fit.
#pragma once

#include "core/jobs/project_store.h"

#include <QObject>
#include <QStringList>
#include <QTimer>

#include <functional>

class QAction;
class QMainWindow;
class QMenu;

namespace quantoscope {

/// Borrows the store and the window. Without a store the actions are disabled and say why. GUI thread.
class ProjectController : public QObject {
    Q_OBJECT
public:
    struct Window {
        QMainWindow *window;
        std::function<ProjectState()> collect;                ///< everything that a project holds, as it is now
        std::function<void(const ProjectState &)> apply;      ///< shows a project in place of what is there
        std::function<void(const QString &)> rememberFile;    ///< in the recent files
        /// Calls the second when the user agrees to open a project of that size.
        std::function<void(const QString &, std::function<void()>)> whenAgreed;
    };
    ProjectController(ProjectStore *store, Window window);

    /// New, Open, Save, Save as.
    void fillMenu(QMenu &menu);
    /// Something that a project holds has changed: the recovery copy follows when the event loop turns next.
    void noteChange();
    void openFile(const QString &path);
    void saveTo(const QString &path);
    [[nodiscard]] QString path() const { return m_path; }
    [[nodiscard]] bool isModified() const { return m_modified; }
    /// Where an unnamed session is kept between two starts; empty (the default): nowhere.
    void setSessionFile(const QString &path) { m_sessionFile = path; }
    /// At the end of the program: the next start finds this session, be it a project or unnamed.
    void keepSession();
    /// Opens what keepSession() left. False: there is nothing.
    bool restoreSession();
    /// Offers the copies of sessions that did not end properly; does nothing when there are none.
    void offerRecovery();
    /// Names what was left out of a session, in one box.
    void showRefused(const QStringList &parts);
    /// Whether the window may close: asks about a named project with changes.
    [[nodiscard]] bool mayClose();
    [[nodiscard]] static bool isProjectFile(const QString &path);

Q_SIGNALS:
    void stateChanged(); ///< path() or isModified()
    void failed(const quantoscope::Error &error);

private:
    void newProject();
    void openInteractively();
    bool save();
    bool saveAs();
    void setState(const QString &path, bool modified);

    ProjectStore *m_store;
    Window m_window;
    QAction *m_save = nullptr;
    QString m_path;
    QString m_sessionFile;
    QTimer m_autosave;
    bool m_modified = false;
    bool m_applying = false;
};

} // namespace quantoscope
