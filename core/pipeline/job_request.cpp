// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/job_request.h"

#include "core/base/json_object.h"
#include "core/io/result_table_file.h"
#include "core/pipeline/request_json.h"
#include "core/pipeline/suite.h"

#include <array>
#include <limits>
#include <utility>

namespace quantoscope {

namespace {

using Kind = JobRequest::Kind;

constexpr int64_t kMost = 1'000'000;
constexpr std::array<std::pair<const char *, Kind>, 4> kKinds{
    {{"run", Kind::Run}, {"measure", Kind::Measure}, {"search", Kind::Search}, {"table", Kind::Table}}};

Json searchJson(const PlanSearchRequest &search)
{
    Json json = {{"resource", name(search.budget.resource)}, {"amount", search.budget.amount}, {"levels", search.levels},
                 {"operands_alike", search.operandsAlike},   {"outermost_at_least_8", search.outermostAtLeast8},
                 {"images", search.images},                  {"evaluate_points", search.evaluatePoints}};
    if (search.mostConversions)
        json["conversions"] = *search.mostConversions;
    return json;
}

void readSearch(JsonObject &part, PlanSearchRequest &search)
{
    std::string resource;
    part.text("resource", resource);
    bool known = false;
    for (const Resource one : kResources)
        if (resource == name(one)) {
            search.budget.resource = one;
            known = true;
        }
    if (!known)
        part.complain("has no known resource");
    part.number("amount", search.budget.amount);
    if (part.field("conversions"))
        part.integer("conversions", search.mostConversions.emplace(0), 0, kMost);
    std::vector<int64_t> levels;
    part.integers("levels", levels, 0, kMostBits);
    search.levels.assign(levels.begin(), levels.end());
    part.boolean("operands_alike", search.operandsAlike);
    part.boolean("outermost_at_least_8", search.outermostAtLeast8);
    part.integer("images", search.images, 1, kMost);
    part.integer("evaluate_points", search.evaluatePoints, 0, kMost);
}

/// What is not part of the request of a run.
Json tableJson(const TableRequest &table)
{
    Json json = {{"suites", table.suiteNames}, {"weights_folder", table.weightsFolder}, {"cell_folder", table.cellFolder},
                 {"part", table.part},         {"parts", table.parts},                  {"keep_logits", table.keepLogits}};
    if (table.calibrationCount)
        json["calibration_count"] = *table.calibrationCount;
    if (table.calibrationBatch)
        json["calibration_batch"] = *table.calibrationBatch;
    return json;
}

void readTable(JsonObject &part, TableRequest &table)
{
    part.text("suites", table.suiteNames);
    part.text("weights_folder", table.weightsFolder);
    part.text("cell_folder", table.cellFolder);
    part.integer("part", table.part, 1, kMost);
    part.integer("parts", table.parts, 1, kMost);
    part.boolean("keep_logits", table.keepLogits);
    for (auto [key, value] : {std::pair{"calibration_count", &table.calibrationCount},
                              std::pair{"calibration_batch", &table.calibrationBatch}})
        if (part.field(key))
            part.integer(key, value->emplace(1), 1, kMost);
}

/// The part of a table's request that it shares with a run.
RunRequest runOf(const TableRequest &table)
{
    RunRequest run;
    run.model = table.model;
    run.data = table.data;
    run.calibration = table.calibration;
    run.batch = table.batch;
    return run;
}

Json jobJson(const JobRequest &job)
{
    Json json;
    for (const auto &[text, kind] : kKinds)
        if (kind == job.kind)
            json["kind"] = text;
    json["run"] = Json::parse(requestToJson(job.kind == Kind::Table ? runOf(job.table) : job.basis(), true));
    if (job.kind == Kind::Search)
        json["search"] = searchJson(job.search);
    if (job.kind == Kind::Table)
        json["table"] = tableJson(job.table);
    return json;
}

Result<JobRequest> readJob(const Json &document, const std::string &origin)
{
    JobRequest job;
    JsonObject head(document, origin, "job");
    std::string kindText;
    head.text("kind", kindText);
    bool known = false;
    for (const auto &[one, kind] : kKinds)
        if (kindText == one) {
            job.kind = kind;
            known = true;
        }
    if (!known)
        head.complain("is of no known kind");
    const auto read = [&](const char *key, auto into) {
        const Json *object = head.field(key);
        if (!object)
            return head.complain(std::string("lacks ") + key);
        JsonObject part(*object, origin, key);
        into(part);
        if (part.error())
            head.complain("has a wrong part: " + part.error()->what);
    };
    if (job.kind == Kind::Search)
        read("search", [&](JsonObject &part) { readSearch(part, job.search); });
    if (job.kind == Kind::Table)
        read("table", [&](JsonObject &part) { readTable(part, job.table); });
    const Json *object = head.field("run");
    if (!object)
        head.complain("lacks run");
    if (head.error())
        return fail(*head.error());
    auto run = parseRequest(object->dump(), origin);
    if (!run)
        return fail(run.error());
    if (job.kind == Kind::Table) {
        job.table.model = run->model;
        job.table.data = run->data;
        job.table.calibration = run->calibration;
        job.table.batch = run->batch;
        auto suites = findSuites(job.table.suiteNames);
        if (!suites)
            return fail(suites.error());
        job.table.suites = std::move(*suites);
    }
    (job.kind == Kind::Search ? job.search.run : job.run) = std::move(*run);
    return job;
}

} // namespace

std::string jobToJson(const JobRequest &job)
{
    return jobJson(job).dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<void> writeJobFile(const JobRequest &job, const std::string &path)
{
    return writeTextFile(jobJson(job).dump(2, ' ', false, Json::error_handler_t::replace) + '\n', path);
}

Result<JobRequest> parseJob(const std::string &text, const std::string &origin)
{
    const auto document = parseJsonObject(text, origin);
    return document ? readJob(*document, origin) : Result<JobRequest>(fail(document.error()));
}

Result<std::vector<JobRequest>> parseJobs(const std::string &text, const std::string &origin)
{
    const Json document = Json::parse(text, nullptr, false);
    const Json list = document.is_object() ? Json::array({document}) : document;
    std::vector<JobRequest> jobs;
    for (size_t i = 0; list.is_array() && i < list.size(); ++i) {
        auto job = list[i].is_object() ? readJob(list[i], origin)
                                       : Result<JobRequest>(fail(ErrorCode::CorruptFile, "is not a JSON object", origin));
        if (!job)
            return fail(job.error());
        jobs.push_back(std::move(*job));
    }
    if (jobs.empty())
        return fail(ErrorCode::CorruptFile, "is neither a job nor a list of jobs (JSON)", origin);
    return jobs;
}

} // namespace quantoscope
