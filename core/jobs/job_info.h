// SPDX-License-Identifier: GPL-3.0-or-later
// A job of the queue as the views see it.
#pragma once

#include "core/base/run_control.h"
#include "core/pipeline/requests.h"

#include <QString>

namespace quantoscope {

enum class JobKind { OpenModel, Check, Run, ExportRun, OpenRun, Estimate, Measure, Search };

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

    [[nodiscard]] bool isPending() const { return state == JobState::Waiting || isActive(); }
    [[nodiscard]] bool isActive() const { return state == JobState::Running || state == JobState::Pausing; }
    /// Only runs can be stopped in the middle and taken up again.
    [[nodiscard]] bool canResume() const
    {
        return kind == JobKind::Run && (state == JobState::Paused || state == JobState::Cancelled || state == JobState::Failed);
    }
};

} // namespace quantoscope
