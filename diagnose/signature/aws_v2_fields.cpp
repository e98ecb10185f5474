// SPDX-License-Identifier: Apache-2.0
#include "diagnose/signature/aws_v2_variants.hpp"
#include "diagnose/text.hpp"

#include <algorithm>
#include <utility>

namespace cosdiag::aws_v2 {
namespace {

constexpr std::size_t max_fields = 12;
constexpr std::string_view as_sent = "sign what is sent";

class Fields : private VariantOffer {
public:
    using VariantOffer::VariantOffer;

    bool run() { return one_field() || whole_fields(); }

private:
    bool field_lines(
        std::vector<SignedPair> fields,
        std::string_view name,
        std::string what,
        std::string_view value,
        std::string_view sent
    )
    {
        return offer(
            &StringToSign::fields,
            std::move(fields),
            {Piece::header,
             std::string(name),
             std::move(what),
             std::string(value),
             std::string(sent),
             std::string(as_sent)}
        );
    }

    bool one_field()
    {
        const auto& own = right_.fields;
        for (std::size_t at = 0; at < std::min(own.size(), max_fields); ++at) {
            const auto& [name, sent] = own[at];
            auto fewer = own;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
            if (field_lines(std::move(fewer), name, join("a text without ", name), {}, sent)) {
                return true;
            }
            for (const auto& value :
                 {std::string(),
                  lowered(sent),
                  percent_encoded(sent),
                  percent_decoded(sent),
                  join(" ", sent)}) {
                if (value == sent) {
                    continue;
                }
                auto changed = own;
                changed[at].value = value;
                if (field_lines(
                        std::move(changed), name, join(name, " with another value than was sent"), value, sent
                    )) {
                    return true;
                }
            }
        }
        return false;
    }

    bool whole_fields()
    {
        std::vector<SignedPair> in_order;
        std::vector<SignedPair> own_case;
        std::vector<SignedPair> with_cos = right_.fields;
        for (const auto& field : parts_.fields) {
            const auto name = lowered(field.name);
            if (name.starts_with("x-amz-")) {
                in_order.push_back({name, std::string(trimmed(field.value))});
                own_case.push_back({std::string(field.name), std::string(trimmed(field.value))});
            } else if (name.starts_with("x-cos-")) {
                with_cos.push_back({name, std::string(trimmed(field.value))});
            }
        }
        std::sort(with_cos.begin(), with_cos.end(), [](const auto& a, const auto& b) {
            return a.name < b.name;
        });
        auto sorted = in_order;
        std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
            return a.name < b.name;
        });
        const auto whole = [this](std::vector<SignedPair> all, std::string_view what) {
            return field_lines(std::move(all), {}, std::string(what), {}, {});
        };
        return whole({}, "no x-amz- field") || whole(std::move(in_order), "the x-amz- fields unsorted") ||
               whole(std::move(sorted), "repeated x-amz- fields on a line each") ||
               whole(std::move(own_case), "the names of x-amz- fields in their own case") ||
               whole(std::move(with_cos), "x-cos- fields as if they were x-amz- fields");
    }
};

} // namespace

bool each_field_variant(const Request& request, const StringToSign& right, const TryVariant& attempt)
{
    return Fields(request, right, attempt).run();
}

} // namespace cosdiag::aws_v2
