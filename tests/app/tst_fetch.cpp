// SPDX-License-Identifier: GPL-3.0-or-later
// The command fetch as a script sees it, against a local server; the models come from a user's models.json.
#include "tests/support/http_server.h"
#include "tests/support/program.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

#include <sys/resource.h>

using nlohmann::json;
using quantoscope::testing::HttpAnswer;
using quantoscope::testing::HttpRequest;
using quantoscope::testing::HttpServer;
using quantoscope::testing::Outcome;
using quantoscope::testing::wholeOrRange;

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatience = 60000; // ms
constexpr int kSuccess = 0;
constexpr int kFailed = 1;
constexpr int kBadUsage = 2;
constexpr int kBytes = 3 << 20;
constexpr int kSlow = 50'000; // bytes a turn: over a second for the file
const QByteArray kTag = "\"tag\"";

QByteArray randomBytes(quint32 seed)
{
    QByteArray bytes(kBytes, Qt::Uninitialized);
    QRandomGenerator(seed).generate(reinterpret_cast<quint32 *>(bytes.data()),
                                    reinterpret_cast<quint32 *>(bytes.data() + kBytes));
    return bytes;
}

std::string digest(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex().toStdString();
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot be read");
}

} // namespace

#define VERIFY_SAYS(outcome, words) QVERIFY2((outcome).err.contains(words), (outcome).text().constData())

class TestFetch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_content = randomBytes(1); }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
        m_server = std::make_unique<HttpServer>(
            [this](const HttpRequest &request) { return wholeOrRange(request, m_content, kTag); });
        writeModels();
    }

    void cleanup()
    {
        m_server.reset();
        m_folder.reset();
    }

    void theFileIsSavedAndItsPathAndLicenceAreSaid()
    {
        const Outcome outcome = fetch({u"--to"_s, folder()});
        VERIFY_CODE(outcome, kSuccess);
        QVERIFY(contentOf(target()) == m_content);
        QVERIFY2(outcome.out.contains(target()), outcome.text().constData());
        QVERIFY2(outcome.out.contains(u"BSD-2-Clause"_s), outcome.text().constData());
        QVERIFY2(outcome.out.contains(u"as published"_s), outcome.text().constData());
        VERIFY_SAYS(outcome, u"3.1 MB / 3.1 MB"_s);
    }

    void jsonSaysTheSame()
    {
        const Outcome outcome = fetch({u"--to"_s, folder(), u"--json"_s});
        VERIFY_CODE(outcome, kSuccess);
        const json said = json::parse(outcome.out.toStdString(), nullptr, false);
        QVERIFY2(said.is_object(), outcome.text().constData());
        QCOMPARE(said["path"].get<std::string>(), target().toStdString());
        QCOMPARE(said["sha256"].get<std::string>(), digest(m_content));
        QCOMPARE(said["compared_with_published"].get<std::string>(), std::string("whole"));
        QCOMPARE(said["licence"].get<std::string>(), std::string("BSD-2-Clause"));
        QCOMPARE(said["bytes"].get<qint64>(), m_content.size());
        QVERIFY(!said["was_there"].get<bool>());
    }

    void theSecondTimeNothingIsDownloaded()
    {
        VERIFY_CODE(fetch({u"--to"_s, folder()}), kSuccess);
        const qsizetype requests = m_server->requests().size();
        const Outcome again = fetch({u"--to"_s, folder()});
        VERIFY_CODE(again, kSuccess);
        QVERIFY2(again.out.contains(u"was there"_s), again.text().constData());
        QCOMPARE(m_server->requests().size(), requests);
    }

    void aMirrorIsAskedForTheFileName()
    {
        const Outcome outcome = fetch({u"--to"_s, folder(), u"--mirror"_s, m_server->address(u"/copy/of"_s)});
        VERIFY_CODE(outcome, kSuccess);
        QCOMPARE(m_server->requests().constFirst().path, QByteArray("/copy/of/test.pth"));
    }

    void withoutAFolderTheCacheIsUsed()
    {
        const Outcome outcome = fetch({});
        VERIFY_CODE(outcome, kSuccess);
        QVERIFY(contentOf(m_folder->filePath(u"cache/quantoscope/models/test.pth"_s)) == m_content);
    }

    void aModelWithoutAPublishedDigestIsSaidToBeUnchecked()
    {
        const Outcome outcome = fetch({u"--to"_s, folder()}, u"test_unchecked"_s);
        VERIFY_CODE(outcome, kSuccess);
        QVERIFY2(outcome.out.contains(u"none is published"_s), outcome.text().constData());
        QVERIFY2(outcome.out.contains(QString::fromStdString(digest(m_content))), outcome.text().constData());
    }

    void aModelThatIsPublishedNowhereNeedsAMirror()
    {
        const Outcome outcome = fetch({u"--to"_s, folder()}, u"test_nowhere"_s);
        VERIFY_CODE(outcome, kFailed);
        VERIFY_SAYS(outcome, u"no public address"_s);
        VERIFY_CODE(fetch({u"--to"_s, folder(), u"--mirror"_s, m_server->address()}, u"test_nowhere"_s), kSuccess);
    }

    void wrongUseIsTold()
    {
        VERIFY_CODE(start({u"fetch"_s}), kBadUsage);
        const Outcome unknown = fetch({}, u"no_such_model"_s);
        VERIFY_CODE(unknown, kFailed);
        VERIFY_SAYS(unknown, u"models lists the names"_s);
        VERIFY_CODE(fetch({u"--mirror"_s, u"/srv/models"_s}), kBadUsage);
    }

    void wrongBytesFailAndLeaveNothing()
    {
        m_server->setHandler(
            [](const HttpRequest &request) { return wholeOrRange(request, randomBytes(2), kTag); });
        const Outcome outcome = fetch({u"--to"_s, folder()});
        VERIFY_CODE(outcome, kFailed);
        VERIFY_SAYS(outcome, u"SHA-256"_s);
        QVERIFY(QDir(folder()).isEmpty());
    }

    void aServerErrorIsTriedAgain()
    {
        m_server->setHandler([this](const HttpRequest &request) {
            return request.index == 0 ? HttpAnswer{.status = 503, .headers = {}, .body = "busy"}
                                      : wholeOrRange(request, m_content, kTag);
        });
        const Outcome outcome = fetch({u"--to"_s, folder()});
        VERIFY_CODE(outcome, kSuccess);
        VERIFY_SAYS(outcome, u"trying again"_s);
    }

    void interruptionLeavesAPartThatTheSameCommandContinues_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl-C") << SIGINT;
        QTest::newRow("kill -9") << SIGKILL;
    }
    void interruptionLeavesAPartThatTheSameCommandContinues()
    {
        QFETCH(int, signal);
        m_server->setHandler([this](const HttpRequest &request) {
            HttpAnswer answer = wholeOrRange(request, m_content, kTag);
            answer.bytesPerTurn = kSlow;
            return answer;
        });
        QProcess process;
        prepare(process);
        process.start(QStringLiteral(QUANTOSCOPE_CLI), arguments({u"--to"_s, folder()}, u"test_model"_s));
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(target() + u".part"_s).size() > 500'000, kPatience);
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), signal), 0);
        QVERIFY(process.waitForFinished(kPatience));
        if (signal == SIGINT) {
            QCOMPARE(process.exitCode(), kFailed);
            const QByteArray said = process.readAllStandardError();
            QVERIFY2(said.contains("The same command continues"), said.constData());
        }
        QVERIFY(!QFile::exists(target()));
        const qint64 kept = QFileInfo(target() + u".part"_s).size();
        QVERIFY(kept > 500'000);
        const Outcome outcome = fetch({u"--to"_s, folder()});
        VERIFY_CODE(outcome, kSuccess);
        QCOMPARE(m_server->requests().constLast().rangeStart(), kept);
        QVERIFY(contentOf(target()) == m_content);
        QCOMPARE(QDir(folder()).entryList(QDir::Files | QDir::Hidden), QStringList{u"test.pth"_s});
    }

    void aWriteThatTheSystemRefusesIsNamedAndContinuedLater()
    {
        QProcess process;
        prepare(process);
        process.setChildProcessModifier([] {
            ::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{1'000'000, 1'000'000};
            ::setrlimit(RLIMIT_FSIZE, &limit);
        });
        const Outcome limited = finish(process, arguments({u"--to"_s, folder()}, u"test_model"_s));
        VERIFY_CODE(limited, kFailed);
        VERIFY_SAYS(limited, u"cannot be written"_s);
        VERIFY_SAYS(limited, u"The same command continues"_s);
        QCOMPARE(QFileInfo(target() + u".part"_s).size(), 1'000'000);
        VERIFY_CODE(fetch({u"--to"_s, folder()}), kSuccess);
        QVERIFY(contentOf(target()) == m_content);
        QCOMPARE(m_server->requests().constLast().rangeStart(), 1'000'000);
    }

private:
    [[nodiscard]] QString folder() const { return m_folder->filePath(u"to"_s); }
    [[nodiscard]] QString target() const { return folder() + u"/test.pth"_s; }

    void writeModels()
    {
        const auto entry = [&](const char *name, const std::string &url, const std::string &sha256) {
            return json{
                {"name", name},
                {"title", "Test"},
                {"family", "vit"},
                {"architecture",
                 {{"width", 8}, {"depth", 1}, {"heads", 1}, {"patch", 4}, {"image", 8}, {"distilled", false}}},
                {"input_quantized", true},
                {"preprocessing",
                 {{"resize", 8},
                  {"crop", 8},
                  {"interpolation", "bicubic"},
                  {"mean", {0.5, 0.5, 0.5}},
                  {"std", {0.5, 0.5, 0.5}}}},
                {"published_top1", nullptr},
                {"published_in", ""},
                {"source", {{"url", url}, {"file", "test.pth"}, {"sha256", sha256}, {"licence", "BSD-2-Clause"}}}};
        };
        const std::string url = m_server->address(u"/published/test.pth"_s).toStdString();
        const json models{{"format", "quantoscope-models"},
                          {"version", 1},
                          {"models",
                           {entry("test_model", url, digest(m_content)), entry("test_unchecked", url, ""),
                            entry("test_nowhere", "", "")}}};
        QVERIFY(QDir().mkpath(m_folder->filePath(u"config/quantoscope"_s)));
        QFile file(m_folder->filePath(u"config/quantoscope/models.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(models.dump()));
    }

    static QStringList arguments(const QStringList &options, const QString &model)
    {
        return QStringList{u"fetch"_s, model} + options;
    }

    void prepare(QProcess &process) const
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char *proxy : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
            environment.remove(QLatin1String(proxy));
        environment.insert(u"XDG_CONFIG_HOME"_s, m_folder->filePath(u"config"_s));
        environment.insert(u"XDG_CACHE_HOME"_s, m_folder->filePath(u"cache"_s));
        process.setProcessEnvironment(environment);
    }

    static Outcome finish(QProcess &process, const QStringList &arguments)
    {
        process.start(QStringLiteral(QUANTOSCOPE_CLI), arguments);
        return quantoscope::testing::ended(process, kPatience);
    }

    [[nodiscard]] Outcome start(const QStringList &arguments) const
    {
        QProcess process;
        prepare(process);
        return finish(process, arguments);
    }
    [[nodiscard]] Outcome fetch(const QStringList &options, const QString &model = u"test_model"_s) const
    {
        return start(arguments(options, model));
    }

    QByteArray m_content;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<HttpServer> m_server;
};

QTEST_GUILESS_MAIN(TestFetch)
#include "tst_fetch.moc"
