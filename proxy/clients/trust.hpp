// SPDX-License-Identifier: Apache-2.0
// How each runtime is told to trust a CA of one's own. What can only replace its roots gets the bundle, what
// can add to them the CA alone.
#pragma once

#include "proxy/clients/client.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::clients {

/// Absolute names of files.
struct TrustFiles {
    std::string ca;         ///< PEM: the CA
    std::string bundle;     ///< PEM: the system's roots and the CA
    std::string truststore; ///< PKCS #12 with what the bundle has, under truststore_password
};

/// Certificates alone are in it, so the password protects nothing; Java wants one.
inline constexpr std::string_view truststore_password = "changeit";

/// Which of a program's variables names a file of CAs, and which file is for it.
struct TrustVariable {
    const char* name;
    std::string TrustFiles::*file;
    bool only_in_place; ///< set only where the user has set it: something else does without it
    std::string_view reason;
};

/// All of them but Java's, which has one variable for all its options.
std::span<const TrustVariable> trust_variables();

/// Java's options for the trust store, as JAVA_TOOL_OPTIONS has them.
std::string java_trust_options(const std::string& truststore);

/// One word of JAVA_TOOL_OPTIONS: it is split at blanks, and both kinds of quotes hold words together (JVM
/// Tool Interface, "The JAVA_TOOL_OPTIONS Environment Variable").
std::string java_word(std::string_view text);

/// What to set so that this client trusts the CA, in one line.
std::string trust_hint(const Client& client, const TrustFiles& files);

/// The same for every runtime, each in a line that begins with its name, aligned.
std::vector<std::string> trust_lines(const TrustFiles& files);

} // namespace cosdiag::clients
