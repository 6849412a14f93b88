// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/bits_menu.h"

#include "core/quantization/recipe.h"
#include "views/models/item_roles.h"
#include "views/models/texts.h"

#include <QCoreApplication>
#include <QMenu>

namespace quantoscope {

namespace {

class BitsMenu {
    Q_DECLARE_TR_FUNCTIONS(quantoscope::BitsMenu)
};

/// Switchable taps for which `wanted` holds.
template <typename Wanted>
QStringList pathsWhere(const Graph &graph, Wanted wanted)
{
    QStringList paths;
    for (const Tap &tap : graph.taps)
        if (wanted(tap) && isSwitchable(graph, tap))
            paths << QString::fromStdString(tap.path);
    return paths;
}

} // namespace

void addBitsMenus(QMenu &menu, QAction *before, const OpenedModelPtr &model, const QString &tapPath,
                  const QStringList &selectedPaths, const std::function<void(const QStringList &, int)> &apply)
{
    const auto add = [&](const char *name, const QString &title, const QStringList &paths, const QString &reason) {
        auto *widths = new QMenu(title, &menu);
        widths->setObjectName(QLatin1String(name));
        QAction *entry = menu.insertMenu(before, widths);
        entry->setEnabled(reason.isEmpty());
        entry->setToolTip(reason.isEmpty() ? BitsMenu::tr("Layers: %1").arg(paths.size())
                                           : reason);
        const auto choice = [&](const QString &text, int bits) {
            widths->addAction(text, widths, [apply, paths, bits] { apply(paths, bits); })->setData(bits);
        };
        choice(BitsMenu::tr("&Float"), FloatBits);
        for (int bits = kMostBits; bits >= kLeastBits; --bits)
            choice(BitsMenu::tr("&%1 bit").arg(bits), bits);
        choice(BitsMenu::tr("As the &recipe says"), RecipeBits);
    };
    const int index = model ? model->graph.findTap(tapPath.toStdString()) : -1;
    if (index < 0) {
        add("bitsOfTap", BitsMenu::tr("Bits of this layer"), {},
            !model ? BitsMenu::tr("Open the checkpoint of this run to change bits.")
                   : BitsMenu::tr("Select a layer first."));
        return;
    }
    const Graph &graph = model->graph;
    const Tap &tap = graph.taps[static_cast<size_t>(index)];
    const Operator op = graph.nodes[static_cast<size_t>(tap.node)].op;
    const QString reason = isSwitchable(graph, tap)
        ? QString()
        : BitsMenu::tr("Only re-arranges values that another tap already quantizes, so it has no bits of its own.");
    if (selectedPaths.size() > 1)
        add("bitsOfSelection", BitsMenu::tr("Bits of the %1 selected layers").arg(selectedPaths.size()), selectedPaths, {});
    add("bitsOfTap", BitsMenu::tr("Bits of %1").arg(tapPath), {tapPath}, reason);
    if (tap.block >= 0) {
        const std::string own = nameInBlock(tap);
        add("bitsOfName", BitsMenu::tr("Bits of %1 in all blocks").arg(QString::fromStdString(own)),
            pathsWhere(graph, [&](const Tap &other) { return other.block >= 0 && nameInBlock(other) == own; }), reason);
        add("bitsOfBlock", BitsMenu::tr("Bits of all of block %1").arg(tap.block),
            pathsWhere(graph, [&](const Tap &other) { return other.block == tap.block; }), {});
    }
    const QString type = QString::fromLatin1(name(op));
    add("bitsOfType",
        (tap.kind == TapKind::Weight ? BitsMenu::tr("Bits of all weights of type %1")
                                     : BitsMenu::tr("Bits of all values of type %1"))
            .arg(type),
        pathsWhere(graph,
                   [&](const Tap &other) {
                       return graph.nodes[static_cast<size_t>(other.node)].op == op
                           && (other.kind == TapKind::Weight) == (tap.kind == TapKind::Weight);
                   }),
        reason);
}

} // namespace quantoscope
