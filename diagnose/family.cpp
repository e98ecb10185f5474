// SPDX-License-Identifier: Apache-2.0
#include "diagnose/family.hpp"

#include "diagnose/text.hpp"

#include <array>

namespace cosdiag {
namespace {

struct Name {
    std::string_view text; ///< whole, or the beginning where `prefix`
    Family family;
    bool prefix = false;
};

/// Seen in real answers (a final full stop aside), or documented in 436/7730, 436/8288 and 436/40105.
constexpr Name names[] = {
    {"Request has expired", Family::expired},
    {"You are denied by bucket referer rule", Family::referer},
    {"Check auth failure because signture empty", Family::no_signature}, // COS's own spelling
    {"Check auth failure because signature empty", Family::no_signature},
    {"AccessForbidden", Family::cors},
    {"CORSResponse:", Family::cors, true},
    {"InvalidAccessKeyId", Family::access_key},
    {"The Access Key Id you provided does not exist", Family::access_key, true},
    {"The access key Id format you provided is invalid", Family::access_key, true},
    {"SignatureDoesNotMatch", Family::signature},
    {"The Signature you specified is invalid", Family::signature, true},
    {"The request signature we calculated does not match", Family::signature, true},
    {"RequestTimeTooSkewed", Family::skewed},
    {"The difference between the request time and the current time is too large", Family::skewed, true},
    {"InvalidObjectState", Family::archived},
    {"The operation is not valid for the object", Family::archived, true},
    {"Strict signature missing", Family::strict_signature, true},
    {"Condition key ", Family::post_policy, true},
    {"You post object request has been expired", Family::post_expired, true},
    {"PathStyleDomainForbidden", Family::path_style},
    {"The bucket you are attempting to access must be addressed", Family::path_style, true},
    {"DownloadForbidden", Family::download},
    {"The APK/IPA file is not allowed", Family::download, true},
    {"UserNotSourceBucketOwner", Family::bucket_owner},
    {"UserNotTargetBucketOwner", Family::bucket_owner},
    {"NoProcessAuthority", Family::ci_role},
    {"QcloudApiRoleNotExist", Family::ci_role},
    {"QueueSaturated", Family::ci_queue},
    {"QueuePaused", Family::ci_queue},
    {"MediaBucketAlreadyBinded", Family::ci_queue},
    {"Failed to query the state of source object", Family::copy_source, true},
};

std::string_view without_stop(std::string_view text) noexcept
{
    text = trimmed(text);
    if (text.ends_with('.')) {
        text.remove_suffix(1);
    }
    return text;
}

std::optional<Family> named_by(std::string_view text) noexcept
{
    for (const auto& name : names) {
        if (name.prefix ? text.starts_with(name.text) : text == name.text) {
            return name.family;
        }
    }
    return std::nullopt;
}

/// `Access Denied` is the guide's name of the family, `AccessDenied` the Code of many.
bool is_plain_denial(std::string_view text) noexcept
{
    return text == "Access Denied" || text == "AccessDenied";
}

} // namespace

Naming read_family(const std::optional<std::string>& code, const std::optional<std::string>& message) noexcept
{
    const auto code_text = without_stop(code ? std::string_view(*code) : std::string_view{});
    const auto message_text = without_stop(message ? std::string_view(*message) : std::string_view{});
    const auto by_code = named_by(code_text);
    const auto by_message = named_by(message_text);
    if (by_code) { // where both name it, the longer one says more
        const bool message_says_more = by_message == by_code && message_text.size() > code_text.size();
        return {*by_code, message_says_more ? message_text : code_text};
    }
    const bool denied = is_plain_denial(code_text);
    const bool open = denied || code_text.empty() || code_text == "Forbidden";
    if (open && by_message) {
        return {*by_message, message_text};
    }
    if (code_text == "Access Denied" || (open && is_plain_denial(message_text))) {
        return {Family::access_denied, code_text == "Access Denied" ? code_text : message_text};
    }
    if (!message_text.empty()) {
        return {Family::other, {}};
    }
    if (denied) {
        return {Family::denied_without_reason, {}};
    }
    return {code_text.empty() ? Family::unsaid : Family::other, {}};
}

bool is_refusal(std::string_view code, std::string_view message) noexcept
{
    const auto text = code.empty() ? message : code;
    return named_by(text) || is_plain_denial(text);
}

std::span<const std::string_view> refusal_phrases() noexcept
{
    static constexpr auto phrases = [] {
        std::array<std::string_view, std::size(names) + 2> all{"AccessDenied", "Access Denied"};
        for (std::size_t at = 0; at < std::size(names); ++at) {
            all[at + 2] = names[at].text;
        }
        return all;
    }();
    return phrases;
}

KeyComplaint read_key_complaint(std::string_view text) noexcept
{
    if (text.starts_with("The access key Id format")) {
        return KeyComplaint::format;
    }
    return text.starts_with("The Access Key Id you provided does not exist") ? KeyComplaint::unknown
                                                                             : KeyComplaint::none;
}

} // namespace cosdiag
