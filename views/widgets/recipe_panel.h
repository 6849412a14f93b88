// SPDX-License-Identifier: GPL-3.0-or-later
// The form of a run: recipe, bits, images, calibration set; and its progress.
#pragma once

#include "core/jobs/workbench.h"
#include "core/quantization/recipe.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace quantoscope {

/// Holds no state but its fields. The model part of the request is the window's. GUI thread.
class RecipePanel : public QWidget {
    Q_OBJECT
public:
    explicit RecipePanel(QWidget *parent = nullptr);

    /// Everything but RunRequest::model and QuantizationRequest::planJson.
    [[nodiscard]] RunRequest request() const;
    void setRequest(const RunRequest &request);
    void setQuantization(const QuantizationRequest &quantization); ///< the plan is not the form's
    void setDataFolder(const QString &folder);
    void setModel(const ModelInfo *info); ///< for the preprocessing line; null: no model
    void setBusy(bool busy);
    void setProgress(const Progress &progress);
    /// Why Run is disabled; an empty text when it is not.
    [[nodiscard]] QString whyNot() const;
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void runRequested();
    void cancelRequested();
    void quantizationChanged(); ///< recipe, PTF, LIS, search or bits
    void readinessChanged();    ///< whyNot() may have changed

private:
    QWidget *makeForm();
    QWidget *makeFooter();
    QWidget *browseRow(QLineEdit *edit, const QString &what, bool folder);
    void updateState();
    void editPreprocessing();
    void showPreprocessing();
    [[nodiscard]] const Recipe *chosenRecipe() const;
    /// The model's preprocessing, with the chosen recipe's on top.
    [[nodiscard]] Preprocessing ownPreprocessing() const;

    std::vector<Recipe> m_recipes; ///< in the order of m_recipe's items
    QComboBox *m_recipe = nullptr;
    QLabel *m_recipeText = nullptr;
    QCheckBox *m_ptf = nullptr;
    QCheckBox *m_lis = nullptr;
    QCheckBox *m_search = nullptr;
    QCheckBox *m_sequential = nullptr;
    QSpinBox *m_weightBits = nullptr;
    QSpinBox *m_activationBits = nullptr;
    QSpinBox *m_attentionBits = nullptr;
    QLineEdit *m_folder = nullptr;
    QComboBox *m_split = nullptr;
    QLineEdit *m_list = nullptr;
    QSpinBox *m_limit = nullptr;
    QSpinBox *m_batch = nullptr;
    QLabel *m_preprocessing = nullptr;
    QLineEdit *m_calibrationList = nullptr;
    QSpinBox *m_calibrationCount = nullptr;
    QSpinBox *m_calibrationSeed = nullptr;
    QSpinBox *m_calibrationBatch = nullptr;
    QCheckBox *m_float = nullptr;
    QCheckBox *m_quantize = nullptr;
    QCheckBox *m_analyze = nullptr;
    QSpinBox *m_analysisImages = nullptr;
    QPushButton *m_run = nullptr;
    QPushButton *m_cancel = nullptr;
    QProgressBar *m_bar = nullptr;
    QLabel *m_status = nullptr;
    QPushButton *m_editPreprocessing = nullptr;
    Preprocessing m_modelPreprocessing;
    std::string m_searchJson;   ///< of the request that was set, for its recipe; of its fields one has a control
    std::string m_searchRecipe;
    std::optional<Preprocessing> m_chosenPreprocessing; ///< differs from ownPreprocessing()
    bool m_hasModel = false;
    bool m_busy = false;
};

} // namespace quantoscope
