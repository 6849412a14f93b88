// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/worst_panel.h"

#include "core/jobs/change_finder.h"
#include "core/jobs/thumbnail_loader.h"
#include "views/models/flips_model.h"
#include "views/models/texts.h"

#include <QComboBox>
#include <QFileInfo>
#include <QLabel>
#include <QListWidget>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace quantoscope {

namespace {

constexpr int kSide = 40;
constexpr int kKept = 100;
constexpr int kImages = 5;
constexpr int kChannels = 8;
constexpr int kWidth = 230;
constexpr int kChannelRole = Qt::UserRole;

QListWidget *makeList(const char *name, const QString &accessibleName)
{
    auto *list = new QListWidget;
    list->setObjectName(QLatin1String(name));
    list->setAccessibleName(accessibleName);
    list->setFrameShape(QFrame::NoFrame);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setTextElideMode(Qt::ElideMiddle);
    list->setMinimumHeight(40);
    return list;
}

} // namespace

WorstPanel::WorstPanel(QWidget *parent)
    : QWidget(parent),
      m_thumbnails(new ThumbnailLoader(2 * kSide, kKept, this)), // twice: for fine screens
      m_scope(new QComboBox),
      m_images(makeList("worstImages", tr("Images with the largest error"))),
      m_channels(makeList("worstChannels", tr("Channels with the largest error"))),
      m_note(new QLabel)
{
    m_scope->setObjectName(QStringLiteral("worstScope"));
    m_scope->setAccessibleName(tr("Which error"));
    m_scope->addItem(tr("Error of this layer alone"), static_cast<int>(ErrorScope::Isolated));
    m_scope->addItem(tr("Error of the network up to here"), static_cast<int>(ErrorScope::Cumulative));
    m_images->setIconSize(QSize(kSide, kSide));
    m_note->setObjectName(QStringLiteral("worstNote"));
    m_note->setWordWrap(true);
    m_note->setMargin(6);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2, 2, 4, 2);
    layout->setSpacing(2);
    layout->addWidget(m_scope);
    layout->addWidget(m_note);
    layout->addWidget(m_images, 3);
    layout->addWidget(m_channels, 2);
    setFixedWidth(kWidth);
    connect(m_scope, &QComboBox::currentIndexChanged, this, &WorstPanel::fill);
    connect(m_thumbnails, &ThumbnailLoader::ready, this, &WorstPanel::showPictures);
    connect(m_images, &QListWidget::itemActivated, this,
            [this](const QListWidgetItem *item) { Q_EMIT imageActivated(m_paths.value(m_images->row(item))); });
    connect(m_channels, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem *item) {
        if (item)
            Q_EMIT channelSelected(item->data(kChannelRole).toInt());
    });
    fill();
}

WorstPanel::~WorstPanel() = default;

void WorstPanel::setRun(const RunRecordPtr &run)
{
    m_run = run;
    fill();
}

void WorstPanel::setSelectedTap(int tap)
{
    if (tap == m_tap)
        return;
    m_tap = tap;
    fill();
}

void WorstPanel::fill()
{
    m_paths.clear();
    m_images->clear();
    {
        const QSignalBlocker blocker(m_channels); // a list that goes selects nothing
        m_channels->clear();
    }
    const bool known = m_run && m_tap >= 0 && static_cast<size_t>(m_tap) < m_run->taps.size();
    if (known) {
        const TapRecord &tap = m_run->taps[static_cast<size_t>(m_tap)];
        const auto scope = static_cast<ErrorScope>(m_scope->currentData().toInt());
        const auto figures = [](const WorstPart &part) {
            return tr("%1 of the error · %2 dB").arg(Texts::percent(100 * part.share, 1), Texts::number(part.sqnrDb, 3));
        };
        for (const WorstPart &part : worstImages(*m_run, tap, scope, kImages)) {
            m_paths << QString::fromStdString(imagePath(m_run->images, part.index));
            auto *item = new QListWidgetItem(QFileInfo(m_paths.back()).fileName() + QLatin1Char('\n') + figures(part), m_images);
            item->setToolTip(m_paths.back());
        }
        for (const WorstPart &part : worstChannels(tap, scope, kChannels)) {
            auto *item = new QListWidgetItem(tr("%1 %2: %3", "channel, index, figures")
                                                 .arg(Texts::channelAxis(tap.tap)).arg(part.index).arg(figures(part)), m_channels);
            item->setData(kChannelRole, part.index);
            item->setToolTip(item->text());
        }
        showPictures();
    }
    m_images->setVisible(m_images->count() > 0);
    m_channels->setVisible(m_channels->count() > 0);
    m_note->setVisible(m_images->count() == 0);
    m_note->setText(m_channels->count() == 0
                        ? tr("Nothing is lost here, or it was not measured.")
                        : tr("No error per image: this is a weight, or the run is of an earlier version."));
}

void WorstPanel::showPictures()
{
    if (isVisible())
        m_thumbnails->want(m_paths);
    for (int row = 0; row < m_images->count(); ++row) {
        const QString &path = m_paths[row];
        const ThumbnailPtr thumbnail = m_thumbnails->find(path);
        const QImage image = FlipsModel::imageOf(thumbnail);
        m_images->item(row)->setIcon(image.isNull() ? FlipsModel::placeholder(kSide, thumbnail != nullptr)
                                                    : QPixmap::fromImage(image));
        if (thumbnail && !thumbnail->problem.empty())
            m_images->item(row)->setToolTip(path + QLatin1Char('\n') + QString::fromStdString(thumbnail->problem));
    }
}

void WorstPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    showPictures();
}

void WorstPanel::hideEvent(QHideEvent *event)
{
    m_thumbnails->want({});
    QWidget::hideEvent(event);
}

} // namespace quantoscope
