// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/certificate.hpp"

#include <openssl/ec.h>

#include <array>
#include <ctime>

namespace cosdiag::tls {

namespace {

std::time_t seconds(Time time)
{
    return Clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
}

std::string formatted(Time time, const char* format)
{
    const std::time_t since_epoch = seconds(time);
    std::tm parts{};
    std::array<char, 64> text{};
    if (::gmtime_r(&since_epoch, &parts) == nullptr)
        return "a time that no calendar has";
    return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

Time from_asn1(const ASN1_TIME* time)
{
    std::tm parts{};
    must(ASN1_TIME_to_tm(time, &parts), "read a certificate's dates");
    return Clock::from_time_t(::timegm(&parts));
}

NamePtr dns_name(std::string_view name)
{
    NamePtr out(must(GENERAL_NAME_new(), "make a name"));
    ASN1_IA5STRING* const text = must(ASN1_IA5STRING_new(), "make a name");
    GENERAL_NAME_set0_value(out.get(), GEN_DNS, text);
    must(ASN1_STRING_set(text, name.data(), static_cast<int>(name.size())), "make a name");
    return out;
}

/// All addresses of a family: address and mask, both of zeros.
NamePtr any_address(int bytes)
{
    NamePtr out(must(GENERAL_NAME_new(), "make a name"));
    ASN1_OCTET_STRING* const range = must(ASN1_OCTET_STRING_new(), "make a name");
    GENERAL_NAME_set0_value(out.get(), GEN_IPADD, range);
    const std::string zeros(static_cast<std::size_t>(bytes) * 2, '\0');
    must(ASN1_STRING_set(range, zeros.data(), bytes * 2), "make a name");
    return out;
}

void add_subtree(STACK_OF(GENERAL_SUBTREE) * &trees, NamePtr base)
{
    if (trees == nullptr)
        trees = must(sk_GENERAL_SUBTREE_new_null(), "make name constraints");
    Owned<GENERAL_SUBTREE, GENERAL_SUBTREE_free> tree(must(GENERAL_SUBTREE_new(), "make name constraints"));
    GENERAL_NAME_free(tree->base);
    tree->base = base.release();
    must(sk_GENERAL_SUBTREE_push(trees, tree.get()), "make name constraints");
    (void)tree.release();
}

} // namespace

KeyPtr make_key()
{
    return KeyPtr(must(EVP_EC_gen("P-256"), "make a key"));
}

void set_serial(X509& certificate)
{
    const BignumPtr number(must(BN_new(), "make a serial number"));
    must(BN_rand(number.get(), 128, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY), "make a serial number");
    if (BN_is_zero(number.get()))
        must(BN_one(number.get()), "make a serial number");
    must(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&certificate)), "make a serial number");
}

void set_validity(X509& certificate, Time from, Time until)
{
    must(ASN1_TIME_set(X509_getm_notBefore(&certificate), seconds(from)), "set a certificate's dates");
    must(ASN1_TIME_set(X509_getm_notAfter(&certificate), seconds(until)), "set a certificate's dates");
}

void add_to_subject(X509& certificate, int nid, std::string_view value)
{
    const auto* const bytes = reinterpret_cast<const unsigned char*>(value.data());
    must(
        X509_NAME_add_entry_by_NID(
            X509_get_subject_name(&certificate),
            nid,
            MBSTRING_UTF8,
            bytes,
            static_cast<int>(value.size()),
            -1,
            0
        ),
        "name a certificate's subject"
    );
}

void add_extension(X509& certificate, X509& issuer, int nid, const char* value)
{
    X509V3_CTX context{};
    X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
    const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
        must(X509V3_EXT_nconf_nid(nullptr, &context, nid, value), "make an extension of a certificate")
    );
    must(X509_add_ext(&certificate, extension.get(), -1), "add an extension to a certificate");
}

void add_host(X509& certificate, std::string_view host, bool critical)
{
    const NamesPtr names(must(GENERAL_NAMES_new(), "make a name"));
    NamePtr name = dns_name(host);
    must(sk_GENERAL_NAME_push(names.get(), name.get()), "make a name");
    (void)name.release();
    must(
        X509_add1_ext_i2d(
            &certificate, NID_subject_alt_name, names.get(), critical ? 1 : 0, X509V3_ADD_DEFAULT
        ),
        "name a certificate's host"
    );
}

void add_constraints(X509& certificate, const std::vector<std::string>& domains)
{
    const ConstraintsPtr constraints(must(NAME_CONSTRAINTS_new(), "make name constraints"));
    for (const std::string& domain : domains)
        add_subtree(constraints->permittedSubtrees, dns_name(domain));
    for (const int bytes : {4, 16})
        add_subtree(constraints->excludedSubtrees, any_address(bytes));
    must(
        X509_add1_ext_i2d(&certificate, NID_name_constraints, constraints.get(), 1, X509V3_ADD_DEFAULT),
        "add name constraints"
    );
}

std::vector<std::string> permitted_domains(const X509& certificate)
{
    std::vector<std::string> domains;
    const ConstraintsPtr constraints(
        static_cast<NAME_CONSTRAINTS*>(X509_get_ext_d2i(&certificate, NID_name_constraints, nullptr, nullptr))
    );
    if (constraints == nullptr)
        return domains;
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(constraints->permittedSubtrees); ++i) {
        const GENERAL_NAME* const base = sk_GENERAL_SUBTREE_value(constraints->permittedSubtrees, i)->base;
        if (base->type != GEN_DNS)
            continue;
        const ASN1_IA5STRING* const name = base->d.dNSName;
        domains.emplace_back(
            reinterpret_cast<const char*>(ASN1_STRING_get0_data(name)),
            static_cast<std::size_t>(ASN1_STRING_length(name))
        );
    }
    return domains;
}

void sign(X509& certificate, EVP_PKEY& key)
{
    must(X509_sign(&certificate, &key, EVP_sha256()), "sign a certificate");
}

Time not_before(const X509& certificate)
{
    return from_asn1(X509_get0_notBefore(&certificate));
}

Time not_after(const X509& certificate)
{
    return from_asn1(X509_get0_notAfter(&certificate));
}

std::string to_words(Time time)
{
    return formatted(time, "%Y-%m-%d %H:%M:%S UTC");
}

std::string to_date(Time time)
{
    return formatted(time, "%Y-%m-%d");
}

std::string fingerprint(const X509& certificate)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    must(X509_digest(&certificate, EVP_sha256(), digest.data(), &size), "digest a certificate");
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
        if (i != 0)
            text += ':';
        text += hex[digest.at(i) >> 4U];
        text += hex[digest.at(i) & 15U];
    }
    return text;
}

} // namespace cosdiag::tls
