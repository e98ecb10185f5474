// SPDX-License-Identifier: Apache-2.0
#include "proxy/cli.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <vector>

using namespace cosdiag;

namespace {

/// What came of an invocation; `exit_code` is absent when it is to serve.
struct Outcome {
    std::optional<int> exit_code;
    config::Config config;
    std::string out, err;
};

Outcome invoke(std::initializer_list<std::string> arguments, std::string data_dir = "")
{
    std::vector<const char*> pointers;
    for (const auto& argument : arguments)
        pointers.push_back(argument.c_str());
    const config::Environment environment = [&](const std::string& name) -> std::optional<std::string> {
        if (name == "HOME")
            return "/home/a";
        if (name == "COSDIAG_DATA_DIR" && !data_dir.empty())
            return data_dir;
        return std::nullopt;
    };
    std::ostringstream out;
    std::ostringstream err;
    auto command = cli::parse(pointers, environment, out, err);
    Outcome outcome{{}, {}, out.str(), err.str()};
    if (const auto* done = std::get_if<cli::Done>(&command))
        outcome.exit_code = done->exit_code;
    else
        outcome.config = std::get<cli::Serve>(std::move(command)).config;
    return outcome;
}

/// A settings file that is gone when the test is over.
class SettingsFile {
public:
    explicit SettingsFile(const std::string& text)
    {
        auto pattern = (std::filesystem::temp_directory_path() / "cosdiag-XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        folder_ = pattern;
        name = folder_ / "cosdiag.yaml";
        std::ofstream(name) << text;
    }

    SettingsFile(const SettingsFile&) = delete;
    SettingsFile& operator=(const SettingsFile&) = delete;

    ~SettingsFile() { std::filesystem::remove_all(folder_); }

    std::string name;

private:
    std::filesystem::path folder_;
};

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
        const auto outcome = invoke({"--listen",
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
                                     "fd00::/8"});
        REQUIRE_FALSE(outcome.exit_code);
        const auto& config = outcome.config;
        REQUIRE(config.listeners.size() == 2);
        CHECK(config.listeners[0].address == config::Address{"127.0.0.1", 1});
        CHECK(config.listeners[1].address == config::Address{"::1", 2});
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
              "--log FILE",
              "--lang LANG",
              "--config FILE",
              "--data-dir DIR",
              "--version",
              "-h, --help",
              "explain [CAUSE]",
              "check-config [FILE]",
              "Example:"}) {
            CAPTURE(shown);
            CHECK(contains(outcome.out, shown));
        }
        for (const auto& help :
             {outcome.out, invoke({"explain", "--help"}).out, invoke({"check-config", "-h"}).out}) {
            std::istringstream lines(help);
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
}
