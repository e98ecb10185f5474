// SPDX-License-Identifier: Apache-2.0
// What was written down elsewhere: any bytes give recordings, and each recording a diagnosis in bounds.
#include "diagnose/diagnosis.hpp"
#include "diagnose/render.hpp"
#include "proxy/offline/log_entry.hpp"
#include "proxy/offline/readers.hpp"
#include "support.hpp"

#include <algorithm>

using namespace cosdiag;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes = fuzz::text(data, size);
    for (const auto read :
         {offline::read_har, offline::read_curl_trace, offline::read_messages, offline::read_sdk_error}) {
        for (const auto& recording : read(bytes)) {
            static_cast<void>(recording.missing());
            const offline::Replay replay(recording);
            const auto value = header_value(diagnose(replay.exchange(), "0000000000000000"));
            require(!value.empty() && value.size() <= 1024, "a diagnosis fits its field");
            require(
                std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c < 0x7F; }),
                "and is printable ASCII"
            );
        }
    }
    if (const auto diagnosis = offline::read_log_entry(bytes))
        require(!block(*diagnosis, {}).empty(), "an entry shows as a block");
    return 0;
}
