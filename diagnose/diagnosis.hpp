// SPDX-License-Identifier: Apache-2.0
// What the engine answers: findings, best first, each with its evidence and what to do about it.
#pragma once

#include "diagnose/exchange.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag {

struct Cause;

/// How sure a finding is about the *cause*, not about a fact.
enum class Confidence {
    possible, ///< consistent with what was seen, no more
    likely, ///< COS names the family and nothing contradicts; or, without a body, arithmetic alone speaks for
            ///< it
    certain, ///< COS names the family and arithmetic or equality proves the cause
};

/// Where a piece of evidence was seen.
enum class Seen { request, response, our_clock, memory, config };

/// One observed value. Secrets have been cut before they get here.
struct Evidence {
    Seen from;
    std::string what;
    std::string value;
};

/// Who can carry out a step.
enum class Actor { caller, bucket_owner, account_owner, operator_ };

struct Remedy {
    Actor who;
    std::string step;
};

/// What one cause's judge says of one exchange.
struct Judgement {
    Confidence confidence = Confidence::possible;
    std::string
        summary;     ///< one sentence with the values seen; stands alone in a header; at most 160 characters
    std::string fix; ///< the first thing to do, short; at most 160 characters
    std::vector<Evidence> evidence;
    std::vector<Remedy> remedies;
    std::string policy; ///< a CAM statement (JSON) that would allow the call; permission causes only
};

struct Finding {
    const Cause* cause = nullptr; ///< never null in a Diagnosis
    Judgement judgement;
};

/// What the log says of the exchange itself. Safe to print: secrets are cut, presigned queries dropped.
struct ExchangeSummary {
    std::string method, url, host, bucket, appid, region, key, action, resource, access_key, credential,
        client, user_agent;
    unsigned status = 0;
    std::string code, message, request_id, trace_id, server, date;
};

struct Diagnosis {
    std::string id; ///< 16 hex digits; joins the header to the log entry
    Time at;
    std::vector<Finding> findings; ///< best first; never empty
    ExchangeSummary exchange;
    unsigned attempts = 1; ///< which try of one and the same request this is, as far as memory tells
    std::string first_id;  ///< of the first try's entry, where this is a later one
};

/// The whole engine: reads the facts of an exchange, asks every cause, orders what they say.
/// Bounds: time and memory linear in the exchange's size. Errors: none for any bytes; throws std::bad_alloc
/// only.
Diagnosis diagnose(const Exchange& exchange, std::string id);

} // namespace cosdiag
