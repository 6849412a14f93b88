// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/tensor_store.h"

#include "core/io/checkpoint_reader.h"
#include "core/io/posix_file.h"
#include "core/io/safetensors.h"
#include "core/io/state_dict.h"
#include "core/io/torch_checkpoint.h"
#include "core/io/weights_files.h"
#include "core/io/zip_checkpoint.h"

#include <QUtf8StringView>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <exception>
#include <iterator>
#include <string_view>

namespace quantoscope {

static_assert(std::endian::native == std::endian::little, "checkpoints are read in place as little-endian");

namespace {

struct TypeTraits {
    const char *name;
    size_t bytes;
    bool floating;
};

const TypeTraits &traits(TensorType type)
{
    // In the order of TensorType; names as safetensors writes them.
    static constexpr std::array<TypeTraits, 10> table{{{"F32", 4, true},
                                                       {"F16", 2, true},
                                                       {"BF16", 2, true},
                                                       {"F64", 8, true},
                                                       {"I64", 8, false},
                                                       {"I32", 4, false},
                                                       {"I16", 2, false},
                                                       {"I8", 1, false},
                                                       {"U8", 1, false},
                                                       {"BOOL", 1, false}}};
    return table[static_cast<size_t>(type)];
}

/// IEEE half to single precision without branches, so that the compiler can vectorise the loop around it.
float fromHalf(uint16_t half)
{
    const uint32_t sign = static_cast<uint32_t>(half & 0x8000U) << 16;
    const uint32_t exponent = half & 0x7C00U;
    const uint32_t mantissa = half & 0x03FFU;
    // A subnormal is mantissa * 2^-24, a normal single: exact, and not at the mercy of a flush-to-zero mode.
    const uint32_t subnormal = std::bit_cast<uint32_t>(static_cast<float>(mantissa) * 0x1p-24F);
    const uint32_t normal = ((exponent | mantissa) << 13) + (112U << 23);
    const uint32_t special = 0x7F800000U | (mantissa << 13);
    const uint32_t magnitude = exponent == 0 ? subnormal : (exponent == 0x7C00U ? special : normal);
    return std::bit_cast<float>(sign | magnitude);
}

float fromBfloat(uint16_t bfloat)
{
    return std::bit_cast<float>(static_cast<uint32_t>(bfloat) << 16);
}

/// Tensors start anywhere in a file, hence no aligned loads. `step` is the distance of two values, in values.
template <typename Stored, typename Convert>
void convertRow(const std::byte *from, int64_t step, float *to, int64_t count, Convert value)
{
    for (int64_t i = 0; i < count; ++i) {
        Stored stored;
        std::memcpy(&stored, from + static_cast<size_t>(i * step) * sizeof stored, sizeof stored);
        to[i] = value(stored);
    }
}

void convertRow(TensorType type, const std::byte *from, int64_t step, float *to, int64_t count)
{
    switch (type) {
    case TensorType::F32: convertRow<float>(from, step, to, count, [](float value) { return value; }); break;
    case TensorType::F16: convertRow<uint16_t>(from, step, to, count, fromHalf); break;
    case TensorType::BF16: convertRow<uint16_t>(from, step, to, count, fromBfloat); break;
    case TensorType::F64:
        convertRow<double>(from, step, to, count, [](double value) { return static_cast<float>(value); });
        break;
    default: break; // integers have no float form; callers ask isFloating() first
    }
}

/// The axes from `axis` on; returns where the next value goes.
float *convertAxes(const TensorEntry &entry, size_t axis, const std::byte *from, float *to)
{
    const size_t width = byteSize(entry.type);
    const int64_t extent = entry.shape[axis];
    if (axis + 1 == entry.shape.size()) {
        convertRow(entry.type, from, entry.strides[axis], to, extent);
        return to + extent;
    }
    for (int64_t i = 0; i < extent; ++i)
        to = convertAxes(entry, axis + 1, from + static_cast<size_t>(i * entry.strides[axis]) * width, to);
    return to;
}

// ---- what a file is, by its first bytes ----

constexpr size_t shortestFile = 10; // a safetensors file without tensors
constexpr const char *chooseHint = "choose a checkpoint: .safetensors, .pth, .bin or .npz";
constexpr const char *damagedHint = "the file is damaged; download or export it again";
constexpr const char *downloadHint = "download the checkpoint again and check the address";

bool startsWith(std::span<const std::byte> bytes, std::string_view magic)
{
    return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

std::string_view beginning(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), std::min<size_t>(bytes.size(), 512)};
}

bool isZip(std::span<const std::byte> bytes)
{
    return startsWith(bytes, "PK\x03\x04") || startsWith(bytes, "PK\x05\x06"); // with members or empty
}

bool isPickle(std::span<const std::byte> bytes)
{
    return bytes.size() > 1 && bytes[0] == std::byte{0x80} && bytes[1] >= std::byte{2} && bytes[1] <= std::byte{5};
}

bool isHtml(std::span<const std::byte> bytes)
{
    const std::string_view text = beginning(bytes);
    const size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (first == std::string_view::npos || text[first] != '<')
        return false;
    std::string lower(text.substr(first, 64));
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower.starts_with("<!doctype html") || lower.starts_with("<html") || lower.starts_with("<head");
}

bool isText(std::span<const std::byte> bytes)
{
    const std::string_view text = beginning(bytes);
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto code = static_cast<unsigned char>(c);
        return code >= 0x20 ? code != 0x7F : c == '\t' || c == '\n' || c == '\r' || c == '\f';
    });
}

struct Container {
    const char *what; ///< completes "this is ..."
    bool (*recognises)(std::span<const std::byte>);
    CheckpointReader read; ///< null: known, but not read
    ErrorCode refusal;     ///< when `read` is null
    const char *hint;
};

/// First match wins. A further container is its own reader file and a row here.
constexpr std::array containers{
    Container{"a safetensors file", looksLikeSafetensors, readSafetensors, ErrorCode::Unsupported, ""},
    Container{"a zip archive", isZip, readZipCheckpoint, ErrorCode::Unsupported, ""},
    Container{"a Python pickle", isPickle, readTorchLegacy, ErrorCode::Unsupported, ""},
    Container{"a NumPy array (.npy)", [](std::span<const std::byte> b) { return startsWith(b, "\x93NUMPY"); }, nullptr,
              ErrorCode::Unsupported, "a checkpoint holds named tensors; save them with numpy.savez"},
    Container{"an HDF5 file", [](std::span<const std::byte> b) { return startsWith(b, "\x89HDF\r\n\x1a\n"); }, nullptr,
              ErrorCode::Unsupported, "open a run of Quantoscope as a run; of Keras models, export the weights as safetensors"},
    Container{"a gzip archive", [](std::span<const std::byte> b) { return startsWith(b, "\x1f\x8b"); }, nullptr,
              ErrorCode::Unsupported, "unpack it first"},
    Container{"a GGUF file", [](std::span<const std::byte> b) { return startsWith(b, "GGUF"); }, nullptr,
              ErrorCode::Unsupported, "open the float weights as safetensors"},
    Container{"a JPEG image", [](std::span<const std::byte> b) { return startsWith(b, "\xff\xd8\xff"); }, nullptr,
              ErrorCode::Unsupported, chooseHint},
    Container{"a PNG image", [](std::span<const std::byte> b) { return startsWith(b, "\x89PNG"); }, nullptr,
              ErrorCode::Unsupported, chooseHint},
    Container{"a web page (HTML), not a checkpoint", isHtml, nullptr, ErrorCode::CorruptFile, downloadHint},
    Container{"a Git LFS pointer, not the file itself",
              [](std::span<const std::byte> b) { return startsWith(b, "version https://git-lfs"); }, nullptr,
              ErrorCode::CorruptFile, "fetch the file with `git lfs pull`"},
    Container{"a text file, not a checkpoint", isText, nullptr, ErrorCode::CorruptFile, chooseHint},
};

/// Opens and reads one file; errors are complete.
Result<CheckpointContents> readCheckpoint(const std::string &path, const std::string &key)
{
    const auto file = MappedFile::open(path);
    if (!file)
        return fail(file.error());
    const std::span<const std::byte> bytes = (*file)->bytes();
    if (bytes.empty())
        return fail(ErrorCode::CorruptFile, "the file is empty", path, downloadHint);
    if (bytes.size() < shortestFile)
        return fail(ErrorCode::CorruptFile,
                    "the file has only " + std::to_string(bytes.size()) + " bytes: it is cut off", path, downloadHint);
    const auto container = std::find_if(containers.begin(), containers.end(),
                                        [&](const Container &candidate) { return candidate.recognises(bytes); });
    if (container == containers.end())
        return fail(ErrorCode::CorruptFile, "this is not a checkpoint: its first bytes belong to no known format", path,
                    chooseHint);
    if (!container->read)
        return fail(container->refusal, std::string("this is ") + container->what, path, container->hint);
    auto contents = container->read(*file, key);
    if (contents && contents->tensors.empty())
        contents = fail(ErrorCode::CorruptFile, "it holds no tensors");
    if (!contents) {
        Error error = contents.error();
        error.where = path;
        if (error.hint.empty() && error.code == ErrorCode::CorruptFile)
            error.hint = damagedHint;
        return fail(std::move(error));
    }
    for (const auto &[name, entry] : contents->tensors) // names end in messages, JSON and HDF5
        if (!QUtf8StringView(name.data(), static_cast<qsizetype>(name.size())).isValidUtf8())
            return fail(ErrorCode::CorruptFile, "the name of tensor " + displayName(name) + " is not UTF-8", path, damagedHint);
    return contents;
}

/// Joins the parts of a sharded checkpoint, whose names differ.
void append(CheckpointContents &all, CheckpointContents part)
{
    if (!all.memory) {
        all = std::move(part);
        return;
    }
    all.tensors.merge(part.tensors);
    std::move(part.memory->files.begin(), part.memory->files.end(), std::back_inserter(all.memory->files));
    std::move(part.memory->owned.begin(), part.memory->owned.end(), std::back_inserter(all.memory->owned));
    std::move(part.notes.begin(), part.notes.end(), std::back_inserter(all.notes));
}

void markMapped(TensorEntry &entry, const TensorMemory &memory)
{
    entry.mapped = std::any_of(memory.files.begin(), memory.files.end(),
                               [&](const auto &file) { return file->contains(entry.bytes); });
}

} // namespace

const char *name(TensorType type)
{
    return traits(type).name;
}

size_t byteSize(TensorType type)
{
    return traits(type).bytes;
}

bool isFloating(TensorType type)
{
    return traits(type).floating;
}

std::string shapeText(const std::vector<int64_t> &shape)
{
    std::string text = "[";
    for (const int64_t extent : shape)
        text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
    return text + "]";
}

Result<TensorStorePtr> openTensorStore(const std::string &path, const std::string &key)
{
    try {
        const auto sources = WeightsFiles::find(path);
        if (!sources)
            return fail(sources.error());
        CheckpointContents all;
        for (const std::string &file : sources->files()) {
            auto contents = readCheckpoint(file, key);
            if (!contents)
                return fail(contents.error());
            if (const auto expected = sources->checkShard(file, contents->tensors); !expected)
                return fail(expected.error());
            append(all, std::move(*contents));
        }
        for (auto &[name, entry] : all.tensors)
            markMapped(entry, *all.memory);
        for (std::string &note : stripWrapperPrefixes(all.tensors))
            all.notes.push_back(std::move(note));
        std::string config = sources->readConfig(all.notes);
        return std::make_shared<const TensorStore>(std::move(all.tensors), std::move(all.memory), std::move(all.container),
                                                   std::move(all.notes), std::move(config));
    } catch (const std::exception &exception) { // memory, or a library's own: neither may pass this border
        return fail(ErrorCode::Internal, std::string("cannot read the checkpoint: ") + exception.what(), path);
    }
}

Result<std::vector<std::string>> weightFiles(const std::string &path)
{
    auto sources = WeightsFiles::find(path);
    if (!sources)
        return fail(sources.error());
    return sources->files();
}

void convertToFloat(const TensorEntry &entry, float *out)
{
    if (!entry.parts.empty()) {
        for (const TensorEntry &part : entry.parts) {
            convertToFloat(part, out);
            out += part.elements();
        }
    } else if (entry.elements() > 0) { // an empty tensor may have no memory at all
        if (entry.strides.empty())
            convertRow(entry.type, entry.bytes.data(), 1, out, entry.elements());
        else
            convertAxes(entry, 0, entry.bytes.data(), out);
    }
}

void releasePages(const TensorEntry &entry)
{
    for (const TensorEntry &part : entry.parts)
        releasePages(part);
    if (entry.mapped)
        dropPages(entry.bytes);
}

} // namespace quantoscope
