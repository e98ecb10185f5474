// SPDX-License-Identifier: Apache-2.0
#include "proxy/service_manager.hpp"

#include "diagnose/text.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h> // NOLINT(modernize-deprecated-headers): clock_gettime is POSIX's
#include <unistd.h>

#include <cstddef>
#include <cstring>

namespace cosdiag {

namespace {

/// A third of what the manager waits, so that one call that does not come does no harm.
std::chrono::milliseconds period_of(const config::Environment& environment)
{
    constexpr std::int64_t micro_of_milli = 1000;
    const auto wait = whole_number(environment("WATCHDOG_USEC").value_or(""));
    const auto pid = environment("WATCHDOG_PID");
    if (!wait || (pid && *pid != std::to_string(::getpid())))
        return {};
    return std::chrono::milliseconds(*wait / micro_of_milli / 3);
}

std::vector<int> sockets_of(const config::Environment& environment)
{
    constexpr int first = 3; // SD_LISTEN_FDS_START
    const auto count = whole_number(environment("LISTEN_FDS").value_or(""));
    std::vector<int> sockets;
    if (environment("LISTEN_PID") != std::to_string(::getpid()))
        return sockets;
    for (int each = first; each - first < count.value_or(0); ++each) {
        if (::fcntl(each, F_SETFD, FD_CLOEXEC) != 0) // there are no more, whatever was said
            break;
        ::fcntl(each, F_SETFL, ::fcntl(each, F_GETFL) | O_NONBLOCK);
        sockets.push_back(each);
    }
    return sockets;
}

std::string monotonic_microseconds()
{
    constexpr std::int64_t micro = 1'000'000;
    constexpr std::int64_t nano_of_micro = 1000;
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::to_string(now.tv_sec * micro + now.tv_nsec / nano_of_micro);
}

} // namespace

ServiceManager::ServiceManager(const config::Environment& environment)
    : x_socket_(environment("NOTIFY_SOCKET").value_or("")),
      x_sockets_(sockets_of(environment)),
      x_period_(period_of(environment))
{
}

void ServiceManager::ready(std::string_view status) const noexcept
{
    tell("READY=1\nSTATUS=" + std::string(status));
}

void ServiceManager::reloading() const noexcept
{
    tell("RELOADING=1\nMONOTONIC_USEC=" + monotonic_microseconds());
}

void ServiceManager::stopping() const noexcept
{
    tell("STOPPING=1\nSTATUS=requests under way may finish");
}

void ServiceManager::alive() const noexcept
{
    tell("WATCHDOG=1");
}

/// A manager that does not listen is its own loss.
void ServiceManager::tell(const std::string& message) const noexcept
{
    sockaddr_un to{};
    if (x_socket_.empty() || x_socket_.size() >= sizeof to.sun_path)
        return;
    to.sun_family = AF_UNIX;
    std::memcpy(to.sun_path, x_socket_.data(), x_socket_.size());
    if (to.sun_path[0] == '@') // the abstract name space of unix(7)
        to.sun_path[0] = '\0';
    const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return;
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + x_socket_.size());
    static_cast<void>(::sendto(
        descriptor, message.data(), message.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&to), size
    ));
    ::close(descriptor);
}

} // namespace cosdiag
