// SPDX-License-Identifier: GPL-3.0-or-later
// How a long operation is stopped and how it tells how far it is. No Qt, so every layer may use it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace quantoscope {

/// Shared flag: copies refer to the same request. Any thread may call either function.
class CancelToken {
public:
    CancelToken() : m_flag(std::make_shared<std::atomic<bool>>(false)) {}
    void cancel() const { m_flag->store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool isCancelled() const { return m_flag->load(std::memory_order_relaxed); }

private:
    std::shared_ptr<std::atomic<bool>> m_flag;
};

/// A snapshot of an operation's progress; a plain value that may cross threads.
struct Progress {
    std::string phase;       ///< stable English key: "float", "calibrate", "evaluate", "analyze", "check", "open"...
    std::string unit = "images"; ///< what is counted; stable English: "images", "operators", "passes", "bytes"
    int64_t done = 0;        ///< units finished in this phase
    int64_t total = 0;       ///< units of this phase; 0 when unknown
    double elapsed = 0;      ///< seconds since the phase began
    /// Seconds left at the mean rate so far; negative while unknown.
    [[nodiscard]] double secondsLeft() const
    {
        return done > 0 && total >= done ? elapsed / static_cast<double>(done) * static_cast<double>(total - done) : -1;
    }
};

/// Passed down to every operation that may take more than a moment. The sink is called on the working thread.
struct RunControl {
    CancelToken cancel;
    std::function<void(const Progress &)> sink;

    [[nodiscard]] bool isCancelled() const { return cancel.isCancelled(); }
};

/// Times one phase and reports it through a RunControl.
class PhaseReporter {
public:
    PhaseReporter(const RunControl &control, std::string phase, int64_t total, std::string unit = "images")
        : m_control(control), m_start(std::chrono::steady_clock::now())
    {
        m_progress.phase = std::move(phase);
        m_progress.unit = std::move(unit);
        m_progress.total = total;
        advance(0);
    }
    void advance(int64_t units)
    {
        m_progress.done += units;
        m_progress.elapsed = seconds();
        if (m_control.sink)
            m_control.sink(m_progress);
    }
    [[nodiscard]] double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    }

private:
    const RunControl &m_control;
    Progress m_progress;
    std::chrono::steady_clock::time_point m_start;
};

} // namespace quantoscope
