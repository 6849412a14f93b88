// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/latest_work.h"

#include <utility>

namespace quantoscope {

LatestWork::~LatestWork()
{
    if (m_worker.joinable())
        m_worker.join();
}

void LatestWork::ask(Work work)
{
    if (m_running)
        m_next = std::move(work);
    else
        start(std::move(work));
}

void LatestWork::forget()
{
    m_next.reset();
    m_wanted = false;
}

void LatestWork::start(Work work)
{
    if (m_worker.joinable())
        m_worker.join(); // has ended: m_running is false
    m_running = true;
    m_wanted = true;
    m_worker = std::thread([this, work = std::move(work)] {
        QMetaObject::invokeMethod(
            m_owner, [this, answer = work()] { end(answer); }, Qt::QueuedConnection);
    });
}

void LatestWork::end(const Answer &answer)
{
    m_running = false;
    if (m_next)
        start(*std::exchange(m_next, std::nullopt));
    else if (m_wanted)
        answer();
}

} // namespace quantoscope
