// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

std::string_view state_of(const Facts& facts) noexcept
{
    const auto code = facts.code();
    return code == "QueuePaused"                ? "is paused"
           : code == "MediaBucketAlreadyBinded" ? "is bound already"
                                                : "is full";
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (named(facts, Family::ci_queue) != Named::here) {
        return std::nullopt;
    }
    const auto state = state_of(facts);
    Judgement judgement{
        .confidence = Confidence::certain,
        .summary = join("the processing queue of ", place_of(facts), " ", state),
        .fix = state == "is full"     ? "send jobs more slowly, or after earlier ones have ended"
               : state == "is paused" ? "set the queue to Active"
                                      : "use the binding that is there",
        .evidence = {},
        .remedies =
            {{Actor::bucket_owner,
              "In Cloud Infinite, look at the queue of this bucket: its state, and the jobs that wait in "
              "it."},
             {Actor::caller, "Repeat the job later, with growing pauses; the key and its rights are fine."}},
        .policy = {},
    };
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
                "The job was understood and allowed, but the queue it belongs to does not take it now.",
            .reason = "Each bucket has queues for its media jobs. A queue can be paused, and it holds only "
                      "so many jobs.",
            .evidence = "COS names the state in its Code: `certain`.",
            .change = "The bucket owner sets the queue to Active; the caller sends fewer jobs at once.",
            .confused = "permission-denied: no right is missing here.",
        },
    .chinese =
        {
            .title = "处理队列不接受任务",
            .explanation =
                {
                    .meaning = "任务已被理解并允许，但它所属的队列现在不接收。",
                    .reason = "每个存储桶有自己的媒体处理队列。队列可以暂停，也只能容纳有限的任务。",
                    .evidence = "COS 在 Code 里直接给出队列的状态：`certain`。",
                    .change = "存储桶所有者把队列设为 Active；调用方减少同时提交的任务。",
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
