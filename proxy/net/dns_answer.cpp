// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/dns_answer.hpp"

#include <arpa/nameser.h>

#include <algorithm>
#include <limits>
#include <string_view>

namespace cosdiag::net {

namespace {

/// Whether two names are the same, case and a final dot aside (RFC 1035 §2.3.3).
bool same_name(std::string_view a, std::string_view b) noexcept
{
    const auto bare = [](std::string_view name) {
        return name.substr(0, name.size() - (name.ends_with('.') ? 1 : 0));
    };
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
    const std::string_view left = bare(a);
    const std::string_view right = bare(b);
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [&](char x, char y) {
        return lower(x) == lower(y);
    });
}

/// What the record's address is, if it has one of the right size.
bool read_address(const ns_rr& record, DnsAddress& address)
{
    const bool v4 = record.type == ns_t_a && record.rdlength == 4;
    address.v6 = record.type == ns_t_aaaa && record.rdlength == 16;
    if (!v4 && !address.v6)
        return false;
    std::copy_n(record.rdata, record.rdlength, address.bytes.begin());
    return true;
}

} // namespace

std::vector<DnsAddress> read_dns_answer(std::span<const unsigned char> answer, const std::string& name)
{
    std::vector<DnsAddress> found;
    ns_msg message{};
    if (answer.size() > std::numeric_limits<std::uint16_t>::max() ||
        ::ns_initparse(answer.data(), static_cast<int>(answer.size()), &message) != 0)
        return found;
    if (ns_msg_getflag(message, ns_f_qr) == 0 || ns_msg_getflag(message, ns_f_tc) != 0 ||
        ns_msg_getflag(message, ns_f_rcode) != ns_r_noerror)
        return found;
    std::string owner = name;
    for (int i = 0; i < ns_msg_count(message, ns_s_an) && found.size() < most_addresses; ++i) {
        ns_rr record{};
        if (::ns_parserr(&message, ns_s_an, i, &record) != 0)
            return {};
        if (record.rr_class != ns_c_in || !same_name(record.name, owner))
            continue;
        if (record.type == ns_t_cname) {
            char target[NS_MAXDNAME];
            if (::ns_name_uncompress(
                    answer.data(), answer.data() + answer.size(), record.rdata, target, sizeof target
                ) < 0)
                return {};
            owner = target;
            continue;
        }
        if (DnsAddress address; read_address(record, address))
            found.push_back(address);
    }
    return found;
}

} // namespace cosdiag::net
