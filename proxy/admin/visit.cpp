// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/visit.hpp"

#include "proxy/admin/follower.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <array>
#include <chrono>
#include <utility>

namespace cosdiag::admin {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

using Error = boost::system::error_code;
template <class T = void>
using Task = asio::awaitable<T>;
using Parser = http::request_parser<http::empty_body>;

constexpr std::uint32_t most_head = 16 * 1024; ///< bytes
constexpr std::size_t most_unread =
    1024 * 1024; ///< bytes that a visitor may send unasked before it is cut off
constexpr std::size_t entries_at_once = 100;
constexpr std::size_t most_followers = 48; ///< fewer than visitors: probes are answered whoever follows

constexpr std::chrono::seconds patience{10};    ///< with a visitor that reads or writes slowly
constexpr std::chrono::seconds keep_alive{60};  ///< between its requests
constexpr std::chrono::seconds farewell{2};     ///< for a visitor to take its last answer
constexpr std::chrono::seconds heartbeat{15};   ///< of a stream without entries
constexpr std::chrono::milliseconds gather{50}; ///< entries that come together leave together

constexpr std::string_view strictest = "default-src 'none'; frame-ancestors 'none'";

/// In a list for as long as it lives.
template <class T>
class Listed {
public:
    Listed(std::list<T*>& list, T& self) : x_list_(list), x_at_(list.insert(list.end(), &self)) {}

    ~Listed() { x_list_.erase(x_at_); }

    Listed(const Listed&) = delete;
    Listed& operator=(const Listed&) = delete;

private:
    std::list<T*>& x_list_;
    typename std::list<T*>::iterator x_at_;
};

beast::string_view as_beast(std::string_view text)
{
    return {text.data(), text.size()};
}

std::string_view as_std(beast::string_view text)
{
    return {text.data(), text.size()};
}

auto into(Error& error)
{
    return asio::redirect_error(asio::use_awaitable, error);
}

template <class Message>
void add_safety(Message& message, std::string_view policy)
{
    message.set(http::field::cache_control, "no-store");
    message.set("Content-Security-Policy", as_beast(policy.empty() ? strictest : policy));
    message.set("X-Content-Type-Options", "nosniff");
    message.set("Referrer-Policy", "no-referrer");
    message.set("Cross-Origin-Resource-Policy", "same-origin");
    message.set("Cross-Origin-Opener-Policy", "same-origin");
}

/// Headers cost 10 s at most from their first byte on, however they drip.
Task<Error> read_head(Stream& stream, beast::flat_buffer& buffer, Parser& parser)
{
    constexpr std::size_t first_bytes = 4096;
    Error error;
    if (buffer.size() == 0) {
        stream.expires_after(keep_alive);
        buffer.commit(co_await stream.async_read_some(buffer.prepare(first_bytes), into(error)));
        if (error)
            co_return error;
    }
    stream.expires_after(patience);
    co_await http::async_read_header(stream, buffer, parser, into(error));
    co_return error;
}

/// What a request gets that is none; nothing if there is nobody to tell.
std::optional<Reply> refusal(const Error& error)
{
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return Reply{431, "application/json", error_json("the request's head is longer than 16 KiB")};
    const bool gone = error == http::error::end_of_stream || error == http::error::partial_message;
    if (gone || error.category() != make_error_code(http::error::bad_target).category())
        return std::nullopt;
    return Reply{400, "application/json", error_json("that is no HTTP request: " + error.message())};
}

/// How an answer goes out.
struct Delivery {
    unsigned version = 11; ///< of HTTP
    bool keeps = false;    ///< the connection stays open
    bool bodiless = false; ///< HEAD
};

/// Whether the connection stays open.
Task<bool> send(Stream& stream, Reply reply, Delivery delivery)
{
    http::response<http::string_body> message(static_cast<http::status>(reply.status), delivery.version);
    message.set(http::field::content_type, as_beast(reply.type));
    add_safety(message, reply.policy);
    if (reply.asks_for_user)
        message.set(http::field::www_authenticate, R"(Basic realm="cosdiag", charset="UTF-8")");
    if (reply.status == 405)
        message.set(http::field::allow, "GET, HEAD");
    message.keep_alive(delivery.keeps);
    message.body() = std::move(reply.body);
    message.prepare_payload();
    if (delivery.bodiless)
        message.body().clear();
    Error gone;
    co_await http::async_write(stream, message, into(gone));
    co_return !gone && delivery.keeps;
}

/// Waits until there is news, or for as long as a stream may be silent. Whether there is news.
Task<bool> news(Stream& stream, Hall& hall)
{
    Error woken;
    asio::steady_timer silence(stream.get_executor(), heartbeat);
    {
        const Listed asleep(hall.asleep, silence);
        co_await silence.async_wait(into(woken));
    }
    if (!woken)
        co_return false;
    if (!hall.draining) {
        silence.expires_after(gather);
        co_await silence.async_wait(into(woken));
    }
    co_return true;
}

Task<> stream_head(Stream& stream, Error& gone)
{
    http::response<http::empty_body> head(http::status::ok, 11);
    head.set(http::field::content_type, "text/event-stream");
    add_safety(head, {});
    head.keep_alive(false);
    http::response_serializer<http::empty_body> serializer(head);
    co_await http::async_write_header(stream, serializer, into(gone));
}

Task<> stream_entries(Stream& stream, Query query, Hall& hall)
{
    Error gone;
    co_await stream_head(stream, gone);
    Follower follower(hall.known.journal, std::move(query), hall.known.instance.id);
    std::string events = follower.greeting();
    bool told_draining = false;
    while (!gone) {
        events += follower.next(entries_at_once);
        if (hall.draining && !std::exchange(told_draining, true))
            events += "event: draining\ndata: {}\n\n";
        if (events.empty())
            events = co_await news(stream, hall) ? "" : ": \n\n";
        if (events.empty())
            continue;
        stream.expires_after(patience);
        co_await asio::async_write(stream, asio::buffer(events), into(gone));
        stream.expires_never();
        events.clear();
    }
}

/// Whether the connection may serve another request.
Task<bool> respond(Stream& stream, const Parser& parser, Hall& hall)
{
    const auto& asked = parser.get();
    const auto text = [&](const char* name) { return as_std(asked[name]); };
    Error none;
    const Request request{
        as_std(asked.method_string()),
        as_std(asked.target()),
        text("Accept"),
        text("Authorization"),
        text("Last-Event-ID"),
        {text("Host"), text("Sec-Fetch-Site"), stream.socket().local_endpoint(none).address()}};
    const bool has_body = parser.chunked() || parser.content_length().value_or(0) != 0;
    const bool bodiless = asked.method() == http::verb::head;
    auto answered = answer(request, hall.known, hall.users);
    if (std::holds_alternative<Follow>(answered) && hall.following.size() >= most_followers)
        answered = Reply{503, "application/json", error_json("so many follow already that there is no room")};
    if (auto* reply = std::get_if<Reply>(&answered)) {
        const Listed busy(hall.answered, stream);
        co_return co_await send(
            stream, std::move(*reply), {asked.version(), asked.keep_alive() && !has_body, bodiless}
        );
    }
    const Listed follower(hall.following, stream);
    if (bodiless)
        co_await stream_head(stream, none);
    else
        co_await stream_entries(stream, std::move(std::get<Follow>(answered).query), hall);
    co_return false;
}

/// Closes so that the visitor can read its last answer: bytes that nobody has read would reset the
/// connection, and take the answer with them (RFC 9112 §9.6).
Task<> part(Stream& stream, Hall& hall)
{
    Error error;
    stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
    const Listed idle(hall.idle, stream);
    std::array<char, 16 * 1024> unread{};
    stream.expires_after(farewell);
    for (std::size_t all = 0; !error && all < most_unread;)
        all += co_await stream.async_read_some(asio::buffer(unread), into(error));
}

} // namespace

void Hall::wake()
{
    for (asio::steady_timer* const each : asleep)
        each->cancel();
}

bool Hall::make_room()
{
    for (const auto* const some : {&idle, &answered})
        for (Stream* const each : *some)
            if (each->socket().is_open()) {
                each->close();
                return true;
            }
    return false;
}

Place take_place(Hall& hall) noexcept
{
    ++hall.visitors;
    return Place(&hall.visitors);
}

asio::awaitable<void>
visit(Stream stream, [[maybe_unused]] Place place, Hall& hall) // NOLINT(*-unnecessary-value-param)
{
    beast::flat_buffer buffer(most_head);
    for (bool more = true; more;) {
        Parser parser;
        parser.header_limit(most_head);
        parser.body_limit(boost::none);
        Error error;
        {
            const Listed idle(hall.idle, stream);
            error = co_await read_head(stream, buffer, parser);
        }
        stream.expires_after(patience);
        more = !error && co_await respond(stream, parser, hall);
        if (auto reply = refusal(error))
            co_await send(stream, std::move(*reply), {});
    }
    co_await part(stream, hall);
}

} // namespace cosdiag::admin
