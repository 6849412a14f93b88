// SPDX-License-Identifier: GPL-3.0-or-later
// From tensors to a model: recognise the family, settle what the tensors do not tell, check every tensor, build the graph.
#include "core/base/json_object.h"
#include "core/io/file_hash.h"
#include "core/io/tensor_checks.h"
#include "core/models/model_family.h"

#include <cctype>
#include <cmath>
#include <compare>
#include <cstring>

namespace quantoscope {

namespace {

constexpr int64_t kUsualHeadWidth = 64;
constexpr int kLargestImage = 2048; // the attention of a larger one would not fit into any memory

/// What HuggingFace's config.json says beside the weights.
struct CheckpointConfig {
    int64_t heads = 0;
    int64_t image = 0;
    std::optional<double> layerNormEpsilon;
};

Result<CheckpointConfig> readConfig(const TensorStore &store, const std::string &file)
{
    CheckpointConfig config;
    if (store.config().empty())
        return config;
    const std::string origin = file + ", config.json";
    const Result<Json> document = parseJsonObject(store.config(), origin);
    if (!document)
        return fail(document.error());
    JsonObject object(*document, origin, "the model's description");
    // These fields are a number in a ViT's description, other families have other ones.
    const auto number = [&](const char *key) { return document->contains(key) && (*document)[key].is_number(); };
    if (number("num_attention_heads"))
        object.integer("num_attention_heads", config.heads, 1, 1 << 16);
    if (number("image_size"))
        object.integer("image_size", config.image, 1, 1 << 16);
    if (number("layer_norm_eps")) {
        double epsilon = 0;
        object.number("layer_norm_eps", epsilon);
        config.layerNormEpsilon = epsilon;
    }
    std::string activation = "gelu";
    object.text("hidden_act", activation);
    if (object.error())
        return fail(*object.error());
    if (activation != "gelu")
        return fail(ErrorCode::Unsupported, fmt::format("its activation function is {}, not the exact GELU", activation),
                    origin);
    return config;
}

std::string simplified(std::string text)
{
    for (char &c : text)
        c = c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// What speaks for a published model when several have the same sizes, most telling first.
struct Evidence {
    size_t names = 0;     ///< length of the longest of its names in the names of file and folder
    bool epsilon = false; ///< the file states a LayerNorm epsilon, and it is the entry's
    bool ownName = false; ///< the name found is the registry's, not that of a repository
    bool suffix = false;  ///< published in this kind of file
    auto operator<=>(const Evidence &) const = default;
};

Evidence evidenceFor(const ModelEntry &entry, const std::string &path, std::optional<double> epsilon)
{
    const std::string simple = simplified(path);
    const size_t slash = simple.find_last_of('/');
    const size_t folder = slash == std::string::npos || slash == 0 ? 0 : simple.find_last_of('/', slash - 1) + 1;
    const std::string ending = simple.substr(folder); // folder/file
    const auto within = [&](const std::string &name) {
        return !name.empty() && ending.find(simplified(name)) != std::string::npos ? name.size() : 0;
    };
    const auto suffix = [](const std::string &name) { return name.substr(std::min(name.find_last_of('.'), name.size())); };
    Evidence evidence;
    evidence.names = std::max(within(entry.name), within(entry.source.file));
    evidence.ownName = evidence.names > 0;
    // A repository's name, as in https://huggingface.co/google/vit-base-patch16-224/resolve/...
    const std::string &url = entry.source.url;
    for (size_t begin = 0; begin < url.size();) {
        const size_t end = std::min(url.find('/', begin), url.size());
        const std::string part = url.substr(begin, end - begin);
        if (part.find('.') == std::string::npos && within(part) > evidence.names) {
            evidence.names = part.size();
            evidence.ownName = false;
        }
        begin = end + 1;
    }
    evidence.epsilon = epsilon && entry.layerNormEpsilon == epsilon;
    evidence.suffix = suffix(entry.source.file) == suffix(path);
    return evidence;
}

/// Of the published models with these sizes the one with the best evidence, the first among equals; null when there is
/// none.
const ModelEntry *recognise(const std::string &family, const Architecture &sizes, const std::string &file,
                            std::optional<double> epsilon, const std::vector<ModelEntry> &models, ModelInfo &info)
{
    std::vector<std::pair<const ModelEntry *, Evidence>> fitting;
    for (const ModelEntry &entry : models)
        if (entry.family == family && entry.architecture.agreesWith(sizes))
            fitting.emplace_back(&entry, evidenceFor(entry, file, epsilon));
    if (fitting.empty())
        return nullptr;
    const auto best = std::max_element(fitting.begin(), fitting.end(),
                                       [](const auto &a, const auto &b) { return a.second < b.second; });
    std::string others; // that only the kind of file, or nothing, rules out
    for (const auto &[entry, evidence] : fitting) {
        const bool asGood = evidence.names == best->second.names && evidence.epsilon == best->second.epsilon
                         && evidence.ownName == best->second.ownName;
        if (entry != best->first && asGood)
            others += (others.empty() ? "" : ", ") + entry->name;
    }
    if (!others.empty())
        info.assumptions.push_back(fmt::format("taken for {}; {} has tensors of the same sizes, but maybe other "
                                               "preprocessing (--model chooses)",
                                               best->first->name, others));
    return best->first;
}

Result<const ModelEntry *> findEntry(const std::string &wanted, const std::vector<ModelEntry> &models)
{
    if (wanted.empty())
        return nullptr;
    const auto found
        = std::find_if(models.begin(), models.end(), [&](const ModelEntry &entry) { return entry.name == wanted; });
    if (found == models.end())
        return fail(ErrorCode::NotFound, fmt::format("no model is called '{}'", wanted), "--model",
                    "see 'quantoscope-cli models'");
    return &*found;
}

bool isFloatingThroughout(const TensorEntry &entry)
{
    return isFloating(entry.type) && std::all_of(entry.parts.begin(), entry.parts.end(), isFloatingThroughout);
}

Result<void> checkConstant(const Checkpoint &checkpoint, const StoredConstant &constant)
{
    const TensorEntry *entry = checkpoint.find(constant.name);
    if (!entry)
        return {};
    bool equal = entry->shape == constant.shape;
    const std::vector<float> values = equal ? constant.values() : std::vector<float>();
    std::vector<float> stored(values.size());
    if (equal && isFloating(entry->type)) {
        convertToFloat(*entry, stored.data());
    } else if (equal && entry->type == TensorType::I64 && entry->strides.empty()) {
        for (size_t i = 0; i < stored.size(); ++i) {
            int64_t value = 0;
            std::memcpy(&value, entry->bytes.data() + i * sizeof value, sizeof value);
            stored[i] = static_cast<float>(value);
        }
    } else {
        equal = false;
    }
    if (equal && stored == values)
        return {};
    return fail(ErrorCode::CorruptFile,
                fmt::format("constant {} {} {} is not the one that the architecture implies",
                            checkpoint.describe(constant.name), name(entry->type), shapeText(entry->shape)),
                checkpoint.file(), "the model differs from the published architecture in a way that its weights do not show");
}

/// Every tensor that the graph reads is there, of its shape and floating; nothing else is, but for constants.
Result<void> checkTensors(const Checkpoint &checkpoint, const GraphBuilder &graph, const std::string &family)
{
    for (const auto &[tensor, shape] : graph.expected()) {
        const auto entry = checkpoint.require(tensor, shape.size());
        if (!entry)
            return fail(entry.error());
        if ((*entry)->shape != shape)
            return fail(ErrorCode::CorruptFile,
                        fmt::format("tensor {} has shape {}, expected {}", checkpoint.describe(tensor),
                                    shapeText((*entry)->shape), shapeText(shape)),
                        checkpoint.file());
        if (!isFloatingThroughout(**entry))
            return fail(ErrorCode::CorruptFile,
                        fmt::format("tensor {} holds {} values, not floating-point ones", checkpoint.describe(tensor),
                                    name((*entry)->type)),
                        checkpoint.file(), "export the model in float");
    }
    for (const StoredConstant &constant : graph.constants())
        if (const auto same = checkConstant(checkpoint, constant); !same)
            return same;
    const auto isNamed = [](const auto &list, const std::string &tensor) {
        return std::any_of(list.begin(), list.end(), [&](const auto &item) { return item.name == tensor; });
    };
    for (const auto &[tensor, entry] : checkpoint.tensors())
        if (!isNamed(graph.expected(), tensor) && !isNamed(graph.constants(), tensor))
            return fail(ErrorCode::CorruptFile,
                        fmt::format("additional tensor '{}' {} has no place in this {}", tensor, shapeText(entry.shape),
                                    family),
                        checkpoint.file(), "the file may be of another model or be incomplete");
    return {};
}

/// Builds one checkpoint of one family, step by step.
class Assembly {
public:
    Assembly(const ModelFamily &family, Checkpoint checkpoint, const TensorStore &store, const ModelRequest &request)
        : m_family(family), m_checkpoint(std::move(checkpoint)), m_store(store), m_request(request)
    {
    }

    Result<Model> run(const ModelEntry *wanted, const Dialect &dialect, const std::vector<ModelEntry> &models)
    {
        const Result<CheckpointConfig> config = readConfig(m_store, m_request.weights);
        if (!config)
            return fail(config.error());
        Result<Reading> reading = m_family.read(m_checkpoint);
        if (!reading)
            return fail(reading.error());
        m_sizes = std::move(reading->sizes);
        const auto known = config->layerNormEpsilon ? config->layerNormEpsilon : dialect.layerNormEpsilon;
        const ModelEntry *entry = wanted;
        if (!wanted)
            entry = recognise(m_family.name(), m_sizes, m_request.weights, known, models, m_model.info);
        if (const auto fits = settle(wanted, *config); !fits)
            return fail(fits.error());
        if (!entry)
            m_model.info.assumptions.insert(m_model.info.assumptions.end(), reading->assumptions.begin(),
                                            reading->assumptions.end());
        if (const auto heads = settleHeads(*config, entry); !heads)
            return fail(heads.error());
        const double epsilon = known                                ? *known
                             : entry && entry->layerNormEpsilon     ? *entry->layerNormEpsilon
                                                                    : m_family.layerNormEpsilon();
        if (const auto built = buildGraph(epsilon); !built)
            return fail(built.error());
        describe(entry);
        m_model.tensors = std::move(m_checkpoint).store(m_store);
        for (const auto &[tensor, data] : m_model.tensors->tensors())
            m_model.info.parameters += data.elements();
        return std::move(m_model);
    }

private:
    /// Whether the tensors are those that the user, or config.json, says they are.
    Result<void> settle(const ModelEntry *wanted, const CheckpointConfig &config)
    {
        m_stored = m_sizes.value("image");
        m_image = m_request.imageSize > 0 ? m_request.imageSize : m_stored;
        const std::string &file = m_request.weights;
        if (m_image > kLargestImage)
            return fail(ErrorCode::BadInput, fmt::format("an image of {0} x {0} is beyond {1} x {1}", m_image, kLargestImage),
                        "--image-size");
        const auto otherImage = [&](const std::string &who, int64_t image) {
            return fail(ErrorCode::BadInput,
                        fmt::format("its position embedding is for images of {0} x {0}, {1} takes {2} x {2}", m_stored, who,
                                    image),
                        file, fmt::format("--image-size {} interpolates it", image));
        };
        if (wanted && !wanted->architecture.agreesWith(m_sizes)) {
            Architecture resized = m_sizes;
            const int64_t image = wanted->architecture.value("image");
            resized.set("image", image);
            if (!wanted->architecture.agreesWith(resized))
                return fail(ErrorCode::BadInput,
                            fmt::format("its tensors ({}) are not those of {} ({})", m_sizes.text(), wanted->name,
                                        wanted->architecture.text()),
                            file, "leave --model away to recognise it");
            if (m_image != image)
                return otherImage(wanted->name, image);
        }
        if (config.image > 0 && config.image != m_stored && m_request.imageSize == 0)
            return otherImage("config.json", config.image);
        return {};
    }

    Result<void> settleHeads(const CheckpointConfig &config, const ModelEntry *entry)
    {
        if (m_sizes.has("heads")) {
            if (m_request.heads > 0 && m_request.heads != m_sizes.value("heads"))
                return fail(ErrorCode::BadInput,
                            fmt::format("its tensors have {} heads, not {}",
                                        fmt::join(m_sizes.list("heads"), "/"), m_request.heads),
                            m_request.weights, "leave --heads away");
            return {};
        }
        const int64_t published = entry ? entry->architecture.value("heads") : 0;
        for (const int64_t heads : {static_cast<int64_t>(m_request.heads), config.heads, published})
            if (heads > 0) {
                m_sizes.set("heads", heads);
                return {};
            }
        m_sizes.set("heads", std::max<int64_t>(1, m_sizes.value("width") / kUsualHeadWidth));
        m_model.info.assumptions.push_back(fmt::format(
            "{} attention heads assumed ({} dimensions per head; the weights do not tell; --heads changes it)",
            m_sizes.value("heads"), kUsualHeadWidth));
        return {};
    }

    Result<void> buildGraph(double epsilon)
    {
        if (const auto fits = m_family.check(m_sizes, m_request.weights); !fits)
            return fits;
        {
            GraphBuilder asStored(epsilon);
            const int output = m_family.build(asStored, m_sizes);
            if (const auto checked = checkTensors(m_checkpoint, asStored, m_family.title()); !checked)
                return checked;
            for (const StoredConstant &constant : asStored.constants())
                m_checkpoint.remove(constant.name);
            m_model.graph = asStored.finish(output);
        }
        if (m_image == m_stored)
            return {};
        if (const auto resized = m_family.resize(m_checkpoint, m_sizes, m_image); !resized)
            return resized;
        if (const auto fits = m_family.check(m_sizes, "--image-size"); !fits)
            return fits;
        GraphBuilder asWanted(epsilon);
        const int output = m_family.build(asWanted, m_sizes);
        m_model.graph = asWanted.finish(output);
        return {};
    }

    void describe(const ModelEntry *entry)
    {
        ModelInfo &info = m_model.info;
        info.family = m_family.name();
        info.file = m_request.weights;
        info.imageSize = static_cast<int>(m_image);
        info.patch = static_cast<int>(m_sizes.value("patch"));
        info.width = m_sizes.value("width");
        info.classes = static_cast<int>(m_sizes.value("classes"));
        info.distilled = m_sizes.value("distilled") != 0;
        const std::vector<StageInfo> stages = m_family.stages(m_sizes);
        for (const StageInfo &stage : stages) {
            info.depth += stage.depth;
            info.heads = info.heads > 0 ? info.heads : stage.heads;
        }
        if (stages.size() > 1)
            info.stages = stages;
        info.name = entry ? entry->name
                          : fmt::format("{}_w{}_d{}_patch{}_{}", info.family, info.width, info.depth, info.patch,
                                        info.imageSize);
        info.title = entry ? entry->title : info.name;
        if (entry) {
            info.preprocessing = entry->preprocessing;
            info.inputQuantized = entry->inputQuantized;
            adaptPreprocessing();
        } else {
            info.preprocessing.resize = info.imageSize * 256 / 224;
            info.preprocessing.crop = info.imageSize;
            info.assumptions.push_back("preprocessing assumed as for DeiT (the sizes match no published model)");
        }
    }

    /// The published preprocessing is for the published size.
    void adaptPreprocessing()
    {
        Preprocessing &preprocessing = m_model.info.preprocessing;
        if (preprocessing.crop == m_image)
            return;
        preprocessing.resize = static_cast<int>(std::lround(static_cast<double>(preprocessing.resize)
                                                            * static_cast<double>(m_image) / preprocessing.crop));
        preprocessing.crop = static_cast<int>(m_image);
        m_model.info.assumptions.push_back(
            fmt::format("image size {0} x {0} instead of the published {1} x {1}: resize and crop are scaled with it",
                        m_image, m_stored));
    }

    const ModelFamily &m_family;
    Checkpoint m_checkpoint;
    const TensorStore &m_store;
    const ModelRequest &m_request;
    Architecture m_sizes;
    int64_t m_stored = 0; ///< image size of the tensors
    int64_t m_image = 0;  ///< image size of the model
    Model m_model;
};

} // namespace

const std::vector<const ModelFamily *> &modelFamilies()
{
    static const std::vector<const ModelFamily *> families = {&vitFamily(), &swinFamily(), &itpnFamily()};
    return families;
}

Result<ModelPtr> buildModel(TensorStorePtr store, const ModelRequest &request)
{
    if (!modelRegistry())
        return fail(modelRegistry().error());
    const Result<const ModelEntry *> wanted = findEntry(request.model, *modelRegistry());
    if (!wanted)
        return fail(wanted.error());
    std::string titles;
    for (const ModelFamily *family : modelFamilies()) {
        titles += (titles.empty() ? "" : ", ") + family->title();
        if (*wanted && (*wanted)->family != family->name())
            continue;
        for (const Dialect &dialect : family->dialects()) {
            if (!dialect.recognises(*store))
                continue;
            Result<Checkpoint> checkpoint = Checkpoint::translate(*store, dialect, request.weights);
            if (!checkpoint)
                return fail(checkpoint.error());
            Result<Model> model = Assembly(*family, std::move(*checkpoint), *store, request)
                                      .run(*wanted, dialect, *modelRegistry());
            if (!model)
                return fail(model.error());
            return std::make_shared<const Model>(std::move(*model));
        }
        if (*wanted)
            return fail(ErrorCode::BadInput,
                        fmt::format("its tensors are not those of {}: they have no names of a {}", (*wanted)->name,
                                    family->title()),
                        request.weights, "leave --model away to recognise it");
    }
    return fail(ErrorCode::Unsupported,
                fmt::format("its {} tensors (first: {}) belong to no known model family", store->tensors().size(),
                            store->tensors().empty() ? "none" : store->tensors().begin()->first),
                request.weights, "known are " + titles);
}

Result<ModelPtr> openModel(const ModelRequest &request)
{
    const std::string &path = request.weights;
    Result<TensorStorePtr> store = openTensorStore(path, request.key);
    if (!store)
        return fail(store.error());
    Result<ModelPtr> model = buildModel(*store, request);
    if (!model)
        return model;
    if (const auto bad = firstNonFinite(**store))
        return fail(ErrorCode::CorruptFile, fmt::format("NaN or infinite value in {}", *bad), path,
                    "the training or the conversion that wrote this file failed");
    Result<std::string> hash = sha256OfFile(path);
    if (!hash)
        return fail(hash.error());
    auto complete = std::make_shared<Model>(**model);
    complete->info.sha256 = *hash;
    return ModelPtr(std::move(complete));
}

} // namespace quantoscope
