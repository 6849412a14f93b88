// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/spread_finder.h"

#include "core/pipeline/suite.h"

namespace quantoscope {

RunSpreadPtr spreadOf(std::vector<RunRecordPtr> runs, const RunRecord &like, const FiguresOf &figuresOf)
{
    std::vector<const RunRecord *> records;
    for (const RunRecordPtr &run : runs)
        records.push_back(run.get());
    CalibrationSpread spread = calibrationSpread(records, like, figuresOf);
    return std::make_shared<const RunSpread>(
        RunSpread{std::move(runs), std::move(spread), publishedResults(like.model.name, like.request)});
}

SpreadFinder::SpreadFinder(QObject *parent) : QObject(parent), m_work(this)
{
}

void SpreadFinder::find(std::vector<RunRecordPtr> runs, RunRecordPtr like)
{
    m_work.ask([this, runs = std::move(runs), like = std::move(like)]() -> LatestWork::Answer {
        return [this, spread = answer(runs, *like)] { Q_EMIT found(spread); };
    });
}

RunSpreadPtr SpreadFinder::answer(const std::vector<RunRecordPtr> &runs, const RunRecord &like)
{
    std::erase_if(m_known, [](const auto &entry) { return entry.second.first.expired(); });
    std::map<const RunRecord *, RunRecordPtr> owners;
    for (const RunRecordPtr &run : runs)
        owners.emplace(run.get(), run);
    return spreadOf(runs, like, [&](const RunRecord &run) {
        const auto known = m_known.find(&run);
        return known != m_known.end()
            ? known->second.second
            : m_known.emplace(&run, std::pair(std::weak_ptr(owners[&run]), drawFigures(run))).first->second.second;
    });
}

} // namespace quantoscope
