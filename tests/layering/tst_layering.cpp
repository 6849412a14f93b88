// SPDX-License-Identifier: GPL-3.0-or-later
// Reads every include of the tree and fails on an arrow that ARCHITECTURE.md forbids.

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QHash>
#include <QLibraryInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QStringList>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

/// Which rooms a room of core may include besides itself, and how high it stands.
struct CoreRoom {
    int height;
    QStringList below;
};

const QHash<QString, CoreRoom> &coreRooms()
{
    static const QHash<QString, CoreRoom> rooms = {
        {u"base"_s, {0, {}}},
        {u"kernels"_s, {1, {u"base"_s}}},
        {u"data"_s, {1, {u"base"_s}}},
        {u"io"_s, {2, {u"base"_s, u"data"_s}}},
        {u"imaging"_s, {2, {u"base"_s, u"data"_s}}},
        {u"quantization"_s, {2, {u"base"_s, u"data"_s, u"kernels"_s}}},
        {u"analysis"_s, {2, {u"base"_s, u"data"_s}}},
        {u"demo"_s, {2, {u"base"_s, u"data"_s}}},
        {u"models"_s, {3, {u"base"_s, u"data"_s, u"io"_s}}},
        {u"onnx"_s, {4, {u"base"_s, u"data"_s, u"io"_s, u"models"_s, u"quantization"_s}}},
        {u"tensor"_s, {4, {u"base"_s, u"data"_s, u"models"_s, u"quantization"_s}}},
        {u"pipeline"_s,
         {5,
          {u"base"_s, u"data"_s, u"io"_s, u"imaging"_s, u"models"_s, u"quantization"_s, u"analysis"_s,
           u"tensor"_s}}},
        {u"jobs"_s,
         {6, {u"base"_s, u"data"_s, u"io"_s, u"imaging"_s, u"models"_s, u"analysis"_s, u"onnx"_s, u"pipeline"_s}}},
    };
    return rooms;
}

constexpr int kTopOfCore = 6;

/// Makes the embedded demo's weights; a program of its own, so it may use LibTorch and core/io.
const QString kTrainer = u"core/demo/train_demo_main.cpp"_s;

QString room(const QString &path)
{
    return path.section(u'/', 1, 1);
}

/// How high a file of the project stands; a program stands above every library.
int height(const QString &path)
{
    if (path.startsWith(u"core/"_s) && path != kTrainer)
        return coreRooms().value(room(path), {kTopOfCore + 1, {}}).height;
    const QString top = path.section(u'/', 0, 0);
    return kTopOfCore + (top == u"views"_s ? 1 : top == u"tests"_s ? 3 : 2);
}

QString aboveOrBeside(const QString &file, const QString &include)
{
    const int difference = height(include) - height(file);
    if (difference > 0)
        return u"which is above it"_s;
    return difference == 0 ? u"which is beside it"_s : u"which is below it but hidden from it"_s;
}

bool isProjectPath(const QString &include)
{
    static const QRegularExpression top(u"^(core|views|app|tests)/"_s);
    return top.match(include).hasMatch();
}

bool isLibTorch(const QString &include)
{
    static const QRegularExpression torch(u"^(torch|ATen|c10|caffe2)/"_s);
    return torch.match(include).hasMatch();
}

bool isQt(const QString &include)
{
    static const QRegularExpression qt(u"^(Qt?[A-Z]|q[a-z0-9_]+\\.h$)"_s);
    return qt.match(include).hasMatch() && include != u"qcustomplot.h"_s;
}

/// Asks the installed headers, so that no list of classes has to be kept.
bool isOfQtModule(const QString &module, const QString &include)
{
    const QString headers = QLibraryInfo::path(QLibraryInfo::HeadersPath);
    const QString inModule = include.contains(u'/') ? include : module + u'/' + include;
    return inModule.startsWith(module + u'/') && QFile::exists(headers + u'/' + inModule);
}

bool coreMayUseQt(const QString &file, const QString &include)
{
    return isOfQtModule(u"QtCore"_s, include)
        || (room(file) == u"jobs"_s && isOfQtModule(u"QtNetwork"_s, include));
}

bool coreMayInclude(const QString &file, const QString &include)
{
    const QString from = room(file);
    const QString to = room(include);
    if (from == to)
        return true;
    return coreRooms().value(from).below.contains(to) || (file == kTrainer && to == u"io"_s);
}

bool viewsMayInclude(const QString &file, const QString &include)
{
    static const QSet<QString> visible = {u"base"_s, u"data"_s, u"analysis"_s, u"quantization"_s, u"jobs"_s};
    if (include.startsWith(u"core/"_s))
        return visible.contains(room(include)) || include == u"core/pipeline/requests.h"_s;
    if (!include.startsWith(u"views/"_s))
        return false;
    // models <- plots <- widgets
    static const QStringList order = {u"models"_s, u"plots"_s, u"widgets"_s};
    return order.indexOf(room(include)) <= order.indexOf(room(file));
}

/// Why `file` must not include `include` (both from the project root), or an empty string.
QString objection(const QString &file, const QString &include)
{
    if (include.contains(u"../"_s))
        return u"which must be written from the project root"_s;
    if (isLibTorch(include)) {
        const bool allowed = file.startsWith(u"core/tensor/"_s) || file == kTrainer;
        return allowed ? QString() : u"but LibTorch belongs to core/tensor alone"_s;
    }
    if (include.endsWith(u"qcustomplot.h"_s)) {
        const bool allowed = file.startsWith(u"views/plots/"_s);
        return allowed ? QString() : u"but QCustomPlot belongs to views/plots alone"_s;
    }
    const QString top = file.section(u'/', 0, 0);
    if (isQt(include)) {
        const bool allowed = top != u"core"_s || coreMayUseQt(file, include);
        return allowed ? QString() : u"but core knows no Qt module other than QtCore"_s;
    }
    if (!isProjectPath(include) || top == u"tests"_s)
        return {};
    if (top == u"core"_s && !coreRooms().contains(room(file)))
        return u"but its room is not listed in this test"_s;
    const bool allowed = top == u"core"_s  ? include.startsWith(u"core/"_s) && coreMayInclude(file, include)
                       : top == u"views"_s ? viewsMayInclude(file, include)
                                           : !include.startsWith(u"tests/"_s);
    return allowed ? QString() : aboveOrBeside(file, include);
}

class Tree {
public:
    Tree() : m_root(QStringLiteral(QUANTOSCOPE_SOURCE_DIR))
    {
        if (m_root.exists(u".git"_s))
            listWithGit();
        if (m_files.isEmpty())
            listWithoutGit();
        const QString build = m_root.relativeFilePath(QStringLiteral(QUANTOSCOPE_BUILD_DIR)) + u'/';
        m_files.removeIf([&](const QString &path) { return path.startsWith(build); });
    }

    /// Paths from the root. Ignored files are left out, files not yet added are in.
    [[nodiscard]] const QStringList &files() const { return m_files; }

    [[nodiscard]] QStringList sources() const
    {
        static const QRegularExpression source(u"^(core|views|app|tests)/.*\\.(h|hpp|hh|c|cpp|cc|cxx|inl)$"_s);
        return m_files.filter(source);
    }

    [[nodiscard]] QStringList lines(const QString &path) const
    {
        QFile file(m_root.filePath(path));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).split(u'\n') : QStringList();
    }

    [[nodiscard]] bool contains(const QString &path) const { return m_root.exists(path); }

private:
    void listWithGit()
    {
        QProcess git;
        git.setWorkingDirectory(m_root.path());
        git.start(u"git"_s, {u"ls-files"_s, u"-z"_s, u"--cached"_s, u"--others"_s, u"--exclude-standard"_s});
        if (!git.waitForFinished() || git.exitStatus() != QProcess::NormalExit || git.exitCode() != 0)
            return;
        for (const QString &path :
             QString::fromUtf8(git.readAllStandardOutput()).split(u'\0', Qt::SkipEmptyParts)) {
            if (m_root.exists(path)) // a deleted file stays in the index until it is committed
                m_files.append(path);
        }
        m_files.removeDuplicates(); // an unmerged file is listed once for each side
    }

    /// For an unpacked archive: what .gitignore names is known here by its usual names.
    void listWithoutGit()
    {
        static const QRegularExpression ignored(
            u"^(build(-[^/]*)?/|demo-plots/|demo-report\\.h5$|\\.git/|.*\\.user$)"_s);
        QDirIterator it(m_root.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (it.hasNext()) {
            const QString path = m_root.relativeFilePath(it.next());
            if (!ignored.match(path).hasMatch())
                m_files.append(path);
        }
        m_files.sort();
    }

    QDir m_root;
    QStringList m_files;
};

QByteArray report(const QStringList &complaints)
{
    return QByteArray::number(complaints.size()) + " found:\n" + complaints.join(u'\n').toUtf8();
}

} // namespace

class LayeringTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theRulesTellAllowedFromForbidden_data();
    void theRulesTellAllowedFromForbidden();
    void everyIncludePointsDownward();
    void everySourceFileNamesItsLicence();
    void theTopLevelHoldsExactlyTheAgreedEntries();

private:
    Tree m_tree;
};

void LayeringTest::theRulesTellAllowedFromForbidden_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("include");
    QTest::addColumn<QString>("objection");

    const QString above = u"which is above it"_s;
    const QString beside = u"which is beside it"_s;
    const QString hidden = u"which is below it but hidden from it"_s;
    const QString torch = u"but LibTorch belongs to core/tensor alone"_s;
    const QString plot = u"but QCustomPlot belongs to views/plots alone"_s;
    const QString qt = u"but core knows no Qt module other than QtCore"_s;
    const QString root = u"which must be written from the project root"_s;

    const auto row = [](const char *name, const char *file, const char *include, const QString &objection) {
        QTest::newRow(name) << QString::fromLatin1(file) << QString::fromLatin1(include) << objection;
    };
    row("a room sees itself", "core/io/a.cpp", "core/io/b.h", {});
    row("a room sees the rooms below", "core/pipeline/a.cpp", "core/tensor/b.h", {});
    row("io does not see models", "core/io/a.cpp", "core/models/b.h", above);
    row("io does not see imaging", "core/io/a.h", "core/imaging/b.h", beside);
    row("tensor does not see io", "core/tensor/a.cpp", "core/io/b.h", hidden);
    row("jobs do not see tensor", "core/jobs/a.cpp", "core/tensor/b.h", hidden);
    row("core does not see views", "core/jobs/a.cpp", "views/models/b.h", above);
    row("core does not see app", "core/data/a.h", "app/cli/b.h", above);
    row("core does not see tests", "core/data/a.h", "tests/support/b.h", above);
    row("core may use QtCore", "core/jobs/a.h", "QThread", {});
    row("core may use QtCore by its full name", "core/jobs/a.h", "QtCore/qobject.h", {});
    row("jobs have QtNetwork", "core/jobs/a.cpp", "QNetworkReply", {});
    row("io has no QtNetwork", "core/io/a.cpp", "QNetworkReply", qt);
    row("core has no QtGui", "core/jobs/a.h", "QImage", qt);
    row("core has no QtWidgets", "core/jobs/a.h", "QtWidgets/QWidget", qt);
    row("core may use QtGlobal", "core/jobs/a.h", "QtGlobal", {});
    row("core has no QtGui in lower case", "core/jobs/a.h", "qimage.h", qt);
    row("the standard library is free", "core/base/a.h", "queue", {});
    row("tensor has LibTorch", "core/tensor/a.cpp", "ATen/ATen.h", {});
    row("pipeline has no LibTorch", "core/pipeline/a.cpp", "torch/torch.h", torch);
    row("app has no LibTorch", "app/cli/a.cpp", "c10/core/Device.h", torch);
    row("tests have no LibTorch", "tests/parity/a.cpp", "ATen/ATen.h", torch);
    row("the trainer has LibTorch", "core/demo/train_demo_main.cpp", "torch/torch.h", {});
    row("the trainer writes files", "core/demo/train_demo_main.cpp", "core/io/b.h", {});
    row("the demo does not see io", "core/demo/a.cpp", "core/io/b.h", beside);
    row("plots have QCustomPlot", "views/plots/a.cpp", "qcustomplot.h", {});
    row("widgets have no QCustomPlot", "views/widgets/a.cpp", "qcustomplot.h", plot);
    row("views see requests", "views/widgets/a.cpp", "core/pipeline/requests.h", {});
    row("views do not see sessions", "views/widgets/a.cpp", "core/pipeline/session.h", hidden);
    row("views see jobs", "views/widgets/a.cpp", "core/jobs/workbench.h", {});
    row("views do not see io", "views/models/a.cpp", "core/io/run_file.h", hidden);
    row("views do not see app", "views/models/a.cpp", "app/window/b.h", above);
    row("widgets see plots", "views/widgets/a.cpp", "views/plots/b.h", {});
    row("models do not see plots", "views/models/a.cpp", "views/plots/b.h", beside);
    row("app sees everything but tests", "app/cli/a.cpp", "core/pipeline/session.h", {});
    row("app does not see tests", "app/cli/a.cpp", "tests/support/b.h", above);
    row("tests see everything", "tests/io/a.cpp", "core/io/b.h", {});
    row("nobody climbs the tree", "core/io/a.cpp", "../models/b.h", root);
}

void LayeringTest::theRulesTellAllowedFromForbidden()
{
    QFETCH(QString, file);
    QFETCH(QString, include);
    QTEST(objection(file, include), "objection");
}

void LayeringTest::everyIncludePointsDownward()
{
    static const QRegularExpression directive(u"^\\s*#\\s*include\\b\\s*(?:[<\"]([^>\"]+)[>\"])?"_s);
    int read = 0;
    QStringList complaints;
    for (const QString &file : m_tree.sources()) {
        const QStringList lines = m_tree.lines(file);
        for (qsizetype i = 0; i < lines.size(); ++i) {
            const QRegularExpressionMatch match = directive.match(lines[i]);
            if (!match.hasMatch())
                continue;
            ++read;
            QString include = match.captured(1);
            if (include.isEmpty()) {
                complaints.append(
                    u"%1:%2 includes through a macro, which cannot be checked"_s.arg(file).arg(i + 1));
                continue;
            }
            // A neighbour may be named without its folder.
            const QString neighbour = file.section(u'/', 0, -2) + u'/' + include;
            if (!isProjectPath(include) && !include.contains(u".."_s) && m_tree.contains(neighbour))
                include = neighbour;
            const QString why = objection(file, include);
            if (!why.isEmpty())
                complaints.append(u"%1:%2 includes %3, %4"_s.arg(file).arg(i + 1).arg(include, why));
        }
    }
    QVERIFY2(read > 0, "no include was read: is QUANTOSCOPE_SOURCE_DIR the project's root?");
    QVERIFY2(complaints.isEmpty(), report(complaints));
}

void LayeringTest::everySourceFileNamesItsLicence()
{
    QStringList complaints;
    for (const QString &file : m_tree.sources()) {
        if (m_tree.lines(file).value(0).trimmed() != u"// SPDX-License-Identifier: GPL-3.0-or-later"_s)
            complaints.append(file + u":1 is not the line \"// SPDX-License-Identifier: GPL-3.0-or-later\""_s);
    }
    QVERIFY2(complaints.isEmpty(), report(complaints));
}

void LayeringTest::theTopLevelHoldsExactlyTheAgreedEntries()
{
    const QStringList agreed = {
        u"ARCHITECTURE.md"_s, u"CHANGELOG.md"_s, u"CMakeLists.txt"_s, u"CMakePresets.json"_s, u"LICENSE"_s,
        u"README.md"_s,       u"app"_s,          u"core"_s,           u"packaging"_s,         u"resources"_s,
        u"tests"_s,           u"translations"_s, u"views"_s};
    QSet<QString> found;
    for (const QString &file : m_tree.files()) {
        const QString entry = file.section(u'/', 0, 0);
        if (!entry.startsWith(u'.'))
            found.insert(entry);
    }
    QStringList complaints;
    for (const QString &entry : agreed) {
        if (!found.contains(entry))
            complaints.append(entry + u" is missing"_s);
    }
    found.subtract(QSet<QString>(agreed.begin(), agreed.end()));
    for (const QString &entry : std::as_const(found))
        complaints.append(entry + u" does not belong to the top level"_s);
    complaints.sort();
    QVERIFY2(complaints.isEmpty(), report(complaints));
}

QTEST_GUILESS_MAIN(LayeringTest)
#include "tst_layering.moc"
