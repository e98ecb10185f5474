// SPDX-License-Identifier: Apache-2.0
// A request that is accepted is found whole however it arrives, is read alike by another reader, and leaves
// as a request that both read alike again, with the same framing.
#include "proxy/http/forward.hpp"
#include "support.hpp"
#include "tests/support/second_reader.hpp"

using namespace cosdiag;
using fuzz::require;

namespace {

const http::Identity identity{"cosdiag-fuzz", true};

/// Whole at once, and byte by byte, must come to the same.
http::HeadScanner::Result scan(std::string_view bytes)
{
    http::HeadScanner whole(http::HeadScanner::Role::request);
    const auto found = whole.scan(bytes, 4096);
    http::HeadScanner pieces(http::HeadScanner::Role::request);
    http::HeadScanner::Result last;
    for (std::size_t size = 1; size <= bytes.size() && last.end == 0 && !last.fault; ++size)
        last = pieces.scan(bytes.substr(0, size), 4096);
    require(last.end == found.end && last.fault.kind == found.fault.kind, "split or not");
    return found;
}

void check_leaving(const http::RequestHead& head, const http::Forward& plan)
{
    std::string out;
    http::write_request(head, plan, identity, out);
    http::HeadScanner scanner(http::HeadScanner::Role::request);
    const auto found = scanner.scan(out, 1 << 20);
    require(!found.fault && found.end == out.size(), "what leaves is one whole head");
    http::RequestHead again;
    require(!http::parse_request(out, {1 << 20, 1000}, again), "what leaves can be read");
    require(again.method == head.method && again.minor_version == 1, "the method stays");
    require(again.fields.count(http::FieldId::host) == 1, "one Host leaves");
    const auto framing = http::request_framing(again);
    require(std::holds_alternative<http::Framing>(framing), "its end is clear");
    require(std::get<http::Framing>(framing) == plan.body, "the framing stays");
    const auto different = test::difference(again, plan.body, test::read_again<true>(out));
    require(different.empty(), different);
}

/// What a parent proxy is asked for is what the origin would have been asked for.
void check_absolute(const http::RequestHead& head, const http::Forward& plan)
{
    require(http::fits_absolute_form(plan), "what came in absolute-form fits it");
    const http::NextProxy proxy{"Basic dTpw"};
    std::string out;
    http::write_request(head, plan, identity, out, &proxy);
    http::RequestHead again;
    require(!http::parse_request(out, {1 << 20, 1000}, again), "what leaves for a proxy can be read");
    require(again.fields.count(http::FieldId::proxy_authorization) == 1, "the credentials are ours alone");
    const http::Plan next = http::plan_request(again, {"cosdiag-parent", true});
    const auto* forward = std::get_if<http::Forward>(&next);
    if (forward == nullptr) // the last hop that Max-Forwards allows
        return require(plan.max_forwards == 0, "a proxy takes it");
    require(http::same_authority(forward->origin, plan.origin, 80), "the origin stays");
    require(!forward->replace_host, "Host and target agree");
    require(forward->path_and_query == plan.path_and_query || plan.add_slash, "path and query stay");
    require(forward->body == plan.body, "the framing stays");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes = fuzz::text(data, size);
    const auto found = scan(bytes);
    if (found.fault || found.end == 0)
        return 0;
    const std::string_view whole = bytes.substr(found.begin, found.end - found.begin);
    http::RequestHead head;
    if (http::parse_request(whole, {4096, 50}, head))
        return 0;
    const http::Plan plan = http::plan_request(head, identity);
    if (const auto* forward = std::get_if<http::Forward>(&plan)) {
        // Later versions of HTTP/1 are read as 1.1 (RFC 9110 §2.5), which Beast does not do.
        const auto different = test::difference(head, forward->body, test::read_again<true>(whole));
        require(different.empty() || different == "refused: bad version", different);
        check_leaving(head, *forward);
        check_absolute(head, *forward);
    }
    return 0;
}
