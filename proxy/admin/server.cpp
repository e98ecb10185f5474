// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/server.hpp"

#include "proxy/admin/follower.hpp"
#include "proxy/admin/routes.hpp"
#include "proxy/log/notices.hpp"
#include "proxy/net/listener.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <random>
#include <set>
#include <thread>

namespace cosdiag::admin {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::size_t most_connections = 64;
constexpr std::uint32_t most_head = 16 * 1024; ///< bytes
constexpr std::size_t entries_at_once = 100;

constexpr std::chrono::seconds patience{10};    ///< with a client that reads or writes slowly
constexpr std::chrono::seconds keep_alive{60};  ///< between its requests
constexpr std::chrono::seconds heartbeat{15};   ///< of a stream without entries
constexpr std::chrono::milliseconds gather{50}; ///< entries that come together leave together

constexpr std::string_view strictest = "default-src 'none'; frame-ancestors 'none'";

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

template <class Message>
void add_safety(Message& message, std::string_view policy)
{
    message.set(http::field::cache_control, "no-store");
    message.set("Content-Security-Policy", policy.empty() ? strictest : policy);
    message.set("X-Content-Type-Options", "nosniff");
    message.set("Referrer-Policy", "no-referrer");
    message.set("Cross-Origin-Resource-Policy", "same-origin");
    message.set("Cross-Origin-Opener-Policy", "same-origin");
}

/// Counts for as long as it lives.
class Counted {
public:
    explicit Counted(std::size_t& count) noexcept : x_count_(count) { ++x_count_; }

    ~Counted() { --x_count_; }

    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

private:
    std::size_t& x_count_;
};

} // namespace

class Server::Impl {
public:
    Impl(const config::Admin& settings, const Parts& parts)
        : x_settings_(settings),
          x_parts_(parts),
          x_users_(x_settings_.users),
          x_instance_(new_instance()),
          x_address_(net::probe(*settings.address)),
          x_acceptor_(x_io_)
    {
        x_acceptor_.assign(x_address_.protocol(), net::listen_shared(x_address_).release());
        x_parts_.journal.tell([this] {
            if (!x_told_.exchange(true))
                asio::post(x_io_, [this] { wake(); });
        });
        asio::co_spawn(x_io_, accept(), asio::detached);
        x_thread_ = std::thread([this] {
            sigset_t all;
            ::sigfillset(&all); // signals are the main thread's business
            ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
            run();
        });
    }

    ~Impl()
    {
        x_parts_.journal.tell({});
        x_io_.stop();
        x_thread_.join();
    }

    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    const net::Endpoint& address() const noexcept { return x_address_; }

    void tell_draining()
    {
        asio::post(x_io_, [this] {
            x_draining_ = true;
            wake();
        });
    }

private:
    using Stream = beast::tcp_stream;
    template <class T = void>
    using Task = asio::awaitable<T>;
    using Parser = http::request_parser<http::empty_body>;

    /// Whatever an answer meets, the listener goes on.
    void run()
    {
        for (;;) {
            try {
                x_io_.run();
                return;
            } catch (const std::exception& failure) {
                log::warn(std::string("an answer of the admin listener failed: ") + failure.what());
            }
        }
    }

    void wake()
    {
        x_told_ = false;
        for (asio::steady_timer* const each : x_sleepers_)
            each->cancel();
    }

    Task<> accept()
    {
        for (;;) {
            boost::system::error_code error;
            auto socket = co_await x_acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
            if (error) {
                asio::steady_timer pause(x_io_, std::chrono::milliseconds(100));
                co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
            } else if (x_connections_ < most_connections) {
                asio::co_spawn(x_io_, serve(Stream(std::move(socket))), asio::detached);
            }
        }
    }

    Task<> serve(Stream stream)
    {
        const Counted here(x_connections_);
        beast::flat_buffer buffer(most_head);
        bool more = true;
        while (more) {
            Parser parser;
            parser.header_limit(most_head);
            parser.body_limit(0);
            boost::system::error_code error;
            stream.expires_after(keep_alive);
            co_await http::async_read(
                stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error)
            );
            if (error)
                break;
            stream.expires_after(patience);
            more = co_await respond(stream, parser.get());
        }
        boost::system::error_code ignored;
        stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    }

    /// Whether the connection may serve another request.
    Task<bool> respond(Stream& stream, const http::request<http::empty_body>& asked)
    {
        boost::system::error_code gone;
        const auto text = [&](std::string_view name) {
            const auto value = asked[beast::string_view(name.data(), name.size())];
            return std::string_view(value.data(), value.size());
        };
        const std::string_view method(asked.method_string().data(), asked.method_string().size());
        const std::string_view target(asked.target().data(), asked.target().size());
        const Request request{
            method,
            target,
            text("Accept"),
            text("Authorization"),
            text("Last-Event-ID"),
            {text("Host"), text("Sec-Fetch-Site"), stream.socket().local_endpoint(gone).address()}};
        const Knowledge known{
            x_parts_.source, x_parts_.journal, x_parts_.meters, x_parts_.tallies, x_instance_};
        auto answered = answer(request, known, x_users_);
        if (auto* follow = std::get_if<Follow>(&answered)) {
            co_await stream_entries(stream, std::move(follow->query));
            co_return false;
        }
        auto& reply = std::get<Reply>(answered);
        http::response<http::string_body> message(static_cast<http::status>(reply.status), asked.version());
        message.set(http::field::content_type, beast::string_view(reply.type.data(), reply.type.size()));
        add_safety(message, reply.policy);
        if (reply.asks_for_user)
            message.set(http::field::www_authenticate, "Basic realm=\"cosdiag\", charset=\"UTF-8\"");
        if (reply.status == 405)
            message.set(http::field::allow, "GET, HEAD");
        message.keep_alive(asked.keep_alive());
        message.body() = std::move(reply.body);
        message.prepare_payload();
        if (asked.method() == http::verb::head)
            message.body().clear();
        co_await http::async_write(stream, message, asio::redirect_error(asio::use_awaitable, gone));
        co_return !gone && message.keep_alive();
    }

    Task<> stream_entries(Stream& stream, Query query)
    {
        boost::system::error_code gone;
        http::response<http::empty_body> head(http::status::ok, 11);
        head.set(http::field::content_type, "text/event-stream");
        add_safety(head, {});
        head.keep_alive(false);
        http::response_serializer<http::empty_body> serializer(head);
        co_await http::async_write_header(
            stream, serializer, asio::redirect_error(asio::use_awaitable, gone)
        );
        Follower follower(x_parts_.journal, std::move(query), x_instance_.id);
        std::string events = follower.greeting();
        bool told_draining = false;
        while (!gone) {
            events += follower.next(entries_at_once);
            if (x_draining_ && !std::exchange(told_draining, true))
                events += "event: draining\ndata: {}\n\n";
            if (events.empty())
                events = co_await news() ? "" : ": \n\n";
            if (events.empty())
                continue;
            stream.expires_after(patience);
            co_await asio::async_write(
                stream, asio::buffer(events), asio::redirect_error(asio::use_awaitable, gone)
            );
            stream.expires_never();
            events.clear();
        }
    }

    /// Waits until there is news, or for as long as a stream may be silent. Whether there is news.
    Task<bool> news()
    {
        boost::system::error_code woken;
        asio::steady_timer silence(x_io_, heartbeat);
        x_sleepers_.insert(&silence);
        co_await silence.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        x_sleepers_.erase(&silence);
        if (!woken)
            co_return false;
        silence.expires_after(gather);
        co_await silence.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        co_return true;
    }

    const config::Admin x_settings_;
    const Parts x_parts_;
    net::Users x_users_;
    const Instance x_instance_;
    asio::io_context x_io_{1};
    net::Endpoint x_address_;
    asio::ip::tcp::acceptor x_acceptor_;
    std::set<asio::steady_timer*> x_sleepers_; ///< streams that wait for news
    std::size_t x_connections_ = 0;
    bool x_draining_ = false;
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
