// SPDX-License-Identifier: Apache-2.0
#include "diagnose/json_value.hpp"
#include "proxy/log/entry_filter.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using cosdiag::log::EntryFilter;

namespace {

const json::value& entry()
{
    static const json::value parsed = parse_json(
        R"({"time":"2026-11-24T04:00:00.000Z","schema":"cosdiag.diagnosis/1","id":"91e155a0592f36b8","causes":[)"
        R"({"cause":"permission-denied","confidence":"likely","summary":"the access key AKIDexam...0042 may not",)"
        R"("evidence":[{"from":"response","what":"Code","value":"AccessDenied"}],"remedies":[]},)"
        R"({"cause":"referer-denied","confidence":"possible","summary":"a hotlink rule","evidence":[],)"
        R"("remedies":[]}],"request":{"method":"PUT","host":"examplebucket-1250000000.cos.ap-beijing.myqcloud.com",)"
        R"("bucket":"examplebucket-1250000000","appid":"1250000000","key":"Reports/2026 年.pdf",)"
        R"("action":"name/cos:PutObject","access_key":"AKIDexam...0042"},"response":{"status":403}})"
    );
    return parsed;
}

struct Row {
    const char* name;
    EntryFilter filter;
    bool fits;
};

EntryFilter with(std::string EntryFilter::*part, const char* value)
{
    EntryFilter filter;
    filter.*part = value;
    return filter;
}

EntryFilter found(const char* cause, const char* confidence)
{
    EntryFilter filter;
    filter.cause = cause;
    filter.confidence = confidence;
    return filter;
}

} // namespace

TEST_SUITE("proxy/log/entry_filter")
{
    TEST_CASE("an entry fits a filter when each part that was set fits")
    {
        const Row rows[] = {
            {"nothing is asked for", {}, true},
            {"the first cause", with(&EntryFilter::cause, "permission-denied"), true},
            {"a later cause", with(&EntryFilter::cause, "referer-denied"), true},
            {"a part of a cause", with(&EntryFilter::cause, "permission"), false},
            {"the first finding's confidence", with(&EntryFilter::confidence, "likely"), true},
            {"a later finding's confidence", with(&EntryFilter::confidence, "possible"), false},
            {"the confidence of the cause that was named", found("referer-denied", "possible"), true},
            {"another finding's confidence", found("referer-denied", "likely"), false},
            {"the bucket", with(&EntryFilter::bucket, "examplebucket-1250000000"), true},
            {"a bucket without its APPID", with(&EntryFilter::bucket, "examplebucket"), false},
            {"the beginning of a key", with(&EntryFilter::key, "reports/"), true},
            {"the end of a key", with(&EntryFilter::key, "年.PDF"), true},
            {"another key", with(&EntryFilter::key, "report/"), false},
            {"an access key as it is shown", with(&EntryFilter::access_key, "AKIDexam...0042"), true},
            {"an access key whole",
             with(&EntryFilter::access_key, "AKIDexampleExampleExampleExample0042"),
             true},
            {"another whole access key",
             with(&EntryFilter::access_key, "AKIDexampleExampleExampleExample0043"),
             false},
            {"a part of an access key", with(&EntryFilter::access_key, "AKIDexam"), false},
            {"an action with its prefix", with(&EntryFilter::action, "name/cos:PutObject"), true},
            {"an action without it", with(&EntryFilter::action, "PutObject"), true},
            {"the prefix alone", with(&EntryFilter::action, "name/cos"), false},
            {"a host in another case",
             with(&EntryFilter::host, "ExampleBucket-1250000000.cos.ap-beijing.myqcloud.com"),
             true},
            {"a part of a host", with(&EntryFilter::host, "myqcloud.com"), false},
            {"text deep in the entry", with(&EntryFilter::text, "accessdenied"), true},
            {"the status", with(&EntryFilter::text, "403"), true},
            {"the name of a value", with(&EntryFilter::text, "summary"), false},
            {"text across two values", with(&EntryFilter::text, "CodeAccess"), false},
        };
        for (const auto& [name, filter, fits] : rows) {
            CAPTURE(name);
            CHECK(filter.matches(entry()) == fits);
        }
    }

    TEST_CASE("an entry without a key fits a filter that asks for none")
    {
        CHECK(with(&EntryFilter::action, "GetService")
                  .matches(parse_json(R"({"request":{"action":"name/cos:GetService"}})")));
    }

    TEST_CASE("two parts must both fit")
    {
        EntryFilter filter = with(&EntryFilter::action, "PutObject");
        filter.key = "reports";
        CHECK(filter.matches(entry()));
        filter.key = "other";
        CHECK_FALSE(filter.matches(entry()));
    }

    TEST_CASE("what is no entry, or says nothing, fits no filter that asks for something")
    {
        for (const auto* const text :
             {"null", "[]", "7", "{}", R"({"causes":7,"request":[],"response":"x"})"}) {
            CAPTURE(text);
            const json::value value = parse_json(text);
            CHECK(EntryFilter{}.matches(value));
            for (const auto part :
                 {&EntryFilter::cause,
                  &EntryFilter::confidence,
                  &EntryFilter::bucket,
                  &EntryFilter::key,
                  &EntryFilter::access_key,
                  &EntryFilter::action,
                  &EntryFilter::host,
                  &EntryFilter::text})
                CHECK_FALSE(with(part, "something").matches(value));
        }
    }
}
