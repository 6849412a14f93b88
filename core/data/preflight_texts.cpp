// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/preflight_texts.h"

#include <cmath>
#include <cstdio>
#include <unordered_map>

// lupdate finds the sentences by this name; Qt's own macro is the same, but this room has no Qt.
#define QT_TRANSLATE_NOOP(context, text) text

namespace quantoscope {

const std::vector<FindingWords> &allFindingWords()
{
    static const std::vector<FindingWords> words = {
        {"accuracy.fits",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Float accuracy fits the published value"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; published {published} % "
             "({source})."),
         ""},
        {"accuracy.above",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Float accuracy is above the published value"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; published {published} % "
             "({source}). These images are easier than the full validation set, or were used in training."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Compare runs on these images with each other, never with published tables.")},
        {"accuracy.below",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Float accuracy is below the published value"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; published {published} % "
             "({source})."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Remove the likely cause that is named, then check again.")},
        {"accuracy.below_unexplained",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Float accuracy is below the published value"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; published {published} % "
             "({source}). None of the causes that were tried explains it."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Compare the checkpoint's SHA-256 with the published one, and look at images and labels; or "
             "these images are harder than the full validation set.")},
        {"accuracy.chance",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Float accuracy is no better than guessing"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; guessing gives {chance} %."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Remove the likely cause that is named, then check again.")},
        {"accuracy.chance_unexplained",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Float accuracy is no better than guessing"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; guessing gives {chance} %. "
             "The mean confidence of the predictions is {confidence} %. None of the causes that were tried "
             "explains it."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "If the confidence is high, the labels do not belong to these images, or the class list is "
             "another model's; if it is low, the weights are untrained or damaged.")},
        {"accuracy.unpublished",
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Float accuracy measured; no published value to compare with"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; mean confidence "
             "{confidence} %."),
         ""},
        {"accuracy.few_images",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Too few images to judge the accuracy"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; mean confidence {confidence} %."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Check with 200 labelled images or more.")},
        {"accuracy.unlabelled",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "No image has a label"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Accuracy cannot be measured; the mean confidence of the predictions is {confidence} %."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Give labels: lines of path and label in the list, or folders named by class.")},
        {"images.unreadable",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Images that cannot be decoded"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "{count} left out; the first is {first}: {reason}"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Replace these files or take them off the list.")},

        {"labels.missing",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Images without a label"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "{count} of {images} images have no label and do not count."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Give labels: lines of path and label in the list, or folders named by class.")},
        {"labels.one_class_more",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "The class list has one class more than the model"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "The list names {listed} classes, the model has {classes}: probably the list begins with a "
             "background class."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Remove the background class from the list.")},
        {"labels.class_count",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Class list and model differ in their number of classes"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "The list names {listed} classes, the model has {classes}."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Give the class list that the model was trained with (--classes, or classes.txt beside the "
             "splits).")},
        {"labels.range",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Labels lie in the model's range"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Labels {lowest} to {highest} of {classes} classes."), ""},
        {"labels.empty_classes",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Classes without an image"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "{count} of {classes} classes have no image here."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Nothing to repair, but this accuracy says nothing about those classes.")},
        {"labels.order",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Classes are in ImageNet's order"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "The {classes} classes are not a rearranged ImageNet list."), ""},
        {"labels.class_list_order",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "The class list is not in ImageNet's order"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "It names ImageNet's {classes} classes, but not in the order of sorted wnids that published "
             "models use."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Sort the class list by wnid, or remove it: wnid folders are known without it.")},

        {"cause.class_order",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Likely cause: the class list is shuffled"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Read in ImageNet's order, the same classes give {after} % top-1 instead of {before} % on "
             "{images} images (McNemar p = {p})."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Sort the class list by wnid, or remove it: wnid folders are known without it.")},
        {"cause.label_folders",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Likely cause: labels contradict the folders' names"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "With the classes of the wnid folders top-1 is {after} % instead of {before} % on {images} "
             "images (McNemar p = {p}): the class list is shuffled, or the list's labels are numbered "
             "otherwise (for example by ILSVRC2012_ID)."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Remove the labels from the list or the class list from the folder: the wnids are enough.")},
        {"cause.labels_start_at_one",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Likely cause: labels count from 1"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "With every label lowered by one top-1 is {after} % instead of {before} % on {images} images "
             "(McNemar p = {p}): labels count from 1, or class 0 of the list is a background class."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Let the labels count from 0, without a background class.")},
        {"cause.background_class",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Likely cause: the model has a background class"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "With every label raised by one top-1 is {after} % instead of {before} % on {images} images "
             "(McNemar p = {p}): class 0 of the model is not the first class of the list."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Put the background class first in the class list.")},
        {"cause.labels_reversed",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Likely cause: the class list is reversed"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "With the classes counted from the end top-1 is {after} % instead of {before} % on {images} "
             "images (McNemar p = {p})."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Reverse the class list.")},
        {"cause.labels_sorted_as_text",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Likely cause: class numbers were sorted as text"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Read as positions in 0, 1, 10, 100, 2, ... the labels give {after} % top-1 instead of {before} "
             "% on {images} images (McNemar p = {p})."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Use the class numbers themselves as labels, or folder names with leading zeros.")},
        {"cause.label_rows",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Likely cause: the list's labels have slipped by one row"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "With the label of the neighbouring row top-1 is {after} % instead of {before} % on {images} "
             "images (McNemar p = {p})."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Make the list again; a line is missing or was inserted.")},
        {"cause.class_permutation",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Likely cause: the class list is shuffled"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Images with the same label get the same prediction, but another class: predictions are right on "
             "{before} %, while an assignment of predicted classes to labels, learned from the other images, "
             "is right on {after} % of {images} images (McNemar p = {p}). The labels count the classes in "
             "another order than the model."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Give the class list in the order that the model was trained with (--classes, or classes.txt "
             "beside the splits).")},

        {"preprocessing.published",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Preprocessing is as published"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "{asked}."), ""},
        {"preprocessing.unpublished",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "No published preprocessing is known for this model"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Used: {asked}."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Compare with the preprocessing that the model was trained with.")},
        {"preprocessing.mean",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Mean differs from the published one"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Asked for {asked}, published {published} (R, G, B)."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Set it as published (--mean; Preprocessing in the window), unless the model was trained "
             "otherwise.")},
        {"preprocessing.std",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Standard deviation differs from the published one"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Asked for {asked}, published {published} (R, G, B)."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Set it as published (--std; Preprocessing in the window), unless the model was trained "
             "otherwise.")},
        {"preprocessing.resize",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Size of the shorter side differs from the published one"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Asked for {asked}, published {published} pixels."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Set it as published (--resize; Preprocessing in the window), unless the model was trained "
             "otherwise.")},
        {"preprocessing.crop",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Crop differs from the published one"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Asked for {asked}, published {published} pixels."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Set it as published (--crop; Preprocessing in the window), unless the model was trained "
             "otherwise.")},
        {"preprocessing.interpolation",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Interpolation differs from the published one"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Asked for {asked}, published {published}."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Set it as published (--interpolation; Preprocessing in the window), unless the model was "
             "trained otherwise.")},
        {"preprocessing.untested",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Other preprocessing was not tried"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "The comparison needs labels that can be trusted."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Repair the labels, then check again.")},
        {"preprocessing.best",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "No other preprocessing is better"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "{tried} others were tried on {images} images (mean and standard deviation, channel order, crop, "
             "interpolation)."),
         ""},
        {"preprocessing.other_crop",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Another crop suits these images better"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Better with {better} on {wins} of {images} images, worse on {losses} (sign test p = {p}): these "
             "images may have been cut or scaled already."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Keep the published crop to compare with published figures.")},
        {"cause.normalization",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Likely cause: wrong mean and standard deviation"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "With mean {mean} and standard deviation {std} instead of {asked_mean} and {asked_std} the right "
             "class is more likely on {wins} of {images} images and less likely on {losses} (sign test p = "
             "{p}); top-1 on them goes from {before} to {after} %."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Set mean {mean} and standard deviation {std} (--mean, --std; Preprocessing in the window).")},
        {"cause.channel_order",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Likely cause: red and blue are swapped"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "With the channels in the order blue, green, red the right class is more likely on {wins} of "
             "{images} images and less likely on {losses} (sign test p = {p}); top-1 on them rises from "
             "{before} to {after} %. The model wants BGR, or the images' channels are swapped."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Use weights converted for RGB (swap the input channels of the patch embedding), or store the "
             "images as RGB.")},
        {"cause.crop",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Likely cause: wrong crop or interpolation"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "With the published {better} the right class is more likely on {wins} of {images} images and "
             "less likely on {losses} (sign test p = {p}); top-1 on them goes from {before} to {after} %."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Set the published preprocessing (--resize, --crop, --interpolation; Preprocessing in the "
             "window).")},
        {"cause_unlabelled.normalization",
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Predictions are surer with another mean and standard deviation"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Without labels only the confidence can be compared: with mean {mean} and standard deviation "
             "{std} it is higher on {wins} of {images} images and lower on {losses} (sign test p = {p})."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Compare with the preprocessing that the model was trained with.")},
        {"cause_unlabelled.channel_order",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Predictions are surer with red and blue swapped"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Without labels only the confidence can be compared: with the channels in the order blue, green, "
             "red it is higher on {wins} of {images} images and lower on {losses} (sign test p = {p})."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Find out whether the model was trained on BGR images.")},

        {"weights.sound",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Weights are sound"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "{parameters} parameters: all finite, no dead or repeated channels; the widest channel of a "
             "weight is at most {ratio} times its median one."),
         ""},
        {"weights.dead",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Dead output channels in weights"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "{count} channels are constant: {where}."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Harmless in a pruned model; otherwise compare the file with its source.")},
        {"weights.dead_gamma",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "LayerNorm switches channels off"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "{count} factors (gamma) are nearly zero: {where}."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Harmless in a pruned model; otherwise compare the file with its source.")},
        {"weights.repeated",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Equal output channels in weights"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "{count} channels repeat another one exactly: {where}."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Compare the file with its source.")},
        {"weights.extreme",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Weights with extreme channels"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Weights whose widest output channel is more than 20 times their median one: {count}. The most "
             "extreme is {where} with {ratio} times."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Quantize them with a scale per channel, as the recipes do.")},
        {"activations.alive",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "No channel of the activations is constant"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Looked at on {images} images."), ""},
        {"activations.dead",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Constant channels in activations"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "{count} channels do not change over {images} images: {where}."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Harmless in a pruned model; otherwise look at these layers' weights.")},
        {"activations.layer_norm_even",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Channels at the LayerNorm inputs range alike"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "The widest channel is at most {ratio} times the median one ({where}), on {images} images."),
         ""},
        {"activations.layer_norm_ptf",
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Channels at the LayerNorm inputs range unalike; PTF is on"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "LayerNorm inputs whose widest channel is more than 4 times their median one: {count}. The most "
             "extreme is {where} with {ratio} times."),
         ""},
        {"activations.layer_norm_extreme",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Channels at the LayerNorm inputs range unalike"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "LayerNorm inputs whose widest channel is more than 4 times their median one: {count}. The most "
             "extreme is {where} with {ratio} times. One scale for all channels is too coarse there."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Switch on PTF (--ptf), which gives these channels scales of their own.")},

        {"plan.none",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "No recipe chosen"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "What would stay float and the calibration images were not looked at."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Choose a recipe (--recipe minmax, for example) and check again.")},
        {"plan.refused",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Recipe or plan does not fit the model"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "{reason}"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Correct the plan, then check again.")},
        {"plan.float_operators",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Operators that stay float"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "{count} of {nodes} compute in float or read a float value under {recipe}: {list}. The recipe "
             "leaves in float: {why}."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "LayerNorm becomes integer with PTF, softmax with LIS; other values by naming their tap in the "
             "plan.")},
        {"plan.all_products",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "All matrix products are quantized"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "{total} G multiply-accumulates an image, both operands of each being quantized."),
         ""},
        {"plan.products",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Some matrix products stay float"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "{share} % of {total} G multiply-accumulates an image have quantized operands."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "If that is not wanted, give their inputs and weights bits in the plan.")},
        {"calibration.refused",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "The calibration images cannot be used"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "{reason}"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Choose other calibration images, or fewer.")},
        {"calibration.images",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Calibration images are there"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "{images} images of {covered} of {classes} classes in batches of {batch}."),
         ""},
        {"calibration.few",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Few calibration images"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "{images} images of {covered} of {classes} classes in batches of {batch}."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Take 32 or more; the published programs use 100 to 1000.")},
        {"calibration.disjoint",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Calibration and evaluation share no image"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "{images} calibration images compared by path and content."), ""},
        {"calibration.overlap",
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "Calibration images are evaluated too"),
         QT_TRANSLATE_NOOP("quantoscope::Preflight", "{count} of {images} calibration images: {where}."),
         QT_TRANSLATE_NOOP("quantoscope::Preflight",
             "Calibrate on images of the train split; otherwise the accuracy flatters.")},
    };
    return words;
}

const FindingWords *findingWords(const std::string &id)
{
    static const auto byId = [] {
        std::unordered_map<std::string_view, const FindingWords *> map;
        for (const FindingWords &words : allFindingWords())
            map.emplace(words.id, &words);
        return map;
    }();
    const auto found = byId.find(id);
    return found == byId.end() ? nullptr : found->second;
}

std::string fillIn(std::string_view words, const Finding &finding,
                   const std::function<std::string(const FindingValue &)> &show)
{
    std::string text;
    while (!words.empty()) {
        const size_t open = words.find('{');
        text += words.substr(0, open);
        if (open == std::string_view::npos)
            break;
        const size_t close = words.find('}', open);
        const FindingValue *value = close == std::string_view::npos
            ? nullptr
            : finding.value(std::string(words.substr(open + 1, close - open - 1)));
        text += value ? show(*value) : std::string(words.substr(open, 1));
        words.remove_prefix(value ? close + 1 : open + 1);
    }
    return text;
}

std::string fillInEnglish(std::string_view words, const Finding &finding)
{
    return fillIn(words, finding, [](const FindingValue &value) -> std::string {
        char text[64] = "";
        switch (value.kind) {
        case FindingValue::Kind::Text: return value.text;
        case FindingValue::Kind::Preprocessing: return value.preprocessing.text();
        case FindingValue::Kind::Count: std::snprintf(text, sizeof text, "%.0f", value.number); break;
        case FindingValue::Kind::Decimal: std::snprintf(text, sizeof text, "%.*f", value.decimals, value.number); break;
        case FindingValue::Kind::PValue: std::snprintf(text, sizeof text, "%.1e", value.number); break;
        }
        return text;
    });
}

const char *name(Severity severity)
{
    switch (severity) {
    case Severity::Ok: return "ok";
    case Severity::Note: return "note";
    case Severity::Warning: return "warning";
    case Severity::Problem: break;
    }
    return "problem";
}

} // namespace quantoscope
