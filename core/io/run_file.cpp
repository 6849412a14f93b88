// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/run_file.h"

#include "core/io/posix_file.h"
#include "core/io/run_contents.h"
#include "core/io/run_layout.h"

#include <exception>
#include <memory>

namespace quantoscope {

namespace {

constexpr const char *formatName = "quantoscope-run";
constexpr int formatVersion = hdf5::latestVersion;
constexpr int mostBits = kUnlimitedBits;

using hdf5::Handle;
using hdf5::ReadGroup;
using hdf5::Status;
using hdf5::WriteGroup;

/// Order of a bin on the value axis.
int axisPosition(uint16_t code)
{
    return (code & 0x8000U) != 0 ? -1 - (code & 0x7FFF) : code;
}

bool inRange(int64_t value, int64_t low, int64_t end)
{
    return value >= low && value < end;
}

// What readers of a RunRecord rely on when they index one list by another. Each returns the defect, or nothing.

std::string defectOf(const ImageListRecord &images)
{
    return images.sha256.empty() || images.sha256.size() == images.items.size() ? "" : "sha256 and path differ in length";
}

std::string defectOf(const std::vector<ImageFailure> &failures, size_t images)
{
    const bool good = std::all_of(failures.begin(), failures.end(), [&](const ImageFailure &failure) {
        return inRange(failure.image, 0, static_cast<int64_t>(images));
    });
    return good ? "" : "a failure names an image outside the list";
}

std::string defectOf(const EvaluationResult &result, size_t images)
{
    for (const ImageOutcome &outcome : result.images) {
        if (!inRange(outcome.image, 0, static_cast<int64_t>(images)))
            return "an image outside the list was evaluated";
        for (const int best : outcome.top5)
            if (!inRange(best, -1, result.classes))
                return "top5 holds a class that does not exist";
    }
    if (!result.logits.empty() && result.logits.size() != result.images.size() * static_cast<size_t>(result.classes))
        return "logits must be images x classes, or empty";
    return defectOf(result.failures, images);
}

std::string defectOf(const TapRecord &record)
{
    const auto &[tap, operatorName, setting, parameters, statistics, error] = record;
    const auto &codes = statistics.histogram.codes;
    const auto perChannel = [&](size_t size) { return size == static_cast<size_t>(std::max<int64_t>(0, tap.channels)); };
    if (!inRange(setting.bits, 0, mostBits + 1) || !inRange(parameters.bits, 0, mostBits + 1))
        return "bits must be 0 to " + std::to_string(mostBits);
    if (parameters.scale.size() > 1 && (tap.channels < 1 || static_cast<size_t>(tap.channels) % parameters.scale.size() != 0))
        return "there must be one scale, or equally many channels to each";
    if (!parameters.ptfFactor.empty() && !perChannel(parameters.ptfFactor.size()))
        return "there must be one PTF factor per channel, or none";
    if (statistics.channelMinimum.size() != statistics.channelMaximum.size() ||
        (!statistics.channelMinimum.empty() && !perChannel(statistics.channelMinimum.size())))
        return "there must be one minimum and one maximum per channel, or none";
    if (statistics.tokenMinimum.size() != statistics.tokenMaximum.size() || statistics.tokenWindows < 1
        || statistics.tokenMinimum.size() % static_cast<size_t>(statistics.tokenWindows) != 0)
        return "there must be one minimum and one maximum per token, and equally many tokens in each window";
    if (codes.size() != statistics.histogram.counts.size())
        return "histogram codes and counts differ in length";
    if (std::adjacent_find(codes.begin(), codes.end(), [](uint16_t a, uint16_t b) {
            return axisPosition(a) >= axisPosition(b);
        }) != codes.end())
        return "histogram bins are not in the order of their values";
    return "";
}

std::string defectOf(const CalibrationHistory &history, size_t taps)
{
    if (history.isEmpty())
        return "";
    const size_t batches = taps * history.batches();
    for (const auto *matrix : {&history.minimum, &history.maximum, &history.tailLow, &history.tailHigh})
        if (matrix->size() != batches)
            return "there must be one value per tap and batch";
    for (const auto *matrix : {&history.imageMinimum, &history.imageMaximum})
        if (matrix->size() != taps * history.images)
            return "there must be one value per tap and image, or none";
    int64_t images = 0;
    for (const int count : history.batchImages) {
        images += count;
        if (count < 1 || images > std::numeric_limits<int>::max())
            return "a batch without images, or too many in all";
    }
    return "";
}

std::string defectOf(const SensitivityTable &table, size_t taps)
{
    if (!table.unitOfTap.empty() && table.unitOfTap.size() != taps)
        return "unit_of_tap must have one entry per tap";
    if (!inRange(table.labelledDone, 0, table.imagesDone + 1) || table.imagesDone < 0)
        return "more labelled images than images";
    const bool known = std::all_of(table.unitOfTap.begin(), table.unitOfTap.end(), [&](int unit) {
        return inRange(unit, -1, static_cast<int64_t>(table.units.size()));
    });
    return known ? "" : "a tap belongs to a unit that does not exist";
}

std::string defectOf(const AttentionRecord &record)
{
    constexpr int mostPixels = 1 << 14;
    const auto squared = [](int side) { return static_cast<size_t>(side) * static_cast<size_t>(side); };
    if (!inRange(record.side, 1, mostPixels) || record.picture.size() != 3 * squared(record.side))
        return "the picture must be side x side x 3";
    if (record.rolloutFloating.size() != record.rolloutQuantized.size()
        || (!record.rolloutFloating.empty()
            && (record.layers.empty() || record.rolloutFloating.size() != squared(record.layers.front().grid))))
        return "a rollout must have one value per patch";
    for (const AttentionLayer &layer : record.layers) {
        if (!inRange(layer.grid, 1, mostPixels) || !inRange(layer.heads, 1, mostPixels))
            return "an attention must have heads and patches";
        const size_t values = static_cast<size_t>(layer.heads) * squared(layer.grid);
        if (layer.floating.size() != values || layer.quantized.size() != values)
            return "an attention map must have heads x grid x grid values";
    }
    return "";
}

std::string defectOfAnalysed(const RunRecord &run)
{
    const auto known = [&](int image) { return inRange(image, 0, static_cast<int64_t>(run.images.items.size())); };
    if (!std::all_of(run.analysed.begin(), run.analysed.end(), known))
        return "an image outside the list was analysed";
    const auto perImage = [&](const std::vector<double> &figures) {
        return figures.empty() || figures.size() == run.analysed.size();
    };
    for (const TapRecord &tap : run.taps)
        if (!perImage(tap.error.imageSignal) || !perImage(tap.error.imageIsolated) || !perImage(tap.error.imageCumulative))
            return tap.tap.path + ": there must be one error per analysed image, or none";
    return "";
}

/// Fails at the item that contradicts another one: such a record is neither written nor handed out.
void checkConsistency(Status &status, const RunRecord &run, ErrorCode code)
{
    const auto check = [&](const std::string &item, const std::string &defect) {
        if (status.ok() && !defect.empty())
            status.fail(code, item, defect);
    };
    const size_t images = run.images.items.size();
    check("/images", defectOf(run.images));
    check("/calibration", defectOf(run.calibration.images));
    check("/calibration", defectOf(run.calibration.failures, run.calibration.images.items.size()));
    check("/calibration/history", defectOf(run.calibration.history, run.taps.size()));
    const size_t bands = run.calibration.stability.taps.size();
    check("/calibration/stability", bands == 0 || bands == run.taps.size() ? "" : "there must be one band per tap");
    if (run.floatResult)
        check("/float", defectOf(*run.floatResult, images));
    if (run.result)
        check("/result", defectOf(*run.result, images));
    check("/taps", defectOfAnalysed(run));
    for (const SensitivityTable &table : run.sensitivity)
        check("/sensitivity/" + std::string(name(table.level)), defectOf(table, run.taps.size()));
    for (const AttentionRecord &record : run.attention)
        check("/attention", defectOf(record));
    for (const TapRecord &tap : run.taps)
        check("/taps/" + tap.tap.path, defectOf(tap));
}

/// Nothing, or why this HDF5 file is no run file that can be read here.
void checkFormat(ReadGroup &root, const std::string &path, std::optional<Error> &refusal)
{
    std::string format;
    int version = 0;
    root.attribute("format", format);
    if (!root.status().ok() || format != formatName) {
        refusal = Error{ErrorCode::CorruptFile, "this HDF5 file is not a run of Quantoscope", path, "choose a run file"};
        return;
    }
    root.attribute("format_version", version);
    if (version > formatVersion)
        refusal = Error{ErrorCode::Unsupported,
                        "this run was written by a newer version (format " + std::to_string(version) + ", known: " +
                            std::to_string(formatVersion) + ")",
                        path, "update Quantoscope"};
    else
        root.require(version >= 1, "format_version must be at least 1");
    root.status().setVersion(version);
}

} // namespace

namespace hdf5 {

void writeRun(WriteGroup &group, const RunRecord &run)
{
    checkConsistency(group.status(), run, ErrorCode::Internal);
    if (!group.status().ok())
        return;
    group.attribute("format", std::string(formatName));
    group.attribute("format_version", formatVersion);
    group.attribute("quantoscope_version", std::string(QUANTOSCOPE_VERSION));
    group.attribute("simulated_quantization",
                    std::string("Quantization was simulated on float values: accuracy is meaningful, speed says nothing "
                                "about integer hardware."));
    exchangeRun(group, run);
}

Result<RunRecord> readRun(ReadGroup &group, const std::string &file)
{
    std::optional<Error> refusal;
    checkFormat(group, file, refusal);
    if (refusal)
        return fail(*refusal);
    RunRecord run;
    exchangeRun(group, run);
    checkConsistency(group.status(), run, ErrorCode::CorruptFile);
    if (!group.status().ok())
        return fail(*group.status().error());
    return run;
}

Result<void> readFile(const std::string &path, const char *what, const std::function<Result<void>(ReadGroup &)> &read)
{
    const auto regular = openRegularFile(path);
    if (!regular)
        return fail(regular.error());
    try {
        Status status(path);
        if (H5Fis_hdf5(path.c_str()) <= 0)
            return fail(ErrorCode::CorruptFile, "this is not an HDF5 file", path, std::string("choose a ") + what);
        const Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
        if (!file)
            return fail(ErrorCode::CorruptFile, "cannot open this HDF5 file" + Status::reason(), path,
                        "it is damaged or still being written");
        ReadGroup root(status, file.get(), regular->size);
        if (auto done = read(root); !done)
            return done;
        if (!status.ok())
            return fail(*status.error());
        return {};
    } catch (const std::exception &exception) { // memory
        return fail(ErrorCode::Internal, std::string("cannot read the ") + what + ": " + exception.what(), path);
    }
}

Result<void> replaceFile(const std::string &path, const std::function<void(WriteGroup &)> &write)
{
    try {
        // First, so that a folder without permission is reported before the work.
        AtomicFile file(path);
        if (auto opened = file.open(); !opened)
            return opened;
        std::vector<std::byte> image;
        {
            Status status(path);
            image = fileImage(status, write);
            if (!status.ok())
                return fail(*status.error());
        }
        if (auto written = file.write(image); !written)
            return written;
        return file.commit();
    } catch (const std::exception &exception) { // memory
        return fail(ErrorCode::Internal, std::string("cannot write the file: ") + exception.what(), path);
    }
}

} // namespace hdf5

Result<void> writeRunFile(const RunRecord &run, const std::string &path)
{
    return hdf5::replaceFile(path, [&](WriteGroup &root) { hdf5::writeRun(root, run); });
}

Result<RunRecord> readRunFile(const std::string &path)
{
    Result<RunRecord> run = RunRecord();
    const auto read = hdf5::readFile(path, "run file", [&](ReadGroup &root) -> Result<void> {
        run = hdf5::readRun(root, path);
        return run ? Result<void>() : fail(run.error());
    });
    return read ? std::move(run) : Result<RunRecord>(fail(read.error()));
}

} // namespace quantoscope
