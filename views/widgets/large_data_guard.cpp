// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/large_data_guard.h"

#include "views/models/texts.h"
#include "views/widgets/user_settings.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>

namespace quantoscope {

namespace {

QString sizeText(uint64_t bytes)
{
    return QLocale().formattedDataSize(static_cast<qint64>(std::min<uint64_t>(bytes, INT64_MAX)), 1, QLocale::DataSizeSIFormat);
}

QString question(OpenKind kind, const QString &name, const QString &size)
{
    switch (kind) {
    case OpenKind::Model: return LargeDataGuard::tr("The model %1 is large: %2. Open it?").arg(name, size);
    case OpenKind::Run: return LargeDataGuard::tr("The run file %1 is large: %2. Open it?").arg(name, size);
    case OpenKind::Project: return LargeDataGuard::tr("The project %1 is large: %2. Open it?").arg(name, size);
    }
    return {};
}

} // namespace

LargeDataGuard::LargeDataGuard(QWidget *window) : QObject(window), m_window(window)
{
}

void LargeDataGuard::open(OpenKind kind, const QString &path, std::function<void()> open, std::function<void()> refused)
{
    if (!m_asking || m_agreed.contains(QFileInfo(path).canonicalFilePath()) || !UserSettings::load().asksBeforeLarge) {
        open();
        return;
    }
    const OpenCost cost = openCost(kind, bytesToOpen(path));
    const uint64_t available = m_available.value_or(availableMemory());
    if (isLarge(cost, available))
        ask(cost, available, path, open, refused);
    else
        open();
}

void LargeDataGuard::ask(const OpenCost &cost, uint64_t available, const QString &path, const std::function<void()> &open,
                         const std::function<void()> &refused)
{
    auto *box = new QMessageBox(QMessageBox::Question, tr("Quantoscope"),
                                question(cost.kind, QFileInfo(path).fileName(), sizeText(cost.bytes)), QMessageBox::Cancel,
                                m_window);
    box->setObjectName(QStringLiteral("largeDataBox"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText); // whatever the file's name is
    QStringList sentences{
        cost.kind == OpenKind::Model
            ? tr("Opening it takes about %1, working with it about %2 of memory.").arg(Texts::duration(cost.seconds), sizeText(cost.memoryBytes))
            : tr("Opening it takes about %1 and %2 of memory.").arg(Texts::duration(cost.seconds), sizeText(cost.memoryBytes))};
    if (available > 0)
        sentences << tr("%1 are free now.").arg(sizeText(available));
    const bool tooMuch = available > 0 && cost.memoryBytes > available;
    if (tooMuch)
        sentences << tr("That is not enough: the computer may become very slow, or end the program.");
    box->setInformativeText(sentences.join(QLatin1Char(' ')));
    QPushButton *yes = box->addButton(tr("&Open"), QMessageBox::AcceptRole);
    yes->setObjectName(QStringLiteral("openLarge"));
    if (tooMuch)
        box->setDefaultButton(QMessageBox::Cancel);
    else
        box->setDefaultButton(yes);
    auto *never = new QCheckBox(tr("&Do not ask again"));
    never->setObjectName(QStringLiteral("neverAskLarge"));
    never->setToolTip(tr("Can be undone in the settings"));
    box->setCheckBox(never);
    connect(box, &QMessageBox::finished, this, [=, this] {
        if (box->clickedButton() != yes) {
            if (refused)
                refused();
            return;
        }
        m_agreed.insert(QFileInfo(path).canonicalFilePath());
        if (never->isChecked()) {
            UserSettings settings = UserSettings::load();
            settings.asksBeforeLarge = false;
            settings.save();
        }
        open();
    });
    box->open();
}

} // namespace quantoscope
