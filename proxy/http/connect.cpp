// SPDX-License-Identifier: Apache-2.0
#include "proxy/http/connect.hpp"

#include <algorithm>

namespace cosdiag::http {

std::string connect_request(
    std::string_view authority, const Identity& identity, std::string_view via, const NextProxy& proxy
)
{
    std::string out = "CONNECT ";
    out.append(authority).append(" HTTP/1.1\r\nHost: ").append(authority).append("\r\n");
    if (identity.via || !via.empty())
        out.append("Via: ").append(via);
    if (identity.via)
        out.append(via.empty() ? "1.1 " : ", 1.1 ").append(identity.pseudonym);
    if (identity.via || !via.empty())
        out += "\r\n";
    if (!proxy.credentials.empty())
        out.append("Proxy-Authorization: ").append(proxy.credentials).append("\r\n");
    return out += "\r\n";
}

std::string basic_credentials(std::string_view user, std::string_view password)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::string pair = std::string(user).append(":").append(password);
    std::string out = "Basic ";
    for (std::size_t at = 0; at < pair.size(); at += 3) {
        const std::size_t here = std::min<std::size_t>(pair.size() - at, 3);
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i)
            bits = bits << 8 | (i < here ? static_cast<unsigned char>(pair[at + i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            out += i <= here ? digits[bits >> (18 - 6 * i) & 63] : '=';
    }
    return out;
}

} // namespace cosdiag::http
