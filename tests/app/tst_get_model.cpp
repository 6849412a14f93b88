// SPDX-License-Identifier: GPL-3.0-or-later
// "Get a model…" driven by keys and clicks against a local server, from the empty window to the opened model.
// Screenshots go to <build>/screenshots.
#include "app/demo/demo_assets.h"
#include "core/jobs/workbench.h"
#include "tests/support/http_server.h"
#include "views/widgets/get_model_dialog.h"
#include "views/widgets/main_window.h"

#include <nlohmann/json.hpp>

#include <QAction>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace quantoscope;
using nlohmann::json;
using quantoscope::testing::HttpAnswer;
using quantoscope::testing::HttpRequest;
using quantoscope::testing::HttpServer;
using quantoscope::testing::wholeOrRange;

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatience = 20000; // ms
const QByteArray kTag = "\"tag\"";

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot be read");
}

} // namespace

class TestGetModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        for (const char *proxy : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
            qunsetenv(proxy);
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"quantoscope-tests"_s);
        const auto assets = unpackDemo();
        QVERIFY2(assets.has_value(), assets ? "" : assets.error().message().c_str());
        m_weights = contentOf(QString::fromStdString(demoRequest(*assets).model.weights));
        QVERIFY(m_weights.size() > 1'000'000);
        m_server = std::make_unique<HttpServer>(
            [this](const HttpRequest &request) { return wholeOrRange(request, m_weights, kTag); });
        writeModels(); // before the registry is read for the first time
        m_screenshots.setPath(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots"));
        QVERIFY(QDir().mkpath(m_screenshots.path()));
    }

    void init()
    {
        QSettings().clear();
        m_folder = std::make_unique<QTemporaryDir>();
        m_server->setHandler(
            [this](const HttpRequest &request) { return wholeOrRange(request, m_weights, kTag); });
        m_dialog = std::make_unique<GetModelDialog>(offers());
        m_dialog->setDownloadSettings({2000, 2, 10});
        edit("targetFolder")->setText(m_folder->path());
        m_dialog->show();
        QVERIFY(QTest::qWaitForWindowActive(m_dialog.get()));
    }

    void cleanup()
    {
        m_dialog.reset();
        m_folder.reset();
    }

    void everyPartCanBeReachedAndHasAName()
    {
        QVERIFY(edit("offerFilter")->hasFocus());
        QStringList reached;
        for (int i = 0; i < 12; ++i) {
            QWidget *widget = QApplication::focusWidget();
            QVERIFY(widget);
            reached << widget->objectName();
            const auto *button = qobject_cast<QPushButton *>(widget);
            QVERIFY2(button || !widget->accessibleName().isEmpty() || hasLabel(widget),
                     qPrintable(widget->objectName()));
            QTest::keyClick(widget, Qt::Key_Tab);
        }
        for (const char *name : {"offerFilter", "offerTable", "targetFolder", "browseFolder", "mirror",
                                 "startDownload", "closeDialog"})
            QVERIFY2(reached.contains(QLatin1String(name)), name);
    }

    void theKeyboardAloneGetsAModel()
    {
        QSignalSpy opened(m_dialog.get(), &GetModelDialog::openRequested);
        QTest::keyClicks(edit("offerFilter"), u"demo serv"_s); // words in any order
        QCOMPARE(table()->model()->rowCount(), 1);
        QTest::keyClick(edit("offerFilter"), Qt::Key_Tab);
        QVERIFY(table()->hasFocus());
        QTest::keyClick(table(), Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(button("openDownloaded")->isEnabled(), kPatience);
        QVERIFY(contentOf(target()) == m_weights);
        QVERIFY2(label("downloadStatus").contains(u"as published"_s), qPrintable(label("downloadStatus")));
        QVERIFY(!button("startDownload")->isEnabled());
        QVERIFY(button("openDownloaded")->hasFocus());
        shoot("done");
        QTest::keyClick(button("openDownloaded"), Qt::Key_Space);
        QCOMPARE(opened.count(), 1);
        QCOMPARE(opened.constFirst().at(0).toString(), target());
        QCOMPARE(opened.constFirst().at(1).toString(), u"served_demo"_s);
        QVERIFY(!m_dialog->isVisible());
    }

    void aDownloadIsStoppedAndContinued()
    {
        m_server->setHandler([this](const HttpRequest &request) {
            HttpAnswer answer = wholeOrRange(request, m_weights, kTag);
            answer.bytesPerTurn = request.rangeStart() < 0 ? 20'000 : 0;
            return answer;
        });
        choose(u"served_demo"_s);
        QCOMPARE(button("startDownload")->text(), u"&Download"_s);
        QTest::mouseClick(button("startDownload"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(label("downloadStatus").contains(u"left"_s), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(m_dialog->findChild<QProgressBar *>()->value() > 100, kPatience);
        QVERIFY(!table()->isEnabled());
        shoot("running");
        QTest::mouseClick(button("cancelDownload"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(button("startDownload")->text(), u"Con&tinue download"_s, kPatience);
        QVERIFY2(label("downloadStatus").contains(u"kept"_s), qPrintable(label("downloadStatus")));
        shoot("stopped");
        QTest::mouseClick(button("startDownload"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(button("openDownloaded")->isEnabled(), kPatience);
        QVERIFY(m_server->requests().constLast().rangeStart() > 0);
        QVERIFY(contentOf(target()) == m_weights);
    }

    void escapeStopsFirstAndClosesThen()
    {
        m_server->setHandler([this](const HttpRequest &request) {
            HttpAnswer answer = wholeOrRange(request, m_weights, kTag);
            answer.bytesPerTurn = 2000;
            return answer;
        });
        choose(u"served_demo"_s);
        QTest::mouseClick(button("startDownload"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(label("downloadStatus").contains(u"of"_s), kPatience);
        QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
        QVERIFY(m_dialog->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(!button("cancelDownload")->isEnabled(), kPatience);
        QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
        QVERIFY(!m_dialog->isVisible());
    }

    void closingTheWindowWhileItRunsIsSafe()
    {
        m_server->setHandler([this](const HttpRequest &request) {
            HttpAnswer answer = wholeOrRange(request, m_weights, kTag);
            answer.bytesPerTurn = 2000;
            return answer;
        });
        choose(u"served_demo"_s);
        QTest::mouseClick(button("startDownload"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(label("downloadStatus").contains(u"of"_s), kPatience);
        m_dialog.reset();
        QVERIFY(QFileInfo(target() + u".part"_s).size() > 0);
    }

    void anErrorIsExplainedInTheDialog()
    {
        m_server->setHandler([](const HttpRequest &) {
            return HttpAnswer{.status = 404, .headers = {}, .body = "<html>no such file</html>"};
        });
        choose(u"served_demo"_s);
        QTest::mouseClick(button("startDownload"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(label("downloadError").contains(u"404"_s), kPatience);
        QVERIFY(m_dialog->findChild<QLabel *>(u"downloadError"_s)->isVisible());
        QVERIFY(label("downloadError").contains(m_server->address()));
        QVERIFY(button("startDownload")->isEnabled());
        shoot("error");
    }

    void aModelWithoutAnAddressNeedsAMirror()
    {
        choose(u"published_nowhere"_s);
        QVERIFY(!button("startDownload")->isEnabled());
        QVERIFY2(button("startDownload")->toolTip().contains(u"mirror"_s),
                 qPrintable(button("startDownload")->toolTip()));
        QVERIFY(label("offerDetails").contains(u"on a floppy disk"_s));
        edit("mirror")->setFocus();
        QTest::keyClicks(edit("mirror"), m_server->address(u"/mirror"_s));
        QVERIFY(button("startDownload")->isEnabled());
        QTest::mouseClick(button("startDownload"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(button("openDownloaded")->isEnabled(), kPatience);
        QCOMPARE(m_server->requests().constLast().path, QByteArray("/mirror/nowhere.pth"));
        const QString digest =
            QString::fromLatin1(QCryptographicHash::hash(m_weights, QCryptographicHash::Sha256).toHex());
        QVERIFY2(label("downloadStatus").contains(digest), qPrintable(label("downloadStatus")));
    }

    void theFilterThatFitsNothingSaysSo()
    {
        QTest::keyClicks(edit("offerFilter"), u"no such model"_s);
        QCOMPARE(table()->model()->rowCount(), 0);
        QVERIFY(!button("startDownload")->isEnabled());
        QVERIFY(!label("offerDetails").isEmpty());
        edit("offerFilter")->clear();
        QVERIFY(button("startDownload")->isEnabled());
    }

    void theWindowLeadsToTheDialogAndOpensWhatWasGot()
    {
        m_dialog.reset();
        Workbench workbench;
        MainWindow window(workbench);
        window.resize(1280, 800);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto *action = window.findChild<QAction *>(u"getModel"_s);
        QVERIFY(action && action->isEnabled());
        QTest::mouseClick(window.findChild<QPushButton *>(u"getModelButton"_s), Qt::LeftButton);
        auto *dialog = window.findChild<GetModelDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        action->trigger();
        QCOMPARE(window.findChildren<GetModelDialog *>().size(), 1); // the same one
        const auto child = [dialog](const char *name) {
            return dialog->findChild<QWidget *>(QLatin1String(name));
        };
        static_cast<QLineEdit *>(child("targetFolder"))->setText(m_folder->path());
        QVERIFY(static_cast<QTableView *>(child("offerTable"))->model()->rowCount() > 20);
        save(dialog, "list");
        QTest::keyClicks(child("offerFilter"), u"served_demo"_s);
        QTest::mouseClick(child("startDownload"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(child("openDownloaded")->isEnabled(), kPatience);
        QSignalSpy opened(&workbench, &Workbench::modelOpened);
        QTest::mouseClick(child("openDownloaded"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 60000);
        const ModelInfo info = opened.constFirst().constFirst().value<OpenedModelPtr>()->info;
        QCOMPARE(info.name, std::string("served_demo"));
        QCOMPARE(QString::fromStdString(info.file), target());
        QTRY_VERIFY(!window.findChild<GetModelDialog *>());
    }

private:
    [[nodiscard]] QString target() const { return m_folder->filePath(u"served.safetensors"_s); }
    [[nodiscard]] std::string digest() const
    {
        return QCryptographicHash::hash(m_weights, QCryptographicHash::Sha256).toHex().toStdString();
    }
    [[nodiscard]] std::string url() const { return m_server->address(u"/served.safetensors"_s).toStdString(); }

    [[nodiscard]] std::vector<ModelOffer> offers() const
    {
        return {
            {"deit_test",
             "DeiT test",
             72.21,
             "a table",
             {"https://a.org/d.pth", "d.pth", "ab12", "Apache-2.0"},
             {}},
            {"served_demo", "Served demo", 0, {}, {url(), "served.safetensors", digest(), "GPL-3.0-or-later"}, {}},
            {"published_nowhere", "Nowhere", 0, {}, {{}, "nowhere.pth", {}, "MIT"}, "It comes on a floppy disk"}};
    }

    void writeModels()
    {
        const json entry{
            {"name", "served_demo"},
            {"title", "Served demo"},
            {"family", "vit"},
            {"architecture", {{"width", 128}, {"heads", 2}, {"patch", 8}, {"image", 64}, {"distilled", false}}},
            {"input_quantized", true},
            {"preprocessing",
             {{"resize", 64},
              {"crop", 64},
              {"interpolation", "bicubic"},
              {"mean", {0.5, 0.5, 0.5}},
              {"std", {0.5, 0.5, 0.5}}}},
            {"published_top1", nullptr},
            {"published_in", ""},
            {"source",
             {{"url", url()},
              {"file", "served.safetensors"},
              {"sha256", digest()},
              {"licence", "GPL-3.0-or-later"}}}};
        const json models{{"format", "quantoscope-models"}, {"version", 1}, {"models", json::array({entry})}};
        QVERIFY(m_config.isValid() && QDir().mkpath(m_config.filePath(u"quantoscope"_s)));
        QFile file(m_config.filePath(u"quantoscope/models.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(models.dump()));
        qputenv("XDG_CONFIG_HOME", m_config.path().toLocal8Bit());
    }

    void choose(const QString &name)
    {
        const auto found = table()->model()->match(table()->model()->index(0, 1), Qt::DisplayRole, name);
        QVERIFY2(!found.isEmpty(), qPrintable(name));
        QTest::mouseClick(table()->viewport(), Qt::LeftButton, {}, table()->visualRect(found.first()).center());
    }

    [[nodiscard]] bool hasLabel(const QWidget *widget) const
    {
        const auto labels = m_dialog->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(),
                           [=](const QLabel *each) { return each->buddy() == widget; });
    }

    QTableView *table() { return m_dialog->findChild<QTableView *>(u"offerTable"_s); }
    QPushButton *button(const char *name) { return m_dialog->findChild<QPushButton *>(QLatin1String(name)); }
    QLineEdit *edit(const char *name) { return m_dialog->findChild<QLineEdit *>(QLatin1String(name)); }
    QString label(const char *name) { return m_dialog->findChild<QLabel *>(QLatin1String(name))->text(); }
    void shoot(const char *name) { save(m_dialog.get(), name); }
    void save(QWidget *widget, const char *name)
    {
        QCoreApplication::processEvents();
        QVERIFY(widget->grab().save(m_screenshots.filePath(u"get-model-%1.png"_s.arg(QLatin1String(name)))));
    }

    QByteArray m_weights;
    QTemporaryDir m_config;
    QDir m_screenshots;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<HttpServer> m_server;
    std::unique_ptr<GetModelDialog> m_dialog;
};

QTEST_MAIN(TestGetModel)
#include "tst_get_model.moc"
