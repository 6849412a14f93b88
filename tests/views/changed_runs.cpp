// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/views/changed_runs.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QPainter>

#include <algorithm>
#include <numeric>
#include <random>

namespace quantoscope::sample {

namespace {

const char *const kAnimals[] = {"tabby", "fox terrier", "goldfinch", "brambling", "great white shark", "electric ray",
                                "European fire salamander", "tailed frog", "box turtle", "green lizard", "king snake",
                                "trilobite", "garden spider", "black grouse", "sulphur-crested cockatoo"};

std::vector<float> floatLogits(int count)
{
    std::mt19937 random(1);
    std::normal_distribution<float> normal(0, 1);
    std::vector<float> logits;
    for (int i = 0; i < count; ++i) {
        const int label = i % kNamedClasses;
        const int twin = label ^ 1;
        const float clear = 2.5F + 1.6F * normal(random);
        for (int c = 0; c < kNamedClasses; ++c)
            logits.push_back(normal(random) + (c == label ? 3 + clear : c == twin ? 3.5F : 0));
    }
    return logits;
}

EvaluationResult resultOf(std::vector<float> logits, int count)
{
    EvaluationResult result;
    result.classes = kNamedClasses;
    result.count = count;
    result.imagesPerSecond = 20;
    for (int i = 0; i < count; ++i) {
        const float *own = logits.data() + i * kNamedClasses;
        std::vector<int> order(kNamedClasses);
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [own](int a, int b) { return own[a] > own[b]; });
        ImageOutcome outcome;
        outcome.image = i;
        outcome.label = i % kNamedClasses;
        std::copy_n(order.begin(), 5, outcome.top5.begin());
        result.top1Correct += order[0] == outcome.label;
        result.top5Correct += std::count(outcome.top5.begin(), outcome.top5.end(), outcome.label);
        result.images.push_back(outcome);
    }
    result.logits = std::move(logits);
    return result;
}

} // namespace

bool writePictures(const QString &folder, int count, int distinct)
{
    for (int i = 0; i < count; ++i) {
        const QString path = QDir(folder).filePath(QStringLiteral("%1.png").arg(i));
        if (i >= distinct) {
            if (!QFile::copy(QDir(folder).filePath(QStringLiteral("%1.png").arg(i % distinct)), path))
                return false;
            continue;
        }
        QImage image(i % 3 == 0 ? 375 : 500, i % 3 == 1 ? 280 : 375, QImage::Format_RGB32);
        QPainter painter(&image);
        QLinearGradient gradient(0, 0, image.width(), image.height());
        gradient.setColorAt(0, QColor::fromHsv(i * 47 % 360, 150, 210));
        gradient.setColorAt(1, QColor::fromHsv((i * 47 + 90) % 360, 190, 90));
        painter.fillRect(image.rect(), gradient);
        painter.setBrush(QColor::fromHsv((i * 31 + 200) % 360, 160, 240));
        painter.drawEllipse(QPoint(image.width() / 2, image.height() / 2), 60 + 5 * (i % 12), 50 + 7 * (i % 9));
        painter.end();
        if (!image.save(path))
            return false;
    }
    return true;
}

std::shared_ptr<RunRecord> changedRun(const QString &folder, int count, float noise, int seed)
{
    auto run = std::make_shared<RunRecord>();
    run->id = "run-" + std::to_string(seed);
    run->model.name = "deit_tiny_patch16_224";
    run->model.title = "DeiT-T/16 224";
    run->model.sha256.append(64, 'a');
    run->model.classes = kNamedClasses;
    run->quantized = true;
    run->request.recipe = seed % 2 ? "minmax" : "ema";
    run->images.root = folder.toStdString();
    run->split = "val";
    for (int i = 0; i < count; ++i) {
        run->images.items.push_back({std::to_string(i), i % kNamedClasses});
        run->images.items.back().path.append(".png");
    }
    for (int c = 0; c < kNamedClasses; ++c) {
        run->classNames.emplace_back(kAnimals[c % 15]);
        if (c >= 15)
            run->classNames.back().append(", kind ").append(std::to_string(c / 15));
    }
    std::vector<float> logits = floatLogits(count);
    run->floatResult = resultOf(logits, count);
    std::mt19937 random(static_cast<unsigned>(seed));
    std::normal_distribution<float> normal(0, noise);
    for (float &value : logits)
        value += normal(random);
    run->result = resultOf(std::move(logits), count);
    return run;
}

} // namespace quantoscope::sample
