// SPDX-License-Identifier: Apache-2.0
// The files of page/, which the build puts together.
#pragma once

#include <string_view>

namespace cosdiag::admin {

extern const std::string_view page_html;   ///< all of it
extern const std::string_view page_style;  ///< what is between <style> and </style> in it
extern const std::string_view page_script; ///< what is between the script's tags

} // namespace cosdiag::admin
