// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/access_rules.hpp"

#include "diagnose/bucket/pattern.hpp"
#include "diagnose/bucket/resource.hpp"
#include "diagnose/bucket/xml.hpp"
#include "diagnose/json_value.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::size_t most_matches = 8;

/// The console writes these names with a capital, the language's own pages without.
const json::value& member(const json::value& object, std::string_view name)
{
    static const json::value nothing;
    if (!object.is_object()) {
        return nothing;
    }
    const auto& members = object.get_object();
    const auto found = std::find_if(members.begin(), members.end(), [name](const auto& each) {
        return same_name({each.key().data(), each.key().size()}, name);
    });
    return found == members.end() ? nothing : found->value();
}

/// A text, or a list of texts.
std::vector<std::string_view> texts_of(const json::value& value)
{
    std::vector<std::string_view> out;
    const auto add = [&out](const json::value& each) {
        if (each.is_string()) {
            out.emplace_back(each.get_string().data(), each.get_string().size());
        }
    };
    add(value);
    for (const auto& each : list_in(value)) {
        add(each);
    }
    return out;
}

/// Actions may leave out the service's name: `*`, `cos:GetObject`.
bool names_action(const json::value& actions, std::string_view action)
{
    const auto short_name = action.substr(std::min(action.size(), std::string_view("name/").size()));
    const auto all = texts_of(actions);
    return std::any_of(all.begin(), all.end(), [action, short_name](std::string_view pattern) {
        return fits(pattern, action) || fits(pattern, short_name);
    });
}

bool names_resource(const json::value& resources, std::string_view resource)
{
    const auto all = texts_of(resources);
    return std::any_of(all.begin(), all.end(), [resource](std::string_view pattern) {
        return covers(pattern, resource);
    });
}

std::vector<std::string_view> principals_of(const json::value& principal)
{
    auto out = texts_of(principal);
    if (principal.is_object()) {
        for (const auto& each : principal.get_object()) {
            const auto more = texts_of(each.value());
            out.insert(out.end(), more.begin(), more.end());
        }
    }
    return out;
}

std::string conditions_of(const json::value& conditions)
{
    std::string out;
    if (!conditions.is_object()) {
        return out;
    }
    for (const auto& test : conditions.get_object()) {
        if (!test.value().is_object()) {
            continue;
        }
        for (const auto& key : test.value().get_object()) {
            std::string values;
            for (const auto value : texts_of(key.value())) {
                values += join(values.empty() ? "" : ", ", value);
            }
            out += join(
                out.empty() ? "" : "; ",
                std::string_view(key.key().data(), key.key().size()),
                " ",
                std::string_view(test.key().data(), test.key().size()),
                values.empty() ? "" : " ",
                values
            );
        }
    }
    return shortened(out, 200);
}

PolicyMatch describe(const json::value& statement, std::size_t number, bool denies)
{
    PolicyMatch match;
    match.number = number;
    match.denies = denies;
    const auto principals = principals_of(member(statement, "principal"));
    for (const auto each : principals) {
        match.for_everyone = match.for_everyone || each == "*" || each == "qcs::cam::anyone:anyone" ||
                             each == "qcs::cam::anonymous:anonymous";
    }
    if (!principals.empty()) {
        match.principal = shortened(principals.front(), 80);
        if (principals.size() > 1) {
            match.principal += join(" and ", std::to_string(principals.size() - 1), " more");
        }
    }
    match.conditions = conditions_of(member(statement, "condition"));
    return match;
}

} // namespace

std::optional<PolicyVerdict> check_policy(std::string_view document, const Right& right)
{
    PolicyVerdict verdict;
    if (trimmed(document).empty()) {
        return verdict;
    }
    const auto policy = parse_json(document);
    const auto& statements = member(policy, "statement");
    if ((!statements.is_array() && !statements.is_object()) || right.resource.size() > longest_matched) {
        return std::nullopt;
    }
    const auto look_at = [&verdict, &right](const json::value& statement) {
        ++verdict.statements;
        const auto effects = texts_of(member(statement, "effect"));
        const auto effect = effects.empty() ? std::string_view{} : effects.front();
        const bool denies = same_name(effect, "deny");
        if ((denies || same_name(effect, "allow")) && verdict.matches.size() < most_matches &&
            names_action(member(statement, "action"), right.action) &&
            names_resource(member(statement, "resource"), right.resource)) {
            verdict.matches.push_back(describe(statement, verdict.statements, denies));
        }
    };
    if (statements.is_object()) {
        look_at(statements);
    }
    for (const auto& statement : list_in(statements)) {
        look_at(statement);
    }
    return verdict;
}

std::optional<AclVerdict> read_acl(std::string_view document)
{
    const BucketXml xml(document, "AccessControlPolicy");
    if (!xml.root()) {
        return std::nullopt;
    }
    AclVerdict verdict;
    const auto owner = value_of(xml.root().child("Owner"), "ID");
    verdict.owner = owner.substr(owner.rfind('/') + 1);
    for (const auto grant : xml.root().child("AccessControlList").children("Grant")) {
        const auto grantee = grant.child("Grantee");
        const auto permission = value_of(grant, "Permission");
        if (value_of(grantee, "URI").ends_with("/AllUsers") || value_of(grantee, "ID").ends_with("anyone")) {
            verdict.everyone += join(verdict.everyone.empty() ? "" : ", ", permission);
        } else if (value_of(grantee, "ID") != owner) {
            ++verdict.named;
        }
    }
    return verdict;
}

} // namespace cosdiag
