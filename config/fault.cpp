// SPDX-License-Identifier: Apache-2.0
#include "config/fault.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace cosdiag::config {

namespace {

/// Levenshtein's distance between two words.
std::size_t distance(std::string_view left, std::string_view right)
{
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            const std::size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

} // namespace

std::string describe(const Fault& fault, std::string_view file)
{
    std::string line(file);
    if (fault.at.line > 0)
        line += ":" + std::to_string(fault.at.line) + ":" + std::to_string(fault.at.column);
    if (!line.empty())
        line += ": ";
    if (!fault.path.empty())
        line += fault.path + ": ";
    line += fault.complaint.what;
    if (!line.ends_with('.') && !line.ends_with('?'))
        line += '.';
    if (!fault.complaint.hint.empty())
        line += " " + fault.complaint.hint;
    return line;
}

std::string quoted(std::string_view text)
{
    constexpr std::size_t longest = 60;
    constexpr std::string_view digits = "0123456789abcdef";
    std::string safe = "\"";
    for (const char c : text.substr(0, longest)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) {
            safe += {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
        } else {
            safe += c;
        }
    }
    return safe + (text.size() > longest ? "…\"" : "\"");
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> known)
{
    constexpr std::size_t longest = 64;
    if (word.empty() || word.size() > longest)
        return {};
    std::string_view best;
    std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const auto candidate : known) {
        const std::size_t away = distance(word, candidate);
        if (away < least) {
            least = away;
            best = candidate;
        }
    }
    return best;
}

std::string suggest(std::string_view word, std::span<const std::string_view> known)
{
    if (const auto near = nearest(word, known); !near.empty())
        return "Did you mean " + std::string(near) + "?";
    std::string all = "Known here:";
    for (const auto candidate : known) {
        all += all.ends_with(':') ? " " : ", ";
        all += candidate;
    }
    return all + ".";
}

} // namespace cosdiag::config
