// SPDX-License-Identifier: Apache-2.0
// Field lines of a head that go on as they are.
#pragma once

#include <string>
#include <string_view>

namespace cosdiag::http {

/// Appends lines of one head, as its parser delimited them, each with its CRLF. Those that stand one behind
/// the other in what was read, which is most of them, go in one piece.
class LineWriter {
public:
    explicit LineWriter(std::string& out) noexcept : x_out_(out) {}

    LineWriter(const LineWriter&) = delete;
    LineWriter& operator=(const LineWriter&) = delete;
    ~LineWriter() = default;

    /// The next line, borrowed until finish(), and what comes behind its value.
    void add(std::string_view line, std::string_view suffix = {})
    {
        if (!x_run_.empty() && line.data() == x_run_.data() + x_run_.size() + crlf.size()) {
            x_run_ = {x_run_.data(), x_run_.size() + crlf.size() + line.size()};
        } else {
            finish();
            x_run_ = line;
        }
        if (!suffix.empty()) {
            x_out_.append(x_run_).append(suffix).append(crlf);
            x_run_ = {};
        }
    }

    /// Before anything else is appended.
    void finish()
    {
        if (!x_run_.empty())
            x_out_.append(x_run_).append(crlf);
        x_run_ = {};
    }

private:
    static constexpr std::string_view crlf = "\r\n";

    std::string& x_out_;
    std::string_view x_run_; ///< lines with the CRLFs between them, not yet appended
};

} // namespace cosdiag::http
