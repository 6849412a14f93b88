// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/device_traffic.h"

#include <ATen/ATen.h>
#include <ATen/ExpandUtils.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/library.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace quantoscope {

namespace {

enum class Kind { Host, Launch, Upload, Download };

struct Call {
    Kind kind = Kind::Host;
    bool hasInner = false; ///< an operator inside was counted
};

struct Counting {
    c10::DeviceType type = c10::DeviceType::CPU;
    DeviceTraffic *traffic = nullptr;
    std::vector<Call> calls; ///< under way, outermost first
};

Counting &counting()
{
    thread_local Counting state; // LibTorch's callbacks have no state of their own
    return state;
}

bool isOn(const at::Tensor &tensor, c10::DeviceType type)
{
    return tensor.defined() && tensor.device().type() == type;
}

Kind kindOf(const at::RecordFunction &function, c10::DeviceType type)
{
    const std::string_view name = function.name();
    const auto inputs = function.inputs();
    if (name == "aten::copy_") {
        const bool from = isOn(inputs[1].toTensor(), type);
        const bool to = isOn(inputs[0].toTensor(), type);
        return from && to ? Kind::Launch : from ? Kind::Download : to ? Kind::Upload : Kind::Host;
    }
    const bool onDevice = std::any_of(inputs.begin(), inputs.end(), [&](const c10::IValue &value) {
        if (value.isTensorList())
            for (const at::Tensor &one : value.toTensorVector())
                if (isOn(one, type))
                    return true;
        return value.isTensor() && isOn(value.toTensor(), type);
    });
    // Operators whose outcome the host needs before it can go on.
    constexpr std::array waiting = {"aten::_local_scalar_dense", "aten::nonzero", "aten::equal", "aten::masked_select"};
    const bool waits = std::find(waiting.begin(), waiting.end(), name) != waiting.end();
    return !onDevice ? Kind::Host : waits ? Kind::Download : Kind::Launch;
}

/// Whether the operator only names memory: what it returns is a part of its input, or nothing has been written yet.
bool movesNothing(const at::RecordFunction &function)
{
    const std::string_view name = function.name();
    if (name.starts_with("aten::empty") || name == "aten::_unsafe_view")
        return true;
    const auto schema = function.operator_schema();
    if (!schema || schema->returns().empty())
        return true;
    const auto *alias = schema->returns()[0].alias_info();
    return alias && !alias->isWrite();
}

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction &function)
{
    counting().calls.push_back({kindOf(function, counting().type), false});
    return nullptr;
}

void end(const at::RecordFunction &function, at::ObserverContext *)
{
    Counting &state = counting();
    const Call call = state.calls.back();
    state.calls.pop_back();
    if (!call.hasInner) {
        if (call.kind == Kind::Host || (call.kind == Kind::Launch && movesNothing(function)))
            return;
        ++(call.kind == Kind::Launch       ? state.traffic->launches
               : call.kind == Kind::Upload ? state.traffic->uploads
                                           : state.traffic->downloads);
    }
    if (!state.calls.empty())
        state.calls.back().hasInner = true;
}

using Values = std::vector<c10::IValue>;

at::Tensor shapedLike(const at::Tensor &tensor, at::IntArrayRef shape)
{
    return at::empty(shape, tensor.options());
}

void convolution(const c10::OperatorHandle &, Values *stack)
{
    const auto arguments = torch::jit::pop(*stack, 9);
    const at::Tensor input = arguments[0].toTensor();
    const at::Tensor weight = arguments[1].toTensor();
    const auto stride = arguments[3].toIntVector(); // patches neither overlap nor reach beyond the picture
    std::vector<int64_t> shape = {input.size(0), weight.size(0)};
    for (int64_t i = 0; i < static_cast<int64_t>(stride.size()); ++i)
        shape.push_back((input.size(i + 2) - weight.size(i + 2)) / stride[static_cast<size_t>(i)] + 1);
    stack->emplace_back(shapedLike(input, shape));
}

void layerNorm(const c10::OperatorHandle &, Values *stack)
{
    const at::Tensor input = torch::jit::pop(*stack, 5)[0].toTensor();
    stack->emplace_back(shapedLike(input, input.sizes()));
    for (int i = 0; i < 2; ++i) // mean and deviation of the rows, which nobody reads
        stack->emplace_back(shapedLike(input, input.sizes().slice(0, input.sizes().size() - 1)));
}

void indexSelect(const c10::OperatorHandle &, Values *stack)
{
    const auto arguments = torch::jit::pop(*stack, 3);
    const at::Tensor input = arguments[0].toTensor();
    std::vector<int64_t> shape = input.sizes().vec();
    shape[static_cast<size_t>(arguments[1].toInt())] = arguments[2].toTensor().numel();
    stack->emplace_back(shapedLike(input, shape));
}

void where(const c10::OperatorHandle &, Values *stack)
{
    const auto arguments = torch::jit::pop(*stack, 3);
    const at::Tensor chosen = arguments[1].toTensor();
    stack->emplace_back(shapedLike(chosen, at::infer_size(chosen.sizes(), arguments[2].toTensor().sizes())));
}

template <auto Kernel>
void provide(torch::Library &library, const char *name, const char *overload = "")
{
    const auto schema = c10::Dispatcher::singleton().findSchema({std::string("aten::") + name, overload});
    if (schema && !schema->hasKernelForDispatchKey(c10::DispatchKey::Meta))
        library.impl((*overload ? std::string(name) + "." + overload : std::string(name)).c_str(),
                     torch::CppFunction::makeFromBoxedFunction<Kernel>());
}

} // namespace

TrafficCounter::TrafficCounter(c10::DeviceType type)
{
    counting() = {type, &m_traffic, {}};
    m_callback = at::addThreadLocalCallback(at::RecordFunctionCallback(begin, end).needsInputs(true).scopes(
        {at::RecordScope::FUNCTION}));
}

TrafficCounter::~TrafficCounter()
{
    at::removeCallback(m_callback);
}

void completeMetaDevice()
{
    static const auto library = [] {
        auto meta = std::make_unique<torch::Library>(torch::Library::IMPL, "aten", c10::DispatchKey::Meta, __FILE__,
                                                     __LINE__);
        provide<convolution>(*meta, "convolution_overrideable");
        provide<layerNorm>(*meta, "native_layer_norm");
        provide<indexSelect>(*meta, "index_select");
        provide<where>(*meta, "where", "self");
        return meta;
    }();
}

} // namespace quantoscope
