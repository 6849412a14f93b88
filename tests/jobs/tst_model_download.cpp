// SPDX-License-Identifier: GPL-3.0-or-later
// Downloads against a local server that stalls, truncates, lies and changes its mind.
#include "core/jobs/model_download.h"
#include "core/jobs/partial_file.h"
#include "tests/support/http_server.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <optional>

using namespace quantoscope;
using quantoscope::testing::HttpAnswer;
using quantoscope::testing::HttpRequest;
using quantoscope::testing::HttpServer;
using quantoscope::testing::wholeOrRange;

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatience = 20000; // ms
constexpr int kBytes = 3 << 20;
const QByteArray kTag = "\"first\"";

QByteArray randomBytes(quint32 seed, int size = kBytes)
{
    QByteArray bytes(size, Qt::Uninitialized);
    QRandomGenerator(seed).generate(reinterpret_cast<quint32 *>(bytes.data()),
                                    reinterpret_cast<quint32 *>(bytes.data() + size));
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

bool put(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

struct Outcome {
    std::optional<DownloadedModel> model;
    std::optional<Error> error;
    QList<Error> retries;
    QList<DownloadProgress> progress;

    [[nodiscard]] QByteArray text() const
    {
        return error ? QByteArray::fromStdString(error->message()) : QByteArray("no error");
    }
};

ModelOffer offer(const ModelSource &source)
{
    return {"model", "Model", 0, {}, source, {}};
}

/// Starts and waits for the end. Retries wait 10 ms, three attempts.
Outcome get(const DownloadRequest &request, int stall = 5000)
{
    Outcome outcome;
    ModelDownload download;
    QEventLoop loop;
    QObject::connect(&download, &ModelDownload::finished, &loop, [&](const DownloadedModel &model) {
        outcome.model = model;
        loop.quit();
    });
    QObject::connect(&download, &ModelDownload::failed, &loop, [&](const Error &error) {
        outcome.error = error;
        loop.quit();
    });
    QObject::connect(&download, &ModelDownload::retrying, &loop,
                     [&](const Error &why) { outcome.retries << why; });
    QObject::connect(&download, &ModelDownload::progressed, &loop,
                     [&](const DownloadProgress &progress) { outcome.progress << progress; });
    QTimer::singleShot(kPatience, &loop, &QEventLoop::quit);
    download.start(request, {stall, 3, 10});
    loop.exec();
    return outcome;
}

} // namespace

#define VERIFY_DONE(outcome) QVERIFY2((outcome).model.has_value(), (outcome).text().constData())
#define VERIFY_ERROR(outcome, expected, words)                                                                    \
    QVERIFY((outcome).error.has_value());                                                                         \
    QVERIFY2((outcome).error->code == (expected), (outcome).text().constData());                                  \
    QVERIFY2((outcome).text().contains(words), (outcome).text().constData())

class TestModelDownload : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        for (const char *proxy : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
            qunsetenv(proxy);
        m_content = randomBytes(1);
    }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void aFileArrivesVerifiedUnderItsName()
    {
        HttpServer server([&](const HttpRequest &request) { return wholeOrRange(request, m_content, kTag); });
        const Outcome outcome = get(request(server));
        VERIFY_DONE(outcome);
        QCOMPARE(outcome.model->path, target());
        QVERIFY(outcome.model->check == DigestCheck::Whole);
        QVERIFY(!outcome.model->wasThere);
        QCOMPARE(outcome.model->bytes, m_content.size());
        QVERIFY(contentOf(target()) == m_content);
        QCOMPARE(entries(), QStringList{u"model.pth"_s}); // no part, no lock
        QCOMPARE(server.requests().constFirst().path, QByteArray("/models/model.pth"));
        QVERIFY(!outcome.progress.isEmpty());
        QCOMPARE(outcome.progress.constLast().done, m_content.size());
        QCOMPARE(outcome.progress.constLast().total, m_content.size());
    }

    void theBeginningOfADigestIsEnough()
    {
        HttpServer server([&](const HttpRequest &request) { return wholeOrRange(request, m_content, kTag); });
        DownloadRequest asked = request(server);
        asked.model.source.sha256.resize(8);
        const Outcome outcome = get(asked);
        VERIFY_DONE(outcome);
        QVERIFY(outcome.model->check == DigestCheck::Beginning);
    }

    void withoutAPublishedDigestTheComputedOneIsReported()
    {
        HttpServer server([&](const HttpRequest &request) { return wholeOrRange(request, m_content, kTag); });
        DownloadRequest asked = request(server);
        asked.model.source.sha256.clear();
        const Outcome outcome = get(asked);
        VERIFY_DONE(outcome);
        QVERIFY(outcome.model->check == DigestCheck::NonePublished);
        QCOMPARE(outcome.model->sha256, digest(m_content));
    }

    void aFileThatIsThereIsNotDownloadedAgain()
    {
        HttpServer server([&](const HttpRequest &request) { return wholeOrRange(request, m_content, kTag); });
        QVERIFY(put(target(), m_content));
        const Outcome outcome = get(request(server));
        VERIFY_DONE(outcome);
        QVERIFY(outcome.model->wasThere);
        QCOMPARE(server.requests().size(), 0);
    }

    void anotherFileOfThatNameIsNeverReplaced()
    {
        HttpServer server([&](const HttpRequest &request) { return wholeOrRange(request, m_content, kTag); });
        QVERIFY(put(target(), "something of the user's"));
        const Outcome outcome = get(request(server));
        VERIFY_ERROR(outcome, ErrorCode::BadInput, "model.pth");
        QCOMPARE(contentOf(target()), QByteArray("something of the user's"));
    }

    void wrongBytesAreRefusedAndNotKept()
    {
        HttpServer server([&](const HttpRequest &request) { return wholeOrRange(request, randomBytes(2), kTag); });
        const Outcome outcome = get(request(server));
        VERIFY_ERROR(outcome, ErrorCode::CorruptFile, "SHA-256");
        QVERIFY(entries().isEmpty());
        QCOMPARE(server.requests().size(), 1);
    }

    void aWebPageIsRefused_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("by its type") << QByteArray("text/html; charset=utf-8") << QByteArray("Please log in");
        QTest::newRow("by its text") << QByteArray("application/octet-stream")
                                     << QByteArray("\n<!DOCTYPE html><html>Please log in</html>");
        QTest::newRow("a pointer of Git LFS")
            << QByteArray("text/plain")
            << QByteArray("version https://git-lfs.github.com/spec/v1\noid sha256:1\n");
    }
    void aWebPageIsRefused()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        HttpServer server(
            [&](const HttpRequest &) { return HttpAnswer{.headers = {"Content-Type: " + type}, .body = body}; });
        DownloadRequest asked = request(server);
        asked.model.source.sha256.clear();
        const Outcome outcome = get(asked);
        VERIFY_ERROR(outcome, ErrorCode::BadInput, "instead of the file");
        QCOMPARE(server.requests().size(), 1);
        QVERIFY(entries().isEmpty());
    }

    void aTruncatedAnswerIsContinued()
    {
        HttpServer server([&](const HttpRequest &request) {
            HttpAnswer answer = wholeOrRange(request, m_content, kTag);
            answer.announced = answer.body.size();
            answer.body.truncate(400'000);
            return answer;
        });
        const Outcome outcome = get(request(server));
        VERIFY_DONE(outcome);
        QVERIFY(contentOf(target()) == m_content);
        QCOMPARE(outcome.retries.size(), 7); // though three attempts are allowed without getting further
        const HttpRequest last = server.requests().constLast();
        QCOMPARE(last.rangeStart(), 2'800'000);
        QCOMPARE(last.headers.value("if-range"), kTag);
    }

    void bytesThatWereReadBeforeABreakAreNotRepeated()
    {
        HttpServer server([&](const HttpRequest &request) {
            HttpAnswer answer = wholeOrRange(request, m_content, kTag);
            answer.announced = answer.body.size();
            answer.body.truncate(1'000'000);
            answer.bytesPerTurn = 100'000; // so that they are read before the connection ends
            return answer;
        });
        DownloadRequest asked = request(server);
        asked.model.source.sha256.clear();
        const Outcome outcome = get(asked);
        VERIFY_DONE(outcome);
        QVERIFY(contentOf(target()) == m_content);
        QCOMPARE(outcome.retries.size(), 3);
    }

    void aServerThatAlwaysBreaksOffAtTheSamePlaceIsGivenUp()
    {
        HttpServer server([&](const HttpRequest &request) {
            HttpAnswer answer = wholeOrRange(request, m_content, kTag);
            answer.announced = answer.body.size();
            answer.body.truncate(request.rangeStart() < 0 ? 100'000 : 0);
            return answer;
        });
        const Outcome outcome = get(request(server));
        VERIFY_ERROR(outcome, ErrorCode::Io, "after 100.0 kB of 3.1 MB");
        QVERIFY2(outcome.text().contains("kept"), outcome.text().constData());
        QCOMPARE(QFileInfo(partPath(target())).size(), 100'000);
        QCOMPARE(outcome.retries.size(), 2);
    }

    void aServerThatIgnoresRangeIsReadFromTheBeginning()
    {
        HttpServer server([&](const HttpRequest &request) {
            HttpAnswer answer{.headers = {"ETag: " + kTag}, .body = m_content};
            if (request.rangeStart() < 0) {
                answer.announced = m_content.size();
                answer.body.truncate(1'000'000);
            }
            return answer;
        });
        const Outcome outcome = get(request(server));
        VERIFY_DONE(outcome);
        QVERIFY(contentOf(target()) == m_content);
        QCOMPARE(server.requests().constLast().rangeStart(), 1'000'000);
    }

    void aPartOfAnEarlierRunIsContinued()
    {
        HttpServer server([&](const HttpRequest &request) {
            HttpAnswer answer = wholeOrRange(request, m_content, kTag);
            if (request.index == 0) {
                answer.announced = answer.body.size();
                answer.body.truncate(1'000'000);
                answer.hang = true;
            }
            return answer;
        });
        {
            ModelDownload first;
            first.start(request(server));
            QTRY_COMPARE_WITH_TIMEOUT(QFileInfo(partPath(target())).size(), 1'000'000, kPatience);
        } // destroyed while the server is silent
        QVERIFY(!QFile::exists(partPath(target()) + u".lock"_s));
        DownloadRequest asked = request(server);
        asked.model.source.sha256.clear(); // the entity tag alone must do
        const Outcome outcome = get(asked);
        VERIFY_DONE(outcome);
        QVERIFY(contentOf(target()) == m_content);
        QCOMPARE(server.requests().constLast().rangeStart(), 1'000'000);
        QCOMPARE(server.requests().constLast().headers.value("if-range"), kTag);
    }

    void aPartNobodyKnowsTheOriginOfIsNotContinued()
    {
        HttpServer server([&](const HttpRequest &request) { return wholeOrRange(request, m_content, kTag); });
        QVERIFY(put(partPath(target()), "left over by another program"));
        const Outcome outcome = get(request(server));
        VERIFY_DONE(outcome);
        QCOMPARE(server.requests().constFirst().rangeStart(), -1);
        QVERIFY(contentOf(target()) == m_content);
    }

    void aFileThatChangedBetweenThePartsIsFetchedAnew_data()
    {
        QTest::addColumn<bool>("heedsIfRange");
        QTest::newRow("the server heeds If-Range") << true;
        QTest::newRow("the server continues with the other version") << false;
    }
    void aFileThatChangedBetweenThePartsIsFetchedAnew()
    {
        QFETCH(bool, heedsIfRange);
        const QByteArray older = randomBytes(3);
        HttpServer server([&](HttpRequest request) {
            if (request.index == 0) {
                HttpAnswer answer = wholeOrRange(request, older, "\"older\"");
                answer.announced = answer.body.size();
                answer.body.truncate(1'000'000);
                answer.bytesPerTurn = 200'000; // Qt asks again unseen when the end comes with the headers
                return answer;
            }
            if (!heedsIfRange)
                request.headers.remove("if-range");
            return wholeOrRange(request, m_content, kTag);
        });
        DownloadRequest asked = request(server);
        asked.model.source.sha256.clear(); // so that only the entity tags tell
        const Outcome outcome = get(asked);
        VERIFY_DONE(outcome);
        QVERIFY(contentOf(target()) == m_content);
    }

    void aWrongPartIsFoundByTheDigestAndTheWholeFetchedOnce()
    {
        const QByteArray older = randomBytes(4);
        HttpServer server([&](HttpRequest request) {
            request.headers.remove("if-range");
            HttpAnswer answer = wholeOrRange(request, request.index == 0 ? older : m_content, kTag);
            if (request.index == 0) {
                answer.announced = answer.body.size();
                answer.body.truncate(1'000'000);
                answer.bytesPerTurn = 200'000; // Qt asks again unseen when the end comes with the headers
            }
            return answer;
        });
        const Outcome outcome = get(request(server));
        VERIFY_DONE(outcome);
        QVERIFY(contentOf(target()) == m_content);
        QCOMPARE(outcome.retries.size(), 2);
        QCOMPARE(server.requests().constLast().rangeStart(), -1);
    }

    void aSilentServerIsGivenUpAfterBoundedAttempts()
    {
        HttpServer server([&](const HttpRequest &request) {
            HttpAnswer answer = wholeOrRange(request, m_content, kTag);
            answer.announced = answer.body.size();
            answer.body.clear();
            answer.hang = true;
            return answer;
        });
        const Outcome outcome = get(request(server), 150);
        VERIFY_ERROR(outcome, ErrorCode::Io, "no byte came");
        QVERIFY2(outcome.text().contains("3 attempts"), outcome.text().constData());
        QCOMPARE(server.requests().size(), 3);
        QVERIFY(entries().isEmpty());
    }

    void aStallInTheMiddleIsContinued()
    {
        HttpServer server([&](const HttpRequest &request) {
            HttpAnswer answer = wholeOrRange(request, m_content, kTag);
            if (request.index == 0) {
                answer.announced = answer.body.size();
                answer.body.truncate(2'000'000);
                answer.hang = true;
            }
            return answer;
        });
        const Outcome outcome = get(request(server), 300);
        VERIFY_DONE(outcome);
        QCOMPARE(server.requests().size(), 2);
        QCOMPARE(server.requests()[1].rangeStart(), 2'000'000);
        QVERIFY(contentOf(target()) == m_content);
    }

    void aSlowServerIsNoSilentOne()
    {
        HttpServer server([&](const HttpRequest &request) {
            HttpAnswer answer = wholeOrRange(request, m_content.first(100'000), kTag);
            answer.bytesPerTurn = 2000; // a second in all
            return answer;
        });
        DownloadRequest asked = request(server);
        asked.model.source.sha256 = digest(m_content.first(100'000));
        const Outcome outcome = get(asked, 400);
        VERIFY_DONE(outcome);
        QCOMPARE(server.requests().size(), 1);
        const bool rateAndTimeLeft =
            std::any_of(outcome.progress.begin(), outcome.progress.end(), [](const DownloadProgress &progress) {
                return progress.bytesPerSecond > 0 && progress.secondsLeft() > 0;
            });
        QVERIFY(rateAndTimeLeft);
    }

    void aServerErrorIsTriedAgainButAMissingFileIsNot_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("again");
        for (const int status : {408, 429, 500, 502, 503})
            QTest::addRow("%d", status) << status << true;
        for (const int status : {401, 403, 404, 410, 501})
            QTest::addRow("%d", status) << status << false;
    }
    void aServerErrorIsTriedAgainButAMissingFileIsNot()
    {
        QFETCH(int, status);
        QFETCH(bool, again);
        HttpServer server([&](const HttpRequest &request) {
            return request.index == 0 ? HttpAnswer{.status = status, .headers = {}, .body = "<html>sorry</html>"}
                                      : wholeOrRange(request, m_content, kTag);
        });
        const Outcome outcome = get(request(server));
        QCOMPARE(server.requests().size(), again ? 2 : 1);
        if (again) {
            VERIFY_DONE(outcome);
        } else {
            VERIFY_ERROR(outcome, status == 404 || status == 410 ? ErrorCode::NotFound : ErrorCode::Io,
                         QByteArray::number(status));
            QVERIFY(entries().isEmpty());
        }
    }

    void aPartThatIsLongerThanTheFileIsDropped()
    {
        HttpServer server([&](const HttpRequest &request) {
            if (request.index == 0) {
                HttpAnswer answer = wholeOrRange(request, m_content + m_content, kTag);
                answer.announced = -2; // so that no total is known
                answer.hang = true;
                return answer;
            }
            return wholeOrRange(request, m_content, kTag);
        });
        const Outcome outcome = get(request(server), 500);
        VERIFY_DONE(outcome);
        QCOMPARE(server.requests()[1].rangeStart(), 2 * m_content.size());
        QVERIFY(contentOf(target()) == m_content);
    }

    void anAnswerWithoutALengthIsTakenWhenItsDigestFits()
    {
        HttpServer server(
            [&](const HttpRequest &) { return HttpAnswer{.headers = {}, .body = m_content, .announced = -2}; });
        const Outcome outcome = get(request(server));
        VERIFY_DONE(outcome);
        QVERIFY(contentOf(target()) == m_content);
    }

    void anEmptyAnswerIsNoFile()
    {
        HttpServer server([&](const HttpRequest &) { return HttpAnswer{}; });
        DownloadRequest asked = request(server);
        asked.model.source.sha256.clear();
        VERIFY_ERROR(get(asked), ErrorCode::Io, "ended after");
        QVERIFY(entries().isEmpty());
    }

    void aCompressedAnswerIsRefused()
    {
        HttpServer server([&](const HttpRequest &) {
            return HttpAnswer{.headers = {"Content-Encoding: gzip"}, .body = m_content};
        });
        VERIFY_ERROR(get(request(server)), ErrorCode::Unsupported, "gzip");
    }

    void redirectsAreFollowed()
    {
        HttpServer server([&](const HttpRequest &request) {
            return request.path == "/other/place"
                     ? wholeOrRange(request, m_content, kTag)
                     : HttpAnswer{.status = 302, .headers = {"Location: /other/place"}, .body = "moved"};
        });
        const Outcome outcome = get(request(server));
        VERIFY_DONE(outcome);
        QVERIFY(contentOf(target()) == m_content);
    }

    void aRedirectToElsewhereThanTheWebIsRefused()
    {
        HttpServer server([&](const HttpRequest &) {
            return HttpAnswer{.status = 302, .headers = {"Location: file:///etc/hostname"}, .body = "moved"};
        });
        const Outcome outcome = get(request(server));
        QVERIFY(outcome.error.has_value());
        QVERIFY(entries().isEmpty());
    }

    void redirectsInACircleEnd()
    {
        HttpServer server([&](const HttpRequest &request) {
            return HttpAnswer{.status = 302, .headers = {"Location: " + request.path + "x"}, .body = "moved"};
        });
        const Outcome outcome = get(request(server));
        QVERIFY(outcome.error.has_value());
        QVERIFY(server.requests().size() < 15);
    }

    void aRedirectNeverLeavesTls_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<bool>("allowed");
        QTest::newRow("tls to tls") << u"https://a.org/x"_s << u"https://b.org/y"_s << true;
        QTest::newRow("tls to plain") << u"https://a.org/x"_s << u"http://a.org/x"_s << false;
        QTest::newRow("plain to tls") << u"http://a.org/x"_s << u"https://a.org/x"_s << true;
        QTest::newRow("plain to plain") << u"http://a.org/x"_s << u"http://b.org/x"_s << true;
        QTest::newRow("to a file") << u"http://a.org/x"_s << u"file:///etc/hostname"_s << false;
        QTest::newRow("to ftp") << u"http://a.org/x"_s << u"ftp://a.org/x"_s << false;
    }
    void aRedirectNeverLeavesTls()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QTEST(mayRedirect(QUrl(from), QUrl(to)), "allowed");
    }

    void cancelKeepsThePart()
    {
        HttpServer server([&](const HttpRequest &request) {
            HttpAnswer answer = wholeOrRange(request, m_content, kTag);
            answer.bytesPerTurn = 100'000;
            return answer;
        });
        ModelDownload download;
        QSignalSpy failed(&download, &ModelDownload::failed);
        download.start(request(server));
        QVERIFY(download.isRunning());
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(partPath(target())).size() > 300'000, kPatience);
        download.cancel();
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kPatience);
        QVERIFY(!download.isRunning());
        const auto error = failed.constFirst().constFirst().value<Error>();
        QVERIFY(error.code == ErrorCode::Cancelled);
        QVERIFY2(error.hint.find("are kept") != std::string::npos, error.hint.c_str());
        QVERIFY(QFileInfo(partPath(target())).size() > 300'000);
        download.start(request(server)); // the same object continues
        QSignalSpy finished(&download, &ModelDownload::finished);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kPatience);
        QVERIFY(contentOf(target()) == m_content);
        QVERIFY(server.requests().constLast().rangeStart() > 300'000);
    }

    void twoDownloadsOfOneFileDoNotMeet()
    {
        HttpServer server([&](const HttpRequest &request) {
            HttpAnswer answer = wholeOrRange(request, m_content, kTag);
            answer.bytesPerTurn = 50'000;
            return answer;
        });
        ModelDownload first;
        first.start(request(server));
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(partPath(target())).size() > 0, kPatience);
        VERIFY_ERROR(get(request(server)), ErrorCode::BadInput, "another window or program");
        QVERIFY(first.isRunning());
    }

    void aFileThatDoesNotFitOnTheDiskIsRefusedBeforehand()
    {
        HttpServer server([&](const HttpRequest &request) {
            HttpAnswer answer = wholeOrRange(request, m_content, kTag);
            answer.announced = qint64{1} << 60;
            return answer;
        });
        VERIFY_ERROR(get(request(server)), ErrorCode::Io, "are free");
        QVERIFY(entries().isEmpty());
    }

    void aFolderThatCannotBeMadeIsNamed()
    {
        HttpServer server([&](const HttpRequest &request) { return wholeOrRange(request, m_content, kTag); });
        QVERIFY(put(m_folder->filePath(u"file"_s), "no folder"));
        DownloadRequest asked = request(server);
        asked.folder = m_folder->filePath(u"file/below"_s);
        VERIFY_ERROR(get(asked), ErrorCode::Io, "file/below");
        QCOMPARE(server.requests().size(), 0);
    }

    void nobodyAtTheAddressIsSaid()
    {
        DownloadRequest asked;
        {
            HttpServer server([&](const HttpRequest &) { return HttpAnswer{}; });
            asked = request(server);
        }
        VERIFY_ERROR(get(asked), ErrorCode::Io, "refused");
    }

    void addressesAreFormedAndChecked_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("sha256");
        QTest::addColumn<QString>("mirror");
        QTest::addColumn<QString>("expected"); ///< address, or a word of the message
        const QString url = u"https://a.org/deep/m.pth"_s;
        QTest::newRow("published") << url << u"m.pth"_s << u"ab12"_s << QString() << url;
        QTest::newRow("mirror") << url << u"m.pth"_s << QString() << u"http://b.org/x"_s
                                << u"http://b.org/x/m.pth"_s;
        QTest::newRow("mirror with a slash")
            << url << u"m.pth"_s << QString() << u"https://b.org/"_s << u"https://b.org/m.pth"_s;
        QTest::newRow("mirror of what is published nowhere")
            << QString() << u"m.pth"_s << QString() << u"https://b.org"_s << u"https://b.org/m.pth"_s;
        QTest::newRow("published nowhere") << QString() << u"m.pth"_s << QString() << QString() << u"no public"_s;
        QTest::newRow("no web address")
            << u"file:///etc/hostname"_s << u"m.pth"_s << QString() << QString() << u"is no http"_s;
        QTest::newRow("mirror that is no web address")
            << url << u"m.pth"_s << QString() << u"/srv/models"_s << u"is no http"_s;
        QTest::newRow("file that climbs")
            << url << u"../m.pth"_s << QString() << QString() << u"is no file name"_s;
        QTest::newRow("no file") << url << QString() << QString() << QString() << u"is no file name"_s;
        QTest::newRow("no digest") << url << u"m.pth"_s << u"XYZ"_s << QString() << u"is no SHA-256"_s;
    }
    void addressesAreFormedAndChecked()
    {
        QFETCH(QString, url);
        QFETCH(QString, file);
        QFETCH(QString, sha256);
        QFETCH(QString, mirror);
        QFETCH(QString, expected);
        const auto formed =
            downloadUrl({offer({url.toStdString(), file.toStdString(), sha256.toStdString(), "MIT"}),
                         m_folder->path(), mirror});
        if (formed)
            QCOMPARE(formed->toString(), expected);
        else
            QVERIFY2(formed.error().message().find(expected.toStdString()) != std::string::npos,
                     formed.error().message().c_str());
    }

    void whatIsThereIsToldByNameAndSize()
    {
        const ModelSource source{{}, "model.pth", {}, {}};
        QVERIFY(!localCopy(source, m_folder->path()).complete);
        QCOMPARE(localCopy(source, m_folder->path()).bytes, 0);
        QVERIFY(put(partPath(target()), "four"));
        QVERIFY(!localCopy(source, m_folder->path()).complete);
        QCOMPARE(localCopy(source, m_folder->path()).bytes, 4);
        QVERIFY(put(target(), "eleven more"));
        QVERIFY(localCopy(source, m_folder->path()).complete);
        QCOMPARE(localCopy(source, m_folder->path()).path, target());
        QVERIFY(!localCopy({}, m_folder->path()).complete);
    }

private:
    [[nodiscard]] QString target() const { return m_folder->filePath(u"model.pth"_s); }
    [[nodiscard]] DownloadRequest request(const HttpServer &server) const
    {
        return {
            offer({server.address(u"/models/model.pth"_s).toStdString(), "model.pth", digest(m_content), "MIT"}),
            m_folder->path(),
            {}};
    }
    [[nodiscard]] QStringList entries() const
    {
        return QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden);
    }

    QByteArray m_content;
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestModelDownload)
#include "tst_model_download.moc"
