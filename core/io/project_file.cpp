// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/project_file.h"

#include "core/io/run_contents.h"
#include "core/io/run_layout.h"

namespace quantoscope {

namespace {

constexpr const char *formatName = "quantoscope-project";
constexpr int formatVersion = 1;
constexpr int kMostRuns = 100'000;

using hdf5::ReadGroup;
using hdf5::Value;
using hdf5::WriteGroup;

/// "0007": names of HDF5 groups sort as the lists they stand for.
std::string numbered(size_t index)
{
    const std::string digits = std::to_string(index);
    return std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

template <typename Group>
void exchangePlans(Group plans, Value<Group, std::vector<KeptPlan>> &kept)
{
    std::vector<std::string> names;
    if constexpr (!Group::reading)
        for (const KeptPlan &plan : kept)
            names.push_back(plan.name);
    plans.values("names", names, {"", "plan: name that the user gave"});
    if constexpr (Group::reading)
        kept.resize(plans.status().ok() ? names.size() : 0);
    for (size_t i = 0; i < kept.size() && plans.status().ok(); ++i) {
        auto plan = plans.group(numbered(i));
        if constexpr (Group::reading)
            kept[i].name = names[i];
        plan.attribute("model_sha256", kept[i].modelSha256);
        hdf5::exchangeQuantization(plan, kept[i].request);
    }
}

template <typename Group>
void exchangeLayout(Group layout, Value<Group, std::map<std::string, std::string>> &parts)
{
    std::vector<std::string> names;
    std::vector<std::string> bytes;
    for (const auto &[name, value] : parts) {
        names.push_back(name);
        bytes.push_back(value);
    }
    layout.values("name", names, {"", "part of the window"});
    layout.values("bytes", bytes, {"", "part of the window: its own state, base64"});
    if constexpr (Group::reading) {
        layout.require(names.size() == bytes.size(), "name and bytes differ in length");
        for (size_t i = 0; layout.status().ok() && i < names.size(); ++i)
            parts[names[i]] = bytes[i];
    }
}

void writeRuns(WriteGroup group, const std::vector<std::shared_ptr<const RunRecord>> &runs)
{
    group.attribute("count", static_cast<int>(runs.size()));
    for (size_t i = 0; i < runs.size() && group.status().ok(); ++i) {
        if (!runs[i])
            continue;
        auto run = group.group(numbered(i));
        hdf5::writeRun(run, *runs[i]);
    }
}

/// Runs that are not there become null.
Result<void> readRuns(ReadGroup group, const std::string &path, std::vector<std::shared_ptr<const RunRecord>> &runs)
{
    int count = 0;
    group.attribute("count", count);
    group.require(count >= 0 && count <= kMostRuns, "count is out of bounds");
    for (int i = 0; i < count && group.status().ok(); ++i) {
        const std::string name = numbered(static_cast<size_t>(i));
        if (!group.has(name)) {
            runs.push_back(nullptr);
            continue;
        }
        auto own = group.group(name);
        auto run = hdf5::readRun(own, path);
        if (!run)
            return fail(run.error());
        runs.push_back(std::make_shared<const RunRecord>(std::move(*run)));
    }
    return {};
}

template <typename Group>
void exchangeRunFiles(Group runs, Value<Group, std::vector<Project::RunFile>> &files)
{
    std::vector<std::string> names;
    std::vector<std::string> hashes;
    for (const Project::RunFile &file : files) {
        names.push_back(file.file);
        hashes.push_back(file.sha256);
    }
    runs.values("file", names, {"", "run: file beside this one"});
    runs.values("sha256", hashes, {"", "run: hash of that file"});
    if constexpr (Group::reading) {
        runs.require(names.size() == hashes.size(), "file and sha256 differ in length");
        for (size_t i = 0; runs.status().ok() && i < names.size(); ++i)
            files.push_back({names[i], hashes[i]});
    }
}

template <typename Group>
void exchangeProject(Group &root, Value<Group, Project> &project)
{
    root.attribute("weights", project.weights);
    root.attribute("weights_sha256", project.weightsSha256);
    root.attribute("data", project.data);
    root.attribute("data_hash", project.dataHash);
    root.attribute("selected_tap", project.selectedTap);
    root.attribute("shown_run", project.shownRun);
    bool searched = !project.searchJson.empty(); // projects of earlier versions have none
    if constexpr (Group::reading)
        searched = root.has("search_json");
    if (searched)
        hdf5::exchangeText(root, "search_json", project.searchJson, {"", "one text: the precision search that is shown"});
    hdf5::exchangeText(root, "request_json", project.requestJson, {"", "one text: the form of the next run"});
    auto quantization = root.group("quantization");
    hdf5::exchangeQuantization(quantization, project.quantization);
    exchangePlans(root.group("plans"), project.plans);
    root.values("jobs_json", project.jobsJson, {"", "job that had not finished: its request"});
    exchangeLayout(root.group("layout"), project.layout);
    exchangeRunFiles(root.group("run_files"), project.runFiles);
    exchangeRunFiles(root.group("job_run_files"), project.jobRunFiles);
}

} // namespace

Result<void> writeProjectFile(const Project &project, const std::string &path)
{
    return hdf5::replaceFile(path, [&](WriteGroup &root) {
        root.attribute("format", std::string(formatName));
        root.attribute("format_version", formatVersion);
        root.attribute("quantoscope_version", std::string(QUANTOSCOPE_VERSION));
        exchangeProject(root, project);
        writeRuns(root.group("runs"), project.runs);
        writeRuns(root.group("job_runs"), project.jobRuns);
    });
}

Result<Project> readProjectFile(const std::string &path)
{
    Project project;
    const auto read = hdf5::readFile(path, "project file", [&](ReadGroup &root) -> Result<void> {
        std::string format;
        int version = 0;
        root.attribute("format", format);
        if (!root.status().ok() || format != formatName)
            return fail(ErrorCode::CorruptFile, "this HDF5 file is not a project of Quantoscope", path,
                        "choose a project file; run files are opened by Open run");
        root.attribute("format_version", version);
        if (version > formatVersion)
            return fail(ErrorCode::Unsupported,
                        "this project was written by a newer version (format " + std::to_string(version)
                            + ", known: " + std::to_string(formatVersion) + ")",
                        path, "update Quantoscope");
        root.status().setVersion(hdf5::latestVersion);
        exchangeProject(root, project);
        if (!root.status().ok())
            return {};
        if (auto runs = readRuns(root.group("runs"), path, project.runs); !runs)
            return runs;
        if (auto runs = readRuns(root.group("job_runs"), path, project.jobRuns); !runs)
            return runs;
        std::erase(project.runs, nullptr);
        root.require(project.jobRuns.empty() || project.jobRuns.size() == project.jobsJson.size(),
                     "job_runs and jobs_json differ in length");
        return {};
    });
    return read ? Result<Project>(std::move(project)) : Result<Project>(fail(read.error()));
}

} // namespace quantoscope
