// SPDX-License-Identifier: Apache-2.0
// A command of curl as it was typed before the answer: it shows the whole request.
#include "diagnose/text.hpp"
#include "proxy/offline/scan.hpp"
#include "proxy/offline/sdk_readers.hpp"

#include <algorithm>

namespace cosdiag::offline {

namespace {

/// The words of a command, as a shell takes them apart; a backslash at a line's end continues it.
class Words {
public:
    explicit Words(std::string_view text) : x_rest_(text) {}

    /// The next word; nothing at the end of the command.
    std::optional<std::string> next()
    {
        skip_blanks();
        if (x_rest_.empty() || std::string_view("\n|;&").find(x_rest_.front()) != std::string_view::npos)
            return std::nullopt;
        std::string word;
        char quote = 0;
        while (!x_rest_.empty()) {
            const char c = x_rest_.front();
            if (quote == 0 && std::string_view(" \t\r\n|;").find(c) != std::string_view::npos)
                break;
            x_rest_.remove_prefix(1);
            if (c == quote || (quote == 0 && (c == '"' || c == '\'')))
                quote = quote == 0 ? c : '\0';
            else
                word += c;
        }
        return word;
    }

private:
    void skip_blanks() noexcept
    {
        for (;;) {
            if (x_rest_.starts_with("\\\n"))
                x_rest_.remove_prefix(2);
            else if (x_rest_.starts_with("\\\r\n"))
                x_rest_.remove_prefix(3);
            else if (!x_rest_.empty() && std::string_view(" \t\r").find(x_rest_.front()) != std::string_view::npos)
                x_rest_.remove_prefix(1);
            else
                return;
        }
    }

    std::string_view x_rest_;
};

void take_field(Recording& out, std::string_view line)
{
    const auto [name, value] = split_at(line, ':');
    out.request_fields->emplace_back(trimmed(name), trimmed(value));
    if (same_name(trimmed(name), "host"))
        out.host = trimmed(value);
}

/// curl's short name of an option; `?` for one that bears on nothing here, `*` for one that signs.
char short_name(std::string_view option) noexcept
{
    constexpr std::pair<std::string_view, char> names[] = {
        {"--request", 'X'},    {"--head", 'I'},     {"--header", 'H'}, {"--upload-file", 'T'},
        {"--data", 'd'},       {"--data-raw", 'd'}, {"--form", 'F'},   {"--data-binary", 'd'},
        {"--user-agent", 'A'}, {"--referer", 'e'},  {"--output", 'o'}, {"--aws-sigv4", '*'},
        {"--connect-to", 'o'}, {"--resolve", 'o'},  {"--proxy", 'x'},  {"--user", 'u'},
        {"--max-time", 'm'},   {"--cacert", 'o'},   {"--config", 'K'}, {"--url", 'U'},
    };
    const auto* const found = std::ranges::find(names, option, &std::pair<std::string_view, char>::first);
    return found == std::end(names) ? '?' : found->second;
}

class Command {
public:
    Command(Recording& out, std::string_view text) : x_out_(out), x_words_(text)
    {
        out.request_fields.emplace();
    }

    /// Whether it names a URL.
    bool read()
    {
        while (const auto word = x_words_.next()) {
            if (word->starts_with("--"))
                take(short_name(*word), {});
            else if (word->starts_with('-'))
                take_cluster(*word);
            else
                take('U', *word);
        }
        if (x_out_.method.empty())
            x_out_.method = x_implied_;
        return x_named_;
    }

private:
    /// `-sI`, `-XPUT`: flags, of which the last may take what follows.
    void take_cluster(std::string_view word)
    {
        constexpr std::string_view with_value = "XHTdFAeoxumKbcwEr";
        for (std::size_t at = 1; at < word.size(); ++at) {
            if (with_value.find(word[at]) != std::string_view::npos) {
                take(word[at], word.substr(at + 1));
                return;
            }
            take(word[at], {});
        }
    }

    void take(char option, std::string_view given)
    {
        if (option == 'I')
            x_implied_ = "HEAD";
        constexpr std::string_view with_value = "XHTdFAeoxumKbcwErU*";
        if (with_value.find(option) == std::string_view::npos)
            return;
        const auto value = given.empty() ? x_words_.next().value_or("") : std::string(given);
        switch (option) {
        case 'X':
            x_out_.method = is_method(value) ? value : "";
            break;
        case 'H':
            take_field(x_out_, value);
            break;
        case 'A':
            take_field(x_out_, "User-Agent: " + value);
            break;
        case 'e':
            take_field(x_out_, "Referer: " + value);
            break;
        case 'T':
            x_implied_ = "PUT";
            break;
        case 'd':
        case 'F':
            x_implied_ = "POST";
            break;
        case 'u':
        case 'K':
        case '*':
            x_out_.credentials_shown = false;
            break;
        case 'U':
            take_url(value);
            break;
        default:
            break;
        }
    }

    void take_url(const std::string& url)
    {
        if (x_named_ || url.find('.') == std::string::npos)
            return;
        x_named_ = true;
        auto host = x_out_.host; // of a -H before it
        x_out_.set_url(url.find("://") == std::string::npos ? "http://" + url : url);
        if (!host.empty())
            x_out_.host = std::move(host);
    }

    Recording& x_out_;
    Words x_words_;
    std::string x_implied_ = "GET";
    bool x_named_ = false;
};

} // namespace

bool take_curl_command(Recording& out, std::string_view text)
{
    const auto at = find_whole(text, "curl");
    if (at == std::string_view::npos || text.substr(at + 4, 1) != " ")
        return false;
    Recording asked;
    if (!Command(asked, text.substr(at + 5)).read())
        return false;
    out.method = asked.method;
    out.scheme = asked.scheme;
    out.host = asked.host;
    out.target = asked.target;
    out.request_fields = std::move(asked.request_fields);
    out.credentials_shown = asked.credentials_shown;
    return true;
}

} // namespace cosdiag::offline
