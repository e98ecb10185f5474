// SPDX-License-Identifier: Apache-2.0
// Whatever client and origin send, the diagnosis fits its field, and its log line is one valid line.
// Input: lines; `>` a request field, `<` an answer's field, `?` the target, `!` method and host, the rest the
// body.
#include "diagnose/diagnosis.hpp"
#include "diagnose/render.hpp"
#include "support.hpp"

#include <boost/json.hpp>

#include <vector>

using namespace cosdiag;
using fuzz::require;

namespace {

struct Input {
    std::vector<Field> request;
    std::vector<Field> response;
    std::string_view target = "/";
    std::string_view method = "GET";
    std::string_view host = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com";
    std::string_view body;
};

Field field_of(std::string_view line)
{
    const auto colon = std::min(line.find(':'), line.size());
    return {line.substr(0, colon), colon < line.size() ? line.substr(colon + 1) : std::string_view{}};
}

Input read(std::string_view text)
{
    Input input;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        const std::string_view rest = line.empty() ? line : line.substr(1);
        if (line.starts_with('>'))
            input.request.push_back(field_of(rest));
        else if (line.starts_with('<') && !line.starts_with("<Error") && !line.starts_with("<?"))
            input.response.push_back(field_of(rest));
        else if (line.starts_with('?'))
            input.target = rest;
        else if (line.starts_with('!')) {
            const Field both = field_of(rest);
            input.method = both.name;
            input.host = both.value;
        } else {
            input.body = text;
            break;
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return input;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const Input input = read(fuzz::text(data, size));
    Exchange exchange;
    exchange.method = input.method;
    exchange.target = input.target;
    exchange.scheme = "http";
    exchange.host = input.host;
    exchange.request_fields = input.request;
    exchange.request_body = input.body;
    exchange.request_body_complete = true;
    exchange.client = "127.0.0.1";
    exchange.status = 403;
    exchange.response_fields = input.response;
    exchange.response_body = input.body;
    exchange.response_body_complete = true;
    exchange.asked_at = {1'763'956'356'000};
    exchange.answered_at = {1'763'956'356'100};

    const Diagnosis diagnosis = diagnose(exchange, "0123456789abcdef");
    require(!diagnosis.findings.empty() && diagnosis.findings.size() <= 3, "one to three findings");
    const std::string field = header_value(diagnosis);
    require(!field.empty() && field.size() <= 1024, "the field's size");
    for (const char c : field)
        require(c >= 0x20 && c < 0x7f, "the field is printable ASCII");
    const std::string line = json_line(diagnosis);
    require(line.find('\n') == std::string::npos, "one line");
    boost::json::error_code error;
    boost::json::parse(line, error);
    require(!error, "the line is JSON");
    for (const char c : block(diagnosis, {false, 80}))
        require(static_cast<unsigned char>(c) >= 0x20 || c == '\n', "nothing moves the cursor");
    return 0;
}
