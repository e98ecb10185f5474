// SPDX-License-Identifier: Apache-2.0
// What all connections of one thread share.
#pragma once

#include "config/config.hpp"
#include "proxy/http/forward.hpp"
#include "proxy/net/access.hpp"
#include "proxy/net/asio.hpp"
#include "proxy/net/buffers.hpp"
#include "proxy/net/dialer.hpp"
#include "proxy/net/examiner.hpp"
#include "proxy/net/meters.hpp"
#include "proxy/net/parent.hpp"
#include "proxy/net/pool.hpp"
#include "proxy/net/users.hpp"

#include <boost/intrusive/list.hpp>

#include <coroutine>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cosdiag::tls {
class ServerContext;
}

namespace cosdiag::net {

class Session;
struct Work;

/// Unlinks itself when it is destroyed.
using SessionHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

using SessionList = boost::intrusive::list<SessionHook, boost::intrusive::constant_time_size<false>>;

class Context {
public:
    Context(
        asio::io_context& io,
        const config::Config& config,
        const http::Identity& identity,
        const Access& access,
        const Parents& parents,
        Dialer& dialer,
        Examiner& examiner,
        Meters& meters,
        tls::ServerContext* interception = nullptr
    );
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    asio::io_context& io;
    const config::Config& config;
    const http::Identity& identity;
    const Access& access;
    const Parents& parents;
    Dialer& dialer;
    Examiner& examiner;
    Meters& meters;
    tls::ServerContext* interception; ///< null: TLS passes through unseen
    Wheel wheel;
    Stores stores;
    Pool pool;
    Users users;

    /// How far the thread is on its way to its end.
    enum class Ending : std::uint8_t {
        no,
        soon, ///< each session ends with its next answer
        now,  ///< and those that wait for a request end at once
    };
    Ending ending = Ending::no;

    bool draining() const noexcept { return ending != Ending::no; }

    SessionList sessions;

    /// The operator knows that connections of our own are led back here.
    bool loop_told = false;

    /// Called whenever a session has ended.
    std::function<void()> on_session_end;

    /// Lets everything else that is ready run first.
    auto yield() noexcept
    {
        struct Yield {
            asio::io_context& io;

            bool await_ready() const noexcept { return false; }

            void await_suspend(std::coroutine_handle<> handle) const { asio::post(io, handle); }

            void await_resume() const noexcept {}
        };

        return Yield{io};
    }

    /// What a request takes while it is under way; an idle connection has none.
    std::unique_ptr<Work> take_work();
    void give(std::unique_ptr<Work> work);

    /// The time as an IMF-fixdate (RFC 9110 §5.6.7).
    static std::string date();

    /// To be told of what leaves memory behind, a session's end and a handshake's, so that it goes back after
    /// a burst.
    void memory_freed();

private:
    /// Wakes once a second as long as there are spares.
    struct Tidy final : Alarm {
        explicit Tidy(Context& context_) noexcept : Alarm(context_.wheel), context(context_) {}

        void on_deadline() override { context.tidy(); }

        Context& context;
        bool due = false;
    };

    void tidy();
    void plan_tidy();

    Spares<std::unique_ptr<Work>> x_spare_work_;
    Tidy x_tidy_;
    std::size_t x_freed_ = 0; ///< things let go of since memory was last given back to the system
};

} // namespace cosdiag::net
