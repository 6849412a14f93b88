// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/search_limiter.h"

#include "core/pipeline/search_front.h"

#include <utility>

namespace quantoscope {

SearchLimiter::SearchLimiter(QObject *parent) : QObject(parent), m_work(this)
{
}

SearchLimiter::~SearchLimiter()
{
    m_cancel.cancel(); // what is awaited ends soon
}

void SearchLimiter::solve(PrecisionSearchPtr search, OpenedModelPtr model, double amount, std::optional<int> mostConversions)
{
    m_cancel.cancel();
    m_cancel = CancelToken();
    m_work.ask([this, search = std::move(search), model = std::move(model), amount, mostConversions,
                cancel = m_cancel]() -> LatestWork::Answer {
        auto found = searchWithin(*search, model->graph, amount, mostConversions, cancel);
        if (!found)
            return [this, error = found.error()] { Q_EMIT refused(error); };
        return [this, result = std::make_shared<const PrecisionSearchResult>(std::move(*found))] { Q_EMIT solved(result); };
    });
}

void SearchLimiter::forget()
{
    m_cancel.cancel();
    m_work.forget();
}

} // namespace quantoscope
