// SPDX-License-Identifier: Apache-2.0
// A stream in memory whose other end the test holds: what comes, what fails and when is the test's to say.
#pragma once

#include "proxy/net/stream.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace cosdiag::net::test {

/// The test's end. Outlives the stream.
class Wire : public std::enable_shared_from_this<Wire> {
public:
    /// What the proxy reads next. Events come in the order of the calls.
    void push(std::string_view bytes)
    {
        to_read += bytes;
        tell();
    }

    void end()
    {
        ended = true;
        tell();
    }

    void reset()
    {
        broken = true;
        tell();
    }

    /// So many more bytes may be written before writing blocks.
    void allow(std::size_t bytes)
    {
        budget = bytes;
        tell();
    }

    std::string to_read;
    std::string written; ///< by the proxy
    bool ended = false;  ///< a FIN for the proxy, once to_read is empty
    bool broken = false; ///< a reset for the proxy, once to_read is empty
    std::size_t budget = SIZE_MAX;
    std::size_t most_at_once = SIZE_MAX; ///< bytes that one read or write moves

    bool saw_end = false;   ///< the proxy ended its half
    bool saw_reset = false; ///< the proxy aborted
    bool closed = false;    ///< the proxy closed

    /// Asked before each operation that may move bytes; true makes it fail.
    std::function<bool()> fails;

    void tell();

    class End;
    End* stream = nullptr;
};

class Wire::End final : public Stream {
public:
    explicit End(std::shared_ptr<Wire> wire) : x_wire_(std::move(wire)) { x_wire_->stream = this; }

    ~End() override
    {
        x_wire_->stream = nullptr;
        x_wire_->closed = true;
    }

    IoResult read(std::span<char> into) override
    {
        if (failing())
            return {Io::failed, 0, ECONNRESET};
        if (const IoResult state = peek(); state.io != Io::moved)
            return state;
        const std::size_t size = std::min({into.size(), x_wire_->to_read.size(), x_wire_->most_at_once});
        x_wire_->to_read.copy(into.data(), size);
        x_wire_->to_read.erase(0, size);
        return {Io::moved, size, 0};
    }

    bool may_read() const noexcept override { return readable(); }

    IoResult write(std::span<const iovec> from) override
    {
        if (failing() || (x_wire_->broken && x_wire_->to_read.empty()))
            return {Io::failed, 0, EPIPE};
        std::size_t put = 0;
        for (const iovec& part : from) {
            const std::size_t size = std::min({part.iov_len, x_wire_->budget, x_wire_->most_at_once - put});
            x_wire_->written.append(static_cast<const char*>(part.iov_base), size);
            x_wire_->budget -= x_wire_->budget == SIZE_MAX ? 0 : size;
            put += size;
            if (size != part.iov_len)
                break;
        }
        return put == 0 ? IoResult{} : IoResult{Io::moved, put, 0};
    }

    IoResult peek() override
    {
        if (!x_wire_->to_read.empty())
            return {Io::moved, 1, 0};
        if (x_wire_->broken)
            return {Io::failed, 0, ECONNRESET};
        return x_wire_->ended ? IoResult{Io::ended, 0, 0} : IoResult{};
    }

    void want_read() override
    {
        x_wants_read_ = true;
        tell();
    }

    void want_write() override
    {
        x_wants_write_ = true;
        tell();
    }

    void poke() override { x_due_ = true; }

    void end_write() override { x_wire_->saw_end = true; }

    void abort() override { x_wire_->saw_reset = true; }

    /// Reports readiness from the outside, as a loop does: never from within a call of the proxy's.
    void tell() { x_due_ = x_due_ || ready(); }

    /// Delivers what is due. True if something was.
    bool deliver()
    {
        if (!std::exchange(x_due_, false))
            return false;
        x_wants_read_ = x_wants_read_ && !readable();
        x_wants_write_ = x_wants_write_ && x_wire_->budget == 0;
        notify();
        return true;
    }

private:
    bool failing() const { return x_wire_->fails && x_wire_->fails(); }

    bool readable() const noexcept { return !x_wire_->to_read.empty() || x_wire_->ended || x_wire_->broken; }

    bool ready() const
    {
        return (x_wants_read_ && readable()) || (x_wants_write_ && (x_wire_->budget != 0 || x_wire_->broken));
    }

    std::shared_ptr<Wire> x_wire_;
    bool x_wants_read_ = false;
    bool x_wants_write_ = false;
    bool x_due_ = false;
};

inline void Wire::tell()
{
    if (stream != nullptr)
        stream->tell();
}

/// The proxy's end of a new wire.
inline StreamPtr plug(const std::shared_ptr<Wire>& wire)
{
    return StreamPtr(new Wire::End(wire));
}

} // namespace cosdiag::net::test
