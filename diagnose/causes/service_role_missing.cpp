// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

std::optional<Judgement> judge(const Facts& facts)
{
    const bool on_name = named(facts, Family::ci_role) == Named::here;
    const bool on_ci_host = facts.endpoint.kind == EndpointKind::ci && facts.family == Family::access_denied;
    if (!on_name && !on_ci_host) {
        return std::nullopt;
    }
    Judgement judgement{
        .confidence = on_name ? Confidence::likely : Confidence::possible,
        .summary = join(
            "data processing may not act on ", place_of(facts), ": its service role or binding is missing"
        ),
        .fix = "have the account's owner open Cloud Infinite once and accept its service authorization",
        .evidence = {{Seen::request, "Host", shortened(facts.host, 100)}},
        .remedies =
            {{Actor::account_owner,
              "In the console, open Cloud Infinite, accept the service authorization (it makes the role), "
              "and bind the bucket."},
             {Actor::account_owner,
              "Then allow the sub-user the action of Cloud Infinite that it calls, name/ci:…, on this "
              "bucket."}},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    return judgement;
}

} // namespace

extern const Cause service_role_missing;

constexpr Cause service_role_missing{
    .token = "service-role-missing",
    .title = "Data processing has not been allowed to reach the bucket",
    .explanation =
        {
            .meaning = "Images, media and documents are processed by Cloud Infinite, which needs a role in "
                       "your account to reach the bucket.",
            .reason = "The role is made when the account's owner first opens the service and agrees. Without "
                      "it, or "
                      "without the bucket being bound, requests are refused whatever the caller may do.",
            .evidence = "COS names it: NoProcessAuthority or QcloudApiRoleNotExist is `likely` this. On a "
                        "host of Cloud Infinite a plain denial makes it `possible`.",
            .change =
                "The account's owner opens the service, accepts the authorization and binds the bucket.",
            .confused = "permission-denied: there the caller's own right is missing.",
        },
    .chinese =
        {
            .title = "数据处理服务没有访问存储桶的授权",
            .explanation =
                {
                    .meaning = "图片、媒体和文档由数据万象处理，它需要账号里的一个角色才能访问存储桶。",
                    .reason = "账号所有者首次打开该服务并同意授权时会创建角色。没有角色或没有绑定存储桶，无论"
                              "调用方有什么权限都会被拒绝。",
                    .evidence = "COS 返回 NoProcessAuthority 或 "
                                "QcloudApiRoleNotExist：`likely`。数据万象域名上的普通拒绝：`possible`。",
                    .change = "账号所有者开通服务、同意授权并绑定存储桶。",
                    .confused = "permission-denied：那里缺的是调用方自己的权限。",
                },
        },
    .source =
        {"Error Codes",
         "4XX Error Codes",
         "https://www.tencentcloud.com/document/product/436/7730",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes
