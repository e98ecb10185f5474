// SPDX-License-Identifier: Apache-2.0
// What several judges need: the family rule, and the words they share.
#pragma once

#include "diagnose/diagnosis.hpp"
#include "diagnose/facts.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cosdiag {

/// Whether COS speaks of a family. A judge whose family is `elsewhere` is silent.
enum class Named { here, nothing, elsewhere };

Named named(const Facts& facts, Family family) noexcept;

/// One degree less sure; `possible` stays.
Confidence less_sure(Confidence confidence) noexcept;

/// The confidence that arithmetic earns: certain when COS names the family, likely when it names none; a
/// degree less when COS's own clocks disagree.
Confidence by_arithmetic(const Facts& facts, Named what) noexcept;

/// The window in which the signature holds, whatever its scheme. Empty when the request does not tell.
std::optional<Window> validity_of(const Facts& facts) noexcept;

/// Whether COS's clock is outside that window. False when either is not known.
bool outside_validity(const Facts& facts) noexcept;

/// How far apart two clocks may be before an edge of a window says anything. Units: seconds.
constexpr Seconds edge = 2;

/// How far a request's time may be from COS's before COS refuses it (436/7730, RequestTimeTooSkewed).
constexpr Seconds allowed_skew = 15 * 60;

/// Whether the key id cannot be one of Tencent Cloud's, whatever COS says of it.
bool is_no_key(const Facts& facts) noexcept;

/// `bucket/key`, shortened for a sentence. What a policy would read as a pattern shows as in a URL: `%2A`.
std::string object_words(std::string_view bucket, std::string_view key);

/// `bucket/key` or `bucket`, shortened for a sentence; `the bucket behind …` when the host does not tell.
std::string place_of(const Facts& facts);

/// `name/cos:GetObject on examplebucket-1250000000/key`, for a sentence.
std::string wish_of(const Facts& facts);

/// What a policy has to allow for this call, to follow `allow`.
std::string grant_of(const Facts& facts);

/// Whether the call is on a bucket that is there. Listing buckets and making one are not: no policy and no
/// ACL of a bucket decides on them.
bool is_on_bucket(const Facts& facts) noexcept;

/// `the access key AKIDabcd...wxyz`, without the id where none was seen, and `temporary` where it is.
std::string key_words(const Facts& facts);

/// Where the request asks, without its query: `https://host/path`.
std::string url_of(const Facts& facts);

/// In single quotes for a POSIX shell, without control characters.
std::string shell_quoted(std::string_view text);

/// Code, Message and RequestId as evidence, as far as they are there.
void add_answer(Judgement& judgement, const Facts& facts);

/// How the request is signed, with which key, and whether a token came along.
void add_credentials(Judgement& judgement, const Facts& facts);

/// `q-sign-time` (or what AWS signatures have) and COS's clock.
void add_times(Judgement& judgement, const Facts& facts);

/// What earlier requests of the same key and client say of its clock. Within a minute counts as right: the
/// windows of signatures show it no better.
enum class SignerVerdict { unknown, right, wrong };

SignerVerdict signer_clock_verdict(const Facts& facts) noexcept;

/// Whether a wrong clock, as known from those requests, gives a window that starts there.
bool explained_by_signer_clock(const Facts& facts, Seconds start) noexcept;

/// That clock as evidence, with the bounds of the estimate.
void add_signer_clock(Judgement& judgement, const Facts& facts);

/// Action and resource of each right that the call needs.
void add_rights(Judgement& judgement, const Facts& facts);

/// How sure a difference between the rebuilt string and COS's makes us.
Confidence by_comparison(const Facts& facts, const Difference& difference) noexcept;

/// The first difference of a kind, or null.
const Difference* find_difference(const Facts& facts, Piece piece) noexcept;

/// Whether COS's FormatString, whole by its SHA-1, has no such name at all.
bool missing_at_cos(const Facts& facts, std::string_view name);

/// Whether no CDN or domain of one's own stands before COS, as far as can be seen: these ask COS under other
/// names.
bool is_asked_directly(const Facts& facts) noexcept;

/// Whether the configured secret settles what is wrong with the signature; then judges do not guess.
bool secret_decides(const Facts& facts) noexcept;

/// What the client did otherwise than documented, proven by the secret, if it concerns this piece.
std::optional<Judgement> signed_otherwise(const Facts& facts, Piece piece);

/// The identity whose secret was used, and what it showed.
void add_check(Judgement& judgement, const Facts& facts);

/// A signed value for people: secrets by their length, others shortened, nothing as `(none)`.
std::string shown_value(std::string_view name, std::string_view value);

/// What was sent and what COS shows in its FormatString, for one difference.
void add_difference(Judgement& judgement, const Difference& difference);

/// Whether a list of names, `;` between them, holds a name (lower case).
bool lists_name(std::string_view list, std::string_view name) noexcept;

/// Whether q-header-list holds a name (lower case).
bool signs_field(const Facts& facts, std::string_view name) noexcept;

/// Where a permission on this bucket can be refused although a statement allows it: explicit denies and
/// conditions; and why no statement is offered, where that is so. An empty name is a bucket that was not
/// seen.
void add_permission_steps(Judgement& judgement, const Facts& facts, std::string_view bucket);

/// What this key did before, as far as it bears on a missing right: evidence, and the step to take first.
/// Without a body, a key that was accepted before leaves little else than a missing right: then `possible`
/// becomes `likely`.
void add_grants(Judgement& judgement, const Facts& facts);

/// A document of this bucket that passed by, or null.
const BucketDocument* find_document(const Facts& facts, DocumentKind kind) noexcept;

/// Whether a document passed by so lately that it is likely to be the one in force: an older one proves
/// nothing, it may have been changed by another way.
bool is_fresh(const BucketDocument& document) noexcept;

/// What such a document says of this request, as evidence.
void add_document(Judgement& judgement, const BucketDocument& document, std::string value);

/// What the bucket's policy and ACL say of this call, where they passed by, and where to look first.
void add_access_documents(Judgement& judgement, const Facts& facts);

/// The step that hands a refusal on to somebody who can read COS's side of it.
Remedy ask_with_request_id(const Facts& facts);

} // namespace cosdiag
