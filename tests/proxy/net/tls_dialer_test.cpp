// SPDX-License-Identifier: Apache-2.0
// TLS towards origins: whom we trust, and what the client is told where we do not.
#include "proxy/net/tls_dialer.hpp"
#include "proxy/tls/authority.hpp"
#include "tests/proxy/log/support.hpp"
#include "tls_peer.hpp"
#include "world.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace cosdiag;
using namespace cosdiag::net;
using namespace cosdiag::net::test;
using cosdiag::test::Folder;

namespace {

const std::string cos_host = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com";

tls::Authority authority_of(tls::Time now)
{
    return tls::Authority::make({"myqcloud.com"}, now, "workshop");
}

std::string written(const Folder& folder, const char* name, const std::string& text)
{
    std::ofstream(folder.file(name)) << text;
    return folder.file(name);
}

Detached dial(TlsDialer& dialer, Origin origin, Waiter& waiter, std::optional<Dialled>& result)
{
    result = co_await dialer.dial(origin, waiter);
}

/// A dialer before an origin with that certificate.
struct Dialling {
    Dialling(const tls::Roots& roots, const tls::Leaf* leaf) : origins(roots)
    {
        if (leaf != nullptr)
            server = server_with(leaf->certificate.get(), leaf->key.get());
    }

    /// Dials, with the origin answering as long as there is something to say.
    Dialled connect(const std::string& host = cos_host)
    {
        begin(host);
        if (server) {
            peer = std::make_unique<TlsPeer>(world.dialer.made.back(), server.get(), "", true);
            do
                world.settle();
            while (peer->pump());
        }
        return end();
    }

    void begin(const std::string& host = cos_host)
    {
        Origin origin;
        origin.host = host;
        origin.port = 443;
        origin.tls = true;
        dial(dialer, origin, waiter, result);
        world.settle();
    }

    Dialled end()
    {
        CHECK(world.wait_until([&] { return result.has_value(); }));
        return std::move(*result);
    }

    World world;
    tls::ClientContext origins;
    TlsDialer dialer{world.dialer, origins, world.config};
    Waiter waiter{world.context.wheel};
    std::optional<Dialled> result;
    ContextPtr server;
    std::unique_ptr<TlsPeer> peer;
};

bool has(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_SUITE("proxy/net/tls_dialer")
{
    TEST_CASE("an origin whose certificate is good is spoken to, and its session resumed the next time")
    {
        const Folder folder;
        const tls::Authority authority = authority_of(tls::Clock::now());
        const tls::Leaf leaf = authority.mint(cos_host, tls::Clock::now());
        Dialling at({written(folder, "ca.pem", authority.certificate_pem()), {}}, &leaf);
        for (const bool again : {false, true}) {
            CAPTURE(again);
            at.result.reset();
            Dialled dialled = at.connect();
            REQUIRE(dialled.stream);
            CHECK(std::string(SSL_get_servername(at.peer->ssl(), TLSEXT_NAMETYPE_host_name)) == cos_host);
            CHECK((SSL_session_reused(at.peer->ssl()) == 1) == again);
            at.peer->write("hello");
            char room[16];
            const IoResult read = dialled.stream->read(room);
            CHECK(std::string_view(room, read.bytes) == "hello");
            CHECK(at.origins.sessions() == 1);
            const iovec part{room, read.bytes};
            CHECK(dialled.stream->write({&part, 1}).bytes == 5);
            at.peer->pump();
            CHECK(at.peer->received == "hello");
        }
    }

    TEST_CASE("an origin that cannot prove who it is gets nothing, and the refusal says why and what to do")
    {
        const tls::Time now = tls::Clock::now();
        const tls::Time long_ago = now - std::chrono::hours(24 * 200);
        const tls::Authority authority = authority_of(long_ago);
        const tls::Authority stranger = authority_of(now);
        const tls::Leaf expired = authority.mint(cos_host, long_ago);
        const tls::Leaf other = authority.mint("other-1250000000.cos.ap-guangzhou.myqcloud.com", now);
        const tls::Leaf unknown = stranger.mint(cos_host, now);

        struct Row {
            const char* what;
            const tls::Leaf* leaf;
            std::string_view said, step;
        };

        const Row rows[] = {
            {"expired", &expired, "certificate has expired", "clock"},
            {"of another host", &other, "hostname mismatch", "another server answers there"},
            {"of an unknown CA", &unknown, "unable to get local issuer certificate", "upstream.hosts"},
        };
        const Folder folder;
        const std::string roots = written(folder, "ca.pem", authority.certificate_pem());
        for (const Row& row : rows) {
            CAPTURE(row.what);
            Dialling at({roots, {}}, row.leaf);
            const Dialled dialled = at.connect();
            CHECK_FALSE(dialled.stream);
            CHECK(dialled.failure.status == 502);
            CHECK(dialled.failure.code == "CosdiagOriginCertificate");
            CHECK(dialled.failure.proxy_error == "tls_certificate_error");
            CHECK(has(dialled.failure.message, row.said));
            CHECK(has(dialled.failure.message, row.step));
            CHECK(has(dialled.failure.message, cos_host));
            CHECK(at.origins.sessions() == 0);
        }
    }

    TEST_CASE("roots of one host are trusted for that host and those a star stands for, and for no other")
    {
        const Folder folder;
        const tls::Time now = tls::Clock::now();
        const tls::Authority authority = authority_of(now);
        const std::string file = written(folder, "ca.pem", authority.certificate_pem());

        struct Row {
            const char* pattern;
            bool trusted;
        };

        const Row rows[] = {
            {"examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com", true},
            {"*.cos.ap-guangzhou.myqcloud.com", true},
            {"*.cos.ap-beijing.myqcloud.com", false},
            {"cos.ap-guangzhou.myqcloud.com", false},
        };
        const tls::Leaf leaf = authority.mint(cos_host, now);
        for (const Row& row : rows) {
            CAPTURE(row.pattern);
            Dialling at({"", {{row.pattern, file}}}, &leaf);
            CHECK((at.connect().stream != nullptr) == row.trusted);
        }
    }

    TEST_CASE("an origin that does not come through the handshake is told apart from one that is not trusted")
    {
        struct Row {
            const char* what;
            std::function<void(Wire&)> happens;
            unsigned status;
            std::string_view error, said;
        };

        const Row rows[] = {
            {"closes", [](Wire& wire) { wire.end(); }, 502, "connection_terminated", "closed the connection"},
            {"resets",
             [](Wire& wire) { wire.reset(); },
             502,
             "connection_terminated",
             "closed the connection"},
            {"speaks HTTP",
             [](Wire& wire) { wire.push("HTTP/1.1 400 Bad Request\r\n\r\n"); },
             502,
             "tls_protocol_error",
             "does not speak TLS"},
            {"sends an alert",
             [](Wire& wire) { wire.push(std::string_view("\x15\x03\x03\x00\x02\x02\x28", 7)); },
             502,
             "tls_alert_received",
             "alert 40"},
            {"says nothing", [](Wire&) {}, 504, "connection_timeout", "within 30 ms"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.what);
            Dialling at({}, nullptr);
            at.world.config.timeouts.connect = std::chrono::milliseconds(30);
            at.begin();
            row.happens(*at.world.dialer.made.back());
            at.world.settle();
            const Dialled dialled = at.end();
            CHECK_FALSE(dialled.stream);
            CHECK(dialled.failure.status == row.status);
            CHECK(dialled.failure.code == "CosdiagOriginTls");
            CHECK(dialled.failure.proxy_error == row.error);
            CHECK(has(dialled.failure.message, row.said));
        }
    }

    TEST_CASE("clear origins are dialled as before, and a failure below is passed on")
    {
        Dialling at({}, nullptr);
        Origin origin;
        origin.host = "a.example";
        dial(at.dialer, origin, at.waiter, at.result);
        CHECK(at.end().stream);
        at.result.reset();
        at.world.dialer.refuses = true;
        origin.tls = true;
        dial(at.dialer, origin, at.waiter, at.result);
        const Dialled dialled = at.end();
        CHECK_FALSE(dialled.stream);
        CHECK(dialled.failure.code == "CosdiagConnectFailed");
    }

    TEST_CASE("a file of roots that cannot be used is refused with its name")
    {
        const Folder folder;
        for (const std::string& file :
             {folder.file("missing"), written(folder, "text", "no certificate\n")}) {
            CAPTURE(file);
            try {
                const tls::ClientContext context(tls::Roots{file, {}});
                FAIL("it was used");
            } catch (const tls::TrustError& error) {
                CHECK(has(error.what(), file));
            }
        }
    }
}
