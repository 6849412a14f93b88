// SPDX-License-Identifier: GPL-3.0-or-later
// Archives are indexed by their headers and read in place; broken ones are refused by name.
#include "core/imaging/crop_cache.h"
#include "core/imaging/image_source.h"
#include "core/imaging/tar_archive.h"

#include "tar_writer.h"
#include "test_files.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <random>

using namespace quantoscope;
using test::tarEnd;
using test::tarMember;

namespace {

QByteArray text(const Result<std::vector<std::byte>> &bytes)
{
    if (!bytes)
        return "error: " + QByteArray::fromStdString(bytes.error().message());
    return {reinterpret_cast<const char *>(bytes->data()), static_cast<qsizetype>(bytes->size())};
}

QByteArray names(std::span<const TarMember> members)
{
    QByteArrayList list;
    for (const TarMember &member : members)
        list << QByteArray::fromStdString(member.name);
    return list.join(' ');
}

} // namespace

class TestTarArchive : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    [[nodiscard]] QString path(const QString &name) const { return m_folder->filePath(name); }
    [[nodiscard]] std::string write(const QByteArray &content, const QString &name = QStringLiteral("a.tar")) const
    {
        test::writeFile(path(name), content);
        return path(name).toStdString();
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void membersAreFoundByNameAndReadInPlace();
    void archivesOfTheTarProgramAreRead_data();
    void archivesOfTheTarProgramAreRead();
    void anArchiveInAnArchiveIsAFolder();
    void foldersOfAnArchiveAreListed();
    void aChangedArchiveIsIndexedAgain();
    void offsetsBeyond4GiBAreKept();
    void brokenArchivesAreRefused_data();
    void brokenArchivesAreRefused();
    void everyTruncationIsRefused();
    void damagedArchivesNeverCrash();
    void membersHaveAStampOfTheirArchive();
};

void TestTarArchive::membersAreFoundByNameAndReadInPlace()
{
    const QByteArray longName = "deep/" + QByteArray(180, 'n') + ".JPEG";
    const std::string file =
        write(tarMember("./b/two.JPEG", QByteArray(700, '2')) + tarMember("a//one.JPEG", "1")
              + tarMember(longName, "long") + test::paxMember("pax/\xC3\xA4.png", "pax")
              + tarMember(test::TarHeader{"b/", '5', {}, {}}, {}) + tarMember("empty", "") + tarEnd());
    const auto archive = TarArchive::open(file);
    QVERIFY2(archive, archive ? "" : archive.error().message().c_str());
    QCOMPARE(names((*archive)->members()), "a/one.JPEG b/two.JPEG " + longName + " empty pax/\xC3\xA4.png");
    QCOMPARE(names((*archive)->below("b")), QByteArray("b/two.JPEG"));
    QVERIFY((*archive)->below("a/one.JPEG").empty());
    QVERIFY(!(*archive)->find("b"));
    QCOMPARE(text(readImage(file + "/b/two.JPEG")), QByteArray(700, '2'));
    QCOMPARE(text(readImage(file + "/a/one.JPEG")), QByteArray("1"));
    QCOMPARE(text(readImage(file + "/" + longName.toStdString())), QByteArray("long"));
    QCOMPARE(text(readImage(file + "/pax/\xC3\xA4.png")), QByteArray("pax"));
    QCOMPARE(text(readImage(file + "/empty")), QByteArray());
    QCOMPARE(readImage(file + "/b/none.JPEG").error().code, ErrorCode::NotFound);
    QCOMPARE(readImage(file + "/b").error().code, ErrorCode::NotFound);
    QVERIFY(imageExists(file + "/b/two.JPEG"));
    QVERIFY(!imageExists(file + "/b"));
}

void TestTarArchive::archivesOfTheTarProgramAreRead_data()
{
    QTest::addColumn<QString>("format");
    for (const char *format : {"gnu", "oldgnu", "pax", "ustar", "v7"})
        QTest::newRow(format) << QString::fromLatin1(format);
}

void TestTarArchive::archivesOfTheTarProgramAreRead()
{
    QFETCH(QString, format);
    const QString part(30, u'd');
    const QString deep = format == u"v7" ? QStringLiteral("x/deep.jpg")
                                         : QStringLiteral("x/%1/%1/%1/%1/deep.jpg").arg(part); // above 100 bytes
    QVERIFY(test::writeFile(path("in/x/a b.jpg"), "first"));
    QVERIFY(test::writeFile(path("in/" + deep), QByteArray(5000, 'd')));
    QCOMPARE(QProcess::execute("tar", {"--format", format, "-C", path("in"), "-cf", path("t.tar"), "."}), 0);
    const std::string file = path("t.tar").toStdString();
    QCOMPARE(text(readImage(file + "/x/a b.jpg")), QByteArray("first"));
    QCOMPARE(text(readImage(file + "/" + deep.toStdString())), QByteArray(5000, 'd'));
    QCOMPARE(imagesBelow(file)->size(), size_t{2});
}

void TestTarArchive::anArchiveInAnArchiveIsAFolder()
{
    const QByteArray inner =
        tarMember("x_1.JPEG", "one") + tarMember("x_2.JPEG", QByteArray(1000, '2')) + tarEnd();
    const QByteArray deeper = tarMember("inner.tar", inner) + tarEnd();
    const std::string file = write(tarMember("n01440764.tar", inner) + tarMember("n01443537.tar", inner)
                                   + tarMember("z.tar", deeper) + tarEnd());
    const auto archive = TarArchive::open(file);
    QVERIFY2(archive, archive ? "" : archive.error().message().c_str());
    QCOMPARE(names((*archive)->members()),
             QByteArray("n01440764.tar/x_1.JPEG n01440764.tar/x_2.JPEG n01443537.tar/x_1.JPEG "
                        "n01443537.tar/x_2.JPEG z.tar/inner.tar")); // two levels, no more
    QCOMPARE(text(readImage(file + "/n01440764.tar/x_1.JPEG")), QByteArray("one"));
    QCOMPARE(text(readImage(file + "/n01443537.tar/x_2.JPEG")), QByteArray(1000, '2'));

    // Cut inside: the inner archive is named.
    const std::string bad = write(tarMember("n01440764.tar", inner)
                                  + tarMember("n01443537.tar", inner.first(inner.size() - 2000)) + tarEnd());
    const auto refused = TarArchive::open(bad);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::CorruptFile);
    QCOMPARE(refused.error().where, bad + "/n01443537.tar");
}

void TestTarArchive::foldersOfAnArchiveAreListed()
{
    const QByteArray inner = tarMember("x.JPEG", "x") + tarEnd();
    const std::string file =
        write(tarMember("v/a/1.png", "1") + tarMember("v/a-b/2.png", "2") + tarMember("v/0.png", "0")
              + tarMember("v/._0.png", "resource fork") + tarMember("v/note", "") + tarMember("v/c.tar", inner)
              + tarMember("v/.hidden/h.png", "h") + tarEnd());
    const auto top = listFolder(file);
    QVERIFY2(top, top ? "" : top.error().message().c_str());
    QVERIFY((top->folders == std::vector<std::string>{"v"}));
    const auto v = listFolder(file + "/v");
    QVERIFY(v);
    QVERIFY((v->folders == std::vector<std::string>{"a", "a-b"}));
    QVERIFY((v->archives == std::vector<std::string>{"c.tar"}));
    QVERIFY((v->images == std::vector<std::string>{"0.png"}));
    QVERIFY((*imagesBelow(file + "/v/a") == std::vector<std::string>{"1.png"}));
    QVERIFY((*imagesBelow(file + "/v")
             == std::vector<std::string>{"0.png", ".hidden/h.png", "a/1.png", "a-b/2.png", "c.tar/x.JPEG"}));
    QVERIFY(folderExists(file) && folderExists(file + "/v/a") && folderExists(file + "/v/c.tar"));
    QVERIFY(!folderExists(file + "/v/0.png") && !folderExists(file + "/w"));
}

void TestTarArchive::aChangedArchiveIsIndexedAgain()
{
    const std::string file = write(tarMember("a.png", "old") + tarEnd());
    QCOMPARE(TarArchive::open(file)->get(), TarArchive::open(file)->get());
    QCOMPARE(text(readImage(file + "/a.png")), QByteArray("old"));
    QVERIFY(write(tarMember("b.png", "padding") + tarMember("a.png", "newer") + tarEnd()) == file);
    QCOMPARE(text(readImage(file + "/a.png")), QByteArray("newer"));
}

void TestTarArchive::offsetsBeyond4GiBAreKept()
{
    // A hole of 5 GiB takes no room on disk.
    constexpr qint64 hole = qint64{5} << 30;
    const QByteArray first =
        tarMember(test::TarHeader{"big", '0', QByteArray::number(hole, 8).rightJustified(11, '0'), {}}, {});
    const QByteArray last = tarMember("n01440764.tar", tarMember("last.JPEG", "the last") + tarEnd()) + tarEnd();
    QFile file(path("large.tar"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(first) == first.size());
    if (!file.seek(first.size() + hole) || file.write(last) != last.size())
        QSKIP("the temporary folder holds no sparse file of 5 GiB");
    file.close();
    const std::string name = path("large.tar").toStdString();
    QCOMPARE(text(readImage(name + "/n01440764.tar/last.JPEG")), QByteArray("the last"));
    QCOMPARE(readImage(name + "/big").error().code, ErrorCode::Unsupported); // no image, and not read into memory
}

void TestTarArchive::brokenArchivesAreRefused_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QByteArray>("mention");
    const QByteArray good = tarMember("a.JPEG", QByteArray(1000, 'a'));
    const auto sized = [](const QByteArray &size) {
        return tarMember(test::TarHeader{"a.JPEG", '0', size, {}}, QByteArray(1000, 'a')) + tarEnd();
    };
    const auto row = [](const char *name, const QByteArray &content, ErrorCode code, const char *mention) {
        QTest::newRow(name) << content << code << QByteArray(mention);
    };
    row("empty file", {}, ErrorCode::Unsupported, "not a tar archive");
    row("text", QByteArray("some notes\n").repeated(100), ErrorCode::Unsupported, "not a tar archive");
    row("JPEG", QByteArray::fromHex("ffd8ffe000104a464946").leftJustified(2000, 'x'), ErrorCode::Unsupported,
        "not a tar");
    row("gzip", QByteArray::fromHex("1f8b0800").leftJustified(2000, 'x'), ErrorCode::Unsupported, "gzip");
    row("zip", QByteArray("PK\3\4").leftJustified(2000, 'x'), ErrorCode::Unsupported, "zip");
    row("xz", QByteArray::fromHex("fd377a585a00").leftJustified(2000, 'x'), ErrorCode::Unsupported, "xz");
    row("no end mark", good, ErrorCode::CorruptFile, "end mark");
    row("broken second header", good + QByteArray(600, 'x') + tarEnd(), ErrorCode::CorruptFile, "broken tar");
    row("size beyond the end", sized("00007777777"), ErrorCode::CorruptFile, "beyond the archive's end");
    row("largest octal size", sized("77777777777"), ErrorCode::CorruptFile, "beyond the archive's end");
    row("size of 2^62 in base 256", sized(QByteArray::fromHex("800000004000000000000000")), ErrorCode::CorruptFile,
        "");
    row("size above 64 bits", sized(QByteArray::fromHex("80ffffffffffffffffffffff")), ErrorCode::CorruptFile, "");
    row("negative size", sized(QByteArray::fromHex("ffffffffffffffffffffff00")), ErrorCode::CorruptFile, "");
    row("upward name", good + tarMember("x/../../b.JPEG", "b") + tarEnd(), ErrorCode::CorruptFile,
        "\"x/../../b.JPEG\"");
    row("absolute name", good + tarMember("/etc/b.JPEG", "b") + tarEnd(), ErrorCode::CorruptFile,
        "\"/etc/b.JPEG\"");
    row("name twice", good + tarMember("./a.JPEG", "b") + tarEnd(), ErrorCode::CorruptFile, "occurs twice");
    row("symbolic link", tarMember(test::TarHeader{"a.JPEG", '2', {}, "b.JPEG"}, {}) + tarEnd(),
        ErrorCode::Unsupported, "link");
    row("hard link", good + tarMember(test::TarHeader{"b.JPEG", '1', {}, "a.JPEG"}, {}) + tarEnd(),
        ErrorCode::Unsupported, "link");
    row("inner text", tarMember("n01440764.tar", "no tar") + tarEnd(), ErrorCode::Unsupported,
        "a.tar/n01440764.tar");
}

void TestTarArchive::brokenArchivesAreRefused()
{
    QFETCH(QByteArray, content);
    QFETCH(ErrorCode, code);
    QFETCH(QByteArray, mention);
    const std::string file = write(content);
    const auto archive = TarArchive::open(file);
    QVERIFY(!archive);
    QCOMPARE(archive.error().code, code);
    QVERIFY2(archive.error().message().find(mention.toStdString()) != std::string::npos,
             archive.error().message().c_str());
    QVERIFY(archive.error().where.starts_with(file));
}

void TestTarArchive::everyTruncationIsRefused()
{
    const QByteArray inner = tarMember("x.JPEG", "x") + tarEnd();
    const QByteArray whole = tarMember("a.JPEG", QByteArray(600, 'a')) + tarMember("n01440764.tar", inner);
    for (qsizetype size = 0; size <= whole.size(); size += 64)
        QVERIFY2(!TarArchive::open(write(whole.first(size), QStringLiteral("%1.tar").arg(size))),
                 qPrintable(QString::number(size)));
    QVERIFY(TarArchive::open(write(whole + tarEnd())));
}

void TestTarArchive::damagedArchivesNeverCrash()
{
    const QByteArray inner = test::paxMember("pax/x.JPEG", QByteArray(300, 'x')) + tarEnd();
    const QByteArray whole = tarMember(QByteArray(150, 'l') + ".JPEG", QByteArray(600, 'a'))
                           + tarMember("n01440764.tar", inner) + tarMember("b.JPEG", "b") + tarEnd();
    std::mt19937 random(20240607);
    for (int trial = 0; trial < 600; ++trial) {
        QByteArray damaged = whole;
        for (int flip = 0; flip <= trial % 4; ++flip) {
            const auto place = static_cast<qsizetype>(random() % static_cast<unsigned>(damaged.size()));
            damaged[place] = static_cast<char>(damaged[place] ^ (1 << random() % 8));
        }
        // Checksums are made to fit again, else nothing but their check would be tested.
        for (qsizetype header = 0; header + test::tarBlock <= damaged.size(); header += test::tarBlock) {
            if (whole.mid(header + 257, 5) != "ustar")
                continue;
            damaged.replace(header + 148, 8, "        ");
            unsigned sum = 0;
            for (qsizetype i = 0; i < test::tarBlock; ++i)
                sum += static_cast<unsigned char>(damaged[header + i]);
            damaged.replace(header + 148, 7, QByteArray::number(sum, 8).rightJustified(6, '0') + '\0');
        }
        const std::string file = write(damaged, QStringLiteral("%1.tar").arg(trial));
        const auto archive = TarArchive::open(file);
        if (!archive) {
            QVERIFY(!archive.error().what.empty());
            continue;
        }
        for (const TarMember &member : (*archive)->members())
            QCOMPARE((*archive)->read(member)->size(), member.size);
    }
}

void TestTarArchive::membersHaveAStampOfTheirArchive()
{
    const std::string file = write(tarMember("a.png", "old") + tarEnd());
    const auto before = imageStamp(file + "/a.png");
    QVERIFY(before);
    QCOMPARE(before->size, uint64_t{3});
    QVERIFY(!imageStamp(file + "/b.png"));
    QVERIFY(!imageStamp(path("none/a.png").toStdString()));
    QTest::qSleep(20);
    QCOMPARE(write(tarMember("a.png", "new") + tarEnd()), file);
    QVERIFY(imageStamp(file + "/a.png") != before);
    QVERIFY(CropKey::of(file + "/a.png", {}) != CropKey::of(file + "/b.png", {}));
}

QTEST_GUILESS_MAIN(TestTarArchive)
#include "tst_tar_archive.moc"
