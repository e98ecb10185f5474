// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/client_hello.hpp"

#include <algorithm>
#include <optional>

namespace cosdiag::tls {

namespace {

constexpr unsigned char handshake_record = 22;
constexpr unsigned char client_hello_message = 1;
constexpr std::size_t server_name_extension = 0;
constexpr std::size_t record_header = 5;
constexpr std::size_t message_header = 4;

/// Takes lengths and what they announce from the front; what is not there makes it bad for good.
class Reader {
public:
    explicit Reader(std::string_view rest) noexcept : x_rest_(rest) {}

    std::size_t number(std::size_t bytes) noexcept
    {
        std::size_t value = 0;
        for (const char byte : take(bytes))
            value = value << 8 | static_cast<unsigned char>(byte);
        return value;
    }

    std::string_view take(std::size_t bytes) noexcept
    {
        if (bytes > x_rest_.size()) {
            x_good_ = false;
            x_rest_ = {};
            return {};
        }
        const auto taken = x_rest_.substr(0, bytes);
        x_rest_.remove_prefix(bytes);
        return taken;
    }

    /// A vector with a length of that many bytes before it (RFC 8446 §3.4).
    std::string_view vector(std::size_t length_bytes) noexcept { return take(number(length_bytes)); }

    bool empty() const noexcept { return x_rest_.empty(); }

    bool good() const noexcept { return x_good_; }

private:
    std::string_view x_rest_;
    bool x_good_ = true;
};

/// RFC 6066 §3: a list with at most one name of the type host_name.
std::string host_name(std::string_view extension)
{
    Reader list(Reader(extension).vector(2));
    while (!list.empty()) {
        const std::size_t type = list.number(1);
        const std::string_view name = list.vector(2);
        if (type != 0)
            continue;
        std::string lower(name);
        std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
        });
        return lower;
    }
    return {};
}

/// The body of the message.
std::optional<std::string> server_name(std::string_view message)
{
    Reader hello(message);
    hello.take(2 + 32);                // version and random
    hello.vector(1);                   // session id
    hello.vector(2);                   // cipher suites
    hello.vector(1);                   // compression methods
    if (hello.good() && hello.empty()) // extensions came with TLS 1.0 only
        return std::string();
    Reader extensions(hello.vector(2));
    if (!hello.good())
        return std::nullopt;
    while (!extensions.empty()) {
        const std::size_t type = extensions.number(2);
        const std::string_view data = extensions.vector(2);
        if (!extensions.good())
            return std::nullopt;
        if (type == server_name_extension)
            return host_name(data);
    }
    return std::string();
}

} // namespace

bool begins_tls(std::string_view bytes) noexcept
{
    return !bytes.empty() && static_cast<unsigned char>(bytes[0]) == handshake_record &&
           (bytes.size() < 2 || bytes[1] == 3);
}

ClientHello read_client_hello(std::string_view bytes)
{
    std::string message;
    while (!bytes.empty()) {
        if (!begins_tls(bytes))
            return {ClientHello::State::foreign, {}};
        if (bytes.size() < record_header)
            break;
        const std::size_t size = Reader(bytes.substr(3)).number(2);
        if (size == 0)
            return {ClientHello::State::foreign, {}};
        message += bytes.substr(record_header, size);
        bytes.remove_prefix(std::min(bytes.size(), record_header + size));
        if (!message.empty() && message[0] != client_hello_message)
            return {ClientHello::State::foreign, {}};
        if (message.size() < message_header)
            continue;
        const std::size_t whole = message_header + Reader(std::string_view(message).substr(1)).number(3);
        if (whole > most_client_hello)
            return {ClientHello::State::foreign, {}};
        if (message.size() < whole)
            continue;
        auto name = server_name(std::string_view(message).substr(message_header, whole - message_header));
        if (!name)
            return {ClientHello::State::foreign, {}};
        return {ClientHello::State::whole, std::move(*name)};
    }
    return {};
}

} // namespace cosdiag::tls
