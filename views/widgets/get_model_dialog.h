// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing a published model and downloading it, with progress, Cancel and Continue.
#pragma once

#include "core/jobs/model_download.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QStandardItemModel;
class QTableView;

namespace quantoscope {

class FilterProxy;

/// Esc and Close stop a running download first; what was received is kept and continued. GUI thread.
class GetModelDialog : public QDialog {
    Q_OBJECT
public:
    explicit GetModelDialog(std::vector<ModelOffer> offers, QWidget *parent = nullptr);
    ~GetModelDialog() override;

    /// How patient downloads are; for tests.
    void setDownloadSettings(const DownloadSettings &settings) { m_settings = settings; }

    void reject() override;

Q_SIGNALS:
    /// The file of a known model shall be opened under the model's name. The dialog closes.
    void openRequested(const QString &path, const QString &name);

private:
    [[nodiscard]] QWidget *createForm();
    [[nodiscard]] QWidget *createButtons();
    void createTable();
    void fillTable();
    void startOrOpen();
    void start();
    void open();
    void chooseFolder();
    void showProgress(const DownloadProgress &progress);
    void showRetry(const Error &why, double seconds);
    void showFinished(const DownloadedModel &model);
    void showFailed(const Error &error);
    /// Asks the folder what is there, for all rows.
    void refreshCopies();
    void updateDetails();
    void updateButtons();
    [[nodiscard]] const ModelOffer *current() const;
    [[nodiscard]] QString folder() const;
    /// Why the download of the current model cannot be started; empty when it can.
    [[nodiscard]] QString whyNot() const;

    std::vector<ModelOffer> m_offers;
    std::vector<LocalCopy> m_copies; ///< parallel to m_offers
    ModelDownload m_download;
    DownloadSettings m_settings;
    QStandardItemModel *m_model;
    FilterProxy *m_proxy;
    QLineEdit *m_filter;
    QTableView *m_table;
    QLabel *m_details;
    QLineEdit *m_folder;
    QLineEdit *m_mirror;
    QPushButton *m_browse;
    QProgressBar *m_progress;
    QLabel *m_status;
    QLabel *m_error;
    QPushButton *m_start;
    QPushButton *m_cancel;
    QPushButton *m_open;
    QPushButton *m_close;
};

} // namespace quantoscope
