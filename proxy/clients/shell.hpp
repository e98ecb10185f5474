// SPDX-License-Identifier: Apache-2.0
// Words and assignments as shells read them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cosdiag::clients {

enum class Shell { sh, fish, powershell };

/// By the name of its program, with or without a path: `sh`, `bash`, `zsh`, `dash`, `ksh`; `fish`; `pwsh`,
/// `powershell`. Nothing for others.
std::optional<Shell> shell_named(std::string_view program);

/// One word that this shell reads back as exactly this text, which may hold anything but NUL. Quoted only
/// where it has to be.
std::string shell_word(std::string_view text, Shell shell);

/// The line that exports the variable, or unsets it when there is no value; ends with a line feed.
std::string shell_line(std::string_view name, const std::optional<std::string>& value, Shell shell);

} // namespace cosdiag::clients
