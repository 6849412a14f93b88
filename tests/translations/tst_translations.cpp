// SPDX-License-Identifier: GPL-3.0-or-later
// Are the translations complete, do they keep what the program reads in a text, and are they in the program?

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QLocale>
#include <QProcess>
#include <QRegularExpression>
#include <QStringList>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>
#include <QXmlStreamReader>

using namespace Qt::StringLiterals;

namespace {

struct Message {
    QString context;
    QString source;
    QString comment;          ///< tells apart equal sources of a context
    QString state;            ///< "" finished, "unfinished", "vanished", "obsolete"
    QStringList translations; ///< one; one per plural form for a %n text

    [[nodiscard]] QString key() const { return context + u" | "_s + source + u" | "_s + comment; }
};

struct TsFile {
    QList<Message> messages;
    QString error; ///< empty when the file was read to its end
};

void readTranslation(QXmlStreamReader &xml, Message &message)
{
    message.state = xml.attributes().value(u"type"_s).toString();
    QString text;
    while (xml.readNext() != QXmlStreamReader::EndElement && !xml.atEnd()) {
        if (xml.isStartElement())
            message.translations << xml.readElementText();
        else
            text += xml.text();
    }
    if (message.translations.isEmpty())
        message.translations << text;
}

Message readMessage(QXmlStreamReader &xml, const QString &context)
{
    Message message;
    message.context = context;
    while (xml.readNextStartElement()) {
        if (xml.name() == u"source"_s)
            message.source = xml.readElementText();
        else if (xml.name() == u"comment"_s)
            message.comment = xml.readElementText();
        else if (xml.name() == u"translation"_s)
            readTranslation(xml, message);
        else
            xml.skipCurrentElement();
    }
    return message;
}

TsFile readTs(const QString &path)
{
    TsFile ts;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        ts.error = path + u": "_s + file.errorString();
        return ts;
    }
    QXmlStreamReader xml(&file);
    QString context;
    while (!xml.atEnd()) {
        xml.readNext();
        if (!xml.isStartElement())
            continue;
        if (xml.name() == u"name"_s)
            context = xml.readElementText();
        else if (xml.name() == u"message"_s)
            ts.messages << readMessage(xml, context);
    }
    if (xml.hasError())
        ts.error = u"%1:%2: %3"_s.arg(path).arg(xml.lineNumber()).arg(xml.errorString());
    return ts;
}

QDir projectRoot()
{
    return QDir(QStringLiteral(QUANTOSCOPE_SOURCE_DIR));
}

QStringList tsFiles()
{
    const QDir folder(projectRoot().filePath(u"translations"_s));
    QStringList paths;
    for (const QString &name : folder.entryList({u"*.ts"_s}, QDir::Files, QDir::Name))
        paths << folder.filePath(name);
    return paths;
}

QString compiledName(const QString &tsFile)
{
    return u":/i18n/"_s + QFileInfo(tsFile).completeBaseName() + u".qm"_s;
}

/// What the program, not the reader, understands in a text: sorted, because a language may use another order.
QStringList machineParts(const QString &text)
{
    static const QRegularExpression part(u"%L?[0-9]{1,2}|%[nvmp](?![a-z])|\\{[a-z0-9_]+\\}|\\*\\.[a-z0-9]+|;;"_s);
    QStringList parts;
    for (auto match = part.globalMatch(text); match.hasNext();)
        parts << match.next().captured();
    parts.sort();
    return parts;
}

int mnemonics(const QString &text)
{
    static const QRegularExpression mnemonic(u"&[A-Za-z0-9]"_s);
    return static_cast<int>(text.count(mnemonic));
}

/// " images" is put directly behind a number; without its blank the two would touch.
QString outerBlanks(const QString &text)
{
    return QString(text.startsWith(u' ') ? u"leading"_s : QString())
         + (text.endsWith(u' ') ? u"trailing"_s : QString());
}

QString listOf(const QStringList &found)
{
    return u"%1 found:\n  %2"_s.arg(found.size()).arg(found.join(u"\n  "_s));
}

} // namespace

class TestTranslations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyMessageIsTranslated_data() { addFiles(); }
    void everyMessageIsTranslated();
    void translationsKeepWhatTheProgramReads_data() { addFiles(); }
    void translationsKeepWhatTheProgramReads();
    void theProgramContainsEveryTranslation_data() { addFiles(); }
    void theProgramContainsEveryTranslation();
    void theLanguageOfTheUserIsFound_data();
    void theLanguageOfTheUserIsFound();
    void theFilesListTheTextsOfTheSources();

private:
    static void addFiles();
    static QList<Message> messagesOf(const QString &path);
};

void TestTranslations::addFiles()
{
    QTest::addColumn<QString>("path");
    for (const QString &path : tsFiles())
        QTest::newRow(qPrintable(QFileInfo(path).fileName())) << path;
}

QList<Message> TestTranslations::messagesOf(const QString &path)
{
    const TsFile ts = readTs(path);
    if (!ts.error.isEmpty())
        QTest::qFail(qPrintable(ts.error), __FILE__, __LINE__);
    else if (ts.messages.isEmpty())
        QTest::qFail(qPrintable(path + u" has no messages"_s), __FILE__, __LINE__);
    return ts.messages;
}

void TestTranslations::initTestCase()
{
    QVERIFY2(!tsFiles().isEmpty(), "translations/ has no .ts file");
}

void TestTranslations::everyMessageIsTranslated()
{
    QFETCH(QString, path);
    QStringList missing;
    for (const Message &message : messagesOf(path)) {
        const bool empty = message.translations.contains(QString());
        if (empty || !message.state.isEmpty())
            missing << message.key() + (message.state.isEmpty() ? u" (empty)"_s : u" (%1)"_s.arg(message.state));
    }
    QVERIFY2(missing.isEmpty(), qPrintable(listOf(missing)));
}

void TestTranslations::translationsKeepWhatTheProgramReads()
{
    QFETCH(QString, path);
    QStringList wrong;
    for (const Message &message : messagesOf(path)) {
        for (const QString &translation : message.translations) {
            const QString both = message.key() + u" -> "_s + translation;
            if (machineParts(message.source) != machineParts(translation))
                wrong << both + u": placeholders or file patterns differ"_s;
            if (mnemonics(message.source) != mnemonics(translation))
                wrong << both + u": mnemonics differ"_s;
            if (outerBlanks(message.source) != outerBlanks(translation))
                wrong << both + u": leading or trailing blanks differ"_s;
            if (message.source.contains(u'…') != translation.contains(u'…'))
                wrong << both + u": ellipses differ"_s;
        }
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(listOf(wrong)));
}

void TestTranslations::theProgramContainsEveryTranslation()
{
    QFETCH(QString, path);
    const QString compiled = compiledName(path);
    QTranslator translator;
    QVERIFY2(translator.load(compiled), qPrintable(compiled
                                                   + u" is not in the program: is the file's name listed in "
                                                     "translations/CMakeLists.txt?"_s));
    QStringList different;
    for (const Message &message : messagesOf(path)) {
        const QString found =
            translator.translate(message.context.toUtf8().constData(), message.source.toUtf8().constData(),
                                 message.comment.toUtf8().constData());
        if (message.translations.size() == 1 && found != message.translations.front())
            different << message.key() + u" -> "_s + found;
    }
    QVERIFY2(different.isEmpty(), qPrintable(listOf(different)));
}

void TestTranslations::theLanguageOfTheUserIsFound_data()
{
    QTest::addColumn<QString>("locale");
    QTest::addColumn<QString>("fileMenu");
    QTest::newRow("Chinese in China") << u"zh_CN"_s << u"文件(&F)"_s;
    QTest::newRow("German in Germany") << u"de_DE"_s << u"&Datei"_s;
    QTest::newRow("German in Austria") << u"de_AT"_s << u"&Datei"_s;
    QTest::newRow("a language without translation") << u"fi_FI"_s << QString();
}

void TestTranslations::theLanguageOfTheUserIsFound()
{
    QFETCH(QString, locale);
    QFETCH(QString, fileMenu);
    QTranslator translator;
    const bool loaded = translator.load(QLocale(locale), u"quantoscope"_s, u"_"_s, u":/i18n"_s);
    QCOMPARE(loaded, !fileMenu.isEmpty());
    QCOMPARE(translator.translate("quantoscope::MainWindow", "&File"), fileMenu);
}

void TestTranslations::theFilesListTheTextsOfTheSources()
{
    const QString tool = QStringLiteral(QUANTOSCOPE_LUPDATE);
    if (!QFileInfo(tool).isExecutable())
        QSKIP("needs lupdate of Qt's Linguist tools");
    QTemporaryDir folder;
    QVERIFY(folder.isValid());
    // All rooms, not only those that translations/CMakeLists.txt names: a tr() elsewhere would be forgotten there.
    const QString fresh = folder.filePath(u"fresh_de.ts"_s);
    QProcess lupdate;
    lupdate.setWorkingDirectory(projectRoot().path());
    lupdate.start(tool, {u"-I"_s, u"."_s, u"-locations"_s, u"none"_s, u"-extensions"_s, u"h,cpp"_s, u"app"_s,
                         u"core"_s, u"views"_s, u"-ts"_s, fresh});
    QVERIFY2(lupdate.waitForFinished(60'000), qPrintable(lupdate.errorString()));
    QVERIFY2(lupdate.exitStatus() == QProcess::NormalExit && lupdate.exitCode() == 0,
             lupdate.readAllStandardError().constData());

    const auto keys = [](const QString &path) {
        QStringList all;
        for (const Message &message : messagesOf(path))
            all << message.key();
        all.sort();
        return all;
    };
    const QStringList wanted = keys(fresh);
    for (const QString &path : tsFiles()) {
        const QStringList have = keys(path);
        QStringList differences;
        for (const QString &key : wanted)
            if (!have.contains(key))
                differences << u"not in the file: "_s + key;
        for (const QString &key : have)
            if (!wanted.contains(key))
                differences << u"no longer in the sources: "_s + key;
        QVERIFY2(differences.isEmpty(), qPrintable(QFileInfo(path).fileName() + u", build update_translations; "_s
                                                   + listOf(differences)));
    }
}

QTEST_GUILESS_MAIN(TestTranslations)
#include "tst_translations.moc"
