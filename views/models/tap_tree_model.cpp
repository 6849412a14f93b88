// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/tap_tree_model.h"

#include "core/quantization/recipe.h"

#include <QFont>
#include <QGuiApplication>
#include <QLocale>
#include <QPalette>

#include <algorithm>
#include <cmath>

namespace quantoscope {

namespace {

/// KL of only-this for a tap, from the finest table that has it; invalid when it was not measured.
QVariant onlyThisKl(const RunRecord &run, int tap)
{
    const SensitivityTable *finest = nullptr;
    for (const SensitivityTable &table : run.sensitivity)
        if (static_cast<size_t>(tap) < table.unitOfTap.size() && table.unitOfTap[static_cast<size_t>(tap)] >= 0
            && (!finest || table.level < finest->level))
            finest = &table;
    if (!finest)
        return {};
    const std::string &unit = finest->units[static_cast<size_t>(finest->unitOfTap[static_cast<size_t>(tap)])];
    for (const SensitivityRow &row : finest->rows)
        if (row.operatorPath == unit && row.kind == SensitivityKind::OnlyThis && row.part == SensitivityPart::Both)
            return row.kl;
    return {};
}

bool sameTaps(const std::vector<Tap> &taps, const RunRecord &run)
{
    return std::equal(taps.begin(), taps.end(), run.taps.begin(), run.taps.end(),
                      [](const Tap &tap, const TapRecord &record) { return tap.path == record.tap.path; });
}

} // namespace

TapTreeModel::TapTreeModel(QObject *parent) : QAbstractItemModel(parent)
{
}

TapTreeModel::~TapTreeModel() = default;

void TapTreeModel::setOpenedModel(OpenedModelPtr model)
{
    beginResetModel();
    m_model = std::move(model);
    m_run.reset();
    m_settings.clear();
    m_edited.clear();
    m_predictions.clear();
    rebuild();
    endResetModel();
}

void TapTreeModel::setRun(RunRecordPtr run)
{
    const bool rebuilds = !m_model && run && !sameTaps(m_taps, *run);
    if (rebuilds)
        beginResetModel();
    m_run = std::move(run);
    if (rebuilds) {
        rebuild();
        endResetModel();
        return;
    }
    m_runFits = m_run && sameTaps(m_taps, *m_run);
    itemsChanged(Name, ColumnCount - 1);
}

void TapTreeModel::setSettings(std::vector<TapSetting> settings)
{
    m_settings = std::move(settings);
    itemsChanged(Name, Setting);
}

void TapTreeModel::setEditedTaps(const QSet<QString> &paths)
{
    m_edited = paths;
    itemsChanged(Name, Setting);
}

void TapTreeModel::setPredictions(std::vector<TapPrediction> predictions)
{
    m_predictions = std::move(predictions);
    itemsChanged(SqnrIsolated, SqnrIsolated);
}

const TapPrediction *TapTreeModel::prediction(int tap) const
{
    if (tap < 0 || !m_runFits || m_predictions.size() != m_taps.size())
        return nullptr;
    const TapPrediction &own = m_predictions[static_cast<size_t>(tap)];
    return own.source == TapPrediction::Source::Unchanged ? nullptr : &own;
}

void TapTreeModel::setGrouped(bool grouped)
{
    if (grouped == m_grouped)
        return;
    beginResetModel();
    m_grouped = grouped;
    rebuild();
    endResetModel();
}

void TapTreeModel::rebuild()
{
    m_taps.clear();
    m_switchable.clear();
    if (m_model) {
        m_taps = m_model->graph.taps;
    } else if (m_run) {
        for (const TapRecord &record : m_run->taps)
            m_taps.push_back(record.tap);
    }
    for (const Tap &tap : m_taps)
        m_switchable.push_back(m_model && isSwitchable(m_model->graph, tap));
    m_runFits = m_run && sameTaps(m_taps, *m_run);

    m_items.clear();
    m_top.clear();
    m_itemOfTap.assign(m_taps.size(), -1);
    m_places = placesOf(m_taps);
    int group = -1;
    std::vector<int> waitingWeights; // a weight's tap precedes the output of its node, under which it is shown
    for (size_t t = 0; t < m_taps.size(); ++t) {
        const Tap &tap = m_taps[t];
        const int index = static_cast<int>(t);
        if (!m_grouped) {
            addItem(-1, index);
            continue;
        }
        if (group < 0 || m_items[static_cast<size_t>(group)].block != tap.block) {
            group = addItem(-1, -1);
            m_items[static_cast<size_t>(group)].block = tap.block;
            m_items[static_cast<size_t>(group)].place = m_places[t];
        }
        if (tap.kind == TapKind::Weight) {
            waitingWeights.push_back(index);
            continue;
        }
        const int item = addItem(group, index);
        for (const int weight : waitingWeights)
            addItem(m_taps[static_cast<size_t>(weight)].node == tap.node ? item : group, weight);
        waitingWeights.clear();
    }
    for (const int weight : waitingWeights) // only in a graph that ends with a weight
        addItem(group, weight);
}

int TapTreeModel::addItem(int parent, int tap)
{
    const int index = static_cast<int>(m_items.size());
    Item item;
    item.parent = parent;
    item.tap = tap;
    std::vector<int> &siblings = parent < 0 ? m_top : m_items[static_cast<size_t>(parent)].children;
    item.row = static_cast<int>(siblings.size());
    siblings.push_back(index);
    if (tap >= 0) {
        item.block = m_taps[static_cast<size_t>(tap)].block;
        m_itemOfTap[static_cast<size_t>(tap)] = index;
    }
    m_items.push_back(std::move(item));
    return index;
}

void TapTreeModel::itemsChanged(int firstColumn, int lastColumn)
{
    const auto announce = [&](const std::vector<int> &siblings, const QModelIndex &parentIndex) {
        if (!siblings.empty())
            Q_EMIT dataChanged(index(0, firstColumn, parentIndex),
                               index(static_cast<int>(siblings.size()) - 1, lastColumn, parentIndex));
    };
    announce(m_top, {});
    for (size_t i = 0; i < m_items.size(); ++i)
        announce(m_items[i].children, createIndex(m_items[i].row, 0, static_cast<quintptr>(i)));
}

QModelIndex TapTreeModel::indexOfTap(int tap, int column) const
{
    if (tap < 0 || static_cast<size_t>(tap) >= m_itemOfTap.size() || m_itemOfTap[static_cast<size_t>(tap)] < 0)
        return {};
    const int item = m_itemOfTap[static_cast<size_t>(tap)];
    return createIndex(m_items[static_cast<size_t>(item)].row, column, static_cast<quintptr>(item));
}

const TapTreeModel::Item *TapTreeModel::itemAt(const QModelIndex &index) const
{
    return index.isValid() && index.internalId() < m_items.size() ? &m_items[index.internalId()] : nullptr;
}

QModelIndex TapTreeModel::index(int row, int column, const QModelIndex &parentIndex) const
{
    if (!hasIndex(row, column, parentIndex))
        return {};
    const Item *item = itemAt(parentIndex);
    const std::vector<int> &siblings = item ? item->children : m_top;
    return createIndex(row, column, static_cast<quintptr>(siblings[static_cast<size_t>(row)]));
}

QModelIndex TapTreeModel::parent(const QModelIndex &child) const
{
    const Item *item = itemAt(child);
    if (!item || item->parent < 0)
        return {};
    return createIndex(m_items[static_cast<size_t>(item->parent)].row, 0, static_cast<quintptr>(item->parent));
}

int TapTreeModel::rowCount(const QModelIndex &parentIndex) const
{
    if (!parentIndex.isValid())
        return static_cast<int>(m_top.size());
    const Item *item = parentIndex.column() == 0 ? itemAt(parentIndex) : nullptr;
    return item ? static_cast<int>(item->children.size()) : 0;
}

int TapTreeModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

const TapRecord *TapTreeModel::record(int tap) const
{
    return m_runFits && tap >= 0 ? &m_run->taps[static_cast<size_t>(tap)] : nullptr;
}

const TapSetting *TapTreeModel::setting(int tap) const
{
    if (tap < 0)
        return nullptr;
    if (m_settings.size() == m_taps.size())
        return &m_settings[static_cast<size_t>(tap)];
    const TapRecord *known = record(tap);
    return known && m_run->quantized ? &known->setting : nullptr;
}

bool TapTreeModel::isSwitchableTap(int tap) const
{
    return tap >= 0 && m_switchable[static_cast<size_t>(tap)];
}

QStringList TapTreeModel::switchableTaps(const Item &item) const
{
    if (item.tap >= 0)
        return isSwitchableTap(item.tap)
                 ? QStringList{QString::fromStdString(m_taps[static_cast<size_t>(item.tap)].path)}
                 : QStringList();
    QStringList paths;
    for (const int child : item.children) {
        paths += switchableTaps(m_items[static_cast<size_t>(child)]);
        for (const int grandchild : m_items[static_cast<size_t>(child)].children)
            paths += switchableTaps(m_items[static_cast<size_t>(grandchild)]);
    }
    return paths;
}

QString TapTreeModel::reason(const Item &item) const
{
    if (!m_model)
        return tr("Open the checkpoint of this run to change bits.");
    if (item.tap >= 0 && !isSwitchableTap(item.tap))
        return tr("Only re-arranges values that another tap already quantizes, so it has no bits of its own.");
    if (item.tap < 0 && switchableTaps(item).isEmpty())
        return tr("Nothing in this group can be switched.");
    return {};
}

bool TapTreeModel::isEdited(const Item &item) const
{
    if (m_edited.isEmpty())
        return false;
    const QStringList paths = switchableTaps(item);
    return std::any_of(paths.begin(), paths.end(), [&](const QString &path) { return m_edited.contains(path); });
}

QString TapTreeModel::groupBits(const Item &group) const
{
    QString common;
    for (size_t t = 0; t < m_taps.size(); ++t) {
        const Item &item = m_items[static_cast<size_t>(m_itemOfTap[t])];
        const Item &owner = m_items[static_cast<size_t>(item.parent)];
        const bool inside =
            &owner == &group || (owner.parent >= 0 && &m_items[static_cast<size_t>(owner.parent)] == &group);
        const TapSetting *own = inside && m_switchable[t] ? setting(static_cast<int>(t)) : nullptr;
        if (!own)
            continue;
        const QString text = Texts::bits(*own);
        if (!common.isEmpty() && common != text)
            return tr("mixed");
        common = text;
    }
    return common;
}

QVariant TapTreeModel::figure(const Item &item, int column) const
{
    const TapRecord *known = record(item.tap);
    if (!known)
        return {};
    const TapError &error = known->error;
    const bool isolated = error.measured && error.quantized;
    switch (column) {
    case SqnrIsolated:
        if (const TapPrediction *predicted = prediction(item.tap))
            return predicted->isPredicted() ? QVariant(predicted->sqnrDb) : QVariant();
        return isolated ? QVariant(error.isolated.sqnrDb) : QVariant();
    case SqnrCumulative:
        return error.measured && error.hasCumulative ? QVariant(error.cumulative.sqnrDb) : QVariant();
    case Cosine: return isolated ? QVariant(error.isolated.cosine) : QVariant();
    case Mse: return isolated ? QVariant(error.isolated.mse) : QVariant();
    case Minimum:
        return known->statistics.observed ? QVariant(static_cast<double>(known->statistics.minimum)) : QVariant();
    case Maximum:
        return known->statistics.observed ? QVariant(static_cast<double>(known->statistics.maximum)) : QVariant();
    case OnlyThisKl: return onlyThisKl(*m_run, item.tap);
    default: return {};
    }
}

QVariant TapTreeModel::display(const Item &item, int column) const
{
    if (column == Name) {
        QString text = item.tap < 0 ? Texts::group(item.block, item.place)
                     : !m_grouped   ? QString::fromStdString(m_taps[static_cast<size_t>(item.tap)].path)
                     : m_taps[static_cast<size_t>(item.tap)].kind == TapKind::Weight
                               && m_items[static_cast<size_t>(item.parent)].tap >= 0
                         ? tr("weight")
                         : shortTapName(m_taps[static_cast<size_t>(item.tap)]);
        return isEdited(item) ? QStringLiteral("● ") + text : text;
    }
    if (column == Bits || column == Setting) {
        if (item.tap < 0)
            return column == Bits ? groupBits(item) : QString();
        const TapSetting *own = setting(item.tap);
        if (m_model && !isSwitchableTap(item.tap))
            return QStringLiteral("–");
        return !own ? QString() : column == Bits ? Texts::bits(*own) : Texts::setting(*own);
    }
    const QVariant value = figure(item, column);
    if (!value.isValid())
        return {};
    switch (column) {
    case SqnrIsolated:
    case SqnrCumulative: {
        const QString text = std::isfinite(value.toDouble()) ? QLocale().toString(value.toDouble(), 'f', 1)
                                                             : Texts::number(value.toDouble());
        return column == SqnrIsolated && prediction(item.tap) ? QStringLiteral("≈ ") + text : text;
    }
    case Cosine: return QLocale().toString(value.toDouble(), 'f', 5);
    default: return Texts::number(value.toDouble(), 3);
    }
}

QString TapTreeModel::toolTip(const Item &item, int column) const
{
    const QString why = reason(item);
    if (item.tap < 0)
        return why;
    const Tap &tap = m_taps[static_cast<size_t>(item.tap)];
    QStringList lines{QString::fromStdString(tap.path), Texts::role(tap.role),
                      tr("%1 values, %2 channels")
                          .arg(QLocale().toString(static_cast<qlonglong>(tap.elements)),
                               QLocale().toString(static_cast<qlonglong>(tap.channels)))};
    if (!why.isEmpty()) {
        lines << why;
    } else if (column == Bits || column == Name) {
        lines << tr("F float, 8, 6, 4 bits, R what the recipe says");
        if (isEdited(item))
            lines << tr("Changed against the recipe");
    }
    if (const TapPrediction *predicted = prediction(item.tap); predicted && column == SqnrIsolated) {
        using Source = TapPrediction::Source;
        lines << (predicted->source == Source::Histogram
                      ? tr("Predicted, not measured: the new levels laid over the histogram that the run stored")
                  : predicted->source == Source::StepSize
                      ? tr("Predicted, not measured: the measured rounding error scaled with the square of the step")
                  : predicted->source == Source::Float ? tr("Float: no error of its own")
                                                       : tr("Nothing is stored that predicts this change; run to measure"));
    }
    return lines.join(QLatin1Char('\n'));
}

QVariant TapTreeModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Item &item = m_items[index.internalId()];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole: return display(item, column);
    case Qt::EditRole:
        if (column != Bits)
            return display(item, column);
        if (const TapSetting *own = setting(item.tap))
            return own->isQuantized() ? own->bits : static_cast<int>(FloatBits);
        return {};
    case Qt::ToolTipRole: return toolTip(item, column);
    case Qt::TextAlignmentRole:
        return column == Name || column == Setting ? QVariant() : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::FontRole:
        if (column == SqnrIsolated && prediction(item.tap)) {
            QFont italic;
            italic.setItalic(true);
            return italic;
        }
        if ((column == Name || column == Bits) && isEdited(item)) {
            QFont bold;
            bold.setBold(true);
            return bold;
        }
        return {};
    case Qt::ForegroundRole:
        if (m_model && item.tap >= 0 && !isSwitchableTap(item.tap))
            return QGuiApplication::palette().brush(QPalette::Disabled, QPalette::Text);
        return {};
    case Qt::AccessibleDescriptionRole: return toolTip(item, column);
    case SortRole:
        if (column == Name)
            return item.tap >= 0 ? item.tap : static_cast<int>(index.internalId());
        if (column == Bits) {
            const TapSetting *own = setting(item.tap);
            return own ? QVariant(own->isQuantized() ? own->bits : 32) : QVariant(item.row);
        }
        if (column == Setting)
            return display(item, column);
        return item.tap < 0 ? QVariant(static_cast<double>(item.row)) : figure(item, column);
    case FilterRole: {
        if (item.tap < 0)
            return Texts::group(item.block, item.place);
        const Tap &tap = m_taps[static_cast<size_t>(item.tap)];
        const TapRecord *known = record(item.tap);
        const std::string operatorName = m_model ? name(m_model->graph.nodes[static_cast<size_t>(tap.node)].op)
                                       : known   ? known->operatorName
                                                 : std::string();
        return QStringList{QString::fromStdString(tap.path),
                           QString::fromStdString(operatorName),
                           Texts::role(tap.role),
                           QString::fromLatin1(name(tap.role)),
                           Texts::group(tap.block, m_places[static_cast<size_t>(item.tap)]),
                           display(item, Bits).toString(),
                           display(item, Setting).toString()}
            .join(QLatin1Char(' '));
    }
    case TapRole: return item.tap;
    case SwitchableTapsRole: return switchableTaps(item);
    case ReasonRole: return reason(item);
    default: return {};
    }
}

bool TapTreeModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid) || index.column() != Bits)
        return false;
    const int bits = value.toInt();
    const QStringList paths = switchableTaps(m_items[index.internalId()]);
    if (paths.isEmpty() || !(bits == FloatBits || bits == RecipeBits || (bits >= 2 && bits <= 8)))
        return false;
    Q_EMIT bitsEdited(paths, bits);
    return true;
}

Qt::ItemFlags TapTreeModel::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractItemModel::flags(index);
    if (index.isValid() && index.column() == Bits && reason(m_items[index.internalId()]).isEmpty())
        flags |= Qt::ItemIsEditable;
    return flags;
}

QVariant TapTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool tip = role == Qt::ToolTipRole;
    switch (section) {
    case Name: return tip ? tr("Blocks, operators and weights in order of execution") : tr("Name");
    case Bits: return tip ? tr("Bits of this value; float means not quantized") : tr("Bits");
    case Setting: return tip ? tr("Quantizer, observer and granularity") : tr("Setting");
    case SqnrIsolated:
        return tip ? tr("Signal to quantization noise ratio of this tap's own rounding and clipping: "
                        "10 log10(Σx² / Σ(x−y)²); larger is better")
                   : tr("SQNR [dB]");
    case SqnrCumulative:
        return tip ? tr("SQNR of the value in the quantized network against the float network: includes all "
                        "errors before it")
                   : tr("Net SQNR [dB]");
    case Cosine: return tip ? tr("Cosine similarity to float, isolated, mean over images") : tr("Cosine");
    case Mse: return tip ? tr("Mean squared error against float, isolated") : tr("MSE");
    case Minimum: return tip ? tr("Smallest value seen in calibration") : tr("Minimum");
    case Maximum: return tip ? tr("Largest value seen in calibration") : tr("Maximum");
    case OnlyThisKl:
        return tip ? tr("KL divergence of the predictions from float when only this is quantized: of the tap, or of the "
                        "operator or block that was measured with it")
                   : tr("KL alone");
    default: return {};
    }
}

} // namespace quantoscope
