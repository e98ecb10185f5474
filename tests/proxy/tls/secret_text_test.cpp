// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/secret_text.hpp"

#include <doctest/doctest.h>

#include <utility>

using cosdiag::tls::SecretText;

TEST_SUITE("proxy/tls/secret_text")
{
    TEST_CASE("a secret is moved, and the place it came from holds it no more")
    {
        SecretText one(std::string(100, 'k'));
        SecretText other(std::move(one));
        CHECK(other.view() == std::string(100, 'k'));
        SecretText third("something else");
        third = std::move(other);
        CHECK(third.view() == std::string(100, 'k'));
    }
}
