// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/precision_operators.h"

#include "core/analysis/conversion_edges.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>

namespace quantoscope {

namespace {

constexpr double kCollapsed = 1e6; ///< nats that stand for infinitely many, so that sums keep an order

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

/// KL of one measured unit at an option: of both parts together, else of weights and activations by themselves, added up.
/// Empty: not measured. `known` says whether the unit was measured at all.
std::optional<double> measuredLoss(const SensitivityTable &table, const std::string &unit, PrecisionOption option,
                                   bool &known)
{
    bool hasParts[2] = {false, false};
    std::optional<double> both;
    std::optional<double> parts[2];
    for (const SensitivityRow &row : table.rows) {
        if (row.operatorPath != unit || row.kind != SensitivityKind::OnlyThis)
            continue;
        known = true;
        if (row.part == SensitivityPart::Both) {
            if (row.option == option)
                both = std::min(row.kl, kCollapsed);
            continue;
        }
        const bool weights = row.part == SensitivityPart::Weights;
        hasParts[weights] = true;
        if (weights ? row.option.weightBits == option.weightBits : row.option.activationBits == option.activationBits)
            parts[weights] = std::min(row.kl, kCollapsed);
    }
    if (both || option == PrecisionOption{})
        return both.value_or(0);
    double sum = 0;
    for (const bool weights : {false, true}) {
        const int bits = weights ? option.weightBits : option.activationBits;
        if (bits == 0 || (!hasParts[weights] && hasParts[!weights])) // float, or a part that the unit does not have
            continue;
        if (!parts[weights])
            return std::nullopt;
        sum += *parts[weights];
    }
    return sum;
}

/// Predicted loss of an operator, whose members may have been measured as one (under the first's name) or one by one.
std::optional<double> predictedLoss(const SensitivityTable &table, const PrecisionOperator &op, PrecisionOption option)
{
    double loss = 0;
    for (const std::string &member : op.members) {
        bool known = member == op.name;
        const std::optional<double> measured = measuredLoss(table, member, option, known);
        if (measured)
            loss += *measured;
        else if (known)
            return std::nullopt;
    }
    return loss;
}

std::vector<PrecisionOption> allowedOptions(const PrecisionOperator &op, const SearchConstraints &constraints)
{
    if (const auto fixed = constraints.fixed.find(op.name); fixed != constraints.fixed.end())
        return {fixed->second};
    std::vector<PrecisionOption> allowed;
    for (PrecisionOption option : constraints.options) {
        if (op.weightTaps.empty()) // options that differ in what the operator lacks are one
            option.weightBits = option.activationBits;
        else if (op.activationTaps.empty())
            option.activationBits = option.weightBits;
        if ((!op.outermost || !constraints.outermostAtLeast8 || atLeast8(option))
            && std::find(allowed.begin(), allowed.end(), option) == allowed.end())
            allowed.push_back(option);
    }
    return allowed;
}

/// What average bits are an average over.
int64_t elements(const std::vector<PrecisionOperator> &operators)
{
    return std::accumulate(operators.begin(), operators.end(), int64_t{0}, [](int64_t sum, const PrecisionOperator &op) {
        return sum + op.weightElements + op.activationElements;
    });
}

/// How much precisionCost counts for one of PrecisionBudget::amount.
double costUnit(Resource resource, const std::vector<PrecisionOperator> &operators)
{
    switch (resource) {
    case Resource::WeightBytes:
    case Resource::ActivationBytes: return 8;
    case Resource::AverageBits: return static_cast<double>(std::max<int64_t>(1, elements(operators)));
    case Resource::BitOperations: return 1;
    }
    return 1;
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
            if (const int tap = quantizedTap(graph, settings, input); tap >= 0)
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
        Unit{"TBOPs", Resource::BitOperations, 1e12}, Unit{"kBact", Resource::ActivationBytes, 1e3},
        Unit{"MBact", Resource::ActivationBytes, 1e6},  Unit{"GBact", Resource::ActivationBytes, 1e9}};
    const size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
    const std::string number = text.substr(0, end);
    const size_t unitBegin = std::min(text.find_first_not_of(' ', end), text.size());
    const std::string unit = text.substr(unitBegin);
    const auto refuse = [&](const std::string &what) {
        return fail(ErrorCode::Usage, "'" + text + "' " + what, "--budget", "for example 4.5bits, 3MB, 40GBOPs or 6MBact");
    };
    if (number.empty() || number == "." || std::count(number.begin(), number.end(), '.') > 1)
        return refuse("does not begin with a number");
    if (unit.empty())
        return refuse("has no unit");
    const auto found = std::find_if(units.begin(), units.end(), [&](const Unit &known) { return unit == known.name; });
    if (found == units.end())
        return refuse("has a unit that is none of bits, B, kB, MB, GB, KiB, MiB, GiB, BOPs, MBOPs, GBOPs, TBOPs, kBact, MBact, GBact");
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
    case Resource::ActivationBytes: return op.activationElements * activation;
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
    const double factor = costUnit(budget.resource, operators);
    // A product such as 4.35 x 100 comes out a hair below the integer that is meant.
    const double cost = budget.amount * factor;
    return static_cast<int64_t>(std::min(largest, std::floor(cost + 1e-15 * cost)));
}

double costAmount(Resource resource, int64_t cost, const std::vector<PrecisionOperator> &operators)
{
    return static_cast<double>(cost) / costUnit(resource, operators);
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

PrecisionCosts precisionCosts(const Graph &graph, const std::vector<TapSetting> &recipe,
                              const std::vector<TapSetting> &settings)
{
    int64_t elementsOf[2] = {0, 0}; // activations, weights
    int64_t bits[2] = {0, 0};
    for (size_t t = 0; t < graph.taps.size(); ++t) {
        if (!recipe[t].isQuantized() && !settings[t].isQuantized())
            continue;
        const bool weight = graph.taps[t].kind == TapKind::Weight;
        elementsOf[weight] += graph.taps[t].elements;
        bits[weight] += graph.taps[t].elements * (settings[t].isQuantized() ? settings[t].bits : kFloatBits);
    }
    const auto mean = [](int64_t sum, int64_t count) {
        return count > 0 ? static_cast<double>(sum) / static_cast<double>(count) : 0.0;
    };
    PrecisionCosts costs;
    costs.averageBits = mean(bits[0] + bits[1], elementsOf[0] + elementsOf[1]);
    costs.weightBits = mean(bits[1], elementsOf[1]);
    costs.activationBits = mean(bits[0], elementsOf[0]);
    costs.weightBytes = static_cast<double>(bits[1]) / 8;
    costs.activationBytes = static_cast<double>(bits[0]) / 8;
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
        const Node &node = graph.nodes[n];
        const int weight = graph.weightTap(static_cast<int>(n));
        if (isWeighted(node.op)) {
            const TapSetting &own = settings[static_cast<size_t>(weight)];
            costs.bitOperations += static_cast<double>(node.macs) * (own.isQuantized() ? own.bits : kFloatBits)
                                 * bitsOf(activationBits(graph, settings, node.inputs.front()));
        } else if (isProductOfActivations(node.op)) {
            costs.bitOperations += static_cast<double>(node.macs) * bitsOf(activationBits(graph, settings, node.inputs[0]))
                                 * bitsOf(activationBits(graph, settings, node.inputs[1]));
        }
    }
    costs.conversions = boundaryConversions(graph, settings);
    return costs;
}

} // namespace quantoscope
