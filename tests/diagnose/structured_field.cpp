// SPDX-License-Identifier: Apache-2.0
#include "tests/diagnose/structured_field.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

bool is_alpha(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_token_char(char c) noexcept
{
    return is_alpha(c) || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~:/").find(c) != std::string_view::npos;
}

bool is_key_char(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("_-.*").find(c) != std::string_view::npos;
}

class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    [[nodiscard]] bool at_end() const noexcept { return text_.empty(); }

    bool take(char c) noexcept
    {
        if (text_.empty() || text_.front() != c) {
            return false;
        }
        text_.remove_prefix(1);
        return true;
    }

    template <class Allowed>
    std::string run(Allowed allowed)
    {
        const auto* const end = std::find_if_not(text_.begin(), text_.end(), allowed);
        const auto size = static_cast<std::size_t>(end - text_.begin());
        std::string out(text_.substr(0, size));
        text_.remove_prefix(size);
        return out;
    }

    /// §4.2.6
    std::optional<std::string> token()
    {
        const bool good = !text_.empty() && (is_alpha(text_.front()) || text_.front() == '*');
        return good ? std::optional(run(is_token_char)) : std::nullopt;
    }

    /// §4.2.5
    std::optional<std::string> string()
    {
        std::string out;
        if (!take('"')) {
            return std::nullopt;
        }
        while (!text_.empty()) {
            char c = text_.front();
            text_.remove_prefix(1);
            if (c == '"') {
                return out;
            }
            if (c == '\\') {
                if (text_.empty() || (text_.front() != '"' && text_.front() != '\\')) {
                    return std::nullopt;
                }
                c = text_.front();
                text_.remove_prefix(1);
            } else if (c < 0x20 || c == 0x7F) {
                return std::nullopt;
            }
            out += c;
        }
        return std::nullopt;
    }

    std::optional<SfMember> member()
    {
        SfMember out;
        auto name = token();
        if (!name) {
            return std::nullopt;
        }
        out.token = std::move(*name);
        while (take(';')) {
            run([](char c) { return c == ' '; });
            auto key = run(is_key_char);
            const bool good_key =
                !key.empty() && (key.front() == '*' || (key.front() >= 'a' && key.front() <= 'z'));
            if (!good_key || !take('=') || out.find(key) != nullptr) {
                return std::nullopt;
            }
            auto value = text_.starts_with('"') ? string() : token();
            if (!value) {
                return std::nullopt;
            }
            out.parameters.emplace_back(std::move(key), std::move(*value));
        }
        return out;
    }

private:
    std::string_view text_;
};

} // namespace

const std::string* SfMember::find(std::string_view name) const
{
    const auto at = std::find_if(parameters.begin(), parameters.end(), [name](const auto& one) {
        return one.first == name;
    });
    return at == parameters.end() ? nullptr : &at->second;
}

std::optional<std::vector<SfMember>> read_sf_list(std::string_view text)
{
    Reader reader(text);
    std::vector<SfMember> out;
    while (!reader.at_end()) {
        auto member = reader.member();
        if (!member) {
            return std::nullopt;
        }
        out.push_back(std::move(*member));
        const auto is_ows = [](char c) { return c == ' ' || c == '\t'; };
        reader.run(is_ows);
        if (reader.at_end()) {
            return out;
        }
        if (!reader.take(',')) {
            return std::nullopt;
        }
        reader.run(is_ows);
        if (reader.at_end()) {
            return std::nullopt;
        }
    }
    return out;
}

} // namespace cosdiag
