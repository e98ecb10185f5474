// SPDX-License-Identifier: Apache-2.0
// The address of a parent proxy as people write it, in the settings, on the command line and in http_proxy
// alike.
#pragma once

#include "config/config.hpp"
#include "config/fault.hpp"

#include <string>
#include <string_view>

namespace cosdiag::config {

/// `http://[user[:password]@]host[:port][/]` (RFC 3986 §3), port 80 when there is none. User and password are
/// percent-decoded, and must fit into HTTP's Basic scheme (RFC 7617 §2).
/// Errors: another scheme, a path, a user that cannot be sent. No complaint repeats any of the text, for what
/// is misspelt may be the password.
Parsed<ParentUrl> parse_parent_url(std::string_view text);

/// What `parent.url` may be: such a URL; `none`, for no parent whatever the environment says; or empty, for
/// what the environment says. The `no_proxy` of the answer is empty.
Parsed<Parent> parse_parent(std::string_view text);

/// `host:port`, without user and password.
std::string to_string(const ParentUrl& parent);

} // namespace cosdiag::config
