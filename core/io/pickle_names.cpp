// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/pickle_names.h"

#include "core/io/checkpoint_reader.h"

#include <algorithm>
#include <array>

namespace quantoscope {

namespace {

/// Every name a stream may mention. First those that tensors are made of, then from `firstInert` on those that training
/// scripts leave beside the weights.
constexpr auto allowedNames = std::to_array<std::string_view>({
    "collections.OrderedDict", "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2",
    "torch._utils._rebuild_tensor_v3", "torch._utils._rebuild_parameter",
    "torch.FloatStorage", "torch.DoubleStorage", "torch.HalfStorage", "torch.BFloat16Storage", "torch.LongStorage",
    "torch.IntStorage", "torch.ShortStorage", "torch.CharStorage", "torch.ByteStorage", "torch.BoolStorage",
    "torch.cuda.FloatStorage", "torch.cuda.DoubleStorage", "torch.cuda.HalfStorage", "torch.cuda.BFloat16Storage",
    "torch.cuda.LongStorage", "torch.cuda.IntStorage", "torch.cuda.ShortStorage", "torch.cuda.CharStorage",
    "torch.cuda.ByteStorage", "torch.cuda.BoolStorage", "torch.storage.UntypedStorage", "torch.UntypedStorage",
    "torch.float32", "torch.float64", "torch.float16", "torch.bfloat16", "torch.int64", "torch.int32", "torch.int16",
    "torch.int8", "torch.uint8", "torch.bool", "torch.float", "torch.double", "torch.half", "torch.long", "torch.int",
    "torch.short", "torch.Size",
    "torch.device", "numpy.dtype", "_codecs.encode",
    "argparse.Namespace", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar"});
constexpr auto firstInert = std::find(allowedNames.begin(), allowedNames.end(), "argparse.Namespace");

/// Whether a refused name is likely a model's class, so that the file is a pickled model and not an attack.
bool looksLikeModel(std::string_view name)
{
    constexpr std::array<std::string_view, 9> homes{"torch.nn.",  "torchvision.", "timm.",  "transformers.", "__torch__.",
                                                    "__main__.", "models.",      "model.", "networks."};
    const std::string_view type = name.substr(name.rfind('.') + 1);
    return !type.empty() && type[0] >= 'A' && type[0] <= 'Z' &&
           std::any_of(homes.begin(), homes.end(), [&](std::string_view home) { return name.starts_with(home); });
}

} // namespace

std::optional<PickleName> allowedPickleName(std::string_view name)
{
    const auto found = std::find(allowedNames.begin(), allowedNames.end(), name);
    return found == allowedNames.end() ? std::nullopt : std::optional(PickleName{*found, found >= firstInert});
}

Error refusedPickleName(std::string_view name)
{
    constexpr const char *stateHint = "in Python, save the weights alone: torch.save(model.state_dict(), ...)";
    const std::string shown = displayName(name);
    if (looksLikeModel(name))
        return {ErrorCode::Unsupported, "it holds an object of the class " + shown +
                                                ", as when a whole model is saved, not only its weights", {}, stateHint};
    return {ErrorCode::Unsupported, "its pickle asks to run " + shown +
                                            ", which has no place in a checkpoint; nothing was executed", {},
                "if it is a whole model from a source you trust, save its state_dict() alone; else do not load it in Python"};
}

} // namespace quantoscope
