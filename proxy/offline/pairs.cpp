// SPDX-License-Identifier: Apache-2.0
// Names with values behind them, however a language prints them: `Code: 'X'`, `"code":"X"`, `code => X`,
// `Error Code: X;`, `errorCode = X,`. Covers console.log of Node, dictionaries of Python, the texts of the
// PHP, C++, .NET and iOS SDKs, JSON that was cut, and pages copied as text.
#include "diagnose/text.hpp"
#include "proxy/offline/scan.hpp"
#include "proxy/offline/sdk_readers.hpp"

#include <algorithm>
#include <array>

namespace cosdiag::offline {

namespace {

enum class Part {
    none,  ///< no name that means anything here
    other, ///< a name whose value is no part of COS's error: it ends the value before it
    code,
    message,
    resource,
    request_id,
    trace_id,
    server_time,
    string_to_sign,
    format_string,
    status,
    method,
    url,
};

struct Name {
    std::string_view spelled; ///< in lower case, without what joins its words
    Part part;
};

constexpr std::array names{
    Name{"code", Part::code},
    Name{"errorcode", Part::code},
    Name{"message", Part::message},
    Name{"errormessage", Part::message},
    Name{"errormsg", Part::message},
    Name{"statusmessage", Part::other},
    Name{"resource", Part::resource},
    Name{"resouce", Part::resource}, // so in the .NET SDK
    Name{"resourceaddr", Part::resource},
    Name{"requestid", Part::request_id},
    Name{"xcosrequestid", Part::request_id},
    Name{"traceid", Part::trace_id},
    Name{"xcostraceid", Part::trace_id},
    Name{"servertime", Part::server_time},
    Name{"stringtosign", Part::string_to_sign},
    Name{"formatstring", Part::format_string},
    Name{"statuscode", Part::status},
    Name{"httpstatus", Part::status},
    Name{"status", Part::status},
    Name{"method", Part::method},
    Name{"httpmethod", Part::method},
    Name{"url", Part::url},
    Name{"hostid", Part::other},
    Name{"errortype", Part::other},
};

Part part_of(std::string_view name) noexcept
{
    const auto* const known = std::ranges::find(names, name, &Name::spelled);
    if (known != names.end())
        return known->part;
    return names_secret(name) ? Part::other : Part::none;
}

struct Found {
    Part part = Part::none;
    std::size_t begin = 0; ///< of the name
};

bool spans_lines(Part part) noexcept
{
    return part == Part::string_to_sign || part == Part::format_string;
}

bool is_prose(Part part) noexcept
{
    return part == Part::message || part == Part::resource;
}

class Pairs {
public:
    Pairs(std::string_view text, Told& told) : x_text_(text), x_told_(told) {}

    void read()
    {
        for (std::size_t at = 0; at < x_text_.size();) {
            const auto name = is_separator(at) ? name_before(at) : Found{};
            at = name.part == Part::none ? at + 1 : take(name.part, at + 1);
        }
    }

private:
    static constexpr std::size_t longest_name = 24;

    bool is_separator(std::size_t at) const noexcept { return x_text_[at] == ':' || x_text_[at] == '='; }

    /// Where the word begins that ends before `end`, and `end` itself when there is none, or no end to it.
    std::size_t word_begin(std::size_t end) const noexcept
    {
        auto begin = end;
        const auto of_words = [](char c) { return is_alnum(c) || c == '_' || c == '-'; };
        while (begin > 0 && end - begin <= longest_name && of_words(x_text_[begin - 1]))
            --begin;
        return end - begin > longest_name ? end : begin;
    }

    Part part_at(std::size_t begin, std::size_t end) const
    {
        std::string name;
        for (const char c : x_text_.substr(begin, end - begin)) {
            if (is_alnum(c))
                name += lower(c);
        }
        return part_of(name);
    }

    Found name_before(std::size_t separator) const
    {
        auto end = separator;
        while (end > 0 && separator - end < 2 && x_text_[end - 1] == ' ')
            --end;
        const bool quoted = end > 0 && (x_text_[end - 1] == '"' || x_text_[end - 1] == '\'');
        end -= quoted ? 1 : 0;
        const auto begin = word_begin(end);
        if (begin == end)
            return {};
        if (!quoted && begin > 1 && x_text_[begin - 1] == ' ') {
            const auto first = word_begin(begin - 1);                // `Error Code`, `Request ID`
            const bool value = first > 0 && is_separator(first - 1); // `level=error msg=`
            if (const auto part = part_at(first, end); first < begin - 1 && !value && part != Part::none)
                return {part, without_cos(first)};
        }
        return {part_at(begin, end), begin};
    }

    /// `Cos Error Message` begins with its first word.
    std::size_t without_cos(std::size_t begin) const noexcept
    {
        return begin >= 4 && x_text_.substr(begin - 4, 4) == "Cos " ? begin - 4 : begin;
    }

    /// Reads the value from `at` on; returns where it ends.
    std::size_t take(Part part, std::size_t at)
    {
        constexpr std::string_view joints = " :=>";
        at = std::min(x_text_.find_first_not_of(joints, at), x_text_.size());
        auto quote = at; // Node puts a long value on the next line
        while (quote < x_text_.size() && is_blank(x_text_[quote]))
            ++quote;
        const bool prefixed = x_text_.substr(quote, 2) == "u'" || x_text_.substr(quote, 2) == "b'";
        quote += prefixed ? 1 : 0;
        if (quote < x_text_.size() && (x_text_[quote] == '"' || x_text_[quote] == '\''))
            return take_quoted(part, quote);
        const auto end = plain_end(part, at);
        set(part, x_text_.substr(at, end - at));
        return end;
    }

    /// One literal or several joined by `+`, as Node prints what has line ends.
    std::size_t take_quoted(Part part, std::size_t at)
    {
        std::string value;
        for (;;) {
            const char quote = x_text_[at];
            const auto begin = ++at;
            while (at < x_text_.size() && x_text_[at] != quote && (x_text_[at] != '\n' || spans_lines(part)))
                at += x_text_[at] == '\\' ? 2U : 1U;
            at = std::min(at, x_text_.size());
            value += unescaped(x_text_.substr(begin, at - begin));
            const auto plus = x_text_.find_first_not_of(" \r\n", std::min(at + 1, x_text_.size()));
            if (plus == std::string_view::npos || x_text_[plus] != '+')
                break;
            const auto next = x_text_.find_first_not_of(" \r\n", plus + 1);
            if (next == std::string_view::npos || x_text_[next] != quote)
                break;
            at = next;
        }
        set(part, value);
        return std::min(at + 1, x_text_.size());
    }

    /// Where a value without quotes ends: at the next name, or at what cannot be part of it.
    std::size_t plain_end(Part part, const std::size_t begin) const
    {
        const std::string_view ends = spans_lines(part) ? "" : is_prose(part) ? "\n;\t<`" : "\n;\t<`,\"' ";
        int depth = 0;
        for (auto at = begin; at < x_text_.size(); ++at) {
            const char c = x_text_[at];
            const bool escape = c == '\\' && at + 1 < x_text_.size() && x_text_[at + 1] == 'n';
            if (ends.find(c) != std::string_view::npos || (escape && !spans_lines(part)))
                return at;
            depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
            if (depth < 0)
                return at;
            if (!is_separator(at))
                continue;
            const auto next = name_before(at);
            if (next.begin > begin && next.part > (spans_lines(part) ? Part::other : Part::none))
                return next.begin;
        }
        return x_text_.size();
    }

    void set(Part part, std::string_view value)
    {
        if (!spans_lines(part))
            value = trimmed(value);
        while (value.ends_with(", ") || value.ends_with(','))
            value.remove_suffix(value.ends_with(',') ? 1 : 2);
        if (value.starts_with('<') || (value.starts_with("Request failed with status code")))
            return; // a placeholder, or what the HTTP library says
        set_request(part, value);
        set_error(part, value);
    }

    void set_request(Part part, std::string_view value)
    {
        auto& out = x_told_.recording;
        if ((part == Part::status || part == Part::code) && out.status == 0)
            out.status = read_status(value);
        if (part == Part::method && out.method.empty() && is_method(value))
            out.method = value;
        if (part == Part::url && out.host.empty() && value.find("://") != std::string_view::npos)
            out.set_url(value);
    }

    void set_error(Part part, std::string_view value)
    {
        auto& error = x_told_.error;
        if (part == Part::code && is_code(value))
            tell(error.code, value);
        constexpr std::array pieces{
            std::pair{Part::message, &CosError::message},
            std::pair{Part::resource, &CosError::resource},
            std::pair{Part::request_id, &CosError::request_id},
            std::pair{Part::trace_id, &CosError::trace_id},
            std::pair{Part::server_time, &CosError::server_time},
            std::pair{Part::string_to_sign, &CosError::string_to_sign},
            std::pair{Part::format_string, &CosError::format_string},
        };
        for (const auto& [named, piece] : pieces) {
            if (named == part)
                tell(error.*piece, value);
        }
    }

    std::string_view x_text_;
    Told& x_told_;
};

} // namespace

void take_pairs(Told& told, std::string_view text)
{
    Pairs(text, told).read();
}

} // namespace cosdiag::offline
