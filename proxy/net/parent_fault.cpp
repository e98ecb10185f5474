// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/parent_fault.hpp"

#include <algorithm>
#include <system_error>

namespace cosdiag::net {

namespace {

std::string the_parent(const Parent& parent)
{
    return "the parent proxy " + parent.name();
}

/// What happened, without what an origin's host would be looked at for.
std::string first_sentence(const std::string& message)
{
    return message.substr(0, message.find(". "));
}

/// A text of the parent's that can do no harm where it is shown: short, printable, without our secrets.
std::string harmless(const Parent& parent, std::string_view text)
{
    constexpr std::size_t most = 80;
    if (parent.reveals(text))
        return {};
    std::string shown(text.substr(0, most));
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~'; }, '?'
    );
    return shown;
}

std::string without_it(const Parent& parent)
{
    return "exempt the host from it (" + std::string(parent.exempted_by()) + ")";
}

std::string advice(const Parent& parent, unsigned status)
{
    const std::string named_by(parent.named_by());
    switch (status) {
    case 401: // tinyproxy's word for a wrong password
    case 407:
        return parent.has_credentials()
                   ? "Correct the user name and password in " + named_by
                   : "It wants a user name and password: put USER:PASSWORD@ before its host in " + named_by;
    case 403:
        return "Ask its operator to allow this, or " + without_it(parent);
    case 502:
    case 503:
    case 504:
        return "It could not reach the host itself: check the host's name, ask its operator, or " +
               without_it(parent);
    default:
        return "Check that " + named_by + " names a proxy that opens tunnels (CONNECT), or ask its operator";
    }
}

std::string_view proxy_error(unsigned status)
{
    if (status == 401 || status == 407)
        return "proxy_configuration_error";
    return status / 100 == 4 ? "http_request_denied" : "destination_unavailable";
}

constexpr std::string_view unreachable = "CosdiagParentUnreachable";

} // namespace

http::Refusal parent_unreachable(const Parent& parent, const http::Refusal& why)
{
    const std::string what = the_parent(parent) + ", named by " + std::string(parent.named_by());
    if (why.code == "CosdiagLoop" || why.code == "CosdiagDestinationRefused")
        return {
            why.status,
            why.code,
            why.proxy_error,
            what + ", cannot be used: " + first_sentence(why.message) + ". Name another, or none"};
    return {
        why.status,
        unreachable,
        why.proxy_error,
        what + ", could not be reached: " + first_sentence(why.message) +
            ". Check its host and port and that it runs, or " + without_it(parent)};
}

http::Refusal
parent_refused(const Parent& parent, std::string_view wanted, unsigned status, std::string_view reason)
{
    const std::string said = harmless(parent, reason);
    return {
        502,
        "CosdiagParentRefused",
        proxy_error(status),
        the_parent(parent) + " answered " + std::to_string(status) + (said.empty() ? "" : " " + said) +
            " to " + std::string(wanted) + ". " + advice(parent, status)};
}

http::Refusal parent_unreadable(const Parent& parent, std::string_view wanted, std::string_view what)
{
    return {
        502,
        "CosdiagParentRefused",
        "http_protocol_error",
        "the answer of " + the_parent(parent) + " to " + std::string(wanted) + " was refused because " +
            std::string(what) + ". Check that " + std::string(parent.named_by()) + " names an HTTP proxy"};
}

http::Refusal parent_ended(const Parent& parent, std::string_view wanted, int error)
{
    return {
        502,
        unreachable,
        "connection_terminated",
        the_parent(parent) + (error == 0 ? " closed the connection" : " broke the connection") +
            " without an answer to " + std::string(wanted) +
            (error == 0 ? "" : " (" + std::generic_category().message(error) + ")") + ". Check that " +
            std::string(parent.named_by()) + " names an HTTP proxy, or ask its operator"};
}

http::Refusal parent_late(const Parent& parent, std::string_view wanted, const config::Timeouts& timeouts)
{
    return {
        504,
        unreachable,
        "http_response_timeout",
        the_parent(parent) + " did not answer " + std::string(wanted) + " within " +
            std::to_string(timeouts.connect.count()) +
            " ms (timeouts.connect). Check the host's name, the network behind that proxy, or " +
            without_it(parent)};
}

} // namespace cosdiag::net
