// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo_assets.h"
#include "app/window/start_trace.h"
#include "core/jobs/workbench.h"
#include "views/widgets/main_window.h"
#include "views/widgets/project_controller.h"
#include "views/widgets/user_settings.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QIcon>
#include <QLibraryInfo>
#include <QLocale>
#include <QStandardPaths>
#include <QTranslator>

#include <xcb/xcb.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

using namespace quantoscope;

namespace {

/// Qt aborts when there is no display; a sentence is kinder.
bool displayIsThere()
{
    if (!qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY"))
        return true;
    xcb_connection_t *connection = xcb_connect(nullptr, nullptr);
    const bool works = xcb_connection_has_error(connection) == 0;
    xcb_disconnect(connection);
    if (!works) {
        std::fprintf(stderr,
                     "quantoscope: no display can be opened (DISPLAY is \"%s\"). Start it in a graphical session, or use "
                     "quantoscope-cli, which does the same without a window.\n",
                     qgetenv("DISPLAY").constData());
    }
    return works;
}

void installTranslations(QApplication &application, const QString &language)
{
    if (!language.isEmpty())
        QLocale::setDefault(QLocale(language)); // numbers too
    auto *own = new QTranslator(&application);
    if (own->load(QLocale(), QStringLiteral("quantoscope"), QStringLiteral("_"), QStringLiteral(":/i18n")))
        QCoreApplication::installTranslator(own);
    auto *qt = new QTranslator(&application);
    if (qt->load(QLocale(), QStringLiteral("qtbase"), QStringLiteral("_"),
                 QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(qt);
}

void openDemo(MainWindow &window, Workbench &workbench)
{
    if (const auto assets = unpackDemo())
        window.startDemo(demoRequest(*assets));
    else
        Q_EMIT workbench.failed(assets.error());
}

/// --help and --version only print.
bool onlyPrints(int argc, char **argv)
{
    return std::any_of(argv + 1, argv + argc, [](const char *argument) {
        for (const char *option : {"-h", "--help", "--help-all", "-v", "--version"})
            if (std::strcmp(argument, option) == 0)
                return true;
        return false;
    });
}

} // namespace

int main(int argc, char **argv)
{
    traceStart("loaded");
    if (onlyPrints(argc, argv))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    else if (!displayIsThere())
        return 1;
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("quantoscope"));
    QApplication::setApplicationDisplayName(QStringLiteral("Quantoscope"));
    QApplication::setApplicationVersion(QStringLiteral(QUANTOSCOPE_VERSION));
    QApplication::setOrganizationName(QStringLiteral("quantoscope"));
    QApplication::setDesktopFileName(QStringLiteral("io.github.quantoscope.Quantoscope"));
    const UserSettings settings = UserSettings::load();
    applyTheme(settings.theme);
    installTranslations(application, settings.language);

    QCommandLineParser parser;
    parser.setApplicationDescription(QApplication::translate(
        "main", "Workbench for post-training quantization of vision transformers (simulated: accuracy, not speed)"));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption demo(QStringLiteral("demo"),
                                  QApplication::translate("main", "Open the embedded demo and run it."));
    const QCommandLineOption plain(QStringLiteral("no-demo"),
                                   QApplication::translate("main", "At the first start, do not open the demo."));
    const QCommandLineOption fresh(QStringLiteral("new"),
                                   QApplication::translate("main", "Do not open the last session again."));
    parser.addOptions({demo, plain, fresh});
    parser.addPositionalArgument(
        QStringLiteral("files"),
        QApplication::translate("main", "Checkpoint (.safetensors), run file (.h5) or folder of images."),
        QStringLiteral("[files...]"));
    parser.process(application);

    Workbench workbench;
    ProjectStore store(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation)
                       + QStringLiteral("/recovery"));
    traceStart("application");
    MainWindow window(workbench, &store);
    traceStart("window");
    const QString session = QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation)
                          + QStringLiteral("/session.quantoscope");
    window.project().setSessionFile(session);
    window.askBeforeLargeData();
    window.show();
    traceFirstExpose(window);
    const bool recovers = !store.leftovers().isEmpty();
    window.offerRecovery();
    for (const QString &path : parser.positionalArguments()) {
        if (QFileInfo(path).isDir())
            window.setDataFolder(path);
        else
            window.openFile(path);
    }
    if (parser.isSet(demo)) {
        openDemo(window, workbench);
    } else if (parser.positionalArguments().isEmpty() && !recovers) {
        const bool restored = !parser.isSet(fresh) && window.project().restoreSession();
        if (!restored && !parser.isSet(plain) && MainWindow::wantsGuide()) {
            openDemo(window, workbench);
            window.showGuide();
        }
    }
    return QApplication::exec();
}
