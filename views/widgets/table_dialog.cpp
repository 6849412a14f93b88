// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/table_dialog.h"

#include "views/models/texts.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>
#include <QStandardPaths>
#include <QToolButton>

namespace quantoscope {

namespace {

constexpr int kVisibleSuites = 6;

} // namespace

TableDialog::TableDialog(const RunRequest &basis, const QString &weightsFolder, QWidget *parent)
    : CostDialog(parent), m_basis(basis)
{
    setObjectName(QStringLiteral("tableDialog"));
    setWindowTitle(tr("Result table"));
    setMinimumWidth(520);
    m_suites = new QListWidget;
    m_suites->setObjectName(QStringLiteral("tableSuites"));
    m_suites->setAccessibleName(tr("Tables of papers"));
    for (const SuiteTitle &suite : Workbench::knownSuites())
        addSuite(suite.name, QStringLiteral("%1 – %2").arg(suite.name, suite.title), suite.source, m_suites->count() == 0);
    m_suites->setCurrentRow(0);
    m_suites->setMaximumHeight(kVisibleSuites * (fontMetrics().height() + 6));
    auto *suitesLabel = new QLabel(tr("&Tables"));
    suitesLabel->setBuddy(m_suites);
    QFormLayout *const form = this->form();
    form->addRow(suitesLabel, m_suites);
    auto *own = new QPushButton(tr("&Add a file…"));
    own->setObjectName(QStringLiteral("tableAddSuite"));
    own->setToolTip(tr("A table of your own: a suite as JSON"));
    own->setAutoDefault(false);
    connect(own, &QPushButton::clicked, this, [this] {
        if (const QString path = QFileDialog::getOpenFileName(this, tr("Suite"), QString(), tr("Suites (*.json)")); !path.isEmpty())
            addSuiteFile(path);
    });
    form->addRow(QString(), own);
    const auto row = [&](const QString &label, QWidget *field, QWidget *buddy) {
        auto *text = new QLabel(label);
        text->setBuddy(buddy);
        form->addRow(text, field);
    };
    QWidget *weights = folderField(m_weights, "tableWeights", weightsFolder, tr("Folder of the checkpoints"));
    row(tr("&Checkpoints"), weights, m_weights);
    QWidget *images = folderField(m_images, "tableImages", QString::fromStdString(basis.data.folder), tr("Folder of the images"));
    row(tr("&Images"), images, m_images);
    m_limit = new QSpinBox;
    m_limit->setObjectName(QStringLiteral("tableLimit"));
    m_limit->setRange(0, 10'000'000);
    m_limit->setSpecialValueText(tr("all"));
    m_limit->setValue(static_cast<int>(std::min<int64_t>(basis.data.limit, 10'000'000)));
    row(tr("At &most"), m_limit, m_limit);
    const QString cells = QDir(QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation))
                              .filePath(QStringLiteral("quantoscope/cells"));
    QWidget *cellFolder = folderField(m_cells, "tableCells", cells, tr("Folder of the finished cells"));
    m_cells->setToolTip(tr("Every finished cell is a run file there; what is there already is not run again"));
    row(tr("&Finished cells"), cellFolder, m_cells);

    finish(tr("Run the table"), 4);
    connect(m_suites, &QListWidget::itemChanged, this, &TableDialog::changed);
    connect(m_limit, &QSpinBox::valueChanged, this, &TableDialog::changed);
    for (QLineEdit *field : {m_weights, m_images, m_cells})
        connect(field, &QLineEdit::textChanged, this, &TableDialog::changed);
    changed();
}

void TableDialog::addSuite(const QString &name, const QString &text, const QString &tip, bool chosen)
{
    auto *item = new QListWidgetItem(text, m_suites);
    item->setData(Qt::UserRole, name);
    item->setToolTip(tip);
    item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
    item->setCheckState(chosen ? Qt::Checked : Qt::Unchecked);
}

void TableDialog::addSuiteFile(const QString &path)
{
    addSuite(path, QFileInfo(path).fileName(), path, true);
    m_suites->scrollToBottom();
    changed();
}

QWidget *TableDialog::folderField(QLineEdit *&field, const char *name, const QString &text, const QString &accessibleName)
{
    auto *whole = new QWidget;
    field = new QLineEdit(text);
    field->setObjectName(QLatin1String(name));
    field->setAccessibleName(accessibleName);
    auto *choose = new QToolButton;
    choose->setText(QStringLiteral("…"));
    choose->setObjectName(QLatin1String(name) + QStringLiteral("Choose"));
    choose->setAccessibleName(tr("Choose: %1").arg(accessibleName));
    connect(choose, &QToolButton::clicked, this, [this, field, accessibleName] {
        if (const QString folder = QFileDialog::getExistingDirectory(this, accessibleName, field->text()); !folder.isEmpty())
            field->setText(folder);
    });
    auto *layout = new QHBoxLayout(whole);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(field, 1);
    layout->addWidget(choose);
    return whole;
}

TableRequest TableDialog::request() const
{
    TableRequest request;
    QStringList suites;
    for (int row = 0; row < m_suites->count(); ++row)
        if (m_suites->item(row)->checkState() == Qt::Checked)
            suites << m_suites->item(row)->data(Qt::UserRole).toString();
    request.suiteNames = suites.join(QLatin1Char(',')).toStdString();
    request.weightsFolder = m_weights->text().toStdString();
    request.cellFolder = m_cells->text().toStdString();
    request.model.device = m_basis.model.device;
    request.model.threads = m_basis.model.threads;
    request.model.activationMemory = m_basis.model.activationMemory;
    request.data = m_basis.data;
    request.data.folder = m_images->text().toStdString();
    request.data.limit = m_limit->value();
    request.data.preprocessing.reset(); // the suite's models have their own
    request.calibration.folder = m_basis.calibration.folder;
    request.calibration.list = m_basis.calibration.list;
    request.calibration.seed = m_basis.calibration.seed;
    request.batch = m_basis.batch;
    return request;
}

QString TableDialog::whyNot() const
{
    const TableRequest wanted = request();
    if (wanted.suiteNames.empty())
        return tr("Choose at least one table.");
    if (!QDir(m_weights->text()).exists() || m_weights->text().isEmpty())
        return tr("Choose the folder that holds the checkpoints.");
    if (wanted.data.folder.empty() && wanted.data.list.empty())
        return tr("Choose the folder of the images.");
    if (wanted.cellFolder.empty())
        return tr("Choose a folder for the finished cells.");
    return {};
}

void TableDialog::changed()
{
    if (const QString reason = whyNot(); !reason.isEmpty())
        refuseChoice(reason);
    else
        noteChange(tr("Looking at weights, images and finished cells…"));
}

void TableDialog::showPlan(const TablePlan &plan)
{
    size_t done = 0;
    size_t noWeights = 0;
    for (const ResultCell &cell : plan.table->cells) {
        done += cell.state == CellState::Done;
        noWeights += cell.state == CellState::NoWeights;
    }
    QStringList sentences{tr("%1 of %2 cells to run, %3 are there, %4 lack their weights.")
                              .arg(plan.pending)
                              .arg(plan.table->cells.size())
                              .arg(done)
                              .arg(noWeights)};
    if (plan.pending > 0)
        sentences << (plan.rateIsMeasured ? tr("About %1 at the rate of the finished cells.")
                                          : tr("About %1 at a usual rate; finished cells make this better."))
                         .arg(Texts::duration(plan.seconds));
    for (const std::string &note : plan.notes)
        sentences << QString::fromStdString(note);
    showCostText(sentences.join(QLatin1Char(' '))); // with nothing to run it shows what is there
}

} // namespace quantoscope
