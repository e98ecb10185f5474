// SPDX-License-Identifier: Apache-2.0
// The part of a session in which its client speaks as if to the origin: inside a tunnel, or led here by
// something else. Its first bytes decide what becomes of it.
#include "proxy/log/notices.hpp"
#include "proxy/net/fault.hpp"
#include "proxy/net/session.hpp"
#include "proxy/net/tls_stream.hpp"
#include "proxy/tls/client_hello.hpp"
#include "proxy/tls/server_context.hpp"

namespace cosdiag::net {

using By = http::Addressing::By;

void Inside::name(std::string_view host_name, std::uint16_t port_number, std::uint16_t usual_port)
{
    host = host_name;
    port = port_number;
    authority = host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port != usual_port)
        authority += ":" + std::to_string(port);
    tunnel = http::parse_authority(authority).value_or(http::Authority{});
}

http::Addressing Session::addressing() const noexcept
{
    if (!x_inside_)
        return {};
    return {x_inside_->by, x_inside_->tunnel};
}

/// Whether TLS to that host is ours to look into.
bool Session::inspects(std::string_view host) const
{
    return x_context_.interception != nullptr && x_context_.examiner.is_cos_host(host) &&
           x_context_.interception->covers(host);
}

/// A connection to a listener where clients do not know of a proxy.
Task<> Session::enter()
{
    x_inside_ = std::make_unique<Inside>();
    x_inside_->by = By::host;
    if (x_original_) {
        x_inside_->by = By::route;
        x_inside_->at = x_original_->address();
        x_inside_->port = x_original_->port();
        x_stray_ = x_context_.access.is_own(*x_original_);
        x_undecided_ = !x_stray_;
    }
    co_await enter_inside(x_head_deadline_);
}

Task<> Session::enter_inside(Ticks deadline)
{
    std::string server_name;
    const Greeting greeting = co_await greet(deadline, server_name);
    if (greeting != Greeting::gone && came_back()) {
        x_undecided_ = false;
        x_close_ = greeting != Greeting::http;
        co_return;
    }
    switch (greeting) {
    case Greeting::http:
        break;
    case Greeting::tls:
        co_await enter_tls(std::move(server_name));
        break;
    case Greeting::other:
        if (x_inside_->by != By::host)
            co_await pass_through(false);
        else if (tls::begins_tls(x_work_->input.view()))
            co_await close_reverse({});
        break; // else what reads HTTP finds what is wrong with it
    case Greeting::gone:
        x_close_ = true;
        break;
    }
}

/// Whether this is a connection of our own, which would make the next one, for ever. It was known before its
/// first bytes were sent, so that is known for sure once they are here.
bool Session::came_back()
{
    x_returned_ = x_original_ && x_context_.access.came_back({x_peer_, x_peer_port_}, *x_original_);
    if (x_returned_ && !std::exchange(x_context_.loop_told, true))
        log::warn(led_back(x_original_->address().to_string()).message);
    return x_returned_;
}

/// A client that begins with TLS: looked into, passed through, or shown the door.
Task<> Session::enter_tls(std::string server_name)
{
    Inside& inside = *x_inside_;
    if (server_name.empty())
        server_name = inside.host;
    if (inspects(server_name)) {
        inside.tls = co_await secure(server_name);
        x_close_ = x_close_ || !inside.tls;
        x_undecided_ = false;
        inside.name(inside.by == By::tunnel ? inside.host : server_name, inside.port, 443);
    } else if (inside.by == By::host && !x_context_.examiner.is_cos_host(server_name)) {
        co_await close_reverse(server_name);
    } else {
        if (inside.host.empty())
            inside.host = server_name;
        co_await pass_through(false);
    }
}

/// What the first bytes show so far; nothing while more are needed. TLS has to say whom it wants, so all of
/// its first message is awaited.
std::optional<Session::Greeting> Session::greeting_so_far(std::string& server_name) const
{
    if (!x_work_ || x_work_->input.empty())
        return std::nullopt;
    const std::string_view bytes = x_work_->input.view();
    if (!tls::begins_tls(bytes))
        return bytes[0] >= 'A' && bytes[0] <= 'Z' ? Greeting::http : Greeting::other;
    tls::ClientHello hello = tls::read_client_hello(bytes);
    if (hello.state == tls::ClientHello::State::partial)
        return std::nullopt;
    server_name = std::move(hello.server_name);
    return hello.state == tls::ClientHello::State::whole ? Greeting::tls : Greeting::other;
}

/// Waits until the first bytes tell.
Task<Session::Greeting> Session::greet(Ticks deadline, std::string& server_name)
{
    while (!x_waiter_.stopped()) {
        if (const auto shown = greeting_so_far(server_name))
            co_return *shown;
        const IoResult result = read_more();
        if (result.io == Io::moved)
            continue;
        if (x_work_ && x_work_->input.empty())
            x_context_.give(std::move(x_work_));
        if (result.io != Io::blocked || now() >= deadline ||
            (!x_work_ && x_context_.ending == Context::Ending::now))
            break;
        x_client_->want_read();
        x_waiter_.set(deadline);
        co_await x_waiter_.sleep();
        static_cast<void>(x_waiter_.take_expired());
    }
    co_return Greeting::gone;
}

/// Puts TLS between the client and what follows. False if that failed, which has been told then.
Task<bool> Session::secure(const std::string& host)
{
    std::string preface(x_work_->input.view());
    x_context_.give(std::move(x_work_));
    SSL* connection = nullptr;
    try {
        connection = x_context_.interception->connection(host);
    } catch (const std::exception& failure) {
        log::warn("TLS to " + host + " could not be looked into: " + failure.what());
        co_return false;
    }
    TlsStreamPtr stream(new TlsStream(std::move(x_client_), connection, preface));
    const Io state =
        co_await shake_hands(*stream, x_waiter_, now() + x_context_.config.timeouts.client_head.count());
    x_context_.memory_freed();
    if (state == Io::failed)
        x_context_.examiner.handshake_failed(
            {host, x_peer_.to_string(), x_inside_->user_agent, stream->failure()}
        );
    if (state == Io::moved) {
        x_context_.meters.tunnels[static_cast<std::size_t>(TunnelKind::intercepted)].add();
        x_context_.examiner.handshake_done(host, x_peer_);
    }
    x_client_ = std::move(stream);
    x_head_deadline_ = now() + x_context_.config.timeouts.client_head.count();
    co_return state == Io::moved;
}

/// CONNECT to a host of COS: nothing is dialled yet, since what comes may be served by a connection that is
/// there already.
Task<> Session::intercept()
{
    Work& work = *x_work_;
    x_inside_ = std::make_unique<Inside>();
    x_inside_->name(work.origin.host, work.origin.port, 80);
    x_inside_->user_agent = work.head.fields.value(http::FieldId::user_agent).substr(0, 256);
    const std::string early(after_head().data(), after_head().size());
    co_await send(std::string(tunnel_open));
    next_request(early);
    if (!x_close_)
        co_await enter_inside(now() + x_context_.config.timeouts.client_head.count());
}

/// Whether the first request on a redirected connection is none of COS's business. One that has been here
/// before is ours, lest it go round for ever.
bool Session::is_foreign()
{
    if (const auto* refusal = std::get_if<http::Refusal>(&x_work_->plan))
        return refusal->proxy_error != "proxy_loop_detected";
    const auto* plan = std::get_if<http::Forward>(&x_work_->plan);
    return plan == nullptr || !x_context_.examiner.is_cos_host(plan->origin.host);
}

/// TLS on a reverse listener that leads nowhere: the client gets the alert for it (RFC 6066 §3), the operator
/// the words.
Task<> Session::close_reverse(std::string_view server_name)
{
    constexpr std::string_view unrecognized_name("\x15\x03\x03\0\x02\x02\x70", 7);
    const std::string whom = "a client at " + x_peer_.to_string() + " spoke TLS to a reverse listener ";
    if (server_name.empty())
        log::warn(
            whom + "without naming a host (SNI), so there is nowhere to take it. Let it ask for the bucket's "
                   "host by name, not by address"
        );
    else
        log::warn(
            whom + "and wanted " + std::string(server_name) +
            ", which is no host of COS. A domain of your own in front of a bucket goes into "
            "cos.custom_domains"
        );
    x_close_ = true;
    x_drain_ = true;
    co_await send(std::string(unrecognized_name));
}

/// Connects to where the client wanted to go and keeps out of it. `may_answer`: it has sent a whole request,
/// so a failure can be told.
Task<> Session::pass_through(bool may_answer)
{
    if (!x_work_)
        x_work_ = x_context_.take_work();
    Origin& origin = x_work_->origin;
    origin = Origin{};
    origin.host = x_inside_->host;
    origin.port = x_inside_->port;
    origin.at = x_inside_->at;
    if (origin.host.empty() && origin.at)
        origin.host = origin.at->to_string();
    origin.cos = x_context_.examiner.is_cos_host(origin.host);
    x_close_ = true;
    x_context_.parents.choose(origin, false);
    Dialled dialled;
    if (auto refusal = barred())
        dialled.failure = *std::move(refusal);
    else
        dialled = co_await x_context_.dialer.dial(origin, x_waiter_);
    if (!dialled.stream) {
        log::warn("a connection to " + origin.host + " was not passed through: " + dialled.failure.message);
        if (may_answer)
            co_await refuse(dialled.failure, true);
        else
            x_client_->abort();
        co_return;
    }
    count_tunnel();
    if (origin.cos)
        x_context_.examiner.blind_tunnel(origin.host, x_inside_->user_agent);
    co_await join(std::move(dialled.stream), std::string(x_work_->input.view()), {});
}

} // namespace cosdiag::net
