// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/trust_export.hpp"

#include <openssl/objects.h>
#include <openssl/pkcs12.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace cosdiag::tls {

namespace {

/// Debian and Alpine, Fedora, SUSE, what is left.
constexpr std::array stores = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
};

constexpr int iterations = 10'000; ///< what keytool of Java 17 takes
constexpr int in_clear = -1;       ///< in the place of a cipher's number

/// Oracle's attribute of a certificate that is trusted without a key of its own, and the value that keytool
/// gives it: for every purpose.
constexpr const char* trusted_key_usage = "2.16.840.1.113894.746875.1.1";

struct FreeBags {
    void operator()(STACK_OF(PKCS12_SAFEBAG) * bags) const noexcept
    {
        sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
    }
};

struct FreeSafes {
    void operator()(STACK_OF(PKCS7) * safes) const noexcept { sk_PKCS7_pop_free(safes, PKCS7_free); }
};

using BagsPtr = std::unique_ptr<STACK_OF(PKCS12_SAFEBAG), FreeBags>;
using SafesPtr = std::unique_ptr<STACK_OF(PKCS7), FreeSafes>;

std::filesystem::path system_store()
{
    for (const char* const store : stores) {
        std::error_code ignored;
        if (std::filesystem::exists(store, ignored))
            return store;
    }
    throw CaError(
        "this system has no file of roots: none of /etc/ssl/certs/ca-certificates.crt and its like is there. "
        "Install ca-certificates, or name a file of roots in SSL_CERT_FILE"
    );
}

void expect_certificates(std::string_view text, const std::string& path)
{
    std::string reason = "there is no certificate in it";
    try {
        if (!read_certificates(text).empty())
            return;
    } catch (const CaError& error) {
        reason = error.what();
    }
    throw CaError(
        "cannot use the roots in " + path + ": " + reason +
        ". Install ca-certificates anew, or name another file of roots in SSL_CERT_FILE"
    );
}

/// By which people know a root.
std::string name_of(const X509& certificate)
{
    X509_NAME* const subject = X509_get_subject_name(&certificate);
    for (const int nid : {NID_commonName, NID_organizationalUnitName, NID_organizationName}) {
        const int place = X509_NAME_get_index_by_NID(subject, nid, -1);
        if (place < 0)
            continue;
        unsigned char* text = nullptr;
        const int size =
            ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place)));
        if (size < 0)
            continue;
        std::string name(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
        OPENSSL_free(text);
        return name;
    }
    return "root";
}

void add(STACK_OF(PKCS12_SAFEBAG) & bags, X509& certificate, const std::string& alias)
{
    Owned<PKCS12_SAFEBAG, PKCS12_SAFEBAG_free> bag(
        must(PKCS12_SAFEBAG_create_cert(&certificate), "make a trust store")
    );
    must(
        PKCS12_add_friendlyname_utf8(bag.get(), alias.data(), static_cast<int>(alias.size())),
        "make a trust store"
    );
    const auto* const any_use = reinterpret_cast<const unsigned char*>(OBJ_nid2obj(NID_anyExtendedKeyUsage));
    must(
        PKCS12_add1_attr_by_txt(bag.get(), trusted_key_usage, V_ASN1_OBJECT, any_use, -1),
        "make a trust store"
    );
    must(sk_PKCS12_SAFEBAG_push(&bags, bag.get()), "make a trust store");
    (void)bag.release();
}

/// In clear, as they are no secret, with a MAC over SHA-256: Java that is told no password reads an encrypted
/// store as an empty one, and this one as it is.
std::string packed(STACK_OF(PKCS12_SAFEBAG) & bags)
{
    STACK_OF(PKCS7)* made = nullptr;
    must(PKCS12_add_safe(&made, &bags, in_clear, iterations, truststore_password), "make a trust store");
    const SafesPtr safes(made);
    const Owned<PKCS12, PKCS12_free> store(must(PKCS12_add_safes(safes.get(), 0), "make a trust store"));
    must(
        PKCS12_set_mac(store.get(), truststore_password, -1, nullptr, 0, iterations, EVP_sha256()),
        "make a trust store"
    );
    unsigned char* bytes = nullptr;
    const int size = must(i2d_PKCS12(store.get(), &bytes), "make a trust store");
    std::string out(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return out;
}

} // namespace

std::string system_roots(const std::filesystem::path& instead)
{
    const std::filesystem::path path = instead.empty() ? system_store() : instead;
    std::ifstream in(path, std::ios::binary);
    const int error = errno;
    if (!in)
        throw CaError(
            "cannot read the roots in " + path.string() + ": " + std::generic_category().message(error) +
            ". Name a file of roots in SSL_CERT_FILE that can be read"
        );
    std::ostringstream read;
    read << in.rdbuf();
    std::string text = std::move(read).str();
    expect_certificates(text, path.string());
    return text;
}

std::string bundle(const Authority& authority, std::string_view roots)
{
    const std::string own = authority.certificate_pem();
    std::string all(roots);
    if (all.find(own) != std::string::npos)
        return all;
    if (!all.empty() && all.back() != '\n')
        all += '\n';
    return all + own;
}

std::string truststore(const Authority& authority, std::string_view roots)
{
    const BagsPtr bags(must(sk_PKCS12_SAFEBAG_new_null(), "make a trust store"));
    const std::vector<X509Ptr> own = read_certificates(authority.certificate_pem());
    add(*bags, *own.front(), "cosdiag");
    std::size_t number = 0;
    for (const X509Ptr& root : read_certificates(roots)) {
        if (X509_cmp(root.get(), own.front().get()) == 0)
            continue;
        // Java tells entries by their names, in lower case.
        add(*bags, *root, name_of(*root) + " (" + std::to_string(++number) + ")");
    }
    return packed(*bags);
}

} // namespace cosdiag::tls
