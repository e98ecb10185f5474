// SPDX-License-Identifier: Apache-2.0
#include "tests/diagnose/case_file.hpp"

#include "diagnose/text.hpp"
#include "diagnose/time.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace cosdiag {
namespace {

[[noreturn]] void fail(const CaseFile& file, std::string_view what, std::string_view line)
{
    throw std::runtime_error(join(file.name, ": ", what, ": ", line));
}

std::string_view take_line(std::string_view& rest) noexcept
{
    const auto [line, behind] = split_at(rest, '\n');
    rest = behind;
    return line;
}

std::vector<std::string_view> words_of(std::string_view text)
{
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const auto [word, rest] = split_at(text, ' ');
        if (!word.empty()) {
            words.push_back(word);
        }
        text = rest;
    }
    return words;
}

/// `what numbers…`: times are seconds before the exchange.
bool take_memory(Recollection& out, std::string_view value)
{
    const auto words = words_of(value);
    const auto number = [&words](std::size_t at) -> std::optional<Seconds> {
        if (at >= words.size()) {
            return std::nullopt;
        }
        const bool negative = words[at].starts_with('-');
        const auto size = whole_number(words[at].substr(negative ? 1 : 0));
        return size ? std::optional(negative ? -*size : *size) : std::nullopt;
    };
    const auto what = words.empty() ? std::string_view{} : words.front();
    if (what == "storage-class" && words.size() == 2) {
        out.storage_class = words[1];
        return true;
    }
    if (what == "token-of-this-key" && words.size() == 2) {
        out.token_of_this_key = words[1] == "yes";
        return true;
    }
    if (what == "signer-clock" && words.size() == 5) {
        out.signer_clock = {
            number(1).value(),
            number(2).value(),
            static_cast<unsigned>(number(3).value()),
            number(4).value()};
        return true;
    }
    auto* const time = what == "same-call"       ? &out.same_call
                       : what == "same-folder"   ? &out.same_folder
                       : what == "same-key"      ? &out.same_key
                       : what == "read-unsigned" ? &out.read_unsigned
                                                 : nullptr;
    if (time != nullptr) {
        *time = number(1);
    }
    return time != nullptr && *time;
}

/// `alert NUMBER TIMES CLIENT SETTING…` or `closed TIMES CLIENT SETTING…`
bool take_handshake(CaseFile& out, std::string_view value)
{
    const auto [what, rest] = split_at(value, ' ');
    BrokenHandshake handshake;
    auto left = rest;
    if (what == "alert") {
        const auto [number, more] = split_at(left, ' ');
        handshake.alert = static_cast<int>(whole_number(number).value_or(0));
        left = more;
    }
    const auto [times, names] = split_at(left, ' ');
    const auto [client, setting] = split_at(names, ' ');
    handshake.times = static_cast<unsigned>(whole_number(times).value_or(0));
    handshake.client = client;
    handshake.setting = setting;
    out.handshake = handshake;
    return (what == "alert" || what == "closed") && handshake.times != 0 && !setting.empty();
}

void take_expectation(CaseFile& out, std::string_view line)
{
    const auto [name, rest] = split_at(line, ':');
    const auto value = trimmed(rest);
    if (name == "truth") {
        out.truth = words_of(value);
    } else if (name == "first") {
        const auto [token, confidence] = split_at(value, ' ');
        out.token = token;
        out.confidence = confidence;
    } else if (name == "also") {
        out.also.push_back(value);
    } else if (name == "silent") {
        out.silent = words_of(value);
    } else if (name == "says") {
        out.says.push_back(value);
    } else if (name == "conceals") {
        out.conceals.push_back(value);
    } else if (name == "scheme") {
        out.scheme = value;
    } else if (name == "host") {
        out.host = value;
    } else if (const auto words = words_of(value); name == "identity" && words.size() >= 3) {
        out.identities.push_back(
            {std::string(words[0]),
             SecretKey(std::string(words[1])),
             std::string(words[2]),
             std::string(words.size() > 3 ? words[3] : std::string_view{})}
        );
    } else if (name == "body" && value == "cut") {
        out.cut = true;
    } else if (name == "handshake" && take_handshake(out, value)) {
        return;
    } else if (name == "remembers" && take_memory(out.memory, value)) {
        return;
    } else if (const auto clock = read_iso_time(value); name == "clock" && clock) {
        out.clock = {*clock * 1000};
    } else {
        fail(out, "no such expectation", line);
    }
}

/// Fields up to the blank line; what follows it is a body, and without one there is none.
std::optional<std::string_view> take_fields(CaseFile& file, std::vector<Field>& fields, std::string_view rest)
{
    while (!rest.empty()) {
        const auto line = take_line(rest);
        if (line.empty()) {
            return rest;
        }
        const auto [name, value] = split_at(line, ':');
        if (name.size() == line.size()) {
            fail(file, "no field", line);
        }
        fields.push_back({name, trimmed(value)});
    }
    return std::nullopt;
}

std::string_view section(CaseFile& file, std::string_view mark)
{
    const auto at = file.text.find(mark);
    if (at == std::string::npos) {
        fail(file, "section missing", mark);
    }
    const auto rest = std::string_view(file.text).substr(at + mark.size());
    return rest.substr(0, rest.find("\n--- "));
}

} // namespace

Exchange CaseFile::exchange() const
{
    return {
        .method = method,
        .target = target,
        .scheme = scheme,
        .host = host.empty() ? find_field(request_fields, "host").value_or(std::string_view{}) : host,
        .request_fields = request_fields,
        .request_body = request_body,
        .request_body_complete = request_body.has_value(),
        .client = "192.0.2.7",
        .status = status,
        .response_fields = response_fields,
        .response_body = response_body,
        .response_body_complete = response_body.has_value() && !cut,
        .identities = identities,
        .handshake = handshake,
        .memory = memory,
        .documents = {},
        .asked_at = clock,
        .answered_at = clock,
    };
}

void read_case(CaseFile& out, const std::filesystem::path& path)
{
    out.name = join(path.parent_path().filename().string(), "/", path.stem().string());
    std::ifstream in(path, std::ios::binary);
    out.text.assign(std::istreambuf_iterator<char>(in), {});

    auto head = std::string_view(out.text).substr(0, out.text.find("\n--- "));
    out.story = take_line(head);
    while (!head.empty()) {
        if (const auto line = take_line(head); !line.empty()) {
            take_expectation(out, line);
        }
    }

    auto request = section(out, "\n--- request\n");
    const auto asked = words_of(take_line(request));
    auto response = section(out, "\n--- response\n");
    const auto answered = words_of(take_line(response));
    if (asked.size() != 3 || answered.size() < 2) {
        fail(out, "first line of a message", "METHOD TARGET VERSION, and VERSION STATUS");
    }
    out.method = asked[0];
    out.target = asked[1];
    out.request_body = take_fields(out, out.request_fields, request);
    out.status = static_cast<unsigned>(whole_number(answered[1]).value_or(0));
    out.response_body = take_fields(out, out.response_fields, response);
}

std::vector<std::filesystem::path> case_paths(std::string_view folder)
{
    std::vector<std::filesystem::path> paths;
    const auto root = std::filesystem::path(COSDIAG_SOURCE_DIR) / "tests" / folder;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        if (entry.path().extension() == ".http") {
            paths.push_back(entry.path());
        }
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

} // namespace cosdiag
