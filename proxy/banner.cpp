// SPDX-License-Identifier: Apache-2.0
#include "proxy/banner.hpp"

namespace cosdiag {

namespace {

/// Where a client on this machine reaches a proxy that listens on all addresses.
std::string dialable(const std::string& address)
{
    if (address.rfind("0.0.0.0:", 0) == 0)
        return "127.0.0.1" + address.substr(7);
    if (address.rfind("[::]:", 0) == 0)
        return "[::1]" + address.substr(4);
    return address;
}

} // namespace

std::string banner(std::span<const std::string> addresses, const std::string& log, bool colour)
{
    const std::string bold = colour ? "\033[1m" : "";
    const std::string plain = colour ? "\033[0m" : "";
    std::string text;
    for (const std::string& address : addresses)
        text.append("cosdiag listening on ").append(bold).append(address).append(plain).append("\n");
    const std::string url = addresses.empty() ? "" : "http://" + dialable(addresses.front());
    text += "\nIn the shell of the client:\n\n";
    text += "  export HTTP_PROXY=" + url + "\n";
    text += "  export http_proxy=" + url + "\n";
    text += "  export NO_PROXY=localhost,127.0.0.1\n\n";
    text += "Requests to http:// addresses are seen, and their 403s explained in X-Cos-Diagnosis and in ";
    text += log.empty() ? "this output" : log;
    text += ".\nHTTPS passes through unseen: let the client speak http:// to COS while you look for the "
            "cause.\n\n";
    return text;
}

} // namespace cosdiag
