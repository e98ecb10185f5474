// SPDX-License-Identifier: Apache-2.0
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <span>
#include <vector>

namespace cosdiag::config {

namespace {

struct Unit {
    std::string_view name;
    std::uint64_t worth;
};

constexpr std::array<Unit, 4> time_units = {{{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
constexpr std::array<Unit, 3> size_units = {{{"B", 1}, {"KiB", kib}, {"MiB", kib* kib}}};

/// The value with the largest unit that leaves it whole.
std::string write(std::uint64_t value, std::span<const Unit> units)
{
    const Unit* best = &units.front();
    for (const auto& unit : units) {
        if (value != 0 && value % unit.worth == 0)
            best = &unit;
    }
    return std::to_string(value / best->worth) + std::string(best->name);
}

/// The digits a text begins with, as a number, and what follows them. Empty when there are none, or too many.
std::optional<std::pair<std::uint64_t, std::string_view>> leading_number(std::string_view text)
{
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number > 1'000'000'000'000)
        return std::nullopt;
    return std::pair(number, text.substr(static_cast<std::size_t>(end - text.data())));
}

Complaint out_of_range(std::string_view text, const std::string& least, const std::string& most)
{
    return {quoted(text) + " is out of range", "It goes from " + least + " to " + most + "."};
}

struct Scale {
    std::string_view wanted; ///< for the complaint
    std::string_view example;
    std::span<const Unit> units;
};

Parsed<std::uint64_t>
parse_scaled(std::string_view text, std::uint64_t least, std::uint64_t most, const Scale& scale)
{
    const auto parsed = leading_number(text);
    if (!parsed)
        return Complaint{quoted(text) + " is no " + std::string(scale.wanted), std::string(scale.example)};
    const auto [number, name] = *parsed;
    if (name.empty())
        return Complaint{quoted(text) + " has no unit", std::string(scale.example)};
    const auto unit = std::ranges::find(scale.units, name, &Unit::name);
    if (unit == scale.units.end()) {
        return Complaint{quoted(text) + " has a unit that is not known", std::string(scale.example)};
    }
    const std::uint64_t value = number * unit->worth;
    if (value < least || value > most)
        return out_of_range(text, write(least, scale.units), write(most, scale.units));
    return value;
}

bool has_control(std::string_view text)
{
    return std::ranges::any_of(text, [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
}

/// crypt(5)'s `$ID$…$HASH`: how many fields a method has, the empty one before the first $ included, and how
/// long its hash is. bcrypt runs salt and hash together.
struct CryptMethod {
    std::string_view id;
    std::size_t fewest, most;
    std::size_t hash_length;
};

constexpr std::array<CryptMethod, 6> crypt_methods = {{
    {"6", 4, 5, 86},
    {"5", 4, 5, 43},
    {"y", 5, 5, 43},
    {"2a", 4, 4, 53},
    {"2b", 4, 4, 53},
    {"2y", 4, 4, 53},
}};

bool is_crypt_hash(std::string_view text)
{
    constexpr std::size_t longest = 256;
    if (text.size() > longest || !text.starts_with('$'))
        return false;
    std::vector<std::string_view> fields;
    for (std::string_view rest = text;;) {
        const auto end = rest.find('$');
        fields.push_back(rest.substr(0, end));
        if (end == std::string_view::npos)
            break;
        rest.remove_prefix(end + 1);
    }
    const auto method = std::ranges::find(crypt_methods, fields[1], &CryptMethod::id);
    if (method == crypt_methods.end() || fields.size() < method->fewest || fields.size() > method->most)
        return false;
    const auto fits = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '/' || c == '=';
    };
    const auto sound = [&](std::string_view field) {
        return !field.empty() && std::ranges::all_of(field, fits);
    };
    return fields.back().size() == method->hash_length &&
           std::all_of(fields.begin() + 1, fields.end(), sound);
}

} // namespace

Parse<milliseconds> duration(milliseconds least, milliseconds most)
{
    return [=](std::string_view text) -> Parsed<milliseconds> {
        const Scale scale{"duration", "Write a whole number and its unit: 250ms, 10s, 5m or 1h.", time_units};
        const auto number = parse_scaled(
            text, static_cast<std::uint64_t>(least.count()), static_cast<std::uint64_t>(most.count()), scale
        );
        if (const auto* complaint = std::get_if<Complaint>(&number))
            return *complaint;
        return milliseconds(std::get<std::uint64_t>(number));
    };
}

Parse<std::size_t> size(std::size_t least, std::size_t most)
{
    return [=](std::string_view text) -> Parsed<std::size_t> {
        const Scale scale{"size", "Write a whole number and its unit: 512B, 64KiB or 1MiB.", size_units};
        return parse_scaled(text, least, most, scale);
    };
}

template <class T>
Parse<T> count(T least, T most)
{
    return [=](std::string_view text) -> Parsed<T> {
        const auto parsed = leading_number(text);
        if (!parsed || !parsed->second.empty())
            return Complaint{quoted(text) + " is no whole number", ""};
        if (parsed->first < least || parsed->first > most) {
            return out_of_range(text, std::to_string(least), std::to_string(most));
        }
        return static_cast<T>(parsed->first);
    };
}

template Parse<unsigned> count(unsigned, unsigned);
template Parse<std::size_t> count(std::size_t, std::size_t);

Parsed<bool> parse_switch(std::string_view text)
{
    if (text == "true")
        return true;
    if (text == "false")
        return false;
    return Complaint{quoted(text) + " is neither true nor false", ""};
}

Parsed<std::string> parse_path(std::string_view text)
{
    if (has_control(text))
        return Complaint{quoted(text) + " has control characters in it", ""};
    if (text.starts_with('~')) {
        return Complaint{
            quoted(text) + " begins with ~, which only a shell expands", "Write the whole path."};
    }
    return std::string(text);
}

Parsed<std::string> parse_language(std::string_view text)
{
    if (text.empty() || text == "en" || text == "zh")
        return std::string(text);
    return Complaint{quoted(text) + " is no language this version speaks", "It speaks en and zh."};
}

Parsed<ListenerMode> parse_listener_mode(std::string_view text)
{
    if (text == "forward")
        return ListenerMode::forward;
    if (text == "reverse")
        return ListenerMode::reverse;
    if (text == "transparent")
        return ListenerMode::transparent;
    return Complaint{
        quoted(text) + " is no mode this version knows", "It knows forward, reverse and transparent."};
}

Parsed<UpstreamTls> parse_upstream_tls(std::string_view text)
{
    if (text == "same")
        return UpstreamTls::same;
    if (text == "upgrade")
        return UpstreamTls::upgrade;
    return Complaint{
        quoted(text) + " is neither same nor upgrade",
        "With same, origins are spoken to as the client spoke; with upgrade, always with TLS."};
}

Parsed<std::string> parse_user_name(std::string_view text)
{
    if (text.empty())
        return Complaint{"is empty", "Give the user a name."};
    if (has_control(text) || text.find(':') != std::string_view::npos) {
        return Complaint{
            quoted(text) + " has a colon or a control character in it",
            "Basic authentication allows neither."};
    }
    return std::string(text);
}

Parsed<std::string> parse_secret_id(std::string_view text)
{
    const bool odd = std::ranges::any_of(text, [](unsigned char c) {
        return std::isalnum(c) == 0 && c != '-' && c != '_';
    });
    if (text.empty() || text.size() > 128 || odd) {
        return Complaint{
            "is no SecretId", // not quoted: it may be a SecretKey in the wrong place
            "One begins with AKID and has letters, digits, - and _ alone."};
    }
    return std::string(text);
}

Parsed<std::string> parse_variable(std::string_view text)
{
    const bool odd =
        std::ranges::any_of(text, [](unsigned char c) { return std::isalnum(c) == 0 && c != '_'; });
    if (text.empty() || odd || std::isdigit(static_cast<unsigned char>(text.front())) != 0) {
        return Complaint{
            "is no name of a variable",
            "Write the name of the variable here, such as COS_SECRET_KEY, not its value."};
    }
    return std::string(text);
}

Parsed<std::string> parse_appid(std::string_view text)
{
    const bool odd = std::ranges::any_of(text, [](unsigned char c) { return std::isdigit(c) == 0; });
    if (text.empty() || text.size() > 20 || odd) {
        return Complaint{
            quoted(text) + " is no APPID", "It is the number behind the last hyphen of a bucket's name."};
    }
    return std::string(text);
}

Parsed<std::string> parse_password_hash(std::string_view text)
{
    if (is_crypt_hash(text))
        return std::string(text);
    return Complaint{
        "is no hash of crypt(5)",
        "Passwords are kept as hashes only: run `openssl passwd -6` and put what it prints here, in single "
        "quotes."};
}

Parsed<unsigned> parse_threads(std::string_view text)
{
    return count<unsigned>(0, 1024)(text);
}

} // namespace cosdiag::config
