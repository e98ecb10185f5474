// SPDX-License-Identifier: Apache-2.0
#include "proxy/clients/child.hpp"
#include "tests/proxy/log/support.hpp"

#include <doctest/doctest.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>

#include <thread>

using namespace cosdiag;
using namespace cosdiag::clients;

using Command = std::vector<std::string>;

namespace {

int status_of(const Command& command, const std::vector<clients::Variable>& variables = {})
{
    return Child(command, variables).wait();
}

std::pair<int, std::string> refusal_of(const Command& command)
{
    try {
        const Child child(command, {});
    } catch (const NotStarted& error) {
        return {error.exit_status(), error.what()};
    }
    return {0, "started"};
}

std::string output_of(const Command& command, const std::vector<clients::Variable>& variables)
{
    const test::Folder folder;
    {
        const test::Descriptor file(::open(folder.file("out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        const test::InPlaceOf stream(STDOUT_FILENO, file.number);
        status_of(command, variables);
    }
    std::ifstream in(folder.file("out"));
    return std::string(std::istreambuf_iterator<char>(in), {});
}

/// A pipe in the place of standard input, so that `cat` waits until it is signalled.
class Waiting {
public:
    Waiting()
    {
        if (::pipe2(x_ends_, O_CLOEXEC) != 0)
            throw std::runtime_error("no pipe");
        x_kept_ = ::dup(STDIN_FILENO);
        ::dup2(x_ends_[0], STDIN_FILENO);
    }

    ~Waiting()
    {
        ::dup2(x_kept_, STDIN_FILENO);
        for (const int each : {x_kept_, x_ends_[0], x_ends_[1]})
            ::close(each);
    }

    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

private:
    int x_ends_[2] = {-1, -1};
    int x_kept_ = -1;
};

/// What `body` gives in a process of its own in a session of its own, with a terminal or without.
template <class Body>
int in_a_session(bool with_terminal, Body body)
{
    int screen = -1;
    const pid_t session = with_terminal ? ::forkpty(&screen, nullptr, nullptr, nullptr) : ::fork();
    if (session == 0) {
        if (!with_terminal)
            ::setsid();
        ::_exit(body());
    }
    int status = 0;
    ::waitpid(session, &status, 0);
    if (screen >= 0)
        ::close(screen);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

TEST_SUITE("proxy/clients/child")
{
    TEST_CASE("its exit status is given, or 128 and the signal that ended it")
    {
        CHECK(status_of({"true"}) == 0);
        CHECK(status_of({"false"}) == 1);
        CHECK(status_of({"sh", "-c", "exit 42"}) == 42);
        CHECK(status_of({"sh", "-c", "kill -TERM $$"}) == 128 + SIGTERM);
        CHECK(status_of({"sh", "-c", "kill -KILL $$"}) == 128 + SIGKILL);
    }

    TEST_CASE("arguments arrive as they are")
    {
        CHECK(output_of({"printf", "[%s]", "a b", "", "$HOME", "'\n"}, {}) == "[a b][][$HOME]['\n]");
    }

    TEST_CASE("what cannot be started says why, with the status that shells give")
    {
        const test::Folder folder;
        std::ofstream(folder.file("text")) << "no program\n";
        std::ofstream(folder.file("script")) << "#!/nonexistent/interpreter\n";
        ::chmod(folder.file("script").c_str(), 0700);

        const auto [missing, message] = refusal_of({"cosdiag-no-such-command"});
        CHECK(missing == 127);
        CHECK(message == "cosdiag-no-such-command: no such command");
        CHECK(refusal_of({folder.file("nothing")}).first == 127);
        CHECK(refusal_of({""}).first == 127);
        CHECK(refusal_of({}).first == 127);
        CHECK(refusal_of({folder.file("text")}).first == 126);
        CHECK(
            refusal_of({folder.path.string()}) ==
            std::pair{126, folder.path.string() + " cannot be run: Permission denied"}
        );
        const auto [script, reason] = refusal_of({folder.file("script")});
        CHECK(script == 126);
        CHECK(reason.find("interpreter") != std::string::npos);
    }

    TEST_CASE("its environment is ours but for the variables, each there once")
    {
        const test::Variable kept("COSDIAG_KEPT", "kept");
        const test::Variable changed("COSDIAG_CHANGED", "before");
        const test::Variable removed("COSDIAG_REMOVED", "before");
        const std::string seen = output_of(
            {"env", "-0"},
            {{"COSDIAG_CHANGED", "after = all\n", ""},
             {"COSDIAG_REMOVED", std::nullopt, ""},
             {"COSDIAG_NEW", "", ""}}
        );
        const std::string all = '\0' + seen;
        CHECK(all.find(std::string("\0COSDIAG_KEPT=kept\0", 19)) != std::string::npos);
        CHECK(all.find(std::string("\0COSDIAG_CHANGED=after = all\n\0", 30)) != std::string::npos);
        CHECK(all.find(std::string("\0COSDIAG_NEW=\0", 14)) != std::string::npos);
        CHECK(all.find("before") == std::string::npos);
        CHECK(all.find("COSDIAG_REMOVED") == std::string::npos);
        CHECK(std::string(::getenv("COSDIAG_CHANGED")) == "before");
    }

    TEST_CASE("SIGPIPE ends it and no signal is blocked, however that is with us")
    {
        struct sigaction before {};

        struct sigaction ignore {};

        ignore.sa_handler = SIG_IGN;
        ::sigaction(SIGPIPE, &ignore, &before);
        sigset_t all;
        sigset_t mask;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &mask);
        const int piped = status_of({"sh", "-c", "kill -PIPE $$; exit 3"});
        const int terminated = status_of({"sh", "-c", "kill -TERM $$; exit 3"});
        ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
        ::sigaction(SIGPIPE, &before, nullptr);
        CHECK(piped == 128 + SIGPIPE);
        CHECK(terminated == 128 + SIGTERM);
    }

    TEST_CASE("its status is known even where whoever started us ignores SIGCHLD")
    {
        struct sigaction before {};

        ::sigaction(SIGCHLD, nullptr, &before);
        ::signal(SIGCHLD, SIG_IGN);
        CHECK(status_of({"sh", "-c", "exit 42"}) == 42);
        ::sigaction(SIGCHLD, &before, nullptr);
    }

    TEST_CASE("signals to us alone are passed on, and none once it has ended")
    {
        const Waiting input;
        for (const int signal : {SIGTERM, SIGHUP}) {
            CAPTURE(signal);
            Child child(Command{"cat"}, {});
            CHECK(child.pid() > 0);
            int status = -1;
            std::thread waiting([&] { status = child.wait(); });
            child.forward(signal);
            waiting.join();
            CHECK(status == 128 + signal);
            child.forward(SIGKILL);
            CHECK(child.wait() == 128 + signal);
        }
    }

    TEST_CASE("the keys of a terminal reach it without us, and only there is SIGINT kept back")
    {
        const Waiting input;
        const auto interrupted_then_terminated = [&] {
            const Waiting own;
            Child child(Command{"cat"}, {});
            child.forward(SIGINT);
            child.forward(SIGTERM);
            return child.wait();
        };
        CHECK(in_a_session(true, interrupted_then_terminated) == 128 + SIGTERM);
        CHECK(in_a_session(false, interrupted_then_terminated) == 128 + SIGINT);
    }
}
