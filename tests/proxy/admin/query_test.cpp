// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/query.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using admin::parse_query;
using admin::Query;
using cosdiag::log::EntryFilter;

namespace {

Query read(std::string_view text)
{
    auto query = parse_query(text);
    const auto* wrong = std::get_if<std::string>(&query);
    REQUIRE_MESSAGE(wrong == nullptr, *wrong);
    return std::get<Query>(query);
}

std::string refusal(std::string_view text)
{
    const auto query = parse_query(text);
    const auto* wrong = std::get_if<std::string>(&query);
    return wrong != nullptr ? *wrong : std::string("taken");
}

} // namespace

TEST_SUITE("proxy/admin/query")
{
    TEST_CASE("nothing asked for is the latest hundred, whatever they are")
    {
        for (const char* text : {"", "&", "&&&"}) {
            CAPTURE(text);
            const Query query = read(text);
            CHECK((query.filter == EntryFilter{}));
            CHECK(query.limit == 100);
            CHECK(query.before == std::numeric_limits<std::uint64_t>::max());
            CHECK_FALSE(query.after);
        }
    }

    TEST_CASE("each part of a filter has its name")
    {
        struct Row {
            const char* name;
            std::string EntryFilter::*part;
        };

        for (const Row& row :
             {Row{"cause", &EntryFilter::cause},
              {"confidence", &EntryFilter::confidence},
              {"bucket", &EntryFilter::bucket},
              {"key", &EntryFilter::key},
              {"access_key", &EntryFilter::access_key},
              {"action", &EntryFilter::action},
              {"host", &EntryFilter::host},
              {"text", &EntryFilter::text}}) {
            CAPTURE(row.name);
            EntryFilter expected;
            expected.*row.part = "some-value";
            CHECK((read(std::string(row.name) + "=some-value").filter == expected));
        }
    }

    TEST_CASE("values are decoded as forms are")
    {
        struct Row {
            const char* text;
            const char* value;
        };

        for (const Row& row :
             {Row{"text=a+b", "a b"},
              {"text=a%20b", "a b"},
              {"text=a%2Bb", "a+b"},
              {"text=a%2bb", "a+b"},
              {"text=a%26b%3Dc", "a&b=c"},
              {"text=a=b", "a=b"},
              {"text=%E5%9B%BE", "\xe5\x9b\xbe"},
              {"text=%252F", "%2F"},
              {"text=100%", "100%"},
              {"text=%zz", "%zz"},
              {"text=%4", "%4"},
              {"text=", ""},
              {"text", ""},
              {"te%78t=by+its+name", "by its name"},
              {"text=first&text=second", "second"}}) {
            CAPTURE(row.text);
            CHECK(read(row.text).filter.text == row.value);
        }
        CHECK(read("key=%00x").filter.key == std::string("\0x", 2));
    }

    TEST_CASE("numbers are taken within their bounds")
    {
        CHECK(read("limit=1").limit == 1);
        CHECK(read("limit=1000").limit == 1000);
        CHECK(read("limit=007").limit == 7);
        CHECK(read("before=0").before == 0);
        CHECK(read("before=42&limit=2").before == 42);
        CHECK(read("after=0").after == std::uint64_t{0});
        CHECK(read("after=999999999999999999").after == std::uint64_t{999'999'999'999'999'999});
    }

    TEST_CASE("numbers that cannot be are refused by name")
    {
        for (const char* value :
             {"", "0", "1001", "-1", "+1", "1.5", "1e2", "0x10", "ten", "%201", "99999999999999999999"}) {
            CAPTURE(value);
            CHECK(refusal("limit=" + std::string(value)) == "limit is no number from 1 to 1000");
        }
        for (const char* name : {"before", "after"})
            for (const char* value : {"", "-1", "1.5", "x", "18446744073709551615"}) {
                CAPTURE(value);
                CHECK(
                    refusal(std::string(name) + "=" + value) ==
                    std::string(name) + " is no number of an entry"
                );
            }
        CHECK(refusal("limit") == "limit is no number from 1 to 1000");
    }

    TEST_CASE("a name that is unknown is told, with those that there are")
    {
        CHECK(
            refusal("limits=1") ==
            "there is no parameter limits; there are limit, before, after, cause, confidence, bucket, key, "
            "access_key, action, host and text"
        );
        for (const char* text : {"=", "=1", "Limit=1", "text%20=1", "cause=a&b=2", "?limit=1"}) {
            CAPTURE(text);
            CHECK(refusal(text).find("there is no parameter ") == 0);
        }
        CHECK(refusal(std::string(5000, 'n')).size() < 250);
    }

    TEST_CASE("the first thing that is wrong is told")
    {
        CHECK(refusal("limit=0&nonsense=1") == "limit is no number from 1 to 1000");
    }
}
