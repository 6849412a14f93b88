// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/plots_panel.h"

#include "views/models/texts.h"
#include "views/plots/channel_ranges_plot.h"
#include "views/plots/distribution_plot.h"
#include "views/plots/error_plot.h"
#include "views/plots/ranges_overview_plot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QSpinBox>
#include <QStyle>
#include <QToolButton>

#include <set>

namespace quantoscope {

PlotsPanel::PlotsPanel(QWidget *parent) : QMainWindow(parent)
{
    setWindowFlags(Qt::Widget);
    setObjectName(QStringLiteral("plotsPanel"));
    setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowNestedDocks | QMainWindow::AllowTabbedDocks);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);

    m_ranges = new RangesOverviewPlot;
    m_error = new ErrorPlot;
    m_channels = new ChannelRangesPlot;
    m_distribution = new DistributionPlot;

    m_roles = new QComboBox;
    m_roles->setObjectName(QStringLiteral("rangesRole"));
    m_roles->setAccessibleName(tr("Layers to compare"));
    m_roles->setToolTip(tr("Which layers the boxes stand for"));
    m_roles->addItem(tr("LayerNorm inputs"), -1);
    connect(m_roles, &QComboBox::currentIndexChanged, this, [this] {
        const int role = m_roles->currentData().toInt();
        m_ranges->setRole(role < 0 ? std::nullopt : std::optional<Role>(static_cast<Role>(role)));
    });

    auto *figure = new QComboBox;
    figure->setObjectName(QStringLiteral("errorFigure"));
    figure->setAccessibleName(tr("Error metric"));
    for (const ErrorFigure choice :
         {ErrorFigure::SqnrDb, ErrorFigure::CosineDistance, ErrorFigure::Mse, ErrorFigure::Nmse})
        figure->addItem(ErrorPlot::figureTitle(choice), static_cast<int>(choice));
    connect(figure, &QComboBox::currentIndexChanged, this,
            [this, figure] { m_error->setFigure(static_cast<ErrorFigure>(figure->currentData().toInt())); });
    auto *weights = new QCheckBox(tr("Weights"));
    weights->setObjectName(QStringLiteral("errorWeights"));
    weights->setChecked(true);
    connect(weights, &QCheckBox::toggled, this, [this](bool on) { m_error->setWeightsShown(on); });

    auto *bits = new QSpinBox;
    bits->setObjectName(QStringLiteral("distributionBits"));
    bits->setAccessibleName(tr("Bits of the levels drawn"));
    bits->setToolTip(tr("Bits of the quantizer levels that are drawn over the values"));
    bits->setRange(1, 8);
    bits->setSpecialValueText(tr("as set"));
    bits->setSuffix(tr(" bit"));
    bits->setValue(1);
    connect(bits, &QSpinBox::valueChanged, this,
            [this](int value) { m_distribution->setBits(value < 2 ? 0 : value); });

    QDockWidget *ranges = addPlot(m_ranges, {m_roles});
    QDockWidget *error = addPlot(m_error, {figure, weights});
    QDockWidget *channels = addPlot(m_channels, {});
    QDockWidget *distribution = addPlot(m_distribution, {bits});
    addDockWidget(Qt::TopDockWidgetArea, ranges);
    splitDockWidget(ranges, channels, Qt::Vertical);
    tabifyDockWidget(ranges, error);
    tabifyDockWidget(channels, distribution);
    ranges->raise();
    channels->raise();
    m_defaultLayout = saveState();
}

QDockWidget *PlotsPanel::addPlot(PlotView *view, const QList<QWidget *> &selectors)
{
    auto *dock = new QDockWidget(view->viewTitle(), this);
    dock->setObjectName(QStringLiteral("dock-") + view->viewName());
    dock->setFeatures(QDockWidget::DockWidgetMovable | QDockWidget::DockWidgetFloatable);
    view->setObjectName(QStringLiteral("plot-") + view->viewName());
    view->setAccessibleName(view->viewTitle());

    // The title bar carries what the plot can be asked for: the tab and the plot itself name it already.
    auto *bar = new QWidget;
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(4, 1, 2, 1);
    for (QWidget *selector : selectors)
        layout->addWidget(selector);
    layout->addStretch(1);
    auto *floating = new QToolButton;
    floating->setAutoRaise(true);
    floating->setIcon(style()->standardIcon(QStyle::SP_TitleBarNormalButton));
    floating->setToolTip(tr("Move this plot into a window of its own, or back"));
    floating->setAccessibleName(tr("Detach %1").arg(view->viewTitle()));
    layout->addWidget(floating);
    connect(floating, &QToolButton::clicked, dock, [dock] { dock->setFloating(!dock->isFloating()); });
    dock->setTitleBarWidget(bar);
    dock->setWidget(view);
    connect(view, &PlotView::tapSelected, this, &PlotsPanel::tapSelected);
    m_plots << view;
    m_docks << dock;
    return dock;
}

void PlotsPanel::fillRoles()
{
    std::set<Role> present;
    if (m_run)
        for (const TapRecord &record : m_run->taps)
            present.insert(record.tap.role);
    QList<int> wanted{-1};
    for (const Role role : present)
        wanted << static_cast<int>(role);
    QList<int> shown;
    for (int i = 0; i < m_roles->count(); ++i)
        shown << m_roles->itemData(i).toInt();
    if (shown == wanted)
        return;
    const int current = m_roles->currentData().toInt();
    const QSignalBlocker blocker(m_roles);
    while (m_roles->count() > 1)
        m_roles->removeItem(1);
    for (const Role role : present)
        m_roles->addItem(Texts::role(role), static_cast<int>(role));
    const int index = std::max(0, m_roles->findData(current));
    m_roles->setCurrentIndex(index);
    if (m_roles->currentData().toInt() != current)
        m_ranges->setRole(std::nullopt);
}

void PlotsPanel::setRun(RunRecordPtr run)
{
    m_run = std::move(run);
    fillRoles();
    for (PlotView *plot : m_plots)
        plot->setRun(m_run);
}

void PlotsPanel::setSelectedTap(int tap)
{
    for (PlotView *plot : m_plots)
        plot->setSelectedTap(tap);
}

PlotView *PlotsPanel::currentPlot() const
{
    for (PlotView *plot : m_plots)
        if (plot->hasFocus())
            return plot;
    for (PlotView *plot : m_plots)
        if (plot->isVisible() && !plot->visibleRegion().isEmpty())
            return plot;
    return m_plots.front();
}

Result<QStringList> PlotsPanel::exportAll(const QString &folder, const QString &suffix, QSize size)
{
    if (!m_run)
        return fail(ErrorCode::BadInput, "there is no run whose plots could be exported", folder.toStdString());
    if (!QDir().mkpath(folder))
        return fail(ErrorCode::Io, "cannot create the folder", folder.toStdString());
    QStringList written;
    for (PlotView *plot : m_plots) {
        if (plot->isEmpty())
            continue;
        const QString stem = QDir(folder).filePath(
            QStringLiteral("%1-%2").arg(QString::fromStdString(m_run->id), plot->viewName()));
        QString path = QStringLiteral("%1.%2").arg(stem, suffix);
        for (int number = 2; QFileInfo::exists(path); ++number)
            path = QStringLiteral("%1-%2.%3").arg(stem).arg(number).arg(suffix);
        if (const Result<void> done = plot->exportTo(path, size); !done)
            return fail(done.error());
        written << path;
    }
    if (written.isEmpty())
        return fail(ErrorCode::BadInput, "no plot has anything to show yet", folder.toStdString(),
                    "run a calibration first");
    return written;
}

void PlotsPanel::resetLayout()
{
    for (QDockWidget *dock : m_docks)
        dock->setFloating(false);
    restoreState(m_defaultLayout);
}

} // namespace quantoscope
