// SPDX-License-Identifier: Apache-2.0
#include "proxy/clients/child.hpp"

#include "diagnose/text.hpp"

#include <fcntl.h>
#include <signal.h> // NOLINT(modernize-deprecated-headers): sigset_t and kill are POSIX's
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <vector>

namespace cosdiag::clients {

namespace {

std::vector<std::string> changed_environment(std::span<const Variable> variables)
{
    std::vector<std::string> all;
    for (char** entry = ::environ; *entry != nullptr; ++entry) {
        const std::string_view name = split_at(*entry, '=').front;
        const bool is_changed = std::any_of(variables.begin(), variables.end(), [&](const Variable& each) {
            return each.name == name;
        });
        if (!is_changed)
            all.emplace_back(*entry);
    }
    for (const Variable& each : variables)
        if (each.value)
            all.push_back(join(each.name, "=", *each.value));
    return all;
}

/// The list of pointers that C wants; the texts must outlive it.
std::vector<char*> pointers_to(std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// What signals are to be in the child.
class Attributes {
public:
    Attributes()
    {
        ::posix_spawnattr_init(&x_attributes_);
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&x_attributes_, &signals);
        ::sigaddset(&signals, SIGPIPE);
        ::posix_spawnattr_setsigdefault(&x_attributes_, &signals);
        ::posix_spawnattr_setflags(&x_attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }

    ~Attributes() { ::posix_spawnattr_destroy(&x_attributes_); }

    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;

    const posix_spawnattr_t* get() const { return &x_attributes_; }

private:
    posix_spawnattr_t x_attributes_{};
};

NotStarted not_started(const std::string& program, int error)
{
    if (error == ENOENT || error == ENOTDIR) {
        const bool is_there = program.find('/') != std::string::npos && ::access(program.c_str(), F_OK) == 0;
        return is_there
                   ? NotStarted(program + " cannot be run: the interpreter in its first line is missing", 126)
                   : NotStarted(program + ": no such command", 127);
    }
    return {program + " cannot be run: " + std::generic_category().message(error), 126};
}

/// Who starts us may have chosen that children leave no status behind.
void keep_statuses()
{
    struct sigaction now {};

    if (::sigaction(SIGCHLD, nullptr, &now) == 0 && (now.sa_flags & SA_SIGINFO) == 0 &&
        now.sa_handler == SIG_IGN)
        ::signal(SIGCHLD, SIG_DFL);
}

bool has_terminal()
{
    const int terminal = ::open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0)
        return false;
    const bool is_ours = ::tcgetpgrp(terminal) == ::getpgrp();
    ::close(terminal);
    return is_ours;
}

} // namespace

Child::Child(std::span<const std::string> command, std::span<const Variable> variables)
{
    std::vector<std::string> words(command.begin(), command.end());
    if (words.empty())
        throw NotStarted("there is no command to run", 127);
    std::vector<std::string> environment = changed_environment(variables);
    const Attributes attributes;
    keep_statuses();
    const int error = ::posix_spawnp(
        &x_pid_,
        words.front().c_str(),
        nullptr,
        attributes.get(),
        pointers_to(words).data(),
        pointers_to(environment).data()
    );
    if (error != 0)
        throw not_started(words.front(), error);
}

int Child::wait()
{
    siginfo_t about{};
    while (!x_status_ && ::waitid(P_PID, static_cast<id_t>(x_pid_), &about, WEXITED | WNOWAIT) != 0 &&
           errno == EINTR) {
    }
    const std::lock_guard lock(x_mutex_);
    if (x_status_)
        return *x_status_;
    int status = 0;
    ::waitpid(x_pid_, &status, 0);
    x_status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return *x_status_;
}

void Child::forward(int signal) noexcept
{
    if ((signal == SIGINT || signal == SIGQUIT) && has_terminal())
        return;
    const std::lock_guard lock(x_mutex_);
    if (!x_status_)
        ::kill(x_pid_, signal);
}

} // namespace cosdiag::clients
