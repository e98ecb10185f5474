// SPDX-License-Identifier: Apache-2.0
// What becomes of an origin's answer, and how its head leaves.
#pragma once

#include "proxy/http/forward.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace cosdiag::http {

/// The request an answer belongs to, as far as it matters for relaying.
struct Asked {
    std::string_view method;
    unsigned client_minor_version = 1;
    bool websocket = false;
};

/// An answer that can be relayed.
struct Reply {
    Framing body;
    bool interim = false;         ///< 1xx but 101: another answer follows
    bool switches = false;        ///< 101 to an upgrade that was asked for: a tunnel follows
    bool decode_chunks = false;   ///< the client speaks HTTP/1.0: data without chunks, ended by close
    bool origin_persists = false; ///< the origin's connection may serve another request
    bool bound = false;           ///< the origin authenticates the connection (Negotiate, NTLM)
    bool drop_length = false;     ///< 1xx or 204 with Content-Length: it must not be there (RFC 9110 §8.6)
};

using ReplyResult = std::variant<Reply, Refusal>;

ReplyResult plan_reply(const ResponseHead& head, const Asked& asked);

/// What the proxy adds to an answer.
struct ReplyAdditions {
    bool close = false;              ///< the client's connection ends after this answer
    std::string_view diagnosis{};    ///< value of X-Cos-Diagnosis; replaces one that is present. Empty: none
    bool expose_to_browsers = false; ///< name the field in Access-Control-Expose-Headers, if that is present
};

/// Appends the outgoing head, its empty line included.
void write_reply(
    const ResponseHead& head,
    const Reply& plan,
    const Identity& identity,
    const ReplyAdditions& additions,
    std::string& out
);

/// The 502 for an answer that cannot be read.
Refusal bad_answer(std::string_view what);

} // namespace cosdiag::http
