// SPDX-License-Identifier: Apache-2.0
// The <Error> document of a refusal (436/7730), read from whatever arrived of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cosdiag {

/// What COS said. Values are trimmed and have their entities decoded; an element that was cut off is absent.
struct CosError {
    std::optional<std::string> code, message, resource, request_id, trace_id, server_time;
    std::optional<std::string> string_to_sign; ///< untrimmed: its line ends are signed
    std::optional<std::string> format_string;  ///< untrimmed: COS's HttpString of the request it received
};

/// Reads the first <Error> element. Bounds: looks at the first 64 KiB. DTDs are skipped and no entity but
/// XML's own five and character references is expanded. Empty when there is no such element.
std::optional<CosError> read_cos_error(std::string_view body);

/// The second and the third line of a StringToSign: time and SHA-1. Empty where they are not there. Borrowed.
struct StringToSign {
    std::string_view time, digest;
};

StringToSign read_string_to_sign(std::string_view text) noexcept;

/// Whether COS's own two strings belong together: SHA-1 of the FormatString is the third line of the
/// StringToSign. Empty when one of them is not there.
std::optional<bool> strings_agree(const CosError& error);

} // namespace cosdiag
