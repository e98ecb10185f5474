// SPDX-License-Identifier: Apache-2.0
// Which hosts are reached without a parent proxy. No standard says how NO_PROXY is read; this takes what any
// of curl, Go and Python take.
#pragma once

#include "config/fault.hpp"
#include "config/literal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::config {

class NoProxy {
public:
    /// Without entries: loopback alone.
    NoProxy() = default;

    /// Entries separated by commas or blanks. Those that say nothing understood are left out, for such a list
    /// is written for other programs too.
    explicit NoProxy(std::string_view list) { add(list); }

    void add(std::string_view list);

    /// Whether a host is reached without the parent. It may be a name in any case, with or without a dot at
    /// its end, or a literal address, with or without brackets. Loopback hosts (127.0.0.0/8, ::1, localhost
    /// and what is below it, RFC 6761 §6.3) always are: the parent's loopback is another machine's.
    bool matches(std::string_view host, std::uint16_t port) const;

    friend bool operator==(const NoProxy&, const NoProxy&) = default;

private:
    struct Entry {
        std::string domain;             ///< in lower case, and what is below it; empty: `network`
        std::optional<Literal> network; ///< and without either: every host
        unsigned prefix_bits = 0;
        std::optional<std::uint16_t> port; ///< empty: any

        friend bool operator==(const Entry&, const Entry&) = default;
    };

    static std::optional<Entry> parse_entry(std::string_view text);
    friend Parsed<std::string> parse_no_proxy(std::string_view text);

    std::vector<Entry> entries_;
};

/// One entry: `example.com`, `.example.com` or `*.example.com` (each the domain and all below it), an
/// address, a range such as 10.0.0.0/8, or `*` for every host; `:port` may follow, behind brackets for IPv6.
Parsed<std::string> parse_no_proxy(std::string_view text);

} // namespace cosdiag::config
