// SPDX-License-Identifier: Apache-2.0
#include "diagnose/sign_window.hpp"

#include "diagnose/text.hpp"

namespace cosdiag {

bool is_too_fine(std::string_view number) noexcept
{
    constexpr std::size_t most_digits = 12; // with more, seconds lie past the year 33000
    return number.size() > most_digits && first_without(number, is_digit) == number.size();
}

WindowRead read_window(std::string_view text) noexcept
{
    const auto semicolon = text.find(';');
    const auto first = trimmed(text.substr(0, semicolon));
    const auto second =
        semicolon == std::string_view::npos ? std::string_view{} : trimmed(text.substr(semicolon + 1));
    const auto begin = whole_number(first);
    const auto end = whole_number(second);
    if (is_too_fine(first) && is_too_fine(second)) {
        return {std::nullopt, WindowFault::too_fine};
    }
    if (!begin || !end) {
        return {std::nullopt, WindowFault::not_numbers};
    }
    if (is_too_fine(first) || is_too_fine(second)) {
        return {std::nullopt, WindowFault::too_fine};
    }
    if (*begin > *end) {
        return {std::nullopt, WindowFault::reversed};
    }
    return {Window{*begin, *end}, WindowFault::none};
}

} // namespace cosdiag
