// SPDX-License-Identifier: Apache-2.0
// What becomes of a request: forwarded, tunnelled, answered here or refused; and how its head leaves.
#pragma once

#include "proxy/http/answer.hpp"
#include "proxy/http/framing.hpp"
#include "proxy/http/head.hpp"
#include "proxy/http/target.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace cosdiag::http {

/// What the proxy calls itself in messages.
struct Identity {
    std::string pseudonym = "cosdiag"; ///< in Via; unique per process, so that two in a row are no loop
    bool via = true;
};

/// How the requests on a connection say which origin they are for.
struct Addressing {
    enum class By : std::uint8_t {
        target, ///< by their targets, in absolute-form: the client knows that this is a proxy
        tunnel, ///< by the CONNECT that opened the tunnel they come in
        host,   ///< by Host: the client was told to connect here as if to the origin
        route,  ///< by Host too, but they were led here on their way, and all of them goes on as it is
    };

    By by = By::target;
    Authority tunnel; ///< of the CONNECT, or what TLS named, for requests without Host; borrowed
};

/// The request goes to an origin. Borrowed from the head it was planned from.
struct Forward {
    Authority origin;
    std::string_view path_and_query; ///< as it leaves
    Framing body;
    bool add_slash = false;      ///< the URL had no path: `/` goes before its query (RFC 9112 §3.2.1)
    bool client_persists = true; ///< the client's connection may serve another request
    bool replace_host = false;   ///< Host named another authority, which loses (RFC 9112 §3.2.2)
    bool websocket = false;      ///< an upgrade to websocket is asked for and goes on
    bool idempotent = false;     ///< RFC 9110 §9.2.2
    bool bound = false;          ///< Negotiate or NTLM: the credentials belong to the connection
    int max_forwards = -1;       ///< the value to leave with; -1: leave the field alone
};

struct Tunnel {
    Authority origin;
};

/// The request is for the proxy itself.
struct Local {
    enum class Kind : std::uint8_t { hint, options, trace };
    Kind kind = Kind::hint;
    bool close = true;
};

using Plan = std::variant<Forward, Tunnel, Local, Refusal>;

/// Decides. `head`, the bytes below it and those below `addressing` must outlive the plan.
Plan plan_request(const RequestHead& head, const Identity& identity, const Addressing& addressing = {});

/// The 400 for a head or a framing that cannot be read.
Refusal head_refusal(const HeadFault& fault);
Refusal framing_refusal(unsigned status, std::string_view what);

/// What Host says when the request leaves.
std::string_view host_sent(const RequestHead& head, const Forward& plan) noexcept;

/// The next hop when that is a proxy.
struct NextProxy {
    std::string_view credentials; ///< value of Proxy-Authorization; empty: it asks for none
};

/// Whether a proxy can be asked for it in absolute-form: a target without a path, or one that names an
/// authority of its own, cannot be put behind another.
bool fits_absolute_form(const Forward& plan) noexcept;

/// Appends the outgoing head, its empty line included: for an origin, or with `proxy` for one (RFC 9112
/// §3.2.2; then `plan` has to fit). Its URL names what Host says, since proxies write Host anew from it.
void write_request(
    const RequestHead& head,
    const Forward& plan,
    const Identity& identity,
    std::string& out,
    const NextProxy* proxy = nullptr
);

} // namespace cosdiag::http
