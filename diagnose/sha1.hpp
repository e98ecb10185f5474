// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace cosdiag {

/// SHA-1 (FIPS 180-4) as 40 lower-case hex digits. COS signs with it; nothing here relies on its strength.
std::string sha1_hex(std::string_view bytes);

} // namespace cosdiag
