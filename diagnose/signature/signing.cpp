// SPDX-License-Identifier: Apache-2.0
#include "diagnose/signature/signing.hpp"

#include "diagnose/digest.hpp"
#include "diagnose/text.hpp"

namespace cosdiag {
SecretKey::~SecretKey()
{
    wipe(text_);
}

Hmac SecretKey::hmac(Hmac::Hash hash, std::string_view before, std::string_view after) const
{
    std::string key = join(before, text_, after);
    Hmac made(hash, key);
    wipe(key);
    return made;
}

std::span<const SecretSlip> secret_slips() noexcept
{
    static constexpr SecretSlip slips[] = {
        {"", "\n", "with a line end behind the SecretKey"},
        {"", "\r\n", "with CR and LF behind the SecretKey"},
        {"", "\r", "with a CR behind the SecretKey"},
        {"", " ", "with a blank behind the SecretKey"},
        {" ", "", "with a blank before the SecretKey"},
        {" ", " ", "with blanks around the SecretKey"},
        {"\t", "", "with a tab before the SecretKey"},
        {"", "\t", "with a tab behind the SecretKey"},
        {"\"", "\"", "with quotes around the SecretKey"},
        {"'", "'", "with quotes around the SecretKey"},
        {"<", ">", "with angle brackets around the SecretKey"},
        {"\xEF\xBB\xBF", "", "with a byte order mark before the SecretKey"},
        {"", ";", "with a semicolon behind the SecretKey"},
        {"", ",", "with a comma behind the SecretKey"},
    };
    return slips;
}

std::string cos_string_to_sign(std::string_view sign_time, std::string_view http_string)
{
    return join("sha1\n", sign_time, "\n", sha1_hex(http_string), "\n");
}

std::string cos_form_string_to_sign(std::string_view policy)
{
    return sha1_hex(policy);
}

} // namespace cosdiag
