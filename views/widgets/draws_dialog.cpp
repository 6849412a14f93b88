// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/draws_dialog.h"

#include "core/base/number_list.h"
#include "views/models/texts.h"

#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QSpinBox>
#include <QStringList>

#include <limits>
#include <numeric>

namespace quantoscope {

namespace {

constexpr int kUsualDraws = 5;
constexpr int kMostSeeds = 1000;
constexpr int kLargestBatch = 1024;

Result<std::vector<int>> parseCounts(const QLineEdit &field, int most)
{
    const auto numbers = parseNumberList(field.text().toStdString(), 1, static_cast<uint64_t>(most), kMostDraws,
                                         field.accessibleName().toStdString());
    if (!numbers)
        return fail(numbers.error());
    return std::vector<int>(numbers->begin(), numbers->end());
}

} // namespace

DrawsDialog::DrawsDialog(RunRequest run, QWidget *parent) : CostDialog(parent), m_run(std::move(run))
{
    setObjectName(QStringLiteral("drawsDialog"));
    setWindowTitle(tr("Repeat with other calibration images"));
    QFormLayout *const form = this->form();
    form->addRow(tr("Recipe"), new QLabel(QString::fromStdString(m_run.quantization.text())));
    const auto addField = [&](const QString &label, const char *name, const QString &accessible, QWidget *field) {
        field->setObjectName(QLatin1String(name));
        field->setAccessibleName(accessible);
        auto *text = new QLabel(label);
        text->setBuddy(field);
        form->addRow(text, field);
    };
    m_count = new QSpinBox;
    m_count->setRange(1, kMostSeeds);
    m_count->setValue(kUsualDraws);
    addField(tr("&Draws of each size"), "drawsCount", tr("Draws of each size"), m_count);
    m_seeds = new QLabel;
    m_seeds->setObjectName(QStringLiteral("drawsSeeds"));
    form->addRow(tr("Seeds"), m_seeds);
    QStringList sizes;
    for (const int part : {4, 2, 1})
        if (const int size = m_run.calibration.count / part; size > 0 && !sizes.contains(QString::number(size)))
            sizes << QString::number(size);
    m_sizes = new QLineEdit(sizes.join(QStringLiteral(", ")));
    m_sizes->setToolTip(tr("One number or several, for example 8, 16, 32. Images of one seed are the first ones of every larger "
                           "size."));
    addField(tr("Calibration &images"), "drawsSizes", tr("Calibration images of the draws"), m_sizes);
    m_batches = new QLineEdit(QString::number(m_run.calibration.batch));
    m_batches->setToolTip(tr("One number or several, for example 5, 10"));
    addField(tr("Calibration &batch"), "drawsBatches", tr("Images per calibration batch"), m_batches);

    finish(tr("Start"), 6);
    connect(m_count, &QSpinBox::valueChanged, this, &DrawsDialog::changed);
    for (QLineEdit *field : {m_sizes, m_batches})
        connect(field, &QLineEdit::textChanged, this, &DrawsDialog::changed);
    changed();
}

Result<CalibrationDraws> DrawsDialog::draws() const
{
    CalibrationDraws draws;
    draws.seeds.resize(static_cast<size_t>(m_count->value()));
    std::iota(draws.seeds.begin(), draws.seeds.end(), m_run.calibration.seed);
    auto sizes = parseCounts(*m_sizes, std::numeric_limits<int>::max());
    if (!sizes)
        return fail(sizes.error());
    auto batches = parseCounts(*m_batches, kLargestBatch);
    if (!batches)
        return fail(batches.error());
    draws.sizes = std::move(*sizes);
    draws.batches = std::move(*batches);
    return draws;
}

void DrawsDialog::changed()
{
    const uint64_t first = m_run.calibration.seed;
    m_seeds->setText(m_count->value() == 1 ? QString::number(first)
                                           : tr("%1 to %2").arg(first).arg(first + static_cast<uint64_t>(m_count->value()) - 1));
    const auto valid = draws();
    if (!valid)
        refuseChoice(Texts::errorDetail(valid.error()));
    else
        noteChange(m_busy ? tr("What it takes is worked out when the running job has ended. It can be queued now.")
                          : tr("Working out the cost…"),
                   m_busy);
}

void DrawsDialog::setBusy(bool busy)
{
    m_busy = busy;
    changed();
}

void DrawsDialog::showCost(const DrawsCost &cost)
{
    const QLocale locale;
    QStringList sentences{tr("%1 runs, each evaluated on %2 images; %3 images are calibrated in all, drawn from %4.")
                              .arg(locale.toString(qulonglong{cost.runs}), locale.toString(qlonglong{cost.evaluationImages}),
                                   locale.toString(qlonglong{cost.calibrationImages}), locale.toString(qlonglong{cost.available}))};
    sentences << (cost.seconds >= 0 ? tr("About %1 at the rate of the last run.").arg(Texts::duration(cost.seconds))
                                    : tr("How long it takes is known after a first run of this model."));
    if (cost.drawsAll)
        sentences << tr("The largest size is all images that there are: its draws differ in their order only.");
    showCostText(sentences.join(QLatin1Char(' ')));
}

} // namespace quantoscope
