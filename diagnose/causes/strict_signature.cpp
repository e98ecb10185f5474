// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

/// What strict signatures want signed and this one leaves out, as far as the request shows it.
std::string unsigned_names(const Facts& facts, bool parameters)
{
    std::string names;
    const auto add = [&names](std::string_view name) {
        names += names.empty() ? "" : ", ";
        names += shortened(lowered(name), 60);
    };
    if (parameters) {
        const auto list = join(";", lowered(facts.authorization.param_list.value_or("")), ";");
        for (const auto& parameter : facts.target.parameters) {
            const auto name = lowered(percent_encoded(parameter.name));
            const bool credential =
                name.starts_with("q-") || name.starts_with("x-cos-security-token") || name == "sign";
            if (!credential && list.find(join(";", name, ";")) == std::string::npos) {
                add(parameter.name);
            }
        }
        return names;
    }
    for (const std::string_view name : {"host", "content-type", "content-length", "content-md5", "range"}) {
        if (facts.asked(name) && !signs_field(facts, name)) {
            add(name);
        }
    }
    for (const auto& field : facts.request_fields) {
        const auto name = lowered(field.name.substr(0, 80));
        if (name.starts_with("x-cos-") && name != "x-cos-security-token" && !signs_field(facts, name)) {
            add(name);
        }
    }
    return names;
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (named(facts, Family::strict_signature) != Named::here) {
        return std::nullopt;
    }
    const bool parameters = facts.message().find(" param") != std::string_view::npos;
    const std::string_view kind = parameters ? "parameter" : "field";
    const auto names = unsigned_names(facts, parameters);
    const bool one = !names.empty() && names.find(',') == std::string::npos;
    const auto list = shortened(names, 60);
    const auto& list_sent = parameters ? facts.authorization.param_list : facts.authorization.header_list;
    Judgement judgement{
        .confidence = Confidence::likely,
        .summary =
            names.empty()
                ? join("the bucket demands that a ", kind, " be signed which this signature leaves out")
                : join("the bucket demands signed ", kind, "s; not signed here: ", list),
        .fix =
            one ? join("sign ", list, " too")
                : join(
                      "sign every ", kind, " that the bucket's strict signature rule names, host among them"
                  ),
        .evidence =
            {{Seen::request,
              parameters ? "q-url-param-list" : "q-header-list",
              list_sent && !list_sent->empty() ? shortened(*list_sent, 200) : std::string("(none)")},
             {Seen::request, join("sent but not signed"), names.empty() ? "nothing" : shortened(names, 300)}},
        .remedies =
            {{Actor::caller,
              join(
                  "Put the ", kind, "s into the signature and into its list: newer SDKs can sign all of them."
              )},
             {Actor::bucket_owner,
              "See in the bucket's strict signature settings which fields and parameters must be signed."}},
        .policy = {},
    };
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
