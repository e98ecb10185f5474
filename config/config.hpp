// SPDX-License-Identifier: Apache-2.0
// Every setting of the program as plain data with its default. Units are in the types or in the names.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cosdiag::config {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline constexpr std::size_t kib = 1024; ///< bytes

/// HOST:PORT with a literal IPv4 or IPv6 address, the latter kept without its brackets. Port 0 lets the
/// system choose.
struct Address {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;

    friend bool operator==(const Address&, const Address&) = default;
};

/// How clients come here: knowing that it is a proxy (forward), taking it for COS because their SDK was told
/// to connect here (reverse), or unawares, their connections redirected by the system (transparent).
enum class ListenerMode { forward, reverse, transparent };

struct Listener {
    Address address;
    ListenerMode mode = ListenerMode::forward;
    bool tls = false; ///< reverse alone: speak TLS with a certificate of our own authority

    friend bool operator==(const Listener&, const Listener&) = default;
};

/// A range of addresses in CIDR notation; a bare address is a range of one.
struct Cidr {
    std::string text; ///< as written, for messages
    bool v6 = false;
    std::uint8_t prefix_bits = 0; ///< 0 to 32, or 0 to 128
    unsigned char bytes[16] = {}; ///< network order; the first 4 count for IPv4

    friend bool operator==(const Cidr&, const Cidr&) = default;
};

/// curl's --connect-to: connections for HOST1:PORT1 go to HOST2:PORT2 instead. Empty host or absent port
/// means any (on the left) or unchanged (on the right).
struct ConnectTo {
    std::string from_host;
    std::optional<std::uint16_t> from_port;
    std::string to_host;
    std::optional<std::uint16_t> to_port;

    friend bool operator==(const ConnectTo&, const ConnectTo&) = default;
};

/// A proxy user for Basic authentication; the hash is crypt(5)'s, as `openssl passwd -6` prints it.
struct User {
    std::string name;
    std::string password_hash;

    friend bool operator==(const User&, const User&) = default;
};

struct Diagnosis {
    std::string log;  ///< file to append JSON lines to; empty: standard output
    std::string lang; ///< `en` or `zh`; empty: as LC_ALL, LC_MESSAGES or LANG say
    /// Append the field's name to an Access-Control-Expose-Headers that is present.
    bool expose_to_browsers = false;

    friend bool operator==(const Diagnosis&, const Diagnosis&) = default;
};

/// What is trusted for one host beside everything that is trusted for all.
struct UpstreamHost {
    std::string host; ///< a name in lower case, or `*.` and a domain whose subdomains are meant
    std::string ca;   ///< PEM file

    friend bool operator==(const UpstreamHost&, const UpstreamHost&) = default;
};

/// What is spoken to origins: what the client spoke, or TLS even for requests that came in the clear.
enum class UpstreamTls { same, upgrade };

struct Upstream {
    std::vector<ConnectTo> connect_to;
    std::string ca; ///< PEM file with further roots for TLS to origins; empty: the system's store alone
    UpstreamTls tls = UpstreamTls::same;
    std::vector<UpstreamHost> hosts; ///< each host once

    friend bool operator==(const Upstream&, const Upstream&) = default;
};

/// A proxy that takes our connections further; it is spoken to in clear HTTP.
struct ParentUrl {
    std::string host; ///< a name in lower case, or a literal address without brackets
    std::uint16_t port = 80;
    std::string user, password; ///< decoded; both empty: it asks for none. Never to be shown

    friend bool operator==(const ParentUrl&, const ParentUrl&) = default;
};

struct Parent {
    std::optional<ParentUrl> url;
    bool none = false;                 ///< without a parent, whatever the environment says
    std::vector<std::string> no_proxy; ///< reached without a parent, each as parse_no_proxy() takes it

    friend bool operator==(const Parent&, const Parent&) = default;
};

struct Cos {
    /// Host names, in lower case, that belong to COS although their shape does not tell.
    std::vector<std::string> custom_domains;

    friend bool operator==(const Cos&, const Cos&) = default;
};

/// A key pair whose signatures may be checked. The SecretKey itself never stands in the settings.
struct Identity {
    std::string secret_id;
    std::string secret_key_env;  ///< variable of the environment that holds the SecretKey
    std::string secret_key_file; ///< or the file that does, readable for its owner alone
    std::string name;            ///< how to call it in diagnoses; empty: by its id, cut
    std::string appid;           ///< of the account it belongs to

    friend bool operator==(const Identity&, const Identity&) = default;
};

struct Access {
    std::vector<Cidr> clients;
    std::vector<Cidr> destinations;
    std::vector<User> users;
    /// Empty: any when only loopback clients reach us, else 443 and 80.
    std::vector<std::uint16_t> connect_ports;

    friend bool operator==(const Access&, const Access&) = default;
};

/// Where the program tells about itself: the live page, metrics, probes.
struct Admin {
    std::optional<Address> address; ///< none: nowhere
    std::vector<User> users;        ///< who may see requests from other machines; empty: nobody

    friend bool operator==(const Admin&, const Admin&) = default;
};

struct Timeouts {
    milliseconds connect = seconds(10);            ///< name look-up and all addresses together
    milliseconds connect_next = milliseconds(250); ///< until another address is tried beside it (RFC 8305)
    milliseconds client_head = seconds(30);
    milliseconds upstream_head = seconds(300);
    milliseconds body_idle = seconds(120);
    milliseconds tunnel_idle = seconds(3600);
    milliseconds client_keep_alive = seconds(75);
    milliseconds upstream_keep_alive = seconds(15);

    friend bool operator==(const Timeouts&, const Timeouts&) = default;
};

struct Limits {
    std::size_t request_head = 64 * kib;   ///< bytes, request line and fields
    std::size_t response_head = 128 * kib; ///< bytes, status line and fields
    std::size_t fields = 200;              ///< field lines of one message
    std::size_t connections = 10'000;      ///< clients at once
    std::size_t held_body = 64 * kib;      ///< bytes of a 403's body kept back for the diagnosis
    std::size_t decoded_body = 256 * kib;  ///< bytes of it after undoing its content coding
    milliseconds hold = milliseconds(300); ///< how long a 403 is kept back
    std::size_t log_queue = 4096;          ///< diagnosis entries that may wait for a slow log

    friend bool operator==(const Limits&, const Limits&) = default;
};

struct Config {
    std::vector<Listener> listeners = {Listener{{"127.0.0.1", 8403}, ListenerMode::forward}};
    unsigned threads = 0; ///< 0: as many as cores are available
    std::string data_dir; ///< empty: XDG data directory
    bool via = true;      ///< add Via to forwarded messages (RFC 9110 §7.6.3)
    Diagnosis diagnosis;
    Upstream upstream;
    Parent parent;
    Cos cos;
    std::vector<Identity> identities;
    Access access;
    Admin admin;
    Timeouts timeouts;
    Limits limits;
    milliseconds drain_deadline = seconds(30);

    friend bool operator==(const Config&, const Config&) = default;
};

} // namespace cosdiag::config
