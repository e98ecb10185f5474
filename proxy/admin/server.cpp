// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/server.hpp"

#include "proxy/admin/visit.hpp"
#include "proxy/log/notices.hpp"
#include "proxy/net/listener.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <exception>
#include <random>
#include <thread>

namespace cosdiag::admin {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_visitors = 64;
constexpr std::chrono::milliseconds pause_for{100}; ///< where the system has no room for a visitor

Instance new_instance()
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::random_device device;
    Instance instance;
    for (int i = 0; i < 8; ++i)
        instance.id += digits[device() % digits.size()];
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    instance.started = std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
    return instance;
}

void warn_of(const std::exception& failure)
{
    log::warn(std::string("an answer of the admin listener failed: ") + failure.what());
}

/// How a visit ended.
void ended(const std::exception_ptr& failure)
{
    try {
        if (failure)
            std::rethrow_exception(failure);
    } catch (const std::exception& reason) {
        warn_of(reason);
    }
}

} // namespace

class Server::Impl {
public:
    Impl(const config::Admin& settings, const Parts& parts)
        : x_settings_(settings),
          x_journal_(parts.journal),
          x_instance_(new_instance()),
          x_hall_{
              .known = {parts.source, parts.journal, parts.meters, parts.tallies, x_instance_},
              .users = net::Users(x_settings_.users)},
          x_address_(net::probe(*settings.address)),
          x_acceptor_(x_io_)
    {
        x_acceptor_.assign(x_address_.protocol(), net::listen_shared(x_address_).release());
        asio::co_spawn(x_io_, accept(), asio::detached);
        x_thread_ = std::thread([this] {
            sigset_t all;
            ::sigfillset(&all); // signals are the main thread's business
            ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
            run();
        });
        x_journal_.tell([this] {
            if (!x_told_.exchange(true))
                asio::post(x_io_, [this] {
                    x_told_ = false;
                    x_hall_.wake();
                });
        });
    }

    ~Impl()
    {
        x_journal_.tell({});
        x_io_.stop();
        x_thread_.join();
    }

    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    const net::Endpoint& address() const noexcept { return x_address_; }

    void tell_draining()
    {
        asio::post(x_io_, [this] {
            x_hall_.draining = true;
            x_hall_.wake();
        });
    }

private:
    /// Whatever an answer meets, the listener goes on.
    void run()
    {
        for (;;) {
            try {
                x_io_.run();
                return;
            } catch (const std::exception& failure) {
                warn_of(failure);
            }
        }
    }

    asio::awaitable<void> accept()
    {
        asio::steady_timer pause(x_io_);
        for (;;) {
            bool failed = false;
            try {
                welcome(Stream(co_await x_acceptor_.async_accept(asio::use_awaitable)));
            } catch (const std::exception&) { // no descriptor, no memory, or a visitor that is gone again
                failed = true;
            }
            if (!failed)
                continue;
            boost::system::error_code ignored;
            pause.expires_after(pause_for);
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
    }

    /// Who is idle makes room for who comes; where all are busy there is none.
    void welcome(Stream stream)
    {
        if (x_hall_.visitors < most_visitors || x_hall_.make_room())
            asio::co_spawn(x_io_, visit(std::move(stream), take_place(x_hall_), x_hall_), ended);
    }

    const config::Admin x_settings_;
    log::Journal& x_journal_;
    const Instance x_instance_;
    Hall x_hall_; ///< outlives x_io_, which has the visits
    asio::io_context x_io_{1};
    net::Endpoint x_address_;
    asio::ip::tcp::acceptor x_acceptor_;
    std::atomic<bool> x_told_{false}; ///< that there is news
    std::thread x_thread_;
};

Server::Server(const config::Admin& settings, const Parts& parts)
    : x_impl_(std::make_unique<Impl>(settings, parts))
{
}

Server::~Server() = default;

const net::Endpoint& Server::address() const noexcept
{
    return x_impl_->address();
}

void Server::tell_draining()
{
    x_impl_->tell_draining();
}

} // namespace cosdiag::admin
