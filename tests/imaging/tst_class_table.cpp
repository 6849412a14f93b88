// SPDX-License-Identifier: GPL-3.0-or-later
// Class lists as they come, what is looked up in them, and what is said about wrong ones.
#include "core/imaging/class_table.h"
#include "core/imaging/synsets.h"

#include "test_files.h"

#include <QTemporaryDir>
#include <QTest>

using namespace quantoscope;

class TestClassTable : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    [[nodiscard]] Result<ClassTable> read(const QByteArray &text) const
    {
        test::writeFile(m_folder.filePath("names"), text);
        return ClassTable::read(m_folder.filePath("names").toStdString());
    }

private Q_SLOTS:
    void imagenetIsThere();
    void listsGiveNamesInOrder_data();
    void listsGiveNamesInOrder();
    void wnidsAndNamesAreLookedUp();
    void namesOfImagenetAreFoundByWnid();
    void wrongListsAreRefused_data();
    void wrongListsAreRefused();
};

void TestClassTable::imagenetIsThere()
{
    const ClassTable table;
    QVERIFY(!table.isOwn());
    QCOMPARE(table.count(), 1000);
    QCOMPARE(table.find("n01443537"), 1);
    QCOMPARE(table.find("goldfish"), -1); // folders of ImageNet are named by wnid
}

void TestClassTable::listsGiveNamesInOrder_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("lines") << QByteArray("cat\nbig dog\nhorse\n");
    QTest::newRow("lines of Windows with a byte order mark") << QByteArray("\xEF\xBB\xBF"
                                                                           "cat\r\n\r\nbig dog\r\nhorse");
    QTest::newRow("wnids") << QByteArray("n00000003 cat\nn00000002\tbig dog\nn00000001, horse\n");
    QTest::newRow("list") << QByteArray(R"(["cat", "big dog", "horse"])");
    QTest::newRow("object") << QByteArray(R"({"2": "horse", "0": "cat", "1": " big dog"})");
    QTest::newRow("config.json") << QByteArray(
        R"({"model_type": "vit", "id2label": {"0": "cat", "1": "big dog", "2": "horse"}})");
    QTest::newRow("object with wnids") << QByteArray(
        R"({"0": ["n00000003", "cat"], "1": ["n00000002", "big dog"], "2": ["n00000001", "horse"]})");
}

void TestClassTable::listsGiveNamesInOrder()
{
    QFETCH(QByteArray, text);
    const auto table = read(text);
    QVERIFY2(table, table ? "" : table.error().message().c_str());
    QVERIFY((table->names() == std::vector<std::string>{"cat", "big dog", "horse"}));
    QCOMPARE(table->find("big dog"), 1);
    QCOMPARE(table->find("cow"), -1);
    QCOMPARE(table->find("n00000001"), text.contains("n00000001") ? 2 : -1);
    QVERIFY(table->isOwn());
}

void TestClassTable::wnidsAndNamesAreLookedUp()
{
    const auto table = read("n01443537 crane\nn01440764 crane\nn01484850\n");
    QVERIFY2(table, table ? "" : table.error().message().c_str());
    QCOMPARE(table->find("n01443537"), 0); // the list's order counts
    QCOMPARE(table->find("n01440764"), 1);
    QCOMPARE(table->find("n01484850"), 2);
    QCOMPARE(table->find("crane"), -1); // two classes
    QCOMPARE(table->find("n01491361"), -1);
}

void TestClassTable::namesOfImagenetAreFoundByWnid()
{
    QByteArray text;
    for (const std::string &name : imagenetClassNames())
        text += QByteArray::fromStdString(name) + ", another name\n";
    const auto all = read(text);
    QVERIFY2(all, all ? "" : all.error().message().c_str());
    for (size_t i = 0; i < 1000; ++i)
        QCOMPARE(all->find(imagenetWnids()[i]), static_cast<int>(i)); // both cranes too
    const auto some = read("Goldfish\ngreat_white_shark\ntench, Tinca tinca\n");
    QVERIFY(some);
    QCOMPARE(some->find("n01440764"), 2);
    QCOMPARE(some->find("n01443537"), 0);
    QCOMPARE(some->find("n01484850"), 1);
    QCOMPARE(some->find("n01491361"), -1);
}

void TestClassTable::wrongListsAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("mention");
    const auto row = [](const char *name, const QByteArray &text, const char *mention) {
        QTest::newRow(name) << text << QByteArray(mention);
    };
    row("empty", "", "lists no class");
    row("blank", "\n  \n", "lists no class");
    row("twice", "cat\ndog\n\ncat\n", "line 4: class \"cat\" is listed twice");
    row("wnid twice", "n00000001 a\nn00000001 b\n", "line 2: class \"n00000001\"");
    row("no text", QByteArray("cat\ndog\nc\0w\n", 13), "line 3: this is not text");
    row("Latin-1", "cat\nK\xE4tzchen\n", "line 2: this is not text");
    row("broken JSON", "{\"0\": \"cat\",\n\"1\": }\n", "line 2: broken JSON");
    row("gap", R"({"0": "cat", "2": "dog"})", "there are 2 classes, but no class \"1\"");
    row("from one", R"({"1": "cat", "2": "dog"})", "no class \"0\"");
    row("a number for a name", R"(["cat", 7])", "entry 1: this is no class name");
    row("an empty name", R"(["cat", " "])", "entry 1: this is no class name");
    row("JSON twice", R"(["cat", "dog", "cat"])", "entry 2: class \"cat\" is listed twice");
    row("id2label of another kind", R"({"id2label": 3})", "id2label");
    row("empty list", "[]", "lists no class");
}

void TestClassTable::wrongListsAreRefused()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, mention);
    const auto table = read(text);
    QVERIFY(!table);
    QCOMPARE(table.error().code, ErrorCode::BadInput);
    QVERIFY2(table.error().message().find(mention.toStdString()) != std::string::npos,
             table.error().message().c_str());
    QCOMPARE(ClassTable::read(m_folder.filePath("none").toStdString()).error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(TestClassTable)
#include "tst_class_table.moc"
