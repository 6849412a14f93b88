// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/user_settings.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace quantoscope {

/// The settings page. The theme is shown at once and put back on Cancel; OK stores everything. GUI thread.
class SettingsDialog : public QDialog {
    Q_OBJECT
public:
    explicit SettingsDialog(const UserSettings &settings, QWidget *parent = nullptr);

    [[nodiscard]] UserSettings settings() const;
    void done(int result) override;

private:
    void chooseFolder();
    void updateNotes();

    UserSettings m_before;
    QComboBox *m_theme = nullptr;
    QComboBox *m_language = nullptr;
    QComboBox *m_device = nullptr;
    QSpinBox *m_threads = nullptr;
    QSpinBox *m_activationMemory = nullptr;
    QLineEdit *m_folder = nullptr;
    QCheckBox *m_asksBeforeLarge = nullptr;
    QLabel *m_note = nullptr;
};

} // namespace quantoscope
