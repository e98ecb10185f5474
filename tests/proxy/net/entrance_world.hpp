// SPDX-License-Identifier: Apache-2.0
// A world whose clients take the proxy for the origin: on a reverse or a transparent listener.
#pragma once

#include "proxy/tls/server_context.hpp"
#include "tls_peer.hpp"
#include "world.hpp"

namespace cosdiag::net::test {

inline const std::string cos_host = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com";

/// It has a CA, unless told otherwise.
struct EntranceWorld {
    EntranceWorld(
        config::ListenerMode mode, config::Config settings, bool has_ca, const char* on = "127.0.0.1"
    )
        : world(std::move(settings), on, has_ca ? &interception : nullptr)
    {
        world.entrance.mode = mode;
    }

    void send(std::string_view bytes)
    {
        client->push(bytes);
        world.settle();
    }

    /// Client and proxy take turns until neither has anything to say.
    void settle(TlsPeer& peer)
    {
        world.settle();
        while (peer.pump())
            world.settle();
    }

    /// A client that begins with TLS and asks for that name; it trusts our CA.
    std::unique_ptr<TlsPeer> greet(const std::string& name)
    {
        context = client_trusting(const_cast<X509*>(&authority->certificate()));
        auto peer = std::make_unique<TlsPeer>(client, context.get(), name, false);
        settle(*peer);
        return peer;
    }

    /// The keys of what was dialled.
    const std::vector<std::string>& asked() const { return world.dialer.asked; }

    std::shared_ptr<const tls::Authority> authority = std::make_shared<const tls::Authority>(
        tls::Authority::make({"myqcloud.com"}, tls::Clock::now(), "workshop")
    );
    tls::ServerContext interception{authority};
    World world;
    WirePtr client;
    ContextPtr context;
};

} // namespace cosdiag::net::test
