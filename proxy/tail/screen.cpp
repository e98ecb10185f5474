// SPDX-License-Identifier: Apache-2.0
#include "proxy/tail/screen.hpp"

#include "diagnose/wrap.hpp"

#include <ostream>
#include <utility>

namespace cosdiag::tail {

Screen::Screen(PrintStyle style, std::ostream& out, std::ostream& err)
    : x_printer_(std::move(style)),
      x_show_([this](std::string_view line) { show(line); }),
      x_out_(out),
      x_err_(err)
{
}

void Screen::take(std::string_view bytes)
{
    x_lines_.feed(bytes, x_show_);
}

void Screen::end_file()
{
    x_lines_.finish(x_show_);
}

void Screen::show(std::string_view line)
{
    x_out_ << x_printer_.shown(line);
}

bool Screen::flush()
{
    x_out_.flush();
    return x_out_.good();
}

void Screen::note(std::string_view text)
{
    x_out_.flush();
    x_err_ << "cosdiag: " << for_terminal(text) << '\n' << std::flush;
}

void Screen::note_passed_over()
{
    if (passed_over() > 0 && !std::exchange(x_noted_, true))
        note("lines that are no entries of the diagnosis log are passed over.");
}

void Screen::finish()
{
    end_file();
    const auto count = passed_over();
    if (count > 0)
        note(
            count == 1
                ? "1 line was passed over: it is no entry of the diagnosis log."
                : std::to_string(count) + " lines were passed over: they are no entries of the diagnosis log."
        );
    flush();
}

} // namespace cosdiag::tail
