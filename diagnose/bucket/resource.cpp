// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/resource.hpp"

#include "diagnose/bucket/pattern.hpp"
#include "diagnose/text.hpp"

#include <optional>

namespace cosdiag {
namespace {

struct Resource {
    std::string_view service, region, account, place;
};

/// `qcs:<project>:<service>:<region>:<account>:<place>`.
std::optional<Resource> read_resource(std::string_view text) noexcept
{
    const auto [scheme, behind_scheme] = split_at(text, ':');
    const auto [project, behind_project] = split_at(behind_scheme, ':');
    const auto [service, behind_service] = split_at(behind_project, ':');
    const auto [region, behind_region] = split_at(behind_service, ':');
    const auto [account, place] = split_at(behind_region, ':');
    if (scheme != "qcs" || place.empty()) {
        return std::nullopt;
    }
    return Resource{service, region, account, place};
}

bool fits_or_open(std::string_view pattern, std::string_view text) noexcept
{
    return pattern.empty() || text.empty() || fits(pattern, text);
}

/// An account may be named by its UIN as well, which the request does not tell.
bool names_account(std::string_view pattern, std::string_view account) noexcept
{
    return fits_or_open(pattern, account) || pattern.starts_with("uin/");
}

std::string older_form(const Resource& resource)
{
    const auto appid = split_at(resource.account, '/').back;
    const auto [bucket, key] = split_at(resource.place, '/');
    const auto name = bucket.substr(0, bucket.rfind('-'));
    return join("prefix//", appid, "/", name, "/", key);
}

} // namespace

bool covers(std::string_view pattern, std::string_view resource)
{
    if (pattern == "*") {
        return true;
    }
    const auto written = read_resource(pattern);
    const auto asked = read_resource(resource);
    if (!written || !asked) {
        return false;
    }
    return fits_or_open(written->service, asked->service) && fits_or_open(written->region, asked->region) &&
           names_account(written->account, asked->account) &&
           (fits(written->place, asked->place) ||
            (written->place.starts_with("prefix//") && fits(written->place, older_form(*asked))));
}

} // namespace cosdiag
