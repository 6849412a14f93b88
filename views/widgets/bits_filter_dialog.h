// SPDX-License-Identifier: GPL-3.0-or-later
// Bits of many layers by a few words: "fc2 of blocks 4-7", or by operator type.
#pragma once

#include "core/jobs/workbench.h"

#include <QDialog>
#include <QStringList>

class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace quantoscope {

/// Shows which layers the words mean while they are typed. Stays open after Apply. GUI thread.
class BitsFilterDialog : public QDialog {
    Q_OBJECT
public:
    explicit BitsFilterDialog(OpenedModelPtr model, QWidget *parent = nullptr);

Q_SIGNALS:
    void bitsWanted(const QStringList &tapPaths, int bits); ///< 2..8, FloatBits or RecipeBits

private:
    void find();

    OpenedModelPtr m_model;
    QStringList m_found;
    QLineEdit *m_words;
    QComboBox *m_type;
    QComboBox *m_bits;
    QListWidget *m_list;
    QLabel *m_count;
    QPushButton *m_apply;
};

} // namespace quantoscope
