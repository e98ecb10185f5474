// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/trust_export.hpp"
#include "tests/proxy/tls/support.hpp"

#include <doctest/doctest.h>
#include <openssl/pkcs12.h>

#include <set>

using namespace cosdiag;
using test::has;
using test::noon;
using tls::Authority;
using tls::X509Ptr;

namespace {

/// Two roots as other people make them, one without a common name.
struct Roots {
    Roots()
    {
        const tls::KeyPtr key = tls::make_key();
        for (const auto& [nid, name] :
             {std::pair{NID_commonName, "R\xc3\xb3ot X1"}, {NID_organizationName, "Old Inc"}}) {
            X509Ptr root(X509_new());
            X509_set_version(root.get(), X509_VERSION_3);
            tls::set_serial(*root);
            tls::set_validity(*root, noon, noon + std::chrono::days(1));
            tls::add_to_subject(*root, nid, name);
            X509_set_issuer_name(root.get(), X509_get_subject_name(root.get()));
            X509_set_pubkey(root.get(), key.get());
            tls::sign(*root, *key);
            pem += tls::to_pem(*root);
        }
    }

    std::string pem;
};

std::string write(const test::Folder& folder, const std::string& text)
{
    const std::string file = folder.file("roots.pem");
    std::ofstream(file) << text;
    return file;
}

/// An entry of a trust store.
struct Entry {
    std::string name;
    std::string usage;
    std::string fingerprint;
};

struct Contents {
    int mac = NID_undef;
    std::vector<Entry> entries;
};

Entry entry_of(const PKCS12_SAFEBAG& bag)
{
    Entry entry;
    char* const name = PKCS12_get_friendlyname(const_cast<PKCS12_SAFEBAG*>(&bag));
    entry.name = name == nullptr ? "" : name;
    OPENSSL_free(name);
    const tls::Owned<ASN1_OBJECT, ASN1_OBJECT_free> trusted(OBJ_txt2obj("2.16.840.1.113894.746875.1.1", 1));
    const auto* const attributes = PKCS12_SAFEBAG_get0_attrs(&bag);
    for (int i = 0; i < sk_X509_ATTRIBUTE_num(attributes); ++i) {
        X509_ATTRIBUTE* const attribute = sk_X509_ATTRIBUTE_value(attributes, i);
        if (OBJ_cmp(X509_ATTRIBUTE_get0_object(attribute), trusted.get()) != 0)
            continue;
        const ASN1_TYPE* const value = X509_ATTRIBUTE_get0_type(attribute, 0);
        entry.usage =
            value->type == V_ASN1_OBJECT ? OBJ_nid2ln(OBJ_obj2nid(value->value.object)) : "no object";
    }
    const X509Ptr certificate(PKCS12_SAFEBAG_get1_cert(&bag));
    entry.fingerprint = tls::fingerprint(*certificate);
    return entry;
}

/// Empty if the password does not fit.
Contents contents_of(const std::string& bytes, const char* password)
{
    Contents contents;
    const auto* begin = reinterpret_cast<const unsigned char*>(bytes.data());
    const tls::Owned<PKCS12, PKCS12_free> store(d2i_PKCS12(nullptr, &begin, static_cast<long>(bytes.size())));
    if (store == nullptr || PKCS12_verify_mac(store.get(), password, -1) != 1)
        return contents;
    const X509_ALGOR* mac = nullptr;
    const ASN1_OBJECT* mac_name = nullptr;
    PKCS12_get0_mac(nullptr, &mac, nullptr, nullptr, store.get());
    X509_ALGOR_get0(&mac_name, nullptr, nullptr, mac);
    contents.mac = OBJ_obj2nid(mac_name);
    STACK_OF(PKCS7)* const safes = PKCS12_unpack_authsafes(store.get());
    for (int i = 0; i < sk_PKCS7_num(safes); ++i) {
        PKCS7* const safe = sk_PKCS7_value(safes, i);
        REQUIRE(OBJ_obj2nid(safe->type) == NID_pkcs7_data); // in clear
        STACK_OF(PKCS12_SAFEBAG)* const bags = PKCS12_unpack_p7data(safe);
        for (int j = 0; j < sk_PKCS12_SAFEBAG_num(bags); ++j)
            contents.entries.push_back(entry_of(*sk_PKCS12_SAFEBAG_value(bags, j)));
        sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
    }
    sk_PKCS7_pop_free(safes, PKCS7_free);
    return contents;
}

} // namespace

TEST_SUITE("proxy/tls/trust_export")
{
    TEST_CASE("the system's roots are those of its file, whatever the environment says")
    {
        const test::Folder folder;
        const test::Variable file("SSL_CERT_FILE", folder.file("none").c_str());
        const test::Variable directory("SSL_CERT_DIR", folder.path.c_str());
        const std::string roots = tls::system_roots();
        CHECK(roots == tls::system_roots("/etc/ssl/certs/ca-certificates.crt"));
        CHECK(tls::read_certificates(roots).size() > 50);
    }

    TEST_CASE("a file named instead is taken as it is, or refused with its name")
    {
        const test::Folder folder;
        const Roots roots;
        const std::string text = "# ours\n" + roots.pem;
        CHECK(tls::system_roots(write(folder, text)) == text);
        const auto complaint = [](const std::string& file) {
            return test::complaint_of([&] { tls::system_roots(file); });
        };
        CHECK(
            has(complaint(folder.file("none")),
                "cannot read the roots in " + folder.file("none") + ": No such file")
        );
        const std::string file = folder.file("roots.pem");
        for (const std::string& none :
             {std::string(), std::string("rubbish"), test::make_authority().key_pem()}) {
            CHECK(has(
                complaint(write(folder, none)),
                "cannot use the roots in " + file + ": there is no certificate in it. Install ca-certificates"
            ));
        }
        CHECK(has(
            complaint(write(folder, roots.pem.substr(0, roots.pem.size() - 40))), file + ": a block of PEM"
        ));
        CHECK(has(complaint(folder.path), folder.path.string() + ": there is no certificate in it"));
        CHECK(ERR_peek_error() == 0);
    }

    TEST_CASE("a bundle holds the roots as they are and ours once")
    {
        const Roots roots;
        const Authority authority = test::make_authority();
        const std::string own = authority.certificate_pem();
        CHECK(tls::bundle(authority, roots.pem) == roots.pem + own);
        CHECK(tls::bundle(authority, roots.pem.substr(0, roots.pem.size() - 1)) == roots.pem + own);
        CHECK(tls::bundle(authority, own + roots.pem) == own + roots.pem);
        CHECK(tls::bundle(authority, "") == own);
        CHECK(tls::read_certificates(tls::bundle(authority, roots.pem)).size() == 3);
    }

    TEST_CASE("a trust store holds ours and the roots, each trusted for every purpose, each with its name")
    {
        const Roots roots;
        const Authority authority = test::make_authority();
        const auto theirs = tls::read_certificates(roots.pem);
        for (const std::string& given : {roots.pem, tls::bundle(authority, roots.pem)}) {
            const Contents contents = contents_of(tls::truststore(authority, given), "changeit");
            CHECK(contents.mac == NID_sha256);
            REQUIRE(contents.entries.size() == 3);
            CHECK(contents.entries[0].name == "cosdiag");
            CHECK(contents.entries[0].fingerprint == authority.fingerprint());
            CHECK(contents.entries[1].name == "R\xc3\xb3ot X1 (1)");
            CHECK(contents.entries[1].fingerprint == tls::fingerprint(*theirs[0]));
            CHECK(contents.entries[2].name == "Old Inc (2)");
            for (const Entry& entry : contents.entries)
                CHECK(entry.usage == "Any Extended Key Usage");
        }
        CHECK(contents_of(tls::truststore(authority, roots.pem), "other").entries.empty());
        ERR_clear_error();
    }

    TEST_CASE("a trust store takes all roots of the system, under names that differ")
    {
        const Authority authority = test::make_authority();
        const std::string roots = tls::system_roots();
        const Contents contents = contents_of(tls::truststore(authority, roots), "changeit");
        std::set<std::string> names;
        for (const Entry& entry : contents.entries)
            names.insert(entry.name);
        CHECK(contents.entries.size() == tls::read_certificates(roots).size() + 1);
        CHECK(names.size() == contents.entries.size());
        CHECK(ERR_peek_error() == 0);
    }
}
