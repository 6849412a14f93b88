// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged, hostile and mistaken files: each is refused with a message that names its defect, quickly, in little memory,
// and without running anything that is inside.
#include "core/models/model.h"
#include "tests/support/test_data.h"

#include <nlohmann/json.hpp>

#include <QDir>
#include <QElapsedTimer>
#include <QMap>
#include <QTest>

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

using namespace quantoscope;

namespace {

constexpr int kHeads = 2;
constexpr double kMostSeconds = 2;
constexpr long kMostKilobytes = 200 * 1024;

/// What the message must say about each file that is refused; files that open are not listed.
const QMap<QString, QString> &defects()
{
    static const QMap<QString, QString> sentences{
        {"st_empty.safetensors", "the file is empty"},
        {"st_7_bytes.safetensors", "the file has only 7 bytes"},
        {"st_truncated_data.safetensors", "lies beyond the end of the file"},
        {"st_header_length_huge.safetensors", "its header claims 1099511627776 bytes"},
        {"st_header_length_zero.safetensors", "its header is not valid JSON"},
        {"st_header_invalid_json.safetensors", "its header is not valid JSON"},
        {"st_header_invalid_utf8.safetensors", "its header is not valid JSON"},
        {"st_header_deep_nesting.safetensors", "\"a\" holds a list"},
        {"st_negative_offset.safetensors", "holds a number that is negative"},
        {"st_offset_overflow_u64.safetensors", "not a 64-bit integer"},
        {"st_offset_end_before_begin.safetensors", "ends before it begins"},
        {"st_offset_beyond_file.safetensors", "lies beyond the end of the file"},
        {"st_shape_product_mismatch.safetensors", "shape [4, 17] of F32 needs 272 bytes"},
        {"st_shape_product_overflow.safetensors", "more than 64 bits"},
        {"st_unknown_dtype.safetensors", "unknown type \"F13\""},
        {"st_missing_shape_field.safetensors", "lacks shape"},
        {"st_trailing_bytes.safetensors", "64 bytes after the last tensor belong to no tensor"},
        {"st_text.safetensors", "this is a text file"},
        {"no_tensors.safetensors", "holds no tensors"},
        {"nan_weight.safetensors", "blocks.0.mlp.fc1.weight[3, 5] is NaN"},
        {"missing_head_weight.safetensors", "'head.weight' is missing"},
        {"missing_qkv_bias.safetensors", "'blocks.0.attn.qkv.bias' is missing"},
        {"wrong_embed_dim.safetensors", "'pos_embed' has shape [1, 5, 12], expected [1, 5, 16]"},
        {"wrong_head_shape.safetensors", "'head.weight' has shape [4, 15], expected [4, 16]"},
        {"pos_embed_not_square.safetensors", "5 patches are no square grid"},
        {"integer_weight.safetensors", "'head.bias' holds I64 values"},
        {"directory.safetensors", "folder without model.safetensors"},
        {"jpeg_renamed.safetensors", "this is a JPEG image"},
        {"pth_zip_truncated.pth", "no directory at its end"},
        {"pth_legacy_truncated_pickle.pth", "its pickle ends without its STOP mark"},
        {"pth_empty.pth", "the file is empty"},
        {"pth_html_error_page.pth", "this is a web page"},
        {"pth_zip_no_data_pkl.pth", "lacks data.pkl"},
        {"pth_missing_storage.pth", "its storage \"4\" is missing"},
        {"pth_crc_error.pth", "its CRC-32 checksum is wrong"},
        {"pth_view_too_big.pth", "reaches beyond its storage of 16 values"},
        {"pth_view_negative_offset.pth", "its storage offset -4 is negative"},
        {"pth_view_negative_stride.pth", "its stride [-4, 1] is negative"},
        {"pth_malicious_os_system.pth", "\"posix.system\""},
        {"pth_malicious_eval.pth", "\"builtins.eval\""},
        {"pth_legacy_malicious.pth", "\"posix.system\""},
        {"pth_raw_pickle_malicious.pth", "\"posix.system\""},
        {"pth_whole_module.pth", "class \"torch.nn.modules.linear.Linear\""},
        {"pth_tuple_bomb_doubling.pth", "holds no named tensors"},
        {"pth_pickle_stack_underflow.pth", "takes a value from an empty stack"},
        {"pth_pickle_bad_memo.pth", "reads memo slot 99"},
        {"pth_pickle_string_length.pth", "a text of 2147483647 bytes that runs beyond its end"},
        {"pth_no_weights.pth", "holds no named tensors"},
        {"npz_missing_array.npz", "key/kernel"},
        {"npz_object_array.npz", "\"head/bias\": it is an array of Python objects"},
        {"npz_shape_beyond_data.npz", "shape [400000000] of F32 needs 1600000000 bytes"},
        {"npz_truncated_member.npz", "the file ends inside the array's header"},
        {"npz_truncated.npz", "no directory at its end"},
        {"npz_empty_zip.npz", "the zip archive is empty"}};
    return sentences;
}

QString traceOfExecution()
{
    return QDir::tempPath() + "/PWNED";
}

struct Process {
    int exitCode = -1;
    double seconds = 0; ///< of the processor
    long kilobytes = 0; ///< largest resident set
    QByteArray text;    ///< of both outputs
};

/// Runs `quantoscope-cli inspect FILE`.
Process inspect(const std::string &program, const std::string &file)
{
    int ends[2];
    if (::pipe(ends) != 0)
        return {};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (const int output : {STDOUT_FILENO, STDERR_FILENO})
        posix_spawn_file_actions_adddup2(&actions, ends[1], output);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    std::string command = "inspect";
    std::string heads = "--heads";
    std::string two = std::to_string(kHeads);
    char *arguments[] = {const_cast<char *>(program.c_str()), command.data(), const_cast<char *>(file.c_str()),
                         heads.data(), two.data(), nullptr};
    pid_t child = -1;
    const int started = ::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    Process result;
    char buffer[4096];
    for (ssize_t count; started == 0 && (count = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        result.text.append(buffer, count);
    ::close(ends[0]);
    int status = 0;
    struct rusage usage {};
    if (started != 0 || ::wait4(child, &status, 0, &usage) != child)
        return {};
    result.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    result.seconds = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + 1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    result.kilobytes = usage.ru_maxrss;
    return result;
}

} // namespace

class MalformedCheckpointsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(!QFile::exists(traceOfExecution()), "remove PWNED from the temporary folder first"); }
    void cleanup() { QVERIFY2(!QFile::exists(traceOfExecution()), "a file was executed"); }

    void everyFileIsTreatedAsItsDescriptionSays_data() { addFiles(); }
    void everyFileIsTreatedAsItsDescriptionSays()
    {
        QFETCH(QString, file);
        QFETCH(QString, expect);
        QElapsedTimer timer;
        timer.start();
        const auto model = openModel({.weights = file.toStdString(), .heads = kHeads});
        const QString name = file.section('/', -1);
        QVERIFY(timer.elapsed() < 1000 * kMostSeconds);
        if (!defects().contains(name)) {
            QVERIFY2(model, model ? "" : model.error().message().c_str());
            QVERIFY2(expect != "reject", "it was opened");
            return;
        }
        QVERIFY2(!model, "it was opened");
        QVERIFY2(expect != "load", model.error().message().c_str());
        QVERIFY2(QString::fromStdString(model.error().what).contains(defects().value(name)), model.error().what.c_str());
        QVERIFY(model.error().code == ErrorCode::CorruptFile || model.error().code == ErrorCode::Unsupported);
        QCOMPARE(model.error().where, file.toStdString());
    }

    void theCommandLineRefusesEachInTimeAndMemory_data() { addFiles(); }
    void theCommandLineRefusesEachInTimeAndMemory()
    {
        QFETCH(QString, file);
        const std::string program = QUANTOSCOPE_BUILD_DIR "/bin/quantoscope-cli";
        if (!QFile::exists(QString::fromStdString(program)))
            QSKIP("quantoscope-cli is not built");
        const bool refused = defects().contains(file.section('/', -1));
        const Process process = inspect(program, file.toStdString());
        QVERIFY2(process.exitCode == (refused ? 1 : 0), process.text.constData());
        if (refused)
            QVERIFY2(process.text.contains(defects().value(file.section('/', -1)).toUtf8()), process.text.constData());
        m_seconds = std::max(m_seconds, process.seconds);
        m_kilobytes = std::max(m_kilobytes, process.kilobytes);
        QVERIFY2(process.seconds < kMostSeconds, qPrintable(QString::number(process.seconds)));
#ifndef __SANITIZE_ADDRESS__ // whose shadow memory counts too
        QVERIFY2(process.kilobytes < kMostKilobytes, qPrintable(QString::number(process.kilobytes)));
#endif
    }

    void cleanupTestCase()
    {
        if (m_seconds > 0)
            qInfo("at most %.2f s of processor time and %ld MB", m_seconds, m_kilobytes / 1024);
    }

private:
    static void addFiles()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("expect");
        QUANTOSCOPE_NEED_DATA(folder, "fixtures/malformed");
        const nlohmann::json expected = testing::readJson(folder + "/expected.json");
        for (const auto &[name, entry] : expected.at("files").items())
            QTest::newRow(name.c_str()) << QString::fromStdString(folder + "/" + name)
                                        << QString::fromStdString(entry.at("expect").get<std::string>());
    }

    double m_seconds = 0;
    long m_kilobytes = 0;
};

QTEST_GUILESS_MAIN(MalformedCheckpointsTest)
#include "tst_malformed_checkpoints.moc"
