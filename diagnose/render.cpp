// SPDX-License-Identifier: Apache-2.0
// The field value and the log line. The block for people is in block.cpp.
#include "diagnose/render.hpp"

#include "diagnose/cause.hpp"
#include "diagnose/json.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"
#include "diagnose/words.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::size_t max_header = 1024;
constexpr std::size_t max_findings = 3;
constexpr std::size_t max_string = 300; ///< of one sf-string, escapes counted: two of them and the rest fit

/// Appends an sf-string (RFC 9651 §3.3.3). What is not printable ASCII shows as `%XX`.
void append_sf_string(std::string& out, std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    out += '"';
    const std::size_t most = out.size() + max_string - 3;
    const auto plain = std::min(plain_run(text), max_string - 3);
    out += text.substr(0, plain);
    for (const char c : text.substr(plain)) {
        const auto byte = static_cast<unsigned char>(c);
        const bool printable = byte >= 0x20 && byte <= 0x7E;
        const bool special = c == '"' || c == '\\';
        if (out.size() + (printable ? special ? 2U : 1U : 3U) > most) {
            out += "...";
            break;
        }
        if (!printable) {
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
            continue;
        }
        if (special) {
            out += '\\';
        }
        out += c;
    }
    out += '"';
}

std::string parameter(std::string_view name, std::string_view text)
{
    std::string out;
    if (!text.empty()) {
        out.reserve(text.size() + 16);
        out += ';';
        out += name;
        out += '=';
        append_sf_string(out, text);
    }
    return out;
}

std::string member(const Finding& finding)
{
    return join(finding.cause->token, ";confidence=", word_of(finding.judgement.confidence));
}

class JsonObject {
public:
    explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }

    JsonObject(const JsonObject&) = delete;
    JsonObject& operator=(const JsonObject&) = delete;

    ~JsonObject() { out_ += '}'; }

    std::string& name(std::string_view key)
    {
        out_ += first_ ? std::string_view("\"") : std::string_view(",\"");
        first_ = false;
        out_ += key;
        out_ += "\":";
        return out_;
    }

    /// Empty values are left out: absent means not seen.
    void text(std::string_view key, std::string_view value)
    {
        if (!value.empty()) {
            append_json_string(name(key), value);
        }
    }

private:
    std::string& out_;
    bool first_ = true;
};

template <class Items, class Write>
void write_list(std::string& out, const Items& items, Write write)
{
    out += '[';
    for (const auto& item : items) {
        if (&item != &*std::begin(items)) {
            out += ',';
        }
        write(item);
    }
    out += ']';
}

void write_cause(std::string& out, const Finding& finding)
{
    const auto& judgement = finding.judgement;
    JsonObject object(out);
    object.text("cause", finding.cause->token);
    object.text("confidence", word_of(judgement.confidence));
    object.text("summary", judgement.summary);
    write_list(object.name("evidence"), judgement.evidence, [&out](const Evidence& evidence) {
        JsonObject item(out);
        item.text("from", word_of(evidence.from));
        item.text("what", evidence.what);
        item.text("value", evidence.value);
    });
    write_list(object.name("remedies"), judgement.remedies, [&out](const Remedy& remedy) {
        JsonObject item(out);
        item.text("who", word_of(remedy.who));
        item.text("step", remedy.step);
    });
    object.text("docs", finding.cause->source.url);
}

void write_request(std::string& out, const ExchangeSummary& exchange)
{
    JsonObject object(out);
    object.text("method", exchange.method);
    object.text("url", exchange.url);
    object.text("host", exchange.host);
    object.text("bucket", exchange.bucket);
    object.text("appid", exchange.appid);
    object.text("region", exchange.region);
    object.text("key", exchange.key);
    object.text("action", exchange.action);
    object.text("resource", exchange.resource);
    object.text("access_key", exchange.access_key);
    object.text("credential", exchange.credential);
    object.text("client", exchange.client);
    object.text("user_agent", exchange.user_agent);
}

void write_response(std::string& out, const ExchangeSummary& exchange)
{
    JsonObject object(out);
    object.name("status") += std::to_string(exchange.status);
    object.text("code", exchange.code);
    object.text("message", exchange.message);
    object.text("request_id", exchange.request_id);
    object.text("trace_id", exchange.trace_id);
    object.text("server", exchange.server);
    object.text("date", exchange.date);
}

} // namespace

std::string header_value(const Diagnosis& diagnosis)
{
    const auto count = std::min(diagnosis.findings.size(), max_findings);
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        const auto& finding = diagnosis.findings[i];
        const auto summary = parameter("summary", finding.judgement.summary);
        const auto fix = parameter("fix", finding.judgement.fix);
        if (i == 0) {
            out = join(member(finding), summary, fix, parameter("id", diagnosis.id));
            continue;
        }
        const auto head = join(", ", member(finding));
        for (const auto& more : {join(head, summary, fix), join(head, summary), head}) {
            if (out.size() + more.size() <= max_header) {
                out += more;
                break;
            }
        }
    }
    return out;
}

std::string json_line(const Diagnosis& diagnosis)
{
    std::string out;
    out.reserve(4096);
    append_json_line(out, diagnosis);
    return out;
}

void append_json_line(std::string& out, const Diagnosis& diagnosis)
{
    JsonObject object(out);
    object.text("time", iso_time_ms(diagnosis.at.ms));
    object.text("schema", "cosdiag.diagnosis/1");
    object.text("id", diagnosis.id);
    write_list(object.name("causes"), diagnosis.findings, [&out](const Finding& finding) {
        write_cause(out, finding);
    });
    write_request(object.name("request"), diagnosis.exchange);
    if (diagnosis.exchange.status != 0) {
        write_response(object.name("response"), diagnosis.exchange);
    }
    if (const auto policy = policy_of(diagnosis); !policy.empty()) {
        object.name("policy") += policy;
    }
    if (diagnosis.attempts > 1) {
        object.name("attempts") += std::to_string(diagnosis.attempts);
        object.text("first_id", diagnosis.first_id);
    }
}

} // namespace cosdiag
