// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/follower.hpp"

#include "diagnose/json_value.hpp"
#include "diagnose/text.hpp"

#include <utility>

namespace cosdiag::admin {

namespace {

std::uint64_t beginning(const Query& query, std::uint64_t latest)
{
    if (!query.after)
        return latest;
    return *query.after > latest ? 0 : *query.after;
}

} // namespace

Follower::Follower(const log::Journal& journal, Query query, std::string instance)
    : x_journal_(journal),
      x_query_(std::move(query)),
      x_instance_(std::move(instance)),
      x_seen_(beginning(x_query_, journal.latest()))
{
}

std::string Follower::greeting() const
{
    return join(
        "event: instance\ndata: {\"instance\":\"",
        x_instance_,
        R"(","latest":)",
        std::to_string(x_journal_.latest()),
        "}\n\n"
    );
}

std::string Follower::next(std::size_t most)
{
    const bool all = x_query_.filter == log::EntryFilter{};
    std::string events;
    for (auto entries = x_journal_.after(x_seen_, most); !entries.empty() && events.empty();
         entries = x_journal_.after(x_seen_, most)) {
        if (const std::uint64_t first = entries.front().seq; first > x_seen_ + 1)
            events += join(
                "event: forgotten\ndata: {\"from\":",
                std::to_string(x_seen_ + 1),
                ",\"to\":",
                std::to_string(first - 1),
                "}\n\n"
            );
        x_seen_ = entries.back().seq;
        for (const log::Journal::Entry& each : entries) {
            if (all || x_query_.filter.matches(parse_json(*each.line)))
                events +=
                    join("id: ", std::to_string(each.seq), "\nevent: diagnosis\ndata: ", *each.line, "\n\n");
        }
    }
    return events;
}

} // namespace cosdiag::admin
