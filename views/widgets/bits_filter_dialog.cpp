// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/bits_filter_dialog.h"

#include "core/quantization/recipe.h"
#include "core/quantization/tap_filter.h"
#include "views/models/item_roles.h"

#include <QComboBox>
#include <QCompleter>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSet>
#include <QVBoxLayout>

#include <algorithm>
#include <iterator>

namespace quantoscope {

BitsFilterDialog::BitsFilterDialog(OpenedModelPtr model, QWidget *parent)
    : QDialog(parent),
      m_model(std::move(model)),
      m_words(new QLineEdit),
      m_type(new QComboBox),
      m_bits(new QComboBox),
      m_list(new QListWidget),
      m_count(new QLabel)
{
    setObjectName(QStringLiteral("bitsFilterDialog"));
    setWindowTitle(tr("Bits by name or type"));
    m_words->setObjectName(QStringLiteral("bitsFilterWords"));
    m_words->setAccessibleName(tr("Which layers"));
    m_words->setPlaceholderText(QStringLiteral("fc2 of blocks 4-7"));
    m_words->setClearButtonEnabled(true);
    m_words->setToolTip(tr("Parts of names (fc2, attn.q*), \"weights\" or \"activations\", an operator, a role, and "
                           "\"blocks 4-7\" or \"blocks 0, 3\"; in English, in any order"));
    QStringList known;
    for (const std::string &word : tapFilterWords(m_model->graph))
        known << QString::fromStdString(word);
    auto *completer = new QCompleter(known, this);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_words->setCompleter(completer);
    m_type->setObjectName(QStringLiteral("bitsFilterType"));
    m_type->setAccessibleName(tr("Operator type"));
    m_type->addItem(tr("any"));
    QSet<QString> types;
    for (const Tap &tap : m_model->graph.taps) {
        const QString type = QString::fromLatin1(name(m_model->graph.nodes[static_cast<size_t>(tap.node)].op));
        if (isSwitchable(m_model->graph, tap) && !types.contains(type)) {
            types << type;
            m_type->addItem(type, type);
        }
    }
    m_bits->setObjectName(QStringLiteral("bitsFilterBits"));
    m_bits->setAccessibleName(tr("Bits"));
    m_bits->addItem(tr("Float"), static_cast<int>(FloatBits));
    for (int bits = kMostBits; bits >= kLeastBits; --bits)
        m_bits->addItem(tr("%1 bit").arg(bits), bits);
    m_bits->addItem(tr("As the recipe says"), static_cast<int>(RecipeBits));
    m_bits->setCurrentIndex(m_bits->findData(4));
    m_list->setObjectName(QStringLiteral("bitsFilterMatches"));
    m_list->setAccessibleName(tr("Layers found"));
    m_list->setUniformItemSizes(true);
    m_count->setObjectName(QStringLiteral("bitsFilterCount"));
    m_count->setWordWrap(true);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Apply | QDialogButtonBox::Close);
    m_apply = buttons->button(QDialogButtonBox::Apply);
    m_apply->setObjectName(QStringLiteral("bitsFilterApply"));
    buttons->button(QDialogButtonBox::Close)->setObjectName(QStringLiteral("bitsFilterClose"));
    auto *form = new QFormLayout;
    form->addRow(tr("&Layers"), m_words);
    form->addRow(tr("&Type"), m_type);
    form->addRow(tr("&Bits"), m_bits);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(m_count);
    layout->addWidget(m_list, 1);
    layout->addWidget(buttons);
    resize(420, 420);

    connect(m_words, &QLineEdit::textChanged, this, &BitsFilterDialog::find);
    connect(m_type, &QComboBox::currentIndexChanged, this, &BitsFilterDialog::find);
    connect(m_apply, &QPushButton::clicked, this, [this] { Q_EMIT bitsWanted(m_found, m_bits->currentData().toInt()); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    find();
}

void BitsFilterDialog::find()
{
    m_found.clear();
    QString reason;
    std::vector<int> taps;
    bool any = false;
    for (const QString &words : {m_words->text(), m_type->currentData().toString()}) { // both must hold
        if (words.trimmed().isEmpty() || !reason.isEmpty())
            continue;
        const auto some = findTaps(m_model->graph, words.toStdString());
        if (!some) {
            reason = QString::fromStdString(some.error().what + " (" + some.error().hint + ")");
            continue;
        }
        std::vector<int> both;
        std::set_intersection(taps.begin(), taps.end(), some->begin(), some->end(), std::back_inserter(both));
        taps = any ? std::move(both) : *some;
        any = true;
    }
    if (reason.isEmpty() && !any)
        reason = tr("Say which layers, or choose a type.");
    else if (reason.isEmpty() && taps.empty())
        reason = tr("No layer is all of that.");
    if (reason.isEmpty())
        for (const int tap : taps)
            m_found << QString::fromStdString(m_model->graph.taps[static_cast<size_t>(tap)].path);
    m_list->clear();
    m_list->addItems(m_found);
    m_count->setText(reason.isEmpty() ? tr("Layers: %1").arg(m_found.size()) : reason);
    m_apply->setEnabled(reason.isEmpty());
    m_apply->setToolTip(reason.isEmpty() ? tr("One step that can be undone") : reason);
}

} // namespace quantoscope
