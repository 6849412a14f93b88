// SPDX-License-Identifier: GPL-3.0-or-later
// The levels explorer with its controls: every movement must reach the plot, with the numbers of core/analysis.
#include "tests/views/sample_run.h"
#include "views/plots/levels_plot.h"
#include "views/widgets/levels_controls.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>
#include <QtTest>

using namespace quantoscope;

class TestLevels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        if (!m_model) {
            m_model = sample::model();
            m_run = sample::run(m_model, 2);
        }
        m_window = std::make_unique<QWidget>();
        m_plot = new LevelsPlot;
        m_controls = new LevelsControls(m_plot);
        auto *layout = new QVBoxLayout(m_window.get());
        layout->addWidget(m_controls);
        layout->addWidget(m_plot, 1);
        m_plot->setRun(m_run);
        select("blocks.3.mlp.gelu");
        m_window->resize(1000, 600);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QCoreApplication::processEvents();
    }

    void thePointerTellsTheRankOfAValueAndTheNumberOfItsLevel()
    {
        auto *canvas = child<QWidget>("canvas");
        QTest::mouseMove(canvas, canvas->rect().center() / 2);
        QTest::mouseMove(canvas, canvas->rect().center());
        const QString text = child<QLabel>("readout")->text();
        QVERIFY2(text.contains(QStringLiteral("percentile ")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral(" of 256)")), qPrintable(text)); // levels of eight bits
    }

    void aDraggedScaleIsFollowedWithTheExactNumbers()
    {
        const QuantizerPreview preview(record("blocks.3.mlp.gelu").statistics);
        auto *slider = child<QSlider>("levelsScaleSlider");
        const double before = m_plot->quantizer(PreviewForm::Uniform).scale;
        QSignalSpy changed(m_plot, &LevelsPlot::quantizerChanged);
        QTest::keyClick(slider, Qt::Key_PageDown);
        QCOMPARE(changed.size(), 1);
        const PreviewQuantizer &now = m_plot->quantizer(PreviewForm::Uniform);
        QVERIFY(now.scale < before);
        const QuantizerEstimate expected = preview.estimate(now);
        QCOMPARE(m_plot->estimate(PreviewForm::Uniform).mse, expected.mse);
        QCOMPARE(m_plot->estimate(PreviewForm::Uniform).usedLevels, expected.usedLevels);
        QVERIFY2(expected.clippedShare > 0, "a smaller step no longer reaches the largest values");
        QVERIFY(m_plot->series().front().label.size() > 0);
        QVERIFY(m_plot->visibleDataAsTsv().contains(QStringLiteral("uniform 8 bit")));
        QCOMPARE(child<QDoubleSpinBox>("levelsScale")->value(), now.scale);
    }

    void zeroPointAndBitsAreFollowed()
    {
        auto *zero = child<QSpinBox>("levelsZero");
        zero->setFocus();
        const double before = m_plot->quantizer(PreviewForm::Uniform).zeroPoint;
        QTest::keyClick(zero, Qt::Key_Up);
        QCOMPARE(m_plot->quantizer(PreviewForm::Uniform).zeroPoint, before + 1);
        auto *bits = child<QSpinBox>("levelsBits");
        QTest::keyClick(bits, Qt::Key_Down);
        QCOMPARE(m_plot->quantizer(PreviewForm::Uniform).bits, 7);
        QCOMPARE(m_plot->estimate(PreviewForm::Uniform).levels.size(), size_t{128});
        QCOMPARE(m_plot->estimate(PreviewForm::TwinSign).levels.size(), size_t{256}); // the others keep theirs
        m_plot->setBits(3);
        QCOMPARE(m_plot->quantizer(PreviewForm::TwinSign).bits, 3);
        QCOMPARE(bits->value(), 3);
    }

    void everyQuantizerHasItsOwnControls()
    {
        auto *forms = child<QComboBox>("levelsForm");
        QCOMPARE(forms->count(), 4);
        forms->setCurrentIndex(forms->findData(static_cast<int>(PreviewForm::TwinSign)));
        QVERIFY(child<QSlider>("levelsLowScaleSlider")->isVisible());
        QVERIFY(!child<QSpinBox>("levelsZero")->isVisible());
        const double before = m_plot->quantizer(PreviewForm::TwinSign).lowScale;
        child<QDoubleSpinBox>("levelsLowScale")->setValue(before * 2);
        QVERIFY(std::abs(m_plot->quantizer(PreviewForm::TwinSign).lowScale / before - 2) < 1e-4);
        forms->setCurrentIndex(forms->findData(static_cast<int>(PreviewForm::Log2)));
        QVERIFY(!child<QSlider>("levelsLowScaleSlider")->isVisible());
        select("blocks.3.attn.softmax");
        QCoreApplication::processEvents();
        QCOMPARE(forms->count(), 3);
        QCOMPARE(m_plot->forms()[1], PreviewForm::LogIntSoftmax); // what the run uses
    }

    void buttonsReturnToKnownParameters()
    {
        const PreviewQuantizer calibrated = m_plot->quantizer(PreviewForm::Uniform);
        auto *least = child<QToolButton>("levelsLeast");
        QTest::mouseClick(least, Qt::LeftButton);
        const double best = m_plot->estimate(PreviewForm::Uniform).mse;
        QTest::mouseClick(child<QToolButton>("levelsRange"), Qt::LeftButton);
        QVERIFY(m_plot->estimate(PreviewForm::Uniform).mse >= best);
        QVERIFY(child<QToolButton>("levelsCalibrated")->isEnabled());
        QTest::mouseClick(child<QToolButton>("levelsCalibrated"), Qt::LeftButton);
        QCOMPARE(m_plot->quantizer(PreviewForm::Uniform), calibrated);
        auto *forms = child<QComboBox>("levelsForm");
        forms->setCurrentIndex(forms->findData(static_cast<int>(PreviewForm::Log2)));
        QVERIFY(!child<QToolButton>("levelsCalibrated")->isEnabled());
        QVERIFY2(child<QToolButton>("levelsCalibrated")->toolTip().contains(QStringLiteral("no quantizer")),
                 "a disabled button says why");
    }

    void withoutARunTheControlsAreOff()
    {
        m_plot->setRun(nullptr);
        QCoreApplication::processEvents();
        m_plot->setQuantizer(PreviewQuantizer());
        m_plot->useLeastError(PreviewForm::Uniform);
        QVERIFY(m_plot->forms().empty());
        QCOMPARE(m_plot->estimate(PreviewForm::Uniform).levels.size(), size_t{0});
    }

    void aMovementTakesLessThanAFrame_data()
    {
        QTest::addColumn<QString>("tap");
        QTest::newRow("GELU") << QStringLiteral("blocks.3.mlp.gelu");
        QTest::newRow("softmax") << QStringLiteral("blocks.3.attn.softmax");
        QTest::newRow("LayerNorm input") << QStringLiteral("blocks.7.residual1");
    }
    void aMovementTakesLessThanAFrame()
    {
        QFETCH(QString, tap);
        select(tap.toUtf8().constData());
        QCoreApplication::processEvents();
        auto *slider = child<QSlider>("levelsScaleSlider");
        double best = 1e9;
        double numbers = 1e9;
        for (int round = 0; round < 12; ++round) {
            QElapsedTimer timer;
            timer.start();
            slider->setValue(slider->value() - 7);
            numbers = std::min(numbers, static_cast<double>(timer.nsecsElapsed()) / 1e6);
            QCoreApplication::processEvents(); // draws
            best = std::min(best, static_cast<double>(timer.nsecsElapsed()) / 1e6);
        }
        qInfo("%s: %.2f ms until the numbers, %.2f ms with the drawing", qPrintable(tap), numbers, best);
        QVERIFY2(best < 50, qPrintable(QString::number(best))); // 16 ms on an idle machine; this one may be busy
    }

private:
    void select(const char *path) { m_plot->setSelectedTap(m_model->graph.findTap(path)); }
    const TapRecord &record(const char *path) const
    {
        return m_run->taps[static_cast<size_t>(m_model->graph.findTap(path))];
    }
    template <typename Widget>
    Widget *child(const char *name) const
    {
        return m_window->findChild<Widget *>(QLatin1String(name));
    }

    OpenedModelPtr m_model;
    std::shared_ptr<RunRecord> m_run;
    std::unique_ptr<QWidget> m_window;
    LevelsPlot *m_plot = nullptr;
    LevelsControls *m_controls = nullptr;
};

QTEST_MAIN(TestLevels)
#include "tst_levels.moc"
