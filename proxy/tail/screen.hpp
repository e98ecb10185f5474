// SPDX-License-Identifier: Apache-2.0
// Where a log that is followed ends up: entries on one stream, what is to be said of them on another.
#pragma once

#include "proxy/tail/entry_printer.hpp"
#include "proxy/tail/line_splitter.hpp"

#include <iosfwd>
#include <string_view>

namespace cosdiag::tail {

class Screen {
public:
    /// Both streams must outlive it.
    Screen(PrintStyle style, std::ostream& out, std::ostream& err);

    /// Bytes of a log, in whatever pieces.
    void take(std::string_view bytes);

    /// What comes then is from another file: a line under way ends here.
    void end_file();

    /// A whole line of a log.
    void show(std::string_view line);

    [[nodiscard]] bool fits(std::string_view line) const { return x_printer_.fits(line); }

    /// Lets what was shown be seen. False when nobody can see it any more.
    bool flush();

    /// One line about the log, behind what was shown before.
    void note(std::string_view text);

    /// Tells, once, that there is something that is not shown; for who will not see the end.
    void note_passed_over();

    /// The end: how many lines were not shown because they could not be read.
    void finish();

private:
    std::uint64_t passed_over() const noexcept { return x_printer_.passed_over() + x_lines_.too_long(); }

    EntryPrinter x_printer_;
    LineSplitter x_lines_;
    EachLine x_show_;
    std::ostream& x_out_;
    std::ostream& x_err_;
    bool x_noted_ = false;
};

} // namespace cosdiag::tail
