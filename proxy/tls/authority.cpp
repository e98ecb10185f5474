// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/authority.hpp"

#include "proxy/tls/host_name.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cosdiag::tls {

namespace {

constexpr const char* make_anew =
    "Make a new one with \"cosdiag ca init --force\", and give its ca.pem to the clients";

std::string to_lower(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

/// Cut, and without what might break the line of a list.
std::string printable(std::string_view text, std::size_t most)
{
    std::string out(text.substr(0, most));
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?'
    );
    return out;
}

std::vector<std::string> names_in(const std::vector<std::string>& domains)
{
    std::vector<std::string> names;
    for (const std::string& domain : domains) {
        std::string name = to_lower(domain);
        if (is_address(name) || std::find(names.begin(), names.end(), name) != names.end())
            continue;
        if (!is_name(name))
            throw CaError(
                "cannot make a CA for \"" + printable(domain, 253) +
                "\", which is no host name. Write it such as files.example.com in cos.custom_domains"
            );
        names.push_back(std::move(name));
    }
    if (names.empty())
        throw CaError("cannot make a CA for no domain at all: it would vouch for every name. Name one");
    return names;
}

constexpr const char* subject_begin = "cosdiag CA of ";

/// `cosdiag CA of MACHINE, made YYYY-MM-DD`, the machine cut so that it fits.
std::string subject_of(std::string_view machine, Time now)
{
    const std::string begin = subject_begin;
    const std::string end = ", made " + to_date(now);
    const std::string name = printable(machine, most_of_common_name - begin.size() - end.size());
    return begin + (name.empty() ? "this machine" : name) + end;
}

std::string listed(const std::vector<std::string>& names)
{
    std::string all;
    for (std::size_t i = 0; i < names.size(); ++i)
        all += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    return all;
}

/// Setting the public key of a certificate costs an encoding and a decoding (170 µs), copying a certificate
/// with its key the decoding alone (115 µs).
X509Ptr make_pattern(X509& issuer, EVP_PKEY& key, EVP_PKEY& issuer_key)
{
    X509Ptr pattern(must(X509_new(), "make a certificate"));
    must(X509_set_version(pattern.get(), X509_VERSION_3), "make a certificate");
    must(X509_set_issuer_name(pattern.get(), X509_get_subject_name(&issuer)), "make a certificate");
    must(X509_set_pubkey(pattern.get(), &key), "make a certificate");
    set_validity(*pattern, not_before(issuer), not_before(issuer));
    add_extension(*pattern, issuer, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(*pattern, issuer, NID_key_usage, "critical,digitalSignature");
    add_extension(*pattern, issuer, NID_ext_key_usage, "serverAuth");
    add_extension(*pattern, issuer, NID_subject_key_identifier, "hash");
    add_extension(*pattern, issuer, NID_authority_key_identifier, "keyid:always");
    sign(*pattern, issuer_key);
    return pattern;
}

X509Ptr first_certificate(std::string_view pem)
{
    std::vector<X509Ptr> all;
    try {
        all = read_certificates(pem);
    } catch (const CaError& error) {
        throw CaError(std::string(error.what()) + ". " + make_anew);
    }
    if (all.empty())
        throw CaError(std::string("there is no certificate of a CA in it. ") + make_anew);
    return std::move(all.front());
}

} // namespace

Authority::Authority(X509Ptr certificate, KeyPtr key)
    : x_certificate_(std::move(certificate)),
      x_key_(std::move(key)),
      x_leaf_key_(make_key()),
      x_pattern_(make_pattern(*x_certificate_, *x_leaf_key_, *x_key_)),
      x_domains_(permitted_domains(*x_certificate_)),
      x_not_before_(tls::not_before(*x_certificate_)),
      x_not_after_(tls::not_after(*x_certificate_))
{
    ERR_clear_error();
}

Authority Authority::make(const std::vector<std::string>& domains, Time now, std::string_view machine)
{
    const std::vector<std::string> names = names_in(domains);
    KeyPtr key = make_key();
    X509Ptr root(must(X509_new(), "make a certificate"));
    must(X509_set_version(root.get(), X509_VERSION_3), "make a certificate");
    set_serial(*root);
    set_validity(*root, now - backdating, now + lifetime);
    add_to_subject(*root, NID_organizationName, "cosdiag");
    add_to_subject(*root, NID_commonName, subject_of(machine, now));
    must(X509_set_issuer_name(root.get(), X509_get_subject_name(root.get())), "make a certificate");
    must(X509_set_pubkey(root.get(), key.get()), "make a certificate");
    add_extension(*root, *root, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(*root, *root, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(*root, *root, NID_ext_key_usage, "serverAuth");
    add_extension(*root, *root, NID_subject_key_identifier, "hash");
    add_constraints(*root, names);
    sign(*root, *key);
    return {std::move(root), std::move(key)};
}

Authority Authority::from_pem(std::string_view certificate, std::string_view key)
{
    X509Ptr root = first_certificate(certificate);
    KeyPtr secret = read_key(key);
    if (secret == nullptr)
        throw CaError(
            std::string("there is no private key in it that can be read without a password. ") + make_anew
        );
    const bool pair = X509_check_private_key(root.get(), secret.get()) == 1;
    ERR_clear_error();
    if (!pair)
        throw CaError(
            std::string("its certificate and its private key do not belong together. ") + make_anew
        );
    if (X509_check_ca(root.get()) != 1)
        throw CaError(std::string("its certificate may not sign others: it is no CA's. ") + make_anew);
    if (permitted_domains(*root).empty())
        throw CaError(
            std::string("its certificate would vouch for every name, since it has no name constraints. ") +
            make_anew
        );
    return {std::move(root), std::move(secret)};
}

bool Authority::is_one(const X509& certificate)
{
    std::array<char, most_of_common_name + 1> name{};
    const int size = X509_NAME_get_text_by_NID(
        X509_get_subject_name(&certificate), NID_commonName, name.data(), static_cast<int>(name.size())
    );
    return size > 0 && std::string_view(name.data()).starts_with(subject_begin);
}

bool Authority::covers(std::string_view host) const noexcept
{
    return is_name(host) && std::any_of(x_domains_.begin(), x_domains_.end(), [&](const auto& domain) {
               return is_within(host, domain);
           });
}

void Authority::expect_valid(Time now) const
{
    if (now < x_not_before_)
        throw CaError(
            "cosdiag's CA is valid from " + to_words(x_not_before_) +
            " on, and the clock of this machine says " + to_words(now) +
            ". Set the clock, or make a new CA with \"cosdiag ca init --force\""
        );
    if (now > x_not_after_)
        throw CaError(
            "cosdiag's CA was valid until " + to_words(x_not_after_) + ", and now it is " + to_words(now) +
            ". " + make_anew
        );
}

Leaf Authority::mint(std::string_view host, Time now) const
{
    expect_valid(now);
    if (is_address(host))
        throw CaError(
            "cosdiag's CA vouches for names only, not for the address " + printable(host, 64) +
            ". Let the client use the host's name"
        );
    if (!covers(host))
        throw CaError(
            "cosdiag's CA vouches for " + listed(x_domains_) + ", not for " + printable(host, 253) +
            ". If that host is COS, add it to cos.custom_domains, run \"cosdiag ca init --force\" and give "
            "the "
            "new ca.pem to the clients"
        );
    Leaf leaf;
    leaf.certificate.reset(must(X509_dup(x_pattern_.get()), "make a certificate"));
    leaf.key = shared(x_leaf_key_.get());
    const Time second = std::chrono::floor<std::chrono::seconds>(now);
    leaf.not_before = std::max<Time>(second - backdating, x_not_before_);
    leaf.not_after = std::min<Time>(second + leaf_lifetime, x_not_after_);
    set_serial(*leaf.certificate);
    set_validity(*leaf.certificate, leaf.not_before, leaf.not_after);
    const bool named = host.size() <= most_of_common_name;
    if (named)
        add_to_subject(*leaf.certificate, NID_commonName, host);
    add_host(*leaf.certificate, host, !named);
    sign(*leaf.certificate, *x_key_);
    return leaf;
}

} // namespace cosdiag::tls
