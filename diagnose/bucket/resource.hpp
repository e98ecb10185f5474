// SPDX-License-Identifier: Apache-2.0
// Resources as policies write them (436/18023).
#pragma once

#include <string_view>

namespace cosdiag {

/// Whether a policy's resource covers this one, which is
/// `qcs::cos:<region>:uid/<appid>:<bucket>-<appid>/<key>`. A part left out stands for all, and `*` for any
/// run of characters; a region that the host did not tell may be any. `prefix//<appid>/<bucket>/<key>` is the
/// older form.
bool covers(std::string_view pattern, std::string_view resource);

} // namespace cosdiag
