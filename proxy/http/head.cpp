// SPDX-License-Identifier: Apache-2.0
#include "proxy/http/head.hpp"

#include <algorithm>
#include <cstring>

namespace cosdiag::http {

namespace {

using Kind = HeadFault::Kind;

/// Bytes of empty lines that are put up with before a request (RFC 9112 §2.2).
constexpr std::size_t most_empty = 64;

constexpr HeadFault malformed(std::string_view what)
{
    return {Kind::malformed, what};
}

/// Takes one line off the front of `rest`, without its CRLF; the scanner has seen to it that there is one.
std::string_view take_line(std::string_view& rest) noexcept
{
    const auto lf = rest.find('\n');
    const std::string_view line = rest.substr(0, lf - 1);
    rest.remove_prefix(lf + 1);
    return line;
}

/// "HTTP/1.1" and its kin (RFC 9112 §2.3): a single digit on each side of the dot.
HeadFault parse_version(std::string_view text, unsigned& minor)
{
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() != 8 || !text.starts_with("HTTP/") || !digit(text[5]) || text[6] != '.' ||
        !digit(text[7]))
        return malformed("its HTTP version is not written HTTP/1.1");
    if (text[5] != '1')
        return {Kind::version, "its HTTP version is not 1.0 or 1.1"};
    minor = text[7] == '0' ? 0 : 1;
    return {};
}

bool is_target_text(std::string_view text) noexcept
{
    // Bytes above 0x7f are no URI characters, but clients send raw UTF-8 and sign it; they cannot end the
    // target early.
    // find_first_of asks the C library about each character.
    const auto holds = [&](char c) { return text.find(c) != std::string_view::npos; };
    return !text.empty() && is_field_text(text) && !holds('\t') && !holds(' ') && !holds('#');
}

HeadFault parse_fields(std::string_view rest, const HeadLimits& limits, Fields& fields)
{
    fields.clear();
    while (true) {
        const std::string_view line = take_line(rest);
        if (line.empty())
            return {};
        if (fields.lines().size() == limits.fields)
            return {Kind::too_large, "it has more field lines than the limit allows (limits.fields)"};
        FieldLine field;
        if (const HeadFault fault = parse_field(line, field))
            return fault;
        fields.add(field);
    }
}

} // namespace

/// What may stand before the start-line; moves x_begin_ past it. False while it cannot be told yet.
bool HeadScanner::skip_empty_lines(std::string_view bytes, HeadFault& fault) noexcept
{
    while (x_role_ == Role::request && x_begin_ < bytes.size() && bytes[x_begin_] == '\r') {
        if (x_begin_ + 1 == bytes.size())
            return false;
        if (bytes[x_begin_ + 1] != '\n')
            fault = malformed("a CR stands without its LF");
        else if (x_begin_ >= most_empty)
            fault = malformed("only empty lines came");
        if (fault)
            return false;
        x_scanned_ = x_line_ = x_begin_ += 2;
    }
    return x_begin_ < bytes.size();
}

/// Whether what is there of the start-line can still become one.
HeadFault HeadScanner::check_start(std::string_view start, bool complete) const noexcept
{
    constexpr std::string_view name = "HTTP/";
    if (x_role_ == Role::response) {
        const std::size_t size = std::min(start.size(), name.size());
        return start.substr(0, size) == name.substr(0, size) ? HeadFault{}
                                                             : malformed("it is no HTTP message");
    }
    if (!is_token(start.substr(0, 1)))
        return malformed("its first byte starts no HTTP message");
    constexpr std::size_t version = name.size() + 3;
    if (complete && (start.size() < version || start.substr(start.size() - version, name.size()) != name))
        return malformed("its first line is not METHOD TARGET VERSION");
    return {};
}

HeadScanner::Result HeadScanner::scan(std::string_view bytes, std::size_t limit) noexcept
{
    HeadFault fault;
    if (x_line_ == x_begin_) {
        if (!skip_empty_lines(bytes, fault))
            return {x_begin_, 0, fault};
        fault = check_start(bytes.substr(x_begin_), false);
        if (fault)
            return {x_begin_, 0, fault};
    }
    while (const void* found = std::memchr(bytes.data() + x_scanned_, '\n', bytes.size() - x_scanned_)) {
        const auto lf = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
        if (lf == x_line_ || bytes[lf - 1] != '\r')
            return {x_begin_, 0, malformed("a line ends in LF without CR")};
        if (x_line_ == x_begin_)
            fault = check_start(bytes.substr(x_begin_, lf - 1 - x_begin_), true);
        if (fault)
            return {x_begin_, 0, fault};
        if (lf - 1 == x_line_) {
            if (lf + 1 - x_begin_ > limit)
                return {x_begin_, 0, too_large()};
            return {x_begin_, lf + 1, {}};
        }
        x_line_ = x_scanned_ = lf + 1;
    }
    x_scanned_ = bytes.size();
    return {x_begin_, 0, bytes.size() - x_begin_ < limit ? HeadFault{} : too_large()};
}

/// The fault of a head that has reached the limit without its end.
HeadFault HeadScanner::too_large() const noexcept
{
    if (x_line_ == x_begin_)
        return {Kind::target_too_long, "its first line is longer than the limit for a whole head"};
    return {Kind::too_large, "its head is larger than the limit allows"};
}

HeadFault parse_request(std::string_view bytes, const HeadLimits& limits, RequestHead& head)
{
    const std::string_view line = take_line(bytes);
    // RFC 9112 §3: single spaces; anything looser is where smuggling begins (§11.2).
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return malformed("its first line is not METHOD TARGET VERSION");
    head.method = line.substr(0, first);
    head.target = line.substr(first + 1, last - first - 1);
    if (!is_token(head.method))
        return malformed("its method is not a token");
    if (!is_target_text(head.target))
        return malformed("its target holds a blank, a control character or a fragment");
    if (const HeadFault fault = parse_version(line.substr(last + 1), head.minor_version))
        return fault;
    return parse_fields(bytes, limits, head.fields);
}

HeadFault parse_response(std::string_view bytes, const HeadLimits& limits, ResponseHead& head)
{
    const std::string_view line = take_line(bytes);
    const auto space = line.find(' ');
    if (const HeadFault fault = parse_version(line.substr(0, space), head.minor_version))
        return fault;
    const std::string_view rest =
        space == std::string_view::npos ? std::string_view{} : line.substr(space + 1);
    const auto digit = [&](std::size_t at) { return rest[at] >= '0' && rest[at] <= '9'; };
    if (rest.size() < 3 || !digit(0) || !digit(1) || !digit(2) || rest[0] == '0')
        return malformed("its status is not three digits from 100 on");
    // RFC 9112 §4 wants a space before an empty reason too; servers that leave it out are understood in one
    // way only.
    if (rest.size() > 3 && rest[3] != ' ')
        return malformed("its status is not three digits from 100 on");
    head.status = static_cast<unsigned>(rest[0] - '0') * 100 + static_cast<unsigned>(rest[1] - '0') * 10 +
                  static_cast<unsigned>(rest[2] - '0');
    head.reason = rest.size() > 4 ? rest.substr(4) : std::string_view{};
    if (!is_field_text(head.reason))
        return malformed("its reason phrase holds a control character");
    return parse_fields(bytes, limits, head.fields);
}

HeadFault parse_field(std::string_view line, FieldLine& field) noexcept
{
    if (line.front() == ' ' || line.front() == '\t')
        return malformed("a field line is folded or begins with a blank (RFC 9112 section 5.2)");
    const std::size_t colon = token_size(line);
    if (colon == 0 || colon == line.size() || line[colon] != ':') {
        if (line.find(':') == std::string_view::npos)
            return malformed("a field line has no colon");
        return malformed("a field name is empty, or holds a blank or another character that names cannot have"
        );
    }
    field.name = line.substr(0, colon);
    field.line = line;
    field.value = trim(line.substr(colon + 1));
    // A CR inside the line is caught here too: it is a control character.
    if (!is_field_text(field.value))
        return malformed("a field value holds a control character");
    field.id = identify(field.name);
    return {};
}

} // namespace cosdiag::http
