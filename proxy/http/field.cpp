// SPDX-License-Identifier: Apache-2.0
#include "proxy/http/field.hpp"

#include <cstddef>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace cosdiag::http {

namespace {

constexpr std::array<bool, 256> make_tchars()
{
    std::array<bool, 256> table{};
    for (int c = 0; c < 256; ++c)
        table[static_cast<std::size_t>(c)] =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
        table[static_cast<unsigned char>(c)] = true;
    return table;
}

constexpr auto tchars = make_tchars();

constexpr char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

struct Known {
    std::string_view name;
    FieldId id;
};

constexpr Known known[] = {
    {"te", FieldId::te},
    {"via", FieldId::via},
    {"host", FieldId::host},
    {"expect", FieldId::expect},
    {"server", FieldId::server},
    {"trailer", FieldId::trailer},
    {"upgrade", FieldId::upgrade},
    {"connection", FieldId::connection},
    {"keep-alive", FieldId::keep_alive},
    {"user-agent", FieldId::user_agent},
    {"content-type", FieldId::content_type},
    {"max-forwards", FieldId::max_forwards},
    {"authorization", FieldId::authorization},
    {"content-length", FieldId::content_length},
    {"x-cos-diagnosis", FieldId::x_cos_diagnosis},
    {"content-encoding", FieldId::content_encoding},
    {"proxy-connection", FieldId::proxy_connection},
    {"www-authenticate", FieldId::www_authenticate},
    {"x-cos-request-id", FieldId::x_cos_request_id},
    {"transfer-encoding", FieldId::transfer_encoding},
    {"proxy-authenticate", FieldId::proxy_authenticate},
    {"proxy-authorization", FieldId::proxy_authorization},
    {"access-control-expose-headers", FieldId::access_control_expose_headers},
};

constexpr std::size_t longest = 29;

/// Where the names of each length begin in `known`, which is sorted by length.
constexpr auto make_starts()
{
    std::array<std::uint8_t, longest + 2> starts{};
    std::size_t row = 0;
    for (std::size_t length = 0; length < starts.size(); ++length) {
        while (row < std::size(known) && known[row].name.size() < length)
            ++row;
        starts[length] = static_cast<std::uint8_t>(row);
    }
    return starts;
}

constexpr auto starts = make_starts();

} // namespace

FieldId identify(std::string_view name) noexcept
{
    if (name.size() > longest)
        return FieldId::other;
    for (std::size_t row = starts[name.size()]; row < starts[name.size() + 1]; ++row) {
        if (equals(name, known[row].name))
            return known[row].id;
    }
    return FieldId::other;
}

bool equals(std::string_view a, std::string_view b) noexcept
{
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i]))
            return false;
    }
    return true;
}

std::string_view trim(std::string_view text) noexcept
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool is_token(std::string_view text) noexcept
{
    for (const char c : text) {
        if (!tchars[static_cast<unsigned char>(c)])
            return false;
    }
    return !text.empty();
}

bool is_field_text(std::string_view text) noexcept
{
    const char* at = text.data();
    const char* const end = at + text.size();
#ifdef __SSE2__
    // Bytes are compared as signed: shifting by 0x80 makes "below 0x20" one comparison.
    const __m128i shift = _mm_set1_epi8(static_cast<char>(0x80));
    const __m128i below = _mm_set1_epi8(static_cast<char>(0x20 - 0x80));
    const __m128i tab = _mm_set1_epi8('\t');
    const __m128i del = _mm_set1_epi8(0x7f);
    for (; end - at >= 16; at += 16) {
        __m128i bytes{};
        __builtin_memcpy(&bytes, at, sizeof bytes);
        const __m128i control =
            _mm_andnot_si128(_mm_cmpeq_epi8(bytes, tab), _mm_cmplt_epi8(_mm_xor_si128(bytes, shift), below));
        if (_mm_movemask_epi8(_mm_or_si128(control, _mm_cmpeq_epi8(bytes, del))) != 0)
            return false;
    }
#endif
    for (; at != end; ++at) {
        const auto c = static_cast<unsigned char>(*at);
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

void Fields::clear() noexcept
{
    x_lines_.clear();
    x_count_.fill(0);
}

void Fields::add(const FieldLine& field)
{
    auto& count = x_count_[index(field.id)];
    if (count == 0)
        x_first_[index(field.id)] = static_cast<std::uint16_t>(x_lines_.size());
    ++count;
    x_lines_.push_back(field);
}

std::string_view Fields::value(std::string_view name) const noexcept
{
    for (const FieldLine& field : x_lines_) {
        if (equals(field.name, name))
            return field.value;
    }
    return {};
}

bool has_token(const Fields& fields, FieldId id, std::string_view token) noexcept
{
    bool found = false;
    for_each_element(fields, id, [&](std::string_view element) { found = found || equals(element, token); });
    return found;
}

} // namespace cosdiag::http
