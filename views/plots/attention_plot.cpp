// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/attention_plot.h"

#include "views/models/texts.h"
#include "views/plots/axis_style.h"

#include <qcustomplot.h>

#include <cmath>

namespace quantoscope {

namespace {

constexpr double kStep = 1.06; ///< of panels, each one unit wide
constexpr int kPanels = 3;
constexpr double kTitleHeight = 0.09;
constexpr int kOverlayAlpha = 165;

/// Colours at equal steps; translucent ones let the picture through.
QCPColorGradient gradientOf(const std::vector<QColor> &colors, int alpha)
{
    QCPColorGradient gradient;
    for (size_t i = 0; i < colors.size(); ++i) {
        QColor color = colors[i];
        color.setAlpha(alpha);
        gradient.setColorStopAt(static_cast<double>(i) / static_cast<double>(colors.size() - 1), color);
    }
    return gradient;
}

/// Blue over white to vermillion, of equal lightness at both ends and told apart with any colour vision.
std::vector<QColor> divergingColors()
{
    return {QColor(0, 75, 130), QColor(86, 160, 210), QColor(245, 245, 245), QColor(230, 150, 80), QColor(170, 65, 0)};
}

/// In grey, so that colours stand for values alone.
QPixmap greyPicture(const AttentionRecord &record)
{
    QImage image(record.picture.data(), record.side, record.side, 3 * record.side, QImage::Format_RGB888);
    return QPixmap::fromImage(image.convertToFormat(QImage::Format_Grayscale8));
}

} // namespace

AttentionPlot::AttentionPlot(QWidget *parent) : PlotView(parent)
{
    connect(plot(), &QCustomPlot::afterLayout, this, &AttentionPlot::keepAspect);
}

QString AttentionPlot::viewName() const
{
    return QStringLiteral("attention");
}

QString AttentionPlot::viewTitle() const
{
    return tr("Attention map");
}

void AttentionPlot::setImage(int index)
{
    if (index == m_image)
        return;
    m_image = index;
    redraw(false);
}

void AttentionPlot::setHead(int head)
{
    if (head == m_head)
        return;
    m_head = head;
    redraw(false);
}

void AttentionPlot::setPictureShown(bool on)
{
    if (on == m_picture)
        return;
    m_picture = on;
    redraw(true);
}

const AttentionRecord *AttentionPlot::record() const
{
    if (!run() || run()->attention.empty())
        return nullptr;
    const auto &all = run()->attention;
    const bool known = m_image >= 0 && m_image < static_cast<int>(all.size());
    return known ? &all[static_cast<size_t>(m_image)] : &all.back();
}

const AttentionLayer *AttentionPlot::layer() const
{
    const AttentionRecord *shown = record();
    if (!shown || shown->layers.empty())
        return nullptr;
    if (const TapRecord *tap = selectedRecord())
        for (const AttentionLayer &one : shown->layers)
            if (one.path == tap->tap.path || (tap->tap.block >= 0 && one.block == tap->tap.block))
                return &one;
    return &shown->layers.back();
}

AttentionPlot::Maps AttentionPlot::maps() const
{
    const AttentionRecord &shown = *record();
    const AttentionLayer &own = *layer();
    if (m_head == kRollout && !shown.rolloutFloating.empty())
        return {own.grid, shown.rolloutFloating, shown.rolloutQuantized, true};
    return {own.grid, AttentionLayer::map(own.floating, own.heads, m_head),
            AttentionLayer::map(own.quantized, own.heads, m_head), false};
}

QString AttentionPlot::emptyText() const
{
    if (!run() || run()->taps.empty())
        return tr("Run a quantized evaluation, then choose Run, Attention map to see where the model looks.");
    return layer() ? QString() : tr("No attention map was made yet: choose Run, Attention map and an image.");
}

void AttentionPlot::draw(const PlotTheme &theme)
{
    const AttentionRecord &shown = *record();
    const AttentionLayer &own = *layer();
    m_shown = maps();
    for (QCPAxis *axis : mainRect()->axes())
        axis->setVisible(false);
    mainRect()->axis(QCPAxis::atBottom)->setRange(-0.02, kStep * (kPanels - 1) + 1.02);
    mainRect()->axis(QCPAxis::atLeft)->setRange(-0.02, 1 + kTitleHeight);

    std::vector<float> difference;
    float largest = 0;
    float most = 0;
    for (size_t i = 0; i < m_shown.floating.size(); ++i) {
        difference.push_back(m_shown.quantized[i] - m_shown.floating[i]);
        most = std::max(most, std::abs(difference.back()));
        largest = std::max({largest, m_shown.floating[i], m_shown.quantized[i]});
    }
    auto *bars = new QCPLayoutGrid;
    plot()->plotLayout()->addElement(3, 0, bars);
    plot()->plotLayout()->setRowStretchFactor(3, 0.001);
    const auto addScale = [&](int column, const QString &label, const std::vector<QColor> &colors, double low, double high) {
        auto *scale = new QCPColorScale(plot());
        scale->setType(QCPAxis::atBottom);
        scale->setBarWidth(10);
        scale->setGradient(gradientOf(colors, 255));
        scale->setDataRange(QCPRange(low, high));
        applyAxisStyle(scale->axis(), theme, font());
        scale->axis()->setLabel(label);
        scale->axis()->setNumberPrecision(3);
        scale->axis()->ticker()->setTickCount(column == 0 ? 3 : 2);
        scale->setRangeDrag(false);
        scale->setRangeZoom(false);
        scale->setMargins(QMargins(24, 0, 24, 4));
        bars->addElement(0, column, scale);
        return scale;
    };
    const double top = largest > 0 ? static_cast<double>(largest) : 1;
    const double span = most > 0 ? static_cast<double>(most) : 1e-6;
    QCPColorScale *values = addScale(0, tr("Attention weight, float and quantized"), PlotTheme::sequentialColors(), 0, top);
    QCPColorScale *change = addScale(1, tr("Quantized − float"), divergingColors(), -span, span);
    bars->setColumnStretchFactor(0, 2);
    bars->setColumnStretchFactor(1, 1);
    const QPixmap picture = greyPicture(shown);
    addPanel(0, tr("Float"), m_shown.floating, picture, values, theme);
    addPanel(1, tr("Quantized"), m_shown.quantized, picture, values, theme);
    addPanel(2, tr("Difference"), difference, picture, change, theme);

    const QString head = m_shown.rollout                             ? tr("rollout over all blocks")
                       : m_head >= 0 && m_head < own.heads ? tr("head %1").arg(m_head)
                                                                     : tr("mean of %1 heads").arg(own.heads);
    setPlotTitle(m_shown.rollout ? tr("Attention: %1").arg(head)
                                 : tr("%1: %2").arg(QString::fromStdString(own.path), head));
    QStringList caption{QFileInfo(QString::fromStdString(shown.image)).fileName() + QLatin1Char('.')};
    caption << (shown.kind == AttentionKind::ClassToken
                    ? tr("Weight that the class token gives each patch.")
                : own.window > 0
                    ? tr("Weight that each patch receives inside its window of %1 × %1, averaged over the window; windowed "
                         "attention has no map over the whole image.")
                          .arg(own.window)
                    : tr("Weight that each patch receives, averaged over all of them: the model has no class token."));
    if (m_head == kRollout && !m_shown.rollout)
        caption << tr("A rollout is not defined for windowed attention.");
    setCaption(caption.join(QLatin1Char(' ')));
}

void AttentionPlot::addPanel(int panel, const QString &title, const std::vector<float> &values, const QPixmap &picture,
                             QCPColorScale *scale, const PlotTheme &theme)
{
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    const double left = kStep * panel;
    if (m_picture) {
        auto *below = new QCPItemPixmap(plot());
        below->setLayer(QStringLiteral("grid"));
        below->setPixmap(picture);
        below->setScaled(true, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
        below->topLeft->setCoords(left, 1);
        below->bottomRight->setCoords(left + 1, 0);
        below->setClipToAxisRect(true);
    }
    const int grid = m_shown.grid;
    const double cell = 1.0 / grid;
    auto *map = new QCPColorMap(x, y);
    map->removeFromLegend();
    map->setInterpolate(false);
    map->setTightBoundary(false);
    map->data()->setSize(grid, grid);
    map->data()->setRange(QCPRange(left + cell / 2, left + 1 - cell / 2), QCPRange(cell / 2, 1 - cell / 2));
    for (int row = 0; row < grid; ++row)
        for (int column = 0; column < grid; ++column)
            map->data()->setCell(column, grid - 1 - row, static_cast<double>(values[static_cast<size_t>(row * grid + column)]));
    QCPColorGradient gradient = scale->gradient();
    if (m_picture) {
        QMap<double, QColor> stops = gradient.colorStops();
        for (QColor &color : stops)
            color.setAlpha(kOverlayAlpha);
        gradient.setColorStops(stops);
    }
    map->setGradient(gradient);
    map->setDataRange(scale->dataRange());
    addLabel(mainRect(), left + 0.5, 1.005, title, theme.text, Qt::AlignHCenter | Qt::AlignBottom);
}

void AttentionPlot::keepAspect()
{
    if (isEmpty() || !mainRect() || mainRect()->width() <= 0 || mainRect()->height() <= 0)
        return;
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    // The larger unit per pixel of both axes holds for both, so that everything stays inside.
    const double perPixel = std::max(x->range().size() / mainRect()->width(), y->range().size() / mainRect()->height());
    const auto widen = [perPixel](QCPAxis *axis, int pixels) {
        const double size = perPixel * pixels;
        if (std::abs(size - axis->range().size()) > 1e-9 * size)
            axis->setRange(axis->range().center(), size, Qt::AlignCenter);
    };
    widen(x, mainRect()->width());
    widen(y, mainRect()->height());
}

QString AttentionPlot::readout(QPointF position) const
{
    if (isEmpty() || !mainRect() || m_shown.grid == 0)
        return {};
    const double x = mainRect()->axis(QCPAxis::atBottom)->pixelToCoord(position.x());
    const double y = mainRect()->axis(QCPAxis::atLeft)->pixelToCoord(position.y());
    const double inside = x - kStep * std::floor(x / kStep);
    if (x < 0 || x >= kStep * kPanels || inside >= 1 || y < 0 || y >= 1)
        return {};
    const int column = static_cast<int>(inside * m_shown.grid);
    const int row = m_shown.grid - 1 - static_cast<int>(y * m_shown.grid);
    const auto i = static_cast<size_t>(row * m_shown.grid + column);
    const auto own = static_cast<double>(m_shown.floating[i]);
    const auto other = static_cast<double>(m_shown.quantized[i]);
    return tr("row %1, column %2 · float %3 · quantized %4 · difference %5")
        .arg(row)
        .arg(column)
        .arg(Texts::number(own), Texts::number(other), Texts::number(other - own, 3));
}

std::vector<int> AttentionPlot::selectableTaps() const
{
    std::vector<int> taps;
    if (const AttentionRecord *shown = record())
        for (size_t t = 0; t < run()->taps.size(); ++t)
            for (const AttentionLayer &one : shown->layers)
                if (run()->taps[t].tap.path == one.path)
                    taps.push_back(static_cast<int>(t));
    return taps;
}

PlotTable AttentionPlot::visibleData() const
{
    PlotTable table;
    table.header = {QStringLiteral("row"), QStringLiteral("column"), QStringLiteral("float"), QStringLiteral("quantized"),
                    QStringLiteral("difference")};
    for (int row = 0; row < m_shown.grid; ++row)
        for (int column = 0; column < m_shown.grid; ++column) {
            const auto i = static_cast<size_t>(row * m_shown.grid + column);
            const auto own = static_cast<double>(m_shown.floating[i]);
            const auto other = static_cast<double>(m_shown.quantized[i]);
            table.rows.push_back({QString::number(row), QString::number(column), tableNumber(own), tableNumber(other),
                                  tableNumber(other - own)});
        }
    return table;
}

} // namespace quantoscope
