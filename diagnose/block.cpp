// SPDX-License-Identifier: Apache-2.0
// A diagnosis for people at a terminal: what was asked, what went wrong, what was seen, who does what.
#include "diagnose/cause.hpp"
#include "diagnose/render.hpp"
#include "diagnose/text.hpp"
#include "diagnose/words.hpp"
#include "diagnose/wrap.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr unsigned narrowest = 40;
constexpr std::size_t gutter = 2;

/// SGR sequences (ECMA-48 §8.3.117), all from here: nothing else in a block can set a colour.
enum class Ink { plain, bold, dim, red, yellow, blue };

std::string_view sequence_of(Ink ink) noexcept
{
    switch (ink) {
    case Ink::bold:
        return "\x1b[1m";
    case Ink::dim:
        return "\x1b[2m";
    case Ink::red:
        return "\x1b[1;31m";
    case Ink::yellow:
        return "\x1b[1;33m";
    case Ink::blue:
        return "\x1b[1;34m";
    case Ink::plain:
        break;
    }
    return {};
}

Ink ink_of(Confidence confidence) noexcept
{
    switch (confidence) {
    case Confidence::certain:
        return Ink::red;
    case Confidence::likely:
        return Ink::yellow;
    case Confidence::possible:
        break;
    }
    return Ink::blue;
}

/// The words of a block that are not a judge's.
class Words {
public:
    explicit Words(Language language) : chinese_(language == Language::chinese) {}

    bool chinese() const noexcept { return chinese_; }

    std::string_view actor(Actor who) const noexcept
    {
        switch (who) {
        case Actor::caller:
            return chinese_ ? "调用方" : "caller";
        case Actor::bucket_owner:
            return chinese_ ? "存储桶所有者" : "bucket owner";
        case Actor::account_owner:
            return chinese_ ? "账号所有者" : "account owner";
        case Actor::operator_:
            break;
        }
        return chinese_ ? "运维人员" : "operator";
    }

    std::string_view confidence(Confidence confidence) const noexcept
    {
        if (!chinese_) {
            return word_of(confidence);
        }
        return confidence == Confidence::certain  ? "确定"
               : confidence == Confidence::likely ? "很可能"
                                                  : "可能";
    }

    std::string_view to_do() const noexcept { return chinese_ ? "怎么办" : "what to do"; }

private:
    bool chinese_;
};

class Sheet {
public:
    explicit Sheet(BlockStyle style) : colour_(style.colour), width_(std::max(style.width, narrowest)) {}

    void ink(Ink ink, std::string_view text)
    {
        const bool set = colour_ && ink != Ink::plain;
        out_ += set ? sequence_of(ink) : std::string_view{};
        out_ += text;
        out_ += set ? "\x1b[0m" : "";
    }

    void text(std::string_view text, std::size_t column, std::size_t indent)
    {
        append_wrapped(out_, for_terminal(text), column, indent, width_);
    }

    /// A label at the left, padded, and a text beside it that wraps under itself.
    void row(std::string_view label, std::size_t label_width, std::string_view value)
    {
        const auto shown = for_terminal(label);
        const auto taken = columns_of(shown);
        out_.append(2 * gutter, ' ');
        ink(Ink::dim, shown);
        const auto indent = 2 * gutter + label_width + gutter;
        const auto column = 2 * gutter + std::max(label_width, taken) + gutter;
        const bool room = column < width_;
        if (!room) {
            end_line();
        }
        blanks(room ? column - 2 * gutter - taken : indent);
        text(value, room ? column : indent, indent);
        end_line();
    }

    void end_line() { out_ += '\n'; }

    void blanks(std::size_t count) { out_.append(count, ' '); }

    std::string take() { return std::move(out_); }

private:
    std::string out_;
    bool colour_;
    std::size_t width_;
};

void write_head(Sheet& sheet, const Diagnosis& diagnosis)
{
    const auto& exchange = diagnosis.exchange;
    const auto head = join(std::to_string(exchange.status), " ", for_terminal(exchange.method));
    sheet.ink(Ink::bold, head);
    sheet.blanks(1);
    sheet.text(exchange.url, columns_of(head) + 1, gutter);
    sheet.end_line();
}

void write_finding(Sheet& sheet, const Finding& finding, const Words& words)
{
    const auto& judgement = finding.judgement;
    sheet.blanks(gutter);
    sheet.ink(ink_of(judgement.confidence), finding.cause->token);
    sheet.ink(Ink::dim, join(" (", words.confidence(judgement.confidence), ")"));
    if (words.chinese()) {
        sheet.ink(Ink::bold, join(" ", finding.cause->chinese.title));
    }
    sheet.end_line();
    sheet.blanks(gutter);
    sheet.text(judgement.summary, gutter, gutter);
    sheet.end_line();
}

void write_details(Sheet& sheet, const Finding& finding, const Words& words)
{
    const auto& judgement = finding.judgement;
    constexpr std::size_t longest_label = 28;
    std::size_t width = 0;
    for (const auto& evidence : judgement.evidence) {
        width = std::max(width, columns_of(for_terminal(evidence.what)));
    }
    for (const auto& remedy : judgement.remedies) {
        width = std::max(width, columns_of(words.actor(remedy.who)));
    }
    width = std::min(width, longest_label);
    for (const auto& evidence : judgement.evidence) {
        sheet.row(evidence.what, width, evidence.value);
    }
    if (!judgement.remedies.empty()) {
        sheet.blanks(gutter);
        sheet.ink(Ink::bold, words.to_do());
        sheet.end_line();
        if (words.chinese()) {
            sheet.blanks(2 * gutter);
            sheet.text(finding.cause->chinese.explanation.change, 2 * gutter, 2 * gutter);
            sheet.end_line();
        }
    }
    for (const auto& remedy : judgement.remedies) {
        sheet.row(words.actor(remedy.who), width, remedy.step);
    }
}

} // namespace

std::string block(const Diagnosis& diagnosis, BlockStyle style)
{
    Sheet sheet(style);
    const Words words(style.language);
    write_head(sheet, diagnosis);
    bool first = true;
    for (const auto& finding : diagnosis.findings) {
        write_finding(sheet, finding, words);
        if (first) {
            write_details(sheet, finding, words);
            if (!finding.judgement.policy.empty()) {
                sheet.row("policy", 0, finding.judgement.policy);
            }
        }
        first = false;
    }
    sheet.blanks(gutter);
    const auto& docs = diagnosis.findings.front().cause->source.url;
    sheet.ink(Ink::dim, join("id ", for_terminal(diagnosis.id), "  ", docs));
    sheet.end_line();
    return sheet.take();
}

} // namespace cosdiag
