// SPDX-License-Identifier: Apache-2.0
#include "diagnose/signature/policy_spelling.hpp"

#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::size_t largest = 8 * 1024;

/// How a library writes JSON.
struct Style {
    std::string_view comma, colon;
    std::string_view indent; ///< of one level; empty: all in one line
    std::string_view what;
};

constexpr Style styles[] = {
    {",", ":", "", "without white space"},
    {", ", ": ", "", "with a blank behind each comma and colon"},
    {",", ": ", "", "with a blank behind each colon"},
    {", ", ":", "", "with a blank behind each comma"},
    {",", ": ", "  ", "in lines indented by two blanks"},
    {",", ": ", "    ", "in lines indented by four blanks"},
    {",", ": ", "\t", "in lines indented by tabs"},
};

/// Writes JSON anew, text outside strings only (RFC 8259 §2).
class Respacer {
public:
    explicit Respacer(const Style& style) : style_(style) {}

    std::string respaced(std::string_view text)
    {
        while (!text.empty()) {
            const auto size = text.front() == '"' ? string_size(text) : 1U;
            put(text.substr(0, size));
            text.remove_prefix(size);
        }
        return std::move(out_);
    }

private:
    static std::size_t string_size(std::string_view text) noexcept
    {
        std::size_t at = 1;
        while (at < text.size() && text[at] != '"') {
            at += text[at] == '\\' ? 2U : 1U;
        }
        return std::min(at + 1, text.size());
    }

    void put(std::string_view token)
    {
        const char first = token.front();
        if (is_blank(first)) {
            return;
        }
        const bool closes = first == '}' || first == ']';
        if (closes && depth_ > 0) {
            --depth_;
        }
        if (opened_ != closes) {
            new_line();
        }
        opened_ = first == '{' || first == '[';
        depth_ += opened_ ? 1U : 0U;
        out_ += first == ',' ? style_.comma : first == ':' ? style_.colon : token;
        if (first == ',') {
            new_line();
        }
    }

    void new_line()
    {
        if (!style_.indent.empty()) {
            out_ += '\n';
            for (std::size_t i = 0; i < std::min<std::size_t>(depth_, 8); ++i) {
                out_ += style_.indent;
            }
        }
    }

    const Style& style_;
    std::string out_;
    std::size_t depth_ = 0;
    bool opened_ = false; ///< nothing stands yet in what was opened last
};

std::string with_line_ends(std::string_view text, std::string_view line_end)
{
    std::string out;
    for (const char c : text) {
        if (c == '\n') {
            out += line_end;
        } else if (c != '\r') {
            out += c;
        }
    }
    return out;
}

} // namespace

std::vector<PolicySpelling> policy_spellings(std::string_view policy)
{
    if (policy.size() > largest) {
        return {};
    }
    std::vector<PolicySpelling> all = {
        {std::string(trimmed(policy)), "without white space around it"},
        {join(policy, "\n"), "with a line end behind it"},
        {with_line_ends(policy, "\n"), "with LF for CRLF"},
        {with_line_ends(policy, "\r\n"), "with CRLF for LF"},
    };
    for (const auto& style : styles) {
        auto text = Respacer(style).respaced(policy);
        all.push_back({join(text, "\n"), style.what});
        all.push_back({std::move(text), style.what});
    }
    return all;
}

} // namespace cosdiag
