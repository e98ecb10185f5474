// SPDX-License-Identifier: Apache-2.0
#include "proxy/tail/event_stream.hpp"

namespace cosdiag::tail {

void EventStream::feed(std::string_view all, const EachEvent& each)
{
    std::string_view bytes = all;
    if (x_after_return_ && bytes.starts_with('\n'))
        bytes.remove_prefix(1);
    if (!all.empty())
        x_after_return_ = all.back() == '\r';
    while (!bytes.empty()) {
        const auto end = bytes.find_first_of("\r\n");
        keep(bytes.substr(0, end));
        if (end == std::string_view::npos)
            return;
        bytes.remove_prefix(end + (bytes.substr(end).starts_with("\r\n") ? 2 : 1));
        end_line(each);
    }
}

void EventStream::keep(std::string_view bytes)
{
    if (x_line_.size() + bytes.size() <= longest) {
        x_line_ += bytes;
    } else {
        x_dropping_ = true;
        x_line_ = ":"; // a comment, whatever follows
    }
}

void EventStream::end_line(const EachEvent& each)
{
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    std::string_view line = x_line_;
    if (x_first_line_ && line.starts_with(mark))
        line.remove_prefix(mark.size());
    x_first_line_ = false;
    if (line.empty()) {
        dispatch(each);
    } else if (line.front() != ':') {
        const auto colon = line.find(':');
        std::string_view value =
            colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
        if (value.starts_with(' '))
            value.remove_prefix(1);
        take_field(line.substr(0, colon), value);
    }
    x_line_.clear();
}

void EventStream::take_field(std::string_view name, std::string_view value)
{
    if (name == "event") {
        x_type_ = value;
    } else if (name == "id" && value.find('\0') == std::string_view::npos) {
        x_id_ = value;
    } else if (name == "data") {
        if (x_data_.size() + value.size() > longest)
            x_dropping_ = true;
        if (x_dropping_)
            return;
        if (x_has_data_)
            x_data_ += '\n';
        x_data_ += value;
        x_has_data_ = true;
    }
}

void EventStream::dispatch(const EachEvent& each)
{
    if (x_dropping_)
        ++x_too_long_;
    else if (x_has_data_)
        each({x_type_.empty() ? "message" : std::move(x_type_), std::move(x_data_), x_id_});
    x_type_.clear();
    x_data_.clear();
    x_has_data_ = false;
    x_dropping_ = false;
}

} // namespace cosdiag::tail
