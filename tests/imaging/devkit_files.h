// SPDX-License-Identifier: GPL-3.0-or-later
// A development kit of ILSVRC 2012 as small as the tests need it.
#pragma once

#include "core/imaging/synsets.h"

#include <QByteArray>
#include <QFile>
#include <QList>
#include <QString>

#include <matio.h>

#include <memory>

namespace quantoscope::test {

/// Class index of each ILSVRC2012_ID from 1, neither the order of wnids nor its reverse. 389 has no common divisor
/// with 1000, so every class occurs once.
inline int classOfId(int id)
{
    return (id * 389 + 7) % 1000;
}

inline int idOfClass(int index)
{
    int id = 1;
    while (classOfId(id) != index)
        ++id;
    return id;
}

inline QByteArray matTag(int type, qsizetype size)
{
    const qint32 words[2] = {type, static_cast<qint32>(size)};
    return {reinterpret_cast<const char *>(words), sizeof words};
}

/// meta.mat with the 1000 classes and some inner nodes of the hierarchy behind them, as the real one has.
inline bool writeMetaMat(const QString &path, bool compressed = true, bool repeatedId = false)
{
    constexpr size_t count = 1010;
    size_t dimensions[2] = {count, 1};
    const char *fields[] = {"ILSVRC2012_ID", "WNID", "words"};
    const std::unique_ptr<matvar_t, decltype(&Mat_VarFree)> synsets(
        Mat_VarCreateStruct("synsets", 2, dimensions, fields, 3), Mat_VarFree);
    for (size_t i = 0; i < count; ++i) {
        const int number = static_cast<int>(i) + 1;
        double id = repeatedId && i == 5 ? 1 : number;
        QByteArray wnid = i < 1000
                            ? QByteArray::fromStdString(imagenetWnids()[static_cast<size_t>(classOfId(number))])
                            : "n9000000" + QByteArray::number(number % 10);
        size_t one[2] = {1, 1};
        size_t length[2] = {1, static_cast<size_t>(wnid.size())};
        Mat_VarSetStructFieldByName(synsets.get(), "ILSVRC2012_ID", i,
                                    Mat_VarCreate(nullptr, MAT_C_DOUBLE, MAT_T_DOUBLE, 2, one, &id, 0));
        for (const char *field : {"WNID", "words"})
            Mat_VarSetStructFieldByName(
                synsets.get(), field, i,
                Mat_VarCreate(nullptr, MAT_C_CHAR, MAT_T_UINT8, 2, length, wnid.data(), 0));
    }
    mat_t *file = Mat_CreateVer(QFile::encodeName(path).constData(), nullptr, MAT_FT_MAT5);
    const bool written = file && Mat_VarWrite(file, synsets.get(), MAT_COMPRESSION_NONE) == 0;
    if (file)
        Mat_Close(file);
    if (!written || !compressed)
        return written;
    // Not left to matio, which states a wrong size inside the stream.
    QFile whole(path);
    if (!whole.open(QIODevice::ReadWrite))
        return false;
    const QByteArray header = whole.read(128);
    const QByteArray stream = qCompress(whole.readAll()).mid(4);
    return whole.resize(0) && whole.seek(0) && whole.write(header + matTag(15, stream.size()) + stream) > 128;
}

/// An element as MATLAB writes it: up to four bytes lie in the tag itself.
inline QByteArray matElement(int type, const QByteArray &data)
{
    if (data.size() <= 4)
        return matTag(type | static_cast<int>(data.size()) << 16, 0).left(4) + data.leftJustified(4, '\0');
    return matTag(type, data.size()) + data + QByteArray((8 - data.size() % 8) % 8, '\0');
}

/// meta.mat of one synset in the compact types that MATLAB chooses: ID as 16 bit integer, WNID in UTF-16.
inline QByteArray compactMetaMat(int id, const QByteArray &wnid)
{
    const auto number = [](qint32 value) { return QByteArray(reinterpret_cast<const char *>(&value), 4); };
    const auto array = [&](int kind, int rows, qsizetype columns, const QByteArray &name, const QByteArray &rest) {
        return matElement(14, matElement(6, number(kind) + number(0))
                                  + matElement(5, number(rows) + number(static_cast<int>(columns)))
                                  + matElement(1, name) + rest);
    };
    QByteArray wide;
    for (const char c : wnid)
        wide += QByteArray(1, c) + '\0';
    const QByteArray names =
        QByteArray("WNID").leftJustified(14, '\0') + QByteArray("ILSVRC2012_ID").leftJustified(14, '\0');
    return QByteArray("MATLAB 5.0 MAT-file").leftJustified(124, ' ') + QByteArray("\0\1IM", 4)
         + array(6, 1, 1, "other", matElement(9, QByteArray(8, '\0')))
         + array(2, 1, 1, "synsets",
                 matElement(5, number(14)) + matElement(1, names)
                     + array(4, 1, wnid.size(), {}, matElement(17, wide))
                     + array(6, 1, 1, {}, matElement(4, number(id).left(2))));
}

/// Lines of ILSVRC2012_validation_ground_truth.txt.
inline QByteArray groundTruth(const QList<int> &labels)
{
    QByteArray lines;
    for (const int label : labels)
        lines += QByteArray::number(idOfClass(label)) + '\n';
    return lines;
}

/// map_clsloc.txt.
inline QByteArray classMap()
{
    QByteArray lines;
    for (int id = 1; id <= 1000; ++id)
        lines += QByteArray::fromStdString(imagenetWnids()[static_cast<size_t>(classOfId(id))]) + ' '
               + QByteArray::number(id) + " some_name\n";
    return lines;
}

} // namespace quantoscope::test
