// SPDX-License-Identifier: GPL-3.0-or-later
// Thousands of damaged copies of valid checkpoints: every one must end in tensors that can be read, or in an error.
#include "core/io/tensor_checks.h"
#include "core/io/tensor_store.h"
#include "tests/io/checkpoint_builder.h"
#include "tests/support/test_data.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <random>

using namespace quantoscope;
using namespace quantoscope::testing;

namespace {

QByteArray contents(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Stored members of a valid archive.
std::vector<ZipEntry> entriesOf(const QByteArray &archive)
{
    std::vector<ZipEntry> entries;
    const auto number = [&](qsizetype at, int bytes) {
        uint32_t value = 0;
        std::memcpy(&value, archive.constData() + at, static_cast<size_t>(bytes));
        return static_cast<qsizetype>(value);
    };
    for (qsizetype at = archive.indexOf("PK\x01\x02"); at >= 0 && number(at, 4) == 0x02014b50;
         at += 46 + number(at + 28, 2) + number(at + 30, 2) + number(at + 32, 2)) {
        const qsizetype local = number(at + 42, 4);
        const qsizetype begin = local + 30 + number(local + 26, 2) + number(local + 28, 2);
        entries.push_back({archive.mid(at + 46, number(at + 28, 2)), archive.mid(begin, number(at + 24, 4))});
    }
    return entries;
}

class Damage {
public:
    explicit Damage(unsigned seed) : m_random(seed) {}

    /// Flips, overwrites, removes, doubles or cuts, mostly near the beginning, where headers are.
    QByteArray apply(QByteArray bytes)
    {
        const int count = 1 + below(4);
        for (int i = 0; i < count && !bytes.isEmpty(); ++i) {
            const int reach = below(2) ? static_cast<int>(bytes.size()) : std::min(2600, static_cast<int>(bytes.size()));
            const int at = below(reach);
            constexpr char telling[] = {'\x00', '\x01', '\x7f', '\x80', '\xff', '(', 't', 'R', 'Q', 'h', '.', '}', '2'};
            switch (below(6)) {
            case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8))); break;
            case 1: bytes[at] = static_cast<char>(below(256)); break;
            case 2: bytes[at] = telling[below(sizeof telling)]; break;
            case 3: bytes.remove(at, 1 + below(16)); break;
            case 4: bytes.insert(at, bytes.mid(below(reach), 1 + below(64))); break;
            default:
                if (below(8) == 0)
                    bytes.truncate(at);
                else
                    bytes.replace(at, 4, QByteArray(4, telling[below(5)]));
            }
        }
        return bytes;
    }
    int below(int limit) { return static_cast<int>(m_random() % static_cast<unsigned>(limit)); }

private:
    std::mt19937 m_random; // the same numbers everywhere, unlike distributions
};

} // namespace

class DamagedCheckpointsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyDamagedCopyEndsInAnAnswer_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("member"); ///< damaged inside the archive, checksums made good again
        QTest::newRow("safetensors") << "control_valid.safetensors" << "";
        QTest::newRow("zip") << "control_valid.pth" << "";
        QTest::newRow("legacy") << "control_valid_legacy.pth" << "";
        QTest::newRow("npz") << "control_valid.npz" << "";
        QTest::newRow("pickle in a zip") << "control_valid.pth" << "archive/data.pkl";
        QTest::newRow("array in an npz") << "control_valid.npz" << "head/kernel.npy";
    }
    void everyDamagedCopyEndsInAnAnswer()
    {
        QFETCH(QString, file);
        QFETCH(QString, member);
        QUANTOSCOPE_NEED_DATA(folder, "fixtures/malformed");
        const QByteArray whole = contents(folder + "/" + file.toStdString());
        QVERIFY(!whole.isEmpty());
        std::vector<ZipEntry> entries = member.isEmpty() ? std::vector<ZipEntry>() : entriesOf(whole);
        ZipEntry *target = nullptr;
        for (ZipEntry &entry : entries)
            if (entry.name == member.toLatin1())
                target = &entry;
        QCOMPARE(target != nullptr, !member.isEmpty());
        const QByteArray original = target ? target->content : whole;
        int opened = 0;
        constexpr unsigned copies = 600;
        for (unsigned seed = 0; seed < copies; ++seed) {
            const QByteArray damaged = Damage(seed).apply(original);
            if (target)
                target->content = damaged;
            const auto store = open(target ? zipArchive(entries) : damaged);
            if (!store) {
                QVERIFY(!store.error().what.empty() && !store.error().where.empty());
                QVERIFY2(store.error().code != ErrorCode::Internal, store.error().message().c_str());
                continue;
            }
            ++opened;
            (void)firstNonFinite(**store);
            for (const auto &[name, entry] : (*store)->tensors()) {
                QVERIFY(entry.elements() * static_cast<int64_t>(byteSize(entry.type)) <= whole.size() + 10000);
                std::vector<float> values(static_cast<size_t>(entry.elements()));
                convertToFloat(entry, values.data());
            }
        }
        qInfo("%d of %u damaged copies still open", opened, copies);
        QVERIFY(opened < static_cast<int>(copies));
    }

    void everyTruncationIsRefused()
    {
        QUANTOSCOPE_NEED_DATA(folder, "fixtures/malformed");
        for (const char *file : {"/control_valid.pth", "/control_valid_legacy.pth", "/control_valid.npz"}) {
            const QByteArray whole = contents(folder + file);
            for (qsizetype size = 0; size < whole.size(); size += size < 2500 ? 13 : 301)
                QVERIFY2(!open(whole.left(size)), qPrintable(QString("%1 %2").arg(file).arg(size)));
        }
    }

private:
    Result<TensorStorePtr> open(const QByteArray &bytes)
    {
        QFile file(m_folder.filePath("checkpoint"));
        file.remove(); // a file that is overwritten is flushed to the disk when it is closed
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write test data");
        file.close();
        return openTensorStore(file.fileName().toStdString());
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(DamagedCheckpointsTest)
#include "tst_damaged_checkpoints.moc"
