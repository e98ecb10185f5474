// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/signature/aws_v4_request.hpp"
#include "diagnose/text.hpp"

#include <vector>

namespace cosdiag::causes {
namespace {

/// A list of signed names as the signature has it; absent where a scheme has none.
struct SignedNames {
    std::string_view what;
    std::optional<std::string> names;
};

SignedNames signed_names(const Facts& facts, bool parameters)
{
    const auto& authorization = facts.authorization;
    if (authorization.scheme == SignatureScheme::cos) {
        return parameters ? SignedNames{"q-url-param-list", authorization.param_list.value_or("")}
                          : SignedNames{"q-header-list", authorization.header_list.value_or("")};
    }
    if (authorization.scheme == SignatureScheme::aws_v4 && !parameters) {
        const SignedParts parts{facts.method, facts.target, facts.request_fields, facts.host, {}, {}};
        if (auto found = aws_v4::read_signed(parts)) {
            return {"SignedHeaders", std::move(found->names)};
        }
    }
    return {};
}

/// What the request has and the signature leaves out.
std::vector<std::string> unsigned_fields(const Facts& facts, std::string_view list)
{
    std::vector<std::string> names;
    for (const std::string_view name : {"host", "content-type", "content-length", "content-md5", "range"}) {
        if (facts.asked(name) && !lists_name(list, name)) {
            names.emplace_back(name);
        }
    }
    for (const auto& field : facts.request_fields) {
        auto name = lowered(field.name.substr(0, 80));
        const bool vendor = name.starts_with("x-cos-") || name.starts_with("x-amz-");
        if (vendor && !name.ends_with("-security-token") && !lists_name(list, name)) {
            names.push_back(std::move(name));
        }
    }
    return names;
}

std::vector<std::string> unsigned_parameters(const Facts& facts, std::string_view list)
{
    std::vector<std::string> names;
    for (const auto& parameter : facts.target.parameters) {
        const auto name = lowered(percent_encoded(parameter.name));
        const bool credential =
            name.starts_with("q-") || name.starts_with("x-cos-security-token") || name == "sign";
        if (!credential && !lists_name(list, name)) {
            names.push_back(lowered(parameter.name));
        }
    }
    return names;
}

std::string in_a_row(const std::vector<std::string>& names)
{
    std::string row;
    for (const auto& name : names) {
        row += row.empty() ? "" : ", ";
        row += shortened(name, 60);
    }
    return row;
}

std::string fix_for(const Facts& facts, bool parameters, const std::vector<std::string>& names)
{
    if (names.size() == 1) {
        return join("sign ", shortened(names.front(), 60), " too");
    }
    if (facts.authorization.scheme == SignatureScheme::aws_v2) {
        return "sign with COS's own signature or AWS version 4: version 2 covers neither host nor parameters";
    }
    return parameters ? "sign every parameter that the bucket's strict signature rule names"
                      : "sign every field that the bucket's strict signature rule names, host among them";
}

void add_lists(Judgement& judgement, const SignedNames& list, const std::vector<std::string>& names)
{
    if (!list.names) {
        return;
    }
    judgement.evidence.push_back(
        {Seen::request,
         std::string(list.what),
         list.names->empty() ? std::string("(none)") : shortened(*list.names, 200)}
    );
    judgement.evidence.push_back(
        {Seen::request, "sent but not signed", names.empty() ? "nothing" : shortened(in_a_row(names), 300)}
    );
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (named(facts, Family::strict_signature) != Named::here) {
        return std::nullopt;
    }
    const bool parameters = facts.family_text.find(" param") != std::string::npos;
    const std::string_view kind = parameters ? "parameter" : "field";
    const auto list = signed_names(facts, parameters);
    const auto names = !list.names  ? std::vector<std::string>{}
                       : parameters ? unsigned_parameters(facts, *list.names)
                                    : unsigned_fields(facts, *list.names);
    Judgement judgement{
        .confidence = Confidence::likely,
        .summary =
            names.empty()
                ? join("the bucket demands that a ", kind, " be signed which this signature leaves out")
                : join(
                      "the bucket demands signed ",
                      kind,
                      "s; not signed here: ",
                      shortened(in_a_row(names), 60)
                  ),
        .fix = fix_for(facts, parameters, names),
        .evidence = {},
        .remedies =
            {{Actor::caller,
              join(
                  "Put the ", kind, "s into the signature and into its list: newer SDKs can sign all of them."
              )},
             {Actor::bucket_owner,
              "See in the bucket's strict signature settings which fields and parameters must be signed."}},
        .policy = {},
    };
    add_lists(judgement, list, names);
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    return judgement;
}

} // namespace

extern const Cause strict_signature;

constexpr Cause strict_signature{
    .token = "strict-signature",
    .title = "The bucket wants more to be signed",
    .explanation =
        {
            .meaning = "The bucket has strict signatures switched on, and this signature does not cover all "
                       "that they ask for.",
            .reason = "An unsigned field or parameter can be changed on the way. Strict signatures refuse "
                      "requests whose signature leaves Host, parameters or other named fields out.",
            .evidence = "COS says so in its Message. Which names are missing is read from the lists in the "
                        "signature and from what was sent; the rule itself is not seen, so `likely`.",
            .change = "The caller signs all fields and parameters that the rule names. The bucket owner can "
                      "see and change the rule.",
            .confused = "signed-header-changed: there a field was signed and arrived otherwise; here it was "
                        "not signed at all.",
        },
    .chinese =
        {
            .title = "存储桶要求签名包含更多内容",
            .explanation =
                {
                    .meaning = "存储桶开启了严格签名模式，而这个签名没有包含它要求的全部内容。",
                    .reason = "没有签名的头部或参数可能在途中被改动。严格签名模式拒绝没有包含 "
                              "Host、参数或其他指定头部的签名。",
                    .evidence = "COS 在 Message "
                                "里说明。缺少哪些由签名里的列表与实际发送的内容对比得出；规则本身看不到，所以"
                                "是 `likely`。",
                    .change = "调用方把规则要求的头部和参数全部签名。存储桶所有者可以查看和修改规则。",
                    .confused = "signed-header-changed：那里是签了名但到达时变了；这里是根本没有签名。",
                },
        },
    .source =
        {"Strict Signature Mode",
         "Overview",
         "https://www.tencentcloud.com/document/product/436/53892",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes
