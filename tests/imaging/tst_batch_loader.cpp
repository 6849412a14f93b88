// SPDX-License-Identifier: GPL-3.0-or-later
// Batches arrive complete, in order and the same for any number of threads; failures and cancellation are orderly.
#include "core/imaging/batch_loader.h"
#include "core/imaging/picture.h"
#include "core/imaging/preprocess.h"

#include "test_files.h"
#include "tests/support/test_data.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstring>

using namespace quantoscope;

namespace {

constexpr int imageCount = 23;

Preprocessing smallInput()
{
    Preprocessing preprocessing;
    preprocessing.resize = 20;
    preprocessing.crop = 16;
    return preprocessing;
}

std::vector<ImageBatch> allBatches(const ImageSet &set, const LoaderOptions &options,
                                   const Preprocessing &preprocessing = smallInput())
{
    std::vector<ImageBatch> batches;
    const auto loader = BatchLoader::start(set, preprocessing, options);
    if (!loader)
        return batches;
    while (auto batch = (*loader)->next())
        batches.push_back(*std::move(batch));
    return batches;
}

bool same(const std::vector<ImageBatch> &a, const std::vector<ImageBatch> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const ImageBatch &x, const ImageBatch &y) {
        return x.indices == y.indices && x.pixels == y.pixels && x.failures.size() == y.failures.size();
    });
}

} // namespace

class TestBatchLoader : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    ImageSet m_set;

private Q_SLOTS:
    void init();
    void batchesAreInOrderForAnyNumberOfThreads();
    void pixelsAreThoseOfTheSinglePicture();
    void failedImagesAreListedAndLeftOut();
    void batchOfFailuresOnlyIsStillABatch();
    void emptySetHasNoBatch();
    void nothingComesAfterACancellation();
    void destructionDoesNotWaitForTheWholeSet();
    void cacheServesLaterPassesAndNoticesChangedFiles();
    void cacheKeepsWithinItsBytes();
    void unusableOptionsAreRefused();
    void realImagesGiveTheSameBatchesWithSeveralThreads();
};

void TestBatchLoader::init()
{
    m_set = {};
    m_set.root = m_folder.path().toStdString();
    for (int i = 0; i < imageCount; ++i) {
        const QString name = QStringLiteral("%1.bmp").arg(i);
        QVERIFY(test::writeFile(m_folder.filePath(name), test::bmp(20 + i, 31 - i, i)));
        m_set.items.push_back({name.toStdString(), i});
    }
}

void TestBatchLoader::batchesAreInOrderForAnyNumberOfThreads()
{
    const std::vector<ImageBatch> reference = allBatches(m_set, {.batch = 5, .threads = 1, .batchesInFlight = 1});
    QCOMPARE(reference.size(), size_t{5});
    int next = 0;
    for (const ImageBatch &batch : reference) {
        for (const int index : batch.indices)
            QCOMPARE(index, next++);
        QCOMPARE(batch.pixels.size(), batch.indices.size() * inputSize(smallInput()));
    }
    QCOMPARE(next, imageCount);
    for (const int threads : {2, 4, 9})
        for (const int inFlight : {1, 2, 50})
            QVERIFY(
                same(reference, allBatches(m_set, {.batch = 5, .threads = threads, .batchesInFlight = inFlight})));
}

void TestBatchLoader::pixelsAreThoseOfTheSinglePicture()
{
    const std::vector<ImageBatch> batches = allBatches(m_set, {.batch = 7, .threads = 3});
    std::vector<float> expected(inputSize(smallInput()));
    for (const ImageBatch &batch : batches) {
        for (size_t i = 0; i < batch.indices.size(); ++i) {
            const ImageItem &item = m_set.items[static_cast<size_t>(batch.indices[i])];
            const auto picture = loadPicture(m_set.filePath(item));
            QVERIFY(picture);
            normalizeCrop(cropPicture(*picture, smallInput()), smallInput(), expected);
            QVERIFY(std::equal(expected.begin(), expected.end(),
                               batch.pixels.begin() + static_cast<ptrdiff_t>(i * expected.size())));
        }
    }
}

void TestBatchLoader::failedImagesAreListedAndLeftOut()
{
    const std::vector<ImageBatch> complete = allBatches(m_set, {.batch = 5, .threads = 2});
    QVERIFY(QFile::remove(m_folder.filePath("6.bmp")));
    QVERIFY(test::writeFile(m_folder.filePath("8.bmp"), "no picture"));
    const std::vector<ImageBatch> batches = allBatches(m_set, {.batch = 5, .threads = 2});
    QCOMPARE(batches.size(), size_t{5});
    const ImageBatch &batch = batches[1];
    QVERIFY((batch.indices == std::vector{5, 7, 9}));
    QCOMPARE(batch.failures.size(), size_t{2});
    QCOMPARE(batch.failures[0].image, 6);
    QVERIFY(batch.failures[0].reason.find("6.bmp: no such file") != std::string::npos);
    QCOMPARE(batch.failures[1].image, 8);
    QCOMPARE(batch.pixels.size(), 3 * inputSize(smallInput()));
    const size_t size = inputSize(smallInput());
    for (size_t i = 0; i < 3; ++i)
        QVERIFY(std::memcmp(&batch.pixels[i * size], &complete[1].pixels[2 * i * size], size * sizeof(float))
                == 0);
    QVERIFY(batches[2].indices == complete[2].indices); // the partition does not move
    QVERIFY(batches[2].pixels == complete[2].pixels);
}

void TestBatchLoader::batchOfFailuresOnlyIsStillABatch()
{
    for (int i = 5; i < 10; ++i)
        QVERIFY(QFile::remove(m_folder.filePath(QStringLiteral("%1.bmp").arg(i))));
    const std::vector<ImageBatch> batches = allBatches(m_set, {.batch = 5, .threads = 2});
    QCOMPARE(batches.size(), size_t{5});
    QVERIFY(batches[1].indices.empty());
    QVERIFY(batches[1].pixels.empty());
    QCOMPARE(batches[1].failures.size(), size_t{5});
}

void TestBatchLoader::emptySetHasNoBatch()
{
    QVERIFY(allBatches({}, {.batch = 5, .threads = 2}).empty());
}

void TestBatchLoader::nothingComesAfterACancellation()
{
    const CancelToken cancel;
    const auto loader = BatchLoader::start(m_set, smallInput(), {.batch = 2, .threads = 2}, cancel);
    QVERIFY(loader);
    QVERIFY((*loader)->next());
    cancel.cancel();
    QVERIFY(!(*loader)->next());
    QVERIFY(!(*loader)->next());
}

void TestBatchLoader::destructionDoesNotWaitForTheWholeSet()
{
    ImageSet large = m_set;
    for (int i = 0; i < 14; ++i) {
        const std::vector<ImageItem> copy = large.items;
        large.items.insert(large.items.end(), copy.begin(), copy.end());
    }
    QElapsedTimer timer;
    timer.start();
    {
        const auto loader = BatchLoader::start(large, smallInput(), {.batch = 4, .threads = 3});
        QVERIFY(loader);
    }
    {
        const auto loader = BatchLoader::start(large, smallInput(), {.batch = 4, .threads = 3});
        QVERIFY(loader && (*loader)->next());
    }
    QVERIFY2(timer.elapsed() < 5000,
             qPrintable(QString::number(timer.elapsed()))); // the whole set takes far longer
}

void TestBatchLoader::cacheServesLaterPassesAndNoticesChangedFiles()
{
    LoaderOptions options{.batch = 5, .threads = 2, .cache = std::make_shared<CropCache>(size_t{1} << 20)};
    const std::vector<ImageBatch> first = allBatches(m_set, options);
    QCOMPARE(options.cache->bytes(), imageCount * inputSize(smallInput()));
    QVERIFY(same(first, allBatches(m_set, options)));
    QCOMPARE(options.cache->bytes(), imageCount * inputSize(smallInput()));

    // Crops are shared by models of other normalisation, but not of another size.
    Preprocessing other = smallInput();
    other.mean = {0.5F, 0.5F, 0.5F};
    QVERIFY(same(allBatches(m_set, {.batch = 5, .threads = 2}, other), allBatches(m_set, options, other)));
    QCOMPARE(options.cache->bytes(), imageCount * inputSize(smallInput()));
    other.resize = 16;
    QVERIFY(same(allBatches(m_set, {.batch = 5, .threads = 2}, other), allBatches(m_set, options, other)));

    QVERIFY(test::writeFile(m_folder.filePath("3.bmp"), test::bmp(50, 50, 77)));
    const std::vector<ImageBatch> changed = allBatches(m_set, options);
    QVERIFY(changed[0].pixels != first[0].pixels);
    QVERIFY(changed[1].pixels == first[1].pixels);
}

void TestBatchLoader::cacheKeepsWithinItsBytes()
{
    const size_t capacity = 4 * inputSize(smallInput()) + 10;
    LoaderOptions options{.batch = 5, .threads = 2, .cache = std::make_shared<CropCache>(capacity)};
    const std::vector<ImageBatch> first = allBatches(m_set, options);
    QCOMPARE(options.cache->bytes(), 4 * inputSize(smallInput()));
    QVERIFY(same(first, allBatches(m_set, options)));
}

void TestBatchLoader::unusableOptionsAreRefused()
{
    QCOMPARE(BatchLoader::start(m_set, smallInput(), {.batch = 0}).error().code, ErrorCode::Usage);
    QCOMPARE(BatchLoader::start(m_set, smallInput(), {.batchesInFlight = 0}).error().code, ErrorCode::Usage);
    Preprocessing flat;
    flat.deviation[0] = 0;
    QCOMPARE(BatchLoader::start(m_set, flat, {}).error().code, ErrorCode::Usage);
}

void TestBatchLoader::realImagesGiveTheSameBatchesWithSeveralThreads()
{
    QUANTOSCOPE_NEED_DATA(folder, "imagenet");
    const auto set = openImages({folder, "train"});
    QVERIFY(set);
    const ImageSet some = limit(*set, 60);
    const std::vector<ImageBatch> reference = allBatches(some, {.batch = 8, .threads = 1}, {});
    QCOMPARE(reference.size(), size_t{8});
    for (const ImageBatch &batch : reference)
        QVERIFY(batch.failures.empty());
    QVERIFY(same(reference, allBatches(some, {.batch = 8, .threads = 4}, {})));
}

QTEST_GUILESS_MAIN(TestBatchLoader)
#include "tst_batch_loader.moc"
