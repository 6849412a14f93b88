// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/flips_panel.h"

#include "core/jobs/thumbnail_loader.h"
#include "views/models/flips_model.h"
#include "views/models/texts.h"
#include "views/widgets/table_text.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedLayout>
#include <QTableView>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

namespace quantoscope {

namespace {

constexpr int kPictureSide = 160;
constexpr int kPicturesKept = 300; ///< some 23 MB
constexpr int kSettle = 40;        ///< ms; a flick over the list decodes nothing on its way
constexpr int kAnyKind = -1;
constexpr int kNameCharacters = 22; ///< so that before and after stand side by side

QString escapedClass(const RunRecord &run, int index)
{
    return Texts::className(run, index).toHtmlEscaped();
}

} // namespace

FlipsPanel::FlipsPanel(ThumbnailLoader *thumbnails, QWidget *parent)
    : QWidget(parent),
      m_thumbnails(thumbnails ? thumbnails : new ThumbnailLoader(kPictureSide, kPicturesKept, this)),
      m_model(new FlipsModel(*m_thumbnails, this)),
      m_proxy(new FlipsProxy(this)),
      m_finder(new ChangeFinder(this)),
      m_settle(new QTimer(this))
{
    m_proxy->setSourceModel(m_model);
    m_proxy->setSortCaseSensitivity(Qt::CaseInsensitive);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("flipsTable"));
    m_table->setAccessibleName(tr("Images whose prediction changed"));
    m_table->setModel(m_proxy);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setAlternatingRowColors(true);
    m_table->setIconSize(QSize(FlipsModel::kSide, FlipsModel::kSide));
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(FlipsModel::MarginChange, Qt::DescendingOrder);
    m_table->setTabKeyNavigation(false);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(FlipsModel::kSide + 6);
    m_table->horizontalHeader()->setHighlightSections(false);
    const int width = QFontMetrics(font()).averageCharWidth();
    const int characters[] = {20, 17, 22, 22, 12, 8};
    for (int column = 0; column < FlipsModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, characters[column] * width + 14);

    m_empty = new QLabel;
    m_empty->setObjectName(QStringLiteral("flipsEmpty"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(4, 2, 4, 2);
    column->setSpacing(3);
    column->addWidget(makeBar());
    auto *splitter = new QSplitter;
    splitter->addWidget(m_table);
    splitter->addWidget(makeDetails());
    splitter->setStretchFactor(0, 8);
    splitter->setStretchFactor(1, 5);
    splitter->setSizes({800, 500});
    splitter->setChildrenCollapsible(false);
    column->addWidget(splitter, 1);
    m_stack = new QStackedLayout(this);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);

    m_settle->setSingleShot(true);
    m_settle->setInterval(kSettle);
    connect(m_settle, &QTimer::timeout, this, &FlipsPanel::wantVisible);
    const auto settle = [this] { m_settle->start(); };
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, settle);
    connect(m_table->verticalScrollBar(), &QScrollBar::rangeChanged, this, settle); // another height or number of rows
    connect(m_proxy, &QAbstractItemModel::layoutChanged, this, settle);
    connect(m_proxy, &QAbstractItemModel::modelReset, this, settle);
    connect(m_proxy, &QAbstractItemModel::rowsInserted, this, settle);
    connect(m_proxy, &QAbstractItemModel::rowsRemoved, this, settle);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        showDetails();
        m_settle->start();
    });
    connect(m_thumbnails, &ThumbnailLoader::ready, this, [this](const QString &path) {
        if (path == m_model->pathAt(currentRow()))
            showDetails();
    });
    connect(m_table, &QAbstractItemView::activated, this, [this](const QModelIndex &index) {
        Q_EMIT imageActivated(m_model->pathAt(m_proxy->mapToSource(index).row()));
    });
    connect(m_finder, &ChangeFinder::found, this, [this](const RunChangesPtr &changes) { setChanges(changes, {}); });
    connect(m_finder, &ChangeFinder::failed, this,
            [this](const Error &error) { setChanges(nullptr, QString::fromStdString(error.message())); });
    setRuns(nullptr, nullptr);
}

FlipsPanel::~FlipsPanel() = default;

QWidget *FlipsPanel::makeBar()
{
    auto *bar = new QWidget;
    m_summary = new QLabel;
    m_summary->setObjectName(QStringLiteral("flipsSummary"));
    m_summary->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_counts = new QLabel;
    m_counts->setObjectName(QStringLiteral("flipsCount"));
    m_rank = new QComboBox;
    m_rank->setObjectName(QStringLiteral("flipsRank"));
    m_rank->setAccessibleName(tr("What counts as right"));
    m_rank->setToolTip(tr("Right: the class is the best one, or among the best five"));
    m_rank->addItem(tr("Top-1"), static_cast<int>(FlipRank::Top1));
    m_rank->addItem(tr("Top-5"), static_cast<int>(FlipRank::Top5));
    connect(m_rank, &QComboBox::currentIndexChanged, this, &FlipsPanel::ask);
    m_kind = new QComboBox;
    m_kind->setObjectName(QStringLiteral("flipsKind"));
    m_kind->setAccessibleName(tr("Kind of change"));
    m_kind->addItem(tr("All changes"), kAnyKind);
    for (const FlipKind kind : {FlipKind::Lost, FlipKind::Gained, FlipKind::StillWrong, FlipKind::Unlabelled})
        m_kind->addItem(FlipsModel::kindText(kind), static_cast<int>(kind));
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        const int kind = m_kind->currentData().toInt();
        m_proxy->setKind(kind == kAnyKind ? std::nullopt : std::optional(static_cast<FlipKind>(kind)));
        updateShown();
    });
    m_filter = new QLineEdit;
    m_filter->setObjectName(QStringLiteral("flipsFilter"));
    m_filter->setAccessibleName(tr("Filter images by class or file"));
    m_filter->setPlaceholderText(tr("Class or file"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(180);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_proxy->setFilterText(text);
        updateShown();
    });
    m_classes = new QToolButton;
    m_classes->setObjectName(QStringLiteral("flipsClasses"));
    m_classes->setToolTip(tr("Show the images of all classes again"));
    m_classes->setAccessibleName(m_classes->toolTip());
    connect(m_classes, &QToolButton::clicked, this, [this] {
        setClasses(ChangeRows::Before, {}, {});
        Q_EMIT classesCleared();
    });
    m_classes->hide();
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_summary, 1);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_counts, m_classes, m_rank, m_kind, m_filter})
        layout->addWidget(widget);
    return bar;
}

QWidget *FlipsPanel::makeDetails()
{
    m_picture = new QLabel;
    m_picture->setObjectName(QStringLiteral("flipPicture"));
    m_picture->setAccessibleName(tr("Selected image"));
    m_picture->setAlignment(Qt::AlignTop | Qt::AlignHCenter);
    m_picture->setFixedWidth(kPictureSide + 8);
    m_picture->setContentsMargins(4, 4, 4, 4);
    m_details = new QLabel;
    m_details->setObjectName(QStringLiteral("flipDetails"));
    m_details->setAccessibleName(tr("Best classes before and after"));
    m_details->setTextFormat(Qt::RichText);
    m_details->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_details->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_details->setContentsMargins(4, 4, 4, 4);
    auto *both = new QWidget;
    auto *layout = new QHBoxLayout(both);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_picture);
    layout->addWidget(m_details, 1);
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(both);
    return scroll;
}

void FlipsPanel::setRuns(const RunRecordPtr &baseline, const RunRecordPtr &shown)
{
    m_baseline = baseline;
    m_shown = shown;
    ask();
}

void FlipsPanel::ask()
{
    ChangeQuestion question;
    question.rank = static_cast<FlipRank>(m_rank->currentData().toInt());
    const bool against = m_baseline && m_shown && m_baseline->id != m_shown->id;
    if (against) {
        question.first = m_baseline;
        question.second = m_shown;
    } else {
        question.first = question.second = m_shown;
        question.firstSide = RunSide::Float;
        question.secondSide = RunSide::Quantized;
    }
    if (m_shown && resultOf(*question.first, question.firstSide) && resultOf(*question.second, question.secondSide)) {
        if (m_asked == question)
            return;
        m_asked = question;
        m_finder->find(question);
        return;
    }
    m_asked.reset();
    m_finder->forget();
    setChanges(nullptr, against ? tr("Baseline or shown run was not evaluated: choose another run in the table of evaluations.")
                          : tr("Evaluate a run with “Evaluate in float”, or pin another run as baseline (context menu of the "
                               "table of evaluations), to see the images whose prediction changed."));
}

void FlipsPanel::setChanges(const RunChangesPtr &changes, const QString &emptyText)
{
    const RunChangesPtr before = m_model->changes();
    if (!changes && !before && m_empty->text() == emptyText)
        return;
    m_model->setChanges(changes);
    m_empty->setText(emptyText);
    m_stack->setCurrentIndex(changes ? 1 : 0);
    m_summary->setText(changes ? summary() : QString());
    m_summary->setToolTip(m_summary->text());
    setClasses(ChangeRows::Before, {}, {});
    if (m_proxy->rowCount() > 0)
        m_table->selectRow(0);
    showDetails();
    if (changes || before)
        Q_EMIT changesChanged(changes);
}

QString FlipsPanel::summary() const
{
    const RunChanges &changes = *m_model->changes();
    const ChangeQuestion &question = changes.question;
    const auto name = [](const RunRecordPtr &run, RunSide side) {
        const QString id = QString::fromStdString(run->id);
        return side == RunSide::Float ? tr("%1 float").arg(id) : side == RunSide::Quantized ? tr("%1 quantized").arg(id) : id;
    };
    QString text = tr("%1 → %2").arg(name(question.first, question.firstSide), name(question.second, question.secondSide));
    const bool top1 = changes.flips.rank == FlipRank::Top1;
    const PairedComparison &paired = changes.comparison.paired;
    if (paired.labelled > 0) {
        const Interval &interval = top1 ? changes.comparison.top1Difference : changes.comparison.top5Difference;
        const double difference = top1 ? changes.comparison.top1Second() - changes.comparison.top1First()
                                       : changes.comparison.top5Second() - changes.comparison.top5First();
        text += tr(": %1 points [%2, %3]", "difference of accuracy with its 95 % interval")
                    .arg(Texts::signedNumber(difference, 2), Texts::signedNumber(interval.low, 1),
                         Texts::signedNumber(interval.high, 1));
        if (top1)
            text += tr(", McNemar p = %1").arg(Texts::number(paired.mcnemarP, 2));
    }
    const auto count = [&](FlipKind kind) { return QLocale().toString(static_cast<qlonglong>(changes.flips.count(kind))); };
    text += tr(" · of %1 images %2 lost, %3 gained, %4 wrong in another way")
                .arg(QLocale().toString(static_cast<qlonglong>(changes.flips.common)), count(FlipKind::Lost),
                     count(FlipKind::Gained), count(FlipKind::StillWrong));
    if (changes.flips.count(FlipKind::Unlabelled) > 0)
        text += tr(", %1 of unknown class changed").arg(count(FlipKind::Unlabelled));
    return text;
}

void FlipsPanel::setClasses(ChangeRows rows, const std::vector<int> &from, const std::vector<int> &to)
{
    m_proxy->setClasses(rows, from, to);
    const bool filtered = m_model->changes() && (!from.empty() || !to.empty());
    m_classes->setVisible(filtered);
    if (filtered) {
        const auto name = [&](const RunRecordPtr &run, const std::vector<int> &classes) {
            return classes.size() == 1 ? Texts::className(*run, classes.front()) : tr("%1 classes").arg(classes.size());
        };
        const ChangeQuestion &question = m_model->changes()->question;
        m_classes->setText(tr("%1 → %2").arg(name(question.first, from), name(question.second, to)) + QStringLiteral("  ✕"));
    }
    updateShown();
}

void FlipsPanel::updateShown()
{
    const int all = m_model->rowCount();
    const int shown = m_proxy->rowCount();
    m_counts->setText(shown == all ? QString() : tr("%1 of %2 shown").arg(shown).arg(all));
    m_settle->start();
}

void FlipsPanel::wantVisible()
{
    QStringList paths;
    if (const int row = currentRow(); row >= 0)
        paths << m_model->pathAt(row);
    const int last = m_proxy->rowCount() - 1;
    if (last >= 0 && m_table->isVisible()) {
        const int top = std::max(0, m_table->rowAt(0));
        const int bottom = m_table->rowAt(m_table->viewport()->height() - 1);
        for (int row = top; row <= (bottom < 0 ? last : bottom); ++row)
            paths << m_model->pathAt(m_proxy->mapToSource(m_proxy->index(row, 0)).row());
    }
    m_thumbnails->want(paths);
}

int FlipsPanel::currentRow() const
{
    const QModelIndex current = m_table->selectionModel()->currentIndex();
    return current.isValid() ? m_proxy->mapToSource(current).row() : -1;
}

QString FlipsPanel::selectedImage() const
{
    return m_model->pathAt(currentRow());
}

const RunChangesPtr &FlipsPanel::changes() const
{
    return m_model->changes();
}

void FlipsPanel::showDetails()
{
    const int row = currentRow();
    const Flip *flip = m_model->flipAt(row);
    if (!flip) {
        m_picture->clear();
        m_details->clear();
        return;
    }
    const QString path = m_model->pathAt(row);
    const ThumbnailPtr thumbnail = m_thumbnails->find(path);
    const QImage image = FlipsModel::imageOf(thumbnail);
    m_picture->setPixmap(image.isNull() ? FlipsModel::placeholder(kPictureSide, thumbnail != nullptr)
                                        : QPixmap::fromImage(image));
    m_picture->setToolTip(m_model->index(row, FlipsModel::Image).data(Qt::ToolTipRole).toString());

    const ChangeQuestion &question = m_model->changes()->question;
    const auto probability = [](double value) {
        return std::isfinite(value) ? Texts::percent(100 * value, 1).toHtmlEscaped() : QString();
    };
    QString text = QStringLiteral("<p style='margin:0 0 4px 0'><b>%1</b> · %2</p><table cellspacing='0' cellpadding='2'>"
                                  "<tr><th align='left' colspan='2'>%3</th><th align='left' colspan='2'>%4</th></tr>")
                       .arg(escapedClass(*question.second, flip->label), FlipsModel::kindText(flip->kind).toHtmlEscaped(),
                            tr("Before").toHtmlEscaped(), tr("After").toHtmlEscaped());
    const QFontMetrics metrics(m_details->font());
    const int widest = kNameCharacters * metrics.averageCharWidth();
    const auto cell = [&](const RunRecord &run, int index, double value) {
        const QString name = metrics.elidedText(Texts::className(run, index), Qt::ElideRight, widest).toHtmlEscaped();
        // The true class is bold and ticked, so that it is found without colours.
        return QStringLiteral("<td align='right'>%1</td><td style='padding-right:14px'>%2</td>")
            .arg(probability(value), index >= 0 && index == flip->label ? QStringLiteral("<b>✓ %1</b>").arg(name) : name);
    };
    for (size_t rank = 0; rank < flip->before.size(); ++rank) {
        if (flip->before[rank] < 0 && flip->after[rank] < 0)
            continue; // a model of fewer classes
        text += QStringLiteral("<tr>") + cell(*question.first, flip->before[rank], flip->confidenceBefore[rank])
              + cell(*question.second, flip->after[rank], flip->confidenceAfter[rank]) + QStringLiteral("</tr>");
    }
    m_details->setText(text + QStringLiteral("</table>"));
}

void FlipsPanel::copySelection() const
{
    copyRowsAsText(*m_table);
}

} // namespace quantoscope
