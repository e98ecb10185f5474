// SPDX-License-Identifier: Apache-2.0
// The program while it serves: one set of settings after another, and what lasts beside them.
#pragma once

#include "proxy/admin/server.hpp"
#include "proxy/serving.hpp"

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace cosdiag {

/// One set of settings, and what they led to.
struct Generation {
    cli::Serve asked;
    std::shared_ptr<const tls::Authority> authority; ///< null: there is none
    clients::TrustFiles trust;                       ///< named to clients that do not trust the authority
};

/// All but the Source's part is called by one thread.
class Program final : public admin::Source {
public:
    struct Surroundings {
        std::vector<int> inherited;   ///< see net::Server::Parts
        std::function<void()> on_end; ///< see below
    };

    /// Opens the log as `log` and the settings say, and listens. `on_end` is called, by any thread, whenever
    /// a set of settings has nothing left to do. Throws std::runtime_error with words for people.
    Program(Generation first, log::DiagnosisLog::Options log, Surroundings around);

    ~Program();

    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// Serves from now on.
    void start();

    /// Serves newcomers with these settings, and those who are here with the ones before until they leave.
    /// Throws std::runtime_error with words for people, and goes on as before then.
    void renew(Generation next);

    /// Opens every log file anew, those of settings that serve their last clients too.
    void reopen_logs();

    /// Counts settings that were not taken.
    void reject_renewal();

    /// Takes no more clients; requests under way have until drain_deadline.
    void drain();

    /// Breaks off what is under way.
    void stop();

    /// Lets go of settings that nobody is served with any more. Whether that leaves none. What is let go of
    /// may still wait for a name server, so that takes a thread of its own, which calls `on_end` once more.
    bool tidy();

    /// Returns once all has drained or stopped, with every entry in the log.
    void finish();

    /// Whether every thread has come round since the last time this held.
    bool is_alive();

    /// What the admin listener says of the settings.
    void tell(admin::About about);

    const net::Server& server() const noexcept { return x_servings_.back()->server(); }

    log::DiagnosisLog& log() noexcept { return *x_servings_.back()->log(); }

    /// Where the program tells about itself; null: nowhere.
    const net::Endpoint* admin_address() const noexcept;

    /// Clients that were let in so far.
    std::uint64_t arrivals() const;

    std::shared_ptr<const admin::About> about() const override;
    admin::State state() const override;

    /// Settings that may still have clients; the oldest of more of them are drained.
    static constexpr std::size_t most_servings = 8;

private:
    std::unique_ptr<Serving>
    make_serving(Generation generation, std::shared_ptr<log::DiagnosisLog> log, const Serving* before);
    std::vector<net::Endpoint> own_addresses() const;
    void part_with(std::vector<std::unique_ptr<Serving>> ended);
    void close_unused_logs();

    Lasting x_lasting_;
    const Surroundings x_around_;
    log::DiagnosisLog::Options x_log_options_;

    mutable std::mutex x_mutex_;                             ///< for what the Source's part reads
    std::vector<std::unique_ptr<Serving>> x_servings_;       ///< the last one takes newcomers
    std::vector<std::shared_ptr<log::DiagnosisLog>> x_logs_; ///< of all of them, each once
    std::shared_ptr<const admin::About> x_about_ = std::make_shared<admin::About>();
    admin::State x_state_; ///< its numbers of entries: of logs that are closed

    std::vector<std::future<void>> x_parting_; ///< see tidy()
    std::unique_ptr<admin::Server> x_admin_;   ///< may be null
};

} // namespace cosdiag
