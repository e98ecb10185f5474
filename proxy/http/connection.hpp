// SPDX-License-Identifier: Apache-2.0
// The Connection field: which fields end at this hop, and which it must not take away.
#pragma once

#include "proxy/http/field.hpp"

#include <string_view>

namespace cosdiag::http {

/// Whether a field ends at this hop: it is one of RFC 9110 §7.6.1, or Connection nominates it.
bool is_hop_by_hop(const FieldLine& field, const Fields& fields) noexcept;

/// Why the Connection field cannot be obeyed: it is no list of tokens, or nominates a field that is meant for
/// the origin. Completes "the request was refused because …"; empty if nothing is wrong.
std::string_view connection_fault(const Fields& fields);

} // namespace cosdiag::http
