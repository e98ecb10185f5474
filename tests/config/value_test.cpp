// SPDX-License-Identifier: Apache-2.0
#include "config/value.hpp"
#include "tests/config/support.hpp"

#include <doctest/doctest.h>

using namespace cosdiag::config;
using namespace cosdiag::config::test;
using std::chrono::hours;
using std::chrono::minutes;

TEST_SUITE("config/value")
{
    TEST_CASE("a duration is a whole number and its unit")
    {
        const auto parse = duration(milliseconds(1), hours(2));
        CHECK(std::get<milliseconds>(parse("1ms")) == milliseconds(1));
        CHECK(std::get<milliseconds>(parse("10s")) == seconds(10));
        CHECK(std::get<milliseconds>(parse("5m")) == minutes(5));
        CHECK(std::get<milliseconds>(parse("2h")) == hours(2));

        struct Row {
            const char* text;
            const char* says;
        };

        const Row rows[] = {
            {"10", "has no unit. Write a whole number and its unit: 250ms, 10s, 5m or 1h."},
            {"10 s", "unit that is not known"},
            {"10sec", "unit that is not known"},
            {"10S", "unit that is not known"},
            {"1.5s", "unit that is not known"},
            {"0ms", "It goes from 1ms to 2h."},
            {"7201s", "out of range"},
            {"99999999999999999999h", "no duration"},
            {"999999999999h", "out of range"},
            {"-1s", "no duration"},
            {"s", "no duration"},
            {"", "no duration"},
        };
        for (const auto& row : rows) {
            CAPTURE(row.text);
            CHECK(contains(refusal(parse(row.text)), row.says));
        }
    }

    TEST_CASE("a size is a whole number and a binary unit")
    {
        const auto parse = size(1024, 16 * 1024 * 1024);
        CHECK(std::get<std::size_t>(parse("1024B")) == 1024);
        CHECK(std::get<std::size_t>(parse("64KiB")) == 65536);
        CHECK(std::get<std::size_t>(parse("16MiB")) == 16 * 1024 * 1024);
        CHECK(contains(refusal(parse("65536")), "has no unit. Write a whole number and its unit: 512B"));
        CHECK(contains(refusal(parse("64KB")), "unit that is not known"));
        CHECK(contains(refusal(parse("64kib")), "unit that is not known"));
        CHECK(contains(refusal(parse("1023B")), "It goes from 1KiB to 16MiB."));
        CHECK(contains(refusal(parse("17MiB")), "out of range"));
        CHECK(contains(refusal(parse("big")), "no size"));
    }

    TEST_CASE("a count is a whole number within its bounds")
    {
        const auto parse = count<unsigned>(2, 4);
        CHECK(std::get<unsigned>(parse("2")) == 2);
        CHECK(std::get<unsigned>(parse("4")) == 4);
        for (const char* text : {"1", "5", "18446744073709551617"}) {
            CAPTURE(text);
            CHECK(refusal(parse(text)) != "");
        }
        CHECK(contains(refusal(parse("5")), "It goes from 2 to 4."));
        CHECK(contains(refusal(parse("3x")), "no whole number"));
        CHECK(contains(refusal(parse("0x3")), "no whole number"));
        CHECK(contains(refusal(parse("")), "no whole number"));
        CHECK(std::get<unsigned>(parse_threads("0")) == 0);
        CHECK(contains(refusal(parse_threads("1025")), "from 0 to 1024"));
    }

    TEST_CASE("a switch is true or false and nothing that some parsers take for them")
    {
        CHECK(std::get<bool>(parse_switch("true")));
        CHECK_FALSE(std::get<bool>(parse_switch("false")));
        for (const char* text : {"yes", "on", "1", "True", ""}) {
            CAPTURE(text);
            CHECK(refusal(parse_switch(text)) != "");
        }
    }

    TEST_CASE("a path stays as written; a shell's ~ and control characters are refused")
    {
        CHECK(std::get<std::string>(parse_path("/var/log/a b.jsonl")) == "/var/log/a b.jsonl");
        CHECK(std::get<std::string>(parse_path("")).empty());
        CHECK(contains(refusal(parse_path("~/cosdiag.log")), "Write the whole path."));
        CHECK(contains(refusal(parse_path("a\nb")), "control characters"));
    }

    TEST_CASE("language and mode are those this version has")
    {
        CHECK(std::get<std::string>(parse_language("en")) == "en");
        CHECK(std::get<std::string>(parse_language("zh")) == "zh");
        CHECK(contains(refusal(parse_language("tlh")), "It speaks en and zh."));
        CHECK(std::get<ListenerMode>(parse_listener_mode("forward")) == ListenerMode::forward);
        CHECK(std::get<ListenerMode>(parse_listener_mode("reverse")) == ListenerMode::reverse);
        CHECK(std::get<ListenerMode>(parse_listener_mode("transparent")) == ListenerMode::transparent);
        for (const char* text : {"backward", "", "Forward"}) {
            CAPTURE(text);
            CHECK(contains(refusal(parse_listener_mode(text)), "It knows forward, reverse and transparent."));
        }
    }

    TEST_CASE("what is spoken to origins is the client's choice, or TLS")
    {
        CHECK(std::get<UpstreamTls>(parse_upstream_tls("same")) == UpstreamTls::same);
        CHECK(std::get<UpstreamTls>(parse_upstream_tls("upgrade")) == UpstreamTls::upgrade);
        for (const char* text : {"", "true", "off", "insecure"}) {
            CAPTURE(text);
            CHECK(contains(refusal(parse_upstream_tls(text)), "is neither same nor upgrade"));
        }
    }

    TEST_CASE("a user's name fits into Basic authentication")
    {
        CHECK(std::get<std::string>(parse_user_name("alice")) == "alice");
        for (const char* text : {"", "a:b", "a\tb"}) {
            CAPTURE(text);
            CHECK(refusal(parse_user_name(text)) != "");
        }
    }

    TEST_CASE("what crypt(5) made is taken for a password hash")
    {
        const std::string sha512 = "$6$saltsalt$" + std::string(86, 'a');
        for (const auto& text : {
                 sha512,
                 "$6$rounds=5000$saltsalt$" + std::string(86, '/'),
                 "$5$saltsalt$" + std::string(43, 'Z'),
                 "$2b$10$" + std::string(53, '.'),
                 "$y$j9T$" + std::string(22, '0') + "$" + std::string(43, 'b'),
             }) {
            CAPTURE(text);
            CHECK(std::get<std::string>(parse_password_hash(text)) == text);
        }
    }

    TEST_CASE("a password in plain text, or a weak or torn hash, is refused without being shown")
    {
        for (const auto& text : {
                 std::string("hunter2hunter2"),
                 std::string(),
                 "$6$saltsalt$" + std::string(85, 'a'),
                 "$6$saltsalt$" + std::string(87, 'a'),
                 "$1$saltsalt$" + std::string(22, 'a'),
                 "$6$$" + std::string(86, 'a'),
                 "$6$" + std::string(86, 'a'),
                 "$6$salt salt$" + std::string(86, 'a'),
                 "$6$a$b$c$" + std::string(86, 'a'),
                 std::string("$"),
                 "$6$saltsalt$" + std::string(5000, 'a'),
             }) {
            CAPTURE(text);
            const auto said = refusal(parse_password_hash(text));
            CHECK(contains(said, "openssl passwd -6"));
            if (!text.empty())
                CHECK_FALSE(contains(said, text));
        }
    }
}
