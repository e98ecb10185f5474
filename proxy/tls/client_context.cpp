// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/client_context.hpp"

#include "proxy/tls/tuning.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <new>

namespace cosdiag::tls {

namespace {

/// http/1.1 as a ProtocolNameList's only entry (RFC 7301 §3.1).
constexpr unsigned char http11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

/// Where a connection keeps what its sessions are filed under.
int key_index()
{
    static const int index = SSL_get_ex_new_index(
        0,
        nullptr,
        nullptr,
        nullptr,
        [](void*, void* value, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<std::string*>(value); }
    );
    return index;
}

bool is_literal(const std::string& host)
{
    unsigned char bytes[16];
    return ::inet_pton(AF_INET, host.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

bool is_below(std::string_view host, std::string_view pattern) noexcept
{
    return pattern.starts_with("*.") && host.ends_with(pattern.substr(1)) && host.size() > pattern.size() - 1;
}

void trust(SSL_CTX* context, const std::string& file)
{
    if (file.empty() || SSL_CTX_load_verify_locations(context, file.c_str(), nullptr) == 1)
        return;
    const unsigned long code = ERR_peek_last_error();
    const char* const why = ERR_reason_error_string(code);
    std::string words = file +
                        " cannot be used as roots to trust: " + (why != nullptr ? why : "unknown reason") +
                        ". It has to be a PEM file with at least one certificate, readable for this user";
    ERR_clear_error();
    throw TrustError(words);
}

} // namespace

void ClientContext::Free::operator()(SSL_CTX* context) const noexcept
{
    SSL_CTX_free(context);
}

void ClientContext::Free::operator()(SSL_SESSION* session) const noexcept
{
    SSL_SESSION_free(session);
}

ClientContext::ClientContext(const Roots& roots) : x_usual_(make(roots.everywhere, {}))
{
    for (const Roots::OfHost& each : roots.hosts)
        x_special_.push_back({each.host, make(roots.everywhere, each.file)});
}

ClientContext::~ClientContext() = default;

ClientContext::ContextPtr ClientContext::make(const std::string& everywhere, const std::string& more)
{
    ContextPtr context(SSL_CTX_new(TLS_client_method()));
    if (!context)
        throw std::bad_alloc();
    tune(context.get());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_default_verify_paths(context.get());
    trust(context.get(), everywhere);
    trust(context.get(), more);
    SSL_CTX_set_alpn_protos(context.get(), http11, sizeof http11);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_set_app_data(context.get(), this);
    SSL_CTX_sess_set_new_cb(context.get(), keep_session);
    return context;
}

SSL_CTX* ClientContext::context_for(std::string_view host) const noexcept
{
    for (const HostContext& each : x_special_)
        if (each.host == host || is_below(host, each.host))
            return each.context.get();
    return x_usual_.get();
}

SSL* ClientContext::connection(const std::string& host, const std::string& key)
{
    SSL* const connection = SSL_new(context_for(host));
    if (connection == nullptr)
        throw std::bad_alloc();
    SSL_set_connect_state(connection);
    SSL_set_hostflags(connection, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (is_literal(host)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), host.c_str());
    } else {
        SSL_set1_host(connection, host.c_str());
        // SSL_set_tlsext_host_name, which is a macro with a cast of C
        SSL_ctrl(
            connection,
            SSL_CTRL_SET_TLSEXT_HOSTNAME,
            TLSEXT_NAMETYPE_host_name,
            const_cast<char*>(host.c_str())
        );
    }
    SSL_set_ex_data(connection, key_index(), new std::string(key));
    const std::lock_guard lock(x_mutex_);
    if (const auto found = x_sessions_.find(key); found != x_sessions_.end())
        SSL_set_session(connection, found->second.get());
    return connection;
}

/// OpenSSL's callback: 1 keeps the session's reference.
int ClientContext::keep_session(SSL* connection, SSL_SESSION* session)
{
    auto& self = *static_cast<ClientContext*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(connection)));
    const auto* const key = static_cast<const std::string*>(SSL_get_ex_data(connection, key_index()));
    if (key == nullptr)
        return 0;
    const std::lock_guard lock(self.x_mutex_);
    if (self.x_sessions_.size() >= most_sessions && self.x_sessions_.find(*key) == self.x_sessions_.end())
        self.x_sessions_.erase(self.x_sessions_.begin());
    self.x_sessions_[*key].reset(session);
    return 1;
}

std::size_t ClientContext::sessions() const
{
    const std::lock_guard lock(x_mutex_);
    return x_sessions_.size();
}

} // namespace cosdiag::tls
