// SPDX-License-Identifier: GPL-3.0-or-later
// Is another preprocessing better on these images? Compares the likelihood of the labels image by image, which tells far
// more than top-1: a wrong mean costs DeiT-T three points of top-1, but lowers the likelihood on 19 images of 20.
#include "core/pipeline/preflight_checks.h"

#include "core/analysis/prediction_scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace quantoscope::preflight {

namespace {

constexpr std::array<float, 3> kNought = {0, 0, 0};
constexpr std::array<float, 3> kHalf = {0.5F, 0.5F, 0.5F};
constexpr std::array<float, 3> kOne = {1, 1, 1};
constexpr float kByte = 1.0F / 255.0F;
/// Shorter side over crop that published models use (timm's crop_pct), less than one pixel apart counting as equal.
constexpr std::array<double, 3> kCropShares = {1.0, 0.9, 0.875};

enum class Kind { Normalization, ChannelOrder, Both, Geometry };

struct SetUp {
    Kind kind = Kind::Normalization;
    Preprocessing preprocessing;
    bool swapped = false;      ///< channels handed to the model as B, G, R
    bool published = false;    ///< geometry as published
};

struct Probe {
    SetUp setUp;
    std::vector<ImageScore> scores; ///< per probe image; not usable where it was not run
    ScoreComparison against;        ///< the set-up asked for
};

Preprocessing normalizedLike(Preprocessing base, const std::array<float, 3> &mean, const std::array<float, 3> &deviation)
{
    base.mean = mean;
    base.deviation = deviation;
    return base;
}

std::vector<SetUp> normalizationSetUps(const Preprocessing &asked, const Preprocessing &own)
{
    const Preprocessing imageNet;
    std::vector<SetUp> setUps;
    for (const Preprocessing &other :
         {normalizedLike(asked, own.mean, own.deviation), normalizedLike(asked, imageNet.mean, imageNet.deviation),
          normalizedLike(asked, kHalf, kHalf), normalizedLike(asked, kNought, kOne),
          normalizedLike(asked, kNought, {kByte, kByte, kByte})}) {
        const bool known = std::any_of(setUps.begin(), setUps.end(),
                                       [&](const SetUp &setUp) { return setUp.preprocessing == other; });
        if (other != asked && !known)
            setUps.push_back({Kind::Normalization, other});
    }
    setUps.push_back({Kind::ChannelOrder, asked, true});
    if (const Preprocessing both = normalizedLike(asked, own.mean, own.deviation); both != asked)
        setUps.push_back({Kind::Both, both, true});
    return setUps;
}

std::vector<SetUp> geometrySetUps(const Preprocessing &asked, const Preprocessing &own)
{
    std::vector<SetUp> setUps;
    const auto offer = [&](int resize, Interpolation interpolation, bool published) {
        Preprocessing other = asked;
        other.resize = resize;
        other.interpolation = interpolation;
        const bool known = std::any_of(setUps.begin(), setUps.end(),
                                       [&](const SetUp &setUp) { return setUp.preprocessing == other; });
        if (other != asked && !known)
            setUps.push_back({Kind::Geometry, other, false, published});
    };
    offer(own.resize, own.interpolation, true);
    for (const double share : kCropShares)
        offer(static_cast<int>(asked.crop / share), asked.interpolation, false);
    offer(asked.resize,
          asked.interpolation == Interpolation::Bicubic ? Interpolation::Bilinear : Interpolation::Bicubic, false);
    return setUps;
}

std::vector<SetUp> allSetUps(const PreflightInput &input)
{
    const Preprocessing &own = input.model.info.preprocessing;
    std::vector<SetUp> setUps = normalizationSetUps(input.options.preprocessing, own);
    const std::vector<SetUp> geometry = geometrySetUps(input.options.preprocessing, own);
    setUps.insert(setUps.end(), geometry.begin(), geometry.end());
    return setUps;
}

void swapRedAndBlue(std::vector<float> &pixels, size_t images)
{
    const size_t plane = pixels.size() / images / 3;
    for (size_t i = 0; i < images; ++i) {
        const auto red = pixels.begin() + static_cast<ptrdiff_t>(3 * i * plane);
        std::swap_ranges(red, red + static_cast<ptrdiff_t>(plane), red + static_cast<ptrdiff_t>(2 * plane));
    }
}

/// Runs set-ups on the probe images.
class Prober {
public:
    Prober(const PreflightInput &input, const EvaluationResult &result, const LabelVerdict &labels,
           const RunControl &control, PhaseReporter &reporter)
        : m_input(input), m_result(result), m_labels(labels), m_control(control), m_reporter(reporter)
    {
        std::vector<size_t> usable;
        const bool labelled = std::any_of(labels.labels.begin(), labels.labels.end(), [](int l) { return l >= 0; });
        for (size_t row = 0; row < result.images.size(); ++row)
            if (!labelled || labels.labels[row] >= 0)
                usable.push_back(row);
        for (const size_t place : spreadRows(usable.size(), kProbeImages))
            m_rows.push_back(usable[place]);
        // Every fourth image screens, so that both parts are spread over the classes.
        std::stable_partition(m_rows.begin(), m_rows.end(), [&, i = size_t{0}](size_t) mutable {
            return i++ % (kProbeImages / kScreeningImages) == 0;
        });
        m_asked.resize(m_rows.size());
        for (size_t i = 0; i < m_rows.size(); ++i)
            m_asked[i] = score(result.logits.data() + m_rows[i] * static_cast<size_t>(result.classes), m_rows[i]);
    }

    [[nodiscard]] size_t images() const { return m_rows.size(); }
    [[nodiscard]] const std::vector<ImageScore> &asked() const { return m_asked; }

    /// Screens, and goes on with the rest of the images if that leaves hope.
    Result<void> run(Probe &probe, bool labelled)
    {
        probe.scores.assign(m_rows.size(), {});
        const size_t screened = std::min<size_t>(m_rows.size(), kScreeningImages);
        if (const auto done = run(probe, 0, screened); !done)
            return done;
        probe.against = compareScores(m_asked, probe.scores);
        const bool hope = labelled ? probe.against.wins > probe.against.losses
                                   : probe.against.moreConfident > probe.against.lessConfident;
        if (!hope) {
            skip(screened);
            return {};
        }
        if (const auto done = run(probe, screened, m_rows.size()); !done)
            return done;
        probe.against = compareScores(m_asked, probe.scores);
        skip(m_rows.size());
        return {};
    }

private:
    /// Counts the images that a set-up does not need as done.
    void skip(size_t done)
    {
        if (done < kProbeImages)
            m_reporter.advance(kProbeImages - static_cast<int64_t>(done));
    }

    [[nodiscard]] ImageScore score(const float *logits, size_t row) const
    {
        return scoreImage(logits, m_result.classes, m_labels.labels[row]);
    }

    Result<void> run(Probe &probe, size_t first, size_t last)
    {
        if (first >= last)
            return {};
        ImageSet some = m_input.images;
        some.items.clear();
        for (size_t i = first; i < last; ++i)
            some.items.push_back(m_input.images.items[static_cast<size_t>(m_result.images[m_rows[i]].image)]);
        PassOptions options = m_input.options;
        options.preprocessing = probe.setUp.preprocessing;
        auto loader = startLoading(some, options, options.batch, m_control);
        if (!loader)
            return fail(loader.error());
        while (auto batch = (*loader)->next()) {
            const size_t images = batch->indices.size();
            if (images > 0) {
                if (probe.setUp.swapped)
                    swapRedAndBlue(batch->pixels, images);
                ExecutionMode mode = ExecutionMode::floatMode(m_input.model.graph);
                const auto logits = m_input.executor.run(batch->pixels, static_cast<int>(images), mode, nullptr,
                                                         m_control.cancel);
                if (!logits)
                    return fail(logits.error());
                for (size_t i = 0; i < images; ++i) {
                    const size_t place = first + static_cast<size_t>(batch->indices[i]);
                    probe.scores[place]
                        = score(logits->data() + i * static_cast<size_t>(m_result.classes), m_rows[place]);
                }
            }
            m_reporter.advance(static_cast<int64_t>(images + batch->failures.size()));
        }
        if (m_control.isCancelled())
            return fail(ErrorCode::Cancelled, "stopped on request");
        return {};
    }

    const PreflightInput &m_input;
    const EvaluationResult &m_result;
    const LabelVerdict &m_labels;
    const RunControl &m_control;
    PhaseReporter &m_reporter;
    std::vector<size_t> m_rows;      ///< of the result; the screening images first
    std::vector<ImageScore> m_asked; ///< per probe image, with the set-up asked for
};

std::string triple(const std::array<float, 3> &values)
{
    return fmt::format("{:.4g} {:.4g} {:.4g}", values[0], values[1], values[2]);
}

std::vector<FindingValue> probeValues(const Probe &probe, const Preprocessing &asked, bool labelled)
{
    const ScoreComparison &c = probe.against;
    const auto percent = [&](int64_t hits) {
        return 100.0 * static_cast<double>(hits) / static_cast<double>(std::max<int64_t>(c.images, 1));
    };
    return {FindingValue::ofCount("images", c.images),
            FindingValue::ofCount("wins", labelled ? c.wins : c.moreConfident),
            FindingValue::ofCount("losses", labelled ? c.losses : c.lessConfident),
            FindingValue::ofPValue("p", labelled ? c.likelihoodP : c.confidenceP),
            FindingValue::ofDecimal("before", percent(c.hitsFirst), 1),
            FindingValue::ofDecimal("after", percent(c.hitsSecond), 1),
            FindingValue::ofDecimal("gain", c.gain, 2),
            FindingValue::ofPreprocessing("asked", asked),
            FindingValue::ofPreprocessing("better", probe.setUp.preprocessing),
            FindingValue::ofText("mean", triple(probe.setUp.preprocessing.mean)),
            FindingValue::ofText("std", triple(probe.setUp.preprocessing.deviation)),
            FindingValue::ofText("asked_mean", triple(asked.mean)),
            FindingValue::ofText("asked_std", triple(asked.deviation))};
}

/// The best of the set-ups that beat the one asked for; one that changes two things must beat the better of those that
/// change one.
const Probe *bestOf(const std::vector<Probe> &probes, bool geometry, bool labelled, double limit)
{
    const auto betterThan = [&](const ScoreComparison &c, double p) {
        return labelled ? c.secondIsBetter(p) : c.secondIsMoreConfident(p);
    };
    const Probe *best = nullptr;
    for (const bool both : {false, true})
        for (const Probe &probe : probes) {
            if ((probe.setUp.kind == Kind::Geometry) != geometry || (probe.setUp.kind == Kind::Both) != both
                || !betterThan(probe.against, limit))
                continue;
            if (!best || (!both && probe.against.gain > best->against.gain)
                || (both && betterThan(compareScores(best->scores, probe.scores), limit)))
                best = &probe;
        }
    return best;
}

} // namespace

int64_t probeCost(const PreflightInput &input)
{
    return static_cast<int64_t>(allSetUps(input).size()) * kProbeImages;
}

void comparePublishedPreprocessing(const PreflightInput &input, PreflightReport &report)
{
    const ModelEntry *entry = publishedEntry(input.model.info);
    const Preprocessing &asked = input.options.preprocessing;
    if (!entry) {
        add(report, Severity::Note, "preprocessing.unpublished", {FindingValue::ofPreprocessing("asked", asked)});
        return;
    }
    const Preprocessing &published = entry->preprocessing;
    const auto differs = [&](const char *id, const std::string &is, const std::string &should) {
        add(report, Severity::Warning, id,
            {FindingValue::ofText("asked", is), FindingValue::ofText("published", should)});
    };
    const size_t before = report.findings.size();
    if (asked.mean != published.mean)
        differs("preprocessing.mean", triple(asked.mean), triple(published.mean));
    if (asked.deviation != published.deviation)
        differs("preprocessing.std", triple(asked.deviation), triple(published.deviation));
    if (asked.resize != published.resize)
        differs("preprocessing.resize", std::to_string(asked.resize), std::to_string(published.resize));
    if (asked.crop != published.crop)
        differs("preprocessing.crop", std::to_string(asked.crop), std::to_string(published.crop));
    if (asked.interpolation != published.interpolation)
        differs("preprocessing.interpolation", name(asked.interpolation), name(published.interpolation));
    if (report.findings.size() == before)
        add(report, Severity::Ok, "preprocessing.published", {FindingValue::ofPreprocessing("asked", asked)});
}

Result<bool> probePreprocessing(const PreflightInput &input, const EvaluationResult &result, const LabelVerdict &labels,
                                const RunControl &control, PhaseReporter &reporter, PreflightReport &report)
{
    const Preprocessing &asked = input.options.preprocessing;
    const bool labelled = std::any_of(labels.labels.begin(), labels.labels.end(), [](int l) { return l >= 0; });
    const std::vector<SetUp> setUps = allSetUps(input);
    if (!labels.trusted) {
        add(report, Severity::Note, "preprocessing.untested");
        reporter.advance(probeCost(input));
        return false;
    }
    Prober prober(input, result, labels, control, reporter);
    std::vector<Probe> probes;
    for (const SetUp &setUp : setUps) {
        probes.push_back({setUp, {}, {}});
        if (const auto done = prober.run(probes.back(), labelled); !done)
            return fail(done.error());
    }
    const double limit = kSignificance / static_cast<double>(setUps.size());
    const Severity severity = labelled ? Severity::Problem : Severity::Warning;
    const std::string prefix = labelled ? "cause." : "cause_unlabelled.";
    if (const Probe *best = bestOf(probes, false, labelled, limit)) {
        const Kind kind = best->setUp.kind;
        if (kind != Kind::ChannelOrder)
            add(report, severity, prefix + "normalization", probeValues(*best, asked, labelled));
        if (kind != Kind::Normalization)
            add(report, severity, prefix + "channel_order", probeValues(*best, asked, labelled));
        return true;
    }
    if (const Probe *best = bestOf(probes, true, labelled, limit)) {
        const bool cause = best->setUp.published && labelled;
        add(report, cause ? Severity::Problem : Severity::Note, cause ? "cause.crop" : "preprocessing.other_crop",
            probeValues(*best, asked, labelled));
        return cause;
    }
    add(report, Severity::Ok, "preprocessing.best",
        {FindingValue::ofCount("tried", static_cast<int64_t>(setUps.size())),
         FindingValue::ofCount("images", static_cast<int64_t>(prober.images()))});
    return false;
}

} // namespace quantoscope::preflight
