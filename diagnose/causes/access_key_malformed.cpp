// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag::causes {
namespace {

std::optional<Confidence> confidence_of(const Facts& facts, Named what) noexcept
{
    const bool seen = facts.authorization.key_id.has_value();
    const bool bad = seen && !fault_of(facts.key_shape).empty();
    if (what == Named::nothing) {
        return bad ? std::optional(is_no_key(facts) ? Confidence::likely : Confidence::possible)
                   : std::nullopt;
    }
    if (is_no_key(facts) && facts.key_shape != KeyShape::odd) {
        return Confidence::certain;
    }
    switch (facts.key_complaint) {
    case KeyComplaint::format:
        return bad ? Confidence::certain : Confidence::likely;
    case KeyComplaint::unknown:
        return bad ? std::optional(is_no_key(facts) ? Confidence::likely : Confidence::possible)
                   : std::nullopt;
    case KeyComplaint::none:
        break;
    }
    return bad ? std::optional(Confidence::likely) : std::nullopt;
}

/// 32 letters and digits, and no `AKID`: the form of a SecretKey.
bool looks_like_secret_key(const Facts& facts) noexcept
{
    const auto& id = facts.authorization.key_id;
    return facts.key_shape == KeyShape::odd && id && id->size() == 32 &&
           std::all_of(id->begin(), id->end(), is_alnum);
}

std::string summary_of(const Facts& facts)
{
    if (looks_like_secret_key(facts)) {
        return "the access key id is 32 letters and digits, the form of a SecretKey: the two are probably "
               "swapped";
    }
    const auto fault = facts.authorization.key_id ? fault_of(facts.key_shape) : std::string_view{};
    return fault.empty() ? join("COS says that ", key_words(facts), " has not the form of a SecretId")
                         : join("the access key id '", facts.shown_key, "' ", fault);
}

std::string step_for(const Facts& facts)
{
    if (looks_like_secret_key(facts)) {
        return "Exchange SecretId and SecretKey in the configuration; the SecretKey went over the wire as an "
               "id, so replace that key soon.";
    }
    switch (facts.key_shape) {
    case KeyShape::empty:
        return "Give the program its SecretId: it signs with none. Look at the variable or file it reads it "
               "from.";
    case KeyShape::placeholder:
        return "Fill in the SecretId: the text sent is the name of a setting that was never replaced.";
    case KeyShape::quoted:
    case KeyShape::blank_inside:
        return "Take quotation marks, blanks and line ends out of the SecretId in the configuration.";
    case KeyShape::other_vendor:
        return "Use a SecretId of Tencent Cloud: this id belongs to another cloud's credentials.";
    default:
        return "Copy the SecretId anew, whole: it begins with AKID and has 36 characters, a temporary one "
               "more.";
    }
}

std::optional<Judgement> judge(const Facts& facts)
{
    const auto what = named(facts, Family::access_key);
    const auto confidence = what == Named::elsewhere ? std::nullopt : confidence_of(facts, what);
    if (!confidence) {
        return std::nullopt;
    }
    const bool seen = facts.authorization.key_id.has_value();
    Judgement judgement{
        .confidence = *confidence,
        .summary = summary_of(facts),
        .fix = "set the right SecretId; check how the program gets it",
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    if (seen) {
        judgement.evidence.push_back(
            {Seen::request, "length of the id", std::to_string(facts.authorization.key_id->size())}
        );
    }
    judgement.remedies = {
        {Actor::caller, step_for(facts)},
        {Actor::account_owner, "The ids that exist are listed in the CAM console under API keys, by user."},
    };
    return judgement;
}

} // namespace

extern const Cause access_key_malformed;

constexpr Cause access_key_malformed{
    .token = "access-key-malformed",
    .title = "The access key id is not a SecretId",
    .explanation =
        {
            .meaning =
                "What the request gives as its access key id cannot be one: it is empty, a placeholder, cut, "
                "has blanks or quotation marks, or belongs to another cloud.",
            .reason = "COS looks the id up before anything else. A SecretId begins with AKID and has 36 "
                      "letters and "
                      "digits; temporary ones are longer.",
            .evidence = "`certain` when COS names InvalidAccessKeyId and the id in the request visibly is "
                        "none, or is "
                        "misshapen where COS complains about the form. A good shape with such a complaint is "
                        "`likely`.",
            .change =
                "The caller corrects the configuration. Usual slips: a variable that is not set in the build "
                "or container, a template that was not filled in, a line end copied along.",
            .confused = "access-key-unknown: a well-formed id that does not exist or is disabled.",
        },
    .chinese =
        {
            .title = "访问密钥 ID 不是 SecretId",
            .explanation =
                {
                    .meaning = "请求给出的密钥 ID 不可能是 "
                               "SecretId：为空、是占位符、被截断、含空格或引号，或属于别家云。",
                    .reason =
                        "COS 首先查找这个 ID。SecretId 以 AKID 开头，共 36 位字母和数字；临时密钥更长。",
                    .evidence = "COS 返回 InvalidAccessKeyId 且 ID 明显不是 SecretId，或 COS "
                                "指出格式错误而形状确实不对：`certain`。形状正常时为 `likely`。",
                    .change =
                        "调用方修正配置。常见疏忽：构建或容器里没有设置变量、模板没有填写、复制时带了换行。",
                    .confused = "access-key-unknown：格式正确但不存在或已禁用的 ID。",
                },
        },
    .source =
        {"403 Error for COS Access",
         "Message: \"InvalidAccessKeyId\"",
         "https://www.tencentcloud.com/document/product/436/40105",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes
