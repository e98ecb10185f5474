// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

std::string_view place_for(const Authorization& authorization) noexcept
{
    const bool amazon =
        authorization.scheme == SignatureScheme::aws_v4 || authorization.scheme == SignatureScheme::aws_v2;
    switch (authorization.carrier) {
    case Carrier::query:
        return amazon ? "the query parameter X-Amz-Security-Token"
                      : "the query parameter x-cos-security-token";
    case Carrier::form:
        return "the form field x-cos-security-token";
    default:
        return amazon ? "the field x-amz-security-token" : "the field x-cos-security-token";
    }
}

std::optional<Judgement> judge(const Facts& facts)
{
    const auto what = named(facts, Family::access_key);
    if (what == Named::elsewhere || facts.key_shape != KeyShape::temporary || facts.authorization.token) {
        return std::nullopt;
    }
    const auto place = place_for(facts.authorization);
    Judgement judgement{
        .confidence = facts.key_complaint == KeyComplaint::format ? Confidence::possible : Confidence::likely,
        .summary =
            join("access key ", facts.shown_key, " looks temporary, and the request has no security token"),
        .fix = join("send the token in ", place),
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    judgement.evidence.push_back(
        {Seen::request, "length of the id", std::to_string(facts.authorization.key_id->size())}
    );
    judgement.remedies = {
        {Actor::caller,
         join(
             "Send the token that came with the key in ",
             place,
             "; SDKs take it beside SecretId and SecretKey."
         )},
        {Actor::caller,
         "If the key was meant to be a permanent one: it has 36 characters, this one does not."},
    };
    return judgement;
}

} // namespace

extern const Cause security_token_missing;

constexpr Cause security_token_missing{
    .token = "security-token-missing",
    .title = "A temporary key without its token",
    .explanation =
        {
            .meaning =
                "The request is signed with a temporary key, but the security token that belongs to it was "
                "not sent.",
            .reason =
                "A temporary key exists only inside its token: without the token COS finds no such key.",
            .evidence =
                "The id is longer than the 36 characters of a permanent one, or has `-` or `_` in it, and no "
                "token stands in header, query or form. `likely`, since the shape is a convention.",
            .change =
                "The caller hands all three parts of the temporary key to the SDK, or sets the token itself.",
            .confused = "temporary-key-expired: there the token came along.",
        },
    .chinese =
        {
            .title = "使用了临时密钥却没有令牌",
            .explanation =
                {
                    .meaning = "请求用临时密钥签名，但没有发送属于它的安全令牌。",
                    .reason = "临时密钥只存在于它的令牌之中：没有令牌，COS 就找不到这个密钥。",
                    .evidence = "ID 长于永久密钥的 36 位，或含有 "
                                "`-`、`_`，而头部、查询和表单里都没有令牌。形状只是惯例，所以是 `likely`。",
                    .change = "调用方把临时密钥的三个部分都交给 SDK，或自己设置令牌。",
                    .confused = "temporary-key-expired：那里令牌是有的。",
                },
        },
    .source =
        {"Generating and Using Temporary Keys",
         "Temporary Key",
         "https://www.tencentcloud.com/document/product/436/14048",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes
