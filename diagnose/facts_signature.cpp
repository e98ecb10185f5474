// SPDX-License-Identifier: Apache-2.0
#include "diagnose/facts_signature.hpp"

#include "diagnose/digest.hpp"
#include "diagnose/signature/aws_v2_request.hpp"
#include "diagnose/text.hpp"

#include <utility>

namespace cosdiag {
namespace {

SignedParts parts_of(const Facts& facts)
{
    const auto& [header_list, param_list] =
        std::tie(facts.authorization.header_list, facts.authorization.param_list);
    return {
        .method = facts.method,
        .target = facts.target,
        .fields = facts.request_fields,
        .host = facts.host,
        .header_list = header_list ? *header_list : std::string_view{},
        .param_list = param_list ? *param_list : std::string_view{},
    };
}

bool is_at_odds(const Facts& facts, const SignedString& found)
{
    if (!facts.error || !facts.error->string_to_sign) {
        return false;
    }
    const auto shown = read_string_to_sign(*facts.error->string_to_sign);
    if (facts.authorization.sign_time && shown.time != *facts.authorization.sign_time) {
        return true;
    }
    return found.theirs_seen ? !found.theirs_agrees.value_or(true)
                             : !same_name(shown.digest, sha1_hex(found.rebuilt.text()));
}

void read_cos_signature(Facts& facts, const Exchange& exchange)
{
    const auto parts = parts_of(facts);
    SignedString found;
    found.rebuilt = rebuild_http_string(parts);
    std::string_view theirs;
    if (facts.error && facts.error->format_string) {
        const auto prefix = facts.call.path_style ? join("/", facts.call.bucket) : std::string();
        theirs = *facts.error->format_string;
        found.theirs_seen = true;
        found.theirs_agrees = strings_agree(*facts.error);
        found.differences = compare(found.rebuilt, theirs, prefix);
    }
    found.at_odds = is_at_odds(facts, found);
    facts.signature_check =
        check_signature({parts, found.rebuilt, facts.authorization, theirs}, exchange.identities);
    facts.signed_string = std::move(found);
}

/// A host of one's own does not tell which bucket is behind it, so what it signs cannot be known.
void read_aws_v2_signature(Facts& facts, const Exchange& exchange)
{
    const auto& bucket = facts.call.bucket;
    if (facts.endpoint.kind == EndpointKind::not_cos && bucket.empty()) {
        return;
    }
    const auto parts = parts_of(facts);
    facts.signature_check = check_aws_v2_signature(
        {parts, bucket, facts.call.path_style, facts.authorization.presigned()},
        facts.authorization,
        exchange.identities
    );
}

} // namespace

void read_signature(Facts& facts, const Exchange& exchange)
{
    const auto& authorization = facts.authorization;
    const bool in_question = (facts.family == Family::signature || facts.family == Family::unsaid) &&
                             facts.target.credentials == Misplaced::nowhere; // the rest of them was cut off
    const bool in_form = authorization.carrier == Carrier::form;
    if (!in_question) {
        return;
    }
    if (in_form) {
        if (facts.form && authorization.scheme == SignatureScheme::cos) {
            facts.signature_check = check_form_signature(*facts.form, authorization, exchange.identities);
        }
    } else if (authorization.scheme == SignatureScheme::cos) {
        read_cos_signature(facts, exchange);
    } else if (authorization.scheme == SignatureScheme::aws_v2) {
        read_aws_v2_signature(facts, exchange);
    } else if (authorization.scheme == SignatureScheme::aws_v4) {
        facts.signature_check = check_aws_v4_signature(parts_of(facts), authorization, exchange.identities);
    }
}

} // namespace cosdiag
