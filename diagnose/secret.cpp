// SPDX-License-Identifier: Apache-2.0
#include "diagnose/secret.hpp"

#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr bool is_id_char(char c) noexcept
{
    return is_alnum(c) || c == '-' || c == '_';
}

bool is_placeholder(std::string_view id) noexcept
{
    constexpr std::string_view words[] = {
        "undefined",
        "null",
        "none",
        "nil",
        "nan",
        "secretid",
        "secret_id",
        "secret-id",
        "accesskey",
        "access_key",
        "accesskeyid",
        "access_key_id",
        "your-secret-id",
        "changeme",
        "test",
        "xxx",
        "ak",
        "todo",
        "false",
        "true",
        "[object object]",
    };
    const auto named = [id](std::string_view word) { return same_name(id, word); };
    if (std::any_of(std::begin(words), std::end(words), named)) {
        return true;
    }
    if (id.starts_with("${") || id.starts_with("{{") || id.starts_with('<') || id.starts_with('%')) {
        return true;
    }
    return id.find("****") != std::string_view::npos ||
           (id.size() >= 4 && same_name(id.substr(0, 4), "your"));
}

bool is_other_vendor(std::string_view id) noexcept
{
    if (id.starts_with("LTAI")) {
        return id.size() >= 12;
    }
    if (id.starts_with("STS.")) {
        return true;
    }
    const bool amazon = id.starts_with("AKIA") || id.starts_with("ASIA");
    return amazon && id.size() >= 16 && id.size() <= 24;
}

} // namespace

std::string masked_key(std::string_view key_id)
{
    if (key_id.size() <= 16) {
        return key_id.size() <= 4 ? std::string(key_id) : join(key_id.substr(0, 4), "...");
    }
    return join(key_id.substr(0, 8), "...", key_id.substr(key_id.size() - 4));
}

std::string shown_key_id(std::string_view key_id)
{
    constexpr std::size_t longest_placeholder = 40;
    switch (key_shape(key_id)) {
    case KeyShape::empty:
        return "(empty)";
    case KeyShape::placeholder:
        return shortened(key_id, longest_placeholder);
    case KeyShape::odd:
    case KeyShape::quoted:
    case KeyShape::blank_inside:
        if (key_id.find("AKID") == std::string_view::npos) {
            return join("(", std::to_string(key_id.size()), " characters)");
        }
        return with_keys_masked(shortened(key_id, 80));
    default:
        return masked_key(key_id);
    }
}

std::string with_keys_masked(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto at = text.find("AKID");
        out += text.substr(0, at);
        if (at == std::string_view::npos) {
            break;
        }
        text.remove_prefix(at);
        const auto size = first_without(text, [](char c) { return is_id_char(c); });
        out += size > 16 ? masked_key(text.substr(0, size)) : std::string(text.substr(0, size));
        text.remove_prefix(size);
    }
    return out;
}

bool is_secret_name(std::string_view name) noexcept
{
    constexpr std::string_view names[] = {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "sign",
        "q-signature",
        "signature",
        "x-amz-signature",
        "x-amz-credential",
        "awsaccesskeyid",
        "x-cos-security-token",
        "x-amz-security-token",
        "x-ci-security-token",
        "token",
        "q-ak",
        "password",
        "passwd",
        "secret",
        "secretkey",
        "policy",
        "x-cos-server-side-encryption-customer-key",
        "x-cos-copy-source-server-side-encryption-customer-key",
    };
    return std::any_of(std::begin(names), std::end(names), [name](std::string_view one) {
        return same_name(one, name);
    });
}

KeyShape key_shape(std::string_view id) noexcept
{
    if (trimmed(id).empty()) {
        return KeyShape::empty;
    }
    if (id.front() == '"' || id.front() == '\'' || id.back() == '"' || id.back() == '\'') {
        return KeyShape::quoted;
    }
    if (std::any_of(id.begin(), id.end(), is_blank)) {
        return KeyShape::blank_inside;
    }
    if (id.starts_with("AKID") && consists_of(id, is_id_char)) {
        const bool plain = consists_of(id, is_alnum);
        if (id.size() == 36 && plain) {
            return KeyShape::permanent;
        }
        return id.size() > 36 || (id.size() == 36 && !plain) ? KeyShape::temporary : KeyShape::cut_short;
    }
    if (is_other_vendor(id)) {
        return KeyShape::other_vendor;
    }
    return is_placeholder(id) ? KeyShape::placeholder : KeyShape::odd;
}

std::string_view fault_of(KeyShape shape) noexcept
{
    switch (shape) {
    case KeyShape::permanent:
    case KeyShape::temporary:
        return {};
    case KeyShape::cut_short:
        return "is shorter than a SecretId (36 characters, or more for a temporary one)";
    case KeyShape::empty:
        return "is empty";
    case KeyShape::placeholder:
        return "is a placeholder, not a SecretId";
    case KeyShape::quoted:
        return "has quotation marks around it";
    case KeyShape::blank_inside:
        return "has a blank or line break in it";
    case KeyShape::other_vendor:
        return "is of another cloud's form, not of Tencent Cloud's";
    case KeyShape::odd:
        return "does not begin with AKID as every SecretId does";
    }
    return {};
}

} // namespace cosdiag
