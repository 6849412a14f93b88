// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/change_finder.h"

#include "core/imaging/image_set.h"

namespace quantoscope {

Result<RunChangesPtr> findChanges(const ChangeQuestion &question)
{
    auto comparison = compareRuns(*question.first, question.firstSide, *question.second, question.secondSide);
    if (!comparison)
        return fail(comparison.error());
    auto flips = findFlips(*question.first, question.firstSide, *question.second, question.secondSide, question.rank);
    if (!flips)
        return fail(flips.error());
    return std::make_shared<const RunChanges>(RunChanges{question, std::move(*comparison), std::move(*flips)});
}

ChangeFinder::ChangeFinder(QObject *parent) : QObject(parent)
{
}

ChangeFinder::~ChangeFinder()
{
    if (m_worker.joinable())
        m_worker.join();
}

void ChangeFinder::find(const ChangeQuestion &question)
{
    if (m_running)
        m_next = question;
    else
        start(question);
}

void ChangeFinder::forget()
{
    m_next.reset();
    m_wanted = false;
}

void ChangeFinder::start(const ChangeQuestion &question)
{
    if (m_worker.joinable())
        m_worker.join(); // has ended: m_running is false
    m_running = true;
    m_wanted = true;
    m_worker = std::thread([this, question] {
        QMetaObject::invokeMethod(
            this, [this, result = findChanges(question)] { end(result); }, Qt::QueuedConnection);
    });
}

void ChangeFinder::end(const Result<RunChangesPtr> &result)
{
    m_running = false;
    if (m_next) {
        const ChangeQuestion next = *m_next;
        m_next.reset();
        start(next);
        return;
    }
    if (!m_wanted)
        return;
    if (result)
        Q_EMIT found(*result);
    else
        Q_EMIT failed(result.error());
}

std::string imagePath(const ImageListRecord &images, int image)
{
    ImageSet set;
    set.root = images.root;
    return set.filePath(images.items[static_cast<size_t>(image)]);
}

} // namespace quantoscope
