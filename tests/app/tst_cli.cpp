// SPDX-License-Identifier: GPL-3.0-or-later
// The command line as a script sees it: what goes to which stream, JSON fields, files.
#include "tests/app/cli_fixture.h"

#include <QProcess>

using nlohmann::json;
using namespace quantoscope::testing;
using namespace Qt::StringLiterals;

class TestCli : public CliTest {
    Q_OBJECT

private Q_SLOTS:
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
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
