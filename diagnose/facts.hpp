// SPDX-License-Identifier: Apache-2.0
// All that a judge may know of an exchange, read once. What was not seen is absent; absent never means no.
// Borrowed: views point into the exchange.
#pragma once

#include "diagnose/action.hpp"
#include "diagnose/authorization.hpp"
#include "diagnose/cos_clock.hpp"
#include "diagnose/cos_error.hpp"
#include "diagnose/endpoint.hpp"
#include "diagnose/exchange.hpp"
#include "diagnose/form.hpp"
#include "diagnose/query.hpp"
#include "diagnose/redaction.hpp"
#include "diagnose/secret.hpp"
#include "diagnose/signature/http_string.hpp"
#include "diagnose/signature/signature_check.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag {

/// What kind of refusal COS names, in Code or in Message.
enum class Family {
    unsaid,                ///< no Code and no Message were seen: HEAD, a body not kept
    denied_without_reason, ///< AccessDenied, and the Message was not seen
    access_denied,         ///< `Access Denied.`
    no_signature,          ///< COS found no signature
    copy_source,           ///< the source of a copy could not be read
    cors,                  ///< AccessForbidden
    referer,               ///< the hotlink rule
    access_key,            ///< InvalidAccessKeyId
    archived,              ///< InvalidObjectState
    skewed,                ///< RequestTimeTooSkewed
    expired,               ///< Request has expired
    signature,             ///< SignatureDoesNotMatch
    strict_signature,      ///< the bucket wants more to be signed
    post_policy,           ///< a form against its policy's conditions
    post_expired,          ///< a form after its policy's expiration
    path_style,            ///< PathStyleDomainForbidden
    download,              ///< DownloadForbidden
    bucket_owner,          ///< UserNotSourceBucketOwner, UserNotTargetBucketOwner
    ci_role,               ///< data processing lacks its role or its binding
    ci_queue,              ///< data processing does not take jobs
    other,                 ///< named, and none of these
};

/// What InvalidAccessKeyId says about the key.
enum class KeyComplaint { none, format, unknown };

/// A sign that something other than COS wrote the answer.
struct ForeignMark {
    std::string_view where; ///< name of the field, or `body`
    std::string value;
};

/// What COS's HttpString must have been, and how it compares with the one COS shows.
struct SignedString {
    HttpString rebuilt;
    bool theirs_seen = false;          ///< the answer holds a FormatString
    std::optional<bool> theirs_agrees; ///< its SHA-1 is the one in the StringToSign
    bool at_odds =
        false; ///< the StringToSign is of another text than the one shown or sent, or of another time
    std::vector<Difference> differences; ///< empty too when theirs was not seen
};

struct Facts {
    std::string_view method, scheme, host;
    std::span<const Field> request_fields, response_fields;
    Target target;
    Endpoint endpoint;
    Call call;
    bool form_upload = false;
    std::optional<Form> form; ///< as far as it was kept; absent when nothing of it was
    Authorization authorization;
    Secrets secrets; ///< of request and answer; the texts of `error` and `foreign` are without them
    KeyShape key_shape = KeyShape::odd; ///< of authorization.key_id, where there is one
    std::string shown_key;              ///< the id, cut; empty where there is none
    std::string key_appid;              ///< of the account the key belongs to, where the settings tell
    bool temporary_key =
        false; ///< the id has that shape, or a token came along and it has not a permanent one's

    unsigned status = 0;
    std::optional<CosError> error;
    Family family = Family::unsaid;
    std::string family_text; ///< the Code or Message that names it, without its full stop
    KeyComplaint key_complaint = KeyComplaint::none;
    std::string request_id;
    std::optional<CosClock> clock;
    std::optional<SignedString> signed_string; ///< for COS signatures in header or query that may not match
    std::optional<SignatureCheck> signature_check; ///< where the secret for this id is configured
    bool from_cos = false;                         ///< the answer bears a mark of COS
    std::optional<ForeignMark> foreign;

    std::optional<BrokenHandshake> handshake; ///< then nothing else has been seen but the host

    Recollection memory; ///< what passed before
    std::span<const BucketDocument> documents;

    Seconds our_clock = 0;             ///< when the answer arrived, by our clock
    std::optional<Seconds> our_offset; ///< our clock minus COS's, when that is known
    Seconds our_slack =
        1; ///< how far off that may be: what the exchange took, and that a Date has whole seconds

    [[nodiscard]] std::optional<std::string_view> asked(std::string_view name) const noexcept;
    [[nodiscard]] std::optional<std::string_view> answered(std::string_view name) const noexcept;
    /// The Code and Message as COS wrote them, empty where absent.
    [[nodiscard]] std::string_view code() const noexcept;
    [[nodiscard]] std::string_view message() const noexcept;
};

Facts read_facts(const Exchange& exchange);

} // namespace cosdiag
