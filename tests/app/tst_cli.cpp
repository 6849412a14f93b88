// SPDX-License-Identifier: GPL-3.0-or-later
// The command line as a script sees it: exit codes, what goes to which stream, JSON fields.
#include "app/demo/demo_assets.h"
#include "tests/support/program.h"
#include "tests/support/test_data.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using nlohmann::json;
using quantoscope::testing::Outcome;

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatience = 120000; // ms
constexpr int kSuccess = 0;
constexpr int kFailed = 1;
constexpr int kBadUsage = 2;

Outcome run(const QStringList &arguments)
{
    return quantoscope::testing::runProgram(QStringLiteral(QUANTOSCOPE_CLI), arguments, kPatience);
}

bool writeFile(const QString &path, const QByteArray &content)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

} // namespace

class TestCli : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        m_deit =
            QString::fromStdString(quantoscope::testing::dataPath("models/deit_tiny_patch16_224.safetensors"));
        m_images = QString::fromStdString(quantoscope::testing::dataPath("imagenet"));
        m_list = QString::fromStdString(quantoscope::testing::dataPath("golden/calibration-100.txt"));
        m_malformed = QString::fromStdString(quantoscope::testing::dataPath("fixtures/malformed"));
    }

    void helpAndVersionSucceed()
    {
        for (const QStringList &arguments :
             {QStringList{u"--help"_s}, {u"evaluate"_s, u"--help"_s}, {u"--version"_s}}) {
            const Outcome outcome = run(arguments);
            VERIFY_CODE(outcome, kSuccess);
            QVERIFY(outcome.out.contains(u"quantoscope-cli"_s) || outcome.out.contains(u"--weights"_s));
        }
        const Outcome help = run({u"evaluate"_s, u"--help"_s});
        for (const char *option : {"--weights",
                                   "--data",
                                   "--split",
                                   "--limit",
                                   "--list",
                                   "--model",
                                   "--recipe",
                                   "--ptf",
                                   "--lis",
                                   "--bits",
                                   "--plan",
                                   "--calibration-list",
                                   "--calibration-count",
                                   "--seed",
                                   "--calibration-batch",
                                   "--calibration-data",
                                   "--device",
                                   "--allow-tf32",
                                   "--threads",
                                   "--out",
                                   "--json"})
            QVERIFY2(help.out.contains(QLatin1String(option)), option);
    }

    void modelsAreListed()
    {
        const Outcome text = run({u"models"_s});
        VERIFY_CODE(text, kSuccess);
        QVERIFY(text.out.contains(u"deit_tiny_patch16_224"_s));
        QVERIFY(text.err.isEmpty());
        const json list = run({u"models"_s, u"--json"_s}).parsed();
        QVERIFY(list.is_array() && list.size() >= 10);
        for (const json &model : list)
            for (const char *field : {"name", "title", "family", "architecture", "preprocessing", "published_top1"})
                QVERIFY2(model.contains(field), field);
        QVERIFY(text.out.contains(u"depths 2/2/6/2, heads 3/6/12/24"_s));
    }

    void recipesAreListed()
    {
        const Outcome text = run({u"recipes"_s});
        VERIFY_CODE(text, kSuccess);
        const json list = run({u"recipes"_s, u"--json"_s}).parsed();
        QStringList names;
        for (const json &recipe : list)
            names << QString::fromStdString(recipe["name"].get<std::string>());
        QCOMPARE(names, (QStringList{"minmax", "ema", "percentile", "omse", "itpn", "tf-fqvit", "tinynn-int8", "tinynn-mixed1",
                                     "tinynn-mixed2", "tensorrt", "baseptq", "ptq4vit", "least-error"}));
        for (const json &recipe : list)
            QVERIFY(!recipe["source"].get<std::string>().empty());
        for (const QString &name : names)
            QVERIFY(text.out.contains(name));
    }

    void inspectShowsTheModel()
    {
        if (m_deit.isEmpty())
            QSKIP("needs models/deit_tiny_patch16_224.safetensors (set QUANTOSCOPE_DATA)");
        const Outcome text = run({u"inspect"_s, m_deit});
        VERIFY_CODE(text, kSuccess);
        for (const char *shown : {"deit_tiny_patch16_224", "blocks.11.mlp.fc2.weight", "blocks.3.attn.softmax",
                                  "5717416", "shorter side 256 bicubic"})
            QVERIFY2(text.out.contains(QLatin1String(shown)), shown);
        const json model = run({u"inspect"_s, m_deit, u"--json"_s}).parsed();
        QVERIFY(model.is_object());
        QCOMPARE(model["model"].get<std::string>(), std::string("deit_tiny_patch16_224"));
        QCOMPARE(model["tensors"].size(), size_t{152});
        QCOMPARE(model["taps"].size(), size_t{238});
        QCOMPARE(model["heads"].get<int>(), 3);
        QCOMPARE(model["preprocessing"]["resize"].get<int>(), 256);
        QCOMPARE(model["sha256"].get<std::string>().size(), size_t{64});
    }

    void inspectShowsStages()
    {
        QUANTOSCOPE_NEED_DATA(swin, "fixtures/swin/swin_tiny_random.safetensors");
        const Outcome text = run({u"inspect"_s, QString::fromStdString(swin)});
        VERIFY_CODE(text, kSuccess);
        QVERIFY2(text.out.contains(u"stage 2        2 blocks of width 96, 4 heads in windows of 7 x 7 tokens"_s),
                 qPrintable(text.out));
        const json model = run({u"inspect"_s, QString::fromStdString(swin), u"--json"_s}).parsed();
        QCOMPARE(model["stages"].size(), size_t{3});
        QCOMPARE(model["stages"][1]["heads"].get<int>(), 2);
    }

    void aBrokenListOfModelsIsNamed()
    {
        const QTemporaryDir config;
        QVERIFY(QDir(config.path()).mkpath(u"quantoscope"_s));
        QFile list(config.filePath(u"quantoscope/models.json"_s));
        QVERIFY(list.open(QIODevice::WriteOnly));
        list.write(R"({"format": "quantoscope-models", "version": 1, "models": [{"name": "mine", "title": "Mine", "famly": "vit"}]})");
        list.close();
        const QByteArray before = qgetenv("XDG_CONFIG_HOME");
        qputenv("XDG_CONFIG_HOME", config.path().toLocal8Bit());
        const Outcome outcome = run({u"models"_s});
        qputenv("XDG_CONFIG_HOME", before);
        VERIFY_CODE(outcome, kFailed);
        QVERIFY2(outcome.err.contains(u"models.json"_s) && outcome.err.contains(u"'mine'"_s), qPrintable(outcome.err));
    }

    void evaluatePrintsOneObjectWithTheFixedFields()
    {
        if (m_deit.isEmpty() || m_images.isEmpty())
            QSKIP("needs DeiT-T and ImageNet images (set QUANTOSCOPE_DATA)");
        const Outcome outcome =
            run(quantized({u"--limit"_s, u"20"_s, u"--with-float"_s, u"--bits"_s, u"6/8/8"_s, u"--json"_s}));
        VERIFY_CODE(outcome, kSuccess);
        const json result = outcome.parsed();
        QVERIFY2(result.is_object(), outcome.text().constData());
        QCOMPARE(result["model"].get<std::string>(), std::string("deit_tiny_patch16_224"));
        QCOMPARE(result["recipe"].get<std::string>(), std::string("minmax"));
        QCOMPARE(result["bits"].get<std::string>(), std::string("6/8/8"));
        for (const json *part : {&result, &result["float"]}) {
            QCOMPARE((*part)["count"].get<int>(), 20);
            const double top1 = (*part)["top1"].get<double>();
            QVERIFY(top1 >= 50 && top1 <= 100); // percent
            QVERIFY((*part)["top5"].get<double>() >= top1);
            QVERIFY((*part)["top1_low"].get<double>() < top1);
            QVERIFY((*part)["top1_high"].get<double>() >= top1);
            QVERIFY((*part)["images_per_second"].get<double>() > 0);
        }
        // progress went to the other stream
        for (const char *phase : {"float", "calibrate", "evaluate"})
            QVERIFY2(outcome.err.contains(QLatin1String(phase)), outcome.text().constData());
    }

    void withoutARecipeTheFloatModelIsEvaluated()
    {
        if (m_deit.isEmpty() || m_images.isEmpty())
            QSKIP("needs DeiT-T and ImageNet images (set QUANTOSCOPE_DATA)");
        const QStringList arguments = {u"evaluate"_s, u"--weights"_s, m_deit, u"--data"_s,
                                       m_images,      u"--limit"_s,   u"6"_s};
        const json result = run(arguments + QStringList{u"--json"_s}).parsed();
        QCOMPARE(result["count"].get<int>(), 6);
        QCOMPARE(result["recipe"].get<std::string>(), std::string("float"));
        QVERIFY(!result.contains("float"));
        const Outcome text = run(arguments);
        VERIFY_CODE(text, kSuccess);
        QVERIFY(text.out.contains(u"top-1"_s) && text.out.contains(u"6 images"_s));
        QVERIFY(!text.out.contains(u"6 / 6"_s));
        QVERIFY(text.err.contains(u"6 / 6"_s));
    }

    void listsAreReadRelativeToTheirFolder()
    {
        if (m_deit.isEmpty() || m_images.isEmpty())
            QSKIP("needs DeiT-T and ImageNet images (set QUANTOSCOPE_DATA)");
        QDir val(m_images + u"/val"_s);
        const QString wnid = val.entryList(QDir::Dirs | QDir::NoDotAndDotDot).first();
        const QString image = QDir(val.filePath(wnid)).entryList(QDir::Files).first();
        const QString list = m_folder.filePath(u"list.txt"_s);
        QVERIFY(writeFile(list, u"val/%1/%2 0\nval/%1/%2 999\n"_s.arg(wnid, image).toUtf8()));
        const Outcome outcome =
            run({u"evaluate"_s, u"--weights"_s, m_deit, u"--data"_s, m_images, u"--list"_s, list, u"--json"_s});
        VERIFY_CODE(outcome, kSuccess);
        const json result = outcome.parsed();
        QCOMPARE(result["count"].get<int>(), 2);
        QVERIFY(result["top1"].get<double>() <= 50); // one picture cannot be both
    }

    void plansAreComparedInPlainText()
    {
        const QString a = m_folder.filePath(u"a.json"_s);
        const QString b = m_folder.filePath(u"b.json"_s);
        QVERIFY(writeFile(a, R"({"rules":[{"tap":"*.fc2","block":"1-2","bits":4}]})"));
        QVERIFY(writeFile(b, R"({"rules":[{"tap":"*.fc2","block":"1-2","bits":4},{"tap":"head","bits":"float"}]})"));
        const Outcome rules = run({u"plan"_s, u"diff"_s, a, b});
        VERIFY_CODE(rules, kSuccess);
        QCOMPARE(rules.out, u"+ head: float\n"_s);
        const Outcome same = run({u"plan"_s, u"diff"_s, b, b});
        QCOMPARE(same.out, u"no difference\n"_s);
        const auto assets = quantoscope::unpackDemo();
        QVERIFY(assets.has_value());
        const QString weights = QString::fromStdString(quantoscope::demoRequest(*assets).model.weights);
        const Outcome effect = run({u"plan"_s, u"diff"_s, u"recipe"_s, b, u"--weights"_s, weights});
        VERIFY_CODE(effect, kSuccess);
        QVERIFY2(effect.out.contains(u"\nmlp.fc2 of blocks 1-2: 8 bit -> 4 bit\nhead: 8 bit -> float\n3 of "_s),
                 effect.text().constData());
        // Two runs say themselves what their taps had.
        const QString eight = demoRun(u"plan-eight.h5"_s, {u"--recipe"_s, u"minmax"_s, u"--limit"_s, u"5"_s});
        const QString planned = demoRun(u"plan-changed.h5"_s, {u"--recipe"_s, u"minmax"_s, u"--limit"_s, u"5"_s, u"--plan"_s, b});
        const Outcome runs = run({u"plan"_s, u"diff"_s, eight, planned});
        QVERIFY2(runs.out.contains(u"head: 8 bit -> float"_s), runs.text().constData());
        for (const QString &bad : {u"none.json"_s, weights, u"."_s})
            VERIFY_CODE(run({u"plan"_s, u"diff"_s, a, bad}), kFailed);
        VERIFY_CODE(run({u"plan"_s, u"diff"_s, a}), kBadUsage);
    }

    void plansGoToOtherProgramsAndBack()
    {
        const QString plan = m_folder.filePath(u"mixed.json"_s);
        QVERIFY(writeFile(plan, R"({"rules":[{"tap":"*.fc2*","block":"1-2","bits":4},{"tap":"head.weight","bits":"float"},
            {"tap":"norm","bits":"float"}]})"));
        const QString run4 = demoRun(u"exported.h5"_s, {u"--recipe"_s, u"minmax"_s, u"--lis"_s, u"--limit"_s, u"5"_s,
                                                      u"--plan"_s, plan});
        const QString weights = QString::fromStdString(quantoscope::demoRequest(*quantoscope::unpackDemo()).model.weights);
        const auto exported = [&](const QString &what, const QString &format, const QStringList &more = {}) {
            const QString file = m_folder.filePath(u"plan.%1.json"_s.arg(format));
            const Outcome outcome = run(QStringList{u"plan"_s, u"export"_s, what, u"--format"_s, format, u"--out"_s, file} + more);
            return outcome.code == kSuccess ? file : QString::fromUtf8(outcome.text());
        };
        for (const QString &format : {u"aimet"_s, u"modelopt"_s, u"nncf"_s, u"ort"_s}) {
            QFile file(exported(run4, format));
            QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
            const json document = json::parse(file.readAll().toStdString());
            QCOMPARE(document["quantoscope"]["format"].get<std::string>(), format.toStdString());
            QVERIFY(!document["quantoscope"]["not_expressed"].empty()); // the log2 softmax, residual sums, ...
        }
        for (const QString &format : {u"aimet"_s, u"modelopt"_s}) {
            const QString back = m_folder.filePath(u"back.json"_s);
            const Outcome imported = run({u"plan"_s, u"import"_s, m_folder.filePath(u"plan.%1.json"_s.arg(format)), u"--format"_s,
                                          format, u"--run"_s, run4, u"--out"_s, back});
            VERIFY_CODE(imported, kSuccess);
            const Outcome effect = run({u"plan"_s, u"diff"_s, u"recipe"_s, back, u"--weights"_s, weights, u"--lis"_s});
            VERIFY_CODE(effect, kSuccess);
            for (const char *change : {"\nmlp.fc2.weight, mlp.fc2 of blocks 1-2: 8 bit -> 4 bit\n", "head.weight: 8 bit -> float"})
                QVERIFY2(effect.out.contains(QLatin1String(change)), effect.text().constData());
        }
        // A plan alone means something for a checkpoint only, and has no scales.
        const Outcome alone = run({u"plan"_s, u"export"_s, plan, u"--format"_s, u"aimet"_s, u"--out"_s, u"x"_s});
        VERIFY_CODE(alone, kBadUsage);
        QVERIFY(alone.err.contains(u"--weights"_s));
        QVERIFY(QFile::exists(exported(plan, u"aimet"_s, {u"--weights"_s, weights})));
        const QString aimet = m_folder.filePath(u"plan.aimet.json"_s);
        const auto import = [&](const QString &file, const QString &format) {
            return run({u"plan"_s, u"import"_s, file, u"--format"_s, format, u"--out"_s, m_folder.filePath(u"x.json"_s)});
        };
        VERIFY_CODE(import(aimet, u"aimet"_s), kSuccess); // its names are taps
        VERIFY_CODE(import(aimet, u"modelopt"_s), kBadUsage);
        VERIFY_CODE(import(aimet, u"ort"_s), kBadUsage);
        VERIFY_CODE(import(aimet, u"onnx"_s), kBadUsage);
        VERIFY_CODE(import(weights, u"aimet"_s), kFailed);
        VERIFY_CODE(import(u"none.json"_s, u"aimet"_s), kFailed);
        VERIFY_CODE(run({u"plan"_s, u"export"_s, run4, u"--format"_s, u"aimet"_s, u"--out"_s, u"/nowhere/x.json"_s}), kFailed);
    }

    void theModelOfARunBecomesAnOnnxFile()
    {
        const QString stored = demoRun(u"onnx.h5"_s, {u"--recipe"_s, u"minmax"_s, u"--lis"_s, u"--limit"_s, u"5"_s});
        const QString file = m_folder.filePath(u"model.onnx"_s);
        const auto exported = [&](const QString &what, const QStringList &more = {}) {
            return run(QStringList{u"plan"_s, u"export"_s, what, u"--format"_s, u"onnx"_s, u"--out"_s, file} + more);
        };
        const Outcome written = exported(stored);
        VERIFY_CODE(written, kSuccess);
        QVERIFY2(written.out.contains(u"taps quantized"_s) && written.err.contains(u"log-int-softmax"_s), written.text().constData());
        QVERIFY(QFileInfo(file).size() > 0);
        const qint64 quantized = QFileInfo(file).size();
        const QString plain = demoRun(u"plain.h5"_s, {u"--limit"_s, u"5"_s});
        VERIFY_CODE(exported(plain), kSuccess);
        QVERIFY(QFileInfo(file).size() > 2 * quantized);
        VERIFY_CODE(exported(u"recipe"_s), kFailed);
        const std::string other = quantoscope::testing::dataPath("fixtures/vit/tiny_vit.safetensors");
        if (!other.empty())
            VERIFY_CODE(exported(stored, {u"--weights"_s, QString::fromStdString(other), u"--heads"_s, u"2"_s}), kFailed);
    }

    void aRunFileIsRepeatedAndSaysWhetherTheSameCameOut()
    {
        const QString first = demoRun(u"first.h5"_s, {u"--recipe"_s, u"minmax"_s, u"--bits"_s, u"4/4/4"_s});
        QVERIFY(!first.isEmpty());
        const QString again = m_folder.filePath(u"again.h5"_s);
        const Outcome repeated = run({u"repeat"_s, first, u"--out"_s, again});
        VERIFY_CODE(repeated, kSuccess);
        QVERIFY2(repeated.out.contains(u"every logit of "_s), repeated.text().constData());
        const json compared = run({u"compare"_s, first, again, u"--json"_s}).parsed();
        QCOMPARE(compared["agree"].get<int>(), compared["common"].get<int>());
        const QString other =
            QString::fromStdString(quantoscope::testing::dataPath("fixtures/vit/tiny_vit.safetensors"));
        if (!other.isEmpty()) {
            const Outcome refused = run({u"repeat"_s, first, u"--weights"_s, other});
            VERIFY_CODE(refused, kFailed);
            QVERIFY2(refused.err.contains(u"SHA-256"_s), refused.text().constData());
        }
    }

    void runsAreComparedImageByImage()
    {
        const QString eight = demoRun(u"eight.h5"_s, {u"--recipe"_s, u"minmax"_s, u"--with-float"_s});
        const QString three = demoRun(u"three.h5"_s, {u"--recipe"_s, u"minmax"_s, u"--bits"_s, u"3/3/3"_s});
        QVERIFY(!eight.isEmpty() && !three.isEmpty());
        const Outcome text = run({u"compare"_s, eight, three, u"--flips"_s, u"2"_s});
        VERIFY_CODE(text, kSuccess);
        for (const char *shown : {"eight.h5", "minmax 3/3/3", "matched by content", "top-1", "McNemar p",
                                  "the second is worse", "lost (2 of "})
            QVERIFY2(text.out.contains(QLatin1String(shown)), text.text().constData());
        const json result = run({u"compare"_s, eight, three, u"--json"_s}).parsed();
        QVERIFY(result.is_object());
        const int common = result["common"].get<int>();
        QVERIFY(common > 100);
        QCOMPARE(result["labelled"].get<int>(), common);
        QVERIFY(result["mcnemar_p"].get<double>() < 0.01);
        QVERIFY(result["top1"]["difference"].get<double>() < 0);
        QVERIFY(result["top1"]["low"].get<double>() < result["top1"]["difference"].get<double>());
        QVERIFY(result["kl"]["mean"].get<double>() > result["kl"]["median"].get<double>() / 100);
        QCOMPARE(result["flips"]["lost"].size(), size_t{10});
        // The classes that changed, pair by pair, add up to the images that changed.
        int changed = 0;
        int lostPairs = 0;
        for (const json &pair : result["confusion"]) {
            QVERIFY(pair["first"] != pair["second"]);
            changed += pair["images"].get<int>();
            lostPairs += pair["lost"].get<int>();
        }
        QCOMPARE(changed, common - result["agree"].get<int>());
        QCOMPARE(lostPairs, result["lost"].get<int>());
        QVERIFY2(text.out.contains(u"confusion of the classes that changed (2 of "_s), text.text().constData());
        // The other way round the flips change sides.
        const json mirrored = run({u"compare"_s, three, eight, u"--json"_s}).parsed();
        QCOMPARE(mirrored["gained"].get<int>(), result["lost"].get<int>());
        // Both results of one file.
        const json within = run({u"compare"_s, eight, eight, u"--first"_s, u"float"_s, u"--second"_s, u"quantized"_s,
                                 u"--json"_s})
                                .parsed();
        QCOMPARE(within["first"]["result"].get<std::string>(), std::string("float"));
        QCOMPARE(within["second"]["result"].get<std::string>(), std::string("minmax 8/8/8"));
        const Outcome same = run({u"compare"_s, eight, eight, u"--float"_s});
        VERIFY_CODE(same, kSuccess);
        QVERIFY2(same.out.contains(u"no difference shown at p = 1"_s), same.text().constData());
        // A result that a file lacks, and a file that is none.
        const Outcome lacking = run({u"compare"_s, eight, three, u"--float"_s});
        VERIFY_CODE(lacking, kFailed);
        QVERIFY2(lacking.err.contains(u"second run has no float result"_s), lacking.text().constData());
        const Outcome missing = run({u"compare"_s, eight, u"none.h5"_s});
        VERIFY_CODE(missing, kFailed);
        QVERIFY(missing.err.contains(u"none.h5"_s));
        VERIFY_CODE(run({u"compare"_s, eight, three, u"--float"_s, u"--quantized"_s}), kBadUsage);
        VERIFY_CODE(run({u"compare"_s, eight}), kBadUsage);

        // The same as plots: one file, two, and what all of them take.
        const QString csv = m_folder.filePath(u"plot.csv"_s);
        const auto draw = [&](const QStringList &files, const QString &view, const QStringList &more = {}) {
            return run(QStringList{u"plot"_s} + files + QStringList{u"--view"_s, view, u"--out"_s, csv} + more);
        };
        VERIFY_CODE(draw({eight}, u"confusion"_s), kSuccess);
        VERIFY_CODE(draw({eight, three}, u"confusion"_s), kSuccess);
        QFile file(csv);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts).size(),
                 static_cast<qsizetype>(result["confusion"].size()) + 1);
        VERIFY_CODE(draw({three}, u"confusion"_s), kFailed); // it has no float result
        VERIFY_CODE(draw({eight, three}, u"error"_s), kBadUsage);
        for (const char *cost : {"weight-bytes", "average-bits", "bit-operations"}) {
            VERIFY_CODE(draw({eight, three}, u"runs-pareto"_s, {u"--cost"_s, QLatin1String(cost)}), kSuccess);
            QFile table(csv);
            QVERIFY(table.open(QIODevice::ReadOnly));
            const QStringList lines = QString::fromUtf8(table.readAll()).split(u'\n', Qt::SkipEmptyParts);
            QCOMPARE(lines.size(), 4); // header, three bits, eight bits, float
            QVERIFY2(lines[1].contains(u"minmax 3/3/3"_s) && lines[3].contains(u"float"_s), qPrintable(lines.join(u'\n')));
        }
        VERIFY_CODE(draw({eight}, u"runs-pareto"_s, {u"--cost"_s, u"gold"_s}), kBadUsage);
    }

    void analyzeNamesTheImagesAndChannelsBehindAnError()
    {
        QStringList arguments = demoArguments()
            + QStringList{u"--recipe"_s, u"minmax"_s, u"--analysis-images"_s, u"8"_s, u"--json"_s};
        arguments[0] = u"analyze"_s;
        const json result = run(arguments).parsed();
        int named = 0;
        for (const json &tap : result["taps"]) {
            if (!tap.contains("worst_images"))
                continue;
            ++named;
            QCOMPARE(tap["worst_images"].size(), size_t{5});
            double share = 1;
            for (const json &image : tap["worst_images"]) {
                QVERIFY(image["image"].get<std::string>().find(".png") != std::string::npos);
                QVERIFY(image["share_of_error"].get<double>() <= share && image["share_of_error"].get<double>() > 0);
                share = image["share_of_error"].get<double>();
            }
            QVERIFY(tap["worst_channels"][0]["sqnr_db"].is_number());
        }
        QVERIFY(named > 20);
    }

    void anEvaluationStopsWhenItIsDecided()
    {
        const QString file = m_folder.filePath(u"decided.h5"_s);
        const QStringList decide
            = demoArguments() + QStringList{u"--recipe"_s, u"minmax"_s, u"--bits"_s, u"3/3/3"_s, u"--until-decided"_s};
        const Outcome text = run(decide + QStringList{u"--out"_s, file});
        VERIFY_CODE(text, kSuccess);
        QVERIFY2(text.out.contains(u"worse than the float model"_s) && text.out.contains(u"stopped early after"_s),
                 text.text().constData());
        QVERIFY2(!text.out.contains(u"McNemar"_s), text.text().constData());
        const json result = run(decide + QStringList{u"--json"_s}).parsed();
        QCOMPARE(result["decision"]["outcome"].get<std::string>(), std::string("worse"));
        QVERIFY(result["decision"]["images"].get<int>() < result["decision"]["available"].get<int>());
        QCOMPARE(result["decision"]["images"].get<int>(), result["count"].get<int>());
        QVERIFY(result["against_float"]["mcnemar_p"].is_null());
        // Against the file just written the same settings show nothing.
        const json again
            = run(decide + QStringList{u"--baseline"_s, file, u"--seed"_s, u"3"_s, u"--json"_s}).parsed();
        QCOMPARE(again["decision"]["outcome"].get<std::string>(), std::string("undecided"));
        QCOMPARE(again["decision"]["available"].get<int>(), result["count"].get<int>());
        const Outcome compared = run({u"compare"_s, file, file});
        VERIFY_CODE(compared, kSuccess);
        QVERIFY2(compared.err.contains(u"stopped when it was decided"_s), compared.text().constData());
        VERIFY_CODE(run(demoArguments() + QStringList{u"--baseline"_s, file}), kBadUsage);
        VERIFY_CODE(run(demoArguments() + QStringList{u"--until-decided"_s}), kBadUsage);
    }

    void calibrateWritesARunFileThatH5dumpReads()
    {
        if (m_deit.isEmpty() || m_images.isEmpty())
            QSKIP("needs DeiT-T and ImageNet images (set QUANTOSCOPE_DATA)");
        const QString file = m_folder.filePath(u"run.h5"_s);
        const QString plan = m_folder.filePath(u"plan.json"_s);
        QVERIFY(writeFile(
            plan,
            R"({"rules": [{"tap": "blocks.3.attn.scores", "bits": 6}, {"role": "logits", "bits": "float"}]})"));
        QStringList arguments = quantized(
            {u"--plan"_s, plan, u"--ptf"_s, u"--lis"_s, u"--limit"_s, u"2"_s, u"--out"_s, file, u"--json"_s});
        arguments[0] = u"calibrate"_s;
        const Outcome outcome = run(arguments);
        VERIFY_CODE(outcome, kSuccess);
        QVERIFY(QFile::exists(file));
        const json result = outcome.parsed();
        QCOMPARE(result["bits"].get<std::string>(), std::string("8/8/4")); // --lis: 4-bit attention
        QVERIFY(!result.contains("top1"));                                 // no evaluation
        bool scores = false;
        bool logits = false;
        for (const json &tap : result["taps"]) {
            if (tap["tap"] == "blocks.3.attn.scores")
                scores = tap["bits"] == 6;
            if (tap["tap"] == "head")
                logits = tap["quantizer"] == "none";
        }
        QVERIFY2(scores && logits, "the plan was not applied");

        const QString h5dump = QStandardPaths::findExecutable(u"h5dump"_s);
        if (h5dump.isEmpty())
            QSKIP("h5dump is not installed");
        QProcess dump;
        dump.start(h5dump, {u"-n"_s, file});
        QVERIFY(dump.waitForFinished(kPatience));
        QCOMPARE(dump.exitCode(), 0);
        const QString contents = QString::fromUtf8(dump.readAllStandardOutput());
        QVERIFY2(contents.contains(u"blocks.3.attn.scores"_s), qPrintable(contents.left(2000)));
    }

    void aCalibrationSaysWhenItConvergedAndHowStableItIs()
    {
        const QString file = m_folder.filePath(u"stability.h5"_s);
        QStringList arguments = demoArguments() + QStringList{u"--recipe"_s, u"minmax"_s};
        arguments[0] = u"calibrate"_s;
        const Outcome text = run(arguments + QStringList{u"--bootstrap"_s, u"30"_s, u"--out"_s, file});
        VERIFY_CODE(text, kSuccess);
        QVERIFY2(text.out.contains(u"Stability: over 30 calibrations"_s) && text.out.contains(u"Ranges: "_s),
                 text.text().constData());
        const Outcome outcome = run(arguments + QStringList{u"--bootstrap"_s, u"0"_s, u"--json"_s});
        VERIFY_CODE(outcome, kSuccess);
        const json without = outcome.parsed();
        QVERIFY(!without["calibration"].contains("resampled"));
        QVERIFY(without["calibration"]["observed_taps"].get<int>() > 20);
        const json whole = run(arguments + QStringList{u"--bootstrap"_s, u"30"_s, u"--json"_s}).parsed();
        QCOMPARE(whole["calibration"]["resampled"]["samples"].get<int>(), 30);
        int bands = 0;
        for (const json &tap : whole["taps"])
            if (tap.contains("resampled")) {
                QVERIFY(tap["resampled"]["low"][0] <= tap["resampled"]["low"][1]);
                QVERIFY(tap["resampled"]["relative_width"].get<double>() >= 0);
                ++bands;
            }
        QVERIFY(bands > 20);
        const auto plotted = [&](const QStringList &view) {
            const QString csv = m_folder.filePath(u"view.csv"_s);
            const Outcome drawn = run(QStringList{u"plot"_s, file, u"--out"_s, csv, u"--view"_s} + view);
            QFile written(csv);
            return drawn.code == kSuccess && written.open(QIODevice::ReadOnly) ? written.readAll() : drawn.text();
        };
        QVERIFY(plotted({u"calibration"_s}).startsWith("tap,images,batch_minimum"));
        QVERIFY(plotted({u"stability"_s}).contains("band_percent"));
        const QByteArray tokens = plotted({u"channels"_s, u"--along"_s, u"tokens"_s, u"--tap"_s, u"blocks.0.norm1"_s});
        QVERIFY2(tokens.contains("class token"), tokens.constData());
        VERIFY_CODE(run({u"plot"_s, file, u"--view"_s, u"error"_s, u"--along"_s, u"heads"_s, u"--out"_s, u"x.csv"_s}), kBadUsage);
    }

    void analyzePrintsTheErrorOfEachTap()
    {
        if (m_deit.isEmpty() || m_images.isEmpty())
            QSKIP("needs DeiT-T and ImageNet images (set QUANTOSCOPE_DATA)");
        QStringList arguments = quantized({u"--limit"_s, u"4"_s, u"--analysis-images"_s, u"4"_s, u"--json"_s});
        arguments[0] = u"analyze"_s;
        const Outcome outcome = run(arguments);
        VERIFY_CODE(outcome, kSuccess);
        const json result = outcome.parsed();
        int measured = 0;
        for (const json &tap : result["taps"]) {
            if (tap.contains("isolated"))
                ++measured;
            if (tap["tap"] == "blocks.0.attn.proj") {
                QVERIFY(tap["isolated"]["sqnr_db"].get<double>() > 10);
                QVERIFY(tap["cumulative"]["cosine"].get<double>() > 0.9);
            }
        }
        QVERIFY(measured > 100);
    }

    void sensitivityIsStoredPrintedAndExported()
    {
        QStringList arguments = demoArguments() + QStringList{u"--recipe"_s, u"minmax"_s, u"--bits"_s, u"4/4/4"_s,
                                                              u"--sensitivity-images"_s, u"12"_s};
        arguments[0] = u"sensitivity"_s;
        const QString file = m_folder.filePath(u"sensitivity.h5"_s);
        const Outcome outcome = run(arguments + QStringList{u"--level"_s, u"block"_s, u"--kind"_s,
                                                            u"only-this,all-but-this"_s, u"--out"_s, file});
        VERIFY_CODE(outcome, kSuccess);
        QVERIFY(outcome.out.contains(u"block 3"_s) && outcome.out.contains(u"everything"_s));
        // The cost stands before the work, and progress counts passes, not images.
        QVERIFY2(outcome.err.contains(u"measurements on 12 images"_s)
                     && outcome.err.indexOf(u"passes over them"_s) < outcome.err.indexOf(u"calibrate"_s),
                 outcome.text().constData());
        QVERIFY2(QRegularExpression(u"sensitivity +\\d+ / \\d+ passes"_s).match(outcome.err).hasMatch(),
                 outcome.text().constData());
        const QString picture = m_folder.filePath(u"sensitivity.svg"_s);
        VERIFY_CODE(run({u"plot"_s, file, u"--view"_s, u"sensitivity"_s, u"--out"_s, picture}), kSuccess);
        QVERIFY(QFileInfo(picture).size() > 5000);
        const QString csv = m_folder.filePath(u"sensitivity.csv"_s);
        VERIFY_CODE(run(arguments + QStringList{u"--level"_s, u"type"_s, u"--options"_s, u"own,8/8"_s, u"--out"_s, csv}),
                    kSuccess);
        QFile table(csv);
        QVERIFY(table.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = table.readAll().trimmed().split('\n');
        QVERIFY(lines.front().startsWith("operator,kind,part,weight_bits,activation_bits,kl,"));
        QCOMPARE(lines.size() % 2, 1); // each type at two precisions
        VERIFY_CODE(run(arguments + QStringList{u"--options"_s, u"9/9"_s}), kBadUsage);
    }

    void analyzeMeasuresSensitivityAndAttentionToo()
    {
        QStringList arguments = demoArguments() + QStringList{u"--recipe"_s, u"minmax"_s, u"--analysis-images"_s, u"4"_s,
                                                              u"--sensitivity"_s, u"block"_s, u"--sensitivity-images"_s,
                                                              u"8"_s, u"--attention"_s, demoImage(), u"--json"_s};
        arguments[0] = u"analyze"_s;
        const QString file = m_folder.filePath(u"analysis.h5"_s);
        const Outcome outcome = run(arguments + QStringList{u"--out"_s, file});
        VERIFY_CODE(outcome, kSuccess);
        QVERIFY(outcome.parsed()["sensitivity"]["rows"].size() >= 4);
        for (const char *view : {"sensitivity", "attention"}) {
            const QString picture = m_folder.filePath(QLatin1String(view) + u".png"_s);
            VERIFY_CODE(run({u"plot"_s, file, u"--view"_s, QLatin1String(view), u"--out"_s, picture}), kSuccess);
        }
    }

    void attentionDrawsAMapAndSaysWhatItIs()
    {
        QStringList arguments = demoArguments() + QStringList{u"--recipe"_s, u"minmax"_s, u"--lis"_s, u"--image"_s, demoImage()};
        arguments[0] = u"attention"_s;
        const QString picture = m_folder.filePath(u"map.png"_s);
        const Outcome outcome = run(arguments + QStringList{u"--block"_s, u"2"_s, u"--head"_s, u"1"_s, u"--out"_s, picture});
        VERIFY_CODE(outcome, kSuccess);
        QVERIFY2(outcome.out.contains(u"blocks.2.attn.softmax"_s) && outcome.out.contains(u"class token"_s),
                 outcome.text().constData());
        QVERIFY(QFileInfo(picture).size() > 5000);
        VERIFY_CODE(run(arguments + QStringList{u"--block"_s, u"99"_s}), kFailed);
        VERIFY_CODE(run(arguments + QStringList{u"--head"_s, u"99"_s}), kFailed);
        QStringList missing = arguments;
        missing.last() = u"/nowhere/x.png"_s;
        const Outcome failed = run(missing);
        VERIFY_CODE(failed, kFailed);
        QVERIFY(failed.err.contains(u"/nowhere/x.png"_s));
    }

    void tinynnReportsStandInTheirOwnForm()
    {
        QStringList arguments = demoArguments() + QStringList{u"--recipe"_s, u"tinynn-int8"_s, u"--analysis-images"_s,
                                                              u"4"_s, u"--tinynn"_s};
        arguments[0] = u"analyze"_s;
        const Outcome layer = run(arguments + QStringList{u"layer"_s, u"--metric"_s, u"sqnr"_s, u"--worst"_s, u"3"_s});
        VERIFY_CODE(layer, kSuccess);
        QVERIFY2(layer.out.contains(u"Quantization error report:"_s) && layer.out.contains(u"Weights (sqnr sorted 3):"_s)
                     && layer.out.count(u" sqnr: "_s) == 6,
                 layer.text().constData());
        const Outcome graph = run(arguments + QStringList{u"graph"_s});
        VERIFY_CODE(graph, kSuccess);
        QVERIFY2(!graph.out.contains(u"Weights ("_s) && graph.out.contains(u"Activations (cosine, in network order):"_s),
                 graph.text().constData());
    }

    void checkSaysWhatIsWrongAndFailsWhenItIsAProblem()
    {
        const QString demo = QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/demo/");
        const QStringList healthy
            = {u"check"_s, u"--weights"_s, demo + u"demo_vit.safetensors"_s, u"--data"_s, demo + u"images"_s};
        const Outcome good = run(healthy + QStringList{u"--recipe"_s, u"minmax"_s, u"--calibration-count"_s, u"60"_s});
        VERIFY_CODE(good, kSuccess);
        QVERIFY2(good.out.contains(u"ok       Preprocessing is as published"_s), good.text().constData());
        QVERIFY2(good.err.contains(u"check "_s), good.text().constData()); // progress
        const Outcome bad = run(healthy + QStringList{u"--json"_s, u"--mean"_s, u"0"_s, u"0"_s, u"0"_s, u"--std"_s,
                                                      u"1"_s, u"1"_s, u"1"_s});
        VERIFY_CODE(bad, kFailed);
        const json report = bad.parsed();
        QVERIFY2(report.is_object(), bad.text().constData());
        QCOMPARE(report.value("severity", ""), std::string("problem"));
        const json first = report["findings"][0];
        QCOMPARE(first.value("id", ""), std::string("cause.normalization"));
        QCOMPARE(first["values"].value("mean", ""), std::string("0.5 0.5 0.5"));
        QVERIFY(first["values"].value("p", 1.0) < 0.01);
        for (const char *field : {"title", "detail", "advice", "severity"})
            QVERIFY2(!first.value(field, "").empty(), field);
        QVERIFY(report.value("top1_low", 0.0) < report.value("top1", 0.0));
        VERIFY_CODE(run(healthy + QStringList{u"--out"_s, u"x.h5"_s}), kBadUsage);
    }

    void badUsageExitsWithTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        const QString evaluate = u"evaluate"_s;
        const QStringList named = {evaluate, u"--weights"_s, u"w.safetensors"_s, u"--data"_s, u"images"_s};
        QTest::newRow("nothing") << QStringList();
        QTest::newRow("unknown command") << QStringList{u"quantise"_s};
        QTest::newRow("unknown option") << named + QStringList{u"--nonsense"_s};
        QTest::newRow("weights missing") << QStringList{evaluate};
        QTest::newRow("inspect without a file") << QStringList{u"inspect"_s};
        QTest::newRow("value missing") << named + QStringList{u"--limit"_s};
        QTest::newRow("limit is no number") << named + QStringList{u"--limit"_s, u"many"_s};
        QTest::newRow("negative limit") << named + QStringList{u"--limit"_s, u"-1"_s};
        QTest::newRow("negative memory") << named + QStringList{u"--activation-memory"_s, u"-1"_s};
        QTest::newRow("zero threads") << named + QStringList{u"--threads"_s, u"0"_s};
        for (const char *bits : {"8/8", "8/8/8/8", "9/8/8", "8/1/8", "8/8/8x"})
            QTest::newRow(qPrintable(u"bits %1"_s.arg(QLatin1String(bits))))
                << named + QStringList{u"--recipe"_s, u"minmax"_s, u"--bits"_s, QLatin1String(bits)};
        QTest::newRow("ptf without a recipe") << named + QStringList{u"--ptf"_s};
        QTest::newRow("bits without a recipe") << named + QStringList{u"--bits"_s, u"8/8/8"_s};
        QTest::newRow("plan without a recipe") << named + QStringList{u"--plan"_s, u"p.json"_s};
        QTest::newRow("list and count")
            << named
                   + QStringList{
                       u"--recipe"_s, u"minmax"_s, u"--calibration-list"_s, u"l.txt"_s, u"--calibration-count"_s,
                       u"5"_s};
        QTest::newRow("calibrate without a recipe")
            << QStringList{u"calibrate"_s, u"--weights"_s, u"w"_s, u"--data"_s, u"d"_s};
        QTest::newRow("plot without a view") << QStringList{u"plot"_s, u"run.h5"_s, u"--out"_s, u"x.svg"_s};
        QTest::newRow("plot of an unknown view")
            << QStringList{u"plot"_s, u"run.h5"_s, u"--view"_s, u"pie"_s, u"--out"_s, u"x.svg"_s};
        QTest::newRow("plot of no size") << QStringList{u"plot"_s,  u"run.h5"_s, u"--view"_s, u"ranges"_s,
                                                        u"--out"_s, u"x.svg"_s,  u"--size"_s, u"big"_s};
    }

    void badUsageExitsWithTwo()
    {
        QFETCH(const QStringList, arguments);
        const Outcome outcome = run(arguments);
        VERIFY_CODE(outcome, kBadUsage);
        QVERIFY2(outcome.out.isEmpty(), outcome.text().constData());
        QVERIFY(!outcome.err.isEmpty());
    }

    void aDataFolderMustBeNamed()
    {
        if (m_deit.isEmpty())
            QSKIP("needs models/deit_tiny_patch16_224.safetensors (set QUANTOSCOPE_DATA)");
        const Outcome outcome = run({u"evaluate"_s, u"--weights"_s, m_deit});
        VERIFY_CODE(outcome, kBadUsage);
        QVERIFY(outcome.err.contains(u"--data"_s));
    }

    void anInterruptedEvaluationWritesALabelledPartialRunFile()
    {
        if (m_deit.isEmpty())
            QSKIP("needs DeiT-T and images in QUANTOSCOPE_DATA");
        const QString file = m_folder.filePath(u"partial.h5"_s);
        QProcess program;
        program.start(QStringLiteral(QUANTOSCOPE_CLI),
                      {u"evaluate"_s, u"--weights"_s, m_deit, u"--data"_s, m_images, u"--recipe"_s, u"minmax"_s,
                       u"--calibration-count"_s, u"20"_s, u"--analysis-images"_s, u"4"_s, u"--batch"_s, u"1"_s,
                       u"--json"_s, u"--out"_s, file});
        QVERIFY(program.waitForStarted());
        program.setReadChannel(QProcess::StandardError);
        QByteArray progress;
        while (!progress.contains("analyze") && program.waitForReadyRead(60000))
            progress += program.readAllStandardError();
        QVERIFY2(progress.contains("analyze"), progress.constData());
        QTest::qWait(3000); // into the evaluation of 650 images, one at a time so that a busy machine has some
        ::kill(static_cast<pid_t>(program.processId()), SIGINT);
        QVERIFY(program.waitForFinished(60000));
        QCOMPARE(program.exitCode(), 1);
        const json result = json::parse(program.readAllStandardOutput().toStdString(), nullptr, false);
        QVERIFY(!result.is_discarded());
        QCOMPARE(result["complete"].get<bool>(), false);
        QVERIFY(result["count"].get<int>() < 650);
        QVERIFY(QFileInfo(file).size() > 0);
    }

    void failuresExitWithOneNamingThePath_data()
    {
        QTest::addColumn<QString>("which");
        for (const char *which :
             {"missing weights", "corrupt weights", "missing tensor", "no data folder", "empty folder",
              "unknown wnid", "missing list", "empty list", "list without the image", "missing plan",
              "broken plan", "plan that matches nothing", "unknown recipe", "unknown model", "missing run file",
              "broken run file", "missing calibration list", "calibration folder without a train split",
              "unknown device", "TF32 without a GPU"})
            QTest::newRow(which) << QString::fromLatin1(which);
    }

    void failuresExitWithOneNamingThePath()
    {
        QFETCH(const QString, which);
        if (m_deit.isEmpty() || m_images.isEmpty() || m_malformed.isEmpty())
            QSKIP("needs DeiT-T, images and fixtures (set QUANTOSCOPE_DATA)");
        const QString folder = m_folder.filePath(QString(which).replace(QLatin1Char(' '), QLatin1Char('-')));
        QVERIFY(QDir().mkpath(folder));
        const auto file = [&](const char *name, const QByteArray &content) {
            const QString path = folder + QLatin1Char('/') + QLatin1String(name);
            return writeFile(path, content) ? path : QString();
        };
        QStringList arguments = {u"evaluate"_s, u"--weights"_s, m_deit, u"--data"_s,
                                 m_images,      u"--limit"_s,   u"2"_s};
        QString named;
        const auto is = [&](const char *name) { return which == QLatin1String(name); };
        const auto recipe = [&] { arguments << u"--recipe"_s << u"minmax"_s; };
        if (is("missing weights")) {
            named = arguments[2] = folder + u"/none.safetensors"_s;
        } else if (is("corrupt weights")) {
            named = arguments[2] = m_malformed + u"/st_truncated_data.safetensors"_s;
        } else if (is("missing tensor")) {
            arguments = {u"inspect"_s, m_malformed + u"/missing_head_weight.safetensors"_s};
            named = u"head.weight"_s;
        } else if (is("no data folder")) {
            named = arguments[4] = folder + u"/none"_s;
        } else if (is("empty folder")) {
            named = arguments[4] = folder;
        } else if (is("unknown wnid")) {
            QVERIFY(!file("val/n99999999/a.JPEG", "x").isEmpty());
            arguments[4] = folder;
            named = u"n99999999"_s;
        } else if (is("missing list")) {
            named = folder + u"/none.txt"_s;
            arguments << u"--list"_s << named;
        } else if (is("empty list")) {
            named = file("list.txt", "# nothing\n");
            arguments << u"--list"_s << named;
        } else if (is("list without the image")) {
            named = u"val/none.JPEG"_s;
            arguments << u"--list"_s << file("list.txt", "val/none.JPEG 3\n");
        } else if (is("missing plan")) {
            recipe();
            named = folder + u"/none.json"_s;
            arguments << u"--plan"_s << named;
        } else if (is("broken plan")) {
            recipe();
            arguments << u"--plan"_s << file("plan.json", R"({"rules": [{"tap": "head", "bits": 9}]})");
            named = u"rule 1"_s;
        } else if (is("plan that matches nothing")) {
            recipe();
            arguments << u"--plan"_s << file("plan.json", R"({"rules": [{"tap": "blocks.99.*", "bits": 4}]})");
            named = u"blocks.99.*"_s;
        } else if (is("unknown recipe")) {
            arguments << u"--recipe"_s << u"kl"_s;
            named = u"kl"_s;
        } else if (is("unknown model")) {
            arguments << u"--model"_s << u"resnet50"_s;
            named = u"resnet50"_s;
        } else if (is("missing run file")) {
            named = folder + u"/none.h5"_s;
            arguments = {u"plot"_s, named, u"--view"_s, firstView(), u"--out"_s, folder + u"/x.svg"_s};
        } else if (is("broken run file")) {
            named = file("run.h5", "not HDF5");
            arguments = {u"plot"_s, named, u"--view"_s, firstView(), u"--out"_s, folder + u"/x.svg"_s};
        } else if (is("missing calibration list")) {
            recipe();
            named = folder + u"/none.txt"_s;
            arguments << u"--calibration-list"_s << named;
        } else if (is("calibration folder without a train split")) {
            recipe();
            named = folder;
            arguments << u"--calibration-data"_s << folder;
        } else if (is("TF32 without a GPU")) {
            arguments << u"--allow-tf32"_s;
            named = u"--allow-tf32"_s;
        } else {
            arguments << u"--device"_s << u"abacus"_s;
            named = u"abacus"_s;
        }
        const Outcome outcome = run(arguments);
        VERIFY_CODE(outcome, kFailed);
        QVERIFY2(outcome.out.isEmpty(), outcome.text().constData());
        QVERIFY2(outcome.err.contains(named), outcome.text().constData());
    }

    void archivesGiveTheAccuracyOfTheirFolder()
    {
        if (m_deit.isEmpty() || m_images.isEmpty())
            QSKIP("needs DeiT-T and ImageNet images (set QUANTOSCOPE_DATA)");
        const QString tree = m_folder.filePath(u"tree/val/"_s);
        const QString flat = m_folder.filePath(u"flat/"_s);
        QVERIFY(QDir().mkpath(flat));
        const QDir val(m_images + u"/val"_s);
        const QStringList wnids = val.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        QByteArray labels;
        int count = 0;
        for (qsizetype i = 0; i < wnids.size(); i += 40) {
            const QString image = QDir(val.filePath(wnids[i])).entryInfoList(QDir::Files).first().filePath();
            const QString name = u"ILSVRC2012_val_%1.JPEG"_s.arg(++count, 8, 10, QLatin1Char('0'));
            QVERIFY(QDir().mkpath(tree + wnids[i]));
            QVERIFY(QFile::copy(image, tree + wnids[i] + u"/a.JPEG"_s) && QFile::copy(image, flat + name));
            labels += (name + u' ' + wnids[i] + u'\n').toUtf8();
        }
        QVERIFY(writeFile(m_folder.filePath(u"val.txt"_s), labels));
        const QString classTar = m_folder.filePath(u"folders.tar"_s);
        const QString flatTar = m_folder.filePath(u"ILSVRC2012_img_val.tar"_s);
        QCOMPARE(
            QProcess::execute(u"tar"_s, {u"-C"_s, m_folder.filePath(u"tree"_s), u"-cf"_s, classTar, u"val"_s}), 0);
        QCOMPARE(QProcess::execute(u"tar"_s, {u"-C"_s, flat, u"-cf"_s, flatTar, u"."_s}), 0);
        json expected;
        for (const QString &data : {m_folder.filePath(u"tree"_s), classTar, flatTar}) {
            const QString report = m_folder.filePath(u"archive.h5"_s);
            const Outcome outcome =
                run({u"evaluate"_s, u"--weights"_s, m_deit, u"--data"_s, data, u"--json"_s, u"--out"_s, report});
            VERIFY_CODE(outcome, kSuccess);
            const json result = outcome.parsed();
            QCOMPARE(result["count"].get<int>(), count);
            if (expected.is_null())
                expected = result;
            QCOMPARE(result["top1"].get<double>(), expected["top1"].get<double>());
            QCOMPARE(result["top5"].get<double>(), expected["top5"].get<double>());
        }
        QVERIFY(expected["top1"].get<double>() > 50);
    }

    void undecodableImagesAreNamedAndLeftOut()
    {
        if (m_deit.isEmpty() || m_images.isEmpty() || m_list.isEmpty())
            QSKIP("needs DeiT-T and ImageNet images (set QUANTOSCOPE_DATA)");
        QDir val(m_images + u"/val"_s);
        const QString wnid = val.entryList(QDir::Dirs | QDir::NoDotAndDotDot).first();
        const QString good = QDir(val.filePath(wnid)).entryInfoList(QDir::Files).first().filePath();
        const QString folder = m_folder.filePath(u"damaged/val/"_s + wnid);
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(QFile::copy(good, folder + u"/a.JPEG"_s));
        QVERIFY(writeFile(folder + u"/b.JPEG"_s, "no picture"));
        const Outcome outcome = run(
            {u"evaluate"_s, u"--weights"_s, m_deit, u"--data"_s, m_folder.filePath(u"damaged"_s), u"--json"_s});
        VERIFY_CODE(outcome, kSuccess);
        const json result = outcome.parsed();
        QCOMPARE(result["count"].get<int>(), 1);
        QCOMPARE(result["failures"].size(), size_t{1});
        QVERIFY2(outcome.err.contains(u"b.JPEG"_s), outcome.text().constData());
    }

    void aSearchWritesPlansThatEvaluateTakes()
    {
        const QString folder = m_folder.filePath(u"plans"_s);
        QStringList arguments = demoArguments();
        arguments[0] = u"search"_s;
        arguments.removeAt(1); // the weights may stand by themselves
        arguments += {u"--recipe"_s, u"least-error"_s, u"--images"_s, u"6"_s};
        const Outcome outcome = run(arguments + QStringList{u"--budget"_s, u"5bits"_s, u"--evaluate"_s, u"1"_s,
                                                            u"--limit"_s, u"30"_s, u"--out"_s, folder});
        VERIFY_CODE(outcome, kSuccess);
        QVERIFY2(outcome.err.contains(u"measurements on 6 images"_s), outcome.text().constData()); // before it starts
        for (const char *shown : {"bits *", "uniform 4", "conversions", "predicted KL", "GBOPs", "weights MB", "95 %"})
            QVERIFY2(outcome.out.contains(QLatin1String(shown)), outcome.text().constData());
        const QStringList files = QDir(folder).entryList(QDir::Files);
        for (const QString &file : {u"search.json"_s, u"points.csv"_s, u"front.csv"_s, u"uniform-8.json"_s})
            QVERIFY2(files.contains(file), qPrintable(files.join(u' ')));
        const QStringList plans = QDir(folder).entryList({u"*-bits.json"_s}, QDir::Files);
        QCOMPARE(plans.size(), 1);

        QFile file(QDir(folder).filePath(u"search.json"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const json result = json::parse(file.readAll().toStdString());
        const json &chosen = result["front"][result["chosen"].get<size_t>()];
        QVERIFY(chosen["average_bits"].get<double>() <= 5);
        QStringList evaluate = demoArguments();
        evaluate += {u"--recipe"_s, u"least-error"_s, u"--limit"_s, u"30"_s, u"--json"_s, u"--plan"_s,
                     QDir(folder).filePath(plans.front())};
        const Outcome evaluated = run(evaluate);
        VERIFY_CODE(evaluated, kSuccess);
        QCOMPARE(evaluated.parsed()["top1"].get<double>(), chosen["measured"]["top1"].get<double>());

        // The measurements serve another budget, and the result can be drawn.
        const QString searched = QDir(folder).filePath(u"search.json"_s);
        const Outcome again = run(arguments + QStringList{u"--budget"_s, u"400kB"_s, u"--from"_s, searched, u"--json"_s});
        VERIFY_CODE(again, kSuccess);
        QVERIFY2(again.err.contains(u"0 measurements"_s), again.text().constData());
        QCOMPARE(again.parsed()["budget"]["resource"].get<std::string>(), std::string("weight-bytes"));
        const int free = chosen["conversions"].get<int>();
        const QStringList few = arguments + QStringList{u"--budget"_s, u"5bits"_s, u"--from"_s, searched, u"--conversions"_s};
        const Outcome limited = run(few + QStringList{QString::number(free - 1), u"--json"_s});
        VERIFY_CODE(limited, kSuccess);
        const json within = limited.parsed();
        QCOMPARE(within["budget"]["conversions"].get<int>(), free - 1);
        QVERIFY(within["front"][within["chosen"].get<size_t>()]["conversions"].get<int>() < free);
        const Outcome told = run(few + QStringList{QString::number(free - 1)});
        QVERIFY2(told.out.contains(u"within budget and %1 conversions"_s.arg(free - 1)), told.text().constData());
        const Outcome none = run(few + QStringList{u"0"_s});
        VERIFY_CODE(none, kBadUsage);
        QVERIFY2(none.err.contains(u"at most 0 conversions are too few"_s) && none.err.contains(u"allow "_s), none.text().constData());
        const QString picture = m_folder.filePath(u"pareto.svg"_s);
        VERIFY_CODE(run({u"plot"_s, searched, u"--view"_s, u"pareto"_s, u"--out"_s, picture}), kSuccess);
        QVERIFY(QFileInfo(picture).size() > 1000);
        const Outcome other = run(arguments + QStringList{u"--bits"_s, u"6/6/6"_s, u"--budget"_s, u"5bits"_s, u"--from"_s, searched});
        VERIFY_CODE(other, kFailed);
        QVERIFY2(other.err.contains(u"least-error 8/8/8"_s), other.text().constData());
    }

    void aSearchThatCannotBeMadeSaysWhatToDo()
    {
        QStringList arguments = demoArguments();
        arguments[0] = u"search"_s;
        const auto refused = [&](const QStringList &more, const QString &what) {
            const Outcome outcome = run(arguments + more);
            return outcome.code == kBadUsage && outcome.err.contains(what) ? QByteArray() : outcome.text();
        };
        const QStringList recipe = {u"--recipe"_s, u"least-error"_s};
        for (const auto &[more, what] : std::initializer_list<std::pair<QStringList, QString>>{
                 {recipe, u"--budget"_s},
                 {{u"--budget"_s, u"4bits"_s}, u"--recipe"_s},
                 {recipe + QStringList{u"--budget"_s, u"4 apples"_s}, u"GBOPs"_s},
                 {recipe + QStringList{u"--budget"_s, u"2bits"_s}, u"the least that the levels and constraints allow is 3."_s},
                 {recipe + QStringList{u"--budget"_s, u"4bits"_s, u"--conversions"_s, u"-3"_s}, u"--conversions"_s},
                 {recipe + QStringList{u"--budget"_s, u"4bits"_s, u"--levels"_s, u"4,3"_s}, u"--any-outermost"_s},
                 {recipe + QStringList{u"--budget"_s, u"4bits"_s, u"--levels"_s, u"four"_s}, u"'four'"_s},
                 {recipe + QStringList{u"--budget"_s, u"4bits"_s, u"--levels"_s, u"8,9"_s}, u"9 bits"_s}}) {
            const QByteArray wrong = refused(more, what);
            QVERIFY2(wrong.isEmpty(), wrong.constData());
        }
    }

private:
    /// evaluate with MinMax on DeiT-T, calibrated on few images.
    QStringList quantized(const QStringList &more) const
    {
        return QStringList{u"evaluate"_s, u"--weights"_s,           m_deit,  u"--data"_s, m_images, u"--recipe"_s,
                           u"minmax"_s,   u"--calibration-count"_s, u"10"_s, u"--seed"_s, u"1"_s}
             + more;
    }
    /// evaluate on the embedded demo.
    QStringList demoArguments()
    {
        if (m_demo.weights.empty())
            m_demo = quantoscope::unpackDemo().value_or(quantoscope::DemoAssets{});
        return {u"evaluate"_s, u"--weights"_s, QString::fromStdString(m_demo.weights), u"--data"_s,
                QString::fromStdString(m_demo.data), u"--calibration-count"_s, u"30"_s};
    }
    QString demoImage()
    {
        static_cast<void>(demoArguments()); // unpacks it
        return QString::fromStdString(m_demo.data) + u"/val/star/000.png"_s;
    }
    /// Run file of an evaluation on the demo; empty when it failed.
    QString demoRun(const QString &name, const QStringList &more)
    {
        const QString file = m_folder.filePath(name);
        const Outcome outcome = run(demoArguments() + more + QStringList{u"--out"_s, file});
        return outcome.code == kSuccess ? file : QString();
    }
    /// Some view that `plot` knows, from its own message.
    static QString firstView()
    {
        const Outcome outcome = run({u"plot"_s, u"x.h5"_s, u"--view"_s, u"?"_s, u"--out"_s, u"x.svg"_s});
        const qsizetype known = outcome.err.indexOf(u"known are "_s) + 10;
        return outcome.err.mid(known, outcome.err.indexOf(QLatin1Char(','), known) - known);
    }

    QTemporaryDir m_folder;
    QString m_deit;
    QString m_images;
    QString m_list;
    QString m_malformed;
    quantoscope::DemoAssets m_demo;
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
