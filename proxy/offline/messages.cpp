// SPDX-License-Identifier: Apache-2.0
// Messages as text: raw, and as curl shows them.
#include "diagnose/text.hpp"
#include "proxy/offline/readers.hpp"
#include "proxy/offline/sdk_readers.hpp"

#include <charconv>

namespace cosdiag::offline {

namespace {

std::string_view take_line(std::string_view& rest) noexcept
{
    auto [line, behind] = split_at(rest, '\n');
    rest = behind;
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

bool is_status_line(std::string_view line) noexcept
{
    return line.starts_with("HTTP/") && line.find(' ') != std::string_view::npos;
}

bool is_request_line(std::string_view line) noexcept
{
    const auto version = line.rfind(" HTTP/");
    const auto blank = line.find(' ');
    return version != std::string_view::npos && blank < version && blank > 0 &&
           first_without(line.substr(0, blank), [](char c) { return c >= 'A' && c <= 'Z'; }) == blank;
}

void take_request_line(Recording& out, std::string_view line)
{
    const auto [method, rest] = split_at(line, ' ');
    out.method = method;
    out.set_url(rest.substr(0, rest.rfind(" HTTP/")));
    out.request_fields.emplace();
}

void take_status_line(Recording& out, std::string_view line)
{
    const auto [version, rest] = split_at(line, ' ');
    std::from_chars(rest.data(), rest.data() + rest.size(), out.status);
    out.response_fields.emplace();
}

/// Whether the line was a field.
bool take_field(std::vector<NamedValue>& fields, std::string_view line)
{
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
        return false;
    fields.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
    return true;
}

void take_host(Recording& recording)
{
    if (!recording.host.empty() || !recording.request_fields)
        return;
    for (const auto& [name, value] : *recording.request_fields) {
        if (same_name(name, "host"))
            recording.host = value;
    }
}

/// Gathers the lines of curl's trace into exchanges.
class Trace {
public:
    void line(std::string_view line)
    {
        if (line.starts_with("> ") || line == ">") {
            sent(line.substr(std::min<std::size_t>(2, line.size())));
        } else if (line.starts_with("< ") || line == "<") {
            received(line.substr(std::min<std::size_t>(2, line.size())));
        } else if (line.starts_with("* ") || line.starts_with("{ [") || line.starts_with("} [")) {
            return;
        } else if (x_now_.status != 0) {
            x_body_.append(line).append("\n");
        }
    }

    std::vector<Recording> take()
    {
        finish();
        return std::move(x_done_);
    }

private:
    void sent(std::string_view text)
    {
        if (is_request_line(text)) {
            finish();
            take_request_line(x_now_, text);
        } else if (x_now_.request_fields && x_now_.status == 0) {
            take_field(*x_now_.request_fields, text);
        }
    }

    void received(std::string_view text)
    {
        if (is_status_line(text)) {
            take_status_line(x_now_, text);
            x_body_.clear();
        } else if (x_now_.response_fields) {
            take_field(*x_now_.response_fields, text);
        }
    }

    void finish()
    {
        if (x_now_.status != 0 && x_now_.method != "CONNECT") {
            if (!trimmed(x_body_).empty())
                x_now_.response_body = x_body_;
            take_host(x_now_);
            x_done_.push_back(std::move(x_now_));
        }
        x_now_ = Recording();
        x_body_.clear();
    }

    Recording x_now_;
    std::string x_body_;
    std::vector<Recording> x_done_;
};

std::string_view skip_blank_lines(std::string_view text) noexcept
{
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    return text;
}

/// Where the first such line begins.
template <class Holds>
std::size_t find_line(std::string_view text, Holds holds) noexcept
{
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        auto line = text.substr(at, end - at);
        if (holds(take_line(line)))
            return at;
        at = end + 1;
    }
    return std::string_view::npos;
}

void take_head(std::string_view& rest, std::vector<NamedValue>& fields)
{
    while (!rest.empty()) {
        const auto line = take_line(rest);
        if (line.empty() || !take_field(fields, line))
            return;
    }
}

} // namespace

std::vector<Recording> read_curl_trace(std::string_view text)
{
    Trace trace;
    while (!text.empty())
        trace.line(take_line(text));
    return trace.take();
}

std::vector<Recording> read_messages(std::string_view text)
{
    Recording recording;
    const auto begin =
        find_line(text, [](std::string_view line) { return is_request_line(line) || is_status_line(line); });
    if (begin == std::string_view::npos)
        return {};
    auto rest = text.substr(begin);
    auto lines = rest;
    if (const auto first = take_line(lines); is_request_line(first)) {
        take_request_line(recording, first);
        take_head(lines, *recording.request_fields);
        take_host(recording);
        const auto answer = find_line(lines, is_status_line);
        if (answer == std::string_view::npos)
            return {};
        if (const auto body = trimmed(lines.substr(0, answer)); !body.empty())
            recording.request_body = std::string(lines.substr(0, answer));
        rest = lines.substr(answer);
    } else {
        take_curl_command(recording, text.substr(0, begin));
    }
    // Interim answers, and those of a proxy to CONNECT, come before the one that counts.
    for (auto answer = rest; is_status_line(take_line(answer));) {
        take_status_line(recording, take_line(rest));
        take_head(rest, *recording.response_fields);
        answer = rest = skip_blank_lines(rest);
    }
    if (recording.status == 0)
        return {};
    if (!rest.empty())
        recording.response_body = std::string(rest);
    return {std::move(recording)};
}

} // namespace cosdiag::offline
