// SPDX-License-Identifier: Apache-2.0
// One worker's world without sockets: sessions on wires, and a dialer that hands out wires.
#pragma once

#include "memory_stream.hpp"
#include "proxy/net/context.hpp"
#include "proxy/net/parent_dialer.hpp"
#include "proxy/net/session.hpp"

#include <chrono>
#include <deque>
#include <vector>

namespace cosdiag::net::test {

using WirePtr = std::shared_ptr<Wire>;

/// Gives each caller the next wire prepared, or a new one.
class WireDialer final : public Dialer {
public:
    Task<Dialled> dial(const Origin& origin, Waiter&) override
    {
        asked.push_back(origin.key());
        Dialled result;
        if (refuses) {
            result.failure = {502, "CosdiagConnectFailed", "connection_refused", "nobody there"};
            co_return result;
        }
        WirePtr wire = prepared.empty() ? std::make_shared<Wire>() : prepared.front();
        if (!prepared.empty())
            prepared.pop_front();
        made.push_back(wire);
        result.stream = plug(wire);
        co_return result;
    }

    std::deque<WirePtr> prepared;
    std::vector<WirePtr> made;
    std::vector<std::string> asked;
    bool refuses = false;
};

/// Explains everything with one word.
class WordExaminer final : public Examiner {
public:
    bool is_cos_host(std::string_view name) const noexcept override
    {
        return name.ends_with(".myqcloud.com");
    }

    std::string examine(const Refused& refused) noexcept override
    {
        ++examined;
        body = refused.response_body ? std::string(*refused.response_body) : "(not seen)";
        complete = refused.response_body_complete;
        request_body = refused.request_body != nullptr ? refused.request_body->data : "(not seen)";
        host = refused.host;
        return word;
    }

    bool wants_body(const http::RequestHead&, std::string_view) const noexcept override { return curious; }

    bool allowed(const Allowed& passed) noexcept override
    {
        allowances.emplace_back(passed.target);
        return curious;
    }

    void told(const Allowed& passed, std::string_view answer, bool whole) noexcept override
    {
        tellings.push_back({std::string(passed.target), std::string(answer), whole});
    }

    void blind_tunnel(std::string_view to, std::string_view) noexcept override { tunnels.emplace_back(to); }

    void handshake_failed(const FailedHandshake& failed) noexcept override
    {
        failures.push_back(failed.failure);
    }

    void handshake_done(std::string_view at, const Address&) noexcept override { trusting.emplace_back(at); }

    std::vector<TlsStream::Failure> failures;
    std::vector<std::string> trusting; ///< hosts whose certificate of ours was accepted

    struct Telling {
        std::string target, body;
        bool complete;
    };

    std::string word = "explained";
    bool curious = false; ///< about bodies
    int examined = 0;
    std::string body;
    std::string request_body;
    std::string host;
    bool complete = false;
    std::vector<std::string> tunnels;
    std::vector<std::string> allowances; ///< targets that COS allowed
    std::vector<Telling> tellings;       ///< and what the answers to them held
};

class World {
public:
    explicit World(
        config::Config settings = {},
        const char* listens_on = "127.0.0.1",
        tls::ServerContext* interception = nullptr,
        config::ParentRules rules = {}
    )
        : config(std::move(settings)),
          parent_rules(std::move(rules)),
          entrance{{asio::ip::make_address(listens_on), 8403}},
          access(config.access, {entrance.address}),
          context(io, config, identity, access, parents, parent_dialer, examiner, meters, interception)
    {
    }

    ~World()
    {
        context.ending = Context::Ending::now; // as a worker that stops
        for (auto it = context.sessions.begin(); it != context.sessions.end();)
            static_cast<Session&>(*it++).stop();
        settle();
    }

    /// A client connects.
    WirePtr connect()
    {
        auto wire = std::make_shared<Wire>();
        all.push_back(wire);
        run_session(
            context, plug(wire), {asio::ip::make_address("127.0.0.1"), entrance, original, client_port}
        );
        settle();
        return wire;
    }

    /// Lets everything happen that can happen without waiting.
    void settle()
    {
        for (bool moved = true; moved;) {
            moved = io.poll() != 0;
            io.restart();
            for (const auto* wires : {&all, &dialer.made}) {
                for (std::size_t i = 0; i < wires->size(); ++i) {
                    const WirePtr wire = (*wires)[i];
                    moved = (wire->stream != nullptr && wire->stream->deliver()) || moved;
                }
            }
        }
    }

    /// Lets deadlines pass until the condition holds; false if it does not within ten seconds.
    template <class Condition>
    bool wait_until(Condition holds)
    {
        const Ticks give_up = now() + 10'000;
        while (!holds() && now() < give_up) {
            io.run_for(std::chrono::milliseconds(5));
            io.restart();
            context.wheel.advance(now());
            settle();
        }
        return holds();
    }

    /// The wire to the origin that was dialled last.
    Wire& origin() { return *dialer.made.at(dialer.made.size() - 1); }

    asio::io_context io{1};
    asio::executor_work_guard<Executor> work{io.get_executor()}; // so that waiting is waiting, not spinning
    config::Config config;
    config::ParentRules parent_rules;
    http::Identity identity{"cosdiag-test", true};
    Entrance entrance;
    std::optional<Endpoint> original; ///< of the connections to come
    std::uint16_t client_port = 40000;
    Access access;
    Parents parents{parent_rules, config.upstream.connect_to};
    WireDialer dialer;
    ParentDialer parent_dialer{dialer, identity, config};
    WordExaminer examiner;
    std::vector<WirePtr> all;
    Meters meters;
    Context context;
};

/// A request for an origin, in absolute-form.
inline std::string get(std::string_view host = "a.example", std::string_view more = "")
{
    return "GET http://" + std::string(host) + "/x HTTP/1.1\r\nHost: " + std::string(host) + "\r\n" +
           std::string(more) + "\r\n";
}

constexpr std::string_view answer_ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
constexpr std::string_view relayed_ok =
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nVia: 1.1 cosdiag-test\r\n\r\nok";

} // namespace cosdiag::net::test
