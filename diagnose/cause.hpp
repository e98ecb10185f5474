// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace cosdiag {

struct Cause {
    std::string_view token, title;
};

} // namespace cosdiag
