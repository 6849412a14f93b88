// SPDX-License-Identifier: GPL-3.0-or-later
// What is behind the error of the selected tap: the images and channels that most of it comes from.
#pragma once

#include "core/analysis/worst_parts.h"
#include "core/jobs/workbench.h"

#include <QStringList>
#include <QWidget>

class QComboBox;
class QLabel;
class QListWidget;

namespace quantoscope {

class ThumbnailLoader;

/// Stands beside the plot of a tap's error. Its pictures are decoded on a thread of its own. GUI thread.
class WorstPanel : public QWidget {
    Q_OBJECT
public:
    explicit WorstPanel(QWidget *parent = nullptr);
    ~WorstPanel() override;

    void setRun(const RunRecordPtr &run);
    void setSelectedTap(int tap); ///< index into RunRecord::taps, -1 none

Q_SIGNALS:
    void channelSelected(int channel);           ///< by click or keys
    void imageActivated(const QString &path);    ///< double click or Enter on an image

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void fill();
    void showPictures();

    ThumbnailLoader *m_thumbnails;
    RunRecordPtr m_run;
    int m_tap = -1;
    QStringList m_paths; ///< of the listed images
    QComboBox *m_scope;
    QListWidget *m_images;
    QListWidget *m_channels;
    QLabel *m_note;
};

} // namespace quantoscope
