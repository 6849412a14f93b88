// SPDX-License-Identifier: GPL-3.0-or-later
// Words of the domain in the user's language, and numbers in the user's locale. GUI thread.
#pragma once

#include "core/analysis/range_axis.h"
#include "core/analysis/tap_groups.h"
#include "core/base/result.h"
#include "core/data/graph.h"
#include "core/data/quantization.h"
#include "core/data/run_record.h"

#include <QCoreApplication>
#include <QString>

namespace quantoscope {

/// Where layers outside the transformer blocks stand.
enum class LayerPlace { BeforeBlocks, BetweenBlocks, AfterBlocks };

/// Per element of `taps` that has no block; others are BetweenBlocks. In order of execution.
[[nodiscard]] std::vector<LayerPlace> placesOf(const std::vector<Tap> &taps);

class Texts {
    Q_DECLARE_TR_FUNCTIONS(quantoscope::Texts)
public:
    [[nodiscard]] static QString role(Role role);                     ///< "attention weights (softmax)"
    [[nodiscard]] static QString tapGroup(const TapGroup &group);     ///< "LayerNorm inputs", "mlp.fc2", "weight"
    [[nodiscard]] static QString channelAxis(const Tap &tap);         ///< "Channel", "Head", "Output channel"
    [[nodiscard]] static QString rangeAxis(const Tap &tap, RangeAxis axis); ///< channelAxis, "Token", "Head"
    /// "channel 5", "class token", "patch in row 3, column 4", "window 2, row 1, column 0", "head 2", "k, head 1".
    [[nodiscard]] static QString place(const ModelInfo &model, const TapRecord &record, RangeAxis axis, int index);
    [[nodiscard]] static QString bits(const TapSetting &setting);     ///< "float", "8"
    [[nodiscard]] static QString setting(const TapSetting &setting);  ///< "uniform, ema, per tensor"
    /// "Embedding", "Block 3", "Between blocks", "Head".
    [[nodiscard]] static QString group(int block, LayerPlace place);
    [[nodiscard]] static QString granularity(const TapSetting &setting); ///< "per head", "in 3 groups"
    [[nodiscard]] static QString phase(const std::string &phase);     ///< of core Progress: "Calibrating", ...
    /// Name of a class of the run, its index where it has no name, "–" for -1.
    [[nodiscard]] static QString className(const RunRecord &run, int index);
    /// One sentence on what kind of failure it is; the core's own words belong under "Show details".
    [[nodiscard]] static QString error(const Error &error);
    /// what, where and hint of the error on lines of their own, untranslated.
    [[nodiscard]] static QString errorDetail(const Error &error);
    /// `digits` significant digits in the locale; "∞", "−∞", and an empty text for NaN.
    [[nodiscard]] static QString number(double value, int digits = 4);
    /// With `decimals` decimals and its sign: "+0.62", "−1.25", "0.00".
    [[nodiscard]] static QString signedNumber(double value, int decimals);
    [[nodiscard]] static QString percent(double value, int decimals = 2); ///< "78.92 %" from 78.92
    [[nodiscard]] static QString duration(double seconds);                ///< "42 s", "3 min 05 s", "2 h 10 min"
    /// What a built-in recipe does, in a line; a recipe of the user's has only its own words.
    [[nodiscard]] static QString recipeTitle(const std::string &name, const std::string &title);
    /// How pictures are prepared: "shorter side 256 bicubic, centre 224, mean ..., deviation ...".
    [[nodiscard]] static QString preprocessing(const Preprocessing &preprocessing);
    /// Recipe of a run in a line: "minmax + PTF + LIS 8/8/4", or "float".
    [[nodiscard]] static QString recipe(const RunRecord &run);
};

/// Path without the block's own prefix ("blocks.3.", "layers.1.blocks.0."): what distinguishes a tap inside its block.
[[nodiscard]] QString shortTapName(const Tap &tap);
/// "3.attn.softmax" for a tap of a block, else the path: short, yet unique.
[[nodiscard]] QString compactTapName(const Tap &tap);

} // namespace quantoscope
