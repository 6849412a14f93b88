// SPDX-License-Identifier: GPL-3.0-or-later
// Small files made by the tests themselves.
#pragma once

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QString>
#include <QtEndian>

#include <cstdint>

namespace quantoscope::test {

inline bool writeFile(const QString &path, const QByteArray &content)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

/// Channel value of the pictures below: different for every seed, place and channel.
inline uint8_t bmpValue(int seed, int x, int y, int channel)
{
    return static_cast<uint8_t>(seed * 31 + x * 3 + y * 7 + channel * 50);
}

/// An uncompressed 24-bit BMP.
inline QByteArray bmp(int width, int height, int seed)
{
    const int stride = (width * 3 + 3) / 4 * 4;
    QByteArray file(54 + stride * height, '\0');
    const auto put32 = [&file](int offset, int value) { qToLittleEndian<qint32>(value, file.data() + offset); };
    file.replace(0, 2, "BM");
    put32(2, static_cast<int>(file.size()));
    put32(10, 54);
    put32(14, 40);
    put32(18, width);
    put32(22, height);
    put32(26, 1 | 24 << 16); // planes, bits per pixel
    put32(34, stride * height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < 3; ++c) // rows from bottom to top, blue first
                file[54 + (height - 1 - y) * stride + x * 3 + 2 - c] = static_cast<char>(bmpValue(seed, x, y, c));
    return file;
}

} // namespace quantoscope::test
