// SPDX-License-Identifier: Apache-2.0
// The command of `cosdiag run`: a program that has our terminal, our process group and an environment of its
// own.
#pragma once

#include "proxy/clients/environment.hpp"

#include <sys/types.h>

#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

namespace cosdiag::clients {

/// The command cannot be started. The text, which quotes it, says why.
class NotStarted : public std::runtime_error {
public:
    NotStarted(const std::string& why, int exit_status) : std::runtime_error(why), x_exit_status_(exit_status)
    {
    }

    /// As shells have it (POSIX.1-2017, Shell Command Language §2.8.2): 127 where there is no such program,
    /// 126 where there is one that cannot be run.
    int exit_status() const noexcept { return x_exit_status_; }

private:
    int x_exit_status_;
};

class Child {
public:
    /// Starts the program, looked up in PATH, with its arguments. It has our environment but for the
    /// variables, the standard streams, no blocked signals, and SIGPIPE as it is by default. Throws
    /// NotStarted.
    Child(std::span<const std::string> command, std::span<const Variable> variables);

    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() = default;

    pid_t pid() const noexcept { return x_pid_; }

    /// Blocks until it has ended. Its exit status, or 128 and the signal that ended it. One thread.
    int wait();

    /// Passes a signal of ours on, unless it has ended. SIGINT and SIGQUIT are not passed on while our
    /// process group has the terminal, whose keys reach the child too. Any thread, but not within a signal
    /// handler.
    void forward(int signal) noexcept;

private:
    pid_t x_pid_ = -1;
    std::mutex x_mutex_; ///< between reaping it, which frees its number, and sending signals to that number
    std::optional<int> x_status_;
};

} // namespace cosdiag::clients
