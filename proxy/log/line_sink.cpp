// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/line_sink.hpp"

#include "proxy/log/notices.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace cosdiag::log {

namespace {

constexpr std::chrono::milliseconds patience(200);

std::string reason(int error)
{
    return std::generic_category().message(error);
}

} // namespace

void Entries::add(std::string_view entry)
{
    text += entry;
    ends.push_back(text.size());
}

void Entries::clear() noexcept
{
    text.clear();
    ends.clear();
}

void Entries::give_back()
{
    clear();
    text.shrink_to_fit();
    ends.shrink_to_fit();
}

LineSink::LineSink(std::string file, int stream)
    : x_file_(std::move(file)),
      x_stream_(stream),
      x_outlet_(x_file_.empty() ? Outlet::of_stream(stream) : Outlet::of_file(x_file_.c_str())),
      x_terminal_(x_file_.empty() && ::isatty(stream) == 1)
{
    if (x_outlet_.is_open())
        return;
    if (x_file_.empty())
        throw std::runtime_error(name() + " is closed: name a file for the diagnosis log with --log");
    throw std::runtime_error(
        "cannot open the diagnosis log " + x_file_ + ": " + reason(errno) +
        ". Choose another file with --log, or leave it out"
    );
}

bool LineSink::reopen()
{
    if (x_file_.empty())
        return true;
    Outlet fresh = Outlet::of_file(x_file_.c_str());
    if (!fresh.is_open()) {
        x_failure_ = "cannot open " + x_file_ + " anew: " + reason(errno);
        return false;
    }
    if (!finish_cut_entry()) {
        x_cut_.clear();
        ++x_lost_;
    }
    x_outlet_ = std::move(fresh);
    x_failure_.clear();
    return true;
}

std::string LineSink::name() const
{
    if (!x_file_.empty())
        return x_file_;
    return x_stream_ == STDERR_FILENO ? "standard error" : "standard output";
}

void LineSink::write(const Entries& entries)
{
    if (!finish_cut_entry()) {
        x_lost_ += entries.size();
        return;
    }
    const std::size_t out = put(entries.text);
    const auto partial = std::upper_bound(entries.ends.begin(), entries.ends.end(), out);
    x_written_ += static_cast<std::size_t>(partial - entries.ends.begin());
    if (partial == entries.ends.end()) {
        x_failure_.clear();
        return;
    }
    const std::size_t begin = partial == entries.ends.begin() ? 0 : *(partial - 1);
    x_cut_ = out == begin ? std::string() : entries.text.substr(out, *partial - out);
    x_lost_ += static_cast<std::size_t>(entries.ends.end() - partial) - (x_cut_.empty() ? 0 : 1);
}

/// False if it is still not out.
bool LineSink::finish_cut_entry()
{
    if (x_cut_.empty())
        return true;
    x_cut_.erase(0, put(x_cut_));
    if (!x_cut_.empty())
        return false;
    ++x_written_;
    return true;
}

/// Bytes that went out before something failed or patience ended.
std::size_t LineSink::put(std::string_view text)
{
    std::size_t out = 0;
    auto give_up = Clock::now() + patience;
    while (out < text.size()) {
        const std::ptrdiff_t taken = x_outlet_.put(next_piece(text.substr(out)));
        const int error = errno;
        const auto now = Clock::now();
        if (taken > 0) {
            out += static_cast<std::size_t>(taken);
            give_up = now + patience;
        } else if (taken < 0 && error != EAGAIN && error != EINTR) {
            x_failure_ = "writing to " + name() + " failed: " + reason(error);
            return out;
        }
        const auto until = std::min(give_up, x_deadline_.load());
        if (now >= until && out < text.size()) {
            x_failure_ = "whoever reads " + name() + " has stopped reading";
            return out;
        }
        if (taken < 0)
            x_outlet_.wait(std::chrono::ceil<std::chrono::milliseconds>(until - now));
    }
    return out;
}

/// A reader gets whole entries as far as they fit into what a pipe takes at once, so that messages of others
/// on the same pipe fall between them.
std::string_view LineSink::next_piece(std::string_view text) const noexcept
{
    if (!x_outlet_.has_reader() || text.size() <= PIPE_BUF)
        return text;
    const std::size_t newline = text.rfind('\n', PIPE_BUF - 1);
    return text.substr(0, newline == std::string_view::npos ? PIPE_BUF : newline + 1);
}

BlockStyle LineSink::style() const
{
    return style_for(x_stream_);
}

BlockStyle style_for(int descriptor)
{
    BlockStyle style;
    style.colour = wants_colour(descriptor);
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        style.width = std::min<unsigned>(size.ws_col, 120);
    return style;
}

} // namespace cosdiag::log
