// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_data.h"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace quantoscope::testing {

std::string dataFolder()
{
    const char *configured = std::getenv("QUANTOSCOPE_DATA");
    return configured && *configured ? configured : QUANTOSCOPE_SOURCE_DIR "/../shared";
}

std::string dataPath(const std::string &relative)
{
    const std::filesystem::path path = std::filesystem::path(dataFolder()) / relative;
    std::error_code ignored;
    return std::filesystem::exists(path, ignored) ? path.lexically_normal().string() : std::string();
}

nlohmann::json readJson(const std::string &path)
{
    std::ifstream in(path);
    nlohmann::json document = nlohmann::json::parse(in, nullptr, false);
    return document.is_discarded() ? nlohmann::json() : document;
}

} // namespace quantoscope::testing
