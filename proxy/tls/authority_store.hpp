// SPDX-License-Identifier: Apache-2.0
// Where the certificate authority lives.
//
// `ca.key` holds key and certificate in one file, so that the pair changes in one step: it is written aside
// and then linked (made) or renamed (replaced) to its name. `ca.pem` is a copy of the certificate for
// clients; it follows `ca.key`, and is written again by whoever finds that it does not.
#pragma once

#include "proxy/tls/authority.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cosdiag::tls {

struct StoredPaths {
    std::filesystem::path certificate; ///< ca.pem, for clients
    std::filesystem::path key;         ///< ca.key, the secret
};

StoredPaths stored_paths(const std::filesystem::path& data_dir);

/// The authority that is there, whatever its domains, or a new one for these domains. With `replace` a new
/// one in any case. Several processes may do this at once: all of them return what one of them made. Throws
/// CaError.
Authority create(
    const std::filesystem::path& data_dir, const std::vector<std::string>& domains, Time now, bool replace
);

/// No value: none was ever made. Throws CaError if it cannot be used: others may read it, it cannot be read,
/// its parts do not belong together, it is not valid now.
std::optional<Authority> load(const std::filesystem::path& data_dir, Time now = Clock::now());

} // namespace cosdiag::tls
