// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bench_sharing.h"

#include "tests/bench/bench_tools.h"

#include <atomic>
#include <csignal>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace quantoscope::bench {

namespace {

/// A process with busy threads, which rests until it is woken.
class BusyProgram {
public:
    explicit BusyProgram(int threads)
    {
        m_child = fork();
        if (m_child != 0) {
            rest();
            return;
        }
        prctl(PR_SET_PDEATHSIG, SIGKILL); // also when the benchmark is interrupted
        for (int i = 1; i < threads; ++i)
            std::thread(spin).detach();
        spin();
    }
    ~BusyProgram()
    {
        if (m_child <= 0)
            return;
        kill(m_child, SIGKILL);
        waitpid(m_child, nullptr, 0);
    }
    BusyProgram(const BusyProgram &) = delete;
    BusyProgram &operator=(const BusyProgram &) = delete;

    void wake() const { send(SIGCONT); }
    void rest() const { send(SIGSTOP); }

private:
    static void spin()
    {
        std::atomic<uint64_t> count = 0;
        for (;;)
            count.fetch_add(1, std::memory_order_relaxed);
    }
    void send(int signal) const
    {
        if (m_child > 0)
            kill(m_child, signal);
    }

    pid_t m_child = -1;
};

} // namespace

nlohmann::ordered_json measureSharing(const ModelPtr &model, std::span<const float> pixels, int images, int threads,
                                      int rounds)
{
    const BusyProgram busy(threads);
    Json json;
    for (const bool split : {true, false}) {
        const auto executor = Executor::create(model, {.threads = threads, .splitImages = split});
        if (!executor)
            return json;
        ExecutionMode mode = ExecutionMode::floatMode(model->graph);
        // Threads that meet after every product lose a time slice at each meeting: a few images take long enough.
        const int count = split ? images : std::min(images, 2);
        const std::span<const float> part = pixels.first(pixels.size() / static_cast<size_t>(images) * static_cast<size_t>(count));
        const auto once = [&] { static_cast<void>((*executor)->run(part, count, mode, nullptr, {})); };
        once();
        std::vector<double> alone;
        std::vector<double> beside;
        for (int i = 0; i < rounds; ++i) {
            alone.push_back(secondsOf(once));
            busy.wake();
            beside.push_back(secondsOf(once));
            busy.rest();
        }
        json[split ? "images_on_own_threads" : "reference_arithmetic"]
            = {{"alone_images_per_second", rounded(count / median(alone), 10)},
               {"beside_busy_program", rounded(count / median(beside), 10)},
               {"kept_share", rounded(median(alone) / median(beside), 100)},
               {"fair_share", 0.5}};
    }
    return json;
}

} // namespace quantoscope::bench
