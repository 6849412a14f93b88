// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/recipe_panel.h"

#include "views/models/texts.h"
#include "views/widgets/preprocessing_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include <limits>

namespace quantoscope {

namespace {

QSpinBox *spinBox(const char *objectName, const QString &accessibleName, int low, int high, int value)
{
    auto *box = new QSpinBox;
    box->setObjectName(QLatin1String(objectName));
    box->setAccessibleName(accessibleName);
    box->setRange(low, high);
    box->setValue(value);
    box->setMinimumWidth(52);
    return box;
}

QFormLayout *formIn(QGroupBox *group)
{
    auto *form = new QFormLayout(group);
    form->setContentsMargins(8, 6, 8, 8);
    form->setVerticalSpacing(5);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::DontWrapRows);
    return form;
}

/// A row whose label's mnemonic leads to `field`; `content` may hold more than that field.
void addRow(QFormLayout *form, const QString &label, QWidget *field, QLayout *content)
{
    auto *text = new QLabel(label);
    text->setBuddy(field);
    form->addRow(text, content);
}

QHBoxLayout *row(std::initializer_list<QWidget *> widgets)
{
    auto *layout = new QHBoxLayout;
    layout->setSpacing(6);
    for (QWidget *widget : widgets)
        layout->addWidget(widget);
    layout->addStretch(1);
    return layout;
}

} // namespace

RecipePanel::RecipePanel(QWidget *parent) : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *scroll = new QScrollArea;
    scroll->setObjectName(QStringLiteral("recipeScroll"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    QWidget *form = makeForm();
    scroll->setWidget(form);
    scroll->setMinimumWidth(form->minimumSizeHint().width() + 18);
    layout->addWidget(scroll, 1);
    layout->addWidget(makeFooter());
    updateState();
}

QSize RecipePanel::sizeHint() const
{
    return {310, 560};
}

QWidget *RecipePanel::browseRow(QLineEdit *edit, const QString &what, bool folder)
{
    auto *holder = new QWidget;
    auto *layout = new QHBoxLayout(holder);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    edit->setClearButtonEnabled(true);
    edit->setMinimumWidth(90);
    auto *browse = new QToolButton;
    browse->setText(QStringLiteral("…"));
    browse->setObjectName(edit->objectName() + QStringLiteral("Browse"));
    browse->setAccessibleName(what);
    browse->setToolTip(what);
    layout->addWidget(edit, 1);
    layout->addWidget(browse);
    const auto show = [edit](const QString &path) {
        if (!path.isEmpty())
            edit->setText(QDir::toNativeSeparators(path));
    };
    const auto chooseFile = [this, edit, what, show](const QString &filter) {
        show(QFileDialog::getOpenFileName(this, what, edit->text(), filter));
    };
    if (folder) { // no dialog of the system chooses folders and files alike
        auto *kinds = new QMenu(browse);
        kinds->addAction(tr("Folder…"), this, [this, edit, what, show] {
            show(QFileDialog::getExistingDirectory(this, what, edit->text()));
        });
        kinds->addAction(tr("Tar archive…"), this,
                         [chooseFile] { chooseFile(tr("Tar archives (*.tar);;All files (*)")); });
        browse->setMenu(kinds);
        browse->setPopupMode(QToolButton::InstantPopup);
    } else {
        connect(browse, &QToolButton::clicked, this,
                [chooseFile] { chooseFile(tr("Image lists (*.txt);;All files (*)")); });
    }
    connect(edit, &QLineEdit::textChanged, this, &RecipePanel::updateState);
    connect(edit, &QLineEdit::textChanged, edit, &QWidget::setToolTip);
    return holder;
}

QWidget *RecipePanel::makeForm()
{
    auto *content = new QWidget;
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->setSpacing(6);

    auto *recipeGroup = new QGroupBox(tr("Quantizer"));
    QFormLayout *recipeForm = formIn(recipeGroup);
    m_recipe = new QComboBox;
    m_recipe->setObjectName(QStringLiteral("recipe"));
    m_recipe->setAccessibleName(tr("Recipe"));
    m_recipes = namedRecipes().recipes;
    for (const Recipe &recipe : m_recipes) {
        const int index = m_recipe->count();
        m_recipe->addItem(QString::fromStdString(recipe.name), QString::fromStdString(recipe.name));
        m_recipe->setItemData(index,
                              QString::fromStdString(recipe.title + "\n" + recipe.source + "\n")
                                  + tr("Stays in float: %1").arg(QString::fromStdString(recipe.staysFloat)),
                              Qt::ToolTipRole);
    }
    m_recipeText = new QLabel;
    m_recipeText->setWordWrap(true);
    m_ptf = new QCheckBox(tr("&PTF"));
    m_ptf->setObjectName(QStringLiteral("ptf"));
    m_ptf->setToolTip(tr("Power-of-two factor: integer LayerNorm whose input has a scale per channel, scale · 2^α "
                         "with α in 0 to 3"));
    m_lis = new QCheckBox(tr("&LIS"));
    m_lis->setObjectName(QStringLiteral("lis"));
    m_lis->setToolTip(tr("Log-int-softmax: integer softmax whose output is a power of two"));
    m_search = new QCheckBox(tr("Search"));
    m_search->setObjectName(QStringLiteral("search"));
    m_sequential = new QCheckBox(tr("Search sequentially"));
    m_sequential->setObjectName(QStringLiteral("sequential"));
    m_sequential->setToolTip(tr("Each matrix product is searched in a network whose earlier products are quantized already; "
                                "otherwise in the float network. Takes a pass forward and back for every product, and need "
                                "not be better with few calibration images."));
    m_weightBits = spinBox("weightBits", tr("Bits of weights"), 2, 8, 8);
    m_activationBits = spinBox("activationBits", tr("Bits of activations"), 2, 8, 8);
    m_attentionBits = spinBox("attentionBits", tr("Bits of attention weights"), 2, 8, 8);
    addRow(recipeForm, tr("Re&cipe"), m_recipe, row({m_recipe, m_ptf, m_lis, m_search}));
    recipeForm->addRow(m_recipeText);
    recipeForm->addRow(m_sequential);
    addRow(recipeForm, tr("&W/A/Attn"), m_weightBits, row({m_weightBits, m_activationBits, m_attentionBits}));
    layout->addWidget(recipeGroup);

    auto *dataGroup = new QGroupBox(tr("Images"));
    QFormLayout *dataForm = formIn(dataGroup);
    m_folder = new QLineEdit;
    m_folder->setObjectName(QStringLiteral("dataFolder"));
    m_folder->setAccessibleName(tr("Folder or archive of images"));
    m_folder->setPlaceholderText(tr("holds val/ and train/"));
    m_split = new QComboBox;
    m_split->setObjectName(QStringLiteral("split"));
    m_split->setAccessibleName(tr("Split to evaluate"));
    m_split->setEditable(true);
    m_split->addItems({QStringLiteral("val"), QStringLiteral("train"), QStringLiteral("test")});
    m_split->setMinimumContentsLength(5);
    m_list = new QLineEdit;
    m_list->setObjectName(QStringLiteral("imageList"));
    m_list->setAccessibleName(tr("List of images to evaluate"));
    m_list->setPlaceholderText(tr("all of the split"));
    m_limit = spinBox("limit", tr("Most images to evaluate"), 0, std::numeric_limits<int>::max(), 0);
    m_limit->setSpecialValueText(tr("all"));
    m_limit->setMaximumWidth(90);
    m_batch = spinBox("batch", tr("Images per batch"), 1, 1024, 25);
    m_preprocessing = new QLabel;
    m_preprocessing->setObjectName(QStringLiteral("preprocessing"));
    m_preprocessing->setWordWrap(true);
    dataForm->addRow(tr("F&older"), browseRow(m_folder, tr("Choose the folder or archive of images"), true));
    dataForm->addRow(tr("Lis&t"), browseRow(m_list, tr("Choose a list of images"), false));
    auto *batchLabel = new QLabel(tr("B&atch"));
    batchLabel->setBuddy(m_batch);
    addRow(dataForm, tr("&Split"), m_split, row({m_split, batchLabel, m_batch}));
    m_editPreprocessing = new QPushButton(tr("Preprocessin&g…"));
    m_editPreprocessing->setObjectName(QStringLiteral("editPreprocessing"));
    connect(m_editPreprocessing, &QPushButton::clicked, this, &RecipePanel::editPreprocessing);
    addRow(dataForm, tr("At &most"), m_limit, row({m_limit, m_editPreprocessing}));
    dataForm->addRow(m_preprocessing);
    layout->addWidget(dataGroup);

    auto *calibrationGroup = new QGroupBox(tr("Calibration set"));
    QFormLayout *calibrationForm = formIn(calibrationGroup);
    m_calibrationList = new QLineEdit;
    m_calibrationList->setObjectName(QStringLiteral("calibrationList"));
    m_calibrationList->setAccessibleName(tr("List of calibration images"));
    m_calibrationList->setPlaceholderText(tr("random images of train/"));
    m_calibrationCount = spinBox("calibrationCount", tr("Number of calibration images"), 1, 1'000'000, 100);
    m_calibrationSeed =
        spinBox("calibrationSeed", tr("Seed of the random choice"), 0, std::numeric_limits<int>::max(), 0);
    m_calibrationBatch = spinBox("calibrationBatch", tr("Images per calibration batch"), 1, 1024, 10);
    m_calibrationBatch->setToolTip(
        tr("EMA, Percentile, PTF, OMSE and LIS depend on the batches; MinMax does not"));
    auto *seedLabel = new QLabel(tr("See&d"));
    seedLabel->setBuddy(m_calibrationSeed);
    m_calibrationSeed->setMaximumWidth(90);
    calibrationForm->addRow(tr("L&ist"),
                            browseRow(m_calibrationList, tr("Choose a list of calibration images"), false));
    addRow(calibrationForm, tr("Co&unt"), m_calibrationCount,
           row({m_calibrationCount, seedLabel, m_calibrationSeed}));
    addRow(calibrationForm, tr("&Batch"), m_calibrationBatch, row({m_calibrationBatch}));
    layout->addWidget(calibrationGroup);

    auto *stepsGroup = new QGroupBox(tr("Steps"));
    auto *steps = new QVBoxLayout(stepsGroup);
    steps->setContentsMargins(8, 6, 8, 8);
    steps->setSpacing(4);
    m_float = new QCheckBox(tr("Evaluate i&n float"));
    m_float->setObjectName(QStringLiteral("evaluateFloat"));
    m_float->setChecked(true);
    m_quantize = new QCheckBox(tr("Calibrate and evaluate &quantized"));
    m_quantize->setObjectName(QStringLiteral("quantize"));
    m_quantize->setChecked(true);
    m_analyze = new QCheckBox(tr("Measure error per la&yer on"));
    m_analyze->setObjectName(QStringLiteral("analyze"));
    m_analyze->setChecked(true);
    m_analysisImages = spinBox("analysisImages", tr("Images behind the error figures"), 1, 10'000, 32);
    m_analysisImages->setSuffix(tr(" images"));
    // A scroll bar beside the form must not cut the suffix.
    m_analysisImages->setMinimumWidth(m_analysisImages->fontMetrics().horizontalAdvance(m_analysisImages->text()) + 28);
    steps->addWidget(m_float);
    steps->addWidget(m_quantize);
    steps->addLayout(row({m_analyze, m_analysisImages}));
    layout->addWidget(stepsGroup);
    layout->addStretch(1);

    connect(m_recipe, &QComboBox::currentIndexChanged, this, &RecipePanel::updateState); // first: what the recipe allows
    connect(m_recipe, &QComboBox::currentIndexChanged, this, &RecipePanel::showPreprocessing);
    connect(m_recipe, &QComboBox::currentIndexChanged, this, &RecipePanel::quantizationChanged);
    // LIS is published with 4 bit codes, and 8 bit is the sensible width without it. First, so that LIS and its width are
    // one change.
    connect(m_lis, &QCheckBox::toggled, this, [this](bool on) { m_attentionBits->setValue(on ? 4 : 8); });
    for (QCheckBox *box : {m_ptf, m_lis, m_search, m_sequential})
        connect(box, &QCheckBox::toggled, this, &RecipePanel::quantizationChanged);
    connect(m_search, &QCheckBox::toggled, this, &RecipePanel::updateState);
    for (QSpinBox *box : {m_weightBits, m_activationBits, m_attentionBits})
        connect(box, &QSpinBox::valueChanged, this, &RecipePanel::quantizationChanged);
    for (QCheckBox *box : {m_float, m_quantize, m_analyze})
        connect(box, &QCheckBox::toggled, this, &RecipePanel::updateState);
    connect(m_split, &QComboBox::currentTextChanged, this, &RecipePanel::updateState);
    connect(m_limit, &QSpinBox::valueChanged, this, &RecipePanel::updateState);
    return content;
}

QWidget *RecipePanel::makeFooter()
{
    auto *footer = new QWidget;
    auto *layout = new QVBoxLayout(footer);
    layout->setContentsMargins(8, 4, 8, 8);
    layout->setSpacing(4);
    m_status = new QLabel;
    m_status->setObjectName(QStringLiteral("runStatus"));
    m_status->setAccessibleName(tr("State of the run"));
    m_status->setWordWrap(true);
    m_bar = new QProgressBar;
    m_bar->setObjectName(QStringLiteral("runProgress"));
    m_bar->setAccessibleName(tr("Progress of the run"));
    m_bar->setTextVisible(true);
    m_run = new QPushButton(tr("Run"));
    m_run->setObjectName(QStringLiteral("run"));
    m_cancel = new QPushButton(tr("Cancel"));
    m_cancel->setObjectName(QStringLiteral("cancel"));
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_run, 1);
    buttons->addWidget(m_cancel, 1);
    layout->addWidget(m_status);
    layout->addWidget(m_bar);
    layout->addLayout(buttons);
    connect(m_run, &QPushButton::clicked, this, &RecipePanel::runRequested);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_status->setText(tr("Stopping after the current batch…"));
        Q_EMIT cancelRequested();
    });
    return footer;
}

RunRequest RecipePanel::request() const
{
    RunRequest request;
    request.quantization.recipe = m_recipe->currentData().toString().toStdString();
    request.quantization.ptf = m_ptf->isEnabled() && m_ptf->isChecked();
    request.quantization.lis = m_lis->isEnabled() && m_lis->isChecked();
    request.quantization.search = !m_search->isEnabled() || m_search->isChecked();
    if (m_search->isEnabled() && m_search->isChecked())
        request.quantization.searchJson = withSequentialSearch(
            request.quantization.recipe == m_searchRecipe ? m_searchJson : std::string(), m_sequential->isChecked());
    request.quantization.bits = {m_weightBits->value(), m_activationBits->value(), m_attentionBits->value()};
    request.data.folder = m_folder->text().trimmed().toStdString();
    request.data.split = m_split->currentText().trimmed().toStdString();
    request.data.list = m_list->text().trimmed().toStdString();
    request.data.limit = m_limit->value();
    request.data.preprocessing = m_chosenPreprocessing;
    request.batch = m_batch->value();
    request.calibration.list = m_calibrationList->text().trimmed().toStdString();
    request.calibration.count = m_calibrationCount->value();
    request.calibration.seed = static_cast<uint64_t>(m_calibrationSeed->value());
    request.calibration.batch = m_calibrationBatch->value();
    request.evaluateFloat = m_float->isChecked();
    request.quantize = m_quantize->isChecked();
    request.evaluate = m_quantize->isChecked();
    request.analyze = m_quantize->isChecked() && m_analyze->isChecked();
    request.analysisImages = m_analysisImages->value();
    return request;
}

void RecipePanel::setQuantization(const QuantizationRequest &quantization)
{
    if (const int index = m_recipe->findData(QString::fromStdString(quantization.recipe)); index >= 0)
        m_recipe->setCurrentIndex(index);
    m_ptf->setChecked(quantization.ptf);
    m_lis->setChecked(quantization.lis); // before the bits, which it changes
    m_search->setChecked(m_search->isEnabled() && quantization.search);
    m_searchJson = quantization.searchJson;
    m_searchRecipe = quantization.recipe;
    const Recipe *recipe = chosenRecipe();
    const auto search = recipe ? resolveSearch(*recipe, quantization) : Result<std::optional<IntervalSearch>>();
    m_sequential->setChecked(search && *search && (*search)->sequential);
    m_weightBits->setValue(quantization.bits.weights);
    m_activationBits->setValue(quantization.bits.activations);
    m_attentionBits->setValue(quantization.bits.attention);
}

void RecipePanel::setRequest(const RunRequest &request)
{
    setQuantization(request.quantization);
    m_folder->setText(QString::fromStdString(request.data.folder));
    m_split->setCurrentText(QString::fromStdString(request.data.split));
    m_list->setText(QString::fromStdString(request.data.list));
    m_limit->setValue(static_cast<int>(std::min<int64_t>(request.data.limit, std::numeric_limits<int>::max())));
    m_batch->setValue(request.batch);
    m_chosenPreprocessing = request.data.preprocessing;
    showPreprocessing();
    m_calibrationList->setText(QString::fromStdString(request.calibration.list));
    m_calibrationCount->setValue(request.calibration.count);
    m_calibrationSeed->setValue(
        static_cast<int>(std::min<uint64_t>(request.calibration.seed, std::numeric_limits<int>::max())));
    m_calibrationBatch->setValue(request.calibration.batch);
    m_float->setChecked(request.evaluateFloat);
    m_quantize->setChecked(request.quantize);
    m_analyze->setChecked(request.analyze);
    m_analysisImages->setValue(request.analysisImages);
    updateState();
}

void RecipePanel::setDataFolder(const QString &folder)
{
    m_folder->setText(QDir::toNativeSeparators(folder));
}

void RecipePanel::setModel(const ModelInfo *info)
{
    m_hasModel = info != nullptr;
    m_modelPreprocessing = info ? info->preprocessing : Preprocessing();
    m_chosenPreprocessing.reset();
    showPreprocessing();
    updateState();
}

void RecipePanel::editPreprocessing()
{
    const Preprocessing own = ownPreprocessing();
    PreprocessingDialog dialog(m_chosenPreprocessing.value_or(own), own, this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    m_chosenPreprocessing = dialog.preprocessing();
    // The fields show four decimals; equal text means that nothing was changed.
    if (m_chosenPreprocessing->text() == own.text())
        m_chosenPreprocessing.reset();
    showPreprocessing();
    updateState();
}

const Recipe *RecipePanel::chosenRecipe() const
{
    const auto index = static_cast<size_t>(m_recipe->currentIndex());
    return index < m_recipes.size() ? &m_recipes[index] : nullptr;
}

Preprocessing RecipePanel::ownPreprocessing() const
{
    const Recipe *recipe = chosenRecipe();
    return recipe ? recipe->preprocessingFor(m_modelPreprocessing) : m_modelPreprocessing;
}

void RecipePanel::showPreprocessing()
{
    const QString text = Texts::preprocessing(m_chosenPreprocessing.value_or(ownPreprocessing()));
    m_preprocessing->setText(!m_hasModel ? QString() : m_chosenPreprocessing ? tr("Changed: %1").arg(text) : text);
    m_preprocessing->setVisible(m_hasModel);
}

void RecipePanel::setBusy(bool busy)
{
    if (busy && !m_busy) {
        m_status->setText(tr("Starting…"));
        m_bar->setRange(0, 0); // moves without a number until the first progress
    }
    m_busy = busy;
    updateState();
}

void RecipePanel::setProgress(const Progress &progress)
{
    if (!m_busy)
        return;
    const QString phase = Texts::phase(progress.phase);
    const double left = progress.secondsLeft();
    m_status->setVisible(true);
    m_status->setText(left >= 0 && progress.done < progress.total
                          ? tr("%1, %2 left").arg(phase, Texts::duration(left))
                          : phase + QStringLiteral("…"));
    m_bar->setRange(0, static_cast<int>(std::min<int64_t>(progress.total, std::numeric_limits<int>::max())));
    m_bar->setValue(static_cast<int>(std::min<int64_t>(progress.done, std::numeric_limits<int>::max())));
    m_bar->setFormat(tr("%v of %m"));
}

QString RecipePanel::whyNot() const
{
    if (!m_hasModel)
        return tr("Open a checkpoint first (File, Open model).");
    if (m_folder->text().trimmed().isEmpty() && m_list->text().trimmed().isEmpty())
        return tr("Choose the folder or archive of images first.");
    if (!m_float->isChecked() && !m_quantize->isChecked())
        return tr("Switch on at least one step.");
    return {};
}

void RecipePanel::updateState()
{
    if (!m_run)
        return; // still being built
    const QString reason = whyNot();
    m_run->setEnabled(reason.isEmpty());
    m_run->setToolTip(!reason.isEmpty() ? reason
                      : m_busy          ? tr("Waits behind the jobs of the queue")
                                        : tr("Calibrates, evaluates and measures as chosen above"));
    m_cancel->setEnabled(m_busy);
    m_cancel->setToolTip(m_busy ? tr("Stops within one batch and keeps the part that is finished")
                                : tr("Nothing is running."));
    m_bar->setVisible(m_busy);
    if (!m_busy)
        m_status->setText(reason);
    m_status->setVisible(!m_status->text().isEmpty());
    const Recipe *recipe = chosenRecipe();
    m_recipeText->setText(recipe ? Texts::recipeTitle(recipe->name, recipe->title) : QString());
    m_ptf->setEnabled(recipe && !recipe->ptfRules.empty());
    m_lis->setEnabled(recipe && !recipe->lisRules.empty());
    const bool searches = recipe && recipe->search;
    m_search->setVisible(searches);
    m_search->setEnabled(searches);
    m_sequential->setVisible(searches);
    m_sequential->setEnabled(searches && m_search->isChecked());
    m_search->setToolTip(tr("Searches the intervals after calibration; otherwise those of the calibration stay"));
    const bool random = m_calibrationList->text().trimmed().isEmpty();
    for (QSpinBox *box : {m_calibrationCount, m_calibrationSeed}) {
        box->setEnabled(random);
        box->setToolTip(random ? QString() : tr("The list says which images."));
    }
    m_editPreprocessing->setEnabled(m_hasModel);
    m_editPreprocessing->setToolTip(m_hasModel ? tr("How pictures become the model's input")
                                               : tr("Open a checkpoint first."));
    m_analyze->setEnabled(m_quantize->isChecked());
    m_analysisImages->setEnabled(m_quantize->isChecked() && m_analyze->isChecked());
    Q_EMIT readinessChanged();
}

} // namespace quantoscope
