// SPDX-License-Identifier: Apache-2.0
// The live page, as it was built in.
#pragma once

#include <string>
#include <string_view>

namespace cosdiag::admin {

struct Page {
    std::string_view html;
    std::string_view policy; ///< its Content-Security-Policy: nothing but what is in it may run
};

/// The same each time.
Page live_page();

} // namespace cosdiag::admin
