// SPDX-License-Identifier: Apache-2.0
#include "diagnose/causes.hpp"

#include <algorithm>

namespace cosdiag {

namespace causes {

extern const Cause not_from_cos, cors_denied, referer_denied, object_archived;
extern const Cause access_key_malformed, security_token_missing, temporary_key_expired, access_key_unknown;
extern const Cause sign_time_malformed, signature_expired, signature_not_yet_valid, clock_skewed;
extern const Cause signed_host_differs, signed_header_changed, signed_path_differs, signed_parameter_differs;
extern const Cause signed_method_differs, wrong_secret_key, signature_mismatch;
extern const Cause copy_source_denied, temporary_key_scope, anonymous_request, permission_denied;
extern const Cause unexplained;

namespace {

constexpr const Cause* table[] = {
    &not_from_cos,
    &cors_denied,
    &referer_denied,
    &object_archived,
    &access_key_malformed,
    &security_token_missing,
    &temporary_key_expired,
    &access_key_unknown,
    &sign_time_malformed,
    &signature_expired,
    &signature_not_yet_valid,
    &clock_skewed,
    &signed_method_differs,
    &copy_source_denied,
    &temporary_key_scope,
    &anonymous_request,
    &permission_denied,
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
