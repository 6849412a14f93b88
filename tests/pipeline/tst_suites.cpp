// SPDX-License-Identifier: GPL-3.0-or-later
// Suites: the shipped tables, and what a file of the user's may say.
#include "core/pipeline/suite.h"
#include "core/pipeline/table_inputs.h"
#include "core/quantization/recipe.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace quantoscope;

namespace {

const Suite &builtin(const std::string &name)
{
    for (const Suite &suite : builtinSuites())
        if (suite.name == name)
            return suite;
    qFatal("no suite %s", name.c_str());
}

double published(const Suite &suite, const std::string &method, const std::string &model)
{
    for (const SuiteMethod &one : suite.methods)
        if (one.title() == method && one.published.contains(model))
            return one.published.at(model);
    return -1;
}

std::string suiteOf(const std::string &models, const std::string &methods, const std::string &more = {})
{
    return R"({"format": "quantoscope-suite", "version": 1, "name": "mine", )" + more + R"("models": [)" + models
         + R"(], "methods": [)" + methods + "]}";
}

constexpr const char *kModel = R"({"name": "tiny", "weights": "tiny.safetensors", "heads": 2})";

} // namespace

class TestSuites : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theShippedSuitesHoldThePublishedTables()
    {
        QStringList names;
        for (const Suite &suite : builtinSuites()) {
            names << QString::fromStdString(suite.name);
            QVERIFY(!suite.title.empty() && !suite.source.empty());
            QVERIFY(suite.methods.front().isFloat());
        }
        QCOMPARE(names, (QStringList{"fq-vit", "ptq4vit", "ptq4vit-ablation", "ptq4vit-metrics", "ptq4vit-128", "tinynn",
                                     "itpn", "tf-fqvit"}));
        const Suite &fq = builtin("fq-vit");
        QCOMPARE(fq.models.size(), size_t{8});
        QCOMPARE(fq.methods.size(), size_t{13});
        QVERIFY(fq.methodsAreRows);
        QCOMPARE(fq.calibrationCount, 1000);
        for (const SuiteMethod &method : fq.methods)
            QCOMPARE(method.published.size(), size_t{8}); // the paper has no gap
        QCOMPARE(published(fq, "MinMax 8/8/8", "ViT-L"), 3.37);
        QCOMPARE(published(fq, "MinMax + PTF + LIS 8/8/4", "DeiT-T"), 71.07);
        QCOMPARE(published(fq, "Percentile + PTF 8/8/8", "Swin-B"), 83.10);
        const Suite &ptq = builtin("ptq4vit");
        QVERIFY(!ptq.methodsAreRows);
        QCOMPARE(ptq.calibrationCount, 32);
        QCOMPARE(published(ptq, "BasePTQ 6/6/6", "ViT-B/384"), 46.886);
        QCOMPARE(published(ptq, "PTQ4ViT 6/6/6", "DeiT-S/224"), 76.282);
        QCOMPARE(ptq.models[4].resize, 248); // DeiT as timm prepares it, not as FQ-ViT does
        QCOMPARE(published(builtin("tinynn"), "Mixed_2 8/8/8", "ViT-B/16 (google)"), 80.94);
        QCOMPARE(published(builtin("tinynn"), "INT8 8/8/8", "ViT-B/16 (google)"), 0.0);
        QCOMPARE(published(builtin("itpn"), "OMSE 8/8/8", "iTPN-B-pixel"), 83.00);
        QCOMPARE(published(builtin("itpn"), "OMSE 8/8/8", "iTPN-L-pixel"), -1.0); // blank in its README
        QCOMPARE(published(builtin("ptq4vit-128"), "PTQ4ViT 6/6/6", "Swin-B/384"), 85.45);
    }

    /// README of PTQ4ViT: columns Hessian, softmax twin, GELU twin.
    void theAblationVariesMetricAndTwins()
    {
        const Suite &suite = builtin("ptq4vit-ablation");
        QCOMPARE(suite.methods.size(), size_t{1 + 2 * 9});
        const auto twins = [](const SuiteMethod &method) {
            const auto plan = parsePlan(method.planJson, "plan");
            bool softmax = true;
            bool gelu = true;
            for (const PlanRule &rule : plan->rules)
                if (rule.change.quantizer == QuantizerKind::Uniform)
                    (rule.where.roles.front() == Role::Activation ? gelu : softmax) = false;
            return std::pair(softmax, gelu);
        };
        const auto metric = [](const SuiteMethod &method) {
            return resolveSearch(*findRecipe(method.recipe), {.recipe = method.recipe, .searchJson = method.searchJson})
                .value()
                ->metric;
        };
        for (const size_t first : {size_t{1}, size_t{10}}) {
            const auto at = [&](size_t row) -> const SuiteMethod & { return suite.methods[first + row]; };
            QCOMPARE(at(0).recipe, std::string("baseptq"));
            QCOMPARE(metric(at(0)), SearchMetric::Cosine);
            const std::pair<bool, bool> expected[] = {{false, false}, {true, false}, {false, true}, {true, true}, {true, true}};
            for (size_t row = 1; row <= 5; ++row) {
                QCOMPARE(at(row).recipe, std::string("ptq4vit"));
                QVERIFY2(twins(at(row)) == expected[row - 1], at(row).name.c_str());
                QCOMPARE(metric(at(row)), row == 4 ? SearchMetric::Cosine : SearchMetric::Hessian);
                QCOMPARE(at(row).published.size(), size_t{3});
            }
            QVERIFY(at(6).planJson.find("\"softmax\"") != std::string::npos); // the paper's form
            for (size_t row = 6; row < 9; ++row)
                QVERIFY(at(row).published.empty()); // nobody has published these
        }
        QCOMPARE(published(suite, "Hessian, GELU twin 6/6/6", "ViT-B"), 80.82);
        QCOMPARE(published(suite, "softmax and GELU twin 8/8/8", "ViT-S"), 79.25);
        QCOMPARE(published(suite, "Hessian, softmax and GELU twin 6/6/6", "ViT-B/384"), 83.19);
    }

    void suitesAreFoundByNameListAndFile()
    {
        const auto all = findSuites("all");
        QVERIFY(all.has_value());
        QStringList names;
        for (const Suite &suite : *all)
            names << QString::fromStdString(suite.name);
        QCOMPARE(names, (QStringList{"fq-vit", "ptq4vit", "tinynn", "itpn", "tf-fqvit"}));
        QCOMPARE(findSuites("itpn,tinynn")->size(), size_t{2});
        QCOMPARE(findSuites("itpn,all").error().code, ErrorCode::Usage);
        const auto unknown = findSuites("imagenet");
        QCOMPARE(unknown.error().code, ErrorCode::NotFound);
        QVERIFY(unknown.error().message().find("ptq4vit-ablation") != std::string::npos);
        QCOMPARE(findSuites("").error().code, ErrorCode::NotFound);
        QCOMPARE(findSuites("none.json").error().code, ErrorCode::NotFound);

        // Recipes of a suite lie beside it.
        QTemporaryDir folder;
        const auto write = [&](const QString &name, const std::string &text) {
            QFile file(folder.filePath(name));
            return file.open(QIODevice::WriteOnly) && file.write(text.data(), static_cast<qint64>(text.size())) > 0;
        };
        QVERIFY(write(QStringLiteral("own.json"),
                      R"({"name": "own", "bits": "4/6/5", "rules": [{"where": {"kind": "weight"}, "quantizer": "uniform"}]})"));
        QVERIFY(write(QStringLiteral("suite.json"),
                      suiteOf(kModel, R"({"name": "FP32"}, {"name": "own", "recipe": "./own.json", "published": {"tiny": 12.5}})",
                              R"("rows": "models", "calibration_count": 7, )")));
        const auto own = findSuites(folder.filePath(QStringLiteral("suite.json")).toStdString());
        QVERIFY2(own.has_value(), own ? "" : own.error().message().c_str());
        QCOMPARE(own->front().methods[1].bits, std::string("4/6/5")); // the recipe's
        QCOMPARE(own->front().methods[1].title(), std::string("own 4/6/5"));
        QCOMPARE(own->front().calibrationCount, 7);
        QVERIFY(!own->front().methodsAreRows);
    }

    void theExampleOfTheDocumentationIsASuite()
    {
        QFile file(QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/suites/README.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        std::string text;
        for (const QByteArray &line : file.readAll().split('\n'))
            if (line.startsWith("    { \"format\"") || (!text.empty() && line.startsWith("    ")))
                text += line.toStdString() + "\n";
            else if (!text.empty())
                break;
        const auto suite = parseSuite(text, "README.md");
        QVERIFY2(suite.has_value(), suite ? "" : suite.error().message().c_str());
        QCOMPARE(suite->models[0].resize, 248);
        QCOMPARE(suite->models[1].weights, std::string("finetuned/own.safetensors"));
        QCOMPARE(suite->methods.size(), size_t{3});
        QCOMPARE(suite->methods[2].published.at("DeiT-S"), 74.07);
    }

    void aBrokenSuiteIsRefusedNamingThePlace_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("named");
        const auto add = [](const char *title, const std::string &text, const char *named) {
            QTest::newRow(title) << QString::fromStdString(text) << QString::fromLatin1(named);
        };
        const std::string floats = R"({"name": "FP32"})";
        const auto method = [&](const std::string &fields) { return suiteOf(kModel, floats + R"(, {"name": "x", )" + fields + "}"); };
        add("no JSON", "[", "JSON");
        add("other format", R"({"format": "quantoscope-models", "version": 1})", "quantoscope-suite");
        add("unknown field", suiteOf(kModel, floats, R"("model": 1, )"), "'model'");
        add("unknown rows", suiteOf(kModel, floats, R"("rows": "columns", )"), "columns");
        add("no models", suiteOf("", floats), "models");
        add("no methods", suiteOf(kModel, ""), "methods");
        add("model twice", suiteOf(std::string(kModel) + "," + kModel, floats), "tiny");
        add("method twice", suiteOf(kModel, floats + "," + floats), "FP32");
        add("unknown model", suiteOf(R"({"name": "x", "model": "resnet50"})", floats), "resnet50");
        add("neither model nor weights", suiteOf(R"({"name": "x"})", floats), "model 1");
        add("weights elsewhere", suiteOf(R"({"name": "x", "weights": "../x.pth"})", floats), "below");
        add("unknown recipe", method(R"("recipe": "kl")"), "kl");
        add("float with bits", method(R"("bits": "8/8/8")"), "recipe");
        add("float with a plan", method(R"("plan": [])"), "recipe");
        add("wrong bits", method(R"("recipe": "minmax", "bits": "8/8")"), "8/8");
        add("no such form", method(R"("recipe": "itpn", "lis": true)"), "lis");
        add("broken plan", method(R"("recipe": "minmax", "plan": [{"bits": 4, "bit": 4}])"), "'bit'");
        add("search without one", method(R"("recipe": "minmax", "search": {"metric": "cosine"})"), "minmax");
        add("unknown metric", method(R"("recipe": "ptq4vit", "search": {"metric": "l3"})"), "l3");
        add("misspelt search", method(R"("recipe": "ptq4vit", "search": {"metrics": "l2"})"), "metrics");
        add("published of nobody", method(R"("recipe": "minmax", "published": {"big": 80})"), "big");
        add("more than all", method(R"("recipe": "minmax", "published": {"tiny": 101})"), "101");
        add("published as text", method(R"("recipe": "minmax", "published": {"tiny": "80"})"), "80");
        add("no calibration", suiteOf(kModel, floats, R"("calibration_count": 0, )"), "calibration_count");
    }

    void aBrokenSuiteIsRefusedNamingThePlace()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, named);
        const auto suite = parseSuite(text.toStdString(), "mine.json");
        QVERIFY(!suite.has_value());
        QVERIFY2(QString::fromStdString(suite.error().message()).contains(named), suite.error().message().c_str());
    }

    void aSequentialSearchIsExpectedToTakeMuchLonger()
    {
        SuiteMethod method;
        method.recipe = "ptq4vit";
        const auto searchOf = [&](const char *model) { return cellCost({"any", model}, method, 100, 32, true).search; };
        const double parallel = searchOf("deit_tiny_patch16_224");
        QVERIFY(parallel > 0);
        method.searchJson = R"({"sequential": true})";
        const double sequential = searchOf("deit_tiny_patch16_224");
        QVERIFY(sequential > 5 * parallel); // 209 s against 25 s were measured
        QVERIFY(sequential < 20 * parallel);
        QVERIFY(searchOf("swin_small_patch4_window7_224") > searchOf("swin_tiny_patch4_window7_224"));
        method.search = false;
        QCOMPARE(searchOf("deit_tiny_patch16_224"), 0.0);
    }
};

QTEST_APPLESS_MAIN(TestSuites)
#include "tst_suites.moc"
