// SPDX-License-Identifier: Apache-2.0
// The request in what was printed about its refusal.
#include "diagnose/endpoint.hpp"
#include "diagnose/text.hpp"
#include "proxy/offline/scan.hpp"
#include "proxy/offline/sdk_readers.hpp"

#include <algorithm>

namespace cosdiag::offline {

namespace {

constexpr std::size_t longest_host = 253;

/// `httpRequest: endpoint: H, resourcepath: P, httpMethod: PUT, headers { N : V, …, }` of the Java SDK's log.
void take_java_log(Recording& out, std::string_view text)
{
    const auto at = text.find("httpRequest: endpoint: ");
    if (at == std::string_view::npos)
        return;
    const auto line = line_around(text, at);
    out.host = between(line, "endpoint: ", ",");
    out.target = between(line, "resourcepath: ", ",");
    out.method = between(line, "httpMethod: ", ",");
    auto fields = between(line, "headers {", "}");
    out.request_fields.emplace();
    while (!fields.empty()) {
        const auto end = std::min(fields.find(", "), fields.size());
        const auto field = fields.substr(0, end);
        fields.remove_prefix(std::min(end + 2, fields.size()));
        if (const auto colon = field.find(" : "); colon != std::string_view::npos)
            out.request_fields->emplace_back(
                trimmed(field.substr(0, colon)), trimmed(field.substr(colon + 3))
            );
        else if (!out.request_fields->empty() && !trimmed(field).starts_with(','))
            out.request_fields->back().second += std::string(", ").append(trimmed(field));
    }
}

bool ends_url(char c) noexcept
{
    return is_blank(c) || std::string_view("\"'`<>()[]{}\\,").find(c) != std::string_view::npos;
}

/// Up to what cannot be part of a URL, without the stops of the sentence around it.
std::string_view word_of_url(std::string_view text) noexcept
{
    text = text.substr(0, first_without(text, [](char c) { return !ends_url(c); }));
    while (!text.empty() && std::string_view(".:;").find(text.back()) != std::string_view::npos)
        text.remove_suffix(1);
    return text;
}

struct Asked {
    std::string_view method, url;
};

/// The method that stands before a URL, with quotes perhaps.
std::string_view method_before(std::string_view text) noexcept
{
    text = trimmed(text.substr(text.size() - std::min<std::size_t>(text.size(), 16)));
    auto begin = text.size();
    while (begin > 0 && text[begin - 1] >= 'A' && text[begin - 1] <= 'Z')
        --begin;
    const auto word = text.substr(begin);
    return is_method(word) ? word : std::string_view{};
}

/// The URL that begins at `at`. The Go SDK prints it decoded, with blanks, up to `: <status>`.
std::string_view url_at(std::string_view text, std::size_t at, bool after_method) noexcept
{
    const auto rest = text.substr(at, text.find('\n', at) - at);
    const auto go = after_method ? rest.find(": 4") : std::string_view::npos;
    if (go != std::string_view::npos && read_status(rest.substr(go + 2, 3)) != 0)
        return rest.substr(0, go);
    return word_of_url(rest);
}

std::string_view host_of(std::string_view url) noexcept
{
    url.remove_prefix(std::min(url.find("://") + 3, url.size()));
    return url.substr(0, std::min(url.find_first_of("/?#"), longest_host));
}

/// The first URL behind a method; else the first on a host of COS.
Asked find_url(std::string_view text) noexcept
{
    Asked found;
    for (auto at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 3)) {
        const bool secure = at >= 5 && text.substr(at - 5, 5) == "https";
        if (!secure && (at < 4 || text.substr(at - 4, 4) != "http"))
            continue;
        const auto begin = at - (secure ? 5 : 4);
        const auto method = method_before(text.substr(0, begin));
        if (!method.empty())
            return {method, url_at(text, begin, true)};
        if (found.url.empty() && is_cos_host(host_of(text.substr(begin, longest_host))))
            found.url = url_at(text, begin, false);
    }
    return found;
}

/// A name of a COS host that stands by itself, with the path behind it.
std::string_view find_bare_host(std::string_view text) noexcept
{
    const auto of_hosts = [](char c) { return is_alnum(c) || c == '.' || c == '-'; };
    for (std::size_t at = 0; at < text.size();) {
        const auto size = first_without(text.substr(at), of_hosts);
        const auto host = text.substr(at, size);
        if (size > 12 && size <= longest_host && is_cos_host(host))
            return word_of_url(text.substr(at));
        at += size + 1;
    }
    return {};
}

} // namespace

void take_request(Told& told, std::string_view text)
{
    auto& out = told.recording;
    take_java_log(out, text);
    if (!out.host.empty() || take_curl_command(out, text))
        return;
    const auto [method, url] = find_url(text);
    if (!url.empty())
        out.set_url(url);
    if (out.method.empty())
        out.method = method;
    if (out.host.empty() && !told.error.resource) {
        const auto bare = find_bare_host(text);
        out.host = bare.substr(0, bare.find('/'));
        if (out.target.empty() && out.host.size() < bare.size())
            out.target = bare.substr(out.host.size());
    }
}

} // namespace cosdiag::offline
