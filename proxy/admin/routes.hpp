// SPDX-License-Identifier: Apache-2.0
// What a request to the admin listener gets. No sockets.
#pragma once

#include "proxy/admin/answers.hpp"
#include "proxy/admin/guard.hpp"
#include "proxy/admin/query.hpp"
#include "proxy/net/users.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace cosdiag::admin {

/// A request, as far as it counts. Borrowed.
struct Request {
    std::string_view method, target, accept, authorization, last_event_id;
    Provenance from;
};

struct Reply {
    unsigned status = 200;
    std::string_view type = "application/json";
    std::string body;
    std::string_view policy{}; ///< a Content-Security-Policy; empty: the strictest
    bool asks_for_user = false;
};

/// Entries as they come: server-sent events (HTML Standard §9.2).
struct Follow {
    Query query;
};

/// What the answers are made from.
struct Knowledge {
    const Source& source;
    const log::Journal& journal;
    const net::MeterRoom& meters;
    const Tallies& tallies;
    const Instance& instance;
};

/// `users`: who may see requests. Never throws for what a client sends.
std::variant<Reply, Follow> answer(const Request& request, const Knowledge& known, net::Users& users);

} // namespace cosdiag::admin
