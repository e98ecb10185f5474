// SPDX-License-Identifier: Apache-2.0
#include "tests/proxy/asked.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <sstream>
#include <vector>

using namespace cosdiag;
using namespace cosdiag::test;

namespace {

/// What came of an invocation; `exit_code` is absent when it is to serve.
struct Outcome {
    std::optional<int> exit_code;
    config::Config config;
    std::string out, err;
};

Outcome invoke(std::initializer_list<std::string> arguments, const std::string& data_dir = "")
{
    auto variables = at_home;
    if (!data_dir.empty())
        variables["COSDIAG_DATA_DIR"] = data_dir;
    auto asked = ask(arguments, variables);
    Outcome outcome{asked.exit_code(), {}, asked.out, asked.err};
    if (!outcome.exit_code)
        outcome.config = std::get<cli::Serve>(std::move(asked.command)).config;
    return outcome;
}

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_SUITE("proxy/cli")
{
    TEST_CASE("without arguments it serves with the defaults, threads and data directory resolved")
    {
        auto outcome = invoke({});
        REQUIRE_FALSE(outcome.exit_code);
        CHECK(outcome.out.empty());
        CHECK(outcome.err.empty());
        CHECK(outcome.config.threads > 0);
        CHECK(outcome.config.data_dir == "/home/a/.local/share/cosdiag");
        outcome.config.threads = 0;
        outcome.config.data_dir.clear();
        CHECK(outcome.config.diagnosis.lang == "en");
        outcome.config.diagnosis.lang.clear();
        CHECK((outcome.config == config::Config{}));
    }

    TEST_CASE("every option reaches its setting")
    {
        const auto outcome = invoke(
            {"--listen",
             "127.0.0.1:1",
             "--listen",
             "[::1]:2",
             "--allow-client",
             "10.0.0.0/8",
             "--allow-client",
             "192.0.2.7",
             "--connect-to",
             "::[::1]:80",
             "--connect-to",
             "a:1:b:2",
             "--log",
             "/log",
             "--lang",
             "en",
             "--threads",
             "3",
             "--data-dir",
             "/data",
             "--upstream-ca",
             "/ca.pem",
             "--allow-destination",
             "fd00::/8",
             "--reverse",
             "127.0.0.1:3",
             "--transparent",
             "127.0.0.1:4",
             "--reverse",
             "127.0.0.1:5",
             "--upgrade",
             "--parent",
             "http://alice:secret@proxy:3128",
             "--admin",
             "127.0.0.1:6"}
        );
        REQUIRE_FALSE(outcome.exit_code);
        const auto& config = outcome.config;
        CHECK(config.admin.address == config::Address{"127.0.0.1", 6});
        using config::ListenerMode;
        const std::vector<config::Listener> listeners = {
            {{"127.0.0.1", 1}, ListenerMode::forward},
            {{"::1", 2}, ListenerMode::forward},
            {{"127.0.0.1", 3}, ListenerMode::reverse},
            {{"127.0.0.1", 5}, ListenerMode::reverse},
            {{"127.0.0.1", 4}, ListenerMode::transparent}};
        CHECK((config.listeners == listeners));
        CHECK(config.upstream.tls == config::UpstreamTls::upgrade);
        CHECK((config.parent.url == config::ParentUrl{"proxy", 3128, "alice", "secret"}));
        REQUIRE(config.access.clients.size() == 2);
        CHECK(config.access.clients[1].text == "192.0.2.7");
        REQUIRE(config.upstream.connect_to.size() == 2);
        CHECK(config.upstream.connect_to[0] == config::ConnectTo{"", {}, "::1", 80});
        CHECK(config.upstream.connect_to[1] == config::ConnectTo{"a", 1, "b", 2});
        REQUIRE(config.access.destinations.size() == 1);
        CHECK(config.access.destinations[0].text == "fd00::/8");
        CHECK(config.diagnosis.log == "/log");
        CHECK(config.threads == 3);
        CHECK(config.data_dir == "/data");
        CHECK(config.upstream.ca == "/ca.pem");
    }

    TEST_CASE("options beat the file and the file beats defaults")
    {
        const SettingsFile file("threads: 5\ndata_dir: /file\nvia: false\n"
                                "listeners: [{address: '127.0.0.1:1'}, {address: '127.0.0.1:2'}]\n");
        const auto outcome = invoke({"--config", file.name, "--threads", "3", "--listen", "127.0.0.1:9"});
        REQUIRE_FALSE(outcome.exit_code);
        CHECK(outcome.config.threads == 3);
        CHECK(outcome.config.data_dir == "/file");
        CHECK_FALSE(outcome.config.via);
        REQUIRE(outcome.config.listeners.size() == 1);
        CHECK(outcome.config.listeners[0].address.port == 9);
        CHECK(outcome.config.limits == config::Limits{});
    }

    TEST_CASE("the data directory's option beats its variable, which beats the file")
    {
        const SettingsFile file("data_dir: /file\n");
        CHECK(invoke({"--config", file.name}, "/variable").config.data_dir == "/variable");
        CHECK(
            invoke({"--config", file.name, "--data-dir", "/option"}, "/variable").config.data_dir == "/option"
        );
    }

    TEST_CASE("faults of options, of the file and of unknown arguments are told together")
    {
        const SettingsFile file("threads: many\n");
        const auto outcome = invoke(
            {"--config",
             file.name,
             "--listen",
             "localhost:1",
             "--allow-client",
             "10.1.1.1/8",
             "--thread",
             "4",
             "explian"}
        );
        CHECK(outcome.exit_code == cli::misuse);
        CHECK(outcome.out.empty());
        CHECK(
            outcome.err == "cosdiag: \"--thread\" is no known option. Did you mean --threads?\n"
                           "cosdiag: \"explian\" is no known command. Did you mean explain?\n" +
                               file.name +
                               ":1:10: threads: \"many\" is no whole number.\n"
                               "cosdiag: --listen: \"localhost:1\" does not begin with a literal address. "
                               "Write 127.0.0.1:1.\n"
                               "cosdiag: --allow-client: \"10.1.1.1/8\" has bits set beyond its prefix. "
                               "Write 10.0.0.0/8 for the range, or 10.1.1.1 for the one address.\n"
        );
    }

    TEST_CASE("an address that others can reach is refused until it is said who may use it")
    {
        const auto refused = invoke({"--listen", "0.0.0.0:8403"});
        CHECK(refused.exit_code == cli::misuse);
        CHECK(refused.err.starts_with("cosdiag: --listen: 0.0.0.0:8403 can be reached from other machines"));
        CHECK_FALSE(invoke({"--listen", "0.0.0.0:8403", "--allow-client", "10.0.0.0/8"}).exit_code);
    }

    TEST_CASE("a rule between settings is told at the place in the file that breaks it")
    {
        const SettingsFile file("listeners:\n  - address: 0.0.0.0:1\nlimits:\n  decoded_body: 1KiB\n");
        const auto outcome = invoke({"--config", file.name});
        CHECK(outcome.exit_code == cli::misuse);
        CHECK(contains(outcome.err, file.name + ":2:14: listeners[0].address: 0.0.0.0:1 can be reached"));
        CHECK(contains(outcome.err, file.name + ":4:17: limits.decoded_body: is less than limits.held_body"));
    }

    TEST_CASE("an option without its value, or given twice where it counts once, is misuse")
    {
        const std::string said = "cosdiag: --threads wants one value, and wants it once.\n";
        for (const auto& outcome : {invoke({"--threads"}), invoke({"--threads", "1", "--threads", "2"})}) {
            CHECK(outcome.exit_code == cli::misuse);
            CHECK(outcome.err == said);
        }
    }

    TEST_CASE("the value of a repeatable option ends with it")
    {
        const auto outcome = invoke({"--listen", "127.0.0.1:1", "127.0.0.1:2"});
        CHECK(outcome.exit_code == cli::misuse);
        CHECK(contains(outcome.err, "\"127.0.0.1:2\" is no known command"));
    }

    TEST_CASE("help shows every option with its default and fits a terminal of 80 columns")
    {
        const auto outcome = invoke({"--help"});
        CHECK(outcome.exit_code == cli::good);
        CHECK(outcome.err.empty());
        for (const char* shown :
             {"--listen ADDR",
              "[127.0.0.1:8403]",
              "--allow-client CIDR",
              "--threads N",
              "--connect-to H1:P1:H2:P2",
              "--allow-destination CIDR",
              "--upstream-ca FILE",
              "--reverse ADDR",
              "--transparent ADDR",
              "--upgrade",
              "--parent URL",
              "--admin ADDR",
              "run [OPTIONS] COMMAND",
              "ca init|export|show",
              "--log FILE",
              "--lang en|zh",
              "--config FILE",
              "--data-dir DIR",
              "--version",
              "-h, --help",
              "explain [CAUSE]",
              "check-config [FILE]",
              "completion SHELL",
              "Example:"}) {
            CAPTURE(shown);
            CHECK(contains(outcome.out, shown));
        }
        const std::vector<std::vector<std::string>> helps = {
            {"-h"},
            {"run", "--help"},
            {"env", "--help"},
            {"ca", "--help"},
            {"ca", "init", "--help"},
            {"ca", "export", "--help"},
            {"ca", "show", "--help"},
            {"explain", "--help"},
            {"diagnose", "--help"},
            {"man", "--help"},
            {"completion", "--help"},
            {"check-config", "-h"}};
        for (const auto& arguments : helps) {
            const auto help = ask(arguments);
            CHECK(help.exit_code() == cli::good);
            CHECK(contains(help.out, "Usage: "));
            std::istringstream lines(help.out);
            for (std::string line; std::getline(lines, line);) {
                CAPTURE(line);
                CHECK(line.size() <= 80);
            }
        }
    }

    TEST_CASE("version is a name and a number")
    {
        const auto outcome = invoke({"--version"});
        CHECK(outcome.exit_code == cli::good);
        CHECK(outcome.out.starts_with("cosdiag "));
        CHECK(outcome.out.ends_with("\n"));
        CHECK(outcome.out.size() > 10);
    }

    TEST_CASE("explain lists the causes, shows one, and owns up to those it does not know")
    {
        const auto all = invoke({"explain"});
        CHECK(all.exit_code == cli::good);
        CHECK(contains(all.out, "signature-expired"));

        const auto one = invoke({"explain", "signature-expired"});
        CHECK(one.exit_code == cli::good);
        CHECK(contains(one.out, "signature-expired"));
        CHECK(one.out.size() > 100);

        const auto none = invoke({"explain", "bad\x1bluck"});
        CHECK(none.exit_code == cli::misuse);
        CHECK(none.err == "cosdiag: \"bad\\x1bluck\" is no cause. `cosdiag explain` lists them all.\n");
    }

    TEST_CASE("check-config says fine, or what is wrong, a line each")
    {
        const SettingsFile good("threads: 2\n");
        const auto fine = invoke({"check-config", good.name});
        CHECK(fine.exit_code == cli::good);
        CHECK(fine.out == good.name + ": fine\n");
        CHECK(invoke({"--config", good.name, "check-config"}).out == good.name + ": fine\n");

        const SettingsFile bad("threads: -1\nlimits:\n  field: 3\n");
        const auto wrong = invoke({"check-config", bad.name});
        CHECK(wrong.exit_code == cli::failed);
        CHECK(
            wrong.out == bad.name + ":1:10: threads: \"-1\" is no whole number.\n" + bad.name +
                             ":3:3: limits: \"field\" is no known key. Did you mean fields?\n"
        );
        CHECK(wrong.err.empty());
    }

    TEST_CASE("check-config without a file, and with one that is not there, says so")
    {
        const auto nothing = invoke({"check-config"});
        CHECK(nothing.exit_code == cli::misuse);
        CHECK(contains(nothing.err, "cosdiag check-config FILE"));

        const auto absent = invoke({"check-config", "/nonexistent/a.yaml"});
        CHECK(absent.exit_code == cli::failed);
        CHECK(absent.out == "/nonexistent/a.yaml: cannot be read: No such file or directory.\n");
    }

    TEST_CASE("a listener on the command line, of whatever mode, replaces all others")
    {
        const SettingsFile file(
            "listeners: [{address: '127.0.0.1:1'}, {address: '127.0.0.1:2', mode: reverse}]\n"
        );
        const auto reverse = invoke({"--config", file.name, "--reverse", "127.0.0.1:9"});
        REQUIRE_FALSE(reverse.exit_code);
        REQUIRE(reverse.config.listeners.size() == 1);
        CHECK(reverse.config.listeners[0].mode == config::ListenerMode::reverse);
        CHECK_FALSE(reverse.config.listeners[0].tls);

        const auto transparent = invoke({"--transparent", "127.0.0.1:9"});
        REQUIRE(transparent.config.listeners.size() == 1);
        CHECK(transparent.config.listeners[0].mode == config::ListenerMode::transparent);
    }

    TEST_CASE("a rule that a listener breaks is told by the option that made it")
    {
        const auto outcome = invoke(
            {"--listen",
             "127.0.0.1:1",
             "--reverse",
             "0.0.0.0:2",
             "--transparent",
             "0.0.0.0:3",
             "--transparent",
             "127.0.0.1:1"}
        );
        CHECK(outcome.exit_code == cli::misuse);
        CHECK(contains(outcome.err, "cosdiag: --reverse: 0.0.0.0:2 can be reached from other machines"));
        CHECK(contains(outcome.err, "cosdiag: --transparent: 0.0.0.0:3 can be reached from other machines"));
        CHECK(contains(outcome.err, "cosdiag: --transparent: 127.0.0.1:1 is taken by 127.0.0.1:1 above it"));

        const SettingsFile file("listeners:\n  - {address: '127.0.0.1:1', mode: transparent, tls: true}\n");
        CHECK(contains(
            invoke({"--config", file.name}).err,
            file.name + ":2:54: listeners[0].tls: is on for a transparent"
        ));
    }

    TEST_CASE("faults of all new options are told together, and none shows a password")
    {
        const SettingsFile file("upstream:\n  tls: off\nparent: {url: 'https://alice:hunter2@proxy'}\n");
        const auto outcome = invoke(
            {"--config",
             file.name,
             "--reverse",
             "localhost:80",
             "--transparent",
             "80",
             "--parent",
             "http://alice:hunter2",
             "--upgarde"}
        );
        CHECK(outcome.exit_code == cli::misuse);
        CHECK(
            outcome.err ==
            "cosdiag: \"--upgarde\" is no known option. Did you mean --upgrade?\n" + file.name +
                ":2:8: upstream.tls: \"off\" is neither same nor upgrade. With same, origins are spoken to "
                "as the "
                "client spoke; with upgrade, always with TLS.\n" +
                file.name +
                ":3:15: parent.url: begins with https://, and a parent is spoken to in clear HTTP only. Most "
                "such "
                "proxies have a port for HTTP as well: write http:// and that port.\n"
                "cosdiag: --reverse: \"localhost:80\" does not begin with a literal address. Write "
                "127.0.0.1:80.\n"
                "cosdiag: --transparent: \"80\" has no address. Write 127.0.0.1:80.\n"
                "cosdiag: --parent: has no port from 1 to 65535 behind its host. Write it such as "
                "http://proxy.example.com:3128.\n"
        );
    }

    TEST_CASE("the parent is the option's, the file's or the environment's, in this order, or none")
    {
        const SettingsFile file("parent: {url: 'http://file:1', no_proxy: [direct.test]}\n");
        auto variables = at_home;
        variables["https_proxy"] = "http://env:2";
        const auto rules = [&](std::vector<std::string> arguments) {
            const auto asked = ask(arguments, variables);
            REQUIRE(std::holds_alternative<cli::Serve>(asked.command));
            return std::get<cli::Serve>(asked.command).parent;
        };
        const auto environment = rules({});
        CHECK(environment.from == "https_proxy");
        CHECK_FALSE(environment.for_http);
        CHECK(environment.for_https->host == "env");
        CHECK(rules({"--config", file.name}).for_http->host == "file");
        const auto option = rules({"--config", file.name, "--parent", "http://option:3"});
        CHECK(option.for_https->host == "option");
        CHECK(option.parent_for(true, "direct.test", 443) == nullptr);
        for (const auto& none :
             {rules({"--parent", "none"}), rules({"--config", file.name, "--parent", "none"})}) {
            CHECK(none.from.empty());
            CHECK_FALSE(none.for_https);
        }
        CHECK(rules({"--config", file.name, "--parent", ""}).for_https->host == "env");
    }

    TEST_CASE("a broken parent of the environment stops who would use it, and nobody else")
    {
        auto variables = at_home;
        variables["all_proxy"] = "socks5://alice:hunter2@proxy";
        const SettingsFile file("limits: {decoded_body: 1KiB}\n");
        const auto serve = ask({"--config", file.name}, variables);
        CHECK(serve.exit_code() == cli::misuse);
        CHECK(contains(serve.err, file.name + ":1:24: limits.decoded_body: "));
        CHECK(contains(serve.err, "\ncosdiag: all_proxy: begins with socks5://, and"));
        CHECK_FALSE(contains(serve.err, "hunter2"));
        CHECK(ask({"run", "true"}, variables).exit_code() == cli::misuse);
        CHECK_FALSE(ask({"--parent", "none"}, variables).exit_code());
        CHECK_FALSE(ask({"env"}, variables).exit_code());
        CHECK_FALSE(ask({"ca", "show"}, variables).exit_code());
        CHECK(ask({"explain"}, variables).exit_code() == cli::good);
    }

    TEST_CASE("a parent on the command line that is this proxy itself is told by its option")
    {
        const auto outcome = invoke({"--parent", "http://alice:hunter2@localhost:8403"});
        CHECK(outcome.exit_code == cli::misuse);
        CHECK(outcome.err.starts_with("cosdiag: --parent: localhost:8403 is this proxy itself"));
    }

    TEST_CASE("run takes the options of serving, and leaves its command as it is")
    {
        using Words = std::vector<std::string>;

        struct Row {
            Words arguments;
            Words command;
            const char* log;
        };

        const Row rows[] = {
            {{"run", "curl"}, {"curl"}, ""},
            {{"run", "curl", "--log", "x", "-h", "--", "--version"},
             {"curl", "--log", "x", "-h", "--", "--version"},
             ""},
            {{"run", "--", "curl", "-i"}, {"curl", "-i"}, ""},
            {{"run", "--", "--odd", "--"}, {"--odd", "--"}, ""},
            {{"run", "--", "--", "a"}, {"--", "a"}, ""},
            {{"run", "--log", "/l", "--upgrade", "curl"}, {"curl"}, "/l"},
            {{"run", "--log=/l", "--", "curl"}, {"curl"}, "/l"},
            {{"--log", "/l", "run", "curl"}, {"curl"}, "/l"},
            {{"--log", "run", "run", "run"}, {"run"}, "run"},
            {{"run", "env", "A=1", "explain"}, {"env", "A=1", "explain"}, ""},
            {{"run", "--listen", "127.0.0.1:1", "--listen", "127.0.0.1:2", "ca", ""}, {"ca", ""}, ""},
        };
        for (const auto& row : rows) {
            std::string words;
            for (const auto& word : row.arguments)
                words += word + " ";
            CAPTURE(words);
            const auto asked = ask(row.arguments);
            CHECK(asked.err.empty());
            REQUIRE(std::holds_alternative<cli::Run>(asked.command));
            const auto& run = std::get<cli::Run>(asked.command);
            CHECK((run.command == row.command));
            CHECK(run.serve.config.diagnosis.log == row.log);
            CHECK(run.serve.config.data_dir == "/home/a/.local/share/cosdiag");
        }
    }

    TEST_CASE("run listens where it is told to, else on a port that is free")
    {
        const auto listeners = [](const std::vector<std::string>& arguments) {
            const auto asked = ask(arguments, {{"HOME", "/home/a"}, {"http_proxy", "http://127.0.0.1:8403"}});
            REQUIRE(std::holds_alternative<cli::Run>(asked.command));
            const auto& serve = std::get<cli::Run>(asked.command).serve;
            std::string all = serve.parent.ourselves;
            for (const auto& each : serve.config.listeners)
                all += " " + each.address.host + ":" + std::to_string(each.address.port);
            return all;
        };
        const SettingsFile with("listeners: [{address: '127.0.0.1:9'}]\n");
        const SettingsFile without("via: false\n");
        CHECK(listeners({"run", "curl"}) == "http_proxy 127.0.0.1:0");
        CHECK(listeners({"run", "--config", without.name, "curl"}) == "http_proxy 127.0.0.1:0");
        CHECK(listeners({"run", "--config", with.name, "curl"}) == " 127.0.0.1:9");
        CHECK(listeners({"run", "--listen", "127.0.0.1:8403", "curl"}) == "http_proxy 127.0.0.1:8403");
        CHECK(listeners({"run", "--reverse", "127.0.0.1:7", "curl"}) == " 127.0.0.1:7");
    }

    TEST_CASE("serving knows the options by which other commands find the same files, from any folder")
    {
        const auto place = [](const std::vector<std::string>& arguments) {
            const auto asked = ask(arguments);
            REQUIRE(std::holds_alternative<cli::Serve>(asked.command));
            return std::get<cli::Serve>(asked.command).place;
        };
        const SettingsFile file("data_dir: /file\n");
        const auto here = std::filesystem::current_path();
        using Words = std::vector<std::string>;
        CHECK(place({}).empty());
        CHECK((place({"--config", file.name}) == Words{"--config", file.name}));
        CHECK((place({"--data-dir", "here/../data"}) == Words{"--data-dir", (here / "data").string()}));
    }

    TEST_CASE("run without a command, or with one that looks like an option, says how to write it")
    {
        const std::string missing =
            "cosdiag: run has no command. Write it last, behind --: cosdiag run -- python3 upload.py\n";
        for (const std::vector<std::string>& arguments : {
                 std::vector<std::string>{"run"},
                 {"run", "--"},
                 {"run", "--log", "/l"},
             }) {
            const auto asked = ask(arguments);
            CHECK(asked.exit_code() == cli::misuse);
            CHECK(asked.err == missing);
        }
        const auto odd = ask({"run", "-odd"});
        CHECK(odd.exit_code() == cli::misuse);
        CHECK(odd.err == "cosdiag: \"-odd\" is no known option. cosdiag --help lists them.\n" + missing);
        CHECK(
            ask({"run", "--log", "--", "curl"}).err == "cosdiag: --log wants one value, and wants it once.\n"
        );
        CHECK(
            contains(ask({"run", "--threads", "many", "curl"}).err, "--threads: \"many\" is no whole number")
        );
    }

    TEST_CASE("env writes for the shell that is named, or for the one of the environment")
    {
        const auto shell = [](const std::vector<std::string>& arguments, const std::string& login) {
            auto variables = at_home;
            variables["SHELL"] = login;
            const auto asked = ask(arguments, variables);
            REQUIRE(std::holds_alternative<cli::Env>(asked.command));
            return std::get<cli::Env>(asked.command).shell;
        };
        CHECK(shell({"env"}, "/bin/bash") == "sh");
        CHECK(shell({"env"}, "") == "sh");
        CHECK(shell({"env"}, "/usr/bin/fish") == "fish");
        CHECK(shell({"env"}, "fish") == "fish");
        CHECK(shell({"env"}, "/bin/catfish") == "sh");
        CHECK(shell({"env", "--shell", "sh"}, "/usr/bin/fish") == "sh");
        CHECK(shell({"env", "--shell", "powershell"}, "/bin/bash") == "powershell");

        const SettingsFile file("listeners: [{address: '127.0.0.1:9'}]\n");
        const auto asked = ask({"env", "--config", file.name, "--data-dir", "/data"});
        REQUIRE(std::holds_alternative<cli::Env>(asked.command));
        const auto& env = std::get<cli::Env>(asked.command);
        CHECK(env.config.listeners.front().address.port == 9);
        CHECK(env.config.data_dir == "/data");
        CHECK(std::holds_alternative<cli::Env>(ask({"env"}, {}).command));

        const auto at = ask({"env", "--at", "[::1]:80"});
        REQUIRE(std::holds_alternative<cli::Env>(at.command));
        CHECK((std::get<cli::Env>(at.command).at == config::Address{"::1", 80}));
        CHECK_FALSE(env.at);
        CHECK(
            ask({"env", "--at", "localhost:1"}).err ==
            "cosdiag: --at: \"localhost:1\" does not begin with a literal address. Write 127.0.0.1:1.\n"
        );

        const auto wrong = ask({"env", "--shell", "bash", "--log-file"});
        CHECK(wrong.exit_code() == cli::misuse);
        CHECK(
            wrong.err ==
            "cosdiag: \"--log-file\" is no known option. cosdiag --help lists them.\n"
            "cosdiag: --shell: \"bash\" is none of sh, fish and powershell. bash and zsh read what is "
            "written for sh.\n"
        );
    }

    TEST_CASE("ca does one of three things, somewhere")
    {
        using Action = cli::Ca::Action;
        const auto ca = [](const std::vector<std::string>& arguments) {
            const auto asked = ask(arguments);
            REQUIRE(std::holds_alternative<cli::Ca>(asked.command));
            return std::get<cli::Ca>(asked.command);
        };
        const auto init = ca({"ca", "init"});
        CHECK(init.action == Action::init);
        CHECK_FALSE(init.force);
        CHECK(init.config.data_dir == "/home/a/.local/share/cosdiag");
        CHECK(init.language == Language::english);
        CHECK(ca({"ca", "init", "--force"}).force);

        const auto exported = ca({"ca", "export", "--dir", "/out", "--data-dir", "/data", "--lang", "zh"});
        CHECK(exported.action == Action::export_files);
        CHECK(exported.directory == "/out");
        CHECK(exported.config.data_dir == "/data");
        CHECK(exported.language == Language::chinese);
        CHECK(ca({"ca", "export"}).directory.empty());

        const SettingsFile file("data_dir: /file\n");
        CHECK(ca({"ca", "show", "--config", file.name}).action == Action::show);
        CHECK(ca({"ca", "show", "--config", file.name}).config.data_dir == "/file");
        CHECK(ca({"--data-dir", "/top", "ca", "show"}).config.data_dir == "/top");
    }

    TEST_CASE("ca without an action, with one it does not know, or without a place for its files is misuse")
    {
        const auto alone = ask({"ca"});
        CHECK(alone.exit_code() == cli::misuse);
        CHECK(
            alone.err == "cosdiag: ca does not say what to do. Write cosdiag ca init, cosdiag ca export or "
                         "cosdiag ca show.\n"
        );
        CHECK(ask({"ca", "initt"}).err == "cosdiag: \"initt\" is no known command. Did you mean init?\n");
        CHECK(
            ask({"ca", "init", "--forse"}).err ==
            "cosdiag: \"--forse\" is no known option. Did you mean --force?\n"
        );
        CHECK(ask({"ca", "show", "explain"}).exit_code() == cli::misuse);

        const auto nowhere = ask({"ca", "init"}, {});
        CHECK(nowhere.exit_code() == cli::misuse);
        CHECK(
            nowhere.err ==
            "cosdiag: data_dir: is empty, and COSDIAG_DATA_DIR, XDG_DATA_HOME and HOME do not say where "
            "files could be kept. Set it with --data-dir DIR.\n"
        );
        CHECK_FALSE(ask({"ca", "init", "--data-dir", "/data"}, {}).exit_code());
        const SettingsFile file("data_dir: ''\n");
        CHECK(contains(
            ask({"ca", "init", "--config", file.name}, {}).err, file.name + ":1:11: data_dir: is empty"
        ));
    }

    TEST_CASE("secrets are read for who signs or serves, and for nobody else")
    {
        const SettingsFile file("identities: [{secret_id: AKIDexample, secret_key_env: COS_SECRET_KEY}]\n");
        const auto serve = ask({"--config", file.name});
        CHECK(serve.exit_code() == cli::misuse);
        CHECK(contains(serve.err, file.name + ":1:55: identities[0].secret_key_env: the variable"));
        CHECK(ask({"run", "--config", file.name, "true"}).exit_code() == cli::misuse);
        CHECK_FALSE(ask({"env", "--config", file.name}).exit_code());
        CHECK_FALSE(ask({"ca", "show", "--config", file.name}).exit_code());
        CHECK(ask({"--config", file.name, "explain"}).exit_code() == cli::good);

        auto variables = at_home;
        variables["COS_SECRET_KEY"] = "exampleSecretKey";
        const auto run = ask({"run", "--config", file.name, "true"}, variables);
        REQUIRE(std::holds_alternative<cli::Run>(run.command));
        CHECK(std::get<cli::Run>(run.command).serve.identities.size() == 1);
    }
}
