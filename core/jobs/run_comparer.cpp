// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/run_comparer.h"

namespace quantoscope {

RunComparer::RunComparer(QObject *parent) : QObject(parent)
{
}

RunComparer::~RunComparer()
{
    if (m_worker.joinable())
        m_worker.join();
}

void RunComparer::compare(RunRecordPtr first, RunRecordPtr second)
{
    if (m_running)
        return;
    if (m_worker.joinable())
        m_worker.join(); // has ended: m_running is false
    m_running = true;
    m_worker = std::thread([this, first = std::move(first), second = std::move(second)] {
        auto result = compareRuns(*first, RunSide::Own, *second, RunSide::Own);
        if (!result) {
            QMetaObject::invokeMethod(
                this,
                [this, error = result.error()] {
                    m_running = false;
                    Q_EMIT failed(error);
                },
                Qt::QueuedConnection);
            return;
        }
        QMetaObject::invokeMethod(
            this,
            [this, first, second, shared = std::make_shared<const RunComparison>(std::move(*result))] {
                m_running = false;
                Q_EMIT compared(first, second, shared);
            },
            Qt::QueuedConnection);
    });
}

} // namespace quantoscope
