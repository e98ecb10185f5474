// SPDX-License-Identifier: Apache-2.0
#include "proxy/trust_files.hpp"

#include "proxy/tls/data_folder.hpp"
#include "proxy/tls/pem.hpp"
#include "proxy/tls/trust_export.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

namespace cosdiag {

namespace {

namespace fs = std::filesystem;

constexpr mode_t for_all_to_read = 0644;
constexpr const char* ca_file = "ca.pem";
constexpr const char* bundle_file = "bundle.pem";
constexpr const char* truststore_file = "truststore.p12";
constexpr const char* users_file = "users.pem";

/// Empty, with errno, if it cannot be read.
std::optional<std::string> text_of(const fs::path& file)
{
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(in), {});
    if (in.bad() || !in.is_open())
        return std::nullopt;
    return text;
}

tls::DataFolder open_folder(const fs::path& path)
{
    std::optional<tls::DataFolder> folder = tls::DataFolder::open(path);
    if (!folder)
        throw tls::CaError("there is no folder " + path.string() + " to write to. Make it, or name another");
    return std::move(*folder);
}

/// Folders as OpenSSL has them hold a certificate in each file, and other files.
void add_folder(CertificateSet& set, const fs::path& folder)
{
    std::error_code error;
    for (fs::directory_iterator file(folder, error), end; !error && file != end; file.increment(error)) {
        std::error_code ignored;
        if (!file->is_regular_file(ignored))
            continue;
        try {
            set.add(text_of(file->path()).value_or(""));
        } catch (const tls::CaError&) { // not what such a folder is for
        }
    }
}

void add_files(
    CertificateSet& set, const std::vector<std::string>& files, std::vector<std::string>& complaints
)
{
    for (const std::string& file : files) {
        std::error_code ignored;
        if (fs::is_directory(file, ignored)) {
            add_folder(set, file);
            continue;
        }
        const std::optional<std::string> text = text_of(file);
        if (!text) {
            complaints.push_back(
                file + ", which a variable of yours names for its CAs, cannot be read (" +
                std::generic_category().message(errno) + ") and is left out"
            );
            continue;
        }
        try {
            set.add(*text);
        } catch (const tls::CaError& error) {
            complaints.push_back(file + " is left out of the CAs to trust: " + error.what());
        }
    }
}

struct SystemRoots {
    CertificateSet set;
    std::string missing;
};

SystemRoots system_roots()
{
    SystemRoots roots;
    try {
        roots.set.add(tls::system_roots());
    } catch (const tls::CaError& error) {
        roots.missing =
            std::string(error.what()) + ". Until then " + bundle_file + " and " + truststore_file +
            " lack the roots of the world: who trusts them alone can reach COS by cosdiag, and no "
            "other host by HTTPS";
    }
    return roots;
}

void write(
    const fs::path& path, const tls::Authority& authority, const std::string& extra_ca, std::string_view roots
)
{
    const tls::DataFolder folder = open_folder(path);
    const std::string own = extra_ca + authority.certificate_pem();
    if (text_of(path / ca_file) != own)
        folder.replace(ca_file, own, for_all_to_read);
    const std::string all = tls::bundle(authority, roots);
    std::error_code ignored;
    if (text_of(path / bundle_file) == all && fs::exists(path / truststore_file, ignored))
        return;
    folder.replace(truststore_file, tls::truststore(authority, roots), for_all_to_read);
    folder.replace(bundle_file, all, for_all_to_read); // last: its text tells whether both are new
}

} // namespace

void CertificateSet::add(std::string_view pem, const CertificateSet* known)
{
    for (const tls::X509Ptr& certificate : tls::read_certificates(pem)) {
        std::string text = tls::to_pem(*certificate);
        if (tls::Authority::is_one(*certificate) || (known != nullptr && known->x_seen_.contains(text)))
            continue;
        if (x_seen_.insert(text).second)
            x_pem_ += text;
    }
}

UsersRoots read_users_roots(const clients::ClientEnvironment& environment)
{
    UsersRoots users;
    add_files(users.ca, environment.extra_ca_files, users.complaints);
    add_files(users.bundle, environment.extra_bundle_files, users.complaints);
    return users;
}

clients::TrustFiles trust_files_in(const fs::path& folder)
{
    const fs::path path = fs::absolute(folder).lexically_normal();
    return {(path / ca_file).string(), (path / bundle_file).string(), (path / truststore_file).string()};
}

std::string
write_trust_files(const fs::path& folder, const tls::Authority& authority, const UsersRoots& users)
{
    SystemRoots roots = system_roots();
    roots.set.add(users.bundle.pem());
    write(folder, authority, users.ca.pem(), roots.set.pem());
    return roots.missing;
}

LastingTrust
refresh_trust_files(const fs::path& data_dir, const tls::Authority& authority, const UsersRoots& users)
{
    SystemRoots roots = system_roots();
    const std::string before = text_of(data_dir / users_file).value_or("");
    CertificateSet besides;
    try {
        besides.add(before, &roots.set);
    } catch (const tls::CaError& error) {
        throw tls::CaError(
            "cannot use " + (data_dir / users_file).string() + ": " + error.what() +
            ". Remove it: it is made anew of what the variables of a shell name"
        );
    }
    besides.add(users.bundle.pem(), &roots.set);
    besides.add(users.ca.pem(), &roots.set);
    if (besides.pem() != before)
        open_folder(data_dir).replace(users_file, besides.pem(), for_all_to_read);
    write(data_dir, authority, "", roots.set.pem() + besides.pem());
    LastingTrust lasting{trust_files_in(data_dir), std::move(roots.missing)};
    if (!besides.pem().empty())
        lasting.files.ca = lasting.files.bundle;
    return lasting;
}

} // namespace cosdiag
