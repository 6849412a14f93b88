// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/onnx/onnx_export.h"

#include "core/data/channel_axis.h"
#include "core/io/posix_file.h"
#include "core/onnx/onnx_operators.h"
#include "core/onnx/onnx_quantizers.h"
#include "core/quantization/plan_format.h"

#include <onnx/checker.h>

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <set>

namespace quantoscope {

namespace {

constexpr int64_t kIrVersion = 8; ///< of ONNX 1.12, the first with LayerNormalization
constexpr int64_t kOpset = 17;
constexpr char kImage[] = "image";
constexpr char kLogits[] = "logits";
constexpr auto kLargestFile = static_cast<size_t>(std::numeric_limits<int32_t>::max()); ///< protobuf's limit

class Exporter {
public:
    Exporter(const Model &model, const PlanSubject &subject, onnx::GraphProto &graph)
        : m_model(model), m_subject(subject), m_proto(graph), m_graph(graph)
    {
    }

    Result<void> build(const CancelToken &cancel)
    {
        m_proto.set_name(m_model.info.name);
        for (size_t n = 0; n < graph().nodes.size(); ++n) {
            if (cancel.isCancelled())
                return fail(ErrorCode::Cancelled, "cancelled", "export of the ONNX model");
            m_values.push_back(value(static_cast<int>(n)));
        }
        m_graph.add("Identity", {m_values[static_cast<size_t>(graph().output)]}, kLogits);
        declare(m_proto.add_input(), kImage, {3, m_model.info.imageSize, m_model.info.imageSize});
        declare(m_proto.add_output(), kLogits, {m_model.info.classes});
        return {};
    }

    int quantized = 0;
    PlanNotes notes;

private:
    [[nodiscard]] const Graph &graph() const { return m_model.graph; }

    static void declare(onnx::ValueInfoProto *info, const char *name, const std::vector<int64_t> &shape)
    {
        info->set_name(name);
        auto *tensor = info->mutable_type()->mutable_tensor_type();
        tensor->set_elem_type(onnx::TensorProto::FLOAT);
        tensor->mutable_shape()->add_dim()->set_dim_param("batch");
        for (const int64_t extent : shape)
            tensor->mutable_shape()->add_dim()->set_dim_value(extent);
    }

    /// The tap with its quantizer, or null where the value stays float; says why where that is not what the plan wants.
    const PlannedTap *pairOf(int tap)
    {
        const PlannedTap &planned = m_subject.taps[static_cast<size_t>(tap)];
        if (isFloat(planned))
            return nullptr;
        if (const std::string reason = whyNoPair(planned); !reason.empty()) {
            notes.add(planned, reason, "float");
            return nullptr;
        }
        noteDetails(planned, true, "LayerNormalization in float, its result on the same grid", notes);
        ++quantized;
        return &planned;
    }

    /// Name of the node's value as its readers see it.
    std::string value(int n)
    {
        const Node &node = graph().nodes[static_cast<size_t>(n)];
        const int tap = graph().outputTap(n);
        if (node.op == Operator::Parameter) {
            m_severalScales[static_cast<size_t>(n)] = m_subject.taps[static_cast<size_t>(tap)].parameters.scale.size() > 1;
            return constant(node.parameters.front(), tap, true);
        }
        std::string result = kImage;
        if (node.op != Operator::Input) {
            std::vector<std::string> inputs;
            for (const int input : node.inputs)
                inputs.push_back(m_values[static_cast<size_t>(input)]);
            result = addOperator(m_graph, node, inputs, parametersOf(n));
        }
        const PlannedTap *pair = pairOf(tap);
        const bool readsScales = std::any_of(node.inputs.begin(), node.inputs.end(),
                                             [this](int input) { return m_severalScales[static_cast<size_t>(input)]; });
        const bool several = pair && pair->parameters.scale.size() > 1;
        m_severalScales[static_cast<size_t>(n)] = pair ? several : readsScales;
        if (!pair)
            return result;
        // ONNX Runtime 1.30 joins an operator and the pairs next to it to one that has single scales, without looking whether
        // they have, and then refuses its own graph. With the clip between them they do not match.
        const auto rank = static_cast<int64_t>(node.shape.size()) + 1;
        return addPair(m_graph, *pair, result, {channelsComeFirst(graph(), pair->tap) ? 1 : rank - 1, rank}, several || readsScales);
    }

    std::vector<OnnxParameter> parametersOf(int n)
    {
        const Node &node = graph().nodes[static_cast<size_t>(n)];
        const int weight = graph().weightTap(n);
        std::vector<OnnxParameter> parameters;
        for (size_t p = 0; p < node.parameters.size(); ++p)
            parameters.push_back({constant(node.parameters[p], p == 0 ? weight : -1, false, p == 0 && node.op == Operator::Linear),
                                  m_model.tensors->find(node.parameters[p])->shape});
        return parameters;
    }

    /// A tensor of the checkpoint; `tap` is its quantizer's, -1: it has none. `isValue`: the tensor is a node's value and
    /// gets its shape.
    std::string constant(const std::string &name, int tap, bool isValue, bool transpose = false)
    {
        const TensorEntry &entry = *m_model.tensors->find(name);
        std::vector<float> copy;
        std::span<const float> values;
        if (entry.isPlainFloat()) {
            values = {reinterpret_cast<const float *>(entry.bytes.data()), static_cast<size_t>(entry.elements())};
        } else {
            copy.resize(static_cast<size_t>(entry.elements()));
            convertToFloat(entry, copy.data());
            values = copy;
        }
        OnnxGraph::Shape shape = entry.shape;
        const PlannedTap *pair = tap >= 0 ? pairOf(tap) : nullptr;
        if (isValue) {
            const Node &node = graph().nodes[static_cast<size_t>(graph().taps[static_cast<size_t>(tap)].node)];
            shape = {1};
            shape.insert(shape.end(), node.shape.begin(), node.shape.end());
        }
        if (pair) {
            const auto rank = static_cast<int64_t>(shape.size());
            const bool first = channelsComeFirst(graph(), pair->tap);
            const int64_t axis = !first ? rank - 1 : isValue || transpose ? 1 : 0;
            return addCodes(m_graph, *pair, values, shape, axis, scaleRun(graph(), pair->tap, pair->parameters.scale.size()),
                            transpose);
        }
        if (!transpose)
            return m_graph.floats(name, shape, values);
        if (m_graph.has(name + "/transposed"))
            return name + "/transposed";
        return m_graph.floats(name + "/transposed", {shape[1], shape[0]}, transposed(values, shape[0], shape[1]));
    }

    const Model &m_model;
    const PlanSubject &m_subject;
    onnx::GraphProto &m_proto;
    OnnxGraph m_graph;
    std::vector<std::string> m_values; ///< by node, as its readers see it
    std::vector<bool> m_severalScales = std::vector<bool>(m_model.graph.nodes.size()); ///< by node: what its readers see has them
};

Result<void> checkSubject(const Model &model, const PlanSubject &subject)
{
    const std::vector<Tap> &taps = model.graph.taps;
    bool same = subject.taps.size() == taps.size();
    for (size_t t = 0; same && t < taps.size(); ++t)
        same = subject.taps[t].tap.path == taps[t].path && subject.taps[t].tap.channels == taps[t].channels;
    if (!same)
        return fail(ErrorCode::BadInput, "is of another model than " + model.info.file, subject.model,
                    "give the weights that the run was made with");
    for (const PlannedTap &tap : subject.taps)
        if (tap.setting.isQuantized() && !isCalibrated(tap))
            return fail(ErrorCode::BadInput, "has no scale: the plan is not calibrated", tap.tap.path,
                        "take a run file, or run the plan first");
    return {};
}

void addMetadata(onnx::ModelProto &proto, const char *key, const std::string &value)
{
    auto *entry = proto.add_metadata_props();
    entry->set_key(key);
    entry->set_value(value);
}

std::string preprocessingText(const ModelInfo &model)
{
    const Preprocessing &p = model.preprocessing;
    const Json json = {{"resize", p.resize}, {"resize_mode", name(p.mode)}, {"interpolation", name(p.interpolation)},
                       {"crop", p.crop}, {"mean", p.mean}, {"deviation", p.deviation}, {"channels", "RGB"}};
    return json.dump();
}

} // namespace

size_t OnnxExport::tapsNotExpressed() const
{
    std::set<std::string> taps;
    for (const NotExpressed &one : notExpressed)
        taps.insert(one.tap);
    return taps.size();
}

Result<OnnxExport> exportOnnx(const Model &model, const PlanSubject &subject, const std::string &path, const CancelToken &cancel)
{
    if (const auto checked = checkSubject(model, subject); !checked)
        return fail(checked.error());
    try {
        onnx::ModelProto proto;
        proto.set_ir_version(kIrVersion);
        proto.set_producer_name("Quantoscope");
        proto.set_producer_version(QUANTOSCOPE_VERSION);
        proto.add_opset_import()->set_version(kOpset);
        Exporter exporter(model, subject, *proto.mutable_graph());
        if (const auto built = exporter.build(cancel); !built)
            return fail(built.error());
        exporter.notes.use = "onnxruntime.InferenceSession(path).run(['logits'], {'image': images})";
        exporter.notes.lines.emplace_back("values are named after Quantoscope's taps: <tap>/quantized is what readers see");
        addMetadata(proto, "quantoscope",
                    planHeader(subject, kOnnxFormat, exporter.notes).dump(-1, ' ', false, Json::error_handler_t::replace));
        addMetadata(proto, "preprocessing", preprocessingText(model.info));
        const size_t size = proto.ByteSizeLong();
        if (size > kLargestFile)
            return fail(ErrorCode::Unsupported, fmt::format("needs {:.1f} GB; one ONNX file may have 2", static_cast<double>(size) / 1e9),
                        path, "quantize more weights, or take a smaller model");
        onnx::checker::check_model(proto);
        std::string bytes;
        proto.SerializeToString(&bytes);
        proto.Clear(); // so that the model is not there twice while it is written
        AtomicFile file(path);
        if (const auto opened = file.open(); !opened)
            return fail(opened.error());
        if (const auto written = file.write(std::as_bytes(std::span(bytes))); !written)
            return fail(written.error());
        if (const auto done = file.commit(); !done)
            return fail(done.error());
        return OnnxExport{static_cast<int64_t>(bytes.size()), exporter.quantized, std::move(exporter.notes.taps)};
    } catch (const std::bad_alloc &) {
        return fail(ErrorCode::Internal, "out of memory", path, "the model is built in memory before it is written");
    } catch (const std::exception &error) {
        return fail(ErrorCode::Internal, fmt::format("ONNX refuses the model: {}", error.what()), path);
    }
}

Result<OnnxExport> exportOnnx(const Model &model, const RunRecord &run, const std::string &path, const CancelToken &cancel)
{
    if (model.info.sha256 != run.model.sha256)
        return fail(ErrorCode::BadInput, "is not the checkpoint that the run was made with", model.info.file,
                    "give that one");
    if (model.info.imageSize != run.model.imageSize)
        return fail(ErrorCode::BadInput, fmt::format("is opened for images of {} pixels; the run had {}", model.info.imageSize,
                                                     run.model.imageSize),
                    model.info.file, "open it for the same size");
    return exportOnnx(model, run.quantized ? planSubject(run) : floatSubject(model.graph, model.info), path, cancel);
}

} // namespace quantoscope
