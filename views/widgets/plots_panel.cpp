// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/plots_panel.h"

#include "views/models/texts.h"
#include "views/plots/attention_plot.h"
#include "views/plots/axis_linker.h"
#include "views/plots/calibration_plot.h"
#include "views/plots/channel_map_plot.h"
#include "views/plots/channel_ranges_plot.h"
#include "views/plots/confusion_plot.h"
#include "views/plots/error_plot.h"
#include "views/plots/levels_plot.h"
#include "views/plots/pareto_plot.h"
#include "views/plots/range_shapes_plot.h"
#include "views/plots/ranges_overview_plot.h"
#include "views/plots/runs_plot.h"
#include "views/plots/sensitivity_plot.h"
#include "views/plots/softmax_plot.h"
#include "views/plots/spread_plot.h"
#include "views/plots/stability_plot.h"
#include "views/plots/tap_error_plot.h"
#include "views/widgets/levels_controls.h"
#include "views/widgets/measure_controls.h"
#include "views/widgets/search_limit_box.h"
#include "views/widgets/worst_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QMenu>
#include <QSpinBox>
#include <QStyle>
#include <QToolButton>

namespace quantoscope {

namespace {

constexpr int kGroupNameRole = Qt::UserRole + 1;
constexpr int kGroupRoleRole = Qt::UserRole + 2;
constexpr int kTitleIcon = 11;

} // namespace

PlotsPanel::PlotsPanel(QWidget *parent) : QMainWindow(parent)
{
    setWindowFlags(Qt::Widget);
    setObjectName(QStringLiteral("plotsPanel"));
    setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowNestedDocks | QMainWindow::AllowTabbedDocks);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);

    m_linker = new AxisLinker(this);
    m_linker->setLinking(true);
    makeNetworkPlots();
    const qsizetype networkPlots = m_docks.size();
    makeLayerPlots();
    layOut(networkPlots);
    m_defaultLayout = saveState();
}

void PlotsPanel::makeNetworkPlots()
{
    m_ranges = new RangesOverviewPlot;
    m_rangesGroup = makeGroups(QStringLiteral("rangesGroup"));
    connect(m_rangesGroup, &QComboBox::currentIndexChanged, this,
            [this] { m_ranges->setGroup(groupOf(m_rangesGroup)); });

    m_map = new ChannelMapPlot;
    m_mapGroup = makeGroups(QStringLiteral("mapGroup"));
    connect(m_mapGroup, &QComboBox::currentIndexChanged, this, [this] { m_map->setGroup(groupOf(m_mapGroup)); });
    auto *mapFigure = new QComboBox;
    mapFigure->setObjectName(QStringLiteral("mapFigure"));
    mapFigure->setAccessibleName(tr("What the colours stand for"));
    for (const ChannelFigure choice : {ChannelFigure::OverMedian, ChannelFigure::Range, ChannelFigure::Magnitude,
                                       ChannelFigure::IsolatedSqnr})
        mapFigure->addItem(ChannelMapPlot::figureTitle(choice), static_cast<int>(choice));
    connect(mapFigure, &QComboBox::currentIndexChanged, this, [this, mapFigure] {
        m_map->setFigure(static_cast<ChannelFigure>(mapFigure->currentData().toInt()));
    });

    auto *mapAxis = makeAxes(QStringLiteral("mapAxis"));
    connect(mapAxis, &QComboBox::currentIndexChanged, this,
            [this, mapAxis] { m_map->setAxis(static_cast<RangeAxis>(mapAxis->currentData().toInt())); });

    m_error = new ErrorPlot;
    QComboBox *figure = makeFigures(QStringLiteral("errorFigure"));
    connect(figure, &QComboBox::currentIndexChanged, this,
            [this, figure] { m_error->setFigure(static_cast<ErrorFigure>(figure->currentData().toInt())); });
    auto *weights = new QCheckBox(tr("Weights"));
    weights->setObjectName(QStringLiteral("errorWeights"));
    weights->setChecked(true);
    connect(weights, &QCheckBox::toggled, this, [this](bool on) { m_error->setWeightsShown(on); });

    auto *softmax = new SoftmaxPlot;
    QSpinBox *bits = makeBits(QStringLiteral("softmaxBits"));
    connect(bits, &QSpinBox::valueChanged, softmax, [softmax](int value) { softmax->setBits(value < 2 ? 0 : value); });

    addPlot(m_ranges, {m_rangesGroup});
    addPlot(m_map, {m_mapGroup, mapAxis, mapFigure});
    addPlot(m_error, {figure, weights});
    addPlot(softmax, {bits});
    auto *sensitivity = new SensitivityPlot;
    addPlot(sensitivity, sensitivitySelectors(sensitivity));
    m_calibration = new CalibrationPlot;
    addPlot(m_calibration, {});
    addPlot(new StabilityPlot, {});
    m_confusion = new ConfusionPlot;
    addPlot(m_confusion, confusionSelectors(m_confusion));
    m_runs = new RunsPlot;
    addPlot(m_runs, runsSelectors(m_runs));
    m_spread = new SpreadPlot;
    addPlot(m_spread, spreadSelectors(m_spread));
    m_search = new ParetoPlot;
    connect(m_search, &ParetoPlot::pointOpened, this, &PlotsPanel::searchPointOpened);
    m_searchLimit = new SearchLimitBox(m_search);
    connect(m_searchLimit, &SearchLimitBox::limited, this, &PlotsPanel::searchLimited);
    connect(m_searchLimit, &SearchLimitBox::refused, this, &PlotsPanel::searchRefused);
    addPlot(m_search, {m_searchLimit});
}

void PlotsPanel::makeLayerPlots()
{
    auto *channels = new ChannelRangesPlot;
    auto *order = new QComboBox;
    order->setObjectName(QStringLiteral("channelOrder"));
    order->setAccessibleName(tr("Order of the channels"));
    order->addItem(tr("by index"), static_cast<int>(ChannelOrder::Index));
    order->addItem(tr("widest first"), static_cast<int>(ChannelOrder::Range));
    order->addItem(tr("largest magnitude first"), static_cast<int>(ChannelOrder::Magnitude));
    order->addItem(tr("lowest SQNR first"), static_cast<int>(ChannelOrder::Error));
    connect(order, &QComboBox::currentIndexChanged, channels,
            [channels, order] { channels->setOrder(static_cast<ChannelOrder>(order->currentData().toInt())); });

    auto *axis = makeAxes(QStringLiteral("channelAxis"));
    connect(axis, &QComboBox::currentIndexChanged, channels,
            [channels, axis] { channels->setAxis(static_cast<RangeAxis>(axis->currentData().toInt())); });

    auto *levels = new LevelsPlot;
    QSpinBox *bits = makeBits(QStringLiteral("levelsAllBits"));
    connect(bits, &QSpinBox::valueChanged, levels, [levels](int value) { levels->setBits(value < 2 ? 0 : value); });

    auto *tapError = new TapErrorPlot;
    QComboBox *figure = makeFigures(QStringLiteral("tapErrorFigure"));
    connect(figure, &QComboBox::currentIndexChanged, tapError,
            [tapError, figure] { tapError->setFigure(static_cast<ErrorFigure>(figure->currentData().toInt())); });

    addPlot(channels, {axis, order});
    addPlot(new RangeShapesPlot, {});
    addPlot(levels, {bits}, new LevelsControls(levels));
    m_worst = new WorstPanel;
    connect(m_worst, &WorstPanel::imageActivated, this, &PlotsPanel::imageActivated);
    connect(m_worst, &WorstPanel::channelSelected, this, &PlotsPanel::selectChannel);
    addPlot(tapError, {figure}, nullptr, m_worst);
    auto *attention = new AttentionPlot;
    addPlot(attention, attentionSelectors(attention));
}

QComboBox *PlotsPanel::makeGroups(const QString &name)
{
    auto *box = new QComboBox;
    box->setObjectName(name);
    box->setAccessibleName(tr("Layers to compare"));
    box->setToolTip(tr("Which layers are compared"));
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    box->addItem(Texts::tapGroup({}), 0);
    return box;
}

QComboBox *PlotsPanel::makeAxes(const QString &name)
{
    auto *axes = new QComboBox;
    axes->setObjectName(name);
    axes->setAccessibleName(tr("Channels, tokens or heads"));
    for (const RangeAxis choice : {RangeAxis::Channels, RangeAxis::Tokens, RangeAxis::Heads})
        axes->addItem(ChannelRangesPlot::axisTitle(choice), static_cast<int>(choice));
    return axes;
}

QComboBox *PlotsPanel::makeFigures(const QString &name)
{
    auto *figure = new QComboBox;
    figure->setObjectName(name);
    figure->setAccessibleName(tr("Error metric"));
    for (const ErrorFigure choice :
         {ErrorFigure::SqnrDb, ErrorFigure::CosineDistance, ErrorFigure::Mse, ErrorFigure::Nmse})
        figure->addItem(ErrorPlot::figureTitle(choice), static_cast<int>(choice));
    return figure;
}

QSpinBox *PlotsPanel::makeBits(const QString &name)
{
    auto *bits = new QSpinBox;
    bits->setObjectName(name);
    bits->setAccessibleName(tr("Bits of the levels drawn"));
    bits->setToolTip(tr("Bits of the quantizer levels that are drawn over the values"));
    bits->setRange(1, 8);
    bits->setSpecialValueText(tr("as set"));
    bits->setSuffix(tr(" bit"));
    bits->setValue(1);
    return bits;
}

QList<QWidget *> PlotsPanel::commonSelectors(PlotView *view)
{
    QList<QWidget *> widgets;
    auto *logarithmic = new QCheckBox(tr("Log"));
    logarithmic->setObjectName(view->viewName() + QStringLiteral("Log"));
    logarithmic->setAccessibleName(tr("Logarithmic axis"));
    logarithmic->setToolTip(tr("Logarithmic axis (L)"));
    connect(logarithmic, &QCheckBox::toggled, view, &PlotView::setLogScale);
    widgets << logarithmic;
    auto *series = new QToolButton;
    series->setObjectName(view->viewName() + QStringLiteral("Series"));
    series->setText(tr("Series"));
    series->setToolTip(tr("Show or hide parts of the plot; a click on the legend does the same"));
    series->setPopupMode(QToolButton::InstantPopup);
    series->setFocusPolicy(Qt::StrongFocus);
    series->setMenu(new QMenu(series));
    connect(series->menu(), &QMenu::aboutToShow, view, [view, menu = series->menu()] {
        menu->clear();
        for (const PlotSeries &one : view->series()) {
            QAction *action = menu->addAction(one.label);
            action->setCheckable(true);
            action->setChecked(one.shown);
            QObject::connect(action, &QAction::toggled, view,
                             [view, id = one.id](bool on) { view->setSeriesShown(id, on); });
        }
    });
    widgets << series;
    const auto follow = [view, logarithmic, series] {
        const QSignalBlocker blocker(logarithmic);
        logarithmic->setVisible(view->canSwitchScale());
        logarithmic->setChecked(view->isLogScale());
        series->setVisible(!view->series().empty());
    };
    connect(view, &PlotView::seriesChanged, series, follow);
    follow();
    return widgets;
}

QDockWidget *PlotsPanel::addPlot(PlotView *view, const QList<QWidget *> &selectors, QWidget *controls,
                                 QWidget *side)
{
    auto *dock = new QDockWidget(view->tabTitle(), this);
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
    for (QWidget *selector : commonSelectors(view))
        layout->addWidget(selector);
    layout->addStretch(1);
    auto *large = new QToolButton;
    large->setObjectName(view->viewName() + QStringLiteral("Enlarge"));
    large->setAutoRaise(true);
    large->setIconSize({kTitleIcon, kTitleIcon});
    large->setCheckable(true);
    large->setIcon(style()->standardIcon(QStyle::SP_TitleBarMaxButton));
    large->setToolTip(tr("Give this plot the room of all plots, or put them back (F11)"));
    large->setAccessibleName(tr("Enlarge %1").arg(view->viewTitle()));
    layout->addWidget(large);
    connect(large, &QToolButton::clicked, this, [this, view](bool on) { setEnlarged(on ? view : nullptr); });
    connect(this, &PlotsPanel::enlargedChanged, large, [this, large, view] { large->setChecked(m_enlarged == view); });
    connect(dock, &QDockWidget::topLevelChanged, large, [large](bool alone) { large->setVisible(!alone); });
    auto *floating = new QToolButton;
    floating->setAutoRaise(true);
    floating->setIconSize({kTitleIcon, kTitleIcon});
    floating->setIcon(style()->standardIcon(QStyle::SP_TitleBarNormalButton));
    floating->setToolTip(tr("Move this plot into a window of its own, or back"));
    floating->setAccessibleName(tr("Detach %1").arg(view->viewTitle()));
    layout->addWidget(floating);
    connect(floating, &QToolButton::clicked, dock, [this, dock] {
        setEnlarged(nullptr);
        dock->setFloating(!dock->isFloating());
    });
    dock->setTitleBarWidget(bar);
    if (controls || side) {
        auto *content = new QWidget;
        auto *grid = new QGridLayout(content);
        grid->setContentsMargins(0, 0, 0, 0);
        grid->setSpacing(0);
        if (controls)
            grid->addWidget(controls, 0, 0);
        grid->addWidget(view, 1, 0);
        if (side)
            grid->addWidget(side, 0, 1, 2, 1);
        grid->setRowStretch(1, 1);
        grid->setColumnStretch(0, 1);
        dock->setWidget(content);
    } else {
        dock->setWidget(view);
    }
    connect(view, &PlotView::tapsSelected, this, [this, view](const std::vector<int> &taps) {
        if (view->run() == m_run)
            Q_EMIT tapsSelected(taps);
    });
    connect(view, &PlotView::tapSelected, this, [this, view](int tap) {
        const RunRecordPtr &shown = view->run();
        const auto index = static_cast<size_t>(tap);
        if (shown == m_run || (m_run && index < m_run->taps.size() && m_run->taps[index].tap.path == shown->taps[index].tap.path))
            Q_EMIT tapSelected(tap);
        else
            view->setSelectedTap(tap); // of a calibration whose model no run shows yet
    });
    connect(view, &PlotView::menuAboutToShow, this, [this](QMenu *menu, int tap) {
        const bool known = m_run && tap >= 0 && static_cast<size_t>(tap) < m_run->taps.size();
        Q_EMIT menuAboutToShow(menu, known ? QString::fromStdString(m_run->taps[static_cast<size_t>(tap)].tap.path)
                                           : QString());
    });
    connect(view, &PlotView::channelSelected, this, &PlotsPanel::selectChannel);
    m_linker->add(view);
    m_plots << view;
    m_docks << dock;
    return dock;
}

void PlotsPanel::fillGroups(QComboBox *box)
{
    const std::vector<TapGroup> groups = m_run ? tapGroups(*m_run) : std::vector<TapGroup>();
    const TapGroup current = groupOf(box);
    {
        const QSignalBlocker blocker(box);
        box->clear();
        for (const TapGroup &group : groups) {
            box->addItem(Texts::tapGroup(group), static_cast<int>(group.kind));
            const int index = box->count() - 1;
            box->setItemData(index, QString::fromStdString(group.name), kGroupNameRole);
            box->setItemData(index, static_cast<int>(group.role), kGroupRoleRole);
        }
        const auto found = std::find(groups.begin(), groups.end(), current);
        box->setCurrentIndex(found == groups.end() ? (groups.empty() ? -1 : 0)
                                                   : static_cast<int>(found - groups.begin()));
    }
    if (groupOf(box) != current)
        Q_EMIT box->currentIndexChanged(box->currentIndex());
}

TapGroup PlotsPanel::groupOf(const QComboBox *box)
{
    TapGroup group;
    group.kind = static_cast<TapGroup::Kind>(box->currentData().toInt());
    group.name = box->currentData(kGroupNameRole).toString().toStdString();
    group.role = static_cast<Role>(box->currentData(kGroupRoleRole).toInt());
    return group;
}

void PlotsPanel::setRun(RunRecordPtr run)
{
    m_run = std::move(run);
    fillGroups(m_rangesGroup);
    fillGroups(m_mapGroup);
    m_worst->setRun(m_run);
    for (PlotView *plot : m_plots)
        plot->setRun(m_run);
}

void PlotsPanel::setLiveCalibration(RunRecordPtr run, const QString &selectedPath)
{
    if (!run) {
        if (m_calibration->run() != m_run) {
            m_calibration->setRun(m_run);
            m_calibration->setSelectedTap(m_selected);
        }
        return;
    }
    int selected = -1;
    for (size_t t = 0; t < run->taps.size(); ++t)
        if (run->taps[t].tap.path == selectedPath.toStdString())
            selected = static_cast<int>(t);
    m_calibration->setRun(std::move(run));
    if (selected >= 0) // else what was clicked in the plot stays
        m_calibration->setSelectedTap(selected);
}

void PlotsPanel::selectChannel(int channel)
{
    for (PlotView *plot : m_plots)
        plot->setSelectedChannel(channel);
}

void PlotsPanel::setSelectedTap(int tap)
{
    m_selected = tap;
    m_worst->setSelectedTap(tap);
    for (PlotView *plot : m_plots)
        plot->setSelectedTap(tap);
}

void PlotsPanel::setAxesLinked(bool linked)
{
    if (linked == axesLinked())
        return;
    m_linker->setLinking(linked, currentPlot());
    Q_EMIT axesLinkedChanged(linked);
}

bool PlotsPanel::axesLinked() const
{
    return m_linker->isLinking();
}

void PlotsPanel::setSearch(PrecisionSearchPtr result)
{
    m_search->setResult(std::move(result));
    m_searchLimit->follow();
}

void PlotsPanel::setSearchModel(OpenedModelPtr model)
{
    m_searchLimit->setModel(std::move(model));
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

} // namespace quantoscope
