// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/dns_answer.hpp"

#include <doctest/doctest.h>

using namespace cosdiag::net;

namespace {

constexpr unsigned a = 1;
constexpr unsigned cname = 5;
constexpr unsigned aaaa = 28;
constexpr unsigned txt = 16;

std::string u16(unsigned number)
{
    return {static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
}

/// A name as RFC 1035 §3.1 spells it.
std::string labels(std::string name)
{
    std::string out;
    for (name += '.'; !name.empty() && name != "."; name.erase(0, name.find('.') + 1)) {
        const auto size = name.find('.');
        out += static_cast<char>(size) + name.substr(0, size);
    }
    return out + '\0';
}

/// §4.1.3. `owner` in wire form.
std::string record(const std::string& owner, unsigned type, const std::string& data, unsigned klass = 1)
{
    return owner + u16(type) + u16(klass) + std::string("\0\0\0\x3c", 4) +
           u16(static_cast<unsigned>(data.size())) + data;
}

const std::string pointer_to_question("\xc0\x0c", 2);
const std::string ipv4("\x0a\x01\x02\x03", 4);
const std::string ipv6("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07", 16);

/// A whole answer about b.example; `flags` and `count` as they should be unless told otherwise.
std::string message(const std::vector<std::string>& records, unsigned flags = 0x8180, int count = -1)
{
    std::string out = u16(7) + u16(flags) + u16(1) +
                      u16(count < 0 ? static_cast<unsigned>(records.size()) : static_cast<unsigned>(count)) +
                      u16(0) + u16(0) + labels("b.example") + u16(a) + u16(1);
    for (const std::string& each : records)
        out += each;
    return out;
}

std::vector<DnsAddress> read(const std::string& bytes, const std::string& name = "b.example")
{
    return read_dns_answer({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, name);
}

const DnsAddress v4{false, {10, 1, 2, 3}};
const DnsAddress v6{true, {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7}};

} // namespace

TEST_SUITE("proxy/net/dns_answer")
{
    TEST_CASE("an answer's addresses are those of the name, through its aliases, in order")
    {
        const std::string& own = pointer_to_question;

        struct Row {
            const char* about;
            std::string bytes;
            std::vector<DnsAddress> found;
        };

        const Row rows[] = {
            {"one", message({record(own, a, ipv4)}), {v4}},
            {"its name in full, in capitals", message({record(labels("B.EXAMPLE"), a, ipv4)}), {v4}},
            {"of both kinds", message({record(own, aaaa, ipv6), record(own, a, ipv4)}), {v6, v4}},
            {"through two aliases",
             message(
                 {record(own, cname, labels("c.example")),
                  record(labels("c.example"), cname, labels("d.example")),
                  record(labels("d.example"), a, ipv4)}
             ),
             {v4}},
            {"among other records", message({record(own, txt, "\4text"), record(own, a, ipv4)}), {v4}},
            {"none", message({}), {}},
            {"an alias alone", message({record(own, cname, labels("c.example"))}), {}},
        };
        for (const Row& row : rows) {
            CAPTURE(row.about);
            CHECK((read(row.bytes) == row.found));
        }
        CHECK(read(message({record(own, a, ipv4)}), "B.example.").size() == 1);
    }

    TEST_CASE("what is no answer about the name gives nothing")
    {
        const std::string& own = pointer_to_question;
        const std::string good = message({record(own, a, ipv4)});
        const std::string loop("\xc0\x1b", 2); // points at itself: the question ends there

        struct Row {
            const char* about;
            std::string bytes;
        };

        const Row rows[] = {
            {"nothing", ""},
            {"a query", message({record(own, a, ipv4)}, 0x0100)},
            {"cut off by the server", message({record(own, a, ipv4)}, 0x8380)},
            {"no such name", message({record(own, a, ipv4)}, 0x8183)},
            {"refused", message({record(own, a, ipv4)}, 0x8185)},
            {"another name's", message({record(labels("x.example"), a, ipv4)})},
            {"an alias of another name",
             message(
                 {record(labels("x.example"), cname, labels("y.example")),
                  record(labels("y.example"), a, ipv4)}
             )},
            {"an address before its alias",
             message({record(labels("c.example"), a, ipv4), record(own, cname, labels("c.example"))})},
            {"another class", message({record(own, a, ipv4, 3)})},
            {"an address that is too short", message({record(own, a, ipv4.substr(1))})},
            {"an IPv6 address in a record for IPv4", message({record(own, a, ipv6)})},
            {"fewer records than it says", message({record(own, a, ipv4)}, 0x8180, 2)},
            {"no record where it says 65535", message({}, 0x8180, 65535)},
            {"a name that points at itself", message({record(loop, a, ipv4)})},
            {"a name that points behind the end", message({record("\xff\xff", a, ipv4)})},
            {"an alias that points behind the end", message({record(own, cname, "\xff\xff")})},
            {"a label that is too long", message({record("\x7f" + std::string(127, 'a') + '\0', a, ipv4)})},
            {"bytes behind its end", good + "x"},
            {"longer than any message", good + std::string(70'000, '\0')},
        };
        for (const Row& row : rows) {
            CAPTURE(row.about);
            CHECK(read(row.bytes).empty());
        }
        for (std::size_t size = 0; size < good.size(); ++size)
            CHECK(read(good.substr(0, size)).empty());
    }

    TEST_CASE("of very many addresses the first are taken")
    {
        const std::vector<std::string> many(500, record(pointer_to_question, a, ipv4));
        CHECK(read(message(many)).size() == most_addresses);
    }
}
