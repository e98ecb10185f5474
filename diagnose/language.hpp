// SPDX-License-Identifier: Apache-2.0
// The languages of texts for people. Header, tokens and log are English always.
#pragma once

namespace cosdiag {

enum class Language { english, chinese };

} // namespace cosdiag
