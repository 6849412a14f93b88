// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/precision_operators.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>

namespace quantoscope {

namespace {

constexpr int kFloatBits = 32;

bool isWeighted(Operator op)
{
    return op == Operator::PatchConvolution || op == Operator::Linear;
}

bool isProductOfActivations(Operator op)
{
    return op == Operator::MatmulTransposed || op == Operator::MatmulMergeHeads;
}

int bitsOf(int bits)
{
    return bits == 0 ? kFloatBits : bits;
}

bool atLeast8(PrecisionOption option)
{
    return bitsOf(option.weightBits) >= 8 && bitsOf(option.activationBits) >= 8;
}

/// Sets of operators that turn out to be one.
class Merger {
public:
    int add()
    {
        m_parents.push_back(static_cast<int>(m_parents.size()));
        return m_parents.back();
    }
    int find(int i) const
    {
        while (m_parents[static_cast<size_t>(i)] != i)
            i = m_parents[static_cast<size_t>(i)];
        return i;
    }
    /// The earlier one stands for both.
    void merge(int a, int b) { m_parents[static_cast<size_t>(std::max(find(a), find(b)))] = std::min(find(a), find(b)); }

private:
    std::vector<int> m_parents;
};

/// Predicted loss of an operator, whose members may have been measured as one (under the first's name) or one by one.
std::optional<double> predictedLoss(const SensitivityTable &table, const PrecisionOperator &op, PrecisionOption option)
{
    double loss = 0;
    for (const std::string &member : op.members) {
        const SensitivityRow *found = nullptr;
        bool measured = member == op.name;
        for (const SensitivityRow &row : table.rows) {
            if (row.operatorPath != member || row.kind != SensitivityKind::OnlyThis || row.part != SensitivityPart::Both)
                continue;
            measured = true;
            if (row.option == option)
                found = &row;
        }
        if (found)
            loss += found->kl;
        else if (measured && option != PrecisionOption{})
            return std::nullopt;
    }
    return loss;
}

std::vector<PrecisionOption> allowedOptions(const PrecisionOperator &op, const SearchConstraints &constraints)
{
    if (const auto fixed = constraints.fixed.find(op.name); fixed != constraints.fixed.end())
        return {fixed->second};
    std::vector<PrecisionOption> allowed;
    for (const PrecisionOption option : constraints.options)
        if (!op.outermost || !constraints.outermostAtLeast8 || atLeast8(option))
            allowed.push_back(option);
    return allowed;
}

/// What average bits are an average over.
int64_t elements(const std::vector<PrecisionOperator> &operators)
{
    return std::accumulate(operators.begin(), operators.end(), int64_t{0}, [](int64_t sum, const PrecisionOperator &op) {
        return sum + op.weightElements + op.activationElements;
    });
}

} // namespace

std::vector<PrecisionOperator> precisionOperators(const Graph &graph, const std::vector<TapSetting> &settings,
                                                  bool operandsAlike)
{
    const auto isQuantized = [&](int tap) { return tap >= 0 && settings[static_cast<size_t>(tap)].isQuantized(); };
    std::vector<int> owners(graph.taps.size(), -1); // by tap: index into `drafts`
    std::vector<PrecisionOperator> drafts;
    Merger merger;
    const auto addDraft = [&](const std::string &path) {
        PrecisionOperator draft;
        draft.name = path;
        draft.members = {path};
        drafts.push_back(draft);
        return merger.add();
    };
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
        const Node &node = graph.nodes[n];
        if (!isWeighted(node.op) && !isProductOfActivations(node.op))
            continue;
        const int weight = graph.weightTap(static_cast<int>(n));
        std::vector<int> operands;
        for (const int input : node.inputs)
            if (const int tap = graph.outputTap(graph.valueSource(input)); isQuantized(tap))
                operands.push_back(tap);
        if (operands.empty() && !isQuantized(weight))
            continue;
        const int own = addDraft(node.path);
        PrecisionOperator &draft = drafts.back();
        (isWeighted(node.op) ? draft.weightMacs : draft.activationMacs) = node.macs;
        draft.outermost = node.op == Operator::PatchConvolution || node.role == Role::Logits;
        if (isQuantized(weight))
            owners[static_cast<size_t>(weight)] = own;
        for (const int tap : operands) {
            int &owner = owners[static_cast<size_t>(tap)];
            if (owner < 0)
                owner = own;
            else if (operandsAlike || isWeighted(node.op))
                merger.merge(owner, own);
        }
    }
    for (size_t t = 0; t < graph.taps.size(); ++t)
        if (owners[t] < 0 && isQuantized(static_cast<int>(t))) {
            const std::string &path = graph.taps[t].path;
            const bool taken = std::any_of(drafts.begin(), drafts.end(), [&](const auto &d) { return d.name == path; });
            owners[t] = addDraft(taken ? path + ".output" : path);
            drafts.back().outermost = graph.taps[t].role == Role::Logits;
        }

    for (size_t t = 0; t < graph.taps.size(); ++t) {
        if (owners[t] < 0)
            continue;
        PrecisionOperator &op = drafts[static_cast<size_t>(merger.find(owners[t]))];
        const bool isWeight = graph.taps[t].kind == TapKind::Weight;
        (isWeight ? op.weightTaps : op.activationTaps).push_back(static_cast<int>(t));
        (isWeight ? op.weightElements : op.activationElements) += graph.taps[t].elements;
    }
    std::vector<PrecisionOperator> operators;
    for (size_t d = 0; d < drafts.size(); ++d) {
        const auto root = static_cast<size_t>(merger.find(static_cast<int>(d)));
        if (root == d)
            continue;
        PrecisionOperator &into = drafts[root];
        into.members.push_back(drafts[d].name);
        into.weightMacs += drafts[d].weightMacs;
        into.activationMacs += drafts[d].activationMacs;
        into.outermost |= drafts[d].outermost;
    }
    for (size_t d = 0; d < drafts.size(); ++d)
        if (merger.find(static_cast<int>(d)) == static_cast<int>(d))
            operators.push_back(std::move(drafts[d]));
    const auto firstTap = [](const PrecisionOperator &op) {
        return op.weightTaps.empty()       ? op.activationTaps.front()
            : op.activationTaps.empty() ? op.weightTaps.front()
                                        : std::min(op.weightTaps.front(), op.activationTaps.front());
    };
    std::stable_sort(operators.begin(), operators.end(), [&](const PrecisionOperator &a, const PrecisionOperator &b) {
        return firstTap(a) < firstTap(b);
    });
    return operators;
}

Result<PrecisionBudget> parseBudget(const std::string &text)
{
    struct Unit {
        const char *name;
        Resource resource;
        double factor;
    };
    static constexpr std::array units = {
        Unit{"bits", Resource::AverageBits, 1},       Unit{"bit", Resource::AverageBits, 1},
        Unit{"B", Resource::WeightBytes, 1},          Unit{"kB", Resource::WeightBytes, 1e3},
        Unit{"MB", Resource::WeightBytes, 1e6},       Unit{"GB", Resource::WeightBytes, 1e9},
        Unit{"KiB", Resource::WeightBytes, 1024},     Unit{"MiB", Resource::WeightBytes, 1048576},
        Unit{"GiB", Resource::WeightBytes, 1073741824}, Unit{"BOPs", Resource::BitOperations, 1},
        Unit{"MBOPs", Resource::BitOperations, 1e6},  Unit{"GBOPs", Resource::BitOperations, 1e9},
        Unit{"TBOPs", Resource::BitOperations, 1e12}};
    const size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
    const std::string number = text.substr(0, end);
    const size_t unitBegin = std::min(text.find_first_not_of(' ', end), text.size());
    const std::string unit = text.substr(unitBegin);
    const auto refuse = [&](const std::string &what) {
        return fail(ErrorCode::Usage, "'" + text + "' " + what, "--budget", "for example 4.5bits, 3MB or 40GBOPs");
    };
    if (number.empty() || number == "." || std::count(number.begin(), number.end(), '.') > 1)
        return refuse("does not begin with a number");
    if (unit.empty())
        return refuse("has no unit");
    const auto found = std::find_if(units.begin(), units.end(), [&](const Unit &known) { return unit == known.name; });
    if (found == units.end())
        return refuse("has a unit that is none of bits, B, kB, MB, GB, KiB, MiB, GiB, BOPs, MBOPs, GBOPs, TBOPs");
    double value = 0;
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), value);
    if (parsed.ec != std::errc() || !(value * found->factor < 1e18))
        return refuse("is too large");
    if (value <= 0)
        return refuse("is not above 0");
    if (found->resource == Resource::AverageBits && value > kFloatBits)
        return refuse("is more than float has");
    return PrecisionBudget{found->resource, value * found->factor};
}

int64_t precisionCost(Resource resource, const PrecisionOperator &op, PrecisionOption option)
{
    const int64_t weight = bitsOf(option.weightBits);
    const int64_t activation = bitsOf(option.activationBits);
    switch (resource) {
    case Resource::WeightBytes: return op.weightElements * weight;
    case Resource::AverageBits: return op.weightElements * weight + op.activationElements * activation;
    case Resource::BitOperations: {
        const int64_t a = op.activationTaps.empty() ? kFloatBits : activation;
        return op.weightMacs * (op.weightTaps.empty() ? kFloatBits : weight) * a + op.activationMacs * a * a;
    }
    }
    return 0;
}

int64_t budgetCost(const PrecisionBudget &budget, const std::vector<PrecisionOperator> &operators)
{
    constexpr double largest = 4e18;
    const double factor = budget.resource == Resource::WeightBytes     ? 8
        : budget.resource == Resource::AverageBits ? static_cast<double>(elements(operators))
                                                   : 1;
    // A product such as 4.35 x 100 comes out a hair below the integer that is meant.
    const double cost = budget.amount * factor;
    return static_cast<int64_t>(std::min(largest, std::floor(cost + 1e-15 * cost)));
}

double costAmount(Resource resource, int64_t cost, const std::vector<PrecisionOperator> &operators)
{
    const double unit = resource == Resource::WeightBytes     ? 8
        : resource == Resource::AverageBits ? static_cast<double>(std::max<int64_t>(1, elements(operators)))
                                            : 1;
    return static_cast<double>(cost) / unit;
}

Result<std::vector<ChoiceGroup>> choiceGroups(const std::vector<PrecisionOperator> &operators,
                                              const SensitivityTable &table, Resource resource,
                                              const SearchConstraints &constraints)
{
    if (constraints.options.empty())
        return fail(ErrorCode::Usage, "no precision is on offer");
    for (const auto &[fixed, option] : constraints.fixed)
        if (std::none_of(operators.begin(), operators.end(), [&](const auto &op) { return op.name == fixed; }))
            return fail(ErrorCode::Usage, "no operator is called so, and nothing can be fixed for it", fixed);
    std::vector<ChoiceGroup> groups;
    for (const PrecisionOperator &op : operators) {
        ChoiceGroup group;
        group.name = op.name;
        for (const PrecisionOption option : allowedOptions(op, constraints)) {
            const std::optional<double> loss = predictedLoss(table, op, option);
            if (!loss)
                return fail(ErrorCode::BadInput, "its sensitivity at " + option.text() + " was not measured", op.name,
                            "measure it, or leave this precision out");
            group.choices.push_back({option, precisionCost(resource, op, option), *loss});
        }
        groups.push_back(std::move(group));
    }
    return groups;
}

int boundaryConversions(const Graph &graph, const std::vector<TapSetting> &settings)
{
    const auto bitsAt = [&](int node) {
        const int tap = graph.outputTap(graph.valueSource(node));
        if (tap < 0)
            return 0;
        const TapSetting &setting = settings[static_cast<size_t>(tap)];
        return setting.isQuantized() ? setting.bits : 0;
    };
    int conversions = 0;
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
        if (isView(graph.nodes[n].op))
            continue;
        for (const int input : graph.nodes[n].inputs)
            conversions += bitsAt(input) != bitsAt(static_cast<int>(n));
    }
    return conversions;
}

} // namespace quantoscope
