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

#ifdef __SSE2__

using Block = __m128i;
constexpr std::size_t block_size = sizeof(Block);

template <class Value>
Value value_at(const char* at) noexcept
{
    Value value{};
    __builtin_memcpy(&value, at, sizeof value);
    return value;
}

/// 1 to 16 bytes as a whole block, in which some of them stand more than once.
Block block_of(const char* at, std::size_t size) noexcept
{
    if (size >= 8)
        return _mm_set_epi64x(value_at<long long>(at + size - 8), value_at<long long>(at));
    if (size >= 4) {
        const int front = value_at<int>(at);
        const int back = value_at<int>(at + size - 4);
        return _mm_set_epi32(back, front, back, front);
    }
    const std::array<char, 4> few = {at[0], at[size / 2], at[size - 1], at[0]};
    return _mm_set1_epi32(value_at<int>(few.data()));
}

/// Bytes above 0x7f are negative here, and so no letters.
Block lower(Block bytes) noexcept
{
    const Block upper = _mm_and_si128(
        _mm_cmpgt_epi8(bytes, _mm_set1_epi8('A' - 1)), _mm_cmplt_epi8(bytes, _mm_set1_epi8('Z' + 1))
    );
    return _mm_or_si128(bytes, _mm_and_si128(upper, _mm_set1_epi8('a' - 'A')));
}

bool same_but_for_case(Block a, Block b) noexcept
{
    return _mm_movemask_epi8(_mm_cmpeq_epi8(lower(a), lower(b))) == 0xffff;
}

/// Bytes are compared as signed: shifting by 0x80 makes "below 0x20" one comparison.
bool has_control(Block bytes) noexcept
{
    const Block below = _mm_cmplt_epi8(
        _mm_xor_si128(bytes, _mm_set1_epi8(static_cast<char>(0x80))), _mm_set1_epi8(0x20 - 0x80)
    );
    const Block tab = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t'));
    const Block del = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f));
    return _mm_movemask_epi8(_mm_or_si128(_mm_andnot_si128(tab, below), del)) != 0;
}

#else

using Block = char;
constexpr std::size_t block_size = 1;

template <class Value>
Value value_at(const char* at) noexcept
{
    return *at;
}

Block block_of(const char* at, std::size_t) noexcept
{
    return *at;
}

constexpr char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool same_but_for_case(Block a, Block b) noexcept
{
    return lower(a) == lower(b);
}

bool has_control(Block byte) noexcept
{
    const auto c = static_cast<unsigned char>(byte);
    return (c < 0x20 && c != '\t') || c == 0x7f;
}

#endif

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
        if ((name.front() | 0x20) == known[row].name.front() && equals(name, known[row].name))
            return known[row].id;
    }
    return FieldId::other;
}

bool equals(std::string_view a, std::string_view b) noexcept
{
    std::size_t left = a.size();
    if (left != b.size())
        return false;
    const char* one = a.data();
    const char* other = b.data();
    for (; left > block_size; left -= block_size, one += block_size, other += block_size) {
        if (!same_but_for_case(value_at<Block>(one), value_at<Block>(other)))
            return false;
    }
    return left == 0 || same_but_for_case(block_of(one, left), block_of(other, left));
}

std::string_view trim(std::string_view text) noexcept
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

std::size_t token_size(std::string_view text) noexcept
{
    std::size_t size = 0;
    while (size < text.size() && tchars[static_cast<unsigned char>(text[size])])
        ++size;
    return size;
}

bool is_field_text(std::string_view text) noexcept
{
    const char* at = text.data();
    std::size_t left = text.size();
    for (; left > block_size; left -= block_size, at += block_size) {
        if (has_control(value_at<Block>(at)))
            return false;
    }
    return left == 0 || !has_control(block_of(at, left));
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
