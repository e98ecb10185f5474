// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/client_hello.hpp"
#include "proxy/tls/openssl.hpp"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <string>

using namespace cosdiag::tls;
using State = ClientHello::State;

namespace {

/// What OpenSSL sends first when it wants that name.
std::string hello_for(const char* name, int version = TLS1_3_VERSION)
{
    const Owned<SSL_CTX, SSL_CTX_free> context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_max_proto_version(context.get(), version);
    const Owned<SSL, SSL_free> client(SSL_new(context.get()));
    BIO* const out = BIO_new(BIO_s_mem());
    SSL_set_bio(client.get(), BIO_new(BIO_s_mem()), out);
    if (name != nullptr)
        SSL_ctrl(
            client.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(name)
        );
    SSL_set_connect_state(client.get());
    SSL_do_handshake(client.get());
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

/// The same message in records of at most that many bytes.
std::string in_records(const std::string& hello, std::size_t most)
{
    std::string out;
    for (std::size_t at = 5; at < hello.size(); at += most) {
        const std::string part = hello.substr(at, most);
        out += hello.substr(0, 3);
        out += static_cast<char>(part.size() >> 8);
        out += static_cast<char>(part.size() & 0xff);
        out += part;
    }
    return out;
}

} // namespace

TEST_SUITE("proxy/tls/client_hello")
{
    TEST_CASE("the name is read from what OpenSSL sends, in lower case")
    {
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
            const ClientHello named = read_client_hello(hello_for("Bucket-1.COS.example", version));
            CHECK(named.state == State::whole);
            CHECK(named.server_name == "bucket-1.cos.example");
            const ClientHello nameless = read_client_hello(hello_for(nullptr, version));
            CHECK(nameless.state == State::whole);
            CHECK(nameless.server_name.empty());
        }
    }

    TEST_CASE("every beginning of the message is partial, and never anything else")
    {
        const std::string hello = hello_for("a.example");
        for (std::size_t size = 0; size < hello.size(); ++size) {
            CAPTURE(size);
            CHECK(read_client_hello(hello.substr(0, size)).state == State::partial);
        }
    }

    TEST_CASE("the message may be spread over records, down to a byte each")
    {
        const std::string hello = hello_for("a.example");
        for (const std::size_t most : {1U, 2U, 50U, 200U}) {
            CAPTURE(most);
            const ClientHello read = read_client_hello(in_records(hello, most));
            CHECK(read.state == State::whole);
            CHECK(read.server_name == "a.example");
        }
    }

    TEST_CASE("what is no ClientHello is said to be foreign")
    {
        const std::string hello = hello_for("a.example");
        const auto changed = [&](std::size_t at, char to) {
            std::string other = hello;
            other[at] = to;
            return other;
        };

        struct Row {
            const char* what;
            std::string bytes;
        };

        const Row rows[] = {
            {"HTTP", "GET / HTTP/1.1\r\n"},
            {"a record of application data", changed(0, 23)},
            {"SSL 2", changed(1, 2)},
            {"an empty record", std::string("\x16\x03\x01\x00\x00", 5)},
            {"a ServerHello", changed(5, 2)},
            {"a message of 16 MiB", changed(6, '\xff')},
            {"a session id longer than the message", changed(5 + 4 + 2 + 32, '\xff') + std::string(600, 'x')},
            {"extensions cut short",
             [&] {
                 std::string other = hello.substr(0, 60);
                 other[3] = 0;
                 other[4] = 55;
                 other[7] = 0;
                 other[8] = 51;
                 return other;
             }()},
        };
        for (const Row& row : rows) {
            CAPTURE(row.what);
            CHECK(read_client_hello(row.bytes).state == State::foreign);
        }
    }

    TEST_CASE("a name that is cut in its own extension is no name")
    {
        std::string hello = hello_for("a.example");
        const std::size_t at = hello.find("a.example");
        hello[at - 1] = '\x7f'; // the name's length, beyond the list
        const ClientHello read = read_client_hello(hello);
        CHECK(read.server_name.empty());
    }

    TEST_CASE("the first byte tells TLS from anything else")
    {
        CHECK(begins_tls("\x16"));
        CHECK(begins_tls("\x16\x03"));
        CHECK_FALSE(begins_tls("\x16\x02"));
        CHECK_FALSE(begins_tls("G"));
        CHECK_FALSE(begins_tls(""));
    }
}
