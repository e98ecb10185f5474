// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/referer_rules.hpp"

#include "diagnose/bucket/xml.hpp"

namespace cosdiag {
namespace {

std::string without_scheme(std::string_view text)
{
    const auto scheme = text.find("://");
    return lowered(scheme == std::string_view::npos ? text : text.substr(scheme + 3));
}

std::string without_port(std::string_view address)
{
    const auto host_end = std::min(address.find('/'), address.size());
    const auto colon = address.substr(0, host_end).rfind(':');
    return colon == std::string_view::npos ? std::string(address)
                                           : join(address.substr(0, colon), address.substr(host_end));
}

enum class Fit { no, yes, open };

/// Entries fit as prefixes behind the scheme, at any port unless they have one; `*.` covers what is below,
/// and the documentation contradicts itself on the domain itself (436/13319 against its practice page).
Fit fit(std::string_view entry, std::string_view referer)
{
    const auto wanted = without_scheme(entry);
    const auto sent = without_scheme(referer);
    const auto bare = without_port(sent);
    if (wanted == "*") {
        return Fit::yes;
    }
    if (!wanted.starts_with("*.")) {
        return sent.starts_with(wanted) || bare.starts_with(wanted) ? Fit::yes : Fit::no;
    }
    const auto below = std::string_view(wanted).substr(1);
    const auto host = std::string_view(bare).substr(0, bare.find('/'));
    const auto has_path = below.find('/') != std::string_view::npos;
    if (has_path ? bare.find(below) != std::string::npos : host.ends_with(below)) {
        return Fit::yes;
    }
    return host == below.substr(1) ? Fit::open : Fit::no;
}

} // namespace

std::optional<RefererVerdict> check_referer(std::string_view document, std::string_view referer)
{
    if (trimmed(document).empty()) {
        return RefererVerdict{};
    }
    const BucketXml xml(document, "RefererConfiguration");
    const auto root = xml.root();
    if (!root) {
        return std::nullopt;
    }
    RefererVerdict verdict{
        .enabled = value_of(root, "Status") == "Enabled",
        .allowlist = value_of(root, "RefererType") == "White-List",
        .empty_allowed = value_of(root, "EmptyReferConfiguration") == "Allow",
        .entries = 0,
        .matched = {},
        .refused = {},
    };
    bool open = false;
    for (const auto& entry : values_of(root.child("DomainList"), "Domain")) {
        ++verdict.entries;
        const auto found = referer.empty() ? Fit::no : fit(entry, referer);
        open = open || found == Fit::open;
        if (found != Fit::no && verdict.matched.empty()) {
            verdict.matched = entry;
        }
        if (found == Fit::yes) {
            verdict.matched = entry;
            open = false;
            break;
        }
    }
    if (!verdict.enabled) {
        verdict.refused = false;
    } else if (referer.empty()) {
        verdict.refused = !verdict.empty_allowed;
    } else if (!open) {
        verdict.refused = verdict.allowlist == verdict.matched.empty();
    }
    return verdict;
}

} // namespace cosdiag
