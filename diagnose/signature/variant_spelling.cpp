// SPDX-License-Identifier: Apache-2.0
#include "diagnose/signature/variant_spelling.hpp"

#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::string_view sign_decoded = "sign the path as it is before percent-encoding";
constexpr std::string_view one_slash = "sign the path as it is sent, beginning with exactly one slash";
constexpr std::string_view own_octets = "sign the key octet by octet: a blank is a blank, a plus is a plus";
constexpr std::string_view path_alone = "sign the path alone, without host and query";
constexpr std::string_view host_as_sent = "sign Host exactly as it is sent";
constexpr std::string_view encode_values =
    "percent-encode each value once: all but A-Z a-z 0-9 - _ . ~, in upper case";

std::string replaced(std::string_view text, std::string_view from, std::string_view to)
{
    std::string out;
    for (;;) {
        const auto at = text.find(from);
        out += text.substr(0, at);
        if (at == std::string_view::npos) {
            return out;
        }
        out += to;
        text.remove_prefix(at + from.size());
    }
}

/// `%2F` as `%2f`; what is no escape stays.
std::string with_lower_escapes(std::string_view encoded)
{
    std::string out(encoded);
    for (std::size_t i = 0; i + 2 < out.size(); ++i) {
        if (out[i] == '%') {
            out[i + 1] = lower(out[i + 1]);
            out[i + 2] = lower(out[i + 2]);
            i += 2;
        }
    }
    return out;
}

std::string single_slashes(std::string_view path)
{
    std::string out;
    for (const char c : path) {
        if (c != '/' || !out.ends_with('/')) {
            out += c;
        }
    }
    return out;
}

/// Each octet beyond ASCII taken for a character of Latin-1 and encoded as UTF-8.
std::string twice_utf8(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0U | byte >> 6U);
            out += static_cast<char>(0x80U | (byte & 0x3FU));
        }
    }
    return out;
}

std::string_view without_port(std::string_view host) noexcept
{
    const auto colon = host.rfind(':');
    const bool v6 = host.find(']', colon == std::string_view::npos ? 0 : colon) != std::string_view::npos;
    return v6 ? host : host.substr(0, colon);
}

std::string sign_component(std::string_view encoded)
{
    std::string out(encoded);
    for (const auto& [escape, character] :
         {std::pair("%21", "!"), {"%27", "'"}, {"%28", "("}, {"%29", ")"}, {"%2A", "*"}}) {
        out = replaced(out, escape, character);
    }
    return out;
}

constexpr ValueSpelling values[] = {
    {[](std::string_view v) { return percent_decoded(v); }, "without percent-encoding", encode_values},
    {[](std::string_view v) { return with_lower_escapes(v); },
     "with escapes in lower case, as %2f",
     encode_values},
    {[](std::string_view v) { return lowered(v); }, "in lower case", "leave the case of values as it is"},
    {[](std::string_view v) { return percent_encoded(v); }, "percent-encoded twice", encode_values},
    {[](std::string_view v) { return replaced(v, "%2F", "/"); },
     "with slashes left unencoded",
     encode_values},
    {[](std::string_view v) { return replaced(v, "%20", "+"); }, "with + for blanks", encode_values},
    {[](std::string_view v) { return replaced(v, "%2B", "%20"); }, "with blanks for each +", encode_values},
    {[](std::string_view v) { return replaced(v, "%20", "%2B"); },
     "with a plus for each blank",
     encode_values},
    {sign_component, "with ! ' ( ) * left unencoded, as encodeURIComponent does", encode_values},
    {[](std::string_view v) { return replaced(v, "~", "%7E"); }, "with ~ encoded", encode_values},
    {[](std::string_view v) { return percent_encoded(twice_utf8(percent_decoded(v))); },
     "with their UTF-8 encoded as UTF-8 once more",
     encode_values},
};

} // namespace

std::string path_encoded(std::string_view path)
{
    return replaced(percent_encoded(path), "%2F", "/");
}

std::vector<Spelling> path_spellings(const SignedParts& parts, std::string_view path)
{
    const auto& raw = parts.target.raw_path;
    const auto label = parts.host.substr(0, parts.host.find('.'));
    const auto second = path.find('/', 1);
    const auto encoded = path_encoded(path);
    std::vector<Spelling> all = {
        {std::string(raw), "percent-encoded, as it stands in the URL", sign_decoded},
        {encoded, "percent-encoded", sign_decoded},
        {path_encoded(raw), "percent-encoded twice", sign_decoded},
        {path_encoded(encoded), "percent-encoded twice", sign_decoded},
        {with_lower_escapes(encoded), "percent-encoded, with escapes in lower case", sign_decoded},
        {percent_encoded(path), "percent-encoded, slashes too", sign_decoded},
        {percent_decoded(path), "decoded twice", "encode the key once, a percent sign as %25"},
        {std::string(path.substr(1)), "without its leading slash", one_slash},
        {join("/", path), "with two leading slashes", one_slash},
        {single_slashes(path), "with doubled slashes made one", one_slash},
        {replaced(path, "+", " "), "with a blank for each +", own_octets},
        {replaced(path, " ", "+"), "with a + for each blank", own_octets},
        {replaced(encoded, "%20", "+"), "percent-encoded, with + for blanks", sign_decoded},
        {replaced(path, " ", "%20"), "with %20 for its blanks", sign_decoded},
        {twice_utf8(path), "with its UTF-8 encoded as UTF-8 once more", own_octets},
        {lowered(path), "in lower case", "sign the path in its own case"},
        {join("/", label, path), "with the bucket's name before the key", one_slash},
        {second == std::string_view::npos ? "/" : std::string(path.substr(second)),
         "without its first part",
         "with path-style URLs the bucket's name is part of the signed path"},
        {"/", "as / alone", "sign the path that is asked for"},
        {"", "left empty", "sign the path that is asked for"},
        {join(path, "/"), "with a slash at its end", one_slash},
        {std::string(path.substr(0, path.size() - (path.ends_with('/') ? 1 : 0))),
         "without the slash at its end",
         one_slash},
        {join(parts.host, path), "with the host before it", path_alone},
        {join("http://", parts.host, path), "as the whole URL", path_alone},
        {join("https://", parts.host, path), "as the whole URL", path_alone},
        {join("http://", parts.host, raw), "as the whole URL", path_alone},
        {join("https://", parts.host, raw), "as the whole URL", path_alone},
    };
    if (const auto query = parts.target.raw_query; !query.empty()) {
        all.push_back({join(path, "?", query), "with the query behind it", path_alone});
        all.push_back({join(raw, "?", query), "with the query behind it", path_alone});
    }
    return all;
}

std::vector<Spelling> host_spellings(const SignedParts& parts)
{
    const auto& host = parts.host;
    const auto bare = without_port(host);
    std::vector<Spelling> all = {
        {std::string(bare), "without its port", host_as_sent},
        {join(bare, ":80"), "with port 80", host_as_sent},
        {join(bare, ":443"), "with port 443", host_as_sent},
        {lowered(host), "in lower case", host_as_sent},
    };
    if (const auto own = find_field(parts.fields, "host")) {
        all.push_back({std::string(trimmed(*own)), "as its own Host field has it", host_as_sent});
    }
    constexpr std::string_view names[] = {".myqcloud.com", ".tencentcos.cn"};
    constexpr std::string_view kinds[] = {
        ".cos.", ".cos-internal.", ".cos-website.", ".cos-dualstack.", ".ci.", ".pic."};
    std::vector<std::string> others;
    for (const auto& name : names) {
        for (const auto& other : names) {
            others.push_back(replaced(bare, name, other));
        }
    }
    for (const auto& each : std::vector<std::string>(others)) {
        for (const auto& kind : kinds) {
            for (const auto& other : kinds) {
                if (each.find(kind) != std::string::npos) {
                    others.push_back(replaced(each, kind, other));
                }
            }
        }
    }
    for (const auto& each : std::vector<std::string>(others)) {
        const auto dot = each.find('.');
        const auto region = each.find(".cos.");
        const auto region_end = region == std::string::npos ? region : each.find('.', region + 5);
        if (dot != std::string::npos) {
            others.push_back(each.substr(dot + 1));
        }
        if (region_end != std::string::npos) {
            others.push_back(join(each.substr(0, region + 5), "accelerate", each.substr(region_end)));
        }
    }
    for (auto& each : others) {
        const auto seen =
            std::any_of(all.begin(), all.end(), [&each](const Spelling& one) { return one.text == each; });
        if (!seen && each != host) {
            auto what = join("as ", each);
            all.push_back({std::move(each), std::move(what), host_as_sent});
        }
    }
    return all;
}

std::vector<std::string> type_spellings(std::string_view sent)
{
    const auto bare = trimmed(sent.substr(0, sent.find(';')));
    std::vector<std::string> all = {std::string(bare)};
    for (const std::string_view charset :
         {"; charset=utf-8", ";charset=utf-8", "; charset=UTF-8", ";charset=UTF-8"}) {
        all.push_back(join(bare, charset));
    }
    for (const std::string_view common :
         {"application/octet-stream",
          "application/x-www-form-urlencoded",
          "application/x-www-form-urlencoded; charset=utf-8",
          "text/plain",
          "text/plain;charset=UTF-8",
          "text/plain; charset=utf-8",
          "application/json",
          "application/xml",
          "binary/octet-stream",
          "multipart/form-data",
          "image/jpeg",
          "image/png"}) {
        all.emplace_back(common);
    }
    return all;
}

std::span<const ValueSpelling> value_spellings() noexcept
{
    return values;
}

} // namespace cosdiag
