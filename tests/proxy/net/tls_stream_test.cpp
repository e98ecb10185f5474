// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/tls_stream.hpp"
#include "proxy/tls/record.hpp"
#include "proxy/tls/server_context.hpp"
#include "tests/proxy/net/memory_stream.hpp"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <cstdlib>
#include <new>

using namespace cosdiag;
using net::Io;

namespace {

thread_local bool out_of_memory = false; ///< for arrays

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

    void limit_to(int version) { SSL_set_max_proto_version(x_ssl_, version); }

    /// What it has to send.
    std::string sent()
    {
        std::string bytes(BIO_ctrl_pending(SSL_get_wbio(x_ssl_)), '\0');
        BIO_read(SSL_get_wbio(x_ssl_), bytes.data(), static_cast<int>(bytes.size()));
        return bytes;
    }

private:
    SSL_CTX* x_context_;
    SSL* x_ssl_;
};

/// A client, and the stream that speaks with it, before the handshake.
struct Pair {
    Pair() : stream(new net::TlsStream(net::test::plug(wire), context.connection(host), "")) {}

    /// One flight each.
    void exchange_flights()
    {
        client_done = client.handshake();
        wire->push(client.sent());
        done = stream->handshake() == Io::moved;
        client.take(wire->written);
    }

    void connect()
    {
        for (int flights = 0; flights < 3 && !(client_done && done); ++flights)
            exchange_flights();
        REQUIRE(client_done);
        REQUIRE(done);
    }

    bool client_done = false;
    bool done = false;
    tls::ServerContext context{
        std::make_shared<const tls::Authority>(tls::Authority::make({"myqcloud.com"}, tls::Clock::now()))};
    std::shared_ptr<net::test::Wire> wire = std::make_shared<net::test::Wire>();
    net::TlsStreamPtr stream;
    Client client;
};

/// Text no two stretches of which are alike.
std::string long_text(std::size_t size)
{
    std::string text;
    while (text.size() < size)
        text += std::to_string(text.size()) + ' ';
    text.resize(size);
    return text;
}

} // namespace

void* operator new[](std::size_t size)
{
    void* const memory = out_of_memory ? nullptr : std::malloc(size);
    if (memory == nullptr)
        throw std::bad_alloc();
    return memory;
}

void operator delete[](void* memory) noexcept
{
    std::free(memory);
}

void operator delete[](void* memory, std::size_t) noexcept
{
    std::free(memory);
}

TEST_SUITE("proxy/net/tls_stream")
{
    TEST_CASE("a request that comes together with the end of the handshake is there to be read")
    {
        Pair pair;
        pair.exchange_flights();
        REQUIRE(pair.client.handshake());
        pair.client.write("GET / HTTP/1.1\r\n");
        pair.exchange_flights();
        REQUIRE(pair.done);
        CHECK(pair.stream->may_read());
        std::string read(100, '\0');
        const net::IoResult result = pair.stream->read(read);
        CHECK(result.io == Io::moved);
        CHECK(read.substr(0, result.bytes) == "GET / HTTP/1.1\r\n");
    }

    TEST_CASE(
        "records come out whole and in order, however they arrive and in whatever pieces they are asked for"
    )
    {
        const std::string text = long_text(400'000);
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION})
            for (const std::size_t at_once : {std::size_t{1'000}, std::size_t{70'001}, SIZE_MAX})
                for (const std::size_t asked : {100U, 5'000U, 16'384U, 131'072U, 500'000U}) {
                    CAPTURE(version);
                    CAPTURE(at_once);
                    CAPTURE(asked);
                    Pair pair;
                    pair.client.limit_to(version);
                    pair.connect();
                    pair.wire->most_at_once = at_once;
                    pair.client.write(text);
                    pair.wire->push(pair.client.sent());
                    std::string sum;
                    std::string piece(asked, '\0');
                    while (pair.stream->may_read()) {
                        const net::IoResult result = pair.stream->read(piece);
                        if (result.io != Io::moved)
                            break;
                        sum.append(piece, 0, result.bytes);
                    }
                    CHECK(sum == text);
                    CHECK(pair.wire->to_read.empty());
                    CHECK(pair.stream->read(piece).io == Io::blocked);
                }
    }

    TEST_CASE("no more is read ahead than what was asked for and a record or two")
    {
        Pair pair;
        pair.connect();
        pair.client.write(long_text(1'000'000));
        pair.wire->push(pair.client.sent());
        const std::size_t before = pair.wire->to_read.size();
        std::string piece(1'000, '\0');
        for (std::size_t turn = 1; turn <= 50; ++turn) {
            REQUIRE(pair.stream->read(piece).bytes == piece.size());
            CHECK(before - pair.wire->to_read.size() <= turn * piece.size() + 2 * tls::largest_record);
        }
    }

    TEST_CASE("one read gives all the records that have come together")
    {
        Pair pair;
        pair.connect();
        for (const std::string_view piece : {"one ", "two ", "three"})
            pair.client.write(piece);
        pair.wire->push(pair.client.sent());
        std::string read(100, '\0');
        CHECK(read.substr(0, pair.stream->read(read).bytes) == "one two three");
    }

    TEST_CASE("a connection whose bytes find no memory to wait in is lost, and no other meets them")
    {
        Pair pair;
        pair.connect();
        pair.client.write("a first record");
        pair.client.write("a second");
        pair.wire->push(pair.client.sent());
        Pair other;
        other.connect();
        other.client.write("another's");
        other.wire->push(other.client.sent());

        std::string read(7, '\0');
        out_of_memory = true;
        const net::IoResult first = pair.stream->read(read);
        out_of_memory = false;
        CHECK(first.io == Io::moved);
        CHECK(read == "a first");
        CHECK(pair.stream->read(read).io == Io::failed);
        read.resize(100);
        CHECK(read.substr(0, other.stream->read(read).bytes) == "another's");
    }

    TEST_CASE("a connection that finds no memory to begin with takes what it was given along")
    {
        static int freed = 0;
        const int mark = SSL_get_ex_new_index(
            0,
            nullptr,
            nullptr,
            nullptr,
            [](void*, void* marked, CRYPTO_EX_DATA*, int, long, void*) { freed += marked != nullptr ? 1 : 0; }
        );
        Pair pair;
        SSL* const ssl = pair.context.connection(host);
        SSL_set_ex_data(ssl, mark, &freed);
        net::StreamPtr inner = net::test::plug(pair.wire);

        out_of_memory = true;
        CHECK_THROWS_AS(net::TlsStream(std::move(inner), ssl, "read already"), std::bad_alloc);
        out_of_memory = false;
        CHECK(freed == 1);
    }
}
