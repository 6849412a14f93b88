// SPDX-License-Identifier: GPL-3.0-or-later
// Tick positions and labels that fit: private to views/plots.
#pragma once

#include "core/data/run_record.h"

#include <qcustomplot.h>

#include <QString>
#include <QStringList>
#include <QVector>

#include <cmath>
#include <vector>

namespace quantoscope {

/// Log axis: powers of ten while several are visible, 1-2-5 steps when zoomed in further.
class DecadeTicker : public QCPAxisTickerLog {
protected:
    QVector<double> createTickVector(double tickStep, const QCPRange &range) override;
    QVector<double> createSubTickVector(int subTickCount, const QVector<double> &ticks) override;
    QString getTickLabel(double tick, const QLocale &locale, QChar formatChar, int precision) override;
};

/// Layers in network order at 0, 1, 2...: the first layer of every block is labelled, thinned out to what fits; when
/// few layers are visible each has its own name.
class LayerTicker : public QCPAxisTicker {
public:
    struct Layer {
        QString group; ///< label of its group, e.g. "B3"
        QString name;  ///< its own label, e.g. "3.residual1"
    };
    /// `axis` outlives the ticker that it is given.
    LayerTicker(std::vector<Layer> layers, const QCPAxis *axis);

protected:
    QVector<double> createTickVector(double tickStep, const QCPRange &range) override;
    QVector<double> createSubTickVector(int subTickCount, const QVector<double> &ticks) override;
    QString getTickLabel(double tick, const QLocale &locale, QChar formatChar, int precision) override;

private:
    std::vector<Layer> m_layers;
    const QCPAxis *m_axis;
    bool m_named = false;
};

/// Whole places, labelled by the channel that stands there, or by its name where it has one.
class ChannelTicker : public QCPAxisTickerFixed {
public:
    ChannelTicker(std::vector<int> order, QStringList names) : m_order(std::move(order)), m_names(std::move(names))
    {
        setScaleStrategy(m_names.isEmpty() ? ssMultiples : ssNone);
    }

protected:
    QString getTickLabel(double tick, const QLocale &locale, QChar, int) override
    {
        const double place = std::round(tick);
        if (place < 0 || place >= static_cast<double>(m_order.size()))
            return {};
        const int index = m_order[static_cast<size_t>(place)];
        return m_names.isEmpty() ? locale.toString(index) : m_names.value(index);
    }

private:
    std::vector<int> m_order;
    QStringList m_names;
};

/// Labels `axis` by the layers that `taps` (indices into run.taps) stand for, at positions 0, 1, 2...
void setLayerAxis(QCPAxis *axis, const RunRecord &run, const std::vector<int> &taps);

} // namespace quantoscope
