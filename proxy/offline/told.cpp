// SPDX-License-Identifier: Apache-2.0
#include "proxy/offline/told.hpp"

#include "diagnose/authorization.hpp"
#include "diagnose/family.hpp"
#include "diagnose/signature/http_string.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"
#include "proxy/offline/scan.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cosdiag::offline {

namespace {

constexpr unsigned forbidden = 403;

using Pieces = std::array<std::pair<const char*, const std::optional<std::string>*>, 8>;

Pieces pieces_of(const CosError& error)
{
    return {
        {{"Code", &error.code},
         {"Message", &error.message},
         {"StringToSign", &error.string_to_sign},
         {"FormatString", &error.format_string},
         {"Resource", &error.resource},
         {"ServerTime", &error.server_time},
         {"RequestId", &error.request_id},
         {"TraceId", &error.trace_id}}};
}

/// The body that an SDK had read, near enough; nothing for an error of which nothing is known.
std::optional<std::string> body_of(const CosError& error)
{
    std::string body;
    for (const auto& [name, value] : pieces_of(error)) {
        if (!*value)
            continue;
        body += join("<", name, ">");
        for (const char c : **value)
            body += c == '&' ? "&amp;" : c == '<' ? "&lt;" : std::string(1, c);
        body += join("</", name, ">\n");
    }
    if (body.empty())
        return std::nullopt;
    return join("<Error>\n", body, "</Error>\n");
}

bool is_host(std::string_view text) noexcept
{
    const auto of_hosts = [](char c) { return is_alnum(c) || c == '.' || c == '-'; };
    return text.find('.') != std::string_view::npos && first_without(text, of_hosts) == text.size();
}

std::string encoded_path(std::string_view path)
{
    std::string out;
    while (!path.empty()) {
        const auto end = std::min(path.find('/'), path.size());
        out += percent_encoded(path.substr(0, end));
        if (end < path.size())
            out += '/';
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return out;
}

/// SDKs trim what they print, and the line ends of a FormatString are part of what is hashed.
void restore_line_ends(CosError& error)
{
    if (strings_agree(error).value_or(true))
        return;
    auto whole = error;
    for (const char* const ends : {"\n", "\n\n", "\n\n\n"}) {
        whole.format_string = std::string(trimmed(*error.format_string)) + ends;
        if (strings_agree(whole).value_or(false)) {
            error = std::move(whole);
            return;
        }
    }
}

std::string window_note(std::string_view string_to_sign)
{
    const auto line = split_at(split_at(string_to_sign, '\n').back, '\n').front;
    const auto window = read_window(trimmed(line)).window;
    if (!window)
        return {};
    return join(
        "the signature was made for ",
        iso_time(window->begin),
        " to ",
        iso_time(window->end),
        ", as COS's StringToSign has it"
    );
}

/// Method, path, parameters and host as COS received them.
void take_format_string(Recording& out, const CosError& error)
{
    const auto read = read_http_string(error.format_string.value_or(""));
    auto method = read.method;
    std::ranges::transform(method, method.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    if (!out.target.empty() || !is_method(method) || !read.path.starts_with('/'))
        return;
    out.method = method;
    const auto query = line_of(read.parameters);
    out.target = join(encoded_path(read.path), query.empty() ? "" : "?", query);
    if (const auto* const host = find_pair(read.headers, "host"))
        out.host = percent_decoded(host->value);
    out.notes.emplace_back("method, path and signed parameters are those of COS's FormatString");
    if (auto note = window_note(error.string_to_sign.value_or("")); !note.empty())
        out.notes.push_back(std::move(note));
}

/// `<host>/<key>`, or the path alone. COS writes a blank of the key as `+` there.
void take_resource(Recording& out, std::string_view resource)
{
    const auto slash = std::min(resource.find('/'), resource.size());
    const auto host = resource.substr(0, slash);
    if (out.host.empty() && is_host(host))
        out.host = host;
    const bool told = slash == 0 || is_host(host) || host.find("cos.") != std::string_view::npos;
    if (!told || !out.target.empty() || slash == resource.size())
        return;
    std::string path(resource.substr(slash));
    std::ranges::replace(path, '+', ' ');
    out.target = encoded_path(path);
    out.notes.emplace_back("the path is that of COS's Resource, which has no parameters");
}

} // namespace

void tell(std::optional<std::string>& piece, std::string_view value)
{
    constexpr std::array<std::string_view, 5> nothing{"null", "None", "undefined", "...", "nil"};
    if (!piece && !trimmed(value).empty() && std::ranges::find(nothing, trimmed(value)) == nothing.end())
        piece = std::string(value);
}

std::vector<Recording> finished(Told told)
{
    auto& out = told.recording;
    restore_line_ends(told.error);
    if (told.error.message)
        told.error.message = std::string(before_secrets(*told.error.message));
    take_format_string(out, told.error);
    take_resource(out, trimmed(told.error.resource.value_or("")));
    const bool named = told.error.code || told.error.message;
    if (out.status == 0 && is_refusal(told.error.code.value_or(""), told.error.message.value_or("")))
        out.status = forbidden;
    const bool about_cos = named || told.error.request_id || !out.host.empty() || told.traced;
    if (!about_cos || (out.status == 0 && !told.error.code))
        return {};
    out.error_code = told.error.code.value_or("");
    if (!out.request_fields)
        out.credentials_shown = false;
    if (!out.response_body)
        out.response_body = body_of(told.error);
    return {std::move(out)};
}

} // namespace cosdiag::offline
