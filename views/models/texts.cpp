// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/texts.h"

#include "core/data/token_axis.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace quantoscope {

std::vector<LayerPlace> placesOf(const std::vector<Tap> &taps)
{
    const auto isInBlock = [](const Tap &tap) { return tap.block >= 0; };
    const auto first = std::find_if(taps.begin(), taps.end(), isInBlock) - taps.begin();
    const auto last = taps.rend() - std::find_if(taps.rbegin(), taps.rend(), isInBlock);
    std::vector<LayerPlace> places(taps.size(), LayerPlace::BetweenBlocks);
    std::fill(places.begin() + last, places.end(), LayerPlace::AfterBlocks);
    std::fill(places.begin(), places.begin() + first, LayerPlace::BeforeBlocks);
    return places;
}

QString Texts::role(Role role)
{
    switch (role) {
    case Role::Image: return tr("input image");
    case Role::Embedding: return tr("embedding");
    case Role::PositionEmbedding: return tr("position embedding");
    case Role::PositionBias: return tr("relative position bias");
    case Role::Residual: return tr("residual stream");
    case Role::Normalized: return tr("LayerNorm output");
    case Role::Qkv: return tr("query/key/value");
    case Role::AttentionOperand: return tr("attention operand");
    case Role::Scores: return tr("attention scores");
    case Role::AttentionWeights: return tr("attention weights (softmax)");
    case Role::Context: return tr("attention context");
    case Role::Projection: return tr("projection output");
    case Role::Hidden: return tr("fc1 output");
    case Role::Activation: return tr("GELU output");
    case Role::ClassToken: return tr("class token");
    case Role::Pooled: return tr("mean of the tokens");
    case Role::Logits: return tr("logits");
    case Role::Weight: return tr("weight");
    }
    return {};
}

QString Texts::tapGroup(const TapGroup &group)
{
    switch (group.kind) {
    case TapGroup::Kind::LayerNormInputs: return tr("LayerNorm inputs");
    case TapGroup::Kind::Name: return QString::fromStdString(group.name);
    case TapGroup::Kind::Role: return tr("all: %1", "taps of one role").arg(role(group.role));
    }
    return {};
}

QString Texts::channelAxis(const Tap &tap)
{
    if (tap.kind == TapKind::Weight)
        return tr("Output channel");
    const bool heads = tap.role == Role::AttentionWeights || tap.role == Role::Scores
                    || tap.role == Role::AttentionOperand || tap.role == Role::PositionBias;
    return heads ? tr("Head", "attention head") : tr("Channel");
}

QString Texts::rangeAxis(const Tap &tap, RangeAxis axis)
{
    switch (axis) {
    case RangeAxis::Channels: break;
    case RangeAxis::Tokens: return tr("Token");
    case RangeAxis::Heads: return tr("Head", "attention head");
    }
    return channelAxis(tap);
}

QString Texts::place(const ModelInfo &model, const TapRecord &record, RangeAxis axis, int index)
{
    if (axis == RangeAxis::Heads) {
        const int heads = headsOf(model, record.tap.block);
        if (record.tap.role != Role::Qkv || heads < 1)
            return tr("head %1").arg(index);
        return tr("%1, head %2").arg(QStringLiteral("qkv").at(index / heads % 3)).arg(index % heads);
    }
    if (axis == RangeAxis::Channels)
        return tr("channel %1").arg(index);
    const TokenPlace place = tokenPlace(model, record.statistics.tokenWindows, record.statistics.tokenMinimum.size(),
                                        static_cast<size_t>(index));
    switch (place.kind) {
    case TokenPlace::Kind::Class: return tr("class token");
    case TokenPlace::Kind::Distillation: return tr("distillation token");
    case TokenPlace::Kind::Patch:
        return place.window >= 0
                 ? tr("window %1, row %2, column %3").arg(place.window).arg(place.row).arg(place.column)
                 : tr("patch in row %1, column %2").arg(place.row).arg(place.column);
    case TokenPlace::Kind::Index: break;
    }
    return tr("token %1").arg(index);
}

QString Texts::bits(const TapSetting &setting)
{
    return setting.isQuantized() ? QLocale().toString(setting.bits) : tr("float");
}

QString Texts::setting(const TapSetting &setting)
{
    const QString norm = setting.integerLayerNorm ? tr(", integer LayerNorm") : QString();
    switch (setting.quantizer) {
    case QuantizerKind::None: return tr("float") + norm;
    case QuantizerKind::Log2: return tr("log2") + norm;
    case QuantizerKind::LogIntSoftmax: return tr("log-int-softmax") + norm;
    case QuantizerKind::TwinUniform:
        return tr("twin uniform (%1)").arg(QString::fromLatin1(name(setting.twin))) + norm;
    case QuantizerKind::Uniform: break;
    }
    const QString granularity = Texts::granularity(setting);
    const QString observer = QString::fromLatin1(name(setting.observer));
    return (setting.symmetric ? tr("symmetric %1, %2") : tr("uniform %1, %2")).arg(observer, granularity) + norm;
}

QString Texts::granularity(const TapSetting &setting)
{
    switch (setting.granularity) {
    case Granularity::Tensor: return tr("per tensor");
    case Granularity::Channel: return tr("per channel");
    case Granularity::Head: return tr("per head");
    case Granularity::Group: return tr("in %n groups", nullptr, setting.groups);
    }
    return {};
}

QString Texts::group(int block, LayerPlace place)
{
    if (block >= 0)
        return tr("Block %1").arg(block);
    switch (place) {
    case LayerPlace::BeforeBlocks: return tr("Embedding");
    case LayerPlace::BetweenBlocks: return tr("Between blocks");
    case LayerPlace::AfterBlocks: break;
    }
    return tr("Head");
}

QString Texts::phase(const std::string &phase)
{
    if (phase == "open")
        return tr("Opening the model");
    if (phase == "float")
        return tr("Evaluating in float");
    if (phase == "calibrate")
        return tr("Calibrating");
    if (phase == "check")
        return tr("Checking");
    if (phase == "search")
        return tr("Searching intervals");
    if (phase == "sensitivity")
        return tr("Measuring sensitivity");
    if (phase == "table")
        return tr("Result table");
    if (phase == "attention")
        return tr("Reading attention maps");
    if (phase == "evaluate")
        return tr("Evaluating quantized");
    if (phase == "analyze")
        return tr("Measuring the error per layer");
    return QString::fromStdString(phase);
}

QString Texts::error(const Error &error)
{
    switch (error.code) {
    case ErrorCode::Usage: return tr("The request contradicts itself.");
    case ErrorCode::NotFound: return tr("Something that was asked for does not exist.");
    case ErrorCode::CorruptFile: return tr("A file is damaged or is not what its name says.");
    case ErrorCode::Unsupported: return tr("The file is in order, but this program cannot handle what is in it.");
    case ErrorCode::BadInput: return tr("The given data cannot be used.");
    case ErrorCode::Io: return tr("A file could not be read or written.");
    case ErrorCode::Cancelled: return tr("Stopped on request.");
    case ErrorCode::Internal:
        return tr("The program met a situation that it did not expect. Finished results are kept.");
    }
    return {};
}

QString Texts::className(const RunRecord &run, int index)
{
    const auto known = static_cast<size_t>(index);
    if (index >= 0 && known < run.classNames.size())
        return QString::fromStdString(run.classNames[known]);
    return index < 0 ? QStringLiteral("–") : QString::number(index);
}

QString Texts::errorDetail(const Error &error)
{
    QStringList lines;
    for (const std::string *part : {&error.where, &error.what, &error.hint})
        if (!part->empty())
            lines << QString::fromStdString(*part);
    return lines.join(QLatin1Char('\n'));
}

QString Texts::number(double value, int digits)
{
    if (std::isnan(value))
        return {};
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    return QLocale().toString(value, 'g', digits);
}

QString Texts::signedNumber(double value, int decimals)
{
    const QString sign = value > 0 ? QStringLiteral("+") : value < 0 ? QStringLiteral("−") : QString();
    return sign + QLocale().toString(std::abs(value), 'f', decimals);
}

QString Texts::percent(double value, int decimals)
{
    return tr("%1 %").arg(QLocale().toString(value, 'f', decimals));
}

QString Texts::recipeTitle(const std::string &name, const std::string &title)
{
    if (name == "minmax")
        return tr("MinMax: extremes over all calibration batches");
    if (name == "ema")
        return tr("EMA: running average of batch extremes; depends on the order and size of batches");
    if (name == "percentile")
        return tr("Percentile: running average of the 99.999 % quantiles of batches; depends on their order and size");
    if (name == "omse")
        return tr("OMSE: of 90 shrunk ranges the one with the least squared error in the last batch");
    if (name == "itpn")
        return tr("PTQ-for-iTPN: weights and the outputs of linear layers and attention; LayerNorm and residual sums stay "
                  "float");
    if (name == "tf-fqvit")
        return tr("TensorFlow port of FQ-ViT: PTF and LIS, squashed pictures, log2 codes without a limit");
    if (name == "tinynn-int8")
        return tr("TinyNeuralNetwork, everything quantized: torch histogram, one scale per tensor");
    if (name == "tinynn-mixed1")
        return tr("TinyNeuralNetwork Mixed_1: additions and LayerNorm stay float");
    if (name == "tinynn-mixed2")
        return tr("TinyNeuralNetwork Mixed_2: additions, LayerNorm and fc2 of blocks 4 and 5 stay float");
    if (name == "tensorrt")
        return tr("TensorRT: inputs of convolution, linear layers and the query-key product; symmetric, entropy calibration");
    if (name == "baseptq")
        return tr("BasePTQ of PTQ4ViT: operands of linear layers and matrix products, symmetric, intervals searched");
    if (name == "ptq4vit")
        return tr("PTQ4ViT: twin uniform quantizers for softmax and GELU outputs, intervals searched");
    if (name == "least-error")
        return tr("Least squared error: operands of matrix products, weights per channel, twin grids for softmax and GELU");
    return QString::fromStdString(title);
}

QString Texts::preprocessing(const Preprocessing &preprocessing)
{
    const auto triple = [](const std::array<float, 3> &values) {
        QStringList parts;
        for (const float value : values)
            parts << QLocale().toString(static_cast<double>(value), 'f', 3);
        return parts.join(QLatin1Char(' '));
    };
    const QString filter =
        preprocessing.interpolation == Interpolation::Bicubic ? tr("bicubic") : tr("bilinear");
    const QString sides =
        preprocessing.mode == ResizeMode::Squash
            ? tr("both sides %1 px %2, centre %3 px, mean %4, deviation %5")
            : tr("shorter side %1 px %2, centre %3 px, mean %4, deviation %5");
    return sides
        .arg(QString::number(preprocessing.resize), filter, QString::number(preprocessing.crop),
             triple(preprocessing.mean), triple(preprocessing.deviation));
}

QString Texts::duration(double seconds)
{
    const auto total = static_cast<qint64>(std::llround(seconds));
    if (total < 60)
        return tr("%1 s").arg(total);
    if (total < 3600)
        return tr("%1 min %2 s").arg(total / 60).arg(total % 60, 2, 10, QLatin1Char('0'));
    return tr("%1 h %2 min").arg(total / 3600).arg(total % 3600 / 60, 2, 10, QLatin1Char('0'));
}

QString Texts::recipe(const RunRecord &run)
{
    return run.quantized ? QString::fromStdString(run.request.text()) : tr("float");
}

QString shortTapName(const Tap &tap)
{
    return QString::fromStdString(nameInBlock(tap));
}

QString compactTapName(const Tap &tap)
{
    const QString shortName = shortTapName(tap);
    return tap.block >= 0 ? QStringLiteral("%1.%2").arg(tap.block).arg(shortName) : shortName;
}

} // namespace quantoscope
