// SPDX-License-Identifier: GPL-3.0-or-later
// Outcome of a fallible operation: a value, or what went wrong, where, and what to do about it.
#pragma once

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace quantoscope {

enum class ErrorCode {
    Usage,       ///< the request contradicts itself (command line: exit code 2)
    NotFound,    ///< a file, folder or name does not exist
    CorruptFile, ///< content violates its own format
    Unsupported, ///< well-formed, but nothing here can handle it
    BadInput,    ///< readable data that cannot be used (empty folder, unknown class)
    Io,          ///< the operating system refused a read or write
    Cancelled,   ///< the user asked to stop; not a failure of the program
    Internal,    ///< a broken assumption of ours, or an exception of a library
};

/// Text is English and untranslated; views map `code` to a translated sentence and show the rest as detail.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string what;  ///< what failed, one sentence without a final period
    std::string where; ///< file, tensor, option or tap it happened at; may be empty
    std::string hint;  ///< what to do about it; may be empty

    /// "where: what. hint" on one line, as printed by the command line.
    [[nodiscard]] std::string message() const
    {
        std::string text = where.empty() ? what : where + ": " + what;
        if (!hint.empty())
            text += " (" + hint + ")";
        return text;
    }
};

template <typename T>
using Result = tl::expected<T, Error>;

/// Shorthand for the error branch: `return fail(ErrorCode::NotFound, "no such file", path);`
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string what, std::string where = {},
                                                std::string hint = {})
{
    return tl::unexpected<Error>(Error{code, std::move(what), std::move(where), std::move(hint)});
}

[[nodiscard]] inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

} // namespace quantoscope
