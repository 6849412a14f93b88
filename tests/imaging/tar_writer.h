// SPDX-License-Identifier: GPL-3.0-or-later
// Tar archives as bytes, also such that no tar program would write.
#pragma once

#include <QByteArray>

#include <cstdio>

namespace quantoscope::test {

inline constexpr qsizetype tarBlock = 512;

struct TarHeader {
    QByteArray name;
    char type = '0';
    QByteArray size; ///< the field as it is written; empty: the content's
    QByteArray link;
};

inline QByteArray tarPadded(QByteArray content)
{
    return content.append((tarBlock - content.size() % tarBlock) % tarBlock, '\0');
}

/// Header and content of one member; names above 100 bytes with GNU's long name.
inline QByteArray tarMember(const TarHeader &header, const QByteArray &content)
{
    QByteArray bytes;
    if (header.name.size() > 100)
        bytes += tarMember({"././@LongLink", 'L', {}, {}}, header.name + '\0');
    QByteArray block(tarBlock, '\0');
    const auto put = [&block](qsizetype place, const QByteArray &text) {
        block.replace(place, text.size(), text);
    };
    put(0, header.name.left(100));
    put(100, "0000644");
    put(108, "0001750");
    put(116, "0001750");
    put(124, header.size.isEmpty() ? QByteArray::number(content.size(), 8).rightJustified(11, '0') : header.size);
    put(136, "14000000000");
    put(148, "        "); // the checksum is taken with blanks here
    block[156] = header.type;
    put(157, header.link);
    put(257, QByteArray("ustar  \0", 8));
    unsigned sum = 0;
    for (const char c : block)
        sum += static_cast<unsigned char>(c);
    put(148, QByteArray::number(sum, 8).rightJustified(6, '0') + '\0');
    return bytes + block + tarPadded(content);
}

inline QByteArray tarMember(const QByteArray &name, const QByteArray &content)
{
    return tarMember(TarHeader{name, '0', {}, {}}, content);
}

/// A member named by a pax header.
inline QByteArray paxMember(const QByteArray &name, const QByteArray &content)
{
    const QByteArray record = " path=" + name + "\n";
    qsizetype length = record.size() + 1; // the record states its own length, digits included
    while (record.size() + QByteArray::number(length).size() != length)
        ++length;
    return tarMember({"PaxHeader", 'x', {}, {}}, QByteArray::number(length) + record)
         + tarMember("short", content);
}

inline QByteArray tarEnd()
{
    return QByteArray(2 * tarBlock, '\0');
}

} // namespace quantoscope::test
