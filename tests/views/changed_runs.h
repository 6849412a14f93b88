// SPDX-License-Identifier: GPL-3.0-or-later
// Runs with logits on pictures that exist, whose predictions differ in plausible ways.
#pragma once

#include "core/jobs/workbench.h"

#include <QString>

#include <memory>

namespace quantoscope::sample {

inline constexpr int kNamedClasses = 60;

/// Writes `count` small pictures 0.png ... of which `distinct` differ; false when a file cannot be written.
[[nodiscard]] bool writePictures(const QString &folder, int count, int distinct = 24);

/// A run with a float and a quantized result on the pictures of `folder` (which need not exist), 60 classes with names.
/// Logits of the quantized result differ from those of the float one by noise of deviation `noise`; every class has a twin
/// that it is easily taken for. The float result depends on nothing but `count`.
[[nodiscard]] std::shared_ptr<RunRecord> changedRun(const QString &folder, int count, float noise, int seed);

} // namespace quantoscope::sample
