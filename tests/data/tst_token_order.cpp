// SPDX-License-Identifier: GPL-3.0-or-later
// Index lists and masks against a slow reference that really rolls, cuts and labels the grid.
#include "core/data/token_order.h"

#include <QTest>

#include <algorithm>
#include <numeric>

using namespace quantoscope;

namespace {

using Grid = std::vector<std::vector<int>>;

Grid numbered(int side)
{
    Grid grid(static_cast<size_t>(side), std::vector<int>(static_cast<size_t>(side)));
    int next = 0;
    for (auto &row : grid)
        for (int &cell : row)
            cell = next++;
    return grid;
}

/// torch.roll(grid, (-shift, -shift)).
Grid rolled(Grid grid, int shift)
{
    std::rotate(grid.begin(), grid.begin() + shift, grid.end());
    for (auto &row : grid)
        std::rotate(row.begin(), row.begin() + shift, row.end());
    return grid;
}

/// Windows row by row, in each its cells row by row.
std::vector<std::vector<int>> cut(const Grid &grid, int window)
{
    std::vector<std::vector<int>> windows;
    const int side = static_cast<int>(grid.size());
    for (int top = 0; top < side; top += window)
        for (int left = 0; left < side; left += window) {
            windows.emplace_back();
            for (int y = 0; y < window; ++y)
                for (int x = 0; x < window; ++x)
                    windows.back().push_back(grid[static_cast<size_t>(top + y)][static_cast<size_t>(left + x)]);
        }
    return windows;
}

Node windowNode(Operator op, int grid, int window, int shift)
{
    Node node{.op = op, .window = window, .shift = shift};
    node.windows = op == Operator::WindowReverse ? 1 : (grid / window) * (grid / window);
    node.shape = op == Operator::WindowReverse ? std::vector<int64_t>{int64_t{grid} * grid, 3}
                                               : std::vector<int64_t>{int64_t{window} * window, 3};
    return node;
}

void addWindowSizes()
{
    QTest::addColumn<int>("grid");
    QTest::addColumn<int>("window");
    QTest::addColumn<int>("shift");
    QTest::newRow("56/7, shifted") << 56 << 7 << 3;
    QTest::newRow("28/7") << 28 << 7 << 0;
    QTest::newRow("24/12, shifted") << 24 << 12 << 6;
    QTest::newRow("one window") << 7 << 7 << 0;
    QTest::newRow("windows of one token") << 4 << 1 << 0;
}

} // namespace

class TestTokenOrder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void windowsHoldTheTokensOfTheRolledGrid_data() { addWindowSizes(); }
    void windowsHoldTheTokensOfTheRolledGrid()
    {
        QFETCH(const int, grid);
        QFETCH(const int, window);
        QFETCH(const int, shift);
        std::vector<int64_t> expected;
        for (const auto &cells : cut(rolled(numbered(grid), shift), window))
            expected.insert(expected.end(), cells.begin(), cells.end());
        QCOMPARE(rowOrder(windowNode(Operator::WindowPartition, grid, window, shift)), expected);
    }

    void reversingBringsEveryTokenBack_data() { addWindowSizes(); }
    void reversingBringsEveryTokenBack()
    {
        QFETCH(const int, grid);
        QFETCH(const int, window);
        QFETCH(const int, shift);
        const auto there = rowOrder(windowNode(Operator::WindowPartition, grid, window, shift));
        const auto back = rowOrder(windowNode(Operator::WindowReverse, grid, window, shift));
        QCOMPARE(back.size(), there.size());
        for (size_t token = 0; token < back.size(); ++token)
            QCOMPARE(there[static_cast<size_t>(back[token])], static_cast<int64_t>(token));
    }

    void masksSeparateTheNineRegions_data() { addWindowSizes(); }
    void masksSeparateTheNineRegions()
    {
        QFETCH(const int, grid);
        QFETCH(const int, window);
        QFETCH(const int, shift);
        Node softmax = windowNode(Operator::Softmax, grid, window, shift);
        const int64_t tokens = int64_t{window} * window;
        softmax.shape = {2, tokens, tokens};
        const std::vector<float> mask = shiftMask(softmax);
        if (shift == 0) {
            QVERIFY(mask.empty());
            return;
        }
        // As published: slices (0, -w), (-w, -s), (-s, end) of both axes of the rolled grid get a label each.
        Grid labels = numbered(grid);
        for (int y = 0; y < grid; ++y)
            for (int x = 0; x < grid; ++x) {
                const auto slice = [&](int i) { return i < grid - window ? 0 : i < grid - shift ? 1 : 2; };
                labels[static_cast<size_t>(y)][static_cast<size_t>(x)] = 3 * slice(y) + slice(x);
            }
        std::vector<float> expected;
        for (const auto &cells : cut(labels, window))
            for (const int query : cells)
                for (const int key : cells)
                    expected.push_back(query == key ? 0.0F : -100.0F);
        QVERIFY(mask == expected);
    }

    void mergingTakesTwoByTwoCells()
    {
        const Grid grid = numbered(6);
        std::vector<int64_t> expected;
        for (size_t y = 0; y < 6; y += 2)
            for (size_t x = 0; x < 6; x += 2)
                for (const int cell : {grid[y][x], grid[y + 1][x], grid[y][x + 1], grid[y + 1][x + 1]})
                    expected.push_back(cell);
        QCOMPARE(rowOrder({.op = Operator::PatchMerge, .shape = {9, 4 * 3}}), expected);
    }

    void biasesDependOnTheDistanceAlone()
    {
        constexpr int kWindow = 3;
        const auto order = rowOrder({.op = Operator::RelativePositionBias, .window = kWindow});
        QCOMPARE(order.size(), size_t{81});
        for (int query = 0; query < 9; ++query)
            for (int key = 0; key < 9; ++key) {
                const int dy = query / kWindow - key / kWindow + kWindow - 1;
                const int dx = query % kWindow - key % kWindow + kWindow - 1;
                QCOMPARE(order[static_cast<size_t>(query * 9 + key)], int64_t{dy * 5 + dx});
            }
        QCOMPARE(*std::max_element(order.begin(), order.end()), int64_t{24}); // the table's last row
    }

    void otherOperatorsMoveNoRows()
    {
        QVERIFY(rowOrder({.op = Operator::Linear, .shape = {4, 4}}).empty());
    }
};

QTEST_APPLESS_MAIN(TestTokenOrder)
#include "tst_token_order.moc"
