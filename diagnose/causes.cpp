// SPDX-License-Identifier: Apache-2.0
#include "diagnose/causes.hpp"

#include <algorithm>

namespace cosdiag {

namespace causes {

extern const Cause client_distrusts_ca, not_from_cos, cors_denied, referer_denied, object_archived;
extern const Cause access_key_malformed, security_token_missing, temporary_key_expired, access_key_unknown;
extern const Cause sign_time_malformed, signature_expired, signature_not_yet_valid, clock_skewed;
extern const Cause signed_host_differs, signed_header_changed, signed_path_differs, signed_parameter_differs;
extern const Cause signed_method_differs, wrong_secret_key, signature_mismatch;
extern const Cause copy_source_denied, temporary_key_scope, anonymous_request, permission_denied;
extern const Cause strict_signature, post_policy_mismatch, post_policy_expired, path_style_forbidden;
extern const Cause download_forbidden, bucket_owner_required, service_role_missing, ci_queue_unavailable;
extern const Cause legacy_api_domain, security_token_mismatch, other_account_bucket;
extern const Cause unexplained;

namespace {

constexpr const Cause* table[] = {
    &client_distrusts_ca,
    &legacy_api_domain,
    &not_from_cos,
    &cors_denied,
    &object_archived,
    &path_style_forbidden,
    &download_forbidden,
    &post_policy_expired,
    &post_policy_mismatch,
    &strict_signature,
    &bucket_owner_required,
    &ci_queue_unavailable,
    &access_key_malformed,
    &security_token_missing,
    &security_token_mismatch,
    &temporary_key_expired,
    &access_key_unknown,
    &sign_time_malformed,
    &signature_expired,
    &signature_not_yet_valid,
    &clock_skewed,
    &signed_method_differs,
    &other_account_bucket,
    &copy_source_denied,
    &permission_denied,
    &anonymous_request,
    &temporary_key_scope,
    &referer_denied,
    &service_role_missing,
    &wrong_secret_key,
    &signed_host_differs,
    &signed_header_changed,
    &signed_path_differs,
    &signed_parameter_differs,
    &signature_mismatch,
    &unexplained,
};

} // namespace
} // namespace causes

std::span<const Cause* const> all_causes() noexcept
{
    return causes::table;
}

const Cause* find_cause(std::string_view token) noexcept
{
    const auto all = all_causes();
    const auto at =
        std::find_if(all.begin(), all.end(), [token](const Cause* cause) { return cause->token == token; });
    return at == all.end() ? nullptr : *at;
}

} // namespace cosdiag
