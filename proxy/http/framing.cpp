// SPDX-License-Identifier: Apache-2.0
#include "proxy/http/framing.hpp"

#include <optional>

namespace cosdiag::http {

namespace {

/// RFC 9110 §8.6: digits only; 18 of them cannot overflow.
bool parse_length(std::string_view text, std::uint64_t& length) noexcept
{
    if (text.empty() || text.size() > 18)
        return false;
    length = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return false;
        length = length * 10 + static_cast<unsigned>(c - '0');
    }
    return true;
}

/// RFC 9112 §6.1 and §7: `chunked`, once and alone, is the one transfer coding spoken here.
std::optional<FramingFault> check_transfer_encoding(const Fields& fields, unsigned minor_version)
{
    if (minor_version == 0)
        return FramingFault{400, "an HTTP/1.0 message bears Transfer-Encoding (RFC 9112 section 6.1)"};
    if (fields.has(FieldId::content_length))
        return FramingFault{
            400, "Content-Length and Transfer-Encoding stand together (RFC 9112 section 6.3)"};
    unsigned codings = 0;
    unsigned chunked = 0;
    bool last_is_chunked = false;
    for_each_element(fields, FieldId::transfer_encoding, [&](std::string_view coding) {
        ++codings;
        last_is_chunked = equals(coding, "chunked");
        chunked += last_is_chunked ? 1U : 0U;
    });
    if (!last_is_chunked || chunked != 1)
        return FramingFault{
            400, "chunked is not the last and only such coding of Transfer-Encoding (RFC 9112 section 6.3)"};
    if (codings != 1)
        return FramingFault{
            501, "a transfer coding other than chunked is not understood (RFC 9112 section 6.1)"};
    return std::nullopt;
}

FramingResult declared_framing(const Fields& fields, unsigned minor_version, Framing without)
{
    if (fields.has(FieldId::transfer_encoding)) {
        if (const auto fault = check_transfer_encoding(fields, minor_version))
            return *fault;
        return Framing{Framing::Kind::chunked, 0};
    }
    if (fields.has(FieldId::content_length)) {
        Framing framing{Framing::Kind::length, 0};
        if (fields.count(FieldId::content_length) != 1)
            return FramingFault{400, "Content-Length stands more than once (RFC 9112 section 6.3)"};
        if (!parse_length(fields.value(FieldId::content_length), framing.length))
            return FramingFault{400, "Content-Length is not one plain number (RFC 9110 section 8.6)"};
        return framing;
    }
    return without;
}

} // namespace

FramingResult request_framing(const RequestHead& head)
{
    return declared_framing(head.fields, head.minor_version, Framing{});
}

FramingResult response_framing(const ResponseHead& head, std::string_view method)
{
    // RFC 9112 §6.3, items 1 and 2: these end with their head, whatever their fields say.
    if (head.status < 200 || head.status == 204)
        return Framing{};
    const FramingResult declared =
        declared_framing(head.fields, head.minor_version, Framing{Framing::Kind::until_close, 0});
    // HEAD and 304 may describe a body they do not have; what they say must make sense all the same.
    if (std::holds_alternative<Framing>(declared) &&
        (method == "HEAD" || head.status == 304 || (method == "CONNECT" && head.status / 100 == 2)))
        return Framing{};
    return declared;
}

} // namespace cosdiag::http
