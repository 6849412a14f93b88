// SPDX-License-Identifier: GPL-3.0-or-later
// The model tree: groups (embedding, blocks, head) -> operators with their output tap -> weight taps.
#pragma once

#include "core/analysis/plan_prediction.h"
#include "core/jobs/workbench.h"
#include "views/models/item_roles.h"
#include "views/models/texts.h"

#include <QAbstractItemModel>
#include <QSet>
#include <QStringList>

#include <vector>

namespace quantoscope {

/// Shows taps of an opened model, or of a run alone when no checkpoint is open. Settings, edits and figures are given
/// from outside; the model only announces what the user wants changed. GUI thread.
class TapTreeModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Name, Bits, Setting, SqnrIsolated, SqnrCumulative, Cosine, Mse, Minimum, Maximum, OnlyThisKl, ColumnCount };

    explicit TapTreeModel(QObject *parent = nullptr);
    ~TapTreeModel() override;

    /// A new graph: resets the tree, the settings, the edits and the run.
    void setOpenedModel(OpenedModelPtr model);
    /// Figures of a run. Ignored, apart from being kept, while its taps are not those of the opened model.
    /// Without an opened model the run's own taps make the tree.
    void setRun(RunRecordPtr run);
    /// One per Graph::taps; a vector of another length shows no settings.
    void setSettings(std::vector<TapSetting> settings);
    /// Paths whose bits the user changed against the recipe; shown bold with a mark.
    void setEditedTaps(const QSet<QString> &paths);
    /// What the plan is predicted to do to the isolated SQNR, one per tap; shown in place of the run's where it differs, with
    /// a mark. A vector of another length shows none.
    void setPredictions(std::vector<TapPrediction> predictions);
    /// false: all taps in one list, so that sorting ranks the whole network.
    void setGrouped(bool grouped);
    [[nodiscard]] bool isGrouped() const { return m_grouped; }

    [[nodiscard]] QModelIndex indexOfTap(int tap, int column = Name) const; ///< invalid when unknown
    [[nodiscard]] const std::vector<Tap> &taps() const { return m_taps; }

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    /// Bits column: announces the wish by bitsEdited and returns true; the value changes when new settings arrive.
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    /// `bits`: 2..8, FloatBits or RecipeBits.
    void bitsEdited(const QStringList &tapPaths, int bits);

private:
    struct Item {
        int parent = -1; ///< index into m_items; -1: top level
        int row = 0;
        int tap = -1; ///< -1: a group
        int block = -1;
        LayerPlace place = LayerPlace::BeforeBlocks; ///< of a group without block
        std::vector<int> children;
    };

    void rebuild();
    int addItem(int parent, int tap);
    void itemsChanged(int firstColumn, int lastColumn);
    [[nodiscard]] const Item *itemAt(const QModelIndex &index) const;
    [[nodiscard]] const TapRecord *record(int tap) const;
    [[nodiscard]] const TapSetting *setting(int tap) const;
    [[nodiscard]] const TapPrediction *prediction(int tap) const; ///< null where the run's figure holds
    [[nodiscard]] bool isSwitchableTap(int tap) const;
    [[nodiscard]] QString reason(const Item &item) const;
    [[nodiscard]] QStringList switchableTaps(const Item &item) const;
    [[nodiscard]] QString groupBits(const Item &group) const;
    [[nodiscard]] bool isEdited(const Item &item) const;
    [[nodiscard]] QVariant figure(const Item &item, int column) const;
    [[nodiscard]] QVariant display(const Item &item, int column) const;
    [[nodiscard]] QString toolTip(const Item &item, int column) const;

    OpenedModelPtr m_model;
    RunRecordPtr m_run;
    bool m_runFits = false;
    bool m_grouped = true;
    std::vector<Tap> m_taps;
    std::vector<LayerPlace> m_places; ///< per tap
    std::vector<char> m_switchable;
    std::vector<TapSetting> m_settings;
    QSet<QString> m_edited;
    std::vector<TapPrediction> m_predictions;
    std::vector<Item> m_items;
    std::vector<int> m_top;
    std::vector<int> m_itemOfTap;
};

} // namespace quantoscope
