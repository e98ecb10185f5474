// SPDX-License-Identifier: Apache-2.0
// A certificate authority of our own that can vouch for COS's hosts and for nothing else.
#pragma once

#include "proxy/tls/certificate.hpp"
#include "proxy/tls/pem.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::tls {

/// What a server shows for one host. Its key is shared by all leaves of an authority.
struct Leaf {
    X509Ptr certificate;
    KeyPtr key;
    Time not_before;
    Time not_after;
};

/// Immutable after it was made: every const member may be called from any thread.
class Authority {
public:
    static constexpr std::chrono::days lifetime{5 * 365};

    /// How far a certificate reaches back, for clients whose clocks are behind.
    static constexpr std::chrono::days backdating{1};

    /// Ahead of now; with the backdating 90 days, the last second included (RFC 5280 §4.1.2.5).
    static constexpr std::chrono::seconds leaf_lifetime = std::chrono::days(89) - std::chrono::seconds(1);

    /// A new key and its certificate. The domains are names, in any case, and what is below them is meant
    /// too; addresses among them are left out, since it never vouches for one. `machine` goes into the
    /// subject, so that people tell it from others in a list. Throws CaError for what is no name, and for no
    /// name at all.
    static Authority make(const std::vector<std::string>& domains, Time now, std::string_view machine = {});

    /// The first certificate and the first key in two PEM texts, which may be the same text. Throws CaError
    /// if either cannot be read, if they do not belong together, or if the certificate may not sign others or
    /// bears no name constraints.
    static Authority from_pem(std::string_view certificate, std::string_view key);

    /// Whether a certificate is that of an authority of ours, by its subject.
    static bool is_one(const X509& certificate);

    /// Whether the name constraints in the certificate permit this host. Never for an address.
    bool covers(std::string_view host) const noexcept;

    /// Throws CaError, with the dates, if the certificate is not valid now.
    void expect_valid(Time now) const;

    /// A certificate for this host, a DNS name in lower case. It ends with the authority at the latest.
    /// Throws CaError if the authority is not valid now or does not cover the host.
    Leaf mint(std::string_view host, Time now) const;

    std::string certificate_pem() const { return to_pem(*x_certificate_); }

    /// A secret.
    std::string key_pem() const { return to_pem(*x_key_); }

    std::string fingerprint() const { return tls::fingerprint(*x_certificate_); }

    /// Of the name constraints, in their order.
    const std::vector<std::string>& domains() const noexcept { return x_domains_; }

    Time not_before() const noexcept { return x_not_before_; }

    Time not_after() const noexcept { return x_not_after_; }

    const X509& certificate() const noexcept { return *x_certificate_; }

private:
    Authority(X509Ptr certificate, KeyPtr key);

    X509Ptr x_certificate_;
    KeyPtr x_key_;
    KeyPtr x_leaf_key_;
    X509Ptr x_pattern_; ///< what all leaves have in common; never leaves this object
    std::vector<std::string> x_domains_;
    Time x_not_before_;
    Time x_not_after_;
};

} // namespace cosdiag::tls
