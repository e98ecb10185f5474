// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/parent_dialer.hpp"

#include "proxy/http/connect.hpp"
#include "proxy/net/parent_fault.hpp"
#include "proxy/net/preface_stream.hpp"

#include <array>

namespace cosdiag::net {

namespace {

/// A CONNECT on its way to the parent, and the answer on its way back.
class Opening {
public:
    /// Borrows all but the request.
    Opening(Stream& stream, const Origin& origin, std::string request, const config::Limits& limits)
        : x_stream_(stream),
          x_parent_(*origin.parent),
          x_wanted_("CONNECT " + origin.authority()),
          x_request_(std::move(request)),
          x_limits_(limits)
    {
    }

    /// `moved` once the tunnel is open, `failed` with failure() set, `blocked`: arm, and wait.
    Io advance();

    void arm()
    {
        if (!x_request_over_)
            x_stream_.want_write();
        x_stream_.want_read();
    }

    const std::string& wanted() const noexcept { return x_wanted_; }

    http::Refusal take_failure() { return std::move(x_failure_); }

    /// What came behind the answer's head: the tunnel's first bytes.
    std::string take_rest() { return std::move(x_answer_); }

private:
    void send();
    std::optional<Io> read_head();
    std::optional<Io> take_head(std::size_t size);
    Io fail(http::Refusal failure);

    Stream& x_stream_;
    const Parent& x_parent_;
    std::string x_wanted_;
    std::string x_request_;
    std::size_t x_sent_ = 0;
    bool x_request_over_ = false; ///< the request has left, or cannot
    std::string x_answer_;
    std::size_t x_interim_ = 0; ///< bytes of interim answers
    http::HeadScanner x_scanner_{http::HeadScanner::Role::response};
    const config::Limits& x_limits_;
    http::Refusal x_failure_;
};

Io Opening::fail(http::Refusal failure)
{
    x_failure_ = std::move(failure);
    return Io::failed;
}

Io Opening::advance()
{
    send();
    for (;;) {
        if (const auto outcome = read_head())
            return *outcome;
        if (!x_stream_.may_read())
            return Io::blocked;
        std::array<char, 4096> piece; // NOLINT(cppcoreguidelines-pro-type-member-init): read into
        const IoResult result = x_stream_.read(piece);
        if (result.io == Io::blocked)
            return Io::blocked;
        if (result.io != Io::moved)
            return fail(parent_ended(x_parent_, x_wanted_, result.error));
        x_answer_.append(piece.data(), result.bytes);
    }
}

/// A parent that turns us away may have answered before it read: a failure here is none yet.
void Opening::send()
{
    while (!x_request_over_) {
        const iovec part{x_request_.data() + x_sent_, x_request_.size() - x_sent_};
        const IoResult result = x_stream_.write({&part, 1});
        if (result.io == Io::blocked)
            return;
        x_sent_ += result.bytes;
        x_request_over_ = result.io != Io::moved || x_sent_ == x_request_.size();
    }
}

/// Empty while the head is not complete.
std::optional<Io> Opening::read_head()
{
    while (!x_answer_.empty()) {
        const auto found = x_scanner_.scan(x_answer_, x_limits_.response_head - x_interim_);
        if (found.fault)
            return fail(parent_unreadable(x_parent_, x_wanted_, found.fault.what));
        if (found.end == 0)
            return std::nullopt;
        if (const auto outcome = take_head(found.end))
            return outcome;
    }
    return std::nullopt;
}

/// Empty after an interim answer (RFC 9110 §15.2), of which no more may come than fit into one head.
std::optional<Io> Opening::take_head(std::size_t size)
{
    http::ResponseHead head;
    const std::string_view bytes = std::string_view(x_answer_).substr(0, size);
    if (const auto fault = http::parse_response(bytes, {x_limits_.response_head, x_limits_.fields}, head))
        return fail(parent_unreadable(x_parent_, x_wanted_, fault.what));
    const bool interim = head.status / 100 == 1 && head.status != 101;
    if (!interim && head.status / 100 != 2)
        return fail(parent_refused(x_parent_, x_wanted_, head.status, head.reason));
    x_answer_.erase(0, size);
    x_scanner_.reset();
    x_interim_ += size;
    return interim ? std::nullopt : std::optional(Io::moved);
}

} // namespace

Task<Dialled> ParentDialer::dial(const Origin& origin, Waiter& waiter)
{
    if (origin.parent == nullptr) {
        Dialled direct = co_await x_below_.dial(origin, waiter);
        co_return direct;
    }
    Origin to;
    to.host = origin.parent->host();
    to.port = origin.parent->port();
    to.exempt = true;
    Dialled dialled = co_await x_below_.dial(to, waiter);
    if (!dialled.stream)
        dialled.failure = parent_unreachable(*origin.parent, dialled.failure);
    else if (!origin.forwarded)
        dialled = co_await open_tunnel(origin, std::move(dialled.stream), waiter);
    co_return dialled;
}

Task<Dialled> ParentDialer::open_tunnel(const Origin& origin, StreamPtr stream, Waiter& waiter)
{
    Opening opening(
        *stream,
        origin,
        http::connect_request(origin.authority(), x_identity_, origin.via, origin.parent->spoken_to()),
        x_config_.limits
    );
    stream->watch(&waiter);
    const Ticks deadline = now() + x_config_.timeouts.connect.count();
    Io state = opening.advance();
    while (state == Io::blocked && !waiter.stopped() && now() < deadline) {
        opening.arm();
        waiter.set(deadline);
        co_await waiter.sleep();
        static_cast<void>(waiter.take_expired());
        state = opening.advance();
    }
    stream->watch(nullptr);
    waiter.clear();
    Dialled result;
    if (state == Io::failed)
        result.failure = opening.take_failure();
    else if (state != Io::moved)
        result.failure = parent_late(*origin.parent, opening.wanted(), x_config_.timeouts);
    else if (std::string rest = opening.take_rest(); !rest.empty())
        result.stream.reset(new PrefaceStream(std::move(stream), std::move(rest)));
    else
        result.stream = std::move(stream);
    co_return result;
}

} // namespace cosdiag::net
