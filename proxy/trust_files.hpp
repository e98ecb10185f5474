// SPDX-License-Identifier: Apache-2.0
// The files by which clients come to trust our authority: written whole, and with what the user trusts
// besides.
#pragma once

#include "proxy/clients/environment.hpp"
#include "proxy/clients/trust.hpp"
#include "proxy/tls/authority.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag {

/// Certificates as PEM, each once, in the order in which they came. Authorities of cosdiag's are left out:
/// whoever needs one puts it in by itself, and old ones are to be forgotten.
class CertificateSet {
public:
    /// Those in a PEM text that `known` does not have. Throws CaError for a block that is cut or garbled.
    void add(std::string_view pem, const CertificateSet* known = nullptr);

    const std::string& pem() const noexcept { return x_pem_; }

private:
    std::set<std::string> x_seen_;
    std::string x_pem_;
};

/// What the user's variables named before.
struct UsersRoots {
    CertificateSet ca;                   ///< to be added to a program's own roots
    CertificateSet bundle;               ///< to stand in their place
    std::vector<std::string> complaints; ///< a line for each file that cannot be used
};

/// Reads the files, and those in a folder that stands in the place of one.
UsersRoots read_users_roots(const clients::ClientEnvironment& environment);

/// ca.pem, bundle.pem and truststore.p12 in that folder.
clients::TrustFiles trust_files_in(const std::filesystem::path& folder);

/// Writes the three files where they differ from what they should be, mode 0644. Returns what is missing in
/// them, a sentence for people; empty: nothing. Throws CaError.
std::string write_trust_files(
    const std::filesystem::path& folder, const tls::Authority& authority, const UsersRoots& users
);

/// What lasts in the data folder.
struct LastingTrust {
    clients::TrustFiles files; ///< `ca` is the bundle where the user has roots besides: ca.pem is ours alone
    std::string missing;       ///< see write_trust_files
};

/// The same in the data folder, for clients that come and go: the user's roots of before are kept in
/// users.pem there and stay in the bundle, so that no shell loses them through another one. Throws CaError.
LastingTrust refresh_trust_files(
    const std::filesystem::path& data_dir, const tls::Authority& authority, const UsersRoots& users
);

} // namespace cosdiag
