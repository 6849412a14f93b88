// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/arguments.h"

#include "core/base/text_file.h"
#include "core/quantization/recipe.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace quantoscope::cli {

Result<BitWidths> parseBits(const std::string &text)
{
    if (const auto bits = BitWidths::parse(text))
        return *bits;
    return fail(ErrorCode::Usage, "'" + text + "' is not W/A/Attn of 2 to 8 bits each", "--bits", "for example 8/8/4");
}

std::string SearchArguments::json() const
{
    nlohmann::ordered_json fields;
    if (!metric.empty())
        fields["metric"] = metric;
    if (!loss.empty())
        fields["loss"] = loss;
    if (sequential)
        fields["sequential"] = true;
    if (rounds > 0)
        fields["rounds"] = rounds;
    if (candidates > 0)
        fields["candidates"] = candidates;
    if (range.size() == 2) {
        fields["alpha"] = range[0];
        fields["beta"] = range[1];
    }
    return fields.empty() ? std::string() : fields.dump();
}

const CLI::Validator &positiveNumber()
{
    static const CLI::Validator validator(
        [](std::string &text) {
            const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
            return digits && text.find_first_not_of('0') != std::string::npos
                ? std::string()
                : "'" + text + "' is no whole number from 1 on";
        },
        "POSITIVE");
    return validator;
}

void addModelOptions(CLI::App &command, ModelRequest &request)
{
    command.add_option("--model", request.model, "Model name; recognised from the tensors when left away");
    command.add_option("--heads", request.heads, "Attention heads, when they are not of the usual width")
        ->check(positiveNumber());
    command.add_option("--key", request.key, "Entry of a training checkpoint that holds the weights, e.g. state_dict");
    command.add_option("--image-size", request.imageSize,
                       "Image side, when it is not the stored one; interpolates the position embedding")
        ->check(positiveNumber());
}

void RunArguments::addTo(CLI::App &command)
{
    RunRequest &r = m_request;
    command.add_option("weights,--weights", r.model.weights, "Checkpoint file or folder")->required();
    addModelOptions(command, r.model);
    command.add_option("--device", r.model.device, "cpu or cuda")->capture_default_str();
    command.add_option("--threads", r.model.threads, "Threads; all cores when left away")->check(positiveNumber());
    command.add_option("--activation-memory", r.model.activationMemory,
                       "MiB of activations that measurements of sensitivity and searches share; more is faster")
        ->check(CLI::Range(0, 1 << 30))
        ->capture_default_str();
    command.add_flag("--reference-arithmetic", r.model.referenceArithmetic,
                     "AVX2 kernels and summation order of the published programs: equal to them bit for bit, slower");
    command.add_flag("--allow-tf32", r.model.allowTf32,
                     "Lets a GPU round the factors of products to ten bits (TF32); predictions may change");
    command.add_option("--data", r.data.folder, "Folder or tar archive of images, e.g. <split>/<wnid>/*");
    command.add_option("--split", r.data.split, "Split to evaluate")->capture_default_str();
    command.add_option("--classes", r.data.classes, "Class names in class order: one a line, or JSON");
    command.add_option("--list", r.data.list, "List of images, 'path' or 'path label' a line, relative to --data");
    command.add_option("--limit", r.data.limit, "Evaluate the first N images only")->check(positiveNumber());
    command.add_option("--batch", r.batch, "Images per forward pass")->check(CLI::Range(1, 1024))->capture_default_str();
    command.add_option("--resize", m_resize, "Shorter side before the crop; the model's own when left away");
    command.add_option("--crop", m_crop, "Side of the centre crop");
    command.add_option("--interpolation", m_interpolation, "bicubic or bilinear")
        ->check(CLI::IsMember({"bicubic", "bilinear"}));
    command.add_option("--mean", m_mean, "Mean of R G B")->expected(3);
    command.add_option("--std", m_deviation, "Standard deviation of R G B")->expected(3);
    command.add_option("--recipe", m_recipe, "Recipe by name (see 'recipes') or from FILE.json; float evaluation when left away");
    command.add_flag("--ptf", r.quantization.ptf, "Power-of-two-factor integer LayerNorm");
    command.add_flag("--lis", r.quantization.lis, "Log-int-softmax");
    command.add_option("--bits", m_bits, "W/A/Attn bits, 2 to 8 each; the recipe's, with --lis 4 for Attn");
    command.add_flag("!--no-search", r.quantization.search, "Keep the intervals of the calibration where the recipe searches them");
    command.add_option("--search-metric", m_search.metric,
                       "How a searched interval is judged: cosine, pearson, l1, l2, linear-weighted-l2, "
                       "square-weighted-l2 or hessian; the recipe's when left away");
    command.add_option("--search-loss", m_search.loss, "Loss behind the Hessian metric: fisher, published or noise");
    command.add_flag("--search-sequential", m_search.sequential,
                     "Search each matrix product with those before it quantized, not with the float network: slower, and need "
                     "not be better with few images");
    command.add_option("--search-rounds", m_search.rounds, "Alternations between the two operands of a product")
        ->check(positiveNumber());
    command.add_option("--search-candidates", m_search.candidates, "Intervals that are tried")->check(positiveNumber());
    command.add_option("--search-range", m_search.range, "Smallest and largest factor of the first interval")->expected(2);
    command.add_option("--plan", m_planFile, "Precision plan (JSON) on top of the recipe");
    command.add_flag("--with-float", m_withFloat, "Evaluate the float model beside the quantized one");
    CLI::Option *decide = command.add_flag("--until-decided", m_untilDecided,
                                           "Take images in random order and stop when the difference to the float "
                                           "model (or --baseline) is clear");
    command.add_option("--baseline", m_rule.baseline, "Run file to compare with instead of the float model")
        ->needs(decide);
    command.add_option("--margin", m_rule.margin, "Points of top-1 that --until-decided takes for no difference")
        ->needs(decide)
        ->check(CLI::Range(0.01, 100.0))
        ->capture_default_str();
    CLI::Option *list = command.add_option("--calibration-list", r.calibration.list, "List of calibration images");
    command.add_option("--calibration-count", r.calibration.count, "Random images of the train split")
        ->check(positiveNumber())
        ->capture_default_str()
        ->excludes(list);
    command.add_option("--seed", r.calibration.seed, "Seed of that choice, and of the order with --until-decided")->capture_default_str();
    command.add_option("--calibration-batch", r.calibration.batch, "Images per calibration batch")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    command.add_option("--calibration-data", r.calibration.folder, "Folder or tar archive of the calibration images; --data when left away");
    command.add_option("--bootstrap", r.calibration.resamples,
                       "Calibrations on resampled images (seed: --seed) behind the band of each range; 0: none")
        ->check(CLI::Range(0, kMostResamples))
        ->capture_default_str();
    command.add_option("--analysis-images", r.analysisImages, "Images behind the error figures")
        ->check(positiveNumber())
        ->capture_default_str();
    command.add_option("--out", out, "Run file to write (HDF5)");
    command.add_flag("--json", json, "Print one JSON object");
}

Result<BitWidths> widthsFor(const Recipe &recipe, bool lis, const std::string &bits)
{
    if (!bits.empty())
        return parseBits(bits);
    BitWidths widths = recipe.bits;
    if (lis)
        widths.attention = 4;
    return widths;
}

Result<RunRequest> RunArguments::resolve() const
{
    RunRequest request = m_request;
    request.quantize = !m_recipe.empty();
    request.quantization.recipe = m_recipe;
    request.evaluateFloat = m_withFloat || !request.quantize;
    if (!request.quantize && !m_search.json().empty())
        return fail(ErrorCode::Usage, "--search-* belong to a recipe that searches its intervals", "--recipe",
                    "add --recipe ptq4vit, for example");
    if (!request.quantize && (request.quantization.ptf || request.quantization.lis || !m_bits.empty() || !m_planFile.empty()))
        return fail(ErrorCode::Usage, "--ptf, --lis, --bits and --plan belong to a recipe", "--recipe",
                    "add --recipe minmax, for example");
    if (m_untilDecided) {
        request.untilDecided = m_rule;
        request.untilDecided->seed = request.calibration.seed;
    }
    if (request.quantize) {
        const Result<Recipe> recipe = findRecipe(m_recipe);
        if (!recipe)
            return fail(recipe.error());
        const auto bits = widthsFor(*recipe, request.quantization.lis, m_bits);
        if (!bits)
            return fail(bits.error());
        request.quantization.bits = *bits;
    }
    request.quantization.searchJson = m_search.json();
    if (!m_planFile.empty()) {
        auto text = readTextFile(m_planFile, "plan", kLargestPlan);
        if (!text)
            return fail(text.error());
        request.quantization.planJson = std::move(*text);
    }
    return request;
}

void RunArguments::overridePreprocessing(const Preprocessing &own, RunRequest &request) const
{
    Preprocessing changed = own;
    if (request.quantize)
        if (const Result<Recipe> recipe = findRecipe(request.quantization.recipe))
            changed = recipe->preprocessingFor(own);
    if (m_resize > 0) {
        changed.resize = m_resize;
        changed.mode = ResizeMode::ShorterSide;
    }
    if (m_crop > 0)
        changed.crop = m_crop;
    if (!m_interpolation.empty())
        changed.interpolation = m_interpolation == "bilinear" ? Interpolation::Bilinear : Interpolation::Bicubic;
    if (!m_mean.empty())
        std::copy_n(m_mean.begin(), 3, changed.mean.begin());
    if (!m_deviation.empty())
        std::copy_n(m_deviation.begin(), 3, changed.deviation.begin());
    request.data.preprocessing = changed;
}

} // namespace quantoscope::cli
