// SPDX-License-Identifier: Apache-2.0
#include "diagnose/explain.hpp"

#include "diagnose/causes.hpp"
#include "diagnose/text.hpp"
#include "diagnose/wrap.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::size_t page_width = 80;

struct Part {
    std::string_view heading;
    std::string_view Explanation::*text;
};

constexpr Part parts[] = {
    {"What it means", &Explanation::meaning},
    {"Why COS answers so", &Explanation::reason},
    {"How we know", &Explanation::evidence},
    {"What to change, and who", &Explanation::change},
    {"Often confused with", &Explanation::confused},
};

std::string source_line(const Section& source)
{
    return join(source.page, ", \"", source.heading, "\"");
}

void append_markdown(std::string& out, const Cause& cause)
{
    out += join("\n## ", cause.token, "\n\n**", cause.title, ".**\n");
    for (const auto& part : parts) {
        out += join("\n*", part.heading, ".* ");
        append_wrapped(out, cause.explanation.*part.text, part.heading.size() + 4, 0, 110);
        out += '\n';
    }
    out += join(
        "\n*Source.* [",
        cause.source.page,
        "](",
        cause.source.url,
        "), \"",
        cause.source.heading,
        "\", read on ",
        cause.source.read_on,
        ".\n"
    );
}

} // namespace

std::string explain_all()
{
    const auto all = all_causes();
    std::size_t width = 0;
    for (const auto* const cause : all) {
        width = std::max(width, cause->token.size());
    }
    std::string out;
    for (const auto* const cause : all) {
        out += cause->token;
        out.append(width - cause->token.size() + 2, ' ');
        out += join(cause->title, "\n");
    }
    return out;
}

std::optional<std::string> explain(std::string_view token)
{
    const auto* const cause = find_cause(token);
    if (cause == nullptr) {
        return std::nullopt;
    }
    auto out = join(cause->token, "\n", cause->title, "\n");
    for (const auto& part : parts) {
        out += join("\n", part.heading, "\n  ");
        append_wrapped(out, cause->explanation.*part.text, 2, 2, page_width);
        out += '\n';
    }
    out += join(
        "\nSource\n  ",
        source_line(cause->source),
        "\n  ",
        cause->source.url,
        "\n  read on ",
        cause->source.read_on,
        "\n"
    );
    return out;
}

std::string catalogue_markdown()
{
    std::string out =
        "# Causes of a 403\n\nGenerated from the files in `diagnose/causes/`; a test compares. Cases "
        "that show each one are in\n`tests/cases/<token>/`.\n\n| cause | title |\n|---|---|\n";
    for (const auto* const cause : all_causes()) {
        out += join("| [", cause->token, "](#", cause->token, ") | ", cause->title, " |\n");
    }
    for (const auto* const cause : all_causes()) {
        append_markdown(out, *cause);
    }
    return out;
}

} // namespace cosdiag
