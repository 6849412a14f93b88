// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of small pictures and requests on the fixtures' tiny ViT, for tests of whole runs.
#pragma once

#include "core/pipeline/requests.h"
#include "tests/support/test_data.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QString>

#include <string>

namespace quantoscope::testing {

inline constexpr int kTinyHeads = 2;
inline constexpr int kTinyClasses = 10;
inline constexpr int kTinyEvaluation = 23; ///< not a multiple of any batch size used
inline constexpr int kTinyCalibration = 20;

/// A picture that differs from number to number: gradients, a disc and a little noise.
inline QImage picture(int number, int width, int height)
{
    QImage image(width, height, QImage::Format_RGB888);
    unsigned noise = 77U * static_cast<unsigned>(number) + 1U;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            noise = noise * 1664525U + 1013904223U;
            const int grain = static_cast<int>(noise >> 28);
            const int dx = x - width * (number % 5) / 5;
            const int dy = y - height * (number % 7) / 7;
            const bool inside = dx * dx + dy * dy < (4 + number % 9) * (4 + number % 9);
            image.setPixel(x, y,
                           qRgb((x * 5 + number * 29 + grain) & 255, (y * 6 + number * 53 + grain) & 255,
                                inside ? 240 - grain : (number * 17 + x * y / 8) & 255));
        }
    return image;
}

/// classes.txt, val/class<k>/NN.png and train/class<k>/NN.png under `folder`. False when a file cannot be written.
inline bool writeTinyImages(const QString &folder)
{
    using namespace Qt::StringLiterals;
    QFile names(folder + u"/classes.txt"_s);
    if (!names.open(QIODevice::WriteOnly))
        return false;
    for (int c = 0; c < kTinyClasses; ++c)
        names.write(QByteArray("class") + QByteArray::number(c) + "\n");
    const auto write = [&](const QString &split, int count, int firstNumber) {
        for (int i = 0; i < count; ++i) {
            const QString place = u"%1/%2/class%3"_s.arg(folder, split).arg(i % kTinyClasses);
            QDir().mkpath(place);
            if (!picture(firstNumber + i, 40 + i % 3 * 8, 44)
                     .save(u"%1/%2.png"_s.arg(place).arg(i, 2, 10, QLatin1Char('0'))))
                return false;
        }
        return true;
    };
    return write(u"val"_s, kTinyEvaluation, 0) && write(u"train"_s, kTinyCalibration, 100);
}

/// MinMax 8/8/8 with float beside it; calibrates on all training pictures in batches of seven.
inline RunRequest tinyRequest(const std::string &weights, const QString &folder)
{
    RunRequest request;
    request.model.weights = weights;
    request.model.heads = kTinyHeads;
    request.data.folder = folder.toStdString();
    request.calibration.count = kTinyCalibration;
    request.calibration.batch = 7;
    request.batch = 4;
    request.analysisImages = 6;
    return request;
}

/// A search on the tiny model for so many bits on average, with eight images behind the sensitivity.
inline PlanSearchRequest tinySearch(const std::string &weights, const QString &folder, const std::string &recipe, double bits)
{
    PlanSearchRequest request;
    request.run = tinyRequest(weights, folder);
    request.run.data.classes = folder.toStdString() + "/classes.txt";
    request.run.quantization.recipe = recipe;
    request.budget = {Resource::AverageBits, bits};
    request.images = 8;
    return request;
}

} // namespace quantoscope::testing

/// The fixtures' tiny ViT into `weights` and its pictures into the temporary `folder`, or skips with the reason.
#define QUANTOSCOPE_NEED_TINY_MODEL(weights, folder)                                                                   \
    weights = quantoscope::testing::dataPath("fixtures/vit/tiny_vit.safetensors");                                     \
    if (weights.empty())                                                                                               \
        QSKIP("needs fixtures/vit/tiny_vit.safetensors (set QUANTOSCOPE_DATA)");                                       \
    QVERIFY((folder).isValid() && quantoscope::testing::writeTinyImages((folder).path()))
