// SPDX-License-Identifier: Apache-2.0
// What goes wrong with the certificate authority, in words for people.
#pragma once

#include <stdexcept>

namespace cosdiag::tls {

/// Says what happened, where, and what to do. Never holds a key.
class CaError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace cosdiag::tls
