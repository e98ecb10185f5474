// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/origin_answer.hpp"

#include <strings.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <stdexcept>

namespace cosdiag::bench {

namespace {

constexpr std::string_view trace_id =
    "OGVmYzZiMmQzYjA2OWNhODk0NTRkMTBiOWVmMDAxODc0OWRkZjk0ZDM1NmI1M2E2MTRlY2MzZDhmNmI5MWI1OTQyYWVlY2Qw"
    "ZTk2MDVmZDQ3MmI2Y2I4ZmI5ZmM4ODFjYmM2ZmYxZjA0YzkzZTZkOWZhMjQ3YzE5ODk2NTY3MDg=";

bool same_name(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::uint64_t to_number(std::string_view text)
{
    std::uint64_t number = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{})
        throw std::invalid_argument("not a number: " + std::string(text));
    return number;
}

std::string base64(std::string_view bytes)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto octet = [&](std::size_t at) {
            return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
        };
        const unsigned group = octet(i) << 16U | octet(i + 1) << 8U | octet(i + 2);
        text += digits[group >> 18U & 63U];
        text += digits[group >> 12U & 63U];
        text += i + 1 < bytes.size() ? digits[group >> 6U & 63U] : '=';
        text += i + 2 < bytes.size() ? digits[group & 63U] : '=';
    }
    return text;
}

/// COS's form: base64 of "<hex seconds>_<hex>_<hex>_<hex>".
std::string request_id(std::time_t now)
{
    static unsigned count = 0;
    char plain[40];
    const int size = std::snprintf(
        plain, sizeof plain, "%08lx_daa06864_86d6_%07x", static_cast<unsigned long>(now), ++count & 0xfffffffU
    );
    return base64({plain, static_cast<std::size_t>(size)});
}

const std::string& http_date(std::time_t now)
{
    static std::time_t shown = 0;
    static std::string text;
    if (now != shown) {
        char buffer[40];
        std::tm parts{};
        gmtime_r(&now, &parts);
        text.assign(buffer, std::strftime(buffer, sizeof buffer, "%a, %d %b %Y %H:%M:%S GMT", &parts));
        shown = now;
    }
    return text;
}

std::string denial(const Asked& asked, const std::string& id)
{
    std::string body = "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>AccessDenied</Code>\n"
                       "\t<Message>Access Denied.</Message>\n\t<Resource>";
    body.append(asked.host).append(asked.path);
    body.append("</Resource>\n\t<RequestId>").append(id).append("</RequestId>\n\t<TraceId>");
    body.append(trace_id).append("</TraceId>\n</Error>\n\n");
    return body;
}

void read_field(Asked& asked, std::string_view name, std::string_view value)
{
    if (same_name(name, "Host"))
        asked.host = value;
    else if (same_name(name, "Content-Length"))
        asked.body_bytes = to_number(value);
    else if (same_name(name, "Connection") && same_name(value, "close"))
        asked.close = true;
    else if (same_name(name, "Transfer-Encoding"))
        throw std::invalid_argument("the origin takes bodies of known length only");
}

} // namespace

Asked read_head(std::string_view head)
{
    const auto line = head.substr(0, head.find("\r\n"));
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == last)
        throw std::invalid_argument("not a request line: " + std::string(line));
    Asked asked;
    asked.method = line.substr(0, first);
    asked.path = line.substr(first + 1, last - first - 1);
    asked.close = line.ends_with("/1.0");
    for (auto rest = head.substr(line.size() + 2); !rest.starts_with("\r\n");) {
        const auto field = rest.substr(0, rest.find("\r\n"));
        const auto colon = field.find(':');
        if (colon == std::string_view::npos)
            throw std::invalid_argument("not a field: " + std::string(field));
        auto value = field.substr(colon + 1);
        value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
        read_field(asked, field.substr(0, colon), value);
        rest.remove_prefix(field.size() + 2);
    }
    return asked;
}

Answer answer_to(const Asked& asked)
{
    constexpr std::string_view bytes_path = "/bytes/";
    const bool denied = asked.path.starts_with("/denied");
    if (!denied && asked.method == "GET" && !asked.path.starts_with(bytes_path))
        throw std::invalid_argument("no such path: " + std::string(asked.path));

    const std::time_t now = std::time(nullptr);
    const auto id = request_id(now);
    const auto body = denied ? denial(asked, id) : std::string();
    Answer answer;
    if (!denied && asked.method == "GET")
        answer.body_bytes = to_number(asked.path.substr(bytes_path.size()));
    answer.head.reserve(1024);
    answer.head.append(
        denied ? "HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\n"
               : "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
                 "ETag: \"9a4802d5c99dafe1c04da0a8e7e166bf\"\r\n"
    );
    answer.head.append("Content-Length: ").append(std::to_string(body.size() + answer.body_bytes));
    answer.head.append(asked.close ? "\r\nConnection: close" : "\r\nConnection: keep-alive");
    answer.head.append("\r\nDate: ").append(http_date(now));
    answer.head.append("\r\nServer: tencent-cos\r\nx-cos-request-id: ").append(id);
    if (denied)
        answer.head.append("\r\nx-cos-trace-id: ").append(trace_id);
    answer.head.append("\r\n\r\n").append(body);
    return answer;
}

} // namespace cosdiag::bench
