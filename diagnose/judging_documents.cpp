// SPDX-License-Identifier: Apache-2.0
// What the bucket's own documents say of a refused call, where they passed by.
#include "diagnose/bucket/access_rules.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"

namespace cosdiag {
namespace {

constexpr Seconds proves_for = 600;

std::string source_of(const BucketDocument& document)
{
    return join(name_of(document.kind), ", seen ", span_in_words(document.ago), " ago");
}

std::string statement_words(const PolicyMatch& match, std::size_t of)
{
    return join(
        "statement ",
        std::to_string(match.number),
        " of ",
        std::to_string(of),
        match.denies ? " denies it to " : " allows it to ",
        match.for_everyone        ? "everyone"
        : match.principal.empty() ? "nobody in particular"
                                  : match.principal,
        match.conditions.empty() ? "" : ", if ",
        match.conditions
    );
}

/// A deny to everyone hits unsigned requests only: the signed ones go by what is said of their user ("access
/// policy evaluation"). Who does not sign is nobody that a statement names.
bool concerns(const PolicyMatch& match, const Authorization& authorization) noexcept
{
    const bool anonymous =
        authorization.presence == Presence::absent || authorization.scheme == SignatureScheme::other;
    if (match.for_everyone) {
        return !match.denies || authorization.presence != Presence::present || anonymous;
    }
    return !anonymous;
}

std::string_view words_aside(const PolicyMatch& match, bool meant) noexcept
{
    return meant ? "" : match.for_everyone ? "; that is for unsigned requests" : "; this request is nobody's";
}

void add_policy(Judgement& judgement, const Facts& facts, const BucketDocument& document)
{
    const auto& right = facts.call.rights.front();
    const auto verdict = check_policy(*document.text, right);
    if (!verdict) {
        return;
    }
    const auto add = [&](std::string value) { add_document(judgement, document, std::move(value)); };
    const PolicyMatch* deny = nullptr;
    const PolicyMatch* conditional = nullptr;
    for (const auto& match : verdict->matches) {
        const bool meant = concerns(match, facts.authorization);
        add(join(statement_words(match, verdict->statements), words_aside(match, meant)));
        if (!meant) {
            continue;
        }
        deny = match.denies && deny == nullptr ? &match : deny;
        conditional =
            !match.denies && !match.conditions.empty() && conditional == nullptr ? &match : conditional;
    }
    auto& steps = judgement.remedies;
    const auto put_first = [&steps](std::string_view step) {
        steps.insert(steps.begin(), {Actor::bucket_owner, shortened(step, 400)});
    };
    if (verdict->matches.empty()) {
        add(verdict->statements == 0
                ? std::string("the bucket has none")
                : join("none of its ", std::to_string(verdict->statements), " statements is about this call")
        );
    } else if (deny != nullptr) {
        put_first(join(
            "In the bucket policy, look first at what denies: ",
            statement_words(*deny, verdict->statements),
            "."
        ));
    } else if (conditional != nullptr) {
        put_first(join(
            "In the bucket policy, check whether the condition held: ",
            statement_words(*conditional, verdict->statements),
            "."
        ));
    }
}

void add_acl(Judgement& judgement, const BucketDocument& document)
{
    const auto acl = read_acl(*document.text);
    if (!acl) {
        return;
    }
    add_document(
        judgement,
        document,
        join(
            "owner ",
            shortened(acl->owner, 40),
            "; everyone: ",
            acl->everyone.empty() ? "nothing" : shortened(acl->everyone, 60),
            acl->named == 0 ? "" : join("; ", std::to_string(acl->named), " other grants")
        )
    );
}

} // namespace

const BucketDocument* find_document(const Facts& facts, DocumentKind kind) noexcept
{
    for (const auto& document : facts.documents) {
        if (document.kind == kind) {
            return &document;
        }
    }
    return nullptr;
}

bool is_fresh(const BucketDocument& document) noexcept
{
    return document.ago <= proves_for;
}

void add_document(Judgement& judgement, const BucketDocument& document, std::string value)
{
    judgement.evidence.push_back({Seen::memory, source_of(document), std::move(value)});
}

void add_access_documents(Judgement& judgement, const Facts& facts)
{
    if (const auto* const policy = find_document(facts, DocumentKind::policy);
        policy != nullptr && !facts.call.rights.empty() && !facts.call.rights.front().resource.empty()) {
        add_policy(judgement, facts, *policy);
    }
    if (const auto* const acl = find_document(facts, DocumentKind::acl)) {
        add_acl(judgement, *acl);
    }
}

} // namespace cosdiag
