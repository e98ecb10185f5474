// SPDX-License-Identifier: Apache-2.0
// One request on its way to an origin, and the answer on its way back.
#pragma once

#include "proxy/http/reply.hpp"
#include "proxy/net/access.hpp"
#include "proxy/net/context.hpp"
#include "proxy/net/flow.hpp"

#include <optional>
#include <span>
#include <string>

namespace cosdiag::net {

class Exchange {
public:
    enum class Outcome : std::uint8_t {
        wait,     ///< arm, and sleep until something is ready
        again,    ///< others' turn now, then go on
        done,     ///< the answer has been passed on
        retry,    ///< nothing came back on a reused connection: worth one more try on a fresh one
        refused,  ///< no answer can be relayed: `refusal` is to be sent instead
        cut,      ///< the answer broke off after its head had left
        gone,     ///< the client has gone
        switched, ///< the origin changed the protocol: a tunnel follows
    };

    explicit Exchange(Context& context) noexcept
        : x_context_(context), x_up_(context.stores), x_down_(context.stores)
    {
    }

    /// What is to be forwarded. Borrowed until the exchange is over.
    struct Request {
        const http::RequestHead* head = nullptr;
        const http::Forward* plan = nullptr;
        std::span<char> body; ///< what has been read of it; bytes of the next request may follow
        const Address* client = nullptr;
        Ticks asked_at = 0;
        bool tls = false;               ///< the origin is spoken to over TLS
        const Parent* parent = nullptr; ///< who is asked for it in absolute-form
    };

    /// Begins. `reused`: the connection has served others before.
    void start(Stream& client, StreamPtr upstream, bool reused, const Request& request);

    /// Does what can be done without waiting.
    Outcome advance();

    /// Asks the streams for what advance() waits for.
    void arm();

    /// When waiting ends.
    Ticks deadline() const noexcept;

    /// What becomes of it when that moment has come.
    Outcome expire();

    /// Of the answer; 0: none has come.
    unsigned status() const noexcept { return x_answered_at_ != 0 ? x_head_.status : 0; }

    const http::Refusal& refusal() const noexcept { return x_refusal_; }

    /// Whether the request has been read to its end.
    bool request_read() const noexcept { return x_up_.whole(); }

    /// Whether the client's connection may serve another request.
    bool client_persists() const noexcept { return !x_close_; }

    /// Whether a cut must reach the client as a reset, because an end would look like success.
    bool cut_hard() const noexcept { return x_cut_hard_; }

    /// Whether the credentials belong to the connection (Negotiate, NTLM).
    bool bound() const noexcept { return x_bound_; }

    /// Whether the origin's connection may serve another request.
    bool upstream_reusable() const noexcept;

    /// Whether the answer shows an origin that knows no chunks.
    bool speaks_http10() const noexcept { return x_head_.minor_version == 0; }

    StreamPtr take_upstream() noexcept { return std::move(x_upstream_); }

    /// Bytes of the client's beyond this request.
    std::string_view client_leftover() const noexcept { return x_up_.leftover(); }

    /// After `switched`: the answer's head and what followed it.
    std::string take_switch();

    /// Gives back all memory and closes the connection to the origin.
    void release();

private:
    enum class Phase : std::uint8_t { head, interim, hold, body, done };

    std::optional<Outcome> upload();
    Outcome download();
    std::optional<Outcome> read_head();
    std::optional<Outcome> take_head(std::size_t size);
    void begin_final(std::span<char> body);
    Outcome relay();
    Outcome no_answer(const IoResult& result);
    bool watch_client();
    bool wants_hold() const;
    Allowed as_allowed() const noexcept;
    void note_allowed();
    void note_told();
    void end_hold();
    bool must_close() const noexcept;
    void write_final(std::string_view diagnosis);
    Outcome refuse(http::Refusal refusal);
    void note_progress() noexcept;
    void tap_request();
    std::string_view sent_host() const noexcept;
    std::string peer() const;

    Context& x_context_;
    Request x_request_;
    Stream* x_client_ = nullptr;
    StreamPtr x_upstream_;
    Flow x_up_;
    Flow x_down_;
    std::string x_request_out_;
    std::string x_reply_out_;
    Buffer x_answer_;
    http::HeadScanner x_scanner_{http::HeadScanner::Role::response};
    http::ResponseHead x_head_;
    http::Reply x_reply_;
    http::Refusal x_refusal_;
    std::optional<http::Tap> x_request_tap_;
    std::optional<http::Tap> x_reply_tap_;

    std::uint64_t x_progress_ = 0;
    Ticks x_moved_at_ = 0;    ///< when bytes last came or went
    Ticks x_sent_at_ = 0;     ///< when the request had left, or else had ended
    Ticks x_answered_at_ = 0; ///< when the final answer's head was there
    Phase x_phase_ = Phase::done;
    bool x_reused_ = false;
    bool x_heard_ = false; ///< bytes have come from the origin
    bool x_client_truncated_ = false;
    bool x_up_failed_ = false;
    bool x_watching_ = false; ///< the client is looked after while the answer is waited for
    bool x_hold_expired_ = false;
    bool x_close_ = false;
    bool x_cut_hard_ = false;
    bool x_bound_ = false;
};

} // namespace cosdiag::net
