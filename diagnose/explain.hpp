// SPDX-License-Identifier: Apache-2.0
// The causes' pages, for `cosdiag explain` and the catalogue.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cosdiag {

/// All causes, a line each: token and title.
std::string explain_all();

/// One cause's page for a terminal; empty when there is no such token.
std::optional<std::string> explain(std::string_view token);

/// The whole catalogue as Markdown: the text of diagnose/CAUSES.md.
std::string catalogue_markdown();

} // namespace cosdiag
