// SPDX-License-Identifier: Apache-2.0
// A refusal as somebody told it, gathered piece by piece from a text. What is found first stays.
#pragma once

#include "diagnose/cos_error.hpp"
#include "proxy/offline/recording.hpp"

#include <string_view>
#include <vector>

namespace cosdiag::offline {

struct Told {
    CosError error;      ///< Code, Message and what else COS says
    Recording recording; ///< status 0 while none is told; its body only where COS's own was found
    bool traced = false; ///< whose error it is, the text shows without any word of COS
};

/// Takes the value for a piece that was not told yet. Words that stand for nothing (`null`, `...`) are none.
void tell(std::optional<std::string>& piece, std::string_view value);

/// The exchange, once all readers have looked: the request from COS's own text where it was not written down,
/// a status where the code leaves no doubt. Status 0: COS's error, and none that a 403 has. Empty when
/// nothing was told that a diagnosis can stand on.
std::vector<Recording> finished(Told told);

} // namespace cosdiag::offline
