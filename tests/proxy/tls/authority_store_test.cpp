// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/authority_store.hpp"
#include "proxy/tls/data_folder.hpp"
#include "tests/proxy/tls/support.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <set>
#include <thread>

using namespace cosdiag;
using namespace std::chrono_literals;
using test::has;
using test::noon;
using tls::Authority;

namespace {

void write(const std::string& file, const std::string& text, mode_t mode = 0600)
{
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
    ::chmod(file.c_str(), mode);
}

std::string text_of(const std::string& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> names_in(const std::filesystem::path& folder)
{
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

const std::vector<std::string> both_files{"ca.key", "ca.pem"};

/// A folder in which an authority was made.
struct Home {
    Home() { tls::create(path, test::cos_domains, noon, false); }

    std::string load_complaint(tls::Time now = noon) const
    {
        return test::complaint_of([&] { tls::load(path, now); });
    }

    std::string fingerprint() const { return tls::load(path, noon)->fingerprint(); }

    test::Folder folder;
    std::filesystem::path path = folder.path / "data";
    std::string key = path / "ca.key";
    std::string certificate = path / "ca.pem";
};

/// What so many processes say that do the same at once, one line each.
template <class Action>
std::vector<std::string> said_by_processes(int count, Action action)
{
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    test::Descriptor reader(ends[0]);
    test::Descriptor writer(ends[1]);
    std::vector<pid_t> children;
    std::fflush(stdout);
    for (int i = 0; i < count; ++i) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            std::string line;
            try {
                line = action() + "\n";
            } catch (const std::exception& error) {
                line = std::string(error.what()) + "\n";
            }
            const ssize_t put = ::write(writer.number, line.data(), line.size());
            ::_exit(put == static_cast<ssize_t>(line.size()) ? 0 : 1);
        }
        children.push_back(child);
    }
    for (const pid_t child : children) {
        int status = 1;
        ::waitpid(child, &status, 0);
        CHECK(status == 0);
    }
    writer.close();
    return test::lines_in(reader.take());
}

} // namespace

TEST_SUITE("proxy/tls/authority_store")
{
    TEST_CASE("where nothing was made there is nothing, and nothing is made by looking")
    {
        const test::Folder folder;
        CHECK(!tls::load(folder.path / "none", noon));
        CHECK(!std::filesystem::exists(folder.path / "none"));
        CHECK(!tls::load(folder.path, noon));
        ::chmod(folder.path.c_str(), 0755);
        CHECK(!tls::load(folder.path, noon));
        CHECK(names_in(folder.path).empty());
    }

    TEST_CASE("a folder that is missing is made with its parents, for its owner alone")
    {
        const test::Folder folder;
        const auto path = folder.path / "a" / "b" / "";
        const Authority made = tls::create(path, test::cos_domains, noon, false);
        CHECK(test::mode_of(folder.path / "a") == 0700);
        CHECK(test::mode_of(folder.path / "a" / "b") == 0700);
        CHECK(test::mode_of(tls::stored_paths(path).key) == 0600);
        CHECK(test::mode_of(tls::stored_paths(path).certificate) == 0644);
        CHECK(names_in(path) == both_files);
        CHECK(text_of(path / "ca.pem") == made.certificate_pem());
        CHECK(text_of(path / "ca.key") == made.certificate_pem() + made.key_pem());
        CHECK(tls::load(path, noon)->fingerprint() == made.fingerprint());
    }

    TEST_CASE("the modes are what they are, whatever the umask")
    {
        const test::Folder folder;
        for (const mode_t mask : {0000U, 0077U}) {
            const auto path = folder.path / std::to_string(mask);
            const mode_t before = ::umask(mask);
            tls::create(path, test::cos_domains, noon, false);
            ::umask(before);
            CHECK(test::mode_of(path) == 0700);
            CHECK(test::mode_of(path / "ca.key") == 0600);
            CHECK(test::mode_of(path / "ca.pem") == 0644);
        }
    }

    TEST_CASE("what was made stays, unless it is to be replaced")
    {
        const Home home;
        const std::string first = home.fingerprint();
        CHECK(tls::create(home.path, {"example.com"}, noon, false).fingerprint() == first);
        const Authority second = tls::create(home.path, {"example.com"}, noon + 1h, true);
        CHECK(second.fingerprint() != first);
        CHECK(second.domains() == std::vector<std::string>{"example.com"});
        CHECK(home.fingerprint() == second.fingerprint());
        CHECK(text_of(home.certificate) == second.certificate_pem());
        CHECK(test::mode_of(home.key) == 0600);
        CHECK(names_in(home.path) == both_files);
    }

    TEST_CASE("threads that make one at once all get the same")
    {
        for (int round = 0; round < 10; ++round) {
            const test::Folder folder;
            std::atomic<int> ready{0};
            std::vector<std::string> got(4);
            std::vector<std::thread> threads;
            for (auto& own : got)
                threads.emplace_back([&] {
                    ++ready;
                    while (ready < 4)
                        std::this_thread::yield();
                    own = tls::create(folder.path, test::cos_domains, noon, false).fingerprint();
                });
            for (auto& thread : threads)
                thread.join();
            CHECK(std::set<std::string>(got.begin(), got.end()).size() == 1);
            CHECK(tls::load(folder.path, noon)->fingerprint() == got[0]);
            CHECK(text_of(folder.file("ca.pem")) == tls::load(folder.path, noon)->certificate_pem());
            CHECK(names_in(folder.path) == both_files);
        }
    }

    TEST_CASE("processes that make one at once all get the same")
    {
        for (int round = 0; round < 5; ++round) {
            const test::Folder folder;
            const auto path = folder.path / "a" / "b";
            const auto said = said_by_processes(4, [&] {
                return tls::create(path, test::cos_domains, noon, false).fingerprint();
            });
            REQUIRE(said.size() == 4);
            CHECK(std::set<std::string>(said.begin(), said.end()).size() == 1);
            CHECK(tls::load(path, noon)->fingerprint() == said[0]);
            CHECK(names_in(path) == both_files);
        }
    }

    TEST_CASE("when several replace it at once, the copy for clients is of the pair that stays")
    {
        const Home home;
        for (int round = 0; round < 40; ++round) {
            std::vector<std::thread> writers;
            for (int i = 0; i < 4; ++i)
                writers.emplace_back([&] { tls::create(home.path, test::cos_domains, noon, true); });
            for (auto& writer : writers)
                writer.join();
            CHECK(text_of(home.key).starts_with(text_of(home.certificate)));
        }
    }

    TEST_CASE("while it is replaced, every reader finds a whole pair")
    {
        const Home home;
        std::atomic<bool> stop{false};
        std::atomic<int> read{0};
        std::string complaint;
        std::thread reader([&] {
            while (!stop && complaint.empty()) {
                complaint = home.load_complaint();
                ++read;
            }
        });
        std::vector<std::thread> writers;
        for (int i = 0; i < 3; ++i)
            writers.emplace_back([&] {
                for (int round = 0; round < 20; ++round)
                    tls::create(home.path, test::cos_domains, noon, true);
            });
        for (auto& writer : writers)
            writer.join();
        stop = true;
        reader.join();
        CHECK(complaint.empty());
        CHECK(read > 0);
        const std::string pair = text_of(home.key);
        CHECK(pair.starts_with(text_of(home.certificate)));
        CHECK(names_in(home.path) == both_files);
    }

    TEST_CASE("the copy for clients is written again where it is missing or another")
    {
        const Home home;
        const std::string right = text_of(home.certificate);
        const auto heals = [&] {
            tls::load(home.path, noon);
            return text_of(home.certificate) == right && test::mode_of(home.certificate) == 0644 &&
                   !std::filesystem::is_symlink(home.certificate) && names_in(home.path) == both_files;
        };
        ::unlink(home.certificate.c_str());
        CHECK(heals());
        write(home.certificate, test::make_authority().certificate_pem());
        CHECK(heals());
        write(home.folder.file("elsewhere"), right);
        ::unlink(home.certificate.c_str());
        std::filesystem::create_symlink(home.folder.file("elsewhere"), home.certificate);
        CHECK(heals());
        CHECK(text_of(home.folder.file("elsewhere")) == right);
    }

    TEST_CASE("a folder or key that others may touch is refused, with the command that mends it")
    {
        const Home home;
        for (const mode_t mode : {0701U, 0710U, 0720U, 0740U, 0750U, 0755U, 0777U}) {
            ::chmod(home.path.c_str(), mode);
            CAPTURE(mode);
            for (const bool replace : {false, true}) {
                const std::string said =
                    test::complaint_of([&] { tls::create(home.path, test::cos_domains, noon, replace); });
                CHECK(has(said, home.path.string() + " is open to others than its owner (7"));
                CHECK(has(said, "Run chmod 700 " + home.path.string()));
            }
            CHECK(
                has(home.load_complaint(),
                    "and the key of cosdiag's CA lives there. Run chmod 700 " + home.path.string())
            );
        }
        ::chmod(home.path.c_str(), 0700);
        for (const mode_t mode : {0601U, 0604U, 0610U, 0640U, 0644U, 0660U, 0666U}) {
            ::chmod(home.key.c_str(), mode);
            CAPTURE(mode);
            CHECK(has(home.load_complaint(), home.key + " is open to others than its owner (6"));
            CHECK(has(home.load_complaint(), "Run chmod 600 " + home.key + ";"));
        }
        ::chmod(home.key.c_str(), 0400);
        CHECK(home.load_complaint().empty());
    }

    TEST_CASE("what belongs to another user is refused")
    {
        if (::geteuid() != 0)
            return; // only root can give files away
        const Home home;
        REQUIRE(::chown(home.key.c_str(), 12345, 0) == 0);
        CHECK(
            has(home.load_complaint(),
                home.key + " belongs to user 12345, and cosdiag runs as user 0. Run chown 0 ")
        );
        REQUIRE(::chown(home.path.c_str(), 12345, 0) == 0);
        CHECK(has(home.load_complaint(), home.path.string() + " belongs to user 12345"));
    }

    TEST_CASE("a key that is no plain file is refused")
    {
        const Home home;
        std::filesystem::rename(home.key, home.folder.file("elsewhere"));
        std::filesystem::create_symlink(home.folder.file("elsewhere"), home.key);
        CHECK(
            home.load_complaint() ==
            home.key + " is a symbolic link, which is not followed. Put the file itself there"
        );
        const auto create = [&] { tls::create(home.path, test::cos_domains, noon, false); };
        CHECK(has(test::complaint_of(create), "is a symbolic link"));
        std::filesystem::remove(home.key);
        REQUIRE(::mkfifo(home.key.c_str(), 0600) == 0);
        CHECK(has(home.load_complaint(), home.key + " is no regular file"));
        std::filesystem::remove(home.key);
        std::filesystem::create_directory(home.key);
        CHECK(has(home.load_complaint(), home.key + " is no regular file"));
        std::filesystem::remove(home.key);
        std::filesystem::create_symlink(home.folder.file("nowhere"), home.key);
        CHECK(has(home.load_complaint(), "is a symbolic link"));
        CHECK(tls::create(home.path, test::cos_domains, noon, true).domains() == test::cos_domains);
        CHECK(!std::filesystem::is_symlink(home.key));
        CHECK(!std::filesystem::exists(home.folder.file("nowhere")));
    }

    TEST_CASE("a pair that cannot be used is refused, with its place, and may be replaced")
    {
        const Home home;
        const std::string right = text_of(home.key);
        const std::string other = test::make_authority().key_pem();
        const std::string certificate = text_of(home.certificate);

        struct Row {
            std::string text;
            const char* complaint;
        };

        const Row rows[] = {
            {"", "there is no certificate"},
            {"rubbish\n", "there is no certificate"},
            {right.substr(0, certificate.size() - 40), "a block of PEM in it cannot be read"},
            {right.substr(0, right.size() - 40), "a block of PEM in it cannot be read"},
            {certificate, "there is no private key"},
            {other, "there is no certificate"},
            {certificate + other, "do not belong together"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.complaint);
            write(home.key, row.text);
            const std::string said = home.load_complaint();
            CHECK(has(said, "cannot use " + home.key + ": "));
            CHECK(has(said, row.complaint));
            CHECK(has(said, "cosdiag ca init --force"));
            CHECK(text_of(home.certificate) == certificate);
            CHECK(
                has(test::complaint_of([&] { tls::create(home.path, test::cos_domains, noon, false); }),
                    row.complaint)
            );
        }
        tls::create(home.path, test::cos_domains, noon, true);
        CHECK(home.load_complaint().empty());
    }

    TEST_CASE("outside its time it is refused, with the dates")
    {
        const Home home;
        CHECK(home.load_complaint(noon - 23h).empty());
        CHECK(has(home.load_complaint(noon - 25h), "valid from 2026-02-28 12:00:00 UTC on, and the clock"));
        CHECK(home.load_complaint(noon + Authority::lifetime).empty());
        CHECK(has(
            home.load_complaint(noon + Authority::lifetime + 1s), "was valid until 2031-02-28 12:00:00 UTC"
        ));
        const auto create = [&](bool replace) {
            return test::complaint_of([&] {
                tls::create(home.path, test::cos_domains, noon + Authority::lifetime + 1h, replace);
            });
        };
        CHECK(has(create(false), "was valid until"));
        CHECK(create(true).empty());
    }

    TEST_CASE("a place where no folder can be is told")
    {
        const test::Folder folder;
        write(folder.file("file"), "");
        const auto create = [&](const char* path) {
            return test::complaint_of([&] { tls::create(folder.file(path), test::cos_domains, noon, false); }
            );
        };
        CHECK(has(create("file"), "cannot open the folder " + folder.file("file") + ": Not a directory"));
        CHECK(has(create("file/data"), folder.file("file/data") + ": Not a directory"));
        CHECK(has(test::complaint_of([&] { tls::load(folder.file("file"), noon); }), "Not a directory"));
        std::filesystem::create_directory(folder.file("real"));
        ::chmod(folder.file("real").c_str(), 0700);
        std::filesystem::create_directory_symlink("real", folder.file("link"));
        CHECK(create("link/data").empty());
        CHECK(std::filesystem::exists(folder.file("real/data/ca.key")));
    }

    TEST_CASE("a full disk leaves nothing behind")
    {
        const Home home;
        const std::string before = text_of(home.key);
        const auto said = said_by_processes(1, [&] {
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{700, 700};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            return test::complaint_of([&] { tls::create(home.path, test::cos_domains, noon, true); });
        });
        REQUIRE(said.size() == 1);
        CHECK(has(said[0], "cannot write " + home.key + ": File too large"));
        CHECK(text_of(home.key) == before);
        CHECK(names_in(home.path) == both_files);
    }

    TEST_CASE("commands to copy hold a path as one word")
    {
        CHECK(tls::shell_word("/home/a.b/_c-1") == "/home/a.b/_c-1");
        CHECK(tls::shell_word("/a b") == "'/a b'");
        CHECK(tls::shell_word("it's $HOME") == "'it'\\''s $HOME'");
        CHECK(tls::shell_word("") == "''");
    }
}
