// SPDX-License-Identifier: Apache-2.0
// `cosdiag ca` and `cosdiag env` as functions.
#include "proxy/ca_command.hpp"
#include "proxy/clients/shell.hpp"
#include "proxy/env_command.hpp"
#include "proxy/tls/authority_store.hpp"
#include "tests/proxy/clients/support.hpp"
#include "tests/proxy/tls/support.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace cosdiag;
using Action = cli::Ca::Action;

namespace {

struct Outcome {
    int status;
    std::string out, err;
};

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

/// A data folder that does not exist yet.
struct Home {
    Home() { config.data_dir = folder.file("data"); }

    Outcome ca(Action action, bool force = false, const std::string& directory = "") const
    {
        std::ostringstream out;
        std::ostringstream err;
        const int status = ca_command({action, config, force, directory}, test::noon, out, err);
        return {status, out.str(), err.str()};
    }

    Outcome
    env(const std::map<std::string, std::string>& users = {},
        std::optional<config::Address> at = {},
        const std::string& shell = "sh") const
    {
        std::ostringstream out;
        std::ostringstream err;
        const int status =
            env_command({config, shell, std::move(at)}, test::environment_of(users), test::noon, out, err);
        return {status, out.str(), err.str()};
    }

    std::string file(const char* name) const { return config.data_dir + "/" + name; }

    test::Folder folder;
    config::Config config;
};

std::string text_of(const std::string& file)
{
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

TEST_SUITE("proxy/commands")
{
    TEST_CASE("ca init makes a CA for COS and the custom domains, says what it is, and what is next")
    {
        Home home;
        home.config.cos.custom_domains = {"files.example.com"};
        const Outcome made = home.ca(Action::init);
        CHECK(made.status == cli::good);
        const auto authority = tls::load(home.config.data_dir, test::noon);
        REQUIRE(authority);
        for (const std::string& told :
             {home.file("ca.pem") + "\n",
              home.file("bundle.pem") + "\n",
              home.file("truststore.p12") + "\n",
              authority->fingerprint() + "\n",
              std::string("made on       2026-03-01\n"),
              std::string("valid until   2031-02-28\n"),
              std::string("vouches for   myqcloud.com, tencentcos.cn, tencentcos.com and files.example.com, "
                          "the names below them, and nothing else\n"),
              std::string("eval \"$(cosdiag env)\"")}) {
            CAPTURE(told);
            CHECK(has(made.out, told));
        }
        CHECK(test::mode_of(home.file("ca.key")) == 0600);
        CHECK(text_of(home.file("bundle.pem")).ends_with(authority->certificate_pem()));
        CHECK(test::mode_of(home.file("truststore.p12")) == 0644);
    }

    TEST_CASE("a second ca init keeps the CA where it covers all, refuses where not, and --force replaces it")
    {
        Home home;
        home.ca(Action::init);
        const std::string first = text_of(home.file("ca.pem"));
        const Outcome again = home.ca(Action::init);
        CHECK(again.status == cli::good);
        CHECK(again.out.starts_with("There is a CA already, and it covers all that is wanted:\n"));

        home.config.cos.custom_domains = {"files.example.com", "9.1.2.3", "a.files.example.com"};
        const Outcome refused = home.ca(Action::init);
        CHECK(refused.status == cli::failed);
        CHECK(refused.out.empty());
        CHECK(
            refused.err ==
            "cosdiag: the CA in " + home.config.data_dir +
                ", made on 2026-03-01, does not cover files.example.com and a.files.example.com. Make one "
                "that "
                "does with cosdiag ca init --force; clients then have to be told to trust that one.\n"
        );
        CHECK(text_of(home.file("ca.pem")) == first);

        CHECK(home.ca(Action::init, true).status == cli::good);
        CHECK(text_of(home.file("ca.pem")) != first);
        CHECK_FALSE(has(text_of(home.file("bundle.pem")), first));
        CHECK(home.ca(Action::init).status == cli::good);
    }

    TEST_CASE("ca export writes three files and no key, in a folder that it makes")
    {
        const Home home;
        home.ca(Action::init);
        const std::string to = home.folder.file("a") + "/b";
        const Outcome exported = home.ca(Action::export_files, false, to);
        CHECK(exported.status == cli::good);
        CHECK(exported.out == to + "/ca.pem\n" + to + "/bundle.pem\n" + to + "/truststore.p12\n");
        CHECK(text_of(to + "/ca.pem") == text_of(home.file("ca.pem")));
        std::size_t files = 0;
        for (const auto& each : std::filesystem::directory_iterator(to)) {
            ++files;
            CHECK(test::mode_of(each.path().string()) == 0644);
            CHECK_FALSE(has(text_of(each.path().string()), "PRIVATE KEY"));
        }
        CHECK(files == 3);

        std::filesystem::remove(home.file("bundle.pem"));
        CHECK(has(home.ca(Action::export_files).out, home.file("bundle.pem")));
        CHECK(std::filesystem::exists(home.file("bundle.pem")));
    }

    TEST_CASE("ca show tells the CA and how each runtime is told to trust it")
    {
        const Home home;
        home.ca(Action::init);
        const Outcome shown = home.ca(Action::show);
        CHECK(shown.status == cli::good);
        CHECK(has(shown.out, "  certificate   " + home.file("ca.pem") + "\n"));
        CHECK(has(shown.out, "NODE_EXTRA_CA_CERTS=" + home.file("ca.pem")));
        CHECK(has(shown.out, "--cacert " + home.file("bundle.pem")));
    }

    TEST_CASE("without a CA show and export say how to make one")
    {
        const Home home;
        for (const Action action : {Action::show, Action::export_files}) {
            const Outcome outcome = home.ca(action);
            CHECK(outcome.status == cli::failed);
            CHECK(outcome.out.empty());
            CHECK(
                outcome.err ==
                "cosdiag: no CA was made in " + home.config.data_dir + ". Make one with cosdiag ca init.\n"
            );
        }
    }

    TEST_CASE("env leads to the first forward listener, where it can be dialled")
    {
        struct Row {
            std::vector<config::Listener> listeners;
            std::optional<config::Address> at;
            const char* url;
        };

        const auto reverse = config::ListenerMode::reverse;
        const Row rows[] = {
            {{{{"127.0.0.1", 8403}}}, {}, "http://127.0.0.1:8403"},
            {{{{"0.0.0.0", 8403}}}, {}, "http://127.0.0.1:8403"},
            {{{{"::", 8403}}}, {}, "http://[::1]:8403"},
            {{{{"127.0.0.1", 1}, reverse}, {{"192.0.2.1", 2}}}, {}, "http://192.0.2.1:2"},
            {{{{"127.0.0.1", 8403}}}, config::Address{"::1", 80}, "http://[::1]:80"},
            {{{{"127.0.0.1", 0}}}, config::Address{"127.0.0.1", 80}, "http://127.0.0.1:80"},
        };
        Home home;
        for (const Row& row : rows) {
            CAPTURE(row.url);
            home.config.listeners = row.listeners;
            const Outcome told = home.env({}, row.at);
            CHECK(told.status == cli::good);
            const std::string url = clients::shell_word(row.url, clients::Shell::sh);
            CHECK(has(told.out, "export https_proxy=" + url + "\n"));
            CHECK_FALSE(has(told.out, "SSL_CERT_FILE"));
            CHECK(has(told.err, "Make one with cosdiag ca init"));
        }
    }

    TEST_CASE("env prints nothing to evaluate where no address is known")
    {
        Home home;
        for (const config::Listener& listener :
             {config::Listener{{"127.0.0.1", 1}, config::ListenerMode::transparent},
              config::Listener{{"127.0.0.1", 0}}}) {
            home.config.listeners = {listener};
            const Outcome told = home.env();
            CHECK(told.status == cli::failed);
            CHECK(told.out.empty());
            CHECK(has(told.err, "--at HOST:PORT.\n"));
        }
    }

    TEST_CASE("env speaks the shell's language")
    {
        const Home home;
        CHECK(has(home.env({}, {}, "fish").out, "set -gx http_proxy http://127.0.0.1:8403\n"));
        CHECK(has(home.env({}, {}, "powershell").out, "$env:http_proxy = 'http://127.0.0.1:8403'\n"));
    }

    TEST_CASE("env names the trust files, makes those that are missing, and keeps the user's own CAs")
    {
        const Home home;
        home.ca(Action::init);
        std::filesystem::remove(home.file("bundle.pem"));
        const Outcome plain = home.env();
        CHECK(plain.err.empty());
        CHECK(has(plain.out, "export SSL_CERT_FILE=" + home.file("bundle.pem") + "\n"));
        CHECK(has(plain.out, "export NODE_EXTRA_CA_CERTS=" + home.file("ca.pem") + "\n"));
        CHECK(std::filesystem::exists(home.file("bundle.pem")));

        const std::string corp = home.folder.file("corp.pem");
        const tls::Leaf leaf = test::make_authority().mint(test::cos_host, test::noon);
        std::ofstream(corp) << tls::to_pem(*leaf.certificate);
        const Outcome users = home.env({{"NODE_EXTRA_CA_CERTS", corp}, {"SSL_CERT_FILE", "/nonexistent"}});
        CHECK(has(users.err, "/nonexistent, which a variable of yours names for its CAs, cannot be read"));
        CHECK(has(users.out, "export NODE_EXTRA_CA_CERTS=" + home.file("bundle.pem") + "\n"));
        const std::string bundle = text_of(home.file("bundle.pem"));
        CHECK(has(bundle, text_of(corp)));
        CHECK(
            home.env({{"NODE_EXTRA_CA_CERTS", home.file("bundle.pem")},
                      {"SSL_CERT_FILE", home.file("bundle.pem")}}
            ).out == users.out
        );
        CHECK(text_of(home.file("bundle.pem")) == bundle);
    }

    TEST_CASE("a CA that cannot be used ends every command with what mends it")
    {
        const Home home;
        home.ca(Action::init);
        ::chmod(home.file("ca.key").c_str(), 0644);
        for (const auto& action : {Action::init, Action::show, Action::export_files})
            CHECK(has(test::complaint_of([&] { home.ca(action); }), "Run chmod 600"));
        CHECK(has(test::complaint_of([&] { home.env(); }), "Run chmod 600"));
    }
}
