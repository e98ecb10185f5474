// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/client_hello.hpp"
#include "support.hpp"

using namespace cosdiag::tls;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes = cosdiag::fuzz::text(data, size);
    const ClientHello all = read_client_hello(bytes);
    const ClientHello half = read_client_hello(bytes.substr(0, size / 2));
    cosdiag::fuzz::require(
        half.state == ClientHello::State::partial ||
            (half.state == all.state && half.server_name == all.server_name),
        "more bytes behind a decided beginning change nothing"
    );
    return 0;
}
