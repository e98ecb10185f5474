// SPDX-License-Identifier: Apache-2.0
#include "proxy/program.hpp"

#include "proxy/log/notices.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace cosdiag {

namespace {

void take_over(log::DiagnosisLog::Options& log, const config::Config& config)
{
    log.file = config.diagnosis.log;
    log.queue = config.limits.log_queue;
    log.language = config.diagnosis.lang == "zh" ? Language::chinese : Language::english;
}

bool keeps_its_log(const config::Config& one, const config::Config& other)
{
    return one.diagnosis.log == other.diagnosis.log && one.limits.log_queue == other.limits.log_queue &&
           one.diagnosis.lang == other.diagnosis.lang;
}

} // namespace

Program::Program(Generation first, log::DiagnosisLog::Options log, Surroundings around)
    : x_around_(std::move(around)), x_log_options_(std::move(log))
{
    const config::Config& config = first.asked.config;
    expect_authority(config, first.authority.get());
    take_over(x_log_options_, config);
    if (config.admin.address) {
        x_log_options_.journal = &x_lasting_.journal;
        x_admin_ = std::make_unique<admin::Server>(
            config.admin,
            admin::Server::Parts{*this, x_lasting_.journal, x_lasting_.meters, x_lasting_.remembered.tallies}
        );
    }
    auto opened = std::make_shared<log::DiagnosisLog>(x_log_options_);
    auto serving = make_serving(std::move(first), opened, nullptr);
    const std::lock_guard lock(x_mutex_);
    x_logs_.push_back(std::move(opened));
    x_servings_.push_back(std::move(serving));
}

Program::~Program()
{
    x_admin_.reset();
    x_parting_.clear();
}

std::unique_ptr<Serving>
Program::make_serving(Generation generation, std::shared_ptr<log::DiagnosisLog> log, const Serving* before)
{
    return std::make_unique<Serving>(
        std::move(generation.asked),
        Serving::Parts{
            x_lasting_,
            std::move(log),
            std::move(generation.authority),
            std::move(generation.trust),
            own_addresses(),
            x_around_.inherited,
            x_around_.on_end},
        before
    );
}

std::vector<net::Endpoint> Program::own_addresses() const
{
    const net::Endpoint* const admin = admin_address();
    return admin != nullptr ? std::vector{*admin} : std::vector<net::Endpoint>();
}

const net::Endpoint* Program::admin_address() const noexcept
{
    return x_admin_ ? &x_admin_->address() : nullptr;
}

void Program::start()
{
    x_servings_.back()->server().start();
    const std::lock_guard lock(x_mutex_);
    x_state_.ready = true;
}

void Program::renew(Generation next)
{
    Serving& before = *x_servings_.back();
    std::unique_ptr<Serving> serving;
    const config::Config& config = next.asked.config;
    expect_authority(config, next.authority.get());
    const bool same_log = keeps_its_log(config, before.config());
    try {
        take_over(x_log_options_, config);
        auto log = same_log ? before.log() : std::make_shared<log::DiagnosisLog>(x_log_options_);
        serving = make_serving(std::move(next), std::move(log), &before);
        serving->server().start();
    } catch (const std::exception&) {
        take_over(x_log_options_, before.config());
        throw;
    }
    before.server().retire(serving->server());
    const std::lock_guard lock(x_mutex_);
    if (!same_log)
        x_logs_.push_back(serving->log());
    x_servings_.push_back(std::move(serving));
    ++x_state_.reloads;
    x_state_.last_reload_rejected = false;
    for (std::size_t i = 0; i + most_servings < x_servings_.size(); ++i)
        x_servings_[i]->server().drain();
}

void Program::reopen_logs()
{
    for (const auto& each : x_logs_)
        each->reopen();
}

void Program::reject_renewal()
{
    const std::lock_guard lock(x_mutex_);
    ++x_state_.rejected_reloads;
    x_state_.last_reload_rejected = true;
}

void Program::drain()
{
    {
        const std::lock_guard lock(x_mutex_);
        x_state_.draining = true;
    }
    if (x_admin_)
        x_admin_->tell_draining();
    for (const auto& each : x_servings_)
        each->server().drain();
}

void Program::stop()
{
    for (const auto& each : x_servings_)
        each->server().stop();
}

bool Program::tidy()
{
    std::vector<std::unique_ptr<Serving>> ended;
    bool last_ended = false;
    {
        const std::lock_guard lock(x_mutex_);
        last_ended = x_servings_.back()->server().has_ended();
        const auto begin =
            std::stable_partition(x_servings_.begin(), x_servings_.end() - 1, [](const auto& each) {
                return !each->server().has_ended();
            });
        std::move(begin, x_servings_.end() - 1, std::back_inserter(ended));
        x_servings_.erase(begin, x_servings_.end() - 1);
    }
    if (!ended.empty())
        part_with(std::move(ended));
    close_unused_logs();
    return last_ended && x_servings_.size() == 1;
}

void Program::part_with(std::vector<std::unique_ptr<Serving>> ended)
{
    std::erase_if(x_parting_, [](const std::future<void>& each) {
        return each.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    });
    x_parting_.push_back(std::async(std::launch::async, [this, ended = std::move(ended)]() mutable {
        ended.clear();
        if (x_around_.on_end)
            x_around_.on_end();
    }));
}

/// Their numbers stay.
void Program::close_unused_logs()
{
    const auto unused = [](const auto& log) { return log.use_count() == 1; };
    for (const auto& log : x_logs_)
        if (unused(log))
            log->close();
    const std::lock_guard lock(x_mutex_);
    for (const auto& log : x_logs_)
        if (unused(log)) {
            x_state_.log_written += log->written();
            x_state_.log_lost += log->dropped();
        }
    std::erase_if(x_logs_, unused);
}

void Program::finish()
{
    for (const auto& each : x_servings_)
        each->server().wait();
    x_parting_.clear();
    for (const auto& each : x_logs_)
        each->close();
}

bool Program::is_alive()
{
    bool all = true;
    for (const auto& each : x_servings_)
        all = (each->server().has_ended() || each->server().is_alive()) && all;
    return all;
}

void Program::tell(admin::About about)
{
    auto told = std::make_shared<const admin::About>(std::move(about));
    const std::lock_guard lock(x_mutex_);
    x_about_ = std::move(told);
}

std::uint64_t Program::arrivals() const
{
    std::uint64_t all = 0;
    x_lasting_.meters.for_each([&](const net::Meters& each) { all += each.clients.value(); });
    return all;
}

std::shared_ptr<const admin::About> Program::about() const
{
    const std::lock_guard lock(x_mutex_);
    return x_about_;
}

admin::State Program::state() const
{
    const std::lock_guard lock(x_mutex_);
    admin::State state = x_state_;
    if (!x_servings_.empty()) // the admin listener is there before them
        state.clients = x_servings_.back()->server().clients();
    for (const auto& each : x_logs_) {
        state.log_written += each->written();
        state.log_lost += each->dropped();
    }
    return state;
}

} // namespace cosdiag
