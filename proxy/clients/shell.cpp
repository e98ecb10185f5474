// SPDX-License-Identifier: Apache-2.0
#include "proxy/clients/shell.hpp"

#include "diagnose/text.hpp"

namespace cosdiag::clients {

namespace {

bool means_itself(char c)
{
    return is_alnum(c) || std::string_view("_@%+=:,./-").find(c) != std::string_view::npos;
}

std::string with_each(std::string text, std::string_view from, std::string_view to)
{
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

/// POSIX.1-2017, Shell Command Language §2.2.2: nothing can be escaped within single quotes.
std::string sh_inside(std::string_view text)
{
    return with_each(std::string(text), "'", "'\\''");
}

/// Fish's manual, "Quotes": \' and \\ are the escapes within single quotes.
std::string fish_inside(std::string_view text)
{
    return with_each(with_each(std::string(text), "\\", "\\\\"), "'", "\\'");
}

/// PowerShell's about_Quoting_Rules: a quote within quotes is doubled. U+2018 to U+201B count as one as well.
std::string powershell_inside(std::string_view text)
{
    std::string inside(text);
    for (const std::string_view quote : {"'", "\u2018", "\u2019", "\u201a", "\u201b"})
        inside = with_each(std::move(inside), quote, join(quote, quote));
    return inside;
}

std::string inside_quotes(std::string_view text, Shell shell)
{
    switch (shell) {
    case Shell::sh:
        return sh_inside(text);
    case Shell::fish:
        return fish_inside(text);
    case Shell::powershell:
        break;
    }
    return powershell_inside(text);
}

} // namespace

std::optional<Shell> shell_named(std::string_view program)
{
    const std::string_view name = program.substr(program.rfind('/') + 1);
    for (const std::string_view each : {"sh", "bash", "zsh", "dash", "ksh"})
        if (name == each)
            return Shell::sh;
    if (name == "fish")
        return Shell::fish;
    if (name == "pwsh" || name == "powershell")
        return Shell::powershell;
    return std::nullopt;
}

std::string shell_word(std::string_view text, Shell shell)
{
    if (shell != Shell::powershell && !text.empty() && consists_of(text, means_itself))
        return std::string(text);
    return join("'", inside_quotes(text, shell), "'");
}

std::string shell_line(std::string_view name, const std::optional<std::string>& value, Shell shell)
{
    switch (shell) {
    case Shell::sh:
        return value ? join("export ", name, "=", shell_word(*value, shell), "\n")
                     : join("unset ", name, "\n");
    case Shell::fish:
        return value ? join("set -gx ", name, " ", shell_word(*value, shell), "\n")
                     : join("set -e ", name, "\n");
    case Shell::powershell:
        break;
    }
    return value ? join("$env:", name, " = ", shell_word(*value, shell), "\n")
                 : join("Remove-Item Env:", name, " -ErrorAction SilentlyContinue\n");
}

} // namespace cosdiag::clients
