// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin_client.hpp"

#include "proxy/dialable.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <array>

namespace cosdiag {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

using Error = boost::system::error_code;
using std::chrono::milliseconds;

constexpr milliseconds to_connect(2000);
constexpr milliseconds to_answer(5000);
constexpr std::size_t piece = std::size_t{64} * 1024;
constexpr std::size_t most_body = std::size_t{64} * 1024 * 1024;

http::request<http::empty_body> message_of(const AdminRequest& request, const std::string& host)
{
    http::request<http::empty_body> message(http::verb::get, request.target, 11);
    message.set(http::field::host, host);
    message.set(http::field::user_agent, "cosdiag/" COSDIAG_VERSION);
    message.set(http::field::accept, request.accept);
    message.set(http::field::connection, "close");
    if (!request.last_event_id.empty())
        message.set("Last-Event-ID", request.last_event_id);
    if (!request.authorization.empty())
        message.set(http::field::authorization, request.authorization);
    return message;
}

std::string in_seconds(milliseconds span)
{
    return std::to_string((span.count() + 999) / 1000) + " s";
}

} // namespace

class AdminClient::Impl {
public:
    Impl(const config::Address& address, Clock::time_point end)
        : x_address_(dialable(address)),
          x_endpoint_(
              asio::ip::make_address(
                  address.host == "0.0.0.0" ? "127.0.0.1"
                  : address.host == "::"    ? "::1"
                                            : address.host
              ),
              address.port
          ),
          x_end_(end)
    {
        x_parser_.body_limit(boost::none);
    }

    const std::string& address() const noexcept { return x_address_; }

    AdminHead ask(const AdminRequest& request)
    {
        wait(to_connect, [&](auto done) { x_stream_.async_connect(x_endpoint_, done); });
        const auto message = message_of(request, x_address_);
        wait(to_answer, [&](auto done) { http::async_write(x_stream_, message, done); });
        wait(to_answer, [&](auto done) { http::async_read_header(x_stream_, x_buffer_, x_parser_, done); });
        const auto& head = x_parser_.get();
        const std::string_view type = head[http::field::content_type];
        return {head.result_int(), std::string(type.substr(0, type.find(';')))};
    }

    std::string_view read(milliseconds patience)
    {
        while (!x_parser_.is_done()) {
            auto& body = x_parser_.get().body();
            body.data = x_bytes_.data();
            body.size = x_bytes_.size();
            wait(patience, [&](auto done) { http::async_read_some(x_stream_, x_buffer_, x_parser_, done); });
            if (const auto got = x_bytes_.size() - body.size; got > 0)
                return {x_bytes_.data(), got};
        }
        return {};
    }

private:
    template <class Start>
    void wait(milliseconds patience, Start start)
    {
        const auto now = Clock::now();
        const auto until = std::min(now + patience, x_end_);
        x_stream_.expires_at(until);
        Error result;
        start([&result](Error error, auto&&... /*bytes*/) { result = error; });
        x_io_.restart();
        x_io_.run();
        if (result && result != http::error::need_buffer)
            fail(result, std::chrono::duration_cast<milliseconds>(until - now));
    }

    [[noreturn]] void fail(Error error, milliseconds waited) const
    {
        using Kind = AdminError::Kind;
        if (error == asio::error::connection_refused)
            throw AdminError(Kind::refused, "nothing listens at " + x_address_);
        if (error == beast::error::timeout)
            throw AdminError(
                Kind::timed_out, "nothing came from " + x_address_ + " within " + in_seconds(waited)
            );
        const bool ended = error == http::error::end_of_stream || error == http::error::partial_message;
        if (error.category() == make_error_code(http::error::bad_version).category() && !ended)
            throw AdminError(
                Kind::not_http, "what answers at " + x_address_ + " is no HTTP that cosdiag speaks"
            );
        throw AdminError(
            Kind::broken,
            "the connection to " + x_address_ + " broke: " + (ended ? "it was closed" : error.message())
        );
    }

    std::string x_address_;
    asio::ip::tcp::endpoint x_endpoint_;
    Clock::time_point x_end_;
    asio::io_context x_io_{1};
    beast::tcp_stream x_stream_{x_io_};
    beast::flat_buffer x_buffer_;
    http::response_parser<http::buffer_body> x_parser_;
    std::array<char, piece> x_bytes_{};
};

AdminClient::AdminClient(const config::Address& address, Clock::time_point end)
    : x_impl_(std::make_unique<Impl>(address, end))
{
}

AdminClient::~AdminClient() = default;

const std::string& AdminClient::address() const noexcept
{
    return x_impl_->address();
}

AdminHead AdminClient::ask(const AdminRequest& request)
{
    return x_impl_->ask(request);
}

std::string_view AdminClient::read(milliseconds patience)
{
    return x_impl_->read(patience);
}

std::string AdminClient::read_rest()
{
    std::string rest;
    for (auto bytes = read(to_answer); !bytes.empty(); bytes = read(to_answer)) {
        if (rest.size() + bytes.size() > most_body)
            throw AdminError(AdminError::Kind::not_http, "the answer of " + address() + " has no end");
        rest += bytes;
    }
    return rest;
}

} // namespace cosdiag
