// SPDX-License-Identifier: Apache-2.0
// Who may use the proxy by name and password: Basic credentials (RFC 7617) against crypt(5) hashes.
#pragma once

#include "config/config.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::net {

class Users {
public:
    explicit Users(const std::vector<config::User>& users) noexcept : x_users_(users) {}

    /// Whether anybody has to name himself at all.
    bool required() const noexcept { return !x_users_.empty(); }

    /// Whether the value of a Proxy-Authorization field is that of a user. The first time costs what the hash
    /// costs (milliseconds); after that the answer is remembered, by a digest of the value.
    bool known(std::string_view credentials);

private:
    using Digest = std::array<unsigned char, 32>;

    bool check(std::string_view credentials) const;

    static constexpr std::size_t most_remembered = 1024;
    const std::vector<config::User>& x_users_;
    std::map<Digest, bool> x_remembered_;
};

} // namespace cosdiag::net
