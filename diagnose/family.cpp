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
    text = without_stop(text);
    for (const auto& name : names) {
        if (name.prefix ? text.starts_with(name.text) : text == name.text) {
            return name.family;
        }
    }
    return std::nullopt;
}

bool is_plain_denial(std::string_view text) noexcept
{
    text = without_stop(text);
    return text == "Access Denied" || text == "AccessDenied";
}

} // namespace

Family read_family(const std::optional<std::string>& code, const std::optional<std::string>& message) noexcept
{
    const std::string_view code_text = code ? std::string_view(*code) : std::string_view{};
    const std::string_view message_text = message ? std::string_view(*message) : std::string_view{};
    if (const auto family = named_by(code_text)) {
        return *family;
    }
    if (without_stop(code_text) == "Access Denied") { // the guide's name of the family, whatever the Message
        return Family::access_denied;
    }
    const bool denied = is_plain_denial(code_text);
    if (denied || code_text.empty() || code_text == "Forbidden") {
        if (const auto family = named_by(message_text)) {
            return *family;
        }
        if (is_plain_denial(message_text)) {
            return Family::access_denied;
        }
    }
    if (!message_text.empty()) {
        return Family::other;
    }
    if (denied) {
        return Family::denied_without_reason;
    }
    return code_text.empty() ? Family::unsaid : Family::other;
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

KeyComplaint read_key_complaint(std::string_view message) noexcept
{
    if (message.starts_with("The access key Id format")) {
        return KeyComplaint::format;
    }
    return message.starts_with("The Access Key Id you provided does not exist") ? KeyComplaint::unknown
                                                                                : KeyComplaint::none;
}

} // namespace cosdiag
