// SPDX-License-Identifier: GPL-3.0-or-later
// A search for mixed precision: what is decided about, what it costs, which selections were found.
#pragma once

#include "core/data/evaluation.h"
#include "core/data/measured_plan.h"
#include "core/data/precision_costs.h"
#include "core/data/run_record.h"
#include "core/data/sensitivity.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

/// A unit of mixed precision: a matrix operator with its weight and the values that it reads, or a value that no matrix
/// operator reads (residual stream, scores before the softmax). Every quantized tap belongs to exactly one.
struct PrecisionOperator {
    std::string name;                ///< path of its first node; "<path>.output" for the value of a matrix operator
    std::vector<std::string> members; ///< names of the operators that it consists of; several when they must be alike
    std::vector<int> weightTaps;     ///< get PrecisionOption::weightBits
    std::vector<int> activationTaps; ///< get PrecisionOption::activationBits
    int64_t weightElements = 0;      ///< of its weight taps
    int64_t activationElements = 0;  ///< of its activation taps, for one image
    int64_t weightMacs = 0;          ///< weight times activation, multiply-accumulates per image
    int64_t activationMacs = 0;      ///< activation times activation
    bool outermost = false;          ///< patch embedding, classifier, logits
    bool operator==(const PrecisionOperator &) const = default;
};

/// End of an edge whose value the recipe leaves in float, whatever is decided.
inline constexpr int kFloatEnd = -1;

/// Edges of the graph between the activations of two operators: conversions when their precisions differ.
struct ConversionEdge {
    int first = kFloatEnd; ///< index of an operator, or kFloatEnd; below `second`
    int second = 0;
    int count = 0;         ///< edges of the graph
    bool operator==(const ConversionEdge &) const = default;
};

struct PrecisionBudget {
    Resource resource = Resource::AverageBits;
    double amount = 0; ///< bytes, bits, bit operations
    bool operator==(const PrecisionBudget &) const = default;
};

/// One selection: a precision for every operator.
struct PrecisionPoint {
    enum class Origin {
        Front,   ///< of the Pareto front
        Uniform, ///< every operator alike, whatever the constraints say; for comparison
    };
    Origin origin = Origin::Front;
    std::string name;                     ///< of its plan: "4.50 bits", "uniform 4"
    std::vector<PrecisionOption> options; ///< parallel to PrecisionSearchResult::operators
    PrecisionCosts costs;
    double loss = 0;                      ///< predicted KL, nats
    std::optional<PointMeasurement> measured;
    std::string planJson;                 ///< the plan on top of the recipe
};

/// A selection that was run on images, though no point of the front now.
struct MeasuredSelection {
    std::vector<PrecisionOption> options;
    PointMeasurement measured;
};

/// What a search is going to do, known before it begins.
struct PlanSearchCost {
    size_t measurements = 0;     ///< of sensitivity, on `images` images each
    double passes = 0;           ///< forward passes of the whole network that they cost
    int64_t images = 0;
    int64_t evaluations = 0;     ///< plans to run on `evaluationImages` images each, at most
    int64_t evaluationImages = 0;
    int intervalSearches = 0;    ///< of the recipe's: one per width, and one per plan that is run

    /// Forward passes of one image.
    [[nodiscard]] double imageRuns() const
    {
        return passes * static_cast<double>(images) + static_cast<double>(evaluations * evaluationImages);
    }
};

struct PrecisionSearchResult {
    std::string model;       ///< registry name
    std::string modelSha256;
    QuantizationRequest request; ///< recipe and widths that the plans change
    PrecisionBudget budget;
    std::optional<int> mostConversions; ///< of every point of the front; unset: any number
    std::vector<int> levels; ///< bits on offer, 0 float
    bool operandsAlike = false;
    bool outermostAtLeast8 = true;
    SensitivityTable table;  ///< every measurement that the predictions rest on
    std::vector<PrecisionOperator> operators;
    std::vector<ConversionEdge> edges; ///< between `operators`; of a search without a limit in a file of an earlier version: none
    std::vector<std::string> tapPaths; ///< per tap of the graph
    std::vector<int> recipeBits;       ///< per tap: without a plan; 0 float
    std::vector<PrecisionPoint> front; ///< dearer and better from point to point; thinned out to what a plot can show
    struct FrontPoint {
        double amount = 0; ///< in the budget's unit
        double loss = 0;   ///< predicted KL, nats
    };
    std::vector<FrontPoint> wholeFront;
    double lossBound = 0;    ///< at every budget the whole front is at most this above the best selection
    double chosenBound = 0;  ///< the chosen point is at most this above the best selection within budget and limit
    int chosen = -1;         ///< index into `front`: the best within the budget
    std::vector<PrecisionPoint> uniform;
    std::vector<MeasuredSelection> measuredElsewhere; ///< of other budgets' and limits' fronts
    double evaluatedFloatTop1 = 0; ///< percent on the images of the measured points; meaningless without any
};

} // namespace quantoscope
