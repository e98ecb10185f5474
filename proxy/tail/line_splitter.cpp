// SPDX-License-Identifier: Apache-2.0
#include "proxy/tail/line_splitter.hpp"

namespace cosdiag::tail {

void LineSplitter::feed(std::string_view bytes, const EachLine& each)
{
    for (;;) {
        const auto end = bytes.find('\n');
        const auto piece = bytes.substr(0, end);
        if (end != std::string_view::npos && x_begun_.empty() && !x_dropping_ &&
            piece.size() <= longest_line) {
            each(piece);
        } else {
            keep(piece);
            if (end != std::string_view::npos)
                finish(each);
        }
        if (end == std::string_view::npos)
            return;
        bytes.remove_prefix(end + 1);
    }
}

void LineSplitter::finish(const EachLine& each)
{
    if (!x_begun_.empty())
        each(x_begun_);
    x_begun_.clear();
    x_dropping_ = false;
}

void LineSplitter::keep(std::string_view bytes)
{
    if (x_dropping_)
        return;
    if (x_begun_.size() + bytes.size() <= longest_line) {
        x_begun_ += bytes;
        return;
    }
    x_dropping_ = true;
    ++x_too_long_;
    x_begun_.clear();
    x_begun_.shrink_to_fit();
}

} // namespace cosdiag::tail
