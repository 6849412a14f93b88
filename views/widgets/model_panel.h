// SPDX-License-Identifier: GPL-3.0-or-later
// The model tree with its filter and the buttons that switch bits.
#pragma once

#include <QWidget>

class QLineEdit;
class QMenu;
class QPushButton;
class QStackedLayout;
class QTreeView;

namespace quantoscope {

class FilterProxy;
class TapTreeModel;

/// Shows a TapTreeModel that it does not own. Keys in the tree: F float, 8, 6, 4 bits, R what the recipe says; they
/// act on all selected rows, a group meaning all taps in it. GUI thread.
class ModelPanel : public QWidget {
    Q_OBJECT
public:
    explicit ModelPanel(TapTreeModel *model, QWidget *parent = nullptr);

    /// Selects and shows the tap's row; -1 does nothing.
    void selectTap(int tap);
    /// Selects the rows of all these taps, for one change of bits; those that no row shows are left out.
    void selectTaps(const QStringList &paths);
    /// Paths of the taps that the selection means and whose bits can be switched, each once.
    [[nodiscard]] QStringList selectedPaths() const;
    [[nodiscard]] QTreeView *tree() const { return m_tree; }

public Q_SLOTS:
    void focusFilter();
    void applyBits(int bits); ///< to the selection: 2..8, FloatBits or RecipeBits

Q_SIGNALS:
    void modelWanted(); ///< the user has none and asks for one
    void tapSelected(int tap);
    void bitsEdited(const QStringList &tapPaths, int bits);
    void menuAboutToShow(QMenu *menu, const QString &tapPath); ///< empty menu of a row; an empty path: a group

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void updateButtons();
    void restoreTree();
    void showMenu(const QPoint &position);

    TapTreeModel *m_model;
    FilterProxy *m_proxy;
    QLineEdit *m_filter;
    QTreeView *m_tree;
    QStackedLayout *m_stack;
    QList<QPushButton *> m_buttons;
};

} // namespace quantoscope
