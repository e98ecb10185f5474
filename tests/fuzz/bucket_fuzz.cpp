// SPDX-License-Identifier: Apache-2.0
// A bucket's documents and listings: any bytes give an answer, and what is read lies within what was written.
// Input: a line with origin or Referer, one with a resource, then the document.
#include "diagnose/bucket/access_rules.hpp"
#include "diagnose/bucket/bucket_host.hpp"
#include "diagnose/bucket/cors_rules.hpp"
#include "diagnose/bucket/documents.hpp"
#include "diagnose/bucket/listing.hpp"
#include "diagnose/bucket/pattern.hpp"
#include "diagnose/bucket/referer_rules.hpp"
#include "diagnose/bucket/resource.hpp"
#include "diagnose/text.hpp"
#include "support.hpp"

using namespace cosdiag;
using fuzz::require;

namespace {

void check_rules(std::string_view document, std::string_view asked)
{
    if (const auto verdict = check_cors(document, {asked, "PUT", asked})) {
        require(verdict->nearest <= verdict->rules, "the nearest rule is one of them");
        require(verdict->allowed == verdict->field.empty() || verdict->rules == 0, "a refusal names a field");
        require(verdict->id.size() <= document.size(), "no entity grows");
    }
    if (const auto verdict = check_referer(document, asked)) {
        require(verdict->matched.empty() || verdict->entries > 0, "what fits is an entry");
        require(verdict->enabled || verdict->refused != true, "what is off refuses nothing");
    }
}

void check_access(std::string_view document, std::string_view resource)
{
    if (const auto verdict = check_policy(document, {"name/cos:GetObject", std::string(resource)})) {
        require(verdict->matches.size() <= 8, "matches are bounded");
        for (const auto& match : verdict->matches) {
            require(match.number >= 1 && match.number <= verdict->statements, "a match is a statement");
            require(match.conditions.size() <= 200, "conditions are shown in short");
        }
    }
    if (const auto acl = read_acl(document))
        require(acl->owner.size() <= document.size(), "no entity grows");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto [asked, rest] = split_at(fuzz::text(data, size), '\n');
    const auto [resource, document] = split_at(rest, '\n');
    check_rules(document, asked);
    check_access(document, resource);
    each_archived(document, [most = 3 * document.size() + 1](const Archived& object) {
        require(object.path.starts_with('/'), "a path begins with a slash");
        require(object.path.size() <= most, "a path is three times its key at most");
        require(object.storage_class.ends_with("ARCHIVE"), "and its class is one of the archives");
    });
    const auto bucket = bucket_of(asked);
    require(
        bucket.data() == asked.data() && bucket.size() <= asked.size(), "a bucket is the front of its host"
    );
    static_cast<void>(document_of(resource));
    require(
        !fits(asked, resource) || asked.find('*') != std::string_view::npos || asked == resource,
        "only stars stand for others"
    );
    static_cast<void>(covers(asked, resource));
    return 0;
}
