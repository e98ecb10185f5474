// SPDX-License-Identifier: Apache-2.0
// What the proxy says in its own name: refusals and failures, the hint page, and answers to OPTIONS and TRACE
// that are meant for it.
#pragma once

#include "proxy/http/head.hpp"

#include <string>
#include <string_view>

namespace cosdiag::http {

/// Why a request is not forwarded, or its answer not delivered.
struct Refusal {
    unsigned status = 400;
    std::string_view code;        ///< of the XML body; one that COS does not use
    std::string_view proxy_error; ///< RFC 9209 §2.3 error type
    std::string message;          ///< what happened, with the values seen, and what to do; no secrets

    std::string_view extra_field{}; ///< a further field line, e.g. a challenge; without CRLF
};

/// How an answer of our own is put on the wire.
struct AnswerContext {
    bool head_only = false;      ///< the request was HEAD
    bool close = true;           ///< the connection ends after it
    std::string_view resource{}; ///< host and path without the query, for the XML; may be empty
    std::string_view date{};     ///< IMF-fixdate (RFC 9110 §5.6.7)
};

/// A COS-shaped error with Proxy-Status, because COS SDKs show Code and Message and nothing else.
std::string refusal_answer(const Refusal& refusal, const AnswerContext& context);

/// The page for who speaks to the proxy as if it were a server.
std::string hint_page(std::string_view own_address, const AnswerContext& context);

/// 200 to an OPTIONS whose Max-Forwards has run out, or that is meant for the proxy (RFC 9110 §9.3.7).
std::string options_answer(const AnswerContext& context);

/// The request as received, less its secrets (RFC 9110 §9.3.8).
std::string trace_answer(const RequestHead& head, const AnswerContext& context);

/// Text as XML character data; bytes that XML cannot hold become `?`.
std::string xml_text(std::string_view text);

/// The reason phrase of a status (RFC 9110 §15); empty for an unknown one.
std::string_view reason_phrase(unsigned status) noexcept;

} // namespace cosdiag::http
