// SPDX-License-Identifier: Apache-2.0
// bench_origin [--listen ADDRESS:PORT] [--certificate FILE --key FILE] — an origin of one thread that answers
// as COS would and costs next to nothing; with a certificate it speaks TLS. Prints the port it listens on.
// Ends with a message on the first request it does not understand.
#include "tests/bench/arguments.hpp"
#include "tests/bench/link.hpp"
#include "tests/bench/origin_answer.hpp"
#include "tests/bench/payload.hpp"
#include "tests/bench/socket.hpp"
#include "tests/bench/tls.hpp"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cosdiag::bench {

namespace {

/// One client connection: reads a head, drains its body, answers, and starts over.
class Connection {
public:
    Connection(Fd socket, const std::optional<TlsContext>& tls, Poll& poll, const Payload& payload)
        : x_link(std::move(socket)), x_poll(poll), x_payload(payload)
    {
        if (tls)
            x_link.secure(*tls, "");
        x_poll.add(x_link.socket(), EPOLLIN, this);
    }

    /// False once the connection is over.
    bool on_ready(std::uint32_t events)
    {
        if ((events & EPOLLERR) != 0)
            return false;
        if (sending())
            return send_more();
        return receive();
    }

private:
    /// An answer is prepared while its request's body is still to be read.
    bool sending() const
    {
        return x_upload_left == 0 &&
               (x_head_at < x_answer.head.size() || x_body_at < x_answer.body_bytes || x_link.unsent() > 0);
    }

    bool receive();
    bool drain();
    bool begin_answer();
    bool send_more();
    ssize_t send_some();
    ssize_t send_head();
    bool wait_writable();
    bool finish_answer();

    Link x_link;
    Poll& x_poll;
    const Payload& x_payload;
    std::string x_input;
    std::uint64_t x_upload_left = 0;
    Answer x_answer;
    std::uint64_t x_head_at = 0;
    std::uint64_t x_body_at = 0;
    bool x_close = false;
    bool x_waits_writable = false;
};

bool Connection::receive()
{
    if (x_link.secured() && !x_link.handshake())
        return true;
    if (x_upload_left > 0)
        return drain();
    char buffer[16 * 1024];
    do {
        const ssize_t count = x_link.receive(buffer);
        if (count <= 0)
            return count < 0 && would_block() && (x_link.flush() || would_block());
        x_input.append(buffer, static_cast<std::size_t>(count));
    } while (x_input.find("\r\n\r\n") == std::string::npos);
    return begin_answer();
}

bool Connection::drain()
{
    while (x_upload_left > 0) {
        const ssize_t count = x_link.discard(x_upload_left);
        if (count <= 0)
            return count < 0 && would_block();
        x_upload_left -= static_cast<std::uint64_t>(count);
    }
    return send_more();
}

bool Connection::begin_answer()
{
    const auto end = x_input.find("\r\n\r\n");
    if (end == std::string::npos)
        return true;
    const auto head_size = end + 4;
    const auto asked = read_head(std::string_view(x_input).substr(0, head_size));
    x_answer = answer_to(asked);
    x_head_at = x_body_at = 0;
    x_close = asked.close;
    const auto early = std::min<std::uint64_t>(asked.body_bytes, x_input.size() - head_size);
    x_upload_left = asked.body_bytes - early;
    x_input.erase(0, head_size + early);
    return x_upload_left > 0 ? drain() : send_more();
}

ssize_t Connection::send_head()
{
    const auto body = x_answer.body_bytes <= Payload::copied_bytes ? x_payload.front(x_answer.body_bytes)
                                                                   : std::string_view();
    const auto head = std::string_view(x_answer.head).substr(x_head_at);
    return x_link.send(head, body, body.size() < x_answer.body_bytes);
}

ssize_t Connection::send_some()
{
    if (x_head_at < x_answer.head.size())
        return send_head();
    if (x_body_at < x_answer.body_bytes)
        return x_link.send(x_payload, x_body_at, x_answer.body_bytes - x_body_at);
    return x_link.flush() ? 0 : -1;
}

bool Connection::send_more()
{
    while (sending()) {
        const ssize_t count = send_some();
        if (count < 0)
            return would_block() && wait_writable();
        const auto sent = static_cast<std::uint64_t>(count);
        const auto of_head = std::min(sent, x_answer.head.size() - x_head_at);
        x_head_at += of_head;
        x_body_at += sent - of_head;
    }
    return finish_answer();
}

bool Connection::wait_writable()
{
    if (!x_waits_writable)
        x_poll.change(x_link.socket(), EPOLLOUT, this);
    x_waits_writable = true;
    return true;
}

bool Connection::finish_answer()
{
    if (x_waits_writable)
        x_poll.change(x_link.socket(), EPOLLIN, this);
    x_waits_writable = false;
    return !x_close && (x_input.empty() || begin_answer());
}

/// A proxy that breaks TLS off, as it does with an origin it does not trust, ends its connection only.
bool go_on(Connection& connection, std::uint32_t events)
{
    try {
        return connection.on_ready(events);
    } catch (const TlsError&) {
        return false;
    }
}

[[noreturn]] void serve(const Fd& listener, const std::optional<TlsContext>& tls)
{
    const Payload payload;
    Poll poll;
    poll.add(listener, EPOLLIN, nullptr);
    for (;;) {
        for (const auto& event : poll.wait()) {
            if (event.data.ptr == nullptr) {
                while (auto socket = accept_from(listener))
                    new Connection(std::move(socket), tls, poll, payload);
                continue;
            }
            auto* const connection = static_cast<Connection*>(event.data.ptr);
            if (!go_on(*connection, event.events))
                delete connection;
        }
    }
}

int origin(Arguments& arguments)
{
    const auto address = parse_address(arguments.text("--listen", "127.0.0.1:0"));
    const auto certificate = arguments.text("--certificate");
    const auto key = arguments.text("--key");
    arguments.finish();
    std::optional<TlsContext> tls;
    if (!certificate.empty())
        tls = TlsContext::server(certificate, key);
    std::signal(SIGPIPE, SIG_IGN);
    const auto listener = listen_on(address);
    std::printf("%u\n", static_cast<unsigned>(port_of(listener)));
    std::fflush(stdout);
    serve(listener, tls);
}

} // namespace

} // namespace cosdiag::bench

int main(int argc, char** argv)
{
    return cosdiag::bench::run_guarded("bench_origin", cosdiag::bench::origin, argc, argv);
}
