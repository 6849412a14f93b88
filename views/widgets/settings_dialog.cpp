// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/settings_dialog.h"

#include "core/jobs/model_download.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QThread>

namespace quantoscope {

SettingsDialog::SettingsDialog(const UserSettings &settings, QWidget *parent) : QDialog(parent), m_before(settings)
{
    setWindowTitle(tr("Settings"));
    setObjectName(QStringLiteral("settingsDialog"));
    m_theme = new QComboBox;
    m_theme->setObjectName(QStringLiteral("theme"));
    m_theme->addItems({tr("As the system"), tr("Light"), tr("Dark")});
    m_theme->setCurrentIndex(static_cast<int>(settings.theme));
    m_language = new QComboBox;
    m_language->setObjectName(QStringLiteral("language"));
    m_language->addItem(tr("As the system"), QString());
    for (const auto &[code, name] : {std::pair("en", "English"), std::pair("de", "Deutsch"), std::pair("zh_CN", "简体中文")})
        m_language->addItem(QString::fromUtf8(name), QLatin1String(code)); // each in its own words
    m_language->setCurrentIndex(std::max(0, m_language->findData(settings.language)));
    m_device = new QComboBox;
    m_device->setObjectName(QStringLiteral("device"));
    m_device->addItem(tr("Processor (CPU)"), QStringLiteral("cpu"));
    m_device->addItem(tr("Graphics card (CUDA)"), QStringLiteral("cuda"));
    m_device->setCurrentIndex(std::max(0, m_device->findData(settings.device)));
    m_device->setToolTip(tr("CUDA needs a LibTorch built with it; opening a model says when it is missing."));
    m_threads = new QSpinBox;
    m_threads->setObjectName(QStringLiteral("threads"));
    m_threads->setRange(0, std::max(settings.threads, QThread::idealThreadCount()));
    m_threads->setSpecialValueText(tr("All cores (%1)").arg(QThread::idealThreadCount()));
    m_threads->setValue(settings.threads);
    m_activationMemory = new QSpinBox;
    m_activationMemory->setObjectName(QStringLiteral("activationMemory"));
    m_activationMemory->setRange(0, UserSettings::kMostActivationMemory);
    m_activationMemory->setSingleStep(256);
    m_activationMemory->setSuffix(tr(" MiB"));
    m_activationMemory->setSpecialValueText(tr("None"));
    m_activationMemory->setValue(settings.activationMemory);
    m_activationMemory->setToolTip(
        tr("Activations that are kept, so that after a change only what comes behind it is computed again. More is faster."));
    m_folder = new QLineEdit(settings.modelFolder);
    m_folder->setObjectName(QStringLiteral("modelFolder"));
    m_folder->setAccessibleName(tr("Folder of downloaded models"));
    m_folder->setPlaceholderText(QDir::toNativeSeparators(defaultModelFolder()));
    m_folder->setClearButtonEnabled(true);
    auto *browse = new QPushButton(tr("&Browse…"));
    browse->setAutoDefault(false);
    connect(browse, &QPushButton::clicked, this, &SettingsDialog::chooseFolder);
    auto *folderRow = new QHBoxLayout;
    folderRow->addWidget(m_folder, 1);
    folderRow->addWidget(browse);
    m_asksBeforeLarge = new QCheckBox(tr("&Ask before very large files are opened"));
    m_asksBeforeLarge->setObjectName(QStringLiteral("askBeforeLarge"));
    m_asksBeforeLarge->setChecked(settings.asksBeforeLarge);
    m_asksBeforeLarge->setToolTip(tr("Models, runs and projects that take much of the free memory, or are far larger than usual"));
    m_note = new QLabel;
    m_note->setWordWrap(true);

    auto *form = new QFormLayout(this);
    form->addRow(tr("&Theme"), m_theme);
    form->addRow(tr("&Language"), m_language);
    form->addRow(tr("&Device"), m_device);
    form->addRow(tr("T&hreads"), m_threads);
    form->addRow(tr("Memory for acti&vations"), m_activationMemory);
    auto *folderLabel = new QLabel(tr("&Model folder"));
    folderLabel->setBuddy(m_folder); // a row with a layout has none by itself
    form->addRow(folderLabel, folderRow);
    form->addRow(m_asksBeforeLarge);
    form->addRow(m_note);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    form->addRow(buttons);

    connect(m_theme, &QComboBox::currentIndexChanged, this, [](int index) { applyTheme(static_cast<ThemeChoice>(index)); });
    for (QComboBox *box : {m_language, m_device})
        connect(box, &QComboBox::currentIndexChanged, this, &SettingsDialog::updateNotes);
    for (QSpinBox *box : {m_threads, m_activationMemory})
        connect(box, &QSpinBox::valueChanged, this, &SettingsDialog::updateNotes);
    updateNotes();
    setMinimumWidth(460);
}

UserSettings SettingsDialog::settings() const
{
    UserSettings settings;
    settings.theme = static_cast<ThemeChoice>(m_theme->currentIndex());
    settings.language = m_language->currentData().toString();
    settings.device = m_device->currentData().toString();
    settings.threads = m_threads->value();
    settings.activationMemory = m_activationMemory->value();
    settings.asksBeforeLarge = m_asksBeforeLarge->isChecked();
    settings.modelFolder = m_folder->text().trimmed();
    return settings;
}

void SettingsDialog::done(int result)
{
    if (result == QDialog::Accepted)
        settings().save();
    else
        applyTheme(m_before.theme);
    QDialog::done(result);
}

void SettingsDialog::chooseFolder()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder for downloaded models"), m_folder->text());
    if (!folder.isEmpty())
        m_folder->setText(QDir::toNativeSeparators(folder));
}

void SettingsDialog::updateNotes()
{
    QStringList notes;
    if (settings().language != m_before.language)
        notes << tr("The language changes when Quantoscope starts again.");
    if (!settings().computesLike(m_before))
        notes << tr("The open model is opened again for another device, number of threads or memory.");
    m_note->setText(notes.join(QLatin1Char('\n')));
}

} // namespace quantoscope
