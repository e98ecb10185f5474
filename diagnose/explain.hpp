// SPDX-License-Identifier: Apache-2.0
// The causes' pages, for `cosdiag explain` and the catalogue.
#pragma once

#include "diagnose/language.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cosdiag {

/// All causes, a line each: token and title.
std::string explain_all(Language language = Language::english);

/// One cause's page for a terminal; empty when there is no such token.
std::optional<std::string> explain(std::string_view token, Language language = Language::english);

/// The whole catalogue as Markdown: the text of diagnose/CAUSES.md, and of CAUSES.zh.md.
std::string catalogue_markdown(Language language = Language::english);

} // namespace cosdiag
