// SPDX-License-Identifier: Apache-2.0
#include "proxy/tail_command.hpp"

#include "config/fault.hpp"
#include "proxy/log/line_sink.hpp"
#include "proxy/tail/file_follower.hpp"
#include "proxy/tail/file_watch.hpp"
#include "proxy/tail/last_lines.hpp"
#include "proxy/tail/screen.hpp"
#include "proxy/tail_admin.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <deque>
#include <system_error>

namespace cosdiag {

namespace {

using News = tail::FileFollower::News;

tail::PrintStyle style_of(const cli::Tail& asked)
{
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    tail::PrintStyle style;
    style.filter = asked.filter;
    style.json = asked.json;
    style.terminal = ::isatty(STDOUT_FILENO) == 1;
    style.block = log::style_for(STDOUT_FILENO);
    style.block.language = asked.language;
    style.today = tail::day_of(tail::local_time(now));
    return style;
}

std::string unreadable(const std::string& name, int error)
{
    return name + " cannot be read: " + std::generic_category().message(error) +
           ". Name a file that cosdiag --log writes.";
}

/// What comes from a pipe, to its end. How many entries are the last is known only there.
class Stream {
public:
    Stream(const cli::Tail& asked, tail::Screen& screen) : x_asked_(asked), x_screen_(screen) {}

    int read_from(int descriptor, const std::string& name)
    {
        std::array<char, std::size_t{64} * 1024> bytes; // NOLINT(cppcoreguidelines-pro-type-member-init)
        for (;;) {
            const auto wake = tail::wait_for(descriptor, STDOUT_FILENO, std::chrono::minutes(1));
            if (wake == tail::Wake::reader_gone)
                return cli::good;
            if (wake == tail::Wake::time)
                continue;
            const auto got = ::read(descriptor, bytes.data(), bytes.size());
            if (got < 0 && (errno == EINTR || errno == EAGAIN))
                continue;
            if (got < 0) {
                x_screen_.note(unreadable(name, errno));
                return cli::failed;
            }
            if (got == 0)
                break;
            take({bytes.data(), static_cast<std::size_t>(got)});
            if (!x_screen_.flush())
                return cli::good;
        }
        x_lines_.finish([this](std::string_view line) { keep(line); });
        for (const auto& line : x_last_)
            x_screen_.show(line);
        x_screen_.finish();
        return cli::good;
    }

private:
    void take(std::string_view bytes)
    {
        if (x_asked_.lines.value_or(cli::Tail::all_lines) != cli::Tail::all_lines) {
            x_lines_.feed(bytes, [this](std::string_view line) { keep(line); });
            return;
        }
        x_screen_.take(bytes);
        if (x_asked_.follow)
            x_screen_.note_passed_over();
    }

    void keep(std::string_view line)
    {
        if (!x_screen_.fits(line))
            return;
        x_last_.emplace_back(line);
        if (x_last_.size() > *x_asked_.lines)
            x_last_.pop_front();
    }

    const cli::Tail& x_asked_;
    tail::Screen& x_screen_;
    tail::LineSplitter x_lines_;
    std::deque<std::string> x_last_;
};

class File {
public:
    File(const cli::Tail& asked, tail::Screen& screen)
        : x_asked_(asked), x_screen_(screen), x_follower_(asked.file), x_name_(config::quoted(asked.file))
    {
    }

    int show()
    {
        errno = 0;
        if (!x_follower_.open()) {
            const int reason = errno;
            if (reason != ENOENT || !x_asked_.follow) {
                x_screen_.note(unreadable(x_name_, reason));
                return cli::failed;
            }
            x_screen_.note(x_name_ + " is not there yet. It is waited for.");
        } else if (!x_follower_.is_regular()) {
            return Stream(x_asked_, x_screen_).read_from(x_follower_.descriptor(), x_name_);
        } else {
            seek_last();
        }
        read_on();
        x_screen_.finish();
        return cli::good;
    }

private:
    void seek_last()
    {
        const auto fits = [this](std::string_view line) { return x_screen_.fits(line); };
        x_follower_.seek(tail::begin_of_last(
            x_follower_.descriptor(),
            x_follower_.size(),
            x_asked_.lines.value_or(cli::Tail::usual_lines),
            fits
        ));
    }

    void read_on()
    {
        const tail::FileWatch watch;
        const tail::FileFollower::Handlers handlers{
            [this](std::string_view bytes) { x_screen_.take(bytes); }, [this](News news) { tell(news); }};
        do {
            watch.arm(x_asked_.file);
            x_follower_.step(handlers);
            if (x_asked_.follow)
                x_screen_.note_passed_over();
        } while (x_screen_.flush() && x_asked_.follow && watch.wait(STDOUT_FILENO));
    }

    void tell(News news)
    {
        switch (news) {
        case News::replaced:
            x_screen_.end_file();
            x_screen_.note(x_name_ + " is another file now, and read from its beginning.");
            break;
        case News::cut_short:
            x_screen_.end_file();
            x_screen_.note(x_name_ + " was cut short, and is read from its beginning.");
            break;
        case News::unreadable:
            x_screen_.note(x_name_ + " is another file now, and cannot be read; the one before is read on.");
        }
    }

    const cli::Tail& x_asked_;
    tail::Screen& x_screen_;
    tail::FileFollower x_follower_;
    std::string x_name_;
};

} // namespace

int tail_command(const cli::Tail& asked, std::ostream& out, std::ostream& err)
{
    tail::Screen screen(style_of(asked), out, err);
    if (asked.admin)
        return tail_admin(asked, screen);
    if (asked.file == "-")
        return Stream(asked, screen).read_from(STDIN_FILENO, "standard input");
    return File(asked, screen).show();
}

} // namespace cosdiag
