// SPDX-License-Identifier: GPL-3.0-or-later
// Which images changed their prediction: list with thumbnails, and the best classes before and after of one of them.
#pragma once

#include "core/analysis/class_changes.h"
#include "core/jobs/change_finder.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QStackedLayout;
class QTableView;
class QTimer;
class QToolButton;

namespace quantoscope {

class FlipsModel;
class FlipsProxy;
class ThumbnailLoader;

/// Compares baseline with shown run, or a run's float result with its quantized one, beside the window. Pictures of the
/// visible rows are decoded on a thread of their own; what was scrolled away is not. GUI thread.
class FlipsPanel : public QWidget {
    Q_OBJECT
public:
    /// `thumbnails` outlives the panel; null: one of its own.
    explicit FlipsPanel(ThumbnailLoader *thumbnails = nullptr, QWidget *parent = nullptr);
    ~FlipsPanel() override;

    /// Either may be null. Without a baseline, or where it is the shown run, its float result is compared with.
    void setRuns(const RunRecordPtr &baseline, const RunRecordPtr &shown);
    /// Shows only the images of these changes (FlipsProxy::setClasses).
    void setClasses(ChangeRows rows, const std::vector<int> &from, const std::vector<int> &to);
    [[nodiscard]] const RunChangesPtr &changes() const;
    [[nodiscard]] QTableView *table() const { return m_table; }
    [[nodiscard]] QString selectedImage() const; ///< path; empty: none
    void copySelection() const;                  ///< selected rows as TSV

Q_SIGNALS:
    /// Another comparison is there; null: none.
    void changesChanged(const quantoscope::RunChangesPtr &changes);
    void classesCleared(); ///< by the user
    /// Double click or Enter on an image.
    void imageActivated(const QString &path);

private:
    void ask();
    void setChanges(const RunChangesPtr &changes, const QString &emptyText);
    void wantVisible();
    void showDetails();
    void updateShown();
    [[nodiscard]] QWidget *makeBar();
    [[nodiscard]] QWidget *makeDetails();
    [[nodiscard]] QString summary() const;
    [[nodiscard]] int currentRow() const; ///< of the model, -1 none

    ThumbnailLoader *m_thumbnails;
    FlipsModel *m_model;
    FlipsProxy *m_proxy;
    ChangeFinder *m_finder;
    RunRecordPtr m_baseline;
    RunRecordPtr m_shown;
    std::optional<ChangeQuestion> m_asked;
    QStackedLayout *m_stack = nullptr;
    QLabel *m_empty = nullptr;
    QLabel *m_summary = nullptr;
    QLabel *m_counts = nullptr;
    QComboBox *m_rank = nullptr;
    QComboBox *m_kind = nullptr;
    QLineEdit *m_filter = nullptr;
    QToolButton *m_classes = nullptr;
    QTableView *m_table = nullptr;
    QLabel *m_picture = nullptr;
    QLabel *m_details = nullptr;
    QTimer *m_settle = nullptr; ///< until a scroll has come to rest
};

} // namespace quantoscope
