// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/meta_mat.h"

#include "core/imaging/synsets.h"

#include <fmt/format.h>
#include <matio.h>

#include <cmath>
#include <memory>

#include <sys/mman.h>
#include <unistd.h>

namespace quantoscope {

namespace {

/// matio reads files only; this one has a name and no place on disk.
class MemoryFile {
public:
    explicit MemoryFile(std::span<const std::byte> bytes) : m_descriptor(::memfd_create("meta.mat", MFD_CLOEXEC))
    {
        while (valid() && !bytes.empty()) {
            const ssize_t count = ::write(m_descriptor, bytes.data(), bytes.size());
            if (count <= 0) {
                ::close(m_descriptor);
                m_descriptor = -1;
                return;
            }
            bytes = bytes.subspan(static_cast<size_t>(count));
        }
    }
    MemoryFile(const MemoryFile &) = delete;
    MemoryFile &operator=(const MemoryFile &) = delete;
    ~MemoryFile()
    {
        if (valid())
            ::close(m_descriptor);
    }
    [[nodiscard]] bool valid() const { return m_descriptor >= 0; }
    [[nodiscard]] std::string path() const { return fmt::format("/proc/self/fd/{}", m_descriptor); }

private:
    int m_descriptor;
};

struct FileCloser {
    void operator()(mat_t *file) const { Mat_Close(file); }
};
struct VariableFreer {
    void operator()(matvar_t *variable) const { Mat_VarFree(variable); }
};

size_t elements(const matvar_t &variable)
{
    size_t count = 1;
    for (int d = 0; d < variable.rank; ++d)
        if (__builtin_mul_overflow(count, variable.dims[d], &count))
            return 0;
    return count;
}

/// The number in a 1 x 1 array; 0 when there is none.
int number(const matvar_t *variable)
{
    if (!variable || !variable->data || variable->nbytes < 1 || elements(*variable) != 1)
        return 0;
    double value = 0;
    if (variable->class_type == MAT_C_DOUBLE && variable->nbytes == sizeof(double))
        value = *static_cast<const double *>(variable->data);
    else if (variable->class_type == MAT_C_UINT16 && variable->nbytes == sizeof(mat_uint16_t))
        value = *static_cast<const mat_uint16_t *>(variable->data);
    else if (variable->class_type == MAT_C_INT32 && variable->nbytes == sizeof(mat_int32_t))
        value = *static_cast<const mat_int32_t *>(variable->data);
    return value >= 1 && value <= 1e6 && value == std::floor(value) ? static_cast<int>(value) : 0;
}

/// A text of 8 or 16 bit characters; empty when it holds other than ASCII.
std::string text(const matvar_t *variable)
{
    if (!variable || !variable->data || variable->class_type != MAT_C_CHAR)
        return {};
    const size_t count = elements(*variable);
    if (count == 0 || count > 64)
        return {};
    std::string result;
    for (size_t i = 0; i < count; ++i) {
        unsigned character = 0;
        if (variable->nbytes == count)
            character = static_cast<const unsigned char *>(variable->data)[i];
        else if (variable->nbytes == 2 * count)
            character = static_cast<const mat_uint16_t *>(variable->data)[i];
        if (character < 0x20 || character > 0x7E)
            return {};
        result += static_cast<char>(character);
    }
    return result;
}

} // namespace

Result<std::unordered_map<int, std::string>> readMetaMat(std::span<const std::byte> bytes, const std::string &where)
{
    const auto unusable = [&where](std::string what) {
        return fail(ErrorCode::CorruptFile, std::move(what), where,
                    "expected data/meta.mat of the ILSVRC 2012 development kit");
    };
    const MemoryFile memory(bytes);
    if (!memory.valid())
        return fail(ErrorCode::Internal, "no memory file can be made", where);
    const std::unique_ptr<mat_t, FileCloser> file(Mat_Open(memory.path().c_str(), MAT_ACC_RDONLY));
    if (!file || Mat_GetVersion(file.get()) != MAT_FT_MAT5)
        return unusable("this is not a MATLAB 5 file");
    const std::unique_ptr<matvar_t, VariableFreer> synsets(Mat_VarRead(file.get(), "synsets"));
    if (!synsets || synsets->class_type != MAT_C_STRUCT || !synsets->data)
        return unusable("no struct array \"synsets\" in it");
    const size_t count = elements(*synsets);
    std::unordered_map<int, std::string> wnids;
    for (size_t i = 0; i < count; ++i) {
        const int id = number(Mat_VarGetStructFieldByName(synsets.get(), "ILSVRC2012_ID", i));
        const std::string wnid = text(Mat_VarGetStructFieldByName(synsets.get(), "WNID", i));
        if (id == 0 || !looksLikeWnid(wnid))
            return unusable(fmt::format("synset {} lacks its ILSVRC2012_ID or WNID", i + 1));
        if (!wnids.emplace(id, wnid).second)
            return unusable(fmt::format("ILSVRC2012_ID {} occurs twice", id));
    }
    return wnids;
}

} // namespace quantoscope
