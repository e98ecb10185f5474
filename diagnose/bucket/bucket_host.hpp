// SPDX-License-Identifier: Apache-2.0
// Which hosts are one bucket's, told without allocating: asked for every call that COS allows.
#pragma once

#include <string_view>

namespace cosdiag {

/// What all hosts of a bucket share and no other bucket's have: its name with the APPID where COS itself
/// named the host, whichever of COS's domains it is in. Else the whole host as written: two custom domains
/// may begin alike. A part of `host`.
std::string_view bucket_of(std::string_view host) noexcept;

/// `cos.<region>.myqcloud.com` and its like, whose paths begin with the bucket.
bool is_path_style_host(std::string_view host) noexcept;

} // namespace cosdiag
