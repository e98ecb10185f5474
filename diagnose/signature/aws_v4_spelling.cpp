// SPDX-License-Identifier: Apache-2.0
// How clients spell what AWS Signature Version 4 signs otherwise than it is documented.
#include "diagnose/signature/aws_v4_request.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"

#include <algorithm>
#include <array>

namespace cosdiag::aws_v4 {
namespace {

constexpr std::string_view sort_and_encode = "sort and encode the parameters as Signature Version 4 demands";
constexpr std::size_t most_pairs = 12;

std::string without_equals_signs(const std::vector<SignedPair>& pairs)
{
    std::string line;
    for (const auto& pair : pairs) {
        line += line.empty() ? "" : "&";
        line += pair.value.empty() ? pair.name : join(pair.name, "=", pair.value);
    }
    return line;
}

/// `20261124`
std::string compact_day(Seconds moment)
{
    const auto text = iso_time(moment);
    return join(text.substr(0, 4), text.substr(5, 2), text.substr(8, 2));
}

} // namespace

std::vector<Spelling> path_spellings(const SignedParts& parts, std::string_view encoded)
{
    constexpr std::string_view encode_once = "percent-encode the path once, slashes excepted, as S3 does";
    const auto second = encoded.find('/', 1);
    const auto label = parts.host.substr(0, parts.host.find('.'));
    std::string with_plus;
    for (const char c : parts.target.path) {
        with_plus += c == ' ' ? std::string("+") : c == '/' ? std::string("/") : percent_encoded({&c, 1});
    }
    return {
        {parts.target.path, "without percent-encoding", encode_once},
        {path_encoded(encoded), "percent-encoded twice", encode_once},
        {std::string(parts.target.raw_path), "as it stands in the URL", encode_once},
        {with_plus, "percent-encoded, with + for blanks", encode_once},
        {join("/", label, encoded), "with the bucket's name before the key", "sign the path that is sent"},
        {second == std::string_view::npos ? "/" : std::string(encoded.substr(second)),
         "without its first part",
         "sign the path that is sent"},
        {join("/", encoded), "with two leading slashes", "sign the path that is sent"},
        {std::string(encoded.substr(1)), "without its leading slash", "sign the path that is sent"},
    };
}

std::vector<Spelling> query_spellings(const Target& target)
{
    const auto pairs = query_pairs(target);
    std::vector<Spelling> all{
        {{}, "no query", sort_and_encode},
        {std::string(target.raw_query), "the query as it stands in the URL", sort_and_encode},
        {without_equals_signs(pairs),
         "parameters without a value as `name`, in place of `name=`",
         sort_and_encode},
    };
    for (const auto& [change, what, fix] : value_spellings()) {
        auto changed = pairs;
        for (auto& pair : changed) {
            pair.value = change(pair.value);
        }
        all.push_back({line_of(changed), join("the values ", what), fix});
    }
    for (std::size_t at = 0; at < std::min(pairs.size(), most_pairs); ++at) {
        auto changed = pairs;
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(at));
        all.push_back(
            {line_of(changed),
             join("a query without ", percent_decoded(pairs[at].name)),
             "add parameters before signing: each one that is sent is signed"}
        );
    }
    return all;
}

std::vector<Spelling> scope_spellings(const Signed& found)
{
    constexpr std::string_view as_named =
        "derive the signing key from the date, region and service that the Credential names";
    const auto [date, behind_date] = split_at(found.scope, '/');
    const auto [region, behind_region] = split_at(behind_date, '/');
    const auto end = split_at(behind_region, '/').back;
    std::vector<Spelling> all{
        {join(found.stamp.substr(0, 8), "/", behind_date), "a key for the day of X-Amz-Date", as_named},
        {join(date, "/", region, "/", split_at(behind_region, '/').front),
         "a key without aws4_request",
         as_named},
    };
    if (const auto stamp = read_iso_time(found.stamp)) {
        constexpr Seconds day = 86400;
        for (const auto apart : {-day, day}) {
            const auto other = compact_day(*stamp + apart);
            all.push_back({join(other, "/", behind_date), join("a key for the day ", other), as_named});
        }
    }
    constexpr std::array<std::string_view, 21> regions{
        "us-east-1",
        "auto",
        "",
        "ap-beijing",
        "ap-nanjing",
        "ap-shanghai",
        "ap-guangzhou",
        "ap-chengdu",
        "ap-chongqing",
        "ap-hongkong",
        "ap-singapore",
        "ap-mumbai",
        "ap-jakarta",
        "ap-seoul",
        "ap-bangkok",
        "ap-tokyo",
        "na-ashburn",
        "sa-saopaulo",
        "eu-frankfurt",
        "na-siliconvalley",
        "cn-north-1"};
    for (const auto other : regions) {
        if (other != region) {
            all.push_back(
                {join(date, "/", other, "/", behind_region),
                 join("a key for the region ", other.empty() ? "(none)" : other),
                 as_named}
            );
        }
    }
    for (const std::string_view service : {"cos", "s3v4", "execute-api", "sts"}) {
        all.push_back(
            {join(date, "/", region, "/", service, "/", end),
             join("a key for the service ", service),
             as_named}
        );
    }
    return all;
}

} // namespace cosdiag::aws_v4
