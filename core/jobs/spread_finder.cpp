// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/spread_finder.h"

namespace quantoscope {

RunSpreadPtr spreadOf(std::vector<RunRecordPtr> runs, const RunRecord &like, const FiguresOf &figuresOf)
{
    std::vector<const RunRecord *> records;
    for (const RunRecordPtr &run : runs)
        records.push_back(run.get());
    CalibrationSpread spread = calibrationSpread(records, like, figuresOf);
    return std::make_shared<const RunSpread>(RunSpread{std::move(runs), std::move(spread)});
}

SpreadFinder::SpreadFinder(QObject *parent) : QObject(parent)
{
}

SpreadFinder::~SpreadFinder()
{
    if (m_worker.joinable())
        m_worker.join();
}

void SpreadFinder::find(std::vector<RunRecordPtr> runs, RunRecordPtr like)
{
    Question question{std::move(runs), std::move(like)};
    if (m_running)
        m_next = std::move(question);
    else
        start(std::move(question));
}

RunSpreadPtr SpreadFinder::answer(const Question &question)
{
    std::erase_if(m_known, [](const auto &entry) { return entry.second.first.expired(); });
    std::map<const RunRecord *, RunRecordPtr> owners;
    for (const RunRecordPtr &run : question.runs)
        owners.emplace(run.get(), run);
    return spreadOf(question.runs, *question.like, [&](const RunRecord &run) {
        const auto known = m_known.find(&run);
        return known != m_known.end()
            ? known->second.second
            : m_known.emplace(&run, std::pair(std::weak_ptr(owners[&run]), drawFigures(run))).first->second.second;
    });
}

void SpreadFinder::start(Question question)
{
    if (m_worker.joinable())
        m_worker.join(); // has ended: m_running is false
    m_running = true;
    m_worker = std::thread([this, question = std::move(question)] {
        QMetaObject::invokeMethod(
            this,
            [this, spread = answer(question)] {
                m_running = false;
                if (m_next) {
                    Question next = std::move(*m_next);
                    m_next.reset();
                    start(std::move(next));
                    return;
                }
                Q_EMIT found(spread);
            },
            Qt::QueuedConnection);
    });
}

} // namespace quantoscope
