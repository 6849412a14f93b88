// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/jobs/model_download.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <cstdio>

namespace quantoscope::cli {

namespace {

constexpr int kInterruptionPoll = 50; // ms

void show(const DownloadProgress &progress)
{
    const char *phase = progress.phase == DownloadPhase::Receiving ? "download"
                      : progress.phase == DownloadPhase::Verifying ? "verify"
                                                                   : "connect";
    std::string line = fmt::format("{:<9} {}", phase, sizeText(progress.done));
    if (progress.total >= 0)
        line += " / " + sizeText(progress.total);
    if (progress.bytesPerSecond > 0)
        line += fmt::format("  {}/s", sizeText(static_cast<qint64>(progress.bytesPerSecond)));
    if (const double left = progress.secondsLeft(); left >= 1)
        line += left < 100 ? fmt::format("  {:.0f} s left", left) : fmt::format("  {:.0f} min left", left / 60);
    showProgressLine(phase, progress.total > 0 && progress.done == progress.total, line);
}

const char *name(DigestCheck check)
{
    switch (check) {
    case DigestCheck::Whole: return "whole";
    case DigestCheck::Beginning: return "beginning";
    case DigestCheck::NonePublished: break;
    }
    return "none published";
}

std::string checkText(const DownloadedModel &model, const ModelSource &source)
{
    switch (model.check) {
    case DigestCheck::Whole: return "as published";
    case DigestCheck::Beginning: return "begins with the published " + source.sha256;
    case DigestCheck::NonePublished: break;
    }
    return "none is published to compare it with";
}

void print(const DownloadedModel &model, const ModelOffer &offer, bool json)
{
    if (json) {
        const nlohmann::ordered_json object = {{"name", offer.name},
                                               {"path", model.path.toStdString()},
                                               {"bytes", model.bytes},
                                               {"sha256", model.sha256},
                                               {"compared_with_published", name(model.check)},
                                               {"was_there", model.wasThere},
                                               {"licence", offer.source.licence},
                                               {"url", offer.source.url}};
        std::printf("%s\n", object.dump(2).c_str());
        return;
    }
    std::printf("path       %s%s\nsha256     %s (%s)\nlicence    %s\nsource     %s\n",
                model.path.toStdString().c_str(), model.wasThere ? " (was there)" : "", model.sha256.c_str(),
                checkText(model, offer.source).c_str(), offer.source.licence.c_str(), offer.source.url.c_str());
}

} // namespace

int fetch(const FetchArguments &arguments)
{
    const auto offers = modelOffers();
    if (!offers)
        return report(offers.error());
    const auto offer = std::find_if(offers->begin(), offers->end(),
                                    [&](const ModelOffer &known) { return known.name == arguments.name; });
    if (offer == offers->end())
        return report({ErrorCode::NotFound, "no published checkpoint is known by this name", arguments.name,
                       "the command models lists the names"});
    const QString folder =
        arguments.folder.empty() ? defaultModelFolder() : QString::fromStdString(arguments.folder);

    const RunControl control = consoleControl();
    ModelDownload download;
    QEventLoop loop;
    int code = kFailed;
    QObject::connect(&download, &ModelDownload::progressed, &loop, show);
    QObject::connect(&download, &ModelDownload::retrying, &loop, [](const Error &why, double seconds) {
        warn(fmt::format("{}; trying again in {:.0f} s", why.message(), seconds));
    });
    QObject::connect(&download, &ModelDownload::finished, &loop, [&](const DownloadedModel &model) {
        finishProgress();
        print(model, *offer, arguments.json);
        code = kSuccess;
        loop.quit();
    });
    QObject::connect(&download, &ModelDownload::failed, &loop, [&](const Error &error) {
        code = report(error);
        const LocalCopy kept = localCopy(offer->source, folder);
        if (!kept.complete && kept.bytes > 0)
            std::fprintf(stderr, "The same command continues where this one stopped.\n");
        loop.quit();
    });
    QTimer poll;
    QObject::connect(&poll, &QTimer::timeout, &download, [&] {
        if (control.isCancelled())
            download.cancel();
    });
    poll.start(kInterruptionPoll);
    download.start({*offer, folder, QString::fromStdString(arguments.mirror)});
    loop.exec();
    return code;
}

} // namespace quantoscope::cli
