// SPDX-License-Identifier: Apache-2.0
#include "proxy/tail/last_lines.hpp"

#include "proxy/tail/line_splitter.hpp"

#include <unistd.h>

#include <algorithm>
#include <string>

namespace cosdiag::tail {

namespace {

constexpr std::size_t block = std::size_t{64} * 1024;

/// Lines of a file from its end to its beginning.
class Backwards {
public:
    Backwards(int descriptor, std::uint64_t end) : x_descriptor_(descriptor), x_position_(end) {}

    /// The line before the last one, and where it begins. False when there is none. Too long ones are empty.
    bool next(std::string& line, std::uint64_t& begin)
    {
        bool too_long = false;
        for (;;) {
            const auto feed = x_text_.rfind('\n');
            if (feed == std::string::npos && x_position_ > 0 && read_block(too_long))
                continue;
            if (feed == std::string::npos && x_done_)
                return false;
            const auto from = feed == std::string::npos ? 0 : feed + 1;
            line = too_long ? std::string() : x_text_.substr(from);
            begin = x_position_ + from;
            x_text_.resize(feed == std::string::npos ? 0 : feed);
            x_done_ = feed == std::string::npos;
            return true;
        }
    }

private:
    bool read_block(bool& too_long)
    {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(block, x_position_));
        std::string before(size, '\0');
        const auto got = ::pread(x_descriptor_, before.data(), size, static_cast<off_t>(x_position_ - size));
        if (got != static_cast<ssize_t>(size)) {
            x_done_ = true;
            return false;
        }
        if (x_text_.size() > longest_line) {
            too_long = true;
            x_text_.clear();
        }
        x_position_ -= size;
        x_text_.insert(0, before);
        return true;
    }

    int x_descriptor_;
    std::uint64_t x_position_; ///< of what x_text_ begins with
    std::string x_text_;
    bool x_done_ = false;
};

} // namespace

std::uint64_t begin_of_last(
    int descriptor,
    std::uint64_t size,
    std::size_t count,
    const std::function<bool(std::string_view line)>& counts
)
{
    Backwards lines(descriptor, size);
    std::string line;
    std::uint64_t begin = size;
    for (std::size_t found = 0; found < count;) {
        if (!lines.next(line, begin))
            break;
        if (line.size() <= longest_line && counts(line))
            ++found;
    }
    return begin;
}

} // namespace cosdiag::tail
