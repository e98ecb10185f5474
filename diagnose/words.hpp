// SPDX-License-Identifier: Apache-2.0
// The words that header, log and terminal share.
#pragma once

#include "diagnose/diagnosis.hpp"

#include <string_view>

namespace cosdiag {

/// `certain`, `likely`, `possible`: part of the field's and the log's format.
std::string_view word_of(Confidence confidence) noexcept;

/// `request`, `response`, `our_clock`, `memory`, `config`: part of the log's format.
std::string_view word_of(Seen from) noexcept;

/// `caller`, `bucket_owner`, `account_owner`, `operator`: part of the log's format.
std::string_view word_of(Actor who) noexcept;

/// The statement to offer: the first finding's. Where another kind of cause comes first, none is offered.
std::string_view policy_of(const Diagnosis& diagnosis) noexcept;

} // namespace cosdiag
