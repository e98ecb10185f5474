// SPDX-License-Identifier: Apache-2.0
// The fields of a form upload (POST Object, 436/14690; RFC 7578). The file itself is never looked at.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace cosdiag {

/// One field that stood before the file. Borrowed from the body.
struct FormField {
    std::string_view name;
    std::string_view value;
};

struct Form {
    std::vector<FormField> fields;
    std::string_view file_name; ///< of the `file` part, for `${filename}` in the key
    bool complete = false;      ///< the file part or the closing boundary was reached: no field can follow

    /// The first field of that name (case matters not), or nothing.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
};

/// The boundary of a `multipart/form-data` Content-Type, or nothing for any other type.
std::optional<std::string_view> form_boundary(std::string_view content_type) noexcept;

/// Reads the fields up to the file. Bounds: 64 fields. Bare LF line ends are let pass.
/// Errors: none; what does not look like a form gives no fields.
Form read_form(std::string_view body, std::string_view boundary);

} // namespace cosdiag
