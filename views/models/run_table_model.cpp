// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/run_table_model.h"

#include "core/quantization/log_int_softmax.h"
#include "core/quantization/recipe.h"
#include "views/models/texts.h"

#include <QFont>
#include <QLocale>

#include <algorithm>
#include <utility>

namespace quantoscope {

namespace {

constexpr size_t kListedFailures = 10; // a tool tip, not a report; the run file lists all

/// The evaluation that a row is about: of the quantized model, or the float one of a float run.
const EvaluationResult *mainResult(const RunRecord &run)
{
    if (run.result)
        return &*run.result;
    return run.floatResult && !run.quantized ? &*run.floatResult : nullptr;
}

bool sameImages(const RunRecord &a, const RunRecord &b)
{
    return std::equal(
        a.images.items.begin(), a.images.items.end(), b.images.items.begin(), b.images.items.end(),
        [](const ImageItem &x, const ImageItem &y) { return x.path == y.path && x.label == y.label; });
}

/// Change of top-1 on the common images whose class is known, in percentage points.
double change(const PairedComparison &paired)
{
    return 100.0 * static_cast<double>(paired.gained - paired.lost) / static_cast<double>(paired.labelled);
}

QString planDifference(const RunRecord &run)
{
    const Result<PrecisionPlan> plan = parsePlan(run.request.planJson, run.id);
    return plan ? QString::fromStdString(planText(*plan)) : QString::fromStdString(plan.error().what);
}

} // namespace

RunTableModel::RunTableModel(QObject *parent) : QAbstractTableModel(parent)
{
}

RunTableModel::~RunTableModel() = default;

int RunTableModel::addRun(RunRecordPtr run)
{
    if (!run)
        return -1;
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const Row &row) { return row.run->id == run->id; });
    const auto row = static_cast<size_t>(found - m_rows.begin());
    const bool isNew = found == m_rows.end();
    const int number = static_cast<int>(row);
    if (isNew) {
        beginInsertRows({}, number, number);
        m_rows.emplace_back();
    }
    m_rows[row].run = std::move(run);
    m_rows[row].plan = planDifference(*m_rows[row].run);
    const bool isBaseline = m_rows[row].run->id == m_baseline;
    if (isBaseline)
        compareAll();
    else
        compare(row);
    if (row + 1 < m_rows.size())
        compare(row + 1);
    if (isNew)
        endInsertRows();
    else
        Q_EMIT dataChanged(index(isBaseline ? 0 : number, 0), index(static_cast<int>(m_rows.size()) - 1, ColumnCount - 1));
    if (isBaseline)
        Q_EMIT baselineChanged();
    return number;
}

void RunTableModel::setBaseline(const RunRecordPtr &run)
{
    const bool known = run && std::any_of(m_rows.begin(), m_rows.end(), [&](const Row &row) { return row.run->id == run->id; });
    const std::string id = known ? run->id : std::string();
    if (id == m_baseline)
        return;
    m_baseline = id;
    compareAll();
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    Q_EMIT headerDataChanged(Qt::Horizontal, ChangeReference, PValue);
    Q_EMIT baselineChanged();
}

RunRecordPtr RunTableModel::baseline() const
{
    for (const Row &row : m_rows)
        if (!m_baseline.empty() && row.run->id == m_baseline)
            return row.run;
    return nullptr;
}

const RunRecord *RunTableModel::referenceOf(size_t row) const
{
    if (const RunRecordPtr pinned = baseline())
        return pinned == m_rows[row].run ? nullptr : pinned.get();
    return row > 0 ? m_rows[row - 1].run.get() : nullptr;
}

void RunTableModel::compareAll()
{
    for (size_t row = 0; row < m_rows.size(); ++row)
        compare(row);
}

void RunTableModel::clear()
{
    beginResetModel();
    m_rows.clear();
    const bool pinned = !std::exchange(m_baseline, {}).empty();
    endResetModel();
    if (pinned)
        Q_EMIT baselineChanged();
}

void RunTableModel::compare(size_t number)
{
    Row &row = m_rows[number];
    row.toFloat.reset();
    row.toReference.reset();
    row.choseItsEnd = false;
    const EvaluationResult *own = mainResult(*row.run);
    if (!own)
        return;
    if (row.run->result && row.run->floatResult)
        row.toFloat = comparePaired(*row.run->floatResult, *own);
    if (const RunRecord *const reference = referenceOf(number)) {
        const EvaluationResult *other = mainResult(*reference);
        if (other && sameImages(*reference, *row.run))
            row.toReference = comparePaired(*other, *own);
        row.choseItsEnd = reference->sequential.decision != Decision::None
            || row.run->sequential.decision != Decision::None;
    }
    for (std::optional<PairedComparison> *paired : {&row.toFloat, &row.toReference})
        if (*paired && (*paired)->common == 0)
            paired->reset();
}

RunRecordPtr RunTableModel::runAt(int row) const
{
    return row >= 0 && static_cast<size_t>(row) < m_rows.size() ? m_rows[static_cast<size_t>(row)].run : nullptr;
}

int RunTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RunTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QVariant RunTableModel::figure(const Row &row, int column) const
{
    const EvaluationResult *own = mainResult(*row.run);
    switch (column) {
    case Images: return own ? QVariant(static_cast<qlonglong>(own->count)) : QVariant();
    case FloatTop1: return row.run->floatResult ? QVariant(row.run->floatResult->top1()) : QVariant();
    case Top1: return own ? QVariant(own->top1()) : QVariant();
    case Top5: return own ? QVariant(own->top5()) : QVariant();
    case ChangeFloat: return row.toFloat && row.toFloat->labelled > 0 ? QVariant(change(*row.toFloat)) : QVariant();
    case ChangeReference:
        return row.toReference && row.toReference->labelled > 0 ? QVariant(change(*row.toReference)) : QVariant();
    case Agreement:
        return row.toReference ? QVariant(100.0 * static_cast<double>(row.toReference->agree)
                                         / static_cast<double>(row.toReference->common))
                              : QVariant();
    case PValue: return row.toReference ? QVariant(row.toReference->mcnemarP) : QVariant();
    case ImagesPerSecond: // none where layers of the evaluation before were used again
        return own && own->imagesPerSecond > 0 ? QVariant(own->imagesPerSecond) : QVariant();
    default: return {};
    }
}

QString RunTableModel::display(const Row &row, int column) const
{
    const QLocale locale;
    switch (column) {
    case Run: {
        const QString id = QString::fromStdString(row.run->id);
        return row.run->id == m_baseline ? tr("%1 (baseline)").arg(id) : id;
    }
    case Recipe: return Texts::recipe(*row.run);
    case Plan: return row.plan.isEmpty() ? QStringLiteral("–") : row.plan;
    case Calibration: {
        const CalibrationRecord &calibration = row.run->calibration;
        const QString images = locale.toString(qulonglong{calibration.images.items.size()});
        return calibration.images.items.empty() ? QStringLiteral("–")
             : calibration.explicitList         ? tr("%1, listed", "calibration images").arg(images)
                                                : tr("%1, seed %2", "calibration images").arg(images).arg(calibration.seed);
    }
    case Status: {
        const EvaluationResult *own = mainResult(*row.run);
        if (!own)
            return row.run->complete ? tr("calibrated") : tr("partial, no accuracy");
        if (row.run->complete && own->complete && row.run->sequential.decision != Decision::None)
            return decisionName(row.run->sequential.decision);
        return row.run->complete && own->complete ? tr("complete") : tr("partial");
    }
    default: break;
    }
    const QVariant value = figure(row, column);
    if (!value.isValid())
        return QStringLiteral("–");
    const double number = value.toDouble();
    switch (column) {
    case Images: return locale.toString(value.toLongLong());
    case Top1: {
        const Interval interval = mainResult(*row.run)->top1Interval();
        return tr("%1 % [%2, %3]", "top-1 with 95 % interval")
            .arg(locale.toString(number, 'f', 2), locale.toString(interval.low, 'f', 1),
                 locale.toString(interval.high, 'f', 1));
    }
    case ChangeFloat:
    case ChangeReference: {
        const PairedComparison &paired = column == ChangeFloat ? *row.toFloat : *row.toReference;
        const Interval interval
            = pairedDifferenceInterval(paired.bothRight, paired.lost, paired.gained, paired.labelled);
        return tr("%1 [%2, %3]", "change in points with its 95 % interval")
            .arg(Texts::signedNumber(number, 2), Texts::signedNumber(interval.low, 1), Texts::signedNumber(interval.high, 1));
    }
    case PValue: return Texts::number(number, 2);
    case ImagesPerSecond: return locale.toString(number, 'f', 1);
    default: return Texts::percent(number);
    }
}

QString RunTableModel::decisionName(Decision decision)
{
    switch (decision) {
    case Decision::Better: return tr("decided: better");
    case Decision::Worse: return tr("decided: worse");
    case Decision::Equivalent: return tr("decided: equivalent");
    case Decision::Undecided: return tr("undecided");
    case Decision::None: break;
    }
    return {};
}

QString RunTableModel::decisionSentence(const SequentialRecord &record)
{
    const QLocale locale;
    return tr("Evaluation until decided, against %1: %2 of %3 images in random order, %4 became right and %5 became "
              "wrong. p = %6, difference of top-1 %7 to %8 points; both hold although the evaluation chose its end.")
        .arg(record.against == "float" ? tr("the float model") : QString::fromStdString(record.against),
             locale.toString(static_cast<qlonglong>(record.images)),
             locale.toString(static_cast<qlonglong>(record.available)),
             locale.toString(static_cast<qlonglong>(record.gained)),
             locale.toString(static_cast<qlonglong>(record.lost)), Texts::number(record.pValue(), 2),
             locale.toString(record.difference.low, 'f', 2), locale.toString(record.difference.high, 'f', 2));
}

QString RunTableModel::toolTip(const Row &row, int column) const
{
    const auto flips = [](const PairedComparison &paired) {
        return tr("Of %1 common images %2 became right and %3 became wrong; exact McNemar test p = %4.")
            .arg(paired.common)
            .arg(paired.gained)
            .arg(paired.lost)
            .arg(Texts::number(paired.mcnemarP, 2));
    };
    switch (column) {
    case Plan: return row.plan.isEmpty() ? tr("No change against the recipe") : row.plan;
    case ChangeFloat:
        if (row.toFloat && row.run->sequential.decision != Decision::None)
            return decisionSentence(row.run->sequential);
        return row.toFloat ? flips(*row.toFloat) : tr("This run has no float evaluation beside a quantized one.");
    case ChangeReference:
    case Agreement:
    case PValue:
        if (row.toReference && row.choseItsEnd)
            return flips(*row.toReference) + QLatin1Char(' ')
                + tr("One of the two evaluations chose its own end, which this p-value does not allow for.");
        if (row.run->id == m_baseline)
            return tr("This is the baseline that the other runs are compared with.");
        if (row.toReference)
            return flips(*row.toReference);
        return m_baseline.empty() ? tr("There is no row above on the same images.")
                                  : tr("The baseline was not evaluated on the same images; Changes compares those in common.");
    case Status: {
        const EvaluationResult *own = mainResult(*row.run);
        if (!own)
            return {};
        QStringList lines;
        if (!own->complete)
            lines << tr("Cancelled: the figures are those of the first images only (%1).").arg(own->count);
        if (const int64_t broken = own->withoutPrediction(); broken > 0)
            lines << tr("%1 images count as wrong because their logits are not finite: the quantized arithmetic broke down "
                        "on them.").arg(broken);
        if (const std::vector<std::string> scores = scoresWithoutSteps(*row.run); !scores.empty())
            lines << tr("The integer softmax has no steps at the scale of %1 score taps (%2 first): give the scores more "
                        "bits, or the softmax another quantizer.")
                         .arg(scores.size())
                         .arg(QString::fromStdString(scores.front()));
        if (row.run->sequential.decision != Decision::None)
            lines << decisionSentence(row.run->sequential);
        if (!own->failures.empty())
            lines << tr("Images that could not be used and do not count: %1.").arg(own->failures.size());
        for (size_t i = 0; i < std::min(own->failures.size(), kListedFailures); ++i)
            lines << QString::fromStdString(own->failures[i].reason);
        return lines.join(QLatin1Char('\n'));
    }
    default: return display(row, column);
    }
}

QVariant RunTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[static_cast<size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return display(row, index.column());
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole: return toolTip(row, index.column());
    case Qt::TextAlignmentRole:
        return index.column() >= Images && index.column() < Status ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                                                   : QVariant();
    case Qt::FontRole: {
        QFont font;
        font.setBold(row.run->id == m_baseline);
        return row.run->id == m_baseline ? QVariant(font) : QVariant();
    }
    case SortRole: {
        if (index.column() == Run)
            return index.row();
        if (index.column() == Calibration)
            return static_cast<qulonglong>(row.run->calibration.images.items.size());
        const QVariant value = figure(row, index.column());
        return index.column() >= Images && index.column() < Status ? value
                                                                   : QVariant(display(row, index.column()));
    }
    case FilterRole: {
        QStringList words;
        for (const int column : {Run, Recipe, Plan, Calibration, Status})
            words << display(row, column);
        return words.join(QLatin1Char(' '));
    }
    default: return {};
    }
}

QVariant RunTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool tip = role == Qt::ToolTipRole;
    const bool pinned = !m_baseline.empty();
    switch (section) {
    case Run: return tr("Run");
    case Recipe: return tip ? tr("Recipe and bits of weights/activations/attention") : tr("Recipe, W/A/Attn");
    case Plan: return tip ? tr("What the precision plan changes against the recipe") : tr("Plan");
    case Calibration: return tip ? tr("Calibration images, and the seed that drew them") : tr("Calibration");
    case Images: return tip ? tr("Images that count") : tr("Images");
    case FloatTop1: return tip ? tr("Top-1 accuracy of the float model on the same images") : tr("Float top-1");
    case Top1: return tip ? tr("Top-1 accuracy with its Wilson 95 % interval") : tr("Top-1 [95 %]");
    case Top5: return tr("Top-5");
    case ChangeFloat:
        return tip ? tr("Change of top-1 against float on the same images, percentage points, with its 95 % interval for "
                        "paired data")
                   : tr("Δ float [pp]");
    case ChangeReference:
        if (pinned)
            return tip ? tr("Change of top-1 against the baseline on the same images, percentage points, with its "
                            "95 % interval for paired data")
                       : tr("Δ baseline [pp]");
        return tip ? tr("Change of top-1 against the row above on the same images, percentage points, with its 95 % "
                        "interval for paired data")
                   : tr("Δ above [pp]");
    case Agreement:
        return !tip ? tr("Agreement")
            : pinned ? tr("Images given the same class as by the baseline")
                     : tr("Images given the same class as in the row above");
    case PValue:
        return !tip ? tr("p")
            : pinned ? tr("Exact McNemar test against the baseline: how likely a change this large is by chance")
                     : tr("Exact McNemar test against the row above: how likely a change this large is by chance");
    case ImagesPerSecond: return tip ? tr("Images per second, decoding included") : tr("Images/s");
    case Status: return tr("Status");
    default: return {};
    }
}

} // namespace quantoscope
