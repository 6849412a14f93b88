// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/sensitivity_plot.h"

#include "views/models/texts.h"
#include "views/plots/axis_tickers.h"
#include "views/plots/marker_graph.h"

#include <qcustomplot.h>

#include <cmath>
#include <limits>
#include <set>

namespace quantoscope {

namespace {

constexpr size_t kNamedUnits = 6;
constexpr size_t kFewUnits = 24; ///< up to here the axis names them all
constexpr auto kNaN = std::numeric_limits<double>::quiet_NaN();

double lossOf(const SensitivityRow &row, SensitivityFigure figure, double floatTop1)
{
    switch (figure) {
    case SensitivityFigure::Kl: return row.kl;
    case SensitivityFigure::Agreement: return 100 - row.agreement;
    case SensitivityFigure::Top1: return floatTop1 - row.top1;
    }
    return kNaN;
}

} // namespace

SensitivityPlot::SensitivityPlot(QWidget *parent) : PlotView(parent)
{
}

QString SensitivityPlot::viewName() const
{
    return QStringLiteral("sensitivity");
}

QString SensitivityPlot::viewTitle() const
{
    return tr("Sensitivity");
}

QString SensitivityPlot::figureTitle(SensitivityFigure figure)
{
    switch (figure) {
    case SensitivityFigure::Kl: return tr("KL divergence [nats]");
    case SensitivityFigure::Agreement: return tr("Changed predictions [%]");
    case SensitivityFigure::Top1: return tr("Top-1 lost [points]");
    }
    return {};
}

QString SensitivityPlot::levelTitle(SensitivityLevel level)
{
    switch (level) {
    case SensitivityLevel::Tap: return tr("by tap");
    case SensitivityLevel::Operator: return tr("by operator");
    case SensitivityLevel::Block: return tr("by block");
    case SensitivityLevel::OperatorType: return tr("by type of operator");
    }
    return {};
}

QString SensitivityPlot::precisionTitle(PrecisionOption precision)
{
    return precision == PrecisionOption::own() ? tr("bits as set")
                                               : tr("%1 bit").arg(QString::fromStdString(precision.text()));
}

void SensitivityPlot::setFigure(SensitivityFigure figure)
{
    if (figure == m_figure)
        return;
    m_figure = figure;
    redraw(false);
}

void SensitivityPlot::setSorted(bool sorted)
{
    if (sorted == m_sorted)
        return;
    m_sorted = sorted;
    redraw(false);
}

void SensitivityPlot::setLevel(SensitivityLevel level)
{
    if (level == m_level)
        return;
    m_level = level;
    redraw(false);
}

void SensitivityPlot::setPrecision(PrecisionOption precision)
{
    if (precision == m_precision)
        return;
    m_precision = precision;
    redraw(false);
}

std::vector<SensitivityLevel> SensitivityPlot::levels() const
{
    std::vector<SensitivityLevel> levels;
    if (run())
        for (const SensitivityTable &one : run()->sensitivity)
            levels.push_back(one.level);
    return levels;
}

const SensitivityTable *SensitivityPlot::table() const
{
    if (!run() || run()->sensitivity.empty())
        return nullptr;
    for (const SensitivityTable &one : run()->sensitivity)
        if (one.level == m_level)
            return &one;
    return &run()->sensitivity.front();
}

std::vector<PrecisionOption> SensitivityPlot::precisions() const
{
    std::vector<PrecisionOption> precisions;
    if (const SensitivityTable *shown = table())
        for (const SensitivityRow &row : shown->rows)
            if (row.kind == SensitivityKind::OnlyThis
                && std::find(precisions.begin(), precisions.end(), row.option) == precisions.end())
                precisions.push_back(row.option);
    return precisions;
}

PrecisionOption SensitivityPlot::precision() const
{
    const std::vector<PrecisionOption> known = precisions();
    return known.empty() || std::find(known.begin(), known.end(), m_precision) != known.end() ? m_precision : known.front();
}

QString SensitivityPlot::emptyText() const
{
    if (!run() || run()->taps.empty())
        return tr("Run a quantized evaluation, then choose Run, Measure sensitivity to see which parts cost the most.");
    const SensitivityTable *shown = table();
    if (!shown || shown->rows.empty())
        return tr("No sensitivity was measured yet: choose Run, Measure sensitivity.");
    if (m_figure == SensitivityFigure::Top1 && std::isnan(shown->floatTop1))
        return tr("These images have no labels: choose another figure above.");
    return {};
}

bool SensitivityPlot::has(SensitivityKind kind) const
{
    const std::vector<SensitivityRow> &rows = table()->rows;
    return std::any_of(rows.begin(), rows.end(), [&](const SensitivityRow &row) { return row.kind == kind; });
}

const SensitivityRow *SensitivityPlot::rowOf(const Unit &unit, SensitivityKind kind, SensitivityPart part) const
{
    return table()->find(table()->units[static_cast<size_t>(unit.index)], kind, part, precision());
}

double SensitivityPlot::valueOf(const Unit &unit, SensitivityKind kind, SensitivityPart part) const
{
    const SensitivityRow *row = rowOf(unit, kind, part);
    if (!row)
        return kNaN;
    const double loss = lossOf(*row, m_figure, table()->floatTop1);
    return kind == SensitivityKind::OnlyThis ? loss : lossOf(table()->quantized, m_figure, table()->floatTop1) - loss;
}

std::vector<SensitivityPlot::Unit> SensitivityPlot::orderedUnits() const
{
    const SensitivityTable &shown = *table();
    std::vector<Unit> units(shown.units.size());
    for (size_t u = 0; u < units.size(); ++u)
        units[u].index = static_cast<int>(u);
    for (size_t t = 0; t < shown.unitOfTap.size(); ++t) {
        if (shown.unitOfTap[t] < 0)
            continue;
        Unit &unit = units[static_cast<size_t>(shown.unitOfTap[t])];
        unit.taps.push_back(static_cast<int>(t));
        (run()->taps[t].tap.kind == TapKind::Weight ? unit.weights : unit.activations) = true;
    }
    const auto largest = [&](const Unit &unit, SensitivityKind kind) {
        double value = kNaN;
        for (const SensitivityPart part :
             {SensitivityPart::Both, SensitivityPart::Weights, SensitivityPart::Activations})
            value = std::fmax(value, valueOf(unit, kind, part));
        return value;
    };
    std::erase_if(units, [&](const Unit &unit) {
        return std::isnan(largest(unit, SensitivityKind::OnlyThis))
            && std::isnan(largest(unit, SensitivityKind::AllButThis));
    });
    if (m_sorted) {
        const SensitivityKind by = has(SensitivityKind::OnlyThis) ? SensitivityKind::OnlyThis : SensitivityKind::AllButThis;
        const auto key = [&](const Unit &unit) {
            const double value = largest(unit, by);
            return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
        };
        std::stable_sort(units.begin(), units.end(), [&](const Unit &a, const Unit &b) { return key(a) > key(b); });
    }
    return units;
}

QString SensitivityPlot::unitName(const Unit &unit) const
{
    return QString::fromStdString(table()->units[static_cast<size_t>(unit.index)]);
}

int SensitivityPlot::tapOf(const Unit &unit) const
{
    if (unit.taps.empty())
        return -1;
    return std::find(unit.taps.begin(), unit.taps.end(), selectedTap()) != unit.taps.end() ? selectedTap()
                                                                                           : unit.taps.front();
}

void SensitivityPlot::draw(const PlotTheme &theme)
{
    m_units = orderedUnits();
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    std::vector<int> taps;
    std::vector<int> lasts;
    for (const Unit &unit : m_units) {
        taps.push_back(unit.taps.empty() ? -1 : unit.taps.front());
        lasts.push_back(unit.taps.empty() ? -1 : unit.taps.back());
    }
    const bool byLayer = !m_sorted && table()->level != SensitivityLevel::OperatorType
                      && std::find(taps.begin(), taps.end(), -1) == taps.end();
    if (byLayer) {
        showLayers(x, taps, lasts);
    } else {
        std::vector<LayerTicker::Layer> names;
        for (size_t i = 0; i < m_units.size(); ++i) // where names do not fit, every tenth rank
            names.push_back({QString::number(i / 10 * 10 + 1), unitName(m_units[i])});
        x->setTicker(QSharedPointer<LayerTicker>::create(std::move(names), x));
        x->setRange(-0.8, static_cast<double>(m_units.size()) - 0.2);
        x->setLabel(m_sorted ? tr("Rank, most sensitive first") : tr("Type of operator"));
    }
    const bool only = has(SensitivityKind::OnlyThis);
    drawSide(mainRect(), only ? SensitivityKind::OnlyThis : SensitivityKind::AllButThis, theme);
    if (only && has(SensitivityKind::AllButThis)) {
        QCPAxisRect *below = addRect(RectPlace::BelowSharingX, 0.8, theme);
        QCPAxis *shared = below->axis(QCPAxis::atBottom);
        shared->setTicker(x->ticker());
        shared->setLabel(x->label());
        x->setLabel(QString());
        x->setTickLabels(false);
        drawSide(below, SensitivityKind::AllButThis, theme);
        below->axis(QCPAxis::atLeft)->setRangeReversed(true); // grows away from the other side
    }
    if (m_units.size() > kFewUnits)
        nameWorst(theme);
    const auto selected = std::find_if(m_units.begin(), m_units.end(), [this](const Unit &unit) {
        return std::find(unit.taps.begin(), unit.taps.end(), selectedTap()) != unit.taps.end();
    });
    if (selected != m_units.end()) {
        const auto key = static_cast<double>(selected - m_units.begin());
        for (QCPAxisRect *rect : plot()->axisRects())
            addSelectionBand(rect, key - 0.5, key + 0.5, theme);
    }
    const SensitivityTable &shown = *table();
    setPlotTitle(tr("Sensitivity %1: %2").arg(levelTitle(shown.level), QString::fromStdString(shown.recipe)));
    QStringList caption;
    caption << tr("Images: %1. Everything quantized: KL %2, %3 of the predictions agree with float.")
                   .arg(shown.quantized.images)
                   .arg(Texts::number(shown.quantized.kl, 3), Texts::percent(shown.quantized.agreement, 1));
    if (!std::isnan(shown.floatTop1))
        caption << tr("Top-1 %1, float %2.").arg(Texts::percent(shown.quantized.top1), Texts::percent(shown.floatTop1));
    if (!shown.complete)
        caption << tr("Stopped early: %1 of %2 images, %3 measurements.")
                       .arg(shown.quantized.images)
                       .arg(shown.imagesWanted)
                       .arg(shown.rows.size());
    setCaption(caption.join(QLatin1Char(' ')));
}

void SensitivityPlot::drawSide(QCPAxisRect *rect, SensitivityKind kind, const PlotTheme &theme)
{
    const bool only = kind == SensitivityKind::OnlyThis;
    QCPAxis *x = rect->axis(QCPAxis::atBottom);
    QCPAxis *y = rect->axis(QCPAxis::atLeft);
    const bool logarithmic = only && isLogScale();
    if (logarithmic)
        setLogarithmic(y);
    y->setLabel(only ? tr("Only this quantized:\n%1").arg(figureTitle(m_figure))
                     : tr("Only this in float,\nsaves: %1").arg(figureTitle(m_figure)));
    double low = std::numeric_limits<double>::max();
    double high = std::numeric_limits<double>::lowest();
    const auto usable = [&](double value) { return !std::isnan(value) && (!logarithmic || value > 0); };
    const auto note = [&](double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    };
    const auto addBars = [&](const QString &id, const QString &label, QColor color, auto wanted) {
        std::vector<std::pair<double, double>> points;
        for (size_t i = 0; i < m_units.size(); ++i) {
            const double value = valueOf(m_units[i], kind, SensitivityPart::Both);
            if (wanted(m_units[i]) && usable(value))
                points.emplace_back(static_cast<double>(i), value);
        }
        if (points.empty())
            return;
        auto *bars = new QCPBars(x, y);
        bars->setName(label);
        bars->setPen(Qt::NoPen);
        color.setAlpha(190);
        bars->setBrush(color);
        bars->setWidth(0.8);
        for (const auto &[key, value] : points) {
            bars->addData(key, value);
            note(value);
        }
        if (isInLegend(id))
            bars->removeFromLegend();
        addToSeries(bars, id);
    };
    addBars(QStringLiteral("both"), tr("Weights and activations together"), theme.neutral,
            [](const Unit &unit) { return unit.weights && unit.activations; });
    addBars(QStringLiteral("weights"), tr("Weights"), theme.first,
            [](const Unit &unit) { return unit.weights && !unit.activations; });
    addBars(QStringLiteral("activations"), tr("Activations"), theme.second,
            [](const Unit &unit) { return !unit.weights; });
    const auto addMarks = [&](SensitivityPart part, const QString &id, const QString &label, const QColor &color,
                              QCPScatterStyle::ScatterShape shape) {
        std::vector<std::pair<double, double>> points;
        for (size_t i = 0; i < m_units.size(); ++i)
            if (const double value = valueOf(m_units[i], kind, part); usable(value))
                points.emplace_back(static_cast<double>(i), value);
        if (points.empty())
            return;
        auto *marks = new MarkerGraph(x, y);
        marks->setName(label);
        marks->setLineStyle(QCPGraph::lsNone);
        marks->setScatterStyle(QCPScatterStyle(shape, QPen(color, 1.2), color, 6));
        for (const auto &[key, value] : points) {
            marks->addData(key, value);
            note(value);
        }
        if (isInLegend(id))
            marks->removeFromLegend();
        addToSeries(marks, id);
    };
    addMarks(SensitivityPart::Weights, QStringLiteral("weights"), tr("Weights"), theme.first, QCPScatterStyle::ssDisc);
    addMarks(SensitivityPart::Activations, QStringLiteral("activations"), tr("Activations"), theme.second,
             QCPScatterStyle::ssSquare);
    if (low > high) {
        low = logarithmic ? 1e-6 : 0;
        high = 1;
    }
    if (logarithmic) {
        y->setRange(low / 3, high * 3);
    } else {
        const double margin = 0.15 * std::max(high - std::min(low, 0.0), 1e-12);
        y->setRange(std::min(low, 0.0) - (low < 0 ? margin : 0), std::max(high, 0.0) + margin);
    }
}

void SensitivityPlot::nameWorst(const PlotTheme &theme)
{
    const SensitivityKind kind = has(SensitivityKind::OnlyThis) ? SensitivityKind::OnlyThis : SensitivityKind::AllButThis;
    std::vector<size_t> order;
    for (size_t i = 0; i < m_units.size(); ++i)
        if (valueOf(m_units[i], kind, SensitivityPart::Both) > 0)
            order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
        return valueOf(m_units[a], kind, SensitivityPart::Both) > valueOf(m_units[b], kind, SensitivityPart::Both);
    });
    const auto count = static_cast<double>(m_units.size());
    const double reach = 0.13 * count; // closer names would overlap
    std::vector<double> named;
    for (const size_t i : order) {
        const auto place = static_cast<double>(i);
        const bool free = std::none_of(named.begin(), named.end(), [&](double other) { return std::abs(other - place) < reach; });
        if (!free)
            continue;
        named.push_back(place);
        QString label = unitName(m_units[i]);
        if (label.startsWith(QLatin1String("blocks.")))
            label.remove(0, 7);
        addLabel(mainRect(), place, valueOf(m_units[i], kind, SensitivityPart::Both), label, theme.text,
                 (place < reach ? Qt::AlignLeft : place > count - reach ? Qt::AlignRight : Qt::AlignHCenter) | Qt::AlignBottom);
        if (named.size() >= kNamedUnits)
            break;
    }
}

int SensitivityPlot::placeAt(QPointF position) const
{
    if (isEmpty())
        return -1;
    for (const QCPAxisRect *rect : plot()->axisRects()) {
        if (!rect->rect().contains(position.toPoint()))
            continue;
        const auto place = static_cast<int>(std::lround(rect->axis(QCPAxis::atBottom)->pixelToCoord(position.x())));
        return place >= 0 && place < static_cast<int>(m_units.size()) ? place : -1;
    }
    return -1;
}

QString SensitivityPlot::readout(QPointF position) const
{
    const int place = placeAt(position);
    if (place < 0)
        return {};
    const Unit &unit = m_units[static_cast<size_t>(place)];
    QStringList parts{unitName(unit)};
    const auto partTitle = [](SensitivityPart part) {
        return part == SensitivityPart::Weights       ? tr("weights")
             : part == SensitivityPart::Activations ? tr("activations")
                                                      : QString();
    };
    for (const SensitivityKind kind : {SensitivityKind::OnlyThis, SensitivityKind::AllButThis})
        for (const SensitivityPart part : {SensitivityPart::Both, SensitivityPart::Weights, SensitivityPart::Activations})
            if (const SensitivityRow *row = rowOf(unit, kind, part)) {
                const QString text = kind == SensitivityKind::OnlyThis ? tr("alone: KL %1 ± %2, %3 agree")
                                                                       : tr("left in float: KL %1 ± %2, %3 agree");
                const QString title = partTitle(part);
                parts << (title.isEmpty() ? QString() : title + QLatin1Char(' '))
                             + text.arg(Texts::number(row->kl, 3), Texts::number(row->klStandardError, 2),
                                        Texts::percent(row->agreement, 1));
            }
    return parts.join(QStringLiteral(" · "));
}

int SensitivityPlot::tapAt(QPointF position) const
{
    const int place = placeAt(position);
    return place < 0 ? -1 : tapOf(m_units[static_cast<size_t>(place)]);
}

std::vector<int> SensitivityPlot::tapsIn(const QRect &box) const
{
    std::set<int> taps;
    for (const int y : {box.top(), box.center().y(), box.bottom()})
        for (int x = box.left(); x <= box.right(); ++x)
            if (const int place = placeAt(QPointF(x, y)); place >= 0)
                taps.insert(m_units[static_cast<size_t>(place)].taps.begin(), m_units[static_cast<size_t>(place)].taps.end());
    return {taps.begin(), taps.end()};
}

std::vector<int> SensitivityPlot::selectableTaps() const
{
    std::vector<int> taps;
    for (const Unit &unit : m_units)
        if (const int tap = tapOf(unit); tap >= 0)
            taps.push_back(tap);
    return taps;
}

PlotTable SensitivityPlot::visibleData() const
{
    PlotTable result;
    result.header = {QStringLiteral("unit"),        QStringLiteral("kind"), QStringLiteral("part"),
                     QStringLiteral("precision"),   QStringLiteral("kl"),   QStringLiteral("kl_standard_error"),
                     QStringLiteral("agreement"),   QStringLiteral("top1"), QStringLiteral("images")};
    const QCPRange visible = mainRect()->axis(QCPAxis::atBottom)->range();
    for (size_t i = 0; i < m_units.size(); ++i) {
        if (!visible.contains(static_cast<double>(i)))
            continue;
        for (const SensitivityKind kind : {SensitivityKind::OnlyThis, SensitivityKind::AllButThis})
            for (const SensitivityPart part :
                 {SensitivityPart::Both, SensitivityPart::Weights, SensitivityPart::Activations})
                if (const SensitivityRow *row = rowOf(m_units[i], kind, part))
                    result.rows.push_back({unitName(m_units[i]), QLatin1String(name(kind)), QLatin1String(name(part)),
                                           QString::fromStdString(row->option.text()), tableNumber(row->kl),
                                           tableNumber(row->klStandardError), tableNumber(row->agreement),
                                           std::isnan(row->top1) ? QString() : tableNumber(row->top1),
                                           QString::number(row->images)});
    }
    return result;
}

} // namespace quantoscope
