// SPDX-License-Identifier: Apache-2.0
// One who follows diagnoses as they come, as server-sent events (HTML Standard §9.2). No sockets.
#pragma once

#include "proxy/admin/query.hpp"
#include "proxy/log/journal.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace cosdiag::admin {

class Follower {
public:
    /// Begins behind `query.after`, or else with the next entry to come. A number that this process has not
    /// given yet is another's: all that is kept is new then.
    Follower(const log::Journal& journal, Query query, std::string instance);

    /// The event `instance`, which tells whose numbers these are.
    std::string greeting() const;

    /// Events for what has come since, looking at no more than `most` entries; empty: there is nothing more.
    /// What memory has let go of meanwhile is told by the event `forgotten`.
    std::string next(std::size_t most);

private:
    const log::Journal& x_journal_;
    const Query x_query_;
    const std::string x_instance_;
    std::uint64_t x_seen_;
};

} // namespace cosdiag::admin
