// SPDX-License-Identifier: Apache-2.0
// A log and a stream of events as anybody could write them: the same whatever pieces they come in, and
// nothing that controls a terminal.
#include "diagnose/wrap.hpp"
#include "proxy/tail/entry_printer.hpp"
#include "proxy/tail/event_stream.hpp"
#include "proxy/tail/line_splitter.hpp"
#include "support.hpp"

#include <algorithm>
#include <vector>

using namespace cosdiag;
using fuzz::require;

namespace {

template <class Reader, class Item>
std::vector<Item> in_pieces(std::string_view bytes, std::size_t piece)
{
    std::vector<Item> items;
    Reader reader;
    while (!bytes.empty()) {
        const auto size = std::min(piece, bytes.size());
        reader.feed(bytes.substr(0, size), [&](const auto& item) { items.push_back(Item(item)); });
        bytes.remove_prefix(size);
    }
    return items;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::size_t piece = data[0] % 7 + 1;
    const std::string_view bytes = fuzz::text(data, size).substr(1);
    const auto events = in_pieces<tail::EventStream, tail::Event>(bytes, size);
    require(events == in_pieces<tail::EventStream, tail::Event>(bytes, piece), "pieces make no difference");
    const auto lines = in_pieces<tail::LineSplitter, std::string>(bytes, size);
    require(lines == in_pieces<tail::LineSplitter, std::string>(bytes, piece), "pieces make no difference");

    for (const bool json : {false, true}) {
        tail::PrintStyle style;
        style.json = style.terminal = json;
        tail::EntryPrinter printer(style);
        for (const auto& line : lines) {
            auto shown = printer.shown(line);
            std::erase(shown, '\n');
            require(for_terminal(shown) == shown, "nothing controls a terminal");
        }
    }
    return 0;
}
