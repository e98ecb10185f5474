// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/tls_dialer.hpp"

#include "proxy/net/tls_stream.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace cosdiag::net {

namespace {

using Failure = TlsStream::Failure;

/// What is wrong with a certificate, and who does what about it.
std::string certificate_words(const std::string& host, const Failure& failure)
{
    std::string words = "the certificate that " + host + " shows is not to be trusted: " +
                        X509_verify_cert_error_string(failure.verify_error) +
                        ". Nothing of the request was sent. ";
    switch (failure.verify_error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return words + "Compare this machine's clock; if that is right, the host's operator has to renew it";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return words +
               "Check the host's name, connect-to rules and hosts files: another server answers there";
    default:
        return words +
               "If the host has a private CA, name its file in upstream.hosts (or --upstream-ca); if not, "
               "somebody sits in between";
    }
}

http::Refusal tls_failure(const Origin& origin, const Failure& failure)
{
    const std::string where = origin.host + ":" + std::to_string(origin.port);
    switch (failure.kind) {
    case Failure::Kind::certificate:
        return {
            502,
            "CosdiagOriginCertificate",
            "tls_certificate_error",
            certificate_words(origin.host, failure)};
    case Failure::Kind::alert:
        return {
            502,
            "CosdiagOriginTls",
            "tls_alert_received",
            where + " broke the TLS handshake off with alert " + std::to_string(failure.alert) + " (" +
                SSL_alert_desc_string_long(failure.alert) + ")"};
    case Failure::Kind::ended:
        return {
            502,
            "CosdiagOriginTls",
            "connection_terminated",
            where + " closed the connection during the TLS handshake. Check that TLS is spoken there"};
    default:
        return {
            502,
            "CosdiagOriginTls",
            "tls_protocol_error",
            where + " does not speak TLS as it should: " + failure.words + ". Check host and port"};
    }
}

http::Refusal tls_late(const Origin& origin, const config::Timeouts& timeouts)
{
    return {
        504,
        "CosdiagOriginTls",
        "connection_timeout",
        origin.host + " did not complete the TLS handshake within " +
            std::to_string(timeouts.connect.count()) +
            " ms (timeouts.connect). Check the network, and that TLS is spoken on port " +
            std::to_string(origin.port)};
}

} // namespace

Task<Dialled> TlsDialer::dial(const Origin& origin, Waiter& waiter)
{
    Dialled dialled = co_await x_below_.dial(origin, waiter);
    if (!dialled.stream || !origin.tls)
        co_return dialled;
    TlsStreamPtr stream(
        new TlsStream(std::move(dialled.stream), x_context_.connection(origin.host, origin.key()), {})
    );
    const Io state = co_await shake_hands(*stream, waiter, now() + x_config_.timeouts.connect.count());
    stream->watch(nullptr);
    waiter.clear();
    if (state == Io::moved)
        dialled.stream = std::move(stream);
    else
        dialled.failure = state == Io::failed ? tls_failure(origin, stream->failure())
                                              : tls_late(origin, x_config_.timeouts);
    co_return dialled;
}

} // namespace cosdiag::net
