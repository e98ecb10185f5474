// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/authority.hpp"
#include "proxy/tls/host_name.hpp"
#include "tests/proxy/tls/support.hpp"

#include <doctest/doctest.h>
#include <openssl/ec.h>
#include <openssl/pem.h>

#include <set>
#include <thread>

using namespace cosdiag;
using namespace std::chrono_literals;
using std::chrono::days;
using test::cos_host;
using test::has;
using test::noon;
using tls::Authority;
using tls::Leaf;
using tls::X509Ptr;

namespace {

/// An extension as `openssl x509 -text` shows it, with a mark if it is critical; empty if it is not there.
std::string extension(const X509& certificate, int nid)
{
    const int place = X509_get_ext_by_NID(&certificate, nid, -1);
    if (place < 0)
        return {};
    X509_EXTENSION* const found = X509_get_ext(&certificate, place);
    const tls::BioPtr memory(BIO_new(BIO_s_mem()));
    X509V3_EXT_print(memory.get(), found, 0, 0);
    return (X509_EXTENSION_get_critical(found) == 1 ? "critical: " : "") + tls::written_to(memory.get());
}

std::string attribute(const X509& certificate, int nid)
{
    char text[256];
    const int size = X509_NAME_get_text_by_NID(
        X509_get_subject_name(&certificate), nid, text, static_cast<int>(sizeof text)
    );
    return size < 0 ? "" : std::string(text, static_cast<std::size_t>(size));
}

std::string curve(const X509& certificate)
{
    char name[64] = "";
    EVP_PKEY_get_group_name(X509_get0_pubkey(&certificate), name, sizeof name, nullptr);
    return name;
}

std::string serial(const X509& certificate)
{
    const tls::BignumPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(&certificate), nullptr));
    CHECK(BN_is_negative(number.get()) == 0);
    CHECK(BN_num_bits(number.get()) <= 128);
    CHECK(BN_num_bits(number.get()) > 64);
    char* const text = BN_bn2hex(number.get());
    std::string out = text;
    OPENSSL_free(text);
    return out;
}

/// What somebody makes who has stolen the root's key.
X509Ptr forge(const Authority& authority, const char* name, const char* alternative)
{
    X509Ptr root = test::copy_of(authority.certificate());
    const tls::KeyPtr root_key = tls::read_key(authority.key_pem());
    const tls::KeyPtr key = tls::make_key();
    X509Ptr leaf(X509_new());
    X509_set_version(leaf.get(), X509_VERSION_3);
    tls::set_serial(*leaf);
    tls::set_validity(*leaf, noon - 1h, noon + 1h);
    X509_set_issuer_name(leaf.get(), X509_get_subject_name(root.get()));
    X509_set_pubkey(leaf.get(), key.get());
    tls::add_to_subject(*leaf, NID_commonName, name);
    tls::add_extension(*leaf, *root, NID_authority_key_identifier, "keyid:always");
    if (alternative != nullptr)
        tls::add_extension(*leaf, *root, NID_subject_alt_name, alternative);
    tls::sign(*leaf, *root_key);
    return leaf;
}

} // namespace

TEST_SUITE("proxy/tls/authority")
{
    TEST_CASE("the root says what it may do and no more")
    {
        const Authority authority = test::make_authority();
        const X509& root = authority.certificate();
        CHECK(X509_get_version(&root) == X509_VERSION_3);
        CHECK(curve(root) == "prime256v1");
        CHECK(X509_get_signature_nid(&root) == NID_ecdsa_with_SHA256);
        CHECK(extension(root, NID_basic_constraints) == "critical: CA:TRUE, pathlen:0");
        CHECK(extension(root, NID_key_usage) == "critical: Certificate Sign, CRL Sign");
        CHECK(extension(root, NID_ext_key_usage) == "TLS Web Server Authentication");
        CHECK(extension(root, NID_subject_key_identifier).size() == 59);
        CHECK(
            extension(root, NID_name_constraints) ==
            "critical: Permitted:\n  DNS:myqcloud.com\n  DNS:tencentcos.cn\n"
            "Excluded:\n  IP:0.0.0.0/0.0.0.0\n  IP:0:0:0:0:0:0:0:0/0:0:0:0:0:0:0:0"
        );
        CHECK(attribute(root, NID_commonName) == "cosdiag CA of workshop, made 2026-03-01");
        CHECK(attribute(root, NID_organizationName) == "cosdiag");
        CHECK(X509_NAME_cmp(X509_get_subject_name(&root), X509_get_issuer_name(&root)) == 0);
        CHECK(authority.not_before() == noon - 24h);
        CHECK(authority.not_after() == noon + days(5 * 365));
        CHECK(authority.domains() == test::cos_domains);
        const X509Ptr own = test::copy_of(root);
        CHECK(X509_verify(own.get(), X509_get0_pubkey(&root)) == 1);
        CHECK(ERR_peek_error() == 0);
    }

    TEST_CASE("no two certificates have the same number or key")
    {
        std::set<std::string> serials, keys;
        for (int i = 0; i < 8; ++i) {
            const Authority authority = test::make_authority();
            const Leaf leaf = authority.mint(cos_host, noon);
            serials.insert(serial(authority.certificate()));
            serials.insert(serial(*leaf.certificate));
            keys.insert(authority.key_pem());
            keys.insert(tls::to_pem(*leaf.key));
        }
        CHECK(serials.size() == 16);
        CHECK(keys.size() == 16);
    }

    TEST_CASE("the subject fits, whatever the machine is called")
    {
        struct Row {
            std::string machine;
            const char* subject;
        };

        const Row rows[] = {
            {"", "cosdiag CA of this machine, made 2026-03-01"},
            {"host\nname", "cosdiag CA of host?name, made 2026-03-01"},
            {std::string(64, 'a'), "cosdiag CA of aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, made 2026-03-01"},
            {"caf\xc3\xa9", "cosdiag CA of caf??, made 2026-03-01"},
        };
        for (const Row& row : rows) {
            const Authority authority = Authority::make(test::cos_domains, noon, row.machine);
            CHECK(attribute(authority.certificate(), NID_commonName) == row.subject);
        }
    }

    TEST_CASE("domains are names: lower-cased, each once, addresses left out")
    {
        const Authority authority = Authority::make(
            {"MyQcloud.com", "files.Example.com", "10.0.0.1", "myqcloud.com", "::1"}, noon, "m"
        );
        CHECK(authority.domains() == std::vector<std::string>{"myqcloud.com", "files.example.com"});
        const auto make = [](std::vector<std::string> domains) {
            return test::complaint_of([&] { Authority::make(domains, noon, "m"); });
        };
        CHECK(has(make({}), "it would vouch for every name"));
        CHECK(has(make({"10.0.0.1"}), "it would vouch for every name"));
        for (const char* const bad :
             {"", ".", "a..b", ".example.com", "example.com.", "*.example.com", "a b", "a/b"}) {
            CAPTURE(bad);
            CHECK(has(make({"myqcloud.com", bad}), std::string("\"") + bad + "\", which is no host name"));
        }
    }

    TEST_CASE("a host is covered if it is a name within a domain of the certificate")
    {
        struct Row {
            std::string host;
            bool covered;
        };

        const Row rows[] = {
            {cos_host, true},
            {"myqcloud.com", true},
            {"x.tencentcos.cn", true},
            {"under_score.myqcloud.com", true},
            {"notmyqcloud.com", false},
            {"myqcloud.com.example.com", false},
            {"example.com", false},
            {"com", false},
            {"", false},
            {".myqcloud.com", false},
            {"a..myqcloud.com", false},
            {"*.myqcloud.com", false},
            {"x.myqcloud.com.", false},
            {"X.myqcloud.com", false},
            {std::string("example.com\0.myqcloud.com", 25), false},
            {"10.0.0.1", false},
            {"::1", false},
            {std::string(63, 'a') + ".myqcloud.com", true},
            {std::string(64, 'a') + ".myqcloud.com", false},
        };
        const Authority made = test::make_authority();
        const Authority read = Authority::from_pem(made.certificate_pem(), made.key_pem());
        for (const Row& row : rows) {
            CAPTURE(row.host);
            CHECK(made.covers(row.host) == row.covered);
            CHECK(read.covers(row.host) == row.covered);
        }
        std::string longest = "myqcloud.com";
        while (longest.size() + 2 <= 253)
            longest.insert(0, "a.");
        CHECK(longest.size() == 252);
        CHECK(made.covers(longest));
        CHECK(!made.covers("aa" + longest));
    }

    TEST_CASE("a leaf is for one host and for serving it")
    {
        const Authority authority = test::make_authority();
        const Leaf leaf = authority.mint(cos_host, noon + 1500ms);
        CHECK(X509_get_version(leaf.certificate.get()) == X509_VERSION_3);
        CHECK(curve(*leaf.certificate) == "prime256v1");
        CHECK(X509_get_signature_nid(leaf.certificate.get()) == NID_ecdsa_with_SHA256);
        CHECK(attribute(*leaf.certificate, NID_commonName) == cos_host);
        CHECK(extension(*leaf.certificate, NID_subject_alt_name) == std::string("DNS:") + cos_host);
        CHECK(extension(*leaf.certificate, NID_ext_key_usage) == "TLS Web Server Authentication");
        CHECK(extension(*leaf.certificate, NID_key_usage) == "critical: Digital Signature");
        CHECK(extension(*leaf.certificate, NID_basic_constraints) == "critical: CA:FALSE");
        CHECK(
            has(extension(*leaf.certificate, NID_authority_key_identifier),
                extension(authority.certificate(), NID_subject_key_identifier))
        );
        CHECK(X509_check_private_key(leaf.certificate.get(), leaf.key.get()) == 1);
        CHECK(leaf.not_before == noon + 1s - 24h);
        CHECK(leaf.not_after == noon + 1s + days(89) - 1s);
        CHECK(leaf.not_after - leaf.not_before < days(90));
        CHECK(tls::not_before(*leaf.certificate) == leaf.not_before);
        CHECK(tls::not_after(*leaf.certificate) == leaf.not_after);
        CHECK(ERR_peek_error() == 0);
    }

    TEST_CASE("a client that trusts the root accepts a leaf for its host, in its time")
    {
        const Authority authority = test::make_authority();
        const Leaf leaf = authority.mint(cos_host, noon);
        const auto says = [&](const char* host, tls::Time now) {
            return test::verdict(*leaf.certificate, authority.certificate(), host, now);
        };
        CHECK(says(cos_host, noon) == X509_V_OK);
        CHECK(says(cos_host, noon - 23h) == X509_V_OK);
        CHECK(says(cos_host, noon + days(88)) == X509_V_OK);
        CHECK(says(cos_host, noon + days(89)) == X509_V_ERR_CERT_HAS_EXPIRED);
        CHECK(says("c-1250000000.cos.ap-guangzhou.myqcloud.com", noon) == X509_V_ERR_HOSTNAME_MISMATCH);
        const Authority other = test::make_authority();
        CHECK(test::verdict(*leaf.certificate, other.certificate(), cos_host, noon) != X509_V_OK);
    }

    TEST_CASE("a name too long for a common name stands in the critical alternative name alone")
    {
        const Authority authority = test::make_authority();
        for (const std::size_t size : {std::size_t{64}, std::size_t{65}, std::size_t{76}}) {
            const std::string host = std::string(size - 13, 'a') + ".myqcloud.com";
            const Leaf leaf = authority.mint(host, noon);
            CAPTURE(size);
            CHECK(attribute(*leaf.certificate, NID_commonName) == (size <= 64 ? host : ""));
            CHECK(
                extension(*leaf.certificate, NID_subject_alt_name) ==
                (size <= 64 ? "DNS:" : "critical: DNS:") + host
            );
            CHECK(test::verdict(*leaf.certificate, authority.certificate(), host, noon) == X509_V_OK);
        }
    }

    TEST_CASE("what the root's key signs for other hosts is refused by its name constraints")
    {
        struct Row {
            const char* name;
            const char* alternative;
            const char* host;
            int verdict;
        };

        const Row rows[] = {
            {"x", "DNS:b.cos.ap-guangzhou.myqcloud.com", "b.cos.ap-guangzhou.myqcloud.com", X509_V_OK},
            {"x", "DNS:example.com", "example.com", X509_V_ERR_PERMITTED_VIOLATION},
            {"x", "DNS:notmyqcloud.com", "notmyqcloud.com", X509_V_ERR_PERMITTED_VIOLATION},
            {"x", "DNS:a.myqcloud.com,DNS:example.com", "example.com", X509_V_ERR_PERMITTED_VIOLATION},
            {"example.com", nullptr, "example.com", X509_V_ERR_PERMITTED_VIOLATION},
            {"x", "IP:10.0.0.1", "10.0.0.1", X509_V_ERR_EXCLUDED_VIOLATION},
            {"x", "IP:::1", "::1", X509_V_ERR_EXCLUDED_VIOLATION},
        };
        const Authority authority = test::make_authority();
        for (const Row& row : rows) {
            CAPTURE(row.host);
            const X509Ptr leaf = forge(authority, row.name, row.alternative);
            CHECK(test::verdict(*leaf, authority.certificate(), row.host, noon) == row.verdict);
        }
    }

    TEST_CASE("a host that is not covered is refused, with what to do")
    {
        const Authority authority = test::make_authority();
        const auto complaint = [&](std::string_view host) {
            return test::complaint_of([&] { authority.mint(host, noon); });
        };
        CHECK(
            complaint("files.example.com") == "cosdiag's CA vouches for myqcloud.com and tencentcos.cn, not "
                                              "for files.example.com. If that host is "
                                              "COS, add it to cos.custom_domains, run \"cosdiag ca init "
                                              "--force\" and give the new ca.pem to the "
                                              "clients"
        );
        for (const char* const address : {"10.0.0.1", "::1", "fe80::1%eth0", "127.1"}) {
            CHECK(
                complaint(address) ==
                std::string("cosdiag's CA vouches for names only, not for the address ") + address +
                    ". Let the client use the host's name"
            );
        }
        CHECK(has(complaint(std::string(300, 'a')), "not for " + std::string(253, 'a') + ". If"));
        CHECK(has(complaint("a\nb"), "not for a?b. If"));
    }

    TEST_CASE("nothing is made outside the root's time, and no leaf ends after it")
    {
        const Authority authority = test::make_authority();
        const tls::Time end = authority.not_after();
        CHECK(authority.mint(cos_host, end).not_after == end);
        CHECK(authority.mint(cos_host, end - days(10)).not_after == end);
        CHECK(authority.mint(cos_host, end - days(90)).not_after < end);
        CHECK(authority.mint(cos_host, noon - 23h).not_before == authority.not_before());
        CHECK(
            test::complaint_of([&] { authority.mint(cos_host, end + 1s); }) ==
            "cosdiag's CA was valid until 2031-02-28 12:00:00 UTC, and now it is 2031-02-28 12:00:01 UTC. "
            "Make a "
            "new one with \"cosdiag ca init --force\", and give its ca.pem to the clients"
        );
        CHECK(
            test::complaint_of([&] { authority.mint(cos_host, noon - 25h); }) ==
            "cosdiag's CA is valid from 2026-02-28 12:00:00 UTC on, and the clock of this machine says "
            "2026-02-28 "
            "11:00:00 UTC. Set the clock, or make a new CA with \"cosdiag ca init --force\""
        );
    }

    TEST_CASE("an authority that was read makes what the one that was written makes")
    {
        const Authority made = test::make_authority();
        for (const bool key_first : {false, true}) {
            const std::string both =
                key_first ? made.key_pem() + made.certificate_pem() : made.certificate_pem() + made.key_pem();
            const Authority read = Authority::from_pem(both, both);
            CHECK(read.certificate_pem() == made.certificate_pem());
            CHECK(read.key_pem() == made.key_pem());
            CHECK(read.domains() == made.domains());
            CHECK(read.not_before() == made.not_before());
            CHECK(read.not_after() == made.not_after());
            CHECK(read.fingerprint() == made.fingerprint());
            const Leaf leaf = read.mint(cos_host, noon);
            CHECK(test::verdict(*leaf.certificate, made.certificate(), cos_host, noon) == X509_V_OK);
            CHECK(ERR_peek_error() == 0);
        }
    }

    TEST_CASE("the fingerprint is the one that openssl shows")
    {
        // openssl req -x509 -newkey ec … | openssl x509 -noout -fingerprint -sha256
        const char* const pem = R"(-----BEGIN CERTIFICATE-----
MIIBbTCCAROgAwIBAgIUc0lKHwGbceZdgXmRzAWIkFeIBV4wCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBeDAeFw0yNjExMjUwOTIwMzdaFw0zNjExMjIwOTIwMzdaMAwx
CjAIBgNVBAMMAXgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATZx9SjOuH80ex3
wrq23AZvVOOdl5vGvKXdcU0U18+rZdWXVwkL4h2YRIbEEBQOo9pUTDA/sbtb8uts
xByrU5EQo1MwUTAdBgNVHQ4EFgQUhL5qXFxe8FClCatqJiBqnaSRWuowHwYDVR0j
BBgwFoAUhL5qXFxe8FClCatqJiBqnaSRWuowDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNIADBFAiEAlMUzIkutcES7JsvsWKnAqWcu6qX/TvPt8TOFzQidRZAC
IGiRAzwBRGMMbFbx6I8WktbJk56cQVPTg+wT/sbCqct5
-----END CERTIFICATE-----
)";
        const auto certificates = tls::read_certificates(pem);
        REQUIRE(certificates.size() == 1);
        CHECK(
            tls::fingerprint(*certificates.front()) == "19:D7:A4:60:A8:63:D7:CE:33:2E:C7:05:38:96:B8:8E:"
                                                       "41:95:28:3E:C7:98:E6:94:CA:01:BA:22:28:BD:23:A0"
        );
    }

    TEST_CASE("what is no authority is refused")
    {
        const Authority authority = test::make_authority();
        const Authority other = test::make_authority();
        const Leaf leaf = authority.mint(cos_host, noon);
        const std::string certificate = authority.certificate_pem();
        const std::string key = authority.key_pem();
        const tls::BioPtr locked(BIO_new(BIO_s_mem()));
        PEM_write_bio_PKCS8PrivateKey(
            locked.get(), tls::read_key(key).get(), EVP_aes_256_cbc(), "pass", 4, nullptr, nullptr
        );
        X509Ptr boundless(X509_new());
        X509_set_version(boundless.get(), X509_VERSION_3);
        tls::set_validity(*boundless, noon, noon + 1h);
        X509_set_pubkey(boundless.get(), tls::read_key(key).get());
        tls::add_extension(*boundless, *boundless, NID_basic_constraints, "critical,CA:TRUE");
        tls::sign(*boundless, *tls::read_key(key));

        struct Row {
            std::string certificate, key;
            const char* complaint;
        };

        const Row rows[] = {
            {"", key, "there is no certificate of a CA in it"},
            {"rubbish", key, "there is no certificate of a CA in it"},
            {key, key, "there is no certificate of a CA in it"},
            {certificate.substr(0, certificate.size() / 2), key, "cannot be read"},
            {certificate, "", "there is no private key in it"},
            {certificate, certificate, "there is no private key in it"},
            {certificate, key.substr(0, key.size() / 2), "there is no private key in it"},
            {certificate, tls::written_to(locked.get()), "that can be read without a password"},
            {certificate, other.key_pem(), "its certificate and its private key do not belong together"},
            {tls::to_pem(*leaf.certificate), tls::to_pem(*leaf.key), "may not sign others"},
            {tls::to_pem(*boundless), key, "it has no name constraints"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.complaint);
            const std::string said =
                test::complaint_of([&] { Authority::from_pem(row.certificate, row.key); });
            CHECK(has(said, row.complaint));
            CHECK(has(said, "cosdiag ca init --force"));
            CHECK(!has(said, "PRIVATE KEY"));
            CHECK(ERR_peek_error() == 0);
        }
    }

    TEST_CASE("threads may make leaves at once")
    {
        const Authority authority = test::make_authority();
        std::vector<std::vector<Leaf>> leaves(4);
        std::vector<std::thread> threads;
        for (auto& own : leaves)
            threads.emplace_back([&] {
                for (int i = 0; i < 25; ++i)
                    own.push_back(authority.mint("b" + std::to_string(i) + ".myqcloud.com", noon));
            });
        for (auto& thread : threads)
            thread.join();
        for (const auto& own : leaves) {
            for (std::size_t i = 0; i < own.size(); ++i) {
                const std::string host = "b" + std::to_string(i) + ".myqcloud.com";
                CHECK(test::verdict(*own[i].certificate, authority.certificate(), host, noon) == X509_V_OK);
            }
        }
    }

    TEST_CASE("what OpenSSL says is told once, and taken away")
    {
        ERR_clear_error();
        CHECK(tls::openssl_error() == "OpenSSL gives no reason");
        ERR_raise(ERR_LIB_PEM, PEM_R_NO_START_LINE);
        ERR_raise(ERR_LIB_PEM, PEM_R_NO_START_LINE);
        ERR_raise_data(ERR_LIB_SYS, EACCES, "fopen(%s)", "/x");
        CHECK(tls::openssl_error() == "no start line; Permission denied (fopen(/x))");
        CHECK(ERR_peek_error() == 0);
        CHECK(test::complaint_of([] { tls::must(0, "sign"); }) == "cannot sign: OpenSSL gives no reason");
    }
}
