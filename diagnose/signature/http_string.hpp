// SPDX-License-Identifier: Apache-2.0
// COS's HttpString (436/7778, "Step 4"), rebuilt from the request that was observed, and held against the one
// that COS rebuilt from the request that reached it. The comparison needs no secret: it shows what changed on
// the way.
#pragma once

#include "diagnose/exchange.hpp"
#include "diagnose/query.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag {

/// One signed field or parameter: the name encoded and in lower case, the value encoded.
struct SignedPair {
    std::string name;
    std::string value;
};

struct HttpString {
    std::string method;                                         ///< lower case
    std::string path;                                           ///< percent-decoded
    std::vector<SignedPair> parameters, headers;                ///< sorted by name
    std::vector<std::string> absent_parameters, absent_headers; ///< listed as signed, but not in the request
    bool repeated = false; ///< a listed name occurs more than once: signers do not agree on what that means

    /// The four lines, each ending in LF, as they are hashed.
    [[nodiscard]] std::string text() const;
};

struct SignedParts {
    std::string_view method;
    const Target& target;
    std::span<const Field> fields;
    std::string_view host;        ///< the Host that went to COS
    std::string_view header_list; ///< q-header-list, `;` between names
    std::string_view param_list;  ///< q-url-param-list
};

HttpString rebuild_http_string(const SignedParts& parts);

/// Every text that may be right. Signers do not agree on names that occur more than once: all the values
/// count, or the first, or the last, or all sorted. Without such names there is one.
std::vector<std::string> readings_of(const HttpString& string);

/// The four lines of a FormatString taken apart; lines that are not there are empty.
HttpString read_http_string(std::string_view format_string);

/// The pair of that encoded name, or null.
const SignedPair* find_pair(const std::vector<SignedPair>& pairs, std::string_view name) noexcept;

/// `name=value`, with `&` between pairs.
std::string line_of(const std::vector<SignedPair>& pairs);

/// What of a signature may be wrong.
enum class Piece {
    method,
    path,
    parameter,
    host,
    header,
    layout, ///< the lines as such
    time,   ///< q-sign-time and q-key-time
    secret, ///< the key that signs
};

/// One thing that COS received otherwise than it was sent. Values are decoded; empty stands for not there.
struct Difference {
    Piece piece;
    std::string name; ///< of the field or parameter
    std::string ours, theirs;
    bool ambiguous =
        false; ///< a `+` that may stand for a blank, repeated names: the rebuild may be what differs
};

/// Where the rebuilt string and COS's FormatString differ, in the order of the lines. Names that were listed
/// but not sent, and that COS has no value for either, are no difference: see absent_headers.
std::vector<Difference>
compare(const HttpString& ours, std::string_view format_string, std::string_view path_prefix);

} // namespace cosdiag
