// SPDX-License-Identifier: Apache-2.0
// Field lines of an HTTP/1.1 message, borrowed from the bytes they were read from, and the names a proxy acts
// upon.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace cosdiag::http {

/// The field names that decide framing, routing or diagnosis; all others are `other` and pass untouched.
enum class FieldId : std::uint8_t {
    other,
    access_control_expose_headers,
    authorization,
    connection,
    content_encoding,
    content_length,
    content_type,
    expect,
    host,
    keep_alive,
    max_forwards,
    proxy_authenticate,
    proxy_authorization,
    proxy_connection,
    server,
    te,
    trailer,
    transfer_encoding,
    upgrade,
    user_agent,
    via,
    www_authenticate,
    x_cos_diagnosis,
    x_cos_request_id,
    count_, ///< how many there are, not a field
};

/// The id of a field name, case-insensitively.
FieldId identify(std::string_view name) noexcept;

/// ASCII case-insensitive equality.
bool equals(std::string_view a, std::string_view b) noexcept;

/// Without spaces and tabs at both ends (OWS, RFC 9110 §5.6.3).
std::string_view trim(std::string_view text) noexcept;

/// Bytes of the token that the text begins with; 0 if it begins with none (RFC 9110 §5.6.2).
std::size_t token_size(std::string_view text) noexcept;

/// Whether the text is one token.
inline bool is_token(std::string_view text) noexcept
{
    return !text.empty() && token_size(text) == text.size();
}

/// Whether the text holds no control character but horizontal tab (field-content, RFC 9110 §5.5).
bool is_field_text(std::string_view text) noexcept;

/// One field line. Borrowed from the read buffer.
struct FieldLine {
    std::string_view name;
    std::string_view value; ///< without the blanks around it
    std::string_view line;  ///< the whole line as received, without its CRLF
    FieldId id = FieldId::other;
};

/// Fields in the order received, with an index of the known ones.
class Fields {
public:
    void clear() noexcept;
    void add(const FieldLine& field);

    /// Lines that bear this name.
    unsigned count(FieldId id) const noexcept { return x_count_[index(id)]; }

    bool has(FieldId id) const noexcept { return count(id) != 0; }

    /// The first line's value; empty when there is none.
    std::string_view value(FieldId id) const noexcept
    {
        return has(id) ? x_lines_[x_first_[index(id)]].value : std::string_view{};
    }

    /// The first value of a field by its name, for names without an id.
    std::string_view value(std::string_view name) const noexcept;

    const std::vector<FieldLine>& lines() const noexcept { return x_lines_; }

private:
    static constexpr std::size_t index(FieldId id) noexcept { return static_cast<std::size_t>(id); }

    static constexpr auto ids_ = static_cast<std::size_t>(FieldId::count_);
    std::vector<FieldLine> x_lines_;
    std::array<std::uint16_t, ids_> x_first_{};
    std::array<std::uint16_t, ids_> x_count_{};
};

/// Calls `visit` with each element of a comma-separated list, blanks trimmed, empty ones left out (RFC 9110
/// §5.6.1.2), over all lines of that name.
template <class Visit>
void for_each_element(const Fields& fields, FieldId id, Visit visit)
{
    if (!fields.has(id))
        return;
    for (const FieldLine& field : fields.lines()) {
        if (field.id != id)
            continue;
        std::string_view rest = field.value;
        while (!rest.empty()) {
            const auto comma = rest.find(',');
            const std::string_view element = trim(rest.substr(0, comma));
            if (!element.empty())
                visit(element);
            rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
        }
    }
}

/// Whether the list in this field holds the token, case-insensitively.
bool has_token(const Fields& fields, FieldId id, std::string_view token) noexcept;

} // namespace cosdiag::http
