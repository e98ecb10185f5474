// SPDX-License-Identifier: Apache-2.0
#include "diagnose/signature/http_string.hpp"

#include "diagnose/text.hpp"

#include <algorithm>
#include <utility>

namespace cosdiag {
namespace {

std::string encoded_name(std::string_view name)
{
    return lowered(percent_encoded(name));
}

/// Sorted as they are signed: by their encodings.
std::vector<std::string> names_of(std::string_view list)
{
    std::vector<std::string> names;
    while (!list.empty()) {
        const auto end = std::min(list.find(';'), list.size());
        if (const auto name = trimmed(list.substr(0, end)); !name.empty()) {
            names.push_back(lowered(percent_decoded(name)));
        }
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
        return encoded_name(a) < encoded_name(b);
    });
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

void add_header(HttpString& out, const SignedParts& parts, const std::string& name)
{
    if (name == "host") {
        out.headers.push_back({name, percent_encoded(parts.host)});
        return;
    }
    bool found = false;
    for (const auto& field : parts.fields) {
        if (same_name(field.name, name)) {
            out.repeated = out.repeated || found;
            out.headers.push_back({encoded_name(name), percent_encoded(trimmed(field.value))});
            found = true;
        }
    }
    if (!found) {
        out.absent_headers.push_back(name);
    }
}

void add_parameter(HttpString& out, const SignedParts& parts, const std::string& name)
{
    bool found = false;
    for (const auto& parameter : parts.target.parameters) {
        if (same_name(parameter.name, name)) {
            out.repeated = out.repeated || found;
            out.parameters.push_back({encoded_name(name), percent_encoded(parameter.value)});
            found = true;
        }
    }
    if (!found) {
        out.absent_parameters.push_back(name);
    }
}

struct Lines {
    std::string_view method, path, parameters, headers;
};

/// A decoded path may hold line ends itself, so the fixed lines are taken from both ends.
Lines split_lines(std::string_view text) noexcept
{
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    if (text.ends_with('\n')) {
        text.remove_suffix(1);
    }
    Lines lines;
    const auto first = std::min(text.find('\n'), text.size());
    lines.method = text.substr(0, first);
    text.remove_prefix(std::min(first + 1, text.size()));
    for (auto* const line : {&lines.headers, &lines.parameters}) {
        const auto at = text.rfind('\n');
        if (at == std::string_view::npos) {
            break;
        }
        *line = text.substr(at + 1);
        text = text.substr(0, at);
    }
    lines.path = text;
    return lines;
}

std::vector<SignedPair> pairs_of(std::string_view line)
{
    std::vector<SignedPair> pairs;
    while (!line.empty()) {
        const auto [pair, rest] = split_at(line, '&');
        const auto [name, value] = split_at(pair, '=');
        pairs.push_back({lowered(name), std::string(value)});
        line = rest;
    }
    return pairs;
}

std::string blanks_for_plus(std::string text)
{
    std::replace(text.begin(), text.end(), '+', ' ');
    return text;
}

/// Of several lines of one name any will do: signers and servers do not agree on which of them counts.
bool is_among(const std::vector<SignedPair>& pairs, std::string_view name, std::string_view value)
{
    return std::any_of(pairs.begin(), pairs.end(), [name, value](const SignedPair& pair) {
        return pair.name == name && percent_decoded(pair.value) == value;
    });
}

class Comparison {
public:
    explicit Comparison(bool repeated) : repeated_(repeated) {}

    void texts(Piece piece, std::string_view name, std::string ours, std::string theirs)
    {
        if (ours == theirs) {
            return;
        }
        const bool plus = blanks_for_plus(ours) == blanks_for_plus(theirs);
        found_.push_back({piece, std::string(name), std::move(ours), std::move(theirs), plus || repeated_});
    }

    void pairs(Piece piece, const std::vector<SignedPair>& ours, const std::vector<SignedPair>& theirs)
    {
        for (const auto& pair : ours) {
            const auto* other = find_pair(theirs, pair.name);
            auto theirs_value = other == nullptr ? std::string() : value_of(piece, *other);
            if (!is_among(ours, pair.name, theirs_value)) {
                texts(
                    kind_of(piece, pair),
                    percent_decoded(pair.name),
                    percent_decoded(pair.value),
                    std::move(theirs_value)
                );
            }
        }
        for (const auto& pair : theirs) {
            if (find_pair(ours, pair.name) == nullptr) {
                texts(kind_of(piece, pair), percent_decoded(pair.name), {}, value_of(piece, pair));
            }
        }
    }

    std::vector<Difference> take() { return std::move(found_); }

private:
    static Piece kind_of(Piece piece, const SignedPair& pair) noexcept
    {
        return piece == Piece::header && pair.name == "host" ? Piece::host : piece;
    }

    /// Blanks around a parameter's value belong to it, those around a field's do not (RFC 9110 §5.5).
    static std::string value_of(Piece piece, const SignedPair& pair)
    {
        auto value = percent_decoded(pair.value);
        return piece == Piece::header ? std::string(trimmed(value)) : value;
    }

    bool repeated_;
    std::vector<Difference> found_;
};

} // namespace

std::string line_of(const std::vector<SignedPair>& pairs)
{
    std::size_t size = 0;
    for (const auto& pair : pairs) {
        size += pair.name.size() + pair.value.size() + 2;
    }
    std::string line;
    line.reserve(size);
    for (const auto& pair : pairs) {
        if (!line.empty()) {
            line += '&';
        }
        line += pair.name;
        line += '=';
        line += pair.value;
    }
    return line;
}

const SignedPair* find_pair(const std::vector<SignedPair>& pairs, std::string_view name) noexcept
{
    const auto at = std::find_if(pairs.begin(), pairs.end(), [name](const SignedPair& pair) {
        return pair.name == name;
    });
    return at == pairs.end() ? nullptr : &*at;
}

std::string HttpString::text() const
{
    return join(method, "\n", path, "\n", line_of(parameters), "\n", line_of(headers), "\n");
}

HttpString rebuild_http_string(const SignedParts& parts)
{
    HttpString out;
    out.method = lowered(parts.method);
    out.path = parts.target.path.empty() ? "/" : parts.target.path;
    for (const auto& name : names_of(parts.header_list)) {
        add_header(out, parts, name);
    }
    for (const auto& name : names_of(parts.param_list)) {
        add_parameter(out, parts, name);
    }
    return out;
}

HttpString read_http_string(std::string_view format_string)
{
    const auto lines = split_lines(format_string);
    HttpString out;
    out.method = std::string(lines.method);
    out.path = std::string(lines.path);
    out.parameters = pairs_of(lines.parameters);
    out.headers = pairs_of(lines.headers);
    return out;
}

std::vector<std::string> readings_of(const HttpString& string)
{
    std::vector<std::string> texts{string.text()};
    if (!string.repeated) {
        return texts;
    }
    const auto same = [](const SignedPair& a, const SignedPair& b) { return a.name == b.name; };
    HttpString first = string;
    HttpString last = string;
    HttpString sorted = string;
    for (const auto line : {&HttpString::parameters, &HttpString::headers}) {
        auto& one = first.*line;
        one.erase(std::unique(one.begin(), one.end(), same), one.end());
        auto& other = last.*line;
        other.erase(other.begin(), std::unique(other.rbegin(), other.rend(), same).base());
        std::stable_sort((sorted.*line).begin(), (sorted.*line).end(), [](const auto& a, const auto& b) {
            return std::pair(a.name, a.value) < std::pair(b.name, b.value);
        });
    }
    for (const auto* const each : {&first, &last, &sorted}) {
        texts.push_back(each->text());
    }
    return texts;
}

std::vector<Difference>
compare(const HttpString& ours, std::string_view format_string, std::string_view path_prefix)
{
    const auto theirs = split_lines(format_string);
    Comparison comparison(ours.repeated);
    comparison.texts(Piece::method, {}, ours.method, std::string(theirs.method));
    const bool bucket_alone = ours.path == path_prefix && (theirs.path.empty() || theirs.path == "/");
    const bool prefixed =
        !path_prefix.empty() && (bucket_alone || ours.path == join(path_prefix, theirs.path));
    if (!prefixed) {
        comparison.texts(Piece::path, {}, ours.path, std::string(theirs.path));
    }
    comparison.pairs(Piece::parameter, ours.parameters, pairs_of(theirs.parameters));
    comparison.pairs(Piece::header, ours.headers, pairs_of(theirs.headers));
    return comparison.take();
}

} // namespace cosdiag
