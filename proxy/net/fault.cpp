// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/fault.hpp"

#include "proxy/net/access.hpp"

#include <system_error>

namespace cosdiag::net {

namespace {

std::string in_seconds(config::milliseconds time)
{
    if (time.count() % 1000 == 0)
        return std::to_string(time.count() / 1000) + " s";
    return std::to_string(time.count()) + " ms";
}

} // namespace

http::Refusal client_ended_early()
{
    return {
        400,
        "CosdiagIncompleteBody",
        "http_request_error",
        "the client ended its half of the connection before the end of its request. Check what it sends as "
        "Content-Length"};
}

http::Refusal client_sends_nothing(const config::Timeouts& timeouts)
{
    return {
        408,
        "CosdiagRequestTimeout",
        "http_request_error",
        "no more of the request's body came for " + in_seconds(timeouts.body_idle) +
            " (timeouts.body_idle). Check the client, or the network before it"};
}

http::Refusal client_head_late(const config::Timeouts& timeouts)
{
    return {
        408,
        "CosdiagRequestTimeout",
        "http_request_error",
        "the request's head did not come within " + in_seconds(timeouts.client_head) +
            " (timeouts.client_head). Check the client, or the network before it"};
}

http::Refusal origin_ended_early(std::string_view peer, bool heard, int error)
{
    std::string message(peer);
    message += error == 0 ? " closed the connection" : " broke the connection";
    message += heard ? " before its answer's head was complete" : " without an answer";
    if (error != 0)
        message += std::string(" (") + std::generic_category().message(error) + ")";
    message += ". Nothing is known of what became of the request; try again";
    return {
        502,
        "CosdiagConnectionLost",
        heard ? "http_response_incomplete" : "connection_terminated",
        std::move(message)};
}

http::Refusal origin_takes_nothing(std::string_view peer, const config::Timeouts& timeouts)
{
    return {
        504,
        "CosdiagOriginTimeout",
        "connection_write_timeout",
        std::string(peer) + " read no more of the request for " + in_seconds(timeouts.body_idle) +
            " (timeouts.body_idle). Try again, or check the network to it"};
}

http::Refusal no_answer_in_time(std::string_view peer, const config::Timeouts& timeouts)
{
    return {
        504,
        "CosdiagOriginTimeout",
        "http_response_timeout",
        std::string(peer) + " did not answer within " + in_seconds(timeouts.upstream_head) +
            " (timeouts.upstream_head). Try again, or raise that setting if the work takes longer"};
}

http::Refusal length_required(const http::Authority& origin)
{
    return {
        411,
        "CosdiagLengthRequired",
        "http_request_error",
        std::string(origin.text) +
            " speaks HTTP/1.0, which knows no chunked requests. Send the body with a Content-Length"};
}

http::Refusal credentials_required(bool sent)
{
    return {
        407,
        "CosdiagProxyAuthentication",
        "http_request_denied",
        sent ? "the proxy's user name or password is wrong. Its operator keeps them in access.users"
             : "this proxy is for named users: put USER:PASSWORD@ before the host in HTTP_PROXY",
        R"(Proxy-Authenticate: Basic realm="cosdiag", charset="UTF-8")"};
}

http::Refusal port_refused(std::uint16_t port)
{
    return {
        403,
        "CosdiagDestinationRefused",
        "http_request_denied",
        "tunnels to port " + std::to_string(port) +
            " are not allowed here. The proxy's operator can add it to access.connect_ports"};
}

http::Refusal unknown_host(std::string_view host, const std::string& here)
{
    const auto own = http::parse_authority(here).value_or(http::Authority{});
    const std::string address = std::string(own.host) + "', Port=" + std::to_string(own.port_or(80));
    return {
        421,
        "CosdiagUnknownHost",
        "destination_not_found",
        (host.empty() ? std::string("the request has no Host")
                      : "Host is " + std::string(host) + ", which is no host of COS") +
            ", so there is nowhere to send this. Let the client connect here without changing Host, which is "
            "part of what it signs: Ip: '" +
            here + "', Protocol: 'http:' with cos-nodejs-sdk-v5; IP='" + address +
            ", Scheme='http' with cos-python-sdk-v5; SetIntranetAddr(\"" + here +
            "\") with cos-cpp-sdk-v5; or a line in the client's hosts file; not Domain or Endpoint. A domain "
            "of your own in front of a bucket goes into cos.custom_domains"};
}

http::Refusal not_redirected(const std::string& here)
{
    return {
        421,
        "CosdiagNotRedirected",
        "destination_not_found",
        "this connection was made to " + here +
            " itself, where connections arrive that the system redirects (--transparent), so there is "
            "nowhere to send this. Let clients connect to COS, and nftables lead them here, as "
            "config/transparent.nft does; clients that know of a proxy want an address of --listen"};
}

http::Refusal destination_refused(const Denial& denial)
{
    if (denial.own)
        return {502, "CosdiagLoop", "proxy_loop_detected", denial.reason};
    return {403, "CosdiagDestinationRefused", "destination_ip_prohibited", denial.reason};
}

http::Refusal led_back(const std::string& address)
{
    return {
        502,
        "CosdiagLoop",
        "proxy_loop_detected",
        "a connection of cosdiag's own to " + address +
            " was led back to its transparent listener: the rules that redirect have to leave the user alone "
            "that cosdiag runs as, as config/transparent.nft does (meta skuid)"};
}

http::Refusal internal_failure(std::string_view what)
{
    return {
        502,
        "CosdiagInternal",
        "proxy_internal_error",
        "the proxy could not do its part: " + std::string(what) + ". Its own messages say more"};
}

} // namespace cosdiag::net
