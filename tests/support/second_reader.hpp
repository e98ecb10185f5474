// SPDX-License-Identifier: Apache-2.0
// Another reader of HTTP/1.1 heads, Boost.Beast's, to compare ours with: what we accept it must read alike.
#pragma once

#include "proxy/http/framing.hpp"
#include "proxy/http/head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::test {

struct SecondReading {
    bool accepted = false;
    std::string fault;
    std::string start;                                       ///< method and target, or the status
    std::vector<std::pair<std::string, std::string>> fields; ///< in order
    bool chunked = false;
    bool has_length = false;
    std::uint64_t length = 0;
};

template <bool is_request>
SecondReading read_again(std::string_view bytes)
{
    namespace http = boost::beast::http;
    http::parser<is_request, http::empty_body> parser;
    parser.header_limit(1 << 20);
    parser.body_limit(boost::none);
    parser.eager(false);
    boost::beast::error_code error;
    parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    SecondReading reading;
    reading.accepted = !error && parser.is_header_done();
    if (!reading.accepted) {
        reading.fault = error.message();
        return reading;
    }
    const auto& message = parser.get();
    if constexpr (is_request)
        reading.start = std::string(message.method_string()) + " " + std::string(message.target());
    else
        reading.start = std::to_string(message.result_int());
    for (const auto& field : message)
        reading.fields.emplace_back(field.name_string(), field.value());
    reading.chunked = parser.chunked();
    if (const auto length = parser.content_length()) {
        reading.has_length = true;
        reading.length = *length;
    }
    return reading;
}

/// What differs between our reading and Beast's; empty if nothing does.
template <class Head>
std::string difference(const Head& head, const http::Framing& framing, const SecondReading& second)
{
    if (!second.accepted)
        return "refused: " + second.fault;
    if (second.fields.size() != head.fields.lines().size())
        return "number of fields";
    // Beast groups lines of one name; ours are looked up there one by one.
    auto theirs = second.fields;
    for (const http::FieldLine& ours : head.fields.lines()) {
        bool found = false;
        for (auto it = theirs.begin(); it != theirs.end() && !found; ++it) {
            if (it->first == ours.name && it->second == ours.value) {
                theirs.erase(it);
                found = true;
                break;
            }
        }
        if (!found)
            return "field " + std::string(ours.line);
    }
    if (second.chunked != (framing.kind == http::Framing::Kind::chunked))
        return "chunked";
    const bool length = framing.kind == http::Framing::Kind::length;
    if (length && (!second.has_length || second.length != framing.length))
        return "length";
    return {};
}

} // namespace cosdiag::test
