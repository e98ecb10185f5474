// SPDX-License-Identifier: Apache-2.0
#include "proxy/tail/entry_printer.hpp"

#include "diagnose/cause.hpp"
#include "diagnose/json.hpp"
#include "diagnose/json_value.hpp"
#include "diagnose/text.hpp"
#include "diagnose/wrap.hpp"
#include "proxy/offline/log_entry.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <utility>

namespace cosdiag::tail {

namespace {

constexpr std::size_t remembered = 4096; ///< entries that later tries are joined to
constexpr unsigned clock_width = 9;

std::string written(const std::tm& moment, const char* format)
{
    std::array<char, 32> text{};
    const auto size = std::strftime(text.data(), text.size(), format, &moment);
    return {text.data(), size};
}

/// Enough of an id to find it by eye.
std::string short_id(std::string_view id)
{
    constexpr std::size_t enough = 6;
    return for_terminal(id.substr(0, enough)) + (id.size() > enough ? "…" : "");
}

/// Of one character of at most three bytes, as all are that can control a terminal.
unsigned code_point(std::string_view character)
{
    const auto byte = [&](std::size_t at) {
        return static_cast<unsigned>(static_cast<unsigned char>(character[at]));
    };
    return character.size() == 1   ? byte(0)
           : character.size() == 2 ? (byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU)
                                   : (byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
}

/// Lines may have other words before the entry, as where several programs write into one stream.
json::value entry_in(std::string_view line)
{
    auto entry = parse_json_object(line);
    return offline::is_log_entry(entry) ? std::move(entry) : json::value();
}

/// The finding that the entry begins with.
const json::value& first_finding(const json::value& entry)
{
    static const json::value nothing;
    const auto& causes = list_in(value_in(entry, "causes"));
    return causes.empty() ? nothing : causes.front();
}

/// Empty where the first finding is one that this version does not know: the others alone would mislead.
std::optional<Diagnosis> known_diagnosis(const json::value& entry)
{
    auto diagnosis = offline::read_log_entry(entry);
    if (diagnosis && diagnosis->findings.front().cause->token != text_in(first_finding(entry), "cause"))
        diagnosis.reset();
    return diagnosis;
}

} // namespace

std::tm local_time(Seconds moment)
{
    const auto seconds = static_cast<std::time_t>(moment);
    std::tm local{};
    ::localtime_r(&seconds, &local);
    return local;
}

std::string day_of(const std::tm& moment)
{
    return written(moment, "%Y-%m-%d");
}

bool EntryPrinter::fits(std::string_view line) const
{
    const auto entry = entry_in(line);
    return !entry.is_null() && x_style_.filter.matches(entry);
}

std::string EntryPrinter::shown(std::string_view line)
{
    if (trimmed(line).empty())
        return {};
    const auto entry = entry_in(line);
    if (entry.is_null()) {
        ++x_passed_over_;
        return {};
    }
    if (!x_style_.filter.matches(entry))
        return {};
    if (x_style_.json)
        return (x_style_.terminal ? json_for_terminal(line) : std::string(line)) + '\n';
    const auto diagnosis = known_diagnosis(entry);
    std::string clock;
    const Time moment = diagnosis ? diagnosis->at : offline::time_of_log_entry(entry);
    std::string out = day_and_clock(moment, clock);
    if (!diagnosis)
        return out + unknown(entry, clock);
    const auto& cause = diagnosis->findings.front().cause->token;
    const auto first = x_causes_.find(diagnosis->first_id);
    if (diagnosis->attempts > 1 && first != x_causes_.end() && first->second == cause) {
        x_begun_ = true;
        return out + line_of(*diagnosis, clock);
    }
    remember(diagnosis->attempts > 1 ? diagnosis->first_id : diagnosis->id, cause);
    return out + block_of(*diagnosis, clock);
}

std::string EntryPrinter::block_of(const Diagnosis& diagnosis, const std::string& clock)
{
    auto style = x_style_.block;
    style.width -= std::min(style.width, clock_width);
    std::string out = std::exchange(x_begun_, true) ? "\n" : "";
    out += join(dim(clock), " ", block(diagnosis, style));
    if (diagnosis.attempts > 1)
        out += "  " + line_of(diagnosis, "");
    return out;
}

std::string EntryPrinter::line_of(const Diagnosis& diagnosis, const std::string& clock) const
{
    const auto count = std::to_string(diagnosis.attempts);
    const auto id = short_id(diagnosis.first_id);
    const bool chinese = x_style_.block.language == Language::chinese;
    const auto text =
        chinese ? join("再次：", id, " 的第 ", count, " 次尝试") : join("again: try ", count, " of ", id);
    return (clock.empty() ? dim(text) : join(dim(clock), " ", text)) + '\n';
}

std::string EntryPrinter::unknown(const json::value& entry, const std::string& clock)
{
    const auto& request = value_in(entry, "request");
    const auto& first = first_finding(entry);
    std::string out = std::exchange(x_begun_, true) ? "\n" : "";
    out += join(dim(clock), " ", std::to_string(number_in(value_in(entry, "response"), "status")), " ");
    out += join(for_terminal(text_in(request, "method")), " ", for_terminal(text_in(request, "url")), "\n  ");
    out +=
        join(for_terminal(text_in(first, "cause")), "\n  ", for_terminal(text_in(first, "summary")), "\n  ");
    return out +
           dim(x_style_.block.language == Language::chinese ? "此版本的 cosdiag 不认识这个原因"
                                                            : "a cause that this version does not know") +
           '\n';
}

std::string EntryPrinter::day_and_clock(Time moment, std::string& clock)
{
    const std::tm local = x_style_.local(moment.ms / 1000);
    clock = written(local, "%H:%M:%S");
    auto day = day_of(local);
    if (day == x_day_)
        return {};
    x_day_ = std::move(day);
    return std::string(std::exchange(x_begun_, false) ? "\n" : "") + dim(x_day_) + '\n';
}

std::string EntryPrinter::dim(std::string_view text) const
{
    return x_style_.block.colour ? join("\x1b[2m", text, "\x1b[0m") : std::string(text);
}

void EntryPrinter::remember(const std::string& id, std::string_view cause)
{
    if (x_causes_.insert_or_assign(id, cause).second)
        x_ids_.push_back(id);
    if (x_ids_.size() <= remembered)
        return;
    x_causes_.erase(x_ids_.front());
    x_ids_.pop_front();
}

std::string json_for_terminal(std::string_view line)
{
    std::string out;
    while (!line.empty()) {
        const auto size = utf8_length(line);
        const auto character = line.substr(0, size);
        if (size == 0) {
            out += "\\ufffd";
        } else if (for_terminal(character) == character) {
            out += character;
        } else {
            std::array<char, 8> escape{};
            std::snprintf(escape.data(), escape.size(), "\\u%04x", code_point(character));
            out += escape.data();
        }
        line.remove_prefix(size == 0 ? 1 : size);
    }
    return out;
}

} // namespace cosdiag::tail
