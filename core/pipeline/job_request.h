// SPDX-License-Identifier: GPL-3.0-or-later
// What a job that can be stopped and taken up again is about, and the same as JSON text: a project keeps it.
#pragma once

#include "core/base/result.h"
#include "core/pipeline/requests.h"

#include <string>
#include <vector>

namespace quantoscope {

struct JobRequest {
    enum class Kind {
        Run,     ///< `run` as it is
        Measure, ///< sensitivity and attention maps of `run`, no evaluation
        Search,  ///< `search`
        Table,   ///< `table`
    };
    Kind kind = Kind::Run;
    RunRequest run;
    PlanSearchRequest search; ///< without measurements known before: a partial record brings them
    TableRequest table;

    /// The request of the model's and images' part; of a table: nothing but its images.
    [[nodiscard]] const RunRequest &basis() const { return kind == Kind::Search ? search.run : run; }
};

[[nodiscard]] std::string jobToJson(const JobRequest &job);
/// The same for people, with line breaks. Errors: Io.
[[nodiscard]] Result<void> writeJobFile(const JobRequest &job, const std::string &path);
/// Suites are found by name or file again. Errors: CorruptFile naming the field; those of findSuites.
[[nodiscard]] Result<JobRequest> parseJob(const std::string &json, const std::string &origin);
/// One job, or a list of at least one. Errors: the same.
[[nodiscard]] Result<std::vector<JobRequest>> parseJobs(const std::string &json, const std::string &origin);

} // namespace quantoscope
