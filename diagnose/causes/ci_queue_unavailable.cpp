// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

std::string bucket_of(const Facts& facts)
{
    return facts.call.bucket.empty() ? std::string("the bucket") : facts.call.bucket;
}

/// A bucket is bound to the service once; asking for it again is refused.
Judgement bound_already(const Facts& facts)
{
    return {
        .confidence = Confidence::certain,
        .summary = join(bucket_of(facts), " is bound to data processing already"),
        .fix = "leave out the step that binds the bucket: it is done",
        .evidence = {},
        .remedies =
            {{Actor::caller,
              "Ask first whether the bucket is bound (GET /mediabucket), and bind it only if it is not."},
             {Actor::bucket_owner,
              "To bind it anew, for another region or service: unbind it in the console of Cloud Infinite."}},
        .policy = {},
    };
}

Judgement not_taking(const Facts& facts, std::string_view state, std::string_view fix)
{
    return {
        .confidence = Confidence::certain,
        .summary = join("the processing queue of ", bucket_of(facts), " ", state),
        .fix = std::string(fix),
        .evidence = {},
        .remedies =
            {{Actor::bucket_owner,
              "In Cloud Infinite, look at the queue of this bucket: its state, and the jobs that wait in "
              "it."},
             {Actor::caller, "Repeat the job later, with growing pauses; the key and its rights are fine."}},
        .policy = {},
    };
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (named(facts, Family::ci_queue) != Named::here) {
        return std::nullopt;
    }
    const std::string_view told = facts.family_text;
    auto judgement = told == "QueuePaused" ? not_taking(facts, "is paused", "set the queue to Active")
                     : told == "QueueSaturated"
                         ? not_taking(facts, "is full", "send jobs more slowly, or after earlier ones ended")
                         : bound_already(facts);
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    return judgement;
}

} // namespace

extern const Cause ci_queue_unavailable;

constexpr Cause ci_queue_unavailable{
    .token = "ci-queue-unavailable",
    .title = "The processing queue does not take jobs",
    .explanation =
        {
            .meaning =
                "The job was understood and allowed, but the queue it belongs to does not take it now; or a "
                "bucket was to be bound to the service that is bound already.",
            .reason = "Each bucket has queues for its media jobs. A queue can be paused, and it holds only "
                      "so many jobs. A bucket is bound to the service once.",
            .evidence = "COS names the state in Code or Message: `certain`.",
            .change = "The bucket owner sets the queue to Active; the caller sends fewer jobs at once, or "
                      "leaves the "
                      "binding out.",
            .confused = "permission-denied: no right is missing here.",
        },
    .chinese =
        {
            .title = "处理队列不接受任务",
            .explanation =
                {
                    .meaning = "任务已被理解并允许，但它所属的队列现在不接收；或要绑定的存储桶早已绑定。",
                    .reason = "每个存储桶有自己的媒体处理队列。队列可以暂停，也只能容纳有限的任务。存储桶只需"
                              "绑定一次。",
                    .evidence = "COS 在 Code 或 Message 里直接给出状态：`certain`。",
                    .change = "存储桶所有者把队列设为 Active；调用方减少同时提交的任务，或去掉绑定这一步。",
                    .confused = "permission-denied：这里不缺任何权限。",
                },
        },
    .source =
        {"Updating Media Processing Queue",
         "Request Body",
         "https://www.tencentcloud.com/document/product/1045/72940",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes
