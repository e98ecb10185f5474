// SPDX-License-Identifier: Apache-2.0
#include "proxy/http/chunked.hpp"

#include "proxy/http/head.hpp"

#include <algorithm>
#include <cstring>

namespace cosdiag::http {

/// The input being walked and the output growing behind it.
struct ChunkedBody::Cursor {
    char* bytes = nullptr;
    std::size_t size = 0;
    Step step;

    std::string_view rest() const noexcept { return {bytes + step.consumed, size - step.consumed}; }

    void keep(std::string_view text) noexcept
    {
        if (text.data() != bytes + step.produced)
            std::memmove(bytes + step.produced, text.data(), text.size());
        step.produced += text.size();
    }

    /// The next line without its CRLF; false when it is not whole yet or is a fault.
    bool take_line(std::string_view& line) noexcept
    {
        const std::string_view text = rest();
        const auto lf = text.substr(0, max_line).find('\n');
        if (lf == std::string_view::npos) {
            if (text.size() >= max_line)
                step.fault = "a line of the chunked coding is too long";
            return false;
        }
        if (lf == 0 || text[lf - 1] != '\r') {
            step.fault = "a line of the chunked coding ends in LF without CR";
            return false;
        }
        line = text.substr(0, lf - 1);
        step.consumed += lf + 1;
        return true;
    }
};

namespace {

int hex_digit(char c) noexcept
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char low = static_cast<char>(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// RFC 9110 §6.5.1: fields that frame, route, authenticate or steer have no business in a trailer section.
bool may_trail(const FieldLine& field) noexcept
{
    switch (field.id) {
    case FieldId::other:
    case FieldId::server:
    case FieldId::user_agent:
        break;
    default:
        return false;
    }
    constexpr std::string_view never[] = {
        "age",
        "cache-control",
        "content-range",
        "cookie",
        "date",
        "expires",
        "location",
        "pragma",
        "range",
        "retry-after",
        "set-cookie",
        "if-match",
        "if-none-match",
    };
    return std::none_of(std::begin(never), std::end(never), [&](std::string_view name) {
        return equals(name, field.name);
    });
}

} // namespace

ChunkedBody::Step ChunkedBody::filter(char* bytes, std::size_t size, Tap* tap)
{
    Cursor cursor{bytes, size, {}};
    bool more = true;
    while (more && x_state_ != State::done && cursor.step.consumed < size) {
        switch (x_state_) {
        case State::size_line:
            more = take_size_line(cursor);
            break;
        case State::data:
            take_data(cursor, tap);
            break;
        case State::data_end:
            more = take_data_end(cursor);
            break;
        case State::trailers:
            more = take_trailer(cursor);
            break;
        case State::done:
            break;
        }
    }
    cursor.step.done = x_state_ == State::done;
    return cursor.step;
}

bool ChunkedBody::take_size_line(Cursor& cursor)
{
    std::string_view line;
    if (!cursor.take_line(line))
        return false;
    std::size_t digits = 0;
    x_left_ = 0;
    while (digits < line.size() && hex_digit(line[digits]) >= 0) {
        if (digits == 15) { // 60 bits: far beyond any body, and no overflow
            cursor.step.fault = "a chunk size has too many digits";
            return false;
        }
        x_left_ = x_left_ * 16 + static_cast<unsigned>(hex_digit(line[digits++]));
    }
    const std::string_view extension = trim(line.substr(digits));
    const bool extended = !extension.empty();
    if (digits == 0 || (extended ? extension.front() != ';' : digits != line.size()) ||
        !is_field_text(extension)) {
        cursor.step.fault = "a chunk size is not a plain hexadecimal number";
        return false;
    }
    if (x_output_ == Output::relay) {
        cursor.keep(line.substr(0, digits));
        cursor.keep("\r\n");
    }
    x_state_ = x_left_ == 0 ? State::trailers : State::data;
    return true;
}

void ChunkedBody::take_data(Cursor& cursor, Tap* tap)
{
    const std::string_view rest = cursor.rest();
    const std::string_view data =
        rest.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(x_left_, rest.size())));
    if (tap != nullptr)
        tap->add(data);
    cursor.keep(data);
    cursor.step.consumed += data.size();
    x_left_ -= data.size();
    if (x_left_ == 0)
        x_state_ = State::data_end;
}

bool ChunkedBody::take_data_end(Cursor& cursor)
{
    const std::string_view rest = cursor.rest();
    if (rest[0] != '\r' || (rest.size() > 1 && rest[1] != '\n')) {
        cursor.step.fault = "a chunk is longer than its size says";
        return false;
    }
    if (rest.size() < 2)
        return false;
    if (x_output_ == Output::relay)
        cursor.keep("\r\n");
    cursor.step.consumed += 2;
    x_state_ = State::size_line;
    return true;
}

bool ChunkedBody::take_trailer(Cursor& cursor)
{
    const std::size_t before = cursor.step.consumed;
    std::string_view line;
    if (!cursor.take_line(line))
        return false;
    x_trailers_ += cursor.step.consumed - before;
    if (x_trailers_ > max_trailers) {
        cursor.step.fault = "the trailer section is larger than the limit allows";
        return false;
    }
    if (line.empty()) {
        if (x_output_ == Output::relay)
            cursor.keep("\r\n");
        x_state_ = State::done;
        return true;
    }
    FieldLine field;
    if (const HeadFault fault = parse_field(line, field)) {
        cursor.step.fault = fault.what;
        return false;
    }
    if (x_output_ == Output::relay && may_trail(field)) {
        cursor.keep(line);
        cursor.keep("\r\n");
    }
    return true;
}

} // namespace cosdiag::http
