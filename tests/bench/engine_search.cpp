// SPDX-License-Identifier: Apache-2.0
// What the search for the mistake in a signature costs when it finds none: the whole diagnosis, with secrets.
#include "diagnose/signature/signing.hpp"
#include "tests/bench/engine.hpp"
#include "tests/diagnose/signature/cos_signer.hpp"

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

namespace cosdiag::bench {

namespace {

constexpr const char* secret_id = "AKIDexampleExampleExampleExample0042";
constexpr const char* stamp = "20261124T040000Z";
constexpr const char* payload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A refusal and all that it borrows.
struct Refusal {
    std::string target, host, body;
    std::vector<std::pair<std::string, std::string>> sent;
    std::vector<Field> fields, answered;
    std::vector<Identity> identities;
    Exchange exchange;
};

test::PlainRequest request_with(int count)
{
    test::PlainRequest request;
    request.method = "PUT";
    request.key = "/reports of 2026/\xE4\xB8\xAD\xE6\x96\x87 + more/final (2).csv";
    for (int i = 0; i < count; ++i) {
        request.parameters["parameter-" + std::to_string(i)] = "a value/with + signs " + std::to_string(i);
        request.fields["x-cos-meta-note-" + std::to_string(i)] = "Some Words; of a note " + std::to_string(i);
    }
    return request;
}

std::string format_string(const test::PlainRequest& request)
{
    std::string out;
    for (const char c : test::Signing(request, "noSecretOfOurs").http_string())
        out += c == '&' ? "&amp;" : std::string(1, c);
    return out;
}

std::string aws_v4_authorization(const test::PlainRequest& request)
{
    std::string list = "host;x-amz-content-sha256;x-amz-date";
    for (const auto& field : request.fields)
        list += ";" + field.first;
    return std::string("AWS4-HMAC-SHA256 Credential=") + secret_id +
           "/20261124/ap-beijing/s3/aws4_request, SignedHeaders=" + list +
           ", Signature=" + std::string(64, '0');
}

/// SignatureDoesNotMatch, and a signature that nothing the search tries can give.
std::shared_ptr<const Refusal> refusal_of(const test::PlainRequest& request, bool aws_v4)
{
    const auto made = std::make_shared<Refusal>();
    made->target = test::target_of(request);
    made->host = request.host;
    made->body = "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>SignatureDoesNotMatch</Code>\n"
                 "\t<Message>The Signature you specified is invalid.</Message>\n";
    if (!aws_v4)
        made->body += "\t<FormatString>" + format_string(request) + "</FormatString>\n";
    made->body += "</Error>\n";
    made->sent = {
        {"Host", request.host},
        {"Authorization",
         aws_v4 ? aws_v4_authorization(request)
                : test::authorization_of(request, secret_id, std::string(40, '0'))}};
    made->sent.insert(made->sent.end(), request.fields.begin(), request.fields.end());
    if (aws_v4)
        made->sent.insert(made->sent.end(), {{"X-Amz-Date", stamp}, {"X-Amz-Content-SHA256", payload}});
    for (const auto& [name, value] : made->sent)
        made->fields.push_back({name, value});
    made->answered = {{"Date", "Tue, 24 Nov 2026 04:00:00 GMT"}, {"Server", "tencent-cos"}};
    made->identities = {
        {secret_id, SecretKey("exampleSecretKeyOf32Characters00"), "mine", ""},
        {"AKIDotherOtherOtherOtherOtherOther01", SecretKey("OTHERsecretOfAnotherUser00000000"), "other", ""}};

    Exchange& exchange = made->exchange;
    exchange.method = request.method;
    exchange.target = made->target;
    exchange.scheme = "http";
    exchange.host = made->host;
    exchange.request_fields = made->fields;
    exchange.status = 403;
    exchange.response_fields = made->answered;
    exchange.response_body = made->body;
    exchange.response_body_complete = true;
    exchange.identities = made->identities;
    exchange.asked_at = exchange.answered_at = {1795492800000};
    return made;
}

} // namespace

void register_search()
{
    for (const bool aws_v4 : {false, true}) {
        for (const int count : {3, 10, 32}) {
            const auto title = std::string("search: ") + (aws_v4 ? "AWS V4" : "COS") + ", nothing fits, " +
                               std::to_string(count) + " parameters and fields";
            benchmark::RegisterBenchmark(
                title.c_str(),
                [held = refusal_of(request_with(count), aws_v4)](benchmark::State& state) {
                    std::string line;
                    for (auto _ : state)
                        explain(held->exchange, line);
                }
            )->Unit(benchmark::kMicrosecond);
        }
    }
}

} // namespace cosdiag::bench
