// SPDX-License-Identifier: Apache-2.0
#include "diagnose/signature/aws_v2_variants.hpp"
#include "diagnose/signature/variant_spelling.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"

#include <algorithm>
#include <utility>

namespace cosdiag::aws_v2 {
namespace {

constexpr std::string_view as_sent = "sign what is sent";

class Lines : private VariantOffer {
public:
    using VariantOffer::VariantOffer;

    bool run() { return types() || dates() || methods(); }

private:
    /// One of the first four lines with another value than the documented one.
    bool line(
        std::string StringToSign::*which,
        Piece piece,
        std::string_view name,
        std::string_view value,
        std::string what
    )
    {
        return offer(
            which,
            std::string(value),
            {piece,
             std::string(name),
             std::move(what),
             std::string(value),
             right_.*which,
             std::string(as_sent)}
        );
    }

    /// The fields that HTTP libraries set by themselves after the signature was made.
    bool types()
    {
        constexpr auto type = &StringToSign::type;
        constexpr auto md5 = &StringToSign::md5;
        constexpr std::string_view of_nothing = "1B2M2Y8AsgTpgAmY7PhCfg==";
        auto all = type_spellings(right_.type);
        all.insert(all.begin(), std::string());
        for (const auto& value : all) {
            if (line(type, Piece::header, "content-type", value, left_empty("content-type", value))) {
                return true;
            }
        }
        const auto octets = base64_decoded(right_.md5).value_or(std::string());
        for (const auto& value :
             {std::string(), hex(octets), base64_encoded(hex(octets)), std::string(of_nothing)}) {
            if (line(md5, Piece::header, "content-md5", value, left_empty("content-md5", value))) {
                return true;
            }
        }
        StringToSign bare = right_;
        bare.type.clear();
        bare.md5.clear();
        return attempt_(
            bare,
            {Piece::header,
             "content-md5",
             "content-md5 and content-type left empty",
             {},
             join(right_.md5, ", ", right_.type),
             std::string(as_sent)}
        );
    }

    static std::string left_empty(std::string_view name, std::string_view value)
    {
        return value.empty() ? join(name, " left empty") : join(name, " as ", value);
    }

    bool dates() { return request_.presigned ? expiries() : line_of_date() || date_in_two_places(); }

    bool expiries()
    {
        const auto try_line = [this](std::string_view value, std::string what) {
            return line(&StringToSign::date, Piece::parameter, "Expires", value, std::move(what));
        };
        const auto date = find_field(parts_.fields, "date").value_or(std::string_view{});
        if (try_line({}, "no Expires") || try_line(date, "the Date field in place of Expires") ||
            try_line(join(right_.date, "000"), "Expires in milliseconds")) {
            return true;
        }
        constexpr Seconds hours = 60 * 60;
        for (const Seconds life :
             {60L, 300L, 600L, 900L, 1800L, hours, 2 * hours, 12 * hours, 24 * hours, 168 * hours}) {
            const auto text = std::to_string(life);
            if (try_line(text, join("Expires as ", text, ", a length and no moment"))) {
                return true;
            }
        }
        return false;
    }

    /// Either date is signed, x-amz-date with an empty line in place of Date ("Time Stamp Requirement").
    bool line_of_date()
    {
        const auto date = find_field(parts_.fields, "date").value_or(std::string_view{});
        const auto stamp = find_field(parts_.fields, "x-amz-date").value_or(std::string_view{});
        const auto moment = read_http_date(stamp.empty() ? date : stamp);
        const std::pair<std::string, std::string_view> all[] = {
            {std::string(stamp), "x-amz-date in the line of Date too"},
            {std::string(date), "Date too, beside x-amz-date"},
            {moment ? iso_time(*moment) : std::string(), "Date in the form of ISO 8601"},
            {moment ? std::to_string(*moment) : std::string(), "Date in seconds"},
        };
        for (const auto& [value, what] : all) {
            if (!value.empty() &&
                line(&StringToSign::date, Piece::header, "date", value, std::string(what))) {
                return true;
            }
        }
        return line(&StringToSign::date, Piece::header, "date", {}, "an empty line in place of Date");
    }

    /// Date signed as if there were no x-amz-date.
    bool date_in_two_places()
    {
        StringToSign other = right_;
        const auto lost =
            std::erase_if(other.fields, [](const SignedPair& one) { return one.name == "x-amz-date"; });
        const auto stamp = find_field(parts_.fields, "x-amz-date").value_or(std::string_view{});
        for (const auto& value : {find_field(parts_.fields, "date").value_or(stamp), stamp}) {
            other.date = value;
            if (lost > 0 && attempt_(
                                other,
                                {Piece::header,
                                 "x-amz-date",
                                 "the line of Date in place of the field x-amz-date",
                                 std::string(value),
                                 {},
                                 "leave the line of Date empty and sign x-amz-date with the x-amz- fields"}
                            )) {
                return true;
            }
        }
        return false;
    }

    bool methods()
    {
        for (const std::string_view method : {"GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS"}) {
            if (line(&StringToSign::method, Piece::method, {}, method, join("the method ", method))) {
                return true;
            }
        }
        return line(
            &StringToSign::method, Piece::method, {}, lowered(parts_.method), "the method in lower case"
        );
    }
};

} // namespace

bool each_line_variant(const Request& request, const StringToSign& right, const TryVariant& attempt)
{
    return Lines(request, right, attempt).run();
}

} // namespace cosdiag::aws_v2
