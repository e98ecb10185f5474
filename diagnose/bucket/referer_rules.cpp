// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/referer_rules.hpp"

#include "diagnose/bucket/pattern.hpp"
#include "diagnose/bucket/xml.hpp"

namespace cosdiag {
namespace {

std::string without_scheme(std::string_view text)
{
    const auto scheme = text.find("://");
    return lowered(scheme == std::string_view::npos ? text : text.substr(scheme + 3));
}

std::string_view host_in(std::string_view address) noexcept
{
    return address.substr(0, address.find_first_of("/?#"));
}

/// A Referer as entries are held against it: at any port, unless they name one.
struct Page {
    std::string whole; ///< `www.example.com:8080/page`
    std::string bare;  ///< `www.example.com/page`
};

Page read_page(std::string_view referer)
{
    Page page{without_scheme(referer), {}};
    const auto host = host_in(page.whole);
    page.bare = join(host.substr(0, host.rfind(':')), std::string_view(page.whole).substr(host.size()));
    return page;
}

enum class Fit { no, yes, open };

/// `*.example.com/path`: what is below the domain. Whether the domain itself is, the documentation
/// contradicts itself on (436/13319 against its practice page); whether such an entry goes on as a prefix, it
/// does not say.
Fit fit_below(std::string_view domain, std::string_view page)
{
    const auto host = host_in(domain);
    const auto path = domain.substr(host.size());
    const auto page_host = host_in(page);
    const auto page_path = page.substr(page_host.size());
    if (page_host.ends_with(host) && page_host.size() > host.size() && page_path.starts_with(path)) {
        return Fit::yes;
    }
    const bool is_domain = host.substr(1) == page_host && page_path.starts_with(path);
    return is_domain || page_host.find(host) != std::string_view::npos ? Fit::open : Fit::no;
}

/// Entries fit as prefixes behind the scheme. Of `*`, only `*.` at the front is documented.
Fit fit(std::string_view entry, const Page& page)
{
    const auto wanted = without_scheme(entry);
    const bool has_port = host_in(wanted).find(':') != std::string_view::npos;
    const std::string_view sent = has_port ? page.whole : page.bare;
    const auto star = wanted.rfind('*');
    if (star == std::string::npos) {
        return !wanted.empty() && sent.starts_with(wanted) ? Fit::yes : Fit::no;
    }
    if (star == 0 && wanted.starts_with("*.")) {
        return fit_below(std::string_view(wanted).substr(1), sent);
    }
    return sent.size() > longest_matched || fits(wanted + '*', sent) ? Fit::open : Fit::no;
}

/// What the list says of a page. Empty where an entry may fit or not, and none does for sure.
std::optional<bool> listed(RefererVerdict& verdict, const std::vector<std::string>& entries, const Page& page)
{
    bool open = false;
    for (const auto& entry : entries) {
        const auto found = fit(entry, page);
        if (found == Fit::no) {
            continue;
        }
        if (found == Fit::yes) {
            verdict.matched = entry;
            return true;
        }
        if (!open) {
            verdict.matched = entry;
            open = true;
        }
    }
    return open ? std::nullopt : std::optional(false);
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
    const auto entries = values_of(root.child("DomainList"), "Domain");
    const auto type = value_of(root, "RefererType");
    RefererVerdict verdict{
        .enabled = same_name(value_of(root, "Status"), "Enabled"),
        .allowlist = same_name(type, "White-List"),
        .empty_allowed = same_name(value_of(root, "EmptyReferConfiguration"), "Allow"),
        .entries = entries.size(),
        .matched = {},
        .refused = {},
    };
    if (!verdict.enabled) {
        verdict.refused = false;
    } else if (referer.empty()) {
        verdict.refused = !verdict.empty_allowed;
    } else if (const auto found = listed(verdict, entries, read_page(referer));
               found && !entries.empty() && (verdict.allowlist || same_name(type, "Black-List"))) {
        verdict.refused = verdict.allowlist != *found;
    }
    return verdict;
}

} // namespace cosdiag
