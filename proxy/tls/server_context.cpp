// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/server_context.hpp"

#include "proxy/tls/tuning.hpp"

#include <openssl/ssl.h>

#include <new>

namespace cosdiag::tls {

namespace {

constexpr std::string_view session_context = "cosdiag";

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered, unsigned size, void*)
{
    constexpr std::string_view wanted = "http/1.1";
    std::string_view left(reinterpret_cast<const char*>(offered), size);
    while (!left.empty()) {
        const auto length = static_cast<unsigned char>(left.front());
        if (left.substr(1, length) == wanted) {
            *chosen = reinterpret_cast<const unsigned char*>(left.data()) + 1;
            *chosen_size = length;
            return SSL_TLSEXT_ERR_OK;
        }
        left.remove_prefix(std::min<std::size_t>(left.size(), 1U + length));
    }
    return SSL_TLSEXT_ERR_NOACK; // whoever offers only h2 still speaks HTTP/1.1 when nothing was agreed on
}

} // namespace

void ServerContext::Free::operator()(SSL_CTX* context) const noexcept
{
    SSL_CTX_free(context);
}

ServerContext::ServerContext(std::shared_ptr<const Authority> authority)
    : x_authority_(authority), x_leaves_(std::move(authority)), x_context_(SSL_CTX_new(TLS_server_method()))
{
    if (!x_context_)
        throw std::bad_alloc();
    SSL_CTX* const context = x_context_.get();
    tune(context);
    // AES-128 before AES-256: a fifth less work, and nothing to fear for what lives for seconds.
    SSL_CTX_set_ciphersuites(
        context, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
    );
    // A request says where it ends, so a client that just closes has lost nothing.
    SSL_CTX_set_options(
        context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF
    );
    // Tickets carry the session, so nothing of it is kept here.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 1);
    SSL_CTX_set_session_id_context(
        context, reinterpret_cast<const unsigned char*>(session_context.data()), session_context.size()
    );
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

ServerContext::~ServerContext() = default;

bool ServerContext::covers(std::string_view host) const
{
    return x_authority_->covers(host);
}

SSL* ServerContext::connection(std::string_view host)
{
    const auto leaf = x_leaves_.leaf(host, Clock::now());
    SSL* const connection = SSL_new(x_context_.get());
    if (connection == nullptr)
        throw std::bad_alloc();
    SSL_set_accept_state(connection);
    SSL_use_certificate(connection, leaf->certificate.get());
    SSL_use_PrivateKey(connection, leaf->key.get());
    return connection;
}

} // namespace cosdiag::tls
