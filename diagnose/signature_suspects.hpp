// SPDX-License-Identifier: Apache-2.0
// Without the secret, a signature that does not match says little: a wrong key and a text signed otherwise
// look alike. Some requests bear what is known to be signed otherwise; that is suspected here, and proven
// nowhere.
#pragma once

#include "diagnose/diagnosis.hpp"
#include "diagnose/facts.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cosdiag {

/// A piece that the client may have signed otherwise than it was sent.
struct Suspect {
    std::string summary, fix, step;
    Evidence evidence;
    bool strong = false; ///< seldom seen in requests whose signature matches
};

using FindSuspect = std::optional<Suspect>(const Facts&);

FindSuspect suspect_path, suspect_parameter, suspect_header, suspect_host;

/// What such a judge says, if the suspect is a strong one, or any where the same key was accepted before.
/// Nothing where COS names another family, and where the secret is at hand: it has been searched with.
std::optional<Judgement> suspicion(const Facts& facts, FindSuspect* look);

/// Whether one of them is strong enough to stand before the general finding.
bool strongly_suspected(const Facts& facts);

/// The steps of those that are not.
void add_weak_suspects(Judgement& judgement, const Facts& facts);

} // namespace cosdiag
