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
    std::string_view english, chinese;
    std::string_view Explanation::*text;
};

constexpr Part parts[] = {
    {"What it means", "含义", &Explanation::meaning},
    {"Why COS answers so", "COS 为什么这样回答", &Explanation::reason},
    {"How we know", "依据与把握", &Explanation::evidence},
    {"What to change, and who", "由谁修改什么", &Explanation::change},
    {"Often confused with", "容易混淆的原因", &Explanation::confused},
};

/// One cause's page and the words around it, in one language.
class Reader {
public:
    explicit Reader(Language language) : chinese_(language == Language::chinese) {}

    std::string_view title(const Cause& cause) const noexcept
    {
        return chinese_ ? cause.chinese.title : cause.title;
    }

    std::string_view heading(const Part& part) const noexcept
    {
        return chinese_ ? part.chinese : part.english;
    }

    std::string_view text(const Cause& cause, const Part& part) const noexcept
    {
        return (chinese_ ? cause.chinese.explanation : cause.explanation).*part.text;
    }

    std::string_view word(std::string_view english, std::string_view chinese) const noexcept
    {
        return chinese_ ? chinese : english;
    }

private:
    bool chinese_;
};

std::string source_line(const Section& source)
{
    return join(source.page, ", \"", source.heading, "\"");
}

void append_markdown(std::string& out, const Cause& cause, const Reader& reader)
{
    out += join("\n## ", cause.token, "\n\n**", reader.title(cause), reader.word(".**\n", "。**\n"));
    for (const auto& part : parts) {
        const auto heading = join("*", reader.heading(part), reader.word(".* ", "：* "));
        out += join("\n", heading);
        append_wrapped(out, reader.text(cause, part), columns_of(heading), 0, 110);
        out += '\n';
    }
    out += join(
        "\n*",
        reader.word("Source", "来源"),
        reader.word(".* [", "：* ["),
        cause.source.page,
        "](",
        cause.source.url,
        "), \"",
        cause.source.heading,
        reader.word("\", read on ", "\"，查阅于 "),
        cause.source.read_on,
        reader.word(".\n", "。\n")
    );
}

} // namespace

std::string explain_all(Language language)
{
    const Reader reader(language);
    const auto all = all_causes();
    std::size_t width = 0;
    for (const auto* const cause : all) {
        width = std::max(width, cause->token.size());
    }
    std::string out;
    for (const auto* const cause : all) {
        out += cause->token;
        out.append(width - cause->token.size() + 2, ' ');
        out += join(reader.title(*cause), "\n");
    }
    return out;
}

std::optional<std::string> explain(std::string_view token, Language language)
{
    const auto* const cause = find_cause(token);
    if (cause == nullptr) {
        return std::nullopt;
    }
    const Reader reader(language);
    auto out = join(cause->token, "\n", reader.title(*cause), "\n");
    for (const auto& part : parts) {
        out += join("\n", reader.heading(part), "\n  ");
        append_wrapped(out, reader.text(*cause, part), 2, 2, page_width);
        out += '\n';
    }
    out += join(
        "\n",
        reader.word("Source", "来源"),
        "\n  ",
        source_line(cause->source),
        "\n  ",
        cause->source.url,
        "\n  ",
        reader.word("read on ", "查阅于 "),
        cause->source.read_on,
        "\n"
    );
    return out;
}

std::string catalogue_markdown(Language language)
{
    const Reader reader(language);
    std::string out(reader.word(
        "# Causes of a 403\n\nGenerated from the files in `diagnose/causes/`; a test compares. Cases "
        "that show each one are in\n`tests/cases/<token>/`. [中文](CAUSES.zh.md)\n\n| cause | title "
        "|\n|---|---|\n",
        "# 403 的原因\n\n由 `diagnose/causes/` 中的文件生成，并由测试核对。每个原因的示例在 "
        "`tests/cases/<token>/`。[English](CAUSES.md)\n\n| 原因 | 说明 |\n|---|---|\n"
    ));
    for (const auto* const cause : all_causes()) {
        out += join("| [", cause->token, "](#", cause->token, ") | ", reader.title(*cause), " |\n");
    }
    for (const auto* const cause : all_causes()) {
        append_markdown(out, *cause, reader);
    }
    return out;
}

} // namespace cosdiag
