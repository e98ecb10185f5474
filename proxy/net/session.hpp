// SPDX-License-Identifier: Apache-2.0
// One client's connection, from accept to close.
#pragma once

#include "proxy/net/context.hpp"
#include "proxy/net/entrance.hpp"
#include "proxy/net/task.hpp"
#include "proxy/net/work.hpp"

#include <memory>
#include <string>

namespace cosdiag::net {

class Session final : public SessionHook {
public:
    Session(Context& context, StreamPtr client, const Arrival& arrival);

    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    ~Session();

    /// Serves requests until the client leaves, an answer ends the connection, or the session is stopped.
    Task<> run();

    /// Tells that the context is ending: an idle session ends.
    void nudge() { x_waiter_.wake(); }

    /// Ends the session wherever it stands.
    void stop() { x_waiter_.stop(); }

private:
    enum class Step : std::uint8_t { wait, ready, refused, ended };

    /// What a connection's first bytes show.
    enum class Greeting : std::uint8_t { gone, tls, http, other };

    Task<> enter();
    Task<> enter_inside(Ticks deadline);
    Task<> enter_tls(std::string server_name);
    std::optional<Greeting> greeting_so_far(std::string& server_name) const;
    Task<Greeting> greet(Ticks deadline, std::string& server_name);
    Task<bool> secure(const std::string& host);
    Task<> intercept();
    Task<> pass_through(bool may_answer);
    Task<> close_reverse(std::string_view server_name);
    bool inspects(std::string_view host) const;
    bool is_foreign();
    bool came_back();
    http::Addressing addressing() const noexcept;
    IoResult read_more();
    Step read_request();
    Step no_more(Io io);
    Step take_head(std::size_t begin, std::size_t end);
    Step head_late();
    Task<> act(Step step);
    bool leads_nowhere();
    Task<> ask_for_credentials();
    Task<> serve();
    Task<> forward(const http::Forward& plan);
    Task<StreamPtr> connect(const http::Forward& plan);
    Task<Exchange::Outcome> exchange(const http::Forward& plan, StreamPtr upstream, bool reused);
    StreamPtr reuse(const http::Forward& plan);
    void finish_well();
    void count(unsigned status);
    void count_tunnel();
    Task<> finish_badly(Exchange::Outcome outcome);
    void keep_upstream();
    Task<> tunnel(const http::Tunnel& plan);
    Task<> switched();
    Task<> answer_locally(const http::Local& local);
    Task<> refuse(const http::Refusal& refusal, bool close);
    Task<> send(std::string bytes);
    Task<> linger();
    bool admitted();
    void name_origin(const http::Forward& plan);
    void name_tunnel(const http::Authority& authority);
    std::optional<http::Refusal> barred();
    Task<> join(StreamPtr upstream, std::string to_upstream, std::string to_client);
    std::string resource() const;
    std::string own_address() const;
    std::span<char> after_head();
    void next_request(std::string_view leftover);

    Context& x_context_;
    const Entrance& x_entrance_;
    std::optional<Endpoint> x_original_;
    std::unique_ptr<Inside> x_inside_; ///< null where the client knows that this is a proxy
    StreamPtr x_client_;
    StreamPtr x_pinned_; ///< a connection whose credentials are this client's alone (Negotiate, NTLM)
    std::string x_pinned_key_;
    std::unique_ptr<Work> x_work_; ///< null while idle
    Waiter x_waiter_;
    Ticks x_head_deadline_;
    Address x_peer_;
    std::uint16_t x_peer_port_;
    bool x_stray_ = false;     ///< the client connected to a transparent listener by itself
    bool x_returned_ = false;  ///< the client is a connection of our own, led back here
    bool x_undecided_ = false; ///< the first request has to show whether this is for COS
    bool x_pipelined_ = false; ///< the request at hand had come before the last one was answered
    bool x_close_ = false;     ///< the connection ends after this request
    bool x_drain_ = false;     ///< before it is closed, what the client still sends is read and dropped
};

/// Runs a session that owns itself.
Detached run_session(Context& context, StreamPtr client, Arrival arrival);

} // namespace cosdiag::net
