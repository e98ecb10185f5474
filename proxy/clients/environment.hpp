// SPDX-License-Identifier: Apache-2.0
// The environment in which a client goes through the proxy and trusts its CA: as values, and as lines for a
// shell.
#pragma once

#include "config/environment.hpp"
#include "proxy/clients/shell.hpp"
#include "proxy/clients/trust.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::clients {

struct Variable {
    std::string name;
    std::optional<std::string> value; ///< nothing: to be unset
    std::string_view reason;          ///< which clients it is for; a literal
};

struct ClientEnvironment {
    std::vector<Variable> variables;

    /// The user's own CAs, which these variables named before: files of PEM (REQUESTS_CA_BUNDLE may name a
    /// folder) whose content belongs into TrustFiles::ca and TrustFiles::bundle, lest the client lose them.
    /// They may be missing or relative to the working directory. Each once.
    std::vector<std::string> extra_ca_files;
    std::vector<std::string> extra_bundle_files;
};

struct Proxy {
    std::string url;                  ///< http://HOST:PORT, IPv6 in brackets
    std::vector<std::string> domains; ///< whose hosts go through it, whatever the user's NO_PROXY says
};

/// Without `trust`, which is for a proxy that looks into HTTPS, CAs stay as they are. `users` is what the
/// command would see otherwise. `command` is the program, with or without a path; empty when it is not known.
///
/// ALL_PROXY stays: whoever reads it lets the variables of the scheme go before it. SSL_CERT_DIR stays: it
/// adds to SSL_CERT_FILE. AWS_CA_BUNDLE, which rclone's S3 breaks on, is set for aws and where the user has
/// it; boto3 reads REQUESTS_CA_BUNDLE too.
ClientEnvironment client_environment(
    const Proxy& proxy,
    const std::optional<TrustFiles>& trust,
    const config::Environment& users,
    std::string_view command
);

/// A line for each variable, to be evaluated by this shell.
std::string shell_lines(const std::vector<Variable>& variables, Shell shell);

} // namespace cosdiag::clients
