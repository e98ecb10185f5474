// SPDX-License-Identifier: Apache-2.0
// Entries of our own log, read back.
#include "proxy/offline/log_entry.hpp"

#include "diagnose/causes.hpp"
#include "diagnose/json_value.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"
#include "diagnose/words.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <climits>
#include <cstdint>
#include <initializer_list>

namespace cosdiag::offline {

namespace {

/// The value whose word this is; the first one for a word that is none of theirs.
template <class Value>
Value by_word(std::string_view word, std::initializer_list<Value> values)
{
    for (const Value value : values) {
        if (word_of(value) == word)
            return value;
    }
    return *values.begin();
}

std::string own(const json::value& object, std::string_view name)
{
    return std::string(text_in(object, name));
}

std::optional<Finding> finding_of(const json::value& item)
{
    const auto* const cause = find_cause(text_in(item, "cause"));
    if (cause == nullptr)
        return std::nullopt;
    Judgement judgement{
        .confidence = by_word(
            text_in(item, "confidence"), {Confidence::possible, Confidence::likely, Confidence::certain}
        ),
        .summary = own(item, "summary"),
        .fix = {},
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    for (const auto& each : list_in(value_in(item, "evidence"))) {
        const auto from = by_word(
            text_in(each, "from"),
            {Seen::request, Seen::response, Seen::our_clock, Seen::memory, Seen::config}
        );
        judgement.evidence.push_back({from, own(each, "what"), own(each, "value")});
    }
    for (const auto& each : list_in(value_in(item, "remedies"))) {
        const auto who = by_word(
            text_in(each, "who"), {Actor::caller, Actor::bucket_owner, Actor::account_owner, Actor::operator_}
        );
        judgement.remedies.push_back({who, own(each, "step")});
    }
    return Finding{cause, std::move(judgement)};
}

ExchangeSummary summary_of(const json::value& entry)
{
    const auto& request = value_in(entry, "request");
    const auto& response = value_in(entry, "response");
    return {
        .method = own(request, "method"),
        .url = own(request, "url"),
        .host = own(request, "host"),
        .bucket = own(request, "bucket"),
        .appid = own(request, "appid"),
        .region = own(request, "region"),
        .key = own(request, "key"),
        .action = own(request, "action"),
        .resource = own(request, "resource"),
        .access_key = own(request, "access_key"),
        .credential = own(request, "credential"),
        .client = own(request, "client"),
        .user_agent = own(request, "user_agent"),
        .status = static_cast<unsigned>(number_in(response, "status")),
        .code = own(response, "code"),
        .message = own(response, "message"),
        .request_id = own(response, "request_id"),
        .trace_id = own(response, "trace_id"),
        .server = own(response, "server"),
        .date = own(response, "date"),
    };
}

/// Of a time as the log writes it, with three digits behind the point.
Time time_of(std::string_view text)
{
    const auto fraction = split_at(text, '.').back.substr(0, 3);
    const auto ms = fraction.size() == 3 ? whole_number(fraction).value_or(0) : 0;
    return {read_iso_time(text).value_or(0) * 1000 + ms};
}

} // namespace

Time time_of_log_entry(const json::value& entry)
{
    return time_of(text_in(entry, "time"));
}

bool is_log_entry(const json::value& entry)
{
    return text_in(entry, "schema") == "cosdiag.diagnosis/1";
}

std::optional<Diagnosis> read_log_entry(std::string_view line)
{
    return read_log_entry(parse_json(line));
}

std::optional<Diagnosis> read_log_entry(const json::value& entry)
{
    if (!is_log_entry(entry))
        return std::nullopt;
    Diagnosis diagnosis;
    diagnosis.id = own(entry, "id");
    diagnosis.at = time_of_log_entry(entry);
    diagnosis.attempts =
        static_cast<unsigned>(std::clamp<std::int64_t>(number_in(entry, "attempts"), 1, UINT_MAX));
    diagnosis.first_id = own(entry, "first_id");
    for (const auto& item : list_in(value_in(entry, "causes"))) {
        if (auto finding = finding_of(item))
            diagnosis.findings.push_back(std::move(*finding));
    }
    diagnosis.exchange = summary_of(entry);
    if (diagnosis.findings.empty())
        return std::nullopt;
    if (const auto& policy = value_in(entry, "policy"); policy.is_object())
        diagnosis.findings.front().judgement.policy = json::serialize(policy);
    return diagnosis;
}

} // namespace cosdiag::offline
