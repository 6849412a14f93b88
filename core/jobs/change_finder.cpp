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

ChangeFinder::ChangeFinder(QObject *parent) : QObject(parent), m_work(this)
{
}

void ChangeFinder::find(const ChangeQuestion &question)
{
    m_work.ask([this, question]() -> LatestWork::Answer {
        return [this, result = findChanges(question)] {
            if (result)
                Q_EMIT found(*result);
            else
                Q_EMIT failed(result.error());
        };
    });
}

void ChangeFinder::forget()
{
    m_work.forget();
}

std::string imagePath(const ImageListRecord &images, int image)
{
    ImageSet set;
    set.root = images.root;
    return set.filePath(images.items[static_cast<size_t>(image)]);
}

} // namespace quantoscope
