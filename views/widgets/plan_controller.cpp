// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/plan_controller.h"

#include "core/base/text_file.h"
#include "core/quantization/plan_edits.h"
#include "views/models/tap_tree_model.h"
#include "views/models/texts.h"
#include "views/widgets/bits_filter_dialog.h"
#include "views/widgets/bits_menu.h"
#include "views/widgets/model_panel.h"
#include "views/widgets/plan_export.h"
#include "views/widgets/plots_panel.h"
#include "views/widgets/recipe_panel.h"

#include <QAction>
#include <QClipboard>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QGuiApplication>
#include <QInputDialog>
#include <QMenu>
#include <QSaveFile>
#include <QTreeView>
#include <QUndoStack>

#include <algorithm>

namespace quantoscope {

namespace {

constexpr qint64 kPredictionSlice = 5; // ms of GUI time at once
constexpr size_t kListedPredictions = 3;

QString decibel(double value)
{
    return std::isfinite(value) ? QLocale().toString(value, 'f', 1) : QStringLiteral("∞");
}

} // namespace

PlanController::PlanController(const Views &views, QWidget *window)
    : QObject(window),
      m_views(views),
      m_window(window),
      m_editor(new PlanEditor(this)),
      m_panel(new PlanPanel),
      m_export(new PlanExport(*m_editor, window))
{
    connect(m_export, &PlanExport::failed, this, &PlanController::failed);
    m_predicting.setInterval(0);
    m_predicting.setObjectName(QStringLiteral("predicting"));
    connect(&m_predicting, &QTimer::timeout, this, &PlanController::predictSome);
    connect(m_editor, &PlanEditor::changed, this, &PlanController::showState);
    connect(m_editor, &PlanEditor::refused, this, &PlanController::failed);
    connect(m_views.form, &RecipePanel::quantizationChanged, this, [this] {
        if (!m_settingForm)
            m_editor->setForm(m_views.form->request().quantization);
    });
    connect(m_views.treePanel, &ModelPanel::bitsEdited, m_editor, &PlanEditor::setBits);
    connect(m_views.treePanel, &ModelPanel::menuAboutToShow, this, [this](QMenu *menu, const QString &path) {
        addBits(*menu, path, m_views.treePanel->selectedPaths());
    });
    connect(m_views.plots, &PlotsPanel::menuAboutToShow, this,
            [this](QMenu *menu, const QString &path) {
                const QStringList selected = m_views.treePanel->selectedPaths();
                addBits(*menu, path, selected.contains(path) ? selected : QStringList());
            });
    connect(m_panel, &PlanPanel::referenceChanged, this, &PlanController::showDifference);
    connect(m_panel, &PlanPanel::discardRequested, m_editor, &PlanEditor::discardPlan);
    connect(m_panel, &PlanPanel::keepRequested, this, &PlanController::askForName);
    connect(m_panel, &PlanPanel::takeOverRequested, this, [this] {
        if (const KeptPlan *plan = chosenReference())
            m_editor->replace(plan->request, tr("plan of %1").arg(QString::fromStdString(plan->name)));
    });
    connect(m_panel, &PlanPanel::removeRequested, this, [this] {
        const int chosen = m_panel->reference();
        if (chosen < 0 || static_cast<size_t>(chosen) >= m_kept.size())
            return;
        m_kept.erase(m_kept.begin() + chosen);
        setKeptPlans(std::move(m_kept));
    });
    connect(m_panel, &PlanPanel::copyRequested, this,
            [this] { QGuiApplication::clipboard()->setText(m_panel->difference()); });
    m_editor->restore(m_views.form->request().quantization);
}

void PlanController::fillMenu(QMenu &menu)
{
    menu.setToolTipsVisible(true);
    const auto add = [&](const QString &text, const char *name, auto slot) {
        QAction *action = menu.addAction(text);
        action->setObjectName(QLatin1String(name));
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    m_filter = add(tr("&Bits by name or type…"), "bitsByFilter", &PlanController::showFilter);
    m_filter->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_B));
    m_presets = menu.addMenu(tr("&Presets"));
    m_presets->setObjectName(QStringLiteral("presets"));
    m_presets->setToolTipsVisible(true);
    fillPresets(*m_presets);
    m_discard = add(tr("&Discard plan"), "discardPlan", [this] { m_editor->discardPlan(); });
    menu.addSeparator();
    add(tr("&Open plan…"), "openPlan", &PlanController::openInteractively)
        ->setToolTip(tr("Rules from a JSON file, in place of the present plan; can be undone"));
    m_save = add(tr("&Save plan…"), "savePlan", &PlanController::saveInteractively);
    m_export->addTo(menu);
    add(tr("&Keep plan…"), "keepPlan", &PlanController::askForName)
        ->setToolTip(tr("Puts recipe and plan aside under a name"));
    updateActions();
}

void PlanController::fillPresets(QMenu &menu)
{
    const auto add = [&](const Recipe &recipe, bool forms) {
        QuantizationRequest preset;
        preset.recipe = recipe.name;
        preset.bits = recipe.bits;
        preset.ptf = forms && !recipe.ptfRules.empty();
        preset.lis = forms && !recipe.lisRules.empty();
        if (preset.lis)
            preset.bits.attention = 4; // as published
        const QString text = QString::fromStdString(preset.text());
        QAction *action = menu.addAction(text);
        action->setData(QString::fromStdString(recipe.name));
        action->setToolTip(Texts::recipeTitle(recipe.name, recipe.title));
        connect(action, &QAction::triggered, this,
                [this, preset, text] { m_editor->replace(preset, tr("preset %1").arg(text)); });
    };
    for (const Recipe &recipe : namedRecipes().recipes) {
        add(recipe, false);
        if (!recipe.ptfRules.empty() || !recipe.lisRules.empty())
            add(recipe, true);
    }
}

void PlanController::addBits(QMenu &menu, const QString &tapPath, const QStringList &selected)
{
    QAction *first = menu.actions().value(0);
    addBitsMenus(menu, first, m_editor->model(), tapPath, selected,
                 [this](const QStringList &paths, int bits) { m_editor->setBits(paths, bits); });
    if (first)
        menu.insertSeparator(first);
}

void PlanController::setModel(OpenedModelPtr model)
{
    delete m_window->findChild<BitsFilterDialog *>(); // it lists the layers of the old model
    m_editor->setModel(std::move(model));
}

void PlanController::restore(const QuantizationRequest &request)
{
    m_editor->restore(request);
}

void PlanController::setRun(RunRecordPtr run)
{
    m_run = std::move(run);
    m_export->setRun(m_run);
    m_own.clear();
    predict();
}

void PlanController::addRun(const RunRecordPtr &run)
{
    if (!run->quantized)
        return;
    const std::string &name = run->id;
    const auto known = std::find_if(m_runs.begin(), m_runs.end(), [&](const KeptPlan &one) { return one.name == name; });
    if (known != m_runs.end())
        known->request = run->request;
    else
        m_runs.push_back({name, run->request, run->model.sha256});
    m_panel->setReferences(m_kept, m_runs);
    showDifference();
}

void PlanController::clearRuns()
{
    m_runs.clear();
    m_panel->setReferences(m_kept, m_runs);
    showDifference();
}

void PlanController::setKeptPlans(std::vector<KeptPlan> plans)
{
    m_kept = std::move(plans);
    m_panel->setReferences(m_kept, m_runs);
    showDifference();
    Q_EMIT changed();
}

void PlanController::keepPlan(const QString &name)
{
    std::vector<KeptPlan> plans = m_kept;
    const KeptPlan kept{name.toStdString(), m_editor->request(),
                        m_editor->model() ? m_editor->model()->info.sha256 : std::string()};
    const auto known = std::find_if(plans.begin(), plans.end(), [&](const KeptPlan &one) { return one.name == kept.name; });
    if (known != plans.end())
        *known = kept;
    else
        plans.push_back(kept);
    setKeptPlans(std::move(plans));
}

void PlanController::askForName()
{
    auto *dialog = new QInputDialog(m_window);
    dialog->setObjectName(QStringLiteral("keepPlanDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Keep plan"));
    dialog->setLabelText(tr("Name of the plan"));
    dialog->setTextValue(tr("Plan %1").arg(m_kept.size() + 1));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString &name) {
        if (!name.trimmed().isEmpty())
            keepPlan(name.trimmed());
    });
    dialog->open();
}

void PlanController::showFilter()
{
    auto *dialog = m_window->findChild<BitsFilterDialog *>();
    if (!dialog && m_editor->model()) {
        dialog = new BitsFilterDialog(m_editor->model(), m_window);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &BitsFilterDialog::bitsWanted, m_editor, &PlanEditor::setBits);
    }
    if (!dialog)
        return;
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

Result<void> PlanController::openPlan(const QString &path)
{
    auto text = readTextFile(path.toStdString(), "plan", kLargestPlan);
    if (!text)
        return fail(text.error());
    QuantizationRequest request = m_editor->request();
    request.planJson = std::move(*text);
    if (const auto plan = parsePlan(request.planJson, path.toStdString()); !plan)
        return fail(plan.error());
    if (const OpenedModelPtr &model = m_editor->model())
        if (const auto fits = resolveSettings(model->graph, request, model->info.inputQuantized); !fits)
            return fail(fits.error());
    m_editor->replace(request, tr("plan from %1").arg(QFileInfo(path).fileName()));
    return {};
}

Result<void> PlanController::savePlan(const QString &path) const
{
    const std::string &text = m_editor->request().planJson;
    QSaveFile file(path);
    const QByteArray bytes = text.empty() ? QByteArray::fromStdString(planToJson({})) : QByteArray::fromStdString(text);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return fail(ErrorCode::Io, "cannot be written: " + file.errorString().toStdString(), path.toStdString());
    return {};
}

void PlanController::openInteractively()
{
    const QString path = QFileDialog::getOpenFileName(m_window, tr("Open plan"), QString(),
                                                      tr("Plans (*.json);;All files (*)"));
    if (path.isEmpty())
        return;
    if (const auto opened = openPlan(path); !opened)
        Q_EMIT failed(opened.error());
}

void PlanController::saveInteractively()
{
    const QString path = QFileDialog::getSaveFileName(m_window, tr("Save plan"), QStringLiteral("plan.json"),
                                                      tr("Plans (*.json)"));
    if (path.isEmpty())
        return;
    if (const auto saved = savePlan(path); !saved)
        Q_EMIT failed(saved.error());
}

const KeptPlan *PlanController::chosenReference() const
{
    const int chosen = m_panel->reference();
    if (chosen < 0)
        return nullptr;
    const auto index = static_cast<size_t>(chosen);
    return index < m_kept.size() ? &m_kept[index]
         : index - m_kept.size() < m_runs.size() ? &m_runs[index - m_kept.size()]
                                                 : nullptr;
}

void PlanController::showState()
{
    m_settingForm = true;
    m_views.form->setQuantization(m_editor->request());
    m_settingForm = false;
    m_views.tree->setEditedTaps(m_editor->editedTaps());
    m_views.tree->setSettings(m_editor->settings());
    showDifference();
    predict();
    Q_EMIT changed();
}

void PlanController::showDifference()
{
    QuantizationRequest other = m_editor->request();
    other.planJson.clear();
    if (const KeptPlan *chosen = chosenReference())
        other = chosen->request;
    const QString text = m_editor->differenceFrom(other);
    m_panel->setDifference(!m_editor->problem().isEmpty() ? m_editor->problem()
                           : text.isEmpty()               ? tr("No difference.")
                                                          : text);
    updateActions();
}

void PlanController::updateActions()
{
    const bool hasPlan = !m_editor->request().planJson.empty();
    const QString noPlan = hasPlan ? QString() : tr("There is no plan: every layer is as the recipe says.");
    const bool keptChosen = m_panel->reference() >= 0 && static_cast<size_t>(m_panel->reference()) < m_kept.size();
    m_panel->setWhyNot({}, noPlan,
                       chosenReference() ? QString() : tr("Choose a kept plan or a run to compare with first."),
                       keptChosen ? QString() : tr("Choose a kept plan to compare with first."));
    m_export->updateAction();
    if (!m_filter)
        return;
    const auto enable = [](QAction *action, const QString &reason, const QString &tip) {
        action->setEnabled(reason.isEmpty());
        action->setToolTip(reason.isEmpty() ? tip : reason);
    };
    enable(m_filter, m_editor->model() ? QString() : tr("Open a checkpoint first (File, Open model)."),
           tr("For example \"fc2 of blocks 4-7\", or every softmax"));
    enable(m_discard, noPlan, tr("Back to what the recipe says; can be undone"));
    enable(m_save, noPlan, tr("The plan as a JSON file for quantoscope-cli and other models"));
}

void PlanController::predict()
{
    m_predictions.clear();
    m_nextPrediction = 0;
    const std::vector<TapSetting> &settings = m_editor->settings();
    const bool possible = m_run && m_run->quantized && !settings.empty() && settings.size() == m_run->taps.size()
        && m_editor->model() && m_editor->model()->info.sha256 == m_run->model.sha256;
    if (possible) {
        m_own.resize(m_run->taps.size());
        m_predictions.resize(m_run->taps.size());
        m_predicting.start();
        predictSome();
    } else {
        m_predicting.stop();
        showPrediction();
    }
}

void PlanController::predictSome()
{
    QElapsedTimer clock;
    clock.start();
    const size_t count = m_predictions.size();
    for (; m_nextPrediction < count && clock.elapsed() < kPredictionSlice; ++m_nextPrediction) {
        const TapRecord &record = m_run->taps[m_nextPrediction];
        m_own[m_nextPrediction] = predictTap(record, record.setting);
        m_predictions[m_nextPrediction] = predictTap(record, m_editor->settings()[m_nextPrediction]);
    }
    if (m_nextPrediction < count)
        return;
    m_predicting.stop();
    showPrediction();
}

void PlanController::showPrediction()
{
    m_views.tree->setPredictions(m_predictions);
    if (m_predictions.empty()) {
        m_panel->setPrediction(m_run ? QString() : tr("After a run on this model, every change of the plan is predicted here."),
                               {});
        return;
    }
    const PlanPrediction sum = summarize(m_own, m_predictions);
    if (sum.changed == 0) {
        m_panel->setPrediction(tr("The plan is the one of %1, which is measured.").arg(QString::fromStdString(m_run->id)), {});
        return;
    }
    QStringList lines;
    lines << tr("Predicted from the stored statistics of %1, not measured: noise over signal of all layers %2 → %3.")
                 .arg(QString::fromStdString(m_run->id), Texts::number(sum.noiseBefore, 3), Texts::number(sum.noiseAfter, 3));
    for (size_t i = 0; i < std::min(kListedPredictions, sum.worst.size()); ++i) {
        const auto tap = static_cast<size_t>(sum.worst[i]);
        lines << tr("%1: %2 dB → %3 dB predicted").arg(QString::fromStdString(m_run->taps[tap].tap.path),
                                             decibel(m_own[tap].sqnrDb), decibel(m_predictions[tap].sqnrDb));
    }
    if (sum.unknown > 0)
        lines << tr("Without a prediction: %1 of %2 changed layers. Run to measure.").arg(sum.unknown).arg(sum.changed);
    m_panel->setPrediction(lines.join(QLatin1Char('\n')),
                           tr("For each changed layer alone: its new levels over the calibrated range are laid over the "
                              "stored histogram; where scales are several, the measured rounding error is scaled with "
                              "the square of the step. The sum adds up each layer's own noise over signal and knows "
                              "nothing of how errors travel through the network, nor of accuracy: run to measure."));
}

} // namespace quantoscope
