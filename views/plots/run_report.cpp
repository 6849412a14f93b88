// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/run_report.h"

#include "core/analysis/run_comparison.h"
#include "core/analysis/worst_parts.h"
#include "views/models/texts.h"
#include "views/plots/plot_factory.h"

#include <QBuffer>
#include <QFileInfo>
#include <QImage>
#include <QLocale>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTextDocument>
#include <QUrl>

#include <algorithm>
#include <cmath>

namespace quantoscope {

namespace {

constexpr QSize kPlotSize(960, 560);
constexpr int kPdfPlotScale = 2; // pictures of a PDF are pixels, at twice the size they are shown
constexpr int kWorstTaps = 15;
constexpr int kFlips = 20;

constexpr const char *kStyle =
    ":root{color-scheme:light dark}"
    "body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;margin:.6em 0}"
    "th,td{padding:.25em .8em;border-bottom:1px solid #8886;text-align:left;vertical-align:top}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    "figure{margin:1.4em 0}figure img{width:100%;background:#fff;border:1px solid #8886}"
    "p.note{border-left:4px solid #0072b2;padding-left:.8em}";

QString escaped(const std::string &text)
{
    return QString::fromStdString(text).toHtmlEscaped();
}

QString heading(const QString &text)
{
    return QStringLiteral("<h2>%1</h2>\n").arg(text.toHtmlEscaped());
}

QString row(const QStringList &cells, int numbersFrom, bool header = false)
{
    QString line = QStringLiteral("<tr>");
    const QString tag = header ? QStringLiteral("th") : QStringLiteral("td");
    for (qsizetype i = 0; i < cells.size(); ++i)
        line += QStringLiteral("<%1%2>%3</%1>").arg(tag, i >= numbersFrom ? QStringLiteral(" class=\"n\" align=\"right\"") : QString(), cells[i]);
    return line + QStringLiteral("</tr>\n");
}

QString table(const QString &rows)
{
    return QStringLiteral("<table cellpadding=\"3\">\n%1</table>\n").arg(rows);
}

QString count(int64_t value)
{
    return QLocale().toString(static_cast<qlonglong>(value));
}

/// "73.54 % [69.99, 76.80]".
QString share(double percent, Interval interval)
{
    const QLocale locale;
    return RunReport::tr("%1 % [%2, %3]", "accuracy with 95 % interval")
        .arg(locale.toString(percent, 'f', 2), locale.toString(interval.low, 'f', 2), locale.toString(interval.high, 'f', 2));
}

QString className(const RunRecord &run, int index)
{
    return Texts::className(run, index).toHtmlEscaped();
}

/// "21, 34.5 %"; empty without any.
template <typename Name>
QString ofWorst(const std::vector<WorstPart> &parts, Name nameOf)
{
    return parts.empty() ? QString()
                         : (nameOf(parts.front().index) + QStringLiteral(", ") + Texts::percent(100 * parts.front().share, 1))
                               .toHtmlEscaped();
}

QString csvNumber(double value)
{
    return std::isnan(value) ? QString() : QString::number(value, 'g', 9);
}

QString csvText(const std::string &text)
{
    QString value = QString::fromStdString(text);
    if (value.contains(QLatin1Char(',')) || value.contains(QLatin1Char('"')))
        value = QLatin1Char('"') + value.replace(QLatin1String("\""), QLatin1String("\"\"")) + QLatin1Char('"');
    return value;
}

} // namespace

RunReport::RunReport(RunRecordPtr run) : m_run(std::move(run))
{
}

int RunReport::plotCount()
{
    return static_cast<int>(plotNames().size());
}

bool RunReport::drawNext()
{
    if (m_next >= plotCount())
        return false;
    const QString name = plotNames()[m_next++];
    const auto view = makePlot(name);
    if (!showRuns(*view, {m_run}) || view->isEmpty())
        return true;
    const QTemporaryDir folder; // the plots' own export keeps print theme and sizes in one place
    const QString path = folder.filePath(name + QStringLiteral(".svg"));
    QFile file(path);
    if (view->exportTo(path, kPlotSize) && file.open(QIODevice::ReadOnly))
        m_pictures.push_back({view->viewTitle(), name, file.readAll()});
    return true;
}

QString RunReport::accuracy() const
{
    QString rows = row({QString(), tr("Images"), tr("Top-1 [95 % interval]"), tr("Top-5 [95 % interval]")}, 1, true);
    const auto line = [&](const QString &name, const EvaluationResult &result) {
        rows += row({name, count(result.count), share(result.top1(), result.top1Interval()),
                     share(result.top5(), result.top5Interval())}, 1);
    };
    if (m_run->floatResult)
        line(tr("Float"), *m_run->floatResult);
    if (m_run->result)
        line(tr("Quantized"), *m_run->result);
    if (!m_run->floatResult && !m_run->result)
        return QStringLiteral("<p>%1</p>\n").arg(tr("This run was calibrated, not evaluated.").toHtmlEscaped());
    QString text = heading(tr("Accuracy")) + table(rows);
    if (!m_run->complete)
        text += QStringLiteral("<p class=\"note\">%1</p>\n")
                    .arg(tr("The run was stopped: the figures are those of the first images only.").toHtmlEscaped());
    return text;
}

QString RunReport::flips() const
{
    const auto compared = compareRuns(*m_run, RunSide::Float, *m_run, RunSide::Quantized);
    if (!compared)
        return {};
    const QLocale locale;
    QString text = heading(tr("Quantized against float, image by image"));
    text += QStringLiteral("<p>%1</p>\n")
                .arg(tr("%1 images became wrong, %2 became right; difference of top-1 %3 points, 95 % interval %4 to %5; "
                        "exact McNemar test p = %6.")
                         .arg(count(compared->paired.lost), count(compared->paired.gained),
                              locale.toString(compared->top1Second() - compared->top1First(), 'f', 2),
                              locale.toString(compared->top1Difference.low, 'f', 2),
                              locale.toString(compared->top1Difference.high, 'f', 2),
                              Texts::number(compared->paired.mcnemarP, 2))
                         .toHtmlEscaped());
    if (compared->divergence)
        text += QStringLiteral("<p>%1</p>\n")
                    .arg(tr("Mean divergence KL(float || quantized) of the predictions: %1 nats.")
                             .arg(Texts::number(compared->divergence->mean, 3))
                             .toHtmlEscaped());
    if (compared->lost.empty())
        return text;
    QString rows = row({tr("Image that became wrong"), tr("Class"), tr("Predicted instead"), tr("Confidence before"),
                        tr("after")}, 3, true);
    for (size_t i = 0; i < std::min<size_t>(kFlips, compared->lost.size()); ++i) {
        const FlippedImage &one = compared->lost[i];
        rows += row({escaped(one.path), className(*m_run, one.label), className(*m_run, one.classAfter),
                     Texts::percent(100 * one.confidenceBefore, 1), Texts::percent(100 * one.confidenceAfter, 1)}, 3);
    }
    text += table(rows);
    if (compared->lost.size() > kFlips)
        text += QStringLiteral("<p>%1</p>\n")
                    .arg(tr("And %1 more.").arg(count(static_cast<int64_t>(compared->lost.size()) - kFlips)).toHtmlEscaped());
    return text;
}

QString RunReport::worstTaps() const
{
    std::vector<const TapRecord *> measured;
    for (const TapRecord &record : m_run->taps)
        if (record.error.measured && record.error.quantized)
            measured.push_back(&record);
    if (measured.empty())
        return {};
    const auto shown = std::min<size_t>(kWorstTaps, measured.size());
    std::partial_sort(measured.begin(), measured.begin() + static_cast<std::ptrdiff_t>(shown), measured.end(),
                      [](const TapRecord *a, const TapRecord *b) { return a->error.isolated.sqnrDb < b->error.isolated.sqnrDb; });
    QString rows = row({tr("Tap"), tr("Quantizer"), tr("Bits"), tr("SQNR isolated [dB]"), tr("SQNR cumulative [dB]"),
                        tr("Clipped values"), tr("Levels in use"), tr("Worst channel, share of the error"),
                        tr("Worst image, share of the error")}, 2, true);
    for (size_t i = 0; i < shown; ++i) {
        const TapRecord &record = *measured[i];
        rows += row({escaped(record.tap.path), Texts::setting(record.setting).toHtmlEscaped(), Texts::bits(record.setting),
                     Texts::number(record.error.isolated.sqnrDb, 3),
                     record.error.hasCumulative ? Texts::number(record.error.cumulative.sqnrDb, 3) : QString(),
                     Texts::percent(100 * record.error.clippedShare, 3), count(record.error.codesUsed),
                     ofWorst(worstChannels(record, ErrorScope::Isolated, 1), [](int index) { return QString::number(index); }),
                     ofWorst(worstImages(*m_run, record, ErrorScope::Isolated, 1), [this](int index) {
                         const QString path = QString::fromStdString(m_run->images.items[static_cast<size_t>(index)].path);
                         return QFileInfo(path).fileName();
                     })}, 2);
    }
    return heading(tr("Taps that lose most on their own")) + table(rows)
         + QStringLiteral("<p>%1</p>\n")
               .arg(tr("Isolated: the float value through this quantizer alone. Cumulative: the value in the quantized "
                       "network against float. Measured on %1 images.")
                        .arg(count(m_run->analysisImages))
                        .toHtmlEscaped());
}

QString RunReport::conditions() const
{
    QString rows;
    const auto add = [&](const QString &name, const QString &value) {
        if (!value.isEmpty())
            rows += row({name.toHtmlEscaped(), value}, 9);
    };
    const ModelInfo &model = m_run->model;
    add(tr("Model"), escaped(model.title + " (" + model.name + ")"));
    add(tr("Checkpoint"), escaped(model.file));
    add(tr("SHA-256"), escaped(model.sha256));
    add(tr("Preprocessing"), Texts::preprocessing(model.preprocessing).toHtmlEscaped());
    add(tr("Recipe, W/A/Attn bits"), Texts::recipe(*m_run).toHtmlEscaped());
    if (!m_run->request.planJson.empty())
        add(tr("Precision plan"), QStringLiteral("<pre>%1</pre>").arg(escaped(m_run->request.planJson)));
    if (m_run->quantized) {
        const CalibrationRecord &calibration = m_run->calibration;
        add(tr("Calibration"), (calibration.explicitList
                                    ? tr("%1 listed images, %2 in a batch").arg(count(static_cast<int64_t>(calibration.images.items.size())))
                                          .arg(calibration.batch)
                                    : tr("%1 random images (seed %2), %3 in a batch")
                                          .arg(count(static_cast<int64_t>(calibration.images.items.size())))
                                          .arg(calibration.seed)
                                          .arg(calibration.batch))
                                   .toHtmlEscaped());
    }
    add(tr("Images"), escaped(m_run->images.root));
    for (const std::string &assumption : model.assumptions)
        add(tr("Assumed"), escaped(assumption));
    for (const auto &[name, value] : m_run->environment)
        if (!name.starts_with("unfinished")) // for the program that goes on with it
            add(QString::fromStdString(name), escaped(value));
    for (const auto &[name, seconds] : m_run->timings)
        add(tr("Time: %1").arg(Texts::phase(name)), Texts::duration(seconds).toHtmlEscaped());
    add(tr("Date"), escaped(m_run->created));
    return heading(tr("Conditions of the run")) + table(rows);
}

QString RunReport::document(Target target) const
{
    const QString title = tr("Quantization report: %1, %2").arg(QString::fromStdString(m_run->model.title), Texts::recipe(*m_run));
    QString text = QStringLiteral("<!DOCTYPE html>\n<html lang=\"%1\">\n<head><meta charset=\"utf-8\"><title>%2</title>")
                       .arg(QLocale().bcp47Name(), title.toHtmlEscaped());
    if (target == Target::Html)
        text += QStringLiteral("<meta name=\"viewport\" content=\"width=device-width\"><style>%1</style>").arg(QLatin1String(kStyle));
    text += QStringLiteral("</head>\n<body>\n<h1>%1</h1>\n").arg(title.toHtmlEscaped());
    if (m_run->quantized)
        text += QStringLiteral("<p class=\"note\">%1</p>\n")
                    .arg(tr("Quantization is simulated on float values: the figures say what accuracy would be, not how "
                            "fast an integer device is.")
                             .toHtmlEscaped());
    text += accuracy() + flips() + worstTaps();
    for (const Picture &picture : m_pictures) {
        const QString source = target == Target::Html
                                 ? QStringLiteral("data:image/svg+xml;base64,") + QString::fromLatin1(picture.svg.toBase64())
                                 : QStringLiteral("plot:") + picture.view;
        text += QStringLiteral("<h2>%1</h2>\n<figure><img src=\"%2\" alt=\"%1\"%3></figure>\n")
                    .arg(picture.title.toHtmlEscaped(), source,
                         target == Target::Pdf ? QStringLiteral(" width=\"%1\" height=\"%2\"")
                                                     .arg(kPlotSize.width() * 7 / 10)
                                                     .arg(kPlotSize.height() * 7 / 10)
                                             : QString());
    }
    return text + conditions() + QStringLiteral("</body>\n</html>\n");
}

QString RunReport::html() const
{
    return document(Target::Html);
}

QByteArray RunReport::pdf() const
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF(15, 15, 15, 15), QPageLayout::Millimeter);
    writer.setResolution(96);
    QTextDocument document;
    for (const Picture &picture : m_pictures) {
        QImage image(kPlotSize * kPdfPlotScale, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        QSvgRenderer(picture.svg).render(&painter);
        painter.end();
        document.addResource(QTextDocument::ImageResource, QUrl(QStringLiteral("plot:") + picture.view), image);
    }
    document.setHtml(this->document(Target::Pdf));
    document.setPageSize(QSizeF(writer.pageLayout().paintRectPixels(96).size()));
    writer.setTitle(document.metaInformation(QTextDocument::DocumentTitle));
    document.print(&writer);
    buffer.close();
    return bytes;
}

QString RunReport::tapsAsCsv() const
{
    QString text = QStringLiteral("tap,kind,role,operator,block,quantizer,observer,granularity,bits,scales,scale_min,scale_max,"
                                  "zero_point,minimum,maximum,sqnr_isolated_db,sqnr_network_db,sqnr_cumulative_db,"
                                  "mse_isolated,cosine_isolated,clipped_share,clipping_error_share,levels_used\n");
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    for (const TapRecord &record : m_run->taps) {
        const auto &scale = record.parameters.scale;
        const auto [least, most] = std::minmax_element(scale.begin(), scale.end());
        const TapError &error = record.error;
        const auto ifMeasured = [&](double value) { return csvNumber(error.measured ? value : none); };
        const auto inNetwork = [&](double value) { return csvNumber(error.measured && error.hasCumulative ? value : none); };
        const bool quantized = record.setting.isQuantized();
        const QStringList cells{
            csvText(record.tap.path), QLatin1String(name(record.tap.kind)), QLatin1String(name(record.tap.role)),
            csvText(record.operatorName), record.tap.block >= 0 ? QString::number(record.tap.block) : QString(),
            QLatin1String(name(record.setting.quantizer)),
            quantized ? QLatin1String(name(record.setting.observer)) : QLatin1String(),
            quantized ? QLatin1String(name(record.setting.granularity)) : QLatin1String(),
            quantized ? QString::number(record.setting.bits) : QString(), QString::number(scale.size()),
            csvNumber(scale.empty() ? none : static_cast<double>(*least)),
            csvNumber(scale.empty() ? none : static_cast<double>(*most)),
            record.parameters.zeroPoints.empty() && !scale.empty() ? csvNumber(static_cast<double>(record.parameters.zeroPoint))
                                                                   : QString(),
            csvNumber(record.statistics.observed ? static_cast<double>(record.statistics.minimum) : none),
            csvNumber(record.statistics.observed ? static_cast<double>(record.statistics.maximum) : none),
            ifMeasured(error.isolated.sqnrDb), inNetwork(error.network.sqnrDb), inNetwork(error.cumulative.sqnrDb),
            ifMeasured(error.isolated.mse), ifMeasured(error.isolated.cosine), ifMeasured(error.clippedShare),
            ifMeasured(error.clippingErrorShare), error.measured ? QString::number(error.codesUsed) : QString()};
        text += cells.join(QLatin1Char(',')) + QLatin1Char('\n');
    }
    return text;
}

Result<void> RunReport::write(const QString &path) const
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    QByteArray bytes;
    if (suffix == QLatin1String("html") || suffix == QLatin1String("htm"))
        bytes = html().toUtf8();
    else if (suffix == QLatin1String("pdf"))
        bytes = pdf();
    else if (suffix == QLatin1String("csv"))
        bytes = tapsAsCsv().toUtf8();
    else
        return fail(ErrorCode::Usage, "reports are written as html, pdf or csv", path.toStdString(), "choose one of these suffixes");
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return fail(ErrorCode::Io, "cannot write: " + file.errorString().toStdString(), path.toStdString(), "check folder and free space");
    return {};
}

} // namespace quantoscope
