// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/signature/variant_spelling.hpp"
#include "diagnose/text.hpp"

#include <vector>

namespace cosdiag::causes {
namespace {

/// Tiers and their times: 436/12633, request body, `Tier`.
std::string tier_words(std::string_view storage_class)
{
    if (storage_class == "DEEP_ARCHIVE") {
        return "Standard takes 12 to 24 hours, Bulk 24 to 48; there is no Expedited.";
    }
    if (storage_class == "ARCHIVE") {
        return "Expedited takes 1 to 5 minutes, Standard 3 to 5 hours, Bulk 5 to 12.";
    }
    return "From ARCHIVE, Standard takes 3 to 5 hours; from DEEP_ARCHIVE, 12 to 24.";
}

/// The version that a copy reads, or the one that the request itself names.
std::string version_of(const Facts& facts)
{
    constexpr std::string_view name = "?versionId=";
    if (facts.call.source) {
        const auto cos = facts.asked("x-cos-copy-source");
        const auto text = percent_decoded((cos ? cos : facts.asked("x-amz-copy-source")).value_or(""));
        const auto at = text.find(name);
        return at == std::string::npos
                   ? std::string()
                   : join("&versionId=", percent_encoded(shortened(text.substr(at + name.size()), 64)));
    }
    const auto* const version = facts.target.find("versionId");
    return version == nullptr ? std::string() : join("&versionId=", percent_encoded(version->value));
}

/// Path and query of the call that restores the object, and whose bucket it goes to where that is another.
std::string restore_call(const Facts& facts)
{
    const auto& source = facts.call.source;
    const auto path = source ? join("/", path_encoded(source->key)) : std::string(facts.target.raw_path);
    return join(
        "POST ",
        shortened(path, 300),
        "?restore",
        version_of(facts),
        source && !source->bucket.empty() ? join(" to ", source->bucket) : std::string()
    );
}

std::vector<Remedy> steps_for(const Facts& facts, std::string_view storage_class)
{
    return {
        {Actor::caller,
         join(
             "Send ",
             restore_call(facts),
             " with Content-MD5 and the body "
             "<RestoreRequest><Days>1</Days><CASJobParameters><Tier>Standard</Tier>"
             "</CASJobParameters></RestoreRequest>; it needs name/cos:PostObjectRestore."
         )},
        {Actor::caller, join("Wait: ", tier_words(storage_class))},
        {Actor::caller,
         "See how far it is: HEAD of the object answers x-cos-restore with ongoing-request=\"false\" when "
         "done."},
        {Actor::bucket_owner, "If it is read often: keep it out of the lifecycle rule that archives it."},
    };
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (named(facts, Family::archived) != Named::here) {
        return std::nullopt;
    }
    const auto told = facts.answered("x-cos-storage-class") ? facts.answered("x-cos-storage-class")
                                                            : facts.answered("x-amz-storage-class");
    const bool recalled = !told && facts.memory.storage_class.ends_with("ARCHIVE");
    const auto storage_class = told.value_or(recalled ? facts.memory.storage_class : std::string_view{});
    const bool proven = storage_class == "ARCHIVE" || storage_class == "DEEP_ARCHIVE";
    const bool copy = facts.call.source.has_value();
    const auto object = copy ? join(
                                   "the copy source ",
                                   shortened(join(facts.call.source->bucket, "/", facts.call.source->key), 70)
                               )
                             : place_of(facts);
    Judgement judgement{
        .confidence = proven ? Confidence::certain : Confidence::likely,
        .summary = join(
            object,
            " is archived",
            proven ? join(" (", storage_class, ")") : std::string(),
            " and has to be restored before it can be read"
        ),
        .fix = "restore it (POST ?restore), wait, then read it again",
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    add_answer(judgement, facts);
    if (recalled) {
        judgement.evidence.push_back({Seen::memory, "storage class", std::string(storage_class)});
    }
    if (told) {
        judgement.evidence.push_back({Seen::response, "storage class", shortened(*told, 40)});
    }
    judgement.remedies = steps_for(facts, storage_class);
    return judgement;
}

} // namespace

extern const Cause object_archived;

constexpr Cause object_archived{
    .token = "object-archived",
    .title = "The object is archived and not restored",
    .explanation =
        {
            .meaning = "The object is in ARCHIVE or DEEP ARCHIVE. It can be listed, inspected and deleted, "
                       "but not read until a restored copy of it exists.",
            .reason = "Archived data is off line. A restore makes a readable copy for a number of days; when "
                      "these are over, the object is as unreadable as before.",
            .evidence =
                "COS says InvalidObjectState. `certain` when the answer also tells the storage class, "
                "`likely` when not.",
            .change =
                "The caller asks for a restore and waits: minutes with Expedited, hours with Standard or "
                "Bulk. "
                "Whoever owns the lifecycle rules decides whether this object should be archived at all.",
            .confused =
                "permission-denied: rights have nothing to do with it. RestoreAlreadyInProgress is a 409: "
                "somebody has asked already.",
        },
    .chinese =
        {
            .title = "对象已归档，尚未恢复",
            .explanation =
                {
                    .meaning =
                        "对象是归档或深度归档类型：可以列出、查看属性和删除，但在恢复出副本之前不能读取。",
                    .reason = "归档数据是离线的。恢复会生成一份可读若干天的副本；到期后又和之前一样不可读。",
                    .evidence =
                        "COS 返回 InvalidObjectState。返回中带有存储类型时为 `certain`，否则为 `likely`。",
                    .change = "调用方发起恢复并等待：快速模式几分钟，标准或批量模式几小时。由生命周期规则的所"
                              "有者决定这个对象该不该归档。",
                    .confused = "permission-denied：与权限无关。RestoreAlreadyInProgress 是 "
                                "409，说明已有人发起恢复。",
                },
        },
    .source =
        {"POST Object restore",
         "Request body",
         "https://www.tencentcloud.com/document/product/436/12633",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes
