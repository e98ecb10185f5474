// SPDX-License-Identifier: Apache-2.0
#include "proxy/trust_files.hpp"
#include "tests/proxy/tls/support.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;

namespace {

std::string text_of(const std::string& file)
{
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

void put(const std::string& file, const std::string& text)
{
    std::ofstream(file) << text;
}

std::size_t count(const std::string& text, const std::string& part)
{
    std::size_t times = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size())
        ++times;
    return times;
}

/// A root that is none of cosdiag's.
std::string users_root(const char* name)
{
    const tls::KeyPtr key = tls::make_key();
    const tls::X509Ptr root(X509_new());
    X509_set_version(root.get(), X509_VERSION_3);
    tls::set_serial(*root);
    tls::add_to_subject(*root, NID_commonName, name);
    X509_set_issuer_name(root.get(), X509_get_subject_name(root.get()));
    tls::set_validity(*root, test::noon, test::noon + std::chrono::hours(24));
    X509_set_pubkey(root.get(), key.get());
    tls::sign(*root, *key);
    return tls::to_pem(*root);
}

UsersRoots roots_in(const std::vector<std::string>& ca_files, const std::vector<std::string>& bundle_files)
{
    clients::ClientEnvironment environment;
    environment.extra_ca_files = ca_files;
    environment.extra_bundle_files = bundle_files;
    return read_users_roots(environment);
}

} // namespace

TEST_SUITE("proxy/trust_files")
{
    const std::string corp = users_root("Corp");
    const std::string other = users_root("Other");
    const tls::Authority authority = test::make_authority();

    TEST_CASE("a set has each certificate once, in order, and no authority of cosdiag's")
    {
        CertificateSet set;
        set.add("# Corp\n" + corp + authority.certificate_pem());
        set.add(other + corp);
        CHECK(set.pem() == corp + other);
        CertificateSet more;
        more.add(corp + other, &set);
        CHECK(more.pem().empty());
        CHECK_THROWS_AS(set.add("-----BEGIN CERTIFICATE-----\nMII"), tls::CaError);
    }

    TEST_CASE("the user's files are read, those of a folder too, and what cannot be used is told")
    {
        const test::Folder folder;
        put(folder.file("corp.pem"), corp);
        std::filesystem::create_directory(folder.file("certs"));
        put(folder.file("certs") + "/1.pem", other);
        put(folder.file("certs") + "/readme", "-----BEGIN CERTIFICATE-----\nnone");
        put(folder.file("cut.pem"), corp.substr(0, 100));
        const UsersRoots roots = roots_in(
            {folder.file("corp.pem")},
            {folder.file("certs"),
             folder.file("missing.pem"),
             folder.file("cut.pem"),
             folder.file("corp.pem")}
        );
        CHECK(roots.ca.pem() == corp);
        CHECK(roots.bundle.pem() == other + corp);
        REQUIRE(roots.complaints.size() == 2);
        CHECK(
            roots.complaints[0] ==
            folder.file("missing.pem") +
                ", which a variable of yours names for its CAs, cannot be read (No such file or directory) "
                "and is left out"
        );
        CHECK(roots.complaints[1].starts_with(folder.file("cut.pem") + " is left out of the CAs to trust: "));
    }

    TEST_CASE("three files are written for all to read, and not again when nothing has changed")
    {
        const test::Folder folder;
        put(folder.file("corp.pem"), corp);
        const UsersRoots users = roots_in({folder.file("corp.pem")}, {folder.file("corp.pem")});
        write_trust_files(folder.path, authority, users);
        const clients::TrustFiles files = trust_files_in(folder.path);
        CHECK(text_of(files.ca) == corp + authority.certificate_pem());
        const std::string bundle = text_of(files.bundle);
        CHECK(bundle.ends_with(corp + authority.certificate_pem()));
        for (const std::string& file : {files.ca, files.bundle, files.truststore})
            CHECK(test::mode_of(file) == 0644);

        const std::string store = text_of(files.truststore); // its salt is new whenever it is written
        write_trust_files(folder.path, authority, users);
        CHECK(text_of(files.truststore) == store);
        write_trust_files(folder.path, authority, {});
        CHECK(text_of(files.truststore) != store);
        CHECK(text_of(files.ca) == authority.certificate_pem());
    }

    TEST_CASE("a folder that is not there is told")
    {
        CHECK_THROWS_WITH(
            write_trust_files("/nonexistent/x", authority, {}),
            "there is no folder /nonexistent/x to write to. Make it, or name another"
        );
    }

    TEST_CASE("what one shell trusted stays for it when another asks, however often, without growing")
    {
        const test::Folder folder;
        const std::string ca = authority.certificate_pem();
        put(folder.file("corp.pem"), corp);
        put(folder.file("other.pem"), other);
        const clients::TrustFiles plain = trust_files_in(folder.path);

        CHECK(refresh_trust_files(folder.path, authority, {}).files.ca == plain.ca);
        const auto first =
            refresh_trust_files(folder.path, authority, roots_in({folder.file("corp.pem")}, {}));
        CHECK(first.files.ca == plain.bundle);
        CHECK(text_of(plain.ca) == ca);
        CHECK(text_of(plain.bundle).ends_with(corp + ca));

        refresh_trust_files(folder.path, authority, roots_in({}, {folder.file("other.pem")}));
        const std::string both = text_of(plain.bundle);
        CHECK(both.ends_with(corp + other + ca));
        refresh_trust_files(folder.path, authority, roots_in({plain.bundle}, {plain.bundle}));
        CHECK(text_of(plain.bundle) == both);
    }

    TEST_CASE("a file of the user's roots that was garbled is told by its name")
    {
        const test::Folder folder;
        put(folder.file("users.pem"), corp.substr(0, 100));
        const std::string told = test::complaint_of([&] { refresh_trust_files(folder.path, authority, {}); });
        CHECK(told.starts_with("cannot use " + folder.file("users.pem") + ": "));
    }

    TEST_CASE("a new authority takes the place of the old one")
    {
        const test::Folder folder;
        const tls::Authority old = test::make_authority(test::noon - std::chrono::hours(24));
        refresh_trust_files(folder.path, old, {});
        const clients::TrustFiles files = trust_files_in(folder.path);
        refresh_trust_files(folder.path, authority, roots_in({}, {files.bundle}));
        CHECK(count(text_of(files.bundle), authority.certificate_pem()) == 1);
        CHECK(count(text_of(files.bundle), old.certificate_pem()) == 0);
    }
}
