// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <vector>

using namespace cosdiag::config;

namespace {

Config loaded(std::string_view text)
{
    auto result = load(text);
    if (const auto* faults = std::get_if<Faults>(&result))
        FAIL(describe(faults->front(), "unexpected"));
    return std::get<Loaded>(std::move(result)).config;
}

/// The faults of a file called f, a line each; empty when it has none.
std::string refused(std::string_view text)
{
    std::string lines;
    const auto result = load(text);
    if (const auto* faults = std::get_if<Faults>(&result)) {
        for (const auto& fault : *faults)
            lines += describe(fault, "f") + "\n";
    }
    return lines;
}

std::string example()
{
    std::ifstream file(COSDIAG_SOURCE_DIR "/config/cosdiag.example.yaml");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

} // namespace

TEST_SUITE("config/load")
{
    TEST_CASE("an empty file, and one of comments alone, is all defaults")
    {
        CHECK(loaded("") == Config{});
        CHECK(loaded("# nothing\n") == Config{});
        CHECK(loaded("---\n") == Config{});
        CHECK(loaded("timeouts:\nlimits:\n") == Config{});
    }

    TEST_CASE("the example file changes nothing as it is")
    {
        const auto text = example();
        REQUIRE(text.size() > 1000);
        CHECK(loaded(text) == Config{});
    }

    TEST_CASE("the example file shows every key at its default")
    {
        std::istringstream lines(example());
        std::string text;
        for (std::string line; std::getline(lines, line);)
            text += (line.starts_with("# ") ? line.substr(2) : line) + "\n";
        const auto result = load(text);
        REQUIRE(std::holds_alternative<Loaded>(result));
        const auto& [config, positions] = std::get<Loaded>(result);
        CHECK(config == Config{});
        for (const char* path :
             {"listeners[0].address",
              "listeners[0].mode",
              "listeners[0].tls",
              "threads",
              "data_dir",
              "via",
              "diagnosis.log",
              "diagnosis.lang",
              "diagnosis.expose_to_browsers",
              "upstream.connect_to",
              "upstream.ca",
              "upstream.tls",
              "upstream.hosts",
              "parent.url",
              "parent.no_proxy",
              "cos.custom_domains",
              "identities",
              "access.clients",
              "access.destinations",
              "access.users",
              "access.connect_ports",
              "admin.address",
              "admin.users",
              "timeouts.connect",
              "timeouts.connect_next",
              "timeouts.client_head",
              "timeouts.upstream_head",
              "timeouts.body_idle",
              "timeouts.tunnel_idle",
              "timeouts.client_keep_alive",
              "timeouts.upstream_keep_alive",
              "limits.request_head",
              "limits.response_head",
              "limits.fields",
              "limits.connections",
              "limits.held_body",
              "limits.decoded_body",
              "limits.hold",
              "limits.log_queue",
              "drain.deadline"}) {
            CAPTURE(path);
            CHECK(positions.contains(path));
        }
    }

    TEST_CASE("every key reaches its field")
    {
        const auto config = loaded(R"(
listeners:
  - address: 127.0.0.1:1
  - {address: "[::1]:2", mode: forward}
  - {address: "127.0.0.1:3", mode: reverse, tls: true}
  - {address: "127.0.0.1:4", mode: transparent}
threads: 3
data_dir: /data
via: false
diagnosis: {log: /log, lang: en, expose_to_browsers: true}
upstream:
  connect_to: ["a.example:80:127.0.0.1:8080"]
  ca: /ca.pem
  tls: upgrade
  hosts:
    - {host: Files.example.com, ca: /files.pem}
    - {host: "*.test.example", ca: /test.pem}
parent:
  url: http://alice:p%40ss@Proxy.example.com:3128
  no_proxy: [.example.com, 10.0.0.0/8]
cos: {custom_domains: [Files.example.com]}
access:
  clients: [10.0.0.0/8]
  destinations: [192.168.0.0/16, "::1"]
  users:
    - name: alice
      password_hash: $5$saltsalt$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  connect_ports: [443, 8443]
admin:
  address: "[::1]:9"
  users:
    - name: bob
      password_hash: $5$saltsalt$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
identities:
  - secret_id: AKIDexample
    secret_key_env: COS_SECRET_KEY
    name: mine
    appid: "1250000000"
  - {secret_id: AKIDsecond, secret_key_file: /etc/cosdiag/key}
timeouts:
  connect: 1s
  connect_next: 2ms
  client_head: 3s
  upstream_head: 4m
  body_idle: 5s
  tunnel_idle: 6h
  client_keep_alive: 7s
  upstream_keep_alive: 8s
limits:
  request_head: 9KiB
  response_head: 10KiB
  fields: 110
  connections: 12
  held_body: 13KiB
  decoded_body: 14KiB
  hold: 15ms
  log_queue: 16
drain: {deadline: 17s}
)");
        Config expected;
        expected.listeners = {
            {{"127.0.0.1", 1}, ListenerMode::forward},
            {{"::1", 2}, ListenerMode::forward},
            {{"127.0.0.1", 3}, ListenerMode::reverse, true},
            {{"127.0.0.1", 4}, ListenerMode::transparent}};
        expected.threads = 3;
        expected.data_dir = "/data";
        expected.via = false;
        expected.diagnosis = {"/log", "en", true};
        expected.upstream = {
            {{"a.example", 80, "127.0.0.1", 8080}},
            "/ca.pem",
            UpstreamTls::upgrade,
            {{"files.example.com", "/files.pem"}, {"*.test.example", "/test.pem"}}};
        expected.parent = {
            ParentUrl{"proxy.example.com", 3128, "alice", "p@ss"}, false, {".example.com", "10.0.0.0/8"}};
        expected.cos = {{"files.example.com"}};
        expected.access.clients = {{"10.0.0.0/8", false, 8, {10}}};
        expected.access.destinations = {
            {"192.168.0.0/16", false, 16, {192, 168}},
            {"::1", true, 128, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}};
        expected.access.users = {{"alice", "$5$saltsalt$" + std::string(43, 'a')}};
        expected.access.connect_ports = {443, 8443};
        expected.admin = {Address{"::1", 9}, {{"bob", "$5$saltsalt$" + std::string(43, 'a')}}};
        expected.identities = {
            {"AKIDexample", "COS_SECRET_KEY", "", "mine", "1250000000"},
            {"AKIDsecond", "", "/etc/cosdiag/key", "", ""}};
        expected.timeouts = {
            seconds(1),
            milliseconds(2),
            seconds(3),
            std::chrono::minutes(4),
            seconds(5),
            std::chrono::hours(6),
            seconds(7),
            seconds(8)};
        expected.limits = {9 * 1024, 10 * 1024, 110, 12, 13 * 1024, 14 * 1024, milliseconds(15), 16};
        expected.drain_deadline = seconds(17);
        CHECK((config == expected));
    }

    TEST_CASE("all faults of a file are told at once, each with its place and what to do")
    {
        const auto lines = refused(R"(thread: 4
timeouts:
  connect: 10
  body_idel: 5s
limits:
  fields: many
  held_body: 2MiB
via: [true]
diagnosis: yes
listeners:
  - address: localhost:8403
  - 127.0.0.1:8404
  - mode: forward
access:
  clients: 10.0.0.0/8
  users:
    - name: alice
      password: hunter2
upstream:
  tls: always
  hosts:
    - host: https://files.example.com
    - {host: "*.example.com", ca: ~/ca.pem, verify: false}
parent:
  url: socks5://alice:hunter2@127.0.0.1:1080
  no_proxy: [10.0.0.0/8 192.168.0.0/16, "a*.example"]
)");
        CHECK(lines == R"(f:1:1: "thread" is no known key. Did you mean threads?
f:3:12: timeouts.connect: "10" has no unit. Write a whole number and its unit: 250ms, 10s, 5m or 1h.
f:4:3: timeouts: "body_idel" is no known key. Did you mean body_idle?
f:6:11: limits.fields: "many" is no whole number.
f:7:14: limits.held_body: "2MiB" is out of range. It goes from 1KiB to 1MiB.
f:8:6: via: holds a list. A single value is wanted here.
f:9:12: diagnosis: holds a single value. Known here: log, lang, expose_to_browsers.
f:11:14: listeners[0].address: "localhost:8403" does not begin with a literal address. Write 127.0.0.1:8403.
f:12:5: listeners[1]: holds a single value. Write - address: 127.0.0.1:8404
f:13:5: listeners[2]: has no address. Write one such as 127.0.0.1:8403.
f:15:12: access.clients: holds a single value. A list is wanted here: lines beginning with -, or [].
f:17:7: access.users[0]: has no password_hash. Run `openssl passwd -6` and put what it prints there, in single quotes.
f:18:7: access.users[0]: "password" is no known key. Known here: name, password_hash.
f:20:8: upstream.tls: "always" is neither same nor upgrade. With same, origins are spoken to as the client spoke; with upgrade, always with TLS.
f:22:7: upstream.hosts[0]: has no ca. Name the PEM file to trust for it beside the system's store.
f:22:13: upstream.hosts[0].host: "https://files.example.com" is no host name. Leave the scheme out.
f:23:35: upstream.hosts[1].ca: "~/ca.pem" begins with ~, which only a shell expands. Write the whole path.
f:23:45: upstream.hosts[1]: "verify" is no known key. Known here: host, ca.
f:25:8: parent.url: begins with socks5://, and a parent is spoken to in clear HTTP only. Most such proxies have a port for HTTP as well: write http:// and that port.
f:26:14: parent.no_proxy[0]: "10.0.0.0/8 192.168.0.0/16" is more than one entry. Give each a line of its own.
f:26:41: parent.no_proxy[1]: "a*.example" is no host, domain, address or range. Write it such as example.com, 10.0.0.0/8, [2001:db8::1]:443 or *.
)");
    }

    TEST_CASE("a key without a value, one given twice and one that is no text are faults")
    {
        CHECK(refused("threads:\n") == "f:1:1: threads: holds nothing. A single value is wanted here.\n");
        CHECK(
            refused("threads: 1\nthreads: 2\n") ==
            "f:2:1: threads: is given twice, first in line 1. Keep one.\n"
        );
        CHECK(refused("? [a]\n: 1\n").find("is no known key") != std::string::npos);
        CHECK(refused("- threads\n").starts_with("f:1:1: holds a list. Known here: listeners, threads"));
        CHECK(refused("threads\n").starts_with("f:1:1: holds a single value."));
    }

    TEST_CASE("what is no YAML, or more than one document, is one fault with its place")
    {
        const auto torn = refused("threads: 1\n  via: [\n");
        CHECK(torn.starts_with("f:2:"));
        CHECK(torn.find("is no YAML") != std::string::npos);
        CHECK(
            refused("threads: 1\n---\nthreads: 2\n") == "f: holds 2 YAML documents, where one is wanted.\n"
        );
        CHECK(refused("threads: *unknown\n").find("is no YAML") != std::string::npos);
    }

    TEST_CASE("no secret of the file comes back in a fault")
    {
        const auto lines = refused("access: {users: [{name: a, password_hash: hunter2, password: hunter3}]}");
        CHECK(lines.find("is no hash of crypt(5)") != std::string::npos);
        CHECK(lines.find("hunter") == std::string::npos);

        for (const char* text :
             {"parent: http://alice:hunter2@proxy",
              "parent: {http://alice:hunter2@proxy}",
              "parent: [http://alice:hunter2@proxy]",
              "parent: {url: [http://alice:hunter2@proxy]}",
              "parent: {url: alice:hunter2@proxy}",
              "http://alice:hunter2@proxy: 1",
              "parent: {url: http://alice:hunter2%@proxy}"}) {
            CAPTURE(text);
            const auto said = refused(text);
            CHECK_FALSE(said.empty());
            CHECK(said.find("hunter2") == std::string::npos);
        }
    }

    TEST_CASE("a parent is a URL, none, or what the environment says")
    {
        CHECK(loaded("parent: {url: none}").parent == Parent{{}, true, {}});
        CHECK(loaded("parent: {url: ''}").parent == Parent{});
        CHECK(loaded("parent:").parent == Parent{});
        CHECK(
            loaded("parent: {url: 'http://proxy'}").parent ==
            Parent{ParentUrl{"proxy", 80, "", ""}, false, {}}
        );
    }

    TEST_CASE("a file that cannot be read says why")
    {
        const auto absent = load_file("/nonexistent/cosdiag.yaml");
        REQUIRE(std::holds_alternative<Faults>(absent));
        CHECK(
            describe(std::get<Faults>(absent).front(), "f") == "f: cannot be read: No such file or directory."
        );
        const auto folder = load_file("/");
        REQUIRE(std::holds_alternative<Faults>(folder));
        CHECK(describe(std::get<Faults>(folder).front(), "f") == "f: cannot be read: Is a directory.");
        const auto endless = load_file("/dev/zero");
        REQUIRE(std::holds_alternative<Faults>(endless));
        CHECK(std::get<Faults>(endless).front().complaint.what.find("1 MiB") != std::string::npos);
    }

    TEST_CASE("a file is read whole")
    {
        const auto result = load_file(COSDIAG_SOURCE_DIR "/config/cosdiag.example.yaml");
        CHECK(std::holds_alternative<Loaded>(result));
    }
}
