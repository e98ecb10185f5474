// SPDX-License-Identifier: Apache-2.0
// What somebody asks the admin listener for: any query is a filter or a refusal in words, and a filter that
// is empty lets everything through. Input: a line with the query, then an entry of the log.
#include "diagnose/json_value.hpp"
#include "diagnose/text.hpp"
#include "proxy/admin/query.hpp"
#include "support.hpp"

using namespace cosdiag;
using admin::Query;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto [text, entry] = split_at(fuzz::text(data, size), '\n');
    const auto read = admin::parse_query(text);
    if (const auto* wrong = std::get_if<std::string>(&read)) {
        require(!wrong->empty() && wrong->size() < 200, "a refusal says why, in short");
        return 0;
    }
    const auto& query = std::get<Query>(read);
    require(query.limit >= 1 && query.limit <= Query::most, "a limit is within its bounds");
    const log::EntryFilter& filter = query.filter;
    for (const std::string* part :
         {&filter.cause,
          &filter.confidence,
          &filter.bucket,
          &filter.key,
          &filter.access_key,
          &filter.action,
          &filter.host,
          &filter.text})
        require(part->size() <= text.size(), "decoding does not grow a value");
    const bool fits = filter.matches(parse_json(entry));
    require(fits || !(filter == log::EntryFilter{}), "without a filter everything fits");
    return 0;
}
