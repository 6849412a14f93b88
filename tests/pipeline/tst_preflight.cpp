// SPDX-License-Identifier: GPL-3.0-or-later
// The check before a calibration: each mistake is named, on the real DeiT-T and on the demo, and a healthy set-up
// raises no false alarm.
#include "core/data/preflight_texts.h"
#include "core/imaging/synsets.h"
#include "core/io/safetensors_writer.h"
#include "core/pipeline/preflight.h"
#include "core/pipeline/session.h"
#include "tests/support/test_data.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <numeric>
#include <random>

using namespace quantoscope;

namespace {

constexpr int kImages = 160;

QByteArray idsOf(const PreflightReport &report)
{
    QByteArray text;
    for (const Finding &finding : report.findings)
        text += QByteArray(name(finding.severity)) + " " + finding.id.c_str() + "\n";
    return text;
}

std::vector<std::string> causes(const PreflightReport &report)
{
    std::vector<std::string> ids;
    for (const Finding &finding : report.findings)
        if (finding.id.starts_with("cause"))
            ids.push_back(finding.id);
    return ids;
}

/// A permutation of 0..count-1 without fixed points worth mentioning.
std::vector<int> shuffled(int count)
{
    std::vector<int> order(static_cast<size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), std::mt19937(11));
    return order;
}

bool write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

} // namespace

#define CHECKED(report, session, request)                                                                              \
    const auto report##Result = (session)->preflight(request, {});                                                     \
    QVERIFY2(report##Result.has_value(), report##Result ? "" : report##Result.error().message().c_str());              \
    const PreflightReport &report = *report##Result;                                                                   \
    QVERIFY(everySentenceIsComplete(report))

class TestPreflight : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void everyFindingHasWordsOfItsOwn()
    {
        QStringList ids;
        for (const FindingWords &words : allFindingWords()) {
            ids << QString::fromLatin1(words.id);
            QVERIFY2(*words.title && *words.detail, words.id);
        }
        QCOMPARE(ids.removeDuplicates(), 0);
        QVERIFY(!findingWords("no.such"));
    }

    void placeholdersAreFilledAndOtherBracesStay()
    {
        const Finding finding{Severity::Note, "x", {FindingValue::ofCount("n", 3), FindingValue::ofText("t", "a{n}")}};
        QCOMPARE(fillInEnglish("{n} of {t} {m} {", finding), std::string("3 of a{n} {m} {"));
    }

    void theDemoIsHealthy()
    {
        auto session = demo();
        QVERIFY(session);
        RunRequest request = demoRequest();
        CHECKED(report, session, request);
        QVERIFY2(report.worst() <= Severity::Note, idsOf(report).constData());
        QVERIFY2(causes(report).empty(), idsOf(report).constData());
        QVERIFY(report.find("preprocessing.best") && report.find("preprocessing.published"));
        QVERIFY(report.find("calibration.disjoint") && report.find("plan.all_products"));
        QVERIFY(report.floatResult.top1() > 95);
    }

    void wrongNormalizationOfTheDemoIsNamed()
    {
        auto session = demo();
        QVERIFY(session);
        RunRequest request = demoRequest();
        request.data.preprocessing = session->model().info.preprocessing;
        request.data.preprocessing->mean = {0, 0, 0};
        request.data.preprocessing->deviation = {1, 1, 1};
        CHECKED(report, session, request);
        QCOMPARE(causes(report), std::vector<std::string>{"cause.normalization"});
        QCOMPARE(report.find("cause.normalization")->value("mean")->text, std::string("0.5 0.5 0.5"));
        QVERIFY(report.find("preprocessing.mean") && report.find("preprocessing.std"));
        QCOMPARE(report.worst(), Severity::Problem);
    }

    void mistakesInTheDemosLabelsAreNamed_data()
    {
        QTest::addColumn<QString>("mistake");
        QTest::addColumn<QString>("cause");
        QTest::newRow("reversed") << "reversed" << "cause.labels_reversed";
        QTest::newRow("from one") << "from one" << "cause.labels_start_at_one";
        QTest::newRow("sorted as text") << "sorted as text" << "cause.labels_sorted_as_text";
        QTest::newRow("shuffled") << "shuffled" << "cause.class_permutation";
        QTest::newRow("slipped") << "slipped" << "cause.label_rows";
    }

    void mistakesInTheDemosLabelsAreNamed()
    {
        QFETCH(QString, mistake);
        QFETCH(QString, cause);
        auto session = demo();
        QVERIFY(session);
        RunRequest request = demoRequest();
        const auto set = openImages({.path = request.data.folder, .split = "val"});
        QVERIFY(set.has_value());
        const int classes = session->model().info.classes;
        const std::vector<int> order = shuffled(classes);
        // Rows in an order that does not follow the classes, or slipping by one would hardly matter.
        const auto mixed = randomSubset(*set, static_cast<int64_t>(set->items.size()), 5);
        QVERIFY(mixed.has_value());
        QByteArray list;
        for (size_t i = 0; i < mixed->items.size(); ++i) {
            const ImageItem &item = mixed->items[i];
            const ImageItem &next = mixed->items[(i + 1) % mixed->items.size()];
            int label = item.label;
            if (mistake == "reversed")
                label = classes - 1 - label;
            else if (mistake == "from one" && label == classes - 1)
                continue; // a label beyond the list is refused when the list is read
            else if (mistake == "from one")
                label = label + 1;
            else if (mistake == "sorted as text")
                label = label < 2 ? label : label < 10 ? label + 2 : label - 8;
            else if (mistake == "shuffled")
                label = order[static_cast<size_t>(label)];
            else if (mistake == "slipped")
                label = next.label;
            list += QByteArray::fromStdString(item.path) + ' ' + QByteArray::number(label) + '\n';
        }
        const QString path = m_folder.filePath(QStringLiteral("list.txt"));
        QVERIFY(write(path, list));
        request.data.list = path.toStdString();
        CHECKED(report, session, request);
        QVERIFY2(causes(report) == std::vector<std::string>{cause.toStdString()}, idsOf(report).constData());
    }

    void labelsThatBelongToOtherImagesAreNotExplainedAway()
    {
        auto session = demo();
        QVERIFY(session);
        RunRequest request = demoRequest();
        const auto set = openImages({.path = request.data.folder, .split = "val"});
        QVERIFY(set.has_value());
        std::mt19937 random(2);
        QByteArray list;
        for (const ImageItem &item : set->items)
            list += QByteArray::fromStdString(item.path) + ' '
                + QByteArray::number(static_cast<int>(random() % 12)) + '\n';
        const QString path = m_folder.filePath(QStringLiteral("random.txt"));
        QVERIFY(write(path, list));
        request.data.list = path.toStdString();
        CHECKED(report, session, request);
        QVERIFY2(causes(report).empty(), idsOf(report).constData());
        QVERIFY2(report.find("accuracy.chance_unexplained"), idsOf(report).constData());
    }

    void withoutLabelsTheConfidenceSpeaks()
    {
        auto session = demo();
        QVERIFY(session);
        RunRequest request = demoRequest();
        const auto set = openImages({.path = request.data.folder, .split = "val"});
        QVERIFY(set.has_value());
        // Links under names that say no class.
        QDir(m_folder.path()).mkdir(QStringLiteral("flat"));
        QByteArray list;
        for (size_t i = 0; i < set->items.size(); ++i) {
            const QString name = QStringLiteral("flat/%1.png").arg(i, 4, 10, QLatin1Char('0'));
            QFile::link(QString::fromStdString(set->filePath(set->items[i])), m_folder.filePath(name));
            list += name.toLatin1() + '\n';
        }
        const QString path = m_folder.filePath(QStringLiteral("unlabelled.txt"));
        QVERIFY(write(path, list));
        request.data.list = path.toStdString();
        request.data.folder = m_folder.path().toStdString();
        request.quantize = false;
        CHECKED(healthy, session, request);
        QVERIFY2(causes(healthy).empty(), idsOf(healthy).constData());
        QVERIFY(healthy.find("accuracy.unlabelled") && healthy.find("plan.none"));
        request.data.preprocessing = session->model().info.preprocessing;
        request.data.preprocessing->mean = {0.485F, 0.456F, 0.406F};
        request.data.preprocessing->deviation = {0.229F, 0.224F, 0.225F};
        CHECKED(wrong, session, request);
        QVERIFY2(wrong.find("cause_unlabelled.normalization"), idsOf(wrong).constData());
        QCOMPARE(wrong.worst(), Severity::Warning); // confidence is no proof
    }

    void fewImagesRaiseNoAlarm()
    {
        auto session = demo();
        QVERIFY(session);
        RunRequest request = demoRequest();
        for (const int images : {1, 5, 12}) {
            request.data.limit = images;
            CHECKED(report, session, request);
            QVERIFY2(report.worst() <= Severity::Note && report.find("accuracy.few_images"), idsOf(report).constData());
        }
    }

    void sharedAndFewCalibrationImagesAndAnUnfitPlanAreFound()
    {
        auto session = demo();
        QVERIFY(session);
        RunRequest request = demoRequest();
        const QString path = m_folder.filePath(QStringLiteral("calibration.txt"));
        // One evaluation image by its path, one by its content.
        QFile::copy(QString::fromStdString(request.data.folder) + QStringLiteral("/val/disk/001.png"),
                    m_folder.filePath(QStringLiteral("copy.png")));
        QVERIFY(write(path, "val/disk/000.png\n" + m_folder.filePath(QStringLiteral("copy.png")).toUtf8() + " 0\n"
                                + "train/disk/000.png\n"));
        request.calibration.list = path.toStdString();
        request.quantization.planJson = R"({"name": "x", "rules": [{"tap": "no.such.tap", "bits": 4}]})";
        CHECKED(report, session, request);
        QVERIFY2(report.find("calibration.few") && report.find("calibration.overlap"), idsOf(report).constData());
        QCOMPARE(report.find("calibration.overlap")->value("count")->number, 2.0);
        QCOMPARE(report.find("plan.refused")->severity, Severity::Problem);
        request.calibration.list.clear();
        request.calibration.count = 100000;
        CHECKED(refused, session, request);
        QVERIFY2(refused.find("calibration.refused"), idsOf(refused).constData());
    }

    void operatorsThatStayFloatAreCounted()
    {
        auto session = demo();
        QVERIFY(session);
        RunRequest request = demoRequest();
        request.quantization.ptf = true;
        request.quantization.lis = true;
        request.quantization.bits = {8, 8, 4};
        request.quantization.planJson
            = R"({"name": "x", "rules": [{"tap": "blocks.1.attn.softmax", "bits": "float"}]})";
        CHECKED(report, session, request);
        const int depth = session->model().info.depth;
        for (const OperatorPrecision &entry : report.operators) {
            if (entry.operatorName == "gelu")
                QCOMPARE(entry.floatNodes, depth);
            else if (entry.operatorName == "softmax")
                QCOMPARE(entry.floatNodes, 1);
            else if (entry.operatorName == "matmul_av") // reads that softmax
                QCOMPARE(entry.floatNodes, 1);
            else
                QVERIFY2(entry.floatNodes == 0, entry.operatorName.c_str());
        }
        QVERIFY(report.find("plan.products"));
        QVERIFY(report.find("activations.layer_norm_ptf"));
    }

    void deadAndRepeatedChannelsAreFound()
    {
        auto store = openTensorStore(demoWeights());
        QVERIFY(store.has_value());
        TensorStore::Tensors tensors = (*store)->tensors();
        std::map<std::string, std::vector<float>> changed;
        const auto change = [&](const std::string &name, auto edit) {
            TensorEntry &entry = tensors.at(name);
            std::vector<float> &values = changed[name];
            values.resize(static_cast<size_t>(entry.elements()));
            convertToFloat(entry, values.data());
            edit(values.data(), entry.shape.back());
            TensorEntry plain;
            plain.shape = entry.shape;
            plain.bytes = std::as_bytes(std::span(values));
            entry = plain;
        };
        change("blocks.0.mlp.fc1.weight", [](float *w, int64_t length) { std::fill_n(w, 2 * length, 0.0F); });
        change("blocks.1.mlp.fc1.weight", [](float *w, int64_t length) { std::copy_n(w, length, w + 5 * length); });
        change("blocks.2.norm1.weight", [](float *w, int64_t) { w[3] = 0; });
        const std::string path = m_folder.filePath(QStringLiteral("dead.safetensors")).toStdString();
        QVERIFY(writeSafetensors(path, tensors).has_value());
        RunRequest request = demoRequest();
        request.model.weights = path;
        request.model.heads = 2;
        auto session = Session::open(request.model);
        QVERIFY2(session.has_value(), session ? "" : session.error().message().c_str());
        CHECKED(report, *session, request);
        QVERIFY2(report.find("weights.dead"), idsOf(report).constData());
        QCOMPARE(report.find("weights.dead")->value("where")->text, std::string("blocks.0.mlp.fc1.weight: 2"));
        QCOMPARE(report.find("weights.repeated")->value("count")->number, 1.0);
        QCOMPARE(report.find("weights.dead_gamma")->value("where")->text, std::string("blocks.2.norm1: 1"));
        QVERIFY2(report.find("activations.dead"), idsOf(report).constData());
    }

    void theFloatResultServesTheLaterRunAndCancelStops()
    {
        auto session = demo();
        QVERIFY(session);
        RunRequest request = demoRequest();
        CHECKED(report, session, request);
        QStringList phases;
        RunControl control;
        control.sink = [&](const Progress &progress) { phases << QString::fromStdString(progress.phase); };
        request.quantize = false;
        const auto run = session->run(request, control, {});
        QVERIFY(run.has_value());
        QVERIFY2(phases.isEmpty(), qPrintable(phases.join(u' '))); // nothing was left to do
        QCOMPARE(run->floatResult->top1Correct, report.floatResult.top1Correct);

        RunControl stopping;
        stopping.sink = [&](const Progress &progress) {
            if (progress.phase == "check")
                stopping.cancel.cancel();
        };
        const auto stopped = session->preflight(request, stopping);
        QVERIFY(!stopped.has_value());
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    }

    void theRealDeitIsHealthy()
    {
        QUANTOSCOPE_NEED_DATA(weights, "models/deit_tiny_patch16_224.safetensors");
        QUANTOSCOPE_NEED_DATA(images, "imagenet");
        auto session = deit(weights);
        QVERIFY(session);
        RunRequest request = deitRequest(weights, images);
        request.quantize = true;
        CHECKED(report, session, request);
        QVERIFY2(causes(report).empty(), idsOf(report).constData());
        QVERIFY2(report.worst() <= Severity::Note, idsOf(report).constData());
        QVERIFY(report.find("preprocessing.best"));
        QVERIFY(report.find("accuracy.above")); // these images are easier than the full set
        QCOMPARE(report.find("accuracy.above")->severity, Severity::Note);
        QVERIFY(std::abs(report.publishedTop1 - 72.2) < 0.1);
    }

    void wrongMeanAndDeviationOfTheRealDeitAreNamed()
    {
        QUANTOSCOPE_NEED_DATA(weights, "models/deit_tiny_patch16_224.safetensors");
        QUANTOSCOPE_NEED_DATA(images, "imagenet");
        auto session = deit(weights);
        QVERIFY(session);
        RunRequest request = deitRequest(weights, images);
        request.data.preprocessing = session->model().info.preprocessing;
        request.data.preprocessing->mean = {0.5F, 0.5F, 0.5F};
        request.data.preprocessing->deviation = {0.5F, 0.5F, 0.5F};
        CHECKED(report, session, request);
        QVERIFY2(causes(report) == std::vector<std::string>{"cause.normalization"}, idsOf(report).constData());
        QCOMPARE(report.find("cause.normalization")->value("mean")->text, std::string("0.485 0.456 0.406"));
    }

    void swappedChannelsOfTheRealDeitAreNamed()
    {
        QUANTOSCOPE_NEED_DATA(weights, "models/deit_tiny_patch16_224.safetensors");
        QUANTOSCOPE_NEED_DATA(images, "imagenet");
        auto store = openTensorStore(weights);
        QVERIFY(store.has_value());
        TensorStore::Tensors tensors = (*store)->tensors();
        TensorEntry &patch = tensors.at("patch_embed.proj.weight");
        std::vector<float> values(static_cast<size_t>(patch.elements()));
        convertToFloat(patch, values.data());
        const int64_t plane = patch.shape[2] * patch.shape[3];
        for (int64_t out = 0; out < patch.shape[0]; ++out)
            std::swap_ranges(values.begin() + out * 3 * plane, values.begin() + (out * 3 + 1) * plane,
                             values.begin() + (out * 3 + 2) * plane);
        TensorEntry plain;
        plain.shape = patch.shape;
        plain.bytes = std::as_bytes(std::span(values));
        patch = plain;
        const std::string path = m_folder.filePath(QStringLiteral("bgr.safetensors")).toStdString();
        QVERIFY(writeSafetensors(path, tensors).has_value());
        auto session = deit(path);
        QVERIFY(session);
        CHECKED(report, session, deitRequest(path, images));
        QVERIFY2(causes(report) == std::vector<std::string>{"cause.channel_order"}, idsOf(report).constData());
        QCOMPARE(report.worst(), Severity::Problem);
    }

    void aShuffledClassListOfTheRealDeitIsNamed()
    {
        QUANTOSCOPE_NEED_DATA(weights, "models/deit_tiny_patch16_224.safetensors");
        QUANTOSCOPE_NEED_DATA(images, "imagenet");
        auto session = deit(weights);
        QVERIFY(session);
        const std::vector<int> order = shuffled(1000);
        // A class list of ImageNet's wnids in another order beside the splits.
        QDir folder(m_folder.filePath(QStringLiteral("shuffled")));
        QVERIFY(QDir().mkpath(folder.path()));
        QVERIFY(QFile::link(QString::fromStdString(images) + QStringLiteral("/val"),
                            folder.filePath(QStringLiteral("val"))));
        QByteArray classes;
        for (const int c : order)
            classes += QByteArray::fromStdString(imagenetWnids()[static_cast<size_t>(c)]) + '\n';
        QVERIFY(write(folder.filePath(QStringLiteral("classes.txt")), classes));
        CHECKED(report, session, deitRequest(weights, folder.path().toStdString()));
        QVERIFY2(causes(report) == std::vector<std::string>{"cause.class_order"}, idsOf(report).constData());
        QVERIFY2(report.find("labels.class_list_order"), idsOf(report).constData());
        QVERIFY2(report.find("accuracy.chance") || report.find("accuracy.below"), idsOf(report).constData());

        // Numbers of such a list in an image list, first with wnids in the paths, then without.
        const auto set = openImages({.path = images, .split = "val"});
        QVERIFY(set.has_value());
        QByteArray list;
        QByteArray bare;
        QDir(m_folder.path()).mkdir(QStringLiteral("bare"));
        for (int i = 0; i < kImages; ++i) {
            const ImageItem &item = set->items[static_cast<size_t>(i)];
            const QByteArray label = QByteArray::number(order[static_cast<size_t>(item.label)]);
            list += QByteArray::fromStdString(item.path) + ' ' + label + '\n';
            const QString name = QStringLiteral("bare/%1.JPEG").arg(i, 4, 10, QLatin1Char('0'));
            QVERIFY(QFile::link(QString::fromStdString(set->filePath(item)), m_folder.filePath(name)));
            bare += name.toLatin1() + ' ' + label + '\n';
        }
        QVERIFY(write(m_folder.filePath(QStringLiteral("numbers.txt")), list));
        RunRequest request = deitRequest(weights, images);
        request.data.list = m_folder.filePath(QStringLiteral("numbers.txt")).toStdString();
        CHECKED(numbered, session, request);
        QVERIFY2(causes(numbered) == std::vector<std::string>{"cause.label_folders"}, idsOf(numbered).constData());

        QVERIFY(write(m_folder.filePath(QStringLiteral("bare.txt")), bare));
        request.data.list = m_folder.filePath(QStringLiteral("bare.txt")).toStdString();
        request.data.folder = m_folder.path().toStdString();
        CHECKED(unnamed, session, request);
        QVERIFY2(causes(unnamed) == std::vector<std::string>{"cause.class_permutation"}, idsOf(unnamed).constData());
    }

private:
    static bool everySentenceIsComplete(const PreflightReport &report)
    {
        return std::all_of(report.findings.begin(), report.findings.end(), [](const Finding &finding) {
            const FindingWords *words = findingWords(finding.id);
            if (!words) {
                qWarning("no words for %s", finding.id.c_str());
                return false;
            }
            for (const char *text : {words->title, words->detail, words->advice})
                if (fillInEnglish(text, finding).find('{') != std::string::npos) {
                    qWarning("%s: %s", finding.id.c_str(), fillInEnglish(text, finding).c_str());
                    return false;
                }
            return true;
        });
    }

    static std::string demoWeights() { return QUANTOSCOPE_SOURCE_DIR "/resources/demo/demo_vit.safetensors"; }

    static RunRequest demoRequest()
    {
        RunRequest request;
        request.model.weights = demoWeights();
        request.data.folder = QUANTOSCOPE_SOURCE_DIR "/resources/demo/images";
        request.calibration.count = 60;
        return request;
    }

    static std::unique_ptr<Session> demo()
    {
        auto session = Session::open(demoRequest().model);
        return session ? std::move(*session) : nullptr;
    }

    static RunRequest deitRequest(const std::string &weights, const std::string &images)
    {
        RunRequest request;
        request.model.weights = weights;
        request.data.folder = images;
        request.data.limit = kImages;
        request.quantize = false;
        return request;
    }

    static std::unique_ptr<Session> deit(const std::string &weights)
    {
        auto session = Session::open(deitRequest(weights, {}).model);
        return session ? std::move(*session) : nullptr;
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestPreflight)
#include "tst_preflight.moc"
