// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/worker.hpp"

#include "proxy/log/notices.hpp"
#include "proxy/net/door.hpp"
#include "proxy/net/listener.hpp"
#include "proxy/net/session.hpp"
#include "proxy/net/tcp_stream.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace cosdiag::net {

namespace {

/// Connections taken in a row before others of the thread get their turn.
constexpr unsigned accepts_in_a_row = 32;

constexpr auto pause_for = std::chrono::milliseconds(100);

} // namespace

Worker::Worker(const Shared& shared, std::vector<Listening> listening)
    : x_shared_(shared),
      x_io_(1),
      x_reactor_(x_io_),
      x_dialer_(x_io_, x_reactor_, shared.resolver, shared.access, shared.config),
      x_parent_dialer_(x_dialer_, shared.identity, shared.config),
      x_tls_dialer_(
          shared.parents.any() ? static_cast<Dialer&>(x_parent_dialer_) : x_dialer_,
          shared.origins,
          shared.config
      ),
      x_context_(
          x_io_,
          shared.config,
          shared.identity,
          shared.access,
          shared.parents,
          x_tls_dialer_,
          shared.examiner,
          shared.meters.take(),
          shared.interception
      ),
      x_tick_(x_io_),
      x_last_accept_(x_io_),
      x_idle_grace_(x_io_),
      x_drain_deadline_(x_io_)
{
    x_context_.wheel.on_earlier = [this](Ticks due) { schedule(due); };
    x_context_.on_session_end = [this] { session_ended(); };
    for (Listening& each : listening)
        x_doors_.push_back(std::make_unique<Door>(x_io_, *each.entrance, std::move(each.socket), each.lasting)
        );
}

Worker::~Worker()
{
    x_shared_.meters.give_back(x_context_.meters);
}

void Worker::run()
{
    for (const auto& door : x_doors_)
        accept(*door);
    x_io_.run();
    x_ended_ = true;
}

void Worker::schedule(Ticks due)
{
    x_tick_.expires_after(std::chrono::milliseconds(std::max<Ticks>(due - now(), 1)));
    x_tick_.async_wait([this](const boost::system::error_code& error) {
        if (error)
            return;
        x_context_.wheel.advance(now());
        if (const Ticks next = x_context_.wheel.next(); next != Alarm::never)
            schedule(next);
    });
}

void Worker::accept(Door& door)
{
    door.acceptor.async_wait(TcpAcceptor::wait_read, [this, &door](const boost::system::error_code& error) {
        if (error || !door.acceptor.is_open())
            return;
        unsigned taken = 0;
        while (taken < accepts_in_a_row && accept_one(door))
            ++taken;
        if (door.acceptor.is_open() && door.pause.expiry() <= std::chrono::steady_clock::now())
            accept(door);
    });
}

/// False when nobody waits.
bool Worker::accept_one(Door& door)
{
    Endpoint peer;
    auto size = static_cast<socklen_t>(peer.capacity());
    const int descriptor =
        ::accept4(door.acceptor.native_handle(), peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            pause(door, errno);
        return errno == ECONNABORTED || errno == EINTR;
    }
    peer.resize(size);
    if (turned_away(descriptor, peer.address()))
        return true;
    x_context_.meters.clients.add();
    try {
        Arrival arrival{peer.address(), door.entrance};
        arrival.peer_port = peer.port();
        if (door.entrance.mode == config::ListenerMode::transparent)
            arrival.original = original_destination(descriptor);
        run_session(x_context_, adopt_tcp(x_reactor_, descriptor, true), std::move(arrival));
    } catch (const std::exception& failure) {
        x_shared_.clients.fetch_sub(1, std::memory_order_relaxed);
        log::warn(std::string("a client was lost: ") + failure.what());
    }
    return true;
}

/// Whether a client is not let in, which it has been told then. One that is let in counts.
bool Worker::turned_away(int descriptor, const Address& peer)
{
    if (!x_shared_.access.client_allowed(peer)) {
        turn_away(
            descriptor,
            {403,
             "CosdiagClientRefused",
             "http_request_denied",
             "clients at " + peer.to_string() +
                 " may not use this proxy. Its operator can let them in with --allow-client"}
        );
        return true;
    }
    if (x_shared_.clients.fetch_add(1, std::memory_order_relaxed) >= x_shared_.config.limits.connections) {
        x_shared_.clients.fetch_sub(1, std::memory_order_relaxed);
        if (!std::exchange(x_full_told_, true))
            log::warn(
                "all " + std::to_string(x_shared_.config.limits.connections) +
                " client connections (limits.connections) are in use: new clients are turned away"
            );
        turn_away(
            descriptor,
            {503,
             "CosdiagBusy",
             "connection_limit_reached",
             "the proxy has as many clients as limits.connections allows. Try again later"}
        );
        return true;
    }
    return false;
}

/// Out of descriptors or memory: tries again when some have come back.
void Worker::pause(Door& door, int error)
{
    log::warn(
        std::string("no new client can be taken: ") + std::generic_category().message(error) +
        ". Raise the limit of open files (ulimit -n), or lower limits.connections"
    );
    door.pause.expires_after(pause_for);
    door.pause.async_wait([this, &door](const boost::system::error_code& cancelled) {
        if (!cancelled && door.acceptor.is_open())
            accept(door);
    });
}

/// Answers with what fits into the socket, and closes.
void Worker::turn_away(int descriptor, const http::Refusal& refusal)
{
    x_context_.meters.refusals[index_of_error(refusal.proxy_error)].add();
    const std::string date = Context::date();
    http::AnswerContext context;
    context.date = date;
    const std::string answer = http::refusal_answer(refusal, context);
    static_cast<void>(::send(descriptor, answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
    ::shutdown(descriptor, SHUT_WR);
    ::close(descriptor);
}

} // namespace cosdiag::net
