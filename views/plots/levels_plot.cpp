// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/levels_plot.h"

#include "views/models/texts.h"

#include <cmath>

namespace quantoscope {

LevelsPlot::LevelsPlot(QWidget *parent) : PlotView(parent)
{
}

QString LevelsPlot::viewName() const
{
    return QStringLiteral("levels");
}

QString LevelsPlot::viewTitle() const
{
    return tr("Levels");
}

QString LevelsPlot::formTitle(PreviewForm form)
{
    switch (form) {
    case PreviewForm::Uniform: return tr("uniform");
    case PreviewForm::Log2: return tr("log2");
    case PreviewForm::LogIntSoftmax: return tr("log-int-softmax");
    case PreviewForm::TwinSign:
    case PreviewForm::TwinSoftmax: return tr("twin uniform");
    case PreviewForm::PowerOfTwoFactor: return tr("PTF");
    }
    return {};
}

QString LevelsPlot::seriesId(PreviewForm form)
{
    switch (form) {
    case PreviewForm::Uniform: return QStringLiteral("uniform");
    case PreviewForm::Log2:
    case PreviewForm::LogIntSoftmax: return QStringLiteral("log2");
    case PreviewForm::TwinSign:
    case PreviewForm::TwinSoftmax: return QStringLiteral("twin");
    case PreviewForm::PowerOfTwoFactor: return QStringLiteral("ptf");
    }
    return {};
}

void LevelsPlot::setBits(int bits)
{
    if (bits == m_bits)
        return;
    m_bits = bits;
    prepare();
    redraw(true);
}

bool LevelsPlot::isSoftmax() const
{
    const TapRecord *record = selectedRecord();
    return record && record->tap.role == Role::AttentionWeights;
}

bool LevelsPlot::logScaleAtFirst() const
{
    return isSoftmax();
}

QString LevelsPlot::emptyText() const
{
    if (!run() || run()->taps.empty())
        return tr("Run a calibration to see how values are distributed over the quantizer's levels.");
    const TapRecord *record = selectedRecord();
    if (!record)
        return tr("Select a layer, for instance an attention softmax, to see its values against the quantizer's "
                  "levels.");
    if (record->statistics.histogram.codes.empty())
        return tr("No histogram of %1 was recorded in this run.").arg(QString::fromStdString(record->tap.path));
    return {};
}

int LevelsPlot::ownBits() const
{
    const TapRecord &record = *selectedRecord();
    return record.setting.isQuantized() ? std::clamp(record.setting.bits, 2, 8) : isSoftmax() ? 4 : 8;
}

std::vector<PreviewForm> LevelsPlot::forms() const
{
    if (isEmpty())
        return {};
    const TapRecord &record = *selectedRecord();
    const bool integer = record.parameters.kind == QuantizerKind::LogIntSoftmax;
    if (isSoftmax())
        return {PreviewForm::Uniform, integer ? PreviewForm::LogIntSoftmax : PreviewForm::Log2,
                PreviewForm::TwinSoftmax};
    std::vector<PreviewForm> forms{PreviewForm::Uniform, PreviewForm::Log2, PreviewForm::TwinSign};
    if (record.tap.kind != TapKind::Weight && record.statistics.channelMinimum.size() > 1)
        forms.push_back(PreviewForm::PowerOfTwoFactor);
    return forms;
}

const LevelsPlot::Candidate *LevelsPlot::candidate(PreviewForm form) const
{
    if (isEmpty()) // then the graphs of the last drawing are gone
        return nullptr;
    const auto found = std::find_if(m_candidates.begin(), m_candidates.end(),
                                    [form](const Candidate &one) { return one.quantizer.form == form; });
    return found == m_candidates.end() ? nullptr : &*found;
}

const PreviewQuantizer &LevelsPlot::quantizer(PreviewForm form) const
{
    static const PreviewQuantizer none;
    const Candidate *found = candidate(form);
    return found ? found->quantizer : none;
}

const QuantizerEstimate &LevelsPlot::estimate(PreviewForm form) const
{
    static const QuantizerEstimate none;
    const Candidate *found = candidate(form);
    return found ? found->estimate : none;
}

bool LevelsPlot::hasCalibrated(PreviewForm form) const
{
    if (isEmpty())
        return false;
    const std::optional<PreviewQuantizer> own = previewOf(selectedRecord()->parameters);
    return own && own->form == form;
}

void LevelsPlot::prepare()
{
    if (isEmpty()) {
        m_prepared = nullptr;
        m_preparedRun.reset();
        m_candidates.clear();
        return;
    }
    const TapRecord &record = *selectedRecord();
    if (m_prepared != &record || m_preparedRun != run()) {
        m_preview = QuantizerPreview(record.statistics);
        m_prepared = &record;
        m_preparedRun = run();
        m_preparedBits = -1;
    }
    if (m_preparedBits == m_bits)
        return;
    m_preparedBits = m_bits;
    m_candidates.clear();
    const int bits = m_bits > 0 ? m_bits : ownBits();
    const std::optional<PreviewQuantizer> own = previewOf(record.parameters);
    for (const PreviewForm form : forms()) {
        Candidate one;
        const bool calibrated = own && own->form == form && own->bits == bits;
        one.quantizer = calibrated ? *own
                                   : m_preview.forObservedRange(form, bits, record.tap.kind == TapKind::Weight);
        one.origin = calibrated ? tr("as calibrated") : tr("observed range");
        one.estimate = m_preview.estimate(one.quantizer);
        m_candidates.push_back(std::move(one));
    }
    Q_EMIT candidatesReplaced();
}

void LevelsPlot::replace(Candidate changed)
{
    for (size_t i = 0; i < m_candidates.size(); ++i) {
        Candidate &one = m_candidates[i];
        if (one.quantizer.form != changed.quantizer.form)
            continue;
        one.quantizer = changed.quantizer;
        one.origin = changed.origin;
        one.estimate = m_preview.estimate(one.quantizer);
        if (one.marks)
            fill(i);
        Q_EMIT quantizerChanged();
        return;
    }
}

void LevelsPlot::setQuantizer(const PreviewQuantizer &quantizer)
{
    if (!candidate(quantizer.form) || this->quantizer(quantizer.form) == quantizer)
        return;
    Candidate changed;
    changed.quantizer = quantizer;
    changed.origin = tr("as chosen");
    replace(std::move(changed));
}

void LevelsPlot::useCalibrated(PreviewForm form)
{
    if (!hasCalibrated(form))
        return;
    Candidate changed;
    changed.quantizer = *previewOf(selectedRecord()->parameters);
    changed.origin = tr("as calibrated");
    replace(std::move(changed));
}

PreviewQuantizer LevelsPlot::observedRange(PreviewForm form, int bits) const
{
    return m_preview.forObservedRange(form, bits, quantizer(form).isSigned);
}

void LevelsPlot::useObservedRange(PreviewForm form)
{
    if (!candidate(form))
        return;
    Candidate changed;
    changed.quantizer = observedRange(form, quantizer(form).bits);
    changed.origin = tr("observed range");
    replace(std::move(changed));
}

void LevelsPlot::useLeastError(PreviewForm form)
{
    if (!candidate(form))
        return;
    Candidate changed;
    changed.quantizer = m_preview.withLeastError(form, quantizer(form).bits, quantizer(form).isSigned);
    changed.origin = tr("least error");
    replace(std::move(changed));
}

QString LevelsPlot::summary(const Candidate &one) const
{
    const QuantizerEstimate &e = one.estimate;
    // What matters least stands last: a narrow plot cuts it off.
    QString text = tr("%1 %2 bit: SQNR %3 dB, MSE %4, %5/%6 levels used")
                       .arg(formTitle(one.quantizer.form))
                       .arg(one.quantizer.bits)
                       .arg(Texts::number(e.sqnrDb, 3), Texts::number(e.mse, 3))
                       .arg(e.usedLevels)
                       .arg(e.levels.size());
    if (e.clippedShare > 5e-6)
        text += tr(", clipped %1 (%2 of the error)")
                    .arg(Texts::percent(100 * e.clippedShare, e.clippedShare < 0.01 ? 3 : 1),
                         Texts::percent(100 * e.clippingErrorShare, 0));
    if (isSoftmax())
        text += tr(", %1 of mass to 0").arg(Texts::percent(100 * e.zeroMassShare, 1));
    text += QStringLiteral(" · ") + one.origin;
    return text;
}

} // namespace quantoscope
