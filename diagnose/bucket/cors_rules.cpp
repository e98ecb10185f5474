// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/cors_rules.hpp"

#include "diagnose/bucket/pattern.hpp"
#include "diagnose/bucket/xml.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

/// Longer lists are of no browser; what they cost grows with their length and that of the rules.
constexpr std::size_t longest_wish = 2048; ///< bytes

/// In doubt a rule fits: that makes nobody sure of a wrong thing. So case does not count, nor does a port
/// that goes without saying, nor how many `*` there are.
std::string plain(std::string_view text)
{
    auto out = lowered(text);
    for (const auto& [scheme, port] : {std::pair{"http://", ":80"}, std::pair{"https://", ":443"}}) {
        if (out.starts_with(scheme) && out.ends_with(port)) {
            out.resize(out.size() - std::string_view(port).size());
        }
    }
    return out;
}

std::vector<std::string> all_plain(const std::vector<std::string>& texts)
{
    std::vector<std::string> out(texts.size());
    std::transform(texts.begin(), texts.end(), out.begin(), plain);
    return out;
}

bool any_fits(const std::vector<std::string>& patterns, std::string_view text)
{
    return std::any_of(patterns.begin(), patterns.end(), [text](const auto& pattern) {
        return fits(pattern, text);
    });
}

/// The first header asked for that no pattern allows; empty when all are allowed.
std::string_view header_lacking(const std::vector<std::string>& patterns, std::string_view headers)
{
    while (!headers.empty()) {
        const auto [item, rest] = split_at(headers, ',');
        const auto name = trimmed(item);
        if (!name.empty() && !any_fits(patterns, lowered(name))) {
            return name;
        }
        headers = rest;
    }
    return {};
}

std::string listed(const std::vector<std::string>& values)
{
    std::string out;
    for (const auto& value : values) {
        out += join(out.empty() ? "" : ", ", value);
    }
    return out.empty() ? "nothing" : out;
}

/// Why an entry that looks like the origin is another one.
std::string_view slip_in(const std::vector<std::string>& entries, std::string_view origin)
{
    const auto bare = [](std::string_view text) {
        const auto scheme = text.find("://");
        return scheme == std::string_view::npos ? text : text.substr(scheme + 3);
    };
    const auto without_port = [&bare](std::string_view text) {
        const auto host = bare(text);
        return host.substr(0, host.rfind(':'));
    };
    for (const auto& entry : entries) {
        if (entry.ends_with('/') && fits(std::string_view(entry).substr(0, entry.size() - 1), origin)) {
            return "it ends with a slash, which an origin never does";
        }
        if (entry.find("://") == std::string::npos && fits(entry, bare(origin))) {
            return "it lacks the scheme";
        }
        if (fits(bare(entry), bare(origin))) {
            return "its scheme is another";
        }
        if (fits(without_port(entry), without_port(origin))) {
            return "its port is another";
        }
    }
    return {};
}

struct Reading {
    CorsVerdict verdict;
    int depth = 0; ///< how much of the wish fits: origin, then method, then headers
};

Reading ask(pugi::xml_node rule, const CorsWish& wish)
{
    Reading out;
    out.verdict.id = value_of(rule, "ID");
    const auto fail = [&out](int depth, std::string_view field, const auto& has, std::string_view wanted) {
        out.depth = depth;
        out.verdict.field = field;
        out.verdict.has = listed(has);
        out.verdict.wanted = wanted;
    };
    const auto origins = values_of(rule, "AllowedOrigin");
    const auto methods = values_of(rule, "AllowedMethod");
    const auto headers = values_of(rule, "AllowedHeader");
    const auto origin = plain(wish.origin);
    if (const auto allowed = all_plain(origins); !any_fits(allowed, origin)) {
        out.verdict.slip = slip_in(allowed, origin);
        fail(out.verdict.slip.empty() ? 0 : 1, "AllowedOrigin", origins, wish.origin);
    } else if (!any_fits(all_plain(methods), lowered(wish.method))) {
        fail(2, "AllowedMethod", methods, wish.method);
    } else if (const auto lacking = header_lacking(all_plain(headers), wish.headers); !lacking.empty()) {
        fail(3, "AllowedHeader", headers, lacking);
    } else {
        out.depth = 4;
        out.verdict.allowed = true;
    }
    return out;
}

} // namespace

std::optional<CorsVerdict> check_cors(std::string_view document, const CorsWish& wish)
{
    if (trimmed(document).empty()) {
        return CorsVerdict{};
    }
    const BucketXml xml(document, "CORSConfiguration");
    const bool bearable = wish.origin.size() <= longest_matched && wish.method.size() <= longest_matched &&
                          wish.headers.size() <= longest_wish;
    if (!xml.root() || !bearable) {
        return std::nullopt;
    }
    Reading best;
    best.depth = -1;
    std::size_t number = 0;
    for (const auto rule : xml.root().children("CORSRule")) {
        ++number;
        auto reading = ask(rule, wish);
        if (reading.depth > best.depth) {
            best = std::move(reading);
            best.verdict.nearest = number;
        }
    }
    best.verdict.rules = number;
    return std::move(best.verdict);
}

} // namespace cosdiag
