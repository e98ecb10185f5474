// SPDX-License-Identifier: Apache-2.0
#include "diagnose/signature/aws_v2_variants.hpp"
#include "diagnose/signature/variant_spelling.hpp"
#include "diagnose/text.hpp"

#include <algorithm>
#include <utility>

namespace cosdiag::aws_v2 {
namespace {

constexpr std::size_t max_parameters = 12;
constexpr std::string_view own_resource =
    "sign /<bucket>-<appid> and the path exactly as it stands in the URL";
constexpr std::string_view own_parameters =
    "sign sub-resources and response-... parameters, sorted, with decoded values, and no others";

class Resources : private VariantOffer {
public:
    using VariantOffer::VariantOffer;

    bool run() { return places() || parameters() || paths(); }

private:
    bool resource(std::string_view value, std::string what)
    {
        const auto shown = value.substr(0, value.find('?'));
        return offer(
            &StringToSign::resource,
            std::string(value),
            {Piece::path, {}, std::move(what), std::string(shown), right_.resource, std::string(own_resource)}
        );
    }

    /// The bucket's name elsewhere than at the front of the resource.
    bool places()
    {
        const auto bucket = request_.bucket;
        if (bucket.empty()) {
            return false;
        }
        const auto own = join("/", bucket);
        const auto raw = right_.resource.substr(std::min(own.size(), right_.resource.size()));
        const std::pair<std::string, std::string_view> all[] = {
            {raw, "the path without the bucket"},
            {raw.substr(raw.empty() ? 0 : 1), "the key alone, without bucket and slash"},
            {join(bucket, raw), "the resource without its leading slash"},
            {join(own, own, raw), "the bucket's name twice"},
            {join("/", bucket.substr(0, bucket.rfind('-')), raw), "the bucket without its APPID"},
            {join("/", parts_.host, raw), "the host in place of the bucket"},
            {own, "the bucket without the path"},
        };
        return std::any_of(std::begin(all), std::end(all), [this](const auto& one) {
            return resource(one.first, std::string(one.second));
        });
    }

    bool paths()
    {
        const auto before =
            request_.in_path || request_.bucket.empty() ? std::string() : join("/", request_.bucket);
        const std::string decoded = parts_.target.path.empty() ? "/" : parts_.target.path;
        if (resource(join(before, decoded), "the path without percent-encoding")) {
            return true;
        }
        for (const auto& path : {decoded, right_.resource.substr(before.size())}) {
            for (const auto& [text, what, fix] : path_spellings(parts_, path)) {
                if (resource(join(before, text), join("the path ", what))) {
                    return true;
                }
            }
        }
        return false;
    }

    bool sub_resources(std::vector<std::string> all, std::string_view name, std::string what)
    {
        return offer(
            &StringToSign::sub_resources,
            std::move(all),
            {Piece::parameter, std::string(name), std::move(what), {}, {}, std::string(own_parameters)}
        );
    }

    bool parameters()
    {
        const auto& own = right_.sub_resources;
        for (std::size_t at = 0; at < std::min(own.size(), max_parameters); ++at) {
            auto fewer = own;
            const std::string name(split_at(own[at], '=').front);
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
            auto bare = own;
            bare[at] = name;
            if (sub_resources(std::move(fewer), name, join("a resource without ", name)) ||
                sub_resources(std::move(bare), name, join(name, " without its value"))) {
                return true;
            }
        }
        std::vector<std::string> written;
        for (std::string_view rest = parts_.target.raw_query; !rest.empty();) {
            const auto [pair, behind] = split_at(rest, '&');
            rest = behind;
            written.emplace_back(pair);
        }
        return sub_resources({}, {}, "a resource without its sub-resources") || in_other_order(written) ||
               others_too(written);
    }

    /// As they stand in the query: not sorted, or not decoded.
    bool in_other_order(const std::vector<std::string>& written)
    {
        const auto& own = right_.sub_resources;
        std::vector<std::string> unsorted;
        std::vector<std::string> encoded;
        for (const auto& pair : written) {
            if (std::find(own.begin(), own.end(), percent_decoded(pair)) != own.end()) {
                unsorted.push_back(percent_decoded(pair));
                encoded.push_back(pair);
            }
        }
        auto sorted = encoded;
        std::sort(sorted.begin(), sorted.end());
        return sub_resources(std::move(unsorted), {}, "the sub-resources in the order of the query") ||
               sub_resources(std::move(sorted), {}, "the sub-resources percent-encoded") ||
               sub_resources(std::move(encoded), {}, "the sub-resources as they stand in the query");
    }

    /// Parameters that are no sub-resources are not signed.
    bool others_too(const std::vector<std::string>& written)
    {
        std::vector<std::string> all;
        for (const auto& pair : written) {
            const auto name = split_at(pair, '=').front;
            if (name == "Signature" || name == "AWSAccessKeyId" || name == "Expires") {
                continue;
            }
            all.push_back(pair);
            auto more = right_.sub_resources;
            more.push_back(percent_decoded(pair));
            std::sort(more.begin(), more.end());
            if (all.size() <= max_parameters &&
                sub_resources(std::move(more), name, join(name, " too, which is no sub-resource"))) {
                return true;
            }
        }
        auto sorted = all;
        std::sort(sorted.begin(), sorted.end());
        return sub_resources(std::move(all), {}, "the whole query") ||
               sub_resources(std::move(sorted), {}, "the whole query, sorted");
    }
};

} // namespace

bool each_resource_variant(const Request& request, const StringToSign& right, const TryVariant& attempt)
{
    return Resources(request, right, attempt).run();
}

} // namespace cosdiag::aws_v2
