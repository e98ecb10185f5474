// SPDX-License-Identifier: Apache-2.0
// Names in the orders that requests and lists have, and pairs put into such an order.
#pragma once

#include "diagnose/signature/variant_offer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cosdiag {

/// Host and the names of the fields, spelled as the request has them.
std::vector<std::string> names_as_sent(const SignedParts& parts);

std::vector<std::string> parameter_names_as_sent(const SignedParts& parts);

/// The names in q-header-list or q-url-param-list, decoded.
std::vector<std::string> listed(std::string_view list);

/// What the order does not name comes last.
Pairs in_order_of(const Pairs& pairs, const std::vector<std::string>& order);

/// Before the first pair of a greater name.
void insert_sorted(Pairs& pairs, SignedPair pair);

} // namespace cosdiag
