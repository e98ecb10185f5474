// SPDX-License-Identifier: Apache-2.0
// Authorities, and OpenSSL as the client that judges what they make.
#pragma once

#include "proxy/tls/authority.hpp"
#include "tests/proxy/log/support.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <string>
#include <vector>

namespace cosdiag::test {

using tls::Authority;
using tls::Time;
using tls::X509Ptr;

inline constexpr const char* cos_host = "b-1250000000.cos.ap-guangzhou.myqcloud.com";

/// 2026-03-01 12:00:00 UTC.
inline const Time noon = tls::Clock::from_time_t(1'772'366'400);

inline const std::vector<std::string> cos_domains{"myqcloud.com", "tencentcos.cn"};

inline Authority make_authority(Time now = noon)
{
    return Authority::make(cos_domains, now, "workshop");
}

inline X509Ptr copy_of(const X509& certificate)
{
    return X509Ptr(X509_dup(&certificate));
}

/// What a client that trusts the root says of a server's certificate: an X509_V_ number.
inline int verdict(const X509& leaf, const X509& root, const std::string& host, Time now)
{
    const X509Ptr own_leaf = copy_of(leaf);
    const X509Ptr own_root = copy_of(root);
    const tls::Owned<X509_STORE, X509_STORE_free> store(X509_STORE_new());
    X509_STORE_add_cert(store.get(), own_root.get());
    const tls::Owned<X509_STORE_CTX, X509_STORE_CTX_free> context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), own_leaf.get(), nullptr);
    X509_STORE_CTX_set_default(context.get(), "ssl_server");
    X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT | X509_V_FLAG_CHECK_SS_SIGNATURE);
    X509_VERIFY_PARAM_set_time(rules, tls::Clock::to_time_t(now));
    if (X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) != 1)
        X509_VERIFY_PARAM_set1_host(rules, host.c_str(), host.size());
    X509_verify_cert(context.get());
    const int error = X509_STORE_CTX_get_error(context.get());
    ERR_clear_error();
    return error;
}

/// What was thrown, in words; empty if nothing was.
template <class Action>
std::string complaint_of(Action action)
{
    try {
        action();
    } catch (const tls::CaError& error) {
        return error.what();
    }
    return {};
}

inline bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace cosdiag::test
