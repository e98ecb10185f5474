// SPDX-License-Identifier: Apache-2.0
// A program for the admin listener to tell about: its settings and state, its numbers, and entries in its
// log.
#pragma once

#include "diagnose/json_value.hpp"
#include "diagnose/text.hpp"
#include "proxy/admin/answers.hpp"

#include <doctest/doctest.h>

#include <string>

namespace cosdiag::test {

struct Program final : admin::Source {
    std::shared_ptr<const admin::About> about() const override
    {
        return std::make_shared<const admin::About>(settings);
    }

    admin::State state() const override { return now; }

    admin::Numbers numbers() const { return {meters, tallies, now, {}, 1'795'492'770.5}; }

    admin::About settings;
    admin::State now;
    log::Journal journal;
    net::MeterRoom meters;
    Tallies tallies;
    admin::Instance instance{"0123abcd", 1'795'492'770'500};
};

/// An entry of the log as far as filters look at it.
inline std::string entry(std::string_view cause, std::string_view bucket)
{
    return join(
        R"({"schema":"cosdiag.diagnosis/1","causes":[{"cause":")",
        cause,
        R"(","confidence":"likely"}],"request":{"bucket":")",
        bucket,
        R"("}})"
    );
}

/// Of an answer in JSON, which it must be.
inline json::value parsed(std::string_view text)
{
    json::value value = parse_json(text);
    REQUIRE_MESSAGE(value.is_object(), std::string(text));
    return value;
}

inline std::vector<std::uint64_t> seqs_in(const json::value& answer)
{
    std::vector<std::uint64_t> seqs;
    for (const json::value& each : list_in(value_in(answer, "entries")))
        seqs.push_back(static_cast<std::uint64_t>(number_in(each, "seq")));
    return seqs;
}

} // namespace cosdiag::test
