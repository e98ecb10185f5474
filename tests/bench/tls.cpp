// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <cerrno>

namespace cosdiag::bench {

namespace {

/// Several records are read, and sent, with one call of the system.
constexpr std::size_t read_ahead_bytes = 64 * 1024;

[[noreturn]] void refuse(const std::string& what)
{
    char reason[256] = "no reason given";
    if (const auto error = ERR_get_error(); error != 0)
        ERR_error_string_n(error, reason, sizeof reason);
    ERR_clear_error();
    throw TlsError(what + ": " + reason);
}

int append(BIO* bio, const char* bytes, int size)
{
    static_cast<std::string*>(BIO_get_data(bio))->append(bytes, static_cast<std::size_t>(size));
    return size;
}

long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/)
{
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

/// A sink that takes everything at once.
BIO* new_sink(std::string& outgoing)
{
    static BIO_METHOD* const method = [] {
        auto* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "string");
        BIO_meth_set_write(made, append);
        BIO_meth_set_ctrl(made, control);
        return made;
    }();
    auto* const sink = BIO_new(method);
    BIO_set_data(sink, &outgoing);
    BIO_set_init(sink, 1);
    return sink;
}

} // namespace

TlsContext::TlsContext(const SSL_METHOD* method)
    : x_context(SSL_CTX_new(method)), x_verified(std::make_unique<Verified>())
{
    if (!x_context || SSL_CTX_set_min_proto_version(get(), TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_ciphersuites(get(), "TLS_AES_128_GCM_SHA256") != 1)
        refuse("TLS 1.3");
    SSL_CTX_set_options(get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_session_cache_mode(get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(get(), 1);
    SSL_CTX_set_default_read_buffer_len(get(), read_ahead_bytes);
}

TlsContext TlsContext::server(const std::string& certificate_file, const std::string& key_file)
{
    TlsContext context(TLS_server_method());
    if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1)
        refuse(certificate_file);
    if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1)
        refuse(key_file);
    return context;
}

TlsContext TlsContext::client(const std::string& ca_file)
{
    TlsContext context(TLS_client_method());
    if (SSL_CTX_load_verify_file(context.get(), ca_file.c_str()) != 1)
        refuse(ca_file);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context.get(), verify, context.x_verified.get());
    return context;
}

int TlsContext::verify(X509_STORE_CTX* chain, void* verified)
{
    auto& last = static_cast<Verified*>(verified)->certificate;
    auto* const shown = X509_STORE_CTX_get0_cert(chain);
    if (last && X509_cmp(last.get(), shown) == 0)
        return 1;
    if (X509_verify_cert(chain) != 1)
        return 0;
    X509_up_ref(shown);
    last.reset(shown);
    return 1;
}

TlsStream::TlsStream(const TlsContext& context, const Fd& socket, const std::string& host)
    : x_outgoing(std::make_unique<std::string>()), x_ssl(SSL_new(context.get()))
{
    if (!x_ssl)
        refuse("TLS");
    SSL_set_bio(x_ssl.get(), BIO_new_socket(socket.get(), BIO_NOCLOSE), new_sink(*x_outgoing));
    if (host.empty()) {
        SSL_set_accept_state(x_ssl.get());
        return;
    }
    SSL_set_connect_state(x_ssl.get());
    auto* const name = const_cast<char*>(host.c_str()); // the macro for this has a cast of C's
    if (SSL_set1_host(x_ssl.get(), name) != 1 ||
        SSL_ctrl(x_ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name) != 1)
        refuse(host);
}

bool TlsStream::handshake()
{
    if (SSL_is_init_finished(x_ssl.get()) == 1)
        return true;
    ERR_clear_error();
    const int done = SSL_do_handshake(x_ssl.get());
    if (done == 1)
        return true;
    if (SSL_get_error(x_ssl.get(), done) == SSL_ERROR_WANT_READ)
        return false;
    if (const long code = SSL_get_verify_result(x_ssl.get()); code != X509_V_OK)
        throw TlsError(std::string("certificate: ") + X509_verify_cert_error_string(code));
    refuse("TLS handshake");
}

ssize_t TlsStream::decrypt(std::span<char> plain)
{
    ERR_clear_error();
    const int count = SSL_read(x_ssl.get(), plain.data(), static_cast<int>(plain.size()));
    if (count > 0)
        return count;
    switch (SSL_get_error(x_ssl.get(), count)) {
    case SSL_ERROR_WANT_READ:
        errno = EAGAIN;
        return -1;
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    case SSL_ERROR_SYSCALL:
        return -1;
    default:
        refuse("TLS");
    }
}

void TlsStream::encrypt(std::string_view plain)
{
    ERR_clear_error();
    if (!plain.empty() && SSL_write(x_ssl.get(), plain.data(), static_cast<int>(plain.size())) <= 0)
        refuse("TLS");
}

void TlsStream::end()
{
    if (SSL_is_init_finished(x_ssl.get()) == 1)
        SSL_shutdown(x_ssl.get());
}

} // namespace cosdiag::bench
