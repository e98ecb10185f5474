// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/page.hpp"
#include "proxy/admin/routes.hpp"
#include "tests/proxy/admin/support.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using namespace cosdiag::admin;
using boost::asio::ip::make_address;

namespace {

constexpr const char* right = "Basic YWxpY2U6c2VjcmV0OndvcmQ="; // alice:secret:word
constexpr const char* wrong = "Basic YWxpY2U6d3Jvbmc=";         // alice:wrong

/// Asks a program; what is not said is as usual.
struct Asked {
    std::string target = "/";
    std::string_view method = "GET";
    std::string_view accept{};
    std::string_view authorization{};
    std::string_view last_event_id{};
    std::string_view host = "localhost:8404";
    std::string_view fetch_site{};
    const char* local = "127.0.0.1";
};

std::variant<Reply, Follow> ask(const test::Program& program, const Asked& asked, bool with_users = false)
{
    // openssl passwd -5 -salt saltsalt secret:word
    static const std::vector<config::User> alice = {
        {"alice", "$5$saltsalt$X/K/3C3bqF6bYVpfwLpwdAN2VE1mD0GpTlSiT.DLzD0"}};
    static const std::vector<config::User> none;
    net::Users users(with_users ? alice : none);
    return answer(
        {asked.method,
         asked.target,
         asked.accept,
         asked.authorization,
         asked.last_event_id,
         {asked.host, asked.fetch_site, make_address(asked.local)}},
        {program, program.journal, program.meters, program.tallies, program.instance},
        users
    );
}

Reply reply(const test::Program& program, const Asked& asked, bool with_users = false)
{
    auto answered = ask(program, asked, with_users);
    REQUIRE(std::holds_alternative<Reply>(answered));
    return std::get<Reply>(std::move(answered));
}

unsigned status(const Asked& asked, bool with_users = false)
{
    return reply({}, asked, with_users).status;
}

} // namespace

TEST_SUITE("proxy/admin/routes")
{
    TEST_CASE("each page has its type, and its own schema")
    {
        struct Row {
            const char* target;
            const char* type;
            const char* begins;
        };

        for (const Row& row :
             {Row{"/", "text/html; charset=utf-8", "<!doctype html>"},
              {"/?cause=clock-skewed", "text/html; charset=utf-8", "<!doctype html>"},
              {"/livez", "text/plain; charset=utf-8", "ok\n"},
              {"/livez?verbose", "text/plain; charset=utf-8", "ok\n"},
              {"/metrics", "text/plain; version=0.0.4; charset=utf-8", "# HELP cosdiag_build_info"},
              {"/api/diagnoses", "application/json", R"({"schema":"cosdiag.diagnoses/1")"},
              {"/api/status", "application/json", R"({"schema":"cosdiag.status/1")"},
              {"/api/causes", "application/json", R"({"schema":"cosdiag.causes/1")"},
              {"/api/setup", "application/json", R"({"schema":"cosdiag.setup/1")"}}) {
            CAPTURE(row.target);
            for (const char* method : {"GET", "HEAD"}) {
                const Reply got = reply({}, {row.target, method});
                CHECK(got.status == 200);
                CHECK(got.type == row.type);
                CHECK(got.body.starts_with(row.begins));
                CHECK((got.policy == live_page().policy) == (row.begins[0] == '<'));
            }
        }
    }

    TEST_CASE("readiness follows the program")
    {
        struct Row {
            State state;
            unsigned status;
            const char* body;
        };

        for (const Row& row :
             {Row{{}, 503, "starting\n"},
              {{.ready = true}, 200, "ready\n"},
              {{.ready = true, .draining = true}, 503, "draining\n"},
              {{.draining = true}, 503, "draining\n"}}) {
            test::Program program;
            program.now = row.state;
            const Reply got = reply(program, {"/readyz"});
            CHECK(got.status == row.status);
            CHECK(got.body == row.body);
            CHECK(reply(program, {"/livez"}).status == 200);
        }
    }

    TEST_CASE("what there is not is told with what there is")
    {
        for (const char* target :
             {"",
              "*",
              "/api",
              "/api/",
              "/api/diagnoses/",
              "/api/none",
              "/index.html",
              "/favicon.ico",
              "/livez/",
              "//",
              "/../",
              "/%6civez",
              "http://localhost:8404/livez",
              "livez",
              "/\xff"}) {
            CAPTURE(target);
            const Reply got = reply({}, {target});
            CHECK(got.status == 404);
            CHECK(got.body.find("/readyz") != std::string::npos);
            CHECK(got.type == "application/json");
        }
    }

    TEST_CASE("GET and HEAD are all that is answered, everywhere")
    {
        for (const char* method :
             {"POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "get", "PROPFIND", ""})
            for (const char* target : {"/", "/livez", "/metrics", "/api/diagnoses", "/none"}) {
                CAPTURE(method);
                CHECK(status({target, method}) == 405);
            }
    }

    TEST_CASE("who asks for another name gets nothing, not even how the program is")
    {
        for (const char* target :
             {"/", "/livez", "/readyz", "/metrics", "/api/diagnoses", "/api/status", "/none"}) {
            CAPTURE(target);
            const Reply got = reply({}, {.target = target, .host = "evil.example:8404"});
            CHECK(got.status == 403);
            CHECK(got.body.starts_with(R"({"error":"this listener answers to localhost)"));
            CHECK(
                reply({}, {.target = target, .authorization = right, .host = "evil.example"}, true).status ==
                403
            );
        }
    }

    TEST_CASE("pages of other sites get nothing but the page that they may link to")
    {
        CHECK(status({.target = "/", .fetch_site = "cross-site"}) == 200);
        for (const char* target : {"/livez", "/metrics", "/api/diagnoses", "/api/status", "/none"})
            for (const char* site : {"cross-site", "same-site"}) {
                CAPTURE(target);
                CHECK(status({.target = target, .fetch_site = site}) == 403);
            }
        const auto followed =
            ask({}, {.target = "/api/diagnoses", .accept = "text/event-stream", .fetch_site = "cross-site"});
        CHECK(std::get<Reply>(followed).status == 403);
    }

    TEST_CASE("requests are shown on this machine, or to users; how the program is to everyone")
    {
        struct Row {
            const char* local;
            bool users;
            const char* credentials;
            unsigned requests;
        };

        for (const Row& row :
             {Row{"127.0.0.1", false, "", 200},
              {"::1", false, "", 200},
              {"192.0.2.7", false, "", 403},
              {"192.0.2.7", false, right, 403},
              {"2001:db8::7", false, "", 403},
              {"::ffff:127.0.0.1", false, "", 403},
              {"192.0.2.7", true, "", 401},
              {"192.0.2.7", true, wrong, 401},
              {"192.0.2.7", true, right, 200},
              {"127.0.0.1", true, "", 401},
              {"127.0.0.1", true, wrong, 401},
              {"127.0.0.1", true, right, 200}}) {
            CAPTURE(row.local);
            CAPTURE(row.credentials);
            for (const char* target : {"/", "/api/diagnoses", "/api/status", "/api/causes", "/api/setup"}) {
                CAPTURE(target);
                const Asked asked{.target = target, .authorization = row.credentials, .local = row.local};
                const Reply got = reply({}, asked, row.users);
                CHECK(got.status == row.requests);
                CHECK(got.asks_for_user == (row.requests == 401));
                if (row.requests == 403)
                    CHECK(got.body.find("admin.users") != std::string::npos);
            }
            for (const char* target : {"/livez", "/metrics"})
                CHECK(status({.target = target, .local = row.local}, row.users) == 200);
            const Asked followed{
                .target = "/api/diagnoses",
                .accept = "text/event-stream",
                .authorization = row.credentials,
                .local = row.local};
            CHECK(std::holds_alternative<Follow>(ask({}, followed, row.users)) == (row.requests == 200));
        }
    }

    TEST_CASE("who may not see requests is not told which paths there are")
    {
        CHECK(status({.target = "/none", .local = "192.0.2.7"}) == 403);
        CHECK(status({.target = "/none"}, true) == 401);
    }

    TEST_CASE("a query that cannot be is refused with words")
    {
        for (const char* query : {"limit=0", "limit=x", "nonsense=1", "before=-1"})
            for (const char* accept : {"*/*", "text/event-stream"}) {
                CAPTURE(query);
                const Reply got =
                    reply({}, {.target = std::string("/api/diagnoses?") + query, .accept = accept});
                CHECK(got.status == 400);
                CHECK(got.body.starts_with(R"({"error":")"));
            }
    }

    TEST_CASE("a filter holds for lists and for streams")
    {
        test::Program program;
        program.journal.add(test::entry("clock-skewed", "a"));
        program.journal.add(test::entry("anonymous-request", "a"));
        CHECK(
            test::seqs_in(test::parsed(reply(program, {"/api/diagnoses?cause=clock-skewed"}).body)) ==
            std::vector<std::uint64_t>{1}
        );
        const auto followed =
            ask(program, {.target = "/api/diagnoses?cause=clock-skewed", .accept = "text/event-stream"});
        CHECK(std::get<Follow>(followed).query.filter.cause == "clock-skewed");
    }

    TEST_CASE("a stream begins behind what its reader has seen, as far as that is a number")
    {
        struct Row {
            const char* query;
            const char* last_event_id;
            std::optional<std::uint64_t> after;
        };

        for (const Row& row :
             {Row{"", "", std::nullopt},
              {"?after=7", "", 7},
              {"", "9", 9},
              {"?after=7", "9", 9}, // a browser comes back with the URL that it had
              {"?after=7", "x", 7},
              {"?after=7", "-1", 7},
              {"", "99999999999999999999", std::nullopt}}) {
            CAPTURE(row.query);
            CAPTURE(row.last_event_id);
            const auto followed =
                ask({},
                    {.target = std::string("/api/diagnoses") + row.query,
                     .accept = "text/event-stream",
                     .last_event_id = row.last_event_id});
            REQUIRE(std::holds_alternative<Follow>(followed));
            CHECK(std::get<Follow>(followed).query.after == row.after);
        }
    }
}
