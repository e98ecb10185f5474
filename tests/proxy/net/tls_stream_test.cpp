// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/tls_stream.hpp"
#include "proxy/tls/server_context.hpp"
#include "tests/proxy/net/memory_stream.hpp"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

using namespace cosdiag;
using net::Io;

namespace {

constexpr const char* host = "b-1250000000.cos.ap-guangzhou.myqcloud.com";

/// OpenSSL as a client that trusts anybody.
class Client {
public:
    Client() : x_context_(SSL_CTX_new(TLS_client_method())), x_ssl_(SSL_new(x_context_))
    {
        SSL_set_bio(x_ssl_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_connect_state(x_ssl_);
    }

    ~Client()
    {
        SSL_free(x_ssl_);
        SSL_CTX_free(x_context_);
    }

    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void take(std::string& bytes)
    {
        BIO_write(SSL_get_rbio(x_ssl_), bytes.data(), static_cast<int>(bytes.size()));
        bytes.clear();
    }

    bool handshake() { return SSL_do_handshake(x_ssl_) == 1; }

    void write(std::string_view text) { SSL_write(x_ssl_, text.data(), static_cast<int>(text.size())); }

    /// What it has to send.
    std::string sent()
    {
        std::string bytes(64 * 1024, '\0');
        const int size = BIO_read(SSL_get_wbio(x_ssl_), bytes.data(), static_cast<int>(bytes.size()));
        bytes.resize(static_cast<std::size_t>(std::max(size, 0)));
        return bytes;
    }

private:
    SSL_CTX* x_context_;
    SSL* x_ssl_;
};

} // namespace

TEST_SUITE("proxy/net/tls_stream")
{
    TEST_CASE("a request that comes together with the end of the handshake is there to be read")
    {
        tls::ServerContext context(
            std::make_shared<const tls::Authority>(tls::Authority::make({"myqcloud.com"}, tls::Clock::now()))
        );
        const auto wire = std::make_shared<net::test::Wire>();
        const net::TlsStreamPtr stream(new net::TlsStream(net::test::plug(wire), context.connection(host), "")
        );
        Client client;
        client.handshake();
        wire->push(client.sent());
        REQUIRE(stream->handshake() == Io::blocked);
        client.take(wire->written);
        REQUIRE(client.handshake());
        client.write("GET / HTTP/1.1\r\n");
        wire->push(client.sent());
        REQUIRE(stream->handshake() == Io::moved);
        CHECK(stream->may_read());
        std::string read(100, '\0');
        const net::IoResult result = stream->read(read);
        CHECK(result.io == Io::moved);
        CHECK(read.substr(0, result.bytes) == "GET / HTTP/1.1\r\n");
    }
}
