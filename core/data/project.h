// SPDX-License-Identifier: GPL-3.0-or-later
// A working session as a value: what is open, plans, runs, jobs that wait, and how the window looks.
#pragma once

#include "core/data/run_record.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace quantoscope {

/// A plan that was put aside, with the recipe that it changes.
struct KeptPlan {
    std::string name;
    QuantizationRequest request;
    std::string modelSha256 = {}; ///< of the weights that it was made for; empty: of no model
};

struct Project {
    std::string weights;       ///< checkpoint file or folder; empty: none was open
    std::string weightsSha256; ///< as ModelInfo::sha256
    std::string data;          ///< folder, archive or list of images; empty: none was chosen
    std::string dataHash;      ///< of the images' list: paths, labels, sizes, samples of the content; empty: not computed
    std::string requestJson;   ///< form of the next run, without quantization (core/pipeline/request_json.h)
    QuantizationRequest quantization;           ///< recipe and plan of the window
    std::vector<KeptPlan> plans;
    std::vector<std::string> jobsJson;          ///< requests that had not finished, in order
    std::vector<std::shared_ptr<const RunRecord>> jobRuns; ///< one per job: its unfinished record; null: nothing was done
    std::map<std::string, std::string> layout;  ///< the views' own bytes by name, as base64
    std::string selectedTap;
    std::string shownRun;                       ///< id
    std::string searchJson;                     ///< the shown precision search (core/pipeline/search_file.h); empty: none
    std::vector<std::shared_ptr<const RunRecord>> runs; ///< in the order of the table
    /// A recovery file keeps runs in files of their own beside it, because they do not change: name and SHA-256.
    struct RunFile {
        std::string file;
        std::string sha256;
    };
    std::vector<RunFile> runFiles;
    std::vector<RunFile> jobRunFiles; ///< one per job; an empty name: none
};

} // namespace quantoscope
