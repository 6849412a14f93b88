// SPDX-License-Identifier: GPL-3.0-or-later
// Where tests find real data. It is not part of the project, so tests that need it skip, with the reason, without it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace quantoscope::testing {

/// Folder of the test data: QUANTOSCOPE_DATA, or `shared` beside the project's root.
[[nodiscard]] std::string dataFolder();
/// Path below dataFolder(); empty when it does not exist.
[[nodiscard]] std::string dataPath(const std::string &relative);
/// Parsed JSON file; a null value when it is missing or broken.
[[nodiscard]] nlohmann::json readJson(const std::string &path);

/// A float32 .npy array in C order.
struct NpyArray {
    std::vector<int64_t> shape;
    std::vector<float> values;
};
/// Empty values when the file is missing or no little-endian float32 array.
[[nodiscard]] NpyArray readNpy(const std::string &path);

} // namespace quantoscope::testing

/// Path of a piece of test data, or skips the running test function with the reason.
#define QUANTOSCOPE_NEED_DATA(variable, relative)                                                                      \
    const std::string variable = quantoscope::testing::dataPath(relative);                                             \
    if (variable.empty())                                                                                              \
    QSKIP(qPrintable(QStringLiteral("needs %1 in %2 (set QUANTOSCOPE_DATA)")                                           \
                         .arg(QLatin1String(relative), QString::fromStdString(quantoscope::testing::dataFolder()))))
