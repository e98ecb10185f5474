// SPDX-License-Identifier: Apache-2.0
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {

Confidence by_comparison(const Facts& facts, const Difference& difference) noexcept
{
    const bool sound = facts.signed_string && facts.signed_string->theirs_agrees.value_or(false);
    return sound && !difference.ambiguous ? Confidence::certain : Confidence::likely;
}

const Difference* find_difference(const Facts& facts, Piece piece) noexcept
{
    if (!facts.signed_string || facts.family != Family::signature) {
        return nullptr;
    }
    const auto& all = facts.signed_string->differences;
    const auto at =
        std::find_if(all.begin(), all.end(), [piece](const Difference& one) { return one.piece == piece; });
    return at == all.end() ? nullptr : &*at;
}

bool missing_at_cos(const Facts& facts, std::string_view name)
{
    if (facts.family != Family::signature || !facts.error || !facts.signed_string ||
        !facts.signed_string->theirs_agrees.value_or(false)) {
        return false;
    }
    const auto& text = *facts.error->format_string;
    const auto pair = join(lowered(percent_encoded(name)), "=");
    return text.find(join("\n", pair)) == std::string::npos &&
           text.find(join("&", pair)) == std::string::npos;
}

bool is_asked_directly(const Facts& facts) noexcept
{
    return facts.endpoint.kind != EndpointKind::cdn && facts.endpoint.kind != EndpointKind::not_cos &&
           !facts.answered("x-nws-log-uuid") && !facts.answered("eo-log-uuid");
}

bool secret_decides(const Facts& facts) noexcept
{
    if (!facts.signature_check) {
        return false;
    }
    const auto& check = *facts.signature_check;
    if (check.bug) {
        return true;
    }
    const auto& strings = facts.signed_string;
    if (check.fits_theirs) {
        return !strings || !strings->at_odds;
    }
    const bool arrived =
        strings && strings->theirs_seen ? false : is_asked_directly(facts) && !(strings && strings->at_odds);
    return check.fits_request && arrived;
}

std::optional<Judgement> signed_otherwise(const Facts& facts, Piece piece)
{
    if (!facts.signature_check || !facts.signature_check->bug || facts.signature_check->bug->piece != piece) {
        return std::nullopt;
    }
    const auto& bug = *facts.signature_check->bug;
    const auto earned = by_arithmetic(facts, named(facts, Family::signature));
    Judgement judgement{
        .confidence = bug.sure ? earned : less_sure(earned),
        .summary = join("the client signed ", bug.what),
        .fix = bug.fix,
        .evidence = {},
        .remedies = {{Actor::caller, join("In what makes the signature: ", bug.fix, ".")}},
        .policy = {},
    };
    if (!bug.signed_as.empty() || !bug.expected.empty()) {
        const auto add = [&](std::string_view what, std::string_view value) {
            judgement.evidence.push_back({Seen::request, std::string(what), shown_value(bug.name, value)});
        };
        add("as signed", bug.signed_as);
        add("as documented", bug.expected);
    }
    add_check(judgement, facts);
    add_answer(judgement, facts);
    return judgement;
}

void add_check(Judgement& judgement, const Facts& facts)
{
    if (!facts.signature_check) {
        return;
    }
    const auto& check = *facts.signature_check;
    judgement.evidence.push_back({Seen::config, "SecretKey of", check.identity});
    std::string result = check.fits_theirs    ? "gives this signature for COS's FormatString"
                         : check.fits_request ? "gives this signature for the request as it was sent"
                         : check.bug          ? join("gives this signature for ", check.bug->what)
                                              : join(
                                           "gives another signature for the documented text and for ",
                                           std::to_string(check.tried),
                                           " known mistakes"
                                       );
    judgement.evidence.push_back({Seen::config, "that SecretKey", std::move(result)});
}

std::string shown_value(std::string_view name, std::string_view value)
{
    if (value.empty()) {
        return "(none)";
    }
    if (is_secret_name(name)) {
        return join("(", std::to_string(value.size()), " characters)");
    }
    return shortened(with_keys_masked(without_secret_values(value)), 200);
}

void add_difference(Judgement& judgement, const Difference& difference)
{
    const auto what = difference.name.empty() ? std::string() : join(" ", shortened(difference.name, 60));
    const auto add = [&](Seen from, std::string_view who, std::string_view value) {
        judgement.evidence.push_back({from, join(who, what), shown_value(difference.name, value)});
    };
    add(Seen::request, "as sent:", difference.ours);
    add(Seen::response, "as COS received it:", difference.theirs);
}

bool lists_name(std::string_view list, std::string_view name) noexcept
{
    while (!list.empty()) {
        const auto end = std::min(list.find(';'), list.size());
        if (same_name(trimmed(list.substr(0, end)), name)) {
            return true;
        }
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

bool signs_field(const Facts& facts, std::string_view name) noexcept
{
    return facts.authorization.header_list && lists_name(*facts.authorization.header_list, name);
}

} // namespace cosdiag
