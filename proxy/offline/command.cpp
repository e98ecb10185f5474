// SPDX-License-Identifier: Apache-2.0
#include "proxy/offline/command.hpp"

#include "config/fault.hpp"
#include "diagnose/json_value.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/render.hpp"
#include "diagnose/text.hpp"
#include "proxy/offline/log_entry.hpp"
#include "proxy/offline/readers.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <istream>
#include <ostream>
#include <system_error>

namespace cosdiag::offline {

namespace {

constexpr std::size_t most = std::size_t{64} * 1024 * 1024;
constexpr unsigned forbidden = 403;

std::optional<std::string> read_all(std::istream& in)
{
    std::string text;
    std::string piece(std::size_t{64} * 1024, '\0');
    while (in && text.size() <= most) {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        text.append(piece, 0, static_cast<std::size_t>(in.gcount()));
    }
    if (text.size() > most)
        return std::nullopt;
    return text;
}

Time now()
{
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

std::string number_id(std::size_t number)
{
    char id[17];
    std::snprintf(id, sizeof id, "%016zx", number);
    return id;
}

/// Fields that hold an address, whose query may open what it leads to.
bool is_address(std::string_view name)
{
    constexpr std::string_view names[] = {
        "referer", "location", "x-cos-copy-source", "x-amz-copy-source", "x-original-url", "x-forwarded-uri"};
    return std::any_of(std::begin(names), std::end(names), [name](auto one) { return same_name(one, name); });
}

/// Names as they stand; values without what opens anything.
json::array redacted_fields(const std::optional<std::vector<NamedValue>>& fields, const Secrets& secrets)
{
    json::array out;
    if (!fields)
        return out;
    for (const auto& [name, value] : *fields) {
        const auto text = std::string_view(value).substr(0, is_address(name) ? value.find('?') : value.npos);
        out.push_back(
            {{"name", secrets.hidden_in(name)}, {"value", secrets.hidden_in(shown_value(name, text))}}
        );
    }
    return out;
}

/// What neither side's fields may repeat.
Secrets secrets_of(const Recording& recording)
{
    const Replay replay(recording);
    return read_facts(replay.exchange()).secrets;
}

class Printer {
public:
    Printer(const Request& request, std::ostream& out) : x_request_(request), x_out_(out) {}

    void print(const Diagnosis& diagnosis, const Recording* recording)
    {
        const auto missing = recording == nullptr ? std::vector<std::string_view>{} : recording->missing();
        switch (x_request_.form) {
        case Form::block:
            x_out_ << (x_count_ == 0 ? "" : "\n")
                   << block(
                          diagnosis,
                          {.colour = x_request_.colour, .width = 100, .language = x_request_.language}
                      );
            for (const auto part : missing)
                x_out_ << (part == missing.front() ? "  not in the file: " : "                   ") << part
                       << '\n';
            if (recording != nullptr) {
                for (const auto& note : recording->notes)
                    x_out_ << "  note: " << note << '\n';
            }
            break;
        case Form::json:
            x_out_ << json_line(diagnosis) << '\n';
            break;
        case Form::bundle:
            x_out_ << json::serialize(bundle_of(diagnosis, recording, missing)) << '\n';
        }
        ++x_count_;
    }

    std::size_t count() const noexcept { return x_count_; }

private:
    static json::object bundle_of(
        const Diagnosis& diagnosis, const Recording* recording, const std::vector<std::string_view>& missing
    )
    {
        json::object bundle;
        bundle["schema"] = "cosdiag.bundle/1";
        bundle["version"] = COSDIAG_VERSION;
        bundle["diagnosis"] = parse_json(json_line(diagnosis));
        if (recording != nullptr) {
            const auto secrets = secrets_of(*recording);
            bundle["request_fields"] = redacted_fields(recording->request_fields, secrets);
            bundle["response_fields"] = redacted_fields(recording->response_fields, secrets);
            bundle["notes"] = json::array(recording->notes.begin(), recording->notes.end());
        }
        json::array parts;
        for (const auto part : missing)
            parts.emplace_back(part);
        bundle["missing"] = std::move(parts);
        return bundle;
    }

    const Request& x_request_;
    std::ostream& x_out_;
    std::size_t x_count_ = 0;
};

void print_log_entries(std::string_view text, Printer& printer)
{
    while (!text.empty()) {
        const auto [line, rest] = split_at(text, '\n');
        text = rest;
        if (const auto diagnosis = read_log_entry(line))
            printer.print(*diagnosis, nullptr);
    }
}

/// Why there is nothing to explain.
std::string refusal_of(const std::vector<Recording>& recordings, const std::string& name)
{
    if (recordings.empty())
        return "no 403 was found in " + name +
               ". It reads a HAR, what curl -v writes, a raw request and its answer, the error that an SDK "
               "or a "
               "tool prints, or lines of cosdiag's log.\n";
    const auto& first = recordings.front();
    const auto code = shortened(first.error_code, 64);
    if (first.status == 0)
        return "COS's error in " + name + " is " + code + ", and no 403 is known to bear that code.\n";
    return "no 403 was found in " + name + ": " +
           (recordings.size() > 1 ? "the first answer" : "the answer") + " has status " +
           std::to_string(first.status) + (code.empty() ? "" : ", " + code) +
           ". cosdiag explains 403 only.\n";
}

void print_recordings(const std::vector<Recording>& recordings, const Request& request, Printer& printer)
{
    for (const auto& recording : recordings) {
        if (recording.status != forbidden)
            continue;
        const Replay replay(recording);
        auto exchange = replay.exchange();
        exchange.identities = request.identities;
        auto diagnosis = diagnose(exchange, number_id(printer.count() + 1));
        if (!recording.at)
            diagnosis.at = now();
        printer.print(diagnosis, &recording);
    }
}

} // namespace

int diagnose_file(const Request& request, std::istream& in, std::ostream& out, std::ostream& err)
{
    const bool standard = request.file == "-";
    const auto name = standard ? std::string("standard input") : config::quoted(request.file);
    std::ifstream file;
    if (!standard) {
        errno = 0;
        file.open(request.file, std::ios::binary);
    }
    if (!standard && (!file || file.peek() == std::char_traits<char>::eof())) {
        const int error = errno;
        err << "cosdiag: " << name
            << (error == 0 ? " is empty" : " cannot be read: " + std::generic_category().message(error))
            << ".\n";
        return 1;
    }
    const auto text = read_all(standard ? in : file);
    if (!text) {
        err << "cosdiag: " << name << " is longer than 64 MiB. Cut it down to the exchange in question.\n";
        return 1;
    }
    Printer printer(request, out);
    print_log_entries(*text, printer);
    if (printer.count() != 0)
        return 0;
    const auto recordings = read_any(*text);
    print_recordings(recordings, request, printer);
    if (printer.count() != 0)
        return 0;
    err << "cosdiag: " << refusal_of(recordings, name);
    return 1;
}

} // namespace cosdiag::offline
