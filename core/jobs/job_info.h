// SPDX-License-Identifier: GPL-3.0-or-later
// A job of the queue as the views see it.
#pragma once

#include "core/base/run_control.h"
#include "core/pipeline/job_request.h"

#include <QString>

#include <memory>

namespace quantoscope {

enum class JobKind { OpenModel, Check, Run, ExportRun, OpenRun, Estimate, Measure, Search, Table };

enum class JobState {
    Waiting,
    Running,
    Pausing,   ///< stops at the end of the batch
    Paused,    ///< goes on when it is resumed; a run then starts behind the last finished batch
    Finished,
    Failed,
    Cancelled, ///< by the user; may be resumed like a paused one
};

struct JobInfo {
    int id = 0;
    JobKind kind = JobKind::Run;
    JobState state = JobState::Waiting;
    QString file;       ///< of OpenModel, ExportRun and OpenRun
    RunRequest request; ///< of all others
    Progress progress;  ///< of the running phase
    QString note;       ///< what a resumed run took over, or what failed; English, untranslated

    /// Of jobs that can be stopped in the middle and taken up again: all that a later program needs for it. Else null.
    std::shared_ptr<const JobRequest> resumable = {};

    [[nodiscard]] bool isPending() const { return state == JobState::Waiting || isActive(); }
    [[nodiscard]] bool isActive() const { return state == JobState::Running || state == JobState::Pausing; }
    [[nodiscard]] bool canPause() const
    {
        return resumable && (state == JobState::Waiting || state == JobState::Running);
    }
    [[nodiscard]] bool canResume() const
    {
        return resumable && (state == JobState::Paused || state == JobState::Cancelled || state == JobState::Failed);
    }
};

} // namespace quantoscope
