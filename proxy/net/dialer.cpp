// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/dialer.hpp"

#include "proxy/http/field.hpp"
#include "proxy/net/fault.hpp"
#include "proxy/net/tcp_stream.hpp"

#include <netdb.h>

#include <system_error>

namespace cosdiag::net {

namespace {

Dialled fail(unsigned status, std::string_view code, std::string_view proxy_error, std::string message)
{
    return {nullptr, {status, code, proxy_error, std::move(message)}};
}

Dialled name_failure(const std::string& host, int error)
{
    const bool unknown = error == EAI_NONAME || error == EAI_NODATA;
    return fail(
        502,
        "CosdiagNameNotFound",
        "dns_error",
        "the name " + host + (unknown ? " does not exist" : " could not be looked up") + " (" +
            ::gai_strerror(error) + "). Check bucket, APPID and region in it, and this machine's DNS"
    );
}

Dialled denied(const Denial& denial)
{
    return {nullptr, destination_refused(denial)};
}

/// A host of COS that leads to this machine, and DNS, asked past the hosts file (`error`: how that went),
/// knows no other way.
Dialled
leads_back(const std::string& host, const Endpoint& to, const std::optional<Denial>& denial, int error)
{
    Dialled failure =
        denial ? denied(*denial)
               : denied({true, host + " leads to " + to.address().to_string() + ", which is this machine"});
    failure.failure.message +=
        ". If a hosts file leads clients here by that name, tell where COS is: --connect-to " + host +
        "::ADDRESS:, or a name server in resolv.conf that knows it (asked past the hosts file, those there " +
        (error == 0 ? "say the same" : std::string("say: ") + ::gai_strerror(error)) + ")";
    return failure;
}

Dialled connect_failure(const Origin& origin, const Endpoint& to, int error)
{
    const std::string where =
        origin.host + " at " + to.address().to_string() + ":" + std::to_string(to.port());
    const std::string why = where + " could not be connected to: " + std::generic_category().message(error);
    switch (error) {
    case ECONNREFUSED:
        return fail(
            502,
            "CosdiagConnectFailed",
            "connection_refused",
            why + ". Nothing listens there; check host and port"
        );
    case ETIMEDOUT:
        return fail(504, "CosdiagConnectTimeout", "connection_timeout", why + ". Check firewalls and routes");
    case ENETUNREACH:
    case EHOSTUNREACH:
        return fail(
            502, "CosdiagConnectFailed", "destination_ip_unroutable", why + ". Check this machine's network"
        );
    default:
        return fail(502, "CosdiagConnectFailed", "destination_unavailable", why);
    }
}

/// RFC 8305 §4: the families take turns, beginning with the one the resolver put first.
void interleave(std::vector<Address>& addresses)
{
    std::vector<Address> first;
    std::vector<Address> second;
    for (const Address& address : addresses)
        (address.is_v6() == addresses.front().is_v6() ? first : second).push_back(address);
    addresses.clear();
    for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
        if (i < first.size())
            addresses.push_back(first[i]);
        if (i < second.size())
            addresses.push_back(second[i]);
    }
}

} // namespace

/// Connection attempts side by side; the first to succeed wins.
struct TcpDialer::Race {
    struct Runner {
        Endpoint to;
        StreamPtr stream;
    };

    std::vector<Runner> runners;
    Endpoint last;
    int error = 0; ///< the last attempt's that failed

    /// Begins one more attempt. `departing_by`: who is to know it should it come back, or null.
    void start(Reactor& reactor, const Endpoint& to, Waiter& waiter, const Access* departing_by)
    {
        last = to;
        Endpoint from;
        StreamPtr stream = begin_connect(reactor, to, error, departing_by != nullptr ? &from : nullptr);
        if (!stream)
            return;
        if (departing_by != nullptr)
            departing_by->departing(from, to);
        stream->watch(&waiter);
        stream->want_write();
        runners.push_back({to, std::move(stream)});
    }

    /// The winner, if there is one by now; losers that have failed leave the field.
    StreamPtr judge()
    {
        for (auto it = runners.begin(); it != runners.end();) {
            const IoResult state = it->stream->connected();
            if (state.io == Io::moved)
                return std::move(it->stream);
            if (state.io == Io::blocked) {
                ++it;
                continue;
            }
            error = state.error;
            last = it->to;
            it = runners.erase(it);
        }
        return nullptr;
    }
};

Task<Resolution>
TcpDialer::look_up(const std::string& host, Resolver::Source source, Ticks deadline, Waiter& waiter)
{
    const auto lookup = x_resolver_.begin(x_context_, host, source, waiter);
    waiter.set(deadline);
    while (!lookup->done && !waiter.stopped()) {
        co_await waiter.sleep();
        if (waiter.take_expired())
            break;
    }
    lookup->waiter = nullptr;
    Resolution result;
    if (lookup->done)
        result = std::move(lookup->result);
    else
        result.error = EAI_AGAIN;
    co_return result;
}

/// Whether all that was found is this machine.
bool TcpDialer::lead_here(const Resolution& found) const
{
    return std::all_of(found.addresses.begin(), found.addresses.end(), [&](const Address& each) {
        return x_access_.leads_here(each);
    });
}

Task<Dialled> TcpDialer::dial(const Origin& origin, Waiter& waiter)
{
    const Ticks deadline = now() + x_config_.timeouts.connect.count();
    std::string host = origin.host;
    std::uint16_t port = origin.port;
    Destination wanted;
    wanted.host = origin.host;
    wanted.cos = origin.cos;
    wanted.redirected = origin.exempt || apply_connect_to(x_config_.upstream.connect_to, host, port);

    std::vector<Address> addresses;
    boost::system::error_code not_literal;
    const Address literal = asio::ip::make_address(host, not_literal);
    if (origin.at && !wanted.redirected) {
        addresses.push_back(*origin.at);
    } else if (!not_literal) {
        addresses.push_back(literal);
    } else {
        Resolution found = co_await look_up(host, Resolver::Source::system, deadline, waiter);
        if (found.error != 0) {
            Dialled failure = now() >= deadline ? fail(
                                                      504,
                                                      "CosdiagNameTimeout",
                                                      "dns_timeout",
                                                      "the name " + host + " could not be looked up within " +
                                                          std::to_string(x_config_.timeouts.connect.count()) +
                                                          " ms (timeouts.connect). Check this machine's DNS"
                                                  )
                                                : name_failure(host, found.error);
            co_return failure;
        }
        if (origin.cos && !wanted.redirected && lead_here(found)) {
            Resolution beyond = co_await look_up(host, Resolver::Source::dns, deadline, waiter);
            if (lead_here(beyond)) {
                const Endpoint back(found.addresses.front(), port);
                Dialled failure = leads_back(host, back, x_access_.check(back, wanted), beyond.error);
                co_return failure;
            }
            found = std::move(beyond);
        }
        addresses = std::move(found.addresses);
        interleave(addresses);
    }
    Dialled result = co_await connect(origin, wanted, std::move(addresses), port, deadline, waiter);
    co_return result;
}

Task<Dialled> TcpDialer::connect(
    const Origin& origin,
    const Destination& wanted,
    std::vector<Address> addresses,
    std::uint16_t port,
    Ticks deadline,
    Waiter& waiter
)
{
    std::optional<Denial> denial;
    std::erase_if(addresses, [&](const Address& address) {
        auto found = x_access_.check(Endpoint(address, port), wanted);
        const bool refused = found.has_value();
        if (refused)
            denial = std::move(found);
        return refused;
    });
    if (addresses.empty()) {
        Dialled refused{nullptr, destination_refused(*denial)};
        co_return refused;
    }

    Race race;
    std::size_t next = 0;
    Ticks start_next = 0;
    while (!waiter.stopped()) {
        if (StreamPtr winner = race.judge()) {
            winner->watch(nullptr);
            waiter.clear();
            Dialled success;
            success.stream = std::move(winner);
            co_return success;
        }
        const Ticks time = now();
        if (time >= deadline) {
            race.error = ETIMEDOUT;
            break;
        }
        if (next < addresses.size() && (race.runners.empty() || time >= start_next)) {
            const Endpoint to(addresses[next++], port);
            race.start(x_reactor_, to, waiter, origin.at ? &x_access_ : nullptr);
            start_next = time + x_config_.timeouts.connect_next.count();
            continue;
        }
        if (race.runners.empty())
            break;
        waiter.set(next < addresses.size() ? std::min(start_next, deadline) : deadline);
        co_await waiter.sleep();
        static_cast<void>(waiter.take_expired());
    }
    Dialled failure = connect_failure(origin, race.last, race.error);
    co_return failure;
}

} // namespace cosdiag::net
