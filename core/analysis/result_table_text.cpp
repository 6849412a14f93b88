// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/result_table_text.h"

#include "core/analysis/csv_cell.h"

#include <algorithm>
#include <functional>
#include <set>

namespace quantoscope {

namespace {

constexpr int64_t kValidationImages = 50000; // that the published values are of
constexpr size_t kDigits = 12;               // of a hash, to tell lists apart

/// A bar would end the cell.
std::string escaped(const std::string &text)
{
    std::string safe;
    for (const char c : text) {
        if (c == '|')
            safe += '\\';
        safe += c == '\n' ? ' ' : c;
    }
    return safe;
}

const ResultCell &cellAt(const ResultTable &table, size_t suite, size_t model, size_t method)
{
    return *std::find_if(table.cells.begin(), table.cells.end(), [&](const ResultCell &cell) {
        return cell.suite == suite && cell.model == model && cell.method == method;
    });
}

using CellText = std::function<std::string(const ResultCell &)>;

/// Methods by models, or the other way round, as the paper has it; only the methods with these numbers.
std::string grid(const ResultTable &table, size_t s, const std::vector<size_t> &methods, const CellText &text)
{
    const Suite &suite = table.suites[s];
    std::vector<std::vector<std::string>> rows; // the first is the header
    if (suite.methodsAreRows) {
        rows.push_back({"method"});
        for (const SuiteModel &model : suite.models)
            rows.front().push_back(escaped(model.name));
        for (const size_t method : methods) {
            std::vector<std::string> &row = rows.emplace_back(1, escaped(suite.methods[method].title()));
            for (size_t model = 0; model < suite.models.size(); ++model)
                row.push_back(text(cellAt(table, s, model, method)));
        }
    } else {
        rows.push_back({"model"});
        for (const size_t method : methods)
            rows.front().push_back(escaped(suite.methods[method].title()));
        for (size_t model = 0; model < suite.models.size(); ++model) {
            std::vector<std::string> &row = rows.emplace_back(1, escaped(suite.models[model].name));
            for (const size_t method : methods)
                row.push_back(text(cellAt(table, s, model, method)));
        }
    }
    std::string lines;
    for (size_t r = 0; r < rows.size(); ++r) {
        lines += "|";
        for (const std::string &one : rows[r])
            lines += fmt::format(" {} |", one);
        lines += "\n";
        for (size_t c = 0; r == 0 && c < rows[r].size(); ++c)
            lines += c == 0 ? "|---|" : "---:|";
        lines += r == 0 ? "\n" : "";
    }
    return lines;
}

std::string withPublished(std::string text, double published, const char *format)
{
    return std::isfinite(published) ? fmt::format("{} ({})", text, fmt::format(fmt::runtime(format), published)) : text;
}

/// Published top-1 minus the published one of the suite's float model; NaN where one is unknown.
double publishedDifference(const ResultTable &table, const ResultCell &cell)
{
    const Suite &suite = table.suiteOf(cell);
    for (size_t method = 0; method < suite.methods.size(); ++method)
        if (suite.methods[method].isFloat())
            return cell.published - cellAt(table, cell.suite, cell.model, method).published;
    return std::numeric_limits<double>::quiet_NaN();
}

/// "1000 in batches of 100 (list 0a1b...)", of every list that cells of the suite have.
std::string calibrations(const ResultTable &table, size_t suite)
{
    std::set<std::string> lists;
    for (const ResultCell &cell : table.cells)
        if (cell.suite == suite && !cell.calibrationSha256.empty())
            lists.insert(fmt::format("{} in batches of {} (list {})", cell.calibrationImages, cell.calibrationBatch,
                                     cell.calibrationSha256.substr(0, kDigits)));
    std::string text;
    for (const std::string &list : lists)
        text += (text.empty() ? "" : "; ") + list;
    return text;
}

std::string remarks(const ResultTable &table, size_t s)
{
    const Suite &suite = table.suites[s];
    std::string text = fmt::format("- Published values: {}\n", suite.source);
    std::map<std::string, std::string> sources; // methods by where theirs were published
    for (const SuiteMethod &method : suite.methods)
        if (!method.source.empty())
            sources[method.source] += (sources[method.source].empty() ? "" : "; ") + method.title();
    for (const auto &[source, methods] : sources)
        text += fmt::format("- {}: published in {}\n", methods, source);
    for (const SuiteMethod &method : suite.methods)
        if (!method.note.empty())
            text += fmt::format("- {}: {}\n", method.title(), method.note);
    std::set<std::string> said;
    for (const ResultCell &cell : table.cells) {
        if (cell.suite != s || cell.state == CellState::Done || cell.state == CellState::Missing)
            continue;
        const std::string &model = table.modelOf(cell).name;
        const std::string what = cell.state == CellState::NoWeights
                                   ? fmt::format("- {}: {}\n", model, cell.reason)
                                   : fmt::format("- {}, {}: {}: {}\n", model, table.methodOf(cell).title(), name(cell.state),
                                                 cell.reason);
        if (said.insert(what).second)
            text += what;
    }
    return text;
}

} // namespace

std::string resultText(const ResultCell &cell)
{
    switch (cell.state) {
    case CellState::Done:
        return fmt::format("{:.2f} [{:.2f}, {:.2f}]", cell.top1, cell.top1Interval.low, cell.top1Interval.high);
    case CellState::NoWeights: return "weights not found";
    case CellState::Missing:
    case CellState::Stale:
    case CellState::Failed: break;
    }
    return name(cell.state);
}

std::string resultTableToMarkdown(const ResultTable &table)
{
    std::string text;
    for (size_t s = 0; s < table.suites.size(); ++s) {
        const Suite &suite = table.suites[s];
        int64_t images = 0;
        std::string list;
        bool anyPaired = false;
        for (const ResultCell &cell : table.cells)
            if (cell.suite == s) {
                images = std::max(images, cell.images);
                list = cell.imagesSha256.empty() ? list : cell.imagesSha256;
                anyPaired = anyPaired || cell.paired;
            }
        text += fmt::format("{}## {}\n\nTop-1 in percent, measured with its 95 % interval, published in parentheses. Simulated "
                            "quantization.\n\n- Images: {}{}\n",
                            s > 0 ? "\n" : "", suite.title, table.images,
                            list.empty() ? std::string() : fmt::format(" (list {})", list.substr(0, kDigits)));
        if (const std::string calibrated = calibrations(table, s); !calibrated.empty())
            text += fmt::format("- Calibration images: {}\n", calibrated);
        if (images > 0 && images != kValidationImages)
            text += fmt::format("- Measured on {} images, published on {}: compare differences, not values\n", images,
                                kValidationImages);
        std::vector<size_t> all;
        std::vector<size_t> quantized;
        for (size_t method = 0; method < suite.methods.size(); ++method) {
            all.push_back(method);
            if (!suite.methods[method].isFloat())
                quantized.push_back(method);
        }
        text += '\n';
        text += grid(table, s, all, [](const ResultCell &cell) {
            return withPublished(resultText(cell), cell.published, "{:.2f}");
        });
        if (anyPaired) {
            text += "\nDifference to the float model in points, with the 95 % interval of paired data, published in "
                    "parentheses:\n\n";
            text += grid(table, s, quantized, [&](const ResultCell &cell) {
                const Interval &interval = cell.differenceInterval;
                return withPublished(cell.paired ? fmt::format("{:+.2f} [{:+.2f}, {:+.2f}]", cell.difference, interval.low,
                                                               interval.high)
                                                 : std::string("-"),
                                     publishedDifference(table, cell), "{:+.2f}");
            });
        }
        text += '\n';
        text += remarks(table, s);
    }
    return text;
}

std::string resultTableToCsv(const ResultTable &table)
{
    std::string text;
    for (const ResultField &field : resultFields()) {
        text += text.empty() ? "" : ",";
        text += field.name;
    }
    text += "\r\n";
    for (const ResultCell &cell : table.cells) {
        std::string row;
        for (const ResultField &field : resultFields()) {
            const auto value = field.value(table, cell);
            row += &field == &resultFields().front() ? "" : ",";
            if (const auto *number = std::get_if<int64_t>(&value))
                row += std::to_string(*number);
            else
                row += std::holds_alternative<double>(value) ? csvCell(std::get<double>(value))
                                                             : csvCell(std::get<std::string>(value));
        }
        text += row + "\r\n";
    }
    return text;
}

} // namespace quantoscope
