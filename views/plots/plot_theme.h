// SPDX-License-Identifier: GPL-3.0-or-later
// Colours of plots: the colour-blind safe palette of Okabe and Ito (2008), tuned to the background.
#pragma once

#include <QColor>

#include <vector>

class QPalette;

namespace quantoscope {

struct PlotTheme {
    QColor background;
    QColor text;
    QColor grid;
    QColor neutral; ///< histograms, boxes: data that is not compared
    QColor first;   ///< blue; with circles and solid lines
    QColor second;  ///< vermillion; with squares and dashed lines
    QColor third;   ///< bluish green; with triangles
    QColor fourth;  ///< reddish purple; with diamonds
    QColor selection;

    /// Viridis (van der Walt and Smith), perceptually uniform and readable with any colour vision: colours at equal steps.
    [[nodiscard]] static std::vector<QColor> sequentialColors();
    [[nodiscard]] static PlotTheme fromPalette(const QPalette &palette);
    [[nodiscard]] static PlotTheme print(); ///< white background, for exported files
};

} // namespace quantoscope
