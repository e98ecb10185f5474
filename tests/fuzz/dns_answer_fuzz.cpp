// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/dns_answer.hpp"
#include "support.hpp"

using namespace cosdiag::net;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto found = read_dns_answer({data, size}, "b.example");
    cosdiag::fuzz::require(found.size() <= most_addresses, "no more addresses than there may be");
    cosdiag::fuzz::require(
        found.empty() || size >= 12 + found.size() * 16, "each address takes a record, which takes 16 bytes"
    );
    return 0;
}
