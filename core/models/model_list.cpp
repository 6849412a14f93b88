// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/model_list.h"

#include "core/base/json_object.h"
#include "core/io/posix_file.h"
#include "core/models/model_family.h"

#include <cstdlib>

namespace quantoscope {

extern const char *const builtinModelList;

namespace {

constexpr int64_t kLargestSize = 1 << 20;

void readArchitecture(JsonObject &object, const ModelFamily &family, Architecture &architecture)
{
    using Kind = ArchitectureField::Kind;
    for (const ArchitectureField &field : family.fields()) {
        std::vector<int64_t> numbers;
        if (field.kind == Kind::Flag) {
            bool flag = false;
            object.boolean(field.name, flag);
            numbers = {flag ? 1 : 0};
        } else if (field.kind == Kind::PerStage) {
            object.integers(field.name, numbers, 1, kLargestSize);
        } else {
            int64_t number = 0;
            object.integer(field.name, number, 1, kLargestSize);
            if (number > 0)
                numbers = {number};
        }
        if (!numbers.empty())
            architecture.set(field.name, std::move(numbers));
    }
    if (!architecture.has("image"))
        object.complain("has no image");
    object.refuseOthers();
}

void readTriple(JsonObject &object, const char *key, double lowest, std::array<float, 3> &out)
{
    const Json *value = object.field(key);
    const bool three = value && value->is_array() && value->size() == out.size();
    for (size_t i = 0; i < out.size(); ++i) {
        if (!three || !(*value)[i].is_number() || (*value)[i].get<double>() < lowest || (*value)[i].get<double>() > 1000)
            return object.complain(fmt::format("needs {} as three numbers (red, green, blue) of {} or more", key, lowest));
        out[i] = (*value)[i].get<float>();
    }
}

void readPreprocessing(JsonObject &object, Preprocessing &preprocessing)
{
    object.integer("resize", preprocessing.resize, 1, 1 << 14);
    object.integer("crop", preprocessing.crop, 1, 1 << 14);
    std::string interpolation = name(preprocessing.interpolation);
    object.text("interpolation", interpolation);
    preprocessing.interpolation
        = interpolation == name(Interpolation::Bilinear) ? Interpolation::Bilinear : Interpolation::Bicubic;
    if (interpolation != name(preprocessing.interpolation))
        object.complain(fmt::format("has interpolation = \"{}\"; known are bicubic, bilinear", interpolation));
    readTriple(object, "mean", 0, preprocessing.mean);
    readTriple(object, "std", 1e-6, preprocessing.deviation);
    object.refuseOthers();
}

/// Reads a field that is an object of its own; its first complaint becomes the owner's.
template <typename Read>
void readPart(JsonObject &owner, const char *key, std::optional<Error> &error, Read read)
{
    const Json *value = owner.field(key);
    if (!value)
        return owner.complain(fmt::format("has no {}", key));
    JsonObject part(*value, owner.origin(), fmt::format("{}, {},", owner.label(), key));
    read(part);
    if (!error)
        error = part.error();
}

Result<ModelEntry> readEntry(const Json &json, const std::string &origin, size_t number)
{
    const bool named = json.is_object() && json.contains("name") && json["name"].is_string();
    const std::string label
        = named ? fmt::format("model '{}'", json["name"].get<std::string>()) : fmt::format("model {}", number);
    JsonObject object(json, origin, label);
    ModelEntry entry;
    std::optional<Error> partError;
    object.text("name", entry.name);
    object.text("title", entry.title);
    object.text("family", entry.family);
    if (!object.error() && (entry.name.empty() || entry.title.empty()))
        object.complain("has no name or no title");
    const ModelFamily *family = nullptr;
    std::string known;
    for (const ModelFamily *candidate : modelFamilies()) {
        if (candidate->name() == entry.family)
            family = candidate;
        known += (known.empty() ? "" : ", ") + candidate->name();
    }
    if (!family)
        object.complain(fmt::format("has family = \"{}\"; known are {}", entry.family, known));
    if (object.error())
        return fail(*object.error());
    readPart(object, "architecture", partError,
             [&](JsonObject &part) { readArchitecture(part, *family, entry.architecture); });
    object.boolean("input_quantized", entry.inputQuantized);
    if (object.field("layer_norm_epsilon")) {
        double epsilon = 0;
        object.number("layer_norm_epsilon", epsilon);
        if (!(epsilon > 0 && epsilon < 1))
            object.complain("has a layer_norm_epsilon that is not between 0 and 1");
        entry.layerNormEpsilon = epsilon;
    }
    readPart(object, "preprocessing", partError, [&](JsonObject &part) { readPreprocessing(part, entry.preprocessing); });
    if (const Json *top1 = object.field("published_top1"); top1 && !top1->is_null()) {
        object.number("published_top1", entry.publishedTop1);
        if (entry.publishedTop1 < 0 || entry.publishedTop1 > 100)
            object.complain("has a published_top1 outside 0 to 100 percent");
    }
    object.text("published_in", entry.publishedIn);
    readPart(object, "source", partError, [&](JsonObject &part) {
        part.text("url", entry.source.url);
        part.text("file", entry.source.file);
        part.text("sha256", entry.source.sha256);
        part.text("licence", entry.source.licence);
        const bool hex = entry.source.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
        if (!hex || entry.source.sha256.size() > 64)
            part.complain("has a sha256 that is not up to 64 lower-case hexadecimal digits");
        if (entry.source.file.find('/') != std::string::npos)
            part.complain("has a file that is not just a name");
        part.refuseOthers();
    });
    object.text("note", entry.note);
    object.refuseOthers();
    if (!object.error() && !partError && entry.preprocessing.crop != entry.architecture.value("image"))
        object.complain(fmt::format("crops to {} for an image of {}", entry.preprocessing.crop,
                                    entry.architecture.value("image")));
    if (object.error() || partError)
        return fail(object.error() ? *object.error() : *partError);
    return entry;
}

} // namespace

Result<std::vector<ModelEntry>> parseModelList(const std::string &text, const std::string &origin)
{
    const Result<Json> document = parseJsonObject(text, origin);
    if (!document)
        return fail(document.error());
    JsonObject head(*document, origin, "the list");
    std::string format;
    int version = 0;
    head.text("format", format);
    head.integer("version", version, 0, 1 << 20);
    const Json *models = head.field("models");
    head.refuseOthers();
    if (format != "quantoscope-models" || version != 1)
        head.complain("is not of format \"quantoscope-models\", version 1");
    if (!models || !models->is_array())
        head.complain("has no list 'models'");
    if (head.error())
        return fail(*head.error());
    std::vector<ModelEntry> entries;
    for (size_t i = 0; i < models->size(); ++i) {
        Result<ModelEntry> entry = readEntry((*models)[i], origin, i + 1);
        if (!entry)
            return fail(entry.error());
        const bool twice = std::any_of(entries.begin(), entries.end(),
                                       [&](const ModelEntry &other) { return other.name == entry->name; });
        if (twice)
            return fail(ErrorCode::CorruptFile, fmt::format("model '{}' is there twice", entry->name), origin);
        entries.push_back(std::move(*entry));
    }
    return entries;
}

Result<std::vector<ModelEntry>> readModelLists(const std::string &userFile)
{
    Result<std::vector<ModelEntry>> entries = parseModelList(builtinModelList, "built-in models.json");
    if (!entries || userFile.empty())
        return entries;
    const auto file = MappedFile::open(userFile);
    if (!file)
        return file.error().code == ErrorCode::NotFound ? entries : fail(file.error());
    const auto bytes = (*file)->bytes();
    const auto own = parseModelList(std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size()), userFile);
    if (!own)
        return fail(own.error());
    for (const ModelEntry &entry : *own) {
        const auto same = std::find_if(entries->begin(), entries->end(),
                                       [&](const ModelEntry &other) { return other.name == entry.name; });
        if (same != entries->end())
            *same = entry;
        else
            entries->push_back(entry);
    }
    return entries;
}

std::string userModelFile()
{
    const char *config = std::getenv("XDG_CONFIG_HOME");
    const char *home = std::getenv("HOME");
    if (config && *config == '/') // the specification says that anything else is to be ignored
        return std::string(config) + "/quantoscope/models.json";
    return home && *home ? std::string(home) + "/.config/quantoscope/models.json" : std::string();
}

const Result<std::vector<ModelEntry>> &modelRegistry()
{
    static const Result<std::vector<ModelEntry>> registry = readModelLists(userModelFile());
    return registry;
}

const std::vector<ModelEntry> &knownModels()
{
    if (modelRegistry())
        return *modelRegistry();
    static const std::vector<ModelEntry> builtin = readModelLists({}).value_or(std::vector<ModelEntry>());
    return builtin;
}

} // namespace quantoscope
