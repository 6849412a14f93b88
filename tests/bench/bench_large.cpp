// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bench_large.h"

#include "core/io/safetensors_writer.h"
#include "core/pipeline/session.h"
#include "tests/bench/bench_machine.h"
#include "tests/bench/bench_tools.h"
#include "tests/bench/synthetic_model.h"

#include <QTemporaryDir>

#include <sys/wait.h>
#include <unistd.h>

namespace quantoscope::bench {

namespace {

constexpr SyntheticSizes kLarge{1024, 24, 16, 224, 16, 1000};

/// In a process of its own, whose memory is not ours.
bool writeApart(const std::string &path)
{
    const pid_t child = fork();
    if (child == 0) {
        std::shared_ptr<std::vector<float>> memory;
        const bool written = writeSafetensors(path, syntheticTensors(kLarge, memory)).has_value();
        _exit(written ? 0 : 1);
    }
    int status = 1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

Json memoryNow()
{
    return {{"peak_resident", rounded(statusMegabytes("VmHWM"), 1)},
            {"now_own", rounded(statusMegabytes("RssAnon"), 1)},
            {"now_mapped_files", rounded(statusMegabytes("RssFile"), 1)}};
}

} // namespace

Result<nlohmann::ordered_json> measureLarge(RunRequest request, int images)
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("large.safetensors")).toStdString();
    if (!folder.isValid() || !writeApart(path))
        return fail(ErrorCode::Io, "1.2 GB could not be written", path, "make room, or set TMPDIR");
    request.model.weights = path;
    request.model.heads = static_cast<int>(kLarge.heads);
    Json json;
    std::unique_ptr<Session> session;
    Result<void> opened;
    json["open_seconds"] = rounded(secondsOf([&] {
        auto result = Session::open(request.model);
        if (result)
            session = std::move(*result);
        else
            opened = fail(result.error());
    }));
    if (!opened)
        return fail(opened.error());
    json["memory_mb"]["opened"] = memoryNow();
    request.calibration.count = images;
    request.evaluate = request.evaluateFloat = false;
    request.data.limit = 1;
    Result<RunRecord> run = fail(ErrorCode::Internal, "not run");
    json["calibration_images"] = images;
    json["calibration_batch"] = request.calibration.batch;
    json["calibration_seconds"] = rounded(secondsOf([&] { run = session->run(request, {}, {}); }));
    if (!run)
        return fail(run.error());
    json["memory_mb"]["calibrated"] = memoryNow();
    json["target_mb"] = 4096;
    json["pass"] = statusMegabytes("VmHWM") < 4096;
    return json;
}

} // namespace quantoscope::bench
