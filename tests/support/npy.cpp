// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_data.h"

#include <cstring>
#include <fstream>
#include <sstream>

namespace quantoscope::testing {

NpyArray readNpy(const std::string &path)
{
    std::ifstream in(path, std::ios::binary);
    char magic[10] = {};
    in.read(magic, sizeof magic);
    NpyArray array;
    if (!in || std::memcmp(magic, "\x93NUMPY\x01", 7) != 0)
        return array;
    std::string header(static_cast<unsigned char>(magic[8]) + 256U * static_cast<unsigned char>(magic[9]), '\0');
    in.read(header.data(), static_cast<std::streamsize>(header.size()));
    if (header.find("'<f4'") == std::string::npos || header.find("'fortran_order': False") == std::string::npos)
        return array;
    std::istringstream extents(header.substr(header.find("'shape': (") + 10));
    size_t count = 1;
    for (int64_t extent = 0; extents >> extent; extents.ignore(2, ',')) {
        array.shape.push_back(extent);
        count *= static_cast<size_t>(extent);
    }
    array.values.resize(count);
    in.read(reinterpret_cast<char *>(array.values.data()), static_cast<std::streamsize>(count * sizeof(float)));
    if (!in)
        array.values.clear();
    return array;
}

} // namespace quantoscope::testing
