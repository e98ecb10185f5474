// SPDX-License-Identifier: Apache-2.0
// An answer that is accepted is read alike by another reader, and leaves as one that both read alike again.
#include "proxy/http/reply.hpp"
#include "support.hpp"
#include "tests/support/second_reader.hpp"

using namespace cosdiag;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes = fuzz::text(data, size);
    http::HeadScanner scanner(http::HeadScanner::Role::response);
    const auto found = scanner.scan(bytes, 4096);
    if (found.fault || found.end == 0)
        return 0;
    const std::string_view whole = bytes.substr(0, found.end);
    http::ResponseHead head;
    if (http::parse_response(whole, {4096, 50}, head))
        return 0;
    const auto planned = http::plan_reply(head, {"GET", 1, false});
    const auto* plan = std::get_if<http::Reply>(&planned);
    if (plan == nullptr)
        return 0;
    std::string out;
    http::write_reply(head, *plan, {"cosdiag-fuzz", true}, {false, "word", true}, out);
    http::HeadScanner second(http::HeadScanner::Role::response);
    const auto again = second.scan(out, 1 << 20);
    require(!again.fault && again.end == out.size(), "what leaves is one whole head");
    http::ResponseHead left;
    require(!http::parse_response(out, {1 << 20, 1000}, left), "what leaves can be read");
    require(left.status == head.status && left.reason == head.reason, "the status line stays");
    require(left.fields.count(http::FieldId::x_cos_diagnosis) == 1, "one diagnosis leaves");
    const auto framing = http::response_framing(left, "GET");
    require(std::holds_alternative<http::Framing>(framing), "its end is clear");
    require(std::get<http::Framing>(framing) == plan->body, "the framing stays");
    const auto different = test::difference(left, plan->body, test::read_again<false>(out));
    require(different.empty(), different);
    return 0;
}
