// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/get_model_dialog.h"

#include "views/models/filter_proxy.h"
#include "views/models/item_roles.h"
#include "views/models/texts.h"

#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QStandardItemModel>
#include <QTableView>
#include <QUrl>
#include <QVBoxLayout>

namespace quantoscope {

namespace {

enum Column { Title, Name, Top1, Here, Licence, Source, ColumnCount };

constexpr int kProgressSteps = 1000;
constexpr int kColumnGap = 12; // px

QString sizeOf(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

QLabel *wrappedLabel(const char *name)
{
    auto *label = new QLabel;
    label->setObjectName(QLatin1String(name));
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

QPushButton *plainButton(const QString &text, const char *name)
{
    auto *button = new QPushButton(text);
    button->setObjectName(QLatin1String(name));
    button->setAutoDefault(false); // Enter in the filter must not start anything
    return button;
}

} // namespace

GetModelDialog::GetModelDialog(std::vector<ModelOffer> offers, QWidget *parent)
    : QDialog(parent), m_offers(std::move(offers))
{
    setObjectName(QStringLiteral("getModelDialog"));
    setWindowTitle(tr("Get a model"));
    m_filter = new QLineEdit;
    m_filter->setObjectName(QStringLiteral("offerFilter"));
    m_filter->setAccessibleName(tr("Filter models"));
    m_filter->setPlaceholderText(tr("Filter: deit, swin base, 384…"));
    m_filter->setClearButtonEnabled(true);
    createTable();
    m_details = wrappedLabel("offerDetails");
    m_details->setAccessibleName(tr("About the chosen model"));
    m_progress = new QProgressBar;
    m_progress->setObjectName(QStringLiteral("downloadProgress"));
    m_progress->setAccessibleName(tr("Progress of the download"));
    m_progress->setRange(0, kProgressSteps);
    m_status = wrappedLabel("downloadStatus");
    m_error = wrappedLabel("downloadError");
    QFont bold = m_error->font();
    bold.setBold(true);
    m_error->setFont(bold); // not a colour: it must be read in light and dark themes
    m_error->hide();

    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_filter);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_details);
    layout->addWidget(createForm());
    layout->addWidget(m_progress);
    layout->addWidget(m_status);
    layout->addWidget(m_error);
    layout->addWidget(createButtons());

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_proxy->setFilterText(text);
        if (!m_table->currentIndex().isValid() && m_proxy->rowCount() > 0)
            m_table->selectRow(0);
        updateDetails();
    });
    connect(m_folder, &QLineEdit::textChanged, this, &GetModelDialog::refreshCopies);
    connect(m_mirror, &QLineEdit::textChanged, this, &GetModelDialog::updateButtons);
    connect(&m_download, &ModelDownload::progressed, this, &GetModelDialog::showProgress);
    connect(&m_download, &ModelDownload::retrying, this, &GetModelDialog::showRetry);
    connect(&m_download, &ModelDownload::finished, this, &GetModelDialog::showFinished);
    connect(&m_download, &ModelDownload::failed, this, &GetModelDialog::showFailed);
    fillTable();
    resize(980, 620);
    m_filter->setFocus();
}

GetModelDialog::~GetModelDialog()
{
    m_download.disconnect(this);
}

void GetModelDialog::createTable()
{
    m_model = new QStandardItemModel(0, ColumnCount, this);
    m_model->setHorizontalHeaderLabels(
        {tr("Model"), tr("Name"), tr("Top-1"), tr("Here"), tr("Licence"), tr("Source")});
    m_proxy = new FilterProxy(this);
    m_proxy->setSourceModel(m_model);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("offerTable"));
    m_table->setAccessibleName(tr("Published models"));
    m_table->setModel(m_proxy);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setAlternatingRowColors(true);
    m_table->setTabKeyNavigation(false);
    m_table->setShowGrid(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(QFontMetrics(font()).height() + 8);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    connect(m_table, &QTableView::activated, this, &GetModelDialog::startOrOpen);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &GetModelDialog::updateDetails);
}

QWidget *GetModelDialog::createForm()
{
    const QSettings settings;
    m_folder = new QLineEdit(
        settings.value(QStringLiteral("getModel/folder"), QDir::toNativeSeparators(defaultModelFolder()))
            .toString());
    m_folder->setObjectName(QStringLiteral("targetFolder"));
    m_browse = plainButton(tr("&Browse…"), "browseFolder");
    m_browse->setAccessibleName(tr("Choose the folder"));
    connect(m_browse, &QPushButton::clicked, this, &GetModelDialog::chooseFolder);
    m_mirror = new QLineEdit(settings.value(QStringLiteral("getModel/mirror")).toString());
    m_mirror->setObjectName(QStringLiteral("mirror"));
    m_mirror->setPlaceholderText(tr("Optional: https address of a folder that holds the files"));
    m_mirror->setClearButtonEnabled(true);
    auto *folderRow = new QHBoxLayout;
    folderRow->addWidget(m_folder, 1);
    folderRow->addWidget(m_browse);
    auto *widget = new QWidget;
    auto *form = new QFormLayout(widget);
    form->setContentsMargins(0, 0, 0, 0);
    form->addRow(tr("&Folder"), folderRow);
    static_cast<QLabel *>(form->labelForField(folderRow))->setBuddy(m_folder);
    form->addRow(tr("&Mirror"), m_mirror);
    return widget;
}

QWidget *GetModelDialog::createButtons()
{
    m_start = plainButton(tr("&Download"), "startDownload");
    m_cancel = plainButton(tr("&Cancel"), "cancelDownload");
    m_open = plainButton(tr("&Open"), "openDownloaded");
    m_close = plainButton(tr("C&lose"), "closeDialog");
    connect(m_start, &QPushButton::clicked, this, &GetModelDialog::start);
    connect(m_cancel, &QPushButton::clicked, &m_download, &ModelDownload::cancel);
    connect(m_open, &QPushButton::clicked, this, &GetModelDialog::open);
    connect(m_close, &QPushButton::clicked, this, &GetModelDialog::reject);
    auto *widget = new QWidget;
    auto *layout = new QHBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addStretch();
    for (QPushButton *button : {m_start, m_cancel, m_open, m_close})
        layout->addWidget(button);
    return widget;
}

void GetModelDialog::fillTable()
{
    for (const ModelOffer &offer : m_offers) {
        const QString title = QString::fromStdString(offer.title);
        const QString name = QString::fromStdString(offer.name);
        const QUrl url(QString::fromStdString(offer.source.url));
        QList<QStandardItem *> row;
        row << new QStandardItem(title) << new QStandardItem(name)
            << new QStandardItem(offer.publishedTop1 > 0 ? Texts::percent(offer.publishedTop1) : QString())
            << new QStandardItem << new QStandardItem(QString::fromStdString(offer.source.licence))
            << new QStandardItem(url.isEmpty() ? tr("no direct address") : url.host());
        row[Title]->setData(title + QLatin1Char(' ') + name, FilterRole);
        row[Top1]->setToolTip(QString::fromStdString(offer.publishedIn));
        row[Source]->setToolTip(url.toString());
        m_model->appendRow(row);
    }
    refreshCopies();
    m_table->resizeColumnsToContents();
    for (int column = 0; column < Source; ++column)
        m_table->setColumnWidth(column, m_table->columnWidth(column) + kColumnGap);
    const int spare = QFontMetrics(font()).horizontalAdvance(sizeOf(888'800'000) + QStringLiteral("  MM"));
    m_table->setColumnWidth(Here, std::max(m_table->columnWidth(Here), spare));
    if (m_proxy->rowCount() > 0)
        m_table->selectRow(0);
}

const ModelOffer *GetModelDialog::current() const
{
    const QModelIndex index = m_proxy->mapToSource(m_table->currentIndex());
    return index.isValid() ? &m_offers[static_cast<size_t>(index.row())] : nullptr;
}

QString GetModelDialog::folder() const
{
    return QDir::fromNativeSeparators(m_folder->text().trimmed());
}

void GetModelDialog::refreshCopies()
{
    m_copies.clear();
    for (size_t i = 0; i < m_offers.size(); ++i) {
        m_copies.push_back(folder().isEmpty() ? LocalCopy() : localCopy(m_offers[i].source, folder()));
        const LocalCopy &copy = m_copies.back();
        m_model->item(static_cast<int>(i), Here)
            ->setText(copy.complete    ? sizeOf(copy.bytes)
                      : copy.bytes > 0 ? tr("part, %1").arg(sizeOf(copy.bytes))
                                       : QString());
    }
    updateDetails();
}

void GetModelDialog::updateDetails()
{
    QStringList lines;
    if (const ModelOffer *offer = current()) {
        const QString url = QString::fromStdString(offer->source.url);
        lines << (url.isEmpty() ? tr("There is no direct public address.") : url);
        if (!offer->note.empty())
            lines << QString::fromStdString(offer->note);
        const size_t digits = offer->source.sha256.size();
        const QString digest = digits == 0 ? tr("No SHA-256 is published; the computed one is shown.")
                             : digits < 64 ? tr("The published beginning of the SHA-256 is checked.")
                                           : tr("The published SHA-256 is checked.");
        lines << (offer->publishedIn.empty()
                      ? digest
                      : tr("Accuracy from: %1.").arg(QString::fromStdString(offer->publishedIn)) + QLatin1Char(' ')
                            + digest);
    } else {
        lines << tr("No model has these words in its name.");
    }
    m_details->setText(lines.join(QLatin1Char('\n')));
    updateButtons();
}

QString GetModelDialog::whyNot() const
{
    const ModelOffer *offer = current();
    if (!offer)
        return tr("Choose a model in the table first.");
    if (m_copies[static_cast<size_t>(offer - m_offers.data())].complete)
        return tr("The file is there already.");
    if (folder().isEmpty())
        return tr("Name the folder to save the file in.");
    if (offer->source.url.empty() && m_mirror->text().trimmed().isEmpty())
        return tr("There is no public address of this file: name a mirror, or get it with a browser.");
    return {};
}

void GetModelDialog::updateButtons()
{
    const bool running = m_download.isRunning();
    const ModelOffer *offer = current();
    const LocalCopy copy = offer ? m_copies[static_cast<size_t>(offer - m_offers.data())] : LocalCopy();
    const QString reason = running ? tr("A download is in progress.") : whyNot();
    m_start->setText(!copy.complete && copy.bytes > 0 ? tr("Con&tinue download") : tr("&Download"));
    m_start->setEnabled(reason.isEmpty());
    m_start->setToolTip(reason);
    m_cancel->setEnabled(running);
    m_cancel->setToolTip(running ? tr("What was received is kept and continued later.")
                                 : tr("Nothing is running."));
    m_open->setEnabled(!running && copy.complete);
    m_open->setToolTip(copy.complete ? QDir::toNativeSeparators(copy.path) : tr("The file is not there yet."));
    for (QWidget *input : std::initializer_list<QWidget *>{m_filter, m_table, m_folder, m_browse, m_mirror})
        input->setEnabled(!running);
}

void GetModelDialog::startOrOpen()
{
    if (m_start->isEnabled())
        start();
    else if (m_open->isEnabled())
        open();
}

void GetModelDialog::start()
{
    const ModelOffer *offer = current();
    if (!offer || m_download.isRunning())
        return;
    QSettings settings;
    settings.setValue(QStringLiteral("getModel/folder"), m_folder->text().trimmed());
    settings.setValue(QStringLiteral("getModel/mirror"), m_mirror->text().trimmed());
    m_error->hide();
    m_status->setText(tr("Connecting…"));
    m_progress->setValue(0);
    m_download.start({*offer, folder(), m_mirror->text().trimmed()}, m_settings);
    updateButtons();
    m_cancel->setFocus();
}

void GetModelDialog::open()
{
    const ModelOffer *offer = current();
    if (!offer)
        return;
    Q_EMIT openRequested(m_copies[static_cast<size_t>(offer - m_offers.data())].path,
                         QString::fromStdString(offer->name));
    accept();
}

void GetModelDialog::chooseFolder()
{
    const QString chosen = QFileDialog::getExistingDirectory(this, tr("Folder to save models in"), folder());
    if (!chosen.isEmpty())
        m_folder->setText(QDir::toNativeSeparators(chosen));
}

void GetModelDialog::showProgress(const DownloadProgress &progress)
{
    if (progress.phase == DownloadPhase::Waiting)
        return; // the reason for waiting is more important
    QString text = progress.phase == DownloadPhase::Connecting ? tr("Connecting…")
                 : progress.phase == DownloadPhase::Verifying  ? tr("Verifying…")
                                                               : QString();
    if (progress.phase == DownloadPhase::Receiving) {
        text = progress.total >= 0 ? tr("%1 of %2").arg(sizeOf(progress.done), sizeOf(progress.total))
                                   : sizeOf(progress.done);
        if (progress.bytesPerSecond > 0)
            text += tr(" · %1 per second").arg(sizeOf(static_cast<qint64>(progress.bytesPerSecond)));
        if (const double left = progress.secondsLeft(); left >= 0)
            text += tr(" · %1 left").arg(Texts::duration(left));
    }
    m_status->setText(text);
    m_progress->setRange(0, progress.total >= 0 ? kProgressSteps : 0); // 0: it moves, but tells no share
    if (progress.total > 0)
        m_progress->setValue(static_cast<int>(progress.done * kProgressSteps / progress.total));
}

void GetModelDialog::showRetry(const Error &why, double seconds)
{
    m_status->setText(
        tr("Trying again in %1: %2").arg(Texts::duration(seconds), QString::fromStdString(why.what)));
}

void GetModelDialog::showFinished(const DownloadedModel &model)
{
    m_progress->setRange(0, kProgressSteps);
    m_progress->setValue(kProgressSteps);
    const QString path = QDir::toNativeSeparators(model.path);
    const QString digest = QString::fromStdString(model.sha256);
    switch (model.check) {
    case DigestCheck::Whole:
    case DigestCheck::Beginning: m_status->setText(tr("%1: the SHA-256 is as published.").arg(path)); break;
    case DigestCheck::NonePublished:
        m_status->setText(tr("%1: no SHA-256 is published; this file's is %2.").arg(path, digest));
        break;
    }
    refreshCopies();
    m_open->setFocus();
}

void GetModelDialog::showFailed(const Error &error)
{
    m_progress->setRange(0, kProgressSteps);
    m_status->clear();
    if (error.code == ErrorCode::Cancelled)
        m_status->setText(tr("Stopped; what was received is kept and continued later."));
    else
        m_error->setText(tr("The file was not saved.") + QLatin1Char('\n') + Texts::errorDetail(error));
    m_error->setVisible(error.code != ErrorCode::Cancelled);
    refreshCopies();
    (m_start->isEnabled() ? m_start : m_close)->setFocus();
}

void GetModelDialog::reject()
{
    if (m_download.isRunning())
        m_download.cancel();
    else
        QDialog::reject();
}

} // namespace quantoscope
